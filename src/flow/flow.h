/* Conversations: who talks to whom on the tape, found again at any packet. TCP's numbers become
 * relative here. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "base/txt.h"
#include "flow/tcp_conn.h"
#include "packet/pkt.h"

enum { FLOW_NONE = 0xffffffff }; /* no conversation */

/* One conversation: two ends, a transport protocol and a scope (VLAN, VNI, GRE key...). Side 0 sent
 * its first packet. */
struct conv {
	u8 addr[2][16]; /* 4 or 16 bytes used, by net */
	u16 port[2];
	u8 net;		/* 4 or 6 */
	u8 l4;		/* 6 TCP, 17 UDP */
	u8 has_base[2]; /* base_seq is known */
	i8 wscale[2];	/* shift of the window; -1 handshake not seen, -2 scaling not used */
	u8 closing;	/* a FIN or RST was seen: a new SYN is a new conversation */
	u8 reused;	/* the same ends had another conversation before it */
	u32 first;	/* packet number */
	u64 scope;
	u32 id;		 /* from 0 in order of first packets, all transports together */
	u32 stream;	 /* tcp.stream or udp.stream: from 0, each transport for itself */
	u32 base_seq[2]; /* raw sequence number that is relative 0, per sender */
	u32 last;	 /* packet number */
	u32 packets[2];	 /* sent by each side */
	u64 bytes[2];	 /* transport payload sent by each side, on the wire */
	ns_t first_ts, last_ts;
	u32 older; /* next in the hash chain: slot + 1, 0 ends it */
	u32 conn;  /* where its trackers are, + 1; 0: it has none */
};

/* Appends an end, "10.0.0.1:40112" or "[::1]:80". */
void conv_end(struct txt *t, const struct conv *c, int side);

/* Threads. One thread, the writer, calls flow_see(); flow_look(), flow_get(), flow_stream() and the
 * counts may be called from any thread meanwhile. Readers get copies. In a copy the ends, the
 * scope, the numbers and `first` are of one conversation; what goes on with each packet (last,
 * packets, bytes ...) is each as new as it was when it was read. */
struct flow;

/* A table for up to `cap` conversations (a power of two). When it is full, the conversation that
 * began first is forgotten for each new one: numbers go on, flow_evicted() counts. Never fails. */
struct flow *flow_new(u32 cap);
void flow_free(struct flow *fl);

/* How much flow_see tracks of TCP connections: it costs time and memory, so only what somebody
 * looks at. */
enum flow_track {
	FLOW_UNTRACKED,
	FLOW_ANALYSIS, /* what fields are written from (view.tcp): where plan.tracked says so */
	FLOW_WHOLE,    /* states of both ends and congestion too */
};

/* Bounds on what is tracked whole: a connection that is over is shrunk to its sums when so many
 * others were over after it, and any connection when so many others began after it. */
enum { FLOW_OVER_MAX = 1 << 12, FLOW_WHOLE_MAX = 1 << 15 };

/* To be said before the first packet; nothing is tracked otherwise. */
void flow_track(struct flow *fl, enum flow_track how);
/* Connections that were shrunk although they were not over. */
u32 flow_shrunk(const struct flow *fl);
/* For the writer: the trackers of the last flow_see's conversation, borrowed; NULL where there are
 * none. */
const struct tcp_conn *flow_conn(const struct flow *fl);
/* Where this was the first segment of a connection whose ends had another one before, tracked
 * whole: the state before it. NULL otherwise. */
const struct tcp_conn *flow_initial(const struct flow *fl);
/* Where there are some: what they said. */
/* Bytes that all trackers hold, and how many connections have some; for the writer, or after it. */
u64 flow_tracked(const struct flow *fl, u32 *connections);
const struct tcp_seen *flow_seen(const struct flow *fl);
/* The trackers of conversation `id` at the end of a pass; for the writer. NULL where there are
 * none. */
const struct tcp_conn *flow_conn_of(const struct flow *fl, u32 id);

/* Sequential use, packets in file order: notes the packet (k->facts of the transport layer that is
 * being read) and says what is known. Fits plan.flow with the table as its argument. One thread at
 * a time. */
void flow_see(void *flow, const struct pkt *k, struct flow_view *out);

/* The same question for a packet that was seen before, at any time and from any thread: changes
 * nothing. Fits plan.flow. */
void flow_look(void *flow, const struct pkt *k, struct flow_view *out);

/* The conversation that the last flow_see found: its id, and the number of its previous packet (0
 * for none). */
u32 flow_last(const struct flow *fl, u32 *prev);
/* Forgets what flow_last says; to be called before each packet. */
void flow_begin(struct flow *fl);

u32 flow_count(const struct flow *fl);	 /* conversations so far, forgotten ones included */
u32 flow_evicted(const struct flow *fl); /* forgotten ones: ids below this are gone */
u32 flow_cap(const struct flow *fl);	 /* what flow_new was given */
/* A copy of conversation `id`; false where it was forgotten or never was. */
bool flow_get(const struct flow *fl, u32 id, struct conv *out);
/* By tcp.stream (l4 6) or udp.stream (17): false where there is none. Linear. */
bool flow_stream(const struct flow *fl, u8 l4, u32 stream, struct conv *out);

#endif
