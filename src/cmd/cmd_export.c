/* export: packets of a capture into a new file, as pcapng, pcap, JSON or CSV. */
#include "base/num.h"
#include "cmd/command.h"
#include "cmd/deck.h"
#include "cmd/infile.h"
#include "cmd/print.h"
#include "cmd/supply.h"
#include "filter/filter.h"
#include "packet/registry.h"
#include "tape/newfile.h"
#include "tape/writer.h"

#include <stdlib.h>
#include <string.h>

enum { P_READ, P_FORMAT, P_DISPLAY_FILTER, P_RANGE, P_STREAM, P_UDP_STREAM, P_CONVERSATION, P_OUT };

enum format { AS_PCAPNG, AS_PCAP, AS_PCAP_NS, AS_JSON, AS_CSV };
static const char *const formats[] = { "pcapng", "pcap", "pcap-ns", "json", "csv", NULL };

static const struct param params[] = {
	[P_READ] = { 'r', "read", P_FILE, .value = "FILE", .help = "the capture to read",
		     .initial = "the deck's tape" },
	[P_FORMAT] = { 'F', "format", P_CHOICE, .value = "FORMAT", .choices = formats,
		       .help = "what to write",
		       .initial = "what the file's name ends in, else pcapng" },
	[P_DISPLAY_FILTER] = { 'Y', "filter", P_FILTER, .value = "FILTER",
			       .help = "only packets that pass this display filter",
			       .initial = "the deck's filter" },
	[P_RANGE] = { 'n', "packets", P_STRING, .value = "A-B",
		      .help = "only packets number A to B" },
	[P_STREAM] = { 's', "stream", P_COUNT, .value = "N",
		       .help = "only the conversation tcp.stream N" },
	[P_UDP_STREAM] = { 'u', "udp-stream", P_COUNT, .value = "N",
			   .help = "only the conversation udp.stream N" },
	[P_CONVERSATION] = { 'k', "conversation", P_FLAG,
			     .help = "in the deck: only the conversation of the transport pane" },
	[P_OUT] = { 0, "OUT", P_OUTFILE,
		    .help = "the file to write; at the shell, - for standard output" },
};

/* One export; owned by whoever runs it, which may be a thread. */
struct job {
	char *out;
	enum format format;
	u64 from, to; /* packet numbers */
	u64 stream;   /* UINT64_MAX: any */
	bool udp;
	u32 conv; /* FLOW_NONE: any */
	struct filter *filter;
	struct supply in;
	struct plan plan;
	struct print_opts opts;
	u64 written;
	bool broken; /* the output failed */
	/* where it goes: one of the two */
	struct writer *writer;
	struct sink text;
	struct newfile file;
};

static int parse_range(struct job *j, const char *s, struct err *e)
{
	const char *dash = strchr(s, '-');
	size_t n = dash != NULL ? (size_t)(dash - s) : strlen(s);

	j->from = 1;
	j->to = UINT64_MAX;
	if ((n > 0 && num_u64(s, n, &j->from) < 0) ||
	    (dash != NULL && dash[1] != '\0' && num_u64(dash + 1, strlen(dash + 1), &j->to) < 0) ||
	    j->from > j->to)
		return err_set(
			e, "'%.40s' is no range of packets; write for example 10-20, 10- or 7", s);
	if (dash == NULL)
		j->to = j->from;
	return 0;
}

static enum format format_of(const char *name, const char *path)
{
	static const struct {
		const char *end;
		enum format f;
	} ends[] = { { ".pcap", AS_PCAP }, { ".json", AS_JSON }, { ".csv", AS_CSV } };
	size_t n = strlen(path);

	for (unsigned i = 0; name != NULL && formats[i] != NULL; i++)
		if (strcmp(formats[i], name) == 0)
			return (enum format)i;
	for (unsigned i = 0; i < ARRAY_LEN(ends); i++)
		if (n > strlen(ends[i].end) &&
		    strcmp(path + n - strlen(ends[i].end), ends[i].end) == 0)
			return ends[i].f;
	return AS_PCAPNG;
}

/* ---- what is written ---- */

static int open_text(struct job *j, struct err *e)
{
	if (newfile_open(&j->file, j->out, e) < 0)
		return -1;
	sink_init_fd(&j->text, j->file.fd);
	if (j->format == AS_CSV)
		txt_puts(&j->text.t, "number,time,source,destination,protocol,length,info\n");
	return 0;
}

