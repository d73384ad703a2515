/*
 * What the menus say on a router from the factory. Names and defaults are the manual's, as far as
 * its table of ports and its pages tell them; which version has a menu is from RouterOS's command
 * trees of 7.9 to 7.24. Unverified: the menus of RouterOS 6, where a default changed with a
 * version, and that a record has no property beside these.
 */
#include <stdlib.h>
#include <string.h>

#include "feature.h"
#include "scenario.h"

struct stock {
	const char *path;
	int since_major, since_minor; /* first version with it */
	int until_major, until_minor; /* first without it; 0 = still there */
	/* "name=value name=value" of one record; several records after "|"; NULL = an empty list
	 */
	const char *records;
	bool list;
};

#define SINGLE(path, records)                                                                      \
	{                                                                                          \
		path, 0, 0, 0, 0, records, false                                                   \
	}
#define EMPTY(path)                                                                                \
	{                                                                                          \
		path, 0, 0, 0, 0, NULL, true                                                       \
	}
#define EMPTY7(path, major, minor)                                                                 \
	{                                                                                          \
		path, major, minor, 0, 0, NULL, true                                               \
	}

static const struct stock stock[] = {
	SINGLE("ip ssh", "strong-crypto=no forwarding-enabled=no host-key-size=2048"),
	{"ip service webserver", 7, 21, 0, 0,
         "index-plain=yes webfig-plain=yes graphs-plain=yes rest-plain=yes crl-plain=yes "
         "scep-plain=yes acme-plain=yes index-secure=yes webfig-secure=yes graphs-secure=yes "
         "rest-secure=yes",
         false},
	EMPTY7("ip reverse-proxy", 7, 22),
	EMPTY("certificate"),
	{"system device-mode", 7, 1, 0, 0, "mode=advanced", false},
	{"tool bandwidth-server", 0, 0, 7, 18,
         "enabled=yes authenticate=yes allocate-udp-ports-from=2000 max-sessions=100", false},
	{"tool bandwidth-server", 7, 18, 0, 0,
         "enabled=yes authenticate=yes allocate-udp-ports-from=2000 max-sessions=100 "
         "allowed-addresses4= allowed-addresses6=",
         false},
	SINGLE("ip dns", "allow-remote-requests=no servers= cache-size=2048KiB"),
	SINGLE("snmp", "enabled=no contact= location= trap-community=public trap-version=1"),
	{"snmp community", 0, 0, 0, 0,
         "name=public addresses=::/0 security=none read-access=yes write-access=no "
         "authentication-password= encryption-password= disabled=no",
         true},
	SINGLE("ip socks", "enabled=no port=1080 version=4"),
	SINGLE("ip proxy", "enabled=no port=8080 src-address=::"),
	SINGLE("ip upnp", "enabled=no allow-disable-external-interface=no show-dummy-rule=yes"),
	{"ip nat-pmp", 7, 13, 0, 0, "enabled=no", false},
	{"ip smb", 0, 0, 7, 1, "enabled=no domain=MSHOME", false},
	{"ip smb", 7, 1, 0, 0, "enabled=auto domain=MSHOME", false},
	EMPTY("ip smb shares"),
	SINGLE("ip neighbor discovery-settings",
               "discover-interface-list=static protocol=cdp,lldp,mndp"),
	SINGLE("tool mac-server", "allowed-interface-list=all"),
	SINGLE("tool mac-server mac-winbox", "allowed-interface-list=all"),
	SINGLE("tool mac-server ping", "enabled=yes"),
	SINGLE("tool romon", "enabled=no id=00:00:00:00:00:00 secrets="),
	SINGLE("interface pptp-server server", "enabled=no authentication=mschap1,mschap2"),
	SINGLE("interface l2tp-server server",
               "enabled=no use-ipsec=no ipsec-secret= authentication=mschap1,mschap2"),
	SINGLE("interface sstp-server server", "enabled=no port=443 certificate=none"),
	{"interface ovpn-server server", 0, 0, 7, 17,
         "enabled=no port=1194 protocol=tcp certificate=none", false},
	EMPTY7("interface ovpn-server server", 7, 17),
	EMPTY("ip ipsec peer"),
	EMPTY7("interface wireguard", 7, 1),
	SINGLE("ip cloud", "ddns-enabled=no update-time=yes"),
	EMPTY7("interface vxlan", 7, 1),
	EMPTY("interface eoip"),
	EMPTY7("interface eoipv6", 7, 1),
	EMPTY("interface gre"),
	EMPTY7("interface gre6", 7, 1),
	EMPTY("interface ipip"),
	EMPTY7("interface ipipv6", 7, 1),
	EMPTY7("interface 6to4", 7, 1),
	EMPTY("ip dhcp-server"),
	{"ip dhcp-client", 0, 0, 0, 0, "interface=ether1 disabled=no status=bound", true},
	EMPTY("ip dhcp-relay"),
	EMPTY7("ipv6 dhcp-server", 7, 1),
	EMPTY7("ipv6 dhcp-client", 7, 1),
	EMPTY7("ipv6 dhcp-relay", 7, 1),
	EMPTY("ip tftp"),
	{"system ntp server", 7, 1, 0, 0, "enabled=no auth-key=none", false},
	SINGLE("radius incoming", "accept=no port=1700"),
	{"interface wifi capsman", 7, 13, 0, 0, "enabled=no interfaces=", false},
	EMPTY7("routing bgp connection", 7, 1),
	EMPTY7("routing bgp instance", 7, 20),
	EMPTY7("mpls ldp", 7, 1),
	EMPTY7("routing rip instance", 7, 1),
	EMPTY7("routing bfd configuration", 7, 10),
	EMPTY7("routing ospf instance", 7, 1),
	EMPTY7("routing pimsm instance", 7, 1),
	EMPTY7("routing igmp-proxy interface", 7, 1),
	EMPTY("interface vrrp"),
	EMPTY("ip hotspot"),
	EMPTY("port remote-access"),
	EMPTY7("disk", 7, 1),
	EMPTY7("ip media", 7, 15),
	{"ip media settings", 7, 15, 0, 0, "thumbnails=", false},
	{"ip address", 0, 0, 0, 0,
         "address=192.0.2.1/24 network=192.0.2.0 interface=ether1 actual-interface=ether1 "
         "disabled=no dynamic=yes invalid=no",
         true},
	EMPTY7("ipv6 address", 7, 1),
	{"interface", 0, 0, 0, 0,
         "name=ether1 default-name=ether1 type=ether mtu=1500 disabled=no dynamic=no running=yes",
         true},
	{"interface list", 0, 0, 0, 0,
         "name=all builtin=yes dynamic=no|name=none builtin=yes dynamic=no|"
         "name=dynamic builtin=yes dynamic=no|name=static builtin=yes dynamic=no",
         true},
	EMPTY("interface list member"),
	EMPTY("interface bridge"),
	EMPTY("interface bridge port"),
	SINGLE("interface bridge settings", "use-ip-firewall=no allow-fast-path=yes"),
	{"ip vrf", 7, 1, 0, 0, "name=main interfaces=all builtin=yes disabled=no", true},
	SINGLE("ip settings", "ip-forward=yes rp-filter=no tcp-syncookies=no accept-redirects=no"),
	{"ipv6 settings", 7, 1, 0, 0, "disable-ipv6=no forward=yes", false},
	SINGLE("ip firewall connection tracking", "enabled=auto loose-tcp-tracking=yes"),
	EMPTY("ip firewall filter"),
	EMPTY("ip firewall nat"),
	EMPTY("ip firewall raw"),
	EMPTY("ip firewall mangle"),
	EMPTY("ip firewall address-list"),
	EMPTY7("ipv6 firewall filter", 7, 1),
	EMPTY7("ipv6 firewall nat", 7, 1),
	EMPTY7("ipv6 firewall raw", 7, 1),
	EMPTY7("ipv6 firewall mangle", 7, 1),
	EMPTY7("ipv6 firewall address-list", 7, 1),
};

