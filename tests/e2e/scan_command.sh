#!/usr/bin/env bash
# shellcheck disable=SC2154,SC2034 # lib.sh sets and reads them
# `rosaudit scan` and its neighbours: nmap's words, its table, its XML; mistakes in one sentence; another's
# scan as an audit's view from outside.
. "$(dirname "$0")/lib.sh"

scan() {
	run "$ROSAUDIT" scan "$@"
}

# --- mistakes: one sentence, status 2, nothing on stdout ---------------------------------------------
mistake() { # NAME STATUS ARGS…
	local name=$1 want=$2
	shift 2
	scan "$@"
	check_status "$name ends with $want" "$want"
	check "$name prints nothing on stdout" test ! -s "$out"
	golden "scan/$name" "$err"
}

mistake no-target 2
mistake port-too-high 2 -p 22,70000 127.0.0.1
mistake port-backwards 2 -p 80-22 127.0.0.1
mistake port-name 2 -p nosuch 127.0.0.1
mistake port-zero 2 -p 0 127.0.0.1
mistake udp-without-su 2 -p 22,U:53 127.0.0.1
mistake tcp-without-st 2 -sU -p T:22 127.0.0.1
mistake no-port-left 2 -p 22 --exclude-ports 1-100 127.0.0.1
mistake octet 2 192.0.2.256
mistake backwards 2 192.0.2.9-3
mistake bad-prefix 2 192.0.2.0/33
mistake too-many 2 10.0.0.0/8
mistake too-many-together 2 10.0.0.0/16 192.0.2.1
mistake unresolvable 2 nosuch.invalid
mistake exclude-unresolvable 2 127.0.0.1 --exclude nosuch.invalid
mistake all-excluded 2 127.0.0.1 --exclude 127.0.0.0/8
mistake zone-missing 2 fe80::1
mistake wrong-family 2 -6 127.0.0.1
mistake list-missing 2 -iL "$work/nowhere"
mistake list-without-name 2 127.0.0.1 -iL
mistake st-and-ss 2 -sT -sS 127.0.0.1
mistake sn-and-ports 2 -sn -p 22 127.0.0.1
mistake no-interface 2 -e no-such-link 127.0.0.1
mistake foreign-source 2 -S 192.0.2.250 127.0.0.1
mistake unknown-scan 2 -sTX 127.0.0.1
mistake rates 2 --min-rate 100 --max-rate 10 127.0.0.1
mistake bad-rate 2 --rate fast 127.0.0.1
mistake bad-timing 2 -T6 127.0.0.1
mistake bad-retries 2 --max-retries x 127.0.0.1
mistake bad-format 2 --format html 127.0.0.1
mistake bad-scanner 2 --scanner masscan 127.0.0.1
mistake bad-source 2 -S somewhere 127.0.0.1
mistake two-on-stdout 2 -oX - -oN - 127.0.0.1
run "$ROSAUDIT" -sS x.yaml
check_status "an audit takes no -sS" 2
check_err "and says so" "-sS is no option of \`rosaudit audit\`"

# --- ports -----------------------------------------------------------------------------------------
run "$ROSAUDIT" ports
check_status "ports ends with 0" 0
check_out "ports names the menu" "/tool bandwidth-server"
run "$ROSAUDIT" ports --format json
check "and as JSON, too" test "$(grep -c '"port"' "$out")" -gt 60

# --- against the double -----------------------------------------------------------------------------
start_mock mock-router/scenarios/stock-7.24.yaml || exit 1
ssh=$(here 22)
winbox=$(here 8291)
closed=$(free_port)
ports=$(printf '%s\n' "$ssh" "$winbox" "$closed" | sort -n | paste -sd,)

scan -sT -n -Pn --reason -p "$ports" 127.0.0.1 -oN "$work/n.txt" -oX "$work/x.xml"
check_status "a scan ends with 0" 0
check_out "open reads as in nmap" "$ssh/tcp open"
check "closed reads as in nmap" grep -qE "^$closed/tcp +closed +[a-z0-9-]+ +conn-refused$" "$out"
check_out "the host is up" "Host is up ("
check "-oN has the same table" diff <(grep tcp "$out") <(grep tcp "$work/n.txt")
check "nothing is left beside the files" test -z "$(ls "$work"/*.txt.* "$work"/*.xml.* 2>/dev/null)"

