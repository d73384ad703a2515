#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# Vantages on either side of a router: two addresses of a LAN host, a scan that was made on the WAN
# side. The firewall is nftables' model of the double's rules. Needs root.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_net.sh"
needs python3

in_list() { r nft list set ip mock "$1" | grep -qwF "$2"; }
not_in_list() { ! in_list "$@"; }
vantages() { # LINE…
	sed 's/127\.0\.0\.1/192.168.88.1/' "$ROUTER_CONFIG" >"$work/router.yaml"
	printf '    vantages:\n' >>"$work/router.yaml"
	printf '      - {%s}\n' "$@" >>"$work/router.yaml"
}
audit() { # OPTION…
	run ip netns exec "$lan" "$ROSAUDIT" -f json "$@" "$work/router.yaml"
}
word_of() { # VANTAGE PORT
	python3 - "$out" "$@" <<'PY'
import json, sys
seen = json.load(open(sys.argv[1]))["routers"][0]["vantages"][int(sys.argv[2])]["observations"]
print(*[o["serve"] or o["state"] for o in seen if o["port"] == int(sys.argv[3])])
PY
}
is_word() { [ "$(word_of "$1" "$2")" = "$3" ]; }
findings() { # RULE: its services
	python3 - "$out" "$1" <<'PY'
import json, sys
print(*sorted(f["service"] for f in json.load(open(sys.argv[1]))["routers"][0]["findings"]
              if f["rule"] == sys.argv[2]))
PY
}

# Behind the LAN host, and outside of the lists of winbox and api.
address "$lan" lo 10.9.9.9/32
address "$lan" eth0 192.168.88.11/24
ip -n "$router" route add 10.9.9.9/32 via 192.168.88.10

scenario=tests/fixtures/firewall/default.yaml
start_router "$scenario" || exit 1
load_firewall "$scenario" || exit 1
ports=21,22,80,8291,8728
run ip netns exec "$wan" "$ROSAUDIT" scan -sT -sV -Pn -f json -p $ports 203.0.113.1
cp "$out" "$work/wan.json"

vantages 'name: inner, source: 10.9.9.9' 'name: wan, scan: wan.json, host: 203.0.113.1' \
	'name: eth, interface: eth0'
audit -p $ports
check "the addresses are those that the router sees" \
	[ "$(pick "$out" 'routers.0.vantages.*.from' | paste -sd' ')" = "10.9.9.9 203.0.113.9 192.168.88.10" ]
check "inside the list winbox serves" is_word 2 8291 serving
check "outside of it winbox refuses" is_word 0 8291 refused
check "what has no list serves both" is_word 0 22 serving
check "the WAN side is filtered" is_word 1 22 filtered
check "what the configuration says is what is seen: no RA721" [ -z "$(findings RA721)" ]
check "nor RA722" [ -z "$(findings RA722)" ]
run ip netns exec "$lan" "$ROSAUDIT" -p $ports "$work/router.yaml"
check "text has the table" grep -qE '^winbox +8291 +serving +refused +filtered +serving' "$out"

# A scan of another address than the vantage's host, and one without the router.
vantages 'name: wan, scan: wan.json'
audit -p $ports
check_status "a scan of the other address is not this router's" 3
check_err "and it is said" "wan.json holds no scan of 192.168.88.1"

# Something hides the source from the service: the list is there and does not hold.
r nft -f - <<'NFT'
table ip leak {
	chain in {
		type nat hook input priority 100;
		ip saddr 10.9.9.9 tcp dport 8291 snat to 192.168.88.10
	}
}
NFT
vantages 'name: inner, source: 10.9.9.9'
audit -p $ports
check "a list that does not hold is RA721" [ "$(findings RA721)" = winbox ]
check_out "with both addresses" "vantage inner: the router sees it as 10.9.9.9, outside of the list of winbox"
r nft delete table ip leak

# Something on the way drops what the router would serve.
ip netns exec "$lan" nft -f - <<'NFT'
table ip way {
	chain out {
		type filter hook output priority 0;
		ip saddr 192.168.88.11 tcp dport 80 drop
	}
}
NFT
vantages 'name: second, source: 192.168.88.11' 'name: inner, source: 10.9.9.9'
audit -p $ports
check "what the way drops is RA722" [ "$(findings RA722)" = www ]
check_out "by the configuration it is served" "192.168.88.11 is served, and yet: port 80"
ip netns exec "$lan" nft delete table ip way
check "the double was only read" stop_mock "$started_pid"

# --- each vantage is a source of its own to rules that count ----------------------------------------

scenario=tests/fixtures/firewall/psd-live.yaml
start_router "$scenario" || exit 1
load_firewall "$scenario" || exit 1
vantages 'name: inner, source: 10.9.9.9'
audit -p 1-40,80,443
check "psd: the vantage's look is whole" [ "$(pick "$out" routers.0.vantages.0.scan.account.cut)" = null ]
check "psd: the login's address is not shut out" not_in_list d_port_20scanners 192.168.88.10
check "psd: nor the vantage's" not_in_list d_port_20scanners 10.9.9.9
audit -p 1-40,80,443 --pace full
check "psd: at full pace it is" in_list d_port_20scanners 10.9.9.9
check "psd: the way out of the list is told" grep -q \
	'/ip firewall address-list remove \[find list=\\"port scanners\\" address=10.9.9.9\]' "$out"
check "psd: the double was only read" stop_mock "$started_pid"
done_testing
