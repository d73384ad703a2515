#!/usr/bin/env bash
# Every version of RouterOS that the double knows, over every way in: the same declared services. Nothing
# but reading reaches the router, whichever form its console understands.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

# In the order of the columns of `declared`.
columns="name port disabled address certificate vrf"

# read_over NAME WAY LINE…: an audit of the last mock over one way; what is declared goes to NAME.
read_over() {
	local name=$1
	shift
	policy "$work/$name.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' \
		'password: {literal: lab}' "port-map: $MOCK_PORT_MAP" 'scan: {ports: none}' "$@"
	run "$ROSAUDIT" "$work/$name.yaml" -f json
	check_status "$name is compliant with no policy" 0
	declared "$out" >"$work/$name"
	cp "$out" "$work/$name.json"
}

# The console's answers, one form after the other taken away.
over_ssh() {
	local version=$1 legacy=$2
	read_over "$version-ssh" 'transport: ssh' "host-key: \"$MOCK_HOST_KEY\"" "$legacy"
	check "$version: the whole listing is read" test "$(wc -l <"$work/$version-ssh")" -ge 8
	check "$version: by the most exact form" \
		test "$(pick "$out" routers.0.device.read_as)" = "ssh: get"
	check "$version: complete" test "$(pick "$out" routers.0.device.static_complete)" = yes
	comment <"$work/$version-ssh"
	golden "versions/$version" "$work/$version-ssh"
}

# ftp's vrf is told by some forms and not by others before 7.19, by RouterOS itself.
same_services() {
	local file
	for file in "${1%%-*}-ssh" "$1"; do
		sed '/^ftp /s/ [^ ]*$//' "$work/$file" >"$work/$file.compared"
	done
	check "$1 declares what SSH does ($columns)" \
		diff "$work/${1%%-*}-ssh.compared" "$work/$1.compared"
}

# SSH in the forms that an older or stranger console leaves.
forms() {
	local version=$1 legacy=$2 faults form
	while read -r form faults; do
		cp "tests/fixtures/mock/busy-$version.yaml" "$work/faulty.yaml"
		printf 'faults: {ssh: [%s]}\n' "$faults" >>"$work/faulty.yaml"
		start_mock "$work/faulty.yaml" || return
		read_over "$version-$form" 'transport: ssh' "host-key: \"$MOCK_HOST_KEY\"" "$legacy"
		check "$version-$form is read by that form" \
			test "$(pick "$out" routers.0.device.read_as)" = "ssh: ${form//-/ }"
		same_services "$version-$form"
		check "$version-$form: nothing but reading was asked" stop_mock
	done <<-'FORMS'
		print-terse script-unknown
		print script-unknown, terse-unknown
	FORMS
}

for version in 6.49 7.9 7.16 7.19 7.24; do
	legacy='legacy-algorithms: no'
	[ "$version" = 6.49 ] && legacy='legacy-algorithms: yes'
	start_mock "tests/fixtures/mock/busy-$version.yaml" || exit 1
	pin=$(sed -n 's/^tls-pin //p' <<<"$heard")
	over_ssh "$version" "$legacy"
	if [ "$version" = 6.49 ]; then
		policy "$work/rest.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' \
			'password: {literal: lab}' "port-map: $MOCK_PORT_MAP" 'transport: rest' \
			'scheme: http'
		run "$ROSAUDIT" "$work/rest.yaml"
		check_status "RouterOS 6 has no REST" 3
		golden versions/6.49-rest "$err"
	else
		read_over "$version-http" 'transport: rest' 'scheme: http'
		same_services "$version-http"
		read_over "$version-https" 'transport: rest' "pin: \"$pin\""
		same_services "$version-https"
		read_over "$version-both" 'transport: both' "pin: \"$pin\"" "host-key: \"$MOCK_HOST_KEY\""
		same_services "$version-both"
		check "$version: SSH and REST agree" test "$(pick "$out" routers.0.findings)" = '[]'
	fi
	check "$version: nothing but reading is in the transcript" only_reads "$MOCK_TRANSCRIPT"
	check "$version: the mock was asked for nothing but reading" stop_mock
	forms "$version" "$legacy"
done

# --- both, where REST tells another story ----------------------------------------------------------

start_mock tests/fixtures/mock/busy-7.16.yaml || exit 1
ssh_pid=$MOCK_PID
start_process ready "$build/check/tests/http_peer" || exit 1
policy "$work/both.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' \
	'transport: both' 'scheme: http' "host-key: \"$MOCK_HOST_KEY\"" 'scan: {ports: none}' \
	"port-map: {22: $(here 22), 80: $(sed -n 's/^port //p' <<<"$heard")}"
run "$ROSAUDIT" "$work/both.yaml"
check_status "SSH and REST disagree" 1
check_out "RA501 tells of it" RA501
golden versions/both-disagree "$out"
check "the mock was asked for nothing but reading" stop_mock "$ssh_pid"

# A REST that cannot be read leaves what SSH gave.
start_mock tests/fixtures/mock/busy-7.16.yaml || exit 1
policy "$work/both.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' 'password: {literal: lab}' \
	'transport: both' 'scheme: http' "host-key: \"$MOCK_HOST_KEY\"" 'scan: {ports: none}' \
	"port-map: {22: $(here 22), 80: $(free_port)}"
run "$ROSAUDIT" "$work/both.yaml" -o "json=$work/half.json"
check_status "both without its REST half is not whole" 3
golden versions/both-half "$err"
declared "$work/half.json" >"$work/7.16-half"
same_services 7.16-half
stop_mock

# --- stock RouterOS 6 under the course's profile ------------------------------------------------------

start_mock mock-router/scenarios/stock-6.49.yaml || exit 1
run "$ROSAUDIT" "$MOCK_CONFIG" -f json
check_status "a stock RouterOS 6 under tp is compliant" 0
check "with low findings, no more" test "$(pick "$out" 'routers.0.findings.*.severity' | sort -u)" = low
# btest, discover and the DHCP client are of other menus.
check "three of services and three of other menus" \
	test "$(pick "$out" 'routers.0.findings.*.cause.kind' | sort | uniq -c | tr -s ' \n' ' ')" = " 3 feature 3 service "
check "each of a service that tp does not name" test \
	"$(pick "$out" routers.0.findings.*.rule | sort -u)" = RA109
check "stock RouterOS 6: nothing but reading" only_reads "$MOCK_TRANSCRIPT"
check "stock RouterOS 6: the mock agrees" stop_mock
done_testing
