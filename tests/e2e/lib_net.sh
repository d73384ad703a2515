# shellcheck shell=bash
# shellcheck disable=SC2154 # lib.sh sets them
# A router in a network namespace with a LAN ("bridge") and a WAN ("ether1"), a host in each, and one
# more source behind that of the WAN. Sourced behind lib.sh; needs root.
#
#	$router $lan $wan         the namespaces
#	r COMMAND…                runs in the router's
#	start_router SCENARIO     starts the double in it, on RouterOS's own ports; $ROUTER_CONFIG leads
#	                          to it over loopback
#	load_firewall SCENARIO    the scenario's rules, in nftables

PATH=$PATH:/usr/sbin:/sbin
needs ip nft
[ "$(id -u)" = 0 ] || skip_all "network namespaces need root"

router=rosaudit-net-$$-r
lan=rosaudit-net-$$-l
wan=rosaudit-net-$$-w
remove_namespaces() {
	stop_all
	for each in "$router" "$lan" "$wan"; do
		ip netns del "$each" 2>/dev/null
	done
}
trap remove_namespaces EXIT

r() { ip netns exec "$router" "$@"; }
ip netns add "$router" 2>/dev/null || skip_all "network namespaces cannot be made here"
ip netns add "$lan" && ip netns add "$wan" || exit 1
ip link add name bridge netns "$router" type veth peer name eth0 netns "$lan" ||
	skip_all "veth links cannot be made here"
ip link add name ether1 netns "$router" type veth peer name eth0 netns "$wan" || exit 1

address() { # NAMESPACE DEVICE ADDRESS...
	local ns=$1 device=$2 each
	shift 2
	ip -n "$ns" link set lo up
	ip -n "$ns" link set "$device" up
	for each; do
		case $each in
		*:*) ip -n "$ns" addr add "$each" dev "$device" nodad ;;
		*) ip -n "$ns" addr add "$each" dev "$device" ;;
		esac
	done
}
address "$router" bridge 192.168.88.1/24 2001:db8:88::1/64
address "$router" ether1 203.0.113.1/24 2001:db8:1::1/64
address "$lan" eth0 192.168.88.10/24 2001:db8:88::10/64
address "$wan" eth0 203.0.113.9/24 2001:db8:1::9/64
# The third vantage is behind the second: its network is none of the router's.
address "$wan" lo 198.51.100.7/32
ip -n "$router" route add 198.51.100.0/24 via 203.0.113.9
ip -n "$lan" route add default via 192.168.88.1
r sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0

start_router() {
	ROUTER_CONFIG=$work/router.$((routers_n += 1)).yaml
	start_process ready ip netns exec "$router" "$MOCK" --listen 0.0.0.0 --listen :: \
		--port-map none --write-config "$ROUTER_CONFIG" --user audit "$1"
}
routers_n=0

load_firewall() {
	"$MOCK" --nftables "$1" >"$work/rules.nft" && r nft flush ruleset &&
		r nft -f "$work/rules.nft"
}
