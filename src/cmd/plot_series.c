/* The drawings that have time from left to right: sequence numbers, flight, round trips, bytes. */
#include "cmd/plot.h"

#include "base/txt.h"

#include <math.h>

enum { BARS = 60 }; /* of throughput, at most */

static double seconds(const struct plot *p, ns_t t)
{
	return ((double)t - (double)p->begin) / 1e9;
}

static double at(const struct plot *p, u32 i)
{
	const struct tcp_column *c = &p->series->col[i];

	return plot_x(p, seconds(p, c->t0) + ((double)c->t1 - (double)c->t0) / 2e9);
}

/* From the first segment shown to the last, with a little room at both ends. */
static void time_range(struct plot *p)
{
	double a = seconds(p, p->series->col[p->from].t0);
	double b = seconds(p, p->series->col[p->to - 1].t1), room = MAX((b - a) * 0.015, 1e-6);

	p->x0 = a - room;
	p->x1 = b + room;
}

static double map(const struct plot *p, i64 v, double unit)
{
	return plot_y(p, (double)v * unit);
}

/* A value that holds until the next: steps; where a column has several, all of their range. */
static void steps(struct plot *p, enum tcp_level l, double unit)
{
	bool begun = false;

	for (u32 i = p->from; i < p->to; i++) {
		const struct tcp_column *c = &p->series->col[i];
		double x = at(p, i);

		if (!tcp_range_any(c->level[l]))
			continue;
		if (begun)
			page_to(p->page, x, map(p, p->series->col[i].level[l].lo, unit));
		else
			page_move(p->page, x, map(p, c->level[l].lo, unit));
		if (c->level[l].hi != c->level[l].lo)
			page_to(p->page, x, map(p, c->level[l].hi, unit));
		page_to(p->page, x, map(p, c->at[l], unit));
		begun = true;
		/* Hold it until the next one, or the last segment. */
		while (i + 1 < p->to && !tcp_range_any(p->series->col[i + 1].level[l]))
			i++;
		page_to(p->page, at(p, MIN(i + 1, p->to - 1)), map(p, c->at[l], unit));
	}
	page_stroke(p->page);
}

static bool any_level(const struct plot *p, enum tcp_level l)
{
	return tcp_range_any(tcp_series_level(p->series, l, p->from, p->to));
}

static void line(struct plot *p, enum tcp_level l, u32 color, double width, bool dashed,
		 double unit)
{
	if (!any_level(p, l))
		return;
	page_pen(p->page, color, width);
	page_dash(p->page, dashed ? 5 : 0, dashed ? 3 : 0);
	steps(p, l, unit);
	page_dash(p->page, 0, 0);
}

/* A line that lies above what the drawing shows is said to be there. */
static void line_legend(struct plot *p, enum tcp_level l, u32 color, bool dashed, double unit)
{
	struct tcp_range r = tcp_series_level(p->series, l, p->from, p->to);
	struct txt t;

	if (!tcp_range_any(r))
		return;
	txt_init(&t);
	txt_puts(&t, tcp_level_name(l));
	if ((double)r.lo * unit > p->y1)
		txt_puts(&t, ": above");
	plot_legend(p, dashed ? SAMPLE_DASHED : SAMPLE_LINE, color, txt_str(&t));
	txt_fini(&t);
}

/* ---- sequence numbers ---- */

static void bar(struct plot *p, double x, struct tcp_range r)
{
	double a = map(p, r.lo, 1), b = map(p, r.hi, 1);

	if (a - b < 2) { /* one that can be seen */
		a += 1;
		b -= 1;
	}
	page_move(p->page, x, a);
	page_to(p->page, x, b);
}

static void bars(struct plot *p, enum tcp_span k, u32 color, double width, bool each)
{
	page_pen(p->page, color, width);
	for (u32 i = p->from; i < p->to; i++) {
		if (!tcp_range_any(p->series->col[i].span[k]))
			continue;
		bar(p, at(p, i), p->series->col[i].span[k]);
		if (each)
			page_stroke(p->page);
	}
	page_stroke(p->page);
}

