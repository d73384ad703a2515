/* What the files of src/exposure share: the router's facts, its rules with their matchers typed,
 * and the painting of the source space while packets walk through the chains. */
#ifndef ROSAUDIT_EXPOSURE_PRIVATE_H
#define ROSAUDIT_EXPOSURE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/exposure.h"
#include "rosaudit/predict.h"

/* --- names.c: words to small numbers, in the order of their first coming --------------------- */

struct names {
	const char **v;
	size_t n, cap;
	uint32_t *slots; /* index + 1, 0 = free; a power of two of them */
	size_t slots_n;
};

#define NAME_NONE SIZE_MAX

/* The number of the name; it is added when it is new. The string is borrowed. */
size_t names_add(struct names *t, const char *name);
/* NAME_NONE when it is not there. */
size_t names_find(const struct names *t, const char *name);
void names_done(struct names *t);

/* --- facts.c: interfaces, own addresses, VRFs ------------------------------------------------ */

struct iface {
	const char *name; /* NULL: one of which nothing is known */
	const char *type; /* "ether", "bridge"; NULL = not known */
	const char *vrf;  /* NULL = not known */
	enum tri dynamic;
};

struct own_address {
	struct address address;
	struct addr_range network;
	const char *interface;
};

struct iface_list {
	const char *name, *include, *exclude;
	const char **members;
	size_t members_n, members_cap;
	bool visiting; /* while it is followed: lists may include each other */
};

struct facts {
	const struct device *device;
	struct iface *ifaces;
	size_t ifaces_n;
	bool lists_known; /* the lists and their members were read */
	struct iface_list *lists;
	size_t lists_n;
	struct own_address *own;
	size_t own_n;
	bool own4_known, own6_known;
	enum tri ipv6;
	enum tri vrfs; /* is there any VRF beside main? */
};

/* The menu when it was read, else NULL. */
const struct menu_items *menu_read(const struct device *d, const char *path);
/* Is the item in force: neither disabled nor invalid? */
bool item_counts(const struct item *i);
void facts_make(const struct device *d, struct arena *arena, struct facts *out);
/* Is the interface in the list? unknown when the list is not known. */
enum tri facts_in_list(const struct facts *f, const struct iface *in, const char *list);
/* Is there no such interface list, for sure? */
bool facts_list_is_gone(const struct facts *f, const char *list);
/* The interface's own address, to which `redirect` leads; false when it has none or several. */
bool facts_only_address(const struct facts *f, const struct iface *in, int family,
                        struct address *out);
/* "all-ppp" and its like. */
enum tri facts_is_type(const struct iface *in, const char *group);

/* --- lists.c: address lists ------------------------------------------------------------------ */

/* No rule fills the list with sources; there are more such lists than bits. */
#define MOVES_NOT        (-1)
#define MOVES_UNFOLLOWED (-2)

struct alist {
	const char *name;
	/* Addresses that are in it for sure, and those that may be: a DNS name's are not known. */
	struct addrset sure, may, not_sure, not_may; /* of not_sure: surely outside */
	size_t entries;
	bool named; /* it has an entry, or some rule names it */
	bool odd;   /* it has a DNS name, or an entry that was not understood */
	int moves;  /* bit of a list that rules fill with the source while it passes; or below */
	bool moves_dst; /* rules put destinations into it */
	bool dynamic;   /* it has an entry that goes by itself */
	bool filled;    /* some rule of any table puts addresses into it, or may do so */
	/* What is in it now says little of what will be: dynamic, filled, odd, or not read. */
	bool changes;
};

/* --- rules.c --------------------------------------------------------------------------------- */

enum action {
	ACT_PASS = 0, /* goes on whatever it matches: log, passthrough, fasttrack, marks */
	ACT_ACCEPT,
	ACT_DROP,
	ACT_REJECT,
	ACT_TARPIT,
	ACT_JUMP,
	ACT_RETURN,
	ACT_ADD_SRC,
	ACT_ADD_DST,
	ACT_NOTRACK,
	ACT_DSTNAT,
	ACT_REDIRECT,
	ACT_UNKNOWN,
};

/* A first packet to the router. What the source chooses is not in it. */
struct packet {
	int family;
	const struct iface *in;
	enum transport_proto proto;
	int port; /* -1: not known, behind a dst-nat */
	bool dst_known;
	struct address dst; /* one of the router's own */
	enum tri untracked, dstnat;
};

struct number_span {
	uint16_t first, last;
};

struct matcher {
	const struct matcher_kind *kind;
	const char *value; /* without the "!" */
	const char *text;  /* "limit=5,10", as the router says it */
	bool negated;
	bool bad; /* the value was not understood */
	struct number_span *ports;
	size_t ports_n;
	struct addr_range range;
	size_t list; /* index into lists, NAME_NONE */
};

