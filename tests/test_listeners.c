/* Which line of the configuration opens which port. */
#include <string.h>

#include "menu_build.h"
#include "rosaudit/buf.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/listeners.h"
#include "rosaudit/message.h"

#define NAT "/ip firewall nat: \n"

struct rig {
	struct device device;
	struct listeners listeners;
};

static void rig_open(struct rig *r, const char *version, const char *menus)
{
	device_init(&r->device);
	assert_true(!version || ros_version_parse(version, &r->device.version));
	menu_build(&r->device, menus);
	listeners_init(&r->listeners);
}

static void rig_close(struct rig *r)
{
	listeners_done(&r->listeners);
	device_done(&r->device);
}

static void rig_add(struct rig *r, const char *name, int port, enum transport_proto proto,
                    enum tri dynamic, enum tri disabled)
{
	struct service s;

	service_init(&s);
	s.name = name;
	s.port = port;
	s.proto = proto;
	s.dynamic = dynamic;
	s.disabled = disabled;
	s.connection = TRI_NO;
	device_add_service(&r->device, &s);
}

static const char *say_on(enum tri on)
{
	return on == TRI_YES ? "on" : on == TRI_NO ? "off" : "unknown";
}

static void put_ends(const struct listener *l, struct buf *out)
{
	if (l->layer == LAYER_IP)
		buf_printf(out, "ip/%u", l->protocol);
	else if (l->layer == LAYER_FRAME)
		buf_printf(out, "frame/%u", l->first);
	else if (!l->first)
		buf_printf(out, "?%u/%s", l->usual, l->proto ? l4_name(l->proto) : "any");
	else if (l->first == l->last)
		buf_printf(out, "%u/%s", l->first, l->proto ? l4_name(l->proto) : "any");
	else
		buf_printf(out, "%u-%u/%s", l->first, l->last,
		           l->proto ? l4_name(l->proto) : "any");
}

static void put_listener(const struct listener *l, struct buf *out)
{
	buf_printf(out, "%s%s ", out->n ? "\n" : "", l->name);
	put_ends(l, out);
	buf_printf(out, " %s%s: ", say_on(l->on), l->conditional ? " perhaps" : "");
	cause_format(&l->cause, out);
	if (l->cause.command)
		buf_printf(out, " | %s", l->cause.command);
}

/* The lines of those listeners that bear the name. */
static void say_named(const struct listeners *l, const char *name, struct buf *out)
{
	buf_init(out, 1u << 20);
	for (const struct listener *i = listeners_named(l, name, NULL); i;
	     i = listeners_named(l, name, i))
		put_listener(i, out);
}

static void check(const char *version, const char *menus, const char *name, const char *expected)
{
	struct rig r;
	struct buf said;

	rig_open(&r, version, menus);
	listeners_collect(&r.device, &r.listeners);
	say_named(&r.listeners, name, &said);
	assert_text_equal(buf_str(&said), expected);
	buf_done(&said);
	rig_close(&r);
}

#define V6  "6.49.17"
#define V7  "7.18.2"
#define V24 "7.24"

static void check_remark(const struct listener *l, const char *expected)
{
	struct buf b;

	buf_init(&b, 1024);
	cause_say(&l->cause, &language_english, &b);
	assert_string_equal(buf_str(&b), expected);
	buf_done(&b);
}

struct row {
	const char *version, *menus, *name, *expected;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(rows[i].version, rows[i].menus, rows[i].name, rows[i].expected);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof(*(rows)))

