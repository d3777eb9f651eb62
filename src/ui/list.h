/* The one scroller: place and page of any list of rows, however long, without knowing what the rows
 * are. */
#ifndef UI_LIST_H
#define UI_LIST_H

#include "base/types.h"
#include "ui/canvas.h"
#include "ui/key.h"

#define LIST_NONE UINT64_MAX

struct list {
	u64 n;	     /* rows in all */
	u64 cursor;  /* the chosen row; 0 where n is 0 */
	u64 top;     /* the row in the first line */
	int page;    /* lines on the screen */
	bool follow; /* the cursor rides at the last row; moving it off ends that, moving it to the
			end begins it */
	bool may_follow; /* whether reaching the end means to follow (live lists); off after zeroing
			  */
};

/* New counts, from a pane's update(): keeps the chosen row and, when the page changes, its line on
 * the screen as well as it can. */
void list_set(struct list *l, u64 n, int page);
/* Chooses a row (clamped) and brings it into view with a little context. */
void list_to(struct list *l, u64 row);
/* Chooses a row and puts it in the middle of the page: for jumps, so that both sides can be seen.
 */
void list_center(struct list *l, u64 row);
/* Moves the choice by rows, clamped. */
void list_move(struct list *l, i64 by);
/* Moves the page by rows; the choice moves only as far as it must to stay in view. */
void list_scroll(struct list *l, i64 by);

/* Does the verbs that LIST_KEYS bind: up, down, page-up, page-down, half-up, half-down, top,
 * bottom, scroll-up, scroll-down. False where the verb is none of them. */
bool list_verb(struct list *l, const char *verb);
/* Press chooses the row, the wheel scrolls by three; y counts from the list's first line. False
 * where it hit no row. */
bool list_mouse(struct list *l, const struct mouse *m);

/* The row in line y, LIST_NONE where there is none. */
u64 list_row_at(const struct list *l, int y);
/* The line that a row is in, -1 where it is not in view. */
int list_line_of(const struct list *l, u64 row);

/* A thumb of one column at x (say over a frame's right side) for lists longer than their page; else
 * nothing. */
void list_draw_thumb(const struct list *l, const struct canvas *c, int x, int y, enum style style);

/* Rows for a pane's key table. */
#define LIST_KEYS                                                                         \
	{ .key = "Up", .command = "act up", .note = "one row up" },                       \
		{ .key = "Down", .command = "act down", .note = "one row down" },         \
		{ .key = "k", .command = "act up", .note = "one row up" },                \
		{ .key = "j", .command = "act down", .note = "one row down" },            \
		{ .key = "PgUp", .command = "act page-up", .note = "one page up" },       \
		{ .key = "PgDn", .command = "act page-down", .note = "one page down" },   \
		{ .key = "C-u", .command = "act half-up", .note = "half a page up" },     \
		{ .key = "C-d", .command = "act half-down", .note = "half a page down" }, \
		{ .key = "Home", .command = "act top", .note = "first row" },             \
		{ .key = "End", .command = "act bottom", .note = "last row" },            \
		{ .key = "g", .command = "act top", .note = "first row" },                \
	{                                                                                 \
		.key = "G", .command = "act bottom", .note = "last row"                   \
	}

#endif
