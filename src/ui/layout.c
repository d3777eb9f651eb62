/* Where the panes stand: columns, stacks, tabs. */
#include "ui/layout.h"

#include "base/num.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define COL_MIN 24 /* no column gets narrower by resizing */
#define WEIGHT_MAX 10000

void layout_init(struct layout *l)
{
	*l = (struct layout) { .split2 = 450, .split3 = { 250, 600 }, .clock = 1000 };
}

void layout_add(struct layout *l, const char *name, int min_w, int min_h, int weight, int col2,
		int col3)
{
	assert(l->n < LAYOUT_PANES && weight > 0 && weight <= 1000 && col2 < 2 && col3 < 3);
	l->slot[l->n] = (struct layout_slot) { .name = name,
					       .min_w = min_w,
					       .min_h = MAX(min_h, 3),
					       .weight = weight,
					       .col2 = (u8)col2,
					       .col3 = (u8)col3,
					       .used = (u32)weight };
	if (weight > l->slot[l->focus].weight)
		l->focus = l->n;
	l->n++;
}

int layout_find(const struct layout *l, const char *name)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->slot[i].name, name) == 0)
			return i;
	return -1;
}

/* Marks the panes of one column that get room: the most recently used first, as many as fit. */
static void choose_shown(const struct layout *l, int height, const bool in_col[], bool shown[])
{
	int left = height;

	for (int i = 0; i < l->n; i++)
		shown[i] = false;
	for (int round = 0; round < l->n; round++) {
		int best = -1;

		for (int i = 0; i < l->n; i++) {
			bool fits = left == height ||
				    l->slot[i].min_h <= left; /* the first one always */

			if (in_col[i] && !shown[i] && fits &&
			    (best < 0 || l->slot[i].used > l->slot[best].used))
				best = i;
		}
		if (best < 0)
			break;
		shown[best] = true;
		left -= MIN(l->slot[best].min_h, left);
	}
}

/* Divides a column's height among the shown panes by weight, none below its least (unless it is
 * alone). */
static void stack(const struct layout *l, struct rect col, const bool shown[], struct rect out[])
{
	bool fixed[LAYOUT_PANES] = { false };
	int height = col.h, y = col.y, last = -1, sum, got[LAYOUT_PANES] = { 0 };
	bool again;

	do { /* those that would fall below their least get it, the others share the rest */
		again = false;
		sum = 0;
		for (int i = 0; i < l->n; i++)
			sum += shown[i] && !fixed[i] ? l->slot[i].weight : 0;
		for (int i = 0; i < l->n && !again; i++) {
			if (!shown[i] || fixed[i] ||
			    (i64)height * l->slot[i].weight / sum >= l->slot[i].min_h)
				continue;
			fixed[i] = again = true;
			got[i] = MIN(l->slot[i].min_h, height);
			height -= got[i];
		}
	} while (again);
	for (int i = 0; i < l->n; i++) {
		if (!shown[i])
			continue;
		if (!fixed[i]) {
			got[i] = (int)((i64)height * l->slot[i].weight / sum);
			height -= got[i];
			sum -= l->slot[i].weight;
		}
		last = i;
	}
	if (last >= 0 && sum == 0)
		got[last] += height; /* all were fixed */
	for (int i = 0; i < l->n; i++) {
		if (!shown[i])
			continue;
		out[i] = (struct rect) { col.x, y, col.w, got[i] };
		y += got[i];
	}
}

/* The left edge of column k (1 or 2) from its share, so that no column gets too narrow. */
static int split_at(int w, int permille, int from, int cols_after)
{
	int x = (int)(((i64)w * permille + 500) / 1000);

	return CLAMP(x, from + COL_MIN, MAX(w - cols_after * COL_MIN, from + COL_MIN));
}

