/* measure RUNS COMMAND…: runs the command so often, its output thrown away, and prints
 * "median_ms min_ms max_ms maxrss_kib status" of them. wait4(2) gives the memory. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static int run_once(char **argv, double *ms, long *rss)
{
	double begun = now_ms();
	struct rusage usage;
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
		return -1;
	*ms = now_ms() - begun;
	if (usage.ru_maxrss > *rss)
		*rss = usage.ru_maxrss;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv)
{
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0, rss = 0;
	double *ms;
	int status = 0;

	if (runs < 1 || runs > 1000) {
		fputs("usage: measure RUNS COMMAND...\n", stderr);
		return 2;
	}
	ms = calloc((size_t)runs, sizeof(*ms));
	if (!ms)
		return 1;
	for (long i = 0; i < runs; i++)
		status = run_once(argv + 2, &ms[i], &rss);
	qsort(ms, (size_t)runs, sizeof(*ms), by_value);
	printf("%.1f %.1f %.1f %ld %d\n", ms[runs / 2], ms[0], ms[runs - 1], rss, status);
	free(ms);
	return 0;
}
