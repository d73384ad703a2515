/* RouterOS's own services and the other features that open ports. Port 0: the user chooses it. */
#include <string.h>

#include "rosaudit/catalogue.h"

#define SERVICE(n, p, maj, min, a, def)                                                            \
	{                                                                                          \
		.name = (n), .port = (p), .proto = L4_TCP, .kind = CATALOGUE_SERVICE,              \
		.menu = "/ip service", .property = "disabled", .since = {(maj), (min)},            \
		.app = (a), .enabled_by_default = (def)                                            \
	}

#define FEATURE(n, p, l4, m, prop, maj, min, a, def, turn_off)                                     \
	{                                                                                          \
		.name = (n), .port = (p), .proto = L4_##l4, .kind = CATALOGUE_FEATURE,             \
		.menu = (m), .property = (prop), .since = {(maj), (min)}, .app = (a),              \
		.enabled_by_default = (def), .off = (turn_off)                                     \
	}

/* A feature of every version that is off until somebody turns it on: most of them. */
#define OFF(n, p, l4, m, prop, turn_off)                                                           \
	FEATURE(n, p, l4, m, prop, 6, 0, APP_UNKNOWN, TRI_NO, turn_off)

/* The same, opened by entries of a list: no single command turns it off. */
#define LISTED(n, p, l4, m) FEATURE(n, p, l4, m, "entries", 6, 0, APP_UNKNOWN, TRI_NO, NULL)

/* A menu whose first version is 7.x. */
#define SINCE_7(n, p, l4, m, prop, min, turn_off)                                                  \
	FEATURE(n, p, l4, m, prop, 7, min, APP_UNKNOWN, TRI_NO, turn_off)

