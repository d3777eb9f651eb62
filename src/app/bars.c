/* The lines around the panes: time at the top, hints and messages at the bottom. */
#include "app/bars.h"

#include "base/num.h"

#include <string.h>

/* Where the parts of the time line stand. */
struct time_line {
	int state, track, track_w, right;
};

enum { STATE_W = 20, RIGHT_MAX = 40 };

static void put_right(struct txt *t, const struct world *w)
{
	struct txt all;

	txt_init(&all);
	txt_count(&all, w->count);
	txt_putc(t, ' ');
	{
		struct txt at;

		txt_init(&at);
		txt_count(&at, w->count > 0 ? w->at + 1 : 0);
		txt_fill(t, ' ', all.n > at.n ? all.n - at.n : 0);
		txt_putn(t, at.s, at.n);
		txt_fini(&at);
	}
	txt_putc(t, '/');
	txt_putn(t, all.s, all.n);
	txt_fini(&all);
	if (w->head.speed <= PLAYHEAD_FLAT_OUT)
		txt_puts(t, "    max");
	else
		txt_printf(t, " %5gx", w->head.speed);
	txt_putc(t, ' ');
}

static struct time_line place(const struct world *w, int width)
{
	struct time_line l;
	struct txt r;
	int name = 11 + canvas_width(w->name != NULL ? w->name : "",
				     w->name != NULL ? strlen(w->name) : 0);

	txt_init(&r);
	put_right(&r, w);
	l.right = width - (int)r.n;
	txt_fini(&r);
	l.state = MIN(MAX(name, 20), MAX(width / 3, 12));
	l.track = l.state + STATE_W + (w->digits == 9 ? 3 : 0);
	l.track_w = MAX(l.right - l.track, 0);
	return l;
}

/* The column of the track at a tape time; 0..track_w-1. */
static int track_col(const struct world *w, const struct time_line *l, u64 n, ns_t ts)
{
	double part;

	if (w->begin == NS_NONE || w->end <= w->begin)
		part = w->count > 1 ? (double)n / (double)(w->count - 1) : 0;
	else if (ts == NS_NONE)
		part = 0;
	else
		part = ((double)ts - (double)w->begin) / ((double)w->end - (double)w->begin);
	return CLAMP((int)(part * (l->track_w - 1) + 0.5), 0, l->track_w - 1);
}

static void draw_track(const struct canvas *c, const struct world *w, const struct time_line *l)
{
	int here;

	if (l->track_w < 8 || w->count == 0)
		return;
	here = track_col(w, l, w->at, w->now);
	canvas_hline(c, l->track, 0, here, STYLE_STRONG, U'━');
	canvas_hline(c, l->track + here, 0, l->track_w - here, STYLE_DIM, U'─');
	for (size_t i = 0; i < w->losses.n; i++)
		canvas_put(c,
			   l->track + track_col(w, l, w->losses.v[i],
						tape_clock(w->tape, w->losses.v[i])),
			   0, STYLE_LOSS, U'✗');
	for (size_t i = 0; i < w->head.marks.n; i++)
		canvas_put(c,
			   l->track + track_col(w, l, w->head.marks.v[i].n,
						tape_clock(w->tape, w->head.marks.v[i].n)),
			   0, STYLE_MARK, U'◆');
	canvas_put(c, l->track + here, 0, STYLE_STRONG, U'●');
}

void bar_time(const struct canvas *c, const struct world *w)
{
	struct time_line l = place(w, c->w);
	bool paused = w->head.state == PLAYHEAD_PAUSED;
	struct txt t;
	int x;

	canvas_fill(c, 0, 0, c->w, 1, STYLE_DEFAULT, ' ');
	x = canvas_puts(c, 1, 0, STYLE_TITLE, "tapdeck");
	if (w->tape == NULL) {
		canvas_puts(c, x + 2, 0, STYLE_DIM, "no tape");
		return;
	}
	canvas_cut(c, x + 2, 0, MAX(l.state - x - 3, 0), STYLE_DEFAULT, w->name, strlen(w->name));
	x = canvas_put(c, l.state, 0, STYLE_STRONG, paused ? U'⏸' : U'▶') + 1;
	txt_init(&t);
	world_put_clock(w, &t, w->now);
	canvas_putn(c, MAX(x, l.state + 2), 0, STYLE_STRONG, t.s, t.n);
	draw_track(c, w, &l);
	txt_clear(&t);
	put_right(&t, w);
	canvas_putn(c, l.right, 0, STYLE_DEFAULT, t.s, t.n);
	txt_fini(&t);
}

