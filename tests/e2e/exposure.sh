#!/usr/bin/env bash
# rosaudit exposure: who can reach what, read from a router over SSH and over REST.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

for transport in ssh rest; do
	start_mock mock-router/scenarios/firewall.yaml --transport "$transport" || continue
	export COLUMNS=80
	run "$ROSAUDIT" exposure "$MOCK_CONFIG"
	check_status "$transport: all of it" 0
	cp "$out" "$work/all"
	check "$transport: within 80 columns" test "$(awk '{ print (length($0) > 80) }' "$out" | sort -u)" = 0
	golden "exposure-$transport.txt" "$out"
	run "$ROSAUDIT" exposure "$MOCK_CONFIG" --service winbox --interface ether1 --from 198.51.100.0/24
	check_out "$transport: whom a rule lets in" '198.51.100.0/28 via ether1 (rule 1 "office")'
	check_out "$transport: whom one drops" 'via ether1 (rule 2 "the rest")'
	run "$ROSAUDIT" exposure "$MOCK_CONFIG" --service www
	check_out "$transport: where a forward leads" 'everyone via ether1 (nat rule 0, to 192.168.88.10)'
	check_out "$transport: and who meets the router" 'everyone via bridge (no rule drops it)'
	check_out "$transport: IPv6 was forgotten" 'IPv6: everyone via ether1, bridge (no rule drops it)'
	run "$ROSAUDIT" exposure "$MOCK_CONFIG" --format json
	check_status "$transport: JSON" 0
	if python3 -c 'import jsonschema' 2>/dev/null; then
		check "$transport: JSON is what the schema says" python3 -c '
import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' docs/exposure.schema.json "$out"
	else
		skip "$transport: JSON is what the schema says" "no python3-jsonschema"
	fi
	run "$ROSAUDIT" exposure "$MOCK_CONFIG" --from 10.0.0.1/8
	check_status "$transport: host bits are a mistake" 2
	run "$ROSAUDIT" exposure "$MOCK_CONFIG" --format junit
	check_status "$transport: no other format" 2
	run "$ROSAUDIT" "$MOCK_CONFIG" --ports none --format html
	check_out "$transport: the picture is in the html report" '<h4>Who can reach what</h4>'
	check_out "$transport: with the rule that decides" '198.51.100.0/28 via ether1 (rule 1 &quot;office&quot;)'
	run "$ROSAUDIT" "$MOCK_CONFIG" --ports none --format json
	check_out "$transport: the matrix is in the JSON report" '"partition": '
	check_out "$transport: IPv6 left open is a finding" '"RA707"'
	if python3 -c 'import jsonschema' 2>/dev/null; then
		check "$transport: the report with it is what its schema says" python3 -c '
import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' docs/report.schema.json "$out"
	else
		skip "$transport: the report with it is what its schema says" "no python3-jsonschema"
	fi
	{
		cat "$MOCK_CONFIG"
		printf '    exposure:\n      winbox: {from: [lan, 198.51.100.0/28]}\n      "*": {not-from: internet}\n'
	} >"$work/asked.yaml"
	run "$ROSAUDIT" "$work/asked.yaml" --ports none
	check_out "$transport: the policy is judged" 'RA710 www '
	check_out "$transport: once for all interfaces" 'IPv6 everyone via'
	check_out "$transport: and what it asked for is named" 'not from internet'
	check "$transport: the router was only read" stop_mock
done
done_testing
