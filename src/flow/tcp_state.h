/* The state machine of RFC 9293 for both ends of a TCP connection, as an observer of its segments
 * knows it: what an end sent is certain, what passed by is assumed to have arrived until the end's
 * own segments prove or disprove it. doc/tracker.md tells how. */
#ifndef FLOW_TCP_STATE_H
#define FLOW_TCP_STATE_H

#include "flow/segment.h"

/* RFC 9293 3.3.2. Unknown: the capture does not tell yet. */
enum tcp_state {
	TCPS_UNKNOWN,
	TCPS_CLOSED,
	TCPS_LISTEN,
	TCPS_SYN_SENT,
	TCPS_SYN_RECEIVED,
	TCPS_ESTABLISHED,
	TCPS_FIN_WAIT_1,
	TCPS_FIN_WAIT_2,
	TCPS_CLOSE_WAIT,
	TCPS_CLOSING,
	TCPS_LAST_ACK,
	TCPS_TIME_WAIT,
	TCPS_COUNT
};

/* What moved an end from one state to another. */
enum tcp_why {
	TCP_WHY_SENT_SYN,
	TCP_WHY_GOT_SYN,
	TCP_WHY_GOT_SYN_ACK,
	TCP_WHY_GOT_ACK_OF_SYN,
	TCP_WHY_SENT_FIN,
	TCP_WHY_GOT_FIN,
	TCP_WHY_GOT_ACK_OF_FIN,
	TCP_WHY_GOT_FIN_AND_ACK, /* one segment carried both */
	TCP_WHY_SENT_RST,
	TCP_WHY_GOT_RST,
	TCP_WHY_REFUSED, /* it answered a SYN by RST: nobody was listening */
	TCP_WHY_GONE,	 /* it answered a SYN-ACK that fits by RST: its attempt had been closed */
	TCP_WHY_2MSL,	 /* the TIME-WAIT timeout */
	TCP_WHY_SEEN,	 /* no edge was seen: the segment shows that it must be so */
	TCP_WHY_TAKEN_BACK, /* what was assumed to have arrived had not when it sent this segment */
	TCP_WHY_COUNT
};

/* What the standard does not allow, or has the receiver ignore or answer with an ACK only. Bit
 * numbers of tcp_ends_out.faults. */
enum tcp_fault {
	TCP_FAULT_SYN_FIN,	 /* nonsensical flags: SYN with FIN */
	TCP_FAULT_SYN_RST,	 /* SYN with RST */
	TCP_FAULT_NO_ACK,	 /* no ACK bit in a synchronized state */
	TCP_FAULT_EARLY,	 /* data or FIN before the sender's SYN was answered */
	TCP_FAULT_SYN_IN_SYNC,	 /* a SYN to an end in a synchronized state */
	TCP_FAULT_SYN_CHANGED,	 /* another initial sequence number within one attempt */
	TCP_FAULT_SYN_TIME_WAIT, /* a SYN to TIME-WAIT that is not newer than the old connection */
	TCP_FAULT_BAD_SYN_ACK,	 /* a SYN-ACK or ACK of a SYN that was never sent */
	TCP_FAULT_ACK_AHEAD,	 /* an ACK of what was not sent yet */
	TCP_FAULT_ACK_OLD,	 /* an ACK older than a whole window */
	TCP_FAULT_BEYOND_WINDOW, /* data beyond the right edge of the window */
	TCP_FAULT_SHRUNK,	 /* the right edge of the window moved left */
	TCP_FAULT_AFTER_FIN,	 /* data behind the sender's FIN */
	TCP_FAULT_FIN_MOVED,	 /* a second FIN at another place */
	TCP_FAULT_RST_NOT_EXACT, /* a RST in the window, but not at RCV.NXT */
	TCP_FAULT_RST_IGNORED,	 /* a RST outside the window, or without the ACK a SYN-SENT wants */
	TCP_FAULT_CLOSED,	 /* anything but RST from an end that is CLOSED */
	TCP_FAULT_COUNT
};

struct tcp_fault_info {
	const char *name;     /* for filters and JSON: "syn_in_sync" */
	const char *clause;   /* "RFC 9293 3.10.7.4" */
	const char *sentence; /* one, what the standard says */
};

struct tcp_edge {
	u32 packet; /* that caused it; 0 for a timeout */
	u8 end;	    /* side, as in segment.side */
	u8 from, to;
	u8 why;	 /* enum tcp_why */
	u8 sure; /* proven, or only assumed so far */
};

enum { TCP_EDGES = 12 }; /* more than one segment can cause */

/* What one segment did. */
struct tcp_ends_out {
	u8 state[2]; /* of both ends after it */
	u8 sure[2];  /* nothing about that state is assumed or inferred */
	u8 nedges;
	/* In order. TAKEN_BACK undoes the latest edges of that end back to the state `to`; all of
	 * them where it is not among them. */
	struct tcp_edge edge[TCP_EDGES];
	u32 faults; /* bit per enum tcp_fault */
};

