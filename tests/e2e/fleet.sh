#!/usr/bin/env bash
# Many routers in one run: one that fails never stops the rest, and every report is whole or absent.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

export R1_PASSWORD=lab R1_WRONG=tr0ub4dor

# add_router FILE NAME LINE…: one more router of a policy file.
add_router() {
	local file=$1 name=$2
	shift 2
	[ -e "$file" ] || printf 'routers:\n' >"$file"
	{
		printf '  - name: %s\n' "$name"
		printf '    %s\n' 'user: audit' "$@"
	} >>"$file"
}

# The way to the last mock.
way() {
	echo "port-map: $MOCK_PORT_MAP
    host: 127.0.0.1
    host-key: \"$MOCK_HOST_KEY\"
    password: {env: R1_PASSWORD}"
}

no_rest_of_files() { # directory: no temporary file of a report is left in it
	test -z "$(find "$1" -name '*.json.*' -o -name '*.txt.*' -o -name 'reports.*')"
}

# Whether a peer that dies in mid-answer is seen to close or to reset is the kernel's choice.
same_end() {
	sed -E 's/(closed|reset) the connection (in the middle)/ended the connection \2/' "$1"
}

# --- eight routers, three of which fail ---------------------------------------------------------------

fleet=$work/fleet.yaml
mocks=()
for version in 6.49 7.9 7.16 7.19 7.24; do
	start_mock "mock-router/scenarios/stock-$version.yaml" || exit 1
	mocks+=("$MOCK_PID")
	profile=tp
	[ "$version" = 7.9 ] && profile=hardened
	legacy=no
	[ "$version" = 6.49 ] && legacy=yes
	add_router "$fleet" "r-$version" "$(way)" "profile: $profile" "legacy-algorithms: $legacy"
	if [ "$version" = 7.9 ]; then # in the middle, so that the others come before and after
		add_router "$fleet" dead 'host: 127.0.0.1' "port: $(free_port)" \
			'password: {env: R1_PASSWORD}' 'profile: tp'
		add_router "$fleet" wrong "$(way | sed 's/R1_PASSWORD/R1_WRONG/')" 'profile: tp'
		cp tests/fixtures/mock/busy-7.16.yaml "$work/hang.yaml"
		echo 'faults: {ssh: [hang-up-mid-table]}' >>"$work/hang.yaml"
		start_mock "$work/hang.yaml" || exit 1
		mocks+=("$MOCK_PID")
		add_router "$fleet" hang "$(way)" 'profile: tp'
	fi
done
run "$ROSAUDIT" -j 4 -f json "$fleet"
cp "$out" "$work/fleet.json"
check_status "one finding of weight and three failures: 3 outranks 1" 3
check "every router is in the report, in the order of the file" test \
	"$(pick "$out" routers.*.name | tr '\n' ' ')" = \
	"r-6.49 r-7.9 dead wrong hang r-7.16 r-7.19 r-7.24 "
check "each has its own status" test \
	"$(pick "$out" routers.*.exit_status | tr '\n' ' ')" = "0 1 3 3 3 0 0 0 "
check "five were audited" test "$(pick "$out" summary.audited summary.not_audited)" = "5
3"
same_end "$err" >"$work/failures"
golden fleet/failures "$work/failures"
check "no password is told" sh -c "! grep -q -e tr0ub4dor '$out' '$err'"

# Each of the others is what it is alone.
i=0
for name in $(pick "$work/fleet.json" routers.*.name); do
	if [ "$(pick "$work/fleet.json" routers.$i.exit_status)" != 3 ]; then
		{
			echo routers:
			awk -v name="$name" '/^  - name: /{ on = $3 == name } on' "$fleet"
		} >"$work/alone.yaml"
		run "$ROSAUDIT" -f json "$work/alone.yaml"
		check "$name alone has the same findings" diff <(pick "$out" routers.0.subjects) \
			<(pick "$work/fleet.json" routers.$i.subjects)
		check "$name alone has the same services" diff <(declared "$out") \
			<(declared "$work/fleet.json" $i)
	fi
	i=$((i + 1))
done
run "$ROSAUDIT" "$fleet" -q
check "-q leaves the failures" diff <(same_end "$err") "$work/failures"
sed -n '/^Summary/,$p' "$out" >"$work/summary"
golden fleet/summary "$work/summary"

# --- hosts: ------------------------------------------------------------------------------------------

start_mock mock-router/scenarios/stock-7.16.yaml --listen 127.0.0.2 --listen 127.0.0.3 \
	--listen 127.0.0.4 || exit 1
