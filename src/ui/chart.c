/* Charts of a TCP conversation in dots. */
#include "ui/chart.h"

#include "ui/ladder.h"

#include <math.h>
#include <string.h>

enum {
	ZOOM_MAX = 24,
	TICK_X = 14, /* columns between two labels at least */
	TICK_Y = 4,  /* rows */
};

/* ---- what is shown ---- */

static ns_t shown(const struct chart_time *t)
{
	return MAX((t->end - t->begin) >> t->zoom, NS_PER_US);
}

/* Puts the beginning where it may be. */
static void place(struct chart_time *t, ns_t t0)
{
	ns_t width = shown(t), last = MAX(t->end - width, t->begin);

	t->t0 = CLAMP(t0, t->begin, last);
	t->t1 = t->t0 + width;
}

/* The side that has sent more data. */
static int busier(const struct world *w, u32 conv)
{
	double part;
	const struct tcp_series *a = world_series(w, conv, 0, &part),
				*b = world_series(w, conv, 1, &part);

	return a != NULL && b != NULL && b->top > a->top;
}

const struct tcp_series *chart_series(const struct chart_time *t, const struct world *w)
{
	double part;
	const struct tcp_series *s = t->known ? world_series(w, t->conv, t->side, &part) : NULL;
	const struct tcp_series *closer;
	u32 from;

	if (s == NULL || s->n == 0)
		return NULL;
	from = tcp_series_before(s, t->t0);
	closer = world_series_closer(w, t->conv, t->side, from - (from > 1) - (from > 0),
				     tcp_series_before(s, t->t1) + 1);
	return closer != NULL ? closer : s;
}

void chart_follow(struct chart_time *t, const struct world *w, const struct transport_at *at)
{
	const struct tcp_series *s = world_series(w, at->conv->id, 0, &t->part);
	bool same = t->known && t->conv == at->conv->id, moved = !same || t->now != w->now;

	if (!same)
		*t = (struct chart_time) { .conv = at->conv->id,
					   .part = t->part,
					   .width = t->width };
	t->known = s != NULL && s->n > 0;
	if (!t->known)
		return;
	t->side = busier(w, t->conv) ^ t->other;
	t->begin = s->begin;
	t->end = MAX(s->clock, s->begin);
	if (t->part < 1 && at->conv->last_ts != NS_NONE) /* it shall not grow while it is read */
		t->end = MAX(t->end, at->conv->last_ts);
	t->now = w->now != NS_NONE ? w->now : t->begin;
	place(t, t->zoom == 0 ? t->begin : t->t0);
	if (moved && (t->now < t->t0 || t->now > t->t1))
		place(t, t->now - shown(t) / 4);
	(void)chart_series(t, w); /* so that drawing finds it */
}

struct wish chart_act(struct chart_time *t, const char *verb)
{
	static const char *const ladders[] = { "jump", "delta", "raw", "page-up", "page-down" };
	ns_t middle = t->now >= t->t0 && t->now <= t->t1 ? t->now : t->t0 + shown(t) / 2;

	if (strcmp(verb, "other") == 0) {
		t->other = !t->other;
		t->side ^= 1;
		return wish_done();
	}
	if (strcmp(verb, "all") == 0) {
		t->zoom = 0;
		place(t, t->begin);
		return wish_done();
	}
	if (strcmp(verb, "zoom-in") == 0 || strcmp(verb, "up") == 0) {
		if (t->zoom == ZOOM_MAX || shown(t) <= NS_PER_US)
			return wish_say("more than this cannot be seen");
		t->zoom++;
		place(t, middle - shown(t) / 2);
		return wish_done();
	}
	if (strcmp(verb, "zoom-out") == 0 || strcmp(verb, "down") == 0) {
		if (t->zoom == 0)
			return wish_say("this is the whole conversation");
		t->zoom--;
		place(t, middle - shown(t) / 2);
		return wish_done();
	}
	if (strcmp(verb, "scroll-up") == 0 || strcmp(verb, "scroll-down") == 0)
		return chart_act(t, verb[7] == 'u' ? "left" : "right");
	if (strcmp(verb, "left") == 0 || strcmp(verb, "right") == 0) {
		if (t->zoom == 0)
			return wish_say("this is the whole conversation: + shows less of it");
		place(t, t->t0 + (*verb == 'l' ? -1 : 1) * (shown(t) / 4));
		return wish_done();
	}
	if (strcmp(verb, "top") == 0 || strcmp(verb, "bottom") == 0) {
		place(t, *verb == 't' ? t->begin : t->now - shown(t) / 2);
		return wish_done();
	}
	for (size_t i = 0; i < ARRAY_LEN(ladders); i++)
		if (strcmp(verb, ladders[i]) == 0)
			return wish_say("that is for the ladder: v changes the view");
	return wish_unknown();
}