/* Makes the columns' rectangles; only columns that have a pane exist. */
static void make_cols(const struct layout *l, struct layout_view *v, struct rect body)
{
	int want = body.w < LAYOUT_TWO_COLS ? 1 : body.w < LAYOUT_THREE_COLS ? 2 : 3;
	int number[LAYOUT_COLS] = { -1, -1, -1 }, x1, x2;

	v->cols = 0;
	for (int k = 0; k < want; k++)
		for (int i = 0; i < l->n; i++) {
			int at = want == 1 ? 0 : want == 2 ? l->slot[i].col2 : l->slot[i].col3;

			if (l->slot[i].hidden || at != k)
				continue;
			if (number[k] < 0)
				number[k] = v->cols++;
			v->col_of[i] = (u8)number[k];
		}
	x1 = v->cols == 2 ? split_at(body.w, l->split2, 0, 1)
			  : split_at(body.w, l->split3[0], 0, 2);
	x2 = split_at(body.w, l->split3[1], x1, 1);
	if (v->cols <= 1) {
		v->col[0] = body;
	} else if (v->cols == 2) {
		v->col[0] = (struct rect) { body.x, body.y, x1, body.h };
		v->col[1] = (struct rect) { body.x + x1, body.y, body.w - x1, body.h };
	} else {
		v->col[0] = (struct rect) { body.x, body.y, x1, body.h };
		v->col[1] = (struct rect) { body.x + x1, body.y, x2 - x1, body.h };
		v->col[2] = (struct rect) { body.x + x2, body.y, body.w - x2, body.h };
	}
}

/* Places the panes into body; returns how many that are not hidden found no room. */
static int place(const struct layout *l, struct layout_view *v, struct rect body)
{
	bool in_col[LAYOUT_PANES], shown[LAYOUT_PANES];
	int without = 0;

	for (int i = 0; i < l->n; i++)
		v->pane[i] = (struct rect) { 0 };
	if (l->zoom) {
		v->cols = 1;
		v->col[0] = v->pane[l->focus] = body;
	} else {
		make_cols(l, v, body);
		for (int k = 0; k < v->cols; k++) {
			for (int i = 0; i < l->n; i++)
				in_col[i] = !l->slot[i].hidden && v->col_of[i] == k;
			choose_shown(l, v->col[k].h, in_col, shown);
			stack(l, v->col[k], shown, v->pane);
		}
	}
	for (int i = 0; i < l->n; i++)
		without += !l->slot[i].hidden && v->pane[i].w == 0;
	return without;
}

void layout_compute(const struct layout *l, int w, int h, struct layout_view *v)
{
	struct rect body = { 0, 1, w, h - 3 };

	*v = (struct layout_view) { .w = w, .h = h };
	v->too_small = w < LAYOUT_MIN_W || h < LAYOUT_MIN_H || l->n == 0;
	if (v->too_small)
		return;
	v->time = (struct rect) { 0, 0, w, 1 };
	v->hints = (struct rect) { 0, h - 2, w, 1 };
	v->prompt = (struct rect) { 0, h - 1, w, 1 };
	if (place(l, v, body) > 0) {
		v->tabs = (struct rect) { 0, 1, w, 1 };
		body.y++;
		body.h--;
		place(l, v, body);
	}
}

void layout_focus(struct layout *l, int pane)
{
	assert(pane >= 0 && pane < l->n);
	l->slot[pane].hidden = false;
	l->slot[pane].used = ++l->clock;
	l->focus = pane;
}

void layout_focus_next(struct layout *l, int by)
{
	int at = l->focus, step = by < 0 ? l->n - 1 : 1;

	do
		at = (at + step) % l->n;
	while (l->slot[at].hidden && at != l->focus);
	layout_focus(l, at);
}

int layout_hide(struct layout *l, int pane, struct err *e)
{
	int left = 0;

	assert(pane >= 0 && pane < l->n);
	for (int i = 0; i < l->n; i++)
		left += !l->slot[i].hidden && i != pane;
	if (left == 0)
		return err_set(e, "%s is the last pane; show another one first",
			       l->slot[pane].name);
	l->slot[pane].hidden = true;
	if (l->focus == pane) {
		int best = -1;

		for (int i = 0; i < l->n; i++)
			if (!l->slot[i].hidden &&
			    (best < 0 || l->slot[i].used > l->slot[best].used))
				best = i;
		layout_focus(l, best);
		l->zoom = false;
	}
	return 0;
}

/* Moves the left edge of column k (1..) to screen column x. */
static bool set_split(struct layout *l, const struct layout_view *v, int k, int x)
{
	int *split = v->cols == 2 ? &l->split2 : &l->split3[k - 1], old = *split;
	int lo = v->col[k - 1].x + COL_MIN, hi = v->col[k].x + v->col[k].w - COL_MIN;

	if (lo > hi)
		return false;
	*split = (int)(((i64)CLAMP(x, lo, hi) * 1000 + v->w / 2) / v->w);
	return *split != old;
}

/* The shown pane right below (step 1) or above (step -1) in the same column, -1 for none. */
static int neighbour(const struct layout *l, const struct layout_view *v, int pane, int step)
{
	for (int i = pane + step; i >= 0 && i < l->n; i += step)
		if (v->pane[i].w > 0 && v->pane[i].x == v->pane[pane].x)
			return i;
	return -1;
}

