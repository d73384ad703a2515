/* Which line of the configuration makes each feature of RouterOS listen, and for what. Ports and
 * properties are those of the manual's "Protocols and ports" and of the console's own command tree,
 * version by version; what neither says is marked as an inference. */
#include "cause_private.h"

/* The port (or protocol) first, then what differs. */
#define TCP(...)                                                                                   \
	{                                                                                          \
		.proto = L4_TCP, .port = __VA_ARGS__                                               \
	}
#define UDP(...)                                                                                   \
	{                                                                                          \
		.proto = L4_UDP, .port = __VA_ARGS__                                               \
	}
#define IP(...)                                                                                    \
	{                                                                                          \
		.layer = LAYER_IP, .protocol = __VA_ARGS__                                         \
	}
#define FRAME(...)                                                                                 \
	{                                                                                          \
		.layer = LAYER_FRAME, .proto = L4_UDP, .port = __VA_ARGS__                         \
	}

/* A menu of one item with a yes/no property; `.off` is then the same for all of them. */
#define SETTING(n, m, prop)                                                                        \
	.name = (n), .menu = (m), .single = true, .kind = SWITCH_YES, .property = prop,            \
	.off = prop "=no", .since = {6, 0}
/* A menu of items, each on unless it is disabled. */
#define ITEMS(n, m) .name = (n), .menu = (m), .property = "disabled", .since = {6, 0}
/* The same with a first version. */
#define ITEMS_7(n, m, minor) .name = (n), .menu = (m), .property = "disabled", .since = {7, (minor)}

