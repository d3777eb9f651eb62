/* Congestion control seen from outside: what the sender's segments and the acknowledgments for them
 * tell. */
#include "flow/tcp_cong.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum {
	LATE_MAX = 64,
	LATE_LEAST = 4,	   /* LATE_MAX is this times a power of two */
	DUPTHRESH = 3,	   /* RFC 5681 3.2, RFC 6675 */
	MSS_DEFAULT = 536, /* RFC 9293 3.7.1 */
	MSS_GUESS = 1460,  /* the most that is believed where no handshake was seen */
	STAMP_OPTION = 12, /* bytes of each segment that timestamps take */
	ROOM = 3,
	LEN_MAX = 1 << 24, /* longer is no segment, offloaded or not */
	FAR = 1 << 30,	   /* no window is larger (RFC 7323 2.3) */
};
#define AT_ONCE (20 * NS_PER_US)
#define LAG_LEAST (2 * NS_PER_MS) /* less is as good as none */

/* An acknowledgment that is still on its way to the sender. */
struct late_ack {
	ns_t ts;
	u32 number, ack, tsval, tsecr, rwnd;
	u8 nsack, has_ts, data;
	u32 sack[PKT_SACKS][2];
};

/* First in, first out. When it is full, every second leaves it, and from then on only every second,
 * fourth, ... enters, until three quarters are free again: the one behind it says the same and
 * more. Grows from a few, as most connections have few acknowledgments on their way. */
struct tcp_cong_late {
	u8 n, cap, stride; /* stride: log2 */
	u32 skipped;
	struct late_ack a[];
};

static size_t late_size(u8 cap)
{
	return sizeof(struct tcp_cong_late) + cap * sizeof(struct late_ack);
}

/* What a full segment holds has changed, or is known now. */
static void set_mss(struct tcp_cong *c)
{
	u32 mss = MSS_GUESS;

	if (c->syn[0] && c->syn[1]) {
		mss = MIN(c->mss[0] ? c->mss[0] : MSS_DEFAULT, c->mss[1] ? c->mss[1] : MSS_DEFAULT);
		if (c->stamps)
			mss -= MIN(mss, STAMP_OPTION);
		mss = MAX(mss, 2);
	} else if (c->max_len > 1) {
		mss = MIN(c->max_len, MSS_GUESS);
	}
	c->full = (u16)mss;
	c->per_full = UINT64_MAX / mss + 1;
}

void tcp_cong_init(struct tcp_cong *c, int side)
{
	*c = (struct tcp_cong) {
		.side = (u8)side,
		.wscale = { -1, -1 },
		.ack_ts = NS_NONE,
		.sent_ts = NS_NONE,
		.again_ts = NS_NONE,
		.rwnd = TCP_CONG_UNKNOWN,
	};
	tcp_cwnd_init(&c->w);
	tcp_rtt_init(&c->rtt);
	set_mss(c);
}

void tcp_cong_fini(struct tcp_cong *c)
{
	tcp_rtt_fini(&c->rtt);
	free(c->board);
	free(c->late);
	c->board = NULL;
	c->late = NULL;
}

void tcp_cong_copy(struct tcp_cong *to, const struct tcp_cong *from)
{
	*to = *from;
	tcp_rtt_copy(&to->rtt, &from->rtt);
	if (from->board != NULL) {
		to->board = xmalloc(sizeof *to->board);
		*to->board = *from->board;
	}
	if (from->late != NULL) {
		to->late = xmalloc(late_size(from->late->cap));
		memcpy(to->late, from->late, late_size(from->late->cap));
	}
}

size_t tcp_cong_size(const struct tcp_cong *c)
{
	return sizeof *c + c->rtt.cap * sizeof *c->rtt.timed +
	       (c->board != NULL ? sizeof *c->board : 0) +
	       (c->late != NULL ? late_size(c->late->cap) : 0);
}

void tcp_cong_point(struct tcp_cong *c, ns_t lag)
{
	c->lag = lag == NS_NONE || lag < LAG_LEAST ? 0 : lag;
}

void tcp_cong_algorithm(struct tcp_cong *c, enum tcp_algorithm a)
{
	tcp_cwnd_tell(&c->w, a);
}

/* ---- numbers ---- */

u32 tcp_cong_mss(const struct tcp_cong *c)
{
	return c->full;
}

