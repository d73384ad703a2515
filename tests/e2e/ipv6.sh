#!/usr/bin/env bash
# IPv6, link-local addresses with their zone, and the vantage: on loopback, and across a link between two
# network namespaces, where the mock has RouterOS's own ports. The link needs root.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin

# state PORT [REPORT]: what the scan saw there, as "open serving"
state() {
	local report=${2:-$out} rows=routers.0.observations
	paste -d ' ' <(pick "$report" "$rows.*.port") <(pick "$report" "$rows.*.state") \
		<(pick "$report" "$rows.*.serve") | sed -n "s/^$1 //p"
}

expect_state() {
	check "$1" test "$(state "$2")" = "$3"
}

expect_pick() {
	check "$1" test "$(pick "$out" "$2")" = "$3"
}

# --- ::1 --------------------------------------------------------------------------------------------

start_mock mock-router/scenarios/rest.yaml --listen ::1 || exit 1
pin=$(sed -n 's/^tls-pin //p' <<<"$heard")
for way in 'ssh' 'rest' 'both'; do
	policy "$work/router.yaml" 'name: r1' 'host: "::1"' 'user: audit' "transport: $way" \
		'password: {literal: lab}' "port-map: $MOCK_PORT_MAP" "pin: \"$pin\"" \
		"host-key: \"$MOCK_HOST_KEY\""
	run "$ROSAUDIT" "$work/router.yaml" -f json
	check_status "::1 is audited over $way" 0
	expect_pick "$way: the address is ::1" routers.0.address ::1
	expect_pick "$way: the router sees us as ::1" routers.0.device.seen_as ::1
	expect_state "$way: the scan found winbox" 8291 'open serving'
	declared "$out" >"$work/$way"
done
check "the services are the same" diff "$work/ssh" "$work/rest"
run "$ROSAUDIT" "ssh://audit@[::1]:$(here 22)" --host-key "$MOCK_HOST_KEY" --key "$work/none"
check_err "a URL takes an IPv6 address in brackets" "cannot open $work/none"
check "nothing but reading" stop_mock

start_mock mock-router/scenarios/stock-7.16.yaml --listen ::1 || exit 1
policy "$work/router.yaml" 'name: r1' 'host: "::1"' 'user: audit' 'transport: rest' 'scheme: http' \
	'password: {literal: lab}' "port-map: $MOCK_PORT_MAP" 'unlisted: ignore'
run "$ROSAUDIT" "$work/router.yaml" -f json
check_status "::1 is audited over plain http" 0
expect_pick "http: the router sees us as ::1" routers.0.device.seen_as ::1
expect_state "http: the scan found winbox" 8291 'open serving'
check "http: nothing but reading" stop_mock

# --- the vantage, on loopback ---------------------------------------------------------------------------

cat >"$work/lists.yaml" <<'SCENARIO'
version: "7.16.2"
identity: lists
users:
  - {name: audit, password: lab, group: audit, policies: [ssh, read]}
services:
  telnet: {address: [127.0.0.9/32]}
  www: {address: [127.0.0.1/32]}
SCENARIO
start_mock "$work/lists.yaml" || exit 1
policy "$work/router.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' \
	"port-map: $MOCK_PORT_MAP" "host-key: \"$MOCK_HOST_KEY\"" \
	'services: {www: {reachable: yes}}' 'unlisted: ignore'
for source in 127.0.0.1 127.0.0.9; do
	run "$ROSAUDIT" "$work/router.yaml" --source "$source" -f json
	cp "$out" "$work/from.$source"
	expect_pick "from $source: the router sees us so" routers.0.device.seen_as "$source"
	expect_pick "from $source: the scan comes from there" routers.0.scan.source "$source"
done
check "one address is served, the other refused" test \
	"$(state 80 "$work/from.127.0.0.1"), $(state 80 "$work/from.127.0.0.9")" = \
	"open serving, open refused"
check "and the other way round" test \
	"$(state 23 "$work/from.127.0.0.1"), $(state 23 "$work/from.127.0.0.9")" = \
	"open refused, open serving"
