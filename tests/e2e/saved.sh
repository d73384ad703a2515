#!/usr/bin/env bash
# --save keeps a router's answers, without its secrets; the same audit from the saved answers finds the
# same, and another policy can be tried on them.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

# What the router declares, whole, and what was found in it. A finding about something reachable is not in
# an answer: the login proves a port.
same_facts() {
	local findings='routers.0.findings.*'
	pick "$1" routers.0.device routers.0.audited
	paste -d '|' <(pick "$1" "$findings.reachable") <(pick "$1" "$findings.rule") \
		<(pick "$1" "$findings.service") <(pick "$1" "$findings.declared") | grep '^null|'
}

audit() { # NAME LINE…: JSON of one audit without probes; the policy's lines are given
	local name=$1
	shift
	policy "$work/$name.yaml" 'name: r1' 'profile: tp' 'scan: {ports: none}' "$@"
	run "$ROSAUDIT" --format json ${options[@]+"${options[@]}"} "$work/$name.yaml"
	cp "$out" "$work/$name.json"
}

cat >"$work/scenario.yaml" <<'SCENARIO'
version: "VERSION"
identity: r1
users:
  - {name: audit, password: lab, group: audit, policies: [ssh, read, api, rest-api]}
legacy-ssh: LEGACY
menus:
  /interface l2tp-server server: {enabled: yes, ipsec-secret: hunter2}
  /snmp community:
    - {name: hunter2, addresses: "192.0.2.0/24"}
  /ip upnp: forbidden
  /ip firewall filter:
    - {chain: input, action: accept, comment: "a;b=c", src-address: 192.0.2.0/24}
    - {chain: input, action: drop}
SCENARIO

for way in 6.49-ssh 7.18.2-ssh 7.24-ssh 7.18.2-rest 7.24-rest; do
	version=${way%-*}
	legacy=$([ "$version" = 6.49 ] && echo yes || echo no)
	sed -e "s/VERSION/$version/" -e "s/LEGACY/$legacy/" "$work/scenario.yaml" >"$work/$way.scenario"
	start_mock "$work/$way.scenario" || exit 1
	options=(--save "$work/saved-$way")
	lines=('host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' "port-map: $MOCK_PORT_MAP")
	if [ "${way#*-}" = ssh ]; then
		lines+=("host-key: \"$MOCK_HOST_KEY\"" "legacy-algorithms: $legacy")
	else
		lines+=('transport: rest' 'scheme: http')
	fi
	audit "$way-live" "${lines[@]}"
	check "$way: the mock was asked for nothing but reading" stop_mock
	file=$work/saved-$way/r1.saved
	check "$way: the answers are in a file of the router's name" test -s "$file"
	check "$way: a secret is not in it" bash -c "! grep -q hunter2 '$file'"
	check "$way: nor in the report" bash -c "! grep -q hunter2 '$work/$way-live.json'"
	check "$way: that there is a secret is in it" grep -qF '(hidden)' "$file"

	options=()
	audit "$way-again" 'transport: file' "file: $file"
	check "$way: the saved answers are judged" test "$status" -le 1
	same_facts "$work/$way-live.json" >"$work/live"
	same_facts "$work/$way-again.json" >"$work/again"
	check "$way: and everything declared is the same" diff -u "$work/live" "$work/again"

	audit "$way-dir" 'transport: file' "file: $work/saved-$way"
	check "$way: a directory is as good as the file" cmp <(same_facts "$work/$way-dir.json") \
		"$work/again"
	audit "$way-services" 'transport: file' "file: $file" 'read: services'
	check "$way: with read: services the menus stay unread" \
		test -z "$(pick "$work/$way-services.json" 'routers.0.device.menus.*.path')"
done

# --- what is no such file, and what is damaged -------------------------------------------------------

options=()
whole=$work/saved-7.24-ssh/r1.saved
head -c 3000 "$whole" >"$work/cut.saved"
audit cut 'transport: file' "file: $work/cut.saved"
check_status "a cut file is an error" 3
check_out "and told" "was the file cut, or edited?"
sed 's/^answer 0 /answer x /' "$whole" >"$work/edited.saved"
audit edited 'transport: file' "file: $work/edited.saved"
check_status "an edited head is an error" 3
check_out "and told" "no head of an answer"
grep -v '^transport ' "$whole" >"$work/headless.saved"
audit headless 'transport: file' "file: $work/headless.saved"
check_out "without a transport nobody knows the requests" "no line tells the transport"
printf 'rosaudit-saved 1\ntransport ssh\nservice ssh\n' >"$work/empty.saved"
audit empty 'transport: file' "file: $work/empty.saved"
check_status "a file without answers is an error" 3
check_out "and says what it lacks" "the saved answers hold none to"

# Saved with read: services, and read with all: one note, not a hundred.
start_mock mock-router/scenarios/stock-7.24.yaml || exit 1
options=(--save "$work/few")
audit few 'host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' "port-map: $MOCK_PORT_MAP" \
	"host-key: \"$MOCK_HOST_KEY\"" 'read: services'
check "the mock was asked for nothing but reading" stop_mock
check "read: services asks for no other menu" bash -c "! grep -q 'firewall' '$MOCK_TRANSCRIPT'"
options=()
audit few-again 'transport: file' "file: $work/few"
check "what was not saved is one note" \
	test "$(pick "$work/few-again.json" 'routers.0.device.notes.*' | grep -c 'not read')" = 1

# A router whose name is a path stays in the directory.
start_mock mock-router/scenarios/stock-7.24.yaml || exit 1
policy "$work/name.yaml" 'name: "../x/é"' 'host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' \
	"port-map: $MOCK_PORT_MAP" "host-key: \"$MOCK_HOST_KEY\"" 'scan: {ports: none}'
run "$ROSAUDIT" --save "$work/names" "$work/name.yaml"
check "a router's name cannot leave the directory" test -s "$work/names/%2E.%2Fx%2F%C3%A9.saved"
printf x >"$work/file"
run "$ROSAUDIT" --save "$work/file/dir" "$work/name.yaml"
check_out "what could not be saved is told" "cannot make the directory"
check "the mock was asked for nothing but reading" stop_mock
done_testing
