/* The state machine of RFC 9293 for both ends, from the segments that pass a tap.
 *
 * An end's state is a function of a few facts: what it sent, and which of five arrivals it has had
 * (enum tcp_arrival). What it sent is seen. An arrival is assumed when the segment passes and the
 * wire did not drop it; the end's own next segments prove it (they acknowledge it) or show that it
 * had not come yet (they do not, or repeat what it would have ended). Then the assumption is taken
 * back and the arrival is in doubt: it may be on its way or lost, and counts again when it is
 * proven, sent again, or overtaken by what came behind it.
 */
#include "flow/tcp_end.h"

#include <string.h>

/* A delayed ACK may leave so much unanswered; behind more than that a FIN is not assumed to have
 * arrived. */
enum { LAG = 2 * 1460 };

/* Whoever still sends so long after a reset passed has not got it. */
static const ns_t reset_flight = NS_PER_S;

/* A SYN-ACK that is repeated so soon after its ACK passed crossed it: no timer is so short. */
static const ns_t syn_flight = 200 * NS_PER_MS;

/* ---- states and edges ---- */

static enum tcp_state state_open(const struct tcp_end *a)
{
	bool syn = a->level[TCP_ARR_SYN] >= ASSUMED, acked = a->level[TCP_ARR_SYN_ACK] >= ASSUMED;

	switch (a->began) {
	case BEGAN_MID: return TCPS_ESTABLISHED;
	case BEGAN_ACTIVE:
		if (!syn)
			return TCPS_SYN_SENT;
		break;
	case BEGAN_PASSIVE:
		if (!syn)
			return TCPS_LISTEN;
		break;
	default: return TCPS_UNKNOWN;
	}
	return acked || (a->flags & F_FIN) ? TCPS_ESTABLISHED : TCPS_SYN_RECEIVED;
}

/* Whether a reset, sent or received, or a timeout ended it. */
static bool is_over(const struct tcp_end *a)
{
	return a->over != 0 && (a->level[TCP_ARR_RST] == NONE || a->level[TCP_ARR_RST] >= ASSUMED);
}

/* The state that the facts add up to. */
static enum tcp_state state_of(const struct tcp_end *a, const struct tcp_end *other)
{
	bool got_fin = a->level[TCP_ARR_FIN] >= ASSUMED;
	bool fin_acked = a->level[TCP_ARR_FIN_ACK] >= ASSUMED;
	enum tcp_state st;

	if (is_over(a))
		return a->over;
	st = state_open(a);
	if (st == TCPS_SYN_RECEIVED && got_fin)
		return TCPS_CLOSE_WAIT;
	if (st != TCPS_ESTABLISHED)
		return st;
	if (!(a->flags & F_FIN))
		return got_fin ? TCPS_CLOSE_WAIT : TCPS_ESTABLISHED;
	if (!got_fin)
		return fin_acked ? TCPS_FIN_WAIT_2 : TCPS_FIN_WAIT_1;
	if ((other->flags & F_FIN) && seq_gt(a->fin_ack, other->fin_seq))
		return fin_acked ? TCPS_CLOSED : TCPS_LAST_ACK;
	return fin_acked ? TCPS_TIME_WAIT : TCPS_CLOSING;
}

static bool is_sure(const struct tcp_end *a)
{
	if (a->flags & F_INFERRED || a->state == TCPS_UNKNOWN)
		return false;
	for (int i = 0; i < TCP_ARR_COUNT; i++)
		if (a->level[i] == ASSUMED)
			return false;
	return true;
}

static void edge(struct step *c, int end, enum tcp_state to, enum tcp_why why, u32 packet)
{
	struct tcp_end *a = &c->e->end[end];
	struct tcp_ends_out *o = c->out;

	if (o->nedges < TCP_EDGES)
		o->edge[o->nedges++] = (struct tcp_edge) { .packet = packet,
							   .end = (u8)end,
							   .from = a->state,
							   .to = (u8)to,
							   .why = (u8)why,
							   .sure = is_sure(a) };
	a->prev = a->state;
	a->state = (u8)to;
	a->why = (u8)why;
	a->packet = packet;
	a->since = c->s->ts;
}

/* Whether its last edge is that short a time ago; not where nobody knows. */
static bool within(const struct step *c, const struct tcp_end *a, ns_t span)
{
	return a->since != NS_NONE && c->s->ts != NS_NONE && c->s->ts >= a->since &&
	       (u64)c->s->ts - (u64)a->since < (u64)span;
}

/* To the state that the facts add up to, if it is another one. */
static void move(struct step *c, int end, enum tcp_why why, u32 packet)
{
	enum tcp_state to = state_of(&c->e->end[end], &c->e->end[!end]);

	if (to != c->e->end[end].state)
		edge(c, end, to, why, packet);
}

