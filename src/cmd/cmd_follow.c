/* follow: what a conversation carried, both sides in order. */
#include "base/num.h"
#include "cmd/command.h"
#include "cmd/deck.h"
#include "cmd/print.h"
#include "cmd/supply.h"
#include "flow/stream.h"
#include "packet/registry.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { P_READ, P_UDP, P_FORMAT, P_STREAM };

enum format { AS_TEXT, AS_HEX, AS_RAW };
static const char *const formats[] = { "text", "hex", "raw", NULL };

static const struct param params[] = {
	[P_READ] = { 'r', "read", P_FILE, .value = "FILE", .help = "the capture to read",
		     .initial = "the deck's tape" },
	[P_UDP] = { 'u', "udp", P_FLAG, .help = "STREAM is a udp.stream number" },
	[P_FORMAT] = { 'F', "format", P_CHOICE, .value = "FORMAT", .choices = formats,
		       .help = "text with other bytes escaped, hex, or raw bytes with nothing "
			       "between",
		       .initial = "text" },
	[P_STREAM] = { 0, "STREAM", P_COUNT, .optional = true, .help = "a tcp.stream number",
		       .initial = "the conversation of the transport pane, or 0" },
};

enum { PAGE_MAX = 1 << 20 }; /* bytes of text that a page in the deck shows */

/* One conversation being written out. */
struct job {
	struct supply in;
	struct plan plan;
	struct stream *stream;
	struct conv conv; /* a copy: the table may forget it */
	bool known;
	enum format format;
	u8 l4; /* of the stream that is wanted */
	u32 number;
	struct txt *out;
	struct txt page; /* of the deck's tape */
	int last_side;	 /* -1 before the first */
	size_t limit;	 /* text longer than this ends it */
	bool full;
};

/* Lines stay lines; all else that is not for a terminal is escaped. */
static void put_text(struct txt *t, const u8 *p, size_t n)
{
	while (n > 0) {
		const u8 *nl = memchr(p, '\n', n);
		size_t len = nl != NULL ? (size_t)(nl - p) : n, shown = len;

		if (nl != NULL && len > 0 && p[len - 1] == '\r')
			shown--;
		txt_escape(t, p, shown);
		if (nl != NULL)
			txt_putc(t, '\n');
		len += nl != NULL;
		p += len;
		n -= len;
	}
}

static void take(void *arg, int side, u64 packet, const u8 *p, size_t n, u64 missing)
{
	struct job *j = arg;
	struct txt *t = j->out;

	if (j->format == AS_RAW) {
		txt_putn(t, (const char *)p, n);
		return;
	}
	if (t->n > j->limit) {
		j->full = true;
		return;
	}
	if (side != j->last_side) {
		if (t->n > 0 && t->s[t->n - 1] != '\n')
			txt_putc(t, '\n');
		txt_puts(t, j->last_side >= 0 ? "\n--- " : "--- ");
		conv_end(t, &j->conv, side);
		txt_puts(t, " > ");
		conv_end(t, &j->conv, !side);
		txt_printf(t, "  packet %llu\n", (unsigned long long)packet);
		j->last_side = side;
	}
	if (missing > 0)
		txt_printf(t, "[%llu bytes are missing]\n", (unsigned long long)missing);
	if (j->format == AS_HEX)
		print_hex(t, p, n);
	else
		put_text(t, p, n);
}

static void feed(struct job *j, const struct pkt *k)
{
	const struct facts *x = &k->facts;
	int side = k->conv_reversed;
	u32 got = k->frame->caplen > x->payload_off
			  ? MIN(k->frame->caplen - x->payload_off, x->payload_len)
			  : 0;
	const u8 *p = k->frame->data + MIN(x->payload_off, k->frame->caplen);

	if (k->frame->lost) /* it never reached the other end */
		return;
	if (x->l4 == 6)
		stream_segment(j->stream, side, k->frame->number, x->tcp.seq,
			       (x->tcp.flags & TCP_SYN) != 0, p, got, x->payload_len);
	else if (x->payload_len > 0)
		take(j, side, k->frame->number, p, got, x->payload_len - got);
}

static void begin(struct job *j, const struct conv *c)
{
	j->conv = *c;
	j->known = true;
}

static int no_stream(const struct job *j, struct err *e)
{
	err_set(e, "there is no %s stream %u in this capture", j->l4 == 17 ? "UDP" : "TCP",
		j->number);
	return 1;
}

static int from_file(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	struct job *j = arg;
	struct supply *in = &j->in;
	struct frame f;
	int r;

	j->out = &out->t;
	while ((r = supply_next(in, &f, p, e)) > 0) {
		struct conv c;

		pkt_decode(&in->k, &f, &j->plan);
		if (!flow_get(in->flow, in->k.conv, &c) || c.l4 != j->l4 || c.stream != j->number)
			continue;
		begin(j, &c);
		feed(j, &in->k);
		if (sink_line(out, e) < 0)
			return 1;
	}
	stream_end(j->stream);
	if (r < 0)
		return 1;
	return j->known || p->stop ? 0 : no_stream(j, e);
}

