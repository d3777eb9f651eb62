/* Why a packet of a TCP connection is what it is. */
#include "cmd/why.h"

#include "base/num.h"

#include <inttypes.h>
#include <string.h>

enum { LABEL_W = 13 };

/* The text under way. */
struct why {
	struct txt *t;
	const struct world *w;
	struct why_links *links;
	struct txt line; /* of the paragraph that is being made */
	const struct conv *conv;
	u32 number; /* of the packet, from 1 */
};

/* "  label      text", broken at blanks, what is broken off below the text. */
static void para(struct why *y, const char *label)
{
	const char *s = txt_str(&y->line), *end = s + y->line.n;
	size_t from = y->t->n;

	for (const char *b = label; *b != '\0'; b++)
		from += (*b & 0xc0) == 0x80; /* columns, not bytes */
	txt_puts(y->t, "  ");
	txt_puts(y->t, label);
	while (s < end) {
		size_t room = WHY_WIDTH - LABEL_W, n = (size_t)(end - s);

		txt_pad(y->t, from, LABEL_W);
		if (n > room) {
			for (n = room; n > 0 && s[n] != ' ';)
				n--;
			if (n == 0)
				n = room;
		}
		txt_putn(y->t, s, n);
		txt_putc(y->t, '\n');
		for (s += n; s < end && *s == ' ';)
			s++;
		from = y->t->n;
	}
	txt_clear(&y->line);
}

/* "#33" with a number to press, "this packet" for this one. */
static void put_packet(struct why *y, u32 packet)
{
	int i;

	if (packet == y->number) {
		txt_puts(&y->line, "this packet");
		return;
	}
	for (i = 0; i < y->links->n && y->links->packet[i] != packet - 1u; i++)
		;
	if (i == y->links->n && i < WHY_LINKS)
		y->links->packet[y->links->n++] = packet - 1u;
	if (i < WHY_LINKS)
		txt_printf(&y->line, "[%d] ", i + 1);
	txt_printf(&y->line, "#%u", packet);
}

/* ---- what it is ---- */

static void put_wireshark(struct why *y, const struct tcp_report *r)
{
	static const char *const name[] = {
		"retransmission",
		"fast retransmission",
		"spurious retransmission",
		"out of order",
		"previous segment not captured",
		"ACKed segment that was not captured",
		"duplicate ACK",
		"keep-alive",
		"keep-alive ACK",
		"zero window",
		"zero window probe",
		"zero window probe ACK",
		"window update",
		"window full",
		"port numbers reused",
	};
	const char *sep = "";

	for (unsigned i = 0; i < ARRAY_LEN(name); i++)
		if (r->found >> i & 1) {
			txt_printf(&y->line, "%s%s", sep, name[i]);
			sep = ", ";
			if (1u << i != TCP_FOUND_DUPLICATE_ACK)
				continue;
			txt_printf(&y->line, " %u of ", r->dup_ack_num);
			put_packet(y, r->dup_ack_frame);
		}
	if (r->found == 0)
		txt_puts(&y->line, "nothing");
	para(y, "Wireshark");
}

static void put_verdict(struct why *y, const struct tcp_verdict *v)
{
	const struct tcp_rule_info *rule = tcp_rule_info((enum tcp_rule)v->rule);

	if (v->kind == TCP_KIND_NONE) {
		txt_puts(&y->line, "an ordinary segment");
		para(y, "verdict");
		return;
	}
	txt_printf(&y->line, "%s, %u %% sure", tcp_kind_name((enum tcp_kind)v->kind),
		   v->confidence);
	para(y, "verdict");
	txt_puts(&y->line, rule->sentence);
	if (rule->clause[0] != '\0')
		txt_printf(&y->line, " %s", rule->clause);
	para(y, "rule");
	if (v->original != 0) {
		txt_puts(&y->line, "what it carries was sent before in ");
		put_packet(y, v->original);
		if (v->was != TCP_FATE_UNKNOWN)
			txt_printf(&y->line, ", which %s%s",
				   v->was == TCP_FATE_ARRIVED ? "" : "was ",
				   tcp_fate_name((enum tcp_fate)v->was));
		para(y, "original");
	}
	if (v->fate != TCP_FATE_UNKNOWN) {
		txt_puts(&y->line, tcp_fate_name((enum tcp_fate)v->fate));
		para(y, "its fate");
	}
	for (unsigned i = 0; i < v->nevidence; i++) {
		txt_puts(&y->line, i > 0 ? ", " : "");
		put_packet(y, v->evidence[i]);
	}
	if (v->nevidence > 0)
		para(y, "evidence");
}

static void put_faults(struct why *y, u32 faults)
{
	for (unsigned f = 0; f < TCP_FAULT_COUNT; f++)
		if (faults >> f & 1) {
			const struct tcp_fault_info *i = tcp_fault_info((enum tcp_fault)f);

			txt_printf(&y->line, "%s %s", i->sentence, i->clause);
			para(y, "not allowed");
		}
}

/* ---- states ---- */

static void put_edge(struct why *y, const struct tcp_edge *e)
{
	txt_printf(&y->line, "%s → %s: %s", tcp_state_name((enum tcp_state)e->from),
		   tcp_state_name((enum tcp_state)e->to), tcp_why_name((enum tcp_why)e->why));
	if (e->packet != 0 && e->packet != y->number) {
		txt_puts(&y->line, ", ");
		put_packet(y, e->packet);
	}
	txt_puts(&y->line, e->sure ? "" : ", if it arrived");
}

