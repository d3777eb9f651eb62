/* Charts of a TCP conversation in dots: time from left to right, the playhead's instant as a line,
 * what has not happened yet dimmed. */
#ifndef UI_CHART_H
#define UI_CHART_H

#include "flow/tcp_series.h"
#include "ui/transport_views.h"

/* What part of the conversation's time is shown: kept by a view. It stands still while the playhead
 * moves inside it. */
struct chart_time {
	u32 conv;
	bool known;	 /* the rest is set */
	bool other;	 /* the direction of which there is less data */
	int zoom;	 /* the conversation is 2^zoom times as long as what is shown */
	ns_t begin, end; /* of the conversation */
	ns_t t0, t1;	 /* what is shown */
	ns_t now;	 /* the playhead */
	int side;	 /* whose data */
	double part;	 /* how much is collected */
	int width;	 /* of the area, in columns; set by the view */
};

/* What is drawn of a series does not change while the playhead moves inside what is shown: it is
 * drawn once, and copied then. Zeroed is empty. */
struct chart_cache {
	struct grid grid;
	struct chart_time time;
	const struct tcp_series *s;
	u64 segments;
	u32 n, first;
	int mode; /* the view's own */
};

/* True where it has to be drawn anew, which is on a blank canvas *c of that size. */
bool chart_cache_begin(struct chart_cache *k, const struct chart_time *t,
		       const struct tcp_series *s, int w, int h, int mode, struct canvas *c);
/* Copies it onto c. */
void chart_cache_put(const struct chart_cache *k, const struct canvas *c);
void chart_cache_fini(struct chart_cache *k);

/* To be called by the view's update. */
void chart_follow(struct chart_time *t, const struct world *w, const struct transport_at *at);
/* What is shown of it now; NULL where nothing is. */
const struct tcp_series *chart_series(const struct chart_time *t, const struct world *w);
/* The verbs of charts: zoom-in, zoom-out, left, right, all, other; those of the ladder that mean
 * something here, or are refused with a word. */
struct wish chart_act(struct chart_time *t, const char *verb);
/* A click moves the playhead, the wheel zooms; x0 and width are those of the area. */
struct wish chart_mouse(struct chart_time *t, const struct world *w, const struct mouse *m, int x0,
			int width);

enum chart_unit { CHART_BYTES, CHART_TIME, CHART_RATE };
enum { CHART_LABEL = 9 }; /* columns before the area: "123.4 kB" */

/* An area with its scales. */
struct chart {
	struct canvas c; /* inside the axes */
	const struct chart_time *time;
	const struct tcp_series *s;
	u32 from, to; /* columns of the series that touch what is shown */
	u32 past;     /* those below it have happened */
	double y0, y1;
	int cursor; /* column of cells of the playhead; -1: outside */
};

/* An area of h rows at row y of canvas c, its labels to the left; the series of the time shown. y0
 * and y1 are for the caller to set. */
struct chart chart_of(const struct canvas *c, int y, int h, const struct chart_time *t,
		      const struct tcp_series *s, const struct transport_at *at);
/* The greatest of some levels in what is shown, 0 for none. */
double chart_top(const struct chart *h, const enum tcp_level *l, size_t n);
/* The round number from v on that an axis of so many rows ends at. */
double chart_ceiling(double v, int rows);

/* The vertical axis with round numbers; and the horizontal one, on the row below the area and the
 * next. */
void chart_axis(const struct chart *h, const struct canvas *c, int y, enum chart_unit unit);
void chart_time_axis(const struct chart *h, const struct canvas *c, int y, const struct world *w);

/* In dots, from the top left of the area. */
int chart_x(const struct chart *h, ns_t t);
int chart_y(const struct chart *h, double v);

/* Level l as a line of steps, of columns from the series. */
void chart_line(const struct chart *h, enum tcp_level l, enum style style);
/* A vertical stroke over a range of values; at least a dot. */
void chart_bar(const struct chart *h, int x, double lo, double hi, enum style style);
/* Letters for what was sent again (R) and lost: over it where `over`, else at the foot of the area.
 * Where they would stand nearly everywhere, none: colours are left. */
void chart_marks(const struct chart *h, bool over);
/* The playhead's line, and what lies behind it dimmed, from column `open` of cells on at the
 * latest: the last thing to be drawn. */
void chart_finish(const struct chart *h, int open);

/* "12.3 kB" and the like, 9 columns at most. */
void chart_put(struct txt *t, enum chart_unit unit, double v);
/* Direction and how much of it is collected, from column x of row y on: "10.0.0.1:80 > …". */
int chart_head(const struct canvas *c, int x, int y, const struct chart_time *t,
	       const struct transport_at *at);

#endif
