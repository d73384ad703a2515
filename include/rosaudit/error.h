/* Errors as values: what went wrong, where, and what the user can do about it. */
#ifndef ROSAUDIT_ERROR_H
#define ROSAUDIT_ERROR_H

#include <stdarg.h>
#include <stddef.h>

struct buf;

/* What family of trouble it is; src/cli/status.c maps each to one exit status. */
enum error_kind {
	ERROR_NONE = 0,
	ERROR_USAGE,       /* the command line is wrong */
	ERROR_CONFIG,      /* the policy or a profile is wrong */
	ERROR_SYSTEM,      /* this machine refused: a file, a descriptor; sys holds errno */
	ERROR_NETWORK,     /* no connection to the router, or it broke */
	ERROR_TIMEOUT,     /* the router did not answer in time */
	ERROR_AUTH,        /* the router refused the login */
	ERROR_TRUST,       /* host key or certificate not to be trusted */
	ERROR_REMOTE,      /* the router answered with an error, or lacks the menu or permission */
	ERROR_PARSE,       /* the router's answer was not understood */
	ERROR_LIMIT,       /* an answer exceeded a limit of limits.h */
	ERROR_OUTPUT,      /* a report could not be written */
	ERROR_INTERRUPTED, /* the user pressed Ctrl-C */
};

/*
 * Lives on the caller's stack, zero-initialised. The first error wins: setting an error that
 * is already set changes nothing. Texts may hold foreign bytes; error_format escapes them.
 */
struct error {
	enum error_kind kind;
	int sys;             /* errno of ERROR_SYSTEM, else 0 */
	size_t line, column; /* 1-based position in `where`; 0 = none */
	char where[512];     /* file (or router answer) that the position refers to; "" = none */
	char text[1536];     /* in English, for machines: one sentence, no full stop or newline */
	char hint[1536];     /* in English: what to do about it; "" = nothing; may hold newlines */
	char text_read[1536], hint_read[1536]; /* the same in the language of people */
};

/* Sets kind and text. Always returns -1, so that `return error_set(err, …)` is one statement.
 * err may be NULL. */
int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As error_set, with the position in a file or answer; where may be NULL. Returns -1. */
int error_set_at(struct error *err, enum error_kind kind, const char *where, size_t line,
                 size_t column, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* A part of a sentence, in English and in the language of people. */
struct phrase {
	char english[384], read[384];
};

struct phrase phrase_make(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Of a constant that is marked with N_(). */
struct phrase phrase_of(const char *english);

/* As error_set; the phrase, in the language of either text, stands for the "{}" of fmt. */
int error_set_phrase(struct error *err, enum error_kind kind, const struct phrase *phrase,
                     const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* As error_hint, of a constant that is marked with N_(); NULL is none. */
int error_hint_phrase(struct error *err, const char *english);

/* As error_set with ERROR_SYSTEM and errno's text appended after ": ". Returns -1. */
int error_set_sys(struct error *err, int sys, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds what to do about it, unless a hint is there already. Returns -1. */
int error_hint(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds to the end of the text. Returns -1. */
int error_more(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds a further line of what to do about it. Returns -1. */
int error_hint_more(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Puts context before the text: "context: text". Returns -1. */
int error_wrap(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Takes over another error as it is, unless one is set. Returns -1. */
int error_adopt(struct error *err, const struct error *other);

/* What people read of it; as `text` and `hint` where these were written without error_set. */
const char *error_text_read(const struct error *err);
const char *error_hint_read(const struct error *err);

/* True when an error is set. */
int error_is_set(const struct error *err);

/* Back to "no error". */
void error_clear(struct error *err);

/* Appends, for people, "where:line:column: text" and, on following lines indented by two blanks,
 * the hint. Control characters of foreign text are escaped. No final newline. */
void error_format(const struct error *err, struct buf *out);

#endif