struct rule {
	struct exposure_rule told;
	const struct item *item;
	enum action action;
	struct matcher *matchers; /* but those of the source */
	size_t matchers_n;
	struct matcher *sources;
	size_t sources_n;
	/* What the source matchers match for sure and perhaps; NULL = every source. */
	const struct addrset *sure, *may;
	bool moving;     /* some source list is filled while packets pass */
	const char *odd; /* "action=…" that is not known, or NULL */
	bool dead;       /* disabled, or invalid */
	size_t target;   /* of a jump: index into the table's chains, or NAME_NONE */
	size_t list;     /* of add-src-to-address-list */
};

struct chain {
	const char *name;
	uint32_t *rules; /* indices, in order */
	size_t n, cap;
};

enum stage { STAGE_RAW = 0, STAGE_NAT, STAGE_INPUT, STAGES };

struct table {
	const char *menu;
	const char *base; /* the chain that an incoming packet meets */
	enum menu_state state;
	bool absent; /* this version of RouterOS has no such menu */
	struct rule *v;
	size_t n;
	struct names chain_names;
	struct chain *chains;
	size_t chains_n;
};

/* One family's firewall. */
struct firewall {
	int family;
	const struct facts *facts;
	struct arena *arena;
	struct table tables[STAGES];
	struct names list_names;
	struct alist *lists;
	size_t lists_n;
	bool lists_known;
	int moving_n;                               /* lists with a bit of their own */
	struct addrset local, broadcast, multicast; /* by address type */
	bool own_known;
	enum tri conn_marks, routing_marks; /* may a mark have been set? */
	bool input_nat;                     /* RouterOS 7's nat chain input rewrites sources */
	struct gap_list *gaps;
};

void firewall_make(const struct facts *facts, int family, struct arena *arena,
                   struct gap_list *gaps, struct firewall *out);
void firewall_done(struct firewall *f);
void lists_make(struct firewall *f);

/* --- destinations.c -------------------------------------------------------------------------- */

/* One own address of each kind that rules tell apart; NULL alone: not known, or too many. */
const struct own_address **destinations_make(const struct firewall *f, struct arena *scratch,
                                             size_t *n);

/* --- match.c --------------------------------------------------------------------------------- */

struct matcher_kind {
	const char *name;
	enum { MATCH_SOURCE = 0, MATCH_PACKET, MATCH_NEVER_KNOWN } role;
	/* Reads value into the matcher; false: not understood. NULL: nothing to read. */
	bool (*read)(struct firewall *f, struct matcher *m);
	/* Of a packet, before the negation. NULL for the source's. */
	enum tri (*test)(const struct firewall *f, const struct matcher *m, const struct packet *p);
};

/* NULL: it is no matcher that is known. */
const struct matcher_kind *matcher_find(const char *name);
/* A property of a rule that is no condition: "log-prefix", "jump-target". */
bool is_parameter(const char *name);
bool read_numbers(struct arena *arena, const char *s, struct number_span **out, size_t *n);
/* Do all but the source's conditions hold for the packet? */
enum tri rule_test(const struct firewall *f, const struct rule *r, const struct packet *p);
/* The first condition of which it cannot be known whether it holds, "limit=5,10"; never NULL. */
const char *rule_why(const struct firewall *f, const struct rule *r, const struct packet *p);
/* What the source's conditions match, `added` and `maybe` being the lists that the source was put
 * into on its way. */
void rule_sources(const struct firewall *f, const struct rule *r, uint64_t added, uint64_t maybe,
                  struct arena *arena, struct addrset *sure, struct addrset *may);

/* --- gaps.c ---------------------------------------------------------------------------------- */

struct gap_list {
	struct arena *arena;
	struct names keys;
	struct exposure_gap *v;
	size_t n, cap;
};

void gap_add(struct gap_list *g, const char *menu, const char *what, const char *text);
void gaps_done(struct gap_list *g);

/* --- paint.c: the source space as labelled ranges -------------------------------------------- */

/* A treap: sorted by address, heaped by chance, so that cutting and joining cost the logarithm. The
 * empty one is 0. Each range lives in one treap only. */
struct span {
	addr_number first, last;
	uint32_t label, weight, left, right;
};

struct paint {
	struct span *v; /* v[0] stands for nothing */
	uint32_t n, cap, free;
	uint32_t chance;
};

void paint_init(struct paint *p);
void paint_done(struct paint *p);
uint32_t paint_span(struct paint *p, addr_number first, addr_number last, uint32_t label);
/* Both treaps become one; a range is in only one of them. */
uint32_t paint_unite(struct paint *p, uint32_t a, uint32_t b);
/* Is the address in one of the ranges? */
bool paint_has(const struct paint *p, uint32_t root, addr_number x);
/* Cuts what is in the set out of *root. */
uint32_t paint_take(struct paint *p, uint32_t *root, const struct addrset *set);
/* Cuts out what has labels of which keep says so. */
uint32_t paint_take_if(struct paint *p, uint32_t *root, bool (*keep)(void *ctx, uint32_t label),
                       void *ctx);
