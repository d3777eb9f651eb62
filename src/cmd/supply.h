/* The packets that a command goes through, and their conversations: of the file that -r names, or
 * of the deck's tape. The one place where a command's plan is given its conversations. */
#ifndef CMD_SUPPLY_H
#define CMD_SUPPLY_H

#include "cmd/task.h"
#include "flow/flow.h"
#include "tape/reader.h"
#include "tape/world.h"

struct supply {
	struct reader *reader; /* a file; NULL: the deck's tape */
	struct tape *tape;     /* borrowed from the deck */
	u64 from, at, end;     /* of the deck's tape: first packet, next one, first not to come */
	u64 told;
	bool partial; /* the deck's tape was not read to its end when this began */
	struct flow *flow;
	bool own_flow;
	const struct trace *trace; /* of the deck's tape */
	struct retrace *retrace;
	ns_t last_ts; /* of the last packet that had a time */
	struct pkt k; /* for pkt_decode(): supply_next() has put the times of others into it */
};

/* From the file that parameter `read` of a names, or from the deck's tape where it is not given,
 * then from packet `from` on (0 the first). -1 with a sentence. supply_fini() in any case. */
int supply_init(struct supply *s, const struct ctx *x, const struct args *a, unsigned read,
		u64 from, struct err *e);
void supply_fini(struct supply *s);

/* A plan that wants nothing yet but asks for conversations. */
void supply_plan(struct supply *s, struct plan *p);
/* To be called when p knows all it wants: tracks connections where p looks at what follows from
 * them. */
void supply_track(struct supply *s, const struct plan *p);

/* Follows the connections itself, with everything that is tracked, in a table for `cap` of them, and
 * uses nothing of the deck's: what is known is that of the packets gone through. To be called
 * before the first one. */
void supply_follow(struct supply *s, u32 cap);

/* The next frame, its pointers good until the next call: 1, 0 at the end (also where p->stop became
 * true), -1 where the file is damaged. On the deck's tape it waits until the packet's conversation
 * is known. Tells p how far it is. */
int supply_next(struct supply *s, struct frame *f, struct progress *p, struct err *e);

const struct tape_iface *supply_iface(const struct supply *s, u32 iface);

#endif
