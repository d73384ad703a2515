/* Is a host there at all? As nmap asks: ICMP echo and timestamp, TCP to 443 and 80, and what the
 * kernel learned meanwhile of its neighbours (ARP, ND). */
#ifndef SCAN_DISCOVER_H
#define SCAN_DISCOVER_H

#include "rosaudit/error.h"
#include "rosaudit/scan.h"

struct discovered {
	enum host_state up; /* HOST_UNKNOWN: cut short */
	const char *reason; /* static: "echo-reply", "timestamp-reply", "syn-ack", "conn-refused",
			     * "arp-response", "nd-response"; "no-response" when it is down */
	int64_t rtt_us;     /* -1 = not measured */
};

/* Fills one for each host of the plan. ICMP needs the plan's raw sockets, or a system that lets us
 * have ICMP datagram sockets; without either it is left out. -1 when this machine cannot. */
int discover_run(const struct scan_plan *plan, struct discovered *out, struct error *err);

#endif
