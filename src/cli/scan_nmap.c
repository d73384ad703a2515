/* `rosaudit scan --scanner nmap`: our targets, ports and reports, nmap's probes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nmap.h"
#include "rosaudit/cancel.h"
#include "scan_cli.h"

static void arg_number(struct nmap *n, const char *option, unsigned value)
{
	char text[16];

	if (!value)
		return;
	snprintf(text, sizeof(text), "%u", value);
	nmap_arg(n, option);
	nmap_arg(n, text);
}

/* What we were told, in the same words. */
static void pass_options(struct nmap *n, const struct options *o, const struct scan_head *head)
{
	const struct scan_options *s = &o->scan;
	const struct {
		bool is;
		const char *word;
	} words[] = {
		{head->tcp && strcmp(head->tcp, "syn") == 0, "-sS"},
		{head->tcp && strcmp(head->tcp, "syn") != 0, "-sT"},
		{head->udp, "-sU"},
		{head->ping_only, "-sn"},
		{s->identify, "-sV"},
		{s->skip_discovery, "-Pn"},
	};
	char text[32];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].is)
			nmap_arg(n, words[i].word);
	if (!head->ping_only)
		nmap_ports(n, &head->ports);
	if (o->interface) {
		nmap_arg(n, "-e");
		nmap_arg(n, o->interface);
	}
	if (o->source) {
		nmap_arg(n, "-S");
		nmap_arg(n, o->source);
	}
	if (s->timing >= 0) {
		snprintf(text, sizeof(text), "-T%d", s->timing);
		nmap_arg(n, text);
	}
	if (s->passes) {
		snprintf(text, sizeof(text), "%u", s->passes - 1);
		nmap_arg(n, "--max-retries");
		nmap_arg(n, text);
	}
	if (s->host_timeout_ms) {
		snprintf(text, sizeof(text), "%ldms", s->host_timeout_ms);
		nmap_arg(n, "--host-timeout");
		nmap_arg(n, text);
	}
	arg_number(n, "--min-rate", s->min_rate);
	arg_number(n, "--max-rate", s->max_rate);
}

/* What one nmap tells goes to the group's hosts by address. */
struct telling {
	const struct scan_plan *plan;
	const struct scan_sink *sink;
	bool *told;
	size_t next; /* nmap keeps the order, mostly */
};

/* nmap writes no zone. */
static bool is_same(const struct address *asked, const struct address *told)
{
	struct address bare = *asked;

	bare.scope = told->scope;
	return address_equal(&bare, told);
}

static int take_host(void *context, const struct scan_head *head, const struct scanned_host *h,
                     struct error *err)
{
	struct telling *t = context;
	struct observation o;
	uint32_t at = 0;
	size_t i = 0, n = t->plan->hosts_n;

	(void)head;
	(void)err;
	while (i < n && (t->told[(t->next + i) % n] ||
	                 !is_same(&t->plan->hosts[(t->next + i) % n].target, &h->address)))
		i++;
	if (i == n) /* not asked for, or twice: nothing of ours */
		return 0;
	i = (t->next + i) % n;
	t->next = i + 1;
	t->told[i] = true;
	while (scanned_next(h, &at, &o))
		t->sink->port(t->sink->context, i, &o);
	t->sink->host(t->sink->context, i, &h->account);
	return 0;
}

/* Starts one for the family, if there is any address of it. */
static int start_family(struct nmap *n, uint8_t family, const struct options *o,
                        const struct scan_head *head, const struct scan_plan *plan,
                        struct error *err)
{
	struct address *v = mem_alloc((plan->hosts_n + 1) * sizeof(*v));
	size_t count = 0;
	int result = 0;

	for (size_t i = 0; i < plan->hosts_n; i++)
		if (plan->hosts[i].target.family == family)
			v[count++] = plan->hosts[i].target;
	pass_options(n, o, head);
	if (family == 6)
		nmap_arg(n, "-6");
	if (count)
		result = nmap_start(n, v, count, err);
	free(v);
	return result;
}

int scan_by_nmap(const struct options *o, const struct scan_head *head,
                 const struct scan_plan *plan, const struct scan_sink *sink, struct error *err)
{
	struct telling t = {.plan = plan, .sink = sink};
	struct scan_account none = {.rtt_us = -1};
	struct nmap four, six;
	int result = -1;

	nmap_init(&four);
	nmap_init(&six);
	t.told = mem_alloc(plan->hosts_n + 1);
	if (start_family(&four, 4, o, head, plan, err) || start_family(&six, 6, o, head, plan, err))
		goto out;
	/* Both have their sockets; what they say is read without privileges. */
	if (privileges_drop(false, err))
		goto out;
	if ((four.pid && nmap_finish(&four, take_host, &t, err)) ||
	    (six.pid && nmap_finish(&six, take_host, &t, err)))
		goto out;
	none.cut = cancel_requested() ? "interrupted" : "not in nmap's report";
	for (size_t i = 0; i < plan->hosts_n; i++)
		if (!t.told[i])
			sink->host(sink->context, i, &none);
	result = 0;
out:
	nmap_done(&four);
	nmap_done(&six);
	free(t.told);
	return result;
}