check "where a list does what it says there is no finding" test \
	"$(pick "$work/from.127.0.0.1" routers.0.findings)" = '[]'
check "what the policy wants to be reachable is missed from elsewhere" test \
	"$(pick "$work/from.127.0.0.9" routers.0.findings.*.rule)" = RA301
run "$ROSAUDIT" "$work/router.yaml" --source 127.0.0.9
golden ipv6/vantage "$out"
run "$ROSAUDIT" "$work/router.yaml" --source 198.51.100.200
check_status "an address that is not ours cannot be the source" 3
golden ipv6/source-not-ours "$err"
run "$ROSAUDIT" "$work/router.yaml" --source ::1
check_status "nor one of the other family" 3
golden ipv6/source-other-family "$err"
stop_mock

# --- link-local, and RouterOS's own ports ----------------------------------------------------------------

no_link() {
	skip "audits across a link" "$1"
	done_testing
	exit 0
}

[ "$(id -u)" = 0 ] || no_link "network namespaces need root"
command -v ip >/dev/null || no_link "no ip here (make peers)"
here=rosaudit-ipv6-$$-a
there=rosaudit-ipv6-$$-b

remove_namespaces() {
	stop_all
	ip netns del "$here" 2>/dev/null
	ip netns del "$there" 2>/dev/null
}
trap remove_namespaces EXIT

ip netns add "$here" 2>/dev/null || no_link "network namespaces cannot be made here"
ip netns add "$there" || exit 1
a() { ip netns exec "$here" "$@"; }
b() { ip netns exec "$there" "$@"; }
ip link add name va netns "$here" type veth peer name vb netns "$there" ||
	no_link "veth links cannot be made here"
for side in "a 1 va" "b 2 vb"; do
	read -r run_in number link <<<"$side"
	"$run_in" ip link set lo up
	"$run_in" ip link set "$link" addrgenmode none
	"$run_in" ip link set "$link" up
	"$run_in" ip addr add "192.0.2.$number/24" dev "$link"
	"$run_in" ip addr add "2001:db8:6::$number/64" dev "$link" nodad
	"$run_in" ip addr add "fe80::$number/64" dev "$link" nodad
done
a ip addr add 192.0.2.9/24 dev va

cat >"$work/link.yaml" <<'SCENARIO'
version: "7.9.2"
identity: across
users:
  - {name: audit, password: lab, group: audit, policies: [ssh, read, api, rest-api]}
services:
  telnet: {address: [192.0.2.9/32]}
  ftp: {address: [192.0.2.1/32]}
  www-ssl: {disabled: no, certificate: across}
listeners:
  - {name: btest, port: 2000, proto: tcp}
SCENARIO
start_process ready ip netns exec "$there" "$MOCK" --listen 192.0.2.2 --listen 2001:db8:6::2 \
	--listen fe80::2%vb --transcript "$work/transcript" "$work/link.yaml" || exit 1
mock_pid=$started_pid
key=$(sed -n 's/^ssh-host-key //p' <<<"$heard")
pin=$(sed -n 's/^tls-pin //p' <<<"$heard")

across() { # name, host, lines…
	local name=$1 host=$2
	shift 2
	policy "$work/router.yaml" 'name: r1' "host: \"$host\"" 'user: audit' \
		'password: {literal: lab}' "host-key: \"$key\"" "$@"
	run a "$ROSAUDIT" "$work/router.yaml" -f json
	declared "$out" >"$work/declared.$name"
}

across ssh 192.0.2.2
expect_pick "IPv4 over the router's own ports, without a port-map" routers.0.error null
expect_state "IPv4: every port of the plan was probed" 53 'closed null'
across ssh-ipv6 2001:db8:6::2 'transport: both' "pin: \"$pin\""
expect_pick "IPv6: SSH and REST" routers.0.error null
expect_pick "IPv6: the router sees us so" routers.0.device.seen_as 2001:db8:6::1
expect_state "IPv6: a list of IPv4 prefixes refuses us" 21 'open refused'
check "IPv6: the same services" diff "$work/declared.ssh" "$work/declared.ssh-ipv6"

