/* Rows of /ip service. */
#include "rosaudit/service.h"

const char *l4_name(enum transport_proto p)
{
	static const char *const names[] = {
		[L4_UNKNOWN] = NULL,
		[L4_TCP] = "tcp",
		[L4_UDP] = "udp",
	};

	return names[p];
}

void service_init(struct service *s)
{
	*s = (struct service){.port = -1, .max_sessions = -1};
}

bool service_is_static(const struct service *s)
{
	return s->dynamic != TRI_YES && s->connection != TRI_YES;
}
