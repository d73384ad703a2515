/* The console: one command line in, its text and exit status out. */
#ifndef MOCK_CONSOLE_H
#define MOCK_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "live.h"
#include "scenario.h"
#include "text.h"

/* Who asks. */
struct console {
	const struct scenario *scenario;
	struct live *live;
	const struct user *user;
	struct change *change; /* its lock is held */
};

/* Answers one line; the text's lines end in "\n". *reads_only is false when the line holds
 * anything but print, get, find, :put and :foreach, or cannot be understood. Returns the exit
 * status: 0, or 1 after an error text. */
int console_answer(const struct console *c, const char *line, size_t n, struct text *out,
                   bool *reads_only);

#endif
