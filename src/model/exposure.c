/* Who can reach what: lookup and words. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/exposure.h"
#include "rosaudit/message.h"

const char *exposure_outcome_name(enum exposure_outcome o)
{
	static const char *const names[EXPOSURE_OUTCOMES] = {
		[EXPOSURE_UNKNOWN] = N_("unknown"),   [EXPOSURE_SERVED] = N_("served"),
		[EXPOSURE_REFUSED] = N_("refused"),   [EXPOSURE_CLOSED] = N_("closed"),
		[EXPOSURE_REJECTED] = N_("rejected"), [EXPOSURE_DROPPED] = N_("dropped"),
		[EXPOSURE_TARPIT] = N_("tarpit"),     [EXPOSURE_FORWARDED] = N_("forwarded"),
	};

	return names[o];
}

const char *exposure_flaw_name(enum exposure_flaw_kind k)
{
	static const char *const names[] = {
		[FLAW_UNREACHABLE] = "unreachable",
		[FLAW_SHADOWED] = "shadowed",
		[FLAW_ACCEPT_ABOVE] = "accept-above",
		[FLAW_NO_LIST] = "no-list",
		[FLAW_NO_INTERFACE_LIST] = "no-interface-list",
		[FLAW_NO_CHAIN] = "no-chain",
		[FLAW_LOOP] = "loop",
		[FLAW_INVALID] = "invalid",
		[FLAW_IPV6_OPEN] = "ipv6-open",
		[FLAW_LAYER2] = "layer2",
	};

	return names[k];
}

void exposure_init(struct exposure *e)
{
	*e = (struct exposure){0};
	arena_init(&e->arena);
}

void exposure_done(struct exposure *e)
{
	if (!e)
		return;
	arena_done(&e->arena);
	*e = (struct exposure){0};
}

const struct exposure_row *exposure_find(const struct exposure *e, const char *interface,
                                         const char *service, int family)
{
	for (size_t i = 0; i < e->rows_n; i++) {
		const struct exposure_row *r = &e->rows[i];

		if (r->family != family || strcmp(r->service, service) != 0)
			continue;
		if (!interface || (r->interface && strcmp(r->interface, interface) == 0))
			return r;
	}
	return NULL;
}

const struct exposure_part *exposure_part_of(const struct exposure_row *r,
                                             const struct address *source)
{
	addr_number x = address_number(source);

	if (source->family != r->family)
		return NULL;
	for (size_t i = 0; i < r->n; i++)
		if (addrset_contains(&r->parts[i].from, x))
			return &r->parts[i];
	return NULL;
}

/* "/ip firewall nat" -> "nat"; filter is what everybody means by "rule". */
static const char *table_of(const char *menu)
{
	const char *blank = strrchr(menu, ' ');
	const char *table = blank ? blank + 1 : menu;

	return strcmp(table, "filter") == 0 ? NULL : table;
}

void exposure_rule_say(const struct exposure_rule *r, const struct language *in, struct buf *out)
{
	const char *table;

	if (!r) {
		buf_puts(out, in->say(N_("no rule drops it")));
		return;
	}
	table = table_of(r->menu);
	if (table)
		buf_printf(out, "%s ", table);
	buf_printf(out, in->say(N_("rule %zu")), r->number);
	if (r->comment && r->comment[0])
		buf_printf(out, " \"%s\"", r->comment);
}

void exposure_rule_format(const struct exposure_rule *r, struct buf *out)
{
	exposure_rule_say(r, &language_english, out);
}

const char *exposure_way_in(const struct exposure *e, const struct address *source)
{
	addr_number x = address_number(source);
	const char *found = NULL;

	for (size_t i = 0; i < e->networks_n; i++) {
		const struct exposure_network *n = &e->networks[i];

		if (n->family != source->family || x < n->range.first || x > n->range.last)
			continue;
		if (found && strcmp(found, n->interface) != 0)
			return NULL;
		found = n->interface;
	}
	return found;
}

void exposure_row_say(const struct exposure_row *r, const struct language *in, struct buf *out)
{
	char port[32];

	snprintf(port, sizeof(port), "%d/%s", r->port, l4_name(r->proto));
	buf_puts(out, r->service);
	if (r->local_port != r->port)
		buf_printf(out, in->say(N_(" via %s")), port);
	else
		buf_printf(out, " %s", port);
	if (!r->by)
		return;
	buf_puts(out, " (");
	exposure_rule_say(r->by, in, out);
	buf_putc(out, ')');
}
