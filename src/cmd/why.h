/* Why a packet of a TCP connection is what it is: all that the trackers and the verdict know of it,
 * in words. */
#ifndef CMD_WHY_H
#define CMD_WHY_H

#include "base/txt.h"
#include "tape/world.h"

enum { WHY_LINKS = 9, WHY_WIDTH = 72 };

/* Packets that the text names as "[1] #33", from 1: to go there. */
struct why_links {
	u64 packet[WHY_LINKS]; /* from 0 */
	int n;
};

/* Appends lines of at most WHY_WIDTH columns on packet n < w->count. */
void why_put(struct txt *t, const struct world *w, u64 n, struct why_links *links);

#endif
