/* A scan as it is kept and shown: its head, host after host, its sum. What is not open is kept in
 * groups, so that 65,535 closed ports take 128 KiB. */
#ifndef ROSAUDIT_SCANNED_H
#define ROSAUDIT_SCANNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "rosaudit/arena.h"
#include "rosaudit/observation.h"
#include "rosaudit/portset.h"

/* Ports of one protocol that are in one state for one reason, none of which spoke. */
struct scanned_group {
	enum transport_proto proto;
	enum port_state state;
	const char *reason;
	uint16_t *ports; /* ascending after scanned_sort */
	size_t n, cap;
	unsigned tries; /* the most that one of them took */
};

/* One host. Every pointer belongs to its arena. */
struct scanned_host {
	struct arena arena;
	struct address address;
	const char *name;         /* as the user wrote it; NULL = the address */
	struct observation *open; /* open ports in full; ordered after scanned_sort */
	size_t open_n, open_cap;
	struct scanned_group *groups; /* everything else */
	size_t groups_n, groups_cap;
	struct scan_account account;
	time_t started, ended; /* 0 = unknown */
};

void scanned_init(struct scanned_host *h);
void scanned_done(struct scanned_host *h);
/* Adds a copy of what was seen of one port. Each port of each protocol once. */
void scanned_add(struct scanned_host *h, const struct observation *o);
/* Ports ascending, groups by protocol, state and reason: the same scan is written the same. */
void scanned_sort(struct scanned_host *h);
/* How many ports of that protocol (L4_UNKNOWN: any) are in that state. */
size_t scanned_count(const struct scanned_host *h, enum transport_proto proto,
                     enum port_state state);
/* Walks through the host's ports, TCP ascending, then UDP: begin with *at = 0. Fills *out
 * (borrowing from the host); false at the end. Sort first. */
bool scanned_next(const struct scanned_host *h, uint32_t *at, struct observation *out);
/* Every port as observations for an audit; *out was initialised by the caller. */
void scanned_to_observations(const struct scanned_host *h, struct observations *out);

/* What was asked. Strings are the caller's. */
struct scan_head {
	const char *scanner, *version, *args; /* args: the command line, one line; may be foreign */
	time_t started;                       /* 0 = unknown */
	const char *tcp;                      /* "syn", "connect"; NULL = no TCP ports */
	bool udp, ping_only;
	bool talked; /* open TCP ports were asked what they are (-sV) */
	struct port_lists ports;
};

struct scan_sum {
	uint64_t up, down, unknown; /* unknown: not looked for, and nothing answered */
	int64_t duration_ms;
	bool interrupted;
};

#endif
