/* Is a listing of /ip service whole? */
#include <stdio.h>
#include <string.h>

#include "read_private.h"

/* The eight services that every RouterOS 6 and 7 has and that nobody can remove (routeros.md 3). */
static const char *const always[] = {
	"telnet", "ftp", "www", "ssh", "www-ssl", "api", "winbox", "api-ssl",
};

/* A listing without one of them was filtered or cut: absence then proves nothing. */
void device_judge_completeness(struct device *d)
{
	char missing[128] = "";

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
		size_t n = strlen(missing);

		if (!device_find_static(d, always[i]))
			snprintf(missing + n, sizeof(missing) - n, "%s%s", n ? ", " : "",
			         always[i]);
	}
	d->static_complete = missing[0] ? TRI_UNKNOWN : TRI_YES;
	if (missing[0])
		device_add_note(d, "the router's listing lacks %s: it may be filtered or cut short",
		                missing);
}
