#!/usr/bin/env bash
# `make demo` without its building: what it shows, that README shows the same, that nothing stays.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

export COLUMNS=80 TMPDIR=$work
run tests/demo "$build/check"
check_status "the demo ends with 0" 0
check_out "passes are shown" "pass"
check_out "a policy failure is shown" "RA101 medium"
check_out "a declared-versus-reachable disagreement is shown" "RA202 high"
check_out "it says what to try next" "Try next:"
none_runs() {
	! grep -lsaF "$work" /proc/[0-9]*/cmdline
}
check "no mock router is left" none_runs
check "no file is left" sh -c "! ls -d '$work'/rosaudit-demo.* 2>/dev/null"

# The report in README is the demo's, but for times, ports and paths; a line may break elsewhere where a
# path or a port is longer, so words are compared.
words() {
	mask <"$1" | sed -E -e 's|[^ ]*profiles/|PROFILES/|g' -e 's/\(here [0-9A-Z]+\)/(here PORT)/g' |
		tr -s ' \n' '\n\n'
}
sed -n '/^Router /,/^Not compliant/p' "$out" >"$work/shown"
sed -n '/^<!-- demo -->$/,/^<!-- \/demo -->$/p' README.md | sed -n '/^Router /,/^Not compliant/p' \
	>"$work/readme"
words "$work/shown" >"$work/shown.words"
words "$work/readme" >"$work/readme.words"
check "README shows the demo's report" diff "$work/readme.words" "$work/shown.words"
done_testing
