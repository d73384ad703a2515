# shellcheck shell=bash
# Helpers of the end-to-end tests. A script begins with
#
#	#!/usr/bin/env bash
#	# shellcheck disable=SC2154 # lib.sh sets them
#	. "$(dirname "$0")/lib.sh"
#
# and ends with done_testing. It runs in the repository's root; $work is its own directory, removed at
# the end together with every process that start_mock and start_process began.
#
#	ok NAME               not_ok NAME [REASON]     skip NAME REASON     skip_all REASON
#	check NAME COMMAND…   passes when the command does; its output is shown when it does not
#	run COMMAND…          keeps $status, and the output in $out and $err (files)
#	check_status NAME N   the last run ended with N
#	check_out NAME TEXT   the last run's stdout holds TEXT; check_err: its stderr
#	golden NAME FILE      FILE, masked, is tests/golden/e2e/NAME; UPDATE_GOLDEN=1 rewrites that
#	needs COMMAND…        skips the whole script when one of the commands is missing
#	pick FILE PATH…       values of a JSON report: pick "$out" routers.0.device.version
#	declared REPORT [I]   the static services of its router I (0), a line each, sorted
#	policy FILE LINE…     writes a policy file of one router; the lines are its keys
#	here PORT             the port of this machine that the last mock has for the router's
#	free_port [N]         prints N free ports of 127.0.0.1
#	start_mock SCENARIO [OPTION…]
#	only_reads TRANSCRIPT   no request in it is more than reading; prints those that are
#	stop_mock [PID]       status of the mock: not 0 when it was asked for more than reading
#	start_process FIFO-LINE COMMAND…   waits until the command writes that line
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

build=$PWD/${BUILD:-build}
case ${BUILD:-} in /*) build=$BUILD ;; esac
ROSAUDIT=${ROSAUDIT:-$build/check/rosaudit}
MOCK=${MOCK:-$build/check/mock-router}
# Nothing wraps, so that goldens do not depend on the length of paths; the user's own settings do not
# reach the tests.
export COLUMNS=400 LC_ALL=C NO_COLOR=1 ROSAUDIT_PROFILES=$PWD/profiles
unset SSH_AUTH_SOCK

work=$(mktemp -d "${TMPDIR:-/tmp}/e2e.XXXXXX") || exit 1
out=$work/out
err=$work/err
status=
tests_n=0
planned=
pids=()
started_n=0
mocks_n=0

stop_all() {
	local pid
	for pid in ${pids[@]+"${pids[@]}"}; do
		kill -TERM "$pid" 2>/dev/null
	done
	for pid in ${pids[@]+"${pids[@]}"}; do
		wait "$pid" 2>/dev/null
	done
	chmod -R u+rwX "$work" 2>/dev/null
	rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- results -----------------------------------------------------------------------------------

# Optional: tells beforehand how many tests there will be.
plan() {
	planned=$1
	echo "1..$1"
}

done_testing() {
	[ -n "$planned" ] || echo "1..$tests_n"
}

comment() {
	sed 's/^/# /'
}

ok() {
	tests_n=$((tests_n + 1))
	echo "ok $tests_n - $1"
}

not_ok() {
	tests_n=$((tests_n + 1))
	echo "not ok $tests_n - $1"
	[ -z "${2:-}" ] || printf '%s\n' "$2" | comment
}

skip() {
	tests_n=$((tests_n + 1))
	echo "ok $tests_n - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

needs() {
	local command
	for command in "$@"; do
		command -v "$command" >/dev/null 2>&1 || skip_all "no $command here (make peers)"
	done
}

# In this shell, so that start_mock and stop_mock can be checked.
check() {
	local name=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		ok "$name"
	else
		not_ok "$name" "failed: $*
$(cat "$work/said")"
	fi
}

# --- running what is tested ------------------------------------------------------------------------

run() {
	"$@" >"$out" 2>"$err" </dev/null
	status=$?
}

told() {
	printf 'stdout:\n'
	tail -n 40 "$out"
	printf 'stderr:\n'
	tail -n 40 "$err"
}

check_status() {
	if [ "$status" = "$2" ]; then
		ok "$1"
	else
		not_ok "$1" "status $status, not $2
$(told)"
	fi
}

check_file() {
	if grep -qF -- "$3" "$2"; then
		ok "$1"
	else
		not_ok "$1" "not found: $3
$(told)"
	fi
}

check_out() {
	check_file "$1" "$out" "$2"
}

check_err() {
	check_file "$1" "$err" "$2"
}

# What differs from run to run: directories, times, durations, ports that the kernel picked, keys.
mask() {
	sed -E \
		-e "s|$work|WORK|g" \
		-e "s|$PWD|ROOT|g" \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/g' \
		-e 's/(took|a pris) [0-9]+\.[0-9] s/\1 N s/g' \
		-e 's/("(duration_ms|rtt_us)": )[0-9]+/\1"N"/g' \
		-e 's/SHA256:[A-Za-z0-9+\/]{43}=?/SHA256:KEY/g' \
		-e 's/sha256\/\/[A-Za-z0-9+\/]{43}=/sha256\/\/KEY/g' \
		-e 's/(^|[^0-9A-Za-z])[1-6][0-9]{4}([^0-9]|$)/\1PORT\2/g' \
		-e 's/(^|[^0-9A-Za-z])[1-6][0-9]{4}([^0-9]|$)/\1PORT\2/g'
}

golden() {
	local file=tests/golden/e2e/$1 difference
	mask <"$2" >"$work/masked"
	if [ -n "${UPDATE_GOLDEN:-}" ]; then
		mkdir -p "$(dirname "$file")"
		cp "$work/masked" "$file"
	fi
	if difference=$(diff -u "$file" "$work/masked" 2>&1); then
		ok "$1 is as in tests/golden/e2e"
	else
		not_ok "$1 is as in tests/golden/e2e" "$difference"
	fi
}

pick() {
	"$build/check/tests/json_pick" "$@"
}

# name, port, disabled, address, certificate and vrf; no listeners and connections of RouterOS 7.19+.
declared() {
	local rows=routers.${2:-0}.device.services key columns=() dir
	dir=$(mktemp -d "$work/columns.XXXXXX") || return
	for key in dynamic connection name port disabled address certificate vrf; do
		pick "$1" "$rows.*.$key" >"$dir/$key"
		columns+=("$dir/$key")
	done
	paste -d ' ' "${columns[@]}" | awk '$1 != "true" && $2 != "true"' | cut -d ' ' -f 3- | sort
}

policy() {
	local file=$1
	shift
	{
		printf 'router:\n'
		printf '  %s\n' "$@"
	} >"$file"
}

here() {
	sed -E "s/.*[{ ]$1: ([0-9]+).*/\1/" <<<"$MOCK_PORT_MAP"
}

