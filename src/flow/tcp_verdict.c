/* The verdict on a segment: what it is, in the order in which one thing counts before another. */
#include "flow/tcp_look.h"

#include <string.h>

void tcp_note(struct tcp_noted *to, const struct segment *s, const struct tcp_seen *seen)
{
	const struct tcp_cong_out *c = &seen->cong[s->side & 1];

	*to = (struct tcp_noted) {
		.seg = *s,
		.found = seen->report.found,
		.initial_rtt = seen->report.initial_rtt,
		.rto = NS_NONE,
	};
	to->seg.side &= 1;
	if (!seen->whole)
		return;
	to->copy_of = seen->copy_of;
	to->faults = seen->copy_of == 0 ? seen->ends.faults : 0;
	to->again = c->again;
	to->probe = c->probe;
	to->phase = c->phase;
	to->why = c->why;
	to->peer_phase = seen->cong[!(s->side & 1)].phase;
	to->rto = c->srtt != NS_NONE ? c->rto_linux : NS_NONE;
}

/* The last segment of side x before this one; NULL none. */
static const struct segment *last_of(const struct look *l, unsigned x)
{
	for (size_t j = l->i; j-- > l->lo;)
		if (l->v[j].seg.side == x && l->v[j].copy_of == 0)
			return &l->v[j].seg;
	return NULL;
}

static bool found(const struct look *l, unsigned finding)
{
	return (l->at->found & finding) != 0;
}

static bool plain(const struct segment *s)
{
	return !(s->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST));
}

/* ---- probes of the window and of life ---- */

/* What asks for an answer and brings nothing new: in front of what its sender has sent, or one byte
 * into a closed window. */
static bool probes(struct look *l, const struct past *p)
{
	bool before = p->sent && look_keep_alive(l->s, p->top);
	bool into = p->closed && l->s->len == 1 && p->sent && l->seq == p->top;

	if (!plain(l->s) || l->s->tcp.no_len || (!before && !into))
		return false;
	if (p->closed) {
		look_say(l, TCP_KIND_PROBE, TCP_RULE_PROBE, 95);
		look_evidence(l, p->told_packet);
		return true;
	}
	/* One byte that is not acknowledged is no keep-alive but sent again. */
	if (l->s->len == 1 && (!p->told || seq_lt(p->told_ack, p->top)))
		return false;
	look_say(l, TCP_KIND_KEEP_ALIVE, TCP_RULE_KEEP_ALIVE,
		 p->told && p->told_ack == p->top ? 98 : 75);
	look_evidence(l, p->told_packet);
	return true;
}

/* Does it answer such a segment? */
static bool answers_probe(struct look *l)
{
	const struct segment *q = last_of(l, !l->x), *mine = last_of(l, l->x);
	struct tcp_verdict of;
	struct look m;
	struct past past;

	if (l->s->len > 0 || !plain(l->s) || q == NULL || mine == NULL ||
	    mine->number > q->number || q->len > 1 || mine->tcp.ack != l->s->tcp.ack ||
	    !seq_le(l->s->tcp.ack, q->tcp.seq + 1))
		return false;
	look_init(&m, l->v, l->hi, l->i, l->p, &of);
	while (&m.v[m.i].seg != q)
		m.i--;
	look_init(&m, l->v, l->hi, m.i, l->p, &of);
	look_past(&m, &past);
	if (!probes(&m, &past))
		return false;
	if (of.kind == TCP_KIND_PROBE && l->s->tcp.win == 0)
		look_say(l, TCP_KIND_PROBE_ACK, TCP_RULE_PROBE_ACK, 95);
	else if (of.kind == TCP_KIND_KEEP_ALIVE && l->s->tcp.win != 0)
		look_say(l, TCP_KIND_KEEP_ALIVE_ACK, TCP_RULE_KEEP_ALIVE_ACK, 97);
	else
		return false;
	look_evidence(l, q->number);
	return true;
}

/* ---- what is missing ---- */

/* Nobody fills left..right; is it acknowledged? */
static void gap_open(struct look *l, u32 right)
{
	for (size_t j = l->lo; j < l->hi; j++) {
		const struct segment *s = &l->v[j].seg;

		if (!acked_by(&l->v[j], !l->x) || seq_lt(s->tcp.ack, right))
			continue;
		look_say(l, TCP_KIND_BEHIND_MISSED, TCP_RULE_BEHIND_MISSED, 96);
		look_evidence(l, s->number);
		return;
	}
	look_say(l, TCP_KIND_BEHIND_GAP, TCP_RULE_BEHIND_GAP, 60);
}

