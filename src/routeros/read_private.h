/* What both ways of reading share. Private to src/routeros. */
#ifndef ROUTEROS_READ_PRIVATE_H
#define ROUTEROS_READ_PRIVATE_H

#include "rosaudit/routeros.h"

/* Sets d->static_complete, and notes which of the services that every RouterOS has are missing. */
void device_judge_completeness(struct device *d);

/* Fills d->seen_as where one address alone can be ours. -1 only when the conversation failed. */
int read_vantage_console(const struct asker *asker, const struct reader *who, struct device *d,
                         struct error *err);
int read_vantage_rest(const struct asker *asker, const struct reader *who, struct device *d,
                      struct error *err);

/* The menus beyond /ip service, into d->menus. 1 only when the user interrupted. */
int read_menus_console(const struct asker *asker, const struct reader *who, struct device *d,
                       struct error *err);
int read_menus_rest(const struct asker *asker, const struct reader *who, struct device *d,
                    struct error *err);

/* The sections of an export, into d->menus. Only a whole one's silence says anything. */
void read_menus_export(const char *p, size_t n, struct device *d);

/* An asker that also hands every answer to the reader's keeper, as it came: for menus without
 * secrets. k lives as long as the asker is used. */
struct keeping {
	const struct asker *asker;
	const struct reader *who;
};
struct asker keeping_asker(struct keeping *k);

/* Does the text show a router that answers no command yet: no licence, a password that has
 * expired, the questions of a first login? err is then set to ERROR_REMOTE. */
bool console_is_state(const char *p, size_t n, struct error *err);

#endif
