#!/usr/bin/env bash
# Bugs sown into copies of the firewall evaluator, one at a time: the comparison with the oracle must
# notice each. TAP on stdout.
set -u
cd "$(dirname "$0")/../.." || exit 1

BUILD=${BUILD:-build}
CHECK=$BUILD/check
CC=${CC:-cc}
field=$(mktemp -d) || exit 1
trap 'rm -rf "$field"' EXIT
flags="-std=c17 -D_GNU_SOURCE -Iinclude -I. -Isrc/exposure -g -O1 -fPIE -fsanitize=address,undefined -fno-sanitize-recover=all"
objects="$CHECK/tests/test_exposure_oracle.o $(ls "$CHECK"/tests/support/firewall_*.o)"
n=0

tell() { # OK NAME
	n=$((n + 1))
	echo "$1 $n - $2"
}

# The comparison, linked with another copy of one file; ours comes before the library's.
compare_with() { # OBJECT…
	# shellcheck disable=SC2046,SC2086
	$CC -g -pie -fsanitize=address,undefined -o "$field/compare" $objects "$@" \
		"$CHECK/librosaudit.a" $(pkg-config --libs cmocka) -pthread || return 2
	timeout 120 "$field/compare" >"$field/out" 2>&1
}

# sow NAME FILE SED: a copy of src/exposure/FILE in which the sed script changes something.
sow() {
	sed -zE "$3" "src/exposure/$2" >"$field/bug.c"
	if cmp -s "$field/bug.c" "src/exposure/$2"; then
		tell "not ok" "$1: the script changes nothing in $2"
		return
	fi
	# shellcheck disable=SC2086
	if ! $CC $flags -w -c -o "$field/bug.o" "$field/bug.c" 2>"$field/out"; then
		tell "not ok" "$1: does not compile"
		sed 's/^/# /' "$field/out" | head -5
		return
	fi
	compare_with "$field/bug.o"
	case $? in
	0) tell "not ok" "$1 goes unnoticed" ;;
	2 | 124) tell "not ok" "$1: no verdict" ;;
	*) if grep -qE '^evaluator: |is in no part|is said never to match' "$field/out"; then tell ok "$1 is noticed"; else tell "not ok" "$1: failed without a word"; fi ;;
	esac
}

if ! compare_with; then
	tell "not ok" "without a bug both agree"
	grep -m 3 'ERROR' "$field/out" | sed 's/^/# /'
	echo "1..$n"
	exit 0
fi
tell ok "without a bug both agree"

sow "a condition's ! that is overlooked" match.c 's/return m->negated \? not_tri\(t\) : t;/return t;/'
sow "a source's ! that is overlooked" match.c 's/\tif \(m->negated\)\n\t\treturn [^;]*;//'
sow "unknown, negated, taken for yes" match.c 's/return t == TRI_UNKNOWN \? t :/return t == TRI_UNKNOWN ? TRI_YES :/'
sow "return that goes on to the next rule" walk.c 's/case ACT_RETURN:/case ACT_RETURN: return root;/'
sow "a drop that perhaps matches taken for a drop" walk.c 's/(case ACT_TARPIT:\s*if \()sure\)/\11)/'
sow "a jump that perhaps happens taken for a jump" walk.c 's/(struct change perhaps = doubt_of\(w, v, r\);\s*)perhaps\.escape = [^;]*;/\1/'
sow "disabled rules that count" rules.c 's/\.dead = !item_counts\(item\)/.dead = false/'
sow "disabled list entries that count" lists.c 's/ \|\| !item_counts\(i\)//'
sow "an interface list's exclude that is overlooked" facts.c 's/excluded = in_any\(f, in, l->exclude\)/excluded = TRI_NO/'
sow "a range that ends one address early" paint.c 's/paint_span\(p, s\.first, last, s\.label\)/paint_span(p, s.first, last - (last > s.first), s.label)/'
sow "a list that is filled on the way and seen too late" walk.c 's/if \(moves < 0\)/if (1)/'
sow "what is not tracked taken for new" match.c 's/not_tri\(p->untracked\)/TRI_YES/'
sow "a service that serves whom its address refuses" serve.c 's/MASK\(EXPOSURE_REFUSED\);\n\tif \(!l/MASK(EXPOSURE_SERVED);\n\tif (!l/'
sow "a redirect of which the old port counts" translate.c 's/out->port = [^;]*;//'
sow "a port taken for all of a rule's ports" imply.c 's/return holds_all\(asked, asked->negated, given, given->negated\);/return holds_all(given, given->negated, asked, asked->negated);/'
sow "conditions of which one is overlooked" flaws_shadow.c 's/\t\tif \(!found\)\n\t\t\treturn false;/\t\tif (!found \&\& i)\n\t\t\treturn false;/'
sow "a shadow of what only may match" flaws_shadow.c 's/ends_the_way\(r\) && is_certain\(s->f, j\)/ends_the_way(r)/'
echo "1..$n"
