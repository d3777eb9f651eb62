/* What has changed between what a terminal shows and what it shall show, as the fewest bytes that
 * make it so. Pure: takes the terminal's description as strings, gives bytes; no terminal and no
 * curses in here. */
#ifndef TERM_PAINT_H
#define TERM_PAINT_H

#include "base/txt.h"
#include "base/types.h"
#include "base/vec.h"
#include "ui/canvas.h"
#include "ui/theme.h"

/* Capabilities of a terminal by their names in terminfo(5), without padding. NULL where it has
 * none; cup, clear and sgr0 must be there. Kept by whoever calls. */
struct paint_caps {
	const char *cup, *clear, *sgr0;
	const char *hpa, *el, *ech, *csr, *ind, *ri;
	const char *bold, *dim, *smul, *rev, *setaf, *setab, *op;
	unsigned ncv; /* attributes that do not go with colours, as terminfo counts them */
	bool am;      /* behind the last column the cursor goes on to the next line ... */
	bool xenl;    /* ... but only with the next character */
	/* Appends a capability with its numbers: tiparm(3). */
	void (*param)(struct txt *out, const char *cap, int a, int b);
};

/* How a cell is shown. */
struct paint_look {
	struct look look;
	u8 attr;    /* of its attributes, those that the terminal can show */
	bool empty; /* a blank of it shows nothing: no background, line or reverse */
	char all[96], fg[32];
};

struct paint {
	struct paint_caps caps;
	const struct theme *theme;
	enum color_depth depth;
	bool ansi_cup; /* cup and hpa are those of ECMA-48 */
	bool ansi_hpa;
	bool sgr0_all; /* sgr0 takes colours away, too */

	struct grid shown; /* what the terminal shows */
	bool stale;	   /* it may show anything */
	VEC(u64) hashes;   /* of its rows; after them, of those that come */

	VEC(struct paint_look) looks;	 /* that differ */
	u16 look_of[N_STYLES][N_SHADES]; /* index + 1 */
	int now;			 /* the look that the terminal is set to, -1: unknown */
	int x, y;			 /* its cursor, -1: unknown */
};

/* For an empty screen of no size that may show anything. `ascii`: only ASCII can be shown. */
void paint_init(struct paint *p, const struct paint_caps *caps, enum color_depth depth, bool ascii);
void paint_fini(struct paint *p);

/* The terminal has this size now, and may show anything. */
void paint_resize(struct paint *p, int w, int h);
/* To be called before the first painting; all is painted again. */
void paint_theme(struct paint *p, const struct theme *theme);

/* Appends what makes the terminal show g (one of another size is cut or filled with blanks). The
 * colours are plain then, and the cursor stands anywhere. */
void paint_grid(struct paint *p, const struct grid *g, struct txt *out);
/* Appends what moves the cursor to a cell that paint_grid() has painted. */
void paint_cursor(struct paint *p, int x, int y, struct txt *out);

#endif
