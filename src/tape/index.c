/* The packet index: appending, searching by time, sums over spans. */
#include "tape/index.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { TOP = 64 };

/* The first series are summed often, so that a graph is quick; many series seldom, so that their
 * sums stay within the memory that a packet may take. */
static u32 stride_of(u32 nth)
{
	return 64u << MIN(nth / 4, 4);
}

struct index *index_new(void)
{
	struct index *x = xcalloc(1, sizeof *x);

	x->clock = NS_NONE;
	grow_init(&x->clocks, sizeof(ns_t));
	return x;
}

static void series_free(struct index_series *s)
{
	if (s == NULL)
		return;
	grow_fini(&s->sums);
	grow_fini(&s->tops);
	free(s);
}

void index_free(struct index *x)
{
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(x->chunk) && x->chunk[i] != NULL; i++) {
		free(x->chunk[i]->far);
		free(x->chunk[i]->iface);
		munmap(x->chunk[i], sizeof *x->chunk[i]);
	}
	for (i = 0; i < ARRAY_LEN(x->series); i++) {
		for (k = 0; x->series[i] != NULL && k < 64 * 3; k++)
			series_free(x->series[i][k]);
		free(x->series[i]);
	}
	grow_fini(&x->clocks);
	free(x);
}

/* ---- adding ---- */

static struct index_series **series_slot(struct index *x, u32 iface, u8 dir)
{
	struct index_series **page = x->series[iface / 64];

	if (page == NULL) {
		page = xcalloc(64 * 3, sizeof(struct index_series *));
		__atomic_store_n(&x->series[iface / 64], page, __ATOMIC_RELEASE);
	}
	return &page[iface % 64 * 3 + dir];
}

static struct index_series *series_get(struct index *x, u32 iface, u8 dir)
{
	struct index_series **slot = series_slot(x, iface, dir), *s = *slot;

	if (LIKELY(s != NULL))
		return s;
	s = xcalloc(1, sizeof *s);
	s->iface = iface;
	s->dir = dir;
	s->stride = stride_of(x->nseries++);
	s->bin_end = NS_NONE;
	grow_init(&s->sums, sizeof(struct index_sum));
	grow_init(&s->tops, sizeof(u32));
	__atomic_store_n(slot, s, __ATOMIC_RELEASE);
	return s;
}

static ns_t bin_floor(ns_t t)
{
	ns_t r = t % INDEX_PEAK_BIN;

	return t - (r < 0 ? r + INDEX_PEAK_BIN : r);
}

