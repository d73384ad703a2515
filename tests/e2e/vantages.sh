#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets them
# Other vantages, without root: a second address of loopback, a scan that was made before, and what
# goes wrong with either. tests/e2e/vantages_net.sh has two sides of a router.
. "$(dirname "$0")/lib.sh"
needs python3

vantages() { # LINE…: the policy that the double wrote, with these vantages
	cp "$MOCK_CONFIG" "$work/router.yaml"
	printf '    vantages:\n' >>"$work/router.yaml"
	printf '      - {%s}\n' "$@" >>"$work/router.yaml"
}

# Of vantage N: one word per service, "ssh=serving", in the order of the ports.
words() { # N PORT…
	python3 - "$out" "$@" <<'PY'
import json, sys
seen = json.load(open(sys.argv[1]))["routers"][0]["vantages"][int(sys.argv[2])]["observations"]
by = {str(o["port"]): o["serve"] or o["state"] for o in seen}
print(" ".join(p + "=" + by.get(p, "none") for p in sys.argv[3:]))
PY
}

start_mock mock-router/scenarios/restricted.yaml || exit 1
ports=$(grep -o ': [0-9]*' <<<"$MOCK_PORT_MAP" | tr -d ': ' | paste -sd,)
run "$ROSAUDIT" scan -S 127.0.0.9 -sT -sV -Pn -f json -p "$ports" 127.0.0.1
cp "$out" "$work/there.json"

vantages 'name: near, source: 127.0.0.2' 'name: there, scan: there.json' 'name: lo, interface: lo'
run "$ROSAUDIT" -f json "$work/router.yaml"
check_status "three vantages are looked from" 0
check "each with the address that the router sees" \
	[ "$(pick "$out" 'routers.0.vantages.*.from' | paste -sd' ')" = "127.0.0.2 127.0.0.9 127.0.0.1" ]
check "each by what it is" \
	[ "$(pick "$out" 'routers.0.vantages.*.kind' | paste -sd' ')" = "source scan interface" ]
expected="21=refused 22=serving 23=refused 443=closed 8728=serving"
for i in 0 1 2; do
	check "vantage $i sees what the double does" \
		[ "$(words $i 21 22 23 443 8728)" = "$expected" ]
done
check "the first view is the login's" [ "$(pick "$out" routers.0.scan.source)" = 127.0.0.1 ]
run "$ROSAUDIT" "$work/router.yaml"
check "text has a column for each" grep -q '^SERVICE  PORT  login    near     there    lo' "$out"
check "and a row for each service" grep -q '^ssh  *22  serving  serving  serving  serving' "$out"

# --- what goes wrong with one is told, and the others go on ----------------------------------------

printf '{"format": "rosaudit-scan", "version": 1, "scan": {}, "hosts": []}\n' >"$work/empty.json"
printf 'no scan at all\n' >"$work/broken.json"
vantages 'name: alien, source: 192.0.2.77' 'name: empty, scan: empty.json' \
	'name: broken, scan: broken.json' 'name: gone, scan: gone.json' \
	'name: nowhere, interface: rosaudit0' 'name: six, source: "::1"' 'name: near, source: 127.0.0.2'
run "$ROSAUDIT" -f json "$work/router.yaml"
check_status "what could not be looked at is exit status 3" 3
check_err "a source that is not ours" \
	"vantage alien: source address 192.0.2.77 is not one of this machine's addresses"
check_err "a scan without the router" "vantage empty: $work/empty.json holds no scan of 127.0.0.1"
check_err "a scan that is none" "vantage broken: "
check_err "a scan that is not there" "vantage gone: cannot open $work/gone.json"
check_err "an interface that is not there" "vantage nowhere: this machine has no interface rosaudit0"
check_err "a source of the other family" "vantage six: "
check "the others go on" [ "$(words 6 22 23)" = "22=serving 23=refused" ]
check "one sentence each" [ "$(grep -c 'vantage' "$err")" = 6 ]
run "$ROSAUDIT" "$work/router.yaml"
check_out "text tells it, too" "NOT LOOKED FROM: vantage alien: source address"

# A NAT that the policy tells of: the list of ftp lets 127.0.0.2 in nowhere.
vantages 'name: near, source: 127.0.0.2, from: 203.0.113.9'
run "$ROSAUDIT" -f json "$work/router.yaml"
check "from is the address that counts" [ "$(pick "$out" routers.0.vantages.0.from)" = 203.0.113.9 ]
check "a service that serves it all the same is RA721" \
	grep -q '"evidence": "vantage near: the router sees it as 203.0.113.9, outside of the list of api' "$out"
check "the double was only read" stop_mock

# --- the policy -------------------------------------------------------------------------------------

bad() { # NAME TEXT LINE…
	local name=$1 text=$2
	shift 2
	vantages "$@"
	run "$ROSAUDIT" check "$work/router.yaml"
	check_status "$name is a mistake" 2
	check_err "$name is told" "$text"
}
bad "no kind" 'needs one of "source", "interface", "scan" and "ssh"' 'name: a'
bad "two kinds" 'needs only one of' 'name: a, source: 127.0.0.2, scan: a.json'
bad "no name" 'lacks the key "name"' 'source: 127.0.0.2'
bad "one name twice" 'two vantages are called "a"' 'name: a, source: 127.0.0.2' 'name: a, source: 127.0.0.3'
bad "an unknown key" 'unknown key "sorce"' 'name: a, sorce: 127.0.0.2'
bad "a key of ssh elsewhere" '"program" in this vantage is for "ssh"' 'name: a, source: 127.0.0.2, program: x'
bad "ssh without a user" 'must be user@host' 'name: a, ssh: host.example'
done_testing
