/*
 * The scan alone, for scripts that need a network of their own:
 *   scan_driver scan [-S SOURCE] [-t CONNECT_MS] [-p PARALLEL] [-r RATE] [-q] [-y] ADDRESS PORTS
 *   scan_driver many [-y] [-q] [-r RATE] [-p PARALLEL] FIRST-ADDRESS COUNT PORTS
 *   scan_driver dry ADDRESS PORTS
 *   scan_driver listen PORT…
 * The first prints a line for each port and one with source and time (-q: only counts; -y: by SYN);
 * the second counts the states of each host; the third prints packets and sends none; the last
 * listens on every address, IPv4 and IPv6, prints "ready", and greets as an SSH server until
 * killed.
 */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/buf.h"
#include "rosaudit/portset.h"
#include "rosaudit/scan.h"

static int complain(const char *what, const char *about)
{
	fprintf(stderr, "scan_driver: %s%s%s\n", what, *about ? ": " : "", about);
	return 2;
}

static void print_one(const struct observation *o)
{
	static const char *const serves[] = {"-", "serving", "refused", "silent"};

	printf("%u %s %s %s %s %u\n", o->port, port_state_name(o->state), o->reason,
	       serves[o->serve], app_proto_name(o->app), o->tries);
}

static void print_result(const struct observations *seen, bool quiet)
{
	size_t counts[PORT_STATES] = {0};
	struct buf source;

	for (size_t i = 0; i < seen->n; i++) {
		counts[seen->v[i].state]++;
		if (!quiet)
			print_one(&seen->v[i]);
	}
	buf_init(&source, 128);
	address_format(&seen->source, &source);
	printf("source %s open %zu closed %zu filtered %zu unknown %zu ms %lld\n", buf_str(&source),
	       counts[PORT_OPEN], counts[PORT_CLOSED], counts[PORT_FILTERED], counts[PORT_UNKNOWN],
	       (long long)seen->duration_ms);
	buf_done(&source);
	printf("sent %llu answered %llu loss %.4f%s missed %.1e%s%s%s%s\n",
	       (unsigned long long)seen->account.sent, (unsigned long long)seen->account.answered,
	       seen->account.loss, seen->account.loss_assumed ? " (assumed)" : "",
	       seen->account.missed, seen->account.limited ? " limited" : "",
	       seen->account.tarpit ? " tarpit" : "", seen->account.cut ? " cut: " : "",
	       seen->account.cut ? seen->account.cut : "");
}

static int read_ports(const char *list, struct scan_host *host)
{
	static struct scan_port ports[65536];
	static struct port_set set;
	struct error err = {0};

	if (port_set_parse(list, strlen(list), catalogue_lookup, &set, &err))
		return complain(err.text, "");
	for (int p = port_set_next(&set, 0); p >= 0; p = port_set_next(&set, (unsigned)p + 1))
		ports[host->n++] = (struct scan_port){
			.router = (uint16_t)p, .here = (uint16_t)p, .expect = APP_SSH};
	host->ports = ports;
	return 0;
}

static int scan(struct scan_plan *plan, struct scan_host *host, const char *list, bool quiet)
{
	struct observations seen;
	struct error err = {0};
	int result;

	if (read_ports(list, host))
		return 2;
	if (plan->method == SCAN_SYN && !(plan->raw = scan_raw_open(&err)))
		return complain(err.text, "");
	observations_init(&seen);
	result = scan_host_run(plan, &seen, &err);
	if (result)
		complain(err.text, "");
	else
		print_result(&seen, quiet);
	observations_done(&seen);
	scan_raw_free(plan->raw);
	return result ? 3 : 0;
}

/* The options of scan and many; 0, or an exit status. */
static int read_options(int argc, char **argv, struct scan_plan *plan, bool *quiet)
{
	int option;

	while ((option = getopt(argc, argv, "S:t:p:r:qyn")) != -1) {
		if (option == 'S' && !address_parse(optarg, strlen(optarg), &plan->source))
			return complain("no address", optarg);
		if (option == 't')
			plan->pace.rtt_first_ms = (unsigned)strtoul(optarg, NULL, 10);
		if (option == 'p')
			plan->pace.parallel = (unsigned)strtoul(optarg, NULL, 10);
		if (option == 'r')
			plan->pace.min_rate = plan->pace.max_rate =
				(unsigned)strtoul(optarg, NULL, 10);
		if (option == 'y')
			plan->method = SCAN_SYN;
		plan->ports_only |= option == 'n';
		*quiet |= option == 'q';
		if (option == '?')
			return 2;
	}
	return 0;
}

