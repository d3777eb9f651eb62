/* trace: every segment of a TCP connection, and what it did. */
#include "base/num.h"
#include "cmd/conns.h"
#include "cmd/segments.h"
#include "filter/filter.h"
#include "packet/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { P_READ, P_STREAM, P_DISPLAY_FILTER, P_LIMIT, P_RAW_SEQ, P_WIDTH, P_JSON, P_END };

static const struct param params[] = {
	[P_READ] = { 'r', "read", P_FILE, .value = "FILE", .help = "the capture to read",
		     .initial = "the deck's tape" },
	[P_STREAM] = { 's', "stream", P_COUNT, .value = "N", .help = "the connection tcp.stream N",
		       .initial = "the conversation at the playhead, or 0" },
	[P_DISPLAY_FILTER] = { 'Y', "filter", P_FILTER, .value = "FILTER",
			       .help = "the connection of the first packet of TCP that passes "
				       "this display filter" },
	[P_LIMIT] = { 'c', "count", P_COUNT, .value = "N", .help = "only the first N segments" },
	[P_RAW_SEQ] = { 'S', "raw-seq", P_FLAG,
			.help = "sequence numbers as sent instead of relative ones" },
	[P_WIDTH] = { 'w', "width", P_COUNT, .value = "N",
		      .help = "fit the lines into N columns; 0 shows everything",
		      .initial = "the terminal's width, 0 where the output is no terminal" },
	[P_JSON] = { 'j', "json", P_FLAG, .help = "a JSON object a line, with all there is" },
	[P_END] = { 0, "END", P_STRING, .optional = true, .repeat = true,
		    .help = "the first connection that has this end, or both: 10.0.0.1, "
			    "10.0.0.1:80, "
			    ":80" },
};

enum {
	CONVERSATIONS = 1 << 18,
	NO_WIDTH = 4096,
	ENDS = 2,
	END_MAX = 56,
};

struct job {
	struct supply in;
	struct plan plan;
	struct filter *filter;	/* finds the connection, in a pass of its own; NULL for none */
	struct supply first_in; /* of that pass */
	struct plan first_plan;
	struct retrace *retrace; /* the deck's tape */
	char end[ENDS][END_MAX]; /* as they were given */
	unsigned nends;
	u64 number; /* tcp.stream; UINT64_MAX: not known yet */
	u64 found;  /* that of the packet at hand, for the filter */
	struct conv conv;
	bool known;
	bool json, raw;
	unsigned width;
	u64 limit, written;
	struct sink *out;
	/* The last segments, as verdicts look at what comes before and after. */
	VEC(struct tcp_noted) noted;
	VEC(struct traced) list;
	size_t next; /* the one to be written next */
	struct tcp_point point;
	bool has_point;
};

/* ---- writing ---- */

static void write_next(struct job *j)
{
	struct traced *r = &j->list.v[j->next];
	struct tcp_verdict v;

	tcp_verdict(j->noted.v, j->noted.n, j->next, j->has_point ? &j->point : NULL, &v);
	if (j->written == 0 && !j->json)
		segments_head(&j->out->t, &j->conv, j->width);
	if (j->json)
		segments_json(&j->out->t, r, &v);
	else
		segments_text(&j->out->t, r, &v, j->width);
	j->written++;
	j->next++;
}

/* What no verdict looks at any more goes, now and then. */
static void forget(struct job *j)
{
	size_t gone = j->next > 2 * TCP_VERDICT_PAST ? j->next - TCP_VERDICT_PAST : 0;

	if (gone == 0)
		return;
	j->noted.n -= gone;
	j->list.n -= gone;
	j->next -= gone;
	memmove(j->noted.v, j->noted.v + gone, j->noted.n * sizeof *j->noted.v);
	memmove(j->list.v, j->list.v + gone, j->list.n * sizeof *j->list.v);
}

/* Writes what has enough behind it, or all. -1 where the output is gone. */
static int write_out(struct job *j, bool all, struct err *e)
{
	size_t ahead = all ? 0 : TCP_VERDICT_AHEAD;

	while (j->next + ahead < j->list.n && j->written < j->limit) {
		write_next(j);
		if (sink_line(j->out, e) < 0)
			return -1;
	}
	forget(j);
	return 0;
}

