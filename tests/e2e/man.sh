#!/usr/bin/env bash
# The manual pages and the completion of three shells, all made from the program's own tables.
# shellcheck disable=SC2154,SC2016 # lib.sh sets them; other shells expand
. "$(dirname "$0")/lib.sh"

pages="rosaudit.1 rosaudit-policy.5"
for page in $pages; do
	run "$ROSAUDIT" help "$page"
	check_status "help prints $page" 0
	cp "$out" "$work/$page"
	check "$page is US-ASCII" bash -c '! LC_ALL=C grep -nP "[^\t\x20-\x7e]" "$1"' - "$work/$page"
	if command -v mandoc >/dev/null; then
		run mandoc -Tlint "$work/$page"
		check_status "mandoc finds no fault with $page" 0
		check "not even of style" test ! -s "$out"
	else
		skip "mandoc finds no fault with $page" "no mandoc here (make peers)"
	fi
	if command -v groff >/dev/null; then
		run env LC_ALL=C.UTF-8 MANROFFOPT= groff -man -ww -Tutf8 -z "$work/$page"
		check "groff has no warning for $page" test ! -s "$err"
	else
		skip "groff has no warning for $page" "no groff here (make peers)"
	fi
	if command -v man >/dev/null; then
		run env LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l "$work/$page"
		check "man shows $page" grep -q NAME "$out"
		check "man has no warning for $page" test ! -s "$err"
	else
		skip "man shows $page" "no man here (make peers)"
	fi
done

# --- options, --help, README and the page say the same ---------------------------------------------------

