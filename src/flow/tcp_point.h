/* Where a capture was taken, between the two ends of a TCP connection, as its handshake tells: the
 * time from SYN to SYN-ACK is the round trip from here to the server, that from SYN-ACK to its ACK
 * the round trip from here to the client. Pure. */
#ifndef FLOW_TCP_POINT_H
#define FLOW_TCP_POINT_H

#include "flow/segment.h"

enum tcp_where {
	TCP_WHERE_UNKNOWN,
	TCP_WHERE_CLIENT, /* near the client: its part is at most an eighth of the round trip */
	TCP_WHERE_SERVER,
	TCP_WHERE_BETWEEN,
	TCP_WHERE_COUNT
};

struct tcp_point {
	ns_t syn, synack; /* the last of each; NS_NONE */
	ns_t part[2]; /* round trip from here to each side, by side; NS_NONE where it is not known
		       */
	u32 isn[2];
	u32 tsval[2];
	u8 client; /* side */
	u8 where;  /* enum tcp_where */
	bool seen[2], stamps[2];
	bool twice[2]; /* its SYN came more than once, and nothing tells which was answered */
	bool over;     /* the handshake is over, or can tell nothing any more */
};

void tcp_point_init(struct tcp_point *p);

/* One segment of either side, from the first on. True where it completed what can be known. A SYN
 * that came twice is matched with its answer by the timestamp echoed (RFC 7323); where there is
 * none, that part stays unknown (Karn's rule). */
bool tcp_point_see(struct tcp_point *p, const struct segment *s);

/* The round trip from here to `side`: how much later than an acknowledgment passes what it makes
 * that side send. NS_NONE where it is not known. Of the time that the host itself takes to answer
 * nothing is known: below a millisecond in all it counts for much. */
static inline ns_t tcp_point_lag(const struct tcp_point *p, int side)
{
	return p->part[side & 1];
}

/* "near the client", ... */
const char *tcp_where_name(enum tcp_where w);

#endif
