/* Reports as strings. */
#include <string.h>

#include "rosaudit/report.h"
#include "tests/support/report_text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

#define REPORT_BYTES (16u << 20)

char *report_text(const char *format, const struct results *results)
{
	const struct report_options opt = {.width = 100, .verbose = true};
	struct buf out;
	char *text;

	buf_init(&out, REPORT_BYTES);
	assert_non_null(report_find(format));
	report_find(format)->write(results, &opt, &out);
	assert_false(out.overflow);
	assert_int_equal(strlen(buf_str(&out)), out.n);
	text = strdup(buf_str(&out));
	assert_non_null(text);
	buf_done(&out);
	return text;
}

char *report_text_of(const char *format, const char *sample)
{
	struct sample *s = sample_new(sample);
	char *text = report_text(format, &s->results);

	sample_free(s);
	return text;
}
