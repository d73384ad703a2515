/* TCP sockets as a scan needs them. */
#ifndef SCAN_TCP_H
#define SCAN_TCP_H

#include <stdbool.h>

#include "rosaudit/prefix.h"

/* A non-blocking socket towards target, bound to source when that has a family, and to interface
 * unless that is NULL (where the kernel lets us: Linux 5.7), that resets on
 * close (no TIME_WAIT is left on either side) and queues ICMP errors. A descriptor at or above
 * max_fd is not taken: EMFILE, as if there were none. -1 with errno. */
int tcp_new(const struct address *target, const struct address *source, const char *interface,
            int max_fd);

/* Makes a socket that was on its way towards target, and met silence, as good as new for others of
 * its family; that costs half as much as another one. False when it cannot be. */
bool tcp_renew(int fd, const struct address *target);

/* Our address on a connection that is on its way or stands. */
bool tcp_own_address(int fd, struct address *out);

/* Is it connected to itself? On loopback a connect to an ephemeral port where nobody listens
 * may meet itself (RFC 9293 3.5, simultaneous open); a listener would have answered instead. */
bool tcp_is_self(int fd);

#endif