/* bytes / mss, rounded up; bytes below 2^32 - mss. A multiplication: this is asked several times a
 * segment. */
static u32 segments(const struct tcp_cong *c, u32 bytes)
{
	return (u32)((unsigned __int128)((u64)bytes + c->full - 1) * c->per_full >> 64);
}

u32 tcp_cong_flight(const struct tcp_cong *c)
{
	u32 from = seq_gt(c->lost_to, c->una) ? c->lost_to : c->una;

	return c->board == NULL ? c->nxt - from : tcp_board_pipe(c->board, from, c->nxt);
}

/* Without SACK each duplicate acknowledgment tells of one segment that has arrived (RFC 5681 3.2,
 * NewReno). */
static u32 flight(const struct tcp_cong *c)
{
	u32 n;

	if (c->board == NULL && c->dupacks == 0 && seq_le(c->lost_to, c->una))
		return c->nxt - c->una;
	n = tcp_cong_flight(c);
	if (!c->sack && c->dupacks > 0)
		n -= MIN(n, c->dupacks * tcp_cong_mss(c));
	return n;
}

static struct tcp_board *board(struct tcp_cong *c)
{
	if (c->board == NULL)
		c->board = xcalloc(1, sizeof *c->board);
	return c->board;
}

static bool repairing(const struct tcp_cong *c)
{
	return c->phase == TCP_PHASE_RECOVERY || c->phase == TCP_PHASE_LOSS;
}

static void enter(struct tcp_cong *c, struct tcp_cong_out *o, enum tcp_phase p,
		  enum tcp_phase_why why, u32 cause)
{
	c->phase = (u8)p;
	o->why = (u8)why;
	o->cause = cause;
}

/* Slow start or congestion avoidance, by cwnd and ssthresh. */
static void enter_open(struct tcp_cong *c, struct tcp_cong_out *o, enum tcp_phase_why why,
		       u32 cause)
{
	enum tcp_phase p = tcp_cwnd_slow_start(&c->w) ? TCP_PHASE_SLOW_START : TCP_PHASE_AVOIDANCE;

	if (c->phase != p)
		enter(c, o, p, why, cause);
}

/* Numbers begin here: at a SYN, in the middle of a connection, or anew where they jump. */
static void begin(struct tcp_cong *c, u32 una)
{
	c->open = true;
	c->una = c->nxt = c->lost_to = c->recover = una;
	c->dupacks = 0;
	c->w.round_end = c->w.usage_seq = una;
	tcp_rtt_again(&c->rtt, una - FAR, una + FAR);
	free(c->board);
	c->board = NULL;
}

/* ---- what it sends ---- */

static void see_syn(struct tcp_cong *c, const struct segment *s)
{
	int side = s->side & 1;

	c->syn[side] = true;
	c->mss[side] = s->tcp.mss;
	c->wscale[side] = s->tcp.wscale;
	/* What the answer does not repeat is not used. */
	if ((s->tcp.flags & TCP_ACK) || !c->syn[!side]) {
		c->sack = s->tcp.sack_ok;
		c->stamps = s->tcp.has_ts;
	}
	set_mss(c);
}

/* Whether a retransmission was made by a timer: nothing happened for a good part of a round trip.
 */
static bool by_timer(const struct tcp_cong *c, ns_t ts)
{
	ns_t a = tcp_rtt_span(c->ack_ts, ts), b = tcp_rtt_span(c->sent_ts, ts);
	ns_t quiet = a == NS_NONE ? b : b == NS_NONE ? a : MIN(a, b);
	ns_t srtt = c->rtt.srtt == NS_NONE ? 200 * NS_PER_MS : c->rtt.srtt;

	return quiet != NS_NONE && quiet > srtt / 2 + 2 * NS_PER_MS;
}

static void begin_recovery(struct tcp_cong *c, struct tcp_cong_out *o, enum tcp_phase_why why,
			   u32 cause)
{
	tcp_cwnd_reduce(&c->w);
	c->recover = c->nxt;
	c->again = c->dsacked = 0;
	c->first_told = false;
	enter(c, o, TCP_PHASE_RECOVERY, why, cause);
}