/* Where the capture was taken, as the connection tells. */
static void note_point(struct job *j, const struct tcp_conn *conn)
{
	if (conn == NULL || conn->whole == NULL)
		return;
	j->point = conn->whole->point;
	j->has_point = true;
}

static void take(struct job *j, const struct pkt *k, const struct flow_view *view,
		 const struct tcp_seen *seen, const struct tcp_conn *conn)
{
	struct traced r = { .seen = *seen, .begin = k->first_ts, .stream = j->conv.stream };

	segment_of(&r.noted.seg, k, view->reversed);
	tcp_note(&r.noted, &r.noted.seg, seen);
	if (!j->raw) {
		r.base_seq = view->has_base_seq ? view->base_seq : 0;
		r.base_ack = view->has_base_ack ? view->base_ack : 0;
	}
	note_point(j, conn);
	*VEC_PUSH(&j->noted) = r.noted;
	*VEC_PUSH(&j->list) = r;
}

/* ---- finding ---- */

/* Is the text this end: "10.0.0.1:80", "10.0.0.1", ":80"? */
static bool is_end(const char *s, const struct conv *c, int side)
{
	struct txt t;
	bool same;

	txt_init(&t);
	conv_end(&t, c, side);
	same = strcmp(s, txt_str(&t)) == 0;
	txt_clear(&t);
	txt_printf(&t, ":%u", c->port[side]);
	same |= strcmp(s, txt_str(&t)) == 0;
	txt_clear(&t);
	if (c->net == 6)
		txt_ip6(&t, c->addr[side]);
	else
		txt_ip4(&t, c->addr[side]);
	same |= strcmp(s, txt_str(&t)) == 0;
	txt_fini(&t);
	return same;
}

static bool has_ends(const struct job *j, const struct conv *c)
{
	for (int side = 0; side < 2; side++)
		if (is_end(j->end[0], c, side) && (j->nends < 2 || is_end(j->end[1], c, !side)))
			return c->l4 == 6;
	return false;
}

/* A layer of a packet: what is of the connection is taken. */
static void look(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct job *j = arg;
	struct flow *fl = j->in.flow;
	u32 before = j->in.own_flow ? flow_count(fl) : 0;
	const struct tcp_seen *seen;

	if (j->retrace != NULL) {
		u64 n = k->frame->number - 1;

		flow_look(fl, k, out);
		if (out->known && out->id == j->conv.id && !k->quoted &&
		    (seen = retrace_seen(j->retrace, n)) != NULL)
			take(j, k, out, seen, NULL);
		return;
	}
	flow_see(fl, k, out);
	if (!out->known || k->facts.l4 != 6 || k->quoted)
		return;
	if (j->number == UINT64_MAX && out->id >= before) {
		struct conv c;

		if (flow_get(fl, out->id, &c) && has_ends(j, &c))
			j->number = c.stream;
	}
	if (out->stream != j->number)
		return;
	if (!j->known)
		j->known = flow_get(fl, out->id, &j->conv);
	take(j, k, out, flow_seen(fl), flow_conn(fl));
}

/* Of the packet at hand, the innermost. */
static void look_first(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct job *j = arg;

	flow_see(j->first_in.flow, k, out);
	if (out->known && k->facts.l4 == 6 && !k->quoted)
		j->found = out->stream;
}

/* The connection of the first packet that passes. 0; -1 where the file is damaged before. */
static int find_by_filter(struct job *j, struct progress *p, struct err *e)
{
	struct frame f;
	int r;

	while ((r = supply_next(&j->first_in, &f, p, e)) > 0) {
		j->found = UINT64_MAX;
		pkt_decode(&j->first_in.k, &f, &j->first_plan);
		if (j->found != UINT64_MAX && filter_match(j->filter, &j->first_in.k)) {
			j->number = j->found;
			return 0;
		}
	}
	return r;
}