struct wish chart_mouse(struct chart_time *t, const struct world *w, const struct mouse *m, int x0,
			int width)
{
	u64 n;
	ns_t ts;

	if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN)
		return chart_act(t, m->kind == MOUSE_WHEEL_UP ? "zoom-in" : "zoom-out");
	if (!t->known || m->kind != MOUSE_PRESS || m->x < x0 || m->x >= x0 + width)
		return wish_unknown();
	ts = t->t0 + (ns_t)((double)shown(t) * (m->x - x0 + 1) / width);
	n = tape_find_time(w->tape, ts);
	return wish_run("jump packet %llu", (unsigned long long)MAX(n, 1u));
}

/* ---- numbers ---- */

struct scale {
	const char *name;
	double by;
};

static struct scale scale_of(enum chart_unit unit, double top)
{
	static const struct scale of[3][4] = {
		[CHART_BYTES] = { { "B", 1 }, { "kB", 1e3 }, { "MB", 1e6 }, { "GB", 1e9 } },
		[CHART_TIME] = { { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } },
		[CHART_RATE] = { { "b/s", 1 }, { "kb/s", 1e3 }, { "Mb/s", 1e6 }, { "Gb/s", 1e9 } },
	};
	int i = 3;

	while (i > 0 && top < of[unit][i].by)
		i--;
	return of[unit][i];
}

/* The next round number: 1, 2, 5 times a power of ten. */
static double round_up(double v)
{
	double unit;

	if (!(v > 0))
		return 1;
	unit = pow(10, floor(log10(v)));
	return v <= unit * 1.000001   ? unit
	       : v <= unit * 2.000001 ? unit * 2
	       : v <= unit * 5.000001 ? unit * 5
				      : unit * 10;
}

double chart_ceiling(double v, int rows)
{
	double step = round_up(v / MAX(rows / 2, 2)), steps = ceil(v / step - 1e-9);

	return step * MAX(steps, 1);
}

static int decimals_of(double step)
{
	return step >= 1 ? 0 : MIN((int)ceil(-log10(step) - 1e-9), 9);
}

void chart_put(struct txt *t, enum chart_unit unit, double v)
{
	struct scale s = scale_of(unit, v);

	txt_printf(t, "%.*f %s", s.by > 1 && v / s.by < 99.95 ? 1 : 0, v / s.by, s.name);
}

/* ---- areas ---- */

struct chart chart_of(const struct canvas *c, int y, int h, const struct chart_time *t,
		      const struct tcp_series *s, const struct transport_at *at)
{
	struct chart r = { .time = t, .s = s, .cursor = -1 };

	r.c = canvas_sub(c, CHART_LABEL + 1, y, c->w - CHART_LABEL - 1, h);
	r.from = tcp_series_before(s, t->t0);
	r.from -= r.from > 0; /* what holds at the left edge */
	r.to = MIN(tcp_series_before(s, t->t1) + 1, s->n);
	r.past = tcp_series_until(s, (u32)at->last + 1);
	if (t->now >= t->t0)
		r.cursor = MIN(chart_x(&r, MIN(t->now, t->t1)) / 2, r.c.w - 1);
	return r;
}

double chart_top(const struct chart *h, const enum tcp_level *l, size_t n)
{
	i64 top = 0;

	for (size_t i = 0; i < n; i++)
		top = MAX(top, tcp_series_level(h->s, l[i], h->from, h->to).hi);
	return (double)top;
}

int chart_x(const struct chart *h, ns_t t)
{
	double part =
		((double)t - (double)h->time->t0) / ((double)h->time->t1 - (double)h->time->t0);

	return (int)CLAMP(floor(part * (2 * h->c.w - 1) + 0.5), -1e6, 1e6);
}

int chart_y(const struct chart *h, double v)
{
	int dots = 4 * h->c.h - 1;
	double part = (v - h->y0) / (h->y1 - h->y0);

	return dots - (int)CLAMP(floor(part * dots + 0.5), -1e6, 1e6);
}

