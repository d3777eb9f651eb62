/* What all panes have in common: making, framing, wishes. */
#include "ui/pane.h"

#include "base/err.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct pane *pane_new(const struct pane_type *type)
{
	struct pane *p;

	assert(type->size >= sizeof *p && type->draw);
	p = xcalloc(1, type->size);
	p->type = type;
	if (type->init)
		type->init(p);
	return p;
}

void pane_free(struct pane *p)
{
	if (!p)
		return;
	if (p->type->fini)
		p->type->fini(p);
	free(p);
}

void pane_update(struct pane *p, const struct world *w, int frame_w, int frame_h)
{
	p->w = MAX(frame_w - 2, 0);
	p->h = MAX(frame_h - 2, 0);
	if (p->type->update)
		p->type->update(p, w);
}

void pane_draw(const struct pane *p, const struct world *w, const struct canvas *c)
{
	struct txt left, right;
	struct canvas inside;

	txt_init(&left);
	txt_init(&right);
	if (p->type->title)
		p->type->title(p, w, &left, &right);
	if (left.n == 0)
		txt_puts(&left, p->type->name);
	inside = canvas_box(c, p->focus, txt_str(&left), txt_str(&right));
	txt_fini(&left);
	txt_fini(&right);
	if (inside.w > 0 && inside.h > 0)
		p->type->draw(p, w, &inside);
}

void pane_draw_empty(const struct canvas *c, const char *text)
{
	size_t n = strlen(text);
	int w = MIN(c->w - 2, 60), rows;

	if (w < 8)
		return;
	rows = canvas_para(c, 0, c->h, w, STYLE_DIM, text, n); /* below the edge: only counts */
	/* One short line stands in the middle, several begin at a common left edge. */
	if (rows == 1)
		w = canvas_width(text, n);
	canvas_para(c, (c->w - w) / 2, MAX((c->h - rows) / 2, 0), w, STYLE_DIM, text, n);
}

struct wish wish_unknown(void)
{
	return (struct wish) { .kind = WISH_UNKNOWN };
}

struct wish wish_done(void)
{
	return (struct wish) { .kind = WISH_DONE };
}

struct wish wish_run(const char *fmt, ...)
{
	struct wish wish = { .kind = WISH_RUN };
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(wish.text, sizeof wish.text, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof wish.text) /* half a command must never run */
		return wish_say("the command that this key makes is too long (over %zu bytes)",
				sizeof wish.text - 1);
	return wish;
}

struct wish wish_say(const char *fmt, ...)
{
	struct wish wish = { .kind = WISH_SAY };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(wish.text, sizeof wish.text, fmt, ap);
	va_end(ap);
	return wish;
}