static void recovery(struct tcp_cong *c, const struct segment *s, u32 right, struct tcp_cong_out *o)
{
	u32 sacked = c->board != NULL ? tcp_board_bytes(c->board, BOARD_SACKED, c->una, c->nxt) : 0;
	enum tcp_phase_why why = sacked > 0		   ? TCP_WHY_SACK
				 : c->dupacks >= DUPTHRESH ? TCP_WHY_DUPACKS
							   : TCP_WHY_EARLY;

	c->lost_to = sacked > 0 ? tcp_board_top(c->board, c->una) : right;
	begin_recovery(c, o, why, c->ack_ts == NS_NONE ? s->number : c->cause);
}

static void timeout(struct tcp_cong *c, const struct segment *s, struct tcp_cong_out *o)
{
	/* ssthresh is reduced once for a window (RFC 5681 3.1). */
	if (c->phase != TCP_PHASE_RECOVERY && !(c->phase == TCP_PHASE_LOSS && c->rtt.backoff > 0)) {
		tcp_cwnd_reduce(&c->w);
		c->again = c->dsacked = 0;
		c->first_told = false;
	}
	tcp_rtt_timeout(&c->rtt);
	if (c->board != NULL)
		tcp_board_forget_again(c->board);
	c->recover = c->lost_to = c->nxt;
	c->dupacks = 0;
	c->w.cwnd = 1;
	enter(c, o, TCP_PHASE_LOSS, TCP_WHY_TIMEOUT, s->number);
}

/* A tail loss probe sends the last segment again, or the only one when its timer would come later
 * than this (RFC 8985 7). */
static bool is_probe(const struct tcp_cong *c, const struct segment *s)
{
	ns_t quiet = tcp_rtt_span(c->sent_ts, s->ts);

	if (repairing(c) || segment_end(s) != c->nxt || !c->sack)
		return false;
	return s->tcp.seq != c->una || quiet < tcp_rtt_rto_linux(&c->rtt) * 9 / 10;
}

static void send_again(struct tcp_cong *c, const struct segment *s, struct tcp_cong_out *o)
{
	u32 left = s->tcp.seq, right = segment_end(s);
	bool timer = by_timer(c, s->ts), was = repairing(c), lost_again;

	c->again_bytes += s->len;
	o->again = true;
	if (seq_le(right, c->una) || c->phase == TCP_PHASE_HANDSHAKE)
		return;
	if (seq_lt(left, c->una))
		left = c->una;
	if (seq_gt(right, c->nxt))
		right = c->nxt;
	/* It goes back to what it has sent again already: that was lost too, and all that went out
	 * in the same pass. */
	lost_again = repairing(c) && c->sack && c->board != NULL && seq_le(left, c->again_left) &&
		     tcp_board_bytes(c->board, BOARD_AGAIN, left, right) > 0;
	c->again_left = left;
	if (timer && is_probe(c, s))
		o->probe = true;
	else if (timer)
		timeout(c, s, o);
	else if (!repairing(c) || (lost_again && c->phase == TCP_PHASE_LOSS))
		recovery(c, s, right, o);
	if (lost_again)
		tcp_board_forget_again(c->board);
	tcp_rtt_again(&c->rtt, left, right);
	/* Where nothing else was sent again, the first acknowledgment tells which of the two
	 * sendings it is for. */
	if (!was && repairing(c) && s->tcp.has_ts &&
	    tcp_board_bytes(board(c), BOARD_AGAIN, c->una, c->nxt) == 0) {
		c->first_told = true;
		c->first_tsval = s->tcp.tsval;
	}
	c->again += tcp_board_add(board(c), left, right, BOARD_AGAIN);
	c->again_ts = s->ts;
	c->again_told = s->tcp.has_ts && seq_gt(s->tcp.tsval, c->tsval);
	c->again_tsval = s->tcp.tsval;
}

static void send_new(struct tcp_cong *c, const struct segment *s, struct tcp_cong_out *o)
{
	ns_t idle = tcp_rtt_span(c->sent_ts, s->ts);

	if (c->una == c->nxt && !repairing(c) && c->phase >= TCP_PHASE_SLOW_START &&
	    idle != NS_NONE) {
		tcp_cwnd_idle(&c->w, idle, tcp_rtt_rto_linux(&c->rtt));
		enter_open(c, o, TCP_WHY_IDLE, s->number);
	}
	c->nxt = segment_end(s);
	tcp_rtt_sent(&c->rtt, c->nxt, s->ts);
	if (s->tcp.has_ts)
		c->tsval = s->tcp.tsval;
}

