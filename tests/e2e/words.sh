#!/usr/bin/env bash
# --help, the README, docs and the code must not disagree.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

# The block between <!-- NAME --> and <!-- /NAME --> of a file, without the code fence.
block() {
	sed -n "/^<!-- $1 -->\$/,/^<!-- \/$1 -->\$/p" "$2" | sed '1d;$d' | sed '/^```/d'
}

same() { # NAME FILE-A FILE-B
	local difference
	if difference=$(diff -u "$2" "$3"); then
		ok "$1"
	else
		not_ok "$1" "$difference"
	fi
}

run "$ROSAUDIT" --help
check_status "--help ends with 0" 0
sed -n '/^options:/,/^$/p' "$out" | sed '1d;/^$/d' >"$work/help"
block options README.md >"$work/readme"
same "README's options are --help's" "$work/readme" "$work/help"

run "$ROSAUDIT" scan --help
check_status "scan --help ends with 0" 0
sed -n '/^options:/,/^$/p' "$out" | sed '1d;/^$/d' >"$work/help"
block scan-options README.md >"$work/readme"
same "README's options of scan are its --help's" "$work/readme" "$work/help"

run "$ROSAUDIT" help keys
check_status "help keys ends with 0" 0
block keys docs/policy.md >"$work/keys"
same "docs/policy.md's keys are the schema's" "$work/keys" "$out"

run "$ROSAUDIT" schema
check_status "schema ends with 0" 0
same "docs/rosaudit.schema.json is the schema's" docs/rosaudit.schema.json "$out"
for file in profiles/*.yaml; do
	check "$file says which schema it has" \
		grep -qx '# yaml-language-server: $schema=../docs/rosaudit.schema.json' "$file"
done

commands=$("$ROSAUDIT" --help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')
check "--help lists the commands" test "$(wc -w <<<"$commands")" -gt 10
for command in $commands; do
	run "$ROSAUDIT" $command --help
	check_status "$command --help ends with 0" 0
	check_out "$command --help names itself" "rosaudit $([ $command = audit ] && echo '[audit]' || echo $command)"
	check "README or --help shows $command" grep -q "$command" README.md
done

run "$ROSAUDIT" profiles
for file in profiles/*.yaml; do
	name=$(basename "$file" .yaml)
	check_out "profiles lists $name" "$name"
	check "README lists profile $name" grep -q "^| \`$name\`" README.md
done

run "$ROSAUDIT" explain
for id in $(cut -d ' ' -f 1 "$out"); do
	run "$ROSAUDIT" explain "$id"
	check_out "explain $id has a source" "Source"
	check "docs/rules.md has $id" grep -q "^| $id " docs/rules.md
done
run "$ROSAUDIT" explain
cut -d ' ' -f 1 "$out" >"$work/ids"
sed -n 's/^| \(RA[0-9]*\) .*/\1/p' docs/rules.md >"$work/documented"
same "docs/rules.md lists the rules and no other" "$work/documented" "$work/ids"

run "$ROSAUDIT" --version
check_out "--version is version.h's" \
	"rosaudit $(sed -n 's/#define ROSAUDIT_VERSION "\(.*\)"/\1/p' include/rosaudit/version.h)"

# Every target that the README and docs speak of exists.
for target in $(grep -ohE '(`|^    )make [a-z-]+' README.md docs/*.md mock-router/README.md | sed 's/.*make //' |
	sort -u); do
	check "make $target exists" grep -qE "^$target:|^\.PHONY:.* $target( |$)" Makefile
done
# Every link to a file of the tree leads somewhere.
for file in README.md docs/*.md mock-router/README.md; do
	for link in $(grep -oE '\]\([^)#]+' "$file" | sed 's/](//' | grep -v '://'); do
		check "$file: $link is there" test -e "$(dirname "$file")/$link"
	done
done
done_testing
