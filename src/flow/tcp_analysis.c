/* Wireshark's sequence analysis. What it says is defined by what it does, in this order: so each
 * step says what it looks at, and steps must not be swapped. */
#include "flow/tcp_analysis.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum {
	LIST_FIRST = 4,	 /* segments that a list has room for when it is begun */
	LIST_KEEP = 256, /* an empty list with more room than this gives it back */
	WINDOW_UNKNOWN = 0xffffffff,
	HOLE_TOLD = 0xffffffff, /* in place of a count; more than two, where that is asked */
};

#define FAST_LIMIT (20 * NS_PER_MS) /* a fast retransmission follows its ACKs within this */
#define ORDER_LIMIT (3 * NS_PER_MS) /* so late is out of order, where the RTT is not known */
#define IN_FLIGHT_MAX 2000000000u   /* more than this is nonsense */

/* One segment under way through the steps. */
struct turn {
	const struct segment *s;
	struct tcp_report *r;
	struct tcp_analysis *a;
	struct tcp_analysis_side *me, *peer;
	ns_t ts;
	u32 seq, ack, len, end; /* end without SYN and FIN */
	u16 flags;
};

/* ---- unacknowledged segments ---- */

static void list_room(struct tcp_unacked_list *l)
{
	if (l->head + l->n < l->cap)
		return;
	if (l->head > l->cap / 2) {
		memmove(l->v, l->v + l->head, l->n * sizeof *l->v);
		l->head = 0;
		return;
	}
	l->cap = l->cap == 0 ? LIST_FIRST : (u16)(l->cap * 2);
	l->v = xrealloc(l->v, l->cap * sizeof *l->v);
}

/* `base` is relative 0. */
static void list_add(struct tcp_unacked_list *l, struct tcp_unacked u, u32 base)
{
	list_room(l);
	if (l->n == 0)
		l->ordered = true;
	else if (l->ordered)
		l->ordered = seq_ge(u.seq, l->v[l->head + l->n - 1].end) &&
			     seq_gt(u.end, l->v[l->head].seq);
	l->settled = false;
	l->spanned &= !l->ordered;
	l->low = MIN(l->low, u.seq - base);
	l->high = MAX(l->high, u.end - base);
	l->v[l->head + l->n++] = u;
}

/* `over`: the connection is ending, not much will come. */
static void list_emptied(struct tcp_unacked_list *l, bool over)
{
	l->head = 0;
	if (l->cap <= LIST_KEEP && !over)
		return;
	free(l->v);
	l->v = NULL;
	l->cap = 0;
}

static void list_copy(struct tcp_unacked_list *to, const struct tcp_unacked_list *from)
{
	*to = *from;
	to->head = 0;
	to->cap = from->n;
	to->v = NULL;
	if (from->n == 0)
		return;
	to->v = xmalloc(from->n * sizeof *to->v);
	memcpy(to->v, from->v + from->head, from->n * sizeof *to->v);
}

/* ---- life ---- */

void tcp_analysis_init(struct tcp_analysis *a, bool reused)
{
	memset(a, 0, sizeof *a);
	a->reused = reused;
	for (unsigned i = 0; i < 2; i++) {
		a->side[i].window = WINDOW_UNKNOWN;
		a->side[i].wscale = -1;
		a->side[i].in_flight_known = true;
	}
}

void tcp_analysis_fini(struct tcp_analysis *a)
{
	free(a->side[0].unacked.v);
	free(a->side[1].unacked.v);
	a->side[0].unacked = a->side[1].unacked = (struct tcp_unacked_list) { 0 };
}

void tcp_analysis_copy(struct tcp_analysis *to, const struct tcp_analysis *from)
{
	*to = *from;
	list_copy(&to->side[0].unacked, &from->side[0].unacked);
	list_copy(&to->side[1].unacked, &from->side[1].unacked);
}

