/* The deck: world, panes, keys, prompt and grid in one place, without a terminal. */
#include "app/deck.h"

#include "app/bars.h"
#include "app/keys.h"
#include "cmd/complete.h"
#include "cmd/deck.h"
#include "filter/filter.h"
#include "term/prompt.h"
#include "ui/layout.h"
#include "ui/overlay.h"
#include "ui/pane.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PANE(x) extern const struct pane_type pane_##x;
#include "ui/registry_gen.h"
#undef PANE

static const struct pane_type *const pane_types[] = {
#define PANE(x) &pane_##x,
#include "ui/registry_gen.h"
#undef PANE
};

enum { NPANES = ARRAY_LEN(pane_types), MAX_THEMES = 16 };

/* The order of tabs and columns; panes that are not named come behind. */
static const char *const pane_order[] = { "packets", "links", "transport", "console" };

/* Work in a thread that a command started. One at a time. */
struct job {
	pthread_t thread;
	bool running;	       /* thread is to be joined */
	_Atomic bool finished; /* the thread is done with everything below */
	volatile bool stop;
	char *what;
	void (*run)(void *arg, volatile bool *stop, struct err *out);
	void *arg;
	struct err said;
};

struct deck {
	struct world world;
	struct deck_host host;
	struct pane *pane[NPANES];
	const char *pane_name[NPANES + 3];
	const char *theme_name[MAX_THEMES + 1];
	size_t theme_at;
	struct layout layout;
	struct layout_view view;
	struct layout_edge drag;
	struct keymap keys;
	struct overlay overlay;
	struct prompt *prompt;
	struct grid grid;
	const struct theme *theme;
	char *layout_file;
	struct err
		typed; /* what is wrong with the filter under the cursor; at -1 where nothing is */
	struct job job;
	struct sink out;
	bool dirty;
};

static void bad(struct deck *d, const struct err *e)
{
	if (e->text[0] != '\0')
		world_status(&d->world, true, "%s", e->text);
}

static ns_t now(const struct deck *d)
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
	for (int j = 0; j < NPANES; j++)
		txt_printf(&t, "%s%s", j > 0 ? ", " : "", d->pane_name[j]);
	err_set(e, "there is no pane '%.40s', only %s", name, txt_str(&t));
	txt_fini(&t);
	return -1;
}