static int open_output(struct job *j, struct err *e)
{
	switch (j->format) {
	case AS_PCAPNG: j->writer = writer_open(j->out, WRITER_PCAPNG, e); break;
	case AS_PCAP: j->writer = writer_open(j->out, WRITER_PCAP, e); break;
	case AS_PCAP_NS: j->writer = writer_open(j->out, WRITER_PCAP_NS, e); break;
	case AS_JSON:
	case AS_CSV: return open_text(j, e);
	}
	return j->writer != NULL ? 0 : -1;
}

/* A CSV cell (RFC 4180). */
static void put_cell(struct txt *t, const struct txt *cell)
{
	txt_putc(t, '"');
	for (size_t i = 0; i < cell->n; i++) {
		if (cell->s[i] == '"')
			txt_putc(t, '"');
		txt_putc(t, cell->s[i]);
	}
	txt_putc(t, '"');
}

static void put_csv(struct txt *t, const struct pkt *k)
{
	struct txt cell;

	txt_init(&cell);
	txt_u64(t, k->frame->number);
	txt_putc(t, ',');
	if (k->frame->ts != NS_NONE)
		txt_seconds(t, k->frame->ts, 9, 0);
	txt_putc(t, ',');
	show_src(&cell, k, true);
	put_cell(t, &cell);
	txt_putc(t, ',');
	txt_clear(&cell);
	show_dst(&cell, k, true);
	put_cell(t, &cell);
	txt_putc(t, ',');
	txt_puts(t, show_protocol(k));
	txt_putc(t, ',');
	txt_u64(t, k->frame->len);
	txt_putc(t, ',');
	txt_clear(&cell);
	show_tunnels(&cell, k);
	show_info(&cell, k);
	show_marks(&cell, k);
	put_cell(t, &cell);
	txt_putc(t, '\n');
	txt_fini(&cell);
}

static int write_packet(struct job *j, const struct frame *f, struct err *e)
{
	j->written++;
	if (j->writer != NULL)
		return writer_frame(j->writer, f, supply_iface(&j->in, f->iface), e);
	if (j->format == AS_CSV)
		put_csv(&j->text.t, &j->in.k);
	else
		print_json.packet(&j->text.t, &j->opts, &j->in.k);
	return sink_line(&j->text, e);
}

/* Puts the new file in its place, or takes it away where `good` is false. */
static int close_output(struct job *j, bool good, struct err *e)
{
	int r = 0;

	if (j->writer != NULL) {
		if (good)
			r = writer_close(j->writer, e);
		else
			writer_abort(j->writer);
		return r;
	}
	if (j->file.fd < 0)
		return 0;
	if (good && (r = sink_flush(&j->text, e)) == 0)
		r = newfile_close(&j->file, e);
	newfile_abort(&j->file);
	sink_fini(&j->text);
	return r;
}

/* ---- what is read ---- */

static bool wanted(struct job *j, const struct frame *f)
{
	struct conv c;

	pkt_decode(&j->in.k, f, &j->plan);
	if (f->number < j->from || (j->filter != NULL && !filter_match(j->filter, &j->in.k)))
		return false;
	if (j->conv != FLOW_NONE)
		return j->in.k.conv == j->conv;
	if (j->stream == UINT64_MAX)
		return true;
	return flow_get(j->in.flow, j->in.k.conv, &c) && c.stream == j->stream &&
	       c.l4 == (j->udp ? 17 : 6);
}

static int copy_packets(struct job *j, struct progress *p, struct err *e)
{
	struct frame f;
	int r;

	while ((r = supply_next(&j->in, &f, p, e)) > 0 && f.number <= j->to)
		if (wanted(j, &f) && write_packet(j, &f, e) < 0) {
			j->broken = true;
			return -1;
		}
	if (p->stop)
		return err_set(e, "stopped");
	return r < 0 ? -1 : 0;
}

static void job_free(void *arg)
{
	struct job *j = arg;

	supply_fini(&j->in);
	filter_free(j->filter);
	plan_fini(&j->plan);
	free(j->out);
	free(j);
}

