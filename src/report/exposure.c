/* `rosaudit exposure`: the matrix as text. */
#include <string.h>

#include "exposure.h"
#include "page.h"
#include "rosaudit/limits.h"
#include "rosaudit/message.h"

static const struct {
	enum exposure_outcome outcome;
	const char *word;
	enum paint paint;
} shown[] = {
	{EXPOSURE_SERVED, N_("served"), PAINT_HIGH},
	{EXPOSURE_UNKNOWN, N_("unknown"), PAINT_UNKNOWN},
	{EXPOSURE_FORWARDED, N_("forwarded"), PAINT_MEDIUM},
	{EXPOSURE_REFUSED, N_("refused"), PAINT_PASS},
	{EXPOSURE_TARPIT, N_("held"), PAINT_PASS},
	{EXPOSURE_CLOSED, N_("closed"), PAINT_PASS},
	{EXPOSURE_REJECTED, N_("rejected"), PAINT_PASS},
	{EXPOSURE_DROPPED, N_("dropped"), PAINT_PASS},
};

static void put_lines(const struct page *page, const struct exposure_lines *lines, size_t k)
{
	bool first = true;

	for (size_t i = 0; i < lines->n; i++) {
		struct buf text;

		if (lines->v[i].part->outcome != shown[k].outcome)
			continue;
		buf_init(&text, LIMIT_LINE_BYTES);
		exposure_line_say(&lines->v[i], &text);
		page_field(page, 2, first ? _(shown[k].word) : "", buf_str(&text), shown[k].paint);
		buf_done(&text);
		first = false;
	}
}

static bool is_first(const struct exposure *e, size_t i, const struct exposure_ask *ask)
{
	if (!exposure_is_asked(&e->rows[i], ask))
		return false;
	for (size_t k = 0; k < i; k++)
		if (exposure_same_service(&e->rows[k], &e->rows[i]) &&
		    exposure_is_asked(&e->rows[k], ask))
			return false;
	return true;
}

static void put_service(const struct page *page, const struct exposure *e,
                        const struct exposure_row *row, const struct exposure_ask *ask)
{
	struct exposure_lines lines;
	struct arena arena;
	struct buf head;

	arena_init(&arena);
	buf_init(&head, LIMIT_LINE_BYTES);
	exposure_row_say(row, &language_local, &head);
	if (row->listening == TRI_NO)
		buf_puts(&head, _(" (disabled)"));
	page_text(page, 0, buf_str(&head), PAINT_TITLE);
	exposure_group(e, row, ask, &arena, &lines);
	for (size_t k = 0; k < sizeof(shown) / sizeof(shown[0]); k++)
		put_lines(page, &lines, k);
	buf_done(&head);
	arena_done(&arena);
}

static void put_gaps(const struct page *page, const struct exposure *e)
{
	if (e->gaps_n)
		page_text(page, 0, _("Not understood, or not read:"), PAINT_TITLE);
	for (size_t i = 0; i < e->gaps_n; i++) {
		const struct exposure_gap *g = &e->gaps[i];
		struct buf text;

		buf_init(&text, LIMIT_LINE_BYTES);
		/* Why a menu was not read is told in our own words. */
		buf_printf(&text, "%s%s%s %s", g->menu, _(": "), _(g->what),
		           strcmp(g->what, "menu") == 0 ? _(g->text) : g->text);
		if (g->count > 1)
			buf_printf(&text, " (%zu)", g->count);
		page_text(page, 2, buf_str(&text), PAINT_UNKNOWN);
		buf_done(&text);
	}
}

static void put_assumed(const struct page *page, const struct exposure *e)
{
	page_text(page, 0, _("Taken for granted:"), PAINT_TITLE);
	for (size_t i = 0; e->assumed && e->assumed[i]; i++)
		page_text(page, 2, _(e->assumed[i]), PAINT_FAINT);
}

void report_exposure_text(const struct exposure *e, const struct exposure_ask *ask,
                          const struct report_options *opt, struct buf *out)
{
	const struct page page = {out, opt->width, opt->colour};
	bool any = false;

	if (!e->known) {
		page_text(&page, 0, _("Unknown: the router's firewall was not read."),
		          PAINT_UNKNOWN);
		return;
	}
	for (size_t i = 0; i < e->rows_n; i++) {
		if (!is_first(e, i, ask))
			continue;
		any = true;
		if (e->rows[i].listening == TRI_NO && !opt->verbose && !(ask && ask->service))
			continue;
		put_service(&page, e, &e->rows[i], ask);
	}
	if (!any)
		page_text(&page, 0, _("No such interface, service or family."), PAINT_UNKNOWN);
	put_gaps(&page, e);
	if (opt->verbose)
		put_assumed(&page, e);
}