/* Whether an acknowledgment made it send this, and not its application. */
static bool is_clocked(const struct tcp_cong *c, ns_t ts)
{
	ns_t wait = tcp_rtt_span(c->ack_ts, ts), most = NS_PER_MS;

	if (c->rtt.srtt != NS_NONE)
		most = MAX(most, c->rtt.srtt / (c->lag > 0 ? 2 : 8));
	return wait != NS_NONE && wait <= most;
}

static void see_sent(struct tcp_cong *c, const struct segment *s, struct tcp_cong_out *o)
{
	u32 end = segment_end(s), mss;

	c->header_bytes += s->header;
	c->sent_bytes += s->len;
	if (s->tcp.flags & TCP_SYN) {
		see_syn(c, s);
		if (!c->open || c->phase == TCP_PHASE_NONE || s->tcp.seq != c->una) {
			begin(c, s->tcp.seq);
			enter(c, o, TCP_PHASE_HANDSHAKE, TCP_WHY_SYN, s->number);
		} else if (c->syns < UINT8_MAX) {
			c->syns++;
		}
	}
	if (end == s->tcp.seq || s->len > LEN_MAX)
		return;
	if (s->tcp.flags & TCP_FIN) {
		c->fin_sent = true;
		c->fin = end;
	}
	if (c->max_len < s->len) {
		c->max_len = (u16)MIN(s->len, UINT16_MAX);
		set_mss(c);
	}
	if (!c->open || c->phase == TCP_PHASE_NONE || s->tcp.seq - c->una + FAR >= 2u * FAR) {
		begin(c, s->tcp.seq);
		enter_open(c, o, TCP_WHY_MIDSTREAM, s->number);
	}
	if (seq_lt(s->tcp.seq, c->una) || seq_lt(s->tcp.seq, c->nxt))
		send_again(c, s, o);
	if (seq_gt(end, c->una) && seq_gt(end, c->nxt))
		send_new(c, s, o);
	mss = tcp_cong_mss(c);
	/* PSH tells nothing: Linux sets it on the last segment of every piece that it hands to the
	 * device. */
	c->last_full = s->len == mss || (s->len > mss && s->len % mss == 0);
	c->silent = 0;
	if (!c->sent)
		c->clocked = is_clocked(c, s->ts);
	c->sent_ts = s->ts;
	c->sent = true;
	if (c->phase > TCP_PHASE_HANDSHAKE)
		tcp_cwnd_flight(&c->w, segments(c, flight(c)));
}

/* ---- what comes back ---- */

/* The sender did what it could with the acknowledgment before this one. */
static void look_at_burst(struct tcp_cong *c, struct tcp_cong_out *o)
{
	u32 out = c->nxt - c->una, mss = tcp_cong_mss(c), fly = flight(c);
	struct tcp_burst b = {
		.una = c->una,
		.nxt = c->nxt,
		.flight = segments(c, fly),
		.out = segments(c, out),
		.sent = c->sent,
		/* Senders wait for room for two or three segments. */
		.no_room = c->rwnd != TCP_CONG_UNKNOWN && out + ROOM * mss > c->rwnd,
		.more = c->last_full && c->clocked && c->silent <= MAX(2 * mss, c->max_len),
	};

	switch (tcp_cwnd_burst(&c->w, &b)) {
	case TCP_GROWTH_SAME: break;
	case TCP_GROWTH_ENDS: enter_open(c, o, TCP_WHY_NO_GROWTH, c->cause); break;
	case TCP_GROWTH_BEGINS: enter_open(c, o, TCP_WHY_GROWTH, c->cause); break;
	}
}

/* Takes the SACK blocks; returns the bytes that they newly tell of. */
static u32 see_sacks(struct tcp_cong *c, const struct late_ack *a)
{
	u32 fresh = 0;

	for (u8 i = 0; i < a->nsack; i++) {
		u32 left = a->sack[i][0], right = a->sack[i][1];

		if (seq_ge(left, right))
			continue;
		/* The first block can tell of what came twice (RFC 2883 4). */
		if (i == 0 &&
		    (seq_le(right, a->ack) || (a->nsack > 1 && seq_ge(left, a->sack[1][0]) &&
					       seq_le(right, a->sack[1][1])))) {
			c->dsacked += right - left;
			continue;
		}
		if (left - c->una < right - c->una && right - c->una <= c->nxt - c->una)
			fresh += tcp_board_add(board(c), left, right, BOARD_SACKED);
	}
	if (fresh > 0 && repairing(c) && c->board != NULL) {
		u32 top = tcp_board_top(c->board, c->una);

		if (seq_gt(top, c->lost_to))
			c->lost_to = top;
	}
	return fresh;
}

