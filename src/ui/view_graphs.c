/* The graphs of the transport pane: bytes in flight and what limits them, round-trip times,
 * throughput, one above the other, at the playhead. */
#include "ui/chart.h"

#include "ui/rategraph.h"

#include <string.h>

enum {
	FOOT = 2,
	HEAD = 1,
	LEAST = 5, /* rows of one graph, its line of figures included */
	GRAPHS = 3,
	BARS_MAX = 512,
};

struct graphs {
	struct chart_time time;
	int first; /* of the graphs that are shown where there is no room for all */
	int room;  /* how many are */
	struct chart_cache cache;
};

static void fini(void *state)
{
	chart_cache_fini(&((struct graphs *)state)->cache);
}

static int room_for(int height)
{
	return CLAMP((height - HEAD - FOOT) / LEAST, 1, GRAPHS);
}

/* "cwnd  14.5 kB" with its colour, in fixed columns. */
static int figure(const struct canvas *c, int x, int y, enum style style, const char *name,
		  enum chart_unit unit, bool known, double v)
{
	struct txt t;
	int end = x + canvas_width(name, strlen(name)) + 1 + CHART_LABEL;

	if (end > c->w)
		return x;
	txt_init(&t);
	if (known)
		chart_put(&t, unit, v);
	else
		txt_puts(&t, "-");
	canvas_puts(c, x, y, style, name);
	canvas_right(c, end - CHART_LABEL, y, CHART_LABEL, STYLE_STRONG, t.s, t.n);
	txt_fini(&t);
	return end + (c->w > 90 ? 2 : 1);
}

static int bytes(const struct canvas *c, int x, int y, enum style style, const char *name, u32 v)
{
	return figure(c, x, y, style, name, CHART_BYTES, v != TCP_CONG_UNKNOWN, v);
}

static int span(const struct canvas *c, int x, int y, enum style style, const char *name, ns_t v)
{
	return figure(c, x, y, style, name, CHART_TIME, v != NS_NONE, (double)v);
}

static enum style own(const struct chart *h)
{
	return h->time->side ? STYLE_REV : STYLE_FWD;
}

static void flight_figures(const struct canvas *c, int y, enum style data,
			   const struct tcp_cong_out *o)
{
	int x = CHART_LABEL + 1;

	x = bytes(c, x, y, data, "flight", o->flight);
	x = bytes(c, x, y, STYLE_OK, "cwnd~", o->cwnd);
	x = bytes(c, x, y, STYLE_STATE, "ssthresh~", o->ssthresh);
	bytes(c, x, y, STYLE_DIM, "rwnd", o->rwnd);
}

static void draw_flight(struct chart *h, const struct canvas *c, int y)
{
	static const enum tcp_level wanted[] = { LEVEL_FLIGHT, LEVEL_CWND };

	h->y1 = chart_ceiling(chart_top(h, wanted, ARRAY_LEN(wanted)), h->c.h);
	chart_axis(h, c, y + 1, CHART_BYTES);
	chart_line(h, LEVEL_RWND, STYLE_DIM);
	chart_line(h, LEVEL_SSTHRESH, STYLE_STATE);
	chart_line(h, LEVEL_CWND, STYLE_OK);
	chart_line(h, LEVEL_FLIGHT, own(h));
	chart_marks(h, false);
}

static void rtt_figures(const struct canvas *c, int y, enum style data,
			const struct tcp_cong_out *o)
{
	int x = CHART_LABEL + 1;

	x = span(c, x, y, data, "RTT   ", o->rtt);
	x = span(c, x, y, STYLE_OK, "SRTT ", o->srtt);
	span(c, x, y, STYLE_DIM, "RTO      ", o->srtt != NS_NONE ? o->rto_linux : NS_NONE);
}

static void draw_rtt(struct chart *h, const struct canvas *c, int y)
{
	static const enum tcp_level wanted[] = { LEVEL_RTT, LEVEL_SRTT };

	h->y1 = chart_ceiling(chart_top(h, wanted, ARRAY_LEN(wanted)), h->c.h);
	chart_axis(h, c, y + 1, CHART_TIME);
	chart_line(h, LEVEL_RTO, STYLE_DIM);
	chart_line(h, LEVEL_SRTT, STYLE_OK);
	for (u32 i = h->from; i < h->to; i++) {
		struct tcp_range r = h->s->col[i].level[LEVEL_RTT];

		if (tcp_range_any(r))
			chart_bar(h, chart_x(h, h->s->col[i].t0), (double)r.lo, (double)r.hi,
				  own(h));
	}
}

