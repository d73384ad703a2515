/* Readers of hosts, addresses and prefixes. */
#include "values.h"

#include <ctype.h>
#include <net/if.h>
#include <string.h>

#include "rosaudit/hosts.h"
#include "rosaudit/limits.h"
#include "rosaudit/prefix.h"

/* RFC 1035, 2.3.4: octets of a name and of one label. */
#define NAME_MAX_BYTES  253u
#define LABEL_MAX_BYTES 63u

/* `%eth0`: kept as text, because the file may be checked on a machine without that interface. */
static const char *zone_fault(const char *zone)
{
	size_t n = strlen(zone);

	if (n == 0 || n >= IF_NAMESIZE || strpbrk(zone, "/% \t"))
		return "names no interface behind %, as in fe80::1%eth0";
	return NULL;
}

const char *address_fault(const char *s)
{
	const char *zone = strchr(s, '%');
	size_t n = zone ? (size_t)(zone - s) : strlen(s);
	struct address a;

	if (s[0] == '[')
		return "is written with brackets; leave them out";
	if (!address_parse(s, n, &a))
		return "is no IPv4 or IPv6 address";
	if (zone && a.family == 4)
		return "has an interface behind an IPv4 address, which has none";
	if (zone)
		return zone_fault(zone + 1);
	/* Linux answers EINVAL to a connect without it. */
	if (a.family == 6 && a.bytes[0] == 0xfe && (a.bytes[1] & 0xc0) == 0x80)
		return "is link-local and needs the interface behind it, as in fe80::1%eth0";
	return NULL;
}

static const char *name_fault(const char *s)
{
	size_t label = 0;

	if (strlen(s) > NAME_MAX_BYTES)
		return "is longer than the 253 characters of a host name";
	if (s[0] == '-')
		return "begins with \"-\", which no host name does";
	for (size_t i = 0; s[i]; i++) {
		label = s[i] == '.' ? 0 : label + 1;
		if (!isalnum((unsigned char)s[i]) && !strchr("-_.", s[i]))
			return "holds a character that is in no host name";
		if (label > LABEL_MAX_BYTES || (s[i] == '.' && (i == 0 || s[i - 1] == '.')))
			return "is no host name: between dots stand 1 to 63 characters";
	}
	return NULL;
}

const char *host_fault(const char *s)
{
	if (strstr(s, "://"))
		return "is a URL; write the host alone";
	if (strchr(s, '@'))
		return "holds a login name, which goes into \"user\"";
	if (s[0] == '[' || strchr(s, '%') || (strchr(s, ':') && strchr(s, ':') != strrchr(s, ':')))
		return address_fault(s);
	if (strchr(s, ':'))
		return "holds a port, which goes into \"port\"";
	if (strchr(s, '/'))
		return "is a prefix; several hosts go into \"hosts\"";
	/* Without a letter it is meant as an address, or as several, never as a name. */
	if (s[strspn(s, "0123456789.")] == '\0')
		return address_fault(s);
	if (s[strspn(s, "0123456789.,-*")] == '\0')
		return "is no single address; a range goes into \"hosts\"";
	return name_fault(s);
}

/* The value is not quoted: what stands before an @ may be a password. */
static int host_wrong(const struct reading *r, const struct schema_key *k, const struct node *n,
                      const char *fault)
{
	size_t cut = text_cut(n->text, 60);

	if (strchr(n->text, '@'))
		return reading_fault(r, n, NULL, "\"%s\" in %s: the value %s", k->key, r->place,
		                     fault);
	return reading_fault(r, n, NULL, "\"%s\" in %s: \"%.*s%s\" %s", k->key, r->place, (int)cut,
	                     n->text, cut < n->n ? "…" : "", fault);
}

int value_read_host(const struct reading *r, const struct schema_key *k, const struct node *n,
                    void *base)
{
	const char *hint = n->kind == NODE_LIST
	                           ? "several hosts go into \"hosts\"; an IPv6 address "
	                             "stands without brackets"
	                           : NULL;

	if (n->kind != NODE_SCALAR)
		return reading_wrong(r, k, n, hint);

	const char *text = value_text(r, k, n);
	const char *fault = text ? host_fault(text) : NULL;

	if (fault)
		return host_wrong(r, k, n, fault);
	if (!text)
		return -1;
	value_store_text(k, base, text);
	return 0;
}

