/* The congestion window: growth, reduction, and the evidence for both. */
#include "flow/tcp_cwnd.h"

#include "flow/segment.h"
#include "flow/tcp_rtt.h"

enum {
	ROUND_BURSTS = 4,   /* bursts that make a round one to judge by */
	ACKED_LEAST = 8,    /* segments that must be acknowledged before growth is judged */
	GROWTH_ENDS = 40,   /* percent of them: less growth is none of slow start's */
	GROWTH_BEGINS = 75, /* more is none of congestion avoidance's: CUBIC stays below 50 */
	HY_LEAST = 16,	    /* HyStart waits for a cwnd of so many segments */
	HY_SAMPLES = 8,	    /* N_RTT_SAMPLE */
};
#define HY_GAP (2 * NS_PER_MS)	       /* acknowledgments of a train are not further apart */
#define HY_DELAY_LEAST (4 * NS_PER_MS) /* MIN_RTT_THRESH */
#define HY_DELAY_MOST (16 * NS_PER_MS) /* MAX_RTT_THRESH */

void tcp_cwnd_init(struct tcp_cwnd *w)
{
	*w = (struct tcp_cwnd) {
		.cwnd = TCP_CWND_INITIAL,
		.ssthresh = TCP_CWND_UNKNOWN,
		.prior_cwnd = TCP_CWND_INITIAL,
		.prior_ssthresh = TCP_CWND_UNKNOWN,
		.hy_start = NS_NONE,
		.hy_ack = NS_NONE,
		.hy_min = NS_NONE,
		.hy_rtt = NS_NONE,
	};
}

void tcp_cwnd_tell(struct tcp_cwnd *w, enum tcp_algorithm a)
{
	w->algorithm = (u8)a;
	w->told = true;
	w->hy_done |= a == TCP_ALGORITHM_RENO;
}

/* Percent of cwnd that is left after a loss. */
static u32 beta(enum tcp_algorithm a)
{
	return a == TCP_ALGORITHM_RENO ? 50 : 70;
}

static void learn(struct tcp_cwnd *w, enum tcp_algorithm a)
{
	if (!w->told)
		w->algorithm = (u8)a;
}

void tcp_cwnd_flight(struct tcp_cwnd *w, u32 flight)
{
	if (flight > w->cwnd)
		w->cwnd = flight;
}

static void forget_growth(struct tcp_cwnd *w)
{
	w->seen_acked = 0;
	w->seen_grown = 0;
}

static enum tcp_limit judge(const struct tcp_cwnd *w, const struct tcp_burst *b)
{
	if (b->no_room)
		return TCP_LIMIT_RWND;
	/* One less than cwnd: a sender may wait to send two at once. What says that more is waiting
	 * must say so for a while to be held against an estimate: full segments are also what an
	 * application's small writes end in (Nagle). */
	if (b->flight + 1 >= w->cwnd ||
	    (b->more && w->round_sure && w->round_bursts >= ROUND_BURSTS))
		return TCP_LIMIT_CWND;
	return TCP_LIMIT_APP;
}

/* A window that was full all the time shows how large it is when a round of it is over. */
static void end_round(struct tcp_cwnd *w, const struct tcp_burst *b)
{
	if (seq_lt(b->una, w->round_end))
		return;
	if (w->round_sure && w->round_bursts >= ROUND_BURSTS && w->round_max < w->cwnd) {
		if (!tcp_cwnd_slow_start(w)) /* which that does not make it again */
			w->ssthresh = MIN(w->ssthresh, MAX(w->round_max, TCP_CWND_LEAST));
		w->cwnd = MAX(w->round_max, 1);
	}
	w->round_end = b->nxt;
	w->round_max = 0;
	w->round_bursts = 0;
	w->round_sure = true;
}

static void settle(struct tcp_cwnd *w, u32 flight)
{
	u32 percent = w->prior_cwnd > 0 ? (u32)((u64)flight * 100 / w->prior_cwnd) : 0;

	if (flight < TCP_CWND_LEAST)
		return;
	/* Of small windows no share can be told. */
	if (w->prior_cwnd >= 10 && percent >= 40 && percent < 85)
		learn(w, percent < 60 ? TCP_ALGORITHM_RENO : TCP_ALGORITHM_CUBIC);
	w->cwnd = w->ssthresh = flight;
}

static enum tcp_growth watch_growth(struct tcp_cwnd *w, const struct tcp_burst *b)
{
	u32 least = MAX(ACKED_LEAST, w->cwnd / 8);
	bool guessed = w->prior_ssthresh == TCP_CWND_UNKNOWN; /* that slow start had ended */
	i64 grown, acked;

	w->seen_acked += w->last_acked;
	w->seen_grown += (i64)b->flight - w->last_flight;
	grown = w->seen_grown;
	acked = w->seen_acked;
	if (tcp_cwnd_slow_start(w)) {
		if (acked < least)
			return TCP_GROWTH_SAME;
		forget_growth(w);
		if (grown * 100 >= acked * GROWTH_ENDS)
			return TCP_GROWTH_SAME;
		w->cwnd = w->ssthresh = MAX(b->flight, TCP_CWND_LEAST);
		w->hy_done = true;
		return TCP_GROWTH_ENDS;
	}
	if (acked < 2 * (guessed ? ACKED_LEAST : least))
		return TCP_GROWTH_SAME;
	forget_growth(w);
	if (grown * 100 <= acked * GROWTH_BEGINS)
		return TCP_GROWTH_SAME;
	/* Before the first loss: it has no HyStart, so it is not CUBIC. */
	if (w->hy_done && guessed)
		learn(w, TCP_ALGORITHM_RENO);
	w->ssthresh = TCP_CWND_UNKNOWN;
	return TCP_GROWTH_BEGINS;
}

