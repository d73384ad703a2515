/* Profiles: policies kept in files of their own, found by name. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/text.h"
#include "values.h"

/* Names of profiles that are listed or suggested, at most. */
#define PROFILES_MAX 256u

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static bool is_path(const char *name)
{
	return strchr(name, '/') || name[0] == '~' || ends_with(name, ".yaml") ||
	       ends_with(name, ".yml");
}

static char *path_in(struct arena *arena, const char *dir, const char *name)
{
	return arena_printf(arena, "%s%s%s.yaml", dir, ends_with(dir, "/") ? "" : "/", name);
}

static bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_name(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Adds the names of a directory's profiles that are not there yet; a missing directory has none. */
static void add_names(const char *dir, struct arena *arena, const char **names, size_t *n)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	if (!d)
		return;
	while (*n < PROFILES_MAX && (entry = readdir(d))) {
		const char *file = entry->d_name;

		if (file[0] == '.' || !ends_with(file, ".yaml"))
			continue;

		const char *name = arena_strndup(arena, file, strlen(file) - strlen(".yaml"));

		if (!has_name(names, *n, name))
			names[(*n)++] = name;
	}
	closedir(d);
}

/* All known names, sorted, ending in NULL: the arena's. */
static const char **profile_names(const char *const *dirs, struct arena *arena, size_t *n)
{
	const char **names = arena_array(arena, PROFILES_MAX + 1, sizeof(*names));

	*n = 0;
	for (size_t i = 0; dirs && dirs[i]; i++)
		add_names(dirs[i], arena, names, n);
	qsort(names, *n, sizeof(*names), compare_names);
	return names;
}

static const char *find_in_dirs(const char *const *dirs, const char *name, struct arena *arena)
{
	for (size_t i = 0; dirs && dirs[i]; i++) {
		const char *path = path_in(arena, dirs[i], name);

		if (file_exists(path))
			return path;
	}
	return NULL;
}

static void unknown_profile(const struct loader *l, const char *name, const struct reading *from,
                            const struct node *at)
{
	size_t n;
	const char **names = profile_names(l->profile_dirs, l->r.arena, &n);
	const char *near = text_nearest(name, names);
	struct buf hint;

	buf_init(&hint, 1024);
	buf_puts(&hint, n ? "known profiles: "
	                  : "no directory with profiles was found; the environment variable "
	                    "ROSAUDIT_PROFILES names one");
	for (size_t i = 0; i < n; i++)
		buf_printf(&hint, "%s%s", i ? ", " : "", names[i]);
	reading_fault(from, at, buf_str(&hint), "unknown profile \"%.*s\"%s%s%s",
	              (int)text_cut(name, 60), name, near ? "; did you mean \"" : "",
	              near ? near : "", near ? "\"?" : "");
	buf_done(&hint);
}

/* What a profile's text says, into its layer. */
static int read_text(struct source *s, const char *text, size_t n)
{
	const struct reading *r = &s->r;
	const struct node *root;
	struct node start = {.line = 1, .column = 1};
	struct error e = {0};

	if (yaml_read(text, n, r->file, r->arena, &root, &e) != 0) {
		error_list_add(r->errors, &e);
		return -1;
	}
	if (!root || node_is_null(root))
		return reading_fault(r, &start, NULL,
		                     "the profile is empty; it needs \"services\"");
	if (root->kind != NODE_MAPPING)
		return reading_fault(
			r, root, NULL,
			"a profile must be keys such as \"services:\" and \"unlisted:\"");
	s->root = root;
	s->uses_vars = memmem(text, n, "${", 2) != NULL;
	return source_read(s);
}

static void load(const struct loader *l, struct profile *p, const struct reading *from,
                 const struct node *at)
{
	struct error e = {0};
	char *path = file_expand(p->path);
	struct buf text;

	p->source = (struct source){.r = l->r, .place = PLACE_PROFILE};
	p->source.r.file = p->path;
	p->source.r.vars = NULL;
	p->source.r.place = arena_printf(l->r.arena, "profile \"%s\"", p->name);
	buf_init(&text, LIMIT_YAML_BYTES);
	if (config_read_file(path, &text, &e) != 0)
		reading_fault(from, at, NULL, "profile \"%s\": %s", p->name, e.text);
	else
		read_text(&p->source, buf_str(&text), text.n);
	buf_done(&text);
	free(path);
}

/* A file is known by its inode: a path may lead to it in many ways. */
static struct profile *find_read(const struct loader *l, const char *path, struct stat *st)
{
	char *expanded = file_expand(path);
	bool exists = stat(expanded, st) == 0;