/* clang-format off */
const struct catalogue_row catalogue[] = {
	SERVICE("telnet", 23, 6, 0, APP_TELNET, TRI_YES),
	SERVICE("ftp", 21, 6, 0, APP_FTP, TRI_YES),
	SERVICE("www", 80, 6, 0, APP_HTTP, TRI_YES),
	SERVICE("ssh", 22, 6, 0, APP_SSH, TRI_YES),
	SERVICE("www-ssl", 443, 6, 0, APP_TLS, TRI_NO),
	SERVICE("api", 8728, 6, 0, APP_API, TRI_YES),
	SERVICE("winbox", 8291, 6, 0, APP_WINBOX, TRI_YES),
	SERVICE("api-ssl", 8729, 6, 0, APP_TLS, TRI_YES),
	/* Its row is there and enabled, but it listens only while /ip reverse-proxy has a rule. */
	SERVICE("reverse-proxy", 443, 7, 22, APP_TLS, TRI_YES),

	FEATURE("btest", 2000, TCP, "/tool bandwidth-server", "enabled", 6, 0, APP_BTEST, TRI_YES,
		"/tool bandwidth-server set enabled=no"),
	FEATURE("btest", 2000, UDP, "/tool bandwidth-server", "enabled", 6, 0, APP_UNKNOWN, TRI_YES,
		"/tool bandwidth-server set enabled=no"),
	OFF("resolver", 53, TCP, "/ip dns", "allow-remote-requests",
	    "/ip dns set allow-remote-requests=no"),
	OFF("resolver", 53, UDP, "/ip dns", "allow-remote-requests",
	    "/ip dns set allow-remote-requests=no"),
	OFF("mdns", 5353, UDP, "/ip dns", "mdns-repeat-ifaces", NULL),
	OFF("snmp", 161, UDP, "/snmp", "enabled", "/snmp set enabled=no"),
	OFF("socks", 1080, TCP, "/ip socks", "enabled", "/ip socks set enabled=no"),
	OFF("web-proxy", 8080, TCP, "/ip proxy", "enabled", "/ip proxy set enabled=no"),
	OFF("upnp", 2828, TCP, "/ip upnp", "enabled", "/ip upnp set enabled=no"),
	OFF("upnp", 1900, UDP, "/ip upnp", "enabled", "/ip upnp set enabled=no"),
	/* The menu came somewhere between 7.9 and 7.18. */
	SINCE_7("nat-pmp", 5351, UDP, "/ip nat-pmp", "enabled", 9, "/ip nat-pmp set enabled=no"),
	/* "auto" since some 7.x: on as soon as a share exists. */
	FEATURE("smb", 445, TCP, "/ip smb", "enabled", 6, 0, APP_UNKNOWN, TRI_UNKNOWN,
		"/ip smb set enabled=no"),
	FEATURE("smb", 139, TCP, "/ip smb", "enabled", 6, 0, APP_UNKNOWN, TRI_UNKNOWN,
		"/ip smb set enabled=no"),
	FEATURE("smb", 137, UDP, "/ip smb", "enabled", 6, 0, APP_UNKNOWN, TRI_UNKNOWN,
		"/ip smb set enabled=no"),
	FEATURE("smb", 138, UDP, "/ip smb", "enabled", 6, 0, APP_UNKNOWN, TRI_UNKNOWN,
		"/ip smb set enabled=no"),
	FEATURE("discover", 5678, UDP, "/ip neighbor discovery-settings",
		"discover-interface-list", 6, 0, APP_UNKNOWN, TRI_YES,
		"/ip neighbor discovery-settings set discover-interface-list=none"),
	FEATURE("mac-server", 20561, UDP, "/tool mac-server", "allowed-interface-list", 6, 0,
		APP_UNKNOWN, TRI_YES, "/tool mac-server set allowed-interface-list=none"),
	FEATURE("mac-winbox", 20561, UDP, "/tool mac-server mac-winbox", "allowed-interface-list",
		6, 0, APP_UNKNOWN, TRI_YES,
		"/tool mac-server mac-winbox set allowed-interface-list=none"),
	OFF("pptp-server", 1723, TCP, "/interface pptp-server server", "enabled",
	    "/interface pptp-server server set enabled=no"),
	OFF("l2tp-server", 1701, UDP, "/interface l2tp-server server", "enabled",
	    "/interface l2tp-server server set enabled=no"),
	FEATURE("sstp-server", 443, TCP, "/interface sstp-server server", "enabled", 6, 0, APP_TLS,
		TRI_NO, "/interface sstp-server server set enabled=no"),
	/* One server up to 7.16, a list of them from 7.17: no one command for both. */
	OFF("ovpn-server", 1194, TCP, "/interface ovpn-server server", "enabled", NULL),
	OFF("ovpn-server", 1194, UDP, "/interface ovpn-server server", "enabled", NULL),
	LISTED("ipsec", 500, UDP, "/ip ipsec peer"),
	LISTED("ipsec", 4500, UDP, "/ip ipsec peer"),
	SINCE_7("wireguard", 13231, UDP, "/interface wireguard", "listen-port", 0, NULL),
	SINCE_7("back-to-home", 0, UDP, "/ip cloud", "vpn-port", 0, NULL),
	OFF("cloud", 0, UDP, "/ip cloud", "ddns-enabled", NULL),
	SINCE_7("zerotier", 9993, UDP, "/zerotier", "port", 0, NULL),
	SINCE_7("vxlan", 4789, UDP, "/interface vxlan", "port", 0, NULL),
	LISTED("dhcp", 67, UDP, "/ip dhcp-server"),
	LISTED("dhcpclient", 68, UDP, "/ip dhcp-client"),
	LISTED("dhcpv6", 547, UDP, "/ipv6 dhcp-server"),
	LISTED("dhcpv6-client", 546, UDP, "/ipv6 dhcp-client"),
	LISTED("tftp", 69, UDP, "/ip tftp"),
	OFF("ntp", 123, UDP, "/system ntp server", "enabled", "/system ntp server set enabled=no"),
	/* The manual's own default and its table of ports differ. */
	OFF("radius-incoming", 1700, UDP, "/radius incoming", "accept",
	    "/radius incoming set accept=no"),
	OFF("radius-incoming", 3799, UDP, "/radius incoming", "accept",
	    "/radius incoming set accept=no"),
	SINCE_7("user-manager", 1812, UDP, "/user-manager", "enabled", 0,
		"/user-manager set enabled=no"),
	SINCE_7("user-manager", 1813, UDP, "/user-manager", "enabled", 0,
		"/user-manager set enabled=no"),
	/* RADIUS over TLS, once a certificate is set for it: an inference. */
	SINCE_7("user-manager", 2083, TCP, "/user-manager", "enabled", 0,
		"/user-manager set enabled=no"),
	OFF("capsman", 5246, UDP, "/caps-man manager", "enabled",
	    "/caps-man manager set enabled=no"),
	OFF("capsman", 5247, UDP, "/caps-man manager", "enabled",
	    "/caps-man manager set enabled=no"),
	SINCE_7("wifi-capsman", 5246, TCP, "/interface wifi capsman", "enabled", 0,
		"/interface wifi capsman set enabled=no"),
	SINCE_7("wifi-capsman", 5246, UDP, "/interface wifi capsman", "enabled", 0,
		"/interface wifi capsman set enabled=no"),
	SINCE_7("wifi-capsman", 5247, UDP, "/interface wifi capsman", "enabled", 0,
		"/interface wifi capsman set enabled=no"),
	LISTED("bgp", 179, TCP, "/routing bgp connection"),
	LISTED("ldp", 646, TCP, "/mpls ldp"),
	LISTED("ldp", 646, UDP, "/mpls ldp"),
	LISTED("rip", 520, UDP, "/routing rip instance"),
	LISTED("ripng", 521, UDP, "/routing rip instance"),
	LISTED("bfd", 3784, UDP, "/routing bfd configuration"),
	LISTED("bfd", 3785, UDP, "/routing bfd configuration"),
	LISTED("bfd", 4784, UDP, "/routing bfd configuration"),
	OFF("vrrp-sync", 8275, UDP, "/interface vrrp", "sync-connection-tracking", NULL),
	LISTED("hotspot-dns", 64872, TCP, "/ip hotspot"),
	LISTED("hotspot-dns", 64872, UDP, "/ip hotspot"),
	LISTED("hotspot-http", 64873, TCP, "/ip hotspot"),
	LISTED("hotspot-proxy", 64874, TCP, "/ip hotspot"),
	LISTED("hotspot-https", 64875, TCP, "/ip hotspot"),
	OFF("modbus", 502, TCP, "/iot modbus", "disabled", "/iot modbus set disabled=yes"),
	LISTED("remote-access", 0, TCP, "/port remote-access"),
	LISTED("remote-access", 0, UDP, "/port remote-access"),
	OFF("tr069-client", 0, TCP, "/tr069-client", "enabled", "/tr069-client set enabled=no"),
	OFF("openflow", 0, TCP, "/openflow", "passive-port", NULL),
	/* Ports of old servers; no document was found, today's speak through winbox. */
	OFF("dude", 2210, TCP, "/dude", "enabled", "/dude set enabled=no"),
	OFF("dude", 2211, TCP, "/dude", "enabled", "/dude set enabled=no"),
	SINCE_7("nfs", 2049, TCP, "/disk", "nfs-sharing", 0, NULL),
	SINCE_7("iscsi", 3260, TCP, "/disk", "iscsi-export", 0, NULL),
	SINCE_7("nvme-tcp", 4420, TCP, "/disk", "nvme-tcp-export", 0, NULL),
	SINCE_7("disk-smb", 445, TCP, "/disk", "smb-sharing", 0, NULL),
	SINCE_7("rsync", 873, TCP, "/file rsync-daemon", "enabled", 0,
		"/file rsync-daemon set enabled=no"),
	SINCE_7("media", 1900, UDP, "/ip media", "entries", 0, NULL),
	SINCE_7("netinstall", 67, UDP, "/tool netinstall", "entries", 21, NULL),
	SINCE_7("netinstall", 69, UDP, "/tool netinstall", "entries", 21, NULL),
	SINCE_7("ptp", 319, UDP, "/system ptp", "entries", 0, NULL),
	SINCE_7("ptp", 320, UDP, "/system ptp", "entries", 0, NULL),
	SINCE_7("app", 0, TCP, "/app", "entries", 21, NULL),
	/* Seen in the router's own list of listeners from 7.19 on; nobody says what it is for. */
	FEATURE("loader", 3986, TCP, "/ip service", "(undocumented)", 7, 19, APP_UNKNOWN,
		TRI_UNKNOWN, NULL),
};
/* clang-format on */

