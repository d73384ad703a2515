/* The address under which the router sees us: from /user active, else from the connection rows of
 * 7.19+, and only where one address alone can be ours. */
#include <string.h>

#include "rosaudit/menu.h"
#include "read_private.h"

/* Distinct addresses that could be ours; more than one is no answer. That one of them is this
 * machine's own says nothing: behind NAT another host may have it. */
struct candidates {
	struct address first;
	size_t n;
};

/* "192.0.2.10", "192.0.2.10:34272", "[2001:db8::1]:443", "fe80::1%ether1": the address in it. A
 * router's zone names the router's interface, so it says nothing here. */
static bool take_address(const char *s, struct address *out)
{
	size_t n = strcspn(s, "%");
	const char *colon = strchr(s, ':');

	if (s[0] == '[')
		return address_parse(s + 1, strcspn(s + 1, "]%"), out);
	if (colon && !strchr(colon + 1, ':'))
		n = (size_t)(colon - s);
	return address_parse(s, n, out);
}

static bool same_address(const struct address *a, const struct address *b)
{
	struct address x = *a, y = *b;

	x.scope = y.scope = 0;
	return address_equal(&x, &y);
}

static void add(struct candidates *c, const char *text)
{
	struct address a;

	if (!text || !take_address(text, &a))
		return;
	if (c->n && same_address(&c->first, &a))
		return;
	if (c->n == 0)
		c->first = a;
	c->n++;
}

static bool decide(const struct candidates *c, struct device *d)
{
	if (c->n != 1)
		return false;
	d->seen_as = c->first;
	d->seen_as.scope = 0;
	d->seen_as_known = true;
	return true;
}

static const char *value_of(const struct row *row, const char *name)
{
	const struct cell *cell = row_find(row, name);

	return cell && cell->value[0] ? cell->value : NULL;
}

/* The rows of our user by our kind of login, and those that do not say by which. How `via` spells a
 * REST login no source shows: where it is not spelled as expected, the vantage stays unknown. */
static bool may_be_ours(const struct row *row, const struct reader *who)
{
	const char *name = value_of(row, "name"), *via = value_of(row, "via");

	if (!name || !who->user || strcmp(name, who->user) != 0)
		return false;
	return !via || strcmp(via, who->via) == 0;
}

static bool from_user_active(const char *p, size_t n, const struct reader *who, struct device *d)
{
	struct candidates c = {0};
	struct error ignored = {0};
	struct rows rows;

	if (rows_parse(&menus[MENU_USER_ACTIVE], p, n, "answer", &d->arena, &rows, &ignored))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		if (may_be_ours(&rows.v[i], who))
			add(&c, value_of(&rows.v[i], "address"));
	return decide(&c, d);
}

/* Our own session is one of the connection rows of the service we came through (7.19+). */
static bool from_connections(const struct reader *who, struct device *d)
{
	struct candidates c = {0};

	for (size_t i = 0; i < d->services_n; i++) {
		const struct service *s = &d->services[i];

		if (s->connection == TRI_YES && s->name && who->service &&
		    strcmp(s->name, who->service) == 0)
			add(&c, s->remote);
	}
	return decide(&c, d);
}

int read_vantage_console(const struct asker *asker, const struct reader *who, struct device *d,
                         struct error *err)
{
	static const char *const requests[] = {
		":foreach i in=[/user active find] do={:put [/user active get $i]}",
		"/user active print terse",
	};
	struct answer answer;
	int r = 0;

	answer_init(&answer);
	for (size_t i = 0; i < 2 && !d->seen_as_known; i++) {
		buf_clear(&answer.text);
		r = asker->ask(asker->ctx, requests[i], &answer, err);
		if (r)
			break;
		if (!console_is_error(buf_str(&answer.text), answer.text.n, answer.status, NULL) &&
		    from_user_active(buf_str(&answer.text), answer.text.n, who, d))
			break;
	}
	answer_done(&answer);
	if (!d->seen_as_known)
		from_connections(who, d);
	return r;
}

int read_vantage_rest(const struct asker *asker, const struct reader *who, struct device *d,
                      struct error *err)
{
	struct answer answer;
	int r;

	answer_init(&answer);
	r = asker->ask(asker->ctx, "user/active", &answer, err);
	if (r == 0 && answer.status == 200)
		from_user_active(buf_str(&answer.text), answer.text.n, who, d);
	answer_done(&answer);
	if (!d->seen_as_known)
		from_connections(who, d);
	return r;
}
