/* The bitmap of a filter against brute force, at the borders of its pieces and while the tape
 * grows. */
#include "tape/match.h"

#include "base/rand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PIECE = 1 << 14, PACKETS = 4 * PIECE + 77 };

struct fix {
	struct tape *t;
	struct flow *fl;
	bool *truth; /* by packet */
	u64 n;	     /* packets on the tape */
};

static void want(const void *arg, struct plan *p)
{
	(void)arg;
	(void)p;
}

static bool pass(const void *arg, const struct pkt *k, struct txt *scratch)
{
	(void)scratch;
	return ((const bool *)arg)[k->frame->number - 1];
}

/* Puts packets on the tape up to `n` of them; `passed` of them have their conversation. */
static void grow(struct fix *f, u64 n, u64 passed)
{
	static const u8 bytes[60];
	struct frame fr = { .data = bytes, .caplen = sizeof bytes, .len = sizeof bytes, .link = 1 };
	struct err e = ERR_INIT;

	for (; f->n < n; f->n++) {
		fr.ts = (ns_t)f->n * 1000;
		assert_int_equal(tape_append(f->t, &fr, &e), 0);
	}
	assert_int_equal(tape_flush(f->t, &e), 0);
	for (u64 i = tape_passed(f->t); i < passed; i++)
		tape_set_conv(f->t, i, TAPE_NONE, TAPE_NONE);
	tape_set_passed(f->t, passed);
}

static void fix_init(struct fix *f)
{
	struct err e = ERR_INIT;
	struct tape_iface iface = { .link = 1, .tsresol = 9 };

	memset(f, 0, sizeof *f);
	f->t = tape_new(NULL, false, &e);
	assert_non_null(f->t);
	assert_int_equal(tape_add_iface(f->t, &iface, &e), 0);
	f->fl = flow_new(1 << 12);
	f->truth = calloc(PACKETS + 1, 1);
	assert_non_null(f->truth);
}

static void fix_fini(struct fix *f)
{
	tape_close(f->t);
	flow_free(f->fl);
	free(f->truth);
}

static struct match *start(struct fix *f, u64 from)
{
	return match_new(f->t, f->fl, (struct test) { want, pass, NULL, f->truth }, from);
}

/* The test may take ten seconds before it counts as hung. */
static void await(const struct match *m, u64 tested)
{
	for (int i = 0; i < 10000 && match_tested(m) < tested; i++)
		usleep(1000);
	assert_int_equal(match_tested(m), tested);
}

static void await_done(const struct match *m)
{
	for (int i = 0; i < 10000 && !match_done(m); i++)
		usleep(1000);
	assert_true(match_done(m));
}

/* All answers against the truth: at every border, and at every 13th packet. */
static void compare(const struct fix *f, const struct match *m)
{
	u64 rank = 0, last = MATCH_NONE;
	u64 *next = malloc((PACKETS + 1) * sizeof *next);
	bool pending = false;

	assert_non_null(next);
	next[PACKETS] = MATCH_NONE;
	for (u64 n = PACKETS; n-- > 0;)
		next[n] = f->truth[n] ? n : next[n + 1];
	for (u64 n = 0; n < PACKETS; n++) {
		bool look = n % 13 == 0 || n % PIECE < 66 || n % PIECE > PIECE - 66;

		if (f->truth[n])
			last = n;
		if (look) {
			assert_int_equal(match_has(m, n), f->truth[n]);
			assert_int_equal(match_next(m, n, &pending), next[n]);
			assert_int_equal(match_prev(m, n, &pending), last);
			assert_int_equal(match_rank(m, n), rank);
		}
		if (f->truth[n]) {
			if (look)
				assert_int_equal(match_nth(m, rank), n);
			rank++;
		}
	}
	assert_false(pending);
	assert_int_equal(match_count(m), rank);
	assert_int_equal(match_nth(m, rank), MATCH_NONE);
	assert_int_equal(match_rank(m, PACKETS), rank);
	assert_int_equal(match_next(m, PACKETS, &pending), MATCH_NONE);
	assert_int_equal(match_prev(m, UINT64_MAX, &pending), last);
	free(next);
}

static bool kind_of_truth(int kind, u64 n, struct rnd *r)
{
	switch (kind) {
	case 0: return false;
	case 1: return true;
	case 2: return rnd_below(r, 5000) == 0;
	case 3: return n % PIECE == 0 || n % PIECE == PIECE - 1 || n == PACKETS - 1;
	case 4: return n / PIECE == 2; /* whole pieces without one */
	case 5: return n % 64 == 63 || n % 64 == 0;
	default: return rnd_below(r, 3) != 0;
	}
}

