/* Conditions: does a `when:` hold for a router? */
#include <string.h>
#include <strings.h>

#include "load.h"

/* Below, at or above what was written, in as many numbers as were written. */
static int order(const struct version_test *t, const struct ros_version *v)
{
	const int have[] = {v->major, v->minor, v->patch};

	for (int i = 0; i < t->parts; i++)
		if (have[i] != t->number[i])
			return have[i] < t->number[i] ? -1 : 1;
	return 0;
}

bool version_test_holds(const struct version_test *t, const struct ros_version *v)
{
	static const struct {
		bool less, same, more;
	} relations[] = {
		[VERSION_IS] = {false, true, false},   [VERSION_IS_NOT] = {true, false, true},
		[VERSION_LESS] = {true, false, false}, [VERSION_MOST] = {true, true, false},
		[VERSION_LEAST] = {false, true, true}, [VERSION_MORE] = {false, false, true},
	};
	int o = order(t, v);

	return o < 0 ? relations[t->relation].less
	       : o   ? relations[t->relation].more
	             : relations[t->relation].same;
}

static enum tri version_holds(const struct condition *c, const struct device *d)
{
	if (!c->version_n)
		return TRI_YES;
	if (!d || !d->version.major)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < c->version_n; i++)
		if (!version_test_holds(&c->version[i], &d->version))
			return TRI_NO;
	return TRI_YES;
}

static enum tri board_holds(const struct condition *c, const struct device *d)
{
	if (!c->board.n)
		return TRI_YES;
	if (!d || !d->board)
		return TRI_UNKNOWN;
	return tri_of(word_set_has(&c->board, d->board));
}

static bool is_in_group(const struct condition *c, const struct target *t)
{
	for (size_t i = 0; i < t->groups_n; i++)
		if (word_set_has(&c->group, t->groups[i]))
			return true;
	return false;
}

bool condition_is_for(const struct condition *c, const struct target *t)
{
	if (c->name.n && !word_set_has(&c->name, t->name))
		return false;
	return !c->group.n || is_in_group(c, t);
}

enum tri condition_holds(const struct condition *c, const struct target *t, const struct device *d)
{
	enum tri version = version_holds(c, d), board = board_holds(c, d);

	/* One "no" decides, whatever else is unknown. */
	if (!condition_is_for(c, t) || version == TRI_NO || board == TRI_NO)
		return TRI_NO;
	return version == TRI_YES && board == TRI_YES ? TRI_YES : TRI_UNKNOWN;
}
