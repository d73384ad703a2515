/* The table of transports. */
#include "rosaudit/transport.h"

static const struct transport *const transports[] = {
	&transport_ssh,
	&transport_rest,
	&transport_file,
};

const struct transport *transport_find(enum transport_id id)
{
	for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++)
		if (transports[i]->id == id)
			return transports[i];
	return NULL;
}
