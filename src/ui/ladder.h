/* The ladder of one conversation: which packets its rows are, what stands on an arrow, and the
 * arrow itself between two lifelines. */
#ifndef UI_LADDER_H
#define UI_LADDER_H

#include "tape/world.h"
#include "ui/canvas.h"

#define LADDER_NONE UINT64_MAX /* no packet */

/* Where a row's parts stand; the margins beside the lifelines are for what one end thinks. */
struct ladder {
	int time_x, time_w;
	int left_x, left_w;   /* margin of side 0; 0 wide where nothing is said there */
	int line[2];	      /* the two lifelines */
	int right_x, right_w; /* margin of side 1 */
};

/* What stands beside an arrow and on it; NULL for nothing. */
struct ladder_notes {
	const char *side[2]; /* in the margins */
	enum style side_style[2];
	const char *mark; /* behind the label: what is unusual */
	enum style mark_style;
	bool dim; /* it did nothing: a copy of what was captured before */
};

/* Divides `w` columns: `margin` of them for each side's notes. */
struct ladder ladder_layout(int w, int time_w, int margin);

/* The last packet <= n of conversation c, LADDER_NONE where there is none. n < w->count. */
u64 ladder_last(const struct world *w, const struct conv *c, u64 n);
/* The one before packet n of a conversation, and the next one up to `last`. */
u64 ladder_prev(const struct world *w, u64 n);
u64 ladder_next(const struct world *w, u32 conv, u64 n, u64 last);

/* How numbers are written. */
struct ladder_opts {
	bool raw; /* sequence numbers as on the wire */
};

/* What an arrow says, in the longest form that takes at most `room` columns: "PSH,ACK seq 5793:7241
 * ack 1 len 1448". The shortest form may be wider. */
void ladder_label(struct txt *t, const struct conv *c, const struct pkt *k,
		  const struct ladder_opts *o, int room);
/* An end as "10.0.0.1:40112". */
void ladder_end(struct txt *t, const struct conv *c, int side);

/* The direction's style, or that of a loss. */
enum style ladder_style(const struct pkt *k);
/* The same with what is said of it. */
enum style ladder_noted(const struct pkt *k, const struct ladder_notes *notes);

/* One row: lifelines, arrow, notes (NULL: none). */
void ladder_draw(const struct ladder *l, const struct canvas *c, int y, const struct conv *conv,
		 const struct pkt *k, const struct ladder_opts *o,
		 const struct ladder_notes *notes);

#endif
