/* An installed nmap, run for us. Private to src/cli. */
#ifndef ROSAUDIT_NMAP_H
#define ROSAUDIT_NMAP_H

#include <sys/types.h>

#include "rosaudit/scan_report.h"

enum { NMAP_ARGS = 48 };

/* nmap_init, nmap_arg…, nmap_start, nmap_finish, nmap_done (which may come at any time). */
struct nmap {
	struct arena arena;
	char *argv[NMAP_ARGS]; /* ends in NULL */
	size_t argc;
	pid_t pid; /* 0 = not running */
	int in, out, said;
};

void nmap_init(struct nmap *n);
void nmap_arg(struct nmap *n, const char *arg);
/* -p with the ports of both protocols. */
void nmap_ports(struct nmap *n, const struct port_lists *lists);
/* Starts it with these addresses, all of one family. It has the privileges of this moment. */
int nmap_start(struct nmap *n, const struct address *v, size_t count, struct error *err);
/* Waits for the end and reads the report. After Ctrl-C: what there is, and 0. */
int nmap_finish(struct nmap *n, scan_take_host *take, void *context, struct error *err);
void nmap_done(struct nmap *n);

#endif
