#!/usr/bin/env bash
# What people read, in French: the catalogue is whole, and an audit under LC_ALL=fr_FR.UTF-8 speaks it in
# text, html and explain, while what machines read stays as it is, byte for byte.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"
needs msgfmt msgattrib msgcat xgettext python3

french=LC_ALL=fr_FR.UTF-8
unset LANGUAGE LANG LC_MESSAGES

# --- the catalogue --------------------------------------------------------------------------------

keys() { # PO: its sentences, one per line
	msgcat --no-wrap --no-location "$1" | sed -n 's/^msgid //p; s/^msgid_plural //p' | sort -u
}

# same_keys POT PO: is every sentence in the catalogue, and every one of the catalogue in use?
same_keys() {
	keys "$1" >"$work/keys.pot"
	keys "$2" >"$work/keys.po"
	diff "$work/keys.pot" "$work/keys.po"
}

differ() {
	! same_keys "$@"
}

none_of() { # KIND: the catalogue has no message of that kind
	! msgattrib "--$1" --no-wrap src/po/fr.po | grep '^msgid' | grep -v '^msgid ""$'
}

MAKEFLAGS='' make -s BUILD="$work/made" "$work/made/rosaudit.pot" >"$work/said" 2>&1
pot=$work/made/rosaudit.pot
check "the sentences of the sources are collected" test -s "$pot"
check "every sentence is in fr.po, and every one of fr.po is used (make messages)" \
	same_keys "$pot" src/po/fr.po
check "none is untranslated" none_of untranslated
check "none is fuzzy" none_of only-fuzzy
check "none is obsolete" none_of only-obsolete
check "the formats fit" msgfmt --check -o /dev/null src/po/fr.po
{
	cat "$pot"
	printf '\nmsgid "nobody says this"\nmsgstr ""\n'
} >"$work/more.pot"
check "a sentence more would be noticed" differ "$work/more.pot" src/po/fr.po
check "a sentence less, too" differ src/po/fr.po "$work/more.pot"

# --- what people read -----------------------------------------------------------------------------

run env $french "$ROSAUDIT" explain RA104
check_status "explain speaks French" 0
golden french/explain-RA104 "$out"
run env $french "$ROSAUDIT" explain
golden french/explain "$out"

start_mock mock-router/scenarios/stock-7.24.yaml || exit 1
closed=$(free_port)
cat >"$work/policy.yaml" <<YAML
defaults:
  user: audit
  password: {literal: lab}
routers:
  - name: r1
    host: 127.0.0.1
    host-key: "$MOCK_HOST_KEY"
    port-map: $MOCK_PORT_MAP
    scan: {ports: "21,22,443,2000,8728"}
    unlisted: warn
    services:
      ssh: {disabled: no, port: 2222, address: [192.0.2.0/24], reachable: yes}
      telnet: {disabled: yes, reachable: no}
      ftp: {disabled: no, address: restricted, reachable: no}
      www: {disabled: yes}
      api: {disabled: no, max-sessions: 5}
      snmp: {disabled: no}
    waivers:
      - {rule: RA102, service: telnet, reason: "the old console needs it"}
      - {rule: RA105, reason: "no longer here"}
  - name: r2
    host: 127.0.0.1
    port: $closed
    services:
      ssh: {disabled: no}
YAML

audit() { # NAME: every report of one run
	run env "$2" "$ROSAUDIT" "$work/policy.yaml" --verbose -o "html=$work/$1.html" \
		-o "json=$work/$1.json" -o "junit=$work/$1.xml" -o "sarif=$work/$1.sarif" \
		-o "csv=$work/$1.csv" -o "markdown=$work/$1.md" -o "prometheus=$work/$1.prom" \
		-o "nagios=$work/$1.nagios"
	cp "$out" "$work/$1.txt"
	cp "$err" "$work/$1.err"
}
audit fr "$french"
check_status "an audit in French has the status of the English one" 3
audit en LC_ALL=C
check_status "which is this" 3
golden french/report.txt "$work/fr.txt"
golden french/report.html "$work/fr.html"
golden french/stderr "$work/fr.err"
check "the page says its language" grep -q '<html[^>]* lang="fr"' "$work/fr.html"
check "and the English one its own" grep -q '<html[^>]* lang="en"' "$work/en.html"

cat >"$work/old.txt" <<'TEXT'
Flags: X - disabled, I - invalid
 #   NAME     PORT ADDRESS  CERTIFICATE
 0   telnet     23
 1   ssh        22
TEXT
cat >"$work/new.txt" <<'TEXT'
Flags: X - disabled, I - invalid
 #   NAME     PORT ADDRESS  CERTIFICATE
 0 X telnet     23
 1   ftp        21
TEXT
run env "$french" "$ROSAUDIT" diff "$work/old.txt" "$work/new.txt"
check_status "diff has its status" 1
golden french/diff "$out"
run env "$french" "$ROSAUDIT" diff "$work/en.json" "$work/fr.json"
check_status "and finds nothing between the reports of both languages" 0

# English that is left on a French page: the parts of every translated sentence, between what is put in.
cat >"$work/left.py" <<'PYTHON'
import html, re, subprocess, sys

