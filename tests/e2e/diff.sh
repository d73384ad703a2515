#!/usr/bin/env bash
# rosaudit diff and --baseline: two doubles audited, two saved outputs, and what is neither.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

scenarios=mock-router/scenarios

# lines TEXT N: stdout of the last run has N lines that hold TEXT.
lines() {
	[ "$(grep -cF -- "$1" "$out")" -eq "$2" ]
}

# The router has one name in both, whatever the double calls itself.
audit() { # SCENARIO REPORT [OPTION…]
	local scenario=$1 report=$2
	shift 2
	start_mock "$scenarios/$scenario.yaml" || return 1
	sed -i -E 's/^( *(- )?name: ).*/\1r1/' "$MOCK_CONFIG"
	run "$ROSAUDIT" "$MOCK_CONFIG" -o json="$report" "$@"
	stop_mock
}

# --- two audits -----------------------------------------------------------------------------------

check "a router is only read" audit stock-7.16 "$work/stock.json"
check "and read again" audit stock-7.16 "$work/again.json"
check "and another one in its place" audit lab "$work/lab.json"

run "$ROSAUDIT" diff "$work/stock.json" "$work/again.json"
check_status "two audits of one router are the same: ports and times do not count" 0
check "and nothing is said" [ ! -s "$out" ]

run "$ROSAUDIT" diff "$work/stock.json" "$work/lab.json"
check_status "two audits that differ" 1
golden diff/stock-lab.txt "$out"
check_out "a service that was disabled" "r1: declared ftp disabled: no -> yes"
check_out "an address list" "r1: declared winbox address: unrestricted -> 192.168.88.0/24"
check_out "a port that is no longer served" "r1: reachable port 21/tcp: open, serving ftp -> closed"
run "$ROSAUDIT" diff "$work/lab.json" "$work/stock.json"
check_out "and the other way round" "r1: declared ftp disabled: yes -> no"

run "$ROSAUDIT" diff -f json "$work/stock.json" "$work/lab.json"
check_status "json has the same status" 1
sed -i 's/"program": "rosaudit .*"/"program": "rosaudit #"/' "$out"
golden diff/stock-lab.json "$out"
check "stderr is empty" [ ! -s "$err" ]
run "$ROSAUDIT" diff -f json "$work/stock.json" "$work/stock.json"
check_status "json of no change is 0" 0
check_out "and says so" '"same": true'
run "$ROSAUDIT" diff - "$work/stock.json" <"$work/stock.json"
check_status "without standard input there is no report" 2

# Nothing listens on the kernel's port any more: the router of the baseline is not audited.
run "$ROSAUDIT" "$MOCK_CONFIG" -o json="$work/down.json"
check_status "a router that is down is not audited" 3
run "$ROSAUDIT" diff "$work/lab.json" "$work/down.json"
check_status "what is no longer known differs" 1
check_out "and is told as unknown" "r1: router audit is no longer known: "
check "in one line, with nothing closed or gone" lines "" 3

# --- a baseline -----------------------------------------------------------------------------------

audit lab "$work/now.json" --baseline "$work/stock.json"
check_status "a baseline leaves the audit's status alone" 1
check_out "the report comes first" "Summary"
check_out "then the differences" "Since the baseline:"
check_out "as diff tells them" "r1: declared ftp disabled: no -> yes"
check_out "with the baseline's name" "--- $work/stock.json"
audit lab "$work/now.json" --baseline "$work/lab.json"
check_out "the same as the baseline" "Nothing changed since the baseline."
audit lab "$work/now.json" --baseline "$work/stock.json" -f json
check "machine output is not mixed with them" cmp -s "$out" "$work/now.json"
check_err "they are on stderr" "r1: declared ftp disabled: no -> yes"
run "$ROSAUDIT" "$MOCK_CONFIG" --baseline "$work/nowhere.json"
check_status "a baseline that is not there ends the run" 2
check "before any router was asked" [ ! -s "$out" ]
run "$ROSAUDIT" parse --baseline "$work/stock.json" "$work/stock.json"
check_status "only an audit has a baseline" 2

# --- saved outputs --------------------------------------------------------------------------------

cat >"$work/old.txt" <<'TABLE'
Flags: X - disabled, I - invalid 
 #   NAME      PORT ADDRESS                                       CERTIFICATE  
 0   telnet      23
 1 X ftp         21
 2   ssh         22 192.0.2.0/24                                 
TABLE
cat >"$work/new.txt" <<'TABLE'
Flags: X - disabled, I - invalid 
 #   NAME      PORT ADDRESS                                       CERTIFICATE  
 0 X telnet      23
 1   ssh       2222 192.0.2.0/24                                 
 2   www         80
TABLE
run "$ROSAUDIT" diff "$work/old.txt" "$work/new.txt"
check_status "two saved outputs that differ" 1
golden diff/saved.txt "$out"
run "$ROSAUDIT" diff "$work/old.txt" "$work/old.txt"
check_status "two saved outputs that are the same" 0

# --- trouble --------------------------------------------------------------------------------------

trouble() { # NAME TEXT OPERAND…
	local name=$1 text=$2
	shift 2
	run "$ROSAUDIT" diff "$@"
	check_status "$name" 2
	check_err "$name: is said" "$text"
	check "$name: nothing on stdout" [ ! -s "$out" ]
}

printf '{"version": "2.1.0", "runs": []}' >"$work/sarif"
sed 's/"version": 1,/"version": 2,/' "$work/lab.json" >"$work/v2.json"
head -c 2000 "$work/lab.json" >"$work/cut.json"
"$ROSAUDIT" parse -f json "$work/old.txt" >"$work/listing.json"
trouble "a file that is not there" "nowhere" "$work/nowhere" "$work/lab.json"
trouble "one operand" "diff takes two files" "$work/lab.json"
trouble "another tool's JSON" "this JSON is no report of rosaudit" "$work/sarif" "$work/lab.json"
trouble "another version's report" "not of version 1" "$work/lab.json" "$work/v2.json"
trouble "a report that was cut" "cut.json:" "$work/cut.json" "$work/lab.json"
trouble "the listing of parse" "compare the saved outputs themselves" "$work/listing.json" \
	"$work/lab.json"
trouble "a report and a saved output" "the other a saved output" "$work/lab.json" "$work/old.txt"
trouble "a format of an audit" "html is a report of an audit" -f html "$work/lab.json" "$work/lab.json"
done_testing
