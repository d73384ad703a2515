/* A scripted web server for tests: http or https on loopback, with every way to go wrong that a
 * test needs. Shares no code with src/. See --help. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tests/support/certificate.h"

/* What happens at the request that the fault is for; WHEN_ACCEPTED: before any byte is read. */
enum act {
	ACT_ANSWER = 0,
	ACT_FIN,     /* close in silence */
	ACT_RST,     /* the same, with a reset */
	ACT_STALL,   /* say nothing more until the client goes */
	ACT_CUT,     /* half of the body, then close */
	ACT_HALF,    /* half of the body, then silence */
	ACT_ENDLESS, /* chunks for as long as the client takes them */
	ACT_HEADERS, /* header lines without end */
	ACT_RAW,     /* the body alone, without any HTTP; then close */
};

enum when { WHEN_REQUESTED = 0, WHEN_ACCEPTED };

struct fault {
	const char *name, *help;
	enum when when;
	enum act act;
	const char *status; /* "401 Unauthorized"; NULL = the normal answer */
	const char *type, *body;
	size_t body_n; /* of ACT_RAW with zeros in it; 0 = strlen */
};

#define JSON "application/json"
#define HTML "text/html"

static const struct fault faults[] = {
	{"none", "answers as a RouterOS 7.16 would", .act = ACT_ANSWER},
	{"unauthorized", "401", .status = "401 Unauthorized", .type = JSON,
         .body = "{\"error\":401,\"message\":\"Unauthorized\"}"},
	{"forbidden", "403 and a page: REST is switched off in the web server",
         .status = "403 Forbidden", .type = HTML,
         .body = "<html><head><title>Error 403</title></head><body>Forbidden</body></html>"},
	{"forbidden-json", "403 and JSON", .status = "403 Forbidden", .type = JSON,
         .body = "{\"error\":403,\"message\":\"Forbidden\"}"},
	{"page-404", "404 and a page: no REST", .status = "404 Not Found", .type = HTML,
         .body = "<html><body>Error 404: Not Found</body></html>"},
	{"json-404", "404 and JSON", .status = "404 Not Found", .type = JSON,
         .body = "{\"error\":404,\"message\":\"Not Found\"}"},
	{"no-command", "400: no such menu", .status = "400 Bad Request", .type = JSON,
         .body = "{\"detail\":\"no such command or directory (flux)\",\"error\":400,"
                 "\"message\":\"Bad Request\"}"},
	{"no-command-406", "406: no such menu", .status = "406 Not Acceptable", .type = JSON,
         .body = "{\"detail\":\"no such command or directory (flux)\",\"error\":406,"
                 "\"message\":\"Not Acceptable\"}"},
	{"session-closed", "400: the limit of 60 s", .status = "400 Bad Request", .type = JSON,
         .body = "{\"detail\":\"Session closed\",\"error\":400,\"message\":\"Bad Request\"}"},
	{"bad-request", "400 of another kind", .status = "400 Bad Request", .type = JSON,
         .body = "{\"detail\":\"unknown parameter flux\",\"error\":400,"
                 "\"message\":\"Bad Request\"}"},
	{"permissions", "500: a policy is missing", .status = "500 Internal Server Error",
         .type = JSON,
         .body = "{\"detail\":\"not enough permissions (9)\",\"error\":500,"
                 "\"message\":\"Internal Server Error\"}"},
	{"not-allowed", "500: read or api is missing", .status = "500 Internal Server Error",
         .type = JSON,
         .body = "{\"detail\":\"std failure: not allowed (9)\",\"error\":500,"
                 "\"message\":\"Internal Server Error\"}"},
	{"server-error", "500 of another kind", .status = "500 Internal Server Error", .type = JSON,
         .body = "{\"error\":500,\"message\":\"Internal Server Error\"}"},
	{"unsupported", "415", .status = "415 Unsupported Media Type", .type = JSON,
         .body = "{\"error\":415,\"message\":\"Unsupported Media Type\"}"},
	{"not-implemented", "501 without a body", .status = "501 Not Implemented", .type = HTML,
         .body = ""},
	{"redirect", "302 to --location", .status = "302 Found", .type = HTML, .body = ""},
	{"page", "200 and a page", .status = "200 OK", .type = HTML,
         .body = "<!DOCTYPE html>\n<title>WebFig\033[2J</title>"},
	{"empty", "200 without a body", .status = "200 OK", .type = JSON, .body = ""},
	{"fin", "accepts and closes", .when = WHEN_ACCEPTED, .act = ACT_FIN},
	{"rst", "accepts and resets", .when = WHEN_ACCEPTED, .act = ACT_RST},
	{"silent", "accepts and says nothing", .when = WHEN_ACCEPTED, .act = ACT_STALL},
	{"ssh", "is an SSH server", .when = WHEN_ACCEPTED, .act = ACT_RAW,
         .body = "SSH-2.0-ROSSSH\r\n"},
	{"http-400", "answers anything with a plain 400", .when = WHEN_ACCEPTED, .act = ACT_RAW,
         .body = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"},
	{"tls-alert", "answers http with a TLS alert", .when = WHEN_ACCEPTED, .act = ACT_RAW,
         .body = "\x15\x03\x01\x00\x02\x02\x46", .body_n = 7},
	{"half-hello", "closes within its TLS ServerHello", .when = WHEN_ACCEPTED, .act = ACT_RAW,
         .body = "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", .body_n = 11},
	{"fin-request", "closes instead of answering", .act = ACT_FIN},
	{"rst-request", "resets instead of answering", .act = ACT_RST},
	{"stall", "never answers", .act = ACT_STALL},
	{"half", "half an answer, then silence", .act = ACT_HALF},
	{"cut", "half an answer, then the end", .act = ACT_CUT},
	{"endless", "an answer without end", .act = ACT_ENDLESS},
	{"headers", "header lines without end", .act = ACT_HEADERS},
};

static struct {
	const char *address, *user, *password, *location, *cert, *cert_out, *log, *body;
	const struct fault *fault;
	int from, tls_max;
	bool tls, no_cert, close, drop;
} o = {.address = "127.0.0.1", .cert = "good", .from = 1, .location = "https://192.0.2.99/"};

static SSL_CTX *tls_context;
static FILE *log_file;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int requests;

struct peer {
	int fd, number;
	SSL *ssl;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "http_peer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void note(const char *fmt, ...)
{
	va_list ap;

	if (!log_file)
		return;
	pthread_mutex_lock(&log_lock);
	va_start(ap, fmt);
	vfprintf(log_file, fmt, ap);
	va_end(ap);
	fflush(log_file);
	pthread_mutex_unlock(&log_lock);
}

static int take(struct peer *p, char *out, int n)
{
	return p->ssl ? SSL_read(p->ssl, out, n) : (int)recv(p->fd, out, (size_t)n, 0);
}

static bool give(struct peer *p, const char *text, size_t n)
{
	while (n) {
		int k = p->ssl ? SSL_write(p->ssl, text, (int)n)
		               : (int)send(p->fd, text, n, MSG_NOSIGNAL);

		if (k <= 0)
			return false;
		text += k;
		n -= (size_t)k;
	}
	return true;
}

static bool gives(struct peer *p, const char *text)
{
	return give(p, text, strlen(text));
}

static void wait_for_end(struct peer *p)
{
	char bin[4096];

	while (take(p, bin, sizeof(bin)) > 0)
		continue;
}

static void hang_up(struct peer *p, bool reset)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	if (reset)
		setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(p->fd);
	p->fd = -1;
}

/* --- answers --- */

static const struct {
	const char *path, *body;
} pages[] = {
	{"/rest/system/resource", "{\"architecture-name\":\"x86_64\",\"board-name\":\"CHR\","
                                  "\"platform\":\"MikroTik\",\"version\":\"7.16.2 (stable)\"}"},
	{"/rest/system/identity", "{\"name\":\"peer\"}"},
	{"/rest/ip/service",
         "[{\".id\":\"*1\",\"address\":\"\",\"disabled\":\"false\",\"invalid\":\"false\","
         "\"max-sessions\":\"20\",\"name\":\"telnet\",\"port\":\"23\",\"vrf\":\"main\"}]"},
};

static const struct fault no_page = {
	.status = "400 Bad Request",
	.type = JSON,
	.body = "{\"detail\":\"no such command or directory (unknown)\",\"error\":400,"
		"\"message\":\"Bad Request\"}"};

static void endless(struct peer *p)
{
	static char block[16384];
	size_t sent = 0;

	memset(block, ' ', sizeof(block));
	gives(p, "HTTP/1.1 200 OK\r\nContent-Type: " JSON "\r\nTransfer-Encoding: chunked\r\n\r\n");
	gives(p, "1\r\n[\r\n");
	while (gives(p, "4000\r\n") && give(p, block, sizeof(block)) && gives(p, "\r\n"))
		sent += sizeof(block);
	note("sent %zu bytes before the client left\n", sent);
}

static void answer(struct peer *p, const struct fault *f, enum act act)
{
	char head[2048];
	size_t n = strlen(f->body);

	snprintf(head, sizeof(head),
	         "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s%s%s%s%s\r\n",
	         f->status, f->type, n, o.close ? "Connection: close\r\n" : "",
	         strncmp(f->status, "401", 3) ? "" : "WWW-Authenticate: Basic realm=\"peer\"\r\n",
	         f->status[0] == '3' ? "Location: " : "", f->status[0] == '3' ? o.location : "",
	         f->status[0] == '3' ? "\r\n" : "");
	gives(p, head);
	if (act == ACT_CUT || act == ACT_HALF)
		give(p, f->body, n / 2);
	else
		give(p, f->body, n);
	if (act == ACT_HALF)
		wait_for_end(p);
}

static void normal(struct peer *p, const char *path, enum act act)
{
	struct fault page = no_page;

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(pages[i].path, path) == 0)
			page = (struct fault){
				.status = "200 OK", .type = JSON, .body = pages[i].body};
	if (o.body)
		page = (struct fault){.status = "200 OK", .type = JSON, .body = o.body};
	answer(p, &page, act);
}

