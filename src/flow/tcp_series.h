/* What is drawn of one direction of a TCP conversation over time: sequence numbers, amounts in
 * flight, round trips, bytes. Bounded however many segments there are: each has a column of its own
 * at first; when there are too many, those of one stretch of time share a column that keeps the
 * least and the greatest of everything. Pure. */
#ifndef FLOW_TCP_SERIES_H
#define FLOW_TCP_SERIES_H

#include "flow/tcp_conn.h"

enum {
	SERIES_COLUMNS = 4096,		/* that remain when columns are put together... */
	SERIES_MAX = 2 * SERIES_COLUMNS /* ... which is when there are so many */
};

/* None where lo > hi. */
struct tcp_range {
	i64 lo, hi;
};

/* What one side sent, as relative sequence numbers: from the first to behind the last. */
enum tcp_span {
	SPAN_FRESH, /* for the first time */
	SPAN_AGAIN, /* again */
	SPAN_LOST,  /* of either kind, and the wire dropped it */
	SPAN_COUNT
};

/* What has one value at any time. */
enum tcp_level {
	LEVEL_ACK,	/* relative sequence number that the other side expects */
	LEVEL_WINDOW,	/* that number and the window behind it */
	LEVEL_FLIGHT,	/* bytes, as the next three */
	LEVEL_CWND,	/* estimated */
	LEVEL_SSTHRESH, /* estimated */
	LEVEL_RWND,
	LEVEL_RTT, /* a sample, ns as the next two */
	LEVEL_SRTT,
	LEVEL_RTO, /* RFC 6298 with the least that Linux takes */
	LEVEL_COUNT
};

/* Bits of tcp_column.flags: segments of this direction. */
enum { COLUMN_SYN = 1, COLUMN_FIN = 2, COLUMN_RST = 4 };

/* Segments that follow each other, of both sides. */
struct tcp_column {
	ns_t t0, t1;	 /* of the first and the last; time never runs backwards here */
	u32 first, last; /* their packets' numbers */
	u32 n, n_again, n_lost;
	u8 flags;
	u8 nsack;
	struct tcp_range span[SPAN_COUNT];
	struct tcp_range level[LEVEL_COUNT];
	i64 at[LEVEL_COUNT];		  /* its value behind the last that said one */
	struct tcp_range sack[PKT_SACKS]; /* apart from each other; the nearest are joined where
					     there are more */
	u64 goodput, again, header; /* bytes: acknowledged for the first time, sent again, of TCP
				       and IP headers that this side sent */
};

struct tcp_series {
	u8 side; /* whose data */
	struct tcp_column *col;
	u32 n;
	ns_t begin;	  /* of the first segment */
	ns_t bin;	  /* columns are this long at most; 0: a column a segment */
	ns_t clock;	  /* of the last segment */
	u64 segments;	  /* seen, copies left out */
	u64 again, lost;  /* segments with data */
	u32 raw;	  /* a sequence number... */
	i64 rel;	  /* ... that this is relative to the first one */
	i64 top, counted; /* behind all data; acknowledged and counted */
	bool based;	  /* raw is known */
	bool timed;	  /* clock is known */
};

void tcp_series_init(struct tcp_series *s, int side);
void tcp_series_fini(struct tcp_series *s);
/* Makes *to, which holds nothing, the same as *from. */
void tcp_series_copy(struct tcp_series *to, const struct tcp_series *from);

/* To be said before the first segment where the series begins inside the conversation: raw sequence
 * number `raw` is relative `rel`, and all below `acked` is acknowledged. */
void tcp_series_base(struct tcp_series *s, u32 raw, i64 rel, i64 acked);
/* Forgets all segments so far; numbers and time go on from there. */
void tcp_series_forget(struct tcp_series *s);
/* The next segment of either side, in order, and what the trackers said of it. A copy adds nothing.
 * Where a time is earlier than the one before, that one counts; so does it where there is none. */
void tcp_series_see(struct tcp_series *s, const struct segment *g, const struct tcp_seen *seen);

/* How many columns begin at or before t; how many with a packet up to `number`. */
u32 tcp_series_before(const struct tcp_series *s, ns_t t);
u32 tcp_series_until(const struct tcp_series *s, u32 number);

/* The least and greatest in columns from..to-1. */
struct tcp_range tcp_series_level(const struct tcp_series *s, enum tcp_level l, u32 from, u32 to);
struct tcp_range tcp_series_span(const struct tcp_series *s, enum tcp_span k, u32 from, u32 to);

struct tcp_bytes {
	double goodput, again, header;
};
/* Bytes in n bins of `bin` ns from t0 on, of columns from..to-1. A column that lies in several bins
 * is shared out evenly. */
void tcp_series_bins(const struct tcp_series *s, u32 from, u32 to, ns_t t0, ns_t bin, u32 n,
		     struct tcp_bytes *out);

static inline bool tcp_range_any(struct tcp_range r)
{
	return r.lo <= r.hi;
}
struct tcp_range tcp_range_join(struct tcp_range a, struct tcp_range b);

/* "goodput" and the like are words for drawings: "cwnd", "in flight" ... */
const char *tcp_level_name(enum tcp_level l);

#endif
