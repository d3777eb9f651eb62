/* The playhead on a made-up tape: playing at speeds, gaps, clocks set back, an index that fills. */
#include "tape/playhead.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S NS_PER_S
#define MS NS_PER_MS

struct fake {
	ns_t ts[16];
	u64 n;
	bool done;
};

static u64 fake_count(const void *arg)
{
	return ((const struct fake *)arg)->n;
}

static bool fake_done(const void *arg)
{
	return ((const struct fake *)arg)->done;
}

static ns_t fake_clock(const void *arg, u64 n)
{
	const struct fake *f = arg;
	ns_t c = NS_NONE;
	u64 i;

	assert_true(n < f->n);
	for (i = 0; i <= n; i++)
		c = MAX(c, f->ts[i]);
	return c;
}

static u64 fake_find(const void *arg, ns_t ts)
{
	const struct fake *f = arg;
	u64 n = 0;

	while (n < f->n && fake_clock(f, n) <= ts)
		n++;
	return n;
}

/* Five packets; the fourth's own time is before the third's; then ten seconds of nothing. */
static struct fake tape = { .ts = { 100 * S, 101 * S, 102 * S, 101 * S, 112 * S },
			    .n = 5,
			    .done = true };
static const struct playhead_tape t = { &tape, fake_count, fake_done, fake_clock, fake_find };
static struct playhead p;

static int setup(void **state)
{
	(void)state;
	playhead_init(&p);
	tape.n = 5;
	tape.done = true;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	playhead_fini(&p);
	return 0;
}

static void opens_paused_at_the_first(void **state)
{
	(void)state;
	assert_true(playhead_tick(&p, &t, 7));
	assert_int_equal(p.n, 0);
	assert_int_equal(p.ts, 100 * S);
	assert_int_equal(p.state, PLAYHEAD_PAUSED);
	assert_false(playhead_tick(&p, &t, 1000 * S));
	assert_int_equal(playhead_due(&p, &t, 0), -1);
}

static void plays_by_tape_time(void **state)
{
	(void)state;
	playhead_play(&p, &t, 5 * S);
	assert_int_equal(playhead_due(&p, &t, 5 * S), S);
	assert_true(playhead_tick(&p, &t, 5 * S + 500 * MS));
	assert_int_equal(p.n, 0);
	assert_int_equal(p.ts, 100 * S + 500 * MS);
	assert_int_equal(playhead_due(&p, &t, 5 * S + 500 * MS), 500 * MS);
	playhead_tick(&p, &t, 6 * S);
	assert_int_equal(p.n, 1);
	/* The packet set back happens with the one before it. */
	playhead_tick(&p, &t, 7 * S);
	assert_int_equal(p.n, 3);
	assert_int_equal(p.ts, 102 * S);
	playhead_tick(&p, &t, 16 * S);
	assert_int_equal(p.n, 3);
	assert_int_equal(p.ts, 111 * S);
	assert_int_equal(p.state, PLAYHEAD_PLAYING);
	playhead_tick(&p, &t, 50 * S);
	assert_int_equal(p.n, 4);
	assert_int_equal(p.ts, 112 * S);
	assert_int_equal(p.state, PLAYHEAD_PAUSED);
	/* Play at the end begins again. */
	playhead_play(&p, &t, 60 * S);
	assert_int_equal(p.n, 0);
	assert_int_equal(p.state, PLAYHEAD_PLAYING);
}

static void speeds(void **state)
{
	(void)state;
	playhead_set_speed(&p, 0.0001, 0);
	assert_true(p.speed > 0.0099 && p.speed < 0.0101);
	playhead_set_speed(&p, 5000, 0);
	assert_true(p.speed > 999 && p.speed < 1001);
	playhead_set_speed(&p, 0.5, 0);
	playhead_play(&p, &t, 0);
	playhead_tick(&p, &t, 2 * S);
	assert_int_equal(p.n, 1);
	/* A change of speed counts from the change on. */
	playhead_set_speed(&p, 4, 2 * S);
	playhead_tick(&p, &t, 2 * S + 250 * MS);
	assert_int_equal(p.n, 3);
	playhead_set_speed(&p, -1, 3 * S);
	playhead_tick(&p, &t, 3 * S + 1);
	assert_int_equal(p.n, 3);
	assert_in_range(playhead_due(&p, &t, 3 * S), 1, 2000);
	playhead_tick(&p, &t, 3 * S + MS);
	assert_int_equal(p.n, 4);
}