static void note_use(struct tcp_cwnd *w, const struct tcp_burst *b)
{
	bool full = w->limit == TCP_LIMIT_CWND;

	if (!b->sent && !full)
		return;
	if (seq_ge(b->una, w->usage_seq) || full || (!w->full && b->out > w->max_out)) {
		w->full = full;
		w->max_out = b->out;
		w->usage_seq = b->nxt;
	}
}

enum tcp_growth tcp_cwnd_burst(struct tcp_cwnd *w, const struct tcp_burst *b)
{
	enum tcp_growth g = TCP_GROWTH_SAME;
	bool sure;

	if (b->sent || b->out == 0)
		w->limit = (u8)judge(w, b);
	sure = !b->no_room && b->more;
	if (w->settling && b->sent) {
		w->settling = false;
		if (sure)
			settle(w, b->flight);
	}
	w->round_max = MAX(w->round_max, b->flight);
	w->round_sure &= sure;
	w->round_bursts += w->round_bursts < UINT8_MAX;
	end_round(w, b);
	if (sure && w->sure)
		g = watch_growth(w, b);
	else
		forget_growth(w);
	w->sure = sure;
	w->last_flight = b->flight;
	w->last_acked = 0;
	note_use(w, b);
	return g;
}

void tcp_cwnd_silent(struct tcp_cwnd *w)
{
	w->limit = TCP_LIMIT_APP;
	w->sure = false;
	w->round_sure = false;
	forget_growth(w);
}

bool tcp_cwnd_hystart(struct tcp_cwnd *w, ns_t ts, u32 una, u32 nxt, ns_t rtt)
{
	ns_t gap = tcp_rtt_span(w->hy_ack, ts), train;
	bool end = false;

	if (rtt == NS_NONE)
		return false;
	w->hy_min = w->hy_min == NS_NONE ? rtt : MIN(w->hy_min, rtt);
	if (w->hy_done || !tcp_cwnd_slow_start(w))
		return false;
	train = tcp_rtt_span(w->hy_start, ts);
	if (gap == NS_NONE || gap < 0 || train == NS_NONE || seq_gt(una, w->hy_end)) {
		w->hy_start = w->hy_ack = ts;
		w->hy_end = nxt;
		w->hy_rtt = rtt;
		w->hy_samples = 0;
		gap = train = 0;
	}
	if (w->cwnd < HY_LEAST)
		return false;
	if (gap <= HY_GAP) {
		w->hy_ack = ts;
		end = train > (w->hy_min + NS_PER_MS) / 2;
	}
	w->hy_rtt = MIN(w->hy_rtt, rtt);
	if (w->hy_samples < HY_SAMPLES)
		w->hy_samples++;
	else
		end |= w->hy_rtt > w->hy_min + CLAMP(w->hy_min / 8, HY_DELAY_LEAST, HY_DELAY_MOST);
	if (end) {
		w->hy_done = true;
		w->ssthresh = w->cwnd;
	}
	return end;
}

void tcp_cwnd_acked(struct tcp_cwnd *w, u32 n)
{
	w->last_acked += n;
	if (tcp_cwnd_slow_start(w) && (w->full || w->cwnd < 2 * w->max_out))
		w->cwnd += MIN(n, w->ssthresh - w->cwnd);
}

void tcp_cwnd_idle(struct tcp_cwnd *w, ns_t idle, ns_t rto)
{
	u32 cwnd = w->cwnd;

	if (rto <= 0 || idle <= rto)
		return;
	for (idle -= rto; idle > 0 && cwnd > TCP_CWND_INITIAL; idle -= rto)
		cwnd /= 2;
	cwnd = MAX(cwnd, MIN(w->cwnd, TCP_CWND_INITIAL));
	if (w->ssthresh != TCP_CWND_UNKNOWN) /* it remembers most of what there was */
		w->ssthresh = MAX(w->ssthresh, (u32)((u64)w->cwnd * 3 / 4));
	w->cwnd = cwnd;
	forget_growth(w);
}

void tcp_cwnd_reduce(struct tcp_cwnd *w)
{
	w->prior_cwnd = w->cwnd;
	w->prior_ssthresh = w->ssthresh;
	w->ssthresh = MAX((u32)((u64)w->cwnd * beta(w->algorithm) / 100), TCP_CWND_LEAST);
	w->settling = false;
	forget_growth(w);
}

void tcp_cwnd_recovered(struct tcp_cwnd *w)
{
	w->cwnd = w->ssthresh;
	w->settling = true;
	w->sure = false;
	w->round_sure = false;
	forget_growth(w);
}

void tcp_cwnd_undo(struct tcp_cwnd *w)
{
	w->cwnd = MAX(w->cwnd, w->prior_cwnd);
	w->ssthresh = w->prior_ssthresh;
	w->settling = false;
	w->sure = false;
	w->round_sure = false;
	forget_growth(w);
}
