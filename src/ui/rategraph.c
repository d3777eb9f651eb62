/* Rates on a time base. */
#include "ui/rategraph.h"

ns_t rate_round_bin(ns_t span, u32 nbins)
{
	static const int steps[] = { 1, 2, 5 };
	ns_t unit = NS_PER_MS;

	for (;; unit *= 10)
		for (size_t i = 0; i < ARRAY_LEN(steps); i++)
			if (unit * steps[i] > span / MAX((ns_t)nbins - 1, 1) ||
			    unit > INT64_MAX / 100)
				return unit * steps[i];
}

/* a - b, stopping at the ends of the clock. */
static ns_t minus(ns_t a, ns_t b)
{
	ns_t r;

	if (__builtin_sub_overflow(a, b, &r))
		return b > 0 ? INT64_MIN + 1 : INT64_MAX;
	return r;
}

/* Packets of the first n that were before ts. */
static u64 before(const struct tape *t, u64 n, ns_t ts)
{
	return MIN(tape_find_time(t, minus(ts, 1)), n);
}

ns_t rate_over(ns_t bin)
{
	return bin < TAPE_PEAK_BIN / 10 ? TAPE_PEAK_BIN
	       : bin >= NS_PER_S	? bin
					: CLAMP(bin * 10, TAPE_PEAK_BIN, NS_PER_S);
}

struct rate_base rate_base(const struct tape *t, ns_t begin, ns_t now, u64 n, ns_t bin, u32 nbins,
			   ns_t over)
{
	struct rate_base b = { .begin = begin,
			       .now = now,
			       .bin = bin,
			       .nbins = MIN(nbins, (u32)RATE_BINS_MAX),
			       .over = over,
			       .n = n };
	ns_t past = MAX(minus(now, begin), 0), span;

	if (__builtin_mul_overflow(bin, (ns_t)b.nbins - 1, &span))
		span = INT64_MAX;
	b.t0 = minus(now - past % bin, span);
	b.smooth = bin < TAPE_PEAK_BIN ? (u32)(TAPE_PEAK_BIN / bin) : 1;
	b.over0 = before(t, n, minus(now, b.over) + 1);
	return b;
}

static double bits_per_second(u64 bytes, ns_t span)
{
	return (double)bytes * 8 / ((double)span / (double)NS_PER_S);
}

void rates_get(struct rates *r, const struct tape *t, u32 iface, u8 dir, const struct rate_base *b)
{
	static const ns_t least = TAPE_PEAK_BIN; /* a mean over less says nothing */
	u64 bytes[RATE_BINS_MAX + RATE_SMOOTH_MAX], sum = 0, packets;
	u32 before = b->smooth - 1;

	tape_rate_bins(t, iface, dir, minus(b->t0, b->bin * (ns_t)before), b->bin,
		       b->nbins + before, b->n, bytes);
	r->top = 0;
	for (u32 i = 0; i < b->nbins + before; i++) {
		sum += bytes[i] - (i >= b->smooth ? bytes[i - b->smooth] : 0);
		if (i < before)
			continue;
		r->v[i - before] = b->t0 + b->bin * (ns_t)(i - before + 1) <= b->begin
					   ? -1
					   : bits_per_second(sum, b->bin * (ns_t)b->smooth);
		r->top = MAX(r->top, r->v[i - before]);
	}
	packets = b->n;
	r->so_far = tape_amount(t, iface, dir, 0, packets);
	r->now = bits_per_second(tape_amount(t, iface, dir, b->over0, packets).bytes, b->over);
	r->mean = bits_per_second(r->so_far.bytes, MAX(minus(b->now, b->begin), least));
	r->peak = bits_per_second(tape_peak_10ms(t, iface, dir, b->begin, b->now, packets),
				  TAPE_PEAK_BIN);
	/* The tape's 10 ms are aligned to the clock, ours are not: the peak must not be below what
	 * stands beside it. */
	r->peak = MAX(r->peak, r->now);
}

double rate_scale(double v)
{
	double unit = 1000;

	while (unit * 10 <= v)
		unit *= 10;
	return v <= unit ? unit : v <= unit * 2 ? unit * 2 : v <= unit * 5 ? unit * 5 : unit * 10;
}

void rate_put_scale(struct txt *t, double scale)
{
	static const char *const units[] = { "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s" };
	size_t u = 0;

	for (scale /= 1000; scale >= 1000 && u + 1 < ARRAY_LEN(units); scale /= 1000)
		u++;
	txt_printf(t, "%.0f %s", scale, units[u]);
}

void rate_put_span(struct txt *t, ns_t span)
{
	if (span % NS_PER_S == 0)
		txt_printf(t, "%lld s", (long long)(span / NS_PER_S));
	else
		txt_printf(t, "%lld ms", (long long)(span / NS_PER_MS));
}