size_t tcp_analysis_extra(const struct tcp_analysis *a)
{
	return (a->side[0].unacked.cap + (size_t)a->side[1].unacked.cap) *
	       sizeof(struct tcp_unacked);
}

/* ---- the steps ---- */

static void find(struct turn *t, enum tcp_finding f)
{
	t->r->found |= (u16)f;
	t->r->said = true;
}

static bool found(const struct turn *t, enum tcp_finding f)
{
	return (t->r->found & f) != 0;
}

/* Before anything else: is it what begins the connection, and where do its numbers begin? */
static void step_handshake(struct turn *t)
{
	u16 syn = t->flags & (TCP_SYN | TCP_ACK);

	if (!t->a->begun && t->a->reused) {
		find(t, TCP_FOUND_REUSED_PORTS);
		t->a->completeness = TCP_HAS_SYN;
	}
	if (t->me->has_base && syn == (TCP_SYN | TCP_ACK) && t->seq != t->me->base_seq) {
		t->me->base_seq = t->seq;
		t->me->unacked.spanned = false;
		find(t, TCP_FOUND_REUSED_PORTS);
	}
}

static void step_base(struct turn *t)
{
	if (!t->me->has_base) {
		t->me->base_seq = t->flags & TCP_SYN ? t->seq : t->seq - 1;
		t->me->has_base = true;
	}
	if (!t->peer->has_base && t->flags & TCP_ACK) {
		t->peer->base_seq = t->ack - 1;
		t->peer->has_base = true;
	}
}

/* It repeats number and acknowledgment, and carries nothing. */
static bool repeats(const struct turn *t)
{
	return t->len == 0 && t->seq == t->me->next_seq && t->ack == t->me->last_ack &&
	       (t->flags & (TCP_SYN | TCP_FIN | TCP_RST)) == 0;
}

/* The window that the other side offers, in bytes. */
static u32 peer_window(const struct turn *t)
{
	int shift = t->peer->syn_window || t->peer->wscale < 0 ? 0 : t->peer->wscale;

	return t->peer->window << (shift & 31);
}

static void step_sender(struct turn *t)
{
	bool plain = (t->flags & (TCP_SYN | TCP_FIN | TCP_RST)) == 0;

	if (t->s->tcp.win == 0 && plain)
		find(t, TCP_FOUND_ZERO_WINDOW);
	if (t->me->next_seq != 0 && seq_gt(t->seq, t->me->next_seq) && !(t->flags & TCP_RST)) {
		find(t, TCP_FOUND_LOST_SEGMENT);
		t->me->in_flight_known = false;
	}
	if (t->len <= 1 && t->seq == t->me->next_seq - 1 && plain)
		find(t, TCP_FOUND_KEEP_ALIVE);
	if (t->s->tcp.win != 0 && t->s->tcp.win != t->me->window && repeats(t))
		find(t, TCP_FOUND_WINDOW_UPDATE);
	if (t->len > 0 && plain && t->peer->wscale != -1 &&
	    t->end == t->peer->last_ack + peer_window(t))
		find(t, TCP_FOUND_WINDOW_FULL);
}

/* A segment that repeats the one before, window included: why? */
static void step_repeated(struct turn *t)
{
	u32 win = t->s->tcp.win;

	if (!repeats(t) || win != t->me->window)
		return;
	if (win != 0 && t->peer->found & TCP_FOUND_KEEP_ALIVE) {
		find(t, TCP_FOUND_KEEP_ALIVE_ACK);
	} else if (win == 0 && t->peer->found & TCP_FOUND_ZERO_WINDOW_PROBE) {
		find(t, TCP_FOUND_ZERO_WINDOW_PROBE_ACK);
	} else if (win != 0) {
		t->me->dup_acks = t->me->dup_acks == HOLE_TOLD ? 1 : t->me->dup_acks + 1;
		find(t, TCP_FOUND_DUPLICATE_ACK);
		t->r->dup_ack_num = t->me->dup_acks;
		t->r->dup_ack_frame = t->me->first_of_ack;
	}
}

