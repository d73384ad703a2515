/* Readers of single values: one per enum value_type. Internal to src/config. */
#ifndef ROSAUDIT_CONFIG_VALUES_H
#define ROSAUDIT_CONFIG_VALUES_H

#include "read.h"

/* Reads the node into base as the row says. 0, or -1 with the mistake told. */
int value_read(const struct reading *r, const struct schema_key *k, const struct node *n,
               void *base);

/* The readers that have a file of their own: base + k->offset is where the value goes. */
typedef int value_reader(const struct reading *r, const struct schema_key *k, const struct node *n,
                         void *base);

value_reader value_read_host, value_read_hosts, value_read_address, value_read_port_map,
	value_read_prefixes, value_read_access, value_read_sources, value_read_scan,
	value_read_scan_ports; /* values_host.c, values_port.c */
value_reader value_read_numbers, value_read_words, value_read_globs, value_read_names; /* _set.c */
value_reader value_read_reachable, value_read_glob, value_read_link, value_read_rule,
	value_read_port_id, value_read_date;           /* values_policy.c */
value_reader value_read_vantages;                      /* values_vantage.c */
value_reader value_read_version, value_read_condition; /* values_when.c */
value_reader value_read_secret, value_read_secret_text, value_read_secret_path,
	value_read_secret_prompt, value_read_host_key, value_read_pin; /* values_secret.c */

/* What is wrong with a host (name, IPv4, IPv6, fe80::1%eth0), as the end of a sentence that begins
 * with its key; NULL = nothing. Pure: interfaces of zones need not exist here. */
const char *host_fault(const char *s);
/* The same for addresses alone, without names. */
const char *address_fault(const char *s);

/* Reads a prefix, or a list of them, into *out; k is the key that mistakes name. 0 or -1. */
int value_prefix_list(const struct reading *r, const struct schema_key *k, const struct node *n,
                      struct prefix **out, size_t *out_n);
/* Is it a name of sources: a letter, then letters, digits, _ and -? Tells nothing. */
bool value_is_source_name(const char *text);

/* "2000/tcp", "5000-5999/udp". False when it is neither. Tells nothing. */
bool value_port_id(const char *text, uint16_t *first, uint16_t *last, bool *udp);
/* "22" or "1024-65535", within min and max, not backwards. Tells nothing. */
bool value_range(const char *text, unsigned long min, unsigned long max, struct number_range *out);

/* One line of text, not empty, at most 1024 bytes, no control characters; NULL, told as a mistake,
 * when it is not. */
const char *value_text(const struct reading *r, const struct schema_key *k, const struct node *n);
/* 1 yes, 0 no, -1 neither: YAML 1.1's words, in quotes too. Tells nothing. */
int value_bool(const struct node *n);
/* A relative path of the file, as seen from where we run; "~/…", "-" and absolute ones stay. */
const char *path_join(struct arena *arena, const char *file, const char *path);
/* Bytes of s, at most max, that do not cut a character in two. */
size_t text_cut(const char *s, size_t max);
/* Stores v at base + k->offset with k->size bytes: an enum, a bool, a port, an int, a long. */
void value_store(const struct schema_key *k, void *base, unsigned long v);
void value_store_text(const struct schema_key *k, void *base, const char *v);

#endif
