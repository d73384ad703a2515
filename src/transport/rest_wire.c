/* HTTP to one address: GET only, Basic, kept alive, no redirect, no proxy. The only user of
 * libcurl. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "rosaudit/arena.h"
#include "rosaudit/cancel.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/transport.h"
#include "rest.h"

struct rest_wire {
	const struct target *target;
	struct address remote, source;
	uint16_t port;
	int fd; /* connected and not yet given to libcurl, or -1 */
	long connect_ms;
	CURL *curl;
	struct curl_slist *connect_to, *headers;
	struct buf url;             /* "https://host:port/rest/" */
	struct buf *body;           /* of the running GET */
	bool status_seen;           /* the running GET got a status line */
	size_t header_n;            /* bytes of its header */
	struct error connect_error; /* why connecting again failed */
	struct rest_tls_look look;
	char library[CURL_ERROR_SIZE];
};

static void init_library(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* Routers are read in parallel threads; whoever comes first initialises for all. */
static void rest_global_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init_library);
}

/* --- what libcurl calls --- */

/* Every socket that libcurl gets goes to the one address that was chosen at open. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *unused)
{
	struct rest_wire *w = ctx;
	size_t chosen;
	int fd = w->fd;

	(void)unused;
	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	w->fd = -1;
	w->look = (struct rest_tls_look){0};
	if (fd < 0 && endpoint_connect(&w->remote, 1, w->port, &w->source, w->connect_ms, &fd,
	                               &chosen, &w->connect_error))
		return CURL_SOCKET_BAD;
	return fd;
}

static int on_socket_ready(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
	(void)ctx;
	(void)fd;
	(void)purpose;
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static CURLcode on_tls_context(CURL *curl, void *ssl_ctx, void *ctx)
{
	struct rest_wire *w = ctx;

	(void)curl;
	return rest_tls_watch(ssl_ctx, &w->look) ? CURLE_SSL_CONNECT_ERROR : CURLE_OK;
}

/* Anything but n ends the transfer. */
static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct rest_wire *w = ctx;

	(void)p;
	w->status_seen = true;
	w->header_n += size * n;
	return w->header_n > LIMIT_LINE_BYTES ? 0 : size * n;
}

/* A body over its limit stops where the limit is. */
static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct rest_wire *w = ctx;

	return buf_add(w->body, p, size * n) ? 0 : size * n;
}

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)ctx;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return cancel_requested();
}

/* --- setting up --- */

static const struct {
	CURLoption option;
	long value;
} fixed[] = {
	{CURLOPT_HTTPGET, 1},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1}, /* no sample of RouterOS speaks another */
	{CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC},      /* sent at once: no second request */
	{CURLOPT_FOLLOWLOCATION, 0},
	{CURLOPT_NOSIGNAL, 1}, /* threads */
	{CURLOPT_NOPROGRESS, 0},
	{CURLOPT_NETRC, CURL_NETRC_IGNORED},
	{CURLOPT_HTTP09_ALLOWED, 1}, /* shows how a port begins that is no web server */
	{CURLOPT_MAXCONNECTS, 1},
};

/* Options that take a string; NULL is a value of its own. */
static CURLcode set_string(CURL *curl, CURLoption option, const char *value)
{
	return curl_easy_setopt(curl, option, value);
}

static CURLcode set_callbacks(struct rest_wire *w)
{
	CURL *c = w->curl;
	CURLcode rc = curl_easy_setopt(c, CURLOPT_ERRORBUFFER, w->library);

	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, w);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, on_socket_ready);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_HEADERDATA, w);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_WRITEDATA, w);
	return rc ? rc : curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
}

static CURLcode set_options(struct rest_wire *w, const char *password)
{
	const struct target *t = w->target;
	CURL *c = w->curl;
	CURLcode rc = CURLE_OK;

	for (size_t i = 0; !rc && i < sizeof(fixed) / sizeof(fixed[0]); i++)
		rc = curl_easy_setopt(c, fixed[i].option, fixed[i].value);
	rc = rc ? rc : set_string(c, CURLOPT_PROTOCOLS_STR, t->rest_plain ? "http" : "https");
	rc = rc ? rc : set_string(c, CURLOPT_PROXY, ""); /* nor one from the environment */
	rc = rc ? rc : set_string(c, CURLOPT_USERAGENT, "rosaudit");
	rc = rc ? rc : set_string(c, CURLOPT_USERNAME, t->user);
	rc = rc ? rc : set_string(c, CURLOPT_PASSWORD, password);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_CONNECT_TO, w->connect_to);
	return rc ? rc : curl_easy_setopt(c, CURLOPT_HTTPHEADER, w->headers);
}