/* What an end receives and a tap cannot see it receive. */
enum tcp_arrival {
	TCP_ARR_SYN,	 /* the other's SYN */
	TCP_ARR_SYN_ACK, /* an ACK of its own SYN */
	TCP_ARR_FIN,	 /* the other's FIN, with nothing missing before it */
	TCP_ARR_FIN_ACK, /* an ACK of its own FIN */
	TCP_ARR_RST,
	TCP_ARR_COUNT
};

enum { TCP_RANGES = 3 }; /* pieces behind a hole that are remembered; the lowest are */

/* One end, as known from outside. Private to tcp_state.c but for size and copying. */
struct tcp_end {
	ns_t mark_ts;		 /* of its last SYN or FIN */
	ns_t since;		 /* the time of its last edge */
	u32 packet;		 /* that caused it */
	u32 from[TCP_ARR_COUNT]; /* the packet by which it came */
	u8 level[TCP_ARR_COUNT]; /* how certain that is */
	u8 state;		 /* enum tcp_state */
	u8 why;			 /* of its last edge */
	u8 prev;		 /* the state before it */
	u8 began;		 /* how it began */
	u8 over;		 /* the state behind a reset, 0 for none */
	u8 has;			 /* bits: which of the numbers below are known */
	u16 flags;
	i8 wscale; /* as it offered; -1 not, -2 its SYN was not seen */
	i8 shift;  /* of the windows that it says; -1 unknown, valid where quiet */
	u8 nrange;
	u32 iss, irs, snd_una, snd_nxt; /* RFC 9293 3.3.1 */
	u32 snd_wnd;			/* bytes, scaled */
	u32 rcv_nxt;			/* where what passed towards it is without a hole */
	u32 acked;			/* its last ACK: what it had for certain */
	u32 rcv_wnd;			/* bytes, scaled, as it said last */
	u32 right;			/* the largest right edge that it offered */
	u32 fin_seq, fin_ack; /* its FIN's own number, and what that segment acknowledged */
	u32 mark_tsval;	      /* time stamp of its last SYN or FIN: a copy has the same */
	u32 proof_seq;	      /* of the segment that showed that it had the other's FIN */
	u32 ts_recent;	      /* the last time stamp that came */
	struct {
		u32 left, right;
	} range[TCP_RANGES]; /* what passed behind a hole */
};

/* Both ends of one connection. Fixed size, copied by assignment. */
struct tcp_ends {
	struct tcp_end end[2];
	u8 quiet; /* both ESTABLISHED, nothing in doubt: most segments only move numbers */
};

/* What an observer knows of an end's variables (RFC 9293 3.3.1); `known` has bit TCP_VAR_x. */
enum {
	TCP_VAR_ISS = 1,
	TCP_VAR_IRS = 2,
	TCP_VAR_SND_UNA = 4,
	TCP_VAR_SND_NXT = 8,
	TCP_VAR_SND_WND = 16,
	TCP_VAR_RCV_NXT = 32,
	TCP_VAR_RCV_WND = 64,
};
struct tcp_vars {
	u32 iss, irs, snd_una, snd_nxt, rcv_nxt; /* raw sequence numbers */
	u32 snd_wnd, rcv_wnd;			 /* bytes */
	u8 known;
};

/* How long TIME-WAIT lasts where RFC 9293's MSL of 2 minutes holds. */
#define TCP_2MSL (240 * NS_PER_S)

/* A connection of which nothing was seen. `before` is the state of the connection before it between
 * the same two ends (TIME-WAIT, half-open), or NULL; `swapped` where that one's side 0 is this
 * one's side 1. */
void tcp_ends_init(struct tcp_ends *e, const struct tcp_ends *before, bool swapped);

/* The next segment in capture order. Fills all of *out. */
void tcp_ends_see(struct tcp_ends *e, const struct segment *s, struct tcp_ends_out *out);

/* Where both ends stand, with no edge and no fault. */
void tcp_ends_now(const struct tcp_ends *e, struct tcp_ends_out *out);

/* The state of `side` at a time after the last segment seen: TIME-WAIT ends after two_msl. */
enum tcp_state tcp_ends_at(const struct tcp_ends *e, int side, ns_t now, ns_t two_msl);

void tcp_ends_vars(const struct tcp_ends *e, int side, struct tcp_vars *v);

/* The last edge of a side: what brought it where it is. packet 0 where there was none. */
void tcp_ends_edge(const struct tcp_ends *e, int side, struct tcp_edge *edge);

const char *tcp_state_name(enum tcp_state s);  /* "SYN-SENT" */
const char *tcp_state_brief(enum tcp_state s); /* "SYN-RCVD", at most 8 columns; "?" unknown */
const char *tcp_why_name(enum tcp_why w);      /* "received FIN" */
const struct tcp_fault_info *tcp_fault_info(enum tcp_fault f);

#endif
