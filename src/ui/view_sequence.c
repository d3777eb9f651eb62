/* The time-sequence graph of the transport pane: data, what was sent again or lost,
 * acknowledgments, SACK blocks and the window, at the playhead. */
#include "ui/chart.h"

enum { FOOT = 2, HEAD = 2 };

struct sequence {
	struct chart_time time;
	struct chart_cache cache;
};

static void fini(void *state)
{
	chart_cache_fini(&((struct sequence *)state)->cache);
}

/* Data and acknowledgments of what is shown, and of the window what is near to them. */
static void scale(struct chart *h)
{
	struct tcp_range r = tcp_series_level(h->s, LEVEL_ACK, h->from, h->to), win;
	double span;

	for (int k = 0; k < SPAN_COUNT; k++)
		r = tcp_range_join(r, tcp_series_span(h->s, (enum tcp_span)k, h->from, h->to));
	if (!tcp_range_any(r))
		r = (struct tcp_range) { 0, 1 };
	win = tcp_series_level(h->s, LEVEL_WINDOW, h->from, h->to);
	span = MAX((double)r.hi - (double)r.lo, 1);
	h->y0 = (double)r.lo;
	h->y1 = (double)r.hi + span * 0.02;
	if (tcp_range_any(win))
		h->y1 = MAX(h->y1, MIN((double)win.hi, (double)r.hi + span * 0.4));
}

static void spans(const struct chart *h, enum tcp_span k, enum style style)
{
	for (u32 i = h->from; i < h->to; i++) {
		struct tcp_range r = h->s->col[i].span[k];

		if (tcp_range_any(r))
			chart_bar(h, chart_x(h, h->s->col[i].t0), (double)r.lo, (double)r.hi,
				  style);
	}
}

static void sacks(const struct chart *h)
{
	for (u32 i = h->from; i < h->to; i++)
		for (u8 k = 0; k < h->s->col[i].nsack; k++) {
			struct tcp_range r = h->s->col[i].sack[k];

			chart_bar(h, chart_x(h, h->s->col[i].t0), (double)r.lo, (double)r.hi,
				  STYLE_STATE);
		}
}

static void legend(const struct canvas *c, int y, int side)
{
	int x = CHART_LABEL + 1;

	x = canvas_puts(c, x, y, side ? STYLE_REV : STYLE_FWD, "data");
	x = canvas_puts(c, x, y, STYLE_RETRANS, "  R again");
	x = canvas_puts(c, x, y, STYLE_LOSS, "  ✗ lost");
	x = canvas_puts(c, x, y, side ? STYLE_FWD : STYLE_REV, "  ACK");
	x = canvas_puts(c, x, y, STYLE_STATE, "  SACK");
	canvas_puts(c, x, y, STYLE_DIM, "  window");
}

static bool fits(int width, int height)
{
	return height >= HEAD + FOOT + 2 && width >= CHART_LABEL + 20;
}

/* All that does not depend on the playhead. */
static void draw_series(const struct sequence *v, const struct world *w, const struct tcp_series *s,
			const struct transport_at *at, const struct canvas *c)
{
	struct chart h = chart_of(c, HEAD, c->h - HEAD - FOOT, &v->time, s, at);

	legend(c, 1, v->time.side);
	scale(&h);
	chart_axis(&h, c, HEAD, CHART_BYTES);
	chart_time_axis(&h, c, c->h - FOOT, w);
	chart_line(&h, LEVEL_WINDOW, STYLE_DIM);
	sacks(&h);
	chart_line(&h, LEVEL_ACK, v->time.side ? STYLE_FWD : STYLE_REV);
	spans(&h, SPAN_FRESH, v->time.side ? STYLE_REV : STYLE_FWD);
	spans(&h, SPAN_AGAIN, STYLE_RETRANS);
	chart_marks(&h, true);
}

static void update(void *state, const struct world *w, const struct transport_at *at, int width,
		   int height)
{
	struct sequence *v = state;
	const struct tcp_series *s;
	struct canvas c;

	v->time.width = MAX(width - CHART_LABEL - 1, 1);
	chart_follow(&v->time, w, at);
	s = chart_series(&v->time, w);
	if (s != NULL && fits(width, height) &&
	    chart_cache_begin(&v->cache, &v->time, s, width, height, 0, &c))
		draw_series(v, w, s, at, &c);
}

static void draw(const void *state, const struct world *w, const struct transport_at *at,
		 const struct canvas *c)
{
	const struct sequence *v = state;
	const struct tcp_series *s = chart_series(&v->time, w);
	struct chart h;

	if (s == NULL || !fits(c->w, c->h)) {
		pane_draw_empty(c, s == NULL ? "Nothing is known of this conversation yet."
					     : "There is no room for a graph here: z zooms.");
		return;
	}
	chart_cache_put(&v->cache, c);
	chart_head(c, CHART_LABEL + 1, 0, &v->time, at);
	h = chart_of(c, HEAD, c->h - HEAD - FOOT, &v->time, s, at);
	chart_finish(&h, h.c.w);
}

static struct wish act(void *state, const struct world *w, const struct transport_at *at,
		       const char *verb)
{
	(void)w;
	(void)at;
	return chart_act(&((struct sequence *)state)->time, verb);
}

static struct wish mouse(void *state, const struct world *w, const struct transport_at *at,
			 const struct mouse *m)
{
	struct sequence *v = state;

	(void)at;
	return chart_mouse(&v->time, w, m, CHART_LABEL + 1, v->time.width);
}

const struct transport_view view_sequence = {
	.name = "sequence",
	.title = "sequence numbers",
	.size = sizeof(struct sequence),
	.fini = fini,
	.update = update,
	.draw = draw,
	.act = act,
	.mouse = mouse,
};
