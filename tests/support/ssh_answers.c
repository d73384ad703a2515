/* What tests/ssh_peer.c answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/ssh_answers.h"

struct answer {
	char *find, *text;
	struct answer *next;
};

static struct answer *answers, **last = &answers;

char *ssh_answer_to(const char *command)
{
	size_t n = strlen(command) + 32;
	char *text;

	for (const struct answer *a = answers; a; a = a->next)
		if (strstr(command, a->find))
			return strdup(a->text);
	text = malloc(n);
	snprintf(text, n, "answer to: %s\r\n", command);
	return text;
}

/* "TEXT=REPLY", \n, \r and \t of REPLY made real. */
void ssh_answer_add(const char *spec)
{
	const char *reply = strchr(spec, '=');
	struct answer *a = calloc(1, sizeof(*a));
	char *to;

	if (!reply) {
		fprintf(stderr, "%s: not TEXT=REPLY\n", spec);
		exit(2);
	}
	a->find = strndup(spec, (size_t)(reply - spec));
	a->text = to = malloc(strlen(reply));
	for (const char *p = reply + 1; *p; p++) {
		char c = *p;

		if (c == '\\' && p[1]) {
			p++;
			c = *p == 'n' ? '\n' : *p == 'r' ? '\r' : *p == 't' ? '\t' : *p;
		}
		*to++ = c;
	}
	*to = '\0';
	*last = a;
	last = &a->next;
}