static int no_such(const struct job *j, struct err *e)
{
	if (j->nends > 0)
		err_set(e, "no TCP connection in this capture has %s end%s",
			j->nends == 1 ? "this" : "these", j->nends == 1 ? "" : "s");
	else if (j->filter != NULL)
		err_set(e, "no packet of TCP in this capture passes the filter");
	else
		err_set(e, "there is no TCP stream %llu in this capture",
			(unsigned long long)j->number);
	return 1;
}

static int from_packets(struct job *j, struct progress *p, struct err *e)
{
	struct frame f;
	int r = 0;

	while (j->written < j->limit && (r = supply_next(&j->in, &f, p, e)) > 0) {
		pkt_decode(&j->in.k, &f, &j->plan);
		if (write_out(j, false, e) < 0)
			return 1;
	}
	if (write_out(j, true, e) < 0 || r < 0)
		return 1;
	if (flow_evicted(j->in.flow) > j->conv.id && j->known)
		snprintf(j->out->note, sizeof j->out->note,
			 "this connection was forgotten on the way, as more than %u others began "
			 "after it: its end may be missing",
			 flow_cap(j->in.flow));
	return j->known || p->stop ? 0 : no_such(j, e);
}

static int from_tape(struct job *j, struct progress *p, struct err *e)
{
	const struct tape *t = j->in.tape;
	u64 end = j->conv.last;

	note_point(j, retrace_conn(j->retrace, end - 1));
	p->all = end;
	for (u64 n = j->conv.first - 1; n < end && j->written < j->limit && !p->stop;
	     n = tape_conv_first(t, j->conv.id, n + 1, end)) {
		struct frame f;

		tape_frame(t, n, &f);
		pkt_decode(&j->in.k, &f, &j->plan);
		p->done = n;
		if (write_out(j, false, e) < 0)
			return 1;
	}
	return write_out(j, true, e) < 0 ? 1 : 0;
}

static int job_run(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	struct job *j = arg;

	j->out = out;
	if (j->filter != NULL) {
		if (find_by_filter(j, p, e) < 0)
			return 1;
		if (p->stop)
			return 0;
		if (j->number == UINT64_MAX ||
		    (j->retrace != NULL && !flow_stream(j->in.flow, 6, (u32)j->number, &j->conv)))
			return no_such(j, e);
	}
	return j->retrace != NULL ? from_tape(j, p, e) : from_packets(j, p, e);
}

static void job_free(void *arg)
{
	struct job *j = arg;

	retrace_free(j->retrace);
	plan_fini(&j->plan);
	plan_fini(&j->first_plan);
	filter_free(j->filter);
	supply_fini(&j->in);
	supply_fini(&j->first_in);
	VEC_FREE(&j->noted);
	VEC_FREE(&j->list);
	free(j);
}

/* ---- what is asked for ---- */

static int take_ends(struct job *j, const struct args *a, struct err *e)
{
	const char *s;

	for (; (s = args_nth(a, P_END, j->nends)) != NULL; j->nends++) {
		if (j->nends == ENDS)
			return err_set(e, "a connection has two ends, not three");
		if (strlen(s) >= END_MAX || (strchr(s, ':') == NULL && strchr(s, '.') == NULL))
			return err_set(e,
				       "'%.60s' is no end of a connection: 10.0.0.1, 10.0.0.1:80, "
				       "[::1]:80 or :80 would be",
				       s);
		memcpy(j->end[j->nends], s, strlen(s) + 1);
	}
	if (args_has(a, P_STREAM) + args_has(a, P_DISPLAY_FILTER) + (j->nends > 0) > 1)
		return err_set(
			e, "--stream, --filter and the ends each choose a connection: give one");
	return 0;
}