void chart_axis(const struct chart *h, const struct canvas *c, int y, enum chart_unit unit)
{
	struct scale s = scale_of(unit, MAX(fabs(h->y0), fabs(h->y1)));
	double step = round_up((h->y1 - h->y0) / s.by / MAX(h->c.h / TICK_Y, 1));
	int last = INT32_MAX;
	struct txt t;

	txt_init(&t);
	canvas_vline(c, CHART_LABEL, y, h->c.h, STYLE_BORDER, U'│');
	for (double k = ceil(h->y0 / s.by / step - 1e-9) + 0.0; k * step * s.by <= h->y1 * 1.000001;
	     k++) {
		int row = chart_y(h, k * step * s.by) / 4;

		if (row < 0 || row >= h->c.h || last - row < 2)
			continue;
		last = row;
		txt_clear(&t);
		txt_printf(&t, "%.*f %s", decimals_of(step), k * step, s.name);
		canvas_right(c, 0, y + row, CHART_LABEL - 1, STYLE_DIM, t.s, t.n);
		canvas_put(c, CHART_LABEL, y + row, STYLE_BORDER, U'┤');
	}
	txt_fini(&t);
}

void chart_time_axis(const struct chart *h, const struct canvas *c, int y, const struct world *w)
{
	ns_t zero = w->begin != NS_NONE ? w->begin : h->time->begin;
	double a = (double)(h->time->t0 - zero), b = (double)(h->time->t1 - zero);
	struct scale s = scale_of(CHART_TIME, MAX(fabs(a), fabs(b)));
	double step = round_up((b - a) / s.by / MAX(h->c.w / TICK_X, 1));
	int x0 = CHART_LABEL + 1, last = -1;
	struct txt t;

	txt_init(&t);
	canvas_hline(c, x0, y, h->c.w, STYLE_BORDER, U'─');
	canvas_put(c, CHART_LABEL, y, STYLE_BORDER, U'└');
	for (double k = ceil(a / s.by / step - 1e-9) + 0.0; k * step * s.by <= b + 1; k++) {
		int x = chart_x(h, zero + (ns_t)(k * step * s.by)) / 2, width, at;

		txt_clear(&t);
		txt_printf(&t, "%.*f %s", decimals_of(step), k * step, s.name);
		width = canvas_width(t.s, t.n);
		at = MIN(MAX(x - width / 2, 0), h->c.w - width);
		if (x >= h->c.w || at <= last)
			continue;
		last = at + width;
		canvas_put(c, x0 + x, y, STYLE_BORDER, U'┴');
		canvas_putn(c, x0 + at, y + 1, STYLE_DIM, t.s, t.n);
	}
	txt_fini(&t);
}

/* ---- drawing ---- */

void chart_bar(const struct chart *h, int x, double lo, double hi, enum style style)
{
	int a = chart_y(h, lo), b = chart_y(h, hi), most = 4 * h->c.h - 1;

	if (a < 0 || b > most || x < 0 || x >= 2 * h->c.w)
		return;
	canvas_dots(&h->c, x, MIN(a, most), x, MAX(b, 0), style);
}

/* From one column to the next at a height, cut to the area. */
static void level_dots(const struct chart *h, int x0, int x1, int y, enum style style)
{
	x0 = MAX(x0, 0);
	x1 = MIN(x1, 2 * h->c.w - 1);
	if (x0 <= x1 && y >= 0 && y < 4 * h->c.h)
		canvas_dots(&h->c, x0, y, x1, y, style);
}

void chart_line(const struct chart *h, enum tcp_level l, enum style style)
{
	int x = 0, y = 0;
	bool begun = false;

	for (u32 i = h->from; i < h->to; i++) {
		const struct tcp_column *c = &h->s->col[i];
		int x1;

		if (!tcp_range_any(c->level[l]))
			continue;
		x1 = chart_x(h, c->t0);
		if (begun) {
			int y1 = chart_y(h, (double)c->at[l]), most = 4 * h->c.h - 1;

			level_dots(h, x, x1, y, style);
			if (x1 >= 0 && MAX(y, y1) >= 0 && MIN(y, y1) <= most)
				canvas_dots(&h->c, x1, CLAMP(y, 0, most), x1, CLAMP(y1, 0, most),
					    style);
		}
		chart_bar(h, x1, (double)c->level[l].lo, (double)c->level[l].hi, style);
		x = x1;
		y = chart_y(h, (double)c->at[l]);
		begun = true;
	}
	if (begun) /* it holds to the end of the conversation */
		level_dots(h, x, chart_x(h, h->time->end), y, style);
}

