/* --save DIR: a router's answers into a file that transport file reads (docs/saved.md). */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/saved.h"
#include "saving.h"

static void keep(void *ctx, const char *request, const char *text, size_t n, int status)
{
	struct saving *s = ctx;

	saved_put(&s->text, request, text, n, status);
}

void saving_begin(struct saving *s, const struct target *t, const struct reader *who)
{
	struct saved_head head = {
		.transport = strcmp(who->via, "ssh") == 0 ? "ssh" : "rest",
		.user = who->user,
		.service = who->service,
	};

	*s = (struct saving){.target = t, .keeper = {keep, s}};
	s->is_rest = strcmp(head.transport, "rest") == 0;
	buf_init(&s->text, LIMIT_SAVED_BYTES);
	if (t->save)
		saved_put_head(&s->text, &head);
}

int saving_end(struct saving *s, struct error *err)
{
	struct buf path;
	int r;

	if (!s->target->save) {
		buf_done(&s->text);
		return 0;
	}
	if (mkdir(s->target->save, 0777) && errno != EEXIST) {
		buf_done(&s->text);
		return error_set_sys(err, errno, "cannot make the directory %s", s->target->save);
	}
	buf_init(&path, LIMIT_PATH_BYTES);
	saved_file_name(s->target->save, s->target->name,
	                s->is_rest && s->target->transport == TRANSPORT_BOTH ? "+rest" : "", &path);
	r = s->text.overflow
	            ? error_set(err, ERROR_LIMIT,
	                        "the answers of %s are more than %u bytes: not all are saved",
	                        s->target->name, LIMIT_SAVED_BYTES)
	            : 0;
	if (file_write(buf_str(&path), buf_str(&s->text), s->text.n, err))
		r = -1;
	buf_done(&path);
	buf_done(&s->text);
	return r;
}
