/* SSH versus REST: two readings of the same router that should say the same. */
#include <stdlib.h>
#include <string.h>

#include "audit_private.h"

/* The static rows of one reading by name, and for the report's lines the matter of each. */
struct side {
	const struct service **rows;
	size_t n;
};

static int order_rows(const void *left, const void *right)
{
	const struct service *a = *(const struct service *const *)left;
	const struct service *b = *(const struct service *const *)right;
	int order = strcmp(a->name, b->name);

	return order ? order : (a < b ? -1 : a > b);
}

/* Of rows with the same name, the first. */
static struct side collect(struct audit *a, const struct device *d)
{
	struct side side = {0};
	size_t kept = 0;

	side.rows = arena_array(&a->out->arena, d->services_n + 1, sizeof(*side.rows));
	for (size_t i = 0; i < d->services_n; i++)
		if (d->services[i].name && service_is_static(&d->services[i]))
			side.rows[side.n++] = &d->services[i];
	qsort(side.rows, side.n, sizeof(*side.rows), order_rows);
	for (size_t i = 0; i < side.n; i++)
		if (!kept || strcmp(side.rows[kept - 1]->name, side.rows[i]->name) != 0)
			side.rows[kept++] = side.rows[i];
	side.n = kept;
	return side;
}

/* The matter of that row, so that the report's line shows the finding; NULL for a row that only
 * REST has. */
static const struct matter *find_matter(const struct audit *a, const struct service *row)
{
	for (size_t i = 0; i < a->matters_n; i++)
		if (a->matters[i].row == row)
			return &a->matters[i];
	return NULL;
}

static void raise_difference(struct audit *a, const struct rule_info *rule,
                             const struct service *row, const char *key, const char *ssh,
                             const char *rest)
{
	struct finding *f = audit_raise(a, find_matter(a, row), rule);

	/* The second reading does not live as long as the findings. */
	f->service = arena_strdup(&a->out->arena, row->name);
	f->declared = SAY("%s=%s over SSH, %s=%s over REST", key, ssh, key, rest);
	f->evidence = SAY("%s of %s is %s over SSH and %s over REST", key, row->name, ssh, rest);
}

static void raise_row(struct audit *a, const struct rule_info *rule, const struct service *row,
                      bool over_ssh)
{
	struct finding *f = audit_raise(a, find_matter(a, row), rule);

	f->service = arena_strdup(&a->out->arena, row->name);
	f->declared = SAY("listed over %s alone", over_ssh ? "SSH" : "REST");
	f->evidence = SAY("the router lists %s over %s and not over %s", row->name,
	                  over_ssh ? "SSH" : "REST", over_ssh ? "REST" : "SSH");
}

static void compare_text(struct audit *a, const struct rule_info *rule, const struct service *row,
                         const char *key, const char *ssh, const char *rest)
{
	if (ssh && rest && strcmp(ssh, rest) != 0)
		raise_difference(a, rule, row, key, ssh, rest);
}

static const char *say_number(struct audit *a, int n)
{
	return n > 0 ? arena_printf(&a->out->arena, "%d", n) : NULL;
}

static const char *say_tri(enum tri t)
{
	static const char *const words[] = {
		[TRI_UNKNOWN] = NULL, [TRI_NO] = "no", [TRI_YES] = "yes"};

	return words[t];
}

/* The same addresses, however the prefixes are cut and ordered. */
static bool same_addresses(const struct service *x, const struct service *y)
{
	if (!x->address_n || !y->address_n)
		return x->address_n == y->address_n;
	for (size_t i = 0; i < x->address_n; i++)
		if (!prefix_set_covers(y->address, y->address_n, &x->address[i]))
			return false;
	for (size_t i = 0; i < y->address_n; i++)
		if (!prefix_set_covers(x->address, x->address_n, &y->address[i]))
			return false;
	return true;
}

static void compare_rows(struct audit *a, const struct rule_info *rule, const struct service *ssh,
                         const struct service *rest)
{
	compare_text(a, rule, ssh, "disabled", say_tri(ssh->disabled), say_tri(rest->disabled));
	compare_text(a, rule, ssh, "port", say_number(a, ssh->port), say_number(a, rest->port));
	if (ssh->address_known && rest->address_known && !same_addresses(ssh, rest))
		raise_difference(a, rule, ssh, "address",
		                 say_prefixes(a, ssh->address, ssh->address_n),
		                 say_prefixes(a, rest->address, rest->address_n));
	compare_text(a, rule, ssh, "certificate", ssh->certificate, rest->certificate);
	compare_text(a, rule, ssh, "tls-version", ssh->tls_version, rest->tls_version);
	compare_text(a, rule, ssh, "vrf", ssh->vrf, rest->vrf);
	compare_text(a, rule, ssh, "max-sessions", say_number(a, ssh->max_sessions),
	             say_number(a, rest->max_sessions));
}

void rule_transports(struct audit *a, const struct rule_info *rule)
{
	const struct device *second = a->in->second;
	struct side ssh, rest;
	size_t i = 0, j = 0;

	if (!second)
		return;
	ssh = collect(a, a->device);
	rest = collect(a, second);
	while (i < ssh.n || j < rest.n) {
		int order = i == ssh.n    ? 1
		            : j == rest.n ? -1
		                          : strcmp(ssh.rows[i]->name, rest.rows[j]->name);

		/* A row that one reading lacks says something only if that reading is whole. */
		if (order < 0 && second->static_complete == TRI_YES)
			raise_row(a, rule, ssh.rows[i], true);
		if (order > 0 && a->device->static_complete == TRI_YES)
			raise_row(a, rule, rest.rows[j], false);
		if (order == 0)
			compare_rows(a, rule, ssh.rows[i], rest.rows[j]);
		i += order <= 0;
		j += order >= 0;
	}
}
