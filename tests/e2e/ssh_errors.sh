#!/usr/bin/env bash
# Every way in which a login over SSH or the reading after it can fail, from the policy file to stderr and
# exit status, each provoked by a peer. Real sshd's are in sshd.sh.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

marker=tr0ub4dor
export R1_PASSWORD=$marker R1_WRONG=${marker}x
report=$work/report
known=$work/known_hosts
peer=$build/check/tests/ssh_peer
password='password: {env: R1_PASSWORD}'

# tell NAME: what the last run said goes to $report, which is compared with its golden. Whether a peer that
# dies in the middle of an answer is seen to close or to reset is the kernel's choice.
tell() {
	{
		printf '## %s: status %s\n' "$1" "$status"
		sed -E 's/(closed|reset) the connection (in the middle)/ended the connection \2/' "$err"
	} >>"$report"
	if grep -qF "$marker" "$err" "$out"; then
		not_ok "$1: no secret is printed"
	else
		ok "$1: no secret is printed"
	fi
}

compare() {
	golden "ssh-errors/$1" "$report"
	rm -f "$report"
}

# audit NAME LINE…: an audit by a policy of these keys, and what it said.
audit() {
	local name=$1
	shift
	policy "$work/router.yaml" 'name: r1' "$@"
	run "$ROSAUDIT" "$work/router.yaml"
	check_status "$name: the router could not be judged" 3
	tell "$name"
}

# scenario FILE LINE…: a scenario of RouterOS 7.16 with user audit and these further lines.
scenario() {
	local file=$1
	shift
	{
		printf 'version: "7.16.2"\n'
		case "$*" in *users:*) ;; *)
			printf 'users:\n  - {name: audit, password: %s, group: audit, ' "$marker"
			printf 'policies: [ssh, read]}\n'
			;;
		esac
		printf '%s\n' "$@"
	} >"$file"
}

# at_mock NAME SCENARIO-LINE POLICY-LINE…: an audit of a mock of its own.
at_mock() {
	local name=$1 line=$2
	shift 2
	scenario "$work/scenario.yaml" "$line"
	if ! start_mock "$work/scenario.yaml"; then
		not_ok "$name: the mock starts"
		return 1
	fi
	audit "$name" 'host: 127.0.0.1' 'user: audit' "port-map: $MOCK_PORT_MAP" \
		"host-key: \"$MOCK_HOST_KEY\"" 'scan: {ports: none}' "$@"
	check "$name: nothing but reading reached the router" stop_mock
}

# at_peer NAME PEER-OPTIONS POLICY-LINE…: the same of an ssh_peer, which misbehaves in ways of its own.
at_peer() {
	local name=$1 options=$2
	shift 2
	# shellcheck disable=SC2086 # the options are words
	start_process ready "$peer" --user audit --password "$marker" $options || return 1
	audit "$name" 'host: 127.0.0.1' 'user: audit' "port: $(sed -n 's/^port //p' <<<"$heard")" \
		"host-key: \"$(sed -n 's/^host-key //p' <<<"$heard")\"" 'scan: {ports: none}' "$@"
	kill "$started_pid"
}

# --- the router's key -----------------------------------------------------------------------------

scenario "$work/plain.yaml"
start_mock "$work/plain.yaml" || exit 1
first_pid=$MOCK_PID first_map=$MOCK_PORT_MAP
first=('host: 127.0.0.1' 'user: audit' "port-map: $MOCK_PORT_MAP" "known-hosts: $known" "$password"
	'scan: {ports: none}')
first_entry="[127.0.0.1]:$(here 22)"
start_mock "$work/plain.yaml" || exit 1
second=('host: 127.0.0.1' 'user: audit' "port-map: $MOCK_PORT_MAP" "known-hosts: $known" "$password"
	'scan: {ports: none}')

