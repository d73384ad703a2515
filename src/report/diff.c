/* `rosaudit diff`, for people: a line per change, begun by a sign that grep finds. */
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/diff.h"
#include "rosaudit/limits.h"
#include "rosaudit/message.h"
#include "rosaudit/text.h"
#include "tally.h"

/* Of what is on one side only; a fact that changed on both has '~'. */
static char sign_of(enum diff_kind k)
{
	static const char signs[] = {
		[DIFF_APPEARED] = '+',        [DIFF_WENT] = '-',
		[DIFF_CHANGED] = '~',         [DIFF_NOW_KNOWN] = '?',
		[DIFF_NO_LONGER_KNOWN] = '?',
	};

	return signs[k];
}

static void put_side(const char *sign, const char *name, const struct snapshot *s, struct buf *out)
{
	buf_printf(out, "%s ", sign);
	text_escape_str(out, name);
	if (s->started) {
		buf_puts(out, "  ");
		text_escape_str(out, s->started);
	}
	buf_putc(out, '\n');
}

/* A word alone in its line is for the eye; the router's name stands in every line for grep. */
static void put_place(const struct diff_change *c, struct buf *out)
{
	struct buf place;

	buf_init(&place, REPORT_TEXT_BYTES);
	if (c->router)
		buf_printf(&place, "%s: ", c->router);
	buf_puts(&place, _(diff_view_name(c->view)));
	if (c->rule)
		buf_printf(&place, " %s", c->rule);
	if (c->name || c->port >= 0)
		buf_putc(&place, ' ');
	/* A static row is known by its name; its port is a property. */
	tally_place(c->name, c->view == DIFF_STATIC && c->name ? -1 : c->port, c->proto, &place);
	text_escape_str(out, buf_str(&place));
	buf_done(&place);
}

/* A value in the reader's language, where it is one of our own words: what a probe saw, a verdict.
 * All others are a router's or a policy's. */
static const char *read_value(enum diff_view view, const char *value)
{
	static const char *const ours[] = {
		N_("open"),           N_("open, serving"),
		N_("open, silent"),   N_("open, refused"),
		N_("closed"),         N_("filtered"),
		N_("open|filtered"),  N_("unknown"),
		N_("pass"),           N_("could not tell"),
		N_("waived"),         N_("finding (info)"),
		N_("finding (low)"),  N_("finding (medium)"),
		N_("finding (high)"), N_("finding (critical)"),
	};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if ((view == DIFF_REACHABLE || view == DIFF_VERDICT) && strcmp(value, ours[i]) == 0)
			return _(ours[i]);
	return value;
}

static void put_value(const char *before, const char *value, enum diff_view view, struct buf *out)
{
	if (!value)
		return;
	buf_puts(out, before);
	text_escape_str(out, read_value(view, value));
}

/* The thing as a whole: a row, a finding, a view, a router. */
static void put_whole(const struct diff_change *c, struct buf *out)
{
	static const char *const rows[] = {
		[DIFF_APPEARED] = N_(" is listed now"),
		[DIFF_WENT] = N_(" is no longer listed"),
		[DIFF_NOW_KNOWN] = N_(" is now known"),
		[DIFF_NO_LONGER_KNOWN] = N_(" is no longer known"),
	};
	static const char *const things[] = {
		[DIFF_APPEARED] = N_(" is new"),
		[DIFF_WENT] = N_(" is gone"),
		[DIFF_NOW_KNOWN] = N_(" is now known"),
		[DIFF_NO_LONGER_KNOWN] = N_(" is no longer known"),
	};
	bool listed = c->view == DIFF_STATIC || c->view == DIFF_LISTENER || c->whole_router;

	buf_puts(out, _(listed ? rows[c->kind] : things[c->kind]));
	put_value(c->new ? _(": ") : _("; it was: "), c->new ? c->new : c->old, c->view, out);
}

static void put_property(const struct diff_change *c, struct buf *out)
{
	/* The view says it already. */
	if (strcmp(c->property, diff_view_name(c->view)) != 0)
		put_value(" ", c->property, DIFF_ROUTER, out);
	if (c->kind == DIFF_CHANGED) {
		put_value(_(": "), c->old, c->view, out);
		put_value(" -> ", c->new, c->view, out);
		return;
	}
	buf_puts(out, c->kind == DIFF_NOW_KNOWN ? _(" is now known") : _(" is no longer known"));
	put_value(_(": "), c->new, c->view, out);
	put_value(_("; it was: "), c->old, c->view, out);
}

void report_diff_text(const struct diff *d, const struct diff_sides *sides, struct buf *out)
{
	if (d->n == 0)
		return;
	put_side("---", sides->old_name, sides->old, out);
	put_side("+++", sides->new_name, sides->new, out);
	for (size_t i = 0; i < d->n; i++) {
		const struct diff_change *c = &d->v[i];

		buf_printf(out, "%c ", sign_of(c->kind));
		put_place(c, out);
		if (c->property)
			put_property(c, out);
		else
			put_whole(c, out);
		buf_putc(out, '\n');
	}
}
