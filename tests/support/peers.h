/* Servers inside a test: each behaves one way, on a port that the kernel picks, in a thread. */
#ifndef TESTS_SUPPORT_PEERS_H
#define TESTS_SUPPORT_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum peer_then {
	PEER_STAY = 0, /* waits for the client to go */
	PEER_FIN,      /* closes politely: its FIN, then it reads on */
	PEER_RST,      /* resets */
};

struct peer_plan {
	const char *say; /* NULL = nothing */
	size_t say_n;    /* 0 = strlen(say) */
	bool hear_first; /* speaks (or closes) only after the client has */
	unsigned delay_ms;
	unsigned drip_ms; /* between two bytes of say */
	bool endless;     /* says it again and again until the client goes */
	enum peer_then then;
	int family;              /* 4 (or 0) or 6: on 127.0.0.1 or ::1 */
	void (*on_accept)(void); /* called in the server's thread; NULL = nothing */
};

struct peer;

/* Starts to listen before it returns. The test fails when it cannot. */
struct peer *peer_start(const struct peer_plan *plan);
uint16_t peer_port(const struct peer *p);
/* Connections accepted so far. */
unsigned peer_accepted(const struct peer *p);
/* What the last client said, at most 4 KiB; *n its length. Ask after peer_stop. */
const char *peer_heard(const struct peer *p, size_t *n);
/* Ends the thread; the counters stay readable until peer_free. */
void peer_stop(struct peer *p);
void peer_free(struct peer *p);

/* A listening port of 127.0.0.1 that answers no SYN, as if a firewall dropped it: its queue is
 * full. */
struct peer_mute {
	int fds[16];
	uint16_t port;
};
void peer_mute_start(struct peer_mute *m);
void peer_mute_done(struct peer_mute *m);

#endif
