/* What an unusual TCP segment really is: our own verdict beside Wireshark's, with its rule, the
 * packets that prove it and how sure it is. Unlike the trackers it looks ahead: a later DSACK or
 * timestamp tells what a retransmission was for. Pure. */
#ifndef FLOW_TCP_VERDICT_H
#define FLOW_TCP_VERDICT_H

#include "flow/tcp_conn.h"

/* What a segment is. Where several are true the first of these that is counts, but for the window
 * and the acknowledgment, which come last. */
enum tcp_kind {
	TCP_KIND_NONE,	     /* nothing unusual */
	TCP_KIND_COPY,	     /* the packet before it once more: captured at two places */
	TCP_KIND_DUPLICATED, /* the network made two of one */
	TCP_KIND_REORDERED,  /* overtaken in the network: sent once, in order */
	TCP_KIND_FAST,	     /* fast retransmission */
	TCP_KIND_RECOVERY,   /* a further retransmission in the same recovery */
	TCP_KIND_EARLY,	     /* a retransmission before the third duplicate (RACK) */
	TCP_KIND_TLP,	     /* tail loss probe */
	TCP_KIND_TIMEOUT,    /* retransmission timeout */
	TCP_KIND_GO_BACK,    /* what follows a timeout: all that was out then, again */
	TCP_KIND_AGAIN,	     /* a retransmission, of which nothing tells why */
	TCP_KIND_SPURIOUS,   /* a retransmission of what had arrived */
	TCP_KIND_KEEP_ALIVE,
	TCP_KIND_KEEP_ALIVE_ACK,
	TCP_KIND_PROBE, /* of a window that is closed */
	TCP_KIND_PROBE_ACK,
	TCP_KIND_PORTS_REUSED,	   /* it begins another connection between the same ends */
	TCP_KIND_FAULT,		   /* the standard does not allow it: verdict.fault */
	TCP_KIND_RESET,		   /* it ends the connection at once */
	TCP_KIND_LOST,		   /* it never arrived: lost behind the capture */
	TCP_KIND_BEHIND_LOSS,	   /* the first behind a loss between the sender and the capture */
	TCP_KIND_BEHIND_REORDERED, /* it overtook what comes later */
	TCP_KIND_BEHIND_MISSED,	   /* what stood before it arrived and was not captured */
	TCP_KIND_BEHIND_GAP,	   /* something is missing before it, and nothing tells why */
	TCP_KIND_ACK_UNSEEN,	   /* it acknowledges what was not captured, or not yet */
	TCP_KIND_OLD_ACK,	   /* an acknowledgment that was overtaken */
	TCP_KIND_DSACK,		   /* it says what has arrived twice */
	TCP_KIND_DUPLICATE_ACK,
	TCP_KIND_PARTIAL_ACK, /* it acknowledges some of what was out when the loss was found */
	TCP_KIND_ZERO_WINDOW,
	TCP_KIND_WINDOW_UPDATE,
	TCP_KIND_WINDOW_FULL, /* it fills the window that the other side offers */
	TCP_KIND_COUNT
};

/* What became of a segment's data behind the capture, and of what it repeats before. */
enum tcp_fate {
	TCP_FATE_UNKNOWN,
	TCP_FATE_ARRIVED,
	TCP_FATE_LOST_BEFORE, /* between its sender and the capture */
	TCP_FATE_LOST_BEHIND, /* between the capture and its receiver */
	TCP_FATE_COUNT
};

