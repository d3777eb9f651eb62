/* The variables of both ends of a TCP connection behind one packet, with bars for what is in
 * flight: the lower part of the transport pane. */
#ifndef UI_TCPPANEL_H
#define UI_TCPPANEL_H

#include "flow/flow.h"
#include "ui/canvas.h"

/* Rows that it takes in a pane whose inside is w x h: more where there is room. */
int tcppanel_height(int w, int h);

struct tcppanel {
	const struct conv *conv;
	const struct tcp_seen *seen;  /* of the packet; NULL where nothing is known */
	const struct tcp_conn *state; /* behind it; likewise */
	bool raw;		      /* sequence numbers as on the wire */
};

/* Draws it over all of c, which is tcppanel_height() high: the left end's half on the left. */
void tcppanel_draw(const struct tcppanel *p, const struct canvas *c);

#endif
