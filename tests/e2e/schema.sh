#!/usr/bin/env bash
# The JSON Schema that `rosaudit schema` prints, judged by a validator that is not ours: every profile
# and every accepted fixture fits it, and what is refused for its form does not.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

needs python3
python3 -c 'import jsonschema, yaml' 2>/dev/null ||
	skip_all "no python3-jsonschema and python3-yaml (make peers installs them)"

run "$ROSAUDIT" schema
check_status "schema ends with 0" 0
cp "$out" "$work/schema.json"

# Prints "fits FILE", "refused FILE" or "unreadable FILE" (no YAML at all) for each file.
cat >"$work/judge.py" <<'PYTHON'
import datetime, json, sys
import jsonschema, yaml

def plain(value):
    """What JSON has no word for: keys that are numbers, and dates."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, datetime.date) else value

with open(sys.argv[1]) as f:
    schema = json.load(f)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for line in sys.stdin:
    path = line.strip()
    try:
        with open(path, encoding="utf-8-sig") as f:
            document = plain(yaml.safe_load(f))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        print("unreadable", path)
        continue
    print("fits" if validator.is_valid(document) else "refused", path)
PYTHON

judge() {
	python3 "$work/judge.py" "$work/schema.json"
}

# YAML 1.1 has no tab there, says PyYAML; libyaml takes it.
find profiles tests/fixtures/config/ok-* tests/fixtures/check -name '*.yaml' |
	grep -v ok-tab-behind-a-colon | sort | judge >"$work/accepted"
check "the validator read them all" test "$(wc -l <"$work/accepted")" -ge 60
grep -v '^fits ' "$work/accepted" >"$work/strays"
check "profiles and accepted policies fit" test ! -s "$work/strays"

# The form of these is right: what is wrong takes a calendar, a second key, another file or the
# network's own rules to see.
cat >"$work/form-is-right" <<'NAMES'
duplicate-key-by-alias
duplicate-key-port-map
duplicate-key-router
ca-beside-pin
ca-over-pin-of-defaults
certificate-without-tls
duplicate-key-scan
duplicate-key-service
duplicate-key-top
duplicate-service
expect-contradicts-disabled
extends-circle
extends-itself
file-transport-without-file
file-without-transport
host-and-hosts
host-blank
host-brackets
host-dash
host-dots
host-key-bits
host-link-local-without-zone
host-octets
host-prefix
host-range
host-too-long
host-url
host-with-port
host-with-user
host-zone-empty
host-zone-on-ipv4
hosts-backwards
hosts-bad-name
hosts-three-octets
hosts-too-many
hosts-too-many-in-all
hosts-twice-the-same
no-routers
password-env-dollar
password-env-empty
password-prompt-no
password-too-long
password-twice-the-form
pin-with-http
port-map-to-one-port
port-octal
prefix-host-bits
prefix-length
profile-as-policy
profile-broken-yaml
profile-empty
profile-is-a-folder
profile-list
profile-of-a-profile
profile-path-missing
profile-unknown
profile-unknown-none
rest-port-of-rest
router-and-routers
router-without-host
scan-backwards
scan-bad-port
scan-unknown-name
time-too-long
two-routers-of-one-host
two-routers-of-one-name
user-line-break
user-too-long
vars-in-the-wrong-place
NAMES
# yaml-* are files that libyaml or the limits refuse; one of them would take all memory in Python.
for folder in tests/fixtures/config/*/; do
	case $folder in */yaml-*) continue ;; esac
	[ -e "$folder/error" ] && echo "${folder}input.yaml"
done | judge | grep -v '^unreadable ' >"$work/judged"
check "many refused fixtures are judged" test "$(grep -c '^refused ' "$work/judged")" -ge 60
sed -n 's|^fits .*/config/\(.*\)/input.yaml|\1|p' "$work/judged" | LC_ALL=C sort >"$work/fits"
LC_ALL=C sort "$work/form-is-right" >"$work/expected"
check "what is refused for its form does not fit" diff -u "$work/expected" "$work/fits"
done_testing