/* Bars: goodput, what was sent again and headers on top of it. */
static void draw_bars(const struct chart *h, ns_t bin, ns_t t0, u32 n, const struct tcp_bytes *v)
{
	double per = 8e9 / (double)bin;

	for (u32 i = 0; i < n; i++) {
		int x0 = chart_x(h, t0 + bin * (ns_t)i);
		int x1 = chart_x(h, t0 + bin * (ns_t)(i + 1)) - 1;
		double a = v[i].goodput * per, b = a + v[i].again * per, d = b + v[i].header * per;

		x1 = MAX(x1 - (x1 - x0 > 2), x0);
		for (int x = x0; x <= x1; x++) {
			if (chart_y(h, d) < chart_y(h, b)) /* as high as a dot */
				chart_bar(h, x, b, d, STYLE_DIM);
			if (a > 0)
				chart_bar(h, x, 0, a, own(h));
			if (b > a)
				chart_bar(h, x, a, b, STYLE_RETRANS);
		}
	}
}

/* Two columns a bar at least; bars are laid from the conversation's beginning on. */
struct bars {
	ns_t bin, t0;
	u32 n;
};

static struct bars bars_of(const struct chart *h)
{
	const struct chart_time *t = h->time;
	struct bars b;

	b.bin = rate_round_bin(t->t1 - t->t0, (u32)CLAMP(h->c.w / 2, 2, BARS_MAX - 2));
	b.t0 = t->begin + (t->t0 - t->begin) / b.bin * b.bin;
	b.n = (u32)MIN((t->t1 - b.t0) / b.bin + 1, BARS_MAX);
	return b;
}

/* What was carried in the playhead's bar so far. Returns the column of cells where it begins: it is
 * not over yet. */
static int throughput_figures(const struct chart *h, const struct canvas *c, int y)
{
	struct bars b = bars_of(h);
	ns_t now = h->time->now, t0 = b.t0 + (now - b.t0) / b.bin * b.bin;
	u32 from = tcp_series_before(h->s, t0);
	bool inside = now >= b.t0 && now <= h->time->t1;
	struct tcp_bytes v = { 0 };
	double per = 8e9 / (double)b.bin;
	int x = CHART_LABEL + 1;
	struct txt s;

	if (inside) {
		while (from > 0 && h->s->col[from - 1].t1 >= t0)
			from--;
		tcp_series_bins(h->s, from, MAX(h->past, from), t0, b.bin, 1, &v);
	}
	x = figure(c, x, y, own(h), "goodput", CHART_RATE, inside, v.goodput * per);
	x = figure(c, x, y, STYLE_RETRANS, "again", CHART_RATE, inside, v.again * per);
	x = figure(c, x, y, STYLE_DIM, "headers", CHART_RATE, inside, v.header * per);
	txt_init(&s);
	rate_put_span(&s, b.bin);
	canvas_text(c, x, y, STYLE_DIM, "in %s", txt_str(&s));
	txt_fini(&s);
	return inside ? (chart_x(h, t0) + 1) / 2 : h->c.w;
}

static void draw_throughput(struct chart *h, const struct canvas *c, int y)
{
	struct bars b = bars_of(h);
	struct tcp_bytes v[BARS_MAX];
	double top = 0, per = 8e9 / (double)b.bin;

	tcp_series_bins(h->s, 0, h->s->n, b.t0, b.bin, b.n, v);
	for (u32 i = 0; i < b.n; i++)
		top = MAX(top, (v[i].goodput + v[i].again + v[i].header) * per);
	h->y1 = chart_ceiling(top, h->c.h);
	chart_axis(h, c, y + 1, CHART_RATE);
	draw_bars(h, b.bin, b.t0, b.n, v);
}

static bool fits(int width, int height)
{
	return height - HEAD - FOOT >= LEAST - 1 && width >= CHART_LABEL + 20;
}

