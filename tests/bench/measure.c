/* measure RUNS [-o FILE] COMMAND…: runs the command so often, its output thrown away (or the last
 * run's stdout kept in FILE), and prints "median_ms min_ms max_ms maxrss_kib status" of them. wait4(2)
 * gives the memory. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static int run_once(char **argv, const char *file, double *ms, long *rss)
{
	double begun = now_ms();
	struct rusage usage;
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		int out = file ? open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600) : null;

		dup2(null, 0);
		dup2(out, 1);
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
	const char *file = NULL;
	double *ms;
	int status = 0;

	argv += 2;
	if (argc > 4 && !strcmp(argv[0], "-o")) {
		file = argv[1];
		argv += 2;
	}
	if (runs < 1 || runs > 1000) {
		fputs("usage: measure RUNS [-o FILE] COMMAND...\n", stderr);
		return 2;
	}
	ms = calloc((size_t)runs, sizeof(*ms));
	if (!ms)
		return 1;
	for (long i = 0; i < runs; i++)
		status = run_once(argv, file, &ms[i], &rss);
	qsort(ms, (size_t)runs, sizeof(*ms), by_value);
	printf("%.1f %.1f %.1f %ld %d\n", ms[runs / 2], ms[0], ms[runs - 1], rss, status);
	free(ms);
	return 0;
}