po = subprocess.run(["msgcat", "--no-wrap", "src/po/fr.po"], capture_output=True, text=True, check=True)
entry = re.compile(r'msgid "(.*)"\n(?:msgid_plural "(.*)"\n)?msgstr(?:\[0\])? "(.*)"\n'
                   r'(?:msgstr\[1\] "(.*)"\n)?')
entries = [[unquoted.replace('\\"', '"') for unquoted in found if unquoted]
           for found in entry.findall(po.stdout)]
pages = [html.unescape(open(name, encoding="utf-8").read()) for name in sys.argv[1:]]
pages = [" ".join(re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", page, flags=re.S).split())
         for page in pages]
french = " ".join(text for texts in entries for text in texts[len(texts) // 2:])
left = set()
sought = 0
for texts in entries:
    for english in texts[:len(texts) // 2]:
        for part in re.split(r"%[0-9$]*[a-z.0-9]*[sduf]|\{\d\}", english):
            part = part.strip(" ,;:()\"'.")
            if len(part.split()) < 2 or part in french:
                continue
            sought += 1
            left |= {part for page in pages if re.search(r"\b%s\b" % re.escape(part), page)}
print("\n".join(sorted(left)))
sys.exit(1 if left or sought < 200 else 0)
PYTHON
# Shown, so that the check itself is checked.
english_left() {
	python3 "$work/left.py" "$@"
}
notices() {
	! english_left "$@" | grep -q '^$'
}
check "no English is left in text and html" english_left "$work/fr.html" "$work/fr.txt" "$work/fr.err"
check "in the English ones it would be found" notices "$work/en.html"

fits() { # COLUMNS FILE
	python3 -c 'import sys; sys.exit(any(len(l) > int(sys.argv[1]) + 1 for l in open(sys.argv[2], encoding="utf-8")))' "$@"
}
run env "$french" COLUMNS=80 "$ROSAUDIT" "$work/policy.yaml" --verbose
check "no line runs past 80 columns" fits 80 "$out"
golden french/report-80.txt "$out"

# --- what machines read ---------------------------------------------------------------------------

# What two runs never have alike: times, and what the scan reckoned of the path.
durations='s/time="[0-9.]+"/time="N"/g; s/(_seconds\{.*\}) [0-9.]+/\1 N/; s/\btime=[0-9.]+s/time=Ns/g
	s/timestamp(="|_seconds )[^"]*/timestamp\1N/
	s/"(sent|answered|loss|loss_assumed|missed|chance|resent|retried|rate)": [^,]*/"\1": N/'
same_masked() {
	mask <"$1" | sed -E "$durations" >"$work/masked.1"
	mask <"$2" | sed -E "$durations" >"$work/masked.2"
	diff "$work/masked.1" "$work/masked.2"
}
for kind in json xml sarif csv md prom nagios; do
	check "$kind is the same in both languages" same_masked "$work/fr.$kind" "$work/en.$kind"
done

# --- where the language comes from ----------------------------------------------------------------

speaks() { # LANGUAGE VARIABLE=VALUE…: explain RA101 in that language, and not a word on stderr
	local want=$1
	shift
	# With LOCPATH the C library itself leaks the list of its folders.
	run env -u LC_ALL ASAN_OPTIONS=detect_leaks=0 "$@" "$ROSAUDIT" explain RA101
	[ "$status" = 0 ] && [ ! -s "$err" ] || return 1
	case $want in
	French) grep -q 'service manquant' "$out" ;;
	English) grep -q 'service missing' "$out" ;;
	esac
}
none=$work/no-locales
mkdir "$none"
check "nothing asked for: English" speaks English LOCPATH="$none"
check "LC_ALL=C wins over LANGUAGE: English" speaks English LC_ALL=C LANGUAGE=fr
check "the locale is not on this machine: French all the same" \
	speaks French LC_ALL=fr_FR.UTF-8 LOCPATH="$none"
check "of another French country, too" speaks French LANG=fr_CA.UTF-8 LOCPATH="$none"
check "LANGUAGE=fr under C.UTF-8: French" speaks French LC_ALL=C.UTF-8 LANGUAGE=fr
check "a language that nobody has translated: English, without a word" \
	speaks English LC_ALL=xx_YY.UTF-8
check "no catalogue: English, without a word" \
	speaks English LC_ALL=fr_FR.UTF-8 ROSAUDIT_LOCALE="$none"
if command -v localedef >/dev/null 2>&1 && [ -e /usr/share/i18n/locales/fr_FR ]; then
	mkdir "$work/locales"
	check "a French locale is made" localedef -i fr_FR -f UTF-8 "$work/locales/fr_FR.UTF-8"
	check "LANG=fr_FR.UTF-8: French" speaks French LANG=fr_FR.UTF-8 LOCPATH="$work/locales"
	check "LC_MESSAGES alone: French" speaks French LC_MESSAGES=fr_FR.UTF-8 LOCPATH="$work/locales"
	check "numbers keep their point" sh -c "ASAN_OPTIONS=detect_leaks=0 LOCPATH='$work/locales' LC_ALL=fr_FR.UTF-8 \
		'$ROSAUDIT' '$work/policy.yaml' | grep -Eq 'a pris [0-9]+\.[0-9] s'"
else
	skip "a French locale of the C library" "no localedef or its sources here (make peers)"
fi
check "the double was asked for nothing but reading" stop_mock
done_testing
