/* SSH as a router speaks it: the only user of libssh in this program (with ssh_auth.c,
 * ssh_key.c). */
#ifndef MOCK_SSH_H
#define MOCK_SSH_H

#include "server.h"
#include "text.h"

struct ssh_door;

/* Reads the host key from the file, or makes one; a file that is not there is written, so that
 * the next start reuses the key. key_file may be NULL. NULL with a sentence in *complaint. */
struct ssh_door *ssh_door_open(const struct scenario *s, const char *key_file,
                               struct text *complaint);
void ssh_door_close(struct ssh_door *d);
/* "SHA256:…" of the host key. */
const char *ssh_door_fingerprint(const struct ssh_door *d);
/* Serves one connection to its end. */
void ssh_serve(struct conn *c);

#endif
