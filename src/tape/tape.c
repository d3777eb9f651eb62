/* The tape: the mapped file, the thread that indexes it, and what is asked of the index. */
#include "tape/inside.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { PUBLISH = 64, TELL = 1 << 16 }; /* packets between two publications, two wake-ups */

/* ---- the indexing thread ---- */

void tape_tell(struct tape *t)
{
	u64 one = 1;

	pthread_mutex_lock(&t->lock);
	__atomic_store_n(&t->want, UINT64_MAX, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&t->progress);
	pthread_mutex_unlock(&t->lock);
	if (write(t->fd, &one, sizeof one) < 0)
		return; /* full means readable, which is what matters */
}

static void publish(struct tape *t)
{
	index_publish(t->index);
	__atomic_store_n(&t->indexed, t->rec.offset, __ATOMIC_RELAXED);
	if (UNLIKELY(index_count(t->index) >= __atomic_load_n(&t->want, __ATOMIC_RELAXED)))
		tape_tell(t);
}

static void found_frame(struct tape *t, const struct frame *f, u64 offset)
{
	index_add(t->index, f, offset);
	if (f->number % PUBLISH == 0) {
		spool_ahead(t->spool, offset);
		publish(t);
		if (f->number % TELL == 0)
			tape_tell(t);
	}
}

static void found_event(struct tape *t, const struct tape_event *ev)
{
	struct event_place p = { .offset = (u64)(ev->data - spool_base(t->spool)),
				 .before = ev->before,
				 .ts = ev->ts,
				 .len = ev->len };

	grow_push(&t->events, &p);
}

/* Waits for bytes up to `want`. Returns 1 when there are more than `have`, 0 at the end of the
 * input, -1 where the input failed. */
static int need_bytes(struct tape *t, u64 have, u64 want, struct err *e)
{
	publish(t);
	tape_tell(t);
	if (spool_wait(t->spool, want) > have)
		return 1;
	if (spool_ended(t->spool, e) && e->text[0] != '\0')
		return err_prefix(e, "packet %llu: at offset %llu",
				  (unsigned long long)t->rec.packets + 1,
				  (unsigned long long)t->rec.offset);
	/* It may have grown between the two looks. */
	return spool_size(t->spool) > have;
}

/* Reads one record and files it. Returns 1 to go on, 0 at the end, -1 on damage. */
static int index_one(struct tape *t, u64 *size, struct err *e)
{
	u64 at = t->rec.offset, avail = *size - at;
	const u8 *p = spool_base(t->spool) + at;
	struct record_item it;
	int ret = 1;
	enum record_kind kind = record_next(&t->rec, p, avail, &it, e);

	if (UNLIKELY(spool_shrunk(t->spool)))
		return err_set(
			e, "packet %llu: at offset %llu the file became shorter while it was read",
			(unsigned long long)t->index->next + 1, (unsigned long long)at);
	switch (kind) {
	case RECORD_FRAME:
		found_frame(t, &it.frame, at);
		if (UNLIKELY(t->rec.packets == INDEX_MAX_PACKETS))
			return err_set(e, "only the first %u packets can be indexed",
				       INDEX_MAX_PACKETS);
		break;
	case RECORD_EVENT: found_event(t, &it.event); break;
	case RECORD_NONE:
		t->header = true;
		while (ret > 0 && at + it.length > *size) {
			ret = need_bytes(t, *size, at + it.length, e);
			*size = spool_size(t->spool);
		}
		if (ret == 0)
			return record_skip_end(&t->rec, it.length, *size - at, e);
		break;
	case RECORD_MORE:
		ret = need_bytes(t, *size, at + it.need, e);
		*size = spool_size(t->spool);
		if (ret == 0)
			return record_end(&t->rec, p, avail, it.need, e);
		break;
	case RECORD_BAD: return -1;
	}
	return ret;
}

static void *index_main(void *arg)
{
	struct tape *t = arg;
	struct err e = ERR_INIT;
	u64 size = spool_size(t->spool);
	int ret;

	do
		ret = index_one(t, &size, &e);
	while (ret > 0 && !__atomic_load_n(&t->stopped, __ATOMIC_RELAXED));
	index_publish(t->index);
	__atomic_store_n(&t->indexed, t->rec.offset, __ATOMIC_RELAXED);
	if (ret < 0)
		t->err = e;
	__atomic_store_n(&t->done, true, __ATOMIC_RELEASE);
	tape_tell(t);
	return NULL;
}

