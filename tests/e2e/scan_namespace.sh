#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# The scan across a real link: two network namespaces joined by veth, nftables as the router's
# firewall. What only a link has is judged here: dropped, rejected by ICMP, IPv6, link-local zones,
# and what this machine itself gets in the way of. Needs root.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
needs ip nft
[ "$(id -u)" = 0 ] || skip_all "network namespaces need root"
driver=$build/check/tests/scan_driver

here=rosaudit-scan-$$-a
there=rosaudit-scan-$$-b

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
	"$run_in" ip addr add "2001:db8:6::$number/64" dev "$link" nodad
done
a ip addr add 192.0.2.9/24 dev va

# The router's firewall. Ports 101 to 107 stand for ways to say no; 22 and 2222 listen.
b nft -f - <<'RULES' || exit 1
table inet router {
	chain input {
		type filter hook input priority 0; policy accept;
		tcp dport { 101, 3000-3999 } drop
		tcp dport 102 reject with icmpx type admin-prohibited
		tcp dport 103 reject with icmpx type host-unreachable
		tcp dport 104 reject with icmpx type no-route
		tcp dport 105 reject with icmpx type port-unreachable
		tcp dport 106 reject with tcp reset
		ip saddr 192.0.2.9 tcp dport 2222 drop
	}
}
RULES
# ICMP errors are limited to one a second for each destination by default.
b sysctl -q -w net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 \
	net.ipv6.icmp.ratelimit=0
# What this machine's own firewall forbids.
a nft -f - <<'RULES' || exit 1
table inet own {
	chain output {
		type filter hook output priority 0; policy accept;
		tcp dport 201 reject with icmpx type admin-prohibited
	}
}
RULES

# A tentative link-local address cannot be used yet.
tries=0
while a ip -6 addr show dev va tentative | grep -q fe80 ||
	b ip -6 addr show dev vb tentative | grep -q fe80; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || break
	sleep 0.1
done

start_process ready ip netns exec "$there" "$driver" listen 22 2222 || exit 1

expect() { # name, expected lines ("port state reason serve app"), arguments of the driver…
	local name=$1 difference
	printf '%s\n' "$2" >"$work/expected"
	shift 2
	run a "$driver" scan "$@"
	grep -vE '^(source|sent)' "$out" | awk '{ print $1, $2, $3, $4, $5 }' >"$work/got"
	if difference=$(diff "$work/expected" "$work/got"); then
		ok "$name"
	else
		not_ok "$name" "$difference
$(told)"
	fi
}

firewall="22 open syn-ack serving ssh
101 filtered no-response - unknown
102 filtered admin-prohibited - unknown
103 filtered host-unreach - unknown
104 filtered net-unreach - unknown
105 filtered port-unreach - unknown
106 closed conn-refused - unknown
107 closed conn-refused - unknown"

expect "IPv4: each word of a firewall is told" "$firewall" -t 400 192.0.2.2 22,101-107
expect "IPv6: each word of a firewall is told" "$firewall" -t 400 2001:db8:6::2 22,101-107
peer=$(b ip -6 addr show dev vb scope link | awk '/inet6/ { sub("/.*", "", $2); print $2; exit }')
expect "link-local with its zone" "$firewall" -t 400 "$peer%va" 22,101-107
expect "an answer depends on the source address" "2222 filtered no-response - unknown" \
	-t 200 -S 192.0.2.9 192.0.2.2 2222
expect "another source is let in" "2222 open syn-ack serving ssh" -S 192.0.2.1 192.0.2.2 2222

run a "$driver" scan -S 192.0.2.9 192.0.2.2 22
check_out "the source is told" "source 192.0.2.9 "

# Never a state: what our own machine could not do. (A SYN that its firewall drops without a word is
# silence to connect(2); nobody can tell that from the router's.)
expect "the local firewall is no state of a port" "201 unknown admin-prohibited - unknown" \
	-t 400 192.0.2.2 201
expect "the local firewall is no state of a port, IPv6" "201 unknown admin-prohibited - unknown" \
	-t 400 2001:db8:6::2 201
a ip route add prohibit 198.51.100.2
expect "a forbidden route is no state of a port" "22 unknown no-permission - unknown" 198.51.100.2 22
expect "no route is no state of a port" "22 unknown net-unreach - unknown" 198.51.100.1 22
expect "a neighbour that does not answer is no state of a port" \
	"22 unknown host-unreach - unknown" -t 6000 192.0.2.77 22

# A connect to itself on loopback: one ephemeral port is left, the one asked for.
a sysctl -q -w net.ipv4.ip_local_port_range="40000 40000"
expect "a connection with itself is no open port" "40000 closed conn-refused - unknown" \
	127.0.0.1 40000
a sysctl -q -w net.ipv4.ip_local_port_range="32768 60999"

# The interface goes away in mid-scan and comes back: waited for, not lost. It goes once the SYN to
# port 101 (hexadecimal 65) is seen on its way.
flap() {
	tries=0
	until a grep -q ':0065 02' /proc/net/tcp; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || break
		sleep 0.02
	done
	a ip link set va down
	sleep 1.5
	a ip link set va up
}
flap &
flapper=$!
expect "an interface that comes back is waited for" "22 open syn-ack serving ssh
101 filtered no-response - unknown" -p 1 -S 192.0.2.1 192.0.2.2 101,22
wait $flapper
a ip addr add 2001:db8:6::1/64 dev va nodad 2>/dev/null

# One packet in twenty is lost each way: the kernel's retransmission and ours find what is open.
lossy='table inet loss { chain input { type filter hook input priority -10; numgen random mod 20 0 drop; }; }'
a nft "$lossy"
b nft "$lossy"
expect "an open port is found through loss" "22 open syn-ack serving ssh
107 closed conn-refused - unknown" -t 3500 192.0.2.2 22,107
a nft delete table inet loss
b nft delete table inet loss

# A thousand at once.
run a "$driver" scan -q 192.0.2.2 1000-1999
check_out "a thousand closed ports" " closed 1000 "
comment <"$out"
run a "$driver" scan -q -p 1000 -t 300 192.0.2.2 3000-3999
check_out "a thousand dropped ports" " filtered 1000 "
comment <"$out"

# nmap's words for the same ports. Its SYN scan, since its connect scan takes an ICMP message of an
# unreachable port for a RST.
if command -v nmap >/dev/null; then
	a nmap -sS -Pn -n -oG - -p 22,101-107 192.0.2.2 2>/dev/null |
		sed -n 's/.*Ports: //p' | sed 's/Ignored.*//' | tr ',' '\n' |
		awk -F/ '$1 { print $1 + 0, $2 }' >"$work/nmap"
	printf '%s\n' "$firewall" | awk '{ print $1, $2 }' >"$work/ours"
	check "nmap sees the same states" diff "$work/nmap" "$work/ours"
else
	skip "nmap sees the same states" "no nmap here (make peers)"
fi
done_testing
