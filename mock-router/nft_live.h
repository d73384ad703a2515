/* What the network namespace's nftables have counted and put into the address lists meanwhile. */
#ifndef MOCK_NFT_LIVE_H
#define MOCK_NFT_LIVE_H

#include "scenario.h"

/* With live-lists: asks nft for the dynamic halves of the lists that rules fill (nft.h), and makes
 * dynamic items of /ip firewall address-list of them; the rules get their counters. Where nft says
 * nothing there are none. The lock of change.h is held. */
void nft_live(struct scenario *s);

#endif
