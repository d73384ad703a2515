/* What a UDP answer tells of its service. Pure. */
#ifndef SCAN_UDP_TELL_H
#define SCAN_UDP_TELL_H

#include <stddef.h>

#include "rosaudit/observation.h"

/* Fills banner and facts of an answer that was judged to be o->app. */
void udp_tell(const unsigned char *p, size_t n, struct arena *arena, struct observation *o);

#endif
