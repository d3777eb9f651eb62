/* What commands ask of the screen: focus, zoom, themes, keys, clipboard. */
#include "app/inside.h"

#include <stdlib.h>
#include <string.h>

ns_t deck_now(const struct deck *d)
{
	return d->host.clock(d->host.arg);
}

/* ---- what commands ask of the screen ---- */

static int find_pane(const struct deck *d, const char *name, struct err *e)
{
	int i = name != NULL ? layout_find(&d->layout, name) : d->layout.focus;
	struct txt t;

	if (i >= 0)
		return i;
	txt_init(&t);
	for (int j = 0; j < d->npanes; j++)
		txt_printf(&t, "%s%s", j > 0 ? ", " : "", d->pane_name[j]);
	err_set(e, "there is no pane '%.40s', only %s", name, txt_str(&t));
	txt_fini(&t);
	return -1;
}

static ns_t op_clock(void *arg)
{
	return deck_now(arg);
}

static int op_focus(void *arg, const char *name, struct err *e)
{
	struct deck *d = arg;
	int i;

	if (strcmp(name, "next") == 0) {
		layout_focus_next(&d->layout, 1);
	} else if (strcmp(name, "previous") == 0) {
		layout_focus_next(&d->layout, -1);
	} else {
		i = find_pane(d, name, e);
		if (i < 0)
			return -1;
		layout_focus(&d->layout, i);
	}
	return 0;
}

static int op_zoom(void *arg, const char *name, struct err *e)
{
	struct deck *d = arg;
	int i = find_pane(d, name, e);

	if (i < 0)
		return -1;
	d->layout.zoom = i != d->layout.focus || !d->layout.zoom;
	layout_focus(&d->layout, i);
	return 0;
}

static int op_show(void *arg, const char *name, bool on, struct err *e)
{
	struct deck *d = arg;
	int i = find_pane(d, name, e);

	if (i < 0)
		return -1;
	if (!on)
		return layout_hide(&d->layout, i, e);
	layout_focus(&d->layout, i);
	return 0;
}

static int op_grow(void *arg, int dw, int dh, struct err *e)
{
	struct deck *d = arg;

	if (!layout_grow(&d->layout, &d->view, dw, dh))
		return err_set(e, "this pane cannot change its size that way");
	return 0;
}

void deck_make_layout(struct deck *d)
{
	layout_init(&d->layout);
	for (int i = 0; i < d->npanes; i++) {
		const struct pane_type *t = d->pane[i]->type;

		layout_add(&d->layout, t->name, t->min_w, t->min_h, t->weight, t->col2, t->col3);
	}
	layout_focus(&d->layout, 0);
}

static int op_reset_layout(void *arg, struct err *e)
{
	(void)e;
	deck_make_layout(arg);
	return 0;
}

static int op_theme(void *arg, const char *name, struct err *e)
{
	struct deck *d = arg;
	const struct theme *t;

	if (name == NULL) {
		d->theme_at = d->theme_name[d->theme_at + 1] != NULL ? d->theme_at + 1 : 0;
		name = d->theme_name[d->theme_at];
	}
	t = theme_find(name, e);
	if (t == NULL)
		return -1;
	for (size_t i = 0; d->theme_name[i] != NULL; i++)
		if (strcmp(d->theme_name[i], name) == 0)
			d->theme_at = i;
	d->theme = t;
	world_status(&d->world, false, "theme: %s", name);
	if (d->host.look != NULL)
		d->host.look(d->host.arg);
	return 0;
}

static int op_charset(void *arg, const char *name, struct err *e)
{
	struct deck *d = arg;

	(void)e;
	d->grid.ascii = strcmp(name, "ascii") == 0;
	if (d->host.redraw != NULL)
		d->host.redraw(d->host.arg);
	return 0;
}

static int op_edit_mode(void *arg, const char *name, struct err *e)
{
	struct deck *d = arg;

	(void)e;
	prompt_set_vi(d->prompt, strcmp(name, "vi") == 0);
	return 0;
}