int value_read_address(const struct reading *r, const struct schema_key *k, const struct node *n,
                       void *base)
{
	const char *text = value_text(r, k, n);
	const char *fault = text ? address_fault(text) : NULL;

	if (fault)
		return host_wrong(r, k, n, fault);
	if (!text)
		return -1;
	value_store_text(k, base, text);
	return 0;
}

/* One expression of hosts, appended to the layer's. */
static int add_hosts(const struct reading *r, const struct schema_key *k, const struct node *n,
                     struct layer *l)
{
	const char *text = value_text(r, k, n);
	struct error e = {0};
	const char **found;
	size_t found_n;

	if (!text)
		return -1;
	if (strchr(text, '@') || strchr(text, ':'))
		if (host_fault(text) && !strchr(text, '/'))
			return host_wrong(r, k, n, host_fault(text));
	if (hosts_expand(text, LIMIT_ROUTERS, r->arena, &found, &found_n, &e) != 0)
		return reading_fault(r, n, e.hint[0] ? e.hint : NULL, "\"%s\" in %s: %s", k->key,
		                     r->place, e.text);
	if (l->hosts_n + found_n > LIMIT_ROUTERS)
		return reading_fault(r, n, NULL,
		                     "\"%s\" in %s gives more than 4096 addresses in all", k->key,
		                     r->place);
	for (size_t i = 0; i < found_n; i++)
		if (host_fault(found[i]))
			return host_wrong(r, k, n, host_fault(found[i]));

	if (l->hosts_n + found_n > l->hosts_cap) {
		l->hosts_cap = 2 * (l->hosts_n + found_n);
		l->hosts =
			arena_grow(r->arena, l->hosts, l->hosts_n, l->hosts_cap, sizeof(*l->hosts));
	}
	memcpy(l->hosts + l->hosts_n, found, found_n * sizeof(*found));
	l->hosts_n += found_n;
	return 0;
}

int value_read_hosts(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	int result = 0;

	if (n->kind == NODE_MAPPING || (n->kind == NODE_LIST && n->n == 0))
		return reading_wrong(r, k, n, NULL);
	if (n->kind == NODE_SCALAR)
		return add_hosts(r, k, n, base);
	for (size_t i = 0; i < n->n && !reading_is_full(r); i++)
		result |= add_hosts(r, k, n->items[i], base);
	return result;
}

/* The network and the single address that a prefix with host bits may have meant. */
static int host_bits(const struct reading *r, const struct schema_key *k, const struct node *n,
                     const struct prefix *masked)
{
	size_t host = strcspn(n->text, "/");
	struct buf network;

	buf_init(&network, 64);
	prefix_format(masked, &network);
	reading_fault(
		r, n, NULL,
		"\"%s\" in %s: %s has host bits set; the network is %s, the one address %.*s/%d",
		k->key, r->place, n->text, buf_str(&network), (int)host, n->text,
		masked->address.family == 4 ? 32 : 128);
	buf_done(&network);
	return -1;
}

static int prefix_wrong(const struct reading *r, const struct schema_key *k, const struct node *n)
{
	static const char *const open[] = {"", "~", "null", "unrestricted", "any", "all", "none"};
	const char *hint = NULL;

	for (size_t i = 0; n->kind == NODE_SCALAR && i < sizeof(open) / sizeof(*open); i++)
		if (strcmp(n->text, open[i]) == 0)
			hint = "write [] for unrestricted";
	if (n->kind == NODE_MAPPING)
		hint = "an IPv6 prefix inside [ ] needs quotes: [\"2001:db8::/64\"]";
	else if (n->kind == NODE_SCALAR && strchr(n->text, ','))
		hint = "write several prefixes as a list: [192.0.2.0/24, 198.51.100.0/24]";
	else if (n->kind == NODE_SCALAR && strchr(n->text, '-'))
		hint = "RouterOS takes prefixes here, no ranges";
	return reading_wrong(r, k, n, hint);
}

