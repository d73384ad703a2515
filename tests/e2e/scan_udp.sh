#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# UDP ports across a real link: two network namespaces joined by veth, and the kernel's own limiter
# of ICMP errors, one a second to each peer, as it is by default. Needs root.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
needs ip nft
[ "$(id -u)" = 0 ] || skip_all "network namespaces need root"
driver=$build/check/tests/udp_driver

here=rosaudit-udp-$$-a
there=rosaudit-udp-$$-b

remove_namespaces() {
	stop_all
	ip netns del "$here" 2>/dev/null
	ip netns del "$there" 2>/dev/null
}
trap remove_namespaces EXIT

ip netns add "$here" 2>/dev/null || skip_all "network namespaces cannot be made here"
ip netns add "$there" || exit 1
a() { ip netns exec "$here" "$@"; }
b() { ip netns exec "$there" "$@"; }

ip link add name va netns "$here" type veth peer name vb netns "$there" ||
	skip_all "veth links cannot be made here"
for side in "a 1 va" "b 2 vb"; do
	read -r run_in number link <<<"$side"
	"$run_in" ip link set lo up
	"$run_in" ip link set "$link" up
	"$run_in" ip addr add "192.0.2.$number/24" dev "$link"
	"$run_in" ip addr add "2001:db8:7::$number/64" dev "$link" nodad
done
for last in 3 4 5 6 7 8 9 10; do
	b ip addr add "192.0.2.$last/24" dev vb
done

# RouterOS's UDP ports, 31 of them: four that answer, five that stay silent (two have no listener
# but a rule that drops), one that a rule rejects in other words; the rest is closed.
ports=53,67,68,69,123,137,138,161,319,320,500,520,521,546,547,646,1194,1701,1812,1813,1900,2000,3784,4500,4789,5246,5351,5353,5678,13231,20561
start_process ready ip netns exec "$there" "$driver" serve 53 137 138 5353 -m 500 4500 13231 || exit 1
b nft -f - <<'RULES' || exit 1
table inet router {
	chain input {
		type filter hook input priority 0; policy accept;
		udp dport { 161, 1812 } drop
		udp dport 520 reject with icmpx type admin-prohibited
	}
}
RULES
limit() { # milliseconds between two errors; 0 = none
	b sysctl -q -w "net.ipv4.icmp_ratelimit=$1" "net.ipv6.icmp.ratelimit=$1"
}

expected=$(printf '%s\n' "$ports" | tr , '\n' | awk '
	BEGIN { split("53 137 138 5353", o); for (i in o) open[o[i]] = 1
		split("161 500 1812 4500 13231", s); for (i in s) silent[s[i]] = 1 }
	$1 in open { print $1, "open udp-response"; next }
	$1 in silent { print $1, "open|filtered no-response"; next }
	$1 == 520 { print $1, "filtered admin-prohibited"; next }
	{ print $1, "closed port-unreach" }')

expect() { # name, arguments of the driver…
	local name=$1 difference
	shift
	run a "$driver" scan "$@"
	grep -v '^total' "$out" | awk '{ print $1, $2, $3 }' | sort -n >"$work/got"
	if difference=$(diff <(printf '%s\n' "$expected") "$work/got"); then
		ok "$name"
	else
		not_ok "$name" "$difference
$(told)"
	fi
	grep '^total' "$out" | comment
}

limit 0
expect "IPv4: 31 ports of a host that limits nothing" "$ports" 192.0.2.2
expect "IPv6: 31 ports of a host that limits nothing" "$ports" 2001:db8:7::2
limit 1000
expect "IPv4: one error a second, the same answer" "$ports" 192.0.2.2
check_out "the limiter is seen" " limited 1 "
expect "again at once, the limiter being dry" "$ports" 192.0.2.2
expect "IPv6: one error a second, the same answer" "$ports" 2001:db8:7::2

run a "$driver" scan 53 192.0.2.2
check_out "an answer tells its protocol" "53 open udp-response dns"

# Two limiters before the host: nftables', in the way of its errors, and lost packets.
limit 0
b nft 'table inet limiter { chain output { type filter hook output priority 0; icmp type destination-unreachable limit rate over 2/second burst 5 packets drop; }; }'
expect "a firewall's limiter, the same answer" "$ports" 192.0.2.2
b nft delete table inet limiter
lossy='table inet loss { chain input { type filter hook input priority -10; numgen random mod 20 0 drop; }; }'
a nft "$lossy"
b nft "$lossy"
for turn in 1 2 3; do
	expect "a twentieth lost either way, the same answer, $turn" "$ports" 192.0.2.2
done
a nft delete table inet loss
b nft delete table inet loss

# Eight hosts at once.
run a "$driver" scan -q "$ports" 192.0.2.{3,4,5,6,7,8,9,10}
check_out "eight hosts at once" "open 32 closed 168 filtered 8 open|filtered 40 unknown 0 "
comment <"$out"

# Never a state: what our own machine could not do.
run a "$driver" scan 53,67 192.0.2.77
check_out "a neighbour that does not answer is no state of a port" "67 unknown host-unreach"
run a "$driver" scan 53 198.51.100.1
check_out "no route is no state of a port" "53 unknown net-unreach"
a nft 'table inet own { chain output { type filter hook output priority 0; udp dport 67 reject with icmpx type admin-prohibited; }; }'
run a "$driver" scan 53,67 192.0.2.2
check_out "the local firewall is no state of a port" "67 unknown "
check_out "and the others are scanned" "53 open"
done_testing
