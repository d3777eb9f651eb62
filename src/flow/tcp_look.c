/* Looking around a segment: what its sender knew, and what was sent before. */
#include "flow/tcp_look.h"

#include <string.h>

bool look_dsack(const struct segment *s)
{
	const struct tcp_facts *t = &s->tcp;

	if (t->nsack == 0 || !(t->flags & TCP_ACK) || seq_ge(t->sack[0].left, t->sack[0].right))
		return false;
	if (seq_le(t->sack[0].right, t->ack))
		return true;
	return t->nsack > 1 && seq_ge(t->sack[0].left, t->sack[1].left) &&
	       seq_le(t->sack[0].right, t->sack[1].right);
}

bool look_keep_alive(const struct segment *s, u32 top)
{
	return !s->tcp.no_len && s->len <= 1 && s->tcp.seq == top - 1 &&
	       !(s->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST));
}

static ns_t part(const struct tcp_point *p, unsigned side)
{
	ns_t lag = p != NULL ? tcp_point_lag(p, (int)side) : NS_NONE;

	return lag == NS_NONE ? 0 : lag;
}

void look_init(struct look *l, const struct tcp_noted *v, size_t n, size_t i,
	       const struct tcp_point *p, struct tcp_verdict *out)
{
	l->v = v;
	l->i = i;
	l->lo = i > TCP_VERDICT_PAST ? i - TCP_VERDICT_PAST : 0;
	l->hi = MIN(n, i + 1 + TCP_VERDICT_AHEAD);
	l->at = &v[i];
	l->s = &v[i].seg;
	l->p = p;
	l->seq = l->s->tcp.seq;
	l->end = segment_end(l->s);
	l->x = l->s->side & 1;
	l->there = part(p, l->x);
	l->away = part(p, !l->x);
	l->out = out;
	l->rtt = NS_NONE;
	if (l->at->initial_rtt > 0)
		l->rtt = l->at->initial_rtt;
	if (p != NULL && p->part[0] != NS_NONE && p->part[1] != NS_NONE &&
	    __builtin_add_overflow(l->there, l->away, &l->rtt))
		l->rtt = NS_NONE;
	/* Beside the sender what the handshake took was the host's time, not the path's. */
	if (l->rtt != NS_NONE && l->there < l->rtt / 16)
		l->there = 0;
	memset(out, 0, sizeof *out);
	out->wireshark = l->at->found;
}

void look_say(struct look *l, enum tcp_kind k, enum tcp_rule r, unsigned confidence)
{
	l->out->kind = (u8)k;
	l->out->rule = (u8)r;
	l->out->confidence = (u8)MIN(confidence, 100);
}

void look_evidence(struct look *l, u32 packet)
{
	struct tcp_verdict *o = l->out;

	for (unsigned i = 0; i < o->nevidence; i++)
		if (o->evidence[i] == packet)
			return;
	if (packet != 0 && o->nevidence < TCP_EVIDENCE)
		o->evidence[o->nevidence++] = packet;
}

bool look_covered(const struct look *l, unsigned x, u32 left, u32 right, u32 *from)
{
	for (bool on = true; on && seq_lt(left, right);) {
		on = false;
		for (size_t j = l->i; j-- > l->lo;) {
			const struct segment *s = &l->v[j].seg;

			if (!sent_by(&l->v[j], x) || seq_gt(s->tcp.seq, left) ||
			    seq_le(segment_end(s), left))
				continue;
			left = segment_end(s);
			on = true;
		}
	}
	*from = left;
	return seq_ge(left, right);
}

/* ---- what its sender knew ---- */

static void hear_blocks(struct past *p, const struct segment *s)
{
	const struct tcp_facts *t = &s->tcp;

	if (t->nsack == 0)
		return;
	p->sacked = 0;
	p->sack_top = t->ack;
	for (unsigned i = look_dsack(s); i < t->nsack; i++) {
		if (seq_le(t->sack[i].left, t->ack) || seq_ge(t->sack[i].left, t->sack[i].right))
			continue;
		p->sacked += t->sack[i].right - t->sack[i].left;
		if (seq_gt(t->sack[i].right, p->sack_top))
			p->sack_top = t->sack[i].right;
	}
	p->sack_packet = p->sacked > 0 ? s->number : 0;
	p->news = s->ts;
}