/* ---- opening and closing ---- */

struct tape *tape_alloc(struct spool *spool)
{
	struct tape *t = xcalloc(1, sizeof *t);
	pthread_condattr_t attr;

	t->spool = spool;
	record_init(&t->rec);
	t->index = index_new();
	grow_init(&t->events, sizeof(struct event_place));
	t->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->fd < 0)
		die("no descriptor left: %s", strerror(errno));
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->progress, &attr);
	pthread_condattr_destroy(&attr);
	t->want = UINT64_MAX;
	txt_init(&t->pending);
	return t;
}

struct tape *tape_open(const char *path, struct err *e)
{
	struct spool *spool = spool_open(path, e);
	struct tape *t;

	if (spool == NULL)
		return NULL;
	t = tape_alloc(spool);
	if (pthread_create(&t->thread, NULL, index_main, t) != 0)
		die("cannot start a thread");
	t->running = true;
	if (!spool_is_file(spool))
		return t;
	tape_wait(t, 1, -1);
	if (tape_done(t) && !t->header) {
		if (e != NULL)
			*e = t->err;
		err_prefix(e, "%s", path);
		tape_close(t);
		return NULL;
	}
	return t;
}

void tape_close(struct tape *t)
{
	if (t == NULL)
		return;
	__atomic_store_n(&t->stopped, true, __ATOMIC_RELEASE);
	spool_stop(t->spool);
	if (t->running)
		pthread_join(t->thread, NULL);
	writer_abort(t->live);
	txt_fini(&t->pending);
	VEC_FREE(&t->pending_events);
	index_free(t->index);
	grow_fini(&t->events);
	record_fini(&t->rec);
	spool_close(t->spool);
	close(t->fd);
	pthread_mutex_destroy(&t->lock);
	pthread_cond_destroy(&t->progress);
	free(t);
}

void tape_guard(void)
{
	spool_guard();
}

/* ---- what is there ---- */

u64 tape_count(const struct tape *t)
{
	return index_count(t->index);
}

bool tape_done(const struct tape *t)
{
	return __atomic_load_n(&t->done, __ATOMIC_ACQUIRE);
}

const char *tape_error(const struct tape *t)
{
	return tape_done(t) && t->err.text[0] != '\0' ? t->err.text : NULL;
}

void tape_progress(const struct tape *t, u64 *indexed, u64 *all)
{
	struct err e;

	*indexed = __atomic_load_n(&t->indexed, __ATOMIC_RELAXED);
	*all = spool_ended(t->spool, &e) ? spool_size(t->spool) : 0;
}

static struct timespec deadline(int ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += ms % 1000 * NS_PER_MS;
	if (ts.tv_nsec >= NS_PER_S) {
		ts.tv_sec++;
		ts.tv_nsec -= NS_PER_S;
	}
	return ts;
}

u64 tape_wait(struct tape *t, u64 n, int timeout_ms)
{
	struct timespec until = deadline(MAX(timeout_ms, 0));
	int ret = 0;

	pthread_mutex_lock(&t->lock);
	while (tape_count(t) < n && !tape_done(t) && ret == 0) {
		if (n < t->want)
			__atomic_store_n(&t->want, n, __ATOMIC_RELAXED);
		/* The count may have passed n just before `want` was set; then nobody will tell
		 * until the next publication, which is never far unless the input stands still,
		 * and before waiting for input the thread tells everybody. */
		if (timeout_ms < 0)
			pthread_cond_wait(&t->progress, &t->lock);
		else
			ret = pthread_cond_timedwait(&t->progress, &t->lock, &until);
	}
	pthread_mutex_unlock(&t->lock);
	return tape_count(t);
}

int tape_fd(const struct tape *t)
{
	return t->fd;
}

void tape_fd_clear(struct tape *t)
{
	u64 n;

	if (read(t->fd, &n, sizeof n) < 0)
		return; /* nothing was there */
}

/* ---- packets ---- */

u64 tape_offset(const struct tape *t, u64 n)
{
	return index_offset(index_chunk(t->index, n), n);
}

ns_t tape_ts(const struct tape *t, u64 n)
{
	return index_chunk(t->index, n)->ts[n % INDEX_CHUNK];
}