scan -sT -sV -p "$ports" localhost nosuch.invalid --exclude 127.0.0.7
check_status "a name that does not resolve leaves the others" 0
check_err "and is told" "nosuch.invalid does not resolve to an address; it is left out"
check_out "-sV says what speaks" "ssh: SSH-2.0-ROSSSH"
check_out "a name stands beside its address" "Scan report for localhost (127.0.0.1)"
check "what is no text is left out" grep -qE "^$winbox/tcp +open +[a-z0-9-]+ +winbox$" "$out"

printf '# two of them\n127.0.0.1-2\t127.0.0.9 # and one\n' >"$work/list"
scan -sT -p "$closed" -iL "$work/list" --exclude 127.0.0.2 --format json
check_status "targets from a file" 0
check "are those of the file, but for the excluded" \
	test "$(pick "$out" hosts.*.address | paste -sd' ')" = "127.0.0.1 127.0.0.9"

scan -sT -p "$ports" --format json 127.0.0.1
cp "$out" "$work/scan.json"
check "JSON groups what is closed" test "$(pick "$out" hosts.0.groups.0.ports)" = "$closed"
check "JSON says the vantage" test "$(pick "$out" hosts.0.source)" = 127.0.0.1
if python3 -c 'import jsonschema' 2>/dev/null; then
	check "docs/scan.schema.json takes it" python3 - "$work/scan.json" <<-'PY'
		import json, sys, jsonschema
		schema = json.load(open("docs/scan.schema.json"))
		jsonschema.Draft202012Validator(schema).validate(json.load(open(sys.argv[1])))
	PY
else
	skip "docs/scan.schema.json takes it" "no python3-jsonschema here (make peers)"
fi

scan -sT -p "$closed" 127.0.0.1 -oX -
check "-oX - has stdout for itself" sh -c "head -c 5 '$out' | grep -qx '<?xml'"
scan -sT --open -p "$ports" 127.0.0.1
check "--open shows no closed port" sh -c "! grep -q '^$closed/' '$out'"
scan -sT --dry-run -p "$ports" 127.0.0.1
check "a dry run names every port once" test "$(grep -c '^TCP connection to 127.0.0.1 port ' "$out")" = 3
scan -sS --dry-run -p "$ssh" 127.0.0.1
check_out "a dry run prints packets, without privilege" "127.0.0.1:$ssh S seq"
scan -sT --stats-every 10ms -p 1-2000 127.0.0.1
check_status "--stats-every disturbs nothing" 0

# Ctrl-C: what there is, and 130. A silent port is asked again for seconds.
if [ "$(id -u)" = 0 ] && command -v ip >/dev/null; then
	ns=rosaudit-scan-c-$$
	if ip netns add "$ns" 2>/dev/null; then
		trap 'stop_all; ip netns del "$ns" 2>/dev/null' EXIT
		ip netns exec "$ns" ip link set lo up
		ip netns exec "$ns" ip link add hole type veth peer name bottom
		ip netns exec "$ns" ip link set bottom up
		ip netns exec "$ns" ip addr add 192.0.2.1/24 dev hole
		ip netns exec "$ns" ip link set hole up
		ip netns exec "$ns" ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev hole
		ip netns exec "$ns" timeout -s INT 1 "$ROSAUDIT" scan -sT -T0 -p 1-50 192.0.2.2 \
			>"$out" 2>"$err"
		status=$?
		# timeout itself answers 124 for a command that it had to end.
		check_status "Ctrl-C is heeded" 124
		ip netns exec "$ns" "$ROSAUDIT" scan -sT -T0 -p 1-50 192.0.2.2 >"$out" 2>"$err" &
		pid=$!
		for _ in $(seq 100); do
			grep -q Starting "$out" && break
			sleep 0.05
		done
		kill -INT "$pid"
		wait "$pid"
		status=$?
		check_status "Ctrl-C ends with 130" 130
		check_out "with what there is" "Interrupted: this is what was seen until then."
		check_out "and no port that was not probed is called closed" "unknown tcp ports"
	else
		skip "Ctrl-C ends with 130" "network namespaces cannot be made here"
	fi