/* Does the head carry the Basic login that was asked for? */
static bool logged_in(const char *head)
{
	char plain[256], line[512];
	int n;

	if (!o.user)
		return true;
	snprintf(plain, sizeof(plain), "%s:%s", o.user, o.password ? o.password : "");
	n = snprintf(line, sizeof(line), "Authorization: Basic ");
	EVP_EncodeBlock((unsigned char *)line + n, (const unsigned char *)plain,
	                (int)strlen(plain));
	strncat(line, "\r\n", sizeof(line) - strlen(line) - 1);
	return strstr(head, line) != NULL;
}

static const struct fault *find_fault(const char *name)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (strcmp(faults[i].name, name) == 0)
			return &faults[i];
	return NULL;
}

/* Answers one request; false when the connection is over. */
static bool serve(struct peer *p, const char *head)
{
	const struct fault *f = ++requests >= o.from ? o.fault : &faults[0];
	char path[512] = "";

	note("%d request: %.*s\n", p->number, (int)strcspn(head, "\r"), head);
	for (const char *line = strstr(head, "\r\n"); line && line[2] != '\r';
	     line = strstr(line + 2, "\r\n"))
		note("%d header: %.*s\n", p->number, (int)strcspn(line + 2, "\r"), line + 2);
	sscanf(head, "%*15s %511s", path);
	if (!logged_in(head))
		f = find_fault("unauthorized");
	switch (f->act) {
	case ACT_FIN:
	case ACT_RST:
		hang_up(p, f->act == ACT_RST);
		return false;
	case ACT_STALL:
		wait_for_end(p);
		return false;
	case ACT_ENDLESS:
		endless(p);
		return false;
	case ACT_HEADERS:
		gives(p, "HTTP/1.1 200 OK\r\n");
		while (gives(p, "X-Filler: 0123456789012345678901234567890123456789\r\n"))
			continue;
		return false;
	default:
		if (f->status)
			answer(p, f, f->act);
		else
			normal(p, path, f->act);
		return f->act == ACT_ANSWER && !o.close && !o.drop;
	}
}

