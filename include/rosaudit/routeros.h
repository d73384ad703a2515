/* Reading a router: which requests, in which order, with which fallback. */
#ifndef ROSAUDIT_ROUTEROS_H
#define ROSAUDIT_ROUTEROS_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/answer.h"
#include "rosaudit/device.h"
#include "rosaudit/error.h"

/* Takes every request with its answer as it came, but for secrets, which are replaced. status -1:
 * no answer came, or none that was understood; text is then a sentence. */
struct keeper {
	void (*keep)(void *ctx, const char *request, const char *text, size_t n, int status);
	void *ctx;
};

/* Who reads, and how much. */
struct reader {
	/* What helps to find our own session among /user active. */
	const char *user;    /* login name, or NULL */
	const char *via;     /* "ssh" or "rest-api": as /user active spells it */
	const char *service; /* "ssh", "www" or "www-ssl": the service that we came through */

	bool menus;                  /* every other menu as well, into d->menus */
	const char *const *only;     /* of those, these alone, ends in NULL; NULL = all */
	bool singly;                 /* one request to a menu, as saved answers have them */
	const struct keeper *keeper; /* NULL = nobody keeps the answers */
};

/* Over a console (SSH exec): version, board, identity, services by the most exact form that
 * works, /user active, and the other menus when the reader wants them. Sends only print, get,
 * find, :put, :foreach and :do. 0; 1 when the services were read and the conversation then
 * failed (err says how; nothing of d is lost); or -1 when /ip service could not be read. A menu
 * that could not be read is a state in d->menus and a note, never a failure. */
int device_read_console(const struct asker *asker, const struct reader *who, struct device *d,
                        struct error *err);
/* Over REST: the same from JSON, and the same three results. */
int device_read_rest(const struct asker *asker, const struct reader *who, struct device *d,
                     struct error *err);
/* The menus alone, on a device whose version is known: a second look at some of them. who->via
 * tells which of the two ways it is. 0, or 1 when the user interrupted. */
int device_read_menus(const struct asker *asker, const struct reader *who, struct device *d,
                      struct error *err);
/* From a saved text of any form. where names it in errors. A compact export's absent properties are
 * filled from the documented defaults only when its header proves that it is a whole export. */
int device_read_text(const char *p, size_t n, const char *where, struct device *d,
                     struct error *err);

/* The same, but only what the text itself says: no defaults are filled in, repeated names stay.
 * What is unknown in it becomes a note. For `rosaudit parse` and for answers of a router. */
int services_parse_text(const char *p, size_t n, const char *where, struct device *d,
                        struct error *err);

/* One sentence for a console's error answer ("bad command name …", "not enough permissions (9)"):
 * true when the text is such an answer; err is then set to ERROR_REMOTE. */
bool console_is_error(const char *p, size_t n, int status, struct error *err);

#endif