static enum tcp_why why_of(const struct tcp_end *a, int arr)
{
	switch (arr) {
	case TCP_ARR_SYN:
		return a->began == BEGAN_ACTIVE && a->from[TCP_ARR_SYN] == a->from[TCP_ARR_SYN_ACK]
			       ? TCP_WHY_GOT_SYN_ACK
			       : TCP_WHY_GOT_SYN;
	case TCP_ARR_SYN_ACK:
		return a->began == BEGAN_ACTIVE && a->from[TCP_ARR_SYN] == a->from[TCP_ARR_SYN_ACK]
			       ? TCP_WHY_GOT_SYN_ACK
			       : TCP_WHY_GOT_ACK_OF_SYN;
	case TCP_ARR_FIN: return TCP_WHY_GOT_FIN;
	case TCP_ARR_FIN_ACK: return TCP_WHY_GOT_ACK_OF_FIN;
	default: return TCP_WHY_GOT_RST;
	}
}

static void note_irs(struct tcp_ends *e, int end)
{
	if (!(e->end[!end].has & TCP_VAR_ISS))
		return;
	e->end[end].irs = e->end[!end].iss;
	e->end[end].has |= TCP_VAR_IRS;
}

static void arrive(struct step *c, int end, int arr)
{
	struct tcp_end *a = &c->e->end[end];

	if (a->level[arr] >= ASSUMED)
		return;
	a->level[arr] = ASSUMED;
	a->from[arr] = c->s->number;
	if (arr == TCP_ARR_SYN)
		note_irs(c->e, end);
}

/* The end's own segment shows that it has had it. */
static void prove(struct step *c, int end, int arr)
{
	struct tcp_end *a = &c->e->end[end];

	if (arr == TCP_ARR_SYN)
		note_irs(c->e, end);
	if (a->level[arr] < ASSUMED) {
		if (a->level[arr] == NONE || a->from[arr] == 0)
			a->from[arr] = c->s->number;
		a->level[arr] = SURE;
		move(c, end, why_of(a, arr), a->from[arr]);
	}
	a->level[arr] = SURE;
}

/* Counts the arrivals since packet `first` as not there yet, and says what they were. */
static void forget(struct tcp_end *a, u32 first, u8 *was)
{
	memcpy(was, a->level, sizeof a->level);
	for (int i = 0; i < TCP_ARR_COUNT; i++)
		if (a->from[i] >= first && a->level[i] >= ASSUMED)
			a->level[i] = i == TCP_ARR_RST ? DOUBT : NONE;
}

/* And lets them come again, in the order of the handshake and of closing. */
static void again(struct step *c, int end, const u8 *was)
{
	struct tcp_end *a = &c->e->end[end];

	for (int i = 0; i < TCP_ARR_COUNT; i++) {
		if (a->level[i] == was[i])
			continue;
		a->level[i] = was[i];
		move(c, end, why_of(a, i), a->from[i]);
	}
}

/* It had not come: back to before it, and from there on without it. */
static void take_back(struct step *c, int end, int arr)
{
	struct tcp_end *a = &c->e->end[end];
	u8 was[TCP_ARR_COUNT];

	if (a->level[arr] != ASSUMED)
		return;
	a->level[arr] = DOUBT;
	forget(a, a->from[arr], was);
	move(c, end, TCP_WHY_TAKEN_BACK, c->s->number);
	again(c, end, was);
}

static void begin(struct tcp_end *a, int how)
{
	memset(a, 0, sizeof *a);
	a->wscale = -2;
	a->since = NS_NONE;
	a->began = (u8)how;
	a->state = how == BEGAN_ACTIVE	  ? TCPS_CLOSED
		   : how == BEGAN_PASSIVE ? TCPS_LISTEN
					  : TCPS_UNKNOWN;
}

/* The end of one connection becomes the end of the next one. */
static void begin_anew(struct step *c, int end, int how, enum tcp_why why)
{
	struct tcp_end *a = &c->e->end[end];
	enum tcp_state first = how == BEGAN_ACTIVE ? TCPS_CLOSED : TCPS_LISTEN;

	if (a->state != TCPS_UNKNOWN && a->state != first && a->state != TCPS_CLOSED)
		edge(c, end, TCPS_CLOSED, why, c->s->number);
	begin(a, how);
}

/* ---- what the sender did ---- */

/* A copy that the network made of the last SYN or FIN, or an older one that comes late, says
 * nothing about the sender. */
static bool is_copy(const struct tcp_end *a, const struct tcp_facts *t)
{
	return (a->flags & F_MARK) && t->has_ts && seq_le(t->tsval, a->mark_tsval);
}

static void mark(const struct step *c, struct tcp_end *a)
{
	a->mark_ts = c->s->ts;
	a->mark_tsval = c->s->tcp.tsval;
	a->flags = (u16)((a->flags & ~F_MARK) | (c->s->tcp.has_ts ? F_MARK : 0));
}

static void note_iss(struct step *c, struct tcp_end *a)
{
	const struct tcp_facts *t = &c->s->tcp;

	a->iss = t->seq;
	a->wscale = t->wscale < 0 ? -1 : t->wscale;
	a->rcv_wnd = t->win;
	a->has |= TCP_VAR_ISS | TCP_VAR_RCV_WND;
	if (c->s->len > 0 || t->tfo == 2)
		a->flags |= F_FAST_OPEN;
	mark(c, a);
}