/* Reads requests until one of the two has enough. */
static void talk(struct peer *p)
{
	char head[8192];
	int n = 0, k;

	while (n < (int)sizeof(head) - 1 &&
	       (k = take(p, head + n, (int)sizeof(head) - 1 - n)) > 0) {
		n += k;
		head[n] = '\0';
		if (head[0] < 'A' || head[0] > 'Z')
			return; /* no HTTP: a TLS hello */
		if (!strstr(head, "\r\n\r\n"))
			continue;
		if (!serve(p, head))
			return;
		n = 0;
	}
}

static void at_once(struct peer *p)
{
	const struct fault *f = o.fault;

	if (f->act == ACT_RAW)
		give(p, f->body, f->body_n ? f->body_n : strlen(f->body));
	if (f->act == ACT_STALL)
		wait_for_end(p);
	/* A close with unread bytes in the socket would be a reset, and may overtake what was
	 * sent. */
	if (f->act != ACT_RST)
		shutdown(p->fd, SHUT_WR);
	if (f->act == ACT_RAW)
		wait_for_end(p);
	hang_up(p, f->act == ACT_RST);
}

static void *run(void *arg)
{
	struct peer *p = arg;

	note("%d connection\n", p->number);
	if (o.fault->when == WHEN_ACCEPTED) {
		at_once(p);
	} else if (!o.tls) {
		talk(p);
	} else {
		p->ssl = SSL_new(tls_context);
		SSL_set_fd(p->ssl, p->fd);
		if (SSL_accept(p->ssl) == 1)
			talk(p);
		if (p->fd >= 0)
			SSL_shutdown(p->ssl);
		SSL_free(p->ssl);
	}
	if (p->fd >= 0)
		close(p->fd);
	note("%d end\n", p->number);
	free(p);
	return NULL;
}

