/* The targets of a scan: operands, -iL, --exclude; names are resolved when their turn comes. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/log.h"
#include "rosaudit/text.h"
#include "rosaudit/transport.h"
#include "scan_cli.h"

static int quote(struct error *err, const char *s, size_t n)
{
	err->where[0] = '\0';
	error_wrap(err, "target %.*s", (int)(n < 200 ? n : 200), s);
	return -1;
}

static int add_range(struct scan_targets *t, const char *s, size_t n, struct error *err)
{
	if (t->ranges_n == t->ranges_cap) {
		size_t cap = t->ranges_cap ? 2 * t->ranges_cap : 8;

		t->ranges = arena_grow(&t->arena, t->ranges, t->ranges_n, cap, sizeof(*t->ranges));
		t->ranges_cap = cap;
	}
	if (host_range_parse(s, n, &t->ranges[t->ranges_n], err))
		return quote(err, s, n);
	t->ranges_n++;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Words between blanks; # begins a comment to the end of its line. */
static int add_words(struct scan_targets *t, const char *p, size_t n, struct error *err)
{
	for (size_t i = 0, end; i < n; i = end) {
		if (p[i] == '#') {
			const char *line = memchr(p + i, '\n', n - i);

			end = line ? (size_t)(line - p) : n;
			continue;
		}
		for (end = i; end < n && !is_blank(p[end]) && p[end] != '#';)
			end++;
		if (end > i && add_range(t, p + i, end - i, err))
			return -1;
		end += end == i;
	}
	return 0;
}

static int add_file(struct scan_targets *t, const char *path, struct error *err)
{
	if (file_read(path, &t->text, err) == 0)
		return add_words(t, buf_str(&t->text), t->text.n, err);
	/* A list that is not there is a slip in the command. */
	err->kind = ERROR_USAGE;
	return -1;
}

static const struct address *family_of(const struct scan_targets *t)
{
	static const struct address any6 = {.family = 6};

	if (t->source.family)
		return &t->source;
	return t->o->scan.ipv6 ? &any6 : NULL;
}

/* A name stands for its first address, as in nmap. */
static int resolve(const struct host_range *name, const struct address *family,
                   struct host_range *out, struct error *err)
{
	struct address a;
	char text[256];
	size_t n;

	if (name->name_n >= sizeof(text))
		return error_set(err, ERROR_USAGE, "a host name of %zu bytes is none",
		                 name->name_n);
	memcpy(text, name->name, name->name_n);
	text[name->name_n] = '\0';
	if (endpoint_resolve(text, family, &a, 1, &n, err))
		return -1;
	host_range_around(&a, name->bits, out);
	return 0;
}

/* A name that cannot be left out must not be scanned by mistake: as in nmap, it ends the run. */
static int add_excluded(struct scan_targets *t, const char *list, struct error *err)
{
	size_t most = 1;

	for (const char *p = list; *p; p++)
		most += *p == ',';
	t->excluded = arena_array(&t->arena, most, sizeof(*t->excluded));
	for (const char *p = list;; p++) {
		size_t n = strcspn(p, ",");
		struct host_range *r = &t->excluded[t->excluded_n];

		if (host_range_parse(p, n, r, err))
			return quote(err, p, n);
		if (r->kind == HOST_NAME && resolve(r, NULL, r, err)) {
			err->kind = ERROR_USAGE;
			err->hint[0] = err->hint_read[0] = '\0';
			return error_wrap(err, "--exclude");
		}
		t->excluded_n++;
		p += n;
		if (!*p)
			return 0;
	}
}

static int check_count(const struct scan_targets *t, struct error *err)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < t->ranges_n; i++) {
		uint64_t n = host_range_count(&t->ranges[i]);

		sum = n > UINT64_MAX - sum ? UINT64_MAX : sum + n;
	}
	if (sum <= LIMIT_SCAN_ADDRESSES || t->o->scan.yes)
		return 0;
	if (sum == UINT64_MAX)
		return error_set(
			err, ERROR_USAGE,
			"these targets are 2^64 addresses or more; say --yes if you mean it");
	return error_set(err, ERROR_USAGE,
	                 "these targets are %llu addresses; say --yes if you mean it",
	                 (unsigned long long)sum);
}

