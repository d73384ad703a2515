#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# Which ports an audit probes beside the catalogue's: what other menus declare, on the port that they
# say, and UDP ports only when the policy or the list asks for them.
. "$(dirname "$0")/lib.sh"
needs python3

{
	sed '/^menus:/,/^[a-z]/{/^menus:/d;/^  \//d}; /^listeners:/,$d' mock-router/scenarios/stock-7.18.yaml
	printf 'menus:\n  /ip socks: {enabled: yes, port: 1081}\n  /snmp: {enabled: yes}\n'
} >"$work/router.yaml"
start_mock "$work/router.yaml" || exit 1
map=${MOCK_PORT_MAP%\}}", 1081: $(free_port), 53: $(free_port), 161: $(free_port)}"

audit() { # LINE… -- OPTION…
	local lines=()
	while [ "$1" != -- ]; do
		lines+=("$1")
		shift
	done
	shift
	policy "$work/audit.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' \
		"host-key: \"$MOCK_HOST_KEY\"" "port-map: $map" "${lines[@]}"
	run "$ROSAUDIT" "$work/audit.yaml" -f json "$@"
}

state() { # PROTO PORT: what was seen of it, or "absent"
	python3 -c 'import json, sys
for o in json.load(open(sys.argv[1]))["routers"][0]["observations"]:
    if [o["proto"], o["port"]] == [sys.argv[2], int(sys.argv[3])]:
        print(o["state"])
        break
else:
    print("absent")' "$out" "$1" "$2"
}

rules() { # PORT: the rules of the findings on that UDP port
	python3 -c 'import json, sys
for f in json.load(open(sys.argv[1]))["routers"][0]["findings"]:
    if [f["proto"], f["port"]] == ["udp", int(sys.argv[2])]:
        print(f["rule"], f["evidence"])' "$out" "$1"
}

audit --
check "a declared listener is probed on its own port" test "$(state tcp 1081)" = closed
check "no UDP port is probed unasked" python3 -c 'import json, sys
seen = json.load(open(sys.argv[1]))["routers"][0]["observations"]
sys.exit(len(seen) < 8 or any(o["proto"] == "udp" for o in seen))' "$out"

audit 'scan: {ports: declared}' --
check "also where only what is declared is probed" test "$(state tcp 1081)" = closed

audit 'scan: {ports: ["80", "U:53"]}' --
check "a list of the policy may hold UDP ports" test "$(state udp 53)" = closed
check "and brings along what is declared of UDP" test "$(state udp 161)" = closed
check "but no other TCP port" test "$(state tcp 1081)" = absent

audit -- -p U:53,161
check "-p takes UDP ports" test "$(state udp 53),$(state udp 161)" = closed,closed

audit 'ports: {161/udp: forbidden}' --
check "the policy's word on a UDP port is looked into" test "$(state udp 161)" = closed

# Somebody answers on a port that no menu declares.
cat >"$work/echo.py" <<'PY'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])
print("ready", flush=True)
while True:
    data, peer = s.recvfrom(2048)
    s.sendto(data, peer)
PY
start_process ready python3 "$work/echo.py"
map=${MOCK_PORT_MAP%\}}", 123: $(head -n 1 <<<"$heard")}"
audit 'ports: {123/udp: forbidden}' --
check "an open UDP port is seen" test "$(state udp 123)" = open
check "and is what the policy forbids" grep -q '^RA112 .*open' <<<"$(rules 123)"
check "the double was only read" stop_mock
done_testing