struct tape_brief tape_brief(const struct tape *t, u64 n)
{
	const struct index_chunk *c = index_chunk(t->index, n);
	u32 v = c->len[n % INDEX_CHUNK];

	return (struct tape_brief) { .len = v >> 3,
				     .iface = index_iface(c, n),
				     .dir = v & 3,
				     .lost = (v & INDEX_LOST) != 0 };
}

void tape_frame(const struct tape *t, u64 n, struct frame *f)
{
	const struct index_chunk *c = index_chunk(t->index, n);
	u64 at = index_offset(c, n);
	u32 iface = index_iface(c, n);

	f->number = n + 1;
	if (record_frame_at(&t->rec.ifaces, iface, spool_base(t->spool) + at,
			    spool_size(t->spool) - at, f) &&
	    LIKELY(!spool_shrunk(t->spool) || f->ts == tape_ts(t, n)))
		return;
	/* The file was changed behind our back: an empty packet rather than somebody's bytes. */
	*f = (struct frame) { .number = n + 1,
			      .ts = tape_ts(t, n),
			      .data = (const u8 *)"",
			      .iface = iface,
			      .link = tape_iface(t, iface)->link };
}

ns_t tape_clock(const struct tape *t, u64 n)
{
	return index_clock(t->index, n);
}

ns_t tape_begin(const struct tape *t)
{
	u64 n = tape_find_time(t, NS_NONE);

	return n < tape_count(t) ? tape_clock(t, n) : NS_NONE;
}

u64 tape_find_time(const struct tape *t, ns_t ts)
{
	return index_find(t->index, tape_count(t), ts);
}

/* ---- interfaces and events ---- */

u32 tape_ifaces(const struct tape *t)
{
	return iface_list_count(&t->rec.ifaces);
}

const struct tape_iface *tape_iface(const struct tape *t, u32 i)
{
	return iface_list_get(&t->rec.ifaces, i);
}

u64 tape_events(const struct tape *t)
{
	return grow_count(&t->events);
}

struct tape_event tape_event(const struct tape *t, u64 i)
{
	const struct event_place *p = grow_at(&t->events, i);

	return (struct tape_event) { .ts = p->ts,
				     .before = p->before,
				     .data = spool_base(t->spool) + p->offset,
				     .len = p->len };
}