int scan_targets_open(const struct options *o, struct scan_targets *t, struct error *err)
{
	*t = (struct scan_targets){.o = o};
	arena_init(&t->arena);
	buf_init(&t->text, LIMIT_TARGET_FILE_BYTES);
	if (o->source && !address_parse(o->source, strlen(o->source), &t->source))
		return error_set(err, ERROR_USAGE, "-S %s: an address of this machine is expected",
		                 o->source);
	for (size_t i = 0; i < o->args_n; i++)
		if (add_range(t, o->args[i], strlen(o->args[i]), err))
			return -1;
	if (o->scan.targets_file && add_file(t, o->scan.targets_file, err))
		return -1;
	if (t->ranges_n == 0) {
		error_set(err, ERROR_USAGE, "no target given");
		return error_hint(err, "rosaudit scan 192.168.88.1; rosaudit scan --help tells "
		                       "more");
	}
	if (o->scan.exclude && add_excluded(t, o->scan.exclude, err))
		return -1;
	return check_count(t, err);
}

void scan_targets_close(struct scan_targets *t)
{
	arena_done(&t->arena);
	buf_done(&t->text);
}

/* Told, remembered, left out. */
static void leave_out(struct scan_targets *t, struct error *err)
{
	struct buf text;

	if (!error_is_set(&t->first))
		t->first = *err;
	if (log_get_level() == LOG_LEVEL_QUIET)
		return;
	buf_init(&text, 8192);
	err->hint[0] = err->hint_read[0] = '\0';
	error_format(err, &text);
	fprintf(stderr, "rosaudit: warning: %s; it is left out\n", buf_str(&text));
	buf_done(&text);
}

/* The range at the walk's place, with a name resolved; NULL when it was left out. */
static const struct host_range *current(struct scan_targets *t)
{
	const struct host_range *r = &t->ranges[t->at];
	struct error err = {0};

	if (t->resolved)
		return r->kind == HOST_NAME ? &t->around : r;
	t->name = NULL;
	t->resolved = true;
	if (r->kind != HOST_NAME)
		return r;
	if (resolve(r, family_of(t), &t->around, &err)) {
		leave_out(t, &err);
		return NULL;
	}
	t->name = arena_strndup(&t->arena, r->name, r->name_n);
	return &t->around;
}

static bool is_excluded(const struct scan_targets *t, const struct address *a)
{
	for (size_t i = 0; i < t->excluded_n; i++)
		if (host_range_has(&t->excluded[i], a))
			return true;
	return false;
}

static bool is_link_local(const struct address *a)
{
	return a->family == 6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

/* What cannot be scanned with this source, with -6, or without an interface. Only the first of a
 * range is told. */
static bool can_be_scanned(struct scan_targets *t, const struct address *a)
{
	const struct address *family = family_of(t);
	bool wrong = family && family->family != a->family;
	struct error err = {0};
	struct buf text;

	if (!wrong && (!is_link_local(a) || a->scope))
		return true;
	buf_init(&text, 128);
	address_format(a, &text);
	if (wrong)
		error_set(&err, ERROR_NETWORK, "%s is no IPv%d address", buf_str(&text),
		          family->family);
	else
		error_set(&err, ERROR_NETWORK,
		          "the link-local address %s needs its interface, as in fe80::1%%eth0",
		          buf_str(&text));
	buf_done(&text);
	leave_out(t, &err);
	return false;
}

bool scan_targets_next(struct scan_targets *t, struct address *out, const char **name)
{
	for (; t->at < t->ranges_n; t->at++) {
		const struct host_range *r = current(t);
		bool first = !t->cursor.begun;

		while (r && host_range_next(r, &t->cursor, out)) {
			if (first && !can_be_scanned(t, out))
				break;
			first = false;
			*name = host_range_count(r) == 1 ? t->name : NULL;
			if (!is_excluded(t, out))
				return true;
		}
		t->cursor = (struct host_cursor){0};
		t->resolved = false;
	}
	return false;
}
