#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# The prediction held against packets: the double runs in a network namespace whose nftables are its
# scenario's firewall, and what `rosaudit scan` sees from three vantages must be what `rosaudit
# exposure` said before. Needs root.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_net.sh"
needs python3

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
	start_router "tests/fixtures/firewall/$name.yaml" || {
		not_ok "$name: the double starts"
		return
	}
	run r "$ROSAUDIT" exposure -f json "$ROUTER_CONFIG"
	check_status "$name: the matrix is computed" 0
	cp "$out" "$dir/exposure.json"
	check "$name: nftables takes the rules" load_firewall "tests/fixtures/firewall/$name.yaml"
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