/* Gives `a` rows of its neighbour `b` in the same column. Heights become weights, so that the stack
 * keeps them. */
static bool move_rows(struct layout *l, const struct layout_view *v, int a, int b, int rows)
{
	int both = v->pane[a].h + v->pane[b].h, h, sum = 0, rows_all = 0, unit;

	if (both < l->slot[a].min_h + l->slot[b].min_h)
		return false;
	h = CLAMP(v->pane[a].h + rows, l->slot[a].min_h, both - l->slot[b].min_h);
	if (h == v->pane[a].h)
		return false;
	/* First all that are shown become as heavy as they are high; in all as heavy as before, so
	 * that those without room now keep their share for later. */
	for (int i = 0; i < l->n; i++) {
		if (v->pane[i].w == 0 || v->pane[i].x != v->pane[a].x)
			continue;
		sum += l->slot[i].weight;
		rows_all += v->pane[i].h;
	}
	unit = MAX(sum / rows_all, 1);
	for (int i = 0; i < l->n; i++)
		if (v->pane[i].w > 0 && v->pane[i].x == v->pane[a].x)
			l->slot[i].weight = v->pane[i].h * unit;
	l->slot[a].weight = h * unit;
	l->slot[b].weight = (both - h) * unit;
	return true;
}

bool layout_grow(struct layout *l, const struct layout_view *v, int dw, int dh)
{
	int p = l->focus, k = v->col_of[p], other;
	bool moved = false;

	if (v->too_small || l->zoom || v->pane[p].w == 0)
		return false;
	if (dw != 0 && v->cols > 1) {
		if (k + 1 < v->cols)
			moved |= set_split(l, v, k + 1, v->col[k + 1].x + dw);
		else
			moved |= set_split(l, v, k, v->col[k].x - dw);
	}
	if (dh != 0) {
		other = neighbour(l, v, p, 1);
		if (other < 0)
			other = neighbour(l, v, p, -1);
		if (other >= 0)
			moved |= move_rows(l, v, p, other, dh);
	}
	return moved;
}

int layout_pane_at(const struct layout_view *v, int x, int y)
{
	for (int i = 0; i < LAYOUT_PANES; i++) {
		const struct rect *r = &v->pane[i];

		if (x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h)
			return i;
	}
	return -1;
}

struct layout_edge layout_edge_at(const struct layout *l, const struct layout_view *v, int x, int y)
{
	struct layout_edge none = { EDGE_NONE, 0 };
	int p = layout_pane_at(v, x, y), other;

	if (p < 0 || l->zoom)
		return none;
	for (int k = 1; k < v->cols; k++)
		if (x == v->col[k].x || x == v->col[k].x - 1)
			return (struct layout_edge) { EDGE_COL, k - 1 };
	if (y == v->pane[p].y + v->pane[p].h - 1 && neighbour(l, v, p, 1) >= 0)
		return (struct layout_edge) { EDGE_ROW, p };
	other = neighbour(l, v, p, -1);
	if (y == v->pane[p].y && other >= 0)
		return (struct layout_edge) { EDGE_ROW, other };
	return none;
}

void layout_drag(struct layout *l, const struct layout_view *v, struct layout_edge edge, int x,
		 int y)
{
	int below;

	switch (edge.kind) {
	case EDGE_NONE: break;
	case EDGE_COL:
		if (edge.index + 1 < v->cols)
			set_split(l, v, edge.index + 1, x);
		break;
	case EDGE_ROW:
		below = neighbour(l, v, edge.index, 1);
		if (below >= 0)
			move_rows(l, v, edge.index, below, y - (v->pane[below].y - 1));
		break;
	}
}

/* Columns that tab i takes: " 1 name ". */
static int tab_width(const struct layout *l, int i)
{
	return (int)strlen(l->slot[i].name) + 4;
}

int layout_tab_at(const struct layout *l, const struct layout_view *v, int x)
{
	int at = 1;

	for (int i = 0; i < l->n && v->tabs.h > 0; i++) {
		if (l->slot[i].hidden)
			continue;
		if (x >= at && x < at + tab_width(l, i))
			return i;
		at += tab_width(l, i) + 1;
	}
	return -1;
}

