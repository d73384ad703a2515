#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# Discovery (-sn) across two network namespaces and a third behind them: each kind of sign that a host
# is there, alone. Needs root.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
needs ip nft
[ "$(id -u)" = 0 ] || skip_all "network namespaces need root"

here=rosaudit-dis-$$-a
gate=rosaudit-dis-$$-b
far=rosaudit-dis-$$-c

remove_namespaces() {
	stop_all
	for ns in "$here" "$gate" "$far"; do ip netns del "$ns" 2>/dev/null; done
}
trap remove_namespaces EXIT

ip netns add "$here" 2>/dev/null || skip_all "network namespaces cannot be made here"
ip netns add "$gate" && ip netns add "$far" || exit 1
a() { ip netns exec "$here" "$@"; }
b() { ip netns exec "$gate" "$@"; }
c() { ip netns exec "$far" "$@"; }

# a 192.0.2.1 -- 192.0.2.2 b 198.51.100.1 -- 198.51.100.2 to .7 c
ip link add name va netns "$here" type veth peer name vb netns "$gate" ||
	skip_all "veth links cannot be made here"
ip link add name vc netns "$gate" type veth peer name vd netns "$far"
for side in "a va 192.0.2.1" "b vb 192.0.2.2" "b vc 198.51.100.1" "c vd 198.51.100.2"; do
	read -r run_in link address <<<"$side"
	"$run_in" ip link set lo up
	"$run_in" ip link set "$link" up
	"$run_in" ip addr add "$address/24" dev "$link"
done
a ip addr add 2001:db8:8::1/64 dev va nodad
b ip addr add 2001:db8:8::2/64 dev vb nodad
for last in 3 4 5 6 7 8; do c ip addr add "198.51.100.$last/24" dev vd; done
b sysctl -q -w net.ipv4.ip_forward=1
a ip route add default via 192.0.2.2
c ip route add default via 198.51.100.1
# .2 answers all, .3 echo alone, .4 timestamp alone, .5 port 443 alone, .6 an ACK to port 80 alone,
# .7 nothing, .8 port 80 alone;
# the near host 192.0.2.2 drops whatever comes.
c nft -f - <<'RULES' || exit 1
table inet far {
	chain input {
		type filter hook input priority 0; policy accept;
		ip daddr 198.51.100.2 accept
		ip daddr 198.51.100.3 icmp type echo-request accept
		ip daddr 198.51.100.4 icmp type timestamp-request accept
		ip daddr 198.51.100.5 tcp dport 443 accept
		ip daddr 198.51.100.6 tcp dport 80 tcp flags & (syn | ack) == ack accept
		ip daddr 198.51.100.8 tcp dport 80 accept
		ip daddr 198.51.100.0/24 drop
	}
}
RULES
b nft 'table inet near { chain input { type filter hook input priority 0; policy accept; ip daddr 192.0.2.2 drop; ip6 daddr 2001:db8:8::2 meta l4proto { tcp, udp } drop; icmpv6 type echo-request drop; }; }'

found() { # what -sn says, one line for each host: address state reason
	python3 -c 'import json, sys
for h in json.load(open(sys.argv[1]))["hosts"]:
    print(h["address"], h["state"], h["reason"])' "$out"
}

expect() { # name, expected lines, command before rosaudit…
	local name=$1 difference
	printf '%s\n' "$2" >"$work/expected"
	shift 2
	run "$@"
	found >"$work/got"
	if difference=$(diff "$work/expected" "$work/got"); then
		ok "$name"
	else
		not_ok "$name" "$difference
$(told)"
	fi
}

rosaudit=$build/check/rosaudit
a sysctl -q -w net.ipv4.ping_group_range="1 0"
expect "each sign of a host is seen, with raw sockets" "198.51.100.3 up echo-reply
198.51.100.4 up timestamp-reply
198.51.100.5 up conn-refused
198.51.100.6 up reset
198.51.100.7 down no-response
198.51.100.8 up reset" a "$rosaudit" scan -sn -n --format json 198.51.100.3-8
expect "a neighbour is seen though it drops all" "192.0.2.2 up arp-response" \
	a "$rosaudit" scan -sn -n --format json 192.0.2.2
expect "a neighbour of IPv6 is seen though it drops all" "2001:db8:8::2 up nd-response" \
	a "$rosaudit" scan -sn -n -6 --format json 2001:db8:8::2
expect "nobody is down" "192.0.2.77 down no-response" a "$rosaudit" scan -sn -n --format json 192.0.2.77

# Without privileges: TCP, and ICMP where the system lends it.
if command -v setpriv >/dev/null; then
	weak=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all)
	expect "without privileges TCP is asked" "198.51.100.3 down no-response
198.51.100.5 up conn-refused
198.51.100.8 up conn-refused" a "${weak[@]}" "$rosaudit" scan -sn -n --format json 198.51.100.3,5,8
	a sysctl -q -w net.ipv4.ping_group_range="0 2147483647"
	expect "and ICMP where the system lends it" "198.51.100.3 up echo-reply" \
		a "${weak[@]}" "$rosaudit" scan -sn -n --format json 198.51.100.3
else
	skip "without privileges TCP is asked" "no setpriv here"
	skip "and ICMP where the system lends it" "no setpriv here"
fi

# A host that is down is not scanned, unless it is said to be there.
run a "$rosaudit" scan -n -p 22 --format json 198.51.100.7
check "a host that is down is not scanned" test "$(found)" = "198.51.100.7 down no-response"
run a "$rosaudit" scan -Pn -n -p 22 198.51.100.7
check_out "-Pn scans it" "22/tcp filtered"
run a "$rosaudit" scan -n -p 22 198.51.100.2
check_out "a host that is up is scanned" "22/tcp closed"
done_testing
