/* Everything that is tracked of one TCP connection, together: made when tracking is on, seen
 * segment by segment, copied where a state has to be kept. */
#ifndef FLOW_TCP_CONN_H
#define FLOW_TCP_CONN_H

#include "flow/tcp_analysis.h"
#include "flow/tcp_cong.h"
#include "flow/tcp_copies.h"
#include "flow/tcp_point.h"
#include "flow/tcp_state.h"

/* What one segment was and did. */
struct tcp_seen {
	struct tcp_report report; /* what Wireshark says */
	/* The rest only where the connection is tracked whole. */
	bool whole;
	u32 copy_of; /* the packet that this is a copy of; 0: none. A copy leaves the rest as it was
		      */
	struct tcp_ends_out ends;
	struct tcp_cong_out cong[2]; /* of what each side sends */
};

/* What is left of a connection when its trackers go: its sides' sums. */
struct tcp_sum {
	u8 state[2];	/* enum tcp_state */
	u8 where;	/* enum tcp_where */
	bool partly;	/* the trackers went before the connection ended, and began anew */
	u32 copies;	/* packets that were copies */
	u32 again[2];	/* segments with data that was sent before */
	u64 goodput[2]; /* bytes that were acknowledged */
	u64 again_bytes[2];
	u64 header_bytes[2];
	u32 max_flight[2]; /* bytes */
	u32 samples[2];	   /* round trips measured, for what each side sent */
	ns_t rtt_min[2], rtt_max[2], rtt_sum[2];
};

struct tcp_whole {
	struct tcp_copies copies;
	struct tcp_point point;
	struct tcp_ends ends;
	struct tcp_cong cong[2];
	u32 copied, again[2];
};

struct tcp_conn {
	u32 segments; /* seen so far */
	bool reused;
	bool queued; /* for the table: it is over, and waits for being shrunk */
	struct tcp_analysis analysis;
	struct tcp_whole *whole; /* NULL: only the analysis goes on */
	struct tcp_sum *sum;	 /* of a whole that went; NULL for none */
};

/* `whole`: more than the analysis. `reused`: there was a connection between the same ends before
 * this one. `before` is how that one ended, NULL where it is not known; `swapped` where its side 0
 * is this one's side 1. */
void tcp_conn_init(struct tcp_conn *c, bool whole, bool reused, const struct tcp_ends *before,
		   bool swapped);
void tcp_conn_fini(struct tcp_conn *c);
/* Makes *to, which holds nothing, the same as *from. */
void tcp_conn_copy(struct tcp_conn *to, const struct tcp_conn *from);
/* Bytes of it, all told. */
size_t tcp_conn_size(const struct tcp_conn *c);

/* The next segment, in capture order; *out is all written. */
void tcp_conn_see(struct tcp_conn *c, const struct segment *s, struct tcp_seen *out);
/* What can be said of a packet that did not travel: how much of the connection was seen. */
void tcp_conn_silent(const struct tcp_conn *c, struct tcp_seen *out);

/* Both ends are where nothing but a late copy is to come: CLOSED or TIME-WAIT. */
bool tcp_conn_over(const struct tcp_conn *c);
/* Keeps only the sums and the analysis; a later segment finds a connection of which nothing is
 * known. */
void tcp_conn_shrink(struct tcp_conn *c);
/* The sums so far; all zero where it is not tracked whole. */
void tcp_conn_sum(const struct tcp_conn *c, struct tcp_sum *out);

#endif
