/* Raw sockets: opened with privileges, used without. */
#ifndef SCAN_RAW_H
#define SCAN_RAW_H

#include <stdbool.h>
#include <stdint.h>

#include "rosaudit/scan.h"

/* -1 where there is none: a machine without IPv6. */
struct scan_raw {
	int tcp4;  /* sends whole IPv4 packets, receives TCP over IPv4 from its header on */
	int tcp6;  /* sends and receives TCP segments, the kernel making header and checksum */
	int icmp4; /* receives errors, from the IPv4 header on */
	int icmp6; /* receives errors, from the ICMP header on */
};

/* Lets only SYN-ACK and RST to our ports (count from first) through, in the kernel, and only what
 * comes from now on. -1 with errno. */
int raw_filter(const struct scan_raw *raw, uint16_t first, uint16_t count);
/* Nothing at all is let through: between scans. */
void raw_mute(const struct scan_raw *raw);
/* ICMP sockets hear echo and timestamp replies, too, for discovery; false: errors alone again. */
void raw_pass_replies(const struct scan_raw *raw, bool pass);

#endif
