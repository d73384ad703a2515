/* The answer of a router, as every transport fills it. */
#include "rosaudit/answer.h"
#include "rosaudit/limits.h"

void answer_init(struct answer *a)
{
	buf_init(&a->text, LIMIT_ANSWER_BYTES);
	a->status = -1;
}

void answer_done(struct answer *a)
{
	if (a)
		buf_done(&a->text);
}
