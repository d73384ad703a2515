#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# What a SYN scan puts on the wire, as tshark sees it: of an open port SYN, SYN-ACK, RST and nothing
# else; of a closed one SYN and RST. Two network namespaces joined by veth. Needs root.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
needs ip tshark
[ "$(id -u)" = 0 ] || skip_all "network namespaces need root"
driver=$build/check/tests/scan_driver

here=rosaudit-capture-$$-a
there=rosaudit-capture-$$-b
remove_namespaces() {
	stop_all
	ip netns del "$here" 2>/dev/null
	ip netns del "$there" 2>/dev/null
}
trap remove_namespaces EXIT

ip netns add "$here" 2>/dev/null || skip_all "network namespaces cannot be made here"
ip netns add "$there" || exit 1
ip link add name va netns "$here" type veth peer name vb netns "$there" ||
	skip_all "veth links cannot be made here"
for side in "$here 1 va" "$there 2 vb"; do
	read -r name number link <<<"$side"
	ip -n "$name" link set lo up
	ip -n "$name" link set "$link" up
	ip -n "$name" addr add "192.0.2.$number/24" dev "$link"
	ip -n "$name" addr add "2001:db8:6::$number/64" dev "$link" nodad
done
start_process ready ip netns exec "$there" "$driver" listen 8291 || exit 1

# Captures until the knock on port 9, which is the capture's own, has come back: at the beginning, so
# that tshark is known to see, and at the end, so that it is known to have seen all before it.
knock() { ip netns exec "$here" "$driver" scan -q 192.0.2.2 9 >/dev/null 2>&1; }
knocks() { grep -c '^9 ' "$work/seen"; }
seen_more_than() { # N
	local tries=0
	while knock && [ "$(knocks)" -le "$1" ]; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.1
	done
}

packets() { # TARGET PORT: the flags of each packet of that port, in order
	local tshark before
	: >"$work/seen"
	ip netns exec "$here" tshark -l -n -i va -f tcp -T fields -E separator=' ' \
		-e tcp.dstport -e tcp.srcport -e tcp.flags >"$work/seen" 2>"$work/seen.err" &
	tshark=$!
	pids+=("$tshark")
	seen_more_than 0 || return 1
	run ip netns exec "$here" "$ROSAUDIT" scan -sS -Pn -n -p "$2" "$1"
	before=$(knocks)
	seen_more_than "$((before + 2))" || return 1
	kill -INT "$tshark"
	wait "$tshark" 2>/dev/null
	awk -v port="$2" '$1 == port || $2 == port { print $3 }' "$work/seen" | tr '\n' ' '
}

expect() { # NAME TARGET PORT FLAGS
	local got
	got=$(packets "$2" "$3") || comment <"$work/seen.err"
	if [ "$got" = "$4 " ]; then
		ok "$1"
	else
		not_ok "$1" "flags $got, not $4
$(told)"
	fi
}

# SYN 0x02, SYN-ACK 0x12, RST 0x04, RST-ACK 0x14; tshark's width.
for target in 192.0.2.2 2001:db8:6::2; do
	expect "$target, open: SYN, SYN-ACK, RST and nothing else" "$target" 8291 "0x0002 0x0012 0x0004"
	expect "$target, closed: SYN and RST" "$target" 8292 "0x0002 0x0014"
done
done_testing