static ns_t op_clock(void *arg)
{
	return now(arg);
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

static void make_layout(struct deck *d)
{
	layout_init(&d->layout);
	for (int i = 0; i < NPANES; i++) {
		const struct pane_type *t = d->pane[i]->type;

		layout_add(&d->layout, t->name, t->min_w, t->min_h, t->weight, t->col2, t->col3);
	}
	layout_focus(&d->layout, 0);
}

static int op_reset_layout(void *arg, struct err *e)
{
	(void)e;
	make_layout(arg);
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

static struct pane *focused(const struct deck *d)
{
	return d->pane[d->layout.focus];
}

/* Does what a pane wished. */
static void do_wish(struct deck *d, const struct wish *w, const char *what)
{
	switch (w->kind) {
	case WISH_UNKNOWN:
		if (what != NULL)
			world_status(&d->world, true, "%s does not know '%.60s'",
				     focused(d)->type->name, what);
		break;
	case WISH_DONE: break;
	case WISH_RUN: deck_command(d, w->text); break;
	case WISH_SAY: world_status(&d->world, false, "%s", w->text); break;
	}
}

static int op_act(void *arg, const char *verb, struct err *e)
{
	struct deck *d = arg;
	struct pane *p = focused(d);
	struct wish w;

	if (p->type->act == NULL)
		return err_set(e, "%s has no verbs", p->type->name);
	w = p->type->act(p, &d->world, verb);
	do_wish(d, &w, verb);
	return 0;
}

static void op_page(void *arg, const char *title, const char *text, size_t n)
{
	overlay_show(&((struct deck *)arg)->overlay, title, text, n, false);
}

static void op_keys(void *arg)
{
	struct deck *d = arg;
	const char *name = focused(d)->type->name;
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

/* ---- jobs ---- */

static void *job_main(void *arg)
{
	struct job *j = arg;

	j->run(j->arg, &j->stop, &j->said);
	j->finished = true;
	return NULL;
}

/* Takes the result of a job that has ended; waits for it where `wait`. True where something was
 * said. */
static bool job_collect(struct deck *d, bool wait)
{
	struct job *j = &d->job;

	if (!j->running || (!wait && !j->finished))
		return false;
	pthread_join(j->thread, NULL);
	j->running = false;
	world_status(&d->world, j->said.at == 0, "%s", j->said.text);
	world_say(&d->world, j->said.at == 0 ? LINE_ERROR : LINE_OUTPUT, j->said.text,
		  strlen(j->said.text));
	free(j->what);
	return true;
}

static int op_job(void *arg, const char *what, void (*run)(void *, volatile bool *, struct err *),
		  void *job_arg, struct err *e)
{
	struct deck *d = arg;
	struct job *j = &d->job;

	if (j->running)
		return err_set(e, "%s is still under way", j->what);
	*j = (struct job) { .what = xstrdup(what), .run = run, .arg = job_arg, .said = ERR_INIT };
	if (pthread_create(&j->thread, NULL, job_main, j) != 0) {
		free(j->what);
		return err_set(e, "cannot start a thread for %s", what);
	}
	j->running = true;
	world_status(&d->world, false, "%s ...", what);
	return 0;
}

static const struct deck_ops ops = {
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
	.copy = op_copy,
	.prompt = op_prompt,
	.redraw = op_redraw,
	.suspend = op_suspend,
	.job = op_job,
};

/* ---- commands ---- */

static int write_console(struct sink *s, struct err *e)
{
	struct deck *d = s->arg;

	(void)e;
	world_say(&d->world, LINE_OUTPUT, s->t.s, s->t.n);
	return 0;
}

static bool in_view(const struct deck *d, const char *pane)
{
	int i = layout_find(&d->layout, pane);

	return i >= 0 && d->view.pane[i].w > 0;
}

static int run_line(struct deck *d, const char *line, struct err *e)
{
	struct ctx x = { .out = &d->out, .world = &d->world, .deck = &ops, .deck_arg = d };
	int status = command_run_line(&x, line, IN_DECK, e);
	struct err late = ERR_INIT;

	sink_flush(&d->out, &late);
	d->dirty = true;
	return status;
}

void deck_command(struct deck *d, const char *line)
{
	u64 before = d->world.console.n + d->world.console_lost, after;
	struct err e = ERR_INIT;

	d->world.status[0] = '\0';
	if (run_line(d, line, &e) != 0)
		bad(d, &e);
	after = d->world.console.n + d->world.console_lost;
	if (after > before && d->world.status[0] == '\0' && !in_view(d, "console"))
		world_status(&d->world, false, "%llu lines are in the console pane: 4 goes there",
			     (unsigned long long)(after - before));
}

void deck_source(struct deck *d, const char *path)
{
	FILE *f = fopen(path, "r");
	struct err e = ERR_INIT;
	char *line = NULL;
	size_t cap = 0;
	int at = 0;

	if (f == NULL && errno != ENOENT)
		world_status(&d->world, true, "cannot read %s: %s", path, strerror(errno));
	if (f == NULL)
		return;
	while (getline(&line, &cap, f) >= 0) {
		at++;
		line[strcspn(line, "\n")] = '\0';
		if (run_line(d, line, &e) != 0) {
			world_status(&d->world, true, "%s:%d: %s", path, at, e.text);
			break;
		}
	}
	free(line);
	fclose(f);
}

int deck_begin(struct deck *d, const struct deck_args *a, struct err *e)
{
	if (a->theme != NULL && op_theme(d, a->theme, e) < 0)
		return -1;
	if (a->filter != NULL && world_filter(&d->world, a->filter, e) < 0)
		return err_prefix(e, "filter, character %d", e->at + 1);
	if (world_open(&d->world, a->file, e) < 0)
		return -1;
	for (unsigned i = 0; i < a->ncommands; i++)
		deck_command(d, args_nth(a->args, a->command_param, i));
	return 0;
}

/* ---- the prompt ---- */

static void take_offer(void *arg, const char *word, const char *note, char end)
{
	prompt_offer(arg, word, note, end);
}

static size_t complete(void *arg, const char *line, size_t cursor, struct prompt_choices *out)
{
	struct deck *d = arg;
	const struct names names = { &d->world, d->pane_name, d->theme_name };

	return command_complete(line, cursor, IN_DECK, &names, take_offer, out);
}

/* Checks a filter while it is typed. */
static void check_typed(struct deck *d)
{
	const char *line = prompt_line(d->prompt), *s = line + strspn(line, " ");

	d->typed = (struct err)ERR_INIT;
	if (strncmp(s, "filter ", 7) != 0)
		return;
	s += 7;
	s += strspn(s, " ");
	if (*s != '\0' && filter_check(s, strlen(s), &d->typed) < 0 && d->typed.at >= 0)
		d->typed.at += (int)(s - line);
}

static void prompt_took(struct deck *d, enum prompt_status s)
{
	char *line;

	switch (s) {
	case PROMPT_EDITING: check_typed(d); break;
	case PROMPT_CANCELLED: d->world.status[0] = '\0'; break;
	case PROMPT_DONE:
		line = xstrdup(prompt_line(d->prompt));
		if (line[strspn(line, " \t")] != '\0') {
			struct txt t;

			txt_init(&t);
			txt_puts(&t, "> ");
			txt_escape(&t, line, strlen(line));
			world_say(&d->world, LINE_COMMAND, t.s, t.n);
			txt_fini(&t);
		}
		deck_command(d, line);
		if (d->world.status_bad && d->world.status[0] != '\0')
			world_say(&d->world, LINE_ERROR, d->world.status, strlen(d->world.status));
		free(line);
		break;
	}
}

/* ---- input ---- */

void deck_key(struct deck *d, u32 key)
{
	const struct bound *b;

	d->dirty = true;
	if (prompt_active(d->prompt)) {
		prompt_took(d, prompt_key(d->prompt, key));
		return;
	}
	if (overlay_key(&d->overlay, key))
		return;
	b = keymap_find(&d->keys, focused(d)->type->name, key);
	if (b != NULL) {
		char *line = xstrdup(b->command); /* the command may rebind the key */

		deck_command(d, line);
		free(line);
	} else if (key == KEYCODE_ESC) {
		d->world.status[0] = '\0';
	} else {
		struct txt t;

		txt_init(&t);
		key_write(key, &t);
		world_status(&d->world, true, "the key %s does nothing here; ? shows the keys",
			     txt_str(&t));
		txt_fini(&t);
	}
}

static void pane_mouse(struct deck *d, int i, const struct mouse *m)
{
	const struct rect *r = &d->view.pane[i];
	struct pane *p = d->pane[i];
	struct mouse inside = *m;
	struct wish w;

	if (m->kind == MOUSE_PRESS)
		layout_focus(&d->layout, i);
	inside.x = m->x - r->x - 1;
	inside.y = m->y - r->y - 1;
	if (p->type->mouse == NULL || inside.x < 0 || inside.y < 0 || inside.x >= p->w ||
	    inside.y >= p->h)
		return;
	w = p->type->mouse(p, &d->world, &inside);
	do_wish(d, &w, NULL);
}

void deck_mouse(struct deck *d, const struct mouse *m)
{
	const struct layout_view *v = &d->view;
	int i;
	ns_t ts;

	d->dirty = true;
	if (overlay_mouse(&d->overlay, m))
		return;
	if (m->kind == MOUSE_RELEASE)
		d->drag.kind = EDGE_NONE;
	if (m->kind == MOUSE_DRAG && d->drag.kind != EDGE_NONE) {
		layout_drag(&d->layout, v, d->drag, m->x, m->y);
		return;
	}
	if ((m->kind == MOUSE_PRESS || m->kind == MOUSE_DRAG) && m->y == v->time.y) {
		if (bar_time_at(&d->world, v->w, m->x, &ts))
			world_goto_time(&d->world, ts);
		return;
	}
	if (m->kind == MOUSE_PRESS && v->tabs.h > 0 && m->y == v->tabs.y) {
		i = layout_tab_at(&d->layout, v, m->x);
		if (i >= 0)
			layout_focus(&d->layout, i);
		return;
	}
	if (m->kind == MOUSE_PRESS) {
		d->drag = layout_edge_at(&d->layout, v, m->x, m->y);
		if (d->drag.kind != EDGE_NONE)
			return;
	}
	i = layout_pane_at(v, m->x, m->y);
	if (i >= 0)
		pane_mouse(d, i, m);
}

void deck_paste(struct deck *d, const char *text, size_t n)
{
	d->dirty = true;
	if (!prompt_active(d->prompt))
		op_prompt(d, "");
	prompt_paste(d->prompt, text, n);
	check_typed(d);
}

void deck_resize(struct deck *d, int w, int h)
{
	bool ascii = d->grid.ascii;

	grid_resize(&d->grid, w, h);
	d->grid.ascii = ascii;
	d->dirty = true;
}

/* ---- time and drawing ---- */

bool deck_update(struct deck *d)
{
	bool changed = world_update(&d->world, now(d));

	changed |= job_collect(d, false);
	changed |= d->dirty;
	d->dirty = false;
	return changed;
}

ns_t deck_due(const struct deck *d)
{
	return world_due(&d->world, now(d));
}

/* The word choices that Tab left open, over the line above the prompt. */
static void draw_choices(const struct deck *d, const struct canvas *screen)
{
	const struct prompt_choices *ch = prompt_choices(d->prompt);
	int rows = (int)MIN(ch->list.n, (size_t)8), y = d->view.hints.y - rows;
	int word = 0;

	if (ch->list.n == 0 || y < 1)
		return;
	for (int i = 0; i < rows; i++)
		word = MAX(word, canvas_width(ch->list.v[i].word, strlen(ch->list.v[i].word)));
	word = MIN(word, 36);
	canvas_fill(screen, 0, y, screen->w, rows, STYLE_BAR, ' ');
	for (int i = 0; i < rows; i++) {
		const struct prompt_choice *c = &ch->list.v[i];

		if (i == rows - 1 && ch->list.n > (size_t)rows) {
			canvas_text(screen, 2, y + i, STYLE_DIM, "and %zu more",
				    ch->list.n - (size_t)rows + 1);
			break;
		}
		canvas_cut(screen, 2, y + i, word, STYLE_KEY, c->word, strlen(c->word));
		if (c->note != NULL)
			canvas_cut(screen, word + 4, y + i, MAX(screen->w - word - 5, 0), STYLE_BAR,
				   c->note, strlen(c->note));
	}
}

static struct canvas line_of(const struct canvas *screen, const struct rect *r)
{
	return canvas_sub(screen, r->x, r->y, r->w, r->h);
}

static void draw_bottom(const struct deck *d, const struct canvas *screen)
{
	struct canvas hints = line_of(screen, &d->view.hints),
		      prompt = line_of(screen, &d->view.prompt);

	if (!prompt_active(d->prompt)) {
		bar_hints(&hints, &d->world, &d->keys, focused(d)->type->name);
		bar_message(&prompt, &d->world);
		return;
	}
	canvas_fill(&hints, 0, 0, hints.w, 1, STYLE_BAR, ' ');
	if (d->typed.text[0] != '\0')
		canvas_cut(&hints, 1, 0, hints.w - 1, STYLE_ERROR, d->typed.text,
			   strlen(d->typed.text));
	else
		canvas_puts(&hints, 1, 0, STYLE_BAR,
			    "Tab completes   C-r searches the history   Enter runs   Esc leaves");
	draw_choices(d, screen);
	prompt_draw(d->prompt, &prompt, d->typed.text[0] != '\0' ? d->typed.at : -1);
}

struct grid *deck_draw(struct deck *d)
{
	struct canvas screen = canvas_of(&d->grid);

	grid_clear(&d->grid);
	layout_compute(&d->layout, d->grid.w, d->grid.h, &d->view);
	if (d->view.too_small) {
		layout_draw_too_small(&d->view, &screen);
		return &d->grid;
	}
	{
		struct canvas top = line_of(&screen, &d->view.time);

		bar_time(&top, &d->world);
	}
	if (d->view.tabs.h > 0)
		layout_draw_tabs(&d->layout, &d->view, &screen);
	for (int i = 0; i < NPANES; i++) {
		const struct rect *r = &d->view.pane[i];
		struct canvas c;

		d->pane[i]->focus = i == d->layout.focus;
		if (r->w == 0)
			continue;
		c = line_of(&screen, r);
		pane_update(d->pane[i], &d->world, r->w, r->h);
		pane_draw(d->pane[i], &d->world, &c);
	}
	draw_bottom(d, &screen);
	overlay_draw(&d->overlay, &screen);
	return &d->grid;
}

/* ---- beginning and end ---- */

static int rank(const struct pane_type *t)
{
	for (size_t i = 0; i < ARRAY_LEN(pane_order); i++)
		if (strcmp(pane_order[i], t->name) == 0)
			return (int)i;
	return ARRAY_LEN(pane_order);
}

static void make_panes(struct deck *d)
{
	const struct pane_type *sorted[NPANES];

	for (int i = 0; i < NPANES; i++) {
		int at = i;

		for (; at > 0 && rank(sorted[at - 1]) > rank(pane_types[i]); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = pane_types[i];
	}
	keymap_init(&d->keys);
	keymap_add(&d->keys, KEYS_GLOBAL, global_keys, n_global_keys);
	for (int i = 0; i < NPANES; i++) {
		d->pane[i] = pane_new(sorted[i]);
		d->pane_name[i] = sorted[i]->name;
		keymap_add(&d->keys, sorted[i]->name, sorted[i]->keys, sorted[i]->n_keys);
	}
	d->pane_name[NPANES] = "next";
	d->pane_name[NPANES + 1] = "previous";
}

/* Makes a folder and those above it. */
static void make_dirs(const char *path)
{
	char *p = xstrdup(path);

	for (char *s = p + 1; *s != '\0'; s++)
		if (*s == '/') {
			*s = '\0';
			mkdir(p, 0700);
			*s = '/';
		}
	mkdir(p, 0700);
	free(p);
}

static void load_layout(struct deck *d)
{
	FILE *f = fopen(d->layout_file, "r");
	char line[1000];
	struct err e = ERR_INIT;

	if (f == NULL)
		return;
	if (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (layout_load(&d->layout, line, &e) < 0)
			world_status(&d->world, true, "%s: %s", d->layout_file, e.text);
	}
	fclose(f);
}

static void save_layout(const struct deck *d)
{
	struct txt t;
	FILE *f;

	txt_init(&t);
	layout_save(&d->layout, &t);
	txt_putc(&t, '\n');
	f = fopen(d->layout_file, "w");
	if (f != NULL) {
		fwrite(t.s, 1, t.n, f);
		fclose(f);
	}
	txt_fini(&t);
}

static char *join(const char *dir, const char *name)
{
	size_t n = strlen(dir) + strlen(name) + 2;
	char *p = xmalloc(n);

	snprintf(p, n, "%s/%s", dir, name);
	return p;
}

struct deck *deck_new(const struct deck_config *config, const struct deck_host *host, int w, int h,
		      struct err *e)
{
	struct prompt_config pc = { .complete = complete };
	struct deck *d = xcalloc(1, sizeof *d);
	char *history = NULL;

	d->host = *host;
	world_init(&d->world);
	if (config->state_dir != NULL) {
		make_dirs(config->state_dir);
		history = join(config->state_dir, "history");
		d->layout_file = join(config->state_dir, "layout");
	}
	pc.history_file = history;
	pc.arg = d;
	d->prompt = prompt_new(&pc, e);
	free(history);
	if (d->prompt == NULL) {
		world_fini(&d->world);
		free(d->layout_file);
		free(d);
		return NULL;
	}
	make_panes(d);
	make_layout(d);
	if (d->layout_file != NULL)
		load_layout(d);
	for (size_t i = 0; i < MAX_THEMES && theme_name(i) != NULL; i++)
		d->theme_name[i] = theme_name(i);
	d->theme = theme_find(d->theme_name[0], NULL);
	overlay_init(&d->overlay);
	grid_init(&d->grid, w, h, config->ascii);
	sink_init(&d->out, write_console, d);
	d->dirty = true;
	return d;
}

void deck_free(struct deck *d)
{
	if (d == NULL)
		return;
	d->job.stop = true;
	job_collect(d, true);
	if (d->layout_file != NULL)
		save_layout(d);
	free(d->layout_file);
	for (int i = 0; i < NPANES; i++)
		pane_free(d->pane[i]);
	keymap_fini(&d->keys);
	overlay_fini(&d->overlay);
	prompt_free(d->prompt);
	grid_fini(&d->grid);
	sink_fini(&d->out);
	world_fini(&d->world);
	free(d);
}

bool deck_busy(const struct deck *d)
{
	return d->job.running;
}

bool deck_working(const struct deck *d)
{
	const struct world *w = &d->world;

	if (w->tape == NULL)
		return false;
	return d->job.running || !w->done || w->passed < w->count || w->losses_seen < w->count ||
	       (w->match != NULL && !match_done(w->match)) ||
	       (w->found != NULL && !match_done(w->found));
}

void deck_set_ascii(struct deck *d, bool ascii)
{
	d->grid.ascii = ascii;
}

struct world *deck_world(struct deck *d)
{
	return &d->world;
}

const struct theme *deck_theme(const struct deck *d)
{
	return d->theme;
}
