#!/usr/bin/env bash
# rosaudit plan: audit before, apply the script line by line, audit after: compliant; apply the undo: as
# before. rosaudit itself only reads; OpenSSH's ssh sends the lines, as a person would.
# shellcheck disable=SC2154,SC2016 # lib.sh sets them; no $ of a policy is the shell's
. "$(dirname "$0")/lib.sh"
needs ssh

printf '#!/bin/sh\necho lab\n' >"$work/askpass"
chmod +x "$work/askpass"

# ssh_boss COMMAND: as the user who may write.
ssh_boss() {
	SSH_ASKPASS=$work/askpass SSH_ASKPASS_REQUIRE=force ssh -F /dev/null -n -T \
		-o StrictHostKeyChecking=no -o "UserKnownHostsFile=$work/known" -o LogLevel=ERROR \
		-o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 \
		-o HostKeyAlgorithms=+ssh-rsa -o KexAlgorithms=+diffie-hellman-group14-sha1 \
		-o Ciphers=+aes128-cbc -o MACs=+hmac-sha1 \
		-p "$(here 22)" boss@127.0.0.1 "$1"
}

# As /import does: a line after the other, until one of them fails.
apply() {
	local line
	while IFS= read -r line; do
		case $line in '' | '#'*) continue ;; esac
		if ! ssh_boss "$line" >"$work/answer" 2>&1; then
			printf '%s\n' "$line" | cat - "$work/answer"
			return 1
		fi
	done <"$1"
}

# router VERSION LINE…: a mock that violates the policy of `wishes`; more lines for its scenario.
router() {
	local version=$1
	shift
	{
		printf 'version: "%s"\nidentity: "r 1"\nclosed-ports: [8080]\n' "$version"
		printf '%s\n' 'users:' \
			'  - {name: audit, password: lab, group: audit, policies: [ssh, read, api, rest-api]}' \
			'  - {name: boss, password: lab}' \
			'services:' '  www-ssl: {certificate: old}' \
			'  winbox: {address: [198.51.100.0/24, "2001:db8::/64"]}' \
			'menus:' '  /tool bandwidth-server: {enabled: no}' '  /ip dhcp-client: []' \
			'  /ip neighbor discovery-settings: {discover-interface-list: none}'
		printf '%s\n' "$@"
	} >"$work/router.yaml"
	start_mock "$work/router.yaml" || exit 1
}

# wishes FILE LINE…: the policy; more lines for it.
wishes() {
	local file=$1
	shift
	policy "$file" 'name: r1' 'host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' \
		"port-map: $MOCK_PORT_MAP" "host-key: \"$MOCK_HOST_KEY\"" \
		"legacy-algorithms: $legacy" 'unlisted: fail' 'services:' '  telnet: forbidden' \
		'  ftp: forbidden' '  api: forbidden' '  api-ssl: forbidden' \
		'  www: {disabled: no, port: 8080}' \
		'  www-ssl: {disabled: no, certificate: "web \"1\" $x?", tls-version: only-1.2}' \
		'  winbox: {disabled: no, address: [127.0.0.0/8]}' \
		'  ssh: {disabled: no, port: 22, address: [127.0.0.0/8, "::1/128"]}' "$@"
}

# A pattern would be no one certificate's name.
sed_certificate='s/ \$x?"/ $x"/'