static void does_not_go_back_within_an_instant(void **state)
{
	(void)state;
	playhead_step(&p, &t, 3); /* the last of two packets at 102 s */
	assert_int_equal(p.n, 3);
	playhead_step(&p, &t, -1);
	assert_int_equal(p.n, 2);
	assert_int_equal(p.ts, 102 * S);
	playhead_play(&p, &t, 0);
	playhead_tick(&p, &t, 0);
	assert_int_equal(p.n, 3);
}

static void gaps_are_cut(void **state)
{
	(void)state;
	p.max_gap = 2 * S;
	playhead_step(&p, &t, 3);
	playhead_play(&p, &t, 0);
	assert_int_equal(playhead_due(&p, &t, 0), 2 * S);
	playhead_tick(&p, &t, 1900 * MS);
	assert_int_equal(p.n, 3);
	assert_int_equal(playhead_due(&p, &t, 1900 * MS), 100 * MS);
	playhead_tick(&p, &t, 2 * S);
	assert_int_equal(p.n, 4);
	assert_int_equal(p.ts, 112 * S);
}

static void steps_stay_on_the_tape(void **state)
{
	(void)state;
	assert_true(playhead_step(&p, &t, INT64_MAX));
	assert_int_equal(p.n, 4);
	assert_false(playhead_step(&p, &t, 1));
	assert_true(playhead_step(&p, &t, -2));
	assert_int_equal(p.n, 2);
	assert_true(playhead_step(&p, &t, INT64_MIN));
	assert_int_equal(p.n, 0);
	assert_false(playhead_step(&p, &t, -1));
	playhead_play(&p, &t, 0);
	playhead_step(&p, &t, 1);
	assert_int_equal(p.state, PLAYHEAD_PAUSED);
}

static void seeks(void **state)
{
	(void)state;
	playhead_play(&p, &t, 0);
	playhead_seek(&p, &t, 2, 50 * S);
	assert_int_equal(p.n, 2);
	assert_int_equal(p.state, PLAYHEAD_PLAYING);
	playhead_tick(&p, &t, 60 * S - 1);
	assert_int_equal(p.n, 3);
	playhead_tick(&p, &t, 60 * S);
	assert_int_equal(p.n, 4);
	playhead_seek(&p, &t, 99, 0);
	assert_int_equal(p.n, 4);
	playhead_seek_time(&p, &t, 105 * S, 0);
	assert_int_equal(p.n, 3);
	assert_int_equal(p.ts, 105 * S);
	playhead_seek_time(&p, &t, 0, 0);
	assert_int_equal(p.n, 0);
	assert_int_equal(p.ts, 100 * S);
	playhead_seek_time(&p, &t, 1000 * S, 0);
	assert_int_equal(p.n, 4);
	assert_int_equal(p.ts, 112 * S);
}

static void waits_for_an_index_that_fills(void **state)
{
	(void)state;
	tape.n = 0;
	tape.done = false;
	assert_false(playhead_tick(&p, &t, 0));
	playhead_play(&p, &t, 0);
	assert_false(playhead_tick(&p, &t, 3 * S));
	assert_int_equal(playhead_due(&p, &t, 3 * S), -1);
	tape.n = 2;
	assert_true(playhead_tick(&p, &t, 10 * S)); /* it begins now, not ten seconds ago */
	assert_int_equal(p.n, 0);
	playhead_tick(&p, &t, 11 * S);
	assert_int_equal(p.n, 1);
	assert_int_equal(p.state, PLAYHEAD_PLAYING);
	playhead_tick(&p, &t, 100 * S);
	assert_int_equal(p.ts, 101 * S);
	tape.n = 5;
	playhead_tick(&p, &t, 100 * S + 999 * MS);
	assert_int_equal(p.n, 1);
	playhead_tick(&p, &t, 101 * S);
	assert_int_equal(p.n, 3);
}

