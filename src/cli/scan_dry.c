/* `rosaudit scan --dry-run`: what would be sent, a line for each probe's first try; sends
 * nothing. */
#include <string.h>

#include "scan_cli.h"

/* Lines are printed when this much of them is there. */
enum { CHUNK_BYTES = 65536 };

struct dry {
	struct buf out;
	int status;
};

static void flush(struct dry *d)
{
	struct error err = {0};

	if (d->status == 0 && print_out(&d->out, &err))
		d->status = fail(&err);
	buf_clear(&d->out);
}

static void put_packet(void *context, const uint8_t *p, size_t n, const char *text)
{
	struct dry *d = context;

	(void)p;
	(void)n;
	buf_printf(&d->out, "%s\n", text); /* the bytes are in it */
	if (d->out.n > CHUNK_BYTES)
		flush(d);
}

/* What the kernel makes the packets of. */
static void put_call(struct dry *d, const struct address *to, const struct scan_port *p)
{
	buf_puts(&d->out, p->proto == L4_UDP ? "UDP datagram to " : "TCP connection to ");
	address_format(to, &d->out);
	buf_printf(&d->out, " port %u\n", p->here);
	if (d->out.n > CHUNK_BYTES)
		flush(d);
}

static void put_host(struct dry *d, const struct scan_plan *plan, const struct scan_host *host)
{
	for (size_t i = 0; i < host->n; i++)
		if (host->ports[i].proto == L4_UDP || plan->method == SCAN_CONNECT)
			put_call(d, &host->target, &host->ports[i]);
}

int scan_dry(const struct scan_plan *plan)
{
	struct dry d = {0};

	buf_init(&d.out, 4 * CHUNK_BYTES);
	if (plan->method == SCAN_SYN)
		scan_dry_run(plan, &d, put_packet);
	for (size_t i = 0; i < plan->hosts_n; i++)
		put_host(&d, plan, &plan->hosts[i]);
	flush(&d);
	buf_done(&d.out);
	return d.status;
}