/* A router's certificate is mostly signed by itself. With `pin:` the one key is what is trusted, so
 * the chain and the name add nothing and are not asked; libcurl compares the key before any request
 * is sent. Without a pin both are always asked. */
static CURLcode set_trust(struct rest_wire *w)
{
	const struct target *t = w->target;
	CURL *c = w->curl;
	CURLcode rc;
	char *ca;

	if (t->rest_plain)
		return CURLE_OK;
	/* RouterOS speaks 1.2 at most; 1.0 and 1.1 are broken, and which libcurl still takes them
	 * differs between its versions. */
	rc = curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, t->pin ? 0L : 1L);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, t->pin ? 0L : 2L);
	if (t->pin)
		rc = rc ? rc : set_string(c, CURLOPT_PINNEDPUBLICKEY, t->pin);
	if (t->ca && !t->pin) {
		ca = file_expand(t->ca);
		rc = rc ? rc : set_string(c, CURLOPT_CAINFO, ca);
		/* or the system's directory would be trusted beside it */
		rc = rc ? rc : set_string(c, CURLOPT_CAPATH, NULL);
		free(ca);
	}
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, w);
	return rc ? rc : curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
}

static int make_url(struct rest_wire *w, struct error *err)
{
	const struct target *t = w->target;
	CURLU *u = curl_url();
	CURLUcode rc = u ? CURLUE_OK : CURLUE_OUT_OF_MEMORY;
	int host_n = (int)strcspn(t->host, "%");
	bool literal6 = strchr(t->host, ':') != NULL;
	char host[300], port[8], *text = NULL;

	/* A zone belongs to this machine; a server and its certificate know nothing of it. */
	snprintf(host, sizeof(host), literal6 ? "[%.*s]" : "%.*s", host_n, t->host);
	snprintf(port, sizeof(port), "%u", w->port);
	rc = rc ? rc : curl_url_set(u, CURLUPART_SCHEME, t->rest_plain ? "http" : "https", 0);
	rc = rc ? rc : curl_url_set(u, CURLUPART_HOST, host, 0);
	rc = rc ? rc : curl_url_set(u, CURLUPART_PORT, port, 0);
	rc = rc ? rc : curl_url_set(u, CURLUPART_PATH, "/rest/", 0);
	rc = rc ? rc : curl_url_get(u, CURLUPART_URL, &text, 0);
	if (!rc)
		buf_puts(&w->url, text);
	curl_free(text);
	curl_url_cleanup(u);
	return rc ? error_set(err, ERROR_CONFIG, "host \"%s\" cannot stand in a URL: %s", t->host,
	                      curl_url_strerror(rc))
	          : 0;
}

/* "::ADDRESS:PORT": whatever the URL says, connect there, and ask no resolver. */
static int make_lists(struct rest_wire *w, struct error *err)
{
	struct address plain = w->remote;
	struct buf to;

	plain.scope = 0; /* on_socket connects, with the scope; libcurl only has to parse this */
	buf_init(&to, 128);
	buf_puts(&to, plain.family == 6 ? "::[" : "::");
	address_format(&plain, &to);
	buf_printf(&to, "%s:%u", plain.family == 6 ? "]" : "", w->port);
	w->connect_to = curl_slist_append(NULL, buf_str(&to));
	w->headers = curl_slist_append(NULL, "Accept: application/json");
	buf_done(&to);
	return w->connect_to && w->headers ? 0 : error_set(err, ERROR_SYSTEM, "out of memory");
}

static int set_up(struct rest_wire *w, const char *password, struct error *err)
{
	CURLcode rc;

	if (!w->curl)
		return error_set(err, ERROR_SYSTEM, "libcurl cannot be initialised");
	if (make_url(w, err) || make_lists(w, err))
		return -1;
	rc = set_callbacks(w);
	rc = rc ? rc : set_options(w, password);
	rc = rc ? rc : set_trust(w);
	return rc ? error_set(err, ERROR_SYSTEM, "this libcurl lacks what REST needs: %s",
	                      curl_easy_strerror(rc))
	          : 0;
}

int rest_wire_new(const struct rest_wire_plan *plan, struct rest_wire **out, struct error *err)
{
	struct rest_wire *w = mem_alloc(sizeof(*w));

	rest_global_init();
	w->target = plan->target;
	w->remote = plan->remote;
	w->source = plan->source;
	w->port = plan->port;
	w->fd = plan->fd;
	w->connect_ms = plan->connect_ms;
	buf_init(&w->url, 1024);
	w->curl = curl_easy_init();
	if (set_up(w, plan->password, err)) {
		rest_wire_free(w);
		return -1;
	}
	*out = w;
	return 0;
}

