/* The questions and judges behind the rows of udp_payload.c, by family. As those of struct
 * udp_row. */
#ifndef SCAN_UDP_ASK_H
#define SCAN_UDP_ASK_H

#include "udp_payload.h"
#include "wire.h"

#define UDP_ASK(name) void ask_##name(const struct udp_seed *seed, struct buf *out)
#define UDP_FITS(name)                                                                             \
	bool fits_##name(const struct udp_seed *seed, const unsigned char *p, size_t n)
#define UDP_END(name)                                                                              \
	void end_##name(const struct udp_seed *seed, const unsigned char *p, size_t n,             \
	                struct buf *out)

/* udp_names.c: names and neighbours. */
UDP_ASK(dns);
UDP_ASK(mdns);
UDP_FITS(dns);
UDP_ASK(netbios_name);
UDP_FITS(netbios_name);
UDP_ASK(netbios_datagram);
UDP_FITS(netbios_datagram);
UDP_ASK(ssdp);
UDP_FITS(ssdp);
UDP_ASK(mndp);
UDP_FITS(mndp);

/* udp_tunnels.c: keys and tunnels. */
UDP_ASK(ike);
UDP_ASK(ike_nat);
UDP_FITS(ike);
UDP_FITS(ike_nat);
UDP_ASK(l2tp);
UDP_FITS(l2tp);
UDP_END(l2tp);
UDP_ASK(openvpn);
UDP_FITS(openvpn);
UDP_ASK(wireguard);
UDP_ASK(capwap);
UDP_FITS(capwap);

/* udp_upkeep.c: management, time, files, leases. */
UDP_ASK(snmp);
UDP_FITS(snmp);
UDP_ASK(ntp);
UDP_FITS(ntp);
UDP_ASK(radius);
UDP_FITS(radius);
UDP_ASK(tftp);
UDP_FITS(tftp);
UDP_END(tftp);
UDP_ASK(dhcp);
UDP_ASK(dhcpv6);
UDP_ASK(nat_pmp);
UDP_FITS(nat_pmp);
UDP_ASK(rpcbind);
UDP_ASK(nfs);
UDP_FITS(rpc);

/* udp_routing.c: routing protocols. */
UDP_ASK(rip);
UDP_FITS(rip);
UDP_ASK(ripng);
UDP_FITS(ripng);
UDP_ASK(bfd);

#endif