static void sack_bars(struct plot *p)
{
	page_pen(p->page, PURPLE, 1);
	for (u32 i = p->from; i < p->to; i++)
		for (u8 k = 0; k < p->series->col[i].nsack; k++)
			bar(p, at(p, i), p->series->col[i].sack[k]);
	page_stroke(p->page);
}

/* A cross over what the wire dropped. */
static void crosses(struct plot *p)
{
	page_pen(p->page, INK, 1.6);
	for (u32 i = p->from; i < p->to; i++) {
		struct tcp_range r = p->series->col[i].span[SPAN_LOST];
		double x = at(p, i), y;

		if (!tcp_range_any(r))
			continue;
		y = (map(p, r.lo, 1) + map(p, r.hi, 1)) / 2;
		page_move(p->page, x - 4, y - 4);
		page_to(p->page, x + 4, y + 4);
		page_move(p->page, x + 4, y - 4);
		page_to(p->page, x - 4, y + 4);
		page_stroke(p->page);
	}
}

static bool any_sack(const struct plot *p)
{
	for (u32 i = p->from; i < p->to; i++)
		if (p->series->col[i].nsack > 0)
			return true;
	return false;
}

/* Data and acknowledgments; of the window what is near to them. */
static void sequence_range(struct plot *p)
{
	struct tcp_range r = tcp_series_level(p->series, LEVEL_ACK, p->from, p->to), w;
	double span;

	for (int k = 0; k < SPAN_COUNT; k++)
		r = tcp_range_join(r, tcp_series_span(p->series, (enum tcp_span)k, p->from, p->to));
	if (!tcp_range_any(r))
		r = (struct tcp_range) { 0, 1 };
	w = tcp_series_level(p->series, LEVEL_WINDOW, p->from, p->to);
	span = MAX((double)r.hi - (double)r.lo, 1);
	p->y0 = MAX((double)r.lo - span * 0.02, (double)MIN(r.lo, 0));
	p->y1 = (double)r.hi + span * 0.04;
	if (tcp_range_any(w))
		p->y1 = MAX(p->y1, MIN((double)w.hi + span * 0.02, (double)r.hi + span * 0.6));
}

static void draw_sequence(struct plot *p)
{
	const struct tcp_series *s = p->series;

	sequence_range(p);
	plot_axes(p, UNIT_BYTES, "relative sequence number");
	plot_legend(p, SAMPLE_BAR, BLUE, "data");
	if (s->again > 0)
		plot_legend(p, SAMPLE_BAR, RED, "sent again");
	if (s->lost > 0)
		plot_legend(p, SAMPLE_CROSS, INK, "dropped");
	line_legend(p, LEVEL_ACK, GREEN, false, 1);
	if (any_sack(p))
		plot_legend(p, SAMPLE_BAR, PURPLE, "SACK");
	line_legend(p, LEVEL_WINDOW, ORANGE, true, 1);
	page_clip(p->page, p->x, p->y, p->pw, p->ph);
	line(p, LEVEL_WINDOW, ORANGE, 1.2, true, 1);
	sack_bars(p);
	line(p, LEVEL_ACK, GREEN, 1.3, false, 1);
	bars(p, SPAN_FRESH, BLUE, 1.8, false);
	bars(p, SPAN_AGAIN, RED, 3, true);
	crosses(p);
	page_unclip(p->page);
}

/* ---- flight, round trips ---- */

/* From 0 to a little over the greatest of some levels. */
static void level_range(struct plot *p, const enum tcp_level *l, size_t n, double unit)
{
	struct tcp_range r = { INT64_MAX, INT64_MIN };

	for (size_t i = 0; i < n; i++)
		r = tcp_range_join(r, tcp_series_level(p->series, l[i], p->from, p->to));
	p->y0 = 0;
	p->y1 = tcp_range_any(r) ? (double)r.hi * unit * 1.06 : 1;
}

/* Where data were sent again or dropped, along the foot. */
static void foot_marks(struct plot *p)
{
	for (u32 i = p->from; i < p->to; i++) {
		const struct tcp_column *c = &p->series->col[i];
		double x = at(p, i), y = p->y + p->ph;

		if (c->n_again > 0) {
			page_pen(p->page, RED, 2);
			page_move(p->page, x, y - 1);
			page_to(p->page, x, y - 11);
			page_stroke(p->page);
		}
		if (c->n_lost > 0) {
			page_pen(p->page, INK, 1.4);
			page_move(p->page, x - 3, y - 20);
			page_to(p->page, x + 3, y - 14);
			page_move(p->page, x + 3, y - 20);
			page_to(p->page, x - 3, y - 14);
			page_stroke(p->page);
		}
	}
}

