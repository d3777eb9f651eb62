/* The segments of one TCP connection, in lines and as JSON. */
#include "cmd/segments.h"

#include "base/num.h"
#include "cmd/conns.h"

#include <string.h>

enum {
	WITH_WINDOWS = 100, /* from this width on: in flight, cwnd, ssthresh; */
	WITH_PHASE = 120,   /* and the phase and the round trip; */
	WITH_NAMES = 128,   /* and the states in full */
	INDENT = 8,	    /* of what stands below a line */
	STATE_W = 12,
	BRIEF_W = 8,
};

static bool has(unsigned width, unsigned least)
{
	return width == 0 || width >= least;
}

/* Behind this segment, whose data is it about: the sender's own, or what it acknowledges. */
static int about(const struct segment *s)
{
	bool own = s->len > 0 || s->tcp.flags & (TCP_SYN | TCP_FIN);

	return own ? s->side : !s->side;
}

static const char *phase_brief(enum tcp_phase p)
{
	switch (p) {
	case TCP_PHASE_HANDSHAKE: return "handshake";
	case TCP_PHASE_SLOW_START: return "slow start";
	case TCP_PHASE_AVOIDANCE: return "avoidance";
	case TCP_PHASE_RECOVERY: return "recovery";
	case TCP_PHASE_LOSS: return "timeout";
	case TCP_PHASE_NONE:
	case TCP_PHASE_COUNT: break;
	}
	return "";
}

static void put_flags(struct txt *t, u16 flags)
{
	static const struct {
		u16 flag;
		char letter;
	} all[] = { { TCP_SYN, 'S' }, { TCP_FIN, 'F' }, { TCP_RST, 'R' }, { TCP_PSH, 'P' },
		    { TCP_URG, 'U' }, { TCP_ECE, 'E' }, { TCP_CWR, 'C' }, { TCP_ACK, 'A' } };

	for (unsigned i = 0; i < ARRAY_LEN(all); i++)
		if (flags & all[i].flag)
			txt_putc(t, all[i].letter);
}

/* s in w columns, and one more. */
static void put_left(struct txt *t, const char *s, size_t w)
{
	size_t n = strlen(s);

	txt_puts(t, s);
	txt_fill(t, ' ', (n < w ? w - n : 0) + 1);
}

static void put_right(struct txt *t, const char *s, size_t w)
{
	size_t n = strlen(s);

	txt_fill(t, ' ', n < w ? w - n : 0);
	txt_puts(t, s);
	txt_putc(t, ' ');
}

static void put_number(struct txt *t, u32 v, int w)
{
	if (v == TCP_CONG_UNKNOWN)
		put_right(t, "-", (size_t)w);
	else {
		txt_u64w(t, v, w, ' ');
		txt_putc(t, ' ');
	}
}

static void end_line(struct txt *t)
{
	while (t->n > 0 && t->s[t->n - 1] == ' ')
		t->n--;
	txt_putc(t, '\n');
}

void segments_head(struct txt *t, const struct conv *c, unsigned width)
{
	size_t w = has(width, WITH_NAMES) ? STATE_W : BRIEF_W;

	txt_printf(t, "tcp.stream %u   A ", c->stream);
	conv_end(t, c, 0);
	txt_puts(t, "   B ");
	conv_end(t, c, 1);
	txt_puts(t, "\n   No.        time      flags        seq        ack   len  ");
	put_left(t, "state A", w);
	put_left(t, "state B", w);
	if (has(width, WITH_WINDOWS))
		txt_puts(t, " flight    cwnd  ssthr  ");
	if (has(width, WITH_PHASE))
		txt_puts(t, "phase           rtt");
	end_line(t);
}

static const char *arrow(const struct segment *s)
{
	if (s->lost)
		return s->side == 0 ? "A-x" : "x-B";
	return s->side == 0 ? "A->" : "<-B";
}

