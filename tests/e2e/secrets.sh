#!/usr/bin/env bash
# No secret is told: whatever way a password or passphrase comes, whatever is made of the login, however
# talkative rosaudit is. And the prompt: on the terminal, without echo, and never without one.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

# No prefix of it is a word that rosaudit would say, and it needs quoting in every medium.
marker='Zw0lf"Box\kampf'
base64=$(printf 'audit:%s' "$marker" | base64 -w 0)
export R1_PASSWORD=$marker
printf '%s\n' "$marker" >"$work/secret"
chmod 600 "$work/secret"
yaml_marker='Zw0lf\"Box\\kampf'
pty=$build/check/tests/pty_run

# clean NAME FILE…: none of the files holds the secret, in any spelling that a careless emitter gives it.
clean() {
	local name=$1 piece
	shift
	for piece in "$marker" "$yaml_marker" "$base64" 'Zw0lf' 'kampf'; do
		if grep -qF -- "$piece" "$@"; then
			not_ok "$name: no secret is told" "$(grep -F -- "$piece" "$@" | head -n 3)"
			return
		fi
	done
	ok "$name: no secret is told"
}

# One user for every login that succeeds, and a way to keep rosaudit waiting for REST and SSH.
scenario() {
	cat <<-SCENARIO
		version: "7.16.2"
		identity: safe
		users:
		  - {name: audit, password: "$yaml_marker", group: audit, policies: [ssh, read, api, rest-api]}
		services:
		  www-ssl: {disabled: no, certificate: safe}
		$1
	SCENARIO
}

audit() { # status, name, lines…
	local want=$1 name=$2
	shift 2
	policy "$work/router.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' "${keys[@]}" \
		"port-map: $MOCK_PORT_MAP" 'scan: {ports: "22,80"}' "$@"
	rm -rf "$work/reports"
	mkdir "$work/reports"
	run "$ROSAUDIT" -vvv "$work/router.yaml" -o "json=$work/reports/json" -o "text=$work/reports/text"
	check_status "$name ends with $want" "$want"
	clean "$name" "$out" "$err" "$work/reports/json" "$work/reports/text"
}

forms=('{env: R1_PASSWORD}' "{file: $work/secret}" "{command: \"cat $work/secret\"}"
	"{literal: \"$yaml_marker\"}")

# --- logins that succeed -----------------------------------------------------------------------------

scenario '' >"$work/scenario.yaml"
start_mock "$work/scenario.yaml" || exit 1
pin=$(sed -n 's/^tls-pin //p' <<<"$heard")
transports=("transport: ssh|host-key: \"$MOCK_HOST_KEY\"" 'transport: rest|scheme: http'
	"transport: rest|pin: \"$pin\"" "transport: both|pin: \"$pin\"|host-key: \"$MOCK_HOST_KEY\"")
for transport in "${transports[@]}"; do
	IFS='|' read -r -a keys <<<"$transport"
	for form in "${forms[@]}"; do
		audit 0 "${keys[*]:0:1}, password by ${form%%:*}}" "password: $form" 'unlisted: ignore'
		check "-vvv tells the requests" grep -q 'ip.service' "$err"
	done
done
check "nothing but reading" stop_mock

# --- logins that fail, and answers that break ---------------------------------------------------------

scenario '' | sed 's/password: "Zw0lf[^,]*"/password: "other"/' >"$work/scenario.yaml"
start_mock "$work/scenario.yaml" || exit 1
pin=$(sed -n 's/^tls-pin //p' <<<"$heard")
transports=("transport: ssh|host-key: \"$MOCK_HOST_KEY\"" 'transport: rest|scheme: http'
	"transport: rest|pin: \"$pin\"")
for transport in "${transports[@]}"; do
	IFS='|' read -r -a keys <<<"$transport"
	for form in "${forms[@]}"; do
		audit 3 "${keys[*]:0:1} refused, password by ${form%%:*}}" "password: $form"
	done
done
check "nothing but reading" stop_mock
# A peer that says the password back.
keys=('transport: rest' 'scheme: http' 'timeout: 20s')
start_process ready "$build/check/tests/http_peer" --fault forbidden-json || exit 1
MOCK_PORT_MAP="{80: $(sed -n 's/^port //p' <<<"$heard")}"
audit 3 'REST that forbids' "password: ${forms[0]}"

# --- forms that give none ----------------------------------------------------------------------------

report=$work/forms
: >"$work/empty"
unset R1_NOWHERE
export R1_EMPTY=
keys=('transport: ssh')
MOCK_PORT_MAP="{22: $(free_port)}"
while IFS='|' read -r name form; do
	audit 3 "$name" "password: $form"
	{
		echo "## $name"
		grep -v ': done in ' "$err"
	} >>"$report"
done <<FORMS
variable not set|{env: R1_NOWHERE}
variable empty|{env: R1_EMPTY}
file missing|{file: $work/nowhere}
file empty|{file: $work/empty}
command fails|{command: "cat $work/secret; exit 4"}
command says nothing|{command: "true"}
command cannot be run|{command: "no-such-command-of-ours 2>/dev/null"}
no terminal|{prompt: yes}
FORMS
golden secrets/forms "$report"
printf 'router:\n  host: 127.0.0.1\n  password: %s\n' "$marker" >"$work/bare.yaml"
run "$ROSAUDIT" check "$work/bare.yaml"
check_status "a bare word as password is refused" 2
golden secrets/bare "$err"
clean "a bare word as password" "$out" "$err"
run "$ROSAUDIT" "ssh://audit:$marker@127.0.0.1"
check_status "a password in the URL is refused" 2
clean "a password in the URL" "$out" "$err"