static void load_certificate(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = key ? certificate_make(o.cert, key) : NULL;
	FILE *f = o.cert_out ? fopen(o.cert_out, "w") : NULL;

	if (!cert)
		die("certificate");
	if (o.cert_out && (!f || PEM_write_X509(f, cert) != 1 || fclose(f)))
		die(o.cert_out);
	SSL_CTX_use_certificate(tls_context, cert);
	SSL_CTX_use_PrivateKey(tls_context, key);
	certificate_print(cert);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void prepare_tls(void)
{
	tls_context = SSL_CTX_new(TLS_server_method());
	if (!tls_context)
		die("SSL_CTX_new");
	if (o.tls_max == 1) {
		SSL_CTX_set_min_proto_version(tls_context, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(tls_context, TLS1_1_VERSION);
		SSL_CTX_set_cipher_list(tls_context, "ALL:@SECLEVEL=0");
	} else if (o.tls_max == 2) {
		SSL_CTX_set_max_proto_version(tls_context, TLS1_2_VERSION);
	}
	if (o.no_cert) {
		SSL_CTX_set_max_proto_version(tls_context, TLS1_2_VERSION);
		SSL_CTX_set_cipher_list(tls_context, "ADH:@SECLEVEL=0");
		SSL_CTX_set_dh_auto(tls_context, 1);
	} else {
		load_certificate();
	}
}

/* --- start --- */

static int listen_somewhere(void)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE,
	                         .ai_socktype = SOCK_STREAM};
	struct addrinfo *ai = NULL;
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);
	char port[16];
	int fd;

	if (getaddrinfo(o.address, "0", &hints, &ai))
		die(o.address);
	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, ai->ai_addr, ai->ai_addrlen) || listen(fd, 64))
		die("listen");
	freeaddrinfo(ai);
	getsockname(fd, (struct sockaddr *)&sa, &len);
	getnameinfo((struct sockaddr *)&sa, len, NULL, 0, port, sizeof(port), NI_NUMERICSERV);
	printf("port %s\n", port);
	return fd;
}