/* An acknowledgment reaches the sender. */
static void hear(struct past *p, const struct segment *s)
{
	u32 ack = s->tcp.ack;

	if (!p->heard || seq_gt(ack, p->una)) {
		p->heard = true;
		p->una = ack;
		p->una_ts = s->ts;
		p->dups = 0;
		p->sacked = p->sack_packet = 0;
		if (p->again && seq_ge(ack, p->recover))
			p->again = false;
	} else if (ack == p->una && s->len == 0 && p->sent && seq_gt(p->top, ack) &&
		   !(s->tcp.flags & (TCP_SYN | TCP_FIN)) && !(look_dsack(s) && s->tcp.nsack == 1)) {
		p->dup[p->dups++ % 3] = s->number;
		p->news = s->ts;
	}
	if (ack == p->una)
		hear_blocks(p, s);
}

/* How long it had nothing to do with the network when s was sent. */
static ns_t quiet(const struct look *l, const struct past *p, const struct segment *s)
{
	ns_t a = passed(p->last_sent, s->ts), b = NS_NONE;

	if (p->heard)
		b = passed(p->una_ts, s->ts);
	if (b != NS_NONE)
		b = b > l->there ? b - l->there : 0;
	return a == NS_NONE ? b : b == NS_NONE ? a : MIN(a, b);
}

bool look_timer(const struct look *l, const struct past *p, const struct segment *s)
{
	ns_t q = quiet(l, p, s), rto = p->rto, news = passed(p->news, s->ts);

	if (q == NS_NONE)
		return false;
	/* RACK waits a quarter of a round trip (RFC 8985 6.2), no sender longer. */
	if ((p->dups > 0 || p->sacked > 0) && news != NS_NONE &&
	    news - l->there < MAX(l->rtt == NS_NONE ? 0 : l->rtt / 3, 10 * NS_PER_MS))
		return false;
	if (rto != NS_NONE && q >= rto / 20 * 17)
		return true;
	return q >= 190 * NS_PER_MS && (l->rtt == NS_NONE || q >= 2 * l->rtt);
}

/* The sender sends something. */
static void send(const struct look *l, struct past *p, const struct tcp_noted *n)
{
	const struct segment *s = &n->seg;
	u32 end = segment_end(s);

	if (p->sent && seq_lt(s->tcp.seq, p->top) && !look_keep_alive(s, p->top)) {
		bool timer = look_timer(l, p, s);

		if (!p->again && !timer && p->dups == 0 && p->sacked == 0) {
			/* Overtaken, doubled, or a probe: no recovery begins. */
			p->last_sent = s->ts;
			p->rto = n->rto;
			return;
		}
		if (!p->again) {
			p->recover = p->top;
			p->first_again = s->number;
			p->first_tsval = s->tcp.tsval;
			p->by_timer = timer;
		}
		p->by_timer |= timer;
		p->again = true;
	}
	if (!p->sent || seq_gt(end, p->top))
		p->top = end;
	p->sent = true;
	p->last_sent = s->ts;
	p->rto = n->rto;
	p->mss = MAX(p->mss, s->len);
}

void look_past(const struct look *l, struct past *p)
{
	size_t h = l->lo;

	*p = (struct past) {
		.last_sent = NS_NONE, .una_ts = NS_NONE, .rto = NS_NONE, .news = NS_NONE
	};
	for (size_t j = l->lo; j <= l->i; j++) {
		const struct tcp_noted *n = &l->v[j];

		if (j < l->i && acked_by(n, !l->x)) {
			if (!p->told || seq_gt(n->seg.tcp.ack, p->told_ack)) {
				p->told_ack = n->seg.tcp.ack;
				p->told_packet = n->seg.number;
			}
			p->told = true;
			p->closed = n->seg.tcp.win == 0 && !(n->seg.tcp.flags & TCP_SYN);
		}
		if (j != l->i && !sent_by(n, l->x))
			continue;
		/* What had time to get there: most of the way's time, as it varies; and
		 * nobody sends again what he knows to have arrived. */
		for (; h < j; h++) {
			ns_t ago = passed(l->v[h].seg.ts, n->seg.ts);

			if (!acked_by(&l->v[h], !l->x))
				continue;
			if (p->sent && seq_lt(n->seg.tcp.seq, p->top) &&
			    seq_gt(l->v[h].seg.tcp.ack, n->seg.tcp.seq))
				break;
			if (ago >= 0 && ago < l->there / 8 * 7)
				break;
			hear(p, &l->v[h].seg);
		}
		if (j < l->i)
			send(l, p, n);
	}
}
