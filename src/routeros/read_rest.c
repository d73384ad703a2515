/* Reading a router over REST (7.1+): the same menus as JSON. */
#include <stdio.h>

#include "rosaudit/menu.h"
#include "rosaudit/routeros.h"
#include "read_private.h"

/* One GET of a menu, taken into the device. 0; 1 when the router said no; -1 when the conversation
 * failed. */
static int read_menu(const struct asker *asker, const struct menu *menu, struct device *d,
                     struct error *refusal, struct error *err)
{
	struct answer answer;
	struct rows rows;
	char where[128];
	int r = 0;

	answer_init(&answer);
	if (asker->ask(asker->ctx, menu->rest, &answer, err)) {
		r = -1;
		goto out;
	}
	snprintf(where, sizeof(where), "answer to GET /rest/%s", menu->rest);
	/* Any other status is an error object: rows_parse makes a sentence of it. */
	if (rows_parse(menu, buf_str(&answer.text), answer.text.n, where, &d->arena, &rows,
	               refusal))
		r = 1;
	else if (answer.status != 200)
		r = error_set(refusal, ERROR_REMOTE, "%s came with status %d", where,
		              answer.status);
	else
		r = menu->take_rows(&rows, where, d, refusal);
	r = r ? 1 : 0;
	for (size_t i = 0; r == 0 && i < rows.warnings_n; i++)
		device_add_note_both(d, rows.warnings[i].text, rows.warnings[i].read);
out:
	answer_done(&answer);
	return r;
}

/* A fact that the audit can do without. */
static int read_fact(const struct asker *asker, enum menu_id id, struct device *d,
                     struct error *err)
{
	struct error refusal = {0};
	int r = read_menu(asker, &menus[id], d, &refusal, err);

	if (r > 0)
		device_add_note_of(d, &refusal, "%s", menus[id].path);
	return r < 0 ? -1 : 0;
}

static int read_rest(const struct asker *asker, const struct reader *who, struct device *d,
                     struct error *err)
{
	struct error refusal = {0};
	int r;

	if (read_fact(asker, MENU_SYSTEM_RESOURCE, d, err))
		return -1;
	r = read_menu(asker, &menus[MENU_IP_SERVICE], d, &refusal, err);
	if (r < 0)
		return -1;
	if (r > 0) {
		if (err)
			*err = refusal;
		return error_wrap(err, "/ip service could not be read");
	}
	d->read_as = "rest";
	device_judge_completeness(d);
	d->listeners_complete = tri_of(ros_version_at_least(&d->version, 7, 19));
	if (d->version.major == 0)
		d->listeners_complete = TRI_UNKNOWN;
	if (read_fact(asker, MENU_SYSTEM_IDENTITY, d, err) ||
	    read_vantage_rest(asker, who, d, err)) {
		error_wrap(err, "only /ip service was read");
		return 1;
	}
	return 0;
}

int device_read_rest(const struct asker *asker, const struct reader *who, struct device *d,
                     struct error *err)
{
	struct keeping keeping = {asker, who};
	struct asker keeper = keeping_asker(&keeping);
	int r = read_rest(&keeper, who, d, err);

	/* These replace secrets before they keep an answer. */
	if (r == 0 && who->menus)
		r = read_menus_rest(asker, who, d, err);
	return r;
}
