/* The deck: world, panes, keys, prompt and grid in one place, without a terminal. */
#include "app/bars.h"
#include "app/inside.h"
#include "app/keys.h"
#include "cmd/complete.h"
#include "filter/filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PANE(x) extern const struct pane_type pane_##x;
#include "ui/registry_gen.h"
#undef PANE

static const struct pane_type *const pane_types[] = {
#define PANE(x) &pane_##x,
#include "ui/registry_gen.h"
#undef PANE
};

enum { NPANES = ARRAY_LEN(pane_types) };
_Static_assert(ARRAY_LEN(pane_types) <= MAX_PANES, "the layout holds so many panes");

/* The order of tabs and columns; panes that are not named come behind. */
static const char *const pane_order[] = { "packets", "links", "transport", "console" };

static void bad(struct deck *d, const struct err *e)
{
	if (e->text[0] != '\0')
		world_status(&d->world, true, "%s", e->text);
}

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

/* Inside the console pane, beside its thumb; the screen's where it is not in view. */
static unsigned console_width(const struct deck *d)
{
	int i = layout_find(&d->layout, "console");
	int w = i >= 0 && d->view.pane[i].w > 0 ? d->view.pane[i].w : d->view.w;

	return (unsigned)MAX(w - 3, 40);
}

struct ctx deck_ctx(struct deck *d)
{
	return (struct ctx) {
		.out = &d->out,
		.world = &d->world,
		.deck = &deck_ops,
		.deck_arg = d,
		.width = console_width(d),
	};
}

static int run_line(struct deck *d, const char *line, struct err *e)
{
	struct ctx x = deck_ctx(d);
	int status = command_run_line(&x, line, IN_DECK, e);
	struct err late = ERR_INIT;

	sink_flush(&d->out, &late);
	d->dirty = true;
	return status;
}

void deck_tell_lines(struct deck *d, u64 lines)
{
	const char *way = "";
	struct txt t;

	if (lines == 0 || d->world.status[0] != '\0' || in_view(d, "console"))
		return;
	txt_init(&t);
	if (keymap_key_of(&d->keys, deck_focused(d)->type->name, "focus console", &t))
		way = " goes there";
	world_status(&d->world, false, "%llu line%s in the console pane%s%s%s",
		     (unsigned long long)lines, lines == 1 ? " is" : "s are", t.n > 0 ? ": " : "",
		     txt_str(&t), way);
	txt_fini(&t);
}

void deck_command(struct deck *d, const char *line)
{
	u64 before = d->world.console.n + d->world.console_lost, after;
	struct err e = ERR_INIT;

	d->world.status[0] = '\0';
	d->wrong_at = -1;
	if (run_line(d, line, &e) != 0) {
		bad(d, &e);
		d->wrong_at = e.at;
	}
	after = d->world.console.n + d->world.console_lost;
	deck_tell_lines(d, after - before);
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

enum { PATIENCE_MS = 2000 };

/* For the commands that the shell gave: they mean the whole tape. A large one they see as far as it
 * is read in this time. */
static void wait_for_tape(struct world *w)
{
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		world_update(w, 0);
		if (w->done && w->passed == w->count)
			return;
		usleep(1000);
	}
}

/* The next of them comes when this one is done. */
static void wait_for_job(struct deck *d)
{
	for (int ms = 0; ms < PATIENCE_MS && d->job.running; ms++) {
		deck_job_update(d, false);
		usleep(1000);
	}
}

int deck_begin(struct deck *d, const struct deck_args *a, struct err *e)
{
	if (a->theme != NULL && deck_ops.theme(d, a->theme, e) < 0)
		return -1;
	if (a->filter != NULL && world_filter(&d->world, a->filter, e) < 0)
		return filter_wrong(a->filter, e);
	if (world_open(&d->world, a->file, e) < 0)
		return -1;
	if (a->ncommands > 0)
		wait_for_tape(&d->world);
	for (unsigned i = 0; i < a->ncommands; i++) {
		deck_command(d, args_nth(a->args, a->command_param, i));
		wait_for_job(d);
	}
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
	const struct names names = { &d->world, d->pane_name, d->theme_name, key_names };

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

/* Below the line, as the console shows it: where it is wrong. */
static void say_caret(struct deck *d, const char *line)
{
	struct txt t, caret;

	if (d->wrong_at < 0 || (size_t)d->wrong_at > strlen(line))
		return;
	txt_init(&t);
	txt_puts(&t, "> ");
	txt_escape(&t, line, (size_t)d->wrong_at);
	txt_init(&caret);
	txt_fill(&caret, ' ', (size_t)canvas_width(t.s, t.n));
	txt_putc(&caret, '^');
	world_say(&d->world, LINE_ERROR, caret.s, caret.n);
	txt_fini(&caret);
	txt_fini(&t);
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
		if (d->world.status_bad && d->world.status[0] != '\0') {
			say_caret(d, line);
			world_say(&d->world, LINE_ERROR, d->world.status, strlen(d->world.status));
		}
		free(line);
		break;
	}
}

/* ---- input ---- */

void deck_key(struct deck *d, u32 key)
{
	const struct bound *b;
	u64 packet;

	d->dirty = true;
	if (prompt_active(d->prompt)) {
		prompt_took(d, prompt_key(d->prompt, key));
		return;
	}
	if (overlay_follow(&d->overlay, key, &packet)) {
		world_goto(&d->world, packet);
		return;
	}
	if (overlay_key(&d->overlay, key))
		return;
	if (key == KEYCODE_ESC && job_cancel(d, NULL) == 0)
		return;
	b = keymap_find(&d->keys, deck_focused(d)->type->name, key);
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
	deck_wish(d, &w, NULL);
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
		deck_ops.prompt(d, "");
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
	bool changed = world_update(&d->world, deck_now(d));

	changed |= deck_job_update(d, false);
	changed |= d->dirty;
	d->dirty = false;
	return changed;
}

ns_t deck_due(const struct deck *d)
{
	return world_due(&d->world, deck_now(d));
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
		bar_hints(&hints, &d->world, &d->keys, deck_focused(d)->type->name);
		bar_message(&prompt, &d->world);
		return;
	}
	canvas_fill(&hints, 0, 0, hints.w, 1, STYLE_DEFAULT, ' ');
	if (d->typed.text[0] != '\0')
		canvas_cut(&hints, 1, 0, hints.w - 1, STYLE_ERROR, d->typed.text,
			   strlen(d->typed.text));
	else
		canvas_puts(&hints, 1, 0, STYLE_DIM,
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
	d->npanes = NPANES;
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
	deck_make_layout(d);
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
	d->job.progress.stop = true;
	deck_job_update(d, true);
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
	       world_collecting(w) || !w->settled || w->find_dir != 0 ||
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
