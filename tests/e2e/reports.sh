#!/usr/bin/env bash
# Every report format, read by what reads it: programs and schemas of others, installed by make peers.
# What is not installed is a skip by its name.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

modules=$build/peers/node_modules
multitool=$modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
samples="empty clean mixed hostile unreachable waived"

# sample FORMAT SAMPLE FILE
sample() {
	"$build/check/tests/report_sample" "$1" "$2" >"$3"
}

# has NAME COMMAND…: the tests called NAME are skipped without the command.
has() {
	local name=$1 command
	shift
	for command in "$@"; do
		command -v "$command" >/dev/null 2>&1 && continue
		skip "$name" "no $command here (make peers)"
		return 1
	done
}

has_module() {
	has "$1" node || return 1
	[ -d "$modules/$2" ] && return 0
	skip "$1" "no npm package $2 in $modules (make peers)"
	return 1
}

for s in $samples; do
	for format in json junit sarif csv markdown prometheus html; do
		sample $format "$s" "$work/$s.$format"
	done
done
sample html 80 "$work/many.html"
sample json 80 "$work/many.json"
sample sarif 80 "$work/many.sarif"
sample prometheus 80 "$work/many.prometheus"

refused() {
	! "$@"
}

# --- XML ------------------------------------------------------------------------------------------

junit_sum() {
	junitparser merge "$work/mixed.junit" "$work/unreachable.junit" "$work/merged.xml" &&
		xmllint --xpath 'string(/testsuites/@tests)' "$work/merged.xml" | grep -qx 9 &&
		xmllint --xpath 'string(/testsuites/@errors)' "$work/merged.xml" | grep -qx 2
}

if has "XML is well-formed" xmllint; then
	for s in $samples; do
		check "junit of $s is well-formed" xmllint --noout "$work/$s.junit"
		check "html of $s is well-formed XML, too" xmllint --noout "$work/$s.html"
	done
fi
if has "junitparser reads JUnit" junitparser xmllint; then
	check "junitparser takes a compliant router for passed" \
		junitparser verify "$work/clean.junit"
	check "and one with findings for failed" refused junitparser verify "$work/mixed.junit"
	check "and one that was not audited for failed" \
		refused junitparser verify "$work/unreachable.junit"
	check "it counts what we counted" junit_sum
fi

# --- JSON -----------------------------------------------------------------------------------------

judge() { # [--closed] SCHEMA FILE…
	node tests/peers/json_schema.js "$modules" "$@"
}

sarif_valid() {
	DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_BUNDLE_EXTRACT_BASE_DIR=$work/dotnet \
		"$multitool" validate "$1" >"$work/multitool" 2>&1 &&
		! grep -E ': error |: fatal' "$work/multitool"
}

if has_module "ajv judges JSON" ajv; then
	for s in $samples many; do
		check "json of $s is what docs/report.schema.json says, and nothing else" \
			judge --closed docs/report.schema.json "$work/$s.json"
	done
	sed 's/"audited": false/"audited": "no"/' "$work/unreachable.json" >"$work/wrong.json"
	check "a wrong type would be found" refused judge docs/report.schema.json "$work/wrong.json"
	sed 's/"audited": false/"audited": false, "new": 1/' "$work/unreachable.json" >"$work/more.json"
	check "a key that is not described would be found" \
		refused judge --closed docs/report.schema.json "$work/more.json"
	check "and is allowed to readers" judge docs/report.schema.json "$work/more.json"
fi
if has_module "SARIF is valid" @microsoft/sarif-multitool-linux; then
	schema=$modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json
	for s in $samples many; do
		check "sarif of $s is what the schema of SARIF 2.1.0 says" judge "$schema" "$work/$s.sarif"
		check "sarif of $s has no error for SARIF's own validator" sarif_valid "$work/$s.sarif"
	done
	sed 's/"kind": "fail"/"kind": "failed"/' "$work/mixed.sarif" >"$work/wrong.sarif"
	check "the schema would find a mistake" refused judge "$schema" "$work/wrong.sarif"
	sed 's/"ruleIndex": 0/"ruleIndex": 77/' "$work/mixed.sarif" >"$work/astray.sarif"
	check "the validator would find a mistake" refused sarif_valid "$work/astray.sarif"
fi

# --- text for machines ----------------------------------------------------------------------------

if has "promtool takes the metrics" promtool; then
	for s in $samples many; do
		check "promtool takes the metrics of $s" promtool check metrics <"$work/$s.prometheus"
	done
	sed '2p' "$work/mixed.prometheus" >"$work/wrong.prometheus"
	check "promtool would find a mistake" refused promtool check metrics <"$work/wrong.prometheus"
fi

# Rows as wide as the header, and no cell that a spreadsheet would calculate, split by comma or by
# semicolon.
csv_reads() {
	python3 - "$1" <<-'PYTHON'
		import csv, sys
		rows = list(csv.reader(open(sys.argv[1], newline=""), strict=True))
		assert len(rows) > 1 or "empty" in sys.argv[1], "no rows"
		assert {len(row) for row in rows} == {18}, [len(row) for row in rows]
		for delimiter in ",;":
		    for row in csv.reader(open(sys.argv[1], newline=""), delimiter=delimiter):
		        for cell in row:
		            assert cell.lstrip(" \"")[:1] not in set("=+-@\t\r") - {""}, cell
	PYTHON
}

if has "csv is read by Python's csv module" python3; then
	for s in $samples; do
		check "csv of $s is read by Python's csv module" csv_reads "$work/$s.csv"
	done
fi