mocks+=("$MOCK_PID")
policy "$work/range.yaml" 'hosts: 127.0.0.2-5' 'user: audit' 'password: {env: R1_PASSWORD}' \
	"port-map: $MOCK_PORT_MAP" "host-key: \"$MOCK_HOST_KEY\"" 'profile: tp'
run "$ROSAUDIT" -f json "$work/range.yaml"
check_status "a range with one address where nobody is" 3
check "one router for each address" test "$(pick "$out" routers.*.host | tr '\n' ' ')" = \
	"127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.5 "
check "each with its own status" test "$(pick "$out" routers.*.exit_status | tr '\n' ' ')" = "0 0 0 3 "
golden fleet/range "$err"

# --- reports in files --------------------------------------------------------------------------------

cat >"$work/one.yaml" <<POLICY
routers:
  - name: one
    user: audit
    $(way | sed 's/127.0.0.1/127.0.0.2/')
    profile: tp
POLICY
mkdir "$work/reports"
run "$ROSAUDIT" "$work/one.yaml" -o "json=$work/reports/r.json" -o "text=$work/reports/r.txt" -f json
check_status "two reports in files and one on stdout" 0
check "the JSON file is whole" test "$(pick "$work/reports/r.json" exit_status routers.0.name)" = "0
one"
check "so is the text file" grep -q '^Compliant: ' "$work/reports/r.txt"
check "so is stdout" test "$(pick "$out" exit_status)" = 0
check "no temporary file is left" no_rest_of_files "$work/reports"
cp "$work/reports/r.txt" "$work/before"
run "$ROSAUDIT" "$work/one.yaml" -o "json=$work/nowhere/r.json" -o text=/dev/full \
	-o "json=$work/reports/second.json" -o "text=$work/reports"
check_status "a report that cannot be written ends with 3" 3
golden fleet/unwritable "$err"
check "the other file is written all the same" test "$(pick "$work/reports/second.json" routers.0.name)" = one
check_out "and stdout" 'Compliant: '
check "no temporary file is left of them" no_rest_of_files "$work"
if [ "$(id -u)" != 0 ]; then
	chmod a-w "$work/reports"
	run "$ROSAUDIT" "$work/one.yaml" -o "text=$work/reports/r.txt"
	check_status "a directory that cannot be written into" 3
	check "leaves the old report whole" diff "$work/before" "$work/reports/r.txt"
	chmod u+w "$work/reports"
fi
run sh -c "'$ROSAUDIT' '$work/one.yaml' >/dev/full"
check_status "stdout on a full disk ends with 3" 3
check_err "and is told" 'cannot write standard output: No space left on device'
run bash -c "set -o pipefail; '$ROSAUDIT' '$work/one.yaml' | head -1"
check_status "| head -1 is no failure" 0
check_out "and shows the first line" 'Router one'
check "without a word on stderr" test ! -s "$err"

# --- exit statuses ------------------------------------------------------------------------------------

while read -r level want; do
	run "$ROSAUDIT" "$work/one.yaml" --fail-on "$level"
	check_status "three low findings, --fail-on $level" "$want"
done <<'LEVELS'
info 1
low 1
medium 0
high 0
critical 0
never 0
LEVELS
run "$ROSAUDIT" "$fleet" --fail-on never
check_status "--fail-on never does not hide that routers could not be judged" 3

# --- colour, and progress: on a terminal alone -----------------------------------------------------------

unset NO_COLOR
terminal=("$build/check/tests/pty_run" env TERM=xterm)
escape=$'\033['
coloured() {
	grep -qF "$escape" "$out"
}
run "$ROSAUDIT" "$work/one.yaml"
check "no colour in a file" eval '! coloured'
run "$ROSAUDIT" "$work/one.yaml" --color always
check "--color always colours a file" coloured
run "${terminal[@]}" "$ROSAUDIT" "$work/one.yaml"
check "colour on a terminal" coloured
run "${terminal[@]}" NO_COLOR=1 "$ROSAUDIT" "$work/one.yaml"
check "NO_COLOR=1 has none" eval '! coloured'
run "${terminal[@]}" NO_COLOR= "$ROSAUDIT" "$work/one.yaml"
check "an empty NO_COLOR says nothing" coloured
run "${terminal[@]}" TERM=dumb "$ROSAUDIT" "$work/one.yaml"
check "a dumb terminal has none" eval '! coloured'
run "${terminal[@]}" NO_COLOR=1 "$ROSAUDIT" "$work/one.yaml" --color always
check "--color always outranks NO_COLOR" coloured
run "${terminal[@]}" "$ROSAUDIT" "$work/one.yaml" --color never
check "--color never has none" eval '! coloured'
run "${terminal[@]}" "$ROSAUDIT" "$work/one.yaml" --color always -f json
check "JSON has no colour" eval '! coloured'
run "${terminal[@]}" sh -c "'$ROSAUDIT' '$fleet' >/dev/null"
check_out "progress on a terminal" '8 of 8 routers'
check "what comes next covers it" test -z "$(tr '\r' '\n' <"$out" | grep 'of 8 routers.')"
run "${terminal[@]}" sh -c "'$ROSAUDIT' -q '$fleet' >/dev/null"
check "-q has no progress" sh -c "! grep -q 'of 8 routers' '$out'"
check "the terminal's width is used" test 100 -ge "$(
	"${terminal[@]}" "$ROSAUDIT" "$work/one.yaml" --color never | tr -d '\r' |
		awk '{ if (length > most) most = length } END { print most }'
)"
export NO_COLOR=1

