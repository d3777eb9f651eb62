/* Frames, bars and graphs, made of characters on a canvas. */
#include "ui/canvas.h"

#include <stdlib.h>

void canvas_hline(const struct canvas *c, int x, int y, int w, enum style style, u32 ch)
{
	canvas_fill(c, x, y, w, 1, style, ch);
}

void canvas_vline(const struct canvas *c, int x, int y, int h, enum style style, u32 ch)
{
	canvas_fill(c, x, y, 1, h, style, ch);
}

/* The characters of a frame. */
struct frame_set {
	u32 h, v, nw, ne, sw, se, join_l, join_r;
};
static const struct frame_set light = { U'─', U'│', U'┌', U'┐', U'└', U'┘', U'├', U'┤' };
static const struct frame_set heavy = { U'━', U'┃', U'┏', U'┓', U'┗', U'┛', U'┠', U'┨' };

/* Writes " text " into a line at x, in at most w columns. Returns the columns used. */
static int line_title(const struct canvas *c, int x, int y, int w, enum style style,
		      const char *text)
{
	int need;

	if (!text || !*text || w < 4)
		return 0;
	need = MIN(canvas_width(text, strlen(text)), w - 2);
	canvas_put(c, x, y, style, ' ');
	canvas_cut(c, x + 1, y, need, style, text, strlen(text));
	canvas_put(c, x + 1 + need, y, style, ' ');
	return need + 2;
}

struct canvas canvas_box(const struct canvas *c, bool focus, const char *left, const char *right)
{
	const struct frame_set *f = focus ? &heavy : &light;
	enum style style = focus ? STYLE_FOCUS : STYLE_BORDER;
	int room = c->w - 4, right_w = 0;

	if (c->w < 2 || c->h < 2)
		return canvas_sub(c, 0, 0, 0, 0);
	canvas_hline(c, 0, 0, c->w, style, f->h);
	canvas_hline(c, 0, c->h - 1, c->w, style, f->h);
	canvas_vline(c, 0, 0, c->h, style, f->v);
	canvas_vline(c, c->w - 1, 0, c->h, style, f->v);
	canvas_put(c, 0, 0, style, f->nw);
	canvas_put(c, c->w - 1, 0, style, f->ne);
	canvas_put(c, 0, c->h - 1, style, f->sw);
	canvas_put(c, c->w - 1, c->h - 1, style, f->se);

	if (right && *right) {
		right_w = MIN(canvas_width(right, strlen(right)) + 2, room);
		if (right_w >= 4)
			line_title(c, c->w - 2 - right_w, 0, right_w, style, right);
		else
			right_w = 0;
	}
	line_title(c, 1, 0, room + 1 - (right_w > 0 ? right_w + 1 : 0),
		   focus ? STYLE_FOCUS : STYLE_TITLE, left);
	return canvas_sub(c, 1, 1, c->w - 2, c->h - 2);
}

void canvas_box_rule(const struct canvas *framed, int y, bool focus, const char *title)
{
	const struct frame_set *f = focus ? &heavy : &light;
	enum style style = focus ? STYLE_FOCUS : STYLE_BORDER;

	canvas_put(framed, 0, y, style, f->join_l);
	canvas_hline(framed, 1, y, framed->w - 2, STYLE_BORDER, light.h);
	canvas_put(framed, framed->w - 1, y, style, f->join_r);
	line_title(framed, 2, y, framed->w - 4, STYLE_TITLE, title);
}

void canvas_bar(const struct canvas *c, int x, int y, int w, enum style style, double part)
{
	int eighths, full, rest;

	if (w <= 0)
		return;
	if (!(part > 0)) /* NaN too */
		part = 0;
	eighths = (int)(MIN(part, 1.0) * w * 8 + 0.5);
	full = eighths / 8;
	rest = eighths % 8;
	canvas_hline(c, x, y, full, style, U'█');
	if (rest > 0)
		canvas_put(c, x + full, y, style, (u32)(U'█' + 8 - rest));
	canvas_hline(c, x + full + (rest > 0), y, w - full - (rest > 0), STYLE_DIM, U'░');
}

/* How many of `dots` a value fills: at least one for anything there is. */
static int graph_dots(double v, double max, int dots)
{
	if (!(v > 0) || !(max > 0))
		return 0;
	return CLAMP((int)(MIN(v / max, 1.0) * dots + 0.5), 1, dots);
}

void canvas_graph(const struct canvas *c, int x, int y, int w, int h, enum style style,
		  const double *v, size_t n, double max)
{
	/* Dots of the left and right half, filled from the bottom: 0..4 of them. */
	static const u8 left[] = { 0, 0x40, 0x44, 0x46, 0x47 },
			right[] = { 0, 0x80, 0xa0, 0xb0, 0xb8 };
	size_t room = (size_t)MAX(w, 0) * 2;

	if (n > room) {
		v += n - room;
		n = room;
	}
	for (size_t i = 0; i < n; i += 2) {
		int l = graph_dots(v[i], max, 4 * h);
		int r = i + 1 < n ? graph_dots(v[i + 1], max, 4 * h) : 0;

		for (int row = 0; row < h; row++) {
			int base = 4 * (h - 1 - row);
			u32 bits = left[CLAMP(l - base, 0, 4)] | right[CLAMP(r - base, 0, 4)];

			canvas_put(c, x + (int)(i / 2), y + row, style, bits ? 0x2800 + bits : ' ');
		}
	}
}

void canvas_dot(const struct canvas *c, int dx, int dy, enum style style)
{
	static const u8 bit[4][2] = {
		{ 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 }
	};
	int x = dx >> 1, y = dy >> 2;
	u32 ch;

	if (dx < 0 || dy < 0 || x >= c->w || y >= c->h)
		return;
	ch = c->g->cells[(size_t)(c->y + y) * (size_t)c->g->w + (size_t)(c->x + x)].ch;
	if (ch < 0x2800 || ch > 0x28ff)
		ch = 0x2800;
	canvas_put(c, x, y, style, ch | bit[dy & 3][dx & 1]);
}

/* a * i / n to the nearest, halves up. */
static int scale(i64 a, i64 i, i64 n)
{
	i64 v = 2 * a * i + n;

	return (int)(v >= 0 ? v / (2 * n) : -((-v + 2 * n - 1) / (2 * n)));
}

void canvas_dots(const struct canvas *c, int dx0, int dy0, int dx1, int dy1, enum style style)
{
	i64 w = (i64)dx1 - dx0, h = (i64)dy1 - dy0;
	i64 steps = MAX(llabs(w), llabs(h));

	/* A line far longer than any screen comes from a wrong scale: draw its ends only. */
	if (steps == 0 || steps > 100000) {
		canvas_dot(c, dx0, dy0, style);
		canvas_dot(c, dx1, dy1, style);
		return;
	}
	for (i64 i = 0; i <= steps; i++)
		canvas_dot(c, dx0 + scale(w, i, steps), dy0 + scale(h, i, steps), style);
}
