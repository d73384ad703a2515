#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# A vantage over SSH: OpenSSH's sshd, where `rosaudit scan` is run, quoted so that no word of the policy
# is more than a word.
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
needs sshd ssh-keygen
sshd=$(command -v sshd) # it wants its whole path
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
ssh-keygen -q -t ed25519 -N '' -f "$work/host"
port=$(free_port)
cat >"$work/sshd_config" <<CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $work/host
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
AuthorizedKeysFile $work/key.pub
CONFIG
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
start_process $'Server listening on 127.0.0.1 port '"$port"$'.\r' \
	sh -c 'exec "$1" -D -e -f "$2" 2>&1' - "$sshd" "$work/sshd_config" ||
	skip_all "sshd does not start here"
pin=$(ssh-keygen -lf "$work/host.pub" | cut -d ' ' -f 2)

vantage() { # PROGRAM
	cp "$MOCK_CONFIG" "$work/router.yaml"
	cat >>"$work/router.yaml" <<-POLICY
	    vantages:
	      - {name: far, ssh: "$(id -un)@127.0.0.1", port: $port, key: key, host-key: "$pin", program: "$1"}
	POLICY
	run "$ROSAUDIT" -f json "$work/router.yaml"
}

start_mock mock-router/scenarios/restricted.yaml || exit 1
mkdir "$work/a b's"
ln -s "$ROSAUDIT" "$work/a b's/rosaudit"
vantage "$work/a b's/rosaudit"
check "no error" [ "$(pick "$out" routers.0.vantages.0.error)" = null ]
check "the scan there is this vantage's" [ "$(pick "$out" routers.0.vantages.0.from)" = 127.0.0.1 ]
check "its ports are the router's own" grep -q '"probed_port": [0-9]' "$out"
check_status "and the audit is whole" 0

vantage "$work/nowhere"
check_status "a program that is not there" 3
check_err "is told" "has no $work/nowhere that can be run"
vantage 'false; touch touched'
check_err "a word stays a word" "has no false; touch touched that can be run"
check "and nothing is run" [ ! -e touched ]
vantage /bin/false
check_err "a scan that fails is told" "ended with status 1"
vantage /bin/echo
check_err "an answer that is no scan is told" "vantage far: "
check "the double was only read" stop_mock
done_testing
