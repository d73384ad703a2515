#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# The scan's engine across a link that misbehaves: every state exact by connect and by SYN, over IPv4
# and IPv6, at any rate, with packets lost either way, a router that limits its resets, an interface
# that goes away, many hosts at once, and one where everything is open. Two network namespaces joined
# by veth, nftables as router and as the bad link. Needs root.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
needs ip nft
[ "$(id -u)" = 0 ] || skip_all "network namespaces need root"
driver=$build/check/tests/scan_driver

here=rosaudit-engine-$$-a
there=rosaudit-engine-$$-b

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
for host in $(seq 101 150); do
	b ip addr add "192.0.2.$host/24" dev vb
done
# ICMP errors are limited to one a second for each destination by default.
b sysctl -q -w net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 \
	net.ipv6.icmp.ratelimit=0

# The router: 2000 to 2999 are dropped but for what is open, 3000 to 3009 refused by ICMP, the rest
# is closed. Open are 22, 2222, 2999 and 5000.
b nft -f - <<'RULES' || exit 1
table inet router {
	chain input {
		type filter hook input priority 0; policy accept;
		tcp dport { 2222, 2999 } accept
		tcp dport 2000-2998 drop
		tcp dport 3000-3009 reject with icmpx type admin-prohibited
	}
}
RULES
start_process ready ip netns exec "$there" "$driver" listen 22 2222 2999 5000 || exit 1

# What must be seen of 1-600, 2000-3099 and 5000, whatever the way.
truth=$work/truth
for port in $(seq 1 600) $(seq 2000 3099) 5000; do
	case $port in
	22 | 2222 | 2999 | 5000) echo "$port open" ;;
	300?) echo "$port filtered" ;;
	2???) echo "$port filtered" ;;
	*) echo "$port closed" ;;
	esac
done >"$truth"
ports=1-600,2000-3099,5000

states() { # name, arguments of the driver…
	local name=$1 difference
	shift
	run a "$driver" scan "$@" "$ports"
	grep -vE '^(source|sent)' "$out" | awk '{ print $1, $2 }' >"$work/got"
	if difference=$(diff "$truth" "$work/got"); then
		ok "$name"
		grep -E '^(source|sent)' "$out" | tr '\n' ' ' | sed 's/$/\n/' | comment
	else
		not_ok "$name" "$(head -20 <<<"$difference")
$(grep -E '^(source|sent)' "$out")"
	fi
}

states "connect, IPv4" 192.0.2.2
states "connect, IPv6" 2001:db8:6::2
states "SYN, IPv4" -y 192.0.2.2
states "SYN, IPv6" -y 2001:db8:6::2
peer=$(b ip -6 addr show dev vb scope link | awk '/inet6/ { sub("/.*", "", $2); print $2; exit }')
states "SYN, link-local with its zone" -y "$peer%va"
check "the reason of an ICMP error is told" grep -q '^3000 .*' "$out"
run a "$driver" scan -y 192.0.2.2 3000,2001,600
check_out "ICMP's reason, by SYN" "3000 filtered admin-prohibited"
check_out "silence is no-response" "2001 filtered no-response"
check_out "RST is reset" "600 closed reset"
run a "$driver" scan -y -t 4000 192.0.2.77 22
check_out "a neighbour that does not answer is no state of a port" "22 unknown host-unreach"

for rate in 2000 20000 200000; do
	states "SYN at $rate a second" -y -r "$rate" 192.0.2.2
done
states "connect at 2000 a second" -r 2000 192.0.2.2

loss() { # of both sides: one packet in $1
	local rule="table inet loss { chain input { type filter hook input priority -200; numgen random mod $1 0 drop; }; }"
	a nft "$rule"
	b nft "$rule"
}
no_loss() {
	a nft delete table inet loss
	b nft delete table inet loss
}
for one_in in 20 10; do
	loss $one_in
	for seed in 1 2 3; do
		states "SYN, one packet in $one_in lost each way, $seed" -y 192.0.2.2
	done
	states "SYN, IPv6, one in $one_in lost each way" -y 2001:db8:6::2
	states "connect, one in $one_in lost each way" 192.0.2.2
	states "SYN at 2000 a second, one in $one_in lost each way" -y -r 2000 192.0.2.2
	no_loss