static void put_line(struct txt *t, const struct traced *r, unsigned width)
{
	const struct segment *s = &r->noted.seg;
	const struct tcp_cong_out *c = &r->seen.cong[about(s)];
	bool names = has(width, WITH_NAMES);
	ns_t time = tcp_rtt_span(r->begin, s->ts), rtt = r->seen.cong[!s->side].rtt;
	size_t from;

	txt_u64w(t, s->number, 6, ' ');
	txt_putc(t, ' ');
	if (time == NS_NONE)
		put_right(t, "-", 11);
	else {
		txt_seconds(t, time, 6, 11);
		txt_putc(t, ' ');
	}
	put_left(t, arrow(s), 3);
	from = t->n;
	put_flags(t, s->tcp.flags);
	txt_pad(t, from, 5);
	txt_u64w(t, s->tcp.seq - r->base_seq, 10, ' ');
	txt_putc(t, ' ');
	if (s->tcp.flags & TCP_ACK)
		put_number(t, s->tcp.ack - r->base_ack, 10);
	else
		put_right(t, "", 10);
	txt_u64w(t, s->len, 5, ' ');
	txt_puts(t, "  ");
	for (int i = 0; i < 2 && r->seen.whole; i++) {
		enum tcp_state st = (enum tcp_state)r->seen.ends.state[i];

		put_left(t, names ? tcp_state_name(st) : tcp_state_brief(st),
			 names ? STATE_W : BRIEF_W);
	}
	if (r->seen.whole && has(width, WITH_WINDOWS)) {
		put_number(t, c->flight, 7);
		put_number(t, c->cwnd, 7);
		put_number(t, c->ssthresh, 6);
		txt_putc(t, ' ');
	}
	if (r->seen.whole && has(width, WITH_PHASE)) {
		put_left(t, phase_brief((enum tcp_phase)c->phase), 10);
		from = t->n;
		if (rtt != NS_NONE)
			txt_span(t, rtt);
		if (t->n - from < 10) { /* to the right */
			size_t n = t->n - from, room = 10 - n;

			txt_fill(t, ' ', room);
			memmove(t->s + from + room, t->s + from, n);
			memset(t->s + from, ' ', room);
		}
	}
	end_line(t);
}

/* What stands below the line, broken at blanks. */
static void put_note(struct txt *t, struct txt *note, unsigned width)
{
	const char *s = txt_str(note);
	size_t col = INDENT;

	txt_fill(t, ' ', INDENT);
	while (*s != '\0') {
		size_t n = strcspn(s, " ");

		if (width != 0 && col > INDENT + 2 && col + n > width) {
			end_line(t);
			txt_fill(t, ' ', col = INDENT + 2);
		}
		txt_putn(t, s, n);
		col += n + 1;
		s += n;
		for (; *s == ' '; s++)
			txt_putc(t, ' ');
	}
	end_line(t);
	txt_clear(note);
}

static void note_edges(struct txt *t, struct txt *n, const struct traced *r, unsigned width)
{
	const struct tcp_ends_out *o = &r->seen.ends;

	for (unsigned i = 0; i < o->nedges; i++) {
		const struct tcp_edge *e = &o->edge[i];

		txt_printf(n, "%c %s -> %s: %s", e->end == 0 ? 'A' : 'B',
			   tcp_state_name((enum tcp_state)e->from),
			   tcp_state_name((enum tcp_state)e->to),
			   tcp_why_name((enum tcp_why)e->why));
		if (e->packet != 0 && e->packet != r->noted.seg.number)
			txt_printf(n, " (packet %u)", e->packet);
		if (!e->sure)
			txt_puts(n, ", assumed");
		put_note(t, n, width);
	}
}

static void note_phases(struct txt *t, struct txt *n, const struct traced *r, unsigned width)
{
	for (int i = 0; i < 2; i++) {
		const struct tcp_cong_out *c = &r->seen.cong[i];

		/* Every connection begins so: the edges say it. */
		if (c->why == TCP_WHY_NONE || c->why == TCP_WHY_SYN ||
		    c->why == TCP_WHY_ESTABLISHED)
			continue;
		txt_printf(n, "%c %s -> %s: %s", i == 0 ? 'A' : 'B',
			   tcp_phase_name((enum tcp_phase)c->was),
			   tcp_phase_name((enum tcp_phase)c->phase),
			   tcp_phase_why_name((enum tcp_phase_why)c->why));
		if (c->cause != 0 && c->cause != r->noted.seg.number)
			txt_printf(n, " (packet %u)", c->cause);
		put_note(t, n, width);
	}
}

static void put_findings(struct txt *n, u16 found)
{
	for (bool first = true; found != 0; found &= (u16)(found - 1), first = false)
		txt_printf(n, "%s%s", first ? "" : ", ", tcp_finding_name(found));
}

