/* The SYN scan's state: its ports, its key, packets gathered to go. */
#ifndef SCAN_SYN_H
#define SCAN_SYN_H

#include "engine.h"

struct syn;

/* Sets the kernel's filters and watches the sockets. -1 when this machine cannot. */
int syn_open(struct engine *e, struct error *err);
void syn_close(struct engine *e);

extern const struct technique technique_syn;

#endif
