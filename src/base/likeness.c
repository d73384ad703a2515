/* The nearest known word, for "did you mean". */
#include <ctype.h>
#include <string.h>

#include "rosaudit/text.h"

/* Longer words are not compared: no key or name is as long. */
#define WORD_MAX 64u

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

static int lower(char c)
{
	return tolower((unsigned char)c);
}

/* Optimal string alignment distance: three rows of the table suffice. */
size_t text_distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	if (n > WORD_MAX || m > WORD_MAX)
		return n > m ? n : m;
	for (size_t j = 0; j <= m; j++)
		last[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *swap = before;

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t cost = lower(a[i - 1]) != lower(b[j - 1]);

			now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
			    lower(a[i - 2]) == lower(b[j - 1]) && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		before = last;
		last = now;
		now = swap;
	}
	return last[m];
}

const char *text_nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	size_t best_distance = 0;
	size_t n = strlen(word);

	for (; *names; names++) {
		size_t d = text_distance(word, *names);
		size_t longer = strlen(*names) > n ? strlen(*names) : n;

		/* A third of the letters may be wrong, but never all of a short word. */
		if (d > (longer + 2) / 3 || d >= longer)
			continue;
		if (!best || d < best_distance) {
			best = *names;
			best_distance = d;
		}
	}
	return best;
}