static void foot_legend(struct plot *p)
{
	if (p->series->again > 0)
		plot_legend(p, SAMPLE_BAR, RED, "sent again");
	if (p->series->lost > 0)
		plot_legend(p, SAMPLE_CROSS, INK, "dropped");
}

static void draw_flight(struct plot *p)
{
	static const enum tcp_level wanted[] = { LEVEL_FLIGHT, LEVEL_CWND };
	struct tcp_range other;

	level_range(p, wanted, ARRAY_LEN(wanted), 1);
	/* Of ssthresh and the window what is near. */
	for (int i = 0; i < 2; i++) {
		other = tcp_series_level(p->series, i ? LEVEL_RWND : LEVEL_SSTHRESH, p->from,
					 p->to);
		if (tcp_range_any(other) && (double)other.lo <= p->y1 * 1.5)
			p->y1 = MAX(p->y1, MIN((double)other.hi * 1.06, p->y1 * 1.5));
	}
	plot_axes(p, UNIT_BYTES, "bytes of the sender");
	line_legend(p, LEVEL_FLIGHT, BLUE, false, 1);
	line_legend(p, LEVEL_CWND, GREEN, false, 1);
	line_legend(p, LEVEL_SSTHRESH, PURPLE, true, 1);
	line_legend(p, LEVEL_RWND, ORANGE, true, 1);
	foot_legend(p);
	page_clip(p->page, p->x, p->y, p->pw, p->ph);
	line(p, LEVEL_RWND, ORANGE, 1.2, true, 1);
	line(p, LEVEL_SSTHRESH, PURPLE, 1.2, true, 1);
	line(p, LEVEL_CWND, GREEN, 1.8, false, 1);
	line(p, LEVEL_FLIGHT, BLUE, 1.2, false, 1);
	foot_marks(p);
	page_unclip(p->page);
}

static void samples(struct plot *p)
{
	for (u32 i = p->from; i < p->to; i++) {
		struct tcp_range r = p->series->col[i].level[LEVEL_RTT];
		double lo, hi;

		if (!tcp_range_any(r))
			continue;
		lo = map(p, r.lo, 1e-9);
		hi = map(p, r.hi, 1e-9);
		page_rect(p->page, at(p, i) - 1.5, hi - 1.5, 3, lo - hi + 3, BLUE, 1);
	}
}

static void draw_rtt(struct plot *p)
{
	static const enum tcp_level wanted[] = { LEVEL_RTT, LEVEL_SRTT };
	struct tcp_range rto = tcp_series_level(p->series, LEVEL_RTO, p->from, p->to);

	level_range(p, wanted, ARRAY_LEN(wanted), 1e-9);
	/* The RTO is seldom near the round trips: it is drawn where it does not flatten them. */
	if (tcp_range_any(rto) && (double)rto.lo * 1e-9 < p->y1 * 3)
		p->y1 = MAX(p->y1, MIN((double)rto.hi * 1.06e-9, p->y1 * 3));
	plot_axes(p, UNIT_TIME, "round-trip time");
	if (any_level(p, LEVEL_RTT))
		plot_legend(p, SAMPLE_DOT, BLUE, "sample");
	line_legend(p, LEVEL_SRTT, GREEN, false, 1e-9);
	line_legend(p, LEVEL_RTO, ORANGE, true, 1e-9);
	foot_legend(p);
	page_clip(p->page, p->x, p->y, p->pw, p->ph);
	line(p, LEVEL_RTO, ORANGE, 1.2, true, 1e-9);
	samples(p);
	line(p, LEVEL_SRTT, GREEN, 1.8, false, 1e-9);
	foot_marks(p);
	page_unclip(p->page);
}

/* ---- throughput ---- */

