#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# The prediction held against packets: the double runs in a network namespace whose nftables are its
# scenario's firewall, and what `rosaudit scan` sees from three vantages must be what `rosaudit
# exposure` said before. Needs root.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
needs ip nft python3
[ "$(id -u)" = 0 ] || skip_all "network namespaces need root"

router=rosaudit-fw-$$-r
lan=rosaudit-fw-$$-l
wan=rosaudit-fw-$$-w
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

# Their weight is 18: no usual psd trips over it. None of them is a door of the port knocking.
ports=21,22,23,80,443,8291,8728,8729

look() { # NAMESPACE SOURCE TARGET FILE [OPTION...]
	local ns=$1 source=$2 target=$3 file=$4
	shift 4
	ip netns exec "$ns" "$ROSAUDIT" scan -sT -sV -Pn -q -p "$ports" -S "$source" -f json \
		"$@" "$target" >"$file" 2>"$file.err"
}

hold() { # NAME
	local name=$1 dir=$work/$1 points
	mkdir "$dir"
	r nft flush ruleset
	start_process ready ip netns exec "$router" "$MOCK" --listen 0.0.0.0 --listen :: --port-map none \
		--write-config "$dir/router.yaml" --user audit "tests/fixtures/firewall/$name.yaml" || {
		not_ok "$name: the double starts"
		return
	}
	run r "$ROSAUDIT" exposure -f json "$dir/router.yaml"
	check_status "$name: the matrix is computed" 0
	cp "$out" "$dir/exposure.json"
	"$MOCK" --nftables "tests/fixtures/firewall/$name.yaml" >"$dir/rules.nft"
	check "$name: nftables takes the rules" r nft -f "$dir/rules.nft"
	look "$lan" 192.168.88.10 192.168.88.1 "$dir/lan.json"
	look "$wan" 203.0.113.9 203.0.113.1 "$dir/wan.json"
	look "$wan" 198.51.100.7 203.0.113.1 "$dir/far.json"
	look "$lan" 2001:db8:88::10 2001:db8:88::1 "$dir/lan6.json"
	look "$wan" 2001:db8:1::9 2001:db8:1::1 "$dir/wan6.json"
	points=$(python3 tests/firewall_points.py "$dir/exposure.json" "bridge=$dir/lan.json" \
		"ether1=$dir/wan.json" "ether1=$dir/far.json" "bridge=$dir/lan6.json" \
		"ether1=$dir/wan6.json" 2>&1)
	if [[ $points =~ ^points\ ([0-9]+)\ undecided\ 0$ ]] && [ "${BASH_REMATCH[1]}" -ge 40 ]; then
		ok "$name: observed is predicted, from five sources"
	else
		not_ok "$name: observed is predicted" "$points"
	fi
	check "$name: the double was only read" stop_mock "$started_pid"
}

for each in default hardened knock psd dst-nat ipv6; do
	hold "$each"
done

done_testing