void layout_draw_tabs(const struct layout *l, const struct layout_view *v,
		      const struct canvas *screen)
{
	struct canvas c = canvas_sub(screen, v->tabs.x, v->tabs.y, v->tabs.w, v->tabs.h);
	int x = 1;

	for (int i = 0; i < l->n; i++) {
		bool here = i == l->focus;

		if (l->slot[i].hidden)
			continue;
		canvas_text(&c, x, 0, here ? STYLE_TAB_ON : STYLE_TAB, "%c%d %s%c",
			    here ? '[' : ' ', i + 1, l->slot[i].name, here ? ']' : ' ');
		if (v->pane[i].w > 0 && !here) /* in view, without the keys */
			canvas_restyle(&c, x, 0, tab_width(l, i), 1, STYLE_DEFAULT);
		x += tab_width(l, i) + 1;
	}
	if (l->zoom)
		canvas_puts(&c, x + 1, 0, STYLE_DIM, "zoomed");
}

void layout_draw_too_small(const struct layout_view *v, const struct canvas *screen)
{
	char text[80];
	struct canvas c = *screen;
	int n = snprintf(text, sizeof text, "tapdeck needs %dx%d; this is %dx%d", LAYOUT_MIN_W,
			 LAYOUT_MIN_H, v->w, v->h);

	canvas_para(&c, 0, 0, c.w, STYLE_WARN, text, (size_t)n);
}

void layout_save(const struct layout *l, struct txt *out)
{
	txt_printf(out, "split2=%d split3=%d,%d focus=%s%s", l->split2, l->split3[0], l->split3[1],
		   l->slot[l->focus].name, l->zoom ? " zoom" : "");
	for (int i = 0; i < l->n; i++)
		txt_printf(out, " %s=%s%d", l->slot[i].name, l->slot[i].hidden ? "-" : "",
			   l->slot[i].weight);
}

/* One word of a saved layout. */
static int load_word(struct layout *l, const char *word, size_t n, struct err *e)
{
	const char *eq = memchr(word, '=', n), *value, *comma;
	size_t key = eq ? (size_t)(eq - word) : n, len;
	i64 a, b;

	if (n == 4 && memcmp(word, "zoom", 4) == 0) {
		l->zoom = true;
		return 0;
	}
	if (!eq)
		return err_set(e, "layout: \"%.*s\" is not name=value", (int)n, word);
	value = eq + 1;
	len = n - key - 1;
	if (key == 5 && memcmp(word, "focus", 5) == 0) {
		for (int i = 0; i < l->n; i++)
			if (strlen(l->slot[i].name) == len &&
			    memcmp(l->slot[i].name, value, len) == 0)
				l->focus = i;
		return 0;
	}
	comma = memchr(value, ',', len);
	if (num_i64(value, comma ? (size_t)(comma - value) : len, &a) < 0)
		return err_set(e, "layout: \"%.*s\" needs a number", (int)n, word);
	if (key == 6 && memcmp(word, "split2", 6) == 0) {
		if (a < 1 || a > 999)
			return err_set(e, "layout: split2 must be 1 to 999");
		l->split2 = (int)a;
		return 0;
	}
	if (key == 6 && memcmp(word, "split3", 6) == 0) {
		if (!comma || num_i64(comma + 1, len - (size_t)(comma + 1 - value), &b) < 0 ||
		    a < 1 || b <= a || b > 999)
			return err_set(e, "layout: split3 must be two rising numbers, 1 to 999");
		l->split3[0] = (int)a;
		l->split3[1] = (int)b;
		return 0;
	}
	if (a == 0 || a > WEIGHT_MAX || a < -WEIGHT_MAX)
		return err_set(e, "layout: \"%.*s\" must be 1 to %d, with - where it is hidden",
			       (int)n, word, WEIGHT_MAX);
	for (int i = 0; i < l->n; i++) {
		if (strlen(l->slot[i].name) != key || memcmp(l->slot[i].name, word, key) != 0)
			continue;
		l->slot[i].hidden = a < 0;
		l->slot[i].weight = (int)(a < 0 ? -a : a);
	}
	return 0;
}

int layout_load(struct layout *l, const char *s, struct err *e)
{
	struct layout next = *l;

	next.zoom = false;
	while (*s) {
		size_t n = strcspn(s, " \n");

		if (n > 0 && load_word(&next, s, n, e) < 0)
			return -1;
		s += n + (s[n] != '\0');
	}
	if (next.n == 0)
		return 0;
	layout_focus(&next, next.focus); /* also brings a pane back where all were hidden */
	*l = next;
	return 0;
}