/* The connection of the deck's tape; the filter's is found later. */
static int choose(struct job *j, const struct world *w, struct err *e)
{
	bool found = j->filter != NULL;

	if (j->filter != NULL) {
		j->conv.id = FLOW_NONE;
	} else if (j->nends > 0) {
		for (u32 id = flow_evicted(w->flow); !found && id < flow_count(w->flow); id++)
			found = flow_get(w->flow, id, &j->conv) && has_ends(j, &j->conv);
	} else if (j->number != UINT64_MAX) {
		found = flow_stream(w->flow, 6, (u32)j->number, &j->conv);
	} else {
		found = w->conv_at != FLOW_NONE && flow_get(w->flow, w->conv_at, &j->conv) &&
			j->conv.l4 == 6;
		if (!found)
			return err_set(e, "there is no TCP connection at the playhead to trace");
	}
	if (!found) {
		no_such(j, e);
		return -1;
	}
	j->known = true;
	j->retrace = retrace_new(w->tape, w->flow, w->trace);
	return 0;
}

/* What is needed to go through the capture once to learn which connection the filter means. */
static int take_filter(struct job *j, const struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_DISPLAY_FILTER), *path = args_get(a, P_READ);

	if (s == NULL)
		return 0;
	if (filter_compile(s, strlen(s), &j->filter, e) < 0)
		return filter_wrong(s, e);
	if (path != NULL && strcmp(path, "-") == 0)
		return err_set(e, "a filter needs two looks at the capture, and standard input can "
				  "be read only once");
	if (supply_init(&j->first_in, x, a, P_READ, 0, e) < 0)
		return -1;
	supply_follow(&j->first_in, CONVERSATIONS);
	plan_init(&j->first_plan);
	j->first_plan.flow = look_first;
	j->first_plan.flow_arg = j;
	filter_want(j->filter, &j->first_plan);
	return 0;
}

static int set_up(struct job *j, const struct ctx *x, const struct args *a, struct err *e)
{
	bool file = args_has(a, P_READ);

	registry_init();
	plan_init(&j->plan);
	j->plan.flow = look;
	j->plan.flow_arg = j;
	j->json = args_has(a, P_JSON);
	j->raw = args_has(a, P_RAW_SEQ);
	j->limit = args_count(a, P_LIMIT, UINT64_MAX);
	j->width = (unsigned)MIN(args_count(a, P_WIDTH, x->width), (u64)NO_WIDTH);
	j->number = args_count(a, P_STREAM, UINT64_MAX);
	if (args_has(a, P_STREAM) && j->number >= FLOW_NONE)
		return err_set(e, "'%.40s' is more than any stream's number",
			       args_get(a, P_STREAM));
	if (take_ends(j, a, e) < 0 || take_filter(j, x, a, e) < 0 ||
	    supply_init(&j->in, x, a, P_READ, 0, e) < 0)
		return -1;
	if (!file)
		return choose(j, x->world, e);
	if (j->number == UINT64_MAX && j->nends == 0 && j->filter == NULL)
		j->number = 0;
	supply_follow(&j->in, CONVERSATIONS);
	return 0;
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	struct task t = { "trace", job_run, NULL, job_free, xcalloc(1, sizeof(struct job)) };

	if (set_up(t.arg, x, a, e) < 0) {
		job_free(t.arg);
		return 2;
	}
	return task_run(x, &t, e);
}

static const struct command trace = {
	.name = "trace",
	.group = G_PACKETS,
	.where = IN_BOTH,
	.summary = "show every segment of a TCP connection, and what it did",
	.about =
		"A line a segment: packet, time, who sent it (an x: the wire dropped it), flags by "
		"their letters, relative numbers, the states of RFC 9293 that A and B are in "
		"behind "
		"it, and where there is room what the sender of the data has in flight, estimates "
		"of its congestion window and ssthresh, its phase, and the round trip that an "
		"acknowledgment measured. Below it whatever happened: the edge from one state to "
		"another and why (assumed: not proven yet), a change of phase, what the standard "
		"does not allow and the clause, tapdeck's verdict with its confidence, rule and "
		"evidence, and what Wireshark says.",
	.examples = "tapdeck trace -r trace.pcapng -s 3\tthe connection tcp.stream 3\n"
		    "tapdeck trace -r trace.pcapng 10.0.0.1 :443\tthe first between these two\n"
		    "tapdeck trace -r trace.pcapng -Y tcp.analysis.flags --json\tthe first in "
		    "trouble\n",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_trace[] = { &trace, NULL };
