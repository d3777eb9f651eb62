/* Colours and attributes for styles and shades, on whatever the terminal can show. Pure: no
 * terminal in here. */
#ifndef UI_THEME_H
#define UI_THEME_H

#include "base/err.h"
#include "base/types.h"
#include "ui/canvas.h"
#include "ui/style.h"

enum color_depth {
	DEPTH_MONO, /* attributes only */
	DEPTH_8,
	DEPTH_16,
	DEPTH_256,
	DEPTH_RGB,
};

enum look_attr {
	LOOK_BOLD = 1,
	LOOK_DIM = 2,
	LOOK_UNDERLINE = 4,
	LOOK_REVERSE = 8,
};

#define COLOR_DEFAULT (-1) /* the terminal's own */

/* How to show a cell. Colours are 0xRRGGBB at DEPTH_RGB, else indices of the palette. */
struct look {
	i32 fg, bg;
	u8 attr; /* enum look_attr bits */
};

struct theme;

/* A theme by name. NULL with a sentence that lists the names. */
const struct theme *theme_find(const char *name, struct err *e);
/* The i-th theme's name, NULL behind the last: for completion. The first is the default. */
const char *theme_name(size_t i);

struct look theme_look(const struct theme *theme, enum color_depth depth, enum style style,
		       unsigned shade);

/* What to use of a terminal that has so many colours, or takes RGB values (`rgb`). A value of
 * NO_COLOR (no-color.org) that is not empty means none; NULL where it is unset. */
enum color_depth theme_depth(int colors, bool rgb, const char *no_color);

/* Appends the grid with SGR sequences (ECMA-48 8.3.117), a line a row, ended by a reset: for
 * pictures of a screen in documents and for showing one without a full-screen terminal. */
void theme_print(const struct theme *theme, enum color_depth depth, const struct grid *g,
		 struct txt *out);

#endif
