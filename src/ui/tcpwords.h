/* Short words of the transport pane: what is unusual about a segment, and what states and phases
 * are called where there is little room. */
#ifndef UI_TCPWORDS_H
#define UI_TCPWORDS_H

#include "base/txt.h"
#include "flow/tcp_verdict.h"
#include "ui/style.h"

/* Appends what is unusual about a segment: "fast retransmission", in few letters where `brief`:
 * "fast". False, and nothing is appended, where it is an ordinary one. */
bool tcpwords_mark(struct txt *t, const struct tcp_seen *s, const struct tcp_verdict *v, bool brief,
		   enum style *style);
/* The same where there is no time for a verdict: as the trackers and Wireshark have it. `side` sent
 * the segment. */
bool tcpwords_quick(struct txt *t, const struct tcp_seen *s, int side, bool brief,
		    enum style *style);

/* A state's name in at most 12 columns, or 8: "TIME-WAIT", "TIME-W". "" where it is unknown. */
enum { TCPWORDS_STATE = 12, TCPWORDS_STATE_BRIEF = 8 };
const char *tcpwords_state(enum tcp_state s, bool brief);

/* How a state is shown that was reached by this edge. */
enum style tcpwords_edge_style(const struct tcp_edge *e);

/* A phase in at most 16 columns: "cong. avoidance". "" for none. */
const char *tcpwords_phase(enum tcp_phase p);

#endif
