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
};

static int room_for(int height)
{
	return CLAMP((height - HEAD - FOOT) / LEAST, 1, GRAPHS);
}

static void update(void *state, const struct world *w, const struct transport_at *at, int width,
		   int height)
{
	struct graphs *v = state;

	v->time.width = MAX(width - CHART_LABEL - 1, 1);
	v->room = room_for(height);
	v->first = MIN(v->first, GRAPHS - v->room);
	chart_follow(&v->time, w, at);
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

static void draw_flight(struct chart *h, const struct canvas *c, int y,
			const struct tcp_cong_out *o)
{
	static const enum tcp_level wanted[] = { LEVEL_FLIGHT, LEVEL_CWND };
	int x = CHART_LABEL + 1;

	x = bytes(c, x, y, own(h), "flight", o->flight);
	x = bytes(c, x, y, STYLE_OK, "cwnd~", o->cwnd);
	x = bytes(c, x, y, STYLE_STATE, "ssthresh~", o->ssthresh);
	bytes(c, x, y, STYLE_DIM, "rwnd", o->rwnd);
	h->y1 = chart_ceiling(chart_top(h, wanted, ARRAY_LEN(wanted)), h->c.h);
	chart_axis(h, c, y + 1, CHART_BYTES);
	chart_line(h, LEVEL_RWND, STYLE_DIM);
	chart_line(h, LEVEL_SSTHRESH, STYLE_STATE);
	chart_line(h, LEVEL_CWND, STYLE_OK);
	chart_line(h, LEVEL_FLIGHT, own(h));
	chart_marks(h, false);
}

static void draw_rtt(struct chart *h, const struct canvas *c, int y, const struct tcp_cong_out *o)
{
	static const enum tcp_level wanted[] = { LEVEL_RTT, LEVEL_SRTT };
	int x = CHART_LABEL + 1;

	x = span(c, x, y, own(h), "RTT   ", o->rtt);
	x = span(c, x, y, STYLE_OK, "SRTT ", o->srtt);
	span(c, x, y, STYLE_DIM, "RTO      ", o->srtt != NS_NONE ? o->rto_linux : NS_NONE);
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

static void draw_throughput(struct chart *h, const struct canvas *c, int y)
{
	const struct chart_time *t = h->time;
	/* Two columns a bar at least; bars are laid from the conversation's beginning on. */
	ns_t bin = rate_round_bin(t->t1 - t->t0, (u32)CLAMP(h->c.w / 2, 2, BARS_MAX - 2));
	ns_t t0 = t->begin + (t->t0 - t->begin) / bin * bin;
	u32 n = (u32)MIN((t->t1 - t0) / bin + 1, BARS_MAX), at;
	static const struct tcp_bytes none;
	struct tcp_bytes v[BARS_MAX], now = none;
	int x = CHART_LABEL + 1;
	double top = 0, per = 8e9 / (double)bin;
	struct txt s;

	tcp_series_bins(h->s, 0, h->past, t0, bin, n, v); /* what has happened */
	at = t->now >= t0 ? (u32)MIN((t->now - t0) / bin, (ns_t)n) : n;
	if (at < n)
		now = v[at];
	tcp_series_bins(h->s, 0, h->s->n, t0, bin, n, v);
	for (u32 i = 0; i < n; i++)
		top = MAX(top, (v[i].goodput + v[i].again + v[i].header) * per);
	if (at < n)
		v[at] = now;
	x = figure(c, x, y, own(h), "goodput", CHART_RATE, at < n, now.goodput * per);
	x = figure(c, x, y, STYLE_RETRANS, "again", CHART_RATE, at < n, now.again * per);
	x = figure(c, x, y, STYLE_DIM, "headers", CHART_RATE, at < n, now.header * per);
	txt_init(&s);
	rate_put_span(&s, bin);
	canvas_text(c, x, y, STYLE_DIM, "in %s", txt_str(&s));
	txt_fini(&s);
	h->y1 = chart_ceiling(top, h->c.h);
	chart_axis(h, c, y + 1, CHART_RATE);
	draw_bars(h, bin, t0, n, v);
}

static void draw(const void *state, const struct world *w, const struct transport_at *at,
		 const struct canvas *c)
{
	const struct graphs *v = state;
	const struct tcp_series *s = chart_series(&v->time, w);
	const struct tcp_seen *seen = world_seen(w, at->last);
	struct tcp_cong_out now;
	int rows = c->h - HEAD - FOOT, y = HEAD;
	struct chart h;

	if (s == NULL || seen == NULL || rows < LEAST - 1 || c->w < CHART_LABEL + 20) {
		pane_draw_empty(c, s == NULL || seen == NULL
					   ? "Nothing is known of this conversation yet."
					   : "There is no room for graphs here: z zooms.");
		return;
	}
	now = seen->cong[v->time.side];
	chart_head(c, CHART_LABEL + 1, 0, &v->time, at);
	if (v->room < GRAPHS)
		canvas_right(c, c->w - 24, 0, 24, STYLE_DIM, "PgDn more graphs", 16);
	for (int i = 0; i < v->room; i++) {
		int high = (rows - (y - HEAD)) / (v->room - i);

		h = chart_of(c, y + 1, high - 1, &v->time, s, at);
		switch (v->first + i) {
		case 0: draw_flight(&h, c, y, &now); break;
		case 1: draw_rtt(&h, c, y, &now); break;
		case 2: draw_throughput(&h, c, y); break;
		}
		chart_finish(&h);
		y += high;
	}
	chart_time_axis(&h, c, c->h - FOOT, w);
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
	.update = update,
	.draw = draw,
	.act = act,
	.mouse = mouse,
};