static int job_run(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	struct job *j = arg;
	struct err damage = ERR_INIT;
	int r = open_output(j, e), copied = 0;

	(void)out;
	if (r == 0) {
		copied = copy_packets(j, p, &damage);
		/* What is readable of a damaged capture is worth keeping; a write that failed is
		 * not. */
		r = close_output(j, !p->stop && !j->broken, e);
	}
	if (r == 0 && copied < 0)
		r = err_set(e, "%s", damage.text);
	if (r < 0 && j->text.closed) /* the reader has gone: it had enough */
		r = 0;
	return r < 0 ? 1 : 0;
}

static void job_show(void *arg, struct ctx *x)
{
	const struct job *j = arg;

	world_status(x->world, false, "%llu packets are in %s%s", (unsigned long long)j->written,
		     j->out, j->in.partial ? ", of those that were read when it began" : "");
	world_say(x->world, LINE_OUTPUT, x->world->status, strlen(x->world->status));
}

/* The conversation of the transport pane. */
static int take_conversation(struct job *j, const struct world *w, struct err *e)
{
	if (w == NULL)
		return err_set(e, "--conversation is that of the deck's transport pane; with a "
				  "file, --stream N says which");
	if (w->conv_at == FLOW_NONE)
		return err_set(e, "there is no TCP or UDP conversation at the playhead");
	j->conv = w->conv_at;
	return 0;
}

static int set_up(struct job *j, const struct ctx *x, const struct args *a, struct err *e)
{
	const struct world *w = args_has(a, P_READ) ? NULL : x->world;
	const char *s = args_has(a, P_DISPLAY_FILTER) ? args_get(a, P_DISPLAY_FILTER)
			: w != NULL		      ? w->filter
						      : NULL;

	registry_init();
	j->file.fd = -1;
	j->out = xstrdup(args_get(a, P_OUT));
	j->format = format_of(args_get(a, P_FORMAT), j->out);
	j->from = 1;
	j->to = UINT64_MAX;
	j->udp = args_has(a, P_UDP_STREAM);
	j->stream = args_count(a, j->udp ? P_UDP_STREAM : P_STREAM, UINT64_MAX);
	j->conv = FLOW_NONE;
	if (args_has(a, P_STREAM) + args_has(a, P_UDP_STREAM) + args_has(a, P_CONVERSATION) > 1)
		return err_set(e, "export takes one of --stream, --udp-stream and --conversation");
	if (x->deck != NULL && strcmp(j->out, "-") == 0)
		return err_set(e, "standard output is the screen here: name a file");
	if (infile_plain(x, j->out, e) < 0)
		return -1;
	if (args_has(a, P_CONVERSATION) && take_conversation(j, w, e) < 0)
		return -1;
	if (args_has(a, P_RANGE) && parse_range(j, args_get(a, P_RANGE), e) < 0)
		return -1;
	if (s != NULL && filter_compile(s, strlen(s), &j->filter, e) < 0)
		return filter_wrong(s, e);
	if (supply_init(&j->in, x, a, P_READ, 0, e) < 0)
		return -1;
	supply_plan(&j->in, &j->plan);
	if (j->filter != NULL)
		filter_want(j->filter, &j->plan);
	if (j->format == AS_JSON)
		print_json.want(&j->opts, &j->plan);
	else if (j->format == AS_CSV)
		print_text.want(&j->opts, &j->plan);
	supply_track(&j->in, &j->plan);
	return 0;
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	struct task t = { "export", job_run, job_show, job_free, xcalloc(1, sizeof(struct job)) };

	if (set_up(t.arg, x, a, e) < 0) {
		job_free(t.arg);
		return 2;
	}
	return task_run(x, &t, e);
}

static const struct command export_command = {
	.name = "export",
	.group = G_FILES,
	.where = IN_BOTH,
	.summary = "write packets into a new file",
	.about = "In the deck the listed packets are written, so a filter set there holds here "
		 "too. An existing file is replaced "
		 "only when all is written.",
	.examples = "tapdeck export -r big.pcap -s 0 first.pcapng\tthe first TCP conversation\n"
		    "tapdeck export -r trace.pcapng -n 10-20 -F csv -\tpackets 10 to 20 as CSV\n"
		    "export -k this.pcapng\tin the deck: the conversation that is shown\n",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_export[] = { &export_command, NULL };
