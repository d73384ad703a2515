/* Random firewalls, as texts for firewall_text_read; the same seed gives the same text. */
#ifndef TESTS_FIREWALL_RANDOM_H
#define TESTS_FIREWALL_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#include "rosaudit/buf.h"

/* guess: with conditions that nobody can know. */
void firewall_random(uint64_t seed, int family, bool guess, struct buf *out);

/* The same world with thirty filter rules, of which many are in the shadow of others. */
void firewall_random_dense(uint64_t seed, int family, bool guess, struct buf *out);

/* Sources worth asking: both ends of every range that the firewalls name, and their neighbours. */
const char *firewall_random_source(int family, unsigned i);
unsigned firewall_random_sources(int family);

#endif