enum { WALK_MAX = 1 << 20 }; /* packets of one conversation that a page looks at */

/* The conversation begun before, from its first packet on, onto the page. */
static int from_tape(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	struct job *j = arg;
	struct supply *in = &j->in;
	VEC(u64) list = { 0 };
	u64 n = j->conv.last - 1;

	(void)out;
	(void)e;
	for (; n != TAPE_NONE && list.n < WALK_MAX && !p->stop; n = tape_prev(in->tape, n))
		*VEC_PUSH(&list) = n;
	p->all = list.n;
	for (; list.n > 0 && !j->full && !p->stop; p->done++) {
		struct frame f;

		tape_frame(in->tape, list.v[--list.n], &f);
		pkt_decode(&in->k, &f, &j->plan);
		feed(j, &in->k);
	}
	stream_end(j->stream);
	VEC_FREE(&list);
	return 0;
}

static void show_page(void *arg, struct ctx *x)
{
	struct job *j = arg;
	struct txt title;

	if (j->page.n == 0)
		txt_puts(&j->page, "This conversation carried no data.\n");
	if (j->full)
		txt_puts(&j->page, "\n[the page ends here; 'tapdeck follow -r FILE' at the shell "
				   "writes all of it]\n");
	txt_init(&title);
	txt_printf(&title, "%s stream %u", j->conv.l4 == 6 ? "TCP" : "UDP", j->conv.stream);
	x->deck->page(x->deck_arg, txt_str(&title), j->page.s, j->page.n);
	txt_fini(&title);
}

static void job_free(void *arg)
{
	struct job *j = arg;

	stream_free(j->stream);
	plan_fini(&j->plan);
	supply_fini(&j->in);
	txt_fini(&j->page);
	free(j);
}

/* The conversation of the deck's tape that is asked for. */
static int choose(struct job *j, const struct world *w, bool by_number, struct err *e)
{
	struct conv c;

	if (by_number && !flow_stream(w->flow, j->l4, j->number, &c))
		return no_stream(j, e);
	if (!by_number && (w->conv_at == FLOW_NONE || !flow_get(w->flow, w->conv_at, &c))) {
		err_set(e, "there is no TCP or UDP conversation at the playhead to follow");
		return 1;
	}
	begin(j, &c);
	j->out = &j->page;
	j->limit = PAGE_MAX;
	return 0;
}

/* Returns the exit status. */
static int set_up(struct job *j, struct ctx *x, const struct args *a, struct err *e)
{
	registry_init();
	*j = (struct job) { .last_side = -1, .limit = SIZE_MAX };
	txt_init(&j->page);
	if (args_count(a, P_STREAM, 0) >= FLOW_NONE) {
		err_set(e, "'%.40s' is more than any stream's number", args_get(a, P_STREAM));
		return 2;
	}
	j->number = (u32)args_count(a, P_STREAM, 0);
	j->l4 = args_has(a, P_UDP) ? 17 : 6;
	for (int i = 0; args_has(a, P_FORMAT) && formats[i] != NULL; i++)
		if (strcmp(formats[i], args_get(a, P_FORMAT)) == 0)
			j->format = (enum format)i;
	if (x->deck != NULL && j->format == AS_RAW) {
		err_set(e, "raw bytes are not for the screen: 'tapdeck follow -F raw -r FILE' at "
			   "the shell writes them");
		return 2;
	}
	if (supply_init(&j->in, x, a, P_READ, 0, e) < 0)
		return 2;
	supply_plan(&j->in, &j->plan);
	j->stream = stream_new(take, j);
	return args_has(a, P_READ) ? 0 : choose(j, x->world, args_has(a, P_STREAM), e);
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	bool file = args_has(a, P_READ);
	struct task t = { "follow", file ? from_file : from_tape, file ? NULL : show_page, job_free,
			  xmalloc(sizeof(struct job)) };
	int status = set_up(t.arg, x, a, e);

	if (status == 0)
		return task_run(x, &t, e);
	job_free(t.arg);
	return status;
}

static const struct command follow = {
	.name = "follow",
	.group = G_PACKETS,
	.where = IN_BOTH,
	.summary = "show what a conversation carried, both sides in order",
	.about = "TCP data is put in order, repeated bytes are left out and holes are told; "
		 "segments that the wire dropped do not "
		 "count. In the deck it opens a page to read.",
	.examples = "tapdeck follow -r trace.pcapng 3\tthe data of tcp.stream 3\n",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_follow[] = { &follow, NULL };