/* Does it acknowledge what was never seen? Told once for each hole. */
static void step_acknowledged(struct turn *t)
{
	struct tcp_analysis_side *p = t->peer;

	if (t->ack != t->me->last_ack) {
		t->me->first_of_ack = t->s->number;
		t->me->dup_acks = 0;
	}
	if (p->whole_seq == 0 || !(t->flags & TCP_ACK) || !seq_gt(t->ack, p->whole_seq))
		return;
	t->r->said = true;
	if (seq_lt(p->whole_seq, p->next_seq)) {
		p->whole_seq = p->next_seq;
		find(t, TCP_FOUND_ACK_LOST_SEGMENT);
		return;
	}
	if (p->dup_acks == 0)
		find(t, TCP_FOUND_ACK_LOST_SEGMENT);
	p->dup_acks = HOLE_TOLD;
}

/* Sent again: how long after the oldest segment that is not acknowledged? */
static void tell_rto(struct turn *t)
{
	const struct tcp_unacked_list *l = &t->me->unacked;
	bool any = l->n > 0;

	t->r->rto = t->ts - (any ? l->v[l->head].ts : t->me->next_ts);
	t->r->rto_frame = any ? l->v[l->head].frame : t->me->next_frame;
}

/* Is it out of order? It came soon after the segment that should have followed it. */
static bool late(const struct turn *t)
{
	u64 limit = t->a->initial_rtt == 0 ? (u64)ORDER_LIMIT : (u64)t->a->initial_rtt;
	u32 end = t->end + ((t->flags & (TCP_SYN | TCP_FIN)) != 0);

	return (u64)(t->ts - t->me->next_ts) < limit && end != t->me->next_seq;
}

static void step_sent_again(struct turn *t)
{
	bool behind = t->me->next_seq != 0 && seq_lt(t->seq, t->me->next_seq);

	if ((t->len == 0 && !(t->flags & (TCP_SYN | TCP_FIN))) || found(t, TCP_FOUND_KEEP_ALIVE))
		return;
	if (t->len > 1 && t->me->next_seq - 1 == t->seq)
		behind = false; /* what a window probe had a byte of */
	if (t->len > 0 && t->peer->last_ack != 0 && seq_le(t->end, t->peer->last_ack))
		find(t, TCP_FOUND_SPURIOUS_RETRANSMISSION);
	else if (!behind)
		return;
	else if (t->peer->dup_acks >= 2 && t->peer->last_ack == t->seq &&
		 (u64)(t->ts - t->peer->last_ts) < (u64)FAST_LIMIT)
		find(t, TCP_FOUND_FAST_RETRANSMISSION);
	else if (late(t))
		find(t, TCP_FOUND_OUT_OF_ORDER);
	else {
		find(t, TCP_FOUND_RETRANSMISSION);
		tell_rto(t);
	}
}

/* Remembers the segment. */
static void step_remember(struct turn *t)
{
	struct tcp_analysis_side *m = t->me;
	bool flag = (t->flags & (TCP_SYN | TCP_FIN)) != 0;
	bool probe = found(t, TCP_FOUND_ZERO_WINDOW_PROBE);
	u32 end = t->end;

	if ((t->len > 0 || flag) && m->unacked.n < TCP_UNACKED_MAX) {
		end += flag;
		list_add(&m->unacked, (struct tcp_unacked) { t->seq, end, t->s->number, t->ts },
			 m->base_seq);
	}
	if ((m->next_seq == 0 || seq_gt(end, m->next_seq)) && !probe) {
		m->next_seq = end;
		m->next_frame = t->s->number;
		m->next_ts = t->ts;
	}
	if ((m->whole_seq == 0 || t->seq == m->whole_seq) && !probe)
		m->whole_seq = m->next_seq;
	m->window = t->s->tcp.win;
	m->last_ack = t->ack;
	m->last_ts = t->ts;
	m->found = t->r->found;
}

