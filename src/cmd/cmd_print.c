/* print: the packets of a capture as text, JSON or columns of fields, in one pass and constant
 * memory. */
#include "cmd/command.h"
#include "cmd/print.h"
#include "cmd/supply.h"
#include "filter/filter.h"
#include "packet/registry.h"
#include "tape/bpf.h"

#include <stdlib.h>

enum {
	P_READ,
	P_DISPLAY_FILTER,
	P_CAPTURE_FILTER,
	P_LIMIT,
	P_TIME,
	P_TREE,
	P_HEX,
	P_FORMAT,
	P_FIELDS,
	P_CHECKSUMS,
	P_RAW_SEQ,
};

static const char *const formats[] = { "text", "json", "fields", NULL };

static const struct param params[] = {
	[P_READ] = { 'r', "read", P_FILE, .value = "FILE",
		     .help = "the capture to read; - for standard input" },
	[P_DISPLAY_FILTER] = { 'Y', "filter", P_FILTER, .value = "FILTER",
			       .help = "only packets that pass this display filter",
			       .initial = "in the deck without -r, the deck's filter" },
	[P_CAPTURE_FILTER] = { 'f', "bpf", P_BPF, .value = "BPF",
			       .help = "only packets that pass this capture filter, "
				       "pcap-filter(7)" },
	[P_LIMIT] = { 'c', "count", P_COUNT, .value = "N",
		      .help = "stop after N packets were printed; in the deck without -r, N "
			      "packets from "
			      "the playhead on (20 if not given)" },
	[P_TIME] = { 't', "time", P_CHOICE, .value = "FORMAT", .choices = time_format_names,
		     .help = "times: r since the first packet, a time of day in UTC, ad with the "
			     "date, d since the "
			     "previous packet, dd since the previous one printed, e seconds since "
			     "1970",
		     .initial = "r" },
	[P_TREE] = { 'V', "tree", P_FLAG, .help = "every layer and field of each packet" },
	[P_HEX] = { 'x', "hex", P_FLAG, .help = "the bytes of each packet" },
	[P_FORMAT] = { 'T', "format", P_CHOICE, .value = "FORMAT", .choices = formats,
		       .help = "what to write: lines of text, a JSON object a line, or the fields "
			       "that -e names",
		       .initial = "text" },
	[P_FIELDS] = { 'e', "field", P_FIELD, .value = "FIELD", .repeat = true,
		       .help = "a field to print with -T fields or -T json" },
	[P_CHECKSUMS] = { 'C', "checksums", P_FLAG,
			  .help = "verify checksums and mark wrong ones" },
	[P_RAW_SEQ] = { 'S', "raw-seq", P_FLAG,
			.help = "TCP sequence numbers as sent instead of relative ones" },
};

/* One print under way. */
struct job {
	struct print_opts opts;
	const struct printer *printer;
	struct supply in;
	int digits; /* of the deck's tape */
	struct bpf *bpf;
	struct filter *filter;
	/* With a filter a packet is decoded for it first, and once more for printing where it
	 * passes; or at once for both while most packets pass. */
	struct plan plan; /* for the filter; for printing where there is none */
	struct plan full; /* for printing, behind a filter */
	struct plan both;
	u32 passing; /* share of the last packets that passed, 1 << 16 for all */
	void (*ask)(void *arg, const struct pkt *k, struct flow_view *out);
	void *ask_arg;
	/* What the conversations were when `plan` asked, for `full` to hear it again. */
	struct flow_view view[PKT_LAYERS];
	struct tcp_report report[PKT_LAYERS]; /* what their `tcp` points to */
	unsigned nviews, view_at;
	VEC(u16) fields;
	u64 limit, printed;
};

enum {
	FROM_PLAYHEAD = 20,
	MOSTLY = 45000, /* of 1 << 16 */
};

static int take_fields(struct job *j, const struct args *a, struct err *e)
{
	const char *s;

	for (unsigned i = 0; (s = args_nth(a, P_FIELDS, i)) != NULL; i++) {
		int f = field_find(s, strlen(s)), p = proto_find(s, strlen(s));

		*VEC_PUSH(&j->fields) = (u16)(f >= 0 ? f : FIELD_END - 1 - p);
	}
	j->opts.fields = j->fields.v;
	j->opts.nfields = (unsigned)j->fields.n;
	if (j->printer == &print_fields && j->fields.n == 0)
		return err_set(
			e, "-T fields needs at least one -e FIELD; 'tapdeck fields' lists them");
	if (j->printer == &print_text && j->fields.n > 0)
		j->printer = &print_fields;
	return 0;
}

static int take_filters(struct job *j, const struct world *w, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_DISPLAY_FILTER);

	if (s == NULL && w != NULL)
		s = w->filter;
	if (s != NULL && filter_compile(s, strlen(s), &j->filter, e) < 0)
		return filter_wrong(s, e);
	s = args_get(a, P_CAPTURE_FILTER);
	return s != NULL && (j->bpf = bpf_new(s, e)) == NULL ? -1 : 0;
}

/* Asks for the conversation, and keeps what is said. */
static void see(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct job *j = arg;

	j->ask(j->ask_arg, k, out);
	if (j->nviews == PKT_LAYERS)
		return;
	if (out->tcp != NULL) {
		j->report[j->nviews] = *out->tcp;
		out->tcp = &j->report[j->nviews];
	}
	j->view[j->nviews++] = *out;
}