	free(expanded);
	if (!exists)
		*st = (struct stat){0};
	for (struct profile *p = l->profiles; p; p = p->next) {
		if (exists && p->device == (uint64_t)st->st_dev && p->inode == (uint64_t)st->st_ino)
			return p;
		if (!exists && strcmp(p->path, path) == 0)
			return p;
	}
	return NULL;
}

/* The profile, read once; NULL, told as a mistake, when no file has that name. */
static struct profile *get(struct loader *l, const char *name, const struct reading *from,
                           const struct node *at)
{
	const char *path = is_path(name) ? path_join(l->r.arena, from->file, name)
	                                 : find_in_dirs(l->profile_dirs, name, l->r.arena);
	struct profile *p;
	struct stat st;

	if (!path) {
		unknown_profile(l, name, from, at);
		return NULL;
	}
	p = find_read(l, path, &st);
	if (p)
		return p;
	p = arena_alloc(l->r.arena, sizeof(*p));
	p->name = name;
	p->path = path;
	p->device = (uint64_t)st.st_dev;
	p->inode = (uint64_t)st.st_ino;
	p->next = l->profiles;
	l->profiles = p;
	load(l, p, from, at);
	return p;
}

/* The profiles whose `extends` is being followed, outermost first. */
struct chain {
	struct profile *profile;
	const struct chain *outer;
};

static void put_chain(const struct chain *c, const struct profile *first, struct buf *out)
{
	if (c->profile != first)
		put_chain(c->outer, first, out);
	buf_printf(out, "%s -> ", c->profile->name);
}

static int circle(const struct chain *c, const struct profile *again, const struct reading *from,
                  const struct node *at)
{
	struct buf chain;

	buf_init(&chain, 1024);
	put_chain(c, again, &chain);
	reading_fault(from, at, NULL, "profiles extend one another in a circle: %s%s",
	              buf_str(&chain), again->name);
	buf_done(&chain);
	return -1;
}

static bool has_profile(const struct profile_list *list, const struct profile *p)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == p)
			return true;
	return false;
}

static int collect(struct loader *l, const char *const *names, size_t n, const struct reading *from,
                   const struct node *at, const struct chain *outer, struct profile_list *out);

static int collect_one(struct loader *l, struct profile *p, const struct reading *from,
                       const struct node *at, const struct chain *outer, struct profile_list *out)
{
	const struct layer *layer = &p->source.layer;
	const struct origin *extends = &layer->at[KEY_EXTENDS];
	struct node inner = {.line = extends->line, .column = extends->column};
	struct chain chain = {.profile = p, .outer = outer};
	int result;

	if (p->is_open)
		return circle(outer, p, from, at);
	if (has_profile(out, p))
		return 0;
	if (!p->source.is_valid)
		return -1;
	p->is_open = true;
	result = collect(l, layer->extends.v, layer->extends.n, &p->source.r, &inner, &chain, out);
	p->is_open = false;
	out->v = arena_grow(l->r.arena, out->v, out->n, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = p;
	return result;
}

static int collect(struct loader *l, const char *const *names, size_t n, const struct reading *from,
                   const struct node *at, const struct chain *outer, struct profile_list *out)
{
	int result = 0;

	for (size_t i = 0; i < n; i++) {
		struct profile *p = get(l, names[i], from, at);

		result |= p ? collect_one(l, p, from, at, outer, out) : -1;
	}
	return result;
}

int profiles_collect(struct loader *l, const char *const *names, size_t n,
                     const struct reading *from, const struct node *at, struct profile_list *out)
{
	return collect(l, names, n, from, at, NULL, out);
}

/* The text of the first line when it is a comment. */
static void add_comment(const char *path, struct buf *out)
{
	struct buf text;
	const char *p;

	buf_init(&text, LIMIT_YAML_BYTES);
	if (file_read(path, &text, NULL) == 0 && buf_str(&text)[0] == '#') {
		p = buf_str(&text) + 1;
		p += strspn(p, " ");
		text_escape(out, p, strcspn(p, "\r\n"));
	}
	buf_done(&text);
}

void config_list_profiles(const char *const *profile_dirs, struct buf *out)
{
	struct arena arena;
	const char **names;
	size_t n, width = 0;

	arena_init(&arena);
	names = profile_names(profile_dirs, &arena, &n);
	for (size_t i = 0; i < n; i++)
		width = text_width(names[i]) > width ? text_width(names[i]) : width;
	for (size_t i = 0; i < n; i++) {
		text_escape_str(out, names[i]);
		buf_pad(out, ' ', width + 2 - text_width(names[i]));
		add_comment(find_in_dirs(profile_dirs, names[i], &arena), out);
		buf_putc(out, '\n');
	}
	arena_done(&arena);
}