void paint_relabel(struct paint *p, uint32_t root, uint32_t (*change)(void *ctx, uint32_t label),
                   void *ctx);
void paint_each(const struct paint *p, uint32_t root,
                void (*visit)(void *ctx, const struct span *s), void *ctx);
void paint_free(struct paint *p, uint32_t root);

/* --- labels.c: what happened to a source on its way ------------------------------------------ */

/* Accepted by the firewall; what the service then says is asked later. */
#define MASK_ACCEPT   (1u << EXPOSURE_OUTCOMES)
#define MASK(outcome) (1u << (outcome))

struct label {
	uint64_t escape;             /* frames that it may have left already, one bit each */
	uint64_t added, maybe_added; /* lists that it was, or may have been, put into */
	unsigned mask;               /* ends that it may have met */
	enum tri untracked;
	const struct rule *rule; /* the first doubt: at which rule, why */
	const char *why;
};

struct labels {
	struct label *v; /* v[0]: nothing happened */
	uint32_t n, cap;
	uint32_t *slots;
	uint32_t slots_n;
};

void labels_init(struct labels *l);
void labels_done(struct labels *l);
/* The number of a label that is equal. */
uint32_t labels_number(struct labels *l, const struct label *label);

/* --- walk.c ---------------------------------------------------------------------------------- */

/* How the firewall ends for some sources. */
struct ending {
	unsigned mask; /* one bit, or several when it cannot be known */
	const struct rule *rule;
	const char *why;
	struct addrset from;
};

struct endings {
	struct ending *v;
	size_t n;
};

struct walk_input {
	const struct firewall *firewall;
	struct packet packet;
	/* What listens behind a redirect: masks without MASK_ACCEPT. */
	void (*serve)(void *ctx, const struct packet *p, struct addrset *served,
	              unsigned *served_mask, unsigned *other_mask, const char **why);
	void *ctx;
};

/* All sources from prerouting to the end of input. The endings are disjoint and cover all. */
void walk(const struct walk_input *in, struct arena *arena, uint64_t *steps, struct endings *out);

/* --- serve.c: services and what they say ----------------------------------------------------- */

struct server {
	const char *name;
	int port;
	enum transport_proto proto;
	const char *vrf;
	enum tri listening;
	bool address_known;
	const struct prefix *address;
	size_t address_n;
	bool nobody; /* nothing of the router's listens there: a port that a nat rule leads away */
};

struct servers {
	struct server *v;
	size_t n;
};

void servers_make(const struct predict_input *in, struct arena *arena, struct servers *out);
/* What the listener says to a packet that the firewall let through: `served` meets served_mask,
 * every other source other_mask; why says by what. */
void server_serve(const struct firewall *f, const struct server *l, const struct packet *p,
                  struct arena *arena, struct addrset *served, unsigned *served_mask,
                  unsigned *other_mask, const char **why);

/* --- forwards.c: ports that only nat rules know ---------------------------------------------- */

/* Spans of as many ports are listed port by port. */
enum { FORWARD_SPAN = 16 };

struct forward {
	const struct rule *rule; /* that leads it away */
	struct server *at;       /* the port as it is asked; named as the target, or "forward" */
	const struct server *to; /* a service of the router; NULL: another host, or not known */
};

struct forward_list {
	struct arena *arena;
	struct forward *v;
	size_t n, cap;
};

void forwards_make(const struct firewall *f, const struct servers *all, struct forward_list *out);

/* --- flaws.c --------------------------------------------------------------------------------- */

struct flaw_list {
	struct arena *arena;
	struct exposure_flaw *v;
	size_t n, cap;
};

struct exposure_flaw *flaw_add(struct flaw_list *l, enum exposure_flaw_kind kind);
void flaw_tell(struct flaw_list *out, enum exposure_flaw_kind kind, const struct rule *r,
               const struct rule *by, const char *name);
/* --- flaws_shadow.c: rules that never match, for what is above them in their chain */
void flaws_of_chain(const struct firewall *f, const struct table *t, const struct chain *c,
                    struct flaw_list *out);
/* --- imply.c */
/* Does whoever fulfils `given` fulfil `asked`, for sure? */
bool condition_implies(const struct firewall *f, const struct matcher *given,
                       const struct matcher *asked);
/* Is it fulfilled by every packet? */
bool condition_is_void(const struct firewall *f, const struct matcher *m);
/* What is wrong with the rules of one family. */
void flaws_of_rules(const struct firewall *f, struct flaw_list *out);
/* What the whole matrix shows, and what is below IP. */
void flaws_of_matrix(const struct exposure *e, const struct facts *facts, struct flaw_list *out);

/* --- told.c: fills what is told beside the rows ---------------------------------------------- */

void tell_rest(const struct facts *f, struct gap_list *gaps, struct flaw_list *flaws,
               struct exposure *out);

#endif