/* Says once more what was said when this packet was decoded before. */
static void see_again(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct job *j = arg;

	(void)k;
	if (j->view_at < j->nviews)
		*out = j->view[j->view_at++];
}

static void make_plan(struct job *j, const struct args *a, struct plan *p, bool filter, bool print)
{
	supply_plan(&j->in, p);
	j->ask = p->flow;
	j->ask_arg = p->flow_arg;
	p->flow = see;
	p->flow_arg = j;
	if (filter)
		filter_want(j->filter, p);
	if (print)
		j->printer->want(&j->opts, p);
	p->checksums = args_has(a, P_CHECKSUMS);
	p->absolute_seq = args_has(a, P_RAW_SEQ);
}

static void make_plans(struct job *j, const struct args *a)
{
	bool filter = j->filter != NULL;

	make_plan(j, a, &j->plan, filter, !filter);
	make_plan(j, a, &j->full, false, true);
	make_plan(j, a, &j->both, filter, true);
	j->full.flow = see_again;
	supply_track(&j->in, &j->both);
}

static int set_up(struct job *j, const struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_FORMAT);
	const struct world *w = args_has(a, P_READ) ? NULL : x->world;

	registry_init();
	j->printer = s == NULL || strcmp(s, "text") == 0 ? &print_text
		     : strcmp(s, "json") == 0		 ? &print_json
							 : &print_fields;
	j->opts.tree = args_has(a, P_TREE);
	j->opts.hex = args_has(a, P_HEX);
	j->opts.time = time_format_by_name(args_has(a, P_TIME) ? args_get(a, P_TIME) : "r");
	j->limit = args_count(a, P_LIMIT, w != NULL ? FROM_PLAYHEAD : UINT64_MAX);
	j->digits = w != NULL ? w->digits : 0;
	if (take_fields(j, a, e) < 0 || take_filters(j, w, a, e) < 0 ||
	    supply_init(&j->in, x, a, P_READ, w != NULL ? w->at : 0, e) < 0)
		return -1;
	make_plans(j, a);
	return 0;
}

static void job_free(void *arg)
{
	struct job *j = arg;

	plan_fini(&j->plan);
	plan_fini(&j->full);
	plan_fini(&j->both);
	bpf_free(j->bpf);
	filter_free(j->filter);
	supply_fini(&j->in);
	VEC_FREE(&j->fields);
	free(j);
}

static int digits_of(const struct job *j, const struct frame *f)
{
	return j->digits != 0 ? j->digits : supply_iface(&j->in, f->iface)->tsresol > 6 ? 9 : 6;
}

/* Does the packet pass? Leaves it decoded for printing where it does. */
static bool passes(struct job *j, const struct frame *f)
{
	/* JSON shows whatever was decoded, so it must not see what only the filter wants. */
	bool at_once = j->passing > MOSTLY && j->printer != &print_json, pass;

	j->nviews = j->view_at = 0;
	pkt_decode(&j->in.k, f, at_once ? &j->both : &j->plan);
	if (j->filter == NULL)
		return true;
	pass = filter_match(j->filter, &j->in.k);
	j->passing += (pass ? 1u << 10 : 0) - (j->passing >> 6);
	if (pass && !at_once)
		pkt_decode(&j->in.k, f, &j->full);
	return pass;
}

static int job_run(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	struct job *j = arg;
	struct frame f;
	int r = 0;

	while (j->printed < j->limit && (r = supply_next(&j->in, &f, p, e)) > 0) {
		struct pkt *k = &j->in.k;

		if ((j->bpf == NULL || bpf_match(j->bpf, &f)) && passes(j, &f)) {
			j->opts.digits = digits_of(j, &f);
			j->printer->packet(&out->t, &j->opts, k);
			j->printed++;
			k->prev_shown_ts = f.ts;
			if (sink_line(out, e) < 0)
				return 1;
		}
	}
	if (r == 0 && j->bpf != NULL)
		r = bpf_end(j->bpf, e);
	return r < 0 ? 1 : 0;
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	struct task t = { "print", job_run, NULL, job_free, xcalloc(1, sizeof(struct job)) };

	if (set_up(t.arg, x, a, e) < 0) {
		job_free(t.arg);
		return 2;
	}
	return task_run(x, &t, e);
}

static const struct command print = {
	.name = "print",
	.group = G_FILES,
	.where = IN_BOTH,
	.summary = "print the packets of a capture as text, JSON or fields",
	.about = "A line a packet: its number, its time, the tunnels it came through, the two ends "
		 "of its innermost "
		 "conversation, the innermost protocol, what that says, and in brackets what is "
		 "wrong with the packet. "
		 "TCP sequence numbers count from the connection's first one.\n\n"
		 "With -T fields the output is what tshark -T fields prints: a tab between fields, "
		 "a comma between several "
		 "values of one field.\n\nOf a damaged file everything readable is printed before "
		 "the sentence about the "
		 "damage; the exit status is then 1.",
	.examples = "tapdeck print -r trace.pcapng -c 20\tthe first 20 packets\n"
		    "tapdeck print -r trace.pcapng -Y 'tcp.flags.syn == 1'\tonly SYNs\n"
		    "tapdeck print -r trace.pcapng -T fields -e ip.src -e tcp.flags\ttwo columns\n"
		    "zcat big.pcap.gz | tapdeck print -r - -T json\tJSON from a pipe\n",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_print[] = { &print, NULL };