# --- Ctrl-C ---------------------------------------------------------------------------------------------

cp tests/fixtures/mock/busy-7.16.yaml "$work/stall.yaml"
echo 'faults: {ssh: [stall-command]}' >>"$work/stall.yaml"
one=$(sed -n '2,$p' "$work/one.yaml")
start_mock "$work/stall.yaml" || exit 1
mocks+=("$MOCK_PID")
stalled=$(way)
stalled_transcript=$MOCK_TRANSCRIPT
printf 'routers:\n%s\n' "$one" >"$work/interrupted.yaml"
add_router "$work/interrupted.yaml" stalled "$stalled" 'profile: tp'
printf '%s\n' "$one" | sed 's/name: one/name: late/' >>"$work/interrupted.yaml"

wait_for_text() { # file, text
	local tries=0
	until grep -qF "$2" "$1" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || return 1
		sleep 0.05
	done
}

# interrupt SIGNAL [TEXT]: starts the audit and sends the signal once the router was asked for that.
interrupt() {
	: >"$stalled_transcript"
	env --default-signal=INT,TERM "$ROSAUDIT" -j 1 "$work/interrupted.yaml" -f json \
		-o "json=$work/reports/interrupted.json" -o "text=$work/reports/interrupted.txt" \
		>"$out" 2>"$err" </dev/null &
	wait_for_text "$stalled_transcript" "${2:- exec: }"
	kill -s "$1" $!
	wait $!
	# shellcheck disable=SC2034 # check_status reads it
	status=$?
}

interrupt INT
check_status "Ctrl-C ends with 130" 130
check "the report says so" test "$(pick "$out" interrupted exit_status)" = "true
130"
check "the router before is whole" test "$(pick "$out" routers.0.audited routers.0.exit_status)" = "true
0"
check "the stalled one and the one after are told" test \
	"$(pick "$out" routers.*.error.kind | tr '\n' ' ')" = "(none) interrupted interrupted "
golden fleet/interrupted "$err"
check "the report in a file is the same" diff "$out" "$work/reports/interrupted.json"
check "the text report is whole, too" grep -q '^Interrupted' "$work/reports/interrupted.txt"
check "no temporary file is left of it" no_rest_of_files "$work/reports"
interrupt TERM
check_status "SIGTERM does the same" 130

n=0
# In the middle of the scan, whose ports do not answer: what was read stays.
start_process ready "$build/check/tests/mute_port" || exit 1
mute=$(sed -n 's/^port //p' <<<"$heard")
start_mock tests/fixtures/mock/busy-7.16.yaml || exit 1
mocks+=("$MOCK_PID")
policy "$work/interrupted.yaml" 'name: scanned' 'host: 127.0.0.1' 'user: audit' \
	'password: {env: R1_PASSWORD}' "host-key: \"$MOCK_HOST_KEY\"" \
	"port-map: {22: $(here 22), 81: $mute}" 'scan: {ports: "22,81"}'
stalled_transcript=$MOCK_TRANSCRIPT
interrupt INT '/user active'
check_status "Ctrl-C in the scan ends with 130" 130
check "the services are all there" test "$(declared "$out" | wc -l)" = 8
check "the port that was not judged is unknown" test \
	"$(pick "$out" routers.0.observations.*.state | tr '\n' ' ')" = 'open unknown '

for pid in "${mocks[@]}"; do
	n=$((n + 1))
	check "nothing but reading reached mock $n" stop_mock "$pid"
done
done_testing