static void bitmap_is_the_truth(void **state)
{
	static const u64 from[] = { 0, PACKETS - 1, 2 * PIECE, PIECE - 1, UINT64_MAX, PIECE, 5000 };
	struct err e = ERR_INIT;
	struct fix f;
	struct rnd r;

	(void)state;
	rnd_init(&r, 1);
	fix_init(&f);
	grow(&f, PACKETS, PACKETS);
	assert_int_equal(tape_finish(f.t, &e), 0);
	for (int kind = 0; kind < 7; kind++) {
		struct match *m;

		for (u64 n = 0; n < PACKETS; n++)
			f.truth[n] = kind_of_truth(kind, n, &r);
		m = start(&f, from[kind]);
		await_done(m);
		assert_int_equal(match_tested(m), PACKETS);
		compare(&f, m);
		match_free(m);
	}
	fix_fini(&f);
}

static void empty_tape(void **state)
{
	struct err e = ERR_INIT;
	bool pending = false;
	struct match *m;
	struct fix f;

	(void)state;
	fix_init(&f);
	m = start(&f, 0);
	assert_int_equal(match_next(m, 0, &pending), MATCH_NONE);
	assert_int_equal(match_prev(m, 0, &pending), MATCH_NONE);
	assert_int_equal(match_nth(m, 0), MATCH_NONE);
	assert_int_equal(match_rank(m, 0), 0);
	assert_int_equal(tape_finish(f.t, &e), 0);
	await_done(m);
	match_free(m);
	fix_fini(&f);
}

/* While the tape grows: what was not tested is pending, and becomes known. */
static void pending_until_tested(void **state)
{
	enum { FIRST = PIECE + 100 };
	struct err e = ERR_INIT;
	bool pending = false;
	struct match *m;
	struct fix f;

	(void)state;
	fix_init(&f);
	f.truth[10] = f.truth[PIECE + 99] = f.truth[PIECE + 150] = f.truth[3 * PIECE] = true;
	grow(&f, PIECE + 200, FIRST); /* the last hundred have no conversation yet */
	m = start(&f, 0);
	await(m, FIRST);
	assert_false(match_done(m));
	assert_int_equal(match_count(m), 2);
	assert_int_equal(match_next(m, 11, &pending), PIECE + 99);
	assert_false(pending);
	assert_int_equal(match_next(m, PIECE + 100, &pending), MATCH_NONE);
	assert_true(pending);
	pending = false;
	assert_int_equal(match_prev(m, PIECE + 180, &pending), MATCH_NONE);
	assert_true(pending);
	pending = false;
	assert_false(match_has(m, PIECE + 150));
	assert_int_equal(match_prev(m, PIECE + 98, &pending), 10);
	assert_int_equal(match_nth(m, 1), PIECE + 99);
	assert_int_equal(match_nth(m, 2), MATCH_NONE);
	grow(&f, PIECE + 200, PIECE + 200);
	await(m, PIECE + 200);
	assert_int_equal(match_next(m, PIECE + 100, &pending), PIECE + 150);
	assert_int_equal(match_prev(m, PIECE + 180, &pending), PIECE + 150);
	assert_false(pending);
	/* Behind the last packet there is nothing to wait for: the caller knows that more may come.
	 */
	assert_int_equal(match_next(m, PIECE + 151, &pending), MATCH_NONE);
	assert_false(pending);
	grow(&f, PACKETS, PACKETS);
	assert_int_equal(tape_finish(f.t, &e), 0);
	await_done(m);
	compare(&f, m);
	match_free(m);
	fix_fini(&f);
}

/* What lies before the playhead is tested too while the tape still grows at its end. */
static void the_past_of_a_growing_tape(void **state)
{
	struct match *m;
	struct fix f;

	(void)state;
	fix_init(&f);
	f.truth[7] = f.truth[PIECE + 7] = true;
	grow(&f, 3 * PIECE + 5, 3 * PIECE + 5);
	m = start(&f, 3 * PIECE + 2);
	await(m, 3 * PIECE + 5);
	assert_int_equal(match_count(m), 2);
	assert_int_equal(match_nth(m, 0), 7);
	match_free(m); /* while its threads wait for more */
	fix_fini(&f);
}

/* Freed in the middle of its work. */
static void freed_early(void **state)
{
	struct fix f;

	(void)state;
	fix_init(&f);
	grow(&f, PACKETS, PACKETS);
	for (int i = 0; i < 20; i++) {
		struct match *m = start(&f, (u64)i * 3000);

		usleep((unsigned)i * 50);
		match_free(m);
	}
	fix_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bitmap_is_the_truth),
		cmocka_unit_test(empty_tape),
		cmocka_unit_test(pending_until_tested),
		cmocka_unit_test(the_past_of_a_growing_tape),
		cmocka_unit_test(freed_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