audit 'unknown key' "${first[@]}"
check "an unknown key is not stored unasked" test ! -e "$known"
run "$ROSAUDIT" --accept-new "$work/router.yaml"
check_status "--accept-new lets the router in" 0
tell 'accepted'
check "the file has the key" grep -qF "$first_entry ssh-" "$known"
check "the file is private" test "$(stat -c %a "$known")" = 600
cp "$known" "$work/known.before"
run "$ROSAUDIT" "$work/router.yaml"
check_status "afterwards the router is known" 0
check "nothing is told of it" test ! -s "$err"
run "$ROSAUDIT" --accept-new "$work/router.yaml"
check "a known key is not stored again" diff "$work/known.before" "$known"

# The second router's key in the place of the first one's.
policy "$work/router.yaml" 'name: r1' "${second[@]}"
run "$ROSAUDIT" --accept-new "$work/router.yaml"
sed -i -e "/^\[127.0.0.1\]:$(sed -E 's/.*[{ ]22: ([0-9]+).*/\1/' <<<"$first_map") /d" \
	-e "s/^[^ ]*/$(sed 's/[][]/\\&/g' <<<"$first_entry")/" "$known"
cp "$known" "$work/known.before"
audit 'changed key' "${first[@]}"
run "$ROSAUDIT" --accept-new "$work/router.yaml"
check_status "a changed key is refused even with --accept-new" 3
tell 'changed key, --accept-new'
check "and the file stays as it was" diff "$work/known.before" "$known"
if command -v ssh-keygen >/dev/null; then
	check "the line that it gives removes the old key" \
		sh -c "$(sed -n 's/^ *ssh-keygen /ssh-keygen /p' "$err")"
	run "$ROSAUDIT" --accept-new "$work/router.yaml"
	check_status "and then the new one is accepted" 0
else
	skip "the line that it gives removes the old key" "no ssh-keygen here (make peers)"
fi
audit 'another key than the pinned one' "${second[@]}" \
	'host-key: "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"'
check "nothing but reading reached the first router" stop_mock "$first_pid"
check "nothing but reading reached the second router" stop_mock
compare trust

# --- what RouterOS 6 needs -------------------------------------------------------------------------

start_mock mock-router/scenarios/stock-6.49.yaml || exit 1
old=('host: 127.0.0.1' 'user: audit' "port-map: $MOCK_PORT_MAP" "host-key: \"$MOCK_HOST_KEY\""
	'password: {literal: lab}' 'scan: {ports: none}')
policy "$work/router.yaml" 'name: r1' "${old[@]}"
run "$ROSAUDIT" "$work/router.yaml"
check_status "RouterOS 6 is not read by default" 3
policy "$work/router.yaml" 'name: r1' "${old[@]}" 'legacy-algorithms: yes'
run "$ROSAUDIT" "$work/router.yaml"
check_status "with legacy-algorithms it is" 0
stop_mock
# A server made with libssh may hang up before its own offer is sent; this one tells it first.
at_peer 'nothing in common' '--fault kex-old' "$password"
check_err "the key that helps is named" 'legacy-algorithms: yes'
compare algorithms

# --- logging in -------------------------------------------------------------------------------------

at_mock 'wrong password' '' 'password: {env: R1_WRONG}'
at_mock 'no such user' 'users: [{name: other, password: x}]' "$password"
at_mock 'address of the user excludes us' \
	'users: [{name: audit, password: tr0ub4dor, address: [192.168.88.0/24]}]' "$password"
at_mock 'password not in the environment' '' 'password: {env: R1_NOWHERE}'
at_mock 'nothing to log in with' ''
at_mock 'key file missing' '' "key: $work/nowhere"
at_peer 'no password offered' '--methods publickey' "$password"
at_mock 'no agent' '' 'agent: yes'
compare login

if command -v ssh-keygen >/dev/null; then
	ssh-keygen -q -t ed25519 -N '' -C audit -f "$work/key"
	ssh-keygen -q -t ed25519 -N sesame -C audit -f "$work/locked"
	keys="key: \"$(cat "$work/key.pub")\""
	at_mock 'key refused' '' "key: $work/key"
	at_mock 'key and password refused' '' "key: $work/key" 'password: {env: R1_WRONG}'
	at_mock 'key there, so no password' \
		"users: [{name: audit, password: $marker, policies: [ssh, read], $keys}]" "$password"
	at_mock 'key is encrypted' '' "key: $work/locked"
	at_mock 'wrong passphrase' '' "key: $work/locked" 'key-passphrase: {env: R1_WRONG}'
	at_mock 'public key given' '' "key: $work/key.pub"
	compare keys
