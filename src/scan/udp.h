/* UDP ports of many hosts at once: one socket for each host, its error queue, and a track
 * (udp_track.h). Needs no privilege. It has no loop of its own: whoever has one waits for udp_fd
 * and calls udp_step. */
#ifndef SCAN_UDP_H
#define SCAN_UDP_H

#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/error.h"
#include "rosaudit/scan.h"

struct udp;

/* The UDP ports of all hosts of the plan; other ports are left alone. Ports are told to the sink,
 * their strings live in arena; then, for each host that has UDP ports, what it took. NULL with err
 * when this machine cannot. All but err must outlive it. */
struct udp *udp_new(const struct scan_plan *plan, const struct scan_sink *sink, struct arena *arena,
                    struct error *err);
void udp_free(struct udp *u);
/* Readable when udp_step has something to do. */
int udp_fd(const struct udp *u);
/* Does what is due. When to call it again at the latest; -1: all is told. */
int64_t udp_step(struct udp *u, int64_t now_us);
/* Tells what is left as unknown for this reason (static), and is over. */
void udp_cut(struct udp *u, const char *why);

#endif
