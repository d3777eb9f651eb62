/* What the files of the TCP state machine share: the facts of an end, and the step that is being
 * made. Only they include this. */
#ifndef FLOW_TCP_END_H
#define FLOW_TCP_END_H

#include "flow/tcp_state.h"

enum { BEGAN_NOT, BEGAN_ACTIVE, BEGAN_PASSIVE, BEGAN_MID };
enum { NONE, DOUBT, ASSUMED, SURE }; /* tcp_end.level */
enum {
	F_FIN = 1,	  /* sent a FIN: fin_seq, fin_ack */
	F_SYN_ACK = 2,	  /* sent a SYN-ACK */
	F_INFERRED = 4,	  /* how it came to its state was not seen */
	F_FAST_OPEN = 8,  /* the handshake carries data: it may send before it ends */
	F_SPOKE = 16,	  /* sent anything */
	F_MARK = 32,	  /* mark_tsval */
	F_DATA = 64,	  /* sent data that was new here */
	F_IN_ORDER = 128, /* its SYN-RECEIVED was concluded from the order of packets */
	F_RIGHT = 512,	  /* right */
	F_TS = 256,	  /* ts_recent */
};
enum { HAS_ACKED = 128 }; /* beside TCP_VAR_x in tcp_end.has */

struct step {
	struct tcp_ends *e;
	const struct segment *s;
	struct tcp_ends_out *out;
	int x; /* who sent it */
};

static inline bool synchronized(const struct tcp_end *a)
{
	return a->state >= TCPS_ESTABLISHED;
}

/* Whether ack is for something that the end sent: its SYN or what is behind it. */
static inline bool acks(const struct tcp_end *a, u32 ack)
{
	if (!(a->has & TCP_VAR_ISS))
		return true;
	return seq_gt(ack, a->iss) &&
	       (!(a->has & TCP_VAR_SND_NXT) || !(a->flags & F_SPOKE) || seq_le(ack, a->snd_nxt));
}

static inline void fault(struct step *c, enum tcp_fault f)
{
	c->out->faults |= 1u << f;
}

/* What passes towards the end, as far as it is not behind a hole. */
void tcp_end_arrival(struct tcp_end *a, u32 seq, u32 end);
/* What the acknowledgment of this segment says for certain about the end that sent it. */
void tcp_end_ack(struct step *c);
/* The window of s in bytes; false where nobody can know its scale. */
bool tcp_end_window(const struct tcp_ends *e, const struct segment *s, u32 *wnd);

/* Notes what the segment is not allowed to be, before anything has moved. */
void tcp_fault_check(struct step *c);

#endif
