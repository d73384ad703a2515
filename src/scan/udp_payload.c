/* The table of UDP questions, by RouterOS's default ports. */
#include <string.h>

#include "udp_ask.h"

#define ROW(row_name, row_app, stem, ...)                                                          \
	{                                                                                          \
		.name = row_name, .app = row_app, .ports = {__VA_ARGS__}, .ask = ask_##stem,       \
		.fits = fits_##stem                                                                \
	}

/* A protocol whose healthy server answers no stranger: closed is still told by ICMP. */
#define MUTE(row_name, asks, ...)                                                                  \
	{                                                                                          \
		.name = row_name, .app = APP_UNKNOWN, .ports = {__VA_ARGS__}, .ask = asks,         \
		.mute = true                                                                       \
	}

const struct udp_row udp_rows[] = {
	ROW("dns", APP_DNS, dns, 53, 64872),
	{.name = "mdns",
         .app = APP_DNS,
         .ports = {5353},
         .ask = ask_mdns,
         .fits = fits_dns,
         .mute = true},
	ROW("snmp", APP_SNMP, snmp, 161),
	ROW("ntp", APP_NTP, ntp, 123),
	ROW("ike", APP_IKE, ike, 500),
	ROW("ike-nat", APP_IKE, ike_nat, 4500),
	{.name = "l2tp",
         .app = APP_L2TP,
         .ports = {1701},
         .ask = ask_l2tp,
         .fits = fits_l2tp,
         .end = end_l2tp},
	/* An unknown client is answered nothing (RFC 2865 3), and we are in nobody's list. */
	{.name = "radius",
         .app = APP_RADIUS,
         .ports = {1812, 1813, 3799, 1700},
         .ask = ask_radius,
         .fits = fits_radius,
         .mute = true},
	{.name = "tftp",
         .app = APP_TFTP,
         .ports = {69},
         .ask = ask_tftp,
         .fits = fits_tftp,
         .end = end_tftp,
         .other_port = true},
	/* The answer goes to everybody's port 5678, so one comes here by luck only. */
	{.name = "mndp",
         .app = APP_MNDP,
         .ports = {5678},
         .ask = ask_mndp,
         .fits = fits_mndp,
         .mute = true},
	ROW("ssdp", APP_SSDP, ssdp, 1900),
	ROW("nat-pmp", APP_NAT_PMP, nat_pmp, 5351),
	/* Answers go to the clients' own ports 68 and 546. */
	MUTE("dhcp", ask_dhcp, 67),
	MUTE("dhcpv6", ask_dhcpv6, 547),
	ROW("netbios-ns", APP_NETBIOS, netbios_name, 137),
	ROW("netbios-dgm", APP_NETBIOS, netbios_datagram, 138),
	ROW("openvpn", APP_OPENVPN, openvpn, 1194),
	/* It answers only who knows its public key (WireGuard, section 5.1). */
	MUTE("wireguard", ask_wireguard, 13231),
	ROW("capwap", APP_CAPWAP, capwap, 5246),
	ROW("rip", APP_RIP, rip, 520),
	ROW("ripng", APP_RIP, ripng, 521),
	MUTE("bfd", ask_bfd, 3784, 4784),
	{.name = "rpcbind", .app = APP_RPC, .ports = {111}, .ask = ask_rpcbind, .fits = fits_rpc},
	{.name = "nfs", .app = APP_RPC, .ports = {2049}, .ask = ask_nfs, .fits = fits_rpc},
	/* Whatever is inside VXLAN enters the bridge; a BFD echo, LDP hello or PTP message makes
	 * state or traffic; CAPWAP data, ZeroTier, the bandwidth test and MAC-Telnet need a session
         * first. An empty datagram does nothing to any of them. */
	MUTE("vxlan", NULL, 4789),
	MUTE("bfd-echo", NULL, 3785),
	MUTE("ldp", NULL, 646),
	MUTE("ptp", NULL, 319, 320),
	MUTE("capwap-data", NULL, 5247),
	MUTE("zerotier", NULL, 9993),
	MUTE("btest", NULL, 2000),
	MUTE("mac-telnet", NULL, 20561),
	MUTE("vrrp-sync", NULL, 8275),
	MUTE("dhcp-client", NULL, 68, 546),
};

const size_t udp_rows_n = sizeof(udp_rows) / sizeof(udp_rows[0]);

const struct udp_row *udp_row_for(uint16_t port)
{
	static const struct udp_row empty = {.name = "empty", .app = APP_UNKNOWN, .mute = true};

	for (size_t i = 0; port && i < udp_rows_n; i++)
		for (size_t j = 0; j < UDP_ROW_PORTS; j++)
			if (udp_rows[i].ports[j] == port)
				return &udp_rows[i];
	return &empty;
}

void udp_ask(const struct udp_row *row, const struct udp_seed *seed, struct buf *out)
{
	if (row->ask)
		row->ask(seed, out);
}

enum app_proto udp_judge(const struct udp_row *row, const struct udp_seed *seed, const void *p,
                         size_t n)
{
	return row->fits && row->fits(seed, p, n) ? row->app : APP_OTHER;
}

/* SplitMix64: bytes that differ for every seed and salt; the secret is the nonce's, not its. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

void udp_bytes(const struct udp_seed *seed, unsigned salt, void *out, size_t n)
{
	unsigned char *to = out;
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++, word >>= 8) {
		if (i % 8 == 0)
			word = mix(mix(seed->nonce ^ mix(salt)) + i);
		to[i] = (unsigned char)word;
	}
}

uint32_t udp_word(const struct udp_seed *seed, unsigned salt)
{
	unsigned char b[4];

	udp_bytes(seed, salt, b, sizeof(b));
	return wire_get32(b);
}