free_port() {
	"$build/check/tests/free_port" "${1:-1}"
}

# --- the double --------------------------------------------------------------------------------------

# Starts a command and reads its stdout until the line: no sleep. What came before is in $heard, the
# process in $started_pid. Its stdout stays open until the script ends, so that it can go on writing.
start_process() {
	local line=$1 fifo=$work/fifo.$((started_n += 1)) fd text
	shift
	mkfifo "$fifo" || return 1
	"$@" >"$fifo" 2>"$fifo.err" </dev/null &
	started_pid=$!
	pids+=("$started_pid")
	exec {fd}<"$fifo"
	heard=
	while IFS= read -r -t 60 text <&"$fd"; do
		[ "$text" = "$line" ] && return 0
		heard+=$text$'\n'
	done
	echo "# $1 never wrote: $line" >&2
	comment <"$fifo.err" >&2
	return 1
}

# Starts the double on ports that the kernel picks. Sets MOCK_PID, MOCK_CONFIG (a policy file that
# reaches it), MOCK_TRANSCRIPT (every request), MOCK_HOST_KEY and MOCK_PORT_MAP. Options go to the double;
# --profile, --transport and --port-map have defaults.
start_mock() {
	local scenario=$1 dir=$work/mock.$((mocks_n += 1)) defaults=()
	shift
	case " $* " in *" --port-map "*) ;; *) defaults+=(--port-map auto) ;; esac
	case " $* " in *" --transport "*) ;; *) defaults+=(--transport ssh) ;; esac
	case " $* " in *" --profile "*) ;; *) defaults+=(--profile tp) ;; esac
	mkdir "$dir" || return 1
	export MOCK_CONFIG=$dir/router.yaml MOCK_TRANSCRIPT=$dir/transcript
	start_process ready "$MOCK" "${defaults[@]}" --write-config "$MOCK_CONFIG" \
		--transcript "$MOCK_TRANSCRIPT" "$@" "$scenario" || return 1
	MOCK_PID=$started_pid
	export MOCK_PID MOCK_HOST_KEY MOCK_PORT_MAP
	MOCK_HOST_KEY=$(sed -n 's/^ssh-host-key //p' <<<"$heard")
	MOCK_PORT_MAP=$(sed -n 's/^port-map //p' <<<"$heard")
}

stop_mock() {
	local pid=${1:-$MOCK_PID} other left=() ended
	kill -TERM "$pid" 2>/dev/null
	wait "$pid"
	ended=$?
	for other in ${pids[@]+"${pids[@]}"}; do
		[ "$other" = "$pid" ] || left+=("$other")
	done
	pids=(${left[@]+"${left[@]}"})
	return "$ended"
}

# Every form of request that rosaudit has, whole lines: what is in no form is printed.
only_reads() {
	local path='/[a-z0-9 -]+' mark=':put "rosaudit [0-9a-z ]+"' get each
	get=":put \\[$path get( [a-z-]+)?\\]"
	each=":foreach i in=\\[$path find( dynamic=(yes|no))?\\] do=\\{"
	each+="(:put \\[$path get \\\$i\\]|:do \\{:put \\[$path get \\\$i\\]\\} on-error=\\{$mark\\})\\}"
	! sed -n 's/^[^ ]* ssh .* exec: //p' "$1" | grep -vE -e "^($get|$each)\$" \
		-e "^$path print( terse)?( where !?dynamic)?\$" \
		-e "^($mark;:do \\{($get|$each)\\} on-error=\\{$mark\\};)+$mark\$" &&
		! sed -n 's/^[^ ]* www[^ ]* .* \([A-Z]* \/rest.*\)/\1/p' "$1" | grep -v '^GET '
}