/* An end of which a SYN was assumed to have made SYN-RECEIVED opens by itself: the SYNs crossed. */
static void crossing_syn(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x], old = *a;

	edge(c, c->x, TCPS_CLOSED, TCP_WHY_TAKEN_BACK, c->s->number);
	begin(a, BEGAN_ACTIVE);
	if (old.level[TCP_ARR_SYN] >= ASSUMED) {
		a->level[TCP_ARR_SYN] = DOUBT;
		a->from[TCP_ARR_SYN] = old.from[TCP_ARR_SYN];
	}
	a->rcv_nxt = old.rcv_nxt;
	a->has = old.has & TCP_VAR_RCV_NXT;
}

/* Its SYN-ACK overtook its own SYN: it had opened by itself too. */
static void late_syn(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x];
	u8 was[TCP_ARR_COUNT];

	edge(c, c->x, TCPS_CLOSED, TCP_WHY_TAKEN_BACK, c->s->number);
	forget(a, 0, was);
	a->began = BEGAN_ACTIVE;
	move(c, c->x, TCP_WHY_SENT_SYN, c->s->number);
	again(c, c->x, was);
}

static void sent_syn(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x];
	const struct tcp_facts *t = &c->s->tcp;

	if (a->flags & F_SYN_ACK && a->began == BEGAN_PASSIVE && t->seq == a->iss) {
		late_syn(c);
		return;
	}
	if (a->began == BEGAN_ACTIVE && t->seq == a->iss &&
	    (a->over == 0 || a->level[TCP_ARR_RST] == ASSUMED)) {
		if (is_copy(a, t))
			return;
		mark(c, a);
		take_back(c, c->x, TCP_ARR_RST);
		a->over = 0;
		take_back(c, c->x, TCP_ARR_SYN);
		take_back(c, c->x, TCP_ARR_SYN_ACK);
		return;
	}
	if (a->began == BEGAN_PASSIVE && a->state <= TCPS_SYN_RECEIVED && !is_over(a) &&
	    !(a->flags & F_SYN_ACK))
		crossing_syn(c);
	else if (a->began != BEGAN_NOT)
		begin_anew(c, c->x, BEGAN_ACTIVE, TCP_WHY_SEEN);
	else
		begin(a, BEGAN_ACTIVE);
	note_iss(c, a);
	move(c, c->x, TCP_WHY_SENT_SYN, c->s->number);
}

/* The SYN that this SYN-ACK answers was not captured. */
static void infer_syn(struct step *c)
{
	struct tcp_end *b = &c->e->end[!c->x];

	begin(b, BEGAN_ACTIVE);
	b->iss = c->s->tcp.ack - 1;
	b->snd_nxt = c->s->tcp.ack;
	b->has = TCP_VAR_ISS | TCP_VAR_SND_NXT;
	b->flags = F_INFERRED;
	move(c, !c->x, TCP_WHY_SEEN, c->s->number);
}

static void sent_syn_ack(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	const struct tcp_facts *t = &c->s->tcp;

	if (b->began == BEGAN_NOT)
		infer_syn(c);
	if (!acks(b, t->ack) || (b->began == BEGAN_MID && a->began != BEGAN_NOT)) {
		fault(c, TCP_FAULT_BAD_SYN_ACK);
		if (!synchronized(a))
			tcp_end_ack(c); /* the SYN that it had is another, an old one */
		return;
	}
	if (synchronized(b) && b->level[TCP_ARR_SYN] == SURE && b->irs != t->seq) {
		fault(c, TCP_FAULT_SYN_IN_SYNC);
		return;
	}
	if (a->began == BEGAN_NOT || is_over(a) || ((a->has & TCP_VAR_ISS) && a->iss != t->seq)) {
		if (a->state == TCPS_SYN_RECEIVED && !is_over(a))
			fault(c, TCP_FAULT_SYN_CHANGED);
		if (a->began != BEGAN_NOT)
			begin_anew(c, c->x, BEGAN_PASSIVE, TCP_WHY_SEEN);
		else
			begin(a, BEGAN_PASSIVE);
	} else if (a->flags & F_SYN_ACK) {
		if (!is_copy(a, t) && !within(c, a, syn_flight))
			take_back(c, c->x, TCP_ARR_SYN_ACK);
	}
	note_iss(c, a);
	a->flags |= F_SYN_ACK;
	a->flags &= (u16)~F_IN_ORDER;
	if (b->flags & F_FAST_OPEN)
		a->flags |= F_FAST_OPEN;
	tcp_end_ack(c);
	prove(c, c->x, TCP_ARR_SYN);
}

/* Nor the SYN-ACK that this ACK answers. */
static void infer_syn_ack(struct step *c)
{
	struct tcp_end *b = &c->e->end[!c->x];

	b->iss = c->s->tcp.ack - 1;
	b->snd_nxt = c->s->tcp.ack;
	b->has |= TCP_VAR_ISS | TCP_VAR_SND_NXT;
	b->flags |= F_INFERRED | F_SYN_ACK;
}

/* A segment without SYN from an end whose opening was not seen, or of another connection. */
static void sent_unseen(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x], old = *a;

	if (a->state != TCPS_UNKNOWN)
		edge(c, c->x, TCPS_UNKNOWN, TCP_WHY_TAKEN_BACK, c->s->number);
	if (old.began != BEGAN_NOT)
		begin(a, BEGAN_MID);
	a->began = BEGAN_MID; /* what passed towards it so far stays */
	a->flags |= F_INFERRED;
}

