#!/usr/bin/env bash
# make install, uninstall, and how the program is linked.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

unset ROSAUDIT_PROFILES
dest=$work/dest
# What was built is installed as it is: nothing is built again, so tests can run beside this one.
make_quietly() {
	MAKEFLAGS='' make -s BUILD="$build" DESTDIR="$dest" PREFIX=/usr "$@"
}
check "make install" make_quietly install
run "$dest/usr/bin/rosaudit" --version
check_status "the installed program runs" 0
run "$dest/usr/bin/rosaudit" profiles
check_out "it finds its profiles beside it" "hardened"
run env LC_ALL=fr_FR.UTF-8 "$dest/usr/bin/rosaudit" explain RA101
check_out "it finds its French beside it" "service manquant"
check "man finds its pages" sh -c "test -s '$dest/usr/share/man/man1/rosaudit.1' &&
	test -s '$dest/usr/share/man/man5/rosaudit-policy.5'"
check "three shells find their completion" sh -c "cd '$dest/usr/share' &&
	grep -q 'complete -F' bash-completion/completions/rosaudit &&
	grep -q '^#compdef rosaudit' zsh/site-functions/_rosaudit &&
	grep -q 'complete -c rosaudit' fish/vendor_completions.d/rosaudit.fish"
check "the double is installed" "$dest/usr/bin/mock-router" --help
for word in all demo check peers install uninstall clean format lint; do
	check "make help names $word" sh -c "MAKEFLAGS= make help | grep -q 'make $word '"
done

if command -v readelf >/dev/null 2>&1; then
	readelf -hld "$dest/usr/bin/rosaudit" >"$work/elf"
	check "it is position independent" grep -q 'Type:.*DYN' "$work/elf"
	check "it has RELRO" grep -q GNU_RELRO "$work/elf"
	check "it binds at start" grep -qE 'BIND_NOW|Flags:.*NOW' "$work/elf"
	readelf -s --wide "$dest/usr/bin/rosaudit" >"$work/symbols"
	check "it has stack protectors" grep -q __stack_chk_fail "$work/symbols"
	check "it has FORTIFY" grep -q '_chk@' "$work/symbols"
else
	skip "how the program is linked" "no readelf here"
fi

own=$dest/usr/share/rosaudit/profiles/of-my-own.yaml
echo 'description: written here' >"$own"
check "make uninstall" make_quietly uninstall
check "a profile of one's own stays, and nothing else" \
	test "$(find "$dest" -type f)" = "$own"
rm "$own"
check "make uninstall once more" make_quietly uninstall
check "nothing is left, the folder neither" \
	sh -c "test -z \"\$(find '$dest' -type f)\" && test ! -e '$dest/usr/share/rosaudit' \
		&& test ! -e '$dest/usr/share/locale'"
done_testing
