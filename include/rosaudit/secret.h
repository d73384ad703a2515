/* Secrets: never from argv, printed as (hidden), wiped after use. */
#ifndef ROSAUDIT_SECRET_H
#define ROSAUDIT_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/* Where a password comes from; read only when a transport needs it. */
enum secret_source {
	SECRET_NONE,    /* no password was configured: none is tried */
	SECRET_EMPTY,   /* the empty password of a fresh router, asked for explicitly */
	SECRET_LITERAL, /* {literal: …}: text is the secret */
	SECRET_ENV,     /* {env: NAME} */
	SECRET_FILE,    /* {file: PATH}: first line */
	SECRET_COMMAND, /* {command: …}: first line of its output, run by /bin/sh */
	SECRET_PROMPT,  /* {prompt: yes}: asked on the terminal */
};

struct secret_spec {
	enum secret_source source;
	/* Literal, variable name, path or command. Of a prompt: what the routers share that it is
	 * asked for at once; NULL when it is for one alone. Owned by the policy's arena. */
	const char *text;
};

struct secret {
	char *p; /* NUL-terminated */
	size_t n;
};

/* Reads the secret that spec describes. what names it in the prompt and in errors ("password of
 * admin@r1"). A command is run and a prompt is asked once in a run: their answers are kept until
 * secret_forget_all. SECRET_NONE is an error. The caller wipes with secret_done. 0 or -1. */
int secret_read(const struct secret_spec *spec, const char *what, struct secret *out,
                struct error *err);
/* Wipes what secret_read kept. Call it when no more logins follow. */
void secret_forget_all(void);
/* Takes a copy of n bytes. */
void secret_set(struct secret *s, const char *p, size_t n);
/* Overwrites and frees; accepts NULL and empty. */
void secret_done(struct secret *s);
/* "(hidden)", or "(none)"/"(empty)": what may be printed of it. */
const char *secret_print(const struct secret_spec *spec);

#endif
