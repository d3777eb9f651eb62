/* Everything that is tracked of one TCP connection, together: made when tracking is on, seen
 * segment by segment, copied where a state has to be kept. */
#ifndef FLOW_TCP_CONN_H
#define FLOW_TCP_CONN_H

#include "flow/tcp_analysis.h"

struct tcp_conn {
	u32 segments; /* seen so far */
	struct tcp_analysis analysis;
};

/* `reused`: another conversation had the same ends before it. */
void tcp_conn_init(struct tcp_conn *c, bool reused);
void tcp_conn_fini(struct tcp_conn *c);
/* Makes *to, which holds nothing, the same as *from. */
void tcp_conn_copy(struct tcp_conn *to, const struct tcp_conn *from);
/* Bytes of it, all told. */
size_t tcp_conn_size(const struct tcp_conn *c);

/* The next segment, in capture order; *r is all written. */
void tcp_conn_see(struct tcp_conn *c, const struct segment *s, struct tcp_report *r);
/* What can be said of a packet that did not travel: how much of the connection was seen. */
void tcp_conn_silent(const struct tcp_conn *c, struct tcp_report *r);

#endif
