/* One TCP segment as the trackers read it: raw facts, whose it is, and arithmetic on its numbers.
 */
#ifndef FLOW_SEGMENT_H
#define FLOW_SEGMENT_H

#include "packet/pkt.h"

struct segment {
	u32 number; /* of its packet, from 1 */
	u8 side;    /* who sent it: 0 is the side that sent the conversation's first packet */
	u8 lost;    /* the wire marked its frame as dropped: it never reached the other end */
	u8 ttl;	    /* of the network header around it */
	u16 ip_id;
	u32 iface; /* where it was captured */
	ns_t ts;   /* NS_NONE where the frame has no time */
	u32 len;   /* bytes of data on the wire */
	u8 header; /* bytes of TCP header and of the network header's fixed part (20 or 40) */
	struct tcp_facts tcp;
};

/* Fills s from packet k, whose facts are of its TCP layer. */
static inline void segment_of(struct segment *s, const struct pkt *k, int side)
{
	const struct facts *x = &k->facts;

	s->number = (u32)k->frame->number;
	s->side = (u8)side;
	s->lost = k->frame->lost;
	s->ttl = x->ttl;
	s->ip_id = x->ip_id;
	s->iface = k->frame->iface;
	s->ts = k->frame->ts;
	s->len = x->payload_len;
	s->header = (u8)(x->payload_off - x->l4_off + (x->net == 6 ? 40 : 20));
	s->tcp = x->tcp;
}

/* The sequence number behind it: SYN and FIN take one each (RFC 9293 3.4). */
static inline u32 segment_end(const struct segment *s)
{
	return s->tcp.seq + s->len + ((s->tcp.flags & TCP_SYN) != 0) +
	       ((s->tcp.flags & TCP_FIN) != 0);
}

/* Sequence numbers are compared modulo 2^32: valid for numbers less than 2^31 apart (RFC 9293 3.4).
 */
static inline i32 seq_diff(u32 a, u32 b)
{
	return (i32)(a - b);
}
static inline bool seq_lt(u32 a, u32 b)
{
	return seq_diff(a, b) < 0;
}
static inline bool seq_le(u32 a, u32 b)
{
	return seq_diff(a, b) <= 0;
}
static inline bool seq_gt(u32 a, u32 b)
{
	return seq_diff(a, b) > 0;
}
static inline bool seq_ge(u32 a, u32 b)
{
	return seq_diff(a, b) >= 0;
}

#endif