/* How many columns of cells have one of these. */
static int crowd(const struct chart *h, enum tcp_span k)
{
	int n = 0, last = -1;

	for (u32 i = h->from; i < h->to; i++) {
		int x = chart_x(h, h->s->col[i].t0) / 2;

		if (!tcp_range_any(h->s->col[i].span[k]) || x == last || x < 0 || x >= h->c.w)
			continue;
		last = x;
		n++;
	}
	return n;
}

void chart_marks(const struct chart *h, bool over)
{
	static const struct {
		enum tcp_span k;
		enum style style;
		u32 ch;
	} marks[] = { { SPAN_AGAIN, STYLE_RETRANS, U'R' }, { SPAN_LOST, STYLE_LOSS, U'✗' } };

	for (size_t m = 0; m < ARRAY_LEN(marks); m++) {
		if (crowd(h, marks[m].k) > h->c.w / 3)
			continue;
		for (u32 i = h->from; i < h->to; i++) {
			struct tcp_range r = h->s->col[i].span[marks[m].k];

			if (tcp_range_any(r))
				canvas_put(&h->c, chart_x(h, h->s->col[i].t0) / 2,
					   over ? chart_y(h, (double)r.hi) / 4 : h->c.h - 1,
					   marks[m].style, marks[m].ch);
		}
	}
}

bool chart_cache_begin(struct chart_cache *k, const struct chart_time *t,
		       const struct tcp_series *s, int w, int h, int mode, struct canvas *c)
{
	bool same = k->s == s && k->segments == s->segments && k->n == s->n &&
		    k->first == s->col[0].first && k->grid.w == w && k->grid.h == h &&
		    k->mode == mode && k->time.conv == t->conv && k->time.side == t->side &&
		    k->time.t0 == t->t0 && k->time.t1 == t->t1;

	if (same)
		return false;
	if (k->grid.w != w || k->grid.h != h)
		grid_resize(&k->grid, w, h);
	grid_clear(&k->grid);
	k->time = *t;
	k->s = s;
	k->segments = s->segments;
	k->n = s->n;
	k->first = s->col[0].first;
	k->mode = mode;
	*c = canvas_of(&k->grid);
	return true;
}

void chart_cache_put(const struct chart_cache *k, const struct canvas *c)
{
	for (int y = 0; y < MIN(c->h, k->grid.h); y++)
		memcpy(&c->g->cells[(size_t)(c->y + y) * (size_t)c->g->w + (size_t)c->x],
		       &k->grid.cells[(size_t)y * (size_t)k->grid.w],
		       (size_t)MIN(c->w, k->grid.w) * sizeof(struct cell));
}

void chart_cache_fini(struct chart_cache *k)
{
	grid_fini(&k->grid);
}

void chart_finish(const struct chart *h, int open)
{
	int from = h->cursor >= 0 ? h->cursor + 1 : h->time->now < h->time->t0 ? 0 : h->c.w;

	from = CLAMP(open, 0, from);
	canvas_shade(&h->c, from, 0, h->c.w - from, h->c.h, SHADE_DIM);
	if (h->cursor < 0)
		return;
	for (int y = 0; y < h->c.h; y++) {
		const struct cell *cell = &h->c.g->cells[(size_t)(h->c.y + y) * (size_t)h->c.g->w +
							 (size_t)(h->c.x + h->cursor)];

		if (cell->ch == ' ' || cell->ch == 0)
			canvas_put(&h->c, h->cursor, y, STYLE_STRONG, U'│');
	}
}

int chart_head(const struct canvas *c, int x, int y, const struct chart_time *t,
	       const struct transport_at *at)
{
	static const char keys[] = "+ - zoom  o other way";
	struct txt s;

	txt_init(&s);
	ladder_end(&s, at->conv, t->side);
	x = canvas_putn(c, x, y, t->side ? STYLE_REV : STYLE_FWD, s.s, s.n);
	x = canvas_puts(c, x, y, STYLE_DIM, " ▸ ");
	txt_clear(&s);
	ladder_end(&s, at->conv, !t->side);
	x = canvas_putn(c, x, y, t->side ? STYLE_FWD : STYLE_REV, s.s, s.n);
	if (t->part < 1)
		x = canvas_text(c, x, y, STYLE_WARN, "  reading %d %%", (int)(t->part * 100));
	txt_fini(&s);
	if (x + 2 + (int)sizeof keys <= c->w)
		canvas_right(c, c->w - (int)sizeof keys, y, (int)sizeof keys - 1, STYLE_DIM, keys,
			     sizeof keys - 1);
	return x;
}
