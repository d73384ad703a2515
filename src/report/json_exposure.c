/* The matrix in JSON, all of it: docs/exposure.schema.json says what each field means. */
#include <stdlib.h>

#include "exposure.h"
#include "json.h"
#include "rosaudit/limits.h"

static json_t *address_text(const struct address *a)
{
	struct buf b;
	json_t *text;

	if (!a->family)
		return json_null();
	buf_init(&b, 200);
	address_format(a, &b);
	text = js_text(buf_str(&b));
	buf_done(&b);
	return text;
}

static json_t *set_array(const struct addrset *s)
{
	json_t *v = json_array();

	for (size_t i = 0; i < s->n; i++) {
		struct addr_range r = addrset_range(s, i);
		struct buf b;

		buf_init(&b, 200);
		addr_range_format(s->family, &r, &b);
		js_push(v, json_string(buf_str(&b)));
		buf_done(&b);
	}
	return v;
}

static json_t *rule_object(const struct exposure_rule *r)
{
	json_t *o;

	if (!r)
		return json_null();
	o = json_object();
	js_put(o, "menu", js_text(r->menu));
	js_put(o, "number", json_integer((json_int_t)r->number));
	js_put(o, "id", js_text(r->id));
	js_put(o, "comment", js_text(r->comment));
	js_put(o, "chain", js_text(r->chain));
	js_put(o, "action", js_text(r->action));
	js_put(o, "packets", r->packets_known ? json_integer((json_int_t)r->packets) : json_null());
	return o;
}

static json_t *possible_array(unsigned mask)
{
	json_t *v = json_array();

	for (unsigned o = EXPOSURE_SERVED; o < EXPOSURE_OUTCOMES; o++)
		if (mask >> o & 1)
			js_push(v, json_string(exposure_outcome_name((enum exposure_outcome)o)));
	return v;
}

static json_t *part_object(const struct exposure_part *p, const struct addrset *from)
{
	json_t *o = json_object();

	js_put(o, "outcome", json_string(exposure_outcome_name(p->outcome)));
	js_put(o, "possible", possible_array(p->possible));
	js_put(o, "from", set_array(from));
	js_put(o, "rule", rule_object(p->rule));
	js_put(o, "why", js_text(p->why));
	js_put(o, "at", address_text(&p->at));
	return o;
}

static json_t *parts_array(const struct exposure_row *r, const struct exposure_ask *ask)
{
	json_t *v = json_array();
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < r->n; i++) {
		struct addrset from = exposure_asked_of(&r->parts[i], ask, &arena);

		if (from.n)
			js_push(v, part_object(&r->parts[i], &from));
	}
	arena_done(&arena);
	return v;
}

static json_t *row_object(const struct exposure_row *r, size_t partition)
{
	json_t *o = json_object();

	js_put(o, "interface", js_text(r->interface));
	js_put(o, "vrf", js_text(r->vrf));
	js_put(o, "service", js_text(r->service));
	js_put(o, "port", json_integer(r->port));
	js_put(o, "local_port", json_integer(r->local_port));
	js_put(o, "by", rule_object(r->by));
	js_put(o, "proto", js_text(l4_name(r->proto)));
	js_put(o, "family", json_integer(r->family));
	js_put(o, "listening", js_tri(r->listening));
	js_put(o, "partition", json_integer((json_int_t)partition));
	return o;
}

/* Rows that meet the same rules share their parts: those are written once. */
static void put_rows(json_t *o, const struct exposure *e, const struct exposure_ask *ask)
{
	json_t *rows = json_array(), *partitions = json_array();
	const struct exposure_part **known = mem_alloc((e->rows_n + 1) * sizeof(*known));
	size_t n = 0;

	for (size_t i = 0; i < e->rows_n; i++) {
		const struct exposure_row *r = &e->rows[i];
		size_t k = 0;

		if (!exposure_is_asked(r, ask))
			continue;
		while (k < n && known[k] != r->parts)
			k++;
		if (k == n) {
			known[n++] = r->parts;
			js_push(partitions, parts_array(r, ask));
		}
		js_push(rows, row_object(r, k));
	}
	free(known);
	js_put(o, "rows", rows);
	js_put(o, "partitions", partitions);
}

static json_t *gaps_array(const struct exposure *e)
{
	json_t *v = json_array();

	for (size_t i = 0; i < e->gaps_n; i++) {
		json_t *o = json_object();

		js_put(o, "menu", js_text(e->gaps[i].menu));
		js_put(o, "what", js_text(e->gaps[i].what));
		js_put(o, "text", js_text(e->gaps[i].text));
		js_put(o, "count", json_integer((json_int_t)e->gaps[i].count));
		js_push(v, o);
	}
	return v;
}

static json_t *flaws_array(const struct exposure *e)
{
	json_t *v = json_array();

	for (size_t i = 0; i < e->flaws_n; i++) {
		const struct exposure_flaw *f = &e->flaws[i];
		json_t *o = json_object();

		js_put(o, "kind", json_string(exposure_flaw_name(f->kind)));
		js_put(o, "rule", rule_object(f->rule));
		js_put(o, "by", rule_object(f->by));
		js_put(o, "name", js_text(f->name));
		js_put(o, "interface", js_text(f->interface));
		js_push(v, o);
	}
	return v;
}

static json_t *assumed_array(const struct exposure *e)
{
	json_t *v = json_array();

	for (size_t i = 0; e->assumed && e->assumed[i]; i++)
		js_push(v, js_text(e->assumed[i]));
	return v;
}

json_t *js_exposure(const struct exposure *e, const struct exposure_ask *ask)
{
	json_t *o = json_object();

	js_put(o, "known", json_boolean(e->known));
	js_put(o, "why", js_text(e->unknown_why));
	js_put(o, "ipv6", js_tri(e->ipv6));
	put_rows(o, e, ask);
	js_put(o, "gaps", gaps_array(e));
	js_put(o, "flaws", flaws_array(e));
	js_put(o, "assumed", assumed_array(e));
	return o;
}

void report_exposure_json(const char *router, const struct exposure *e,
                          const struct exposure_ask *ask, struct buf *out)
{
	json_t *o = js_exposure(e, ask), *document = json_object();

	js_put(document, "format", json_string("rosaudit-exposure"));
	js_put(document, "version", json_integer(1));
	js_put(document, "router", js_text(router));
	js_put(document, "exposure", o);
	js_write(document, out);
}
