/* The matrix router × service of the HTML report: what each view says, and what came of it, at a
 * glance. Signs carry the meaning; colours repeat it. */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "rosaudit/arena.h"
#include "rosaudit/message.h"

/* More columns than this nobody can read; what is left out is in the routers' own tables. */
#define COLUMNS_MAX 40

enum value { VALUE_NONE = 0, VALUE_ON, VALUE_LIMITED, VALUE_OFF, VALUE_UNKNOWN, VALUE_OTHER };

static const struct {
	const char *class, *sign, *words;
} values[] = {
	[VALUE_NONE] = {"v-none", "\xC2\xB7", N_("no value in this view")},
	[VALUE_ON] = {"v-on", "\xE2\x97\x8F", N_("on, open, serving")},
	[VALUE_LIMITED] = {"v-limited", "\xE2\x97\x90",
                           N_("on for some addresses, refused, silent")},
	[VALUE_OFF] = {"v-off", "\xE2\x97\x8B", N_("off, closed, filtered")},
	[VALUE_UNKNOWN] = {"v-unknown", "?", N_("not known")},
	[VALUE_OTHER] = {"v-other", "*", N_("something else: see the router")},
};

/* The audit's short English words of the three views begin like this. */
static enum value value_of(const char *text)
{
	static const struct {
		const char *begin;
		enum value value;
	} words[] = {
		{"enabled", VALUE_ON},           {"listening", VALUE_ON},
		{"required", VALUE_ON},          {"allowed", VALUE_ON},
		{"reachable", VALUE_ON},         {"serving", VALUE_ON},
		{"open, serving", VALUE_ON},     {"open, refused", VALUE_LIMITED},
		{"open, silent", VALUE_LIMITED}, {"open", VALUE_ON},
		{"refused", VALUE_LIMITED},      {"silent", VALUE_LIMITED},
		{"restricted", VALUE_LIMITED},   {"disabled", VALUE_OFF},
		{"forbidden", VALUE_OFF},        {"unreachable", VALUE_OFF},
		{"closed", VALUE_OFF},           {"filtered", VALUE_OFF},
		{"not listed", VALUE_OFF},       {"unknown", VALUE_UNKNOWN},
		{"not probed", VALUE_UNKNOWN},   {"shared", VALUE_UNKNOWN},
		{"ignored", VALUE_NONE},
	};
	const char *restricted = strstr(text, "restricted");

	if (strcmp(text, "-") == 0)
		return VALUE_NONE;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strncmp(text, words[i].begin, strlen(words[i].begin)) != 0)
			continue;
		if (words[i].value != VALUE_ON)
			return words[i].value;
		if ((restricted && strncmp(restricted - 2, "un", 2) != 0) ||
		    strstr(text, "within") || strstr(text, "prefix") || strstr(text, "invalid"))
			return VALUE_LIMITED;
		return VALUE_ON;
	}
	return VALUE_OTHER;
}

struct column {
	const char *name;
	int port;       /* the smallest one that the service has anywhere */
	size_t routers; /* subjects of that name */
};

struct matrix {
	struct arena arena;
	struct column *v;
	size_t n, left_out;
};

static int by_routers(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	if (x->routers != y->routers)
		return x->routers < y->routers ? 1 : -1;
	return x->port != y->port ? x->port - y->port : strcmp(x->name, y->name);
}

static int by_port(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	return x->port != y->port ? x->port - y->port : strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Sorted by name; equal names become one. */
static size_t unite(struct column *v, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || strcmp(v[kept - 1].name, v[i].name) != 0) {
			v[kept++] = v[i];
			continue;
		}
		v[kept - 1].routers++;
		if (v[i].port >= 0 && (v[kept - 1].port < 0 || v[i].port < v[kept - 1].port))
			v[kept - 1].port = v[i].port;
	}
	return kept;
}