# What GitHub makes of it: as many tables as we wrote, and no element that we did not.
markdown_reads() {
	local tables
	cmark-gfm --unsafe -e table -e autolink -e tagfilter -e strikethrough "$1" >"$work/page" || return 1
	tables=$(grep -c '^| ---' "$1")
	[ "$(grep -c '<table>' "$work/page")" = "$tables" ] || return 1
	! grep -oE '<[a-z0-9]+' "$work/page" | sort -u |
		grep -vE '^<(h1|h2|p|strong|code|table|thead|tbody|tr|th|td|ul|li)$'
}

if has "cmark-gfm reads Markdown" cmark-gfm; then
	for s in $samples; do
		check "cmark-gfm makes of $s what was meant" markdown_reads "$work/$s.markdown"
	done
fi

# --- the page -------------------------------------------------------------------------------------

browse() {
	mkdir -p "$work/profile"
	timeout 200 node tests/peers/page.js "$modules" "$work/profile" "$work/mixed.html" \
		"$work/many.html" >"$work/page.tap" 2>"$work/page.err"
	while IFS= read -r line; do
		case $line in
		"ok "*) ok "page: ${line#ok * - }" ;;
		"not ok "*) not_ok "page: ${line#not ok * - }" "$(cat "$work/page.tap" "$work/page.err")" ;;
		esac
	done <"$work/page.tap"
	check "page: the browser came to the end" grep -q '^1\.\.' "$work/page.tap"
}

if has "the page in Chromium" chromium && has_module "the page in Chromium" playwright-core &&
	has_module "the page's accessibility" axe-core; then
	browse
fi

# --- of a real run --------------------------------------------------------------------------------

cat >"$work/saved.txt" <<'TABLE'
Flags: X - disabled, I - invalid 
 #   NAME      PORT ADDRESS                                       CERTIFICATE  
 0   telnet      23
 1 X ftp         21
 2   ssh         22 192.0.2.0/24                                 
TABLE
cat >"$work/run.yaml" <<YAML
router:
  name: r1
  transport: file
  file: $work/saved.txt
  scan: {ports: none}
  services:
    telnet: {disabled: yes}
    ssh: {disabled: no, address: ["192.0.2.0/24"]}
YAML

mkdir -p "$work/none/r.txt" # a folder where the file should be
run "$ROSAUDIT" "$work/run.yaml" -f nagios -o text="$work/r.txt" -o json="$work/r.json" \
	-o junit="$work/r.xml" -o sarif="$work/r.sarif" -o csv="$work/r.csv" -o markdown="$work/r.md" \
	-o prometheus="$work/r.prom" -o html="$work/r.html" -o nagios="$work/none/r.txt"
check_status "nagios on stdout: a report that cannot be written is UNKNOWN" 3
check_err "and is told by its name" "none/r.txt"
check_out "the line is on stdout" "ROSAUDIT CRITICAL - Not compliant: 1 finding at or above medium."
check "and is one line" test "$(wc -l <"$out")" -eq 1
for file in r.txt r.json r.xml r.sarif r.csv r.md r.prom r.html; do
	check "$file was written all the same" test -s "$work/$file"
done
run "$ROSAUDIT" "$work/run.yaml" -f nagios
check_status "nagios on stdout: a high finding is CRITICAL" 2
run "$ROSAUDIT" "$work/run.yaml" -f nagios --fail-on never
check_status "nagios on stdout: what does not fail is OK" 0
run "$ROSAUDIT" "$work/nowhere.yaml" -f nagios
check_status "nagios on stdout: no policy is UNKNOWN, not CRITICAL" 3
check_out "and owes its line all the same, with the reason" \
	"ROSAUDIT UNKNOWN - Nothing was audited: cannot open "
run "$ROSAUDIT" -f nagios --jobs none
check_status "nagios on stdout: a mistake in the command is UNKNOWN, not CRITICAL" 3
run "$ROSAUDIT" --bogus --format=nagios
check_status "nagios named behind the mistake: UNKNOWN as well" 3
check_out "with its line and the reason" "ROSAUDIT UNKNOWN - Nothing was audited: unknown option --bogus"
check "and that is one line" test "$(wc -l <"$out")" -eq 1
echo 'router: {hots: 192.0.2.1}' >"$work/typo.yaml"
run "$ROSAUDIT" "$work/typo.yaml" -f nagios
check_status "nagios on stdout: a mistake in the policy is UNKNOWN" 3
check_out "told with its place" 'typo.yaml:1:9: this router lacks the key "host" |'
run sh -c "cd '$work' && '$ROSAUDIT' run.yaml -o csv=- -o json=beside.json"
check_out "-o FORMAT=- is standard output" "router,host,address,service,"
check "and that alone" test "$(grep -c telnet "$out")" -eq 1
check "no file is called -" test ! -e "$work/-"
check "the other one is written beside it" test -s "$work/beside.json"
run "$ROSAUDIT" "$work/run.yaml" -o csv=/dev/null -o json=/dev/null
check_status "a device may be named twice" 1
run "$ROSAUDIT" "$work/run.yaml" -o csv=/dev/full -o json="$work/full.json" -q
check_status "a full disk ends with 3" 3
check_err "and is told by its name" "/dev/full: No space left on device"
check "the other report is written all the same" test -s "$work/full.json"
run "$ROSAUDIT" "$work/run.yaml" -o nagios="$work/r.txt"
check_status "nagios in a file leaves the exit status alone" 1
run "$ROSAUDIT" parse -f html "$work/saved.txt"
check_status "parse refuses the formats of an audit" 2
check "sarif declares every rule" \
	test "$("$ROSAUDIT" explain | wc -l)" -eq "$(grep -c '"shortDescription"' <(sed 1,15d "$work/r.sarif"))"
if has_module "ajv judges the JSON of a run" ajv; then
	check "json of a run is what docs/report.schema.json says, and nothing else" \
		judge --closed docs/report.schema.json "$work/r.json"
fi
done_testing
