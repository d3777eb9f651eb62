/* Axes, ticks, titles and legends of drawings. */
#include "cmd/plot.h"

#include "base/txt.h"

#include <math.h>

enum {
	MARGIN = 24,
	LEFT = 78, /* the vertical axis and its numbers */
	TOP = 92,  /* title, the line below it, a row of legend */
	LEGEND = 18,
	BOTTOM = 60,
	TICK_X = 90, /* at least so many points between two numbers */
	TICK_Y = 44,
};

double plot_step(double span, unsigned most)
{
	double raw = span / MAX(most, 1u), unit;

	if (!(raw > 0))
		return 1;
	unit = pow(10, floor(log10(raw)));
	return raw <= unit * 1.000001	? unit
	       : raw <= unit * 2.000001 ? unit * 2
	       : raw <= unit * 5.000001 ? unit * 5
					: unit * 10;
}

/* The unit in which the greatest number of an axis has one to three digits. */
struct scale {
	const char *name;
	double by; /* one of them, in the axis' own unit */
};

static struct scale scale_of(enum plot_unit unit, double top)
{
	static const struct scale bytes[] = {
		{ "bytes", 1 }, { "kB", 1e3 }, { "MB", 1e6 }, { "GB", 1e9 }, { "TB", 1e12 },
	};
	static const struct scale times[] = {
		{ "ns", 1e-9 }, { "µs", 1e-6 }, { "ms", 1e-3 }, { "s", 1 }, { "s", 1 }
	};
	static const struct scale rates[] = { { "bit/s", 1 },
					      { "kbit/s", 1e3 },
					      { "Mbit/s", 1e6 },
					      { "Gbit/s", 1e9 },
					      { "Tbit/s", 1e12 } };
	const struct scale *s = unit == UNIT_BYTES ? bytes : unit == UNIT_TIME ? times : rates;

	for (int i = 4; i > 0; i--)
		if (top >= s[i].by * (unit == UNIT_BYTES && i == 1 ? 10 : 1))
			return s[i];
	return s[0];
}

static void number(struct txt *t, double v, double step)
{
	int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);

	if (fabs(v) < step / 1e6)
		v = 0;
	txt_clear(t);
	txt_printf(t, "%.*f", MIN(decimals, 9), v);
}

void plot_title(struct plot *p, const char *title, const char *below)
{
	double size = 13; /* less where the page is narrow */

	page_pen(p->page, INK, 1);
	page_text(p->page, MARGIN, 30, AT_LEFT, 18, true, title);
	page_pen(p->page, GREY, 1);
	while (size > 7 && page_text_width(p->page, size, false, below) > p->w - 2 * MARGIN)
		size -= 0.5;
	page_text(p->page, MARGIN, 50, AT_LEFT, size, false, below);
}

static void axis_x(struct plot *p)
{
	struct scale s = scale_of(UNIT_TIME, MAX(fabs(p->x0), fabs(p->x1)));
	double lo = p->x0 / s.by, hi = p->x1 / s.by;
	double step = plot_step(hi - lo, (unsigned)(p->pw / TICK_X));
	struct txt t;

	txt_init(&t);
	for (double k = ceil(lo / step - 1e-9); k * step <= hi + step * 1e-9; k++) {
		double x = plot_x(p, k * step * s.by);

		page_pen(p->page, FAINT, 0.8);
		page_move(p->page, x, p->y);
		page_to(p->page, x, p->y + p->ph);
		page_stroke(p->page);
		number(&t, k * step, step);
		page_pen(p->page, INK, 1);
		page_text(p->page, x, p->y + p->ph + 19, AT_MIDDLE, 13, false, txt_str(&t));
	}
	txt_clear(&t);
	txt_printf(&t, "time since the conversation's first segment (%s)", s.name);
	page_pen(p->page, GREY, 1);
	page_text(p->page, p->x + p->pw / 2, p->y + p->ph + 44, AT_MIDDLE, 13, false, txt_str(&t));
	txt_fini(&t);
}

