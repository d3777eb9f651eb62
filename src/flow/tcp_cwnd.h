/* A sender's congestion window as a capture lets it be guessed: the rules of RFC 5681 (and how
 * Linux applies them), put right by what the sender is seen to have in flight. In segments. Pure.
 */
#ifndef FLOW_TCP_CWND_H
#define FLOW_TCP_CWND_H

#include "base/types.h"

enum {
	TCP_CWND_INITIAL = 10, /* RFC 6928 */
	TCP_CWND_LEAST = 2,    /* of ssthresh: RFC 5681 (4) */
};
#define TCP_CWND_UNKNOWN UINT32_MAX /* no loss yet: ssthresh is arbitrarily high (RFC 5681 3.1) */

/* What keeps a sender from sending more. */
enum tcp_limit {
	TCP_LIMIT_UNKNOWN,
	TCP_LIMIT_APP,	/* it has nothing to say */
	TCP_LIMIT_RWND, /* the receiver's window is full */
	TCP_LIMIT_CWND, /* the network: its congestion window is full */
	TCP_LIMIT_COUNT
};

/* How much is left of cwnd after a loss, and whether slow start ends before the first. */
enum tcp_algorithm {
	TCP_ALGORITHM_CUBIC, /* 0.7, HyStart: RFC 9438, RFC 9406; what is assumed at first */
	TCP_ALGORITHM_RENO,  /* 0.5: RFC 5681 */
	TCP_ALGORITHM_COUNT
};

/* What the sender had done when the next acknowledgment came. */
struct tcp_burst {
	u32 una, nxt; /* raw */
	u32 flight,
		out;  /* in flight; all that is unacknowledged, what is sacked or lost included */
	bool sent;    /* something since the acknowledgment before */
	bool no_room; /* the receiver's window has no room for a full segment */
	bool more; /* the last segment was full, and acknowledgments make it send at once: more is
		      waiting */
};

struct tcp_cwnd {
	u32 cwnd, ssthresh;
	u32 prior_cwnd, prior_ssthresh; /* before the last reduction */
	u32 max_out;   /* the most that was out in this window (RFC 7661's idea, Linux's rule) */
	u32 usage_seq; /* where this window ends */
	u32 round_end, round_max;
	ns_t hy_start, hy_ack; /* HyStart's round: its begin, its last acknowledgment in a train */
	ns_t hy_min, hy_rtt;   /* the least round-trip time of all, and of this round; NS_NONE */
	u32 hy_end;	       /* where its round ends */
	u32 seen_acked, last_flight, last_acked; /* of the detector of growth */
	i64 seen_grown;
	u8 limit;     /* enum tcp_limit */
	u8 algorithm; /* enum tcp_algorithm: as was told, else as was last seen */
	bool told;
	u8 hy_samples;
	bool hy_done;	 /* HyStart has found its end, or there is none */
	bool full;	 /* cwnd was full some time in this window */
	bool round_sure; /* it was full all the time of this round */
	bool sure;	 /* it was full at the last acknowledgment */
	u8 round_bursts;
	bool settling; /* recovery is over, and what it left is to be seen */
};

/* What tcp_cwnd_burst() found. */
enum tcp_growth { TCP_GROWTH_SAME, TCP_GROWTH_ENDS, TCP_GROWTH_BEGINS };

void tcp_cwnd_init(struct tcp_cwnd *w);
/* The algorithm is known. */
void tcp_cwnd_tell(struct tcp_cwnd *w, enum tcp_algorithm a);

static inline bool tcp_cwnd_slow_start(const struct tcp_cwnd *w)
{
	return w->cwnd < w->ssthresh;
}

/* So much is in flight after sending a segment: cwnd is at least that. */
void tcp_cwnd_flight(struct tcp_cwnd *w, u32 flight);
/* An acknowledgment comes, no loss is being repaired: looks at what the one before made the sender
 * do. Finds out what limits it, lowers a cwnd that the sender does not use though it could, notices
 * that slow start has ended (as HyStart ends it, RFC 9406) or is going on. */
enum tcp_growth tcp_cwnd_burst(struct tcp_cwnd *w, const struct tcp_burst *b);
/* The other side said something while nothing was out. */
void tcp_cwnd_silent(struct tcp_cwnd *w);
/* `una` is being acknowledged, with this round-trip time (NS_NONE: not known). True where HyStart
 * ends slow start, as CUBIC has it in Linux: a round's acknowledgments come in a train of half a
 * round trip, or its first ones are late (RFC 9406 4.2). A sender without HyStart is found out by
 * its further growth. */
bool tcp_cwnd_hystart(struct tcp_cwnd *w, ns_t ts, u32 una, u32 nxt, ns_t rtt);
/* So many segments were delivered by an acknowledgment, no loss is being repaired: cwnd grows in
 * slow start, where it is used (RFC 5681 3.1). In congestion avoidance it is what is seen in flight
 * that grows. */
void tcp_cwnd_acked(struct tcp_cwnd *w, u32 segments);
/* The sender says something after `idle` of silence with nothing in flight: cwnd decays (RFC
 * 5681 4.1, RFC 2861). That a window that is not full decays too (RFC 2861) is not what Linux 6.18
 * was seen to do. */
void tcp_cwnd_idle(struct tcp_cwnd *w, ns_t idle, ns_t rto);
/* A loss: ssthresh is set (RFC 5681 (4), RFC 9438 4.6). */
void tcp_cwnd_reduce(struct tcp_cwnd *w);
/* Recovery is over: cwnd is ssthresh (RFC 6582 3.2, RFC 6937), and the next bursts show what that
 * is. */
void tcp_cwnd_recovered(struct tcp_cwnd *w);
/* The loss was none: all is as before (RFC 4015). */
void tcp_cwnd_undo(struct tcp_cwnd *w);

#endif