static void draw_throughput(struct plot *p)
{
	double span = p->x1 - MAX(p->x0, 0), bin = plot_step(span, BARS);
	double first = floor(MAX(p->x0, 0) / bin) * bin, top = 0, per = 8 / bin;
	struct tcp_bytes v[BARS + 2];
	u32 n = MIN((u32)ceil((p->x1 - first) / bin), (u32)ARRAY_LEN(v));
	struct txt t;

	tcp_series_bins(p->series, p->from, p->to, p->begin + (ns_t)(first * 1e9),
			(ns_t)(bin * 1e9), n, v);
	for (u32 i = 0; i < n; i++)
		top = MAX(top, v[i].goodput + v[i].again + v[i].header);
	p->y0 = 0;
	p->y1 = top * per * 1.06;
	txt_init(&t);
	txt_printf(&t, "rate, each bar %g %s",
		   bin >= 1	 ? bin
		   : bin >= 1e-3 ? bin * 1e3
				 : bin * 1e6,
		   bin >= 1	 ? "s"
		   : bin >= 1e-3 ? "ms"
				 : "µs");
	plot_axes(p, UNIT_RATE, txt_str(&t));
	txt_fini(&t);
	plot_legend(p, SAMPLE_AREA, BLUE, "goodput (acknowledged)");
	plot_legend(p, SAMPLE_AREA, RED, "sent again");
	plot_legend(p, SAMPLE_AREA, ORANGE, "headers of TCP and IP");
	page_clip(p->page, p->x, p->y, p->pw, p->ph);
	for (u32 i = 0; i < n; i++) {
		double part[] = { v[i].goodput, v[i].again, v[i].header }, sum = 0;
		const u32 color[] = { BLUE, RED, ORANGE };
		double x = plot_x(p, first + bin * i), x1 = plot_x(p, first + bin * (i + 1));

		for (int k = 0; k < 3; k++) {
			double a = plot_y(p, sum * per), b = plot_y(p, (sum + part[k]) * per);

			sum += part[k];
			if (part[k] > 0)
				page_rect(p->page, x + 0.4, b, MAX(x1 - x - 0.8, 0.8), a - b,
					  color[k], 1);
		}
	}
	page_unclip(p->page);
}

/* ---- all of it ---- */

static const char *what(enum plot_kind k)
{
	switch (k) {
	case PLOT_SEQUENCE: return "sequence numbers over time";
	case PLOT_FLIGHT: return "bytes in flight and what limits them";
	case PLOT_RTT: return "round-trip times";
	case PLOT_THROUGHPUT: return "throughput";
	case PLOT_LADDER: return "ladder";
	}
	return "";
}

static void titles(struct plot *p)
{
	const struct tcp_series *s = p->series;
	int from = s != NULL ? s->side : 0;
	struct txt t, below;

	txt_init(&t);
	txt_init(&below);
	txt_printf(&t, "%s %s %s", p->end[from], s != NULL ? "to" : "and", p->end[!from]);
	txt_printf(&below, "tcp.stream %u, %s", p->stream, what(p->kind));
	if (s != NULL) {
		txt_printf(&below, "; %llu segments of both ends", (unsigned long long)s->segments);
		if (s->again > 0)
			txt_printf(&below, ", %llu with data sent again",
				   (unsigned long long)s->again);
		if (s->lost > 0)
			txt_printf(&below, ", %llu dropped by the wire",
				   (unsigned long long)s->lost);
	} else {
		txt_printf(&below, "; %u segments", p->rows);
		if (p->left_out > 0)
			txt_printf(&below, "; %llu more are left out: -n A-B chooses others",
				   (unsigned long long)p->left_out);
	}
	plot_title(p, txt_str(&t), txt_str(&below));
	txt_fini(&below);
	txt_fini(&t);
}

void plot_draw(struct plot *p)
{
	titles(p);
	if (p->kind != PLOT_LADDER)
		time_range(p);
	switch (p->kind) {
	case PLOT_SEQUENCE: draw_sequence(p); break;
	case PLOT_FLIGHT: draw_flight(p); break;
	case PLOT_RTT: draw_rtt(p); break;
	case PLOT_THROUGHPUT: draw_throughput(p); break;
	case PLOT_LADDER: plot_ladder(p); break;
	}
}