/* The services that most routers have, by port. */
static void make_columns(const struct results *all, struct matrix *m)
{
	size_t cells = 0;

	for (size_t i = 0; i < all->n; i++)
		cells += all->v[i].findings.subjects_n;
	m->v = arena_array(&m->arena, cells, sizeof(*m->v));
	for (size_t i = 0; i < all->n; i++) {
		const struct findings *f = &all->v[i].findings;

		for (size_t j = 0; j < f->subjects_n; j++)
			m->v[m->n++] = (struct column){f->subjects[j].name, f->subjects[j].port, 1};
	}
	if (m->n == 0)
		return;
	qsort(m->v, m->n, sizeof(*m->v), by_name);
	m->n = unite(m->v, m->n);
	qsort(m->v, m->n, sizeof(*m->v), by_routers);
	m->left_out = m->n > COLUMNS_MAX ? m->n - COLUMNS_MAX : 0;
	m->n -= m->left_out;
	qsort(m->v, m->n, sizeof(*m->v), by_port);
}

/* What is shown of several subjects of one name: the worst. */
static int weight(const struct judged *j)
{
	static const int weights[] = {
		[OUTCOME_NONE] = 0,    [OUTCOME_PASS] = 1,     [OUTCOME_WAIVED] = 2,
		[OUTCOME_UNKNOWN] = 3, [OUTCOME_FINDING] = 10,
	};

	return weights[j->outcome] + (j->outcome == OUTCOME_FINDING ? (int)j->severity : 0);
}

static const struct subject *find_subject(const struct findings *f, const char *name,
                                          struct judged *judged, size_t *index)
{
	const struct subject *best = NULL;

	for (size_t i = 0; i < f->subjects_n; i++) {
		struct judged j;

		if (strcmp(f->subjects[i].name, name) != 0)
			continue;
		j = tally_judge(f, &f->subjects[i]);
		if (best && weight(&j) <= weight(judged))
			continue;
		best = &f->subjects[i];
		*judged = j;
		*index = i;
	}
	return best;
}

static void put_value(struct xml *x, const char *text)
{
	html_element(x, "span", values[value_of(text)].class, values[value_of(text)].sign);
}

static const char *mark_of(const struct judged *j)
{
	/* TRANSLATORS: the severities from info to critical, in one letter. */
	static const char *const letters[] = {N_("I"), N_("L"), N_("M"), N_("H"), N_("C")};
	static const char *const marks[] = {
		[OUTCOME_NONE] = "\xE2\x80\x93", [OUTCOME_PASS] = "\xE2\x9C\x93",
		[OUTCOME_FINDING] = NULL,        [OUTCOME_UNKNOWN] = "?",
		[OUTCOME_WAIVED] = N_("w"),
	};

	return j->outcome == OUTCOME_FINDING ? letters[j->severity] : marks[j->outcome];
}

static void put_cell(struct xml *x, const struct result *r, size_t router, const char *name)
{
	struct judged j = {0};
	size_t index = 0;
	const struct subject *s = find_subject(&r->findings, name, &j, &index), *read;
	bool finding = j.outcome == OUTCOME_FINDING;
	const char *class = finding ? severity_name(j.severity) : html_kind(j.outcome);
	const char *words = finding ? severity_name(j.severity) : tally_outcome_name(j.outcome);

	if (!s) {
		html_open(x, "td", "absent");
		html_element(x, "span", "sr", _("not listed, not seen"));
		xml_close(x);
		return;
	}
	read = &result_for_people(r)->subjects[index];
	words = _(words ? words : N_("not compared"));
	html_open(x, "td", class);
	xml_open(x, "a");
	xml_attr_printf(x, "href", "#r%zu-s%zu", router + 1, index + 1);
	xml_attr_printf(x, "title", _("expected: %s; declared: %s; reachable: %s; %s"),
	                read->expected, read->declared, read->reachable, words);
	xml_open(x, "span");
	xml_attr(x, "aria-hidden", "true");
	put_value(x, s->expected);
	put_value(x, s->declared);
	put_value(x, s->reachable);
	html_element(x, "b", "mark", _(mark_of(&j)));
	xml_close(x);
	html_open(x, "span", "sr");
	xml_printf(x, _("expected %s, declared %s, reachable %s: %s"), read->expected,
	           read->declared, read->reachable, words);
	xml_close(x);
	xml_close(x);
	xml_close(x);
}

