/* Lines glued together that know where each byte came from: wrapped records and exports. */
#include <string.h>

#include "forms.h"

void joined_reset(struct joined *j)
{
	*j = (struct joined){0};
}

static void reserve(struct reading *r, struct joined *j, size_t more)
{
	size_t cap = j->cap ? j->cap : 128;

	if (j->n + more + 1 <= j->cap)
		return;
	while (cap < j->n + more + 1)
		cap *= 2;
	j->p = arena_grow(&r->scratch, j->p, j->n, cap, 1);
	j->cap = cap;
}

void joined_add(struct reading *r, struct joined *j, const char *glue, const struct line *l,
                size_t offset, size_t n)
{
	size_t glue_n = strlen(glue);

	reserve(r, j, glue_n + n);
	memcpy(j->p + j->n, glue, glue_n);
	j->n += glue_n;
	if (j->pieces_n == j->pieces_cap) {
		size_t cap = j->pieces_cap ? j->pieces_cap * 2 : 4;

		j->pieces =
			arena_grow(&r->scratch, j->pieces, j->pieces_n, cap, sizeof(*j->pieces));
		j->pieces_cap = cap;
	}
	j->pieces[j->pieces_n++] = (struct piece){.at = j->n, .line = l, .offset = offset};
	memcpy(j->p + j->n, l->p + offset, n);
	j->n += n;
	j->p[j->n] = '\0';
}

struct spot joined_spot(struct reading *r, const struct joined *j, size_t at)
{
	size_t low = 0, high = j->pieces_n;

	if (j->pieces_n == 0)
		return (struct spot){.line = 1, .column = 1, .near = ""};
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (j->pieces[mid].at <= at)
			low = mid;
		else
			high = mid;
	}
	{
		const struct piece *piece = &j->pieces[low];
		size_t offset = piece->offset + (at > piece->at ? at - piece->at : 0);

		if (offset > piece->line->n)
			offset = piece->line->n;
		return line_spot(r, piece->line, offset);
	}
}
