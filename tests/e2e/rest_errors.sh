#!/usr/bin/env bash
# Every way in which REST can fail, from the policy file to stderr and exit status, provoked by a
# scripted web server. The unit tests have more of them; here are those that a user meets.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

peer=$build/check/tests/http_peer
report=$work/report
export R1_PASSWORD=tr0ub4dor

# audit NAME PEER-OPTIONS [LINE-OF-THE-POLICY…]: one audit of a peer; stderr and status go to $report.
audit() {
	local name=$1 options=$2 port
	shift 2
	# shellcheck disable=SC2086 # the options are words
	start_process ready "$peer" --cert-out "$work/ca.pem" $options || return 1
	port=$(sed -n 's/^port //p' <<<"$heard")
	{
		printf 'router:\n'
		printf '  %s\n' 'name: r1' 'host: 127.0.0.1' 'transport: rest' "port: $port" 'user: audit' \
			'scan: {ports: none}' 'password: {env: R1_PASSWORD}' "$@"
	} >"$work/router.yaml"
	run "$ROSAUDIT" "$work/router.yaml"
	kill "$started_pid"
	{
		printf '## %s: status %s\n' "$name" "$status"
		sed -E 's/[0-9a-f]{64}/FINGERPRINT/g' "$err"
	} >>"$report"
	check_status "$name: the router could not be judged" 3
	if grep -qF -e tr0ub4dor -e dHIwdWI0ZG9y "$err" "$out"; then
		not_ok "$name: no secret is printed"
	else
		ok "$name: no secret is printed"
	fi
}

http='scheme: http'
ca="ca: $work/ca.pem"
pin='pin: "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="'
hurry='command-timeout: 1s'

audit 'wrong password' '--user audit --password other' "$http"
audit 'REST switched off' '--tls --fault forbidden' "$ca"
audit 'RouterOS 6' '--fault page-404' "$http"
audit 'command limit' '--fault session-closed' "$http"
audit 'policy missing' '--fault permissions' "$http"
audit 'redirect' '--fault redirect' "$http"
audit 'a page' '--fault page' "$http"
audit 'reset' '--tls --fault rst' "$ca"
audit 'closed' '--fault fin' "$http"
audit 'certificate=none' '--no-cert'
audit 'TLS 1.1' '--tls --tls-max 1' "$ca"
audit 'self-signed' '--tls'
audit 'expired' '--tls --cert expired' "$ca"
audit 'other name' '--tls --cert other-name' "$ca"
audit 'other key' '--tls' "$pin"
audit 'http on the https port' '--fault http-400'
audit 'https on the http port' '--fault tls-alert' "$http"
audit 'stalled' '--fault stall' "$http" "$hurry"
audit 'stalled handshake' '--tls --fault silent' "$ca" 'connect-timeout: 1s'
audit 'overall limit' '--fault stall' "$http" 'timeout: 1s'
audit 'cut' '--tls --fault cut' "$ca"
audit 'endless' '--fault endless' "$http"
audit 'hang-up in mid-reading' '--from 2 --close --fault rst-request' "$http"
golden rest-errors "$report"

done_testing
