/* Which further connections would tell more of a TLS port. */
#include "examine.h"

/* Might TLS speak there: it does, or it hung up on a plain question? */
static bool is_candidate(const struct observation *o)
{
	return o->app == APP_TLS || (o->serve == SERVE_REFUSED && o->spoke);
}

/* Would the offer tell something that is not known? In the order in which they are made. */
static bool tells(const struct examine *x, enum tls_offer offer)
{
	if (offer == TLS_OFFER_ALL)
		return !x->tls.version;
	if (!x->tls.version) /* it takes nothing, or is no TLS */
		return false;
	if (offer == TLS_OFFER_CERTIFIED)
		return x->tls.anonymous == TRI_YES && x->tls.anonymous_only == TRI_UNKNOWN;
	if (offer >= TLS_OFFER_ONLY_1_0)
		return x->tls.offers[offer - TLS_OFFER_ONLY_1_0] == TRI_UNKNOWN;
	return false;
}

bool examine_next(struct examine *x, const struct observation *o, enum tls_offer *offer)
{
	if (!x->begun && o->facts && o->facts->tls)
		x->tls = *o->facts->tls;
	x->begun = true;
	if (!is_candidate(o))
		return false;
	for (int k = TLS_OFFER_ALL; k <= TLS_OFFER_ONLY_1_3; k++) {
		if (x->asked & 1u << k || !tells(x, (enum tls_offer)k))
			continue;
		x->asked |= 1u << k;
		*offer = (enum tls_offer)k;
		return true;
	}
	return false;
}

static void take_all(struct examine *x, const struct tls_facts *facts, struct observation *o)
{
	if (!facts)
		return;
	x->tls = *facts;
	o->serve = SERVE_SERVING;
	o->app = APP_TLS;
	o->close = NULL;
	o->spoke = false;
}

static void take_certified(struct examine *x, enum tls_answer answer, const struct tls_facts *facts)
{
	if (answer == TLS_ANSWER_NO)
		x->tls.anonymous_only = TRI_YES;
	if (answer != TLS_ANSWER_YES)
		return;
	x->tls.anonymous_only = TRI_NO;
	if (facts && facts->certificate)
		x->tls.certificate = facts->certificate;
}

void examine_take(struct examine *x, enum tls_offer offer, enum tls_answer answer,
                  const struct tls_facts *facts, struct arena *arena, struct observation *o)
{
	struct service_facts *told;
	struct tls_facts *tls;

	if (offer == TLS_OFFER_ALL)
		take_all(x, facts, o);
	else if (offer == TLS_OFFER_CERTIFIED)
		take_certified(x, answer, facts);
	else if (answer != TLS_ANSWER_UNKNOWN)
		x->tls.offers[offer - TLS_OFFER_ONLY_1_0] = tri_of(answer == TLS_ANSWER_YES);
	if (!x->tls.version)
		return;
	told = arena_alloc(arena, sizeof(*told));
	tls = arena_alloc(arena, sizeof(*tls));
	if (o->facts)
		*told = *o->facts;
	*tls = x->tls;
	told->tls = tls;
	o->facts = told;
}