u64 tape_events_before(const struct tape *t, u64 n)
{
	u64 lo = 0, hi = tape_events(t), mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (((const struct event_place *)grow_at(&t->events, mid))->before <= n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* ---- rates ---- */

/* The spans of interfaces and directions that a question is about. */
struct scope {
	u32 iface, iface_end;
	u8 dir, dir_end;
};

static struct scope scope(const struct tape *t, u32 iface, u8 dir)
{
	bool all = iface == TAPE_IFACE_ANY, any = dir == TAPE_DIR_ANY;

	return (struct scope) { .iface = all ? 0 : iface,
				.iface_end = all ? tape_ifaces(t) : iface + 1,
				.dir = any ? 0 : dir,
				.dir_end = any ? 3 : (u8)(dir + 1) };
}

static struct tape_amount amount_before(const struct tape *t, struct scope s, u64 n)
{
	struct tape_amount sum = { 0, 0 };
	struct index_amount a;
	u32 i;
	u8 d;

	for (i = s.iface; i < s.iface_end; i++) {
		for (d = s.dir; d < s.dir_end; d++) {
			a = index_amount(t->index, i, d, n);
			sum.bytes += a.bytes;
			sum.packets += a.packets;
		}
	}
	return sum;
}

struct tape_amount tape_amount(const struct tape *t, u32 iface, u8 dir, u64 n0, u64 n1)
{
	struct scope s = scope(t, iface, dir);
	struct tape_amount a = amount_before(t, s, n0), b = amount_before(t, s, n1);

	return (struct tape_amount) { b.bytes - a.bytes, b.packets - a.packets };
}

/* Packets with a clock before ts. */
static u64 count_before(const struct tape *t, u64 n, ns_t ts)
{
	return ts == INT64_MIN ? 0 : index_find(t->index, n, ts - 1);
}

void tape_rate_bins(const struct tape *t, u32 iface, u8 dir, ns_t t0, ns_t bin_ns, u32 nbins, u64 n,
		    u64 *out)
{
	struct scope s = scope(t, iface, dir);
	u64 at = count_before(t, n, t0), end, sum = amount_before(t, s, at).bytes, next;
	ns_t edge = t0;
	u32 i;

	for (i = 0; i < nbins; i++) {
		if (__builtin_add_overflow(edge, bin_ns, &edge))
			edge = INT64_MAX;
		end = count_before(t, n, edge);
		next = end == at ? sum : amount_before(t, s, end).bytes;
		out[i] = next - sum;
		sum = next;
		at = end;
	}
}

u64 tape_peak_10ms(const struct tape *t, u32 iface, u8 dir, ns_t t0, ns_t t1, u64 n)
{
	struct scope s = scope(t, iface, dir);
	ns_t r = t0 % TAPE_PEAK_BIN, start;
	u64 n0, n1, peak = 0, p;
	u32 i;
	u8 d;

	if (__builtin_sub_overflow(t0, r < 0 ? r + TAPE_PEAK_BIN : r, &start))
		start = t0;
	n0 = count_before(t, n, start);
	n1 = index_find(t->index, n, t1);
	for (i = s.iface; i < s.iface_end; i++) {
		for (d = s.dir; d < s.dir_end; d++) {
			p = index_peak(t->index, i, d, n0, n1);
			peak = MAX(peak, p);
		}
	}
	return peak;
}

/* ---- the flow pass ---- */

void tape_set_conv(struct tape *t, u64 n, u32 conv, u32 prev)
{
	struct index_chunk *c = index_chunk(t->index, n);

	c->conv[n % INDEX_CHUNK] = conv;
	c->prev[n % INDEX_CHUNK] = prev;
}

void tape_set_passed(struct tape *t, u64 n)
{
	__atomic_store_n(&t->passed, n, __ATOMIC_RELEASE);
}

u64 tape_passed(const struct tape *t)
{
	return __atomic_load_n(&t->passed, __ATOMIC_ACQUIRE);
}

u32 tape_conv(const struct tape *t, u64 n)
{
	return index_chunk(t->index, n)->conv[n % INDEX_CHUNK];
}

u32 tape_prev(const struct tape *t, u64 n)
{
	return index_chunk(t->index, n)->prev[n % INDEX_CHUNK];
}

enum { LANES = 64 }; /* compared in one go */

static bool has_lost(const u32 *v)
{
	u32 hit = 0;

	for (unsigned i = 0; i < LANES; i++)
		hit |= v[i] & INDEX_LOST;
	return hit != 0;
}

u64 tape_lost_first(const struct tape *t, u64 from, u64 to)
{
	for (u64 n = from; n < to;) {
		const u32 *v = index_chunk(t->index, n)->len;
		u64 base = n / INDEX_CHUNK * INDEX_CHUNK, end = MIN(base + INDEX_CHUNK, to);

		while (n + LANES <= end && !has_lost(&v[n - base]))
			n += LANES;
		for (u64 stop = MIN(n + LANES, end); n < stop; n++)
			if (v[n - base] & INDEX_LOST)
				return n;
	}
	return to;
}

static bool has_conv(const u32 *v, u32 conv)
{
	u32 hit = 0;

	for (unsigned i = 0; i < LANES; i++)
		hit |= v[i] == conv;
	return hit;
}

u64 tape_conv_last(const struct tape *t, u32 conv, u64 from, u64 to)
{
	for (u64 n = to; n > from;) {
		const u32 *v = index_chunk(t->index, n - 1)->conv;
		u64 base = (n - 1) / INDEX_CHUNK * INDEX_CHUNK, begin = MAX(base, from);

		while (n >= begin + LANES && !has_conv(&v[n - base - LANES], conv))
			n -= LANES;
		for (u64 end = n < begin + LANES ? begin : n - LANES; n > end; n--)
			if (v[n - 1 - base] == conv)
				return n - 1;
	}
	return to;
}

u64 tape_conv_first(const struct tape *t, u32 conv, u64 from, u64 to)
{
	for (u64 n = from; n < to;) {
		const u32 *v = index_chunk(t->index, n)->conv;
		u64 base = n / INDEX_CHUNK * INDEX_CHUNK, end = MIN(base + INDEX_CHUNK, to);

		while (n + LANES <= end && !has_conv(&v[n - base], conv))
			n += LANES;
		for (u64 stop = MIN(n + LANES, end); n < stop; n++)
			if (v[n - base] == conv)
				return n;
	}
	return to;
}