static ns_t measure(struct tcp_cong *c, const struct late_ack *a, ns_t ts)
{
	ns_t sample = tcp_rtt_acked(&c->rtt, a->ack, ts);

	/* What went out twice can be timed where the timestamp tells the sendings apart (RFC
	 * 7323 4.1). */
	if (sample == NS_NONE && c->again_told && a->has_ts && c->again_ts != NS_NONE &&
	    a->tsecr == c->again_tsval) {
		sample = tcp_rtt_span(c->again_ts, ts);
		c->again_told = false;
		if (sample != NS_NONE && sample < 0)
			sample = NS_NONE;
	}
	return sample;
}

/* All of the retransmissions were needless: each came twice (RFC 3708), or the first acknowledgment
 * for them echoes an older timestamp: it was made by what had gone out first (RFC 3522). */
static bool was_needless(struct tcp_cong *c, const struct late_ack *a, bool forward)
{
	bool older = c->first_told && forward && a->has_ts && seq_lt(a->tsecr, c->first_tsval);

	if (forward)
		c->first_told = false;
	return older || (c->again > 0 && c->dsacked >= c->again);
}

static void undo(struct tcp_cong *c, struct tcp_cong_out *o)
{
	tcp_cwnd_undo(&c->w);
	c->lost_to = c->una;
	if (c->board != NULL)
		tcp_board_forget_again(c->board);
	enter_open(c, o, TCP_WHY_UNDONE, c->cause);
}

static void end_repair(struct tcp_cong *c, struct tcp_cong_out *o)
{
	bool was_recovery = c->phase == TCP_PHASE_RECOVERY;

	if (was_recovery)
		tcp_cwnd_recovered(&c->w);
	enter_open(c, o, TCP_WHY_RECOVERED, c->cause);
	/* Of what went out since, something is lost too: the next recovery begins at once, though
	 * that may have been sent again already. */
	if (was_recovery && c->sack && seq_gt(c->lost_to, c->una) && c->board != NULL &&
	    tcp_board_bytes(c->board, BOARD_SACKED, c->una, c->nxt) > 0)
		begin_recovery(c, o, TCP_WHY_SACK, c->cause);
}

/* Without SACK one more must be acknowledged, lest what was sent again for nothing begins another
 * recovery (RFC 6582 4.1). */
static bool is_repaired(const struct tcp_cong *c)
{
	return c->sack || c->phase == TCP_PHASE_LOSS ? seq_ge(c->una, c->recover)
						     : seq_gt(c->una, c->recover);
}

/* Where only some segments are timed, the last sample stands for those between. */
static ns_t known_rtt(const struct tcp_cong *c, ns_t rtt)
{
	return rtt == NS_NONE && c->rtt.stride > 0 ? c->rtt.last : rtt;
}

static void forward(struct tcp_cong *c, const struct late_ack *a, ns_t ts, u32 fresh,
		    struct tcp_cong_out *o)
{
	u32 acked = a->ack - c->una;
	enum tcp_phase was = c->phase;

	o->rtt = measure(c, a, ts);
	if (o->rtt != NS_NONE)
		tcp_rtt_sample(&c->rtt, o->rtt);
	c->goodput += acked - (c->fin_sent && a->ack == c->fin); /* a FIN is no data */
	if (c->board != NULL) {
		acked -= tcp_board_bytes(c->board, BOARD_SACKED, c->una, a->ack);
		tcp_board_advance(c->board, a->ack);
	}
	c->silent += acked + fresh;
	c->una = a->ack;
	c->dupacks = 0;
	if (seq_gt(c->una, c->nxt))
		c->nxt = c->una;
	if (was == TCP_PHASE_RECOVERY && !c->sack && seq_lt(c->una, c->recover))
		c->lost_to =
			c->una + MIN(tcp_cong_mss(c),
				     c->nxt - c->una); /* a partial acknowledgment (RFC 6582 3.2) */
	if (seq_lt(c->lost_to, c->una))
		c->lost_to = c->una;
	if (was == TCP_PHASE_HANDSHAKE) {
		c->goodput = 0;
		if (c->syns > 1)
			c->w.cwnd = 1;
		enter_open(c, o, TCP_WHY_ESTABLISHED, a->number);
	} else if (repairing(c) && is_repaired(c)) {
		end_repair(c, o);
	} else if (was == TCP_PHASE_SLOW_START || was == TCP_PHASE_AVOIDANCE) {
		if (tcp_cwnd_hystart(&c->w, ts, c->una, c->nxt, known_rtt(c, o->rtt)))
			enter_open(c, o, TCP_WHY_NO_GROWTH, a->number);
		tcp_cwnd_acked(&c->w, segments(c, acked + fresh));
		enter_open(c, o, TCP_WHY_SSTHRESH, a->number);
	}
	if (c->board != NULL && c->board->n == 0 && !repairing(c)) {
		free(c->board);
		c->board = NULL;
	}
}