# --- what others see of the process --------------------------------------------------------------------

scenario 'faults: {ssh: [stall-command]}' >"$work/scenario.yaml"
start_mock "$work/scenario.yaml" || exit 1
# Arrives at the stalled command, logged in; then its command line, its children and its memory map's
# names are what a neighbour on the machine could read.
for form in "${forms[@]}"; do
	: >"$MOCK_TRANSCRIPT"
	policy "$work/router.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' "password: $form" \
		"host-key: \"$MOCK_HOST_KEY\"" "port-map: $MOCK_PORT_MAP"
	env -u R1_PASSWORD ${form:+R1_PASSWORD="$marker"} "$ROSAUDIT" "$work/router.yaml" \
		>"$out" 2>"$err" </dev/null &
	pid=$!
	tries=0
	until grep -q ' exec: ' "$MOCK_TRANSCRIPT"; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || break
		sleep 0.05
	done
	tr '\0' '\n' <"/proc/$pid/cmdline" >"$work/cmdline"
	cat "/proc/$pid/comm" >>"$work/cmdline"
	check "by ${form%%:*}}: the command line is there to read" grep -q router.yaml "$work/cmdline"
	clean "by ${form%%:*}}: the command line" "$work/cmdline"
	kill -TERM "$pid"
	wait "$pid"
	clean "by ${form%%:*}}, interrupted" "$out" "$err"
done
check "nothing but reading" stop_mock

# --- the prompt -------------------------------------------------------------------------------------------

scenario '' >"$work/scenario.yaml"
start_mock "$work/scenario.yaml" || exit 1
policy "$work/router.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' 'password: {prompt: yes}' \
	"host-key: \"$MOCK_HOST_KEY\"" "port-map: $MOCK_PORT_MAP" 'scan: {ports: none}'
run "$pty" --expect 'Password of audit@r1: ' --type "$marker" \
	sh -c "'$ROSAUDIT' -vvv '$work/router.yaml' >'$work/report' 2>'$work/log' </dev/null"
check_status "a password typed at the prompt logs in" 0
check "the terminal shows the question and no answer" test "$(tr -d '\r' <"$out")" = \
	'Password of audit@r1: '
check "the question is not in the report" sh -c "! grep -q 'Password of' '$work/report'"
clean "the prompt" "$out" "$work/report" "$work/log"
run "$pty" --expect 'Password of audit@127.0.0.1: ' --type "$marker" "$ROSAUDIT" -p none \
	"ssh://audit@127.0.0.1:$(here 22)" --host-key "$MOCK_HOST_KEY"
check_status "without a file the password is asked for" 0
clean "the prompt of a URL" "$out"
run "$pty" --expect 'Password of' --type "wrong" "$ROSAUDIT" "$work/router.yaml"
check_status "a wrong one is refused" 3
run "$pty" --expect 'Password of' --type '^C' "$ROSAUDIT" "$work/router.yaml"
check_status "Ctrl-C at the prompt ends with 130" 130
check_out "and the report says so" "interrupted before its turn came"
run "$pty" --expect 'Password of' --type '^C' \
	sh -c "'$ROSAUDIT' '$work/router.yaml' >/dev/null 2>&1; stty -a"
check "and the terminal echoes again" grep -qE '(^|[ ;])echo([ ;]|$)' "$out"
run setsid -w "$ROSAUDIT" "$work/router.yaml"
check_status "without a terminal nothing is asked" 3
golden secrets/no-terminal "$err"
run setsid -w "$ROSAUDIT" "ssh://audit@127.0.0.1:$(here 22)" --host-key "$MOCK_HOST_KEY"
check_status "nor for a URL" 3
golden secrets/no-terminal-url "$err"

# Two routers that ask: one question at a time, each by its name.
{
	echo 'routers:'
	for name in first second; do
		echo "  - name: $name"
		sed -n '3,$s/^/  /p' "$work/router.yaml"
	done
} >"$work/two.yaml"
run "$pty" --expect 'Password of audit@' --type "$marker" --expect 'Password of audit@' \
	--type "$marker" sh -c "'$ROSAUDIT' '$work/two.yaml' >'$work/report' 2>'$work/log'"
check_status "two routers ask one after the other" 0
check "each by its name" test "$(tr -d '\r' <"$out" | sort | tr '\n' ' ')" = \
	'Password of audit@first:  Password of audit@second:  '
clean "two prompts" "$out" "$work/report" "$work/log"

# A passphrase is asked for, too.
if command -v ssh-keygen >/dev/null; then
	ssh-keygen -q -t ed25519 -N "$marker" -C audit -f "$work/locked"
	scenario '' | sed "s|password: \"Zw0lf[^,]*\"|key: \"$(cat "$work/locked.pub")\"|" \
		>"$work/scenario.yaml"
	start_mock "$work/scenario.yaml" || exit 1
	policy "$work/router.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' \
		'key-passphrase: {prompt: yes}' "key: $work/locked" "host-key: \"$MOCK_HOST_KEY\"" \
		"port-map: $MOCK_PORT_MAP" 'scan: {ports: none}'
	run "$pty" --expect 'assphrase of' --type "$marker" "$ROSAUDIT" -vvv "$work/router.yaml"
	check_status "a passphrase typed at the prompt opens the key" 0
	clean "the passphrase" "$out"
	sed -n 's/^\(.*assphrase of[^:]*: \).*/\1/p' "$out" | tr -d '\r' >"$work/said"
	golden secrets/passphrase "$work/said"
	check "nothing but reading" stop_mock
else
	skip "a passphrase typed at the prompt" "no ssh-keygen here (make peers)"
fi
done_testing
