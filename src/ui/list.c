/* The one scroller: arithmetic on {rows, page, top, cursor}. */
#include "ui/list.h"

#include <string.h>

#define CONTEXT 2 /* rows kept in view around the chosen one */

static u64 page_of(const struct list *l)
{
	return (u64)MAX(l->page, 1);
}

static u64 last_top(const struct list *l)
{
	return l->n > page_of(l) ? l->n - page_of(l) : 0;
}

/* Moves the page so that the cursor is in view with its context, and no line is wasted behind the
 * end. */
static void show_cursor(struct list *l)
{
	u64 page = page_of(l), around = MIN((u64)CONTEXT, (page - 1) / 2);

	if (l->cursor < l->top + around)
		l->top = l->cursor > around ? l->cursor - around : 0;
	if (l->cursor + around >= l->top + page)
		l->top = l->cursor + around + 1 - page;
	l->top = MIN(l->top, last_top(l));
}

static void choose(struct list *l, u64 row)
{
	l->cursor = l->n > 0 ? MIN(row, l->n - 1) : 0;
	l->follow = l->may_follow && (l->n == 0 || l->cursor == l->n - 1);
}

void list_set(struct list *l, u64 n, int page)
{
	u64 line = l->cursor - l->top; /* cursor >= top unless both are new */
	bool resized = page != l->page && l->page > 0;
	u64 old_page = page_of(l);

	l->n = n;
	l->page = MAX(page, 0);
	if (l->follow && n > 0)
		l->cursor = n - 1;
	else
		l->cursor = n > 0 ? MIN(l->cursor, n - 1) : 0;
	if (resized && l->cursor >= l->top) { /* the same share of the page above the chosen row */
		u64 above = line < old_page ? line * page_of(l) / old_page : page_of(l) / 2;

		l->top = l->cursor > above ? l->cursor - above : 0;
	}
	show_cursor(l);
}

void list_to(struct list *l, u64 row)
{
	choose(l, row);
	show_cursor(l);
}

void list_center(struct list *l, u64 row)
{
	choose(l, row);
	if (list_line_of(l, l->cursor) < 0)
		l->top = l->cursor > page_of(l) / 2 ? l->cursor - page_of(l) / 2 : 0;
	show_cursor(l);
}

void list_move(struct list *l, i64 by)
{
	u64 step = by < 0 ? -(u64)by : (u64)by;

	if (by < 0)
		list_to(l, l->cursor > step ? l->cursor - step : 0);
	else
		list_to(l, step < UINT64_MAX - l->cursor ? l->cursor + step : UINT64_MAX);
}

void list_scroll(struct list *l, i64 by)
{
	u64 step = by < 0 ? -(u64)by : (u64)by, page = page_of(l);
	u64 around = MIN((u64)CONTEXT, (page - 1) / 2);

	if (by < 0)
		l->top = l->top > step ? l->top - step : 0;
	else
		l->top =
			step < last_top(l) - MIN(l->top, last_top(l)) ? l->top + step : last_top(l);
	if (l->n == 0)
		return;
	if (l->top > 0 && l->cursor < l->top + around)
		choose(l, l->top + around);
	else if (l->top < last_top(l) && l->cursor + around >= l->top + page)
		choose(l, l->top + page - 1 - around);
}

bool list_verb(struct list *l, const char *verb)
{
	i64 page = (i64)page_of(l);
	const struct {
		const char *name;
		i64 by;
	} moves[] = {
		{ "up", -1 },
		{ "down", 1 },
		{ "page-up", -MAX(page - 1, 1) },
		{ "page-down", MAX(page - 1, 1) },
		{ "half-up", -MAX(page / 2, 1) },
		{ "half-down", MAX(page / 2, 1) },
		{ "top", INT64_MIN },
		{ "bottom", INT64_MAX },
	};

	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		if (strcmp(verb, moves[i].name) != 0)
			continue;
		if (moves[i].by == INT64_MIN)
			list_to(l, 0);
		else if (moves[i].by == INT64_MAX)
			list_to(l, UINT64_MAX);
		else
			list_move(l, moves[i].by);
		return true;
	}
	if (strcmp(verb, "scroll-up") == 0)
		list_scroll(l, -3);
	else if (strcmp(verb, "scroll-down") == 0)
		list_scroll(l, 3);
	else
		return false;
	return true;
}

bool list_mouse(struct list *l, const struct mouse *m)
{
	u64 row = list_row_at(l, m->y);

	switch (m->kind) {
	case MOUSE_WHEEL_UP: list_scroll(l, -3); return true;
	case MOUSE_WHEEL_DOWN: list_scroll(l, 3); return true;
	case MOUSE_PRESS:
	case MOUSE_DOUBLE:
	case MOUSE_DRAG:
		if (row == LIST_NONE)
			return false;
		choose(l, row); /* the page stays: a second click must hit the same row */
		return true;
	case MOUSE_RELEASE: break;
	}
	return false;
}

u64 list_row_at(const struct list *l, int y)
{
	if (y < 0 || y >= l->page || l->top + (u64)y >= l->n)
		return LIST_NONE;
	return l->top + (u64)y;
}

int list_line_of(const struct list *l, u64 row)
{
	if (row < l->top || row >= l->n || row - l->top >= (u64)l->page)
		return -1;
	return (int)(row - l->top);
}

void list_draw_thumb(const struct list *l, const struct canvas *c, int x, int y, enum style style)
{
	u64 page = page_of(l);
	double part;
	int thumb, at;

	if (l->n <= page || l->page < 3)
		return;
	thumb = MAX((int)((double)l->page * (double)page / (double)l->n), 1);
	part = (double)l->top / (double)(l->n - page);
	at = (int)((double)(l->page - thumb) * part + 0.5);
	canvas_vline(c, x, y + at, thumb, style, U'█');
}