static void note_verdict(struct txt *t, struct txt *n, const struct traced *r,
			 const struct tcp_verdict *v, unsigned width)
{
	const struct tcp_rule_info *rule = tcp_rule_info((enum tcp_rule)v->rule);

	if (v->kind != TCP_KIND_NONE) {
		txt_printf(n, "%s, %u %%: %s", tcp_kind_name((enum tcp_kind)v->kind), v->confidence,
			   rule->sentence);
		if (rule->clause[0] != '\0')
			txt_printf(n, " %s.", rule->clause);
		for (unsigned i = 0; i < v->nevidence; i++)
			txt_printf(n, "%s%u",
				   i > 0	       ? ", "
				   : v->nevidence == 1 ? " Packet "
						       : " Packets ",
				   v->evidence[i]);
		put_note(t, n, width);
	}
	if (r->seen.report.found != 0) {
		txt_puts(n, "Wireshark: ");
		put_findings(n, r->seen.report.found);
		put_note(t, n, width);
	}
}

static void note_faults(struct txt *t, struct txt *n, const struct traced *r, unsigned width)
{
	for (unsigned f = 0; f < TCP_FAULT_COUNT; f++) {
		const struct tcp_fault_info *i = tcp_fault_info((enum tcp_fault)f);

		if (!(r->seen.ends.faults & 1u << f))
			continue;
		txt_printf(n, "%s: %s", i->clause, i->sentence);
		put_note(t, n, width);
	}
}

void segments_text(struct txt *t, const struct traced *r, const struct tcp_verdict *v,
		   unsigned width)
{
	struct txt n;

	put_line(t, r, width);
	txt_init(&n);
	if (r->seen.copy_of != 0) {
		txt_printf(&n, "the same as packet %u, captured again", r->seen.copy_of);
		put_note(t, &n, width);
	}
	if (r->seen.whole && r->seen.copy_of == 0) {
		note_edges(t, &n, r, width);
		note_phases(t, &n, r, width);
		note_faults(t, &n, r, width);
	}
	note_verdict(t, &n, r, v, width);
	txt_fini(&n);
}

/* ---- JSON ---- */

static void json_time(struct txt *t, const char *name, ns_t v)
{
	txt_printf(t, ",\"%s\":", name);
	if (v == NS_NONE)
		txt_puts(t, "null");
	else
		txt_seconds(t, v, 9, 0);
}

static void json_number(struct txt *t, const char *name, u64 v)
{
	txt_printf(t, ",\"%s\":%llu", name, (unsigned long long)v);
}

static void json_bytes(struct txt *t, const char *name, u32 v)
{
	if (v == TCP_CONG_UNKNOWN)
		txt_printf(t, ",\"%s\":null", name);
	else
		json_number(t, name, v);
}

static void json_text(struct txt *t, const char *name, const char *s)
{
	txt_printf(t, ",\"%s\":\"", name);
	txt_json(t, s, strlen(s));
	txt_putc(t, '"');
}

static void json_edges(struct txt *t, const struct tcp_ends_out *o)
{
	txt_puts(t, ",\"edges\":[");
	for (unsigned i = 0; i < o->nedges; i++) {
		const struct tcp_edge *e = &o->edge[i];

		txt_printf(t, "%s{\"end\":\"%c\"", i > 0 ? "," : "", e->end == 0 ? 'a' : 'b');
		json_text(t, "from", tcp_state_name((enum tcp_state)e->from));
		json_text(t, "to", tcp_state_name((enum tcp_state)e->to));
		json_text(t, "why", tcp_why_name((enum tcp_why)e->why));
		json_number(t, "packet", e->packet);
		txt_printf(t, ",\"sure\":%s}", e->sure ? "true" : "false");
	}
	txt_puts(t, "],\"faults\":[");
	for (unsigned f = 0, n = 0; f < TCP_FAULT_COUNT; f++) {
		const struct tcp_fault_info *i = tcp_fault_info((enum tcp_fault)f);

		if (!(o->faults & 1u << f))
			continue;
		txt_printf(t, "%s{\"name\":\"%s\"", n++ > 0 ? "," : "", i->name);
		json_text(t, "clause", i->clause);
		json_text(t, "sentence", i->sentence);
		txt_putc(t, '}');
	}
	txt_putc(t, ']');
}

