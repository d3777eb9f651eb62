/* Drawings of a TCP conversation for reports: what they show, and how a page is divided. */
#ifndef CMD_PLOT_H
#define CMD_PLOT_H

#include "cmd/page.h"
#include "flow/tcp_series.h"

/* What is told apart by colour-blind eyes, in print and on a projector (after Okabe and Ito). */
enum plot_color {
	INK = 0x1a1a1a,
	GREY = 0x6b6b6b,
	FAINT = 0xe4e4e4,
	BLUE = 0x0072b2,
	GREEN = 0x00875f,
	ORANGE = 0xe69f00,
	RED = 0xd55e00,
	PURPLE = 0xa8508a,
};

enum plot_kind { PLOT_SEQUENCE, PLOT_FLIGHT, PLOT_RTT, PLOT_THROUGHPUT, PLOT_LADDER };

/* A row of the ladder. */
struct plot_row {
	u32 number;
	ns_t ts;
	u8 side, lost, again;
	u16 flags;
	i64 seq, ack; /* relative */
	u32 len;
	u8 state[2], was[2]; /* enum tcp_state behind it and before it */
};

/* One drawing. */
struct plot {
	struct page *page;
	double w, h; /* of the page */
	enum plot_kind kind;
	const char *end[2]; /* "10.0.0.1:80" by side */
	u32 stream;
	const struct tcp_series *series; /* not for the ladder */
	u32 from, to;			 /* its columns */
	const struct plot_row *row;	 /* the ladder's */
	u32 rows;
	u64 left_out; /* segments that found no room in it */
	ns_t begin;   /* times count from here */

	/* The area of the graph, and what it shows. */
	double x, y, pw, ph;
	double x0, x1, y0, y1;
	double legend_x, legend_y; /* where the next entry stands */
};

/* Draws it all. */
void plot_draw(struct plot *p);
void plot_ladder(struct plot *p);
/* The height of a ladder of so many rows. */
double plot_ladder_height(u32 rows);
/* Title, and a line below it. */
void plot_title(struct plot *p, const char *title, const char *below);

/* What an axis counts. */
enum plot_unit { UNIT_BYTES, UNIT_TIME, UNIT_RATE };
/* A step of 1, 2 or 5 times a power of ten, so that at most `most` of them lie in a span. */
double plot_step(double span, unsigned most);
/* Divides the page for a graph that shows x0..x1 (seconds) and 0.. or y0..y1 and draws the axes,
 * with round numbers on them; `what` stands beside the vertical one. */
void plot_axes(struct plot *p, enum plot_unit unit, const char *what);
/* An entry of the legend: a line, or a mark of that colour. */
enum plot_sample { SAMPLE_LINE, SAMPLE_DASHED, SAMPLE_BAR, SAMPLE_CROSS, SAMPLE_DOT, SAMPLE_AREA };
void plot_legend(struct plot *p, enum plot_sample sample, u32 color, const char *text);

/* Where a value stands on the page. */
static inline double plot_x(const struct plot *p, double v)
{
	return p->x + (v - p->x0) / (p->x1 - p->x0) * p->pw;
}
static inline double plot_y(const struct plot *p, double v)
{
	return p->y + p->ph - (v - p->y0) / (p->y1 - p->y0) * p->ph;
}

#endif
