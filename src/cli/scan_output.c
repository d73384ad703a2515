/* Where the reports of a scan go: stdout as it comes, files when it is through. */
#include <string.h>

#include "rosaudit/file.h"
#include "rosaudit/report.h"
#include "scan_cli.h"

/* A file's report is written as a whole; a /16 with all that is open there fits. */
#define REPORT_BYTES (256u << 20)

static void add(struct scan_outputs *out, const struct scan_form *form, const char *path,
                const struct scan_head *head, const struct scan_report_options *opt)
{
	size_t i = out->n++;

	buf_init(&out->bufs[i], REPORT_BYTES);
	out->paths[i] = path && strcmp(path, "-") != 0 ? path : NULL;
	out->writers[i] = (struct scan_writer){form, head, *opt, &out->bufs[i], 0, NULL};
}

static const struct scan_form *form_of(const struct options *o, struct error *err)
{
	const char *name = o->format ? o->format->name : "text";

	if (strcmp(name, "text") == 0)
		return &scan_form_text;
	if (strcmp(name, "json") == 0)
		return &scan_form_json;
	error_set(err, ERROR_USAGE,
	          "a scan is written as text or json, or with -oX as nmap's XML; %s is a report "
	          "of an audit",
	          name);
	return NULL;
}

static bool is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

/* What is there goes to the terminal at once. */
static void flush(struct scan_outputs *out, size_t i)
{
	struct error err = {0};
	int status;

	if (out->paths[i])
		return;
	if (print_out(&out->bufs[i], &err)) {
		status = fail(&err);
		out->status = status > out->status ? status : out->status;
	}
	buf_clear(&out->bufs[i]);
}

int scan_outputs_open(const struct options *o, const struct scan_head *head,
                      struct scan_outputs *out, struct error *err)
{
	const struct scan_form *form = form_of(o, err);
	struct scan_report_options opt = {
		.reason = o->scan.reason,
		.open_only = o->scan.open_only,
		.verbose = o->verbose > 0,
		.names = &out->names,
	};

	out->n = 0;
	out->status = 0;
	if (!form)
		return -1;
	if (is_stdout(o->scan.xml) && (is_stdout(o->scan.normal) || o->format))
		return error_set(err, ERROR_USAGE, "two reports cannot both be on stdout");
	port_names_init(&out->names);
	/* As in nmap, a file named "-" takes the place of the table on the terminal. */
	if (!is_stdout(o->scan.xml) && !is_stdout(o->scan.normal))
		add(out, form, NULL, head, &opt);
	if (o->scan.normal)
		add(out, &scan_form_text, o->scan.normal, head, &opt);
	if (o->scan.xml)
		add(out, &scan_form_xml, o->scan.xml, head, &opt);
	for (size_t i = 0; i < out->n; i++) {
		out->writers[i].form->begin(&out->writers[i]);
		flush(out, i);
	}
	return 0;
}

void scan_outputs_host(struct scan_outputs *out, struct scanned_host *h)
{
	scanned_sort(h);
	for (size_t i = 0; i < out->n; i++) {
		out->writers[i].form->host(&out->writers[i], h);
		out->writers[i].hosts++;
		flush(out, i);
	}
}

static void write_file(struct scan_outputs *out, size_t i)
{
	const struct buf *b = &out->bufs[i];
	struct error err = {0};
	int status;

	if (b->overflow)
		error_set(&err, ERROR_OUTPUT, "%s: the report is larger than %zu bytes",
		          out->paths[i], b->max);
	else
		file_write(out->paths[i], buf_str(b), b->n, &err);
	if (!error_is_set(&err))
		return;
	status = fail(&err);
	out->status = status > out->status ? status : out->status;
}

int scan_outputs_end(struct scan_outputs *out, const struct scan_sum *sum)
{
	for (size_t i = 0; i < out->n; i++) {
		out->writers[i].form->end(&out->writers[i], sum);
		if (out->paths[i])
			write_file(out, i);
		else
			flush(out, i);
		buf_done(&out->bufs[i]);
	}
	if (out->n)
		port_names_done(&out->names);
	return out->status;
}
