/* `rosaudit diff --format json`. */
#include "json.h"
#include "rosaudit/diff.h"
#include "rosaudit/version.h"

#define DIFF_VERSION 1

static json_t *side(const char *name, const struct snapshot *s)
{
	json_t *o = json_object();

	js_put(o, "name", js_text(name));
	js_put(o, "kind", json_string(s->kind == SNAPSHOT_REPORT ? "report" : "saved output"));
	js_put(o, "started", js_text(s->started));
	return o;
}

static json_t *change_object(const struct diff_change *c)
{
	json_t *o = json_object();

	js_put(o, "router", js_text(c->router));
	js_put(o, "view", json_string(diff_view_name(c->view)));
	js_put(o, "change", json_string(diff_kind_name(c->kind)));
	js_put(o, "service", js_text(c->name));
	js_put(o, "port", js_number(c->port, 0));
	js_put(o, "proto", js_text(l4_name(c->proto)));
	js_put(o, "rule", js_text(c->rule));
	js_put(o, "property", js_text(c->property));
	js_put(o, "old", js_text(c->old));
	js_put(o, "new", js_text(c->new));
	return o;
}

void report_diff_json(const struct diff *d, const struct diff_sides *sides, struct buf *out)
{
	json_t *o = json_object(), *changes = json_array();

	js_put(o, "format", json_string("rosaudit-diff"));
	js_put(o, "version", json_integer(DIFF_VERSION));
	js_put(o, "program", json_string("rosaudit " ROSAUDIT_VERSION));
	js_put(o, "old", side(sides->old_name, sides->old));
	js_put(o, "new", side(sides->new_name, sides->new));
	js_put(o, "same", json_boolean(d->n == 0));
	for (size_t i = 0; i < d->n; i++)
		js_push(changes, change_object(&d->v[i]));
	js_put(o, "changes", changes);
	js_write(o, out);
}