# What --help lists, of every command: "-f --format FORMAT".
for command in $("$ROSAUDIT" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	"$ROSAUDIT" "$command" --help >"$work/help.$command"
	sed -n '/^options:/,/^$/p' "$work/help.$command" | grep -oE '^ +(-., )?--?[A-Za-z][A-Za-z0-9-]*( [^ ]+)?' |
		sed -E 's/^ +//; s/,//; s/ +$//'
done | sort -u >"$work/options.help"
sed -n '/^\.SH OPTIONS/,/^\.SH REPORT/p' "$work/rosaudit.1" | grep -A1 '^\.TP' | grep '^\\f' |
	sed -E 's/\\f[BIR]//g; s/\\-/-/g; s/\\\[u2026\]/…/g; s/,//' | sort -u >"$work/options.page"
check "every option of every command, and no other, is in rosaudit(1)" \
	diff "$work/options.help" "$work/options.page"
check "there are more than fifty" test "$(wc -l <"$work/options.page")" -gt 50
sed -n '/^<!-- options -->/,/^<!-- \/options -->/p; /^<!-- scan -->/,/^<!-- \/scan -->/p' README.md |
	grep -oE '^ +(-., )?--[a-z][a-z-]*' | sed -E 's/.*--/--/' | sort -u >"$work/options.readme"
check "README names no option that the page lacks" bash -c \
	'! grep -vxFf <(grep -oE -- "--[a-z-]+" "$1" | sort -u) "$2"' - "$work/options.page" "$work/options.readme"
for command in $(sed -n '/^\.SH COMMANDS/,/^\.SH OPTIONS/s/^\\fB\([a-z]*\)\\fR.*/\1/p' "$work/rosaudit.1"); do
	run "$ROSAUDIT" "$command" --help
	check_status "the page's command $command is one" 0
done
check "every command is in the page" test \
	"$("$ROSAUDIT" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]\+\) .*/\1/p')" = \
	"$(sed -n '/^\.SH COMMANDS/,/^\.SH OPTIONS/s/^\\fB\([a-z]*\)\\fR.*/\1/p' "$work/rosaudit.1")"
check "every rule is in the page" test "$("$ROSAUDIT" explain | cut -d ' ' -f 1)" = \
	"$(grep -oE '^.fBRA[0-9]+' "$work/rosaudit.1" | sed 's/^.fB//')"
"$ROSAUDIT" help keys | sed -nE 's/^\| `([a-z-]+)`.*/\1/p' >"$work/keys.help"
sed -n '/^\.SH KEYS/,/^\.SH EXAMPLES/p' "$work/rosaudit-policy.5" | grep -A1 '^\.TP' |
	sed -nE 's/^\\fB([^\]*(\\-[^\]*)*)\\fR.*/\1/p' | sed 's/\\-/-/g' >"$work/keys.page"
check "every key of a policy is in rosaudit-policy(5)" diff "$work/keys.help" "$work/keys.page"
check "its example is a policy" bash -c \
	'sed -n "/^\.nf/,/^\.fi/p" "$1" | sed "1d;\$d; s/\\\\-/-/g; s/\\\\(aq/'\''/g" >"$2"' - \
	"$work/rosaudit-policy.5" "$work/example.yaml"
run "$ROSAUDIT" check "$work/example.yaml"
check_status "that rosaudit check takes" 0
for command in "" scan plan audit; do
	# shellcheck disable=SC2086 # none, or one
	"$ROSAUDIT" $command --help >"$work/long"
	check "--help${command:+ of $command} fits 80 columns" bash -c '! grep -nE "^.{81}" "$1"' - "$work/long"
done
run "$build/check/tests/pty_run" "$ROSAUDIT" help keys
check "help keys fits a terminal" bash -c '! tr -d "\r" <"$1" | grep -nE "^.{81}"' - "$out"
check "and is no Markdown there" bash -c '! grep -q "^|" "$1"' - "$out"

# --- completion -------------------------------------------------------------------------------------------

mkdir -p "$work/bin" "$work/here/reports"
ln -s "$ROSAUDIT" "$work/bin/rosaudit"
touch "$work/here/router.yaml" "$work/here/r two.txt"
export PATH=$work/bin:$PATH HOME=$work/home
mkdir -p "$HOME"

# in_bash WORD…: what Tab offers for the last word, as bash itself cuts the line.
in_bash() {
	(cd "$work/here" && bash --norc --noprofile -c '
		eval "$(rosaudit completion bash)"
		COMP_WORDS=()
		for word in "$@"; do
			# As readline: = and : are words of their own.
			while [[ $word =~ ^([^=:]*)([=:])(.*)$ ]]; do
				[ -z "${BASH_REMATCH[1]}" ] || COMP_WORDS+=("${BASH_REMATCH[1]}")
				COMP_WORDS+=("${BASH_REMATCH[2]}")
				word=${BASH_REMATCH[3]}
			done
			COMP_WORDS+=("$word")
		done
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_rosaudit
		printf "%s\n" "${COMPREPLY[@]}"' - "$@")
}

in_fish() {
	(cd "$work/here" && fish --no-config -c \
		'rosaudit completion fish | source; complete -C "$argv[1]"' "$*" | cut -f 1)
}

# A zsh on a terminal of its own: Tab is typed, and the line that came of it read back.
in_zsh() {
	(cd "$work/here" && timeout 60 zsh -f -c '
		zmodload zsh/zpty
		zpty z zsh -f -i
		zpty -w z "PS1=; PS2=; unsetopt zle_bracketed_paste beep; stty -echo"
		zpty -w z "autoload -U compinit; compinit -u -d $HOME/dump; source <(rosaudit completion zsh)"
		zpty -w z "shown() { print -r -- \"<<\$BUFFER>>\"; BUFFER=; }"
		zpty -w z "zle -N shown; bindkey ^T shown; setopt no_list_ambiguous; print ready-\$((1+1))"
		zpty -r z heard "*ready-2*"
		zpty -w -n z "$1"$'"'\\t\\C-t'"'
		zpty -r z heard "*<<*>>*"
		heard=${heard##*<<}
		print -r -- "${heard%%>>*}"
		zpty -d z' - "$*" 2>/dev/null)
}

# completes SHELL NAME EXPECTED WORD…: is EXPECTED among the answers?
completes() {
	local shell=$1 name=$2 expected=$3
	shift 3
	"in_$shell" "$@" >"$work/answers"
	check "$shell completes $name" grep -qxF -- "$expected" "$work/answers"
}

lacks() {
	local shell=$1 name=$2 unexpected=$3
	shift 3
	"in_$shell" "$@" >"$work/answers"
	check "$shell: $name" bash -c '! grep -qxF -- "$1" "$2"' - "$unexpected" "$work/answers"
}

for shell in bash fish; do
	if ! command -v "$shell" >/dev/null; then
		skip "completion of $shell" "no $shell here (make peers)"
		continue
	fi
	completes $shell "a command" plan rosaudit pl
	completes $shell "an option" --format rosaudit --fo
	completes $shell "an option of its command" --undo rosaudit plan --un
	lacks $shell "no option of another command" --undo rosaudit audit --un
	completes $shell "a format" junit rosaudit audit --format j
	completes $shell "a format behind -f" sarif rosaudit -f s
	completes $shell "a report to write" csv= rosaudit -o c
	completes $shell "a profile" hardened rosaudit --profile ha
	completes $shell "a rule" RA104 rosaudit explain RA10
	completes $shell "a severity" critical rosaudit --fail-on cr
	completes $shell "a policy file" router.yaml rosaudit rou
	completes $shell "a file behind a command" router.yaml rosaudit check rou
	completes $shell "a topic of help" keys rosaudit help k
	completes $shell "a shell" fish rosaudit completion f
	lacks $shell "a command is completed once" plan rosaudit check pl
	completes $shell "nmap's words" -sV rosaudit scan -s
done
if command -v bash >/dev/null; then
	completes bash "a value behind =" junit rosaudit --format=j
	completes bash "the file of a report" router.yaml rosaudit -o json=rou
	completes bash "a file with a blank" "r two.txt" rosaudit parse "r t"
fi
if command -v fish >/dev/null; then
	completes fish "a value behind =" --format=junit rosaudit --format=j
	completes fish "the file of a report" json=router.yaml rosaudit -o json=rou
fi
if command -v zsh >/dev/null && zsh -f -c 'zmodload zsh/zpty' 2>/dev/null; then
	completes zsh "a command" "rosaudit plan " rosaudit pl
	completes zsh "an option" "rosaudit --format " rosaudit --forma
	completes zsh "an option of its command" "rosaudit plan --undo " rosaudit plan --un
	lacks zsh "no option of another command" "rosaudit check --undo " rosaudit check --un
	completes zsh "a format" "rosaudit --format junit " rosaudit --format ju
	completes zsh "a report to write, without a blank behind" "rosaudit -o csv=" rosaudit -o cs
	completes zsh "the file of a report" "rosaudit -o json=router.yaml " rosaudit -o json=rou
	completes zsh "a profile" "rosaudit --profile hardened " rosaudit --profile har
	completes zsh "a rule" "rosaudit explain RA104 " rosaudit explain RA104
	completes zsh "a policy file" "rosaudit check router.yaml " rosaudit check rou
else
	skip "completion of zsh" "no zsh with zpty here (make peers)"
fi
run "$ROSAUDIT" completion csh
check_status "a shell that is not known" 2
run "$ROSAUDIT" completion
check_status "no shell at all" 2
done_testing
