/* What nft.c (tables, sets, chains) and nft_rule.c (one rule) share. */
#ifndef MOCK_NFT_INNER_H
#define MOCK_NFT_INNER_H

#include "nft.h"

struct nft {
	const struct scenario *scenario;
	bool v6;
	const char *table; /* "filter", "raw", "nat": the menu's last word */
	size_t index;      /* of the rule in its menu */
	const struct feature_item *rule;
	struct text *sets; /* sets that single rules need, for the table's head */
	struct text *out;  /* rules of the chain at hand */
	struct text *complaint;
};

/* "filter_input", "raw_knock": nftables' name for a chain of a menu. */
void nft_chain_name(const struct nft *n, const char *chain, struct text *out);
/* "l_" or "d_" and the list's name made fit: the list's fixed and its dynamic half. */
void nft_list_name(char half, const char *list, struct text *out);
/* "1w3d", "00:05:00", "3s" to seconds; -1. */
long nft_seconds(const char *text);
/* Appends n->rule to n->out, as one line or several. 0, or -1. */
int nft_rule(struct nft *n);

#endif