static int read_prefix(const struct reading *r, const struct schema_key *k, const struct node *n,
                       struct prefix *out)
{
	if (n->kind != NODE_SCALAR)
		return prefix_wrong(r, k, n);
	switch (prefix_parse(n->text, n->n, out)) {
	case PREFIX_OK:
		return 0;
	case PREFIX_HOST_BITS:
		return host_bits(r, k, n, out);
	case PREFIX_LENGTH:
		return reading_fault(
			r, n, NULL,
			"\"%s\" in %s: the length of %s is at most 32 (IPv4) or 128 (IPv6)", k->key,
			r->place, n->text);
	case PREFIX_MALFORMED:
	default:
		return prefix_wrong(r, k, n);
	}
}

/* A list of prefixes, or one, into a pointer and a number that follow each other. */
int value_prefix_list(const struct reading *r, const struct schema_key *k, const struct node *n,
                      struct prefix **out, size_t *out_n)
{
	size_t count = n->kind == NODE_LIST ? n->n : 1;
	int result = 0;

	if (count > LIMIT_PREFIXES)
		return reading_fault(r, n, NULL, "\"%s\" in %s lists more than 4096 prefixes",
		                     k->key, r->place);
	*out = arena_array(r->arena, count, sizeof(**out));
	*out_n = count;
	for (size_t i = 0; i < count; i++)
		result |= read_prefix(r, k, n->kind == NODE_LIST ? n->items[i] : n, &(*out)[i]);
	return result;
}

int value_read_prefixes(const struct reading *r, const struct schema_key *k, const struct node *n,
                        void *base)
{
	struct {
		struct prefix *v;
		size_t n;
	} set = {0};

	/* [] means everybody in `address:`; inside of {within: []} nobody knows what it would. */
	if (n->kind == NODE_LIST && n->n == 0)
		return reading_wrong(r, k, n, NULL);
	if (value_prefix_list(r, k, n, &set.v, &set.n) != 0)
		return -1;
	memcpy((char *)base + k->offset, &set, sizeof(set));
	return 0;
}

int value_read_access(const struct reading *r, const struct schema_key *k, const struct node *n,
                      void *base)
{
	struct expect_service *s = base;

	if (n->kind == NODE_SCALAR && strcmp(n->text, "restricted") == 0) {
		s->address_mode = ADDRESS_RESTRICTED;
		return 0;
	}
	if (n->kind == NODE_MAPPING) {
		struct reading inner = *r;

		if (n->n == 0)
			return prefix_wrong(r, k, n);
		inner.place = arena_printf(r->arena, "\"%s\" of %s", k->key, r->place);
		if (read_keys(&inner, PLACE_ADDRESS, n, s) != 0)
			return -1;
		s->address_mode = s->address_n ? ADDRESS_WITHIN : ADDRESS_COVERS;
		return 0;
	}
	s->address_mode = n->kind == NODE_LIST && n->n == 0 ? ADDRESS_UNRESTRICTED : ADDRESS_WITHIN;
	return value_prefix_list(r, k, n, &s->address, &s->address_n);
}

bool value_is_source_name(const char *text)
{
	size_t n = 0;

	if (!isalpha((unsigned char)text[0]))
		return false;
	while (isalnum((unsigned char)text[n]) || text[n] == '_' || text[n] == '-')
		n++;
	return text[n] == '\0';
}

int value_read_sources(const struct reading *r, const struct schema_key *k, const struct node *n,
                       void *base)
{
	size_t count = n->kind == NODE_LIST ? n->n : 1;
	struct source_set set = {0};
	int result = 0;

	if (n->kind == NODE_MAPPING || count == 0 || node_is_null(n))
		return reading_wrong(r, k, n, NULL);
	if (count > LIMIT_PREFIXES)
		return reading_fault(r, n, NULL, "\"%s\" in %s lists more than 4096 sources",
		                     k->key, r->place);
	set.names = arena_array(r->arena, count, sizeof(*set.names));
	set.v = arena_array(r->arena, count, sizeof(*set.v));
	for (size_t i = 0; i < count; i++) {
		const struct node *item = n->kind == NODE_LIST ? n->items[i] : n;

		if (item->kind == NODE_SCALAR && value_is_source_name(item->text))
			set.names[set.names_n++] = item->text;
		else if (read_prefix(r, k, item, &set.v[set.n]) == 0)
			set.n++;
		else
			result = -1;
	}
	memcpy((char *)base + k->offset, &set, sizeof(set));
	return result;
}
