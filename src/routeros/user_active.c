/* /user active: who is logged in. Which row is ours is the reader's to judge (vantage.c). */
#include "forms.h"

int user_active_take_rows(const struct rows *rows, const char *where, struct device *d,
                          struct error *err)
{
	(void)d;
	for (size_t i = 0; i < rows->n; i++)
		if (!row_find(&rows->v[i], "name"))
			return error_set_at(err, ERROR_PARSE, where, rows->v[i].line, 1,
			                    "a row of /user active without a name");
	return 0;
}