static int op_bind(void *arg, const char *pane, const char *key, const char *line, struct err *e)
{
	struct deck *d = arg;
	int i = pane != NULL ? find_pane(d, pane, e) : 0;
	struct args a;
	int r;

	if (i < 0)
		return -1;
	r = args_from_line(&a, line, IN_DECK, e);
	args_fini(&a);
	if (r < 0)
		return -1;
	return keymap_bind(&d->keys, pane != NULL ? d->pane_name[i] : KEYS_GLOBAL, key, line, e);
}

static int op_unbind(void *arg, const char *pane, const char *key, struct err *e)
{
	struct deck *d = arg;
	int i = pane != NULL ? find_pane(d, pane, e) : 0;

	return i < 0 ? -1
		     : keymap_unbind(&d->keys, pane != NULL ? d->pane_name[i] : KEYS_GLOBAL, key,
				     e);
}

struct pane *deck_focused(const struct deck *d)
{
	return d->pane[d->layout.focus];
}

void deck_wish(struct deck *d, const struct wish *w, const char *what)
{
	switch (w->kind) {
	case WISH_UNKNOWN:
		if (what != NULL)
			world_status(&d->world, true, "%s does not know '%.60s'",
				     deck_focused(d)->type->name, what);
		break;
	case WISH_DONE: break;
	case WISH_RUN: deck_command(d, w->text); break;
	case WISH_SAY: world_status(&d->world, false, "%s", w->text); break;
	}
}

static int op_act(void *arg, const char *verb, struct err *e)
{
	struct deck *d = arg;
	struct pane *p = deck_focused(d);
	struct wish w;

	if (p->type->act == NULL)
		return err_set(e, "%s has no verbs", p->type->name);
	w = p->type->act(p, &d->world, verb);
	deck_wish(d, &w, verb);
	return 0;
}

static void op_page(void *arg, const char *title, const char *text, size_t n)
{
	overlay_show(&((struct deck *)arg)->overlay, title, text, n, false);
}

static void op_page_of_links(void *arg, const char *title, const char *text, size_t n,
			     const u64 *packets, int npackets)
{
	struct overlay *o = &((struct deck *)arg)->overlay;

	overlay_show(o, title, text, n, true);
	overlay_link(o, packets, npackets);
}

static void op_keys(void *arg)
{
	struct deck *d = arg;
	const char *name = deck_focused(d)->type->name;
	struct txt t, head;

	txt_init(&t);
	txt_init(&head);
	txt_printf(&head, "keys in %s", name);
	keymap_help(&d->keys, name, &t);
	overlay_show(&d->overlay, txt_str(&head), t.s, t.n, true);
	txt_fini(&head);
	txt_fini(&t);
}

static int op_copy(void *arg, const char *text, size_t n, struct err *e)
{
	struct deck *d = arg;

	if (d->host.copy == NULL)
		return err_set(e, "this terminal has no clipboard");
	if (d->host.copy(d->host.arg, text, n, e) < 0)
		return -1;
	world_status(&d->world, false, "copied %zu bytes", n);
	return 0;
}

static void op_prompt(void *arg, const char *text)
{
	struct deck *d = arg;

	d->overlay.open = false; /* it would lie over what is typed */
	d->typed = (struct err)ERR_INIT;
	prompt_start(d->prompt, "tapdeck>", text);
}

static void op_redraw(void *arg)
{
	struct deck *d = arg;

	if (d->host.redraw != NULL)
		d->host.redraw(d->host.arg);
}

static void op_suspend(void *arg)
{
	struct deck *d = arg;

	if (d->host.suspend != NULL)
		d->host.suspend(d->host.arg);
}

const struct deck_ops deck_ops = {
	.clock = op_clock,
	.focus = op_focus,
	.zoom = op_zoom,
	.show = op_show,
	.grow = op_grow,
	.reset_layout = op_reset_layout,
	.theme = op_theme,
	.charset = op_charset,
	.edit_mode = op_edit_mode,
	.bind = op_bind,
	.unbind = op_unbind,
	.act = op_act,
	.keys = op_keys,
	.page = op_page,
	.page_of_links = op_page_of_links,
	.copy = op_copy,
	.prompt = op_prompt,
	.redraw = op_redraw,
	.suspend = op_suspend,
	.start = job_start,
	.idle = job_idle,
	.cancel = job_cancel,
};
