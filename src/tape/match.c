/* Which packets of a tape pass a test: a bitmap that a few threads fill, piece by piece, nearest
 * pieces first. Where the test looks at what follows from all earlier packets of a connection, one
 * thread goes through the tape from its beginning. */
#include "tape/match.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PIECE = 1 << 14, /* packets that a thread takes at once */
	WORDS = PIECE / 64,
	MIN_THREADS = 2, /* one may have to wait in the piece where the tape grows */
	MAX_THREADS = 4,
};

/* The answers for one piece. */
struct piece {
	_Atomic u32 tested; /* packets of it, from its first on */
	_Atomic u32 count;  /* of them, those that pass */
	_Atomic u64 bits[WORDS];
};

/* Pieces are found through a directory of fixed size, so that readers need no lock: 2^32 packets.
 */
enum { DIR = 1 << 18 };

struct match {
	struct tape *tape;
	struct flow *flow;
	struct flow *own; /* where one thread follows the connections itself; NULL: nobody asks for
			     them */
	struct test test;
	struct piece *_Atomic *dir;
	_Atomic u32 next_up,
		next_down; /* pieces that nobody took yet: from `first` up, and below it down */
	u32 first;
	_Atomic bool stop;
	_Atomic u64 tested, count;
	_Atomic u32 running;
	pthread_t thread[MAX_THREADS];
	unsigned nthreads;
	pthread_mutex_t grab;
};

static struct piece *piece_at(const struct match *m, u64 p)
{
	return p < DIR ? atomic_load_explicit(&m->dir[p], memory_order_acquire) : NULL;
}

/* Has packet n its conversation, or will it never be there? *there is how many packets there are to
 * test. */
static bool known(const struct match *m, u64 n, u64 *there)
{
	bool done = tape_done(m->tape);

	*there = tape_passed(m->tape);
	return *there > n || atomic_load(&m->stop) || (done && *there >= tape_count(m->tape));
}

/* Waits until that is so. Returns how many packets there are to test. */
static u64 wait_for(const struct match *m, u64 n)
{
	u64 there;

	while (!known(m, n, &there))
		usleep(2000);
	return there;
}

/* Tests packets n..end-1, all in one word of the piece's bits. */
static void test_word(struct match *m, struct pkt *k, const struct plan *plan, struct txt *scratch,
		      struct piece *piece, u64 n, u64 end)
{
	_Atomic u64 *word = &piece->bits[n % PIECE / 64];
	u64 bits = 0, first = n;

	for (; n < end; n++) {
		struct frame f;

		tape_frame(m->tape, n, &f);
		k->prev_ts = n > 0 ? tape_ts(m->tape, n - 1) : NS_NONE;
		pkt_decode(k, &f, plan);
		if (m->test.pass(m->test.arg, k, scratch))
			bits |= UINT64_C(1) << n % 64;
	}
	if (bits != 0) {
		u32 hits = (u32)__builtin_popcountll(bits);

		atomic_fetch_or(word, bits);
		atomic_fetch_add(&piece->count, hits);
		atomic_fetch_add(&m->count, hits);
	}
	atomic_store_explicit(&piece->tested, (u32)((end - 1) % PIECE + 1), memory_order_release);
	atomic_fetch_add_explicit(&m->tested, end - first, memory_order_relaxed);
}

static void test_piece(struct match *m, struct pkt *k, const struct plan *plan, struct txt *scratch,
		       u64 p)
{
	struct piece *piece = xcalloc(1, sizeof *piece);
	u64 n = p * PIECE, end = n + PIECE;

	atomic_store_explicit(&m->dir[p], piece, memory_order_release);
	while (n < end && !atomic_load_explicit(&m->stop, memory_order_relaxed)) {
		u64 to = wait_for(m, n);

		to = MIN(to, MIN(end, n - n % 64 + 64));
		if (to <= n)
			return;
		k->first_ts = tape_begin(m->tape);
		test_word(m, k, plan, scratch, piece, n, to);
		n = to;
	}
}

/* The next piece that nobody took: from the playhead to the end, then backwards to the beginning.
 * What is not indexed yet is waited for last. */
static bool take_piece(struct match *m, u64 *p)
{
	bool got = false;
	u64 up, there;

	pthread_mutex_lock(&m->grab);
	up = (u64)m->next_up * PIECE;
	if (m->next_down > 0 && !(known(m, up, &there) && there > up)) {
		*p = --m->next_down;
		got = true;
	} else if (m->next_up < DIR && wait_for(m, up) > up) {
		*p = m->next_up++;
		got = true;
	}
	pthread_mutex_unlock(&m->grab);
	return got && !atomic_load(&m->stop);
}

static void *work(void *arg)
{
	struct match *m = arg;
	struct txt scratch;
	struct plan plan;
	struct pkt k;
	u64 p;

	txt_init(&scratch);
	pkt_init(&k);
	plan_init(&plan);
	m->test.want(m->test.arg, &plan);
	plan.flow = m->own != NULL ? flow_see : flow_look;
	plan.flow_arg = m->own != NULL ? m->own : m->flow;
	while (take_piece(m, &p))
		test_piece(m, &k, &plan, &scratch, p);
	plan_fini(&plan);
	pkt_fini(&k);
	txt_fini(&scratch);
	atomic_fetch_sub(&m->running, 1);
	return NULL;
}

/* Does the test need connections to be followed? */
static bool follows(const struct test *test)
{
	struct plan plan;
	bool tracked;

	plan_init(&plan);
	test->want(test->arg, &plan);
	tracked = plan.tracked;
	plan_fini(&plan);
	return tracked;
}