/* What a segment without SYN and RST tells about the handshake. */
static void end_handshake(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	const struct tcp_facts *t = &c->s->tcp;
	bool more = c->s->len > 0 || (t->flags & TCP_FIN);

	if (a->began == BEGAN_NOT || (!(a->flags & (F_SYN_ACK | F_INFERRED)) &&
				      a->began == BEGAN_PASSIVE && !acks(b, t->ack))) {
		sent_unseen(c);
		move(c, c->x, TCP_WHY_SEEN, c->s->number);
		return;
	}
	if (a->began == BEGAN_MID || is_over(a) || !(t->flags & TCP_ACK) || !acks(b, t->ack))
		return;
	if ((a->flags & F_IN_ORDER) && a->state >= TCPS_ESTABLISHED) {
		/* It went to ESTABLISHED without an answer to the SYN: the SYN-ACK came first. */
		a->flags &= (u16)~F_IN_ORDER;
		a->from[TCP_ARR_SYN] = a->from[TCP_ARR_SYN_ACK];
		take_back(c, c->x, TCP_ARR_SYN);
	}
	if (a->began == BEGAN_ACTIVE && b->began == BEGAN_PASSIVE && !(b->has & TCP_VAR_ISS))
		infer_syn_ack(c);
	if (a->began == BEGAN_ACTIVE && a->level[TCP_ARR_SYN] < SURE) {
		/* Only a SYN-ACK ends SYN-SENT so. */
		if (a->level[TCP_ARR_SYN] == NONE)
			a->from[TCP_ARR_SYN] = a->from[TCP_ARR_SYN_ACK] = c->s->number;
		if (a->level[TCP_ARR_SYN] < ASSUMED)
			a->level[TCP_ARR_SYN_ACK] = SURE;
	}
	prove(c, c->x, TCP_ARR_SYN);
	if (a->level[TCP_ARR_SYN_ACK] == ASSUMED)
		a->level[TCP_ARR_SYN_ACK] = SURE;
	else if (more && !(a->flags & F_FAST_OPEN))
		prove(c, c->x, TCP_ARR_SYN_ACK);
}

/* Whether it had the other's FIN when it sent this. */
static void weigh_fin(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	u32 ack = c->s->tcp.ack;

	if (!(b->flags & F_FIN))
		return;
	if (seq_gt(ack, b->fin_seq)) {
		if (a->level[TCP_ARR_FIN] != SURE)
			a->proof_seq = c->s->tcp.seq;
		prove(c, c->x, TCP_ARR_FIN);
		if ((a->flags & F_FIN) && seq_gt(b->fin_ack, a->fin_seq) &&
		    a->level[TCP_ARR_FIN_ACK] == ASSUMED)
			a->level[TCP_ARR_FIN_ACK] = SURE; /* in the same segment */
	} else if (ack == a->acked) {
		take_back(c, c->x, TCP_ARR_FIN);
		if (seq_le(a->rcv_nxt, b->fin_seq))
			a->level[TCP_ARR_FIN] = NONE; /* its SACK blocks show a hole */
	}
}

static void first_fin(struct step *c, u32 at)
{
	struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	const struct tcp_facts *t = &c->s->tcp;
	bool late = false;
	u8 was[TCP_ARR_COUNT];

	a->fin_ack = t->ack;
	if (a->level[TCP_ARR_FIN] >= ASSUMED && (b->flags & F_FIN)) {
		/* What answered the other's FIN was sent behind this one, which was overtaken, or
		 * lost and is sent again. */
		if (seq_gt(a->proof_seq, at))
			a->fin_ack = b->fin_seq;
		late = seq_le(a->fin_ack, b->fin_seq);
	}
	if (late) {
		forget(a, a->from[TCP_ARR_FIN], was);
		move(c, c->x, TCP_WHY_TAKEN_BACK, c->s->number);
	}
	a->flags |= F_FIN;
	a->fin_seq = at;
	mark(c, a);
	move(c, c->x, TCP_WHY_SENT_FIN, c->s->number);
	if (late)
		again(c, c->x, was);
}

/* Whether the ACK of its FIN passed nearer to this repetition than to the FIN before it: then it
 * was on its way when this was sent, and not lost. */
static bool ack_crossed(const struct step *c, const struct tcp_end *a)
{
	return a->level[TCP_ARR_FIN_ACK] == ASSUMED &&
	       (a->why == TCP_WHY_GOT_ACK_OF_FIN || a->why == TCP_WHY_GOT_FIN_AND_ACK) &&
	       a->mark_ts != NS_NONE && a->since > a->mark_ts &&
	       within(c, a, (ns_t)((u64)a->since - (u64)a->mark_ts));
}

static void sent_fin(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	const struct tcp_facts *t = &c->s->tcp;
	u32 at = t->seq + c->s->len;
	bool crossed;

	if (!(a->flags & F_FIN)) {
		first_fin(c, at);
		return;
	}
	if (at != a->fin_seq) {
		fault(c, TCP_FAULT_FIN_MOVED);
		return;
	}
	if (is_copy(a, t))
		return;
	crossed = ack_crossed(c, a);
	mark(c, a);
	if (crossed)
		return;
	take_back(c, c->x, TCP_ARR_FIN_ACK);
	/* Nobody acknowledged it so far: it was lost rather than its acknowledgment. */
	if ((b->flags & F_FIN) && seq_le(b->fin_ack, at))
		take_back(c, !c->x, TCP_ARR_FIN);
}

