/* Random firewalls over a small world: a few interfaces, lists, addresses and chains, so that rules
 * meet each other often. */
#include <string.h>

#include "tests/support/firewall_random.h"

struct dice {
	uint64_t state;
	int family;
	bool guess;
	struct buf *out;
};

static unsigned roll(struct dice *d, unsigned n)
{
	/* splitmix64: neighbouring seeds have nothing in common. */
	uint64_t x = d->state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((x >> 20) % n);
}

static bool chance(struct dice *d, unsigned percent)
{
	return roll(d, 100) < percent;
}

#define PICK(d, array) ((array)[roll(d, sizeof(array) / sizeof((array)[0]))])

static const char *const ranges4[] = {
	"10.0.0.0/8",          "10.1.0.0/16",    "10.1.2.3",     "192.168.88.0/24",
	"192.168.88.0/25",     "203.0.113.0/24", "198.51.100.7", "192.168.88.10-192.168.88.20",
	"0.0.0.0/0",           "224.0.0.0/4",    "128.0.0.0/1",  "203.0.113.5-203.0.113.9",
	"10.1.2.0-10.1.4.255",
};
static const char *const ranges6[] = {
	"2001:db8::/32", "2001:db8:1::/48", "2001:db8:1::7",
	"fe80::/10",     "fd00:88::/64",    "::/0",
	"ff00::/8",      "8000::/1",        "2001:db8:1::10-2001:db8:1::20",
	"fd00:88::/65",
};
static const char *const sources4[] = {
	"0.0.0.0",        "9.255.255.255",   "10.0.0.0",       "10.0.255.255",
	"10.1.0.0",       "10.1.1.255",      "10.1.2.0",       "10.1.2.2",
	"10.1.2.3",       "10.1.2.4",        "10.1.4.255",     "10.1.5.0",
	"10.1.255.255",   "10.2.0.0",        "10.255.255.255", "11.0.0.0",
	"127.0.0.1",      "127.255.255.255", "128.0.0.0",      "192.168.87.255",
	"192.168.88.0",   "192.168.88.1",    "192.168.88.9",   "192.168.88.10",
	"192.168.88.20",  "192.168.88.21",   "192.168.88.127", "192.168.88.128",
	"192.168.88.255", "192.168.89.0",    "198.51.100.6",   "198.51.100.7",
	"198.51.100.8",   "203.0.112.255",   "203.0.113.0",    "203.0.113.1",
	"203.0.113.4",    "203.0.113.5",     "203.0.113.9",    "203.0.113.10",
	"203.0.113.255",  "223.255.255.255", "224.0.0.0",      "239.255.255.255",
	"240.0.0.0",      "255.255.255.255", "10.0.0.1",       "10.0.0.2",
	"10.0.0.3",
};
static const char *const sources6[] = {
	"::",
	"::1",
	"2001:db7:ffff::",
	"2001:db8::",
	"2001:db8::1",
	"2001:db8:1::",
	"2001:db8:1::6",
	"2001:db8:1::7",
	"2001:db8:1::8",
	"2001:db8:1::f",
	"2001:db8:1::10",
	"2001:db8:1::20",
	"2001:db8:1::21",
	"2001:db8:2::",
	"2001:db9::",
	"7fff::",
	"8000::",
	"fd00:88::",
	"fd00:88::1",
	"fd00:88::ffff",
	"fd00:88:0:0:8000::",
	"fd00:88:0:0:7fff::",
	"fe80::",
	"fe80::1",
	"febf::",
	"fec0::",
	"feff::",
	"ff00::",
	"ff02::1",
	"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
};

unsigned firewall_random_sources(int family)
{
	return family == 4 ? sizeof(sources4) / sizeof(sources4[0])
	                   : sizeof(sources6) / sizeof(sources6[0]);
}

const char *firewall_random_source(int family, unsigned i)
{
	return family == 4 ? sources4[i] : sources6[i];
}

static const char *range(struct dice *d)
{
	return d->family == 4 ? PICK(d, ranges4) : PICK(d, ranges6);
}

static const char *own(struct dice *d)
{
	static const char *const own4[] = {"192.168.88.1", "203.0.113.1", "10.0.0.1",
	                                   "192.168.88.0/24", "203.0.113.0/24"};
	static const char *const own6[] = {"fd00:88::1", "2001:db8:1::1", "fe80::1",
	                                   "fd00:88::/64"};

	return d->family == 4 ? PICK(d, own4) : PICK(d, own6);
}

