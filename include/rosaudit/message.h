/* Sentences that people read, in their language: gettext's catalogue, the English sentence being
 * the key. RouterOS's own words, commands, rule ids and all that machines read stay as they are. */
#ifndef ROSAUDIT_MESSAGE_H
#define ROSAUDIT_MESSAGE_H

#include <stdbool.h>

#define MESSAGE_DOMAIN "rosaudit"

/* A sentence to be looked up here and now: the report formats for people. */
#define _(english) message_say(english)
/* Marks a sentence in a table for xgettext; whoever prints it says _(). */
#define N_(english) english
/* A sentence that counts n of something, in the plural that n asks for. */
#define P_(one, many, n) message_count(one, many, n)

const char *message_say(const char *english) __attribute__((format_arg(1)));
const char *message_count(const char *one, const char *many, unsigned long n)
	__attribute__((format_arg(1), format_arg(2)));

/* Where the catalogues are ("…/locale"), once, before any thread: what people read is from now on
 * in the language that the environment asks for (LC_ALL, LC_MESSAGES, LANG, LANGUAGE). English,
 * without a word, where there is no catalogue for it. All else in the process keeps the locale "C":
 * what the C library itself says goes into what machines read. */
void message_find(const char *dir);
/* Is there a catalogue for the language of people? Else it is English. */
bool message_is_foreign(void);

/* How a sentence is looked up, for what machines and people read alike. A format keeps its
 * conversions in every language: msgfmt --check sees to that. */
struct language {
	const char *(*say)(const char *english) __attribute__((format_arg(1)));
	const char *(*count)(const char *one, const char *many, unsigned long n)
		__attribute__((format_arg(1), format_arg(2)));
};

/* Every sentence as it is written: machines. */
extern const struct language language_english;
/* Through the catalogue: people. */
extern const struct language language_local;

#endif
