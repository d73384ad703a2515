/* How a sentence is looked up: not at all, or in gettext's catalogue. The only user of libintl. */
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

#include "rosaudit/message.h"

/* The language of people; set once, as bindtextdomain's folder is. */
static locale_t people;

static const char *say_english(const char *english)
{
	return english;
}

static const char *count_english(const char *one, const char *many, unsigned long n)
{
	return n == 1 ? one : many;
}

const char *message_say(const char *english)
{
	const char *said;
	locale_t before;

	/* The empty key has the catalogue's own header. */
	if (!people || !english[0])
		return english;
	before = uselocale(people);
	said = dgettext(MESSAGE_DOMAIN, english);
	uselocale(before);
	return said;
}

const char *message_count(const char *one, const char *many, unsigned long n)
{
	const char *said;
	locale_t before;

	if (!people)
		return count_english(one, many, n);
	before = uselocale(people);
	said = dngettext(MESSAGE_DOMAIN, one, many, n);
	uselocale(before);
	return said;
}

const struct language language_english = {say_english, count_english};
const struct language language_local = {message_say, message_count};

/* What the environment asks for, as POSIX has it: the first that is not empty. */
static const char *wanted_locale(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && value[0])
			return value;
	}
	return NULL;
}

/* Small machines have not been given the locale that their user asks for. gettext needs none of its
 * data, only its name; but in the locale "C" it looks nothing up. */
static locale_t do_without_locale(void)
{
	const char *wanted = wanted_locale(), *languages = getenv("LANGUAGE");
	locale_t plain = wanted ? newlocale(LC_MESSAGES_MASK, "C.UTF-8", (locale_t)0) : NULL;

	if (plain && (!languages || !languages[0]))
		setenv("LANGUAGE", wanted, 1);
	return plain;
}

static bool has_catalogue(locale_t locale)
{
	locale_t before = uselocale(locale);
	bool found = dgettext(MESSAGE_DOMAIN, "")[0] != '\0';

	uselocale(before);
	return found;
}

void message_find(const char *dir)
{
	locale_t found;

	if (people || !bindtextdomain(MESSAGE_DOMAIN, dir))
		return;
	bind_textdomain_codeset(MESSAGE_DOMAIN, "UTF-8");
	found = newlocale(LC_MESSAGES_MASK, "", (locale_t)0);
	if (!found)
		found = do_without_locale();
	if (found && has_catalogue(found))
		people = found;
	else if (found)
		freelocale(found);
}

bool message_is_foreign(void)
{
	return people != NULL;
}