const size_t catalogue_n = sizeof(catalogue) / sizeof(catalogue[0]);

const char *app_proto_name(enum app_proto p)
{
	static const char *const names[] = {
		[APP_UNKNOWN] = "unknown", [APP_SSH] = "ssh",         [APP_FTP] = "ftp",
		[APP_TELNET] = "telnet",   [APP_HTTP] = "http",       [APP_TLS] = "tls",
		[APP_API] = "api",         [APP_WINBOX] = "winbox",   [APP_BTEST] = "btest",
		[APP_OTHER] = "other",     [APP_DNS] = "dns",         [APP_SNMP] = "snmp",
		[APP_NTP] = "ntp",         [APP_IKE] = "ike",         [APP_L2TP] = "l2tp",
		[APP_RADIUS] = "radius",   [APP_TFTP] = "tftp",       [APP_MNDP] = "mndp",
		[APP_SSDP] = "ssdp",       [APP_NAT_PMP] = "nat-pmp", [APP_NETBIOS] = "netbios",
		[APP_OPENVPN] = "openvpn", [APP_CAPWAP] = "capwap",   [APP_RIP] = "rip",
		[APP_RPC] = "rpc",
	};

	return names[p];
}

const struct catalogue_row *catalogue_find(const char *name, enum transport_proto proto)
{
	for (size_t i = 0; i < catalogue_n; i++)
		if ((proto == L4_UNKNOWN || catalogue[i].proto == proto) &&
		    strcmp(catalogue[i].name, name) == 0)
			return &catalogue[i];
	return NULL;
}

const struct catalogue_row *catalogue_service(const char *name)
{
	const struct catalogue_row *row = catalogue_find(name, L4_UNKNOWN);

	return row && row->kind == CATALOGUE_SERVICE ? row : NULL;
}

const struct catalogue_row *catalogue_port(uint16_t port, enum transport_proto proto)
{
	if (port == 0)
		return NULL;
	/* Services stand first in the table. */
	for (size_t i = 0; i < catalogue_n; i++)
		if (catalogue[i].port == port && catalogue[i].proto == proto)
			return &catalogue[i];
	return NULL;
}

static void add_ports(enum transport_proto proto, struct port_set *out)
{
	for (size_t i = 0; i < catalogue_n; i++)
		if (catalogue[i].proto == proto && catalogue[i].port)
			port_set_add(out, catalogue[i].port);
}

void catalogue_add_tcp_ports(struct port_set *out)
{
	add_ports(L4_TCP, out);
}

void catalogue_add_udp_ports(struct port_set *out)
{
	add_ports(L4_UDP, out);
}