/* What fills the hole, segment k, is judged: what does that say of the hole? */
static void gap_filled(struct look *l, size_t k)
{
	struct tcp_verdict by;
	struct past past;
	struct look m;

	look_init(&m, l->v, l->hi, k, l->p, &by);
	look_past(&m, &past);
	look_behind(&m, &past);
	if (by.kind == TCP_KIND_REORDERED)
		look_say(l, TCP_KIND_BEHIND_REORDERED, TCP_RULE_BEHIND_REORDERED, by.confidence);
	else if (by.kind == TCP_KIND_SPURIOUS)
		look_say(l, TCP_KIND_BEHIND_MISSED, TCP_RULE_BEHIND_MISSED, by.confidence);
	else
		look_say(l, TCP_KIND_BEHIND_LOSS, TCP_RULE_BEHIND_LOSS, by.confidence);
	look_evidence(l, m.s->number);
	for (unsigned i = 0; i < by.nevidence; i++)
		if (by.evidence[i] != l->s->number)
			look_evidence(l, by.evidence[i]);
}

/* It begins beyond all that its sender had sent: what became of left..seq? */
static void gap(struct look *l, u32 left)
{
	for (size_t j = l->i + 1; j < l->hi; j++)
		if (sent_by(&l->v[j], l->x) && overlaps(&l->v[j].seg, left, l->seq)) {
			gap_filled(l, j);
			return;
		}
	gap_open(l, l->seq);
}

/* ---- acknowledgments ---- */

/* It acknowledges from..: was that captured later? */
static void unseen(struct look *l, u32 from)
{
	for (size_t j = l->i + 1; j < l->hi; j++) {
		const struct segment *s = &l->v[j].seg;
		ns_t later = passed(l->s->ts, s->ts);

		if (!sent_by(&l->v[j], !l->x) || !overlaps(s, from, l->s->tcp.ack))
			continue;
		/* Later, but not so late that it was sent again. */
		if (later != NS_NONE && later >= 0 && (l->rtt == NS_NONE || later < l->rtt / 2)) {
			look_say(l, TCP_KIND_ACK_UNSEEN, TCP_RULE_ACK_EARLY, 85);
			look_evidence(l, s->number);
			return;
		}
		break;
	}
	look_say(l, TCP_KIND_ACK_UNSEEN, TCP_RULE_ACK_MISSED, 95);
}

static bool acks_unseen(struct look *l)
{
	u32 ack = l->s->tcp.ack, top = 0, mine = 0, from;
	bool sent = false, said = false;

	if (!found(l, TCP_FOUND_ACK_LOST_SEGMENT) && !(l->at->faults & 1u << TCP_FAULT_ACK_AHEAD))
		return false;
	for (size_t j = l->lo; j < l->i; j++) {
		const struct segment *s = &l->v[j].seg;

		if (sent_by(&l->v[j], !l->x) && (!sent || seq_gt(segment_end(s), top))) {
			top = segment_end(s);
			sent = true;
		}
		if (acked_by(&l->v[j], l->x) && (!said || seq_gt(s->tcp.ack, mine))) {
			mine = s->tcp.ack;
			said = true;
		}
	}
	if (!sent || (said && seq_le(ack, mine)))
		return false;
	if (look_covered(l, !l->x, said ? mine : top, ack, &from))
		return false;
	unseen(l, from);
	return true;
}

static void dsack(struct look *l)
{
	u32 left = l->s->tcp.sack[0].left, right = l->s->tcp.sack[0].right;
	unsigned n = 0;

	look_say(l, TCP_KIND_DSACK, TCP_RULE_DSACK_ACK, 98);
	for (size_t j = l->i; j-- > l->lo && n < 3;) {
		if (l->v[j].seg.side == l->x || !carries(&l->v[j].seg) ||
		    !overlaps(&l->v[j].seg, left, right))
			continue;
		look_evidence(l, l->v[j].seg.number);
		n++;
	}
}

/* It repeats the last ACK, `prev`. */
static void duplicate(struct look *l, const struct segment *prev)
{
	bool sack = l->s->tcp.nsack > 0, out = false;

	for (size_t j = l->i; j-- > l->lo && !out;)
		out = sent_by(&l->v[j], !l->x) && seq_gt(segment_end(&l->v[j].seg), l->s->tcp.ack);
	look_say(l, TCP_KIND_DUPLICATE_ACK, sack ? TCP_RULE_DUPLICATE_SACK : TCP_RULE_DUPLICATE_ACK,
		 sack  ? 98
		 : out ? 93
		       : 60);
	look_evidence(l, l->at->found & TCP_FOUND_DUPLICATE_ACK ? prev->number : 0);
}

/* Some of what was out when the other side began to send again, and not all? */
static bool is_partial(const struct look *l)
{
	struct past past;
	struct look m = *l;

	if (l->at->peer_phase != TCP_PHASE_RECOVERY)
		return false;
	m.x = !l->x;
	m.there = l->away;
	look_past(&m, &past);
	return past.again && !past.by_timer && past.told && seq_gt(l->s->tcp.ack, past.told_ack) &&
	       seq_lt(l->s->tcp.ack, past.recover);
}