for version in 6.49.17 7.9.2 7.16.2 7.19.4 7.24; do
	more=()
	legacy=no
	[ "$version" = 6.49.17 ] && legacy=yes
	case $version in 7.16* | 7.19* | 7.24*) more=('  reverse-proxy: ignored') ;; esac
	router "$version"
	wishes "$work/r1.yaml" ${more[@]+"${more[@]}"}
	sed -i "$sed_certificate" "$work/r1.yaml"
	run "$ROSAUDIT" "$work/r1.yaml" -f json
	check_status "$version: findings before" 1
	cp "$out" "$work/before.json"
	run "$ROSAUDIT" plan "$work/r1.yaml" --undo "$work/undo.rsc"
	check_status "$version: there is something to do" 1
	cp "$out" "$work/plan.rsc"
	check_err "$version: nothing is left out" ": 8 commands, 0 left out"
	golden "plan/$version.rsc" "$work/plan.rsc"
	golden "plan/$version.undo.rsc" "$work/undo.rsc"
	check "$version: planning only reads" \
		bash -c '! grep -qE "exec: .*/ip service (set|enable|disable)" "$1"' - "$MOCK_TRANSCRIPT"
	check "$version: the router takes every line" apply "$work/plan.rsc"
	run "$ROSAUDIT" "$work/r1.yaml" --fail-on low
	check_status "$version: compliant after" 0
	run "$ROSAUDIT" plan "$work/r1.yaml"
	check_status "$version: and nothing is left to do" 0
	check_out "$version: which the script says" "# Nothing to change."
	check "$version: the router takes every line of the undo" apply "$work/undo.rsc"
	run "$ROSAUDIT" "$work/r1.yaml" -f json
	check_status "$version: the findings are back" 1
	cp "$out" "$work/after.json"
	run "$ROSAUDIT" diff "$work/before.json" "$work/after.json"
	check_status "$version: all is as before" 0
	stop_mock
	check "$version: the mock tells of writes" test $? = 1
	check "$version: and who sent them" \
		bash -c '! grep "/ip service set" "$1" | grep -vq "boss exec:"' - "$MOCK_TRANSCRIPT"
done

# --- the branch ------------------------------------------------------------------------------------

legacy=no
router 7.19.4
wishes "$work/cut.yaml"
sed -i -e "$sed_certificate" -e 's/^    ssh: .*/    ssh: {disabled: yes}/' "$work/cut.yaml"
run "$ROSAUDIT" plan "$work/cut.yaml" -q
check_status "a policy without the way by which we came" 1
check_out "the way stays, and it is said why" "we came through ssh, and no other way in"
check "nothing closes ssh" bash -c '! grep -q "^/ip service set.*name=ssh" "$1"' - "$out"
check "the rest is applied" apply "$out"
run "$ROSAUDIT" plan "$work/cut.yaml" -q
check_status "once winbox serves us and the policy asks for it" 1
check_out "ssh may be closed" "we came through ssh; winbox was seen serving us on port 8291"
cp "$out" "$work/cut.rsc"
check "and is" apply "$work/cut.rsc"
run "$ROSAUDIT" "$work/cut.yaml" -p none
check_status "so that nobody comes in there any more" 3
stop_mock

# The guard: a router of another name takes no line of it.
router 7.19.4
sed 's/get name\] != "r 1"/get name] != "r2"/' "$work/plan.rsc" >"$work/other.rsc"
check "the guard is in the script" grep -q '^:if' "$work/other.rsc"
apply "$work/other.rsc" >"$work/refused" && not_ok "a script for another router is refused"
check "a script for another router ends at its first line" \
	grep -q 'this script is for another router' "$work/refused"
check "and sets nothing" bash -c '! grep -q "/ip service set" "$1"' - "$MOCK_TRANSCRIPT"

# A name that listeners bear as well is not met by accident: this is why the plan says dynamic=no.
ssh_boss '/ip service set ssh max-sessions=5' >"$work/answer"
check "a bare name meets the connection's row" grep -q 'configured elsewhere' "$work/answer"
stop_mock

# --- what another menu opens --------------------------------------------------------------------------

cat >"$work/btest.yaml" <<'YAML'
version: "7.16.2"
identity: r1
users: [{name: audit, password: lab, policies: [ssh, read]}]
listeners: [{name: btest, port: 2000, proto: tcp}]
menus:
  /tool bandwidth-server: {enabled: "yes"}
