/* The language of what people read, and where its catalogue is: found from the program's own place,
 * as the profiles are; the environment variable ROSAUDIT_LOCALE names another folder. */
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "rosaudit/message.h"

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
static void do_without_locale(void)
{
	const char *wanted = wanted_locale(), *languages = getenv("LANGUAGE");

	if (!wanted || !setlocale(LC_MESSAGES, "C.UTF-8"))
		return;
	if (!languages || !languages[0])
		setenv("LANGUAGE", wanted, 1);
}

/* build/rosaudit and build/check/rosaudit have build/locale; PREFIX/bin/rosaudit has
 * PREFIX/share/locale. */
static const char *catalogue_dir(char *real)
{
	static const char *const beside[] = {"locale", "../locale", "../share/locale"};
	const char *chosen = getenv("ROSAUDIT_LOCALE");
	char exe[PATH_MAX], path[PATH_MAX + 32];

	if (chosen && chosen[0])
		return chosen;
	program_dir(exe);
	for (size_t i = 0; exe[0] && i < sizeof(beside) / sizeof(beside[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s/fr/LC_MESSAGES/" MESSAGE_DOMAIN ".mo", exe,
		         beside[i]);
		if (access(path, R_OK) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", exe, beside[i]);
		return realpath(path, real);
	}
	return NULL;
}

void language_find(void)
{
	char real[PATH_MAX];
	const char *dir = catalogue_dir(real);

	/* Numbers and characters are the same everywhere: files are read and written with them. */
	if (!dir || !bindtextdomain(MESSAGE_DOMAIN, dir))
		return;
	bind_textdomain_codeset(MESSAGE_DOMAIN, "UTF-8");
	if (!setlocale(LC_MESSAGES, ""))
		do_without_locale();
}
