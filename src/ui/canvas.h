/* A grid of character cells and views onto it: all drawing goes through here, and so does every
 * byte of text that reaches a terminal. Knows no terminal: the same grid is pushed by
 * term/screen.h, or dumped as text.
 *
 * Coordinates are columns and rows from 0 at the top left of the canvas; they may be negative or
 * too large, whatever falls outside is cut. Text is UTF-8 from anywhere: control characters, C1,
 * malformed UTF-8, bidi and zero-width characters each become one U+FFFD before the width is
 * measured, so no text can move the cursor, change direction or take a width that was not counted.
 * Our own drawing characters are written as UTF-8 in the source; on an ASCII grid each shows as its
 * stand-in of the same width. */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include "base/txt.h"
#include "base/types.h"
#include "ui/style.h"

struct cell {
	u32 ch;	     /* base character; 0 in the right half of a wide one */
	u16 mark[2]; /* combining marks, 0 where none; more than two are dropped */
	u8 style;    /* enum style */
	u8 shade;    /* enum shade bits */
	u8 width;    /* 1, 2 for the left half of a wide character, 0 for its right half */
	u8 pad;	     /* zero, so that cells compare as bytes */
};

/* The whole screen (or any off-screen page). */
struct grid {
	int w, h;
	struct cell *cells;	/* w * h, row by row */
	int cursor_x, cursor_y; /* where the text cursor blinks; -1, -1 for nowhere */
	bool ascii;		/* show every character outside ASCII as its stand-in */
};

/* A clipped view onto a grid. Small: pass it around by value or pointer. */
struct canvas {
	struct grid *g;
	int x, y; /* of the top left cell on the grid */
	int w, h; /* never negative */
};

/* --- the grid --- */

/* An empty grid; both sizes may be 0. */
void grid_init(struct grid *g, int w, int h, bool ascii);
void grid_fini(struct grid *g);
/* Changes the size; the content is blank afterwards. */
void grid_resize(struct grid *g, int w, int h);
/* Blanks every cell and takes the cursor away. */
void grid_clear(struct grid *g);
/* The character that a cell shows on this grid: the stand-in on an ASCII grid, where marks are not
 * shown either. */
u32 grid_glyph(const struct grid *g, const struct cell *cell);

/* Appends the grid as lines of text, blanks at the end of a line trimmed, every line ended by '\n':
 * what golden screens compare. */
void canvas_dump(const struct grid *g, struct txt *out);
/* The same shape with a letter a cell for its style, or for its strongest shade (style.h); blank
 * cells with no shade are spaces. */
void canvas_dump_styles(const struct grid *g, struct txt *out);

/* --- views --- */

/* All of the grid. */
struct canvas canvas_of(struct grid *g);
/* A part of c, cut to what lies inside c (origin included). */
struct canvas canvas_sub(const struct canvas *c, int x, int y, int w, int h);

/* --- text --- */

/* Columns that n bytes take. Never more than n. */
int canvas_width(const char *s, size_t n);
/* Draws n bytes; returns the column behind the last one, counted even where it was cut. */
int canvas_putn(const struct canvas *c, int x, int y, enum style style, const char *s, size_t n);
int canvas_puts(const struct canvas *c, int x, int y, enum style style, const char *s);
/* The same with printf. */
int canvas_text(const struct canvas *c, int x, int y, enum style style, const char *fmt, ...)
	PRINTF_LIKE(5, 6);
/* One character. Returns x + its width. */
int canvas_put(const struct canvas *c, int x, int y, enum style style, u32 ch);
/* Draws n bytes in exactly w columns: the rest is blanked, an ellipsis ends what was cut. Returns x
 * + w. */
int canvas_cut(const struct canvas *c, int x, int y, int w, enum style style, const char *s,
	       size_t n);
/* The same at the right end of the w columns; what does not fit loses its head, shown by an
 * ellipsis. */
int canvas_right(const struct canvas *c, int x, int y, int w, enum style style, const char *s,
		 size_t n);
/* A number at the right end of w columns. Returns x + w. */
int canvas_num(const struct canvas *c, int x, int y, int w, enum style style, u64 v);
/* How many of the n bytes make the first line of w columns when broken at blanks (or anywhere where
 * a word is longer than the line; a '\n' always breaks). At least 1 where n > 0. The blank or '\n'
 * at the break is included. */
size_t canvas_wrap(const char *s, size_t n, int w);
/* Draws n bytes broken into lines of w columns from row y on; returns the rows they take (also
 * where cut). */
int canvas_para(const struct canvas *c, int x, int y, int w, enum style style, const char *s,
		size_t n);

/* --- shapes --- */

/* Fills a rectangle with a character of width 1 (' ' blanks it; takes shades away). */
void canvas_fill(const struct canvas *c, int x, int y, int w, int h, enum style style, u32 ch);
/* Lays shade bits over what is drawn already. */
void canvas_shade(const struct canvas *c, int x, int y, int w, int h, unsigned shade);
/* Changes the style of what is drawn already. */
void canvas_restyle(const struct canvas *c, int x, int y, int w, int h, enum style style);
/* A line of one character of width 1, e.g. U'─' or U'│'. */
void canvas_hline(const struct canvas *c, int x, int y, int w, enum style style, u32 ch);
void canvas_vline(const struct canvas *c, int x, int y, int h, enum style style, u32 ch);
/* A frame around all of c: light lines, or heavy ones in STYLE_FOCUS where `focus`; `left` and
 * `right` stand in the upper line (either may be NULL or ""; left is cut first). Returns the
 * inside. */
struct canvas canvas_box(const struct canvas *c, bool focus, const char *left, const char *right);
/* A rule across a frame at row y of the framed canvas, joined to its sides: ├── title ──┤ (title
 * may be NULL). */
void canvas_box_rule(const struct canvas *framed, int y, bool focus, const char *title);

/* --- figures --- */

/* A bar of w columns filled to `part` (0..1) in eighths of a column, the rest in a dim shade. */
void canvas_bar(const struct canvas *c, int x, int y, int w, enum style style, double part);
/* A filled braille graph of w columns and h rows: n values from left to right, two a column (the
 * last 2*w of them where there are more; fewer fill from the left), 0..max over the height.
 * Anything above 0 shows at least one dot; a value above max is cut at the top. NaN and negative
 * values leave a gap. */
void canvas_graph(const struct canvas *c, int x, int y, int w, int h, enum style style,
		  const double *v, size_t n, double max);
/* One braille dot; dx and dy count dots (2 a column, 4 a row) from the top left of c. Joins dots
 * that are there. */
void canvas_dot(const struct canvas *c, int dx, int dy, enum style style);
/* A straight line of dots. */
void canvas_dots(const struct canvas *c, int dx0, int dy0, int dx1, int dy1, enum style style);

/* Puts the text cursor at this cell (nowhere where it lies outside). */
void canvas_cursor(const struct canvas *c, int x, int y);

#endif