static int scan_main(int argc, char **argv)
{
	struct scan_host host = {0};
	struct scan_plan plan = {.hosts = &host, .hosts_n = 1};
	bool quiet = false;

	if (read_options(argc, argv, &plan, &quiet))
		return 2;
	if (argc - optind != 2)
		return complain("ADDRESS and PORTS are needed", "");
	if (!address_parse(argv[optind], strlen(argv[optind]), &host.target))
		return complain("no address", argv[optind]);
	return scan(&plan, &host, argv[optind + 1], quiet);
}

/* --- many hosts ------------------------------------------------------------------------ */

enum { HOSTS = 256 };

struct tally {
	size_t states[PORT_STATES];
	bool ended;
};

static void count_port(void *context, size_t host, const struct observation *o)
{
	((struct tally *)context)[host].states[o->state]++;
}

static void print_host(void *context, size_t host, const struct scan_account *a)
{
	struct tally *t = &((struct tally *)context)[host];

	printf("host %zu open %zu closed %zu filtered %zu unknown %zu%s%s\n", host,
	       t->states[PORT_OPEN], t->states[PORT_CLOSED], t->states[PORT_FILTERED],
	       t->states[PORT_UNKNOWN], a->cut ? " cut " : "", a->cut ? a->cut : "");
	t->ended = true;
}

static int many(struct scan_plan *plan, struct scan_host *hosts, size_t n, const char *list)
{
	static struct tally tallies[HOSTS];
	struct scan_sink sink = {.context = tallies, .port = count_port, .host = print_host};
	struct error err = {0};
	int result;

	if (read_ports(list, &hosts[0]))
		return 2;
	for (size_t i = 1; i < n; i++) {
		hosts[i] = hosts[0];
		hosts[i].target.bytes[3] = (uint8_t)(hosts[0].target.bytes[3] + i);
	}
	plan->hosts = hosts;
	plan->hosts_n = n;
	if (plan->method == SCAN_SYN && !(plan->raw = scan_raw_open(&err)))
		return complain(err.text, "");
	result = scan_run(plan, &sink, &err);
	scan_raw_free(plan->raw);
	return result ? complain(err.text, "") : 0;
}

static int many_main(int argc, char **argv)
{
	static struct scan_host hosts[HOSTS];
	struct scan_plan plan = {0};
	bool quiet = false;
	size_t n;

	if (read_options(argc, argv, &plan, &quiet))
		return 2;
	if (argc - optind != 3)
		return complain("FIRST-ADDRESS, COUNT and PORTS are needed", "");
	n = strtoul(argv[optind + 1], NULL, 10);
	if (n < 1 || n > HOSTS ||
	    !address_parse(argv[optind], strlen(argv[optind]), &hosts[0].target))
		return complain("no address, or too many", argv[optind]);
	return many(&plan, hosts, n, argv[optind + 2]);
}

static void print_packet(void *context, const uint8_t *p, size_t n, const char *text)
{
	(void)context;
	(void)p;
	(void)n;
	puts(text);
}

static int dry_main(int argc, char **argv)
{
	struct scan_host host = {0};
	struct scan_plan plan = {.hosts = &host, .hosts_n = 1, .method = SCAN_SYN};

	if (argc != 3 || !address_parse(argv[1], strlen(argv[1]), &host.target) ||
	    read_ports(argv[2], &host))
		return complain("ADDRESS and PORTS are needed", "");
	scan_dry_run(&plan, NULL, print_packet);
	return 0;
}

enum { MOST = 64 };

static int listen_main(int argc, char **argv)
{
	static const char greeting[] = "SSH-2.0-namespace\r\n";
	struct pollfd fds[MOST];
	struct sockaddr_in6 sa = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
	nfds_t n = 0;
	int fd, on = 1;

	for (int i = 1; i < argc && n < MOST; i++, n++) {
		fds[n] = (struct pollfd){.fd = socket(AF_INET6, SOCK_STREAM, 0), .events = POLLIN};
		setsockopt(fds[n].fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		sa.sin6_port = htons((uint16_t)strtoul(argv[i], NULL, 10));
		if (bind(fds[n].fd, (struct sockaddr *)&sa, sizeof(sa)) || listen(fds[n].fd, 64))
			return complain("cannot listen", argv[i]);
	}
	puts("ready");
	fflush(stdout);
	while (poll(fds, n, -1) > 0)
		for (nfds_t i = 0; i < n; i++) {
			if (!fds[i].revents || (fd = accept(fds[i].fd, NULL, NULL)) < 0)
				continue;
			if (write(fd, greeting, sizeof(greeting) - 1) < 0)
				complain("a client was gone", "");
			close(fd);
		}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "scan"))
		return scan_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "many"))
		return many_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "dry"))
		return dry_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "listen"))
		return listen_main(argc - 1, argv + 1);
	return complain("scan, many, dry or listen?", "");
}
