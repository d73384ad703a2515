/* Vantages: init and done. */
#include "rosaudit/vantage.h"

void vantage_init(struct vantage *v, const struct vantage_spec *spec)
{
	*v = (struct vantage){.spec = spec};
	observations_init(&v->observations);
}

void vantage_done(struct vantage *v)
{
	if (v)
		observations_done(&v->observations);
}