static void help(void)
{
	puts("usage: http_peer [options]\n"
	     "A scripted web server on a port that the kernel picks. Prints `port N`, with --tls "
	     "also\n"
	     "`pin …` and `fingerprint …` of its certificate, then `ready`; ends on SIGTERM.\n"
	     "  --address A      listens there (127.0.0.1); ::1, fe80::1%eth0\n"
	     "  --tls            https\n"
	     "  --tls-max N      at most TLS 1.N (1: also at least 1.0)\n"
	     "  --cert KIND      good, expired, future, other-name\n"
	     "  --cert-out FILE  writes the certificate (PEM)\n"
	     "  --no-cert        only anonymous Diffie-Hellman\n"
	     "  --user U         asks for this login (with --password P, else the empty one)\n"
	     "  --body TEXT      the body of every good answer\n"
	     "  --location URL   where the fault redirect points\n"
	     "  --close          Connection: close after each answer\n"
	     "  --drop           closes after each answer without announcing it\n"
	     "  --log FILE       connections, requests and headers\n"
	     "  --from N         the fault begins with request N (1)\n"
	     "  --fault NAME     one of:");
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		printf("      %-16s %s\n", faults[i].name, faults[i].help);
}

static const struct option options[] = {
	{"address", 1, NULL, 'a'},
	{"tls", 0, NULL, 't'},
	{"tls-max", 1, NULL, 'm'},
	{"cert", 1, NULL, 'c'},
	{"cert-out", 1, NULL, 'o'},
	{"no-cert", 0, NULL, 'n'},
	{"user", 1, NULL, 'u'},
	{"password", 1, NULL, 'p'},
	{"location", 1, NULL, 'l'},
	{"close", 0, NULL, 'C'},
	{"drop", 0, NULL, 'D'},
	{"log", 1, NULL, 'L'},
	{"from", 1, NULL, 'F'},
	{"fault", 1, NULL, 'f'},
	{"help", 0, NULL, 'h'},
	{"body", 1, NULL, 'b'},
	{0},
};

static void take_option(int c)
{
	switch (c) {
	case 'a':
		o.address = optarg;
		break;
	case 't':
		o.tls = true;
		break;
	case 'm':
		o.tls_max = optarg[0] - '0';
		break;
	case 'c':
		o.cert = optarg;
		break;
	case 'o':
		o.cert_out = optarg;
		break;
	case 'n':
		o.tls = o.no_cert = true;
		break;
	case 'u':
		o.user = optarg;
		break;
	case 'p':
		o.password = optarg;
		break;
	case 'l':
		o.location = optarg;
		break;
	case 'b':
		o.body = optarg;
		break;
	case 'C':
		o.close = true;
		break;
	case 'D':
		o.drop = true;
		break;
	case 'L':
		o.log = optarg;
		break;
	case 'F':
		o.from = (int)strtol(optarg, NULL, 10);
		break;
	case 'f':
		o.fault = find_fault(optarg);
		break;
	case 'h':
		help();
		exit(0);
	default:
		exit(2);
	}
}

static void on_term(int sig)
{
	(void)sig;
	_exit(0);
}

int main(int argc, char **argv)
{
	int c, fd, number = 0;

	o.fault = &faults[0];
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		take_option(c);
	if (!o.fault) {
		fprintf(stderr, "http_peer: no such fault; see --help\n");
		return 2;
	}
	signal(SIGTERM, on_term);
	signal(SIGPIPE, SIG_IGN);
	log_file = o.log ? fopen(o.log, "w") : NULL;
	fd = listen_somewhere();
	if (o.tls)
		prepare_tls();
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct peer *p = calloc(1, sizeof(*p));
		pthread_t thread;

		if (!p)
			die("calloc");
		p->number = ++number;
		p->fd = accept(fd, NULL, NULL);
		if (p->fd < 0 || pthread_create(&thread, NULL, run, p))
			die("accept");
		pthread_detach(thread);
	}
}
