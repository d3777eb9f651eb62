/* The state diagram of RFC 9293 (figure 5) in a few lines, with the states of both ends and the
 * edges that brought them there lit up. */
#ifndef UI_TCPDIAGRAM_H
#define UI_TCPDIAGRAM_H

#include "flow/tcp_state.h"
#include "ui/canvas.h"

enum { TCPDIAGRAM_W = 45, TCPDIAGRAM_H = 14 };

struct tcpdiagram {
	u8 state[2];		 /* enum tcp_state */
	struct tcp_edge last[2]; /* of each end; packet and to are 0 where there was none */
	u32 packet;		 /* the one that is looked at: its edges stand out */
};

void tcpdiagram_draw(const struct tcpdiagram *d, const struct canvas *c);

#endif
