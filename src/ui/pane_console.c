/* The console pane: what commands printed in the deck, newest at the bottom. */
#include "tape/world.h"
#include "ui/list.h"
#include "ui/pane.h"

#include <string.h>

struct console {
	struct pane pane;
	struct list list;
};

static void title(const struct pane *p, const struct world *w, struct txt *left, struct txt *right)
{
	(void)p;
	txt_puts(left, "console");
	if (w->console_lost > 0)
		txt_printf(right, "%llu older lines are gone", (unsigned long long)w->console_lost);
}

static void update(struct pane *p, const struct world *w)
{
	struct console *c = (struct console *)p;

	c->list.may_follow = true;
	if (c->list.n == 0)
		c->list.follow = true;
	list_set(&c->list, w->console.n, p->h);
}

static enum style style_of(const struct console_line *l)
{
	switch ((enum console_kind)l->kind) {
	case LINE_OUTPUT: return STYLE_DEFAULT;
	case LINE_COMMAND: return STYLE_PROMPT;
	case LINE_ERROR: return STYLE_ERROR;
	}
	return STYLE_DEFAULT;
}

static void draw(const struct pane *p, const struct world *w, const struct canvas *c)
{
	const struct console *con = (const struct console *)p;

	if (w->console.n == 0) {
		pane_draw_empty(c, p->type->empty);
		return;
	}
	for (int y = 0; y < c->h; y++) {
		u64 row = list_row_at(&con->list, y);
		const struct console_line *l;

		if (row == LIST_NONE || row >= w->console.n)
			continue;
		l = &w->console.v[row];
		canvas_cut(c, 0, y, c->w, style_of(l), l->text, strlen(l->text));
		if (p->focus && row == con->list.cursor && !con->list.follow)
			canvas_shade(c, 0, y, c->w, 1, SHADE_CURSOR);
	}
	list_draw_thumb(&con->list, c, c->w - 1, 0, STYLE_DIM);
}

static struct wish act(struct pane *p, const struct world *w, const char *verb)
{
	struct console *c = (struct console *)p;

	if (strcmp(verb, "copy") == 0) {
		if (c->list.cursor >= w->console.n)
			return wish_say("there is no line to copy");
		return wish_run("copy %s", w->console.v[c->list.cursor].text);
	}
	return list_verb(&c->list, verb) ? wish_done() : wish_unknown();
}

static struct wish mouse(struct pane *p, const struct world *w, const struct mouse *m)
{
	(void)w;
	return list_mouse(&((struct console *)p)->list, m) ? wish_done() : wish_unknown();
}

static const struct binding keys[] = {
	LIST_KEYS,
	{ .key = "y", .command = "act copy", .note = "copy the line" },
};

const struct pane_type pane_console = {
	.name = "console",
	.about = "what commands printed",
	.empty = "Nothing printed yet. Type : for the prompt, then for example\nhelp, print -c 20, "
		 "or fields tcp",
	.size = sizeof(struct console),
	.min_w = 30,
	.min_h = 6,
	.weight = 160,
	.col2 = 1,
	.col3 = 2,
	.title = title,
	.update = update,
	.draw = draw,
	.act = act,
	.mouse = mouse,
	.keys = keys,
	.n_keys = ARRAY_LEN(keys),
};
