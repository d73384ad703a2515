#!/usr/bin/env bash
# The helpers of lib.sh themselves, with a double of the double.
# shellcheck disable=SC2154,SC2034 # lib.sh sets and reads them
. "$(dirname "$0")/lib.sh"

# Speaks like mock-router: prints its lines, keeps its arguments, ends with the given status at SIGTERM.
cat >"$work/mock" <<'F'
#!/bin/sh
echo "$@" >"$0.arguments"
echo "ssh-host-key SHA256:abc"
echo 'port-map {22: 40022}'
trap 'exit "$(cat "$0.status")"' TERM
echo ready
while :; do read -r line <"$0.never" || exit 9; done
F
chmod +x "$work/mock"
mkfifo "$work/mock.never"
MOCK=$work/mock

echo 0 >"$work/mock.status"
check "a mock is started" start_mock scenario.yaml --listen 127.0.0.2
check "its host key is kept" test "$MOCK_HOST_KEY" = SHA256:abc
check "its port map is kept" test "$MOCK_PORT_MAP" = "{22: 40022}"
check "it is told where to write, and what we said" grep -qx -- \
	"--port-map auto --transport ssh --profile tp --write-config $MOCK_CONFIG --transcript $MOCK_TRANSCRIPT --listen 127.0.0.2 scenario.yaml" \
	"$work/mock.arguments"
check "a mock that was only read ends well" stop_mock
start_mock scenario.yaml --transport rest
check "our transport replaces the default" \
	test "$(grep -o -- --transport "$work/mock.arguments" | wc -l)" = 1
echo 1 >"$work/mock.status"
stop_mock
ended=$?
check "a mock that was written to tells" test "$ended" = 1

printf 'no mock here\n' >"$work/bad"
MOCK=$work/bad
start_mock scenario.yaml 2>"$err"
ended=$?
check "a mock that does not start is told" test "$ended" = 1
check_err "and by name" "never wrote: ready"

cat >"$work/text" <<F
$work/router.yaml 2026-11-22T18:30:01Z, took 12.3 s; port 45001, 45002
SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA 8291 "rtt_us": 412
F
cat >"$work/expected" <<'F'
WORK/router.yaml TIME, took N s; port PORT, PORT
SHA256:KEY 8291 "rtt_us": "N"
F
mask <"$work/text" >"$out"
check "what differs from run to run is masked" diff "$work/expected" "$out"
run sh -c 'echo said; echo complained >&2; exit 4'
check_status "run keeps the status" 4
check_out "and stdout" said
check_err "and stderr" complained
check "free ports differ" test "$(free_port 20 | sort -u | wc -l)" = 20
done_testing
