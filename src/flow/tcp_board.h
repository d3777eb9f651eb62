/* What a TCP sender has in the network, as it can know it: which ranges behind SND.UNA were
 * selectively acknowledged, and which were sent again (RFC 2018, RFC 6675). Pure. */
#ifndef FLOW_TCP_BOARD_H
#define FLOW_TCP_BOARD_H

#include "base/types.h"

enum { TCP_BOARD_RANGES = 32 };

enum board_kind {
	BOARD_SACKED, /* arrived */
	BOARD_AGAIN,  /* sent again, and not known to have arrived */
};

/* Ranges in the order of their numbers, apart from each other. When a range does not fit, the two
 * neighbours of a kind with the least between them become one, and what was between them counts
 * like them. */
struct tcp_board {
	u32 n;
	struct board_range {
		u32 left, right; /* raw sequence numbers, right exclusive */
		u8 kind;	 /* enum board_kind */
	} r[TCP_BOARD_RANGES];
};

/* Notes a range. What is sacked stays so when it is sent again. Returns how many of its bytes were
 * not of this kind before (for BOARD_AGAIN: nor sacked). */
u32 tcp_board_add(struct tcp_board *b, u32 left, u32 right, enum board_kind kind);

/* Everything below `una` is acknowledged: forgotten. */
void tcp_board_advance(struct tcp_board *b, u32 una);

/* A timeout: nothing that was sent again is on its way any more (RFC 6298 5.4). */
void tcp_board_forget_again(struct tcp_board *b);

/* Bytes of a kind in left..right. */
u32 tcp_board_bytes(const struct tcp_board *b, enum board_kind kind, u32 left, u32 right);

/* What is on its way where everything below `from` that is not sacked is lost: from..nxt less what
 * is sacked of it, and all that was sent again. No range may end behind nxt. */
u32 tcp_board_pipe(const struct tcp_board *b, u32 from, u32 nxt);

/* Behind the highest sacked byte; `una` where nothing is sacked. */
u32 tcp_board_top(const struct tcp_board *b, u32 una);

#endif
