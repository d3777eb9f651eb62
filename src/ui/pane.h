/* A pane shows the world at the playhead: drawn from const data onto a canvas, never touching a
 *terminal. One pane is one file pane_*.c that ends in a `const struct pane_type pane_NAME`.
 *
 * A pane embeds struct pane as its first member and adds its own state (a struct list, an id, an
 *open/closed flag: ids, never pointers into the world):
 *
 *	struct packets { struct pane pane; struct list list; u64 chosen; };
 *
 * Keys reach it as verbs: its table binds a key to "act VERB", and act() does it. What concerns the
 *world it does not do itself but wishes, as a command line: wish_run("jump packet %" PRIu64, n). */
#ifndef UI_PANE_H
#define UI_PANE_H

#include "base/txt.h"
#include "base/types.h"
#include "ui/canvas.h"
#include "ui/key.h"
#include "ui/keymap.h"

struct world; /* everything at the playhead; defined by the deck, read only for panes */

enum wish_kind {
	WISH_UNKNOWN, /* no such verb, or a click on nothing */
	WISH_DONE,    /* the pane changed its own state; draw it again */
	WISH_RUN,     /* run `text` as a command line */
	WISH_SAY,     /* show `text` in the status line: why nothing happened, what to do */
};
struct wish {
	enum wish_kind kind;
	char text[1000];
};

struct pane {
	const struct pane_type *type;
	bool focus; /* has the keys; set by the deck */
	int w, h;   /* of the inside, as of the last update() */
};

struct pane_type {
	const char *name;  /* "packets": word in commands, contexts of keys, tabs; static */
	const char *about; /* one sentence for help */
	const char
		*empty; /* what to type when there is nothing to show (for the pane's own draw) */
	size_t size;	/* of the whole struct that begins with struct pane; zeroed before init */

	/* Where it stands: see struct layout_slot. */
	int min_w, min_h; /* with its frame */
	int weight;	  /* share of its column's height, 1..1000 */
	u8 col2, col3;	  /* column when there are two, when there are three */

	void (*init)(struct pane *p); /* may be NULL, as all below except draw */
	void (*fini)(struct pane *p);
	/* Text in the frame: left (the name where NULL or left empty) and right. */
	void (*title)(const struct pane *p, const struct world *w, struct txt *left,
		      struct txt *right);
	/* Before drawing whenever the world, the focus or the size (p->w, p->h are set already)
	 * changed: keep the place, follow the playhead, clamp. The only place where drawing may
	 * change the pane. */
	void (*update)(struct pane *p, const struct world *w);
	/* The inside; c is blank, c->w == p->w. At most 2 ms for all panes together; nothing is
	 * kept. */
	void (*draw)(const struct pane *p, const struct world *w, const struct canvas *c);
	/* Does a verb ("down", "open all"). WISH_UNKNOWN where it knows no such verb. */
	struct wish (*act)(struct pane *p, const struct world *w, const char *verb);
	/* m->x, m->y are relative to the inside. */
	struct wish (*mouse)(struct pane *p, const struct world *w, const struct mouse *m);

	const struct binding *keys; /* context: its name */
	size_t n_keys;
};

/* A pane of this type, initialized. Owned by the caller: pane_free(). */
struct pane *pane_new(const struct pane_type *type);
void pane_free(struct pane *p);

/* Update for a frame of w x h cells on the screen, then draw frame, title and inside onto c (a
 * canvas of that size). Two steps, so that drawing stays const. */
void pane_update(struct pane *p, const struct world *w, int frame_w, int frame_h);
void pane_draw(const struct pane *p, const struct world *w, const struct canvas *c);

/* What a pane shows when it has nothing to show: lines in the middle, dim, broken to the width. */
void pane_draw_empty(const struct canvas *c, const char *text);

struct wish wish_unknown(void);
struct wish wish_done(void);
struct wish wish_run(const char *fmt, ...) PRINTF_LIKE(1, 2);
struct wish wish_say(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
