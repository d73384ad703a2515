/* The text report's lines of the configuration: what opens each port, or turns it off. */
#include "rosaudit/message.h"
#include "tally.h"
#include "text.h"

static void put_subject(const struct page *page, const struct subject *s)
{
	struct buf place, line;

	buf_init(&place, CAUSE_TEXT_MAX);
	buf_init(&line, 2 * CAUSE_TEXT_MAX);
	tally_place(s->name, s->port, s->proto, &place);
	buf_printf(&line, "%s: ", buf_str(&place));
	cause_format(s->cause, &line);
	if (s->cause->remark != REMARK_NONE) {
		buf_puts(&line, "; ");
		cause_say(s->cause, &language_local, &line);
	}
	page_text(page, 4, buf_str(&line), PAINT_NONE);
	buf_done(&line);
	buf_done(&place);
}

static void put_unread(const struct page *page, const struct listeners *all)
{
	struct buf b;

	if (!all->unread_n)
		return;
	buf_init(&b, 16 * CAUSE_TEXT_MAX);
	for (size_t i = 0; i < all->unread_n; i++)
		buf_printf(&b, "%s%s (%s)", i ? ", " : "", all->unread[i].menu,
		           _(menu_state_name(all->unread[i].state)));
	page_field(page, 2, _("not read"), buf_str(&b), PAINT_FAINT);
	buf_done(&b);
}

void text_put_causes(const struct page *page, const struct result *r)
{
	const struct findings *f = result_for_people(r);
	bool has_title = false;

	for (size_t i = 0; i < f->subjects_n; i++) {
		if (!f->subjects[i].cause)
			continue;
		if (!has_title)
			page_text(page, 2, _("opened by"), PAINT_TITLE);
		has_title = true;
		put_subject(page, &f->subjects[i]);
	}
	put_unread(page, &r->listeners);
}
