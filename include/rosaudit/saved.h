/* A router's answers as they were, but for secrets, in one file: what --save writes and what
 * transport file reads instead of a router (docs/saved.md). */
#ifndef ROSAUDIT_SAVED_H
#define ROSAUDIT_SAVED_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/error.h"

/* How the answers came. */
struct saved_head {
	const char *transport; /* "ssh" or "rest" */
	const char *user;      /* who asked, or NULL */
	const char *service;   /* through which service: "ssh", "www", "www-ssl" */
};

struct saved_answer {
	const char *request, *text; /* in the file's own bytes, not NUL-terminated */
	size_t request_n, n;
	int status; /* -1: no answer that was understood; text says why */
};

struct saved {
	char transport[8], user[256], service[16];
	struct saved_answer *v; /* heap */
	size_t n;
};

/* Does the text begin as saved answers do? */
bool saved_is(const char *p, size_t n);
/* Reads them; p must stay as long as *out is used. 0, or -1 with the line where it broke off. */
int saved_read(const char *p, size_t n, const char *where, struct saved *out, struct error *err);
void saved_done(struct saved *s);
/* The first answer to exactly this request, or NULL. */
const struct saved_answer *saved_find(const struct saved *s, const char *request);

/* DIR/NAME.saved, where NAME is the router's with suffix behind it; bytes of the router's name that
 * are no letter, digit, '-', '_' or '.', and a leading '.', are written %2F. */
void saved_file_name(const char *dir, const char *router, const char *suffix, struct buf *out);

/* Writing: the head first, then answers in any order. What passes out->max is left out as a whole,
 * and out->overflow says so. */
void saved_put_head(struct buf *out, const struct saved_head *head);
void saved_put(struct buf *out, const char *request, const char *text, size_t n, int status);

#endif