/* An end: its state, and what it is doing as a sender. */
static void json_end(struct txt *t, const struct traced *r, int side)
{
	const struct tcp_cong_out *c = &r->seen.cong[side];

	txt_printf(t, ",\"%c\":{\"state\":\"%s\",\"sure\":%s", side == 0 ? 'a' : 'b',
		   tcp_state_name((enum tcp_state)r->seen.ends.state[side]),
		   r->seen.ends.sure[side] ? "true" : "false");
	json_text(t, "phase", tcp_phase_name((enum tcp_phase)c->phase));
	if (c->why != TCP_WHY_NONE) {
		json_text(t, "phase_was", tcp_phase_name((enum tcp_phase)c->was));
		json_text(t, "phase_why", tcp_phase_why_name((enum tcp_phase_why)c->why));
		json_number(t, "phase_cause", c->cause);
	}
	json_text(t, "limit", tcp_limit_name((enum tcp_limit)c->limit));
	json_bytes(t, "in_flight", c->flight);
	json_bytes(t, "cwnd", c->cwnd);
	json_bytes(t, "ssthresh", c->ssthresh);
	json_bytes(t, "rwnd", c->rwnd);
	json_time(t, "rtt", c->rtt);
	json_time(t, "srtt", c->srtt);
	json_time(t, "rttvar", c->rttvar);
	json_time(t, "rto", c->rto);
	json_time(t, "rto_linux", c->rto_linux);
	txt_putc(t, '}');
}

static void json_verdict(struct txt *t, const struct tcp_verdict *v)
{
	const struct tcp_rule_info *rule = tcp_rule_info((enum tcp_rule)v->rule);

	if (v->kind == TCP_KIND_NONE) {
		txt_puts(t, ",\"verdict\":null");
		return;
	}
	txt_printf(t, ",\"verdict\":{\"kind\":\"%s\"", tcp_kind_key((enum tcp_kind)v->kind));
	json_text(t, "rule", rule->name);
	json_text(t, "clause", rule->clause);
	json_text(t, "sentence", rule->sentence);
	json_number(t, "confidence", v->confidence);
	json_text(t, "fate", tcp_fate_name((enum tcp_fate)v->fate));
	json_text(t, "original_fate", tcp_fate_name((enum tcp_fate)v->was));
	json_number(t, "original", v->original);
	txt_puts(t, ",\"evidence\":[");
	for (unsigned i = 0; i < v->nevidence; i++)
		txt_printf(t, "%s%u", i > 0 ? "," : "", v->evidence[i]);
	txt_puts(t, "]}");
}

void segments_json(struct txt *t, const struct traced *r, const struct tcp_verdict *v)
{
	const struct segment *s = &r->noted.seg;

	txt_printf(t, "{\"packet\":%u,\"stream\":%u", s->number, r->stream);
	json_time(t, "time", tcp_rtt_span(r->begin, s->ts));
	json_time(t, "time_epoch", s->ts);
	txt_printf(t, ",\"from\":\"%c\",\"lost\":%s", s->side == 0 ? 'a' : 'b',
		   s->lost ? "true" : "false");
	txt_puts(t, ",\"flags\":\"");
	put_flags(t, s->tcp.flags);
	txt_putc(t, '"');
	json_number(t, "seq", (u32)(s->tcp.seq - r->base_seq));
	if (s->tcp.flags & TCP_ACK)
		json_number(t, "ack", (u32)(s->tcp.ack - r->base_ack));
	else
		txt_puts(t, ",\"ack\":null");
	json_number(t, "seq_raw", s->tcp.seq);
	json_number(t, "ack_raw", s->tcp.ack);
	json_number(t, "len", s->len);
	json_number(t, "window_raw", s->tcp.win);
	if (r->seen.whole) {
		json_edges(t, &r->seen.ends);
		json_end(t, r, 0);
		json_end(t, r, 1);
		json_number(t, "copy_of", r->seen.copy_of);
		txt_printf(t, ",\"retransmission\":%s",
			   r->seen.cong[s->side].again ? "true" : "false");
	}
	json_verdict(t, v);
	txt_puts(t, ",\"wireshark\":[");
	for (u16 f = r->seen.report.found, n = 0; f != 0; f &= (u16)(f - 1))
		txt_printf(t, "%s\"%s\"", n++ > 0 ? "," : "", tcp_finding_name(f));
	txt_puts(t, "]}\n");
}
