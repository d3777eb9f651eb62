/* What drawings need of one conversation of the tape, both directions: collected piece by piece, so
 * that nobody has to wait for it. */
#ifndef TAPE_SERIES_H
#define TAPE_SERIES_H

#include "flow/tcp_series.h"
#include "tape/trace.h"

struct series;

/* Of conversation c, a TCP one. What it is made from must outlive it. */
struct series *series_new(const struct tape *tape, struct flow *fl, const struct trace *t,
			  const struct conv *c);
void series_free(struct series *s);

/* Takes up to `most` further segments of those before packet `passed`. */
void series_work(struct series *s, u64 passed, u32 most);
/* All packets before `passed` were looked at. */
bool series_ready(const struct series *s, u64 passed);
/* The share of the packets before `passed` that was looked at, 0..1. */
double series_part(const struct series *s, u64 passed);

/* The columns from..to-1 of both sides more closely, a column a segment where they hold no more
 * than SERIES_MAX segments; NULL where they hold more, or where there is nothing closer. Borrowed
 * until the next call; the last one is kept. */
const struct tcp_series *series_closer(struct series *s, int side, u32 from, u32 to);

u32 series_conv(const struct series *s);
/* What one side sent; borrowed until the next series_work(). */
const struct tcp_series *series_side(const struct series *s, int side);

#endif
