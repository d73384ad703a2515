/* From what a router's menus say to the ports that they open. Pure. */
#ifndef ROSAUDIT_LISTENERS_H
#define ROSAUDIT_LISTENERS_H

#include "rosaudit/cause.h"
#include "rosaudit/device.h"

/* Every listener that the device declares, may declare, or turns off in so many words: /ip service,
 * every feature of routeros.md's table, dst-nat, containers. *out is initialised by the caller; the
 * device must outlive it. What a menu did not say is unknown, except where the router's own
 * list of listeners (7.19+) is whole and answers instead. */
void listeners_collect(const struct device *d, struct listeners *out);

#endif
