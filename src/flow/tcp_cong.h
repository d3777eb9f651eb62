/* What the congestion control of one TCP sender is doing, from a capture alone: its phase, what
 * limits it, what it has in flight, round-trip times, and estimates of cwnd and ssthresh (RFC 5681,
 * 6298, 6582, 6675, 6937, 9438). Pure: feed it the segments of both sides in the order of the
 * capture.
 *
 * Seen from near the sender, an acknowledgment and what it makes the sender do stand side by side.
 * Seen from elsewhere, what is caused comes later: tcp_cong_point() tells by how much, and
 * acknowledgments then wait here until what the sender sends shows that they have arrived (by the
 * timestamp that it echoes, or by that time). Losses between the sender and the capture are holes
 * there, and their repair looks like new data: estimates are weaker. */
#ifndef FLOW_TCP_CONG_H
#define FLOW_TCP_CONG_H

#include "flow/segment.h"
#include "flow/tcp_board.h"
#include "flow/tcp_cwnd.h"
#include "flow/tcp_rtt.h"

#define TCP_CONG_UNKNOWN UINT32_MAX

enum tcp_phase {
	TCP_PHASE_NONE,	     /* it has sent nothing yet */
	TCP_PHASE_HANDSHAKE, /* its SYN is not acknowledged */
	TCP_PHASE_SLOW_START,
	TCP_PHASE_AVOIDANCE, /* congestion avoidance */
	TCP_PHASE_RECOVERY,  /* fast recovery */
	TCP_PHASE_LOSS,	     /* after a retransmission timeout, until all that was out then is
				acknowledged */
	TCP_PHASE_COUNT
};

/* Why the phase changed. */
enum tcp_phase_why {
	TCP_WHY_NONE,
	TCP_WHY_SYN,	     /* it sends its SYN */
	TCP_WHY_ESTABLISHED, /* its SYN is acknowledged */
	TCP_WHY_MIDSTREAM,   /* the capture begins inside the connection */
	TCP_WHY_DUPACKS,     /* the third duplicate acknowledgment (RFC 5681 3.2) */
	TCP_WHY_SACK,	   /* selective acknowledgments say that it is lost (RFC 6675, RFC 8985) */
	TCP_WHY_EARLY,	   /* sent again before the timer, with little evidence for a loss */
	TCP_WHY_TIMEOUT,   /* the retransmission timer ran out (RFC 6298 5.4) */
	TCP_WHY_RECOVERED, /* all that was out when the loss was found is acknowledged */
	TCP_WHY_UNDONE,	   /* nothing was lost: DSACK or timestamps say so (RFC 3708, RFC 3522) */
	TCP_WHY_SSTHRESH,  /* cwnd has reached ssthresh */
	TCP_WHY_NO_GROWTH, /* acknowledgments no longer let it send twice as much (RFC 9406) */
	TCP_WHY_GROWTH,	   /* they do again */
	TCP_WHY_IDLE,	   /* it had not used its window for some time (RFC 5681 4.1) */
	TCP_PHASE_WHY_COUNT
};

/* What is known behind a segment. Bytes; TCP_CONG_UNKNOWN where nobody can know. */
struct tcp_cong_out {
	u8 phase, was; /* enum tcp_phase, now and before this segment */
	u8 why;	       /* enum tcp_phase_why, where they differ or a second timeout came */
	u8 limit;      /* enum tcp_limit */
	bool again;    /* this segment carries what was sent before */
	bool probe;    /* and was sent to learn whether the last one arrived (RFC 8985 7) */
	u32 cause;     /* the packet that made the sender change its phase, where why is set: an
			  acknowledgment, or this one */
	u32 flight, cwnd, ssthresh, rwnd;
	ns_t rtt;	   /* the sample that this segment gave; NS_NONE for none */
	ns_t srtt, rttvar; /* NS_NONE before the first sample */
	ns_t rto;	   /* RFC 6298, at least 1 s */
	ns_t rto_linux;	   /* with its least of SRTT + 200 ms */
};

struct tcp_cong_late;

/* One sender. Copy it with tcp_cong_copy() only. */
struct tcp_cong {
	u8 side; /* whose segments its data are */
	u8 phase;
	bool open; /* una and nxt are known */
	bool sack, stamps;
	bool syn[2], last_full, sent, clocked, fin_sent;
	i8 wscale[2]; /* by side; -1 none */
	u8 dupacks, syns;
	u16 mss[2], max_len; /* mss: as the SYNs offer it */
	u16 full;	     /* bytes of a full segment */
	u64 per_full;	     /* 2^64 / full */
	u32 una, nxt, lost_to, recover;
	u32 fin; /* behind its FIN */
	u32 rwnd;
	u32 silent;	    /* bytes that were acknowledged since it last sent something */
	u32 again, dsacked; /* bytes of this recovery: sent again, and told to have come twice */
	u32 again_left;	    /* where the last segment that was sent again began */
	u32 again_tsval, tsval,
		first_tsval; /* first: of the first that was sent again in this recovery */
	bool first_told;
	u32 cause;	 /* packet number of the last acknowledgment */
	bool again_told; /* again_tsval can be told from that of the first sending */
	ns_t ack_ts, sent_ts, again_ts, lag;
	struct tcp_cwnd w;
	struct tcp_rtt rtt;
	struct tcp_board *board;    /* only while something is sacked or sent again */
	struct tcp_cong_late *late; /* only far from the sender */
	/* Totals: data that was acknowledged; data that was sent again; headers of all its
	 * segments. */
	u64 goodput, again_bytes, header_bytes;
	u64 sent_bytes; /* data, what was sent again included */
	u32 max_flight; /* bytes */
};

void tcp_cong_init(struct tcp_cong *c, int side);
void tcp_cong_fini(struct tcp_cong *c);
/* Makes `to`, which holds nothing yet, a copy of its own. */
void tcp_cong_copy(struct tcp_cong *to, const struct tcp_cong *from);

/* Bytes of it, all told. */
size_t tcp_cong_size(const struct tcp_cong *c);

/* An acknowledgment that passes the capture takes `lag` until what it makes the sender send passes
 * it: nothing near the sender, a round trip near the receiver (struct tcp_point knows). NS_NONE and
 * what is short counts as nothing. */
void tcp_cong_point(struct tcp_cong *c, ns_t lag);

/* Its algorithm is known from elsewhere (a lab names it, the kernel can be asked). Where a sender
 * is limited by its application or its receiver, nothing in a capture tells CUBIC from Reno; told
 * nothing, CUBIC is assumed. */
void tcp_cong_algorithm(struct tcp_cong *c, enum tcp_algorithm a);

/* One segment of either side. */
void tcp_cong_see(struct tcp_cong *c, const struct segment *s, struct tcp_cong_out *out);

/* What is known now, with nothing done. */
void tcp_cong_now(const struct tcp_cong *c, struct tcp_cong_out *out);

/* Bytes that the sender has in the network: what was sent and not acknowledged, less what is sacked
 * or held for lost, plus what was sent again (the pipe of RFC 6675). */
u32 tcp_cong_flight(const struct tcp_cong *c);

/* Data bytes of one full segment, as far as is known. */
u32 tcp_cong_mss(const struct tcp_cong *c);

/* "slow start", "the application", ... */
const char *tcp_phase_name(enum tcp_phase p);
const char *tcp_phase_why_name(enum tcp_phase_why w);
const char *tcp_limit_name(enum tcp_limit l);
const char *tcp_algorithm_name(enum tcp_algorithm a);

#endif
