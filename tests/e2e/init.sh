#!/usr/bin/env bash
# rosaudit init: the policy that it writes is one that the router passes, of every version and kind of
# router that the double knows; no secret is in it, and no name of the router's breaks it.
# shellcheck disable=SC2154,SC2016 # lib.sh sets them; no $ of a policy is the shell's
. "$(dirname "$0")/lib.sh"

mkdir "$work/written"

# The password was a text in the mock's own file: init asks instead, and a test cannot answer.
answer() {
	sed 's/password: {prompt: yes}.*/password: {literal: lab}/' "$1"
}

# kept GOLDEN FILE: where the schema lies depends on where the program does.
kept() {
	sed '1s/=.*/=SCHEMA/' "$2" >"$work/kept"
	golden "$1" "$work/kept"
}

# passes NAME SCENARIO OPTION…: init over the mock, check, audit.
passes() {
	local name=$1 scenario=$2
	shift 2
	start_mock "$scenario" "$@" || return
	# The double writes its names as they are; this one's would not be read.
	sed -i 's/^  - name: .*/  - name: r1/' "$MOCK_CONFIG"
	run "$ROSAUDIT" init "$MOCK_CONFIG"
	check_status "$name: init" 0
	cp "$out" "$work/written/$name.yaml"
	check "$name: without the password" bash -c '! grep -q "literal\|: *\"\?lab\"\?$" "$1"' - "$work/written/$name.yaml"
	answer "$work/written/$name.yaml" >"$work/policy.yaml"
	run "$ROSAUDIT" check "$work/policy.yaml"
	check_status "$name: rosaudit check takes it" 0
	run "$ROSAUDIT" "$work/policy.yaml"
	check_status "$name: the router passes" 0
	run "$ROSAUDIT" plan "$work/policy.yaml" -q
	check_status "$name: and there is nothing to plan" 0
	check "$name: only reading was asked for" stop_mock
}

for scenario in mock-router/scenarios/*.yaml tests/fixtures/mock/busy-*.yaml; do
	passes "$(basename "$scenario" .yaml)" "$scenario"
done
check "a version's stock policy names its eight services" \
	test "$(grep -c '^      disabled: ' "$work/written/stock-7.9.yaml")" = 8
check "IPv6 is quoted" grep -qF '"2001:db8:5::/64"' "$work/written/busy-7.19.yaml"
check "the container is told of" grep -q '^  # The container web listens on port 8080' "$work/written/busy-7.19.yaml"
check "listeners beside the services are ports" grep -q '^    53/udp: allowed # listener resolver' \
	"$work/written/busy-7.19.yaml"
check "what the router contradicts itself in is waived for a while" \
	grep -q '^      expires: 20' "$work/written/lab.yaml"
check "so are flaws of a firewall, service by service" \
	test "$(grep -c '^    - rule: RA707' "$work/written/firewall.yaml")" = 8
check "and nothing else is" test "$(grep -L 'waivers:' "$work"/written/stock-*.yaml | wc -l)" = \
	"$(find mock-router/scenarios -name 'stock-*.yaml' | wc -l)"
kept init/busy-7.24.yaml "$work/written/busy-7.24.yaml"
kept init/stock-6.49.yaml "$work/written/stock-6.49.yaml"

# Over REST, and over both.
passes rest mock-router/scenarios/rest.yaml --transport rest
check "the way in is kept: rest" grep -qx '  transport: rest' "$work/written/rest.yaml"
check "with its pin" grep -q '^  pin: "sha256//' "$work/written/rest.yaml"
passes both mock-router/scenarios/rest.yaml --transport both
check "the way in is kept: both" grep -qx '  transport: both' "$work/written/both.yaml"

# Names that mean something to YAML, to a policy, and to a terminal.
cat >"$work/hostile.yaml" <<'YAML'
version: "7.19.4"
identity: "r1\": {x} # ${y} \u00e9\u202e'"
board: "a\nrouter: {}"
users: [{name: audit, password: lab, group: audit, policies: [ssh, read]}]
services:
  www-ssl: {disabled: no, certificate: "no\": [x] ${z} \\ \u2028é *"}
  api-ssl: {certificate: "yes"}
  api: {vrf: "1.0"}
  winbox: {vrf: "a\tb"}
listeners:
  - {name: "x\n  evil: yes", port: 9999, proto: tcp}
  - {name: "y", port: 8081, proto: tcp, netns: n, container: "c\nservices: {}"}
YAML
passes hostile "$work/hostile.yaml"
kept init/hostile.yaml "$work/written/hostile.yaml"

# --- saved outputs, and what is no router ---------------------------------------------------------------

cat >"$work/saved output.txt" <<'TEXT'
Flags: X - disabled, I - invalid 
 #   NAME      PORT ADDRESS                                       CERTIFICATE   
 0   telnet      23
 1 XI ftp         21
 2   www         80 192.0.2.0/24
                    2001:db8::/32
 3   ssh         22
 4 XI www-ssl    443                                               none
 5   api       8728
 6   winbox    8291
 7   api-ssl   8729                                               none
TEXT
run "$ROSAUDIT" init "$work/saved output.txt" -o "$work/saved.yaml"
check_status "init of a saved output" 0
check "-o leaves stdout empty" test ! -s "$out"
run "$ROSAUDIT" check "$work/saved.yaml"
check_status "check takes it" 0
run "$ROSAUDIT" "$work/saved.yaml"
check_status "the saved output passes" 0
kept init/saved.yaml "$work/saved.yaml"
cp "$work/saved.yaml" "$work/mine.yaml"
run "$ROSAUDIT" init "$work/saved output.txt" -o "$work/saved.yaml"
check_status "a policy is not written over" 2
check "not one byte of it" cmp "$work/saved.yaml" "$work/mine.yaml"
sed -i 's/^ 0   telnet/ 0 XI telnet/' "$work/saved output.txt"
run "$ROSAUDIT" "$work/saved.yaml"
check_status "the policy tells when the router changes" 1

run "$ROSAUDIT" init
check_status "init wants a router" 2
run "$ROSAUDIT" init one two
check_status "one" 2
run "$ROSAUDIT" init "$work/none.txt"
check_status "a file that is not there" 2
printf 'nothing of the kind\n' >"$work/prose.txt"
run "$ROSAUDIT" init "$work/prose.txt"
check_status "a file that is no listing" 3
check "no half policy is written" test ! -s "$out"
run "$ROSAUDIT" init "ssh://audit@127.0.0.1:$(free_port)" --empty-password --connect-timeout 2s
check_status "a router that does not answer" 3
check "no policy is written of it" test ! -s "$out"
done_testing
