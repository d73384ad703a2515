#!/usr/bin/env bash
# The walls of the house: who may include whom, which file owns which library, what no file may call.
# TAP on stdout.
set -u
cd "$(dirname "$0")/../.." || exit 1

n=0
# check NAME OFFENDERS: passes when the second argument is empty.
check() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

# The room that owns a public header.
room_of() {
	case $1 in
	error | buf | arena | text | limits | message | secret | clock | log | file | cancel | version | roff) echo base ;;
	prefix | portset | hosts | addrset) echo net ;;
	tri | item | service | device | catalogue | observation | policy | finding | result | answer | diff | exposure | cause | command | facts | scanned | vantage) echo model ;;
	config | draft) echo config ;;
	transport | saved) echo transport ;;
	rows | menu | routeros) echo routeros ;;
	scan) echo scan ;;
	predict | guard) echo exposure ;;
	listeners) echo cause ;;
	audit) echo audit ;;
	remedy) echo remedy ;;
	report | scan_report) echo report ;;
	*) echo "unknown:$1" ;;
	esac
}

# Every public header a file of that room includes, as "file room".
includes() {
	grep -HoE '#include "rosaudit/[a-z_]+\.h"' src/"$1"/*.[ch] |
		sed -E 's|^([^:]+):#include "rosaudit/([a-z_]+)\.h"|\1 \2|' |
		while read -r file header; do echo "$file $header $(room_of "$header")"; done
}

offenders() { # ROOM ALLOWED…
	room=$1
	shift
	includes "$room" | while read -r file header owner; do
		case " $* " in
		*" $owner "*) ;;
		*) echo "$file includes rosaudit/$header.h of $owner" ;;
		esac
	done
}

check "base stands alone" "$(offenders base base)"
check "net stands on base" "$(offenders net net base)"
check "model stands on net and base" "$(offenders model model net base)"
for room in config transport routeros scan cause exposure audit remedy report; do
	check "$room knows no sibling" "$(offenders $room $room model net base)"
done

owned() { # PATTERN FILES-REGEX
	grep -lE "#include <$1" src/*/*.[ch] src/*.c | grep -vE "$2"
}
check "libssh is in src/transport/ssh*" "$(owned 'libssh/' '^src/transport/ssh[a-z_]*\.[ch]$')"
check "libcurl is in src/transport/rest*" "$(owned 'curl/' '^src/transport/rest[a-z_]*\.[ch]$')"
check "libyaml is in src/config/yaml*" "$(owned 'yaml' '^src/config/yaml[a-z_]*\.[ch]$')"
check "jansson is in json files" "$(owned 'jansson' '^src/(report|routeros|config)/json[a-z_]*\.[ch]$')"
check "libxml2 is in xml files" "$(owned 'libxml/' '^src/[a-z]+/xml[a-z_]*\.[ch]$')"
check "OpenSSL is in TLS files" \
	"$(owned 'openssl/' '^src/(scan/tls|transport/rest|transport/spki)[a-z_]*\.[ch]$')"

check "the double shares no code with what it tests" \
	"$(grep -nE '#include "(\.\./|rosaudit|src/)' mock-router/*.[ch])"
check "below src/cli nothing ends the program" \
	"$(grep -nwE '(exit|_Exit|abort)[[:space:]]*\(' src/[a-b]*/*.c src/[d-z]*/*.c src/config/*.c |
		grep -vE 'src/base/arena.c|_exit' | sort -u)"
check "below src/cli nothing prints" \
	"$(grep -nwE '(printf|puts|putchar|perror)[[:space:]]*\(' src/[a-b]*/*.c src/[d-z]*/*.c src/config/*.c)"
check "no call that cannot know its limit" \
	"$(grep -nwE '(strcpy|strcat|sprintf|strtok|atoi|gets|system|popen|scanf|sscanf)[[:space:]]*\(' \
		src/*/*.[ch] src/*.c mock-router/*.[ch])"
check "nothing is left for later" \
	"$(grep -nE 'TODO|FIXME|XXX|HACK|not implemented' src/*/*.[ch] src/*.c include/*/*.h mock-router/*.[ch] \
		tests/*.[ch] Makefile | grep -v 'tests/e2e/house.sh' | grep -v 'XXXXXX')"
check "lines fit 100 columns" \
	"$(for f in src/*/*.[ch] src/*.c include/*/*.h mock-router/*.[ch] tests/*.[ch]; do
		expand -t 8 "$f" | awk -v f="$f" '{ s = $0; gsub(/[\200-\277]/, "", s) }
			length(s) > 100 { print f ":" NR }'
	done)"
check "files fit 600 lines (but for the one table of all keys)" \
	"$(wc -l src/*/*.c src/*.c mock-router/*.c | awk '$2 != "total" && $1 > 600 && $2 != "src/config/schema.c" { print $2 ": " $1 }')"
check "every test asserts" "$(grep -L 'assert_' tests/test_*.c)"
check "every public header says what it is" \
	"$(for h in include/rosaudit/*.h; do head -c 2 "$h" | grep -q '/\*' || echo "$h"; done)"
check "main.c maps every room" \
	"$(for d in src/*/; do grep -q "$d" src/main.c || echo "$d"; done)"
echo "1..$n"
