/* libFuzzer: any bytes as a policy file. Built by `make fuzz` (clang). */
#include <stdint.h>
#include <stdlib.h>

#include "rosaudit/buf.h"
#include "rosaudit/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const dirs[] = {"profiles", NULL};
	struct config c;
	struct error_list errors;
	struct buf out;

	config_init(&c);
	error_list_init(&errors);
	buf_init(&out, 4u << 20);
	if ((config_parse((const char *)data, size, "fuzz.yaml", dirs, &c, &errors) == 0) !=
	    (errors.n == 0 && c.targets_n > 0))
		abort();
	for (size_t i = 0; i < errors.n; i++)
		error_format(&errors.v[i], &out);
	buf_done(&out);
	error_list_done(&errors);
	config_done(&c);
	return 0;
}
