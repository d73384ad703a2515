/* Any first bytes of a connection: judged without harm, and alike whole and piece by piece. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "rosaudit/limits.h"
#include "rosaudit/scan.h"
#include "src/scan/identify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	size_t n = size < LIMIT_BANNER_BYTES ? size : LIMIT_BANNER_BYTES;
	enum app_proto app = identify_bytes(p, n);
	size_t start, len = identify_banner(app, p, n, &start);

	if (start + len > n || (n > 0) == (app == APP_UNKNOWN))
		abort();
	for (size_t i = 1; i <= n; i++) {
		struct identity id = identify_so_far(p, i);

		/* Undecided is no protocol; decided is one. */
		if ((id.fit == FIT_MAYBE) != (id.app == APP_UNKNOWN))
			abort();
		identify_complete(id.keep, p, i);
	}
	return 0;
}
