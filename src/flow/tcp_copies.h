/* The same packet captured twice: at two interfaces, before and behind a router or a tunnel. It is
 * a copy, not a retransmission, and must not move the trackers again. Pure. */
#ifndef FLOW_TCP_COPIES_H
#define FLOW_TCP_COPIES_H

#include "flow/segment.h"

enum { TCP_COPIES = 32 }; /* segments of a connection that are remembered: the last ones */

struct tcp_copies {
	u32 digest[TCP_COPIES];
	struct tcp_copies_seen {
		ns_t ts;
		u32 number;
		u16 ip_id;
		u8 ttl, iface;
	} seen[TCP_COPIES];
	u8 n, next;
};

void tcp_copies_init(struct tcp_copies *c);

/* The number of the packet that s is a copy of; 0 where it is none, and then it is remembered. A
 * copy has the same TCP header and length and came within a second, and something that a
 * retransmission would not have: the same IP identification (RFC 6864: a source does not repeat it
 * so soon; 0 says nothing), another hop limit, or, where there is no identification, another
 * interface. */
u32 tcp_copies_see(struct tcp_copies *c, const struct segment *s);

#endif
