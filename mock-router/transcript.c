/* Every request as one line. */
#include "transcript.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "text.h"

struct transcript {
	pthread_mutex_t lock;
	FILE *file;
	struct text forbidden;
	size_t forbidden_n;
};

struct transcript *transcript_open(const char *path)
{
	struct transcript *t = mem_zero(1, sizeof(*t));

	if (path != NULL) {
		t->file = fopen(path, "ae");
		if (t->file == NULL) {
			free(t);
			return NULL;
		}
		setvbuf(t->file, NULL, _IOLBF, 0);
	}
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

static void add_escaped(struct text *out, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c < 0x20 || c == 0x7f || c == '\\')
			text_addf(out, "\\x%02x", c);
		else
			text_add_n(out, p + i, 1);
	}
}

void transcript_add(struct transcript *t, const char *channel, const struct endpoint *peer,
                    const char *text, size_t n, bool allowed)
{
	char who[ADDRESS_TEXT], when[32];
	struct timespec now;
	struct tm tm;
	struct text line = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	endpoint_text_port(peer, who);
	text_addf(&line, "%s.%03ldZ %s %s ", when, now.tv_nsec / 1000000, channel, who);
	add_escaped(&line, text, n);
	text_add(&line, "\n");

	pthread_mutex_lock(&t->lock);
	if (t->file != NULL)
		fputs(line.p, t->file);
	if (!allowed) {
		t->forbidden_n++;
		text_add_n(&t->forbidden, line.p, line.n);
	}
	pthread_mutex_unlock(&t->lock);
	text_done(&line);
}

size_t transcript_close(struct transcript *t)
{
	size_t n;

	if (t == NULL)
		return 0;
	n = t->forbidden_n;
	if (n > 0)
		fprintf(stderr, "mock-router: %zu request(s) did not just read:\n%s", n,
		        text_get(&t->forbidden));
	if (t->file != NULL)
		fclose(t->file);
	text_done(&t->forbidden);
	pthread_mutex_destroy(&t->lock);
	free(t);
	return n;
}