else
	skip "keys" "no ssh-keygen here (make peers)"
fi

# --- in, but no further --------------------------------------------------------------------------------

at_mock 'no ssh policy' "users: [{name: audit, password: $marker, policies: [read]}]" "$password"
at_mock 'no read policy' "users: [{name: audit, password: $marker, policies: [ssh]}]" "$password"
at_mock 'commands refused' 'faults: {ssh: [exec-refused]}' "$password"
at_mock 'licence state' 'faults: {ssh: [licence-state]}' "$password"
at_mock 'expired password' 'faults: {ssh: [expired-password]}' "$password"
at_mock 'closed after the login' 'faults: {ssh: [close-after-auth]}' "$password"
at_peer 'closed when a command comes' '--fault channel-close' "$password"
at_mock 'no command understood' 'faults: {ssh: [everything-unknown]}' "$password"
compare refused

# --- the connection -------------------------------------------------------------------------------------

at_mock 'closed at once' 'faults: {ssh: [close-on-accept]}' "$password"
at_mock 'hang-up in mid-table' 'faults: {ssh: [hang-up-mid-table]}' "$password"
at_peer 'closed in mid-answer' '--fault exec-close' "$password"
at_peer 'closed in the key exchange' '--fault kex-close' "$password"
at_peer 'closed during the login' '--fault auth-close' "$password"
at_mock 'huge answer' 'faults: {ssh: [huge-answer]}' "$password"
at_mock 'endless output' 'faults: {ssh: [endless-output]}' "$password"
at_peer 'an FTP server' '--fault greeting-ftp' "$password" 'connect-timeout: 2s'
at_peer 'a web server' '--fault greeting-http' "$password"
audit 'nothing listens' 'host: 127.0.0.1' "port: $(free_port)" "$password"
compare connection

# --- timeouts -------------------------------------------------------------------------------------------

start_process ready "$build/check/tests/mute_port" || exit 1
audit 'no answer to a connection' 'host: 127.0.0.1' "port: $(sed -n 's/^port //p' <<<"$heard")" \
	"$password" 'connect-timeout: 1s'
at_mock 'no greeting' 'faults: {ssh: [stall-banner]}' "$password" 'connect-timeout: 1s'
at_mock 'no answer to the login' 'faults: {ssh: [stall-auth]}' "$password" 'connect-timeout: 4s'
at_mock 'no answer to a command' 'faults: {ssh: [stall-command]}' "$password" 'command-timeout: 1s'
at_peer 'half an answer' '--fault exec-stall' "$password" 'command-timeout: 1s'
at_mock 'no time left' 'faults: {ssh: [stall-command]}' "$password" 'timeout: 4s'
compare timeouts

# How far a connection came before a reset is a race; each outcome has a sentence.
at_peer 'reset at once' '--fault greeting-reset' "$password"
check "a reset at once is told" grep -qE \
	'^rosaudit: r1: 127.0.0.1 port [0-9]+ (accepted the connection and reset it at once|reset the connection before its SSH greeting)$' "$err"
check "with what it may mean" grep -q '^  RouterOS .*address list' "$err"
at_peer 'reset in mid-answer' '--fault exec-reset' "$password"
check "a reset in the middle is told" grep -qE \
	'^rosaudit: r1: .* (in the middle of its answer to .*: the answer is not complete|when a command was to be sent)$' "$err"

# A name that is none: what is told depends on whether a name server can be asked.
policy "$work/router.yaml" 'name: r1' 'host: no-such-router.invalid' "$password"
run "$ROSAUDIT" "$work/router.yaml"
check_status "a name that is none cannot be judged" 3
check "and is told" grep -qE '^rosaudit: r1: (the name no-such-router.invalid does not resolve|no name server answered for the name no-such-router.invalid)' "$err"
check "with what to do" grep -q '^  check the spelling of host:' "$err"
done_testing