static void acks(struct turn *t, const struct tcp_unacked *u)
{
	t->r->said = true;
	t->r->acks_frame = u->frame;
	t->r->ack_rtt = t->ts - u->ts;
}

static bool ending(const struct turn *t)
{
	return (t->a->completeness & (TCP_HAS_FIN | TCP_HAS_RST)) != 0;
}

/* Takes what is acknowledged off the other side's list. */
static void step_take_off(struct turn *t)
{
	struct tcp_unacked_list *l = &t->peer->unacked;
	struct tcp_unacked *v = l->v + l->head;
	u32 kept = 0, ack = t->ack;
	bool ordered = true;

	if (l->n == 0 || (l->settled && l->ack == ack))
		return;
	l->settled = true;
	l->spanned = false;
	l->ack = ack;
	for (u32 i = l->n; i-- > 0;)
		if (v[i].end == ack)
			acks(t, &v[i]); /* the oldest such counts */
	for (u32 i = 0; i < l->n; i++) {
		if (seq_le(v[i].end, ack))
			continue;
		if (seq_gt(ack, v[i].seq))
			v[i].seq = ack;
		if (kept > 0)
			ordered &= seq_ge(v[i].seq, v[kept - 1].end) && seq_gt(v[i].end, v[0].seq);
		v[kept++] = v[i];
	}
	l->ordered = ordered;
	l->n = (u16)kept;
	if (kept == 0)
		list_emptied(l, ending(t));
}

/* The same where the list is in order and all of it close to the acknowledgment: only its
 * beginning changes. False where it must be done the long way. */
static bool take_off_front(struct turn *t)
{
	struct tcp_unacked_list *l = &t->peer->unacked;
	u32 ack = t->ack;

	if (l->n == 0)
		return true;
	if (!l->ordered || ack - l->v[l->head].seq > INT32_MAX ||
	    l->v[l->head + l->n - 1].end - l->v[l->head].seq > INT32_MAX)
		return false;
	while (l->n > 0 && seq_le(l->v[l->head].end, ack)) {
		if (l->v[l->head].end == ack)
			acks(t, &l->v[l->head]);
		l->head++;
		l->n--;
	}
	if (l->n == 0)
		list_emptied(l, ending(t));
	else if (seq_gt(ack, l->v[l->head].seq))
		l->v[l->head].seq = ack;
	return true;
}

/* From the first unacknowledged byte to the last, relative numbers compared as they are. */
static u32 span(struct tcp_unacked_list *l, u32 base)
{
	const struct tcp_unacked *v = l->v + l->head;
	u32 first = v[l->n - 1].seq - base, last = v[l->n - 1].end - base;

	if (l->ordered && v[0].seq - base <= last)
		return last - (v[0].seq - base);
	if (l->spanned)
		return l->high - l->low;
	for (u32 i = 0; i < l->n; i++) {
		first = MIN(first, v[i].seq - base);
		last = MAX(last, v[i].end - base);
	}
	l->spanned = !l->ordered;
	l->low = first;
	l->high = last;
	return last - first;
}

static void step_in_flight(struct turn *t)
{
	struct tcp_analysis_side *m = t->me;
	u32 n;

	if (t->len == 0 || m->unacked.n == 0 || !m->in_flight_known)
		return;
	n = span(&m->unacked, m->base_seq) - t->peer->sacked;
	if (n > 0 && n < IN_FLIGHT_MAX)
		t->r->in_flight = n - ((t->flags & (TCP_SYN | TCP_FIN)) != 0);
	m->push_bytes = m->pushed ? t->len : m->push_bytes + t->len;
	m->pushed = (t->flags & TCP_PSH) != 0;
	t->r->push_bytes = m->push_bytes;
	t->r->said = true;
}

