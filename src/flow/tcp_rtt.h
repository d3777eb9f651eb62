/* Round-trip times from a capture, and the retransmission timeout that follows from them (RFC 6298,
 * RFC 7323). Pure. */
#ifndef FLOW_TCP_RTT_H
#define FLOW_TCP_RTT_H

#include "base/types.h"

enum { TCP_RTT_TIMED = 64 };

#define TCP_RTT_CLOCK (1 * NS_PER_MS)	    /* G of RFC 6298: what the senders of today count in */
#define TCP_RTT_MIN (1 * NS_PER_S)	    /* RFC 6298 2.4 */
#define TCP_RTT_MIN_LINUX (200 * NS_PER_MS) /* TCP_RTO_MIN: what is added to SRTT at least */
#define TCP_RTT_MAX (120 * NS_PER_S)

/* The segments whose acknowledgment is timed, in the order of their numbers. When the list is full,
 * every second leaves it, and from then on only every second, fourth, ... new one enters, until
 * three quarters are free again. Grows from nothing. */
struct tcp_rtt {
	ns_t srtt, rttvar;   /* NS_NONE before the first sample */
	ns_t min, max, sum;  /* of the samples; sum is for the mean */
	ns_t last;	     /* sample */
	ns_t rto, rto_linux; /* as they follow from what stands above */
	u32 samples;
	u8 backoff; /* timeouts in a row: RTO doubles with each (5.5) */
	u8 stride;  /* log2: one of so many segments is timed */
	u8 n, cap;
	u32 skipped;
	struct tcp_rtt_timed {
		ns_t ts;
		u32 end; /* behind its last byte, raw */
	} * timed;
};

/* Nothing measured yet. */
void tcp_rtt_init(struct tcp_rtt *r);
void tcp_rtt_fini(struct tcp_rtt *r);
/* Makes `to`, which holds nothing yet, a copy of its own. */
void tcp_rtt_copy(struct tcp_rtt *to, const struct tcp_rtt *from);

/* A segment with new data that ends at `end` went out at ts. */
void tcp_rtt_sent(struct tcp_rtt *r, u32 end, ns_t ts);
/* left..right went out again: no acknowledgment of it can be timed (Karn's rule, RFC 6298 3). */
void tcp_rtt_again(struct tcp_rtt *r, u32 left, u32 right);
/* Everything below `una` is acknowledged at ts. The sample is that of the first timed segment among
 * the newly acknowledged, as a timestamp of RFC 7323 4.1 would give it; NS_NONE for none. What is
 * negative is none. */
ns_t tcp_rtt_acked(struct tcp_rtt *r, u32 una, ns_t ts);
/* Takes a sample into SRTT and RTTVAR (2.2, 2.3), and ends the backing off. */
void tcp_rtt_sample(struct tcp_rtt *r, ns_t sample);
/* The timer ran out (5.5). */
void tcp_rtt_timeout(struct tcp_rtt *r);

/* The timeout by the letter of the RFC: 1 s before the first sample and at the least; backing off
 * included. */
static inline ns_t tcp_rtt_rto(const struct tcp_rtt *r)
{
	return r->rto;
}
/* The same as Linux takes it: SRTT + max(200 ms, 4 RTTVAR). */
static inline ns_t tcp_rtt_rto_linux(const struct tcp_rtt *r)
{
	return r->rto_linux;
}

/* b - a, or NS_NONE where one of them is unknown or the span does not fit. */
static inline ns_t tcp_rtt_span(ns_t a, ns_t b)
{
	ns_t d;

	if (a == NS_NONE || b == NS_NONE || __builtin_sub_overflow(b, a, &d))
		return NS_NONE;
	return d;
}

#endif