/* --- the world ------------------------------------------------------------------------------- */

static void add_interfaces(struct dice *d)
{
	static const char *const words[] = {"WAN",     "LAN",    "all", "none",
	                                    "dynamic", "static", "TWO"};

	buf_puts(d->out, "/interface\nadd name=ether1 type=ether\nadd name=ether2 type=ether\n"
	                 "add name=bridge type=bridge\nadd name=vlan10 type=vlan\n"
	                 "add name=ppp1 type=pppoe-in dynamic=yes\n"
	                 "/interface bridge port\nadd interface=ether2 bridge=bridge\n"
	                 "/interface list\nadd name=WAN\nadd name=LAN\nadd name=all\n"
	                 "add name=none\nadd name=dynamic\nadd name=static\n");
	buf_printf(d->out, "add name=MIX include=%s,%s exclude=%s\n", PICK(d, words),
	           PICK(d, words), PICK(d, words));
	buf_printf(d->out, "add name=TWO include=WAN%s\n", chance(d, 50) ? " exclude=dynamic" : "");
	buf_puts(d->out, "/interface list member\nadd list=WAN interface=ether1\n"
	                 "add list=LAN interface=bridge\n");
	if (chance(d, 50))
		buf_puts(d->out, "add list=WAN interface=ppp1\n");
	if (chance(d, 30))
		buf_puts(d->out, "add list=MIX interface=vlan10\n");
	if (chance(d, 30))
		buf_puts(d->out, "add list=LAN interface=vlan10 disabled=yes\n");
}

static void add_addresses(struct dice *d)
{
	buf_puts(d->out, "/ip address\nadd address=192.168.88.1/24 interface=bridge\n"
	                 "add address=203.0.113.1/24 interface=ether1\n"
	                 "add address=10.0.0.1/30 interface=vlan10\n"
	                 "add address=10.9.9.9/8 interface=ppp1 disabled=yes\n"
	                 "/ipv6 address\nadd address=fd00:88::1/64 interface=bridge\n"
	                 "add address=2001:db8:1::1/64 interface=ether1\n"
	                 "add address=fe80::1/64 interface=vlan10\n");
	buf_puts(d->out, "/ip vrf\nadd name=main\n");
	if (chance(d, 20))
		buf_puts(d->out, "add name=red interfaces=vlan10\n");
}

static void add_services(struct dice *d)
{
	buf_printf(d->out, "/ip service\nadd name=ssh port=22 vrf=main%s\n",
	           chance(d, 30) ? " address=192.168.88.0/24,2001:db8::/32" : "");
	buf_printf(d->out, "add name=winbox port=8291 vrf=%s%s\n", chance(d, 20) ? "red" : "main",
	           chance(d, 30) ? " address=10.0.0.0/8,10.1.2.3/32" : "");
	buf_printf(d->out, "add name=www port=80 vrf=main disabled=%s\n",
	           chance(d, 30) ? "yes" : "no");
	buf_puts(d->out, "add name=snmp port=161 proto=udp vrf=main\n");
}

static void add_lists(struct dice *d)
{
	static const char *const names[] = {"good", "bad", "seen", "here"};

	buf_printf(d->out, "/%s firewall address-list\n", d->family == 4 ? "ip" : "ipv6");
	for (unsigned n = roll(d, 8); n > 0; n--) {
		buf_printf(d->out, "add list=%s address=%s", PICK(d, names),
		           chance(d, 20) ? own(d) : range(d));
		if (chance(d, 20))
			buf_puts(d->out, " disabled=yes");
		if (chance(d, 20))
			buf_puts(d->out, " dynamic=yes timeout=10m");
		buf_putc(d->out, '\n');
	}
	if (d->guess && chance(d, 20))
		buf_printf(d->out, "add list=%s address=host.example.net\n", PICK(d, names));
	buf_printf(d->out, "/%s firewall mangle\n", d->family == 4 ? "ip" : "ipv6");
	if (d->guess && chance(d, 30))
		buf_puts(d->out, "add chain=prerouting action=mark-connection "
		                 "new-connection-mark=m\n");
}

/* --- rules ----------------------------------------------------------------------------------- */

static const char *no(struct dice *d)
{
	return chance(d, 30) ? "!" : "";
}

static void add_ports(struct dice *d, const char *name)
{
	static const char *const ports[] = {"22",  "80",      "8291",         "22,80", "1-1023",
	                                    "161", "0-65535", "8000-9000,22", "443"};

	/* Ports go with a protocol. */
	buf_printf(d->out, " protocol=%s %s=%s%s", chance(d, 80) ? "tcp" : "udp", name, no(d),
	           PICK(d, ports));
}