struct match *match_new(struct tape *t, struct flow *fl, struct test test, u64 from)
{
	struct match *m = xcalloc(1, sizeof *m);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	m->tape = t;
	m->flow = fl;
	m->test = test;
	m->dir = xcalloc(DIR, sizeof *m->dir);
	m->running = (u32)CLAMP(cores, MIN_THREADS, MAX_THREADS);
	if (follows(&test)) {
		m->own = flow_new(flow_cap(fl));
		flow_track(m->own, FLOW_ANALYSIS);
		m->running = 1;
		from = 0;
	}
	m->first = (u32)MIN(from / PIECE, (u64)DIR - 1);
	m->next_up = m->next_down = m->first;
	pthread_mutex_init(&m->grab, NULL);
	for (u32 i = 0, want = m->running; i < want; i++)
		if (pthread_create(&m->thread[m->nthreads], NULL, work, m) == 0)
			m->nthreads++;
		else
			atomic_fetch_sub(&m->running, 1);
	if (m->nthreads == 0)
		die("cannot start a thread for the filter");
	return m;
}

void match_free(struct match *m)
{
	if (m == NULL)
		return;
	atomic_store(&m->stop, true);
	for (unsigned i = 0; i < m->nthreads; i++)
		pthread_join(m->thread[i], NULL);
	if (m->test.free_arg != NULL)
		m->test.free_arg(m->test.arg);
	for (u32 p = 0; p < DIR; p++)
		free(m->dir[p]);
	free(m->dir);
	pthread_mutex_destroy(&m->grab);
	flow_free(m->own);
	free(m);
}

u64 match_tested(const struct match *m)
{
	return atomic_load(&m->tested);
}

u64 match_count(const struct match *m)
{
	return atomic_load(&m->count);
}

bool match_done(const struct match *m)
{
	return atomic_load(&m->running) == 0;
}

/* Is packet n tested? And does it pass? */
static bool tested(const struct match *m, u64 n, bool *pass)
{
	const struct piece *p = piece_at(m, n / PIECE);

	*pass = false;
	if (p == NULL || n % PIECE >= atomic_load_explicit(&p->tested, memory_order_acquire))
		return false;
	*pass = p->bits[n % PIECE / 64] >> n % 64 & 1;
	return true;
}

bool match_has(const struct match *m, u64 n)
{
	bool pass;

	return tested(m, n, &pass) && pass;
}

u64 match_next(const struct match *m, u64 n, bool *pending)
{
	bool done = match_done(m); /* before the answers are looked at */
	u64 count = tape_count(m->tape);

	while (n < count) {
		const struct piece *p = piece_at(m, n / PIECE);
		u32 i = (u32)(n % PIECE),
		    have = p != NULL ? atomic_load_explicit(&p->tested, memory_order_acquire) : 0;

		for (; i < have; i = (i / 64 + 1) * 64) {
			u64 w = p->bits[i / 64] >> i % 64;

			if (w != 0) {
				i += (u32)__builtin_ctzll(w);
				if (i < have)
					return n - n % PIECE + i;
				break;
			}
		}
		n = n - n % PIECE + PIECE;
		if (have < PIECE && n - PIECE + have < count) {
			*pending = !done;
			return MATCH_NONE;
		}
	}
	return MATCH_NONE;
}

u64 match_prev(const struct match *m, u64 n, bool *pending)
{
	bool done = match_done(m);
	u64 count = tape_count(m->tape);

	if (count == 0)
		return MATCH_NONE;
	n = MIN(n, count - 1);
	for (;;) {
		const struct piece *p = piece_at(m, n / PIECE);
		u32 i = (u32)(n % PIECE),
		    have = p != NULL ? atomic_load_explicit(&p->tested, memory_order_acquire) : 0;

		if (i >= have) {
			*pending = !done;
			return MATCH_NONE;
		}
		for (i32 w = (i32)(i / 64); w >= 0; w--) {
			u64 bits = p->bits[w];

			if (w == (i32)(i / 64) && i % 64 < 63)
				bits &= (UINT64_C(2) << i % 64) - 1;
			if (bits != 0)
				return n - n % PIECE + (u64)w * 64 + 63 -
				       (u64)__builtin_clzll(bits);
		}
		if (n < PIECE)
			return MATCH_NONE;
		n = n - n % PIECE - 1;
	}
}

u64 match_rank(const struct match *m, u64 n)
{
	u64 r = 0;
	u64 last = n / PIECE;

	for (u64 i = 0; i < last; i++) {
		const struct piece *p = piece_at(m, i);

		r += p != NULL ? atomic_load(&p->count) : 0;
	}
	if (piece_at(m, last) != NULL) {
		const struct piece *p = piece_at(m, last);
		u32 rest = (u32)(n % PIECE);

		for (u32 w = 0; w < rest / 64; w++)
			r += (u64)__builtin_popcountll(p->bits[w]);
		if (rest % 64 != 0)
			r += (u64)__builtin_popcountll(p->bits[rest / 64] &
						       ((UINT64_C(1) << rest % 64) - 1));
	}
	return r;
}

u64 match_nth(const struct match *m, u64 k)
{
	u64 pieces = MIN((tape_count(m->tape) + PIECE - 1) / PIECE, (u64)DIR);

	for (u64 i = 0; i < pieces; i++) {
		const struct piece *p = piece_at(m, i);
		u32 n = p != NULL ? atomic_load(&p->count) : 0;

		if (k >= n) {
			k -= n;
			continue;
		}
		for (u32 w = 0; w < WORDS; w++) {
			u64 bits = p->bits[w];
			u64 c = (u64)__builtin_popcountll(bits);

			if (k >= c) {
				k -= c;
				continue;
			}
			for (; k > 0; k--)
				bits &= bits - 1;
			return i * PIECE + w * 64 + (u64)__builtin_ctzll(bits);
		}
	}
	return MATCH_NONE;
}
