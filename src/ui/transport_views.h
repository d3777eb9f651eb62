/* Views of the transport pane beside its ladder: each draws one TCP connection at the playhead in
 * its own way. One view is one file view_*.c that ends in a `const struct transport_view`, and a
 * line in transport_views.c. */
#ifndef UI_TRANSPORT_VIEWS_H
#define UI_TRANSPORT_VIEWS_H

#include "tape/world.h"
#include "ui/pane.h"

/* Which connection, and up to where: what lies behind `last` has not happened yet. */
struct transport_at {
	const struct conv *conv; /* a copy, of TCP; its sums are those of the whole tape */
	u64 last;		 /* its last packet up to the playhead, from 0; there is one */
};

struct transport_view {
	const char *name;	   /* "sequence": the word behind `view` */
	const char *title;	   /* in the frame, on the right; static */
	size_t size;		   /* of its state; zeroed before the first call, may be 0 */
	void (*fini)(void *state); /* may be NULL, as all below except draw */
	/* As in struct pane_type: before drawing, whenever something changed; w x h is the inside.
	 */
	void (*update)(void *state, const struct world *w, const struct transport_at *at, int width,
		       int height);
	void (*draw)(const void *state, const struct world *w, const struct transport_at *at,
		     const struct canvas *c);
	/* Verbs of the pane's keys, those of the ladder among them ("up", "page-down", "left"):
	 * WISH_UNKNOWN where it does nothing with one. */
	struct wish (*act)(void *state, const struct world *w, const struct transport_at *at,
			   const char *verb);
	struct wish (*mouse)(void *state, const struct world *w, const struct transport_at *at,
			     const struct mouse *m);
};

/* In the order in which a key goes through them; NULL behind the last. */
extern const struct transport_view *const transport_views[];

#endif