static void add_known(struct dice *d, bool raw)
{
	static const char *const interfaces[] = {"ether1", "bridge",       "vlan10",   "ppp1",
	                                         "ether2", "all-ethernet", "all-vlan", "all-ppp"};
	static const char *const lists[] = {"WAN",     "LAN",    "all", "none",
	                                    "dynamic", "static", "MIX", "TWO"};
	static const char *const addresses[] = {"good", "bad", "seen", "here", "gone"};
	static const char *const types[] = {"local",     "unicast",         "broadcast",
	                                    "multicast", "local,multicast", "unicast,broadcast"};
	static const char *const states[] = {
		"new",       "established,related",           "invalid",
		"untracked", "established,related,untracked", "new,invalid"};
	static const char *const flags[] = {"syn", "!ack", "syn,!ack", "ack", "!syn", "fin,syn"};

	switch (roll(d, raw ? 11 : 14)) {
	case 0:
	case 1:
		buf_printf(d->out, " src-address=%s%s", no(d), range(d));
		break;
	case 2:
	case 3:
		buf_printf(d->out, " src-address-list=%s%s", no(d), PICK(d, addresses));
		break;
	case 4:
		buf_printf(d->out, " src-address-type=%s%s", no(d), PICK(d, types));
		break;
	case 5:
		buf_printf(d->out, " in-interface=%s%s", no(d), PICK(d, interfaces));
		break;
	case 6:
		buf_printf(d->out, " in-interface-list=%s%s", no(d), PICK(d, lists));
		break;
	case 7:
		buf_printf(d->out, " dst-address=%s%s", no(d), own(d));
		break;
	case 8:
		buf_printf(d->out, " dst-address-list=%s%s", no(d), PICK(d, addresses));
		break;
	case 9:
		add_ports(d, "dst-port");
		break;
	case 10:
		buf_printf(d->out, " dst-address-type=%s%s", no(d), PICK(d, types));
		break;
	case 11:
		buf_printf(d->out, " connection-state=%s%s", no(d), PICK(d, states));
		break;
	case 12:
		buf_printf(d->out, " connection-nat-state=%sdstnat", no(d));
		break;
	default:
		buf_printf(d->out, " protocol=tcp tcp-flags=%s", PICK(d, flags));
		break;
	}
}

static void add_guess(struct dice *d)
{
	static const char *const unknowable[] = {
		" limit=5,10:packet",
		" random=50",
		" content=x",
		" psd=21,3s,3,1",
		" ttl=equal:64",
		" time=8h-17h,mon",
		" nth=2,1",
		" connection-limit=3,32",
		" packet-mark=m",
		" ipsec-policy=in,none",
		" hotspot=auth",
		" frobnicate=yes",
		" connection-mark=m",
		" connection-mark=no-mark",
		" protocol=tcp tcp-flags=ece",
		" in-interface-list=*2000011",
		" dst-limit=1,1,src-address/1m",
		" random=!20",
	};

	if (chance(d, 25))
		add_ports(d, chance(d, 50) ? "port" : "src-port");
	else
		buf_puts(d->out, PICK(d, unknowable));
}

static void add_conditions(struct dice *d, bool raw)
{
	for (unsigned n = roll(d, 3); n > 0; n--)
		add_known(d, raw);
	if (d->guess && chance(d, 25))
		add_guess(d);
	if (chance(d, 8))
		buf_puts(d->out, " disabled=yes");
	if (chance(d, 4))
		buf_puts(d->out, " invalid=yes");
}

/* Chains lead only onwards: loops have a test of their own. */
static void add_rule(struct dice *d, const char *base, const char *const *verdicts, unsigned n,
                     bool raw)
{
	static const char *const lists[] = {"seen", "bad", "other"};
	unsigned depth = roll(d, 3);

	if (depth == 0)
		buf_printf(d->out, "add chain=%s", base);
	else
		buf_printf(d->out, "add chain=c%u", depth);
	if (chance(d, 25) && depth < 2)
		buf_printf(d->out, " action=jump jump-target=c%u", depth + 1 + roll(d, 2 - depth));
	else if (chance(d, 10))
		buf_puts(d->out, " action=return");
	else if (chance(d, 10))
		buf_printf(d->out, " action=add-src-to-address-list address-list=%s",
		           PICK(d, lists));
	else if (chance(d, 8))
		buf_puts(d->out, " action=passthrough");
	else
		buf_printf(d->out, " action=%s", verdicts[roll(d, n)]);
	add_conditions(d, raw);
	buf_putc(d->out, '\n');
}

