#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# The operator is not locked out: an audit of a router whose firewall counts probes stays below its
# thresholds, a trap is not touched, and a scan that was shut out says so. The firewall is nftables'
# model of the double's rules. Needs root.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_net.sh"
needs python3

in_list() { r nft list set ip mock "$1" | grep -qwF "$2"; }
not_in_list() { ! in_list "$@"; }

# The policy that the double wrote, but from outside of the router.
outside() { # FILE ADDRESS
	sed "s/127\.0\.0\.1/$2/" "$ROUTER_CONFIG" >"$1"
}

audit() { # NAMESPACE OPTION...
	local ns=$1
	shift
	run ip netns exec "$ns" "$ROSAUDIT" -f json "$@" "$work/router.yaml"
}

# --- psd ----------------------------------------------------------------------------------------

scenario=tests/fixtures/firewall/psd-live.yaml
start_router "$scenario" || exit 1
load_firewall "$scenario" || exit 1
outside "$work/router.yaml" 192.168.88.1

# 45 ports, 41 of them low: far above psd's 21.
audit "$lan" -p 1-40,80,443,2000,8291,8728
check "psd: the audit is whole" [ "$(pick "$out" routers.0.scan.account.cut)" = null ]
check "psd: it was careful" grep -q 'probed carefully, for about .* s, because the firewall counts probes' "$out"
check "psd: it names the rule" grep -q 'rule 2 \\"port scanners to list\\", psd=21,3s,3,1' "$out"
check "psd: the auditor is not in the list" not_in_list d_port_20scanners 192.168.88.10
check "psd: every port has a word" python3 - "$out" <<'PY'
import json, sys
seen = json.load(open(sys.argv[1]))["routers"][0]["observations"]
states = [o["state"] for o in seen]
sys.exit(len(states) < 45 or "unknown" in states or states.count("open") < 4)
PY

# The same ports at full pace, from the other side, as `rosaudit scan -T5` does it.
run ip netns exec "$wan" "$ROSAUDIT" scan -Pn -T5 -p 1-40,80,443,2000,8291,8728 203.0.113.1
check "psd: -T5 is shut out" in_list d_port_20scanners 203.0.113.9
check_out "psd: and says so" "blocked during scan"
check "psd: no port is called closed for it" sh -c '! grep -w closed "$1"' - "$out"

# From where the list already has us there is no way in at all.
run ip netns exec "$wan" "$ROSAUDIT" scan -Pn -sT -p 80 203.0.113.1
check_out "psd: shut out, silence is filtered" "80/tcp filtered"

# Everything at that pace takes hours: it asks before.
audit "$lan" -p all
check_status "psd: all ports are not begun unasked" 3
check_err "psd: the estimate is told" "65534 ports at the careful pace"
check "psd: nobody was shut out by asking" not_in_list d_port_20scanners 192.168.88.10

# Full pace on request, and what it leads to.
audit "$lan" -p 1-40,80,443,2000,8291,8728 --pace full
check "psd: full pace is shut out" in_list d_port_20scanners 192.168.88.10
check "psd: and the way out is told" grep -q \
	'/ip firewall address-list remove \[find list=\\"port scanners\\" address=192.168.88.10\]' "$out"
check "psd: the double was only read" stop_mock "$started_pid"

# --- a limiter that is stricter than the menus say ----------------------------------------------

# The double tells psd=21; the firewall trips sooner, in the middle of a careful burst.
stricter() { # WEIGHT
	sed "s/psd: \"21,3s,3,1\"/psd: \"$1,3s,3,1\"/" "$scenario" >"$work/strict.yaml"
	start_router "$scenario" || exit 1
	load_firewall "$work/strict.yaml" || exit 1
	outside "$work/router.yaml" 192.168.88.1
}

blocked() { # NAME PYTHON-CONDITION: of the states and the reasons of unknown ones
	check_status "$1: a ban in mid-scan is exit 3" 3
	check "$1: the careful audit was shut out" in_list d_port_20scanners 192.168.88.10
	check "$1: and says so" [ "$(pick "$out" routers.0.scan.account.cut)" = "blocked during scan" ]
	check "$1: what it knows stays, the rest is unknown, nothing is filtered" python3 - "$out" "$2" <<'PY'
import json, sys
seen = json.load(open(sys.argv[1]))["routers"][0]["observations"]
states = [o["state"] for o in seen]
reasons = {o["reason"] for o in seen if o["state"] == "unknown"}
sys.exit(reasons != {"blocked during scan"} or "filtered" in states or not eval(sys.argv[2]))
PY
	check "$1: the way out is told" grep -q \
		'/ip firewall address-list remove \[find list=\\"port scanners\\" address=192.168.88.10\]' "$out"
	check "$1: the double was only read" stop_mock "$started_pid"
}

stricter 13
audit "$lan" -p 2001-2060
blocked sentinel 'states.count("unknown") >= 40 and states.count("closed") >= 5'
check "sentinel: it stopped" [ "$(pick "$out" routers.0.scan.account.sent)" -lt 30 ]

# Management ports alone: none of them is asked again, so the router's list tells.
stricter 5
audit "$lan" -p 21,23,80,443,8291
blocked "no sentinel" 'states.count("unknown") >= 2'

# --- a trap, and stages -------------------------------------------------------------------------

scenario=tests/fixtures/firewall/trap-live.yaml
start_router "$scenario" || exit 1
load_firewall "$scenario" || exit 1
outside "$work/router.yaml" 192.168.88.1

audit "$lan" -p 21,22,23,80,8291
check "trap: its port is not touched" not_in_list d_touched 192.168.88.10
check_out "trap: and the reason told" "a firewall rule would shut us out"
check "trap: the rule is named" grep -q 'not probed: port 23, because rule 5 \\"trap\\" would put our' "$out"
check "trap: the others were probed" python3 - "$out" <<'PY'
import json, sys
seen = {o["port"]: o["state"] for o in json.load(open(sys.argv[1]))["routers"][0]["observations"]}
sys.exit(seen != {21: "open", 22: "open", 23: "unknown", 80: "open", 8291: "open"})
PY
audit "$lan" -p 21,22,80
check "stages: two audits are two connections to ssh" not_in_list d_ssh_5fblack 192.168.88.10

r nft flush set ip mock d_ssh_5f1
r nft flush set ip mock d_ssh_5f2
audit "$lan" -p 21,23 --force
check "trap: --force touches it" in_list d_touched 192.168.88.10
check "trap: the double was only read" stop_mock "$started_pid"

# --- counters -----------------------------------------------------------------------------------

scenario=tests/fixtures/firewall/psd-live.yaml
start_router "$scenario" || exit 1
load_firewall "$scenario" || exit 1
outside "$work/router.yaml" 203.0.113.1
# The router's rules let us in to ssh and drop 8729; the kernel's are not what the menus say.
r nft insert rule ip mock filter_input tcp dport 22 accept
r nft insert rule ip mock filter_input tcp dport 8729 accept comment '"filter 4"'
r nft insert rule ip mock filter_input tcp dport 8729 counter comment '"filter 4"'
audit "$wan" -p 8729
check "counters: what differs from the prediction names the rule" grep -q \
	'by the router.s configuration we are dropped (rule 4' "$out"
check "counters: and how its counter went" grep -qE \
	'its counter went from 0 to [1-9][0-9]* packets during the scan' "$out"
check "counters: the double was only read" stop_mock "$started_pid"

done_testing
