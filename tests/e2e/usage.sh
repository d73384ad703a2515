#!/usr/bin/env bash
# The typical mistakes at the command line: one sentence, the right status, nothing half done.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

# mistake NAME STATUS ARGS…: the sentence is golden.
mistake() {
	local name=$1 want=$2
	shift 2
	run "$ROSAUDIT" "$@"
	check_status "$name ends with $want" "$want"
	check "$name prints nothing on stdout" test ! -s "$out"
	golden "usage/$name" "$err"
}

mistake no-operand 2
mistake unknown-option 2 --prots 22 x.yaml
mistake unknown-letter 2 -Z
mistake missing-value 2 --format
mistake value-of-a-flag 2 --agent=yes x.yaml
mistake unknown-format 2 --format jsno x.yaml
mistake bad-output 2 -o report.json x.yaml
mistake bad-output-format 2 -o pdf=x x.yaml
mistake missing-output-folder 2 -o "json=$work/none/r.json" "$work/nowhere.yaml"
mistake output-twice 2 -o json=r.json -o html=r.json x.yaml
mistake output-over-policy 2 -o json=x.yaml x.yaml
mistake output-to-stdout-twice 2 -f csv -o json=- x.yaml
mistake bad-jobs 2 -j 0 x.yaml
mistake bad-time 2 --timeout soon x.yaml
mistake bad-severity 2 --fail-on bad x.yaml
mistake bad-colour 2 --color blue x.yaml
mistake bad-ports 2 --ports 70000 ssh://admin@127.0.0.1
mistake wrong-command-option 2 parse --key k x
mistake parse-without-file 2 parse
mistake check-without-file 2 check
mistake explain-unknown 2 explain RA999
mistake help-unknown 2 help wat
mistake profile-with-file 2 --profile tp x.yaml
mistake missing-file 2 "$work/nowhere.yaml"
mistake missing-parse-file 2 parse "$work/nowhere.txt"
mistake directory 2 "$work"
mistake url-password 2 ssh://admin:hunter2@127.0.0.1
check "the password is not repeated" sh -c "! grep -q hunter2 '$err'"
mistake url-unknown-profile 2 ssh://admin@127.0.0.1 --profile hardend
mistake url-unknown-scheme 2 telnet://admin@127.0.0.1
: >"$work/empty.yaml"
mistake empty-file 2 "$work/empty.yaml"
mistake not-understood 3 parse LICENSE
printf 'Flags: X - disabled, I - invalid \n #   NAME      PORT ADDRESS   CERTIFICATE  \n 0   telnet      23\n 1   ftp        \n' \
	>"$work/cut.txt"
mistake cut-table 3 parse "$work/cut.txt"

# A password is asked for only on a terminal; there is none here.
run setsid -w "$ROSAUDIT" ssh://admin@127.0.0.1:1
check_status "an unreachable router ends with 3" 3

# stdout: a full disk is told, a reader that goes away is none of our business.
run sh -c "'$ROSAUDIT' --help >/dev/full"
check_status "a full disk ends with 3" 3
check_err "a full disk is told" "cannot write standard output: No space left on device"
run sh -c "'$ROSAUDIT' --help | head -n 1"
check_status "a reader that went away is no failure" 0
check_out "and it got its line" "rosaudit"
done_testing
