/* Ctrl-C. */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "rosaudit/cancel.h"

/* Lock-free, so a signal handler may set it and every thread may read it. */
static atomic_int requested;
static int pipe_fds[2] = {-1, -1};

static void on_signal(int sig)
{
	if (atomic_load(&requested)) {
		/* The second time: the user means it. */
		signal(sig, SIG_DFL);
		raise(sig);
		return;
	}
	atomic_store(&requested, 1);
	if (pipe_fds[1] >= 0 && write(pipe_fds[1], "", 1) < 0)
		return;
}

void cancel_install(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	if (pipe_fds[0] < 0 && pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK))
		pipe_fds[0] = pipe_fds[1] = -1;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

bool cancel_requested(void)
{
	return atomic_load(&requested) != 0;
}

int cancel_fd(void)
{
	return pipe_fds[0];
}
