#!/usr/bin/env bash
# The double itself, asked by clients that are not ours: OpenSSH's ssh and curl. Its answers are kept in
# tests/golden/mock/VERSION/; UPDATE_GOLDEN=1 rewrites them (then look at them: routeros.md 1.4).
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

scenarios=mock-router/scenarios
busy=tests/fixtures/mock
have_ssh=
command -v ssh >/dev/null 2>&1 && have_ssh=yes
have_curl=
command -v curl >/dev/null 2>&1 && have_curl=yes
printf '#!/bin/sh\necho lab\n' >"$work/askpass"
chmod 755 "$work/askpass"

# The port of this machine for one of the router's.
here() {
	sed -E "s/.*[{ ]$1: ([0-9]+).*/\1/" <<<"$MOCK_PORT_MAP"
}

ssh_to() {
	local host=$1
	shift
	SSH_ASKPASS=$work/askpass SSH_ASKPASS_REQUIRE=force ssh -F /dev/null -n -T \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel="${loglevel:-ERROR}" \
		-o NumberOfPasswordPrompts=1 -o ConnectTimeout=10 -o ControlPath="$work/ctl.%p" \
		-p "$(here 22)" ${legacy:+-o HostKeyAlgorithms=+ssh-rsa
			-o KexAlgorithms=+diffie-hellman-group14-sha1 -o MACs=+hmac-sha1} \
		"${as:-audit}@$host" "$@"
}

# One connection for all the commands of a mock, as rosaudit has it.
ssh_begin() {
	ssh_to 127.0.0.1 -o ControlMaster=yes -o ControlPersist=yes ':put ""' >/dev/null 2>&1
}

ssh_end() {
	ssh_to 127.0.0.1 -O exit >/dev/null 2>&1
}

# same NAME FILE: FILE is tests/golden/mock/NAME but for what no two runs share.
same() {
	local golden=tests/golden/mock/$1 difference
	sed -E -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}/DATE TIME/g' \
		-e 's/[a-z]{3}\/[0-9]{2}\/[0-9]{4} [0-9:]{8}/DATE TIME/g' -e 's/\r$/^M/' \
		-e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:PORT/g' <"$2" >"$work/masked"
	if [ -n "${UPDATE_GOLDEN:-}" ]; then
		mkdir -p "$(dirname "$golden")"
		cp "$work/masked" "$golden"
	fi
	if difference=$(diff -u "$golden" "$work/masked" 2>&1); then
		ok "mock $1 is as in tests/golden/mock"
	else
		not_ok "mock $1 is as in tests/golden/mock" "$difference"
	fi
}

