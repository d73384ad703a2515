/* Readers of what a policy says of ports, findings and waivers. */
#include <string.h>
#include <time.h>

#include "rosaudit/text.h"
#include "values.h"

int value_read_reachable(const struct reading *r, const struct schema_key *k, const struct node *n,
                         void *base)
{
	static const char *const words[] = {"served", "refused", NULL};
	struct expect_service *s = base;
	int v = value_bool(n);

	for (int i = 0; n->kind == NODE_SCALAR && words[i]; i++) {
		if (strcmp(words[i], n->text) != 0)
			continue;
		s->reachable = tri_of(i == 0);
		s->reachable_exactly = true;
		return 0;
	}
	if (v < 0) {
		const char *near = n->kind == NODE_SCALAR ? text_nearest(n->text, words) : NULL;

		return reading_wrong(r, k, n,
		                     near ? arena_printf(r->arena, "did you mean \"%s\"?", near)
		                          : NULL);
	}
	s->reachable = tri_of(v);
	s->reachable_exactly = false;
	return 0;
}

int value_read_glob(const struct reading *r, const struct schema_key *k, const struct node *n,
                    void *base)
{
	const char *text = value_text(r, k, n);

	if (!text)
		return -1;
	value_store_text(k, base, text);
	return 0;
}

int value_read_link(const struct reading *r, const struct schema_key *k, const struct node *n,
                    void *base)
{
	const char *text = value_text(r, k, n);

	if (!text)
		return -1;
	if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
		return reading_wrong(r, k, n, NULL);
	if (strpbrk(text, " \"<>\\"))
		return reading_fault(r, n, NULL,
		                     "\"%s\" in %s holds what no URL has: a blank, "
		                     "a quote, < or >",
		                     k->key, r->place);
	value_store_text(k, base, text);
	return 0;
}

int value_read_rule(const struct reading *r, const struct schema_key *k, const struct node *n,
                    void *base)
{
	unsigned long v;

	/* Which ids there are only src/audit knows: one that does not exist matches nothing, and
	 * that is a finding. */
	if (n->kind != NODE_SCALAR || n->n != 5 || strncmp(n->text, "RA", 2) != 0 ||
	    !text_to_uint(n->text + 2, 3, 0, 999, &v))
		return reading_wrong(r, k, n, "rosaudit explain lists the rules");
	value_store_text(k, base, n->text);
	return 0;
}

bool value_port_id(const char *text, uint16_t *first, uint16_t *last, bool *udp)
{
	const char *slash = strchr(text, '/');
	struct number_range range;
	char digits[16];
	size_t n = slash ? (size_t)(slash - text) : 0;

	if (n == 0 || n >= sizeof(digits))
		return false;
	memcpy(digits, text, n);
	digits[n] = '\0';
	*udp = strcmp(slash, "/udp") == 0;
	if (!*udp && strcmp(slash, "/tcp") != 0)
		return false;
	if (!value_range(digits, 1, 65535, &range))
		return false;
	*first = (uint16_t)range.min;
	*last = (uint16_t)range.max;
	return true;
}

int value_read_port_id(const struct reading *r, const struct schema_key *k, const struct node *n,
                       void *base)
{
	struct waiver *w = base;
	uint16_t first, last;

	if (n->kind != NODE_SCALAR || !value_port_id(n->text, &first, &last, &w->port_udp))
		return reading_wrong(r, k, n, NULL);
	w->port_first = first;
	w->port_last = last;
	return 0;
}

/* 00:00 of that day where we are, or -1 for a day that no calendar has. */
static int64_t day_begins(int year, int month, int day)
{
	struct tm tm = {
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1};
	time_t t = mktime(&tm);

	if (t == (time_t)-1 || tm.tm_mon != month - 1 || tm.tm_mday != day)
		return -1;
	return (int64_t)t;
}

int value_read_date(const struct reading *r, const struct schema_key *k, const struct node *n,
                    void *base)
{
	struct waiver *w = base;
	unsigned long year, month, day;
	int64_t t;

	if (n->kind != NODE_SCALAR || n->n != 10 || n->text[4] != '-' || n->text[7] != '-' ||
	    !text_to_uint(n->text, 4, 2000, 9999, &year) ||
	    !text_to_uint(n->text + 5, 2, 1, 12, &month) ||
	    !text_to_uint(n->text + 8, 2, 1, 31, &day))
		return reading_wrong(r, k, n, "year, month and day: 2027-01-31");
	t = day_begins((int)year, (int)month, (int)day);
	if (t < 0)
		return reading_fault(r, n, NULL, "\"%s\" in %s: there is no day %s", k->key,
		                     r->place, n->text);
	w->expires = n->text;
	w->expires_at = t;
	return 0;
}