/* clang-format off */
const struct feature features[] = {
	{SETTING("btest", "/tool bandwidth-server", "enabled"), .mode = "bandwidth-test",
	 .lists_itself = true, .address = {"allowed-addresses4", "allowed-addresses6"},
	 .ends = {TCP(2000),
		  UDP(2000, .property = "allocate-udp-ports-from", .on_demand = true)}},
	{SETTING("resolver", "/ip dns", "allow-remote-requests"), .lists_itself = true,
	 .ends = {TCP(53), UDP(53)}},
	/* The property is in no command tree before 7.16. */
	{.name = "mdns", .menu = "/ip dns", .single = true, .kind = SWITCH_SET,
	 .property = "mdns-repeat-ifaces", .off = "mdns-repeat-ifaces=\"\"", .since = {7, 16},
	 .interfaces = "mdns-repeat-ifaces", .ends = {UDP(5353)}},
	{SETTING("snmp", "/snmp", "enabled"), .lists_itself = true, .ends = {UDP(161)}},
	{SETTING("socks", "/ip socks", "enabled"), .mode = "socks",
	 .ends = {TCP(1080, .property = "port")}},
	{SETTING("web-proxy", "/ip proxy", "enabled"), .mode = "proxy",
	 .ends = {TCP(8080, .property = "port")}},
	{SETTING("upnp", "/ip upnp", "enabled"), .ends = {TCP(2828), UDP(1900)}},
	/* The menu came between 7.9 and 7.14. */
	{.name = "nat-pmp", .menu = "/ip nat-pmp", .single = true, .kind = SWITCH_YES,
	 .property = "enabled", .off = "enabled=no", .since = {7, 13}, .ends = {UDP(5351)}},
	{.name = "smb", .menu = "/ip smb", .single = true, .kind = SWITCH_SHARES,
	 .property = "enabled", .off = "enabled=no", .since = {6, 0}, .mode = "smb",
	 .interfaces = "interfaces",
	 .ends = {TCP(445), TCP(139),
		  UDP(137, .inference = N_("NetBIOS over UDP is general knowledge of SMB")),
		  UDP(138, .inference = N_("NetBIOS over UDP is general knowledge of SMB"))}},
	{.name = "discover", .menu = "/ip neighbor discovery-settings", .single = true,
	 .kind = SWITCH_SET, .property = "discover-interface-list",
	 .off = "discover-interface-list=none", .since = {6, 41}, .lists_itself = true,
	 .interfaces = "discover-interface-list",
	 .ends = {UDP(5678, .when = "protocol", .only = "mndp"),
		  FRAME(0, .when = "protocol", .only = "cdp"),
		  FRAME(0, .when = "protocol", .only = "lldp")}},
	{.name = "mac-server", .menu = "/tool mac-server", .single = true, .kind = SWITCH_SET,
	 .property = "allowed-interface-list", .off = "allowed-interface-list=none",
	 .since = {6, 41}, .interfaces = "allowed-interface-list", .ends = {FRAME(20561)}},
	{.name = "mac-winbox", .menu = "/tool mac-server mac-winbox", .single = true,
	 .kind = SWITCH_SET, .property = "allowed-interface-list",
	 .off = "allowed-interface-list=none", .since = {6, 41},
	 .interfaces = "allowed-interface-list", .ends = {FRAME(20561)}},
	{SETTING("mac-ping", "/tool mac-server ping", "enabled"), .ends = {FRAME(0)}},
	{SETTING("romon", "/tool romon", "enabled"), .mode = "romon", .ends = {FRAME(0)}},

	{SETTING("pptp-server", "/interface pptp-server server", "enabled"), .mode = "pptp",
	 .ends = {TCP(1723), IP(47)}},
	{SETTING("l2tp-server", "/interface l2tp-server server", "enabled"), .mode = "l2tp",
	 .lists_itself = true,
	 .ends = {UDP(1701), UDP(500, .when = "use-ipsec", .unless = "no"),
		  UDP(4500, .when = "use-ipsec", .unless = "no")}},
	{SETTING("sstp-server", "/interface sstp-server server", "enabled"), .lists_itself = true,
	 .ends = {TCP(443, .property = "port")}},
	/* One server up to 7.16; before 7 it had TCP only, and no property for it. */
	{SETTING("ovpn-server", "/interface ovpn-server server", "enabled"), .until = {7, 1},
	 .ends = {TCP(1194, .property = "port")}},
	{.name = "ovpn-server", .menu = "/interface ovpn-server server", .single = true,
	 .kind = SWITCH_YES, .property = "enabled", .off = "enabled=no", .since = {7, 1},
	 .until = {7, 17},
	 .ends = {TCP(1194, .property = "port", .when = "protocol", .only = "tcp"),
		  UDP(1194, .property = "port", .when = "protocol", .only = "udp")}},
	{ITEMS_7("ovpn-server", "/interface ovpn-server server", 17),
	 .ends = {TCP(1194, .property = "port", .when = "protocol", .only = "tcp"),
		  UDP(1194, .property = "port", .when = "protocol", .only = "udp")}},
	{ITEMS("ipsec", "/ip ipsec peer"), .mode = "ipsec", .lists_itself = true,
	 .ends = {UDP(500), UDP(4500), IP(50), IP(51)}},
	{ITEMS_7("wireguard", "/interface wireguard", 1),
	 .ends = {UDP(13231, .property = "listen-port")}},
	{.name = "back-to-home", .menu = "/ip cloud", .single = true, .kind = SWITCH_IS,
	 .property = "back-to-home-vpn", .value = "enabled",
	 .off = "back-to-home-vpn=revoked-and-disabled", .since = {7, 12},
	 .ends = {UDP(0, .property = "vpn-port")}},
	{SETTING("cloud", "/ip cloud", "ddns-enabled"), .lists_itself = true,
	 .ends = {UDP(0, .inference = N_("the router's client opens a port of its own choice, seen "
				      "in its list of listeners since 7.19"))}},
	{ITEMS_7("zerotier", "/zerotier", 1), .mode = "zerotier",
	 .ends = {UDP(9993, .property = "port")}},
	{ITEMS_7("vxlan", "/interface vxlan", 1), .ends = {UDP(4789, .property = "port")}},
	{ITEMS("eoip", "/interface eoip"), .ends = {IP(47)}},
	{ITEMS("eoipv6", "/interface eoipv6"), .ends = {IP(47)}},
	{ITEMS("gre", "/interface gre"), .ends = {IP(47)}},
	{ITEMS("gre6", "/interface gre6"), .ends = {IP(47)}},
	{ITEMS("ipip", "/interface ipip"), .ends = {IP(4)}},
	{ITEMS("ipipv6", "/interface ipipv6"), .ends = {IP(4)}},
	{ITEMS("6to4", "/interface 6to4"), .ends = {IP(41)}},

	{ITEMS("dhcp", "/ip dhcp-server"), .lists_itself = true, .interfaces = "interface",
	 .ends = {UDP(67)}},
	{ITEMS("dhcp-relay", "/ip dhcp-relay"), .interfaces = "interface", .ends = {UDP(67)}},
	{ITEMS("dhcpclient", "/ip dhcp-client"), .lists_itself = true, .key = "interface",
	 .interfaces = "interface", .ends = {UDP(68)}},
	{ITEMS("dhcpv6", "/ipv6 dhcp-server"), .interfaces = "interface", .ends = {UDP(547)}},
	{ITEMS("dhcpv6-relay", "/ipv6 dhcp-relay"), .interfaces = "interface", .ends = {UDP(547)}},
	{ITEMS("dhcpv6-client", "/ipv6 dhcp-client"), .key = "interface",
	 .interfaces = "interface", .ends = {UDP(546)}},
	{ITEMS("tftp", "/ip tftp"), .key = "req-filename", .address = {"ip-addresses"},
	 .ends = {UDP(69)}},
	{SETTING("ntp", "/system ntp server", "enabled"), .lists_itself = true,
	 .ends = {UDP(123)}},
	{SETTING("radius-incoming", "/radius incoming", "accept"),
	 .ends = {UDP(1700, .property = "port")}},
	{.name = "user-manager", .menu = "/user-manager", .single = true, .kind = SWITCH_YES,
	 .property = "enabled", .off = "enabled=no", .since = {7, 1},
	 .ends = {UDP(1812, .property = "authentication-port"),
		  UDP(1813, .property = "accounting-port"),
		  TCP(2083, .when = "radsec-certificate", .unless = "none",
		      .inference = N_("that RadSec listens once it has a certificate is an "
				      "inference"))}},
	{SETTING("capsman", "/caps-man manager", "enabled"), .ends = {UDP(5246), UDP(5247)}},
	/* In no command tree before 7.13. */
	{.name = "wifi-capsman", .menu = "/interface wifi capsman", .single = true,
	 .kind = SWITCH_YES, .property = "enabled", .off = "enabled=no", .since = {7, 13},
	 .interfaces = "interfaces", .ends = {UDP(5246), UDP(5247), TCP(5246)}},
	{.name = "wifi-capsman", .menu = "/interface wifiwave2 capsman", .single = true,
	 .kind = SWITCH_YES, .property = "enabled", .off = "enabled=no", .since = {7, 1},
	 .until = {7, 13}, .interfaces = "interfaces", .ends = {UDP(5246), UDP(5247), TCP(5246)}},

	{ITEMS("bgp", "/routing bgp peer"), .until = {7, 1}, .ends = {TCP(179)}},
	{.name = "bgp", .menu = "/routing bgp connection", .kind = SWITCH_YES, .property = "listen",
	 .off = "listen=no", .since = {7, 1}, .ends = {TCP(179)}},
	{SETTING("ldp", "/mpls ldp", "enabled"), .until = {7, 1}, .ends = {TCP(646), UDP(646)}},
	{ITEMS_7("ldp", "/mpls ldp", 1), .ends = {TCP(646), UDP(646)}},
	{ITEMS("rip", "/routing rip interface"), .until = {7, 1}, .key = "interface",
	 .ends = {UDP(520)}},
	{ITEMS("ripng", "/routing ripng interface"), .until = {7, 1}, .key = "interface",
	 .ends = {UDP(521)}},
	{ITEMS_7("rip", "/routing rip instance", 1),
	 .ends = {UDP(520, .when = "afi", .only = "ip|ipv4")}},
	{ITEMS_7("ripng", "/routing rip instance", 1),
	 .ends = {UDP(521, .when = "afi", .only = "ipv6")}},
	{ITEMS("bfd", "/routing bfd interface"), .until = {7, 1}, .key = "interface",
	 .ends = {UDP(3784), UDP(3785)}},
	{ITEMS_7("bfd", "/routing bfd configuration", 10), .key = "interfaces",
	 .ends = {UDP(3784, .when = "forbid-bfd", .unless = "yes"),
		  UDP(3785, .when = "forbid-bfd", .unless = "yes"),
		  UDP(4784, .when = "forbid-bfd", .unless = "yes")}},
	{ITEMS("ospf", "/routing ospf instance"),
	 .ends = {IP(89, .inference = N_("6.x has an instance that is always there; only with a "
					 "network does it speak"))}},
	{ITEMS_7("pim", "/routing pimsm instance", 1), .ends = {IP(103)}},
	{ITEMS("igmp-proxy", "/routing igmp-proxy interface"), .key = "interface",
	 .ends = {IP(2)}},
	{ITEMS("vrrp", "/interface vrrp"), .interfaces = "interface", .ends = {IP(112)}},
	{.name = "vrrp-sync", .menu = "/interface vrrp", .kind = SWITCH_YES,
	 .property = "sync-connection-tracking", .off = "sync-connection-tracking=no",
	 .since = {7, 1}, .ends = {UDP(8275, .property = "connection-tracking-port")}},
	{ITEMS("hotspot-dns", "/ip hotspot"), .mode = "hotspot", .interfaces = "interface",
	 .ends = {TCP(64872), UDP(64872)}},
	{ITEMS("hotspot-http", "/ip hotspot"), .mode = "hotspot", .interfaces = "interface",
	 .ends = {TCP(64873)}},
	{ITEMS("hotspot-proxy", "/ip hotspot"), .mode = "hotspot", .interfaces = "interface",
	 .ends = {TCP(64874)}},
	{ITEMS("hotspot-https", "/ip hotspot"), .mode = "hotspot", .interfaces = "interface",
	 .ends = {TCP(64875)}},

	{.name = "modbus", .menu = "/iot modbus", .single = true, .property = "disabled",
	 .off = "disabled=yes", .since = {7, 1}, .ends = {TCP(502, .property = "tcp-port")}},
	/* Renamed between 7.22 and 7.24. */
	{ITEMS("remote-access", "/port remote-access"), .key = "port",
	 .address = {"allowed-addresses", "remote-addresses"},
	 .ends = {TCP(0, .property = "tcp-port|ip-port", .when = "protocol", .unless = "udp"),
		  UDP(0, .property = "tcp-port|ip-port", .when = "protocol", .only = "udp")}},
	{SETTING("tr069-client", "/tr069-client", "enabled"),
	 .ends = {TCP(0, .property = "connection-request-port")}},
	{ITEMS("openflow", "/openflow"),
	 .ends = {TCP(0, .property = "passive-port", .when = "passive-port", .unless = "0")}},
	{SETTING("dude", "/dude", "enabled"),
	 .ends = {TCP(2210, .inference = N_("the ports of old Dude servers: no document was found, "
					 "and today's speak through winbox")),
		  TCP(2211, .inference = N_("the ports of old Dude servers: no document was found, "
					 "and today's speak through winbox"))}},
	{.name = "nfs", .menu = "/disk", .kind = SWITCH_YES, .property = "nfs-sharing",
	 .off = "nfs-sharing=no", .key = "slot", .since = {7, 1}, .ends = {TCP(2049)}},
	{.name = "iscsi", .menu = "/disk", .kind = SWITCH_YES, .property = "iscsi-export",
	 .off = "iscsi-export=no", .key = "slot", .since = {7, 1},
	 .ends = {TCP(3260, .property = "iscsi-server-port")}},
	{.name = "nvme-tcp", .menu = "/disk", .kind = SWITCH_YES, .property = "nvme-tcp-export",
	 .off = "nvme-tcp-export=no", .key = "slot", .since = {7, 1},
	 .ends = {TCP(4420, .property = "nvme-tcp-server-port")}},
	{.name = "disk-smb", .menu = "/disk", .kind = SWITCH_YES, .property = "smb-sharing",
	 .off = "smb-sharing=no", .key = "slot", .since = {7, 1}, .ends = {TCP(445)}},
	{.name = "media", .menu = "/disk", .kind = SWITCH_YES, .property = "media-sharing",
	 .off = "media-sharing=no", .key = "slot", .since = {7, 1}, .ends = {UDP(1900)}},
	{.name = "rsync", .menu = "/file rsync-daemon", .single = true, .kind = SWITCH_YES,
	 .property = "enabled", .off = "enabled=no", .since = {7, 16}, .ends = {TCP(873)}},
	{ITEMS_7("media", "/ip media", 15), .key = "interface", .interfaces = "interface",
	 .ends = {UDP(1900)}},
	{ITEMS_7("netinstall", "/tool netinstall", 20), .key = "interface",
	 .interfaces = "interface",
	 .ends = {UDP(67, .inference = N_("that it answers BOOTP is an inference")),
		  UDP(69, .inference = N_("that it answers TFTP is an inference"))}},
	{ITEMS_7("ptp", "/system ptp", 1), .ends = {UDP(319), UDP(320)}},
};
/* clang-format on */

const size_t features_n = sizeof(features) / sizeof(features[0]);