/* A reset that answers a segment without being at odds with it: the sender stays where it is
 * (RFC 9293 3.10.7.3 and 3.10.7.4: an unacceptable ACK before the connection is synchronized). */
static bool only_answers(const struct tcp_end *a, const struct tcp_facts *t)
{
	return !(t->flags & TCP_ACK) && a->state >= TCPS_SYN_SENT &&
	       a->state <= TCPS_SYN_RECEIVED && (a->has & TCP_VAR_SND_NXT) && !acks(a, t->seq);
}

static void sent_rst(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x];
	const struct tcp_facts *t = &c->s->tcp;
	enum tcp_why why = TCP_WHY_SENT_RST;

	if (a->began == BEGAN_NOT)
		a->began = BEGAN_MID;
	if ((t->flags & TCP_ACK) && a->level[TCP_ARR_RST] == ASSUMED &&
	    a->level[TCP_ARR_SYN_ACK] >= ASSUMED && within(c, a, reset_flight)) {
		/* Its own, not an answer to a reset, which gets none: they crossed. */
		take_back(c, c->x, TCP_ARR_RST);
		a->over = 0;
	}
	if (is_over(a) || a->state == TCPS_CLOSED || only_answers(a, t))
		return;
	if ((t->flags & TCP_ACK) && (a->began != BEGAN_PASSIVE || (a->flags & F_SYN_ACK)))
		weigh_fin(c);
	if (a->began == BEGAN_PASSIVE && !(a->flags & F_SYN_ACK)) {
		take_back(c, c->x, TCP_ARR_SYN);
		why = TCP_WHY_REFUSED;
	} else if (a->began == BEGAN_ACTIVE && !(t->flags & TCP_ACK) &&
		   a->level[TCP_ARR_SYN_ACK] == ASSUMED) {
		take_back(c, c->x, TCP_ARR_SYN);
		take_back(c, c->x, TCP_ARR_SYN_ACK);
		why = TCP_WHY_GONE;
	}
	if ((a->has & TCP_VAR_SND_NXT) && seq_gt(t->seq, a->snd_nxt))
		a->snd_nxt = t->seq;
	a->level[TCP_ARR_RST] = NONE;
	a->over = TCPS_CLOSED;
	move(c, c->x, why, c->s->number);
}

/* ---- what the other end got ---- */

/* RFC 9293 3.10.7.4, RFC 6191: TIME-WAIT lets a newer SYN through. */
static bool newer_than(const struct tcp_end *a, const struct segment *s)
{
	if (s->tcp.has_ts && (a->flags & F_TS) && a->ts_recent != s->tcp.tsval)
		return seq_gt(s->tcp.tsval, a->ts_recent);
	return !(a->has & TCP_VAR_RCV_NXT) || seq_gt(s->tcp.seq, a->rcv_nxt);
}

static void got_syn(struct step *c)
{
	int y = !c->x;
	struct tcp_end *a = &c->e->end[y];

	if (a->state == TCPS_TIME_WAIT && newer_than(a, c->s)) {
		begin_anew(c, y, BEGAN_PASSIVE, TCP_WHY_GOT_SYN);
	} else if (a->began == BEGAN_NOT || is_over(a) || a->state == TCPS_CLOSED) {
		begin_anew(c, y, BEGAN_PASSIVE, TCP_WHY_SEEN);
	} else if (a->state == TCPS_TIME_WAIT) {
		fault(c, TCP_FAULT_SYN_TIME_WAIT);
		return;
	} else if (synchronized(a) && (!(a->has & TCP_VAR_IRS) || a->irs != c->s->tcp.seq)) {
		fault(c, TCP_FAULT_SYN_IN_SYNC);
		return;
	}
	if (a->level[TCP_ARR_SYN] == SURE)
		return;
	if (a->began == BEGAN_ACTIVE)
		a->flags |= F_IN_ORDER;
	arrive(c, y, TCP_ARR_SYN);
	tcp_end_arrival(a, c->s->tcp.seq, segment_end(c->s));
	move(c, y, TCP_WHY_GOT_SYN, c->s->number);
}

/* SND.UNA and SND.WND, as an acknowledgment moves them. */
static void note_snd(struct step *c)
{
	struct tcp_end *a = &c->e->end[!c->x];
	u32 wnd;

	if ((a->has & TCP_VAR_SND_UNA) && seq_lt(c->s->tcp.ack, a->snd_una))
		return;
	a->snd_una = c->s->tcp.ack;
	a->has |= TCP_VAR_SND_UNA;
	if (tcp_end_window(c->e, c->s, &wnd)) {
		a->snd_wnd = wnd;
		a->has |= TCP_VAR_SND_WND;
	}
}