/* The rows of the i-th graph shown: *y its first, returns how many. */
static int rows_of(const struct graphs *v, int height, int i, int *y)
{
	int rows = height - HEAD - FOOT;

	*y = HEAD + rows * i / v->room;
	return HEAD + rows * (i + 1) / v->room - *y;
}

/* All that does not depend on the playhead. */
static void draw_series(const struct graphs *v, const struct world *w, const struct tcp_series *s,
			const struct transport_at *at, const struct canvas *c)
{
	struct chart h;
	int y;

	for (int i = 0; i < v->room; i++) {
		int high = rows_of(v, c->h, i, &y);

		h = chart_of(c, y + 1, high - 1, &v->time, s, at);
		switch (v->first + i) {
		case 0: draw_flight(&h, c, y); break;
		case 1: draw_rtt(&h, c, y); break;
		case 2: draw_throughput(&h, c, y); break;
		}
	}
	chart_time_axis(&h, c, c->h - FOOT, w);
}

static void update(void *state, const struct world *w, const struct transport_at *at, int width,
		   int height)
{
	struct graphs *v = state;
	const struct tcp_series *s;
	struct canvas c;

	v->time.width = MAX(width - CHART_LABEL - 1, 1);
	v->room = room_for(height);
	v->first = MIN(v->first, GRAPHS - v->room);
	chart_follow(&v->time, w, at);
	s = chart_series(&v->time, w);
	if (s != NULL && fits(width, height) &&
	    chart_cache_begin(&v->cache, &v->time, s, width, height, v->first, &c))
		draw_series(v, w, s, at, &c);
}

static void draw(const void *state, const struct world *w, const struct transport_at *at,
		 const struct canvas *c)
{
	const struct graphs *v = state;
	const struct tcp_series *s = chart_series(&v->time, w);
	const struct tcp_seen *seen = world_seen(w, at->last);
	enum style data = v->time.side ? STYLE_REV : STYLE_FWD;
	struct tcp_cong_out now;

	if (s == NULL || seen == NULL || !fits(c->w, c->h)) {
		pane_draw_empty(c, s == NULL || seen == NULL
					   ? "Nothing is known of this conversation yet."
					   : "There is no room for graphs here: z zooms.");
		return;
	}
	now = seen->cong[v->time.side];
	chart_cache_put(&v->cache, c);
	chart_head(c, CHART_LABEL + 1, 0, &v->time, at);
	if (v->room < GRAPHS)
		canvas_right(c, c->w - 24, 0, 24, STYLE_DIM, "PgDn more graphs", 16);
	for (int i = 0, y; i < v->room; i++) {
		int high = rows_of(v, c->h, i, &y);
		struct chart h = chart_of(c, y + 1, high - 1, &v->time, s, at);
		int open = h.c.w;

		switch (v->first + i) {
		case 0: flight_figures(c, y, data, &now); break;
		case 1: rtt_figures(c, y, data, &now); break;
		case 2: open = throughput_figures(&h, c, y); break;
		}
		chart_finish(&h, open);
	}
}

static struct wish act(void *state, const struct world *w, const struct transport_at *at,
		       const char *verb)
{
	struct graphs *v = state;

	(void)w;
	(void)at;
	if (strcmp(verb, "page-down") == 0 || strcmp(verb, "page-up") == 0) {
		if (v->room >= GRAPHS)
			return wish_say("all graphs are shown");
		v->first = (v->first + (verb[5] == 'd' ? 1 : GRAPHS - v->room)) %
			   (GRAPHS - v->room + 1);
		return wish_done();
	}
	return chart_act(&v->time, verb);
}

static struct wish mouse(void *state, const struct world *w, const struct transport_at *at,
			 const struct mouse *m)
{
	struct graphs *v = state;

	(void)at;
	return chart_mouse(&v->time, w, m, CHART_LABEL + 1, v->time.width);
}

const struct transport_view view_graphs = {
	.name = "graphs",
	.title = "flight, round trips, throughput",
	.size = sizeof(struct graphs),
	.fini = fini,
	.update = update,
	.draw = draw,
	.act = act,
	.mouse = mouse,
};
