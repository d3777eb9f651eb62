/* Where the panes stand on a screen of any size: columns of stacked panes with tabs where they do
 * not all fit. Pure arithmetic; the deck draws what it says. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "base/err.h"
#include "base/txt.h"
#include "base/types.h"
#include "ui/canvas.h"

#define LAYOUT_PANES 8
#define LAYOUT_COLS 3

/* From which widths on there are two and three columns, and below which size there is nothing but a
 * word. */
#define LAYOUT_TWO_COLS 100
#define LAYOUT_THREE_COLS 240
#define LAYOUT_MIN_W 50
#define LAYOUT_MIN_H 12

struct layout_slot {
	const char *name; /* of the pane; static */
	int min_w, min_h; /* with its frame */
	int weight;	  /* share of its column's height, against the others in it */
	u8 col2, col3;	  /* column when there are two, when there are three */
	bool hidden;	  /* the user does not want it */
	u32 used;	  /* when it last had the keys: the more recent one gets the room */
};

struct layout {
	struct layout_slot slot[LAYOUT_PANES];
	int n;
	int focus;     /* index of the pane that has the keys */
	bool zoom;     /* it alone fills the screen */
	int split2;    /* where the second of two columns begins, in thousandths of the width */
	int split3[2]; /* the same for the second and third of three */
	u32 clock;
};

struct rect {
	int x, y, w, h;
};

/* What layout_compute() found for one size. */
struct layout_view {
	int w, h;
	bool too_small; /* nothing fits: say so (layout_draw_too_small) */
	struct rect time, tabs, hints,
		prompt;			/* one line each; tabs.h is 0 where every pane is in view */
	struct rect pane[LAYOUT_PANES]; /* w is 0 where it is not in view */
	int cols;
	struct rect col[LAYOUT_COLS];
	u8 col_of[LAYOUT_PANES];
};

void layout_init(struct layout *l);
/* Adds a pane; the order is that of tabs and of Tab. The first focus goes to the greatest weight.
 */
void layout_add(struct layout *l, const char *name, int min_w, int min_h, int weight, int col2,
		int col3);
/* Index of a pane by name, -1 where there is none. */
int layout_find(const struct layout *l, const char *name);

void layout_compute(const struct layout *l, int w, int h, struct layout_view *v);

/* Gives a pane the keys; shows it where it was hidden. */
void layout_focus(struct layout *l, int pane);
/* The next (by > 0) or previous pane that is not hidden. */
void layout_focus_next(struct layout *l, int by);
/* Hides a pane. -1 where it is the last one. */
int layout_hide(struct layout *l, int pane, struct err *e);

/* Makes the focused pane wider and higher by so many cells (negative: smaller), as seen in v. False
 * where nothing can move that way. */
bool layout_grow(struct layout *l, const struct layout_view *v, int dw, int dh);

/* The pane at a place on the screen, -1 for none; the tab at a column of the tab line, -1 for none.
 */
int layout_pane_at(const struct layout_view *v, int x, int y);
int layout_tab_at(const struct layout *l, const struct layout_view *v, int x);

/* A border that a mouse can drag. */
struct layout_edge {
	enum { EDGE_NONE, EDGE_COL, EDGE_ROW } kind;
	int index; /* the column left of it, or the pane above it */
};
struct layout_edge layout_edge_at(const struct layout *l, const struct layout_view *v, int x,
				  int y);
/* Moves it so that it lies under the mouse, as far as the panes allow. */
void layout_drag(struct layout *l, const struct layout_view *v, struct layout_edge edge, int x,
		 int y);

/* The tab line; and the one line that is left on a screen that is too small. */
void layout_draw_tabs(const struct layout *l, const struct layout_view *v,
		      const struct canvas *screen);
void layout_draw_too_small(const struct layout_view *v, const struct canvas *screen);

/* One line of text to keep between runs, and back. Names that no longer exist are passed over; what
 * is malformed or out of range gives -1 and leaves l as it was. */
void layout_save(const struct layout *l, struct txt *out);
int layout_load(struct layout *l, const char *s, struct err *e);

#endif