static void test_settings_of_a_menu_with_one_item(void **state)
{
	static const struct row rows[] = {
		{V6, "/tool bandwidth-server: enabled=yes allocate-udp-ports-from=3000", "btest",
	         "btest 2000/tcp on: /tool bandwidth-server enabled=yes | "
	         "/tool bandwidth-server set enabled=no\n"
	         "btest 3000/udp on: /tool bandwidth-server enabled=yes | "
	         "/tool bandwidth-server set enabled=no"},
		{V7, "/ip dns: allow-remote-requests=true", "resolver",
	         "resolver 53/tcp on: /ip dns allow-remote-requests=true | "
	         "/ip dns set allow-remote-requests=no\n"
	         "resolver 53/udp on: /ip dns allow-remote-requests=true | "
	         "/ip dns set allow-remote-requests=no"},
		{V7, "/ip dns: allow-remote-requests=no mdns-repeat-ifaces=ether1,ether2", "mdns",
	         "mdns 5353/udp on: /ip dns mdns-repeat-ifaces=ether1,ether2 | "
	         "/ip dns set mdns-repeat-ifaces=\"\""},
		{V7, "/ip dns: mdns-repeat-ifaces=", "mdns",
	         "mdns 5353/udp off: /ip dns mdns-repeat-ifaces= | "
	         "/ip dns set mdns-repeat-ifaces=\"\""},
		{V6, "/ip dns: allow-remote-requests=no", "mdns", ""},
		{V7, "/snmp: enabled=no", "snmp",
	         "snmp 161/udp off: /snmp enabled=no | /snmp set enabled=no"},
		{V7, "/ip socks: enabled=yes port=1081", "socks",
	         "socks 1081/tcp on: /ip socks enabled=yes | /ip socks set enabled=no"},
		{V7, "/ip proxy: enabled=yes port=8080,3128", "web-proxy",
	         "web-proxy 8080/tcp on: /ip proxy enabled=yes | /ip proxy set enabled=no\n"
	         "web-proxy 3128/tcp on: /ip proxy enabled=yes | /ip proxy set enabled=no"},
		{V6, "/ip upnp: enabled=yes", "upnp",
	         "upnp 2828/tcp on: /ip upnp enabled=yes | /ip upnp set enabled=no\n"
	         "upnp 1900/udp on: /ip upnp enabled=yes | /ip upnp set enabled=no"},
		{V7, "/ip nat-pmp: enabled=yes", "nat-pmp",
	         "nat-pmp 5351/udp on: /ip nat-pmp enabled=yes | /ip nat-pmp set enabled=no"},
		{V7, "/interface sstp-server server: enabled=yes port=4443", "sstp-server",
	         "sstp-server 4443/tcp on: /interface sstp-server server enabled=yes | "
	         "/interface sstp-server server set enabled=no"},
		{V7, "/interface pptp-server server: enabled=yes", "pptp-server",
	         "pptp-server 1723/tcp on: /interface pptp-server server enabled=yes | "
	         "/interface pptp-server server set enabled=no\n"
	         "pptp-server ip/47 on: /interface pptp-server server enabled=yes | "
	         "/interface pptp-server server set enabled=no"},
		{V7, "/system ntp server: enabled=yes", "ntp",
	         "ntp 123/udp on: /system ntp server enabled=yes | "
	         "/system ntp server set enabled=no"},
		{V7, "/radius incoming: accept=yes port=3799", "radius-incoming",
	         "radius-incoming 3799/udp on: /radius incoming accept=yes | "
	         "/radius incoming set accept=no"},
		{V6, "/caps-man manager: enabled=yes", "capsman",
	         "capsman 5246/udp on: /caps-man manager enabled=yes | "
	         "/caps-man manager set enabled=no\n"
	         "capsman 5247/udp on: /caps-man manager enabled=yes | "
	         "/caps-man manager set enabled=no"},
		{V24, "/file rsync-daemon: enabled=yes", "rsync",
	         "rsync 873/tcp on: /file rsync-daemon enabled=yes | "
	         "/file rsync-daemon set enabled=no"},
		{V7, "/tr069-client: enabled=yes connection-request-port=7547", "tr069-client",
	         "tr069-client 7547/tcp on: /tr069-client enabled=yes | "
	         "/tr069-client set enabled=no"},
		{V7, "/iot modbus: disabled=no tcp-port=502", "modbus",
	         "modbus 502/tcp on: /iot modbus disabled=no | /iot modbus set disabled=yes"},
		{V7, "/iot modbus: disabled=yes tcp-port=502", "modbus",
	         "modbus 502/tcp off: /iot modbus disabled=yes | /iot modbus set disabled=yes"},
		{V24,
	         "/user-manager: enabled=yes authentication-port=1812 accounting-port=1899 "
	         "radsec-certificate=none",
	         "user-manager",
	         "user-manager 1812/udp on: /user-manager enabled=yes | "
	         "/user-manager set enabled=no\n"
	         "user-manager 1899/udp on: /user-manager enabled=yes | "
	         "/user-manager set enabled=no"},
		{V24,
	         "/user-manager: enabled=yes authentication-port=1812 accounting-port=1813 "
	         "radsec-certificate=home",
	         "user-manager",
	         "user-manager 1812/udp on: /user-manager enabled=yes | "
	         "/user-manager set enabled=no\n"
	         "user-manager 1813/udp on: /user-manager enabled=yes | "
	         "/user-manager set enabled=no\n"
	         "user-manager 2083/tcp on: /user-manager enabled=yes | "
	         "/user-manager set enabled=no"},
		{V7, "/interface wifi capsman: enabled=yes interfaces=bridge", "wifi-capsman",
	         "wifi-capsman 5246/udp on: /interface wifi capsman enabled=yes | "
	         "/interface wifi capsman set enabled=no\n"
	         "wifi-capsman 5247/udp on: /interface wifi capsman enabled=yes | "
	         "/interface wifi capsman set enabled=no\n"
	         "wifi-capsman 5246/tcp on: /interface wifi capsman enabled=yes | "
	         "/interface wifi capsman set enabled=no"},
		{V7, "/ip cloud: ddns-enabled=no back-to-home-vpn=enabled vpn-port=23456",
	         "back-to-home",
	         "back-to-home 23456/udp on: /ip cloud back-to-home-vpn=enabled | "
	         "/ip cloud set back-to-home-vpn=revoked-and-disabled"},
		{V6, "/ip cloud: ddns-enabled=yes", "cloud",
	         "cloud ?0/udp on: /ip cloud ddns-enabled=yes | /ip cloud set ddns-enabled=no"},
		{V7, "/dude: enabled=yes", "dude",
	         "dude 2210/tcp on: /dude enabled=yes | /dude set enabled=no\n"
	         "dude 2211/tcp on: /dude enabled=yes | /dude set enabled=no"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_items_are_on_unless_they_are_disabled(void **state)
{
	static const struct row rows[] = {
		{V7,
	         "/interface wireguard: name=wg0 listen-port=13231 disabled=no; "
	         "name=wg1 listen-port=51820 disabled=yes",
	         "wireguard",
	         "wireguard 13231/udp on: /interface wireguard wg0 disabled=no | "
	         "/interface wireguard disable [find name=wg0]\n"
	         "wireguard 51820/udp off: /interface wireguard wg1 disabled=yes | "
	         "/interface wireguard disable [find name=wg1]"},
		{V6, "/interface wireguard: name=wg0 listen-port=13231", "wireguard", ""},
		{V7, "/interface wireguard: name=wg0 listen-port=13231", "wireguard",
	         "wireguard 13231/udp unknown: /interface wireguard wg0 disabled | "
	         "/interface wireguard disable [find name=wg0]"},
		{V7, "/interface wireguard: ", "wireguard", ""},
		{V7, "/ip dhcp-server: name=lan interface=bridge disabled=no", "dhcp",
	         "dhcp 67/udp on: /ip dhcp-server lan disabled=no | "
	         "/ip dhcp-server disable [find name=lan]"},
		{V7, "/ip dhcp-server: name=lan interface=bridge disabled=no invalid=yes", "dhcp",
	         "dhcp 67/udp unknown: /ip dhcp-server lan disabled=no | "
	         "/ip dhcp-server disable [find name=lan]"},
		{V7, "/ip dhcp-client: interface=ether1 disabled=no", "dhcpclient",
	         "dhcpclient 68/udp on: /ip dhcp-client ether1 disabled=no | "
	         "/ip dhcp-client disable [find interface=ether1]"},
		{V6, "/ipv6 dhcp-server: name=pd disabled=no", "dhcpv6",
	         "dhcpv6 547/udp on: /ipv6 dhcp-server pd disabled=no | "
	         "/ipv6 dhcp-server disable [find name=pd]"},
		{V6, "/ipv6 dhcp-client: interface=ether1 disabled=no", "dhcpv6-client",
	         "dhcpv6-client 546/udp on: /ipv6 dhcp-client ether1 disabled=no | "
	         "/ipv6 dhcp-client disable [find interface=ether1]"},
		{V6, "/ip tftp: disabled=no", "tftp",
	         "tftp 69/udp on: /ip tftp 0 disabled=no | /ip tftp disable 0"},
		{V7, "/ip ipsec peer: name=p1 disabled=no; name=l2tp disabled=no dynamic=yes",
	         "ipsec",
	         "ipsec 500/udp on: /ip ipsec peer p1 disabled=no | "
	         "/ip ipsec peer disable [find name=p1]\n"
	         "ipsec 4500/udp on: /ip ipsec peer p1 disabled=no | "
	         "/ip ipsec peer disable [find name=p1]\n"
	         "ipsec ip/50 on: /ip ipsec peer p1 disabled=no | "
	         "/ip ipsec peer disable [find name=p1]\n"
	         "ipsec ip/51 on: /ip ipsec peer p1 disabled=no | "
	         "/ip ipsec peer disable [find name=p1]\n"
	         "ipsec 500/udp on: /ip ipsec peer l2tp disabled=no\n"
	         "ipsec 4500/udp on: /ip ipsec peer l2tp disabled=no\n"
	         "ipsec ip/50 on: /ip ipsec peer l2tp disabled=no\n"
	         "ipsec ip/51 on: /ip ipsec peer l2tp disabled=no"},
		{V7, "/zerotier: name=zt1 port=9993 disabled=no", "zerotier",
	         "zerotier 9993/udp on: /zerotier zt1 disabled=no | "
	         "/zerotier disable [find name=zt1]"},
		{V7, "/interface vxlan: name=vx port=8472 disabled=no vrf=lab", "vxlan",
	         "vxlan 8472/udp on: /interface vxlan vx disabled=no | "
	         "/interface vxlan disable [find name=vx]"},
		{V6, "/interface eoip: name=e1 disabled=no", "eoip",
	         "eoip ip/47 on: /interface eoip e1 disabled=no | "
	         "/interface eoip disable [find name=e1]"},
		{V6, "/interface gre: name=e1 disabled=no", "gre",
	         "gre ip/47 on: /interface gre e1 disabled=no | "
	         "/interface gre disable [find name=e1]"},
		{V6, "/interface ipip: name=e1 disabled=no", "ipip",
	         "ipip ip/4 on: /interface ipip e1 disabled=no | "
	         "/interface ipip disable [find name=e1]"},
		{V6, "/interface 6to4: name=e1 disabled=no", "6to4",
	         "6to4 ip/41 on: /interface 6to4 e1 disabled=no | "
	         "/interface 6to4 disable [find name=e1]"},
		{V6, "/interface vrrp: name=v1 disabled=no", "vrrp",
	         "vrrp ip/112 on: /interface vrrp v1 disabled=no | "
	         "/interface vrrp disable [find name=v1]"},
		{V24,
	         "/interface vrrp: name=v1 disabled=no sync-connection-tracking=yes "
	         "connection-tracking-port=8275",
	         "vrrp-sync",
	         "vrrp-sync 8275/udp on: /interface vrrp v1 sync-connection-tracking=yes | "
	         "/interface vrrp set [find name=v1] sync-connection-tracking=no"},
		{V7, "/ip hotspot: name=hs disabled=no", "hotspot-dns",
	         "hotspot-dns 64872/tcp on: /ip hotspot hs disabled=no | "
	         "/ip hotspot disable [find name=hs]\n"
	         "hotspot-dns 64872/udp on: /ip hotspot hs disabled=no | "
	         "/ip hotspot disable [find name=hs]"},
		{V7, "/ip hotspot: name=hs disabled=no", "hotspot-https",
	         "hotspot-https 64875/tcp on: /ip hotspot hs disabled=no | "
	         "/ip hotspot disable [find name=hs]"},
		{V24, "/ip media: interface=bridge disabled=no", "media",
	         "media 1900/udp unknown: /disk media-sharing\n"
	         "media 1900/udp on: /ip media bridge disabled=no | "
	         "/ip media disable [find interface=bridge]"},
		{V24, "/tool netinstall: interface=ether5 disabled=no", "netinstall",
	         "netinstall 67/udp on: /tool netinstall ether5 disabled=no | "
	         "/tool netinstall disable [find interface=ether5]\n"
	         "netinstall 69/udp on: /tool netinstall ether5 disabled=no | "
	         "/tool netinstall disable [find interface=ether5]"},
		{V7, "/tool netinstall: interface=ether5 disabled=no", "netinstall", ""},
		{V24, "/system ptp: name=ptp1 disabled=no", "ptp",
	         "ptp 319/udp on: /system ptp ptp1 disabled=no | "
	         "/system ptp disable [find name=ptp1]\n"
	         "ptp 320/udp on: /system ptp ptp1 disabled=no | "
	         "/system ptp disable [find name=ptp1]"},
		{V7, "/openflow: name=of1 passive-port=6653 disabled=no", "openflow",
	         "openflow 6653/tcp on: /openflow of1 disabled=no | "
	         "/openflow disable [find name=of1]"},
		{V7, "/openflow: name=of1 passive-port=0 disabled=no", "openflow", ""},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_layer_2_features_listen_for_frames(void **state)
{
	static const struct row rows[] = {
		{V7, "/tool mac-server: allowed-interface-list=LAN", "mac-server",
	         "mac-server frame/20561 on: /tool mac-server allowed-interface-list=LAN | "
	         "/tool mac-server set allowed-interface-list=none"},
		{V7, "/tool mac-server: allowed-interface-list=none", "mac-server",
	         "mac-server frame/20561 off: /tool mac-server allowed-interface-list=none | "
	         "/tool mac-server set allowed-interface-list=none"},
		{V6, "/tool mac-server mac-winbox: allowed-interface-list=all", "mac-winbox",
	         "mac-winbox frame/20561 on: /tool mac-server mac-winbox "
	         "allowed-interface-list=all | "
	         "/tool mac-server mac-winbox set allowed-interface-list=none"},
		{V6, "/tool mac-server ping: enabled=yes", "mac-ping",
	         "mac-ping frame/0 on: /tool mac-server ping enabled=yes | "
	         "/tool mac-server ping set enabled=no"},
		{V7, "/tool romon: enabled=yes", "romon",
	         "romon frame/0 on: /tool romon enabled=yes | /tool romon set enabled=no"},
		{V7,
	         "/ip neighbor discovery-settings: discover-interface-list=LAN "
	         "protocol=cdp,lldp,mndp",
	         "discover",
	         "discover 5678/udp on: /ip neighbor discovery-settings "
	         "discover-interface-list=LAN | "
	         "/ip neighbor discovery-settings set discover-interface-list=none\n"
	         "discover frame/0 on: /ip neighbor discovery-settings "
	         "discover-interface-list=LAN | "
	         "/ip neighbor discovery-settings set discover-interface-list=none\n"
	         "discover frame/0 on: /ip neighbor discovery-settings "
	         "discover-interface-list=LAN | "
	         "/ip neighbor discovery-settings set discover-interface-list=none"},
		{V7, "/ip neighbor discovery-settings: discover-interface-list=LAN protocol=lldp",
	         "discover",
	         "discover frame/0 on: /ip neighbor discovery-settings "
	         "discover-interface-list=LAN | "
	         "/ip neighbor discovery-settings set discover-interface-list=none"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

#define OVPN "/interface ovpn-server server: "

static void test_menus_that_changed_with_the_version(void **state)
{
	static const struct row rows[] = {
		{V6, OVPN "enabled=yes port=1194", "ovpn-server",
	         "ovpn-server 1194/tcp on: /interface ovpn-server server enabled=yes | "
	         "/interface ovpn-server server set enabled=no"},
		{"7.16.2", OVPN "enabled=yes port=1194 protocol=udp", "ovpn-server",
	         "ovpn-server 1194/udp on: /interface ovpn-server server enabled=yes | "
	         "/interface ovpn-server server set enabled=no"},
		{"7.17",
	         OVPN "name=o1 port=1194 protocol=tcp disabled=no; "
	              "name=o2 port=1195 protocol=udp disabled=yes",
	         "ovpn-server",
	         "ovpn-server 1194/tcp on: /interface ovpn-server server o1 disabled=no | "
	         "/interface ovpn-server server disable [find name=o1]\n"
	         "ovpn-server 1195/udp off: /interface ovpn-server server o2 disabled=yes | "
	         "/interface ovpn-server server disable [find name=o2]"},
		{V6, "/routing bgp peer: name=p1 disabled=no", "bgp",
	         "bgp 179/tcp on: /routing bgp peer p1 disabled=no | "
	         "/routing bgp peer disable [find name=p1]"},
		{V7, "/routing bgp connection: name=c1 listen=yes disabled=no", "bgp",
	         "bgp 179/tcp on: /routing bgp connection c1 listen=yes | "
	         "/routing bgp connection set [find name=c1] listen=no"},
		{V7, "/routing bgp connection: name=c1 listen=yes disabled=yes", "bgp",
	         "bgp 179/tcp off: /routing bgp connection c1 listen=yes | "
	         "/routing bgp connection set [find name=c1] listen=no"},
		{V7, "/routing bgp connection: name=c1 disabled=no", "bgp",
	         "bgp 179/tcp unknown: /routing bgp connection c1 listen | "
	         "/routing bgp connection set [find name=c1] listen=no"},
		{V6, "/mpls ldp: enabled=yes", "ldp",
	         "ldp 646/tcp on: /mpls ldp enabled=yes | /mpls ldp set enabled=no\n"
	         "ldp 646/udp on: /mpls ldp enabled=yes | /mpls ldp set enabled=no"},
		{V7, "/mpls ldp: disabled=no", "ldp",
	         "ldp 646/tcp on: /mpls ldp 0 disabled=no | /mpls ldp disable 0\n"
	         "ldp 646/udp on: /mpls ldp 0 disabled=no | /mpls ldp disable 0"},
		{V7, "/routing rip instance: name=r afi=ipv4 disabled=no", "rip",
	         "rip 520/udp on: /routing rip instance r disabled=no | "
	         "/routing rip instance disable [find name=r]"},
		{V7, "/routing rip instance: name=r afi=ipv4 disabled=no", "ripng", ""},
		{V7, "/routing rip instance: name=r afi=ipv6 disabled=no", "ripng",
	         "ripng 521/udp on: /routing rip instance r disabled=no | "
	         "/routing rip instance disable [find name=r]"},
		{V7, "/routing bfd configuration: interfaces=all forbid-bfd=no disabled=no", "bfd",
	         "bfd 3784/udp on: /routing bfd configuration all disabled=no | "
	         "/routing bfd configuration disable [find interfaces=all]\n"
	         "bfd 3785/udp on: /routing bfd configuration all disabled=no | "
	         "/routing bfd configuration disable [find interfaces=all]\n"
	         "bfd 4784/udp on: /routing bfd configuration all disabled=no | "
	         "/routing bfd configuration disable [find interfaces=all]"},
		{V7, "/port remote-access: port=usb1 protocol=rfc2217 tcp-port=5000 disabled=no",
	         "remote-access",
	         "remote-access 5000/tcp on: /port remote-access usb1 disabled=no | "
	         "/port remote-access disable [find port=usb1]"},
		{V24, "/port remote-access: port=usb1 protocol=udp ip-port=5000 disabled=no",
	         "remote-access",
	         "remote-access 5000/udp on: /port remote-access usb1 disabled=no | "
	         "/port remote-access disable [find port=usb1]"},
		{V7, "/interface l2tp-server server: enabled=yes use-ipsec=no", "l2tp-server",
	         "l2tp-server 1701/udp on: /interface l2tp-server server enabled=yes | "
	         "/interface l2tp-server server set enabled=no"},
		{V7, "/interface l2tp-server server: enabled=yes use-ipsec=required", "l2tp-server",
	         "l2tp-server 1701/udp on: /interface l2tp-server server enabled=yes | "
	         "/interface l2tp-server server set enabled=no\n"
	         "l2tp-server 500/udp on: /interface l2tp-server server enabled=yes | "
	         "/interface l2tp-server server set enabled=no\n"
	         "l2tp-server 4500/udp on: /interface l2tp-server server enabled=yes | "
	         "/interface l2tp-server server set enabled=no"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

#define DISK(name, port) name " " port "/tcp on: /disk "
static void test_disks_share_by_several_protocols(void **state)
{
	static const struct row rows[] = {
		{V7, "/disk: slot=usb1 nfs-sharing=yes disabled=no", "nfs",
	         DISK("nfs", "2049") "usb1 nfs-sharing=yes | "
	                             "/disk set [find slot=usb1] nfs-sharing=no"},
		{V7, "/disk: slot=usb1 iscsi-export=yes iscsi-server-port=3261", "iscsi",
	         DISK("iscsi", "3261") "usb1 iscsi-export=yes | "
	                               "/disk set [find slot=usb1] iscsi-export=no"},
		{V7, "/disk: slot=usb1 nvme-tcp-export=yes nvme-tcp-server-port=4420", "nvme-tcp",
	         DISK("nvme-tcp", "4420") "usb1 nvme-tcp-export=yes | "
	                                  "/disk set [find slot=usb1] nvme-tcp-export=no"},
		{V7, "/disk: slot=usb1 smb-sharing=yes", "disk-smb",
	         DISK("disk-smb", "445") "usb1 smb-sharing=yes | "
	                                 "/disk set [find slot=usb1] smb-sharing=no"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

/* One line for each of SMB's four ports. */
static void check_smb(const char *menus, const char *on)
{
	struct rig r;
	size_t n = 0;

	rig_open(&r, V7, menus);
	listeners_collect(&r.device, &r.listeners);
	for (const struct listener *l = listeners_named(&r.listeners, "smb", NULL); l;
	     l = listeners_named(&r.listeners, "smb", l), n++)
		assert_string_equal(say_on(l->on), on);
	assert_int_equal(n, 4);
	rig_close(&r);
}

static void test_smb_auto_listens_while_there_is_a_share(void **state)
{
	(void)state;
	check_smb("/ip smb: enabled=yes", "on");
	check_smb("/ip smb: enabled=no\n/ip smb shares: name=pub disabled=no", "off");
	check_smb("/ip smb: enabled=auto\n/ip smb shares: name=pub disabled=no", "on");
	check_smb("/ip smb: enabled=auto\n/ip smb shares: name=pub disabled=yes", "off");
	check_smb("/ip smb: enabled=auto\n/ip smb shares: ", "off");
	check_smb("/ip smb: enabled=auto", "unknown");
	check_smb("/ip smb: enabled=auto\n/ip smb shares! forbidden", "unknown");
	check_smb("/ip smb: enabled=sometimes", "unknown");
}

static void test_device_mode_makes_a_feature_inactive(void **state)
{
	static const char menus[] = "/ip socks: enabled=yes port=1080\n"
				    "/system device-mode: mode=home socks=no proxy=yes";
	struct rig r;
	const struct listener *l;

	(void)state;
	rig_open(&r, V7, menus);
	listeners_collect(&r.device, &r.listeners);
	l = listeners_named(&r.listeners, "socks", NULL);
	assert_int_equal(l->on, TRI_NO);
	assert_string_equal(l->cause.value, "yes");
	check_remark(l, "the device-mode does not allow socks");
	rig_close(&r);
}

static void test_a_menu_that_was_not_read_leaves_its_ports_unknown(void **state)
{
	static const struct row rows[] = {
		{V7, "/ip socks! forbidden not enough permissions", "socks",
	         "socks ?1080/tcp unknown: /ip socks enabled"},
		{V7, "", "resolver",
	         "resolver 53/tcp unknown: /ip dns allow-remote-requests\n"
	         "resolver 53/udp unknown: /ip dns allow-remote-requests"},
		{V7, "/zerotier! missing", "zerotier", ""},
		{V7, "/ip socks: ", "socks", "socks ?1080/tcp unknown: /ip socks enabled"},
	};
	struct rig r;

	(void)state;
	CHECK_ROWS(rows);
	rig_open(&r, V7, rows[0].menus);
	listeners_collect(&r.device, &r.listeners);
	check_remark(listeners_named(&r.listeners, "socks", NULL),
	             "/ip socks was not read (forbidden: not enough permissions)");
	rig_close(&r);
}

static void test_lists_of_who_is_served(void **state)
{
	struct rig r;
	const struct listener *l;
	struct buf b;

	(void)state;
	rig_open(&r, V7,
	         "/tool bandwidth-server: enabled=yes allowed-addresses4=192.0.2.0/24,10.0.0.1 "
	         "allowed-addresses6=\n/ip tftp: disabled=no ip-addresses=\n");
	listeners_collect(&r.device, &r.listeners);
	l = listeners_named(&r.listeners, "btest", NULL);
	assert_true(l->address_known);
	buf_init(&b, 256);
	prefix_set_format(l->address, l->address_n, &b);
	assert_string_equal(buf_str(&b), "192.0.2.0/24,10.0.0.1/32,::/0");
	buf_done(&b);
	l = listeners_named(&r.listeners, "tftp", NULL);
	assert_true(l->address_known);
	assert_int_equal(l->address_n, 0);
	rig_close(&r);
}

static void test_rows_of_ip_service(void **state)
{
	struct rig r;
	struct buf said;

	(void)state;
	rig_open(&r, V24, "");
	rig_add(&r, "ssh", 22, L4_TCP, TRI_NO, TRI_NO);
	rig_add(&r, "telnet", 2323, L4_TCP, TRI_NO, TRI_YES);
	rig_add(&r, "www", 80, L4_TCP, TRI_NO, TRI_UNKNOWN);
	listeners_collect(&r.device, &r.listeners);
	say_named(&r.listeners, "ssh", &said);
	assert_text_equal(buf_str(&said),
	                  "ssh 22/tcp on: /ip service ssh disabled=no | /ip service "
	                  "set [find name=ssh dynamic=no] disabled=yes");
	buf_done(&said);
	assert_int_equal(listeners_named(&r.listeners, "telnet", NULL)->on, TRI_NO);
	assert_int_equal(listeners_named(&r.listeners, "www", NULL)->on, TRI_UNKNOWN);
	rig_close(&r);
}

static void check_proxy(const char *menus, enum tri on)
{
	struct rig r;

	rig_open(&r, V24, menus);
	rig_add(&r, "reverse-proxy", 443, L4_TCP, TRI_NO, TRI_NO);
	listeners_collect(&r.device, &r.listeners);
	assert_int_equal(listeners_named(&r.listeners, "reverse-proxy", NULL)->on, on);
	rig_close(&r);
}

static void test_reverse_proxy_listens_while_it_has_a_rule(void **state)
{
	(void)state;
	check_proxy("/ip reverse-proxy: sni=a.example disabled=no", TRI_YES);
	check_proxy("/ip reverse-proxy: sni=a.example disabled=yes", TRI_NO);
	check_proxy("/ip reverse-proxy: ", TRI_NO);
	check_proxy("", TRI_UNKNOWN);
	check_proxy("/ip reverse-proxy! unreadable", TRI_UNKNOWN);
}

static void test_forwards_lead_elsewhere(void **state)
{
	static const struct row rows[] = {
		{V6,
	         "/ip firewall nat: chain=dstnat action=dst-nat protocol=tcp dst-port=80,8000-8010 "
	         "to-addresses=10.0.0.5 to-ports=8080 disabled=no",
	         "dst-nat",
	         "dst-nat 80/tcp on: /ip firewall nat 0 action=dst-nat (to 10.0.0.5:8080) | "
	         "/ip firewall nat disable 0\n"
	         "dst-nat 8000-8010/tcp on: /ip firewall nat 0 action=dst-nat (to 10.0.0.5:8080) "
	         "| /ip firewall nat disable 0"},
		{V6,
	         "/ip firewall nat: chain=srcnat action=masquerade disabled=no; chain=dstnat "
	         "action=dst-nat in-interface=ether1 to-addresses=10.0.0.9 disabled=no",
	         "dst-nat",
	         "dst-nat 1-65535/any on perhaps: /ip firewall nat 1 action=dst-nat (to 10.0.0.9) "
	         "| /ip firewall nat disable 1"},
		{V6,
	         "/ip firewall nat: chain=dstnat action=redirect protocol=udp dst-port=53 "
	         "to-ports=53 disabled=no",
	         "redirect",
	         "redirect 53/udp on: /ip firewall nat 0 action=redirect (to the router "
	         "itself:53) | /ip firewall nat disable 0"},
		{V6,
	         "/ip firewall nat: chain=dstnat action=dst-nat protocol=tcp dst-port=!22 "
	         "to-addresses=10.0.0.9 disabled=no dynamic=yes",
	         "dst-nat",
	         "dst-nat 1-65535/tcp on perhaps: /ip firewall nat 0 action=dst-nat (to "
	         "10.0.0.9)"},
		{V6,
	         "/ip firewall nat: chain=dstnat action=dst-nat protocol=tcp dst-port=x "
	         "to-addresses=10.0.0.9 disabled=no",
	         "dst-nat",
	         "dst-nat 1-65535/tcp on perhaps: /ip firewall nat 0 action=dst-nat (to "
	         "10.0.0.9) | /ip firewall nat disable 0"},
		{V6, "/ip firewall nat: chain=dstnat action=dst-nat protocol=gre disabled=no",
	         "dst-nat", ""},
		{V6, "/ip firewall nat: chain=dstnat action=dst-nat protocol=tcp disabled=yes",
	         "dst-nat", ""},
		{V6, "/ip firewall nat: chain=output action=dst-nat protocol=tcp disabled=no",
	         "dst-nat", ""},
		{V6, "/ip firewall nat! forbidden", "dst-nat",
	         "dst-nat ?0/any unknown: /ip firewall nat action"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static const char *explained(struct rig *r, enum transport_proto proto, uint16_t port)
{
	const struct listener *l = listeners_explain(&r->listeners, proto, port);

	return l ? l->cause.menu : "nothing";
}

static void test_a_port_is_explained_by_the_surest_cause(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, V6,
	         "/tool bandwidth-server: enabled=yes\n/ip proxy: enabled=no port=8080\n"
	         "/ip firewall nat: chain=dstnat action=dst-nat protocol=tcp dst-port=443 "
	         "to-addresses=10.0.0.5 disabled=no; chain=dstnat action=dst-nat protocol=tcp "
	         "dst-port=22 src-address=192.0.2.1 to-addresses=10.0.0.5 disabled=no");
	rig_add(&r, "ssh", 22, L4_TCP, TRI_NO, TRI_NO);
	rig_add(&r, "www-ssl", 443, L4_TCP, TRI_NO, TRI_NO);
	listeners_collect(&r.device, &r.listeners);
	assert_string_equal(explained(&r, L4_TCP, 2000), "/tool bandwidth-server");
	assert_string_equal(explained(&r, L4_TCP, 22), "/ip service");
	assert_string_equal(explained(&r, L4_TCP, 443), "/ip firewall nat");
	assert_string_equal(explained(&r, L4_TCP, 1080), "/ip socks");
	assert_int_equal(listener_has(listeners_explain(&r.listeners, L4_TCP, 1080), L4_TCP, 1080),
	                 TRI_UNKNOWN);
	/* SOCKS may have been moved to any port: its menu was not read. */
	assert_string_not_equal(explained(&r, L4_TCP, 8080), "nothing");
	rig_close(&r);
}

static void test_when_all_is_read_nothing_explains_a_strange_port(void **state)
{
	static const char *const versions[] = {V6, V7, V24};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct rig r;

		rig_open(&r, versions[i], "");
		menu_build_rest(&r.device);
		r.device.static_complete = TRI_YES;
		listeners_collect(&r.device, &r.listeners);
		assert_int_equal(r.listeners.unread_n, 0);
		assert_string_equal(explained(&r, L4_TCP, 12345), "nothing");
		assert_string_equal(explained(&r, L4_UDP, 53), "nothing");
		rig_close(&r);
	}
}

static void test_the_routers_own_list_answers_for_menus_that_were_not_read(void **state)
{
	struct rig r;
	const struct listener *l;

	(void)state;
	rig_open(&r, "7.20.1", "/ip cloud: ddns-enabled=yes\n" NAT);
	rig_add(&r, "btest", 2000, L4_TCP, TRI_YES, TRI_UNKNOWN);
	rig_add(&r, "cloud", 54103, L4_UDP, TRI_YES, TRI_UNKNOWN);
	rig_add(&r, "loader", 3986, L4_TCP, TRI_YES, TRI_UNKNOWN);
	rig_add(&r, "loader", 3986, L4_TCP, TRI_YES, TRI_UNKNOWN);
	r.device.listeners_complete = TRI_YES;
	listeners_collect(&r.device, &r.listeners);
	l = listeners_named(&r.listeners, "btest", NULL);
	assert_int_equal(l->on, TRI_YES);
	assert_non_null(l->listed);
	l = listeners_named(&r.listeners, "cloud", NULL);
	assert_int_equal(l->first, 54103);
	l = listeners_named(&r.listeners, "loader", NULL);
	assert_int_equal(l->cause.kind, CAUSE_LISTED);
	assert_null(listeners_named(&r.listeners, "loader", l));
	assert_int_equal(listeners_named(&r.listeners, "socks", NULL)->on, TRI_NO);
	assert_int_equal(listeners_named(&r.listeners, "resolver", NULL)->on, TRI_NO);
	/* Whether the kernel's own listeners are in that list is not known. */
	assert_int_equal(listeners_named(&r.listeners, "wireguard", NULL)->on, TRI_UNKNOWN);
	rig_close(&r);
}

static void test_a_row_that_a_menu_denies_stays_a_listener(void **state)
{
	struct rig r;
	const struct listener *l;

	(void)state;
	rig_open(&r, "7.20.1", "/snmp: enabled=no\n");
	rig_add(&r, "snmp", 161, L4_UDP, TRI_YES, TRI_UNKNOWN);
	listeners_collect(&r.device, &r.listeners);
	l = listeners_explain(&r.listeners, L4_UDP, 161);
	assert_int_equal(l->cause.kind, CAUSE_LISTED);
	check_remark(l, "the router lists it as listening, while /snmp turns it off");
	assert_string_equal(l->cause.command, "/snmp set enabled=no");
	rig_close(&r);
}

static void test_containers_listen_in_a_namespace_of_their_own(void **state)
{
	struct rig r;
	const struct listener *l;

	(void)state;
	rig_open(&r, "7.22.1", "");
	rig_add(&r, "lighttpd", 80, L4_TCP, TRI_YES, TRI_UNKNOWN);
	r.device.services[0].container = "pi hole";
	listeners_collect(&r.device, &r.listeners);
	l = listeners_named(&r.listeners, "lighttpd", NULL);
	assert_int_equal(l->cause.kind, CAUSE_CONTAINER);
	assert_string_equal(l->cause.to, "pi hole");
	assert_string_equal(l->cause.command, "/container stop [find name=\"pi hole\"]");
	assert_int_equal(listener_has(l, L4_TCP, 80), TRI_NO);
	rig_close(&r);
}

/* Every feature that the catalogue names has a row that says what opens it. */
static void test_every_feature_of_the_catalogue_has_its_switch(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, NULL, "");
	listeners_collect(&r.device, &r.listeners);
	for (size_t i = 0; i < catalogue_n; i++) {
		const struct catalogue_row *row = &catalogue[i];
		bool found = false;

		/* The web of /app and the unexplained listener are rows of other menus. */
		if (row->kind != CATALOGUE_FEATURE || strcmp(row->menu, "/app") == 0 ||
		    strcmp(row->name, "loader") == 0)
			continue;
		for (size_t j = 0; j < r.listeners.n && !found; j++)
			found = strcmp(r.listeners.v[j].cause.menu, row->menu) == 0 &&
			        strcmp(r.listeners.v[j].name, row->name) == 0;
		if (!found)
			fail_msg("%s: %s is in the catalogue alone", row->name, row->menu);
	}
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_of_a_menu_with_one_item),
		cmocka_unit_test(test_items_are_on_unless_they_are_disabled),
		cmocka_unit_test(test_layer_2_features_listen_for_frames),
		cmocka_unit_test(test_menus_that_changed_with_the_version),
		cmocka_unit_test(test_disks_share_by_several_protocols),
		cmocka_unit_test(test_smb_auto_listens_while_there_is_a_share),
		cmocka_unit_test(test_device_mode_makes_a_feature_inactive),
		cmocka_unit_test(test_a_menu_that_was_not_read_leaves_its_ports_unknown),
		cmocka_unit_test(test_lists_of_who_is_served),
		cmocka_unit_test(test_rows_of_ip_service),
		cmocka_unit_test(test_reverse_proxy_listens_while_it_has_a_rule),
		cmocka_unit_test(test_forwards_lead_elsewhere),
		cmocka_unit_test(test_a_port_is_explained_by_the_surest_cause),
		cmocka_unit_test(test_when_all_is_read_nothing_explains_a_strange_port),
		cmocka_unit_test(test_the_routers_own_list_answers_for_menus_that_were_not_read),
		cmocka_unit_test(test_a_row_that_a_menu_denies_stays_a_listener),
		cmocka_unit_test(test_containers_listen_in_a_namespace_of_their_own),
		cmocka_unit_test(test_every_feature_of_the_catalogue_has_its_switch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