void rest_wire_free(struct rest_wire *w)
{
	if (!w)
		return;
	curl_easy_cleanup(w->curl); /* first: its callbacks use the rest */
	curl_slist_free_all(w->connect_to);
	curl_slist_free_all(w->headers);
	if (w->fd >= 0)
		close(w->fd);
	buf_done(&w->url);
	free(w);
}

const char *rest_wire_url(const struct rest_wire *w)
{
	return buf_str(&w->url);
}

/* --- asking --- */

static enum rest_fault handshake_fault(const struct rest_wire *w)
{
	const struct rest_tls_look *look = &w->look;

	if (look->alerted)
		return REST_FAULT_ALERT;
	if (!look->first_n)
		return REST_FAULT_CLOSED;
	/* RFC 8446 section 5.1: content types 20 to 24, version 3.x. */
	if (look->first[0] < 20 || look->first[0] > 24 || look->first[1] != 3)
		return REST_FAULT_NOT_TLS;
	return look->refused ? REST_FAULT_TLS : REST_FAULT_CLOSED_HANDSHAKE;
}

static enum rest_fault timeout_fault(const struct rest_wire *w)
{
	if (!w->target->rest_plain && !w->look.done)
		return REST_FAULT_TIMEOUT_HANDSHAKE;
	return REST_FAULT_TIMEOUT_ANSWER;
}

static enum rest_fault closed_fault(const struct rest_wire *w)
{
	if (w->look.alerted)
		return REST_FAULT_ALERT;
	return w->status_seen ? REST_FAULT_CUT : REST_FAULT_CLOSED;
}

static enum rest_fault fault_of(const struct rest_wire *w, CURLcode rc)
{
	switch (rc) {
	case CURLE_OPERATION_TIMEDOUT:
		return timeout_fault(w);
	case CURLE_ABORTED_BY_CALLBACK:
		return REST_FAULT_INTERRUPTED;
	case CURLE_WRITE_ERROR:
		return w->body->overflow ? REST_FAULT_LIMIT : REST_FAULT_HEADERS;
	case CURLE_COULDNT_CONNECT: /* on_socket had connected it: it was reset since */
		return REST_FAULT_CLOSED;
	case CURLE_SSL_CONNECT_ERROR:
		return handshake_fault(w);
	case CURLE_PEER_FAILED_VERIFICATION:
		/* OpenSSL judged the chain; libcurl compares the name afterwards. */
		return w->look.trust == REST_TRUST_OK ? REST_FAULT_NAME : REST_FAULT_TRUST;
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return REST_FAULT_PIN;
	case CURLE_SSL_CACERT_BADFILE:
		return REST_FAULT_CA_FILE;
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		return closed_fault(w);
	default:
		return REST_FAULT_OTHER;
	}
}

static CURLcode run(struct rest_wire *w, const char *path, long connect_ms, long wait_ms)
{
	struct buf url;
	CURLcode rc;

	buf_init(&url, LIMIT_LINE_BYTES);
	buf_printf(&url, "%s%s", buf_str(&w->url), path);
	rc = set_string(w->curl, CURLOPT_URL, buf_str(&url));
	rc = rc ? rc : curl_easy_setopt(w->curl, CURLOPT_TIMEOUT_MS, wait_ms);
	rc = rc ? rc : curl_easy_setopt(w->curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
	rc = rc ? rc : curl_easy_perform(w->curl);
	buf_done(&url);
	return rc;
}

int rest_wire_get(struct rest_wire *w, const char *path, long connect_ms, long wait_ms,
                  struct buf *body, struct rest_reply *reply, struct error *err)
{
	CURLcode rc;
	char *type = NULL, *redirect = NULL;

	*reply = (struct rest_reply){.tls = &w->look};
	w->body = body;
	w->status_seen = false;
	w->header_n = 0;
	w->library[0] = '\0';
	error_clear(&w->connect_error);
	rc = run(w, path, connect_ms, wait_ms);
	if (error_is_set(&w->connect_error))
		return error_adopt(err, &w->connect_error);
	reply->detail = w->library[0] ? w->library : curl_easy_strerror(rc);
	reply->fault = fault_of(w, rc);
	if (rc)
		return 1;
	if (!w->status_seen) {
		reply->detail = buf_str(body);
		reply->fault = REST_FAULT_NOT_HTTP;
		return 1;
	}
	curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &reply->status);
	curl_easy_getinfo(w->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(w->curl, CURLINFO_REDIRECT_URL, &redirect);
	reply->type = type;
	reply->redirect = redirect;
	return 0;
}
