/* A saved output instead of a router: every request gets the whole file. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/transport.h"

struct file_session {
	struct session base;
	struct buf text;
};

/* The file is read once, at open: standard input cannot be read twice. */
static int file_open(const struct target *target, const struct address *pinned, int64_t deadline_ms,
                     struct session **out, struct error *err)
{
	struct file_session *s;
	char *path;
	int r;

	(void)pinned;
	(void)deadline_ms;
	if (!target->file)
		return error_set(err, ERROR_CONFIG, "transport file needs a file to read");
	s = mem_alloc(sizeof(*s));
	s->base.transport = &transport_file;
	buf_init(&s->text, LIMIT_FILE_BYTES);
	path = file_expand(target->file);
	r = file_read(path, &s->text, err);
	free(path);
	if (r) {
		buf_done(&s->text);
		free(s);
		return -1;
	}
	*out = &s->base;
	return 0;
}

static int file_fetch(struct session *session, const char *request, struct answer *out,
                      struct error *err)
{
	const struct file_session *s = (const struct file_session *)session;

	(void)request;
	/* A transcript holds several answers, so its limit is a file's, not an answer's. */
	out->text.max = LIMIT_FILE_BYTES;
	if (s->text.n && buf_add(&out->text, s->text.p, s->text.n))
		return error_set(err, ERROR_LIMIT, "the file is larger than %u bytes",
		                 LIMIT_FILE_BYTES);
	out->status = 0;
	return 0;
}

static void file_close(struct session *session)
{
	struct file_session *s = (struct file_session *)session;

	if (!s)
		return;
	buf_done(&s->text);
	free(s);
}

const struct transport transport_file = {
	.id = TRANSPORT_FILE,
	.name = "file",
	.open = file_open,
	.fetch = file_fetch,
	.close = file_close,
};
