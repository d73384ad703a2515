/* Writes a report of fixed results on stdout: `report_sample FORMAT SAMPLE`, or a number of routers
 * for SAMPLE. For scripts that give reports to their readers. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/report.h"
#include "rosaudit/text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

int main(int argc, char **argv)
{
	const struct report_options opt = {.width = 100, .verbose = true};
	const struct report_format *format = argc == 3 ? report_find(argv[1]) : NULL;
	struct sample *s;
	unsigned long n;
	struct buf out;

	if (!format) {
		fputs("usage: report_sample FORMAT SAMPLE|ROUTERS\n", stderr);
		return 2;
	}
	s = text_to_uint(argv[2], strlen(argv[2]), 1, 100000, &n) ? sample_many(n)
	                                                          : sample_new(argv[2]);
	buf_init(&out, 256u << 20);
	format->write(&s->results, &opt, &out);
	fwrite(buf_str(&out), 1, out.n, stdout);
	buf_done(&out);
	sample_free(s);
	return 0;
}
