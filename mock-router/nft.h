/* The scenario's firewall as nftables rules, so that a network namespace drops what the router
 * would drop: what a tool predicts from the menus can be held against packets. */
#ifndef MOCK_NFT_H
#define MOCK_NFT_H

#include <stdbool.h>

#include "scenario.h"
#include "text.h"

/* A ruleset for `nft -f`: interfaces have the names that they have in the scenario. 0; or -1 with
 * the rule and what of it nftables cannot say in *complaint: nothing is left out silently. */
int nft_write(const struct scenario *s, struct text *out, struct text *complaint);

#endif