# name of the golden file, then the command
commands() {
	cat <<'COMMANDS'
print /ip service print
terse /ip service print terse
detail /ip service print detail
print-enabled /ip service print where disabled=no
proplist /ip service print proplist=name,port,address
as-value :put [/ip service print as-value]
get :foreach i in=[/ip service find] do={:put [/ip service get $i]}
get-address :put [/ip service get ssh address]
concatenated :foreach i in=[/ip service find disabled=yes] do={:put ([/ip service get $i name] . "=" . [/ip service get $i port])}
dynamic /ip service print where dynamic
static-get :foreach i in=[/ip service find dynamic=no] do={:put [/ip service get $i name]}
export /ip service export
export-verbose /ip service export verbose
slash /ip/service/print
version :put [/system resource get version]
resource /system resource print
identity /system identity print
user-active /user active print
user-active-get :foreach i in=[/user active find] do={:put [/user active get $i]}
unknown /bogus/command
unknown-word /ip service bogus
unclosed :put [/ip service get telnet
COMMANDS
}

console_of() {
	local version=$1 name command
	legacy=
	start_mock "$busy/busy-$version.yaml" || return
	ssh_begin
	while read -r name command; do
		run ssh_to 127.0.0.1 "$command"
		{ cat "$out" "$err" && echo "status $status"; } >"$work/answer"
		same "$version/$name.txt" "$work/answer"
	done < <(commands)
	ssh_end
	check "mock $version counts exports and unknown commands as more than reading" \
		eval '! stop_mock 2>/dev/null'
}

rest_of() {
	local version=$1 path name
	start_mock "$busy/busy-$version.yaml" || return
	for path in ip/service "ip/service?disabled=true&.proplist=name,port" ip/service/telnet \
		system/identity user/active nonexistent; do
		name=${path//[\/?&=]/_}
		run curl -s -m 10 -u audit:lab -w '\n%{http_code} %{content_type}\n' \
			"http://127.0.0.1:$(here 80)/rest/$path"
		same "$version/rest-$name.txt" "$out"
	done
	run curl -s -m 10 -u audit:wrong -D - -o /dev/null "http://127.0.0.1:$(here 80)/rest/ip/service"
	if [ "$version" = 6.49 ]; then
		check_out "mock $version has no REST at all" "404 Not Found"
	else
		check_out "mock $version refuses a wrong password over REST" "401 Unauthorized"
		check_out "mock $version says how to log in over REST" "WWW-Authenticate: Basic"
		run curl -s -k -m 10 --tls-max 1.2 -u audit:lab \
			"https://127.0.0.1:$(here 443)/rest/system/identity"
		check_out "mock $version answers over https" '{"name":"busy"}'
	fi
	check "mock $version is read over REST and nothing else" stop_mock
}

for version in 6.49 7.9 7.16 7.19 7.24; do
	if [ -n "$have_ssh" ]; then
		console_of "$version"
	else
		skip "mock $version over SSH" "no ssh here (make peers)"
	fi
	if [ -n "$have_curl" ]; then
		rest_of "$version"
	else
		skip "mock $version over REST" "no curl here (make peers)"
	fi
done

# --- every scenario starts, and ends well -----------------------------------------------------------

for scenario in "$scenarios"/*.yaml; do
	if start_mock "$scenario" --host-key "$work/key-of-$(basename "$scenario")"; then
		check "mock $(basename "$scenario") starts and ends" stop_mock
	else
		not_ok "mock $(basename "$scenario") starts and ends"
	fi
done

# --- options and complaints -------------------------------------------------------------------------

run "$MOCK" --help
check_status "mock tells its options" 0
check_out "mock names --port-map" "--port-map auto|none"
run "$MOCK"
check_status "mock wants a scenario" 2
printf 'version: "7.16.2"\nservices: {telnet: {port: 70000}}\n' >"$work/bad.yaml"
run "$MOCK" "$work/bad.yaml"
check_status "mock refuses a port that is none" 2
check_err "mock names line and column" "bad.yaml:2:27: a number from 1 to 65535 belongs here"
printf 'version: "7.9.2"\nservices: {reverse-proxy: {disabled: yes}}\n' >"$work/bad.yaml"
run "$MOCK" "$work/bad.yaml"
check_err "mock knows which services a version has" "this version has no service of that name"
run "$MOCK" --health 127.0.0.1:1
check_status "mock --health fails where nobody listens" 1

start_mock "$scenarios/stock-7.16.yaml"
first=$MOCK_HOST_KEY
run "$MOCK" --health "127.0.0.1:$(here 22)"
check_status "mock --health finds a port that listens" 0
check "mock ends well when nobody asked" stop_mock
start_mock "$scenarios/stock-7.16.yaml" --host-key "$work/kept"
first=$MOCK_HOST_KEY
stop_mock
start_mock "$scenarios/stock-7.16.yaml" --host-key "$work/kept"
check "mock keeps a host key" [ "$first" = "$MOCK_HOST_KEY" ]
stop_mock

# --- who is let in -----------------------------------------------------------------------------------

if [ -n "$have_curl" ]; then
	start_mock "$busy/busy-7.16.yaml"
	run curl -s -m 10 -u audit:lab -X PATCH -d '{"disabled":"yes"}' \
		"http://127.0.0.1:$(here 80)/rest/ip/service/telnet"
	stop_mock
	status=$?
	check_status "mock fails after a PATCH" 1
	check "mock names the PATCH" grep -q "PATCH /rest" "$work/fifo.$started_n.err"
	check "mock keeps the PATCH in its transcript" grep -q PATCH "$MOCK_TRANSCRIPT"

	printf 'version: "7.16.2"\nusers:\n  - {name: boss, password: lab}\n' >"$work/boss.yaml"
	start_mock "$work/boss.yaml" --user boss
	rest=http://127.0.0.1:$(here 80)/rest/ip/service
	run curl -s -m 10 -u boss:lab -X PATCH -d '{"disabled":"true","address":"192.0.2.0/24"}' "$rest/telnet"
	check_out "mock answers a PATCH with the row" '"address":"192.0.2.0/24","disabled":"true"'
	run curl -s -m 5 "telnet://127.0.0.1:$(here 23)"
	check_status "the port is closed at once" 7
	run curl -s -m 10 -u boss:lab -X POST -d '{".id":"telnet","disabled":"false"}' "$rest/set"
	check_out "mock takes a POST of set" '[]'
	run curl -s -m 10 -u boss:lab -X PATCH -d '{"port":"0"}' "$rest/telnet"
	check_out "mock refuses a port that is none" 'invalid value for argument port'
	run curl -s -m 10 -u boss:lab -X PATCH -d '{"colour":"red"}' "$rest/telnet"
	check_out "mock refuses a property that is none" 'unknown parameter colour'
	run curl -s -m 10 -u boss:lab -X PATCH -d '{"port":"1"}' "$rest/none"
	check_out "mock refuses a service that is none" 'no such item'
	run curl -s -m 10 -u boss:lab -X PATCH -d '{' "$rest/telnet"
	check_out "mock survives a body that is none" '"name":"telnet"'
	stop_mock
	status=$?
	check_status "mock tells of all of it" 1

	start_mock "$scenarios/restricted.yaml" --listen 127.0.0.1 --listen ::1
	run curl -s -m 5 -o /dev/null "http://127.0.0.1:$(here 80)/"
	check_status "mock refuses with FIN: an empty reply" 52
	run curl -s -m 5 -o /dev/null "telnet://127.0.0.1:$(here 21)"
	check_status "mock refuses with RST: a reset" 56
	run curl -s -m 5 --http0.9 -o "$work/api" "http://127.0.0.1:$(here 8728)/"
	check "mock serves an IPv4 client that a prefix admits" grep -qa "!fatal" "$work/api"
	run curl -s -m 5 "http://[::1]:$(here 8728)/"
	check_status "mock refuses IPv6 where only IPv4 prefixes are listed" 52
	stop_mock
else
	skip "mock address= lists" "no curl here (make peers)"
fi

if [ -n "$have_ssh" ]; then
	legacy=
	start_mock "$scenarios/stock-6.49.yaml"
	loglevel=INFO
	run ssh_to 127.0.0.1 ':put 1'
	loglevel=
	check_status "mock of RouterOS 6 is too old for a client of today" 255
	check_err "mock of RouterOS 6 offers old algorithms alone" "no matching"
	legacy=yes
	run ssh_to 127.0.0.1 ':put [/system resource get version]'
	check_out "mock of RouterOS 6 takes a client that is told to" "6.49.18 (long-term)"
	stop_mock
	legacy=

	ssh-keygen -q -t ed25519 -N '' -C test -f "$work/id" </dev/null
	cat >"$work/users.yaml" <<USERS
version: "7.16.2"
users:
  - {name: admin, password: ""}
  - {name: audit, password: lab, key: "$work/id.pub"}
  - {name: elsewhere, password: lab, address: [192.0.2.0/24]}
  - {name: nossh, password: lab, policies: [read, api]}
  - {name: noread, password: lab, policies: [ssh]}
USERS
	start_mock "$work/users.yaml" --listen 127.0.0.1 --listen ::1
	run ssh_to 127.0.0.1 -i "$work/id" ':put 7'
	check_status "mock takes a user's key" 0
	run ssh_to ::1 -i "$work/id" ':put [/user active get [find] address]'
	check_out "mock sees an IPv6 client" "::1"
	run ssh_to 127.0.0.1 -o PubkeyAuthentication=no ':put 7'
	check_status "mock refuses the password of a user who has a key" 255
	check_err "mock refuses as a router does" "Permission denied"
	as='admin' run ssh_to 127.0.0.1 ':put 7'
	check_status "mock asks for nothing where the password is empty" 0
	as=elsewhere run ssh_to 127.0.0.1 ':put 7'
	check_err "mock lets a user's address= look like a wrong password" "Permission denied"
	as=nossh run ssh_to 127.0.0.1 ':put 7'
	check_err "mock refuses exec without the ssh policy" "exec request failed"
	as=noread run ssh_to 127.0.0.1 '/ip service print'
	check_out "mock wants the read policy" "not enough permissions (9)"
	check "mock was only read" stop_mock
else
	skip "mock of RouterOS 6 over SSH" "no ssh here (make peers)"
	skip "mock and its users over SSH" "no ssh here (make peers)"
fi

run "$MOCK" --port-map auto --until-eof "$scenarios/stock-7.16.yaml"
check_status "mock ends when stdin does" 0
done_testing