bool bar_time_at(const struct world *w, int width, int x, ns_t *ts)
{
	struct time_line l = place(w, width);

	if (w->count == 0 || w->begin == NS_NONE || l.track_w < 8 || x < l.track ||
	    x >= l.track + l.track_w)
		return false;
	*ts = w->begin + (ns_t)((__int128)(w->end - w->begin) * (x - l.track) / (l.track_w - 1));
	return true;
}

/* "tcp.len > 0: 12 of 104" and how far things are. */
static void put_state(struct txt *t, const struct world *w)
{
	u64 got, all;

	if (w->tape == NULL)
		return;
	if (!w->done) {
		tape_progress(w->tape, &got, &all);
		if (all > 0)
			txt_printf(t, "indexing %d %%  ", (int)(got * 100 / all));
		else
			txt_puts(t, "reading  ");
	}
	if (w->flow != NULL && flow_evicted(w->flow) > 0)
		txt_printf(t, "%u oldest conversations forgotten  ", flow_evicted(w->flow));
	if (w->head.max_gap > 0) {
		txt_puts(t, "silences ");
		txt_seconds(t, w->head.max_gap, w->head.max_gap % NS_PER_S == 0 ? 0 : 3, 0);
		txt_puts(t, " s at most  ");
	}
	if (w->filter == NULL)
		return;
	txt_count(t, world_rows(w));
	txt_puts(t, match_done(w->match) ? " match  " : " match so far  ");
	txt_printf(t, "%.200s ", w->filter);
}

void bar_hints(const struct canvas *c, const struct world *w, const struct keymap *keys,
	       const char *context)
{
	const struct bound *hint[8];
	size_t n = keymap_hints(keys, context, hint, ARRAY_LEN(hint));
	struct txt t, state;
	int x = 1, limit;

	canvas_fill(c, 0, 0, c->w, 1, STYLE_DEFAULT, ' ');
	txt_init(&t);
	txt_init(&state);
	put_state(&state, w);
	limit = c->w - canvas_width(state.n > 0 ? state.s : "", state.n) - 1;
	limit = MAX(limit, c->w / 2);
	for (size_t i = 0; i < n; i++) {
		const char *label = hint[i]->label != NULL ? hint[i]->label : hint[i]->note;

		txt_clear(&t);
		key_write(hint[i]->key, &t);
		if (x + (int)t.n + 1 + (int)strlen(label) > limit)
			break;
		x = canvas_putn(c, x, 0, STYLE_KEY, t.s, t.n) + 1;
		x = canvas_puts(c, x, 0, STYLE_DIM, label) + 2;
	}
	if (state.n > 0)
		canvas_cut(c, MAX(limit, x), 0, c->w - MAX(limit, x), STYLE_DIM, state.s, state.n);
	txt_fini(&state);
	txt_fini(&t);
}

void bar_message(const struct canvas *c, const struct world *w)
{
	const char *error = w->tape != NULL && w->done ? tape_error(w->tape) : NULL;

	canvas_fill(c, 0, 0, c->w, 1, STYLE_DEFAULT, ' ');
	if (w->status[0] != '\0')
		canvas_cut(c, 1, 0, c->w - 1, w->status_bad ? STYLE_ERROR : STYLE_DEFAULT,
			   w->status, strlen(w->status));
	else if (error != NULL)
		canvas_cut(c, 1, 0, c->w - 1, STYLE_WARN, error, strlen(error));
	else
		canvas_puts(c, 1, 0, STYLE_DIM, ": types a command, ? shows the keys");
}
