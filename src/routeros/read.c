/*
 * Reading a router over its console: the most exact form first, the plain table last.
 *
 * `get` without a property gives a whole record, so a script needs no list of the properties that
 * a version has. That form is general knowledge, not proven by a sample; its answer is taken only
 * when it names every static service with port and state, and otherwise the next form is asked.
 */
#include <stdio.h>
#include <string.h>

#include "rosaudit/log.h"
#include "rosaudit/routeros.h"
#include "read_private.h"

#define FOREACH(find, get) ":foreach i in=[" find "] do={:put [" get " $i]}"

/* One way to ask for /ip service. Since 7.19 the menu also lists every listener and connection:
 * asked apart, so that a connection that ends meanwhile cannot spoil the static rows. */
struct way {
	const char *name;
	const char *all;     /* before 7.19, or version unknown */
	const char *fixed;   /* 7.19+: what can be set */
	const char *dynamic; /* 7.19+: listeners and connections */
};

static const struct way ways[] = {
	{
		.name = "get",
		.all = FOREACH("/ip service find", "/ip service get"),
		.fixed = FOREACH("/ip service find dynamic=no", "/ip service get"),
		.dynamic = FOREACH("/ip service find dynamic=yes", "/ip service get"),
	},
	{
		.name = "print terse",
		.all = "/ip service print terse",
		.fixed = "/ip service print terse where !dynamic",
		.dynamic = "/ip service print terse where dynamic",
	},
	{
		.name = "print",
		.all = "/ip service print",
		.fixed = "/ip service print where !dynamic",
		.dynamic = "/ip service print where dynamic",
	},
	{
		/* Whatever the version, this one command always existed. */
		.name = "print",
		.all = "/ip service print",
		.fixed = "/ip service print",
		.dynamic = NULL,
	},
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* Asks, and takes an error text for what it is. 0 with a usable answer, 1 when the router said no
 * (refusal says what), -1 when the conversation failed. */
static int ask(const struct asker *asker, const char *request, struct answer *answer,
               struct error *refusal, struct error *err)
{
	buf_clear(&answer->text);
	answer->status = -1;
	if (asker->ask(asker->ctx, request, answer, err))
		return -1;
	return console_is_error(buf_str(&answer->text), answer->text.n, answer->status, refusal);
}

/* A one-line value without control characters; NULL when the answer is anything else. */
static const char *take_value(const struct answer *answer, struct arena *arena)
{
	const char *p = buf_str(&answer->text);
	size_t n = answer->text.n;

	while (n && strchr(" \r\n\t", p[n - 1]))
		n--;
	while (n && strchr(" \r\n\t", *p)) {
		p++;
		n--;
	}
	if (n == 0 || n > 256 || memchr(p, '\n', n) || memchr(p, '\0', n))
		return NULL;
	return arena_strndup(arena, p, n);
}

/* `:put [… get …]`; *out stays NULL when the router does not tell. -1 when the connection
 * failed. */
static int read_value(const struct asker *asker, const char *request, struct device *d,
                      const char **out, struct error *err)
{
	struct error refusal = {0};
	struct answer answer;
	int r;

	answer_init(&answer);
	r = ask(asker, request, &answer, &refusal, err);
	if (r == 0)
		*out = take_value(&answer, &d->arena);
	if (r == 0 && !*out)
		error_set(&refusal, ERROR_PARSE, "the answer is not one line");
	if (r >= 0 && !*out)
		device_add_note_of(d, &refusal, "%s", request);
	answer_done(&answer);
	return r < 0 ? -1 : 0;
}

/* What the answer of a way must hold to be taken: names, ports and states of the static rows. */
static bool is_whole(const struct device *d, size_t first)
{
	for (size_t i = first; i < d->services_n; i++) {
		const struct service *s = &d->services[i];

		if (!service_is_static(s))
			continue;
		if (!s->name || s->port < 0 || s->disabled == TRI_UNKNOWN)
			return false;
	}
	return d->services_n > first;
}

/* One request, its rows appended to d. 0 taken; 1 not usable (refusal says why); -1
 * conversation. */
static int read_rows(const struct asker *asker, const char *request, bool may_be_empty,
                     struct device *d, struct error *refusal, struct error *err)
{
	size_t first = d->services_n, notes = d->notes_n;
	struct answer answer;
	char where[128];
	int r;

	answer_init(&answer);
	r = ask(asker, request, &answer, refusal, err);
	if (r == 0 && may_be_empty && strspn(buf_str(&answer.text), " \r\n") == answer.text.n)
		goto out;
	snprintf(where, sizeof(where), "answer to \"%s\"", request);
	if (r == 0 && services_parse_text(buf_str(&answer.text), answer.text.n, where, d, refusal))
		r = 1;
	if (r == 0 && !is_whole(d, first)) {
		error_set(refusal, ERROR_PARSE, "%s does not give every service's port and state",
		          where);
		r = 1;
	}
	if (r) {
		d->services_n = first;
		d->notes_n = notes;
	}
	if (r > 0) {
		struct error state = {0};

		if (console_is_state(buf_str(&answer.text), answer.text.n, &state))
			*refusal = state;
	}
out:
	answer_done(&answer);
	return r;
}

/* A saved answer behind an SSH server that ignores the command, or a version whose `where` differs,
 * gives the same rows twice: of the second answer only dynamic rows count. */
static void keep_dynamic(struct device *d, size_t first)
{
	size_t n = first;

	for (size_t i = first; i < d->services_n; i++)
		if (!service_is_static(&d->services[i]))
			d->services[n++] = d->services[i];
	d->services_n = n;
}

static bool has_dynamic(const struct device *d)
{
	for (size_t i = 0; i < d->services_n; i++)
		if (!service_is_static(&d->services[i]))
			return true;
	return false;
}

/* Listeners and connections of 7.19+. Their absence is no failure: the static rows stand. */
static int read_dynamic(const struct asker *asker, struct device *d, struct error *err)
{
	struct error refusal = {0};

	for (size_t i = 0; i < WAYS && ways[i].dynamic; i++) {
		size_t first = d->services_n;
		int r;

		error_clear(&refusal);
		r = read_rows(asker, ways[i].dynamic, true, d, &refusal, err);
		if (r < 0)
			return -1;
		if (r == 0) {
			keep_dynamic(d, first);
			d->listeners_complete = TRI_YES;
			return 0;
		}
		log_line(LOG_LEVEL_VERBOSE, "%s: %s", ways[i].dynamic, refusal.text);
	}
	device_add_note_of(d, &refusal, "the router's list of listeners could not be read");
	return 0;
}

/* What the last form came to. A saved file's hint helps nobody before a live router. */
static int not_read(const struct error *refusal, struct error *err)
{
	if (!err)
		return -1;
	*err = *refusal;
	if (err->kind == ERROR_PARSE)
		err->hint[0] = err->hint_read[0] = '\0';
	error_hint(err, "log in by hand and see what `/ip service print` answers there");
	return error_wrap(err, "/ip service could not be read");
}

/* 0; 1 when the static rows are there and the conversation failed behind them; -1 without any. */
static int read_services(const struct asker *asker, struct device *d, struct error *err)
{
	bool split = ros_version_at_least(&d->version, 7, 19);
	struct error refusal = {0};

	for (size_t i = 0; i < WAYS; i++) {
		const char *request = split ? ways[i].fixed : ways[i].all;
		int r;

		error_clear(&refusal);
		r = read_rows(asker, request, false, d, &refusal, err);
		if (r < 0)
			return -1;
		if (r > 0) {
			log_line(LOG_LEVEL_VERBOSE, "%s: %s", request, refusal.text);
			continue;
		}
		d->read_as = arena_printf(&d->arena, "ssh: %s", ways[i].name);
		device_judge_completeness(d);
		if (split && !has_dynamic(d))
			return read_dynamic(asker, d, err) ? 1 : 0;
		d->listeners_complete = split ? TRI_YES : tri_of(has_dynamic(d));
		if (!split && d->version.major == 0 && !has_dynamic(d))
			d->listeners_complete = TRI_UNKNOWN;
		return 0;
	}
	return not_read(&refusal, err);
}

static int ask_and_keep(void *ctx, const char *request, struct answer *out, struct error *err)
{
	const struct keeping *k = ctx;

	if (k->asker->ask(k->asker->ctx, request, out, err))
		return -1;
	if (k->who->keeper)
		k->who->keeper->keep(k->who->keeper->ctx, request, buf_str(&out->text), out->text.n,
		                     out->status);
	return 0;
}

struct asker keeping_asker(struct keeping *k)
{
	return (struct asker){ask_and_keep, k};
}

static int read_console(const struct asker *asker, const struct reader *who, struct device *d,
                        struct error *err)
{
	int r;

	if (read_value(asker, ":put [/system resource get version]", d, &d->version_text, err))
		return -1;
	if (d->version_text && !ros_version_parse(d->version_text, &d->version)) {
		device_add_note(d, "version \"%.64s\" not understood", d->version_text);
		d->version_text = NULL;
	}
	r = read_services(asker, d, err);
	if (r < 0)
		return -1;
	/* From here on nothing is lost when the router hangs up: the services stand. */
	if (r > 0 ||
	    read_value(asker, ":put [/system resource get board-name]", d, &d->board, err) ||
	    read_value(asker, ":put [/system identity get name]", d, &d->identity, err) ||
	    read_vantage_console(asker, who, d, err)) {
		error_wrap(err, "only /ip service was read");
		return 1;
	}
	return 0;
}

int device_read_console(const struct asker *asker, const struct reader *who, struct device *d,
                        struct error *err)
{
	struct keeping keeping = {asker, who};
	struct asker keeper = keeping_asker(&keeping);
	int r = read_console(&keeper, who, d, err);

	/* These replace secrets before they keep an answer. */
	if (r == 0 && who->menus)
		r = read_menus_console(asker, who, d, err);
	return r;
}