static const char *translation(struct dice *d)
{
	static const char *const all4[] = {
		"redirect to-ports=22",
		"redirect to-ports=80",
		"dst-nat to-addresses=192.168.88.99",
		"dst-nat to-addresses=192.168.88.1 to-ports=8291",
		"redirect",
		"accept",
		"dst-nat to-addresses=10.7.7.7 to-ports=22",
		"dst-nat to-addresses=203.0.113.1",
	};
	static const char *const all6[] = {
		"redirect to-ports=22",
		"accept",
		"dst-nat to-addresses=2001:db8:1::99",
		"dst-nat to-addresses=fd00:88::1 to-ports=80",
		"redirect",
	};

	return d->family == 4 ? PICK(d, all4) : PICK(d, all6);
}

/* What chance alone brings together too seldom: a list that is filled on the way and asked behind
 * it; what is not tracked, and a rule that looks at it. */
static void add_pairs(struct dice *d)
{
	if (chance(d, 25)) {
		buf_puts(d->out,
		         "add chain=input action=add-src-to-address-list address-list=seen");
		add_known(d, false);
		buf_printf(d->out, "\nadd chain=input action=%s src-address-list=%sseen\n",
		           chance(d, 50) ? "drop" : "accept", no(d));
	}
	if (chance(d, 25))
		buf_printf(d->out, "add chain=input action=%s connection-state=%s%s\n",
		           chance(d, 50) ? "drop" : "accept", no(d),
		           chance(d, 50) ? "new" : "untracked");
}

static void add_tables(struct dice *d)
{
	static const char *const filter[] = {"accept", "drop",   "drop",
	                                     "accept", "reject", "tarpit"};
	static const char *const raw[] = {"accept", "drop", "notrack"};
	const char *ip = d->family == 4 ? "ip" : "ipv6";

	buf_printf(d->out, "/%s firewall raw\n", ip);
	for (unsigned n = roll(d, 4); n > 0; n--)
		add_rule(d, "prerouting", raw, d->guess ? 3 : 2, true);
	buf_printf(d->out, "/%s firewall nat\n", ip);
	for (unsigned n = roll(d, 4); n > 0; n--) {
		buf_printf(d->out, "add chain=%s action=%s", chance(d, 90) ? "dstnat" : "srcnat",
		           translation(d));
		add_conditions(d, true);
		buf_putc(d->out, '\n');
	}
	buf_printf(d->out, "/%s firewall filter\n", ip);
	add_pairs(d);
	for (unsigned n = 1 + roll(d, 12); n > 0; n--)
		add_rule(d, chance(d, 92) ? "input" : "forward", filter, 6, false);
}

void firewall_random(uint64_t seed, int family, bool guess, struct buf *out)
{
	struct dice d = {seed * 88172645463325253u + (uint64_t)family, family, guess, out};

	buf_puts(out, "version 7.18.2\n");
	add_interfaces(&d);
	add_addresses(&d);
	add_services(&d);
	add_lists(&d);
	add_tables(&d);
}

/* No rule without a condition, so that each is overtaken by those above it alone. */
void firewall_random_dense(uint64_t seed, int family, bool guess, struct buf *out)
{
	static const char *const actions[] = {"accept",
	                                      "drop",
	                                      "drop",
	                                      "accept",
	                                      "reject",
	                                      "return",
	                                      "jump jump-target=c1",
	                                      "add-src-to-address-list address-list=seen"};
	struct dice d = {seed * 88172645463325253u + (uint64_t)family, family, guess, out};
	const char *ip = family == 4 ? "ip" : "ipv6";

	buf_puts(out, "version 7.18.2\n");
	add_interfaces(&d);
	add_addresses(&d);
	add_services(&d);
	add_lists(&d);
	buf_printf(out, "/%s firewall raw\n/%s firewall nat\n/%s firewall filter\n", ip, ip, ip);
	for (unsigned n = 30; n > 0; n--) {
		bool called = chance(&d, 20);

		buf_printf(out, "add chain=%s action=%s", called ? "c1" : "input",
		           actions[roll(&d, called ? 6 : 8)]);
		for (unsigned k = 1 + roll(&d, 3); k > 0; k--)
			add_known(&d, false);
		if (guess && chance(&d, 20))
			add_guess(&d);
		buf_putc(out, '\n');
	}
}