else
	skip "Ctrl-C ends with 130" "a network that swallows packets needs root and ip"
fi

# --- another's scan -----------------------------------------------------------------------------------
run "$ROSAUDIT" audit "$MOCK_CONFIG" --import "$work/scan.json" --format json
check "an audit by a scan made elsewhere is one" test "$(pick "$out" routers.0.audited)" = true
check "its ports are the router's" sh -c \
	"'$build/check/tests/json_pick' '$out' routers.0.observations.*.port | grep -qx 8291"
run "$ROSAUDIT" audit "$MOCK_CONFIG" --import "$work/nowhere.xml"
check_status "a scan that is not there is a mistake" 2
golden scan/import-missing "$err"
scan -sT -p "$closed" 127.0.0.9 --format json
cp "$out" "$work/other.json"
run "$ROSAUDIT" audit "$MOCK_CONFIG" --import "$work/other.json"
check_status "a scan of another host judges nothing" 3
check_err "and is told" "other.json holds no scan of 127.0.0.1"

if command -v nmap >/dev/null 2>&1; then
	nmap -sT -n -Pn -p "$ports" -oX "$work/nmap.xml" 127.0.0.1 >/dev/null
	run "$ROSAUDIT" audit "$MOCK_CONFIG" --import "$work/nmap.xml" --format json
	check "an audit by nmap's XML is one" test "$(pick "$out" routers.0.audited)" = true
	run "$ROSAUDIT" audit "$MOCK_CONFIG" --scanner nmap --format json
	check "nmap as the audit's scanner sees what is open" sh -c \
		"'$build/check/tests/json_pick' '$out' routers.0.observations.*.state | grep -qx open"
	scan --scanner nmap -sT -p "$ports" 127.0.0.1
	check_out "nmap as the command's scanner, too" "$winbox/tcp open"
	if command -v xmllint >/dev/null 2>&1 && [ -e /usr/share/nmap/nmap.dtd ]; then
		check "nmap's DTD takes our XML" xmllint --noout --nonet \
			--dtdvalid /usr/share/nmap/nmap.dtd "$work/x.xml"
	else
		skip "nmap's DTD takes our XML" "no xmllint or no nmap.dtd here (make peers)"
	fi
	if command -v ndiff >/dev/null 2>&1; then
		# Names of services differ by design.
		sed -E 's/<service [^>]*>//' "$work/x.xml" >"$work/ours.xml"
		sed -E 's/<service [^>]*>//' "$work/nmap.xml" >"$work/theirs.xml"
		ndiff --text "$work/ours.xml" "$work/theirs.xml" | grep -E '^[-+]' |
			grep -vE '^[-+](Nmap|rosaudit) ' >"$work/difference"
		check "ndiff sees no other state" test ! -s "$work/difference"
	else
		skip "ndiff sees no other state" "no ndiff here (make peers)"
	fi
else
	skip "nmap as second opinion" "no nmap here (make peers)"
fi
# A router behind a firewall, seen by both: dropped, rejected, open and closed; TCP by connection and by
# SYN, UDP, IPv6.
PATH=$PATH:/usr/sbin:/sbin
inside=rosaudit-scan-i-$$
outside=rosaudit-scan-o-$$
unlink_namespaces() {
	local name
	for name in "$inside" "$outside" "rosaudit-scan-c-$$"; do
		ip netns del "$name" 2>/dev/null
	done
}

both_see_the_same() { # NAME ADDRESS OPTION…
	local name=$1 address=$2 six=
	shift 2
	case $address in *:*) six=-6 ;; esac
	ip netns exec "$outside" "$ROSAUDIT" scan -n -Pn "$@" "$address" -oX "$work/ours.raw" >"$out" 2>"$err"
	# shellcheck disable=SC2086
	ip netns exec "$outside" nmap -n -Pn $six "$@" "$address" -oX "$work/theirs.raw" >/dev/null 2>&1
	for side in ours theirs; do
		sed -E 's/<service [^>]*>//; s/<address [^>]*addrtype="mac"[^>]*>//' "$work/$side.raw" \
			>"$work/$side.xml"
	done
	ndiff --text "$work/ours.xml" "$work/theirs.xml" | grep -E '^[-+]' |
		grep -vE '^[-+](Nmap|rosaudit) ' >"$work/difference"
	check "$name: nmap and we see the same states" test ! -s "$work/difference"
	check "$name: nmap's DTD" xmllint --noout --nonet --dtdvalid /usr/share/nmap/nmap.dtd "$work/ours.raw"
}