done

# A router that sends a thousand resets a second and no more.
b nft 'table inet limiter { chain output { type filter hook output priority 0; tcp flags & rst == rst limit rate over 1000/second drop; }; }'
states "SYN, resets limited to 1000 a second" -y 192.0.2.2
check_out "the limit is told" " limited"
states "connect, resets limited to 1000 a second" 192.0.2.2
states "SYN, IPv6, resets limited" -y 2001:db8:6::2
b nft delete table inet limiter

# The interface goes away in mid-scan and comes back. A rate makes it last long enough.
flap() {
	local tries=0
	until a cat /sys/class/net/va/statistics/tx_packets | awk -v was="$1" '{ exit !($1 > was + 500) }'; do
		tries=$((tries + 1))
		[ $tries -lt 400 ] || break
		sleep 0.01
	done
	a ip link set va down
	sleep 1
	a ip link set va up
}
for way in "" -y; do
	flap "$(a cat /sys/class/net/va/statistics/tx_packets)" &
	flapper=$!
	# shellcheck disable=SC2086 # no argument when empty
	states "an interface that comes back is waited for${way:+, SYN}" $way -r 1000 192.0.2.2
	wait $flapper
done
a ip addr add 2001:db8:6::1/64 dev va nodad 2>/dev/null

# Fifty hosts in one loop.
for way in "" -y; do
	# shellcheck disable=SC2086
	run a "$driver" many $way 192.0.2.101 50 "$ports"
	good=$(grep -c 'open 4 closed 689 filtered 1008 unknown 0$' "$out")
	if [ "$good" = 50 ]; then
		ok "fifty hosts${way:+, SYN}"
	else
		not_ok "fifty hosts${way:+, SYN}" "$(told)"
	fi
done

# Everything is open there.
b nft 'table inet tarpit { chain prerouting { type nat hook prerouting priority -100; ip daddr 192.0.2.150 tcp dport 1-65535 redirect to :5000; }; }'
for way in "" -y; do
	# shellcheck disable=SC2086
	run a "$driver" scan $way 192.0.2.150 1000-5999
	check_out "a tarpit is told${way:+, SYN}" " tarpit"
	# shellcheck disable=SC2016
	check "and not listed${way:+, SYN}" awk '$2 == "open" { n++ } END { exit n > 2000 }' "$out"
done
b nft delete table inet tarpit

run a "$driver" dry 192.0.2.2 22
check_out "a dry run prints the packet" "192.0.2.1:61000 > 192.0.2.2:22 S seq"

# What a half-open probe of an open port is on the wire: SYN, SYN-ACK, RST, and nothing else.
b nft -f - <<'RULES'
table inet count {
	counter syn {}
	counter rst {}
	counter answer {}
	counter other {}
	chain input {
		type filter hook input priority -300; policy accept;
		tcp dport 5000 tcp flags == syn counter name syn accept
		tcp dport 5000 tcp flags == rst counter name rst accept
		tcp dport 5000 counter name other
	}
	chain output {
		type filter hook output priority -300; policy accept;
		tcp sport 5000 tcp flags == (syn | ack) counter name answer accept
		tcp sport 5000 counter name other
	}
}
RULES
run a "$driver" scan -y -n 192.0.2.2 5000
check_out "a half-open probe finds it" "5000 open syn-ack"
for one in "syn 1" "answer 1" "rst 1" "other 0"; do
	check "on the wire: ${one% *} ${one#* }" grep -q "packets ${one#* } " \
		<(b nft list counter inet count "${one% *}")
done
done_testing