static void got_syn_ack(struct step *c)
{
	int y = !c->x;
	struct tcp_end *a = &c->e->end[y];

	if (a->began != BEGAN_ACTIVE || !acks(a, c->s->tcp.ack))
		return;
	if (a->level[TCP_ARR_SYN] == DOUBT && a->level[TCP_ARR_SYN_ACK] == NONE) {
		/* The SYN that crossed its own came before this one. */
		a->level[TCP_ARR_SYN] = ASSUMED;
		a->flags |= F_IN_ORDER;
		move(c, y, TCP_WHY_GOT_SYN, a->from[TCP_ARR_SYN]);
	}
	arrive(c, y, TCP_ARR_SYN);
	arrive(c, y, TCP_ARR_SYN_ACK);
	tcp_end_arrival(a, c->s->tcp.seq, segment_end(c->s));
	note_snd(c);
	move(c, y, why_of(a, TCP_ARR_SYN_ACK), c->s->number);
}

/* Its acknowledgment number, as the receiver takes it. */
static void got_ack(struct step *c, bool with_fin)
{
	int y = !c->x;
	struct tcp_end *a = &c->e->end[y];
	const struct tcp_facts *t = &c->s->tcp;

	if ((a->has & TCP_VAR_SND_NXT) && seq_gt(t->ack, a->snd_nxt)) {
		if ((a->flags & F_FIN) || !synchronized(a))
			return;
		a->snd_nxt = t->ack; /* more likely sent and not captured than never sent */
	}
	note_snd(c);
	if ((a->has & TCP_VAR_ISS) && seq_gt(t->ack, a->iss) && a->level[TCP_ARR_SYN] >= ASSUMED &&
	    a->level[TCP_ARR_SYN_ACK] < ASSUMED) {
		arrive(c, y, TCP_ARR_SYN_ACK);
		move(c, y, TCP_WHY_GOT_ACK_OF_SYN, c->s->number);
	}
	if (!(a->flags & F_FIN) || seq_le(t->ack, a->fin_seq) ||
	    a->level[TCP_ARR_FIN_ACK] >= ASSUMED)
		return;
	if (a->level[TCP_ARR_FIN] == DOUBT && !(t->flags & TCP_FIN)) {
		/* The FIN that crossed its own came before this one. */
		a->level[TCP_ARR_FIN] = ASSUMED;
		move(c, y, TCP_WHY_GOT_FIN, a->from[TCP_ARR_FIN]);
	}
	arrive(c, y, TCP_ARR_FIN_ACK);
	if (!with_fin)
		move(c, y, TCP_WHY_GOT_ACK_OF_FIN, c->s->number);
}

static bool fin_reached(const struct step *c)
{
	const struct tcp_end *a = &c->e->end[!c->x], *b = &c->e->end[c->x];

	return (b->flags & F_FIN) && (a->has & TCP_VAR_RCV_NXT) && seq_gt(a->rcv_nxt, b->fin_seq);
}

/* Whether it is so far behind that the FIN cannot have come yet. */
static bool lags(const struct step *c)
{
	const struct tcp_end *a = &c->e->end[!c->x], *b = &c->e->end[c->x];

	return (a->flags & F_SPOKE) && (a->has & HAS_ACKED) && seq_gt(b->fin_seq, a->acked + LAG);
}

static void got_plain(struct step *c)
{
	int y = !c->x;
	struct tcp_end *a = &c->e->end[y];
	const struct tcp_facts *t = &c->s->tcp;
	bool reached = fin_reached(c), fin, acked = a->level[TCP_ARR_FIN_ACK] >= ASSUMED;

	tcp_end_arrival(a, t->seq, segment_end(c->s));
	fin = fin_reached(c) && a->level[TCP_ARR_FIN] < ASSUMED &&
	      (!reached || (t->flags & TCP_FIN));
	if (fin && !reached && lags(c)) {
		a->level[TCP_ARR_FIN] = DOUBT;
		a->from[TCP_ARR_FIN] = c->s->number;
		fin = false;
	}
	if (t->flags & TCP_ACK)
		got_ack(c, fin);
	if (fin) {
		arrive(c, y, TCP_ARR_FIN);
		acked = !acked && a->level[TCP_ARR_FIN_ACK] >= ASSUMED;
		move(c, y, acked ? TCP_WHY_GOT_FIN_AND_ACK : TCP_WHY_GOT_FIN, c->s->number);
	} else if ((t->flags & TCP_FIN) && a->state == TCPS_TIME_WAIT) {
		a->since = c->s->ts; /* 3.10.7.4: restart the 2 MSL timeout */
	}
}

static void got_rst(struct step *c)
{
	int y = !c->x;
	struct tcp_end *a = &c->e->end[y];
	const struct tcp_facts *t = &c->s->tcp;
	u32 low = a->has & HAS_ACKED ? a->acked : a->rcv_nxt;

	if (is_over(a) || a->state == TCPS_CLOSED || a->state == TCPS_LISTEN)
		return;
	if (a->state == TCPS_SYN_SENT) {
		if (!(t->flags & TCP_ACK) || !acks(a, t->ack)) {
			fault(c, TCP_FAULT_RST_IGNORED);
			return;
		}
	} else if ((a->has & TCP_VAR_RCV_NXT) &&
		   (seq_lt(t->seq, low) || seq_gt(t->seq, a->rcv_nxt))) {
		u32 wnd = a->has & TCP_VAR_RCV_WND ? a->rcv_wnd : 65535;
		bool in = seq_ge(t->seq, low) && seq_lt(t->seq, a->rcv_nxt + MAX(wnd, 1));

		fault(c, in ? TCP_FAULT_RST_NOT_EXACT : TCP_FAULT_RST_IGNORED);
		return;
	}
	a->over = a->began == BEGAN_PASSIVE && a->state == TCPS_SYN_RECEIVED ? TCPS_LISTEN
									     : TCPS_CLOSED;
	if (a->began == BEGAN_NOT)
		a->began = BEGAN_MID;
	arrive(c, y, TCP_ARR_RST);
	move(c, y, TCP_WHY_GOT_RST, c->s->number);
}