peers_in_namespaces() {
	local i
	trap 'stop_all; unlink_namespaces' EXIT
	ip netns add "$outside" 2>/dev/null && ip netns add "$inside" &&
		ip link add name oo netns "$outside" type veth peer name ii netns "$inside" || return 1
	for i in "$outside 1 oo" "$inside 2 ii"; do
		read -r name number link <<<"$i"
		ip -n "$name" link set lo up
		ip -n "$name" link set "$link" up
		ip -n "$name" addr add "192.0.2.$number/24" dev "$link"
		ip -n "$name" addr add "2001:db8:7::$number/64" dev "$link" nodad
	done
	ip netns exec "$inside" sysctl -q -w net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 \
		net.ipv6.icmp.ratelimit=0
	ip netns exec "$inside" nft -f - <<-'RULES' || return 1
		table inet router {
			chain input {
				type filter hook input priority 0; policy accept;
				tcp dport { 100-104 } drop
				udp dport { 100-101 } drop
				tcp dport 105 reject with icmpx type admin-prohibited
			}
		}
	RULES
	start_process ready ip netns exec "$inside" "$build/check/tests/scan_driver" listen 22 8291
}

if [ "$(id -u)" != 0 ]; then
	skip "nmap and we see the same states" "network namespaces need root"
elif ! command -v ip nft nmap ndiff xmllint >/dev/null; then
	skip "nmap and we see the same states" "ip, nft, nmap, ndiff or xmllint is not here (make peers)"
elif ! peers_in_namespaces; then
	skip "nmap and we see the same states" "network namespaces cannot be made here"
else
	both_see_the_same "connections" 192.0.2.2 -sT -p 20-60,100-110,8291
	both_see_the_same "SYN" 192.0.2.2 -sS -p 20-60,100-110,8291
	both_see_the_same "SYN, IPv6" 2001:db8:7::2 -sS -p 20-60,100-110,8291
	both_see_the_same "UDP" 192.0.2.2 -sU -p 98-103
	both_see_the_same "both protocols" 192.0.2.2 -sS -sU -p T:20-60,100-110,U:98-103
fi

PATH=/nonexistent "$ROSAUDIT" scan --scanner nmap -sT -p 1 127.0.0.1 >"$out" 2>"$err"
status=$?
check_status "an nmap that is not there is a mistake" 2
golden scan/no-nmap "$err"

# --- privileges -----------------------------------------------------------------------------------
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null 2>&1; then
	mkdir -p "$work/theirs"
	chmod 755 "$work"
	chown 65534:65534 "$work/theirs"
	# What a program started by sudo sees, without sudo: its variables are what is read.
	SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody \
		"$ROSAUDIT" scan -sT -p "$ports" 127.0.0.1 -oX "$work/theirs/x.xml" >"$out" 2>"$err"
	check "under sudo a new file is the user's" \
		test "$(stat -c %u:%g "$work/theirs/x.xml")" = 65534:65534
	cp "$build/rosaudit" "$work/rosaudit"
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$work/rosaudit" scan -sS -p "$ports" 127.0.0.1 >"$out" 2>"$err"
	status=$?
	check_status "-sS without privilege is a mistake" 2
	golden scan/no-privilege "$err"
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$work/rosaudit" scan -p "$ports" 127.0.0.1 >"$out" 2>"$err"
	check_out "without privilege the scan is by connections" "by connect"
	scan -p "$ports" 127.0.0.1
	check_out "with privilege it is by SYN" "by SYN"
	check_out "and sees the same" "$winbox/tcp open"
else
	skip "privileges are dropped" "dropping them needs root (and setpriv)"
fi
stop_mock || not_ok "the double was only read"
done_testing