/* An acknowledgment has reached the sender. */
static void arrive(struct tcp_cong *c, const struct late_ack *a, ns_t ts, struct tcp_cong_out *o)
{
	u32 fresh;
	bool moved, at_once;

	c->cause = a->number;
	if (a->ack - c->una >= FAR)
		return; /* old, or it acknowledges what nobody sent */
	/* Several at once, as a loaded host takes them: the sender answers all of them together. */
	at_once = !c->sent && ts != NS_NONE && c->ack_ts != NS_NONE && ts >= c->ack_ts &&
		  (u64)ts - (u64)c->ack_ts < AT_ONCE;
	if (!repairing(c) && c->phase >= TCP_PHASE_SLOW_START && !at_once)
		look_at_burst(c, o);
	c->sent = false;
	fresh = see_sacks(c, a);
	moved = a->ack != c->una;
	/* What was needless must be known before it counts as repaired. */
	if (moved && repairing(c) && was_needless(c, a, true))
		undo(c, o);
	if (moved) {
		forward(c, a, ts, fresh, o);
	} else if (c->una != c->nxt && !a->data && (fresh > 0 || a->rwnd == c->rwnd) &&
		   c->dupacks < UINT8_MAX) {
		c->dupacks++;
	}
	c->rwnd = a->rwnd;
	c->ack_ts = ts;
	if (repairing(c) && was_needless(c, a, false))
		undo(c, o);
	else if (repairing(c))
		c->w.cwnd = MAX(segments(c, flight(c)), 1);
}

/* ---- far from the sender ---- */

static void wait(struct tcp_cong *c, const struct late_ack *a)
{
	struct tcp_cong_late *q = c->late;
	bool first_sack;

	if (q == NULL)
		q = c->late = xcalloc(1, late_size(0));
	if (q->n <= LATE_MAX / 4 && q->stride > 0)
		q->stride--;
	first_sack = a->nsack > 0 && (q->n == 0 || q->a[q->n - 1].nsack == 0);
	if (++q->skipped < 1u << q->stride && !first_sack)
		return;
	q->skipped = 0;
	if (q->n == LATE_MAX) {
		for (u8 i = 0; i < LATE_MAX / 2; i++)
			q->a[i] = q->a[2 * i + 1];
		q->n = LATE_MAX / 2;
		q->stride += q->stride < 24;
	}
	if (q->n == q->cap) {
		q->cap = q->cap == 0 ? LATE_LEAST : (u8)(q->cap * 2);
		q = c->late = xrealloc(q, late_size(q->cap));
	}
	q->a[q->n++] = *a;
}

/* When an acknowledgment reached the sender: what shows it comes later where the sender had nothing
 * to send. */
static ns_t must_have_come(const struct tcp_cong *c, const struct late_ack *a, ns_t seen)
{
	ns_t way = MAX(c->lag, c->rtt.srtt), ts;

	return __builtin_add_overflow(a->ts, way, &ts) || seen == NS_NONE ? seen : MIN(ts, seen);
}

/* Acknowledgments that must have arrived when the sender sent s (or, of the other side's segments,
 * by now). */
