/*
 * UDP alone, for scripts that need a network of their own:
 *   udp_driver scan [-S SOURCE] [-q] PORTS ADDRESS…
 *   udp_driver serve PORT… [-m PORT…]
 * The first prints a line for each port of each address and one with the account; the second
 * listens on every address, IPv4 and IPv6, prints "ready", and sends each datagram back with DNS's
 * bit of a response set, or (behind -m) hears and says nothing, until killed.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/buf.h"
#include "rosaudit/clock.h"
#include "rosaudit/portset.h"
#include "rosaudit/scan.h"

enum { MOST_HOSTS = 64, MOST_PORTS = 128 };

static int complain(const char *what, const char *about)
{
	fprintf(stderr, "udp_driver: %s%s%s\n", what, *about ? ": " : "", about);
	return 2;
}

struct output {
	const struct scan_host *hosts;
	size_t counts[PORT_STATES];
	uint64_t sent;
	bool quiet, several, limited;
};

static void print_port(void *context, size_t host, const struct observation *o)
{
	struct output *out = context;
	struct buf address;

	out->counts[o->state]++;
	if (out->quiet)
		return;
	buf_init(&address, 128);
	address_format(&out->hosts[host].target, &address);
	printf("%s%s%u %s %s %s\n", out->several ? buf_str(&address) : "", out->several ? " " : "",
	       o->port, port_state_name(o->state), o->reason, app_proto_name(o->app));
	buf_done(&address);
}

static void sum_up(void *context, size_t host, const struct scan_account *a)
{
	struct output *out = context;

	(void)host;
	out->sent += a->sent;
	out->limited |= a->limited;
}

static int run(struct scan_plan *plan, struct output *out)
{
	struct scan_sink sink = {.context = out, .port = print_port, .host = sum_up};
	struct error err = {0};
	int64_t began = clock_ms();
	int result = scan_run(plan, &sink, &err);

	if (result)
		complain(err.text, "");
	printf("total open %zu closed %zu filtered %zu open|filtered %zu unknown %zu limited %d "
	       "sent %llu ms %lld\n",
	       out->counts[PORT_OPEN], out->counts[PORT_CLOSED], out->counts[PORT_FILTERED],
	       out->counts[PORT_OPEN_FILTERED], out->counts[PORT_UNKNOWN], out->limited,
	       (unsigned long long)out->sent, (long long)(clock_ms() - began));
	return result ? 3 : 0;
}

static int scan_main(int argc, char **argv)
{
	static struct scan_port ports[65536];
	static struct port_set set;
	struct scan_host hosts[MOST_HOSTS] = {0};
	struct scan_plan plan = {.hosts = hosts};
	struct output out = {.hosts = hosts};
	struct error err = {0};
	size_t n = 0;
	int option;

	while ((option = getopt(argc, argv, "S:q")) != -1) {
		if (option == 'S' && !address_parse(optarg, strlen(optarg), &plan.source))
			return complain("no address", optarg);
		out.quiet |= option == 'q';
	}
	if (argc - optind < 2 || argc - optind > MOST_HOSTS)
		return complain("PORTS and ADDRESS are needed", "");
	if (port_set_parse(argv[optind], strlen(argv[optind]), catalogue_lookup, &set, &err))
		return complain(err.text, "");
	for (int p = port_set_next(&set, 0); p >= 0; p = port_set_next(&set, (unsigned)p + 1))
		ports[n++] = (struct scan_port){
			.router = (uint16_t)p, .here = (uint16_t)p, .proto = L4_UDP};
	for (int i = optind + 1; i < argc; i++) {
		struct scan_host *h = &hosts[plan.hosts_n++];

		*h = (struct scan_host){.ports = ports, .n = n};
		if (!address_parse(argv[i], strlen(argv[i]), &h->target))
			return complain("no address", argv[i]);
	}
	out.several = plan.hosts_n > 1;
	return run(&plan, &out);
}

/* Sends back what came, from the address it came to. */
static void answer(int fd)
{
	_Alignas(struct cmsghdr) char control[256];
	struct sockaddr_in6 from;
	unsigned char p[2048];
	struct iovec iov = {.iov_base = p, .iov_len = sizeof(p)};
	struct msghdr m = {.msg_name = &from,
	                   .msg_namelen = sizeof(from),
	                   .msg_iov = &iov,
	                   .msg_iovlen = 1,
	                   .msg_control = control,
	                   .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(fd, &m, 0);

	if (n < 3)
		return;
	p[2] |= 0x80;
	iov.iov_len = (size_t)n;
	if (sendmsg(fd, &m, 0) < 0)
		complain("a client was gone", "");
}

static int serve_main(int argc, char **argv)
{
	struct pollfd fds[MOST_PORTS];
	struct sockaddr_in6 sa = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
	bool mute = false;
	nfds_t n = 0;
	int on = 1;

	for (int i = 1; i < argc && n < MOST_PORTS; i++) {
		if (!strcmp(argv[i], "-m")) {
			mute = true;
			continue;
		}
		fds[n] = (struct pollfd){.fd = socket(AF_INET6, SOCK_DGRAM, 0),
		                         .events = mute ? 0 : POLLIN};
		setsockopt(fds[n].fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
		sa.sin6_port = htons((uint16_t)strtoul(argv[i], NULL, 10));
		if (bind(fds[n++].fd, (struct sockaddr *)&sa, sizeof(sa)))
			return complain("cannot listen", argv[i]);
	}
	puts("ready");
	fflush(stdout);
	while (poll(fds, n, -1) > 0)
		for (nfds_t i = 0; i < n; i++)
			if (fds[i].revents & POLLIN)
				answer(fds[i].fd);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "scan"))
		return scan_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "serve"))
		return serve_main(argc - 1, argv + 1);
	return complain("scan or serve?", "");
}