static void rides_at_the_end(void **state)
{
	(void)state;
	tape.n = 2;
	tape.done = false;
	playhead_live(&p, &t);
	assert_int_equal(p.n, 1);
	assert_false(playhead_tick(&p, &t, 0));
	tape.n = 5;
	assert_true(playhead_tick(&p, &t, 0));
	assert_int_equal(p.n, 4);
	playhead_step(&p, &t, -1);
	assert_int_equal(p.state, PLAYHEAD_PAUSED);
	assert_int_equal(p.n, 3);
}

static void tape_without_times(void **state)
{
	struct fake none = { .n = 15, .done = true };
	struct playhead_tape nt = { &none, fake_count, fake_done, fake_clock, fake_find };
	int i;

	(void)state;
	for (i = 0; i < 15; i++)
		none.ts[i] = NS_NONE;
	playhead_play(&p, &nt, 0);
	playhead_tick(&p, &nt, 0);
	assert_int_equal(p.n, 0);
	assert_int_equal(playhead_due(&p, &nt, 0), S / PLAYHEAD_TIMELESS);
	playhead_tick(&p, &nt, S);
	assert_int_equal(p.n, 10);
	playhead_tick(&p, &nt, 2 * S);
	assert_int_equal(p.n, 14);
	assert_int_equal(p.state, PLAYHEAD_PAUSED);
}

/* The first packets have no time, the others do: it plays on through both. */
static void times_begin_late(void **state)
{
	struct fake late = { .ts = { NS_NONE, NS_NONE, 100 * S, 101 * S, 103 * S },
			     .n = 5,
			     .done = true };
	struct playhead_tape lt = { &late, fake_count, fake_done, fake_clock, fake_find };

	(void)state;
	playhead_play(&p, &lt, 0);
	playhead_tick(&p, &lt, 0);
	playhead_tick(&p, &lt, 200 * MS);
	assert_int_equal(p.n, 2);
	playhead_tick(&p, &lt, 1300 * MS);
	assert_int_equal(p.n, 3);
	playhead_tick(&p, &lt, 3300 * MS);
	assert_int_equal(p.n, 4);
}

static void far_times_do_not_overflow(void **state)
{
	struct fake far = { .ts = { INT64_MIN + 1, INT64_MAX - 1, INT64_MAX },
			    .n = 3,
			    .done = true };
	struct playhead_tape ft = { &far, fake_count, fake_done, fake_clock, fake_find };

	(void)state;
	playhead_set_speed(&p, 1000, 0);
	p.max_gap = S;
	playhead_play(&p, &ft, 0);
	assert_true(playhead_due(&p, &ft, 0) > 0);
	playhead_tick(&p, &ft, 2 * S);
	assert_int_equal(p.n, 1);
	playhead_tick(&p, &ft, INT64_MAX);
	assert_int_equal(p.n, 2);
}

static void marks(void **state)
{
	(void)state;
	assert_string_equal(playhead_mark(&p, 7, "late"), "late");
	assert_string_equal(playhead_mark(&p, 3, NULL), "1");
	assert_string_equal(playhead_mark(&p, 5, NULL), "2");
	assert_int_equal(playhead_next_mark(&p, 3, 1)->n, 5);
	assert_int_equal(playhead_next_mark(&p, 7, -1)->n, 5);
	assert_null(playhead_next_mark(&p, 7, 1));
	assert_null(playhead_next_mark(&p, 3, -1));
	playhead_mark(&p, 1, "late");
	assert_int_equal(p.marks.n, 3);
	assert_int_equal(playhead_find_mark(&p, "late")->n, 1);
	assert_int_equal(p.marks.v[0].n, 1);
	assert_true(playhead_unmark(&p, "1"));
	assert_false(playhead_unmark(&p, "1"));
	assert_string_equal(playhead_mark(&p, 9, NULL), "1");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(opens_paused_at_the_first),
		T(plays_by_tape_time),
		T(speeds),
		T(does_not_go_back_within_an_instant),
		T(gaps_are_cut),
		T(steps_stay_on_the_tape),
		T(seeks),
		T(waits_for_an_index_that_fills),
		T(rides_at_the_end),
		T(tape_without_times),
		T(times_begin_late),
		T(far_times_do_not_overflow),
		T(marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
