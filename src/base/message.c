/* How a sentence is looked up: not at all, or in gettext's catalogue. */
#include "rosaudit/message.h"

static const char *say_english(const char *english)
{
	return english;
}

static const char *count_english(const char *one, const char *many, unsigned long n)
{
	return n == 1 ? one : many;
}

static const char *say_local(const char *english)
{
	return _(english);
}

static const char *count_local(const char *one, const char *many, unsigned long n)
{
	return P_(one, many, n);
}

const struct language language_english = {say_english, count_english};
const struct language language_local = {say_local, count_local};

int language_is_foreign(void)
{
	/* The empty key has the catalogue's own header. */
	return dgettext(MESSAGE_DOMAIN, "")[0] != '\0';
}
