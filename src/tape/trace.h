/* What the trackers say of any packet of a tape, in any order: kept sparsely while the flow pass
 * goes by, and worked out again from there. */
#ifndef TAPE_TRACE_H
#define TAPE_TRACE_H

#include "flow/flow.h"
#include "tape/tape.h"

/* What is kept: which packets are unusual, and now and then the state of a connection. The flow
 * pass writes, any thread reads. 8 bytes an unusual packet, and a copy of a connection's state
 * every 512 of its segments; every 2048 or 8192 where the copy is large. */
struct trace;

/* What else than enum tcp_finding makes a packet unusual. */
enum trace_flag {
	TRACE_COPY = 1 << 16,  /* it was captured before */
	TRACE_STATE = 1 << 17, /* it changed the state of an end */
	TRACE_PHASE = 1 << 18, /* it changed what a sender's congestion control does */
	TRACE_FAULT = 1 << 19, /* the standard does not allow it */
};

/* What a person looks for who looks for trouble: not what belongs to a quiet connection. */
#define TRACE_QUIET                                                                        \
	((u32)(TCP_FOUND_WINDOW_UPDATE | TCP_FOUND_KEEP_ALIVE | TCP_FOUND_KEEP_ALIVE_ACK | \
	       TCP_FOUND_REUSED_PORTS))
#define TRACE_ANOMALY ((0x7fffu & ~TRACE_QUIET) | TRACE_FAULT)

/* Of one segment: enum tcp_finding and enum trace_flag; 0 nothing unusual. */
u32 trace_flags(const struct tcp_seen *s);

struct trace *trace_new(void);
void trace_free(struct trace *t);

/* Keeps what flow_see has just found of packet n, the innermost conversation's; for the flow pass,
 * packets in order. */
void trace_note(struct trace *t, u64 n, const struct flow *fl);

/* What is unusual about packet n, of those that the pass has seen. */
u32 trace_found(const struct trace *t, u64 n);
/* The nearest unusual packet at or behind n, or before it, of which one of `found` is true;
 * TAPE_NONE for none. Linear in the unusual ones. */
u64 trace_next(const struct trace *t, u64 n, u32 found);
u64 trace_prev(const struct trace *t, u64 n, u32 found);
/* The same among the packets of one conversation, none behind `last` and none before `first`, its
 * own ends or whatever bounds the search. */
u64 trace_next_of(const struct trace *t, const struct tape *tape, u32 conv, u64 n, u64 last,
		  u32 found);
u64 trace_prev_of(const struct trace *t, const struct tape *tape, u32 conv, u64 n, u64 first,
		  u32 found);
/* Bytes that it holds. */
u64 trace_size(const struct trace *t);

/* The way back to states, with the stretches of connections that were last looked at. Of one
 * thread; all that it is made from must outlive it. */
struct retrace;

struct retrace *retrace_new(const struct tape *tape, struct flow *fl, const struct trace *t);
void retrace_free(struct retrace *r);

/* What the trackers say of packet n < tape_passed(), borrowed until the next call; NULL where its
 * conversation is not of TCP, or forgotten. Replays at most some thousand segments; nothing where
 * the packet lies in a stretch that was looked at. */
const struct tcp_seen *retrace_seen(struct retrace *r, u64 n);
/* The segment that packet n is, likewise; NULL too where an ICMP error quotes it. */
const struct segment *retrace_segment(struct retrace *r, u64 n);
/* The state of packet n's connection behind it, likewise. */
const struct tcp_conn *retrace_conn(struct retrace *r, u64 n);

/* flow_look with the report of the packet n = k->frame->number - 1 of the tape: fits plan.flow with
 * the struct as its argument. */
void retrace_look(void *retrace, const struct pkt *k, struct flow_view *out);

#endif
