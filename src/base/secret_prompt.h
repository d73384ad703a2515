/* Asking for a secret on the terminal. */
#ifndef ROSAUDIT_BASE_SECRET_PROMPT_H
#define ROSAUDIT_BASE_SECRET_PROMPT_H

#include <stddef.h>

struct error;

/* Asks for what on /dev/tty without echo; at most max bytes into p, their number into *n, no NUL.
 * The terminal is as before afterwards, whatever happened; Ctrl-C is passed on as SIGINT. Threads
 * ask one after the other. An empty line is an empty secret. 0, or -1 with a sentence. */
int secret_prompt(const char *what, char *p, size_t max, size_t *n, struct error *err);

#endif