static void put_row(struct xml *x, const struct results *all, size_t i, const struct matrix *m)
{
	struct buf name;

	html_router_name(all, i, &name);
	xml_open(x, "tr");
	xml_attr_printf(x, "data-router", "r%zu", i + 1);
	xml_open(x, "th");
	xml_attr(x, "scope", "row");
	xml_text(x, buf_str(&name));
	xml_close(x);
	if (all->v[i].findings.subjects_n == 0) {
		xml_open(x, "td");
		xml_attr_number(x, "colspan", (long long)m->n);
		html_badge(x, all->v[i].audited ? "none" : "unknown",
		           _(tally_router_words(all, i)));
		xml_close(x);
	} else {
		for (size_t c = 0; c < m->n; c++)
			put_cell(x, &all->v[i], i, m->v[c].name);
	}
	xml_close(x);
	xml_newline(x);
	buf_done(&name);
}

static void put_head(struct xml *x, const struct matrix *m)
{
	xml_open(x, "thead");
	xml_open(x, "tr");
	html_th(x, _("Router"), NULL, NULL);
	for (size_t i = 0; i < m->n; i++) {
		xml_open(x, "th");
		xml_attr(x, "scope", "col");
		xml_text(x, m->v[i].name);
		html_open(x, "span", "views");
		xml_attr(x, "aria-hidden", "true");
		/* TRANSLATORS: the initials of expected, declared, reachable. */
		xml_text(x, _("E D R"));
		xml_close(x);
		xml_close(x);
	}
	xml_close(x);
	xml_close(x);
	xml_newline(x);
}

static void put_legend(struct xml *x, const struct matrix *m)
{
	html_open(x, "p", "legend");
	xml_text(x, _("In each cell: expected, declared, reachable, and what came of it. "));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		html_open(x, "span", "key");
		html_element(x, "span", values[i].class, values[i].sign);
		xml_printf(x, " %s", _(values[i].words));
		xml_close(x);
		xml_text(x, " ");
	}
	xml_text(x, _("Then: \xE2\x9C\x93 pass; C, H, M, L, I: the severity of the worst "
	              "finding; ? could not tell; w waived; \xE2\x80\x93 not compared."));
	if (m->left_out > 0)
		xml_printf(x,
		           P_(" %zu rarer one is in the routers' own tables only.",
		              " %zu rarer ones are in the routers' own tables only.", m->left_out),
		           m->left_out);
	xml_close(x);
	xml_newline(x);
}

void html_put_matrix(struct xml *x, const struct results *all)
{
	struct matrix m = {0};

	arena_init(&m.arena);
	make_columns(all, &m);
	if (m.n > 0) {
		xml_open(x, "section");
		xml_attr(x, "aria-labelledby", "matrix");
		xml_newline(x);
		xml_open(x, "h2");
		xml_attr(x, "id", "matrix");
		xml_text(x, _("Routers and services"));
		xml_close(x);
		xml_newline(x);
		put_legend(x, &m);
		html_open(x, "div", "scroll");
		xml_attr(x, "role", "region");
		xml_attr(x, "aria-labelledby", "matrix");
		xml_attr(x, "tabindex", "0");
		xml_newline(x);
		html_open(x, "table", "matrix");
		html_element(x, "caption", "sr", _("What each router offers, by service"));
		xml_newline(x);
		put_head(x, &m);
		xml_open(x, "tbody");
		xml_newline(x);
		for (size_t i = 0; i < all->n; i++)
			put_row(x, all, i, &m);
		xml_close(x);
		xml_close(x);
		xml_close(x);
		xml_newline(x);
		xml_close(x);
		xml_newline(x);
	}
	arena_done(&m.arena);
}
