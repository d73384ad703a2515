/* The kernel's table of neighbours on local links: who has answered ARP or ND. */
#ifndef SCAN_NEIGHBOURS_H
#define SCAN_NEIGHBOURS_H

#include "rosaudit/prefix.h"

/* Calls found for each neighbour that has answered within the kernel's reachable time (some 30 s).
 * Needs no privilege; without a table nothing is found. */
void neighbours_each(void (*found)(void *context, const struct address *a), void *context);

#endif