static bool is_named(const struct features *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].path, path) == 0)
			return true;
	return false;
}

/* "a=b c=d" up to the next "|"; what the scenario has said already stays. */
static const char *add_record(struct feature_item *item, const char *p)
{
	while (*p != '\0' && *p != '|') {
		size_t n = strcspn(p, " |");
		char *pair = mem_copy_n(p, n), *value = strchr(pair, '=');

		*value++ = '\0';
		if (feature_get(item, pair) == NULL)
			feature_set(item, pair, value);
		free(pair);
		p += n + (p[n] == ' ' ? 1 : 0);
	}
	return *p == '|' ? p + 1 : p;
}

static bool in_version(const struct stock *one, const struct version *v)
{
	return version_since(v, one->since_major, one->since_minor) &&
	       (one->until_major == 0 || !version_since(v, one->until_major, one->until_minor));
}

static void add_stock(struct features *f, const struct stock *one)
{
	struct feature *made;

	for (size_t i = 0; i < f->n; i++) {
		made = &f->v[i];
		if (strcmp(made->path, one->path) != 0)
			continue;
		/* A scenario gives the properties that it changes. */
		if (made->single && made->n == 1 && !one->list)
			add_record(&made->item[0], one->records);
		return;
	}
	made = feature_add(f, one->path, !one->list);
	for (const char *p = one->records; p != NULL && *p != '\0';)
		p = add_record(feature_add_item(made), p);
}

static void add_policies(const struct user *u, struct feature_item *item)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {{POLICY_SSH, "ssh"},
	             {POLICY_READ, "read"},
	             {POLICY_API, "api"},
	             {POLICY_REST_API, "rest-api"},
	             {POLICY_OTHER, "write"}};
	struct text list = {0};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		text_addf(&list, "%s%s%s", i > 0 ? "," : "", u->policies & names[i].bit ? "" : "!",
		          names[i].name);
	feature_set(item, "policy", text_get(&list));
	text_done(&list);
}

/* /user and /user group, of the scenario's users. */
static void add_users(struct scenario *s)
{
	struct feature *users, *groups;

	if (is_named(&s->features, "user") || is_named(&s->features, "user group"))
		return;
	users = feature_add(&s->features, "user", false);
	for (size_t i = 0; i < s->users_n; i++) {
		struct feature_item *item = feature_add_item(users);

		feature_set(item, "name", s->users[i].name);
		feature_set(item, "group", s->users[i].group);
		feature_set(item, "address", "");
		feature_set(item, "disabled", "no");
	}
	groups = feature_add(&s->features, "user group", false);
	for (size_t i = 0; i < s->users_n; i++) {
		struct feature_item *item = feature_add_item(groups);

		feature_set(item, "name", s->users[i].group);
		feature_set(item, "skin", "default");
		add_policies(&s->users[i], item);
	}
}

void features_stock(struct scenario *s)
{
	for (size_t i = 0; i < sizeof(stock) / sizeof(stock[0]); i++)
		if (in_version(&stock[i], &s->version))
			add_stock(&s->features, &stock[i]);
	add_users(s);
}
