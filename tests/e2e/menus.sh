#!/usr/bin/env bash
# The menus beyond /ip service: read over SSH and REST from every version, and what a router says that has
# no such menu, forbids it, answers slowly, holds 100,000 entries, or has comments made to mislead.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

# audit LINE…: JSON of an audit of the last mock, without probes.
audit() {
	policy "$work/router.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' \
		'password: {literal: lab}' "port-map: $MOCK_PORT_MAP" 'scan: {ports: none}' "$@"
	run "$ROSAUDIT" --format json --save "$work/saved" "$work/router.yaml"
}

over() { # ssh or rest, LEGACY, how long one answer may take
	if [ "$1" = ssh ]; then
		audit "host-key: \"$MOCK_HOST_KEY\"" "legacy-algorithms: $2" "command-timeout: ${3:-60s}"
	else
		audit 'transport: rest' 'scheme: http' "command-timeout: ${3:-60s}"
	fi
}

# menu PATH: its state and how many items.
menu() {
	local menus='routers.0.device.menus.*'
	paste -d ' ' <(pick "$out" "$menus.state") <(pick "$out" "$menus.items") \
		<(pick "$out" "$menus.path") | sed -n "s|^\(.*\) $1\$|\1|p"
}

menu_is() { # NAME PATH EXPECTED
	check "$1: $2 is $3" test "$(menu "$2")" = "$3"
}

# --- every version, every way ------------------------------------------------------------------------

for way in 6.49-ssh 7.18-ssh 7.18-rest 7.24-ssh 7.24-rest; do
	version=${way%-*}
	start_mock "mock-router/scenarios/stock-$version.yaml" || exit 1
	over "${way#*-}" "$([ "$version" = 6.49 ] && echo yes || echo no)"
	for path in "/ip dns" "/tool bandwidth-server" "/snmp" "/tool mac-server" "/ip ssh" "/ip settings"; do
		menu_is "$way" "$path" "read 1"
	done
	menu_is "$way" "/ip firewall filter" "read 0"
	menu_is "$way" "/user" "read 2"
	menu_is "$way" "/ip address" "read 1"
	case $version in
	6.49)
		menu_is "$way" "/interface ovpn-server server" "read 1"
		menu_is "$way" "/ip service webserver" "not asked null"
		menu_is "$way" "/ipv6 address" "missing null"
		menu_is "$way" "/interface wireguard" "not asked null"
		;;
	7.18)
		menu_is "$way" "/interface ovpn-server server" "read 0"
		menu_is "$way" "/ip service webserver" "not asked null"
		menu_is "$way" "/interface wireguard" "read 0"
		menu_is "$way" "/zerotier" "missing null"
		;;
	7.24)
		menu_is "$way" "/ip service webserver" "read 1"
		menu_is "$way" "/ip reverse-proxy" "read 0"
		menu_is "$way" "/user-manager" "missing null"
		;;
	esac
	check "$way: no menu is unreadable" test -z "$(pick "$out" 'routers.0.device.menus.*.state' |
		grep -E 'unreadable|forbidden')"
	check "$way: no note about a menu" test -z "$(pick "$out" 'routers.0.device.notes.*' | grep 'not read')"
	check "$way: nothing but reading is in the transcript" only_reads "$MOCK_TRANSCRIPT"
	check "$way: few requests" test "$(grep -cE ' exec: | GET ' "$MOCK_TRANSCRIPT")" -lt 110
	check "$way: the mock was asked for nothing but reading" stop_mock
done

printf '%s\n' 'T ssh 127.0.0.1 exec: :put [/ip dns get]; /ip dns set servers=192.0.2.1' >"$work/bad"
check "a request that changes something would be seen" bash -c "$(declare -f only_reads); ! only_reads '$work/bad'"

# --- a router in the way -----------------------------------------------------------------------------

cat >"$work/odd.yaml" <<'SCENARIO'
version: "7.24"
users:
  - {name: audit, password: lab, group: audit, policies: [ssh, read, api, rest-api]}
menus:
  /ip upnp: forbidden
  /ip socks: missing
  /interface l2tp-server server: {enabled: yes, ipsec-secret: hunter2}
  /ip firewall filter:
    - {chain: input, action: drop, comment: "x;action=accept;disabled=true"}
    - {chain: input, action: drop, comment: "x\nrosaudit 3\nrosaudit end\n"}
    - {chain: input, action: drop, comment: "\e[2J\a<b>'\"=cmd|' ; $[/system reboot]"}
  /interface list:
    - {name: LAN, comment: "x\nrosaudit 4\nrosaudit end"}
  /ip firewall address-list:
    - {repeat: 100000, list: blocked, address: "%a", creation-time: "2026-03-01 10:00:00"}
SCENARIO
for way in ssh rest; do
	start_mock "$work/odd.yaml" || exit 1
	over "$way" no
	check "$way: the audit of /ip service stands" test "$status" -le 1
	menu_is "$way" "/ip upnp" "forbidden null"
	menu_is "$way" "/ip socks" "missing null"
	menu_is "$way" "/ip firewall filter" "read 3"
	menu_is "$way" "/ip firewall address-list" "read 100000"
	menu_is "$way" "/interface list" "read 1"
	menu_is "$way" "/interface l2tp-server server" "read 1"
	check_out "$way: the router's words are told" "not enough permissions"
	check_out "$way: a menu that ought to be there is noted" "not read: /ip socks (missing)"
	check "$way: a secret is in no report" bash -c "! grep -q hunter2 '$out'"
	check "$way: nor in what is kept" bash -c "! grep -q hunter2 '$work/saved/r1.saved'"
	check "$way: the mock was asked for nothing but reading" stop_mock
done

# One menu that never answers costs its time and no more.
sed -e '/^menus:/,$d' "$work/odd.yaml" >"$work/slow.yaml"
printf 'menus:\n  /ip firewall mangle: slow\n' >>"$work/slow.yaml"
for way in ssh rest; do
	start_mock "$work/slow.yaml" || exit 1
	over "$way" no 5s
	menu_is "$way" "/ip firewall mangle" "unreadable null"
	menu_is "$way" "/ip firewall address-list" "read 0"
	check_out "$way: what was too slow is noted" "not read: /ip firewall mangle (unreadable)"
	check "$way: the mock was asked for nothing but reading" stop_mock
done

# A user who may read nothing: as before, nothing is known.
sed -e 's/policies: .*]}/policies: [ssh]}/' -e '/^menus:/,$d' "$work/odd.yaml" >"$work/blind.yaml"
start_mock "$work/blind.yaml" || exit 1
over ssh no
check_status "a user who may read nothing is an error" 3
check "the mock was asked for nothing but reading" stop_mock

# A whole home router.
start_mock mock-router/scenarios/defconf-7.18.yaml || exit 1
over ssh no
menu_is defconf "/ip firewall filter" "read 11"
menu_is defconf "/ipv6 firewall filter" "read 9"
menu_is defconf "/interface list member" "read 2"
check "the mock was asked for nothing but reading" stop_mock
done_testing
