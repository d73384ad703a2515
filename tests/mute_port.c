/* mute_port: listens on a port of 127.0.0.1 that answers no SYN, as if a firewall dropped it;
 * for shell tests. Prints `port N` and `ready`, ends on SIGTERM. */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "tests/support/peers.h"

int main(void)
{
	struct peer_mute mute;
	sigset_t ends;
	int sig;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	peer_mute_start(&mute);
	printf("port %u\nready\n", mute.port);
	fflush(stdout);
	sigwait(&ends, &sig);
	peer_mute_done(&mute);
	return 0;
}
