/* libFuzzer: any bytes as another's scan, nmap's XML and our own JSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/scan_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever came, a host must be whole: an address, ports in order, each once, in a known state. */
static int take(void *context, const struct scan_head *head, const struct scanned_host *h,
                struct error *err)
{
	struct observations seen;

	(void)context;
	(void)err;
	if (!h->address.family || !head->scanner || !head->version)
		abort();
	observations_init(&seen);
	scanned_to_observations(h, &seen);
	for (size_t i = 0; i < seen.n; i++) {
		const struct observation *o = &seen.v[i];

		if (o->port == 0 || !o->reason || o->state >= PORT_STATES)
			abort();
		if (i && observation_order(o - 1, o) >= 0)
			abort();
		if (o->state != PORT_OPEN && o->serve != SERVE_UNKNOWN)
			abort();
	}
	observations_done(&seen);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const readers[])(const char *, size_t, const char *, scan_take_host *, void *,
	                              struct error *) = {scan_read_xml, scan_read_json, scan_read};

	for (size_t i = 0; i < 3; i++) {
		struct error err = {0};
		int result = readers[i]((const char *)data, size, "fuzz", take, NULL, &err);

		if ((result != 0) != (err.kind != ERROR_NONE))
			abort();
	}
	return 0;
}
