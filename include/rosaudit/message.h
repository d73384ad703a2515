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

#endif