static void release(struct tcp_cong *c, const struct segment *s, struct tcp_cong_out *o)
{
	struct tcp_cong_late *q = c->late;
	u8 n = 0;

	for (; q != NULL && n < q->n; n++) {
		const struct late_ack *a = &q->a[n];
		ns_t age = tcp_rtt_span(a->ts, s->ts);
		bool echoed = s->side == c->side && s->tcp.has_ts && a->has_ts;

		if (age == NS_NONE || age < 0 || age > 4 * c->lag + NS_PER_S ||
		    (echoed ? seq_ge(s->tcp.tsecr, a->tsval) : age >= c->lag && !c->stamps)) {
			arrive(c, a, s->ts, o);
			c->ack_ts = must_have_come(c, a, s->ts);
			continue;
		}
		break;
	}
	if (n > 0) {
		q->n = (u8)(q->n - n);
		memmove(q->a, q->a + n, q->n * sizeof *q->a);
	}
}

/* The other side speaks, and this one had nothing out: the usual case for who only listens. */
static void nothing_new(struct tcp_cong *c, const struct segment *s, u32 rwnd)
{
	c->cause = s->number;
	c->rwnd = rwnd;
	c->ack_ts = s->ts;
	c->sent = false;
	tcp_cwnd_silent(&c->w);
}

static void see_ack(struct tcp_cong *c, const struct segment *s, struct tcp_cong_out *o)
{
	bool syn = s->tcp.flags & TCP_SYN;
	struct late_ack a;

	if (syn)
		see_syn(c, s);
	if (!(s->tcp.flags & TCP_ACK) || s->lost)
		return;
	if (!c->open)
		return;
	a.rwnd = s->tcp.win;
	if (!syn && c->wscale[0] >= 0 && c->wscale[1] >= 0)
		a.rwnd <<= MIN(c->wscale[s->side & 1], 14);
	if (!syn && !(c->syn[0] && c->syn[1]))
		a.rwnd = TCP_CONG_UNKNOWN;
	if (c->una == c->nxt && s->tcp.ack == c->una && c->phase > TCP_PHASE_HANDSHAKE &&
	    c->lag == 0 && !repairing(c)) {
		nothing_new(c, s, a.rwnd);
		return;
	}
	a.ts = s->ts;
	a.number = s->number;
	a.ack = s->tcp.ack;
	a.tsval = s->tcp.tsval;
	a.tsecr = s->tcp.tsecr;
	a.has_ts = s->tcp.has_ts;
	a.nsack = MIN(s->tcp.nsack, PKT_SACKS);
	a.data = s->len > 0;
	for (u8 i = 0; i < a.nsack; i++) {
		a.sack[i][0] = s->tcp.sack[i].left;
		a.sack[i][1] = s->tcp.sack[i].right;
	}
	if (c->lag > 0 && c->phase > TCP_PHASE_HANDSHAKE)
		wait(c, &a);
	else
		arrive(c, &a, s->ts, o);
}

static u32 bytes(const struct tcp_cong *c, u32 segs)
{
	u64 n = (u64)segs * tcp_cong_mss(c);

	return segs == TCP_CWND_UNKNOWN || n >= TCP_CONG_UNKNOWN ? TCP_CONG_UNKNOWN : (u32)n;
}

/* What is known, whatever the last segment did. */
static void tell(const struct tcp_cong *c, struct tcp_cong_out *o)
{
	bool known = c->phase > TCP_PHASE_HANDSHAKE;

	o->phase = c->phase;
	o->limit = c->w.limit;
	o->flight = flight(c);
	o->cwnd = known ? bytes(c, c->w.cwnd) : TCP_CONG_UNKNOWN;
	o->ssthresh = known ? bytes(c, c->w.ssthresh) : TCP_CONG_UNKNOWN;
	o->rwnd = c->rwnd;
	o->srtt = c->rtt.srtt;
	o->rttvar = c->rtt.rttvar;
	o->rto = tcp_rtt_rto(&c->rtt);
	o->rto_linux = tcp_rtt_rto_linux(&c->rtt);
}

void tcp_cong_now(const struct tcp_cong *c, struct tcp_cong_out *o)
{
	*o = (struct tcp_cong_out) { .was = c->phase, .rtt = NS_NONE };
	tell(c, o);
}

void tcp_cong_see(struct tcp_cong *c, const struct segment *s, struct tcp_cong_out *o)
{
	*o = (struct tcp_cong_out) { .was = c->phase, .rtt = NS_NONE };
	if (c->late != NULL && c->late->n > 0)
		release(c, s, o);
	if (s->side == c->side)
		see_sent(c, s, o);
	else
		see_ack(c, s, o);
	tell(c, o);
	if (c->max_flight < o->flight)
		c->max_flight = o->flight;
}
