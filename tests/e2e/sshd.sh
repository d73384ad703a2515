#!/usr/bin/env bash
# A router that is neither RouterOS nor our double: OpenSSH's sshd, which answers commands with saved
# outputs (tests/fixtures/sshd), also restricted to RouterOS 6's algorithms. It is audited as well as the
# mock, by every kind of key.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
needs sshd ssh-keygen ssh-agent ssh-add
sshd=$(command -v sshd) # it wants its whole path
fixtures=$PWD/tests/fixtures/sshd
me=$(id -un)

make_key() { # name, type, passphrase
	ssh-keygen -q -t "$2" -N "$3" -C audit -f "$work/$1" || exit 1
	cat "$work/$1.pub" >>"$work/authorized"
}
make_key ed25519 ed25519 ''
make_key rsa rsa ''
make_key ecdsa ecdsa ''
make_key locked ed25519 'sesame street'
ssh-keygen -q -t ed25519 -N '' -f "$work/host-ed25519"
ssh-keygen -q -t rsa -b 2048 -N '' -f "$work/host-rsa"

# RouterOS 6's offer, as far as OpenSSH has it.
old='HostKeyAlgorithms ssh-rsa
KexAlgorithms diffie-hellman-group14-sha1,diffie-hellman-group1-sha1
Ciphers aes128-cbc,aes256-cbc,3des-cbc
MACs hmac-sha1'

