/* RouterOS versions: what each one has. */
#ifndef MOCK_VERSION_H
#define MOCK_VERSION_H

#include <stdbool.h>

struct version {
	int major, minor;
	char number[32];  /* "7.16.2" */
	char channel[32]; /* "stable" */
};

/* Reads "7.16.2" or "7.16.2 (testing)"; without a channel v6 is long-term and v7 stable. 0, or
 * -1. */
int version_parse(const char *s, struct version *out);
bool version_since(const struct version *v, int major, int minor);

/* Named eras of routeros.md 1.1 and 2. */
bool version_has_rest(const struct version *v);           /* 7.1 */
bool version_has_vrf(const struct version *v);            /* 7.1 */
bool version_has_max_sessions(const struct version *v);   /* 7.16 */
bool version_has_dynamic_rows(const struct version *v);   /* 7.19 */
bool version_has_webserver(const struct version *v);      /* 7.21 */
bool version_has_reverse_proxy(const struct version *v);  /* 7.22 */
bool version_has_available_from(const struct version *v); /* 7.24 */

#endif