static void put_states(struct why *y, const struct tcp_seen *s, const struct tcp_conn *c)
{
	struct tcp_edge last;

	for (int side = 0; side < 2; side++) {
		bool moved = false;

		conv_end(&y->line, y->conv, side);
		para(y, side == 0 ? "◀ left" : "▶ right");
		for (unsigned i = 0; i < s->ends.nedges; i++)
			if (s->ends.edge[i].end == side) {
				put_edge(y, &s->ends.edge[i]);
				para(y, "");
				moved = true;
			}
		if (moved)
			continue;
		txt_printf(&y->line, "stays %s",
			   tcp_state_name((enum tcp_state)s->ends.state[side]));
		if (c != NULL && c->whole != NULL) {
			tcp_ends_edge(&c->whole->ends, side, &last);
			if (last.packet != 0) {
				txt_puts(&y->line, " since ");
				put_packet(y, last.packet);
				txt_printf(&y->line, ": %s", tcp_why_name((enum tcp_why)last.why));
			}
		}
		para(y, "");
	}
}

/* ---- congestion ---- */

static void put_bytes(struct why *y, const char *name, u32 v)
{
	txt_puts(&y->line, name);
	if (v == TCP_CONG_UNKNOWN)
		txt_puts(&y->line, " ?");
	else
		txt_printf(&y->line, " %u", v);
}

static void put_span(struct why *y, const char *name, ns_t v)
{
	if (v == NS_NONE || v < 0)
		return;
	txt_puts(&y->line, name);
	txt_span(&y->line, v);
}

static void put_sender(struct why *y, const struct tcp_cong_out *c, int side)
{
	static const char *const limit[TCP_LIMIT_COUNT] = {
		[TCP_LIMIT_UNKNOWN] = "",
		[TCP_LIMIT_APP] = "; its application has no more to send",
		[TCP_LIMIT_RWND] = "; the receiver's window is full",
		[TCP_LIMIT_CWND] = "; cwnd is full",
	};

	if (c->phase == TCP_PHASE_NONE)
		return;
	if (c->why != TCP_WHY_NONE) {
		txt_printf(&y->line, "%s → %s: %s", tcp_phase_name((enum tcp_phase)c->was),
			   tcp_phase_name((enum tcp_phase)c->phase),
			   tcp_phase_why_name((enum tcp_phase_why)c->why));
		if (c->cause != 0) {
			txt_puts(&y->line, ", ");
			put_packet(y, c->cause);
		}
	} else {
		txt_puts(&y->line, tcp_phase_name((enum tcp_phase)c->phase));
	}
	txt_puts(&y->line, limit[c->limit]);
	para(y, side == 0 ? "◀ sends" : "▶ sends");
	put_bytes(y, "in flight", c->flight);
	put_bytes(y, ", cwnd", c->cwnd);
	put_bytes(y, ", ssthresh", c->ssthresh);
	put_bytes(y, ", rwnd", c->rwnd);
	para(y, "");
	if (c->srtt == NS_NONE)
		return;
	put_span(y, "SRTT ", c->srtt);
	put_span(y, ", RTTVAR ", c->rttvar);
	para(y, "");
	put_span(y, "RTO ", c->rto);
	put_span(y, ", as Linux has it ", c->rto_linux);
	para(y, "");
}

static void put_answer(struct why *y, const struct tcp_report *r)
{
	if (r->acks_frame == 0)
		return;
	put_packet(y, r->acks_frame);
	if (r->ack_rtt > 0) {
		txt_puts(&y->line, " after ");
		txt_span(&y->line, r->ack_rtt);
	}
	para(y, "ACK of");
}

static void put_connection(struct why *y, const struct tcp_seen *s, const struct tcp_conn *c,
			   const struct tcp_verdict *v)
{
	if (s->whole && s->copy_of != 0) {
		put_packet(y, s->copy_of);
		txt_puts(&y->line, ", and so does nothing to either end");
		para(y, "a copy of");
	}
	if (v != NULL)
		put_verdict(y, v);
	put_wireshark(y, &s->report);
	put_answer(y, &s->report);
	if (!s->whole)
		return;
	put_faults(y, s->ends.faults);
	put_states(y, s, c);
	for (int side = 0; side < 2; side++)
		put_sender(y, &s->cong[side], side);
	if (c == NULL || c->whole == NULL || c->whole->point.where == TCP_WHERE_UNKNOWN)
		return;
	txt_puts(&y->line, tcp_where_name((enum tcp_where)c->whole->point.where));
	para(y, "captured");
}

void why_put(struct txt *t, const struct world *w, u64 n, struct why_links *links)
{
	struct why y = { .t = t, .w = w, .links = links, .number = (u32)n + 1 };
	const struct pkt *k = world_line(w, n);
	const struct tcp_seen *found = world_seen(w, n);
	struct tcp_seen seen;
	struct tcp_verdict v;
	bool judged;
	struct conv conv;

	*links = (struct why_links) { 0 };
	txt_init(&y.line);
	txt_printf(t, "#%" PRIu64 " ", n + 1);
	show_info(t, k);
	txt_puts(t, k->frame->lost ? ", which the wire dropped\n" : "\n");
	if (found == NULL || !flow_get(w->flow, tape_conv(w->tape, n), &conv)) {
		txt_puts(&y.line, n >= w->passed ? "not worked out yet"
						 : "this packet belongs to no TCP connection");
		para(&y, "nothing");
		txt_fini(&y.line);
		return;
	}
	seen = *found; /* the next questions may take it away */
	y.conv = &conv;
	judged = world_verdict(w, n, &v);
	put_connection(&y, &seen, world_conn(w, n), judged ? &v : NULL);
	txt_fini(&y.line);
}
