/* What the files of the verdict share: one segment among those around it. Only they include this.
 */
#ifndef FLOW_TCP_LOOK_H
#define FLOW_TCP_LOOK_H

#include "flow/tcp_verdict.h"

/* One segment under judgment. */
struct look {
	const struct tcp_noted *v;
	size_t lo, i, hi; /* of v: lo..i-1 is looked at before it, i+1..hi-1 behind it */
	const struct tcp_noted *at;
	const struct segment *s;
	const struct tcp_point *p;
	u32 seq, end;
	u8 x;	    /* its side */
	ns_t rtt;   /* the whole round trip; NS_NONE unknown */
	ns_t there; /* from here to its sender and back; 0 unknown */
	ns_t away;  /* from here to its receiver and back; 0 unknown */
	struct tcp_verdict *out;
};

/* What its sender knew when it sent segment i, as far as the segments before it tell. What comes
 * back passes here before it reaches the sender: only what had time to arrive counts as heard. */
struct past {
	bool sent;		 /* something: top */
	u32 top;		 /* behind the highest byte that was sent before */
	ns_t last_sent;		 /* the last time it sent data */
	u32 mss;		 /* the longest segment */
	bool heard;		 /* an ACK: una */
	u32 una;		 /* highest ACK heard */
	ns_t una_ts;		 /* when it rose */
	u32 dups;		 /* of una */
	u32 dup[3];		 /* the last three of them, packets */
	u32 sacked, sack_packet; /* bytes reported in the last ACK with blocks; 0 none */
	u32 sack_top;
	ns_t news;	 /* when the last duplicate or block passed here */
	bool again;	 /* it has sent something again, and not all of then is acknowledged */
	bool by_timer;	 /* a timeout made it do so */
	u32 recover;	 /* top at that time */
	u32 first_again; /* packet */
	u32 first_tsval;
	ns_t rto;
	/* Not what was heard, but what has passed here. */
	bool told;
	u32 told_ack; /* highest ACK */
	u32 told_packet;
	bool closed; /* the last window was 0 */
};

/* It has sequence numbers of its own. */
static inline bool carries(const struct segment *s)
{
	return !s->tcp.no_len && !(s->tcp.flags & TCP_RST) &&
	       (s->len > 0 || (s->tcp.flags & (TCP_SYN | TCP_FIN)) != 0);
}

/* Of side x, no copy, with numbers of its own. */
static inline bool sent_by(const struct tcp_noted *n, unsigned x)
{
	return n->seg.side == x && n->copy_of == 0 && carries(&n->seg);
}

/* Of side x, no copy, with an acknowledgment. */
static inline bool acked_by(const struct tcp_noted *n, unsigned x)
{
	return n->seg.side == x && n->copy_of == 0 && (n->seg.tcp.flags & TCP_ACK) != 0 &&
	       (n->seg.tcp.flags & TCP_RST) == 0;
}

static inline bool overlaps(const struct segment *s, u32 seq, u32 end)
{
	return seq_lt(s->tcp.seq, end) && seq_gt(segment_end(s), seq);
}

/* b - a; NS_NONE where one is not known or it does not fit. */
static inline ns_t passed(ns_t a, ns_t b)
{
	return tcp_rtt_span(a, b);
}

/* Its first SACK block reports what had arrived before (RFC 2883 4). */
bool look_dsack(const struct segment *s);
/* It only asks whether the other end is there: nothing or one byte before `top`. */
bool look_keep_alive(const struct segment *s, u32 top);

void look_init(struct look *l, const struct tcp_noted *v, size_t n, size_t i,
	       const struct tcp_point *p, struct tcp_verdict *out);
/* What its sender knew. */
void look_past(const struct look *l, struct past *past);
/* It was silent as long as a retransmission timeout before it sent s, and nothing that had just
 * come to it made it send. */
bool look_timer(const struct look *l, const struct past *p, const struct segment *s);
/* Is all of left..right among what side x has sent in v[lo..i-1]? Otherwise *from is where what is
 * missing begins. */
bool look_covered(const struct look *l, unsigned x, u32 left, u32 right, u32 *from);

void look_say(struct look *l, enum tcp_kind k, enum tcp_rule r, unsigned confidence);
void look_evidence(struct look *l, u32 packet);

/* A segment that begins below what its sender had sent before: why? */
void look_behind(struct look *l, const struct past *past);
/* A packet that was captured before: by the tap or by the network? */
void look_copy(struct look *l);
/* What became of its data; says LOST where nothing else was said. */
void look_fate(struct look *l);

#endif
