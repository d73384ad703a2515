/* Prints TCP ports of 127.0.0.1 that are free, as many as its argument says (1): for shell
 * tests. All are held until the last one is found, so they differ. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static int free_port(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	socklen_t n = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, n) != 0 ||
	    getsockname(fd, (struct sockaddr *)&sa, &n) != 0)
		return -1;
	return ntohs(sa.sin_port);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1;

	for (long i = 0; i < count; i++) {
		int port = free_port();

		if (port < 0) {
			perror("free_port");
			return 1;
		}
		printf("%d\n", port);
	}
	return 0;
}