static void axis_y(struct plot *p, enum plot_unit unit, const char *what)
{
	struct scale s = scale_of(unit, MAX(fabs(p->y0), fabs(p->y1)));
	double lo = p->y0 / s.by, hi = p->y1 / s.by;
	double step = plot_step(hi - lo, (unsigned)(p->ph / TICK_Y));
	struct txt t;

	if (unit == UNIT_BYTES && s.by <= 1)
		step = MAX(step, 1);
	txt_init(&t);
	for (double k = ceil(lo / step - 1e-9); k * step <= hi + step * 1e-9; k++) {
		double y = plot_y(p, k * step * s.by);

		page_pen(p->page, FAINT, 0.8);
		page_move(p->page, p->x, y);
		page_to(p->page, p->x + p->pw, y);
		page_stroke(p->page);
		number(&t, k * step, step);
		page_pen(p->page, INK, 1);
		page_text(p->page, p->x - 8, y + 4, AT_RIGHT, 13, false, txt_str(&t));
	}
	txt_clear(&t);
	txt_printf(&t, "%s (%s)", what, s.name);
	page_pen(p->page, GREY, 1);
	page_text_up(p->page, MARGIN - 4, p->y + p->ph / 2, 13, txt_str(&t));
	txt_fini(&t);
}

void plot_axes(struct plot *p, enum plot_unit unit, const char *what)
{
	p->x = LEFT;
	p->legend_y = TOP - 18;
	p->y = TOP + (p->w < 450 ? 3 : p->w < 800) * LEGEND; /* what is narrow has more rows */
	p->pw = p->w - LEFT - MARGIN;
	p->ph = p->h - p->y - BOTTOM;
	p->legend_x = LEFT;
	if (!(p->x1 > p->x0))
		p->x1 = p->x0 + 1e-3;
	if (!(p->y1 > p->y0))
		p->y1 = p->y0 + 1;
	axis_x(p);
	axis_y(p, unit, what);
	page_pen(p->page, GREY, 1);
	page_move(p->page, p->x, p->y);
	page_to(p->page, p->x, p->y + p->ph);
	page_to(p->page, p->x + p->pw, p->y + p->ph);
	page_stroke(p->page);
}

void plot_legend(struct plot *p, enum plot_sample sample, u32 color, const char *text)
{
	double width = 23 + page_text_width(p->page, 13, false, text), x, y;

	if (p->legend_x > LEFT && p->legend_x + width > p->w - MARGIN / 2) {
		p->legend_x = LEFT;
		p->legend_y += LEGEND;
	}
	x = p->legend_x;
	y = p->legend_y;
	page_pen(p->page, color, 1.6);
	switch (sample) {
	case SAMPLE_DASHED:
	case SAMPLE_LINE:
		if (sample == SAMPLE_DASHED)
			page_dash(p->page, 4, 3);
		page_move(p->page, x, y);
		page_to(p->page, x + 18, y);
		page_stroke(p->page);
		page_dash(p->page, 0, 0);
		break;
	case SAMPLE_BAR:
		page_pen(p->page, color, 2.4);
		page_move(p->page, x + 9, y - 6);
		page_to(p->page, x + 9, y + 6);
		page_stroke(p->page);
		break;
	case SAMPLE_CROSS:
		page_move(p->page, x + 5, y - 4);
		page_to(p->page, x + 13, y + 4);
		page_move(p->page, x + 13, y - 4);
		page_to(p->page, x + 5, y + 4);
		page_stroke(p->page);
		break;
	case SAMPLE_DOT: page_rect(p->page, x + 7, y - 2, 4, 4, color, 1); break;
	case SAMPLE_AREA: page_rect(p->page, x + 2, y - 5, 14, 10, color, 1); break;
	}
	page_pen(p->page, INK, 1);
	page_text(p->page, x + 23, y + 4, AT_LEFT, 13, false, text);
	p->legend_x = x + width + 15;
}