/* ---- a segment ---- */

static void expire(struct step *c)
{
	for (int i = 0; i < 2; i++) {
		struct tcp_end *a = &c->e->end[i];

		if (tcp_ends_at(c->e, i, c->s->ts, TCP_2MSL) == a->state)
			continue;
		a->level[TCP_ARR_RST] = NONE;
		a->over = TCPS_CLOSED;
		move(c, i, TCP_WHY_2MSL, 0);
	}
}

static void sent_plain(struct step *c)
{
	const struct tcp_facts *t = &c->s->tcp;

	end_handshake(c);
	if (t->flags & TCP_ACK) {
		tcp_end_ack(c);
		weigh_fin(c);
	}
	if (t->flags & TCP_FIN)
		sent_fin(c);
}

/* It speaks although a reset passed towards it: sent before that came, or it never did. */
static void sent_after_reset(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x];
	struct tcp_ends_out out = { .nedges = 0 };
	struct tcp_ends copy = *c->e;
	struct step trial = { .e = &copy, .s = c->s, .out = &out, .x = c->x };
	bool long_ago = a->since != NS_NONE && c->s->ts > a->since && !within(c, a, reset_flight);

	copy.end[c->x].level[TCP_ARR_RST] = DOUBT;
	copy.end[c->x].state = state_of(&copy.end[c->x], &copy.end[!c->x]);
	sent_plain(&trial);
	if (out.nedges > 0 || long_ago)
		take_back(c, c->x, TCP_ARR_RST);
	sent_plain(c);
	if (a->level[TCP_ARR_RST] != DOUBT)
		return;
	if (long_ago) {
		a->over = 0;
		return;
	}
	a->level[TCP_ARR_RST] = ASSUMED;
	move(c, c->x, TCP_WHY_GOT_RST, a->from[TCP_ARR_RST]);
}

/* A FIN that its own reset overtook. */
static void sent_before_reset(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x];
	u32 reset = a->packet;
	u8 over = a->over;

	if (!(c->s->tcp.flags & TCP_FIN) || (a->flags & F_FIN) ||
	    seq_ge(c->s->tcp.seq + c->s->len, a->snd_nxt))
		return;
	a->over = 0;
	move(c, c->x, TCP_WHY_TAKEN_BACK, c->s->number);
	sent_plain(c);
	a->over = over;
	move(c, c->x, TCP_WHY_SENT_RST, reset);
}