across zone-ssh fe80::2%va
expect_pick "link-local over SSH" routers.0.error null
expect_pick "link-local: the zone is in the address" routers.0.address fe80::2%va
expect_pick "link-local: the router sees us so" routers.0.device.seen_as fe80::1
expect_state "link-local: the scan finds an open port" 8291 'open serving'
expect_state "link-local: and a closed one" 53 'closed null'
expect_pick "link-local: every port was judged" routers.0.scan.scanned true
check "link-local over SSH: the same services" diff "$work/declared.ssh" "$work/declared.zone-ssh"
across zone-http fe80::2%va 'transport: rest' 'scheme: http'
expect_pick "link-local over REST, http" routers.0.error null
check "link-local over http: the same services" diff "$work/declared.ssh" "$work/declared.zone-http"
across zone-https fe80::2%va 'transport: rest' "pin: \"$pin\""
expect_pick "link-local over REST, https" routers.0.error null
check "link-local over https: the same services" diff "$work/declared.ssh" "$work/declared.zone-https"
across zone-unknown fe80::2%nosuch0
check_status "an interface that is not there" 3
golden ipv6/no-such-zone "$err"
across zone-missing fe80::2
check_status "a link-local address without its zone" 2
golden ipv6/no-zone "$err"

# known_hosts keeps the zone: the same address on another link is another router.
policy "$work/router.yaml" 'name: r1' 'host: "fe80::2%va"' 'user: audit' 'password: {literal: lab}' \
	"known-hosts: $work/known_hosts" 'scan: {ports: none}'
run a "$ROSAUDIT" "$work/router.yaml"
check_status "link-local: an unknown key is refused" 3
run a "$ROSAUDIT" --accept-new "$work/router.yaml"
check_status "link-local: --accept-new stores it" 0
check "link-local: under the address with its zone" grep -q '^fe80::2%va ssh-' "$work/known_hosts"
run a "$ROSAUDIT" "$work/router.yaml"
check_status "link-local: afterwards it is known" 0
run a "$ROSAUDIT" 'ssh://audit@[fe80::2%25va]' --known-hosts "$work/known_hosts" --key "$work/none"
check_err "link-local: a URL takes the zone as %25" "cannot open $work/none"

# --- the vantage across a link -------------------------------------------------------------------------

rules() {
	paste -d ' ' <(pick "$out" routers.0.findings.*.rule) \
		<(pick "$out" routers.0.findings.*.service) | sort
}

across from-1 192.0.2.2 'source: 192.0.2.1'
expect_pick "from 192.0.2.1: the router sees us so" routers.0.device.seen_as 192.0.2.1
check "from 192.0.2.1: ftp serves, telnet refuses" test "$(state 21), $(state 23)" = \
	"open serving, open refused"
# btest is declared: /tool bandwidth-server has it on.
check "from 192.0.2.1: what its menu opens is no finding" test -z "$(rules)"
across from-9 192.0.2.2 'source: 192.0.2.9'
expect_pick "from 192.0.2.9: the router sees us so" routers.0.device.seen_as 192.0.2.9
check "from 192.0.2.9: telnet serves, ftp refuses" test "$(state 21), $(state 23)" = \
	"open refused, open serving"

# Something on the way gives ftp and telnet another source than the login has.
if command -v nft >/dev/null && a nft -f - 2>"$work/nft" <<'RULES'; then
table ip nat {
	chain post {
		type nat hook postrouting priority 100; policy accept;
		ip saddr 192.0.2.9 tcp dport { 21, 23 } snat to 192.0.2.1
	}
}
RULES
	across nat 192.0.2.2 'source: 192.0.2.9' 'scan: {ports: "21,22,23"}'
	check "restricted yet serving us, allowed yet refused" test "$(rules)" = "RA204 ftp
RA205 telnet"
	run a "$ROSAUDIT" "$work/router.yaml"
	golden ipv6/nat "$out"
else
	skip "restricted yet serving us, allowed yet refused" "no nft, or no NAT in this kernel"
fi
kill -TERM "$mock_pid"
wait "$mock_pid"
check "across the link: nothing but reading" test $? = 0
done_testing
