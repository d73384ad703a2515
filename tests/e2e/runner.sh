#!/usr/bin/env bash
# The runner itself: programs that pass, fail, skip, crash, hang, stay silent or leave things behind.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

# A fake test program. Its body is stdin.
fake() {
	{
		echo '#!/bin/sh'
		cat
	} >"$work/$1"
	chmod +x "$work/$1"
}

# Runs tests/run over fakes, without what the outer run has set.
runner() {
	run env -u ROSAUDIT_CI TMPDIR="$work" TEST_TIMEOUT=2 TEST_JOBS=2 tests/run "$@"
}

last_line() {
	tail -n 1 "$out"
}

check_last() {
	if [ "$(last_line)" = "$2" ]; then
		ok "$1"
	else
		not_ok "$1" "the last line is: $(last_line)
$(told)"
	fi
}

# A zombie that nobody collects has ended as well.
orphan_is_gone() {
	local state
	state=$(sed -n 's/^State:[[:space:]]*//p' "/proc/$(cat "$work/orphan.pid")/status" 2>/dev/null)
	case $state in '' | Z*) return 0 ;; *) return 1 ;; esac
}

# expect NAME STATUS LAST-LINE REASON FAKE…: one run of the runner, judged as a whole.
expect() {
	local name=$1 want=$2 last=$3 reason=$4
	shift 4
	runner "$@"
	if [ "$status" = "$want" ] && [ "$(last_line)" = "$last" ] && grep -qF -- "$reason" "$out"; then
		ok "$name"
	else
		not_ok "$name" "status $status, last line: $(last_line)
$(told)"
	fi
}

fake pass <<'F'
echo 1..2; echo ok 1 - one; echo ok 2 - two
F
fake fail <<'F'
echo 1..2; echo ok 1 - one; echo not ok 2 - two; echo "why it failed" >&2; exit 1
F
fake skip <<'F'
echo 1..2; echo ok 1 - one; echo "ok 2 - two # SKIP no sshd here"
F
fake cmocka_skip <<'F'
echo 1..2; echo ok 1 - test_one; echo "not ok 2 # SKIP test_two"
F
fake skip_all <<'F'
echo "1..0 # SKIP no podman here"
F
fake late_plan <<'F'
echo ok 1 - one; echo 1..1
F
fake two_groups <<'F'
echo 1..1; echo ok 1 - one; echo 1..1; echo ok 1 - again
F
fake crash <<'F'
echo 1..2; echo ok 1 - one; kill -SEGV $$
F
fake hang <<'F'
echo 1..1; exec tail -f /dev/null
F
fake silent <<'F'
exit 0
F
fake no_tests <<'F'
echo 1..0
echo "# nothing here"
exit 3
F
fake short <<'F'
echo 1..3; echo ok 1 - one
F
fake long <<'F'
echo 1..1; echo ok 1 - one; echo ok 2 - two
F
fake status <<'F'
echo 1..1; echo ok 1 - one; exit 23
F
fake litter <<'F'
echo 1..1; echo ok 1 - one; : >"$TMPDIR/forgotten"
F
fake orphan <<'F'
echo 1..1; echo ok 1 - one; tail -f /dev/null >/dev/null 2>&1 &
echo $! >"$(dirname "$0")/orphan.pid"
F
fake environment <<'F'
echo 1..3
[ "$CMOCKA_MESSAGE_OUTPUT" = TAP ] && echo ok 1 - tap || echo not ok 1 - tap
case $ASAN_OPTIONS in *detect_leaks=1*) echo ok 2 - asan ;; *) echo not ok 2 - asan ;; esac
case $UBSAN_OPTIONS in *halt_on_error=1*) echo ok 3 - ubsan ;; *) echo not ok 3 - ubsan ;; esac
F
fake interrupt <<'F'
echo 1..1
trap 'echo ok 1 - interrupted; exit 0' INT
kill -INT $$
echo not ok 1 - interrupted
exit 1
F

expect "a program that passes" 0 "2 passed, 0 failed" "ok " "$work/pass"
expect "a failed test is named" 1 "1 passed, 1 failed" "    fail: two" "$work/fail"
check_out "a failed test's stderr is shown" "why it failed"
expect "a skip is named and counted" 0 "1 passed, 0 failed, 1 skipped" \
	"skip: two # SKIP no sshd here" "$work/skip"
expect "cmocka's form of a skip is one" 0 "1 passed, 0 failed, 1 skipped" \
	"cmocka_skip: test_two" "$work/cmocka_skip"
expect "a program that skips everything" 0 "0 passed, 0 failed, 1 skipped" \
	"skip_all: no podman here" "$work/skip_all"
expect "with --skip-is-failure a skip fails by name" 1 "1 passed, 1 failed" \
	"skip: two # SKIP no sshd here" --skip-is-failure "$work/skip"
run env ROSAUDIT_CI=1 TMPDIR="$work" tests/run "$work/skip" "$work/pass"
check_last "with ROSAUDIT_CI=1 as well" "3 passed, 1 failed"
check_status "and the status is 1" 1
expect "a plan at the end" 0 "1 passed, 0 failed" "ok " "$work/late_plan"
expect "two groups, two plans" 0 "2 passed, 0 failed" "ok " "$work/two_groups"
expect "a crash fails by name" 1 "1 passed, 1 failed" "crash: died of signal 11" "$work/crash"
expect "a hang is ended" 1 "0 passed, 1 failed" "hang: ran out of time" "$work/hang"
expect "silence is a failure" 1 "0 passed, 1 failed" "silent: printed no plan" "$work/silent"
expect "no test and a bad status" 1 "0 passed, 1 failed, 1 skipped" \
	"no_tests: ended with status 3" "$work/no_tests"
expect "fewer tests than planned" 1 "1 passed, 1 failed" "short: planned 3 tests, printed 1" \
	"$work/short"
expect "more tests than planned" 1 "2 passed, 1 failed" "long: planned 1 tests, printed 2" \
	"$work/long"
expect "a status without a failed test" 1 "1 passed, 1 failed" "status: ended with status 23" \
	"$work/status"
expect "a file left behind" 1 "1 passed, 1 failed" "litter: left behind: forgotten" "$work/litter"
expect "a process left behind" 1 "1 passed, 1 failed" "orphan: left behind: processes" \
	"$work/orphan"
check "is ended" orphan_is_gone
expect "a program that does not exist" 1 "0 passed, 1 failed" "printed no plan" "$work/nowhere"
expect "the sanitizers' options are set" 0 "3 passed, 0 failed" "ok " "$work/environment"
expect "tests can be interrupted" 0 "1 passed, 0 failed" "ok " "$work/interrupt"
expect "several programs are summed up" 1 "5 passed, 2 failed, 1 skipped" "short" \
	"$work/pass" "$work/fail" "$work/short" "$work/skip"
runner
check_status "without a program it is a usage error" 2
check "the runner leaves nothing behind" \
	test -z "$(find "$work" -maxdepth 1 -name 'run.*')"
done_testing
