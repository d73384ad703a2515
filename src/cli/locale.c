/* Where the catalogues of what people read are: found from the program's own place, as the profiles
 * are; the environment variable ROSAUDIT_LOCALE names another folder. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "rosaudit/message.h"

void language_find(void)
{
	/* build/rosaudit and build/check/rosaudit have build/locale; PREFIX/bin/rosaudit has
	 * PREFIX/share/locale. */
	static const char *const beside[] = {"locale", "../locale", "../share/locale"};
	/* Not for a program that may more than its user: translated sentences are formats. */
	const char *chosen = secure_getenv("ROSAUDIT_LOCALE");
	char exe[PATH_MAX], path[PATH_MAX + 64];

	if (chosen && chosen[0]) {
		message_find(chosen);
		return;
	}
	program_dir(exe);
	for (size_t i = 0; exe[0] && i < sizeof(beside) / sizeof(beside[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s/fr/LC_MESSAGES/" MESSAGE_DOMAIN ".mo", exe,
		         beside[i]);
		if (access(path, R_OK) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", exe, beside[i]);
		message_find(path);
		return;
	}
}
