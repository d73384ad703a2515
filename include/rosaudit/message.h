/* Sentences that people read, in their language: gettext's catalogue, the English sentence being
 * the key. RouterOS's own words, commands, rule ids and all that machines read stay as they are. */
#ifndef ROSAUDIT_MESSAGE_H
#define ROSAUDIT_MESSAGE_H

#include <libintl.h>

#define MESSAGE_DOMAIN "rosaudit"

/* A sentence to be looked up here and now: the report formats for people. */
#define _(english) dgettext(MESSAGE_DOMAIN, english)
/* Marks a sentence in a table for xgettext; whoever prints it says _(). */
#define N_(english) english
/* A sentence that counts n of something, in the plural that n asks for. */
#define P_(one, many, n) dngettext(MESSAGE_DOMAIN, one, many, n)

/* How a sentence is looked up, for what machines and people read alike. A format keeps its
 * conversions in every language: msgfmt --check sees to that. */
struct language {
	const char *(*say)(const char *english) __attribute__((format_arg(1)));
	const char *(*count)(const char *one, const char *many, unsigned long n)
		__attribute__((format_arg(1), format_arg(2)));
};

/* Every sentence as it is written: machines. */
extern const struct language language_english;
/* Through the catalogue of the process's locale: people. */
extern const struct language language_local;
/* Has the process's locale a catalogue? Without one the two say the same. */
int language_is_foreign(void);

#endif
