/* A saved output instead of a router: every request gets the whole file, or, where the file holds
 * saved answers, the one that it got. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rosaudit/arena.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/saved.h"
#include "rosaudit/transport.h"

struct file_session {
	struct session base;
	struct buf text;
	struct saved saved; /* when base.saved is set */
};

static void file_close(struct session *session);

/* A saved output is one console's, saved answers may hold a firewall. */
static int look_inside(struct file_session *s, const char *path, struct error *err)
{
	if (saved_is(buf_str(&s->text), s->text.n)) {
		s->base.saved = &s->saved;
		return saved_read(s->text.p, s->text.n, path, &s->saved, err);
	}
	if (s->text.n > LIMIT_FILE_BYTES)
		return error_set(err, ERROR_LIMIT, "%s is larger than %u bytes", path,
		                 LIMIT_FILE_BYTES);
	return 0;
}

/* The path to read: in a directory, the router's own saved answers. Heap. */
static char *path_of(const struct target *target)
{
	char *path = file_expand(target->file), *inside;
	struct stat st;
	struct buf name;

	if (!target->name || stat(path, &st) || !S_ISDIR(st.st_mode))
		return path;
	buf_init(&name, LIMIT_PATH_BYTES);
	saved_file_name(path, target->name, "", &name);
	inside = mem_strdup(buf_str(&name));
	buf_done(&name);
	free(path);
	return inside;
}

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
	buf_init(&s->text, LIMIT_SAVED_BYTES);
	path = path_of(target);
	r = file_read(path, &s->text, err) || look_inside(s, path, err);
	free(path);
	if (r) {
		file_close(&s->base);
		return -1;
	}
	*out = &s->base;
	return 0;
}

static int fetch_saved(const struct saved *saved, const char *request, struct answer *out,
                       struct error *err)
{
	const struct saved_answer *a = saved_find(saved, request);

	if (!a)
		return error_set(err, ERROR_REMOTE, "the saved answers hold none to this request");
	if (a->status < 0)
		return error_set(err, ERROR_REMOTE, "%.*s", (int)(a->n > 1024 ? 1024 : a->n),
		                 a->text);
	out->status = a->status;
	if (a->n && buf_add(&out->text, a->text, a->n))
		return error_set(err, ERROR_LIMIT, "the saved answer is larger than %zu bytes",
		                 out->text.max);
	return 0;
}

static int file_fetch(struct session *session, const char *request, struct answer *out,
                      struct error *err)
{
	const struct file_session *s = (const struct file_session *)session;

	if (s->base.saved)
		return fetch_saved(s->base.saved, request, out, err);
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
	saved_done(&s->saved);
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
