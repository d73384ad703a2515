/* RouterOS versions: what each one has. */
#include "version.h"

#include <stdio.h>
#include <string.h>

int version_parse(const char *s, struct version *out)
{
	char channel[32] = "";

	*out = (struct version){0};
	if (sscanf(s, "%31[0-9a-z.] (%31[a-z-])", out->number, channel) < 1)
		return -1;
	if (sscanf(out->number, "%d.%d", &out->major, &out->minor) != 2)
		return -1;
	if (channel[0] == '\0')
		snprintf(channel, sizeof(channel), "%s", out->major < 7 ? "long-term" : "stable");
	memcpy(out->channel, channel, sizeof(channel));
	return 0;
}

bool version_since(const struct version *v, int major, int minor)
{
	return v->major > major || (v->major == major && v->minor >= minor);
}

bool version_has_rest(const struct version *v)
{
	return version_since(v, 7, 1);
}

bool version_has_vrf(const struct version *v)
{
	return version_since(v, 7, 1);
}

bool version_has_max_sessions(const struct version *v)
{
	return version_since(v, 7, 16);
}

bool version_has_dynamic_rows(const struct version *v)
{
	return version_since(v, 7, 19);
}

bool version_has_webserver(const struct version *v)
{
	return version_since(v, 7, 21);
}

bool version_has_reverse_proxy(const struct version *v)
{
	return version_since(v, 7, 22);
}

bool version_has_available_from(const struct version *v)
{
	return version_since(v, 7, 24);
}