YAML
start_mock "$work/btest.yaml" || exit 1
policy "$work/btest.policy" 'name: r1' 'host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' \
	"port-map: $MOCK_PORT_MAP" "host-key: \"$MOCK_HOST_KEY\"" 'unlisted: ignore' \
	'services: {ssh: required}' 'ports: {2000/tcp: forbidden}'
run "$ROSAUDIT" plan "$work/btest.policy" --undo "$work/btest.undo" -q
check_status "a port of another menu is to go" 1
check_out "that menu's command turns it off" "/tool bandwidth-server set enabled=no"
check "and on again, since it was read" grep -qx "/tool bandwidth-server set enabled=yes" "$work/btest.undo"
check "planning it only reads" stop_mock

# --- where the scripts go ---------------------------------------------------------------------------

cat >"$work/saved.txt" <<'TEXT'
Flags: X, I - INVALID
Columns: NAME, PORT, CERTIFICATE, VRF
#   NAME     PORT  CERTIFICATE  VRF
0   telnet     23               main
1   ftp        21
2   www        80               main
3   ssh        22               main
4 X www-ssl   443  none         main
5   api      8728               main
6   winbox   8291               main
7   api-ssl  8729  none         main
TEXT
{
	printf 'routers:\n'
	for name in one ../../two "a b" a_b; do
		printf '  - {name: "%s", transport: file, file: %s, services: {telnet: forbidden}, ' \
			"$name" "$work/saved.txt"
		printf 'unlisted: ignore}\n'
	done
} >"$work/fleet.yaml"
run "$ROSAUDIT" plan "$work/fleet.yaml"
check_status "scripts of several routers are not mixed on stdout" 2
check_err "they go into a folder" "-o FOLDER"
run "$ROSAUDIT" plan "$work/fleet.yaml" -o "$work/scripts"
check_status "a folder takes them" 1
check "one for each, and its undo, and nothing beside" test "$(cd "$work/scripts" && ls | sort | tr '\n' ' ')" = \
	"_._.._two.rsc _._.._two.undo.rsc a_b-2.rsc a_b-2.undo.rsc a_b.rsc a_b.undo.rsc one.rsc one.undo.rsc "
check "a saved output's script says what it is" \
	grep -q 'it is not known through which service you come' "$work/scripts/one.rsc"
check "without an identity there is no guard, and that is said" \
	grep -q 'nothing below checks that this is the right one' "$work/scripts/one.rsc"
golden plan/saved.rsc "$work/scripts/one.rsc"
run "$ROSAUDIT" plan "$work/fleet.yaml" -o "$work/scripts" --undo "$work/u"
check_status "--undo has no place beside a folder" 2
run "$ROSAUDIT" plan "$work/r1.yaml" -o "$work/one.rsc" --undo "$work/one.rsc"
check_status "the way back never takes the script's place" 2
check_err "and that is told" "the script and its undo cannot both be"
check "nothing is written" test ! -e "$work/one.rsc"
cp "$work/r1.yaml" "$work/kept.yaml"
run "$ROSAUDIT" plan "$work/r1.yaml" -o "$work/r1.yaml"
check_status "no script takes the policy's place" 2
run "$ROSAUDIT" plan "$work/r1.yaml" --undo "$work/r1.yaml"
check_status "nor does its undo" 2
check "the policy is what it was" cmp "$work/kept.yaml" "$work/r1.yaml"
run "$ROSAUDIT" plan "$work/r1.yaml" --undo -
check_status "both cannot be on stdout" 2
run "$ROSAUDIT" plan "$work/fleet.yaml" -o "$work/no/where"
check_status "a folder that cannot be made is a mistake in the command" 2
run "$ROSAUDIT" plan
check_status "plan wants a router" 2
run "$ROSAUDIT" plan "$work/fleet.yaml" -o json=x
check_status "-o of plan is no format" 1
check "but a folder" test -d "json=x"
rm -r "json=x"
done_testing