# start_sshd FIXTURE HOST-KEY [LINES]: sets $port and $sshd_pid. A bash that sshd starts reads its user's
# .bashrc, for each of some 200 requests, unless it is told that it is not the outermost shell.
start_sshd() {
	local tries
	for tries in 1 2 3; do
		port=$(free_port)
		cat >"$work/sshd_config" <<-CONFIG
			Port $port
			ListenAddress 127.0.0.1
			HostKey $work/host-$2
			PidFile none
			UsePAM no
			StrictModes no
			PermitRootLogin yes
			PasswordAuthentication no
			AuthorizedKeysFile $work/authorized
			ForceCommand sh $fixtures/answer.sh $fixtures/$1
			MaxStartups 100
			SetEnv SHLVL=2
			${3:-}
		CONFIG
		# Where Debian's sshd locks its unprivileged half in; the service makes it at boot.
		[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
		if start_process $'Server listening on 127.0.0.1 port '"$port"$'.\r' \
			sh -c 'exec "$1" -D -e -f "$2" 2>&1' - "$sshd" "$work/sshd_config"; then
			sshd_pid=$started_pid
			return
		fi
		comment <<<"try $tries: somebody else was quicker to take port $port"
	done
	exit 1
}

host_key() {
	ssh-keygen -lf "$work/host-$1.pub" | cut -d ' ' -f 2
}

# audit_sshd NAME HOST-KEY LINE…: its declared services go to $work/NAME.
audit_sshd() {
	local name=$1 key=$2
	shift 2
	policy "$work/$name.yaml" 'name: r1' 'host: 127.0.0.1' "user: $me" "port-map: {22: $port}" \
		"host-key: \"$(host_key "$key")\"" 'scan: {ports: none}' "$@"
	run "$ROSAUDIT" "$work/$name.yaml" -f json
	check_status "$name is audited" 0
	cp "$out" "$work/$name.json"
	declared "$out" >"$work/$name"
}

# The double of the same router, read in its own best form.
audit_mock() {
	start_mock "$fixtures/$1/scenario.yaml" --transport ssh || return
	sed '/profile:/d' "$MOCK_CONFIG" >"$work/mock.yaml"
	run "$ROSAUDIT" "$work/mock.yaml" -p none -f json
	check_status "$1: the double is audited" 0
	declared "$out" >"$work/$1.mock"
	cp "$out" "$work/$1.mock.json"
	check "$1: nothing but reading" stop_mock
}

same_facts() {
	local key
	check "$1: the same services as the mock's" diff "$work/$1.mock" "$work/$1"
	check "$1: all of them" test "$(pick "$work/$1.json" routers.0.device.static_complete)" = yes
	for key in version identity; do
		[ -z "${2:-}" ] || check "$1: the same $key" test \
			"$(pick "$work/$1.json" routers.0.device.$key | cut -d ' ' -f 1)" = \
			"$(pick "$work/$1.mock.json" routers.0.device.$key | cut -d ' ' -f 1)"
	done
}

# listeners FILE: name, port, protocol of the rows that are listeners
listeners() {
	local rows=routers.0.device.services
	paste -d ' ' <(pick "$1" "$rows.*.dynamic") <(pick "$1" "$rows.*.connection") \
		<(pick "$1" "$rows.*.name") <(pick "$1" "$rows.*.port") <(pick "$1" "$rows.*.proto") |
		grep '^true' | grep -v '^true true' | cut -d ' ' -f 3- | sort
}

# --- saved answers by command ---------------------------------------------------------------------------

while read -r fixture host form; do
	start_sshd "$fixture" "$host" "$([ "$host" = ed25519 ] || echo "$old")"
	audit_sshd "$fixture" "$host" "key: $work/ed25519" \
		"legacy-algorithms: $([ "$host" = rsa ] && echo yes || echo no)"
	kill "$sshd_pid"
	check "$fixture: read by $form" \
		test "$(pick "$work/$fixture.json" routers.0.device.read_as)" = "ssh: $form"
	audit_mock "$fixture"
	same_facts "$fixture" too
done <<'ROUTERS'
6.49 rsa print
7.16 ed25519 print terse
7.24 ed25519 get
ROUTERS
check "7.24: its listeners are listed" diff <(listeners "$work/7.24.mock.json") \
	<(listeners "$work/7.24.json")

# --- one table, whatever the command -----------------------------------------------------------------------

for fixture in table-6.48 table-7.9 table-7.24; do
	start_sshd "$fixture" ed25519
	audit_sshd "$fixture" ed25519 "key: $work/ed25519"
	kill "$sshd_pid"
	audit_mock "$fixture"
	same_facts "$fixture"
done
check "table-7.24: each listener once" diff <(listeners "$work/table-7.24.mock.json") \
	<(listeners "$work/table-7.24.json")

# --- RouterOS 6's algorithms are never used unasked ----------------------------------------------------------

refused() { # golden, name, sshd line
	start_sshd 6.49 "$4" "$3"
	policy "$work/router.yaml" 'name: r1' 'host: 127.0.0.1' "user: $me" "port: $port" \
		"host-key: \"$(host_key "$4")\"" "key: $work/ed25519"
	run "$ROSAUDIT" "$work/router.yaml"
	check_status "$2" 3
	golden "sshd/$1" "$err"
	kill "$sshd_pid"
}
refused all-old "an sshd with RouterOS 6's algorithms is refused" "$old" rsa
refused old-host-key "with an ssh-rsa host key alone" 'HostKeyAlgorithms ssh-rsa' rsa
refused old-cipher "with CBC alone" 'Ciphers aes128-cbc,3des-cbc' ed25519
refused old-mac "with hmac-sha1 alone" 'MACs hmac-sha1
Ciphers aes128-ctr' ed25519

# --- every kind of key ------------------------------------------------------------------------------------

start_sshd 7.16 ed25519
for key in ed25519 rsa ecdsa; do
	audit_sshd "key-$key" ed25519 "key: $work/$key"
	check "key-$key: the same services" diff "$work/7.16" "$work/key-$key"
done
export KEY_PASSPHRASE='sesame street'
audit_sshd key-encrypted ed25519 "key: $work/locked" 'key-passphrase: {env: KEY_PASSPHRASE}'
check "key-encrypted: the same services" diff "$work/7.16" "$work/key-encrypted"
export SSH_AUTH_SOCK=$work/agent.sock
if start_process "SSH_AUTH_SOCK=$SSH_AUTH_SOCK; export SSH_AUTH_SOCK;" ssh-agent -s -D -a "$SSH_AUTH_SOCK"; then
	ssh-add -q "$work/ecdsa" "$work/rsa"
	audit_sshd agent ed25519 'agent: yes'
	check "agent: the same services" diff "$work/7.16" "$work/agent"
	run "$ROSAUDIT" --agent "ssh://$me@127.0.0.1:$port" --host-key "$(host_key ed25519)" -p none
	check_status "--agent does the same" 0
	ssh-add -q -D
	run "$ROSAUDIT" --agent "ssh://$me@127.0.0.1:$port" --host-key "$(host_key ed25519)" -p none
	check_status "an agent without keys cannot log in" 3
	golden sshd/agent-empty "$err"
else
	not_ok "ssh-agent starts"
fi
unset SSH_AUTH_SOCK
ssh-keygen -q -t ed25519 -N '' -f "$work/stranger"
policy "$work/router.yaml" 'name: r1' 'host: 127.0.0.1' "user: $me" "port: $port" \
	"host-key: \"$(host_key ed25519)\"" "key: $work/stranger"
run "$ROSAUDIT" "$work/router.yaml"
check_status "a key that it does not know is refused" 3
sed "s/$me/USER/g" "$err" >"$work/stranger.err"
golden sshd/key-refused "$work/stranger.err"
done_testing