static void sent(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	const struct tcp_facts *t = &c->s->tcp;
	u32 end = segment_end(c->s);

	if (t->flags & TCP_RST) {
		sent_rst(c);
	} else if ((t->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		sent_syn(c);
	} else if (t->flags & TCP_SYN) {
		sent_syn_ack(c);
	} else if (a->over != 0 && a->level[TCP_ARR_RST] == ASSUMED) {
		sent_after_reset(c);
	} else if (a->over != 0 && a->why == TCP_WHY_SENT_RST) {
		sent_before_reset(c);
	} else {
		sent_plain(c);
	}
	if (!(t->flags & TCP_RST) && (!(a->has & TCP_VAR_SND_NXT) || seq_gt(end, a->snd_nxt))) {
		if (c->s->len > 0 && (a->has & TCP_VAR_SND_NXT))
			a->flags |= F_DATA;
		a->snd_nxt = end;
		a->has |= TCP_VAR_SND_NXT;
	}
	a->flags |= F_SPOKE;
	/* Whoever sends has not closed; whoever receives data knows that the other has not. */
	if ((a->flags & b->flags & F_DATA) && !((a->flags | b->flags) & F_FIN)) {
		a->flags &= (u16)~F_INFERRED;
		b->flags &= (u16)~F_INFERRED;
	}
}

static void got(struct step *c)
{
	struct tcp_end *a = &c->e->end[!c->x];
	u16 f = c->s->tcp.flags;

	if (f & TCP_RST) {
		got_rst(c);
		return;
	}
	if ((f & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		got_syn(c);
	else if (!is_over(a) && (f & TCP_SYN))
		got_syn_ack(c);
	else if (!is_over(a))
		got_plain(c);
	if (c->s->tcp.has_ts) {
		a->ts_recent = c->s->tcp.tsval;
		a->flags |= F_TS;
	}
}

static bool is_quiet(const struct tcp_end *a)
{
	const u8 has = TCP_VAR_SND_NXT | TCP_VAR_SND_UNA | TCP_VAR_RCV_NXT | HAS_ACKED;

	if (a->state != TCPS_ESTABLISHED || (a->flags & (F_FIN | F_IN_ORDER)) ||
	    (a->has & has) != has || a->over != 0)
		return false;
	for (int i = 0; i < TCP_ARR_COUNT; i++)
		if (a->level[i] == ASSUMED || a->level[i] == DOUBT)
			return false;
	return true;
}

static void note_quiet(struct tcp_ends *e)
{
	e->quiet = is_quiet(&e->end[0]) && is_quiet(&e->end[1]);
	for (int i = 0; e->quiet && i < 2; i++) {
		i8 mine = e->end[i].wscale, other = e->end[!i].wscale;

		e->end[i].shift = (i8)(mine == -1 || other == -1 ? 0
				       : mine < 0 || other < 0	 ? -1
								 : MIN(mine, 14));
	}
}

/* What an ordinary segment does to ordinary ends: the same as the long way, which takes over where
 * anything is unusual. */
static bool quick(struct tcp_ends *e, const struct segment *s)
{
	struct tcp_end *a = &e->end[s->side], *b = &e->end[!s->side];
	const struct tcp_facts *t = &s->tcp;
	u32 end = t->seq + s->len, wnd = 0;
	bool scaled = a->shift >= 0;

	if (!e->quiet || (t->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) != TCP_ACK ||
	    t->nsack > 0 || t->win == 0 || (s->len > 0 && !(a->flags & F_DATA)))
		return false;
	if (scaled)
		wnd = (u32)t->win << a->shift;
	if (seq_lt(t->ack, a->acked) || seq_gt(t->ack, a->rcv_nxt) || seq_gt(t->ack, b->snd_nxt) ||
	    seq_lt(t->ack, b->snd_una) ||
	    ((a->flags & F_RIGHT) && scaled && seq_lt(t->ack + wnd, a->right)) ||
	    ((b->flags & F_RIGHT) && s->len > 0 && seq_gt(end, b->right)))
		return false;
	a->acked = t->ack;
	if (scaled) {
		a->right = t->ack + wnd;
		a->rcv_wnd = wnd;
		a->has |= TCP_VAR_RCV_WND;
		a->flags |= F_RIGHT;
	}
	if (seq_gt(end, a->snd_nxt))
		a->snd_nxt = end;
	if (s->lost)
		return true;
	if (s->len > 0)
		tcp_end_arrival(b, t->seq, end);
	b->snd_una = t->ack;
	if (scaled) {
		b->snd_wnd = wnd;
		b->has |= TCP_VAR_SND_WND;
	}
	if (t->has_ts) {
		b->ts_recent = t->tsval;
		b->flags |= F_TS;
	}
	return true;
}

void tcp_ends_init(struct tcp_ends *e, const struct tcp_ends *before, bool swapped)
{
	e->quiet = false;
	for (int i = 0; i < 2; i++) {
		if (before != NULL)
			e->end[i] = before->end[swapped ? !i : i];
		else
			begin(&e->end[i], BEGAN_NOT);
	}
}

void tcp_ends_see(struct tcp_ends *e, const struct segment *s, struct tcp_ends_out *out)
{
	struct step c = { .e = e, .s = s, .out = out, .x = s->side };

	out->nedges = 0;
	out->faults = 0;
	if (quick(e, s)) {
		for (int i = 0; i < 2; i++) {
			out->state[i] = TCPS_ESTABLISHED;
			out->sure[i] = !(e->end[i].flags & F_INFERRED);
		}
		return;
	}
	expire(&c);
	tcp_fault_check(&c);
	sent(&c);
	if (!s->lost)
		got(&c);
	note_quiet(e);
	for (int i = 0; i < 2; i++) {
		out->state[i] = e->end[i].state;
		out->sure[i] = is_sure(&e->end[i]);
	}
}

void tcp_ends_now(const struct tcp_ends *e, struct tcp_ends_out *out)
{
	*out = (struct tcp_ends_out) { 0 };
	for (int i = 0; i < 2; i++) {
		out->state[i] = e->end[i].state;
		out->sure[i] = is_sure(&e->end[i]);
	}
}

enum tcp_state tcp_ends_at(const struct tcp_ends *e, int side, ns_t now, ns_t two_msl)
{
	const struct tcp_end *a = &e->end[side];

	if (a->state == TCPS_TIME_WAIT && a->since != NS_NONE && now != NS_NONE &&
	    now >= a->since && (u64)now - (u64)a->since >= (u64)two_msl)
		return TCPS_CLOSED;
	return a->state;
}

void tcp_ends_vars(const struct tcp_ends *e, int side, struct tcp_vars *v)
{
	const struct tcp_end *a = &e->end[side];

	v->iss = a->iss;
	v->irs = a->irs;
	v->snd_una = a->snd_una;
	v->snd_nxt = a->snd_nxt;
	v->snd_wnd = a->snd_wnd;
	v->rcv_nxt = a->rcv_nxt;
	v->rcv_wnd = a->rcv_wnd;
	v->known = a->has & (u8)~HAS_ACKED;
}

void tcp_ends_edge(const struct tcp_ends *e, int side, struct tcp_edge *x)
{
	const struct tcp_end *a = &e->end[side];

	*x = (struct tcp_edge) { .packet = a->packet,
				 .end = (u8)side,
				 .from = a->prev,
				 .to = a->state,
				 .why = a->why,
				 .sure = is_sure(a) };
}
