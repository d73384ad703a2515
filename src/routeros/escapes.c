/* The terminal's escape sequences (ECMA-48), which interactive sessions leave in a paste. */
#include "forms.h"

/* ESC [ parameters intermediates final. A byte that fits nowhere ends it: a cut sequence. */
static size_t csi_length(const char *p, size_t n)
{
	size_t i = 2;

	while (i < n && p[i] >= 0x20 && p[i] <= 0x3f)
		i++;
	return i < n && p[i] >= 0x40 && p[i] <= 0x7e ? i + 1 : i;
}

/* ESC ] … up to BEL or ESC \: a window's title. */
static size_t osc_length(const char *p, size_t n)
{
	for (size_t i = 2; i < n; i++) {
		if (p[i] == '\a')
			return i + 1;
		if (p[i] == '\033' && i + 1 < n && p[i + 1] == '\\')
			return i + 2;
		if (p[i] == '\n')
			return 0;
	}
	return 0;
}

size_t escape_length(const char *p, size_t n)
{
	size_t i = 1;

	if (n < 2)
		return n;
	if (p[1] == '[')
		return csi_length(p, n);
	if (p[1] == ']' || p[1] == 'P' || p[1] == '_' || p[1] == '^')
		return osc_length(p, n);
	/* ESC ( B, ESC Z, ESC 7, … */
	while (i < n && p[i] >= 0x20 && p[i] <= 0x2f)
		i++;
	return i < n && p[i] >= 0x30 && p[i] <= 0x7e ? i + 1 : i;
}