static u32 add_capped(u32 a, u32 b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static void series_add(struct index_series *s, u64 n, ns_t clock, u32 len)
{
	if (clock != NS_NONE && (clock >= s->bin_end || s->bin_end == NS_NONE)) {
		s->peak = MAX(s->peak, s->bin);
		s->bin = 0;
		if (clock > INT64_MIN + 2 * INDEX_PEAK_BIN && clock < INT64_MAX - INDEX_PEAK_BIN)
			s->bin_end = bin_floor(clock) + INDEX_PEAK_BIN;
	}
	if (s->packets == 0 || n - s->last_at >= s->stride) {
		struct index_sum sum = { s->bytes, s->packets, (u32)n, s->peak, s->bin };

		grow_push(&s->sums, &sum);
		s->last_at = n;
		s->top = MAX(s->top, s->peak);
		s->peak = 0;
		if (s->sums.n % TOP == 0) {
			grow_push(&s->tops, &s->top);
			s->top = 0;
		}
	}
	s->bytes += len;
	s->packets++;
	if (clock != NS_NONE)
		s->bin = add_capped(s->bin, len);
}

static struct index_chunk *chunk_new(void)
{
	void *p = mmap(NULL, sizeof(struct index_chunk), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("out of memory (wanted %zu bytes)", sizeof(struct index_chunk));
	return p;
}

/* Sets number i of a list that is not there as long as all its numbers are 0. Readers of packets
 * before i find 0 either way. */
static void put_seldom(u16 **list, u32 i, u16 v)
{
	if (*list == NULL)
		__atomic_store_n(list, xcalloc(INDEX_CHUNK, sizeof **list), __ATOMIC_RELEASE);
	(*list)[i] = v;
}

void index_add(struct index *x, const struct frame *f, u64 offset)
{
	u64 n = x->next++;
	u32 i = (u32)(n % INDEX_CHUNK), len = MIN(f->len, INDEX_MAX_LEN);
	struct index_chunk *c = x->chunk[n / INDEX_CHUNK];

	if (i == 0) {
		c = x->chunk[n / INDEX_CHUNK] = chunk_new();
		c->base = offset;
	}
	c->ts[i] = f->ts;
	c->at[i] = (u32)(offset - c->base);
	if (UNLIKELY((offset - c->base) >> 32 != 0))
		put_seldom(&c->far, i, (u16)((offset - c->base) >> 32));
	if (f->iface != 0)
		put_seldom(&c->iface, i, (u16)f->iface);
	c->len[i] = len << 3 | (f->lost ? INDEX_LOST : 0) | f->dir;
	if (f->ts > x->clock)
		x->clock = f->ts;
	if (n % INDEX_BLOCK == 0)
		grow_push(&x->clocks, &x->clock);
	series_add(series_get(x, f->iface, f->dir), n, x->clock, len);
}

void index_publish(struct index *x)
{
	__atomic_store_n(&x->count, x->next, __ATOMIC_RELEASE);
}

/* ---- time ---- */

static ns_t block_clock(const struct index *x, u64 block)
{
	return *(const ns_t *)grow_at(&x->clocks, block);
}

ns_t index_clock(const struct index *x, u64 n)
{
	u64 i = n / INDEX_BLOCK * INDEX_BLOCK;
	const struct index_chunk *c = index_chunk(x, n);
	ns_t clock = block_clock(x, n / INDEX_BLOCK);

	for (; i <= n; i++)
		clock = MAX(clock, c->ts[i % INDEX_CHUNK]);
	return clock;
}

u64 index_find(const struct index *x, u64 count, ns_t ts)
{
	u64 lo = 0, hi = (count + INDEX_BLOCK - 1) / INDEX_BLOCK, mid, n, end;
	const struct index_chunk *c;

	while (lo < hi) { /* the first block that begins after ts */
		mid = lo + (hi - lo) / 2;
		if (block_clock(x, mid) <= ts)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return 0;
	n = (lo - 1) * INDEX_BLOCK + 1; /* the clock at its first packet is known to be <= ts */
	end = MIN(lo * INDEX_BLOCK, count);
	c = index_chunk(x, n - 1);
	while (n < end && c->ts[n % INDEX_CHUNK] <= ts)
		n++;
	return n;
}

/* ---- sums ---- */

static const struct index_series *series_find(const struct index *x, u32 iface, u8 dir)
{
	struct index_series **page = __atomic_load_n(&x->series[iface / 64], __ATOMIC_ACQUIRE);

	if (page == NULL)
		return NULL;
	return __atomic_load_n(&page[iface % 64 * 3 + dir], __ATOMIC_ACQUIRE);
}

static const struct index_sum *sum_at(const struct index_series *s, u64 i)
{
	return grow_at(&s->sums, i);
}

/* How many stored sums stand at a packet before n. */
static u64 sums_before(const struct index_series *s, u64 n)
{
	u64 lo = 0, hi = grow_count(&s->sums), mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (sum_at(s, mid)->at < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool in_series(const struct index_series *s, const struct index_chunk *c, u64 n)
{
	return (c->len[n % INDEX_CHUNK] & 3) == s->dir &&
	       index_iface(c, n) == s->iface;
}

struct index_amount index_amount(const struct index *x, u32 iface, u8 dir, u64 n)
{
	const struct index_series *s = series_find(x, iface, dir);
	struct index_amount a = { 0, 0 };
	const struct index_sum *sum;
	u64 k, i, end;

	if (s == NULL || (k = sums_before(s, n)) == 0)
		return a;
	sum = sum_at(s, k - 1);
	a.bytes = sum->bytes;
	a.packets = sum->packets;
	end = MIN(n, (u64)sum->at + s->stride);
	for (i = sum->at; i < end; i++) {
		const struct index_chunk *c = index_chunk(x, i);

		if (in_series(s, c, i)) {
			a.bytes += c->len[i % INDEX_CHUNK] >> 3;
			a.packets++;
		}
	}
	return a;
}

/* A bin being filled while packets are walked through. */
struct binning {
	ns_t end; /* of the bin, NS_NONE before the first */
	u32 bytes;
	u32 peak;
};

static void bin_walk(const struct index *x, const struct index_series *s, u64 i, u64 end,
		     struct binning *b)
{
	ns_t clock = i < end ? index_clock(x, i) : NS_NONE;

	for (; i < end; i++) {
		const struct index_chunk *c = index_chunk(x, i);

		clock = MAX(clock, c->ts[i % INDEX_CHUNK]);
		if (clock == NS_NONE || !in_series(s, c, i))
			continue;
		if (clock >= b->end || b->end == NS_NONE) {
			if (b->end != NS_NONE)
				b->bytes = 0;
			b->end = clock < INT64_MAX - INDEX_PEAK_BIN &&
						 clock > INT64_MIN + 2 * INDEX_PEAK_BIN
					 ? bin_floor(clock) + INDEX_PEAK_BIN
					 : clock;
		}
		b->bytes = add_capped(b->bytes, c->len[i % INDEX_CHUNK] >> 3);
		b->peak = MAX(b->peak, b->bytes);
	}
}

/* The largest peak of sums a..b-1. */
static u32 top_peak(const struct index_series *s, u64 a, u64 b)
{
	u64 tops = grow_count(&s->tops);
	u32 peak = 0;

	while (a < b) {
		if (a % TOP == 0 && a + TOP <= b && a / TOP < tops) {
			peak = MAX(peak, *(const u32 *)grow_at(&s->tops, a / TOP));
			a += TOP;
		} else {
			peak = MAX(peak, sum_at(s, a)->peak);
			a++;
		}
	}
	return peak;
}

u64 index_peak(const struct index *x, u32 iface, u8 dir, u64 n0, u64 n1)
{
	const struct index_series *s = series_find(x, iface, dir);
	struct binning b = { .end = NS_NONE };
	u64 first, last, near;
	u32 peak;

	if (s == NULL || n0 >= n1)
		return 0;
	first = sums_before(s, n0); /* sums first..last-1 stand within the span */
	last = sums_before(s, n1);
	/* Up to the first sum, packets of the series lie close behind the sum before. */
	near = first == 0 ? n0 : (u64)sum_at(s, first - 1)->at + s->stride;
	bin_walk(x, s, n0, MIN(near, first < last ? sum_at(s, first)->at : n1), &b);
	if (first == last)
		return b.peak;
	peak = MAX(b.peak, top_peak(s, first + 1, last));
	b = (struct binning) { .end = NS_NONE, .bytes = sum_at(s, last - 1)->bin };
	near = (u64)sum_at(s, last - 1)->at + s->stride;
	bin_walk(x, s, sum_at(s, last - 1)->at, MIN(near, n1), &b);
	return MAX(peak, b.peak);
}
