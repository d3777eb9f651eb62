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
	const char *format;
	struct txt *out;
	int last_side; /* -1 before the first */
	size_t limit;  /* text longer than this ends it */
	bool full;
};

static void put_end(struct txt *t, const struct conv *c, int side)
{
	if (c->net == 6) {
		txt_putc(t, '[');
		txt_ip6(t, c->addr[side]);
		txt_putc(t, ']');
	} else {
		txt_ip4(t, c->addr[side]);
	}
	txt_printf(t, ":%u", c->port[side]);
}

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

	if (strcmp(j->format, "raw") == 0) {
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
		put_end(t, &j->conv, side);
		txt_puts(t, " > ");
		put_end(t, &j->conv, !side);
		txt_printf(t, "  packet %llu\n", (unsigned long long)packet);
		j->last_side = side;
	}
	if (missing > 0)
		txt_printf(t, "[%llu bytes are missing]\n", (unsigned long long)missing);
	if (strcmp(j->format, "hex") == 0)
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

static int no_stream(struct err *e, bool udp, u32 n)
{
	err_set(e, "there is no %s stream %u in this capture", udp ? "UDP" : "TCP", n);
	return 1;
}

static int from_file(struct job *j, struct ctx *x, bool udp, u32 stream, struct err *e)
{
	struct supply *in = &j->in;
	struct frame f;
	int r;

	j->plan.facts_only = true;
	while ((r = supply_next(in, &f, NULL, e)) > 0) {
		struct conv c;

		pkt_decode(&in->k, &f, &j->plan);
		if (!flow_get(in->flow, in->k.conv, &c) || c.l4 != (udp ? 17 : 6) ||
		    c.stream != stream)
			continue;
		begin(j, &c);
		feed(j, &in->k);
		if (sink_line(x->out, e) < 0)
			return 1;
	}
	stream_end(j->stream);
	if (r < 0)
		return 1;
	return j->known ? 0 : no_stream(e, udp, stream);
}

enum { WALK_MAX = 1 << 20 }; /* packets of one conversation that a page looks at */

static void from_tape(struct job *j, const struct conv *c)
{
	struct supply *in = &j->in;
	VEC(u64) list = { 0 };

	begin(j, c);
	for (u64 n = c->last - 1; n != TAPE_NONE && list.n < WALK_MAX; n = tape_prev(in->tape, n))
		*VEC_PUSH(&list) = n;
	while (list.n > 0 && !j->full) {
		struct frame f;

		tape_frame(in->tape, list.v[--list.n], &f);
		pkt_decode(&in->k, &f, &j->plan);
		feed(j, &in->k);
	}
	stream_end(j->stream);
	VEC_FREE(&list);
}

/* On the deck's tape: a page to read. */
static int run_in_deck(struct ctx *x, struct job *j, const struct args *a, struct err *e)
{
	const struct world *w = x->world;
	struct txt title, page;
	struct conv c;
	bool known;

	if (args_has(a, P_STREAM))
		known = flow_stream(w->flow, args_has(a, P_UDP) ? 17 : 6,
				    (u32)args_count(a, P_STREAM, 0), &c);
	else
		known = w->conv_at != FLOW_NONE && flow_get(w->flow, w->conv_at, &c);
	if (!known) {
		if (args_has(a, P_STREAM))
			return no_stream(e, args_has(a, P_UDP), (u32)args_count(a, P_STREAM, 0));
		err_set(e, "there is no TCP or UDP conversation at the playhead to follow");
		return 1;
	}
	txt_init(&title);
	txt_init(&page);
	j->out = &page;
	j->limit = PAGE_MAX;
	from_tape(j, &c);
	if (page.n == 0)
		txt_puts(&page, "This conversation carried no data.\n");
	if (j->full)
		txt_puts(&page, "\n[the page ends here; 'tapdeck follow -r FILE' at the shell "
				"writes all of it]\n");
	txt_printf(&title, "%s stream %u", c.l4 == 6 ? "TCP" : "UDP", c.stream);
	x->deck->page(x->deck_arg, txt_str(&title), page.s, page.n);
	txt_fini(&title);
	txt_fini(&page);
	return 0;
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	struct job j = { .last_side = -1, .limit = SIZE_MAX, .format = "text", .out = &x->out->t };
	u32 stream = (u32)args_count(a, P_STREAM, 0);
	int status;

	registry_init();
	if (args_count(a, P_STREAM, 0) >= FLOW_NONE) {
		err_set(e, "'%.40s' is more than any stream's number", args_get(a, P_STREAM));
		return 2;
	}
	if (args_has(a, P_FORMAT))
		j.format = args_get(a, P_FORMAT);
	if (supply_init(&j.in, x, a, P_READ, 0, e) < 0) {
		supply_fini(&j.in);
		return 2;
	}
	supply_plan(&j.in, &j.plan);
	j.stream = stream_new(take, &j);
	if (args_has(a, P_READ)) {
		status = from_file(&j, x, args_has(a, P_UDP), stream, e);
		if (sink_flush(x->out, status == 0 ? e : NULL) < 0 && status == 0)
			status = 1;
		if (x->out->closed)
			status = 0;
	} else {
		status = run_in_deck(x, &j, a, e);
	}
	stream_free(j.stream);
	plan_fini(&j.plan);
	supply_fini(&j.in);
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