/* All of the sequence analysis; for segments whose length is known. */
static void analyse(struct turn *t)
{
	step_base(t);
	if (t->flags & TCP_ACK)
		t->peer->in_flight_known = true;
	if (t->len == 1 && t->seq == t->me->next_seq && t->peer->window == 0) {
		find(t, TCP_FOUND_ZERO_WINDOW_PROBE);
	} else {
		step_sender(t);
		step_repeated(t);
	}
	step_acknowledged(t);
	step_sent_again(t);
	step_remember(t);
	if (!take_off_front(t))
		step_take_off(t);
	step_in_flight(t);
}

static void step_completeness(struct turn *t)
{
	u16 syn = t->flags & (TCP_SYN | TCP_ACK);
	u8 c = t->a->completeness;

	if (!t->a->begun && !t->a->reused) { /* only a SYN begins it well */
		if (syn == TCP_SYN)
			c = t->len > 0 ? TCP_HAS_SYN | TCP_HAS_DATA : TCP_HAS_SYN;
	} else {
		if (syn == (TCP_SYN | TCP_ACK))
			c |= TCP_HAS_SYN_ACK;
		else if (syn == TCP_ACK)
			c |= t->len > 0 ? TCP_HAS_DATA : TCP_HAS_ACK;
		if ((t->flags & (TCP_FIN | TCP_ACK)) == (TCP_FIN | TCP_ACK))
			c |= TCP_HAS_FIN;
		if (t->flags & TCP_RST)
			c |= TCP_HAS_RST;
	}
	t->a->completeness = c;
}

/* The handshake's times and windows, and Fast Open. */
static void step_opening(struct turn *t)
{
	u16 syn = t->flags & (TCP_SYN | TCP_ACK);
	struct tcp_analysis *a = t->a;

	if (syn == (TCP_SYN | TCP_ACK))
		t->r->tfo = t->ack - t->peer->base_seq > 1 ? TCP_TFO_ACCEPTED
			    : a->tfo			   ? TCP_TFO_IGNORED
							   : TCP_TFO_NONE;
	if (syn == TCP_SYN) {
		a->syn_ts = t->ts;
		if (t->s->tcp.tfo == 2) {
			t->r->tfo = TCP_TFO_SYN;
			a->tfo = true;
		}
	}
	if (t->flags & TCP_SYN)
		t->me->syn_window = true;
	if (syn == TCP_ACK) {
		t->me->syn_window = false;
		if (a->syn_ts != 0 && a->initial_rtt == 0)
			a->initial_rtt = t->ts - a->syn_ts;
	}
	t->r->initial_rtt = a->initial_rtt;
}

/* What its options say to what comes after it. The first three SACK blocks count. */
static void step_options(struct turn *t)
{
	const struct tcp_facts *x = &t->s->tcp;
	struct tcp_analysis_side *m = t->me;

	m->sacked = 0;
	for (unsigned i = 0; i < x->nsack && i < 3; i++)
		m->sacked += x->sack[i].right - x->sack[i].left;
	if (!(t->flags & TCP_SYN))
		return;
	if (x->wscale >= 0)
		m->wscale = x->wscale;
	if (m->wscale == -1)
		m->wscale = t->peer->wscale = -2;
	else if (t->flags & TCP_ACK && t->peer->wscale == -2)
		m->wscale = -2;
}

void tcp_analysis_see(struct tcp_analysis *a, const struct segment *s, struct tcp_report *r)
{
	struct turn t = {
		.s = s,
		.r = r,
		.a = a,
		.me = &a->side[s->side],
		.peer = &a->side[!s->side],
		.ts = s->ts == NS_NONE ? 0 : s->ts,
		.seq = s->tcp.seq,
		.ack = s->tcp.ack,
		.len = s->len,
		.end = s->tcp.seq + s->len,
		.flags = s->tcp.flags,
	};

	memset(r, 0, sizeof *r);
	step_handshake(&t);
	r->completeness = a->completeness;
	if (!s->tcp.no_len)
		analyse(&t);
	step_completeness(&t);
	step_opening(&t);
	step_options(&t);
	a->begun = true;
}
