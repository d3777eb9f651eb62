/* Rates on a time base: bins that stand still while the playhead moves, round scales and their
 * labels. */
#ifndef UI_RATEGRAPH_H
#define UI_RATEGRAPH_H

#include "tape/tape.h"
#include "ui/canvas.h"

#define RATE_BINS_MAX 1024
#define RATE_SMOOTH_MAX 10

/* One look at the tape: nbins bins of `bin` ns, the last one holding the instant `now`. Bins are
 * laid from the beginning of the tape on, so that a bin keeps its content while time goes on. */
struct rate_base {
	ns_t begin; /* of the tape */
	ns_t now;
	ns_t t0;  /* where the first bin begins; before `begin` while the tape is young */
	ns_t bin; /* its length */
	u32 nbins;
	u32 smooth; /* each value is the mean of so many bins up to its own: bins below 10 ms show
			single packets, not a rate */
	u64 n;	    /* packets up to the playhead */
	ns_t over;  /* the span that the current rate is taken over: `over` ns up to now */
	u64 over0;  /* packets before it */
};

/* The shortest round bin (1, 2, 5, 10 … ms) with which so many of them hold a span. */
ns_t rate_round_bin(ns_t span, u32 nbins);
/* How long a span the current rate is to be taken over beside bins of that length. */
ns_t rate_over(ns_t bin);
struct rate_base rate_base(const struct tape *t, ns_t begin, ns_t now, u64 n, ns_t bin, u32 nbins,
			   ns_t over);

/* What one interface and direction did in it; all rates in bit/s. */
struct rates {
	double v[RATE_BINS_MAX]; /* negative where the tape had not begun */
	double now, mean, peak;	 /* mean and peak, that of the fullest 10 ms, are since the tape's
				    beginning, whatever the graph shows of it */
	double top;		 /* the greatest of v */
	struct tape_amount so_far;
};
void rates_get(struct rates *r, const struct tape *t, u32 iface, u8 dir, const struct rate_base *b);

/* The round number (1, 2, 5 times a power of ten) not below v, at least 1000. */
double rate_scale(double v);
/* "10 Mbit/s" for a scale. */
void rate_put_scale(struct txt *t, double scale);
/* "10 ms", "2 s", "5 min" for a round span. */
void rate_put_span(struct txt *t, ns_t span);

#endif