static bool acknowledges(struct look *l)
{
	const struct segment *prev;
	u32 ack = l->s->tcp.ack;

	if (!(l->s->tcp.flags & TCP_ACK) || (l->s->tcp.flags & (TCP_SYN | TCP_RST)))
		return false;
	if (acks_unseen(l))
		return true;
	prev = last_of(l, l->x);
	if (look_dsack(l->s)) {
		dsack(l);
		return true;
	}
	if (prev == NULL || !(prev->tcp.flags & TCP_ACK))
		return false;
	if (l->s->len == 0 && plain(l->s) && seq_lt(ack, prev->tcp.ack)) {
		look_say(l, TCP_KIND_OLD_ACK, TCP_RULE_OLD_ACK, 95);
		look_evidence(l, prev->number);
		return true;
	}
	if (found(l, TCP_FOUND_DUPLICATE_ACK) ||
	    (l->s->tcp.nsack > 0 && l->s->len == 0 && ack == prev->tcp.ack)) {
		duplicate(l, prev);
		return true;
	}
	if (seq_gt(ack, prev->tcp.ack) && is_partial(l)) {
		look_say(l, TCP_KIND_PARTIAL_ACK, TCP_RULE_PARTIAL_ACK, 90);
		return true;
	}
	return false;
}

static void windows(struct look *l)
{
	const struct segment *prev = last_of(l, l->x);

	if (found(l, TCP_FOUND_ZERO_WINDOW))
		look_say(l, TCP_KIND_ZERO_WINDOW, TCP_RULE_ZERO_WINDOW, 99);
	else if (found(l, TCP_FOUND_WINDOW_UPDATE)) {
		look_say(l, TCP_KIND_WINDOW_UPDATE, TCP_RULE_WINDOW_UPDATE, 95);
		look_evidence(l, prev != NULL ? prev->number : 0);
	} else if (found(l, TCP_FOUND_WINDOW_FULL)) {
		prev = last_of(l, !l->x);
		look_say(l, TCP_KIND_WINDOW_FULL, TCP_RULE_WINDOW_FULL, 95);
		look_evidence(l, prev != NULL ? prev->number : 0);
	}
}

/* ---- all of it ---- */

/* Against the standard? What follows from a capture with holes does not count. */
static bool fault(struct look *l)
{
	u32 f = l->at->faults & ~(1u << TCP_FAULT_ACK_AHEAD);

	if (acks_unseen(l))
		return true;
	f |= l->at->faults & 1u << TCP_FAULT_ACK_AHEAD;
	if (f == 0)
		return false;
	l->out->fault = (u8)__builtin_ctz(f);
	look_say(l, TCP_KIND_FAULT, TCP_RULE_FAULT, 90);
	return true;
}

/* What it is by its place in the order of numbers: sent again, overtaken... True where that settles
 * it. */
static bool by_number(struct look *l)
{
	struct past past;

	if (l->s->tcp.no_len || (l->s->tcp.flags & TCP_RST))
		return false;
	look_past(l, &past);
	if (past.sent && probes(l, &past))
		return true;
	if (!carries(l->s) || !past.sent || !seq_lt(l->seq, past.top))
		return false;
	look_behind(l, &past);
	return true;
}

static void by_gap(struct look *l)
{
	struct past past;

	if (!found(l, TCP_FOUND_LOST_SEGMENT) || (l->s->tcp.flags & TCP_RST))
		return;
	look_past(l, &past);
	if (past.sent && seq_gt(l->seq, past.top))
		gap(l, past.top);
}

static void judge(struct look *l)
{
	u16 f = l->s->tcp.flags;

	if (l->at->copy_of != 0) {
		look_copy(l);
		return;
	}
	if (found(l, TCP_FOUND_REUSED_PORTS) && (f & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		look_say(l, TCP_KIND_PORTS_REUSED, TCP_RULE_PORTS_REUSED, 99);
		return;
	}
	if ((l->at->found || l->at->again) && by_number(l))
		return;
	if (l->at->found && answers_probe(l))
		return;
	if (l->at->faults != 0 && fault(l))
		return;
	if (f & TCP_RST) {
		look_say(l, TCP_KIND_RESET, TCP_RULE_RESET, 100);
		return;
	}
	if (carries(l->s))
		look_fate(l);
	if (l->out->kind == TCP_KIND_NONE)
		by_gap(l);
	if (l->out->kind == TCP_KIND_NONE && !acknowledges(l))
		windows(l);
}

void tcp_verdict(const struct tcp_noted *v, size_t n, size_t i, const struct tcp_point *p,
		 struct tcp_verdict *out)
{
	struct look l;

	look_init(&l, v, n, i, p, out);
	judge(&l);
	if (carries(l.s) && out->fate == TCP_FATE_UNKNOWN && l.at->copy_of == 0)
		look_fate(&l);
	if (out->kind != TCP_KIND_NONE && l.s->lost)
		out->fate = TCP_FATE_LOST_BEHIND;
}