/* Why we say so. */
enum tcp_rule {
	TCP_RULE_NONE,
	TCP_RULE_COPY,		   /* same header, other hop limit or interface */
	TCP_RULE_DUP_ID,	   /* same identification, and the receiver saw two */
	TCP_RULE_DUP_SOON,	   /* again, sooner than any sender can know */
	TCP_RULE_DUP_STAMP,	   /* again, with the time stamp of a segment long ago */
	TCP_RULE_ORDER_STAMP,	   /* older time stamp than what came before it */
	TCP_RULE_ORDER_ID,	   /* its identification lies before that of what overtook it */
	TCP_RULE_ORDER_SOON,	   /* the hole was filled before its sender could know of it */
	TCP_RULE_AGAIN_STAMP,	   /* younger time stamp than what came behind the hole */
	TCP_RULE_AGAIN_ID,	   /* the same by identification */
	TCP_RULE_AGAIN_LATE,	   /* the hole was filled a round trip later or more */
	TCP_RULE_FAST_DUPACKS,	   /* three duplicate ACKs had reached the sender */
	TCP_RULE_FAST_SACK,	   /* SACK blocks above it of three segments */
	TCP_RULE_RECOVERY_SACK,	   /* a hole below what is sacked, in recovery */
	TCP_RULE_RECOVERY_PARTIAL, /* a partial ACK shows the next hole (NewReno) */
	TCP_RULE_RACK,		   /* something sent later is sacked, a round trip has passed */
	TCP_RULE_TLP,		   /* the last segment again, two round trips after it */
	TCP_RULE_TIMER,		   /* nothing came back for a retransmission timeout */
	TCP_RULE_SYN_TIMER,	   /* a SYN or SYN-ACK again */
	TCP_RULE_FIN_TIMER,	   /* a FIN again */
	TCP_RULE_GO_BACK,	   /* slow start from the first unacknowledged byte */
	TCP_RULE_AGAIN,		   /* the same bytes again */
	TCP_RULE_ACKED_BEFORE,	   /* acknowledged before it was sent again */
	TCP_RULE_SACKED_BEFORE,
	TCP_RULE_DSACK,	   /* the receiver says that it had it (RFC 2883) */
	TCP_RULE_EIFEL,	   /* the ACK answers something older (RFC 3522) */
	TCP_RULE_ACK_SOON, /* the ACK came too soon to be its answer */
	TCP_RULE_KEEP_ALIVE,
	TCP_RULE_KEEP_ALIVE_ACK,
	TCP_RULE_PROBE,
	TCP_RULE_PROBE_ACK,
	TCP_RULE_PORTS_REUSED,
	TCP_RULE_FAULT, /* see tcp_fault_info(verdict.fault) */
	TCP_RULE_RESET,
	TCP_RULE_LOST_WIRE,	   /* the wire itself says so */
	TCP_RULE_LOST_AGAIN,	   /* sent again, and that answered */
	TCP_RULE_LOST_SACK,	   /* what was sent later is sacked and it is not */
	TCP_RULE_BEHIND_LOSS,	   /* the hole is filled by a retransmission */
	TCP_RULE_BEHIND_REORDERED, /* the hole is filled by what was sent before */
	TCP_RULE_BEHIND_MISSED,	   /* the hole is acknowledged and never filled */
	TCP_RULE_BEHIND_GAP,
	TCP_RULE_ACK_MISSED, /* acknowledged and never seen */
	TCP_RULE_ACK_EARLY, /* what it acknowledges was captured later: the capture's order is wrong
			     */
	TCP_RULE_OLD_ACK,
	TCP_RULE_DSACK_ACK,
	TCP_RULE_DUPLICATE_ACK,	 /* RFC 5681 2 */
	TCP_RULE_DUPLICATE_SACK, /* with new SACK blocks (RFC 6675 2) */
	TCP_RULE_PARTIAL_ACK,
	TCP_RULE_ZERO_WINDOW,
	TCP_RULE_WINDOW_UPDATE,
	TCP_RULE_WINDOW_FULL,
	TCP_RULE_COUNT
};

struct tcp_rule_info {
	const char *name;     /* for filters and JSON: "order_stamp" */
	const char *clause;   /* "RFC 7323 4.3"; "" where it follows from no standard */
	const char *sentence; /* one, in plain words */
};

enum { TCP_EVIDENCE = 6 };

struct tcp_verdict {
	u8 kind;       /* enum tcp_kind */
	u8 rule;       /* enum tcp_rule */
	u8 fate;       /* enum tcp_fate: of this segment's own data */
	u8 was;	       /* enum tcp_fate: of what it sends again, where it does */
	u8 how;	       /* enum tcp_kind: for SPURIOUS, what made its sender send it again */
	u8 confidence; /* percent; 0 where the kind is NONE */
	u8 fault;      /* enum tcp_fault, where the kind is FAULT */
	u8 nevidence;
	u16 wireshark;		    /* enum tcp_finding: what Wireshark says */
	u32 original;		    /* packet that carried its data before; 0 none, or not seen */
	u32 evidence[TCP_EVIDENCE]; /* packet numbers, the most telling first */
};

/* One segment of a conversation with what the trackers said of it, as a verdict needs it. */
struct tcp_noted {
	struct segment seg;
	u32 copy_of, faults;
	u16 found;	  /* enum tcp_finding */
	u8 again, probe;  /* struct tcp_cong_out of its sender */
	u8 phase, why;	  /* the same */
	u8 peer_phase;	  /* enum tcp_phase of the other side behind it */
	ns_t rto;	  /* its sender's, with Linux's least; NS_NONE unknown */
	ns_t initial_rtt; /* 0 unknown */
};

void tcp_note(struct tcp_noted *to, const struct segment *s, const struct tcp_seen *seen);

/* How many segments of the conversation before and behind a segment are looked at. A verdict made
 * from fewer (the beginning of the window, the end of what is captured so far) may be another. */
enum { TCP_VERDICT_PAST = 1024, TCP_VERDICT_AHEAD = 1024 };

/* The verdict on segment i of n that follow each other in one conversation, v[0] to v[n - 1]; all
 * of *out is written. `p` is the capture point as known at the end of them; NULL unknown. */
void tcp_verdict(const struct tcp_noted *v, size_t n, size_t i, const struct tcp_point *p,
		 struct tcp_verdict *out);

/* "fast retransmission", for people; "fast_retransmission", for filters and JSON. "" for NONE. */
const char *tcp_kind_name(enum tcp_kind k);
const char *tcp_kind_key(enum tcp_kind k);
const char *tcp_fate_name(enum tcp_fate f); /* "lost behind the capture" */
const struct tcp_rule_info *tcp_rule_info(enum tcp_rule r);
/* The fields of what Wireshark says, "tcp.analysis.x": those of the lowest bit of `found`; NULL
 * where none is set. */
const char *tcp_finding_name(u16 found);

/* It carries data, SYN or FIN that was sent before. */
static inline bool tcp_kind_resent(enum tcp_kind k)
{
	return k >= TCP_KIND_FAST && k <= TCP_KIND_SPURIOUS;
}

#endif
