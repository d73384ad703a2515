#!/usr/bin/env bash
# Every feature that listens, turned on in the double: over SSH and REST each port is attributed to its line of
# the configuration, with the command that closes it.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

# Of every version.
common='  /ip dns: {allow-remote-requests: yes}
  /snmp: {enabled: yes}
  /ip socks: {enabled: yes, port: 1081}
  /ip proxy: {enabled: yes, port: "8080,3128"}
  /ip upnp: {enabled: yes}
  /ip smb: {enabled: yes}
  /tool romon: {enabled: yes}
  /interface pptp-server server: {enabled: yes}
  /interface l2tp-server server: {enabled: yes, use-ipsec: required}
  /interface sstp-server server: {enabled: yes, port: 4443}
  /ip ipsec peer: [{name: p1, disabled: no}]
  /interface eoip: [{name: e1, disabled: no}]
  /interface gre: [{name: g1, disabled: no}]
  /interface ipip: [{name: i1, disabled: no}]
  /interface vrrp: [{name: v1, interface: ether1, disabled: no}]
  /ip dhcp-server: [{name: lan, interface: ether1, disabled: no}]
  /ip dhcp-relay: [{name: relay, interface: ether1, disabled: no}]
  /ip tftp: [{req-filename: boot, disabled: no}]
  /system ntp server: {enabled: yes}
  /radius incoming: {accept: yes, port: 3799}
  /caps-man manager: {enabled: yes}
  /ip hotspot: [{name: hs, interface: ether1, disabled: no}]
  /port remote-access: [{port: usb1, protocol: rfc2217, tcp-port: 5000, disabled: no}]
  /tr069-client: {enabled: yes, connection-request-port: 7547}
  /ip firewall nat:
    - {chain: dstnat, action: dst-nat, protocol: tcp, dst-port: 8443, to-addresses: 10.0.0.5, to-ports: 443}'
six='  /interface ovpn-server server: {enabled: yes, port: 1194}
  /routing bgp peer: [{name: b1, disabled: no}]
  /mpls ldp: {enabled: yes}'
seven='  /interface ovpn-server server: [{name: o1, port: 1195, protocol: udp, disabled: no}]
  /ip nat-pmp: {enabled: yes}
  /interface wireguard: [{name: wg0, listen-port: 51820, disabled: no}]
  /interface vxlan: [{name: vx1, port: 8472, disabled: no}]
  /zerotier: [{name: zt1, port: 9993, disabled: no}]
  /ipv6 dhcp-server: [{name: pd, interface: ether1, disabled: no}]
  /ipv6 dhcp-client: [{interface: ether1, disabled: no}]
  /user-manager: {enabled: yes, authentication-port: 1812, accounting-port: 1813}
  /interface wifi capsman: {enabled: yes}
  /routing bgp connection: [{name: b1, listen: yes, disabled: no}]
  /mpls ldp: [{vrf: main, disabled: no}]
  /routing bfd configuration: [{interfaces: all, forbid-bfd: no, disabled: no}]
  /routing ospf instance: [{name: o1, disabled: no}]
  /iot modbus: {disabled: no, tcp-port: 502}
  /disk: [{slot: usb1, nfs-sharing: yes, smb-sharing: no}]
  /file rsync-daemon: {enabled: yes}'

# attributed NAME LINE…: what the last mock has on, one line each.
attributed() {
	local name=$1 l='routers.0.listeners.*'
	shift
	policy "$work/$name.yaml" 'name: r1' 'host: 127.0.0.1' 'user: audit' \
		'password: {literal: lab}' "port-map: $MOCK_PORT_MAP" 'scan: {ports: none}' "$@"
	run "$ROSAUDIT" "$work/$name.yaml" -f json
	check_status "$name is read" 0
	for field in on name layer proto first_port ip_protocol cause.menu cause.item cause.property \
		cause.value cause.since cause.command cause.to; do
		pick "$out" "$l.$field" >"$work/field.$field"
	done
	paste -d '|' "$work"/field.{on,name,layer,proto,first_port,ip_protocol} \
		"$work"/field.cause.{menu,item,property,value,since,command,to} |
		sed -n 's/^yes|//p' | sed 's/|true|/|yes|/; s/|false|/|no|/' | sort >"$work/$name"
	check "$name: a good many listen" test "$(wc -l <"$work/$name")" -ge 40
}

for version in 6.49 7.18 7.24; do
	{
		sed '/^menus:/,/^[a-z]/{/^menus:/d;/^  \//d}; /^listeners:/,$d' \
			"mock-router/scenarios/stock-$version.yaml"
		printf 'menus:\n%s\n' "$common"
		if [ "$version" = 6.49 ]; then echo "$six"; else echo "$seven"; fi
	} >"$work/router.yaml"
	start_mock "$work/router.yaml" || exit 1
	attributed "$version-ssh" "host-key: \"$MOCK_HOST_KEY\"" \
		"legacy-algorithms: $([ "$version" = 6.49 ] && echo yes || echo no)"
	golden "attribution/$version" "$work/$version-ssh"
	if [ "$version" != 6.49 ]; then
		attributed "$version-rest" 'transport: rest' 'scheme: http'
		check "$version: REST attributes as SSH does" cmp "$work/$version-ssh" "$work/$version-rest"
	fi
	check "$version: nothing but reading" stop_mock
done
done_testing
