/* What is drawn of a conversation: extremes survive when columns are put together, numbers wrap,
 * clocks run backwards. */
#include "flow/tcp_series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { C, S };

static struct tcp_conn conn;
static struct tcp_seen seen;
static struct segment seg;
static struct tcp_series series;

static void say_at(ns_t ts, int side, u16 flags, u32 seq, u32 ack, u32 len)
{
	seg.number++;
	seg.side = (u8)side;
	seg.ts = ts;
	seg.ip_id++;
	seg.header = 40;
	seg.len = len;
	seg.tcp.flags = flags;
	seg.tcp.seq = seq;
	seg.tcp.ack = ack;
	tcp_conn_see(&conn, &seg, &seen);
	tcp_series_see(&series, &seg, &seen);
}

static void say(int side, u16 flags, u32 seq, u32 ack, u32 len)
{
	say_at(seg.ts + NS_PER_MS, side, flags, seq, ack, len);
}

static int set_up(void **state)
{
	(void)state;
	tcp_conn_init(&conn, true, false, NULL, false);
	tcp_series_init(&series, C);
	seg = (struct segment) { .ts = NS_PER_S, .ttl = 64, .tcp.wscale = -1, .tcp.win = 60000 };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tcp_conn_fini(&conn);
	tcp_series_fini(&series);
	return 0;
}

static void shake_hands(u32 isn)
{
	say(C, TCP_SYN, isn, 0, 0);
	say(S, TCP_SYN | TCP_ACK, 499, isn + 1, 0);
	say(C, TCP_ACK, isn + 1, 500, 0);
}

static const struct tcp_column *col(u32 i)
{
	assert_true(i < series.n);
	return &series.col[i];
}

static void a_segment_has_its_own_column(void **state)
{
	(void)state;
	shake_hands(99);
	say(C, TCP_ACK, 100, 500, 1000);
	say(S, TCP_ACK, 500, 1100, 0);
	assert_int_equal(series.n, 5);
	assert_int_equal(series.bin, 0);
	assert_int_equal(col(0)->flags, COLUMN_SYN);
	assert_int_equal(col(0)->span[SPAN_FRESH].lo, 0);
	assert_int_equal(col(3)->span[SPAN_FRESH].lo, 1);
	assert_int_equal(col(3)->span[SPAN_FRESH].hi, 1001);
	assert_false(tcp_range_any(col(3)->span[SPAN_AGAIN]));
	assert_int_equal(col(3)->at[LEVEL_FLIGHT], 1000);
	assert_int_equal(col(3)->header, 40);
	assert_int_equal(col(4)->at[LEVEL_ACK], 1001);
	assert_int_equal(col(4)->at[LEVEL_WINDOW], 61001);
	assert_int_equal(col(4)->goodput, 1000);
	assert_int_equal(col(4)->header, 0); /* the other side's */
	assert_true(tcp_range_any(col(4)->level[LEVEL_RTT]));
}

static void what_is_sent_again_or_lost_is_told_apart(void **state)
{
	(void)state;
	shake_hands(99);
	seg.lost = 1;
	say(C, TCP_ACK, 100, 500, 1000);
	seg.lost = 0;
	say(C, TCP_ACK, 1100, 500, 1000);
	seg.tcp.nsack = 1;
	seg.tcp.sack[0].left = 1100;
	seg.tcp.sack[0].right = 2100;
	say(S, TCP_ACK, 500, 100, 0);
	seg.tcp.nsack = 0;
	say_at(seg.ts + NS_PER_S, C, TCP_ACK, 100, 500, 1000);
	assert_int_equal(series.lost, 1);
	assert_int_equal(series.again, 1);
	assert_int_equal(col(3)->span[SPAN_LOST].hi, 1001);
	assert_int_equal(col(5)->nsack, 1);
	assert_int_equal(col(5)->sack[0].lo, 1001);
	assert_int_equal(col(5)->sack[0].hi, 2001);
	assert_int_equal(col(6)->span[SPAN_AGAIN].lo, 1);
	assert_int_equal(col(6)->again, 1000);
	assert_false(tcp_range_any(col(6)->span[SPAN_FRESH]));
}

static void a_copy_adds_nothing(void **state)
{
	struct segment again;

	(void)state;
	shake_hands(99);
	say(C, TCP_ACK, 100, 500, 1000);
	again = seg;
	again.number++;
	again.ttl--;
	again.iface = 1;
	tcp_conn_see(&conn, &again, &seen);
	assert_int_not_equal(seen.copy_of, 0);
	tcp_series_see(&series, &again, &seen);
	assert_int_equal(series.n, 4);
	assert_int_equal(series.segments, 4);
}

/* One segment of 100,000 is far ahead, one window is open wide, one acknowledgment comes late. */
static void extremes_survive(void **state)
{
	enum { SEGMENTS = 100000, FAR = 41234 };
	struct tcp_range r;
	struct tcp_bytes bins[10], sum = { 0 };
	u32 seq = 100;

	(void)state;
	shake_hands(99);
	for (u32 i = 0; i < SEGMENTS; i++) {
		say(C, TCP_ACK, i == FAR ? seq + 40000 : seq, 500, 10);
		seg.tcp.win = i == FAR ? 65535 : 60000;
		say_at(seg.ts + (i == FAR ? 777 : 100) * NS_PER_US, S, TCP_ACK, 500, seq + 10, 0);
		seq += 10;
	}
	assert_true(series.n <= SERIES_MAX);
	assert_true(series.n > SERIES_COLUMNS / 2);
	assert_true(series.bin > 0);
	assert_int_equal(series.segments, 3 + 2 * SEGMENTS);
	r = tcp_series_span(&series, SPAN_FRESH, 0, series.n);
	assert_int_equal(r.lo, 0);
	assert_int_equal(r.hi, 1 + 10 * SEGMENTS);
	r = tcp_series_level(&series, LEVEL_WINDOW, 0, series.n);
	assert_int_equal(r.hi, 1 + 10 * SEGMENTS + 60000);
	r = tcp_series_level(&series, LEVEL_RTT, 0, series.n);
	assert_int_equal(r.lo, 100 * NS_PER_US);
	assert_in_range(r.hi, 777 * NS_PER_US, 3 * NS_PER_MS);
	for (u32 i = 0; i < series.n; i++) {
		assert_true(col(i)->t0 <= col(i)->t1);
		assert_true(i == 0 || col(i - 1)->t1 <= col(i)->t0);
		if (col(i)->first <= 4 + 2 * FAR && col(i)->last >= 4 + 2 * FAR)
			assert_int_equal(col(i)->span[SPAN_FRESH].hi, 1 + 10 * FAR + 40010);
	}
	tcp_series_bins(&series, 0, series.n, series.begin, (series.clock - series.begin) / 9, 10,
			bins);
	for (int i = 0; i < 10; i++) {
		sum.goodput += bins[i].goodput;
		sum.header += bins[i].header;
	}
	assert_true(sum.goodput > 10 * SEGMENTS - 1 && sum.goodput < 10 * SEGMENTS + 1);
	assert_true(sum.header > 40 * (SEGMENTS + 2) - 1 && sum.header < 40 * (SEGMENTS + 2) + 1);
	/* Even bins of an even stream. */
	for (int i = 1; i < 8; i++)
		assert_in_range(bins[i].goodput, 110000, 112300);
}

static void numbers_wrap(void **state)
{
	u32 seq = UINT32_MAX - 4999;

	(void)state;
	shake_hands(seq - 1);
	for (int i = 0; i < 5; i++, seq += 1 << 30) /* more than 4 GB */
		say(C, TCP_ACK, seq, 500, 1 << 30);
	say(S, TCP_ACK, 500, seq, 0);
	assert_int_equal(col(7)->span[SPAN_FRESH].hi, 1 + 5 * (INT64_C(1) << 30));
	assert_int_equal(col(8)->at[LEVEL_ACK], 1 + 5 * (INT64_C(1) << 30));
	assert_int_equal(col(8)->goodput, 5 * (UINT64_C(1) << 30));
}

static void time_runs_backwards_and_leaps(void **state)
{
	(void)state;
	shake_hands(99);
	say_at(seg.ts - 5 * NS_PER_S, C, TCP_ACK, 100, 500, 10);
	assert_int_equal(col(3)->t0, col(2)->t0);
	say_at(NS_NONE, C, TCP_ACK, 110, 500, 10);
	assert_int_equal(col(4)->t0, col(2)->t0);
	say_at(INT64_C(315360000) * NS_PER_S, C, TCP_ACK, 120, 500, 10); /* ten years */
	for (u32 i = 0; i < 3 * SERIES_MAX; i++)
		say_at(seg.ts + 1, C, TCP_ACK, 130 + 10 * i, 500, 10);
	assert_true(series.n <= SERIES_MAX);
	assert_int_equal(tcp_series_span(&series, SPAN_FRESH, 0, series.n).hi,
			 31 + 30 * SERIES_MAX);
}

static void no_times_at_first(void **state)
{
	(void)state;
	say_at(NS_NONE, C, TCP_SYN, 99, 0, 0);
	say_at(NS_NONE, S, TCP_SYN | TCP_ACK, 499, 100, 0);
	say_at(50 * NS_PER_S, C, TCP_ACK, 100, 500, 0);
	assert_int_equal(series.begin, 50 * NS_PER_S);
	assert_int_equal(col(0)->t0, 50 * NS_PER_S);
}

static void what_is_forgotten_counts_on(void **state)
{
	(void)state;
	shake_hands(99);
	say(C, TCP_ACK, 100, 500, 1000);
	tcp_series_forget(&series);
	assert_int_equal(series.n, 0);
	say(C, TCP_ACK, 1100, 500, 1000);
	say(S, TCP_ACK, 500, 2100, 0);
	assert_int_equal(series.segments, 2);
	assert_int_equal(series.begin, col(0)->t0);
	assert_int_equal(col(0)->span[SPAN_FRESH].lo, 1001);
	assert_int_equal(col(1)->goodput, 2000);
}

static void begun_in_the_middle(void **state)
{
	(void)state;
	say(S, TCP_ACK, 500, 7000, 0);
	say(C, TCP_ACK, 7000, 500, 10);
	assert_int_equal(col(1)->span[SPAN_FRESH].lo, 1);
	assert_int_equal(col(1)->span[SPAN_FRESH].hi, 11);
}

static void found_by_time_and_packet(void **state)
{
	(void)state;
	shake_hands(99);
	assert_int_equal(tcp_series_before(&series, 0), 0);
	assert_int_equal(tcp_series_before(&series, col(1)->t0), 2);
	assert_int_equal(tcp_series_before(&series, col(1)->t0 - 1), 1);
	assert_int_equal(tcp_series_until(&series, 2), 2);
	assert_int_equal(tcp_series_until(&series, 99), 3);
}

static void many_sack_blocks_are_bounded(void **state)
{
	struct tcp_series copy;
	const struct tcp_column *c;

	(void)state;
	shake_hands(99);
	for (u32 i = 0; i < 2 * SERIES_MAX; i++) {
		seg.tcp.nsack = 1;
		seg.tcp.sack[0].left = 100 + 20 * (i % 50);
		seg.tcp.sack[0].right = 110 + 20 * (i % 50);
		say_at(seg.ts, S, TCP_ACK, 500, 100, 0);
	}
	c = col(series.n - 1);
	assert_in_range(c->nsack, 1, PKT_SACKS);
	for (u8 i = 1; i < c->nsack; i++)
		assert_true(c->sack[i - 1].hi < c->sack[i].lo);
	tcp_series_copy(&copy, &series);
	assert_memory_equal(copy.col, series.col, series.n * sizeof *series.col);
	tcp_series_fini(&copy);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_segment_has_its_own_column),
		TEST(what_is_sent_again_or_lost_is_told_apart),
		TEST(a_copy_adds_nothing),
		TEST(extremes_survive),
		TEST(numbers_wrap),
		TEST(time_runs_backwards_and_leaps),
		TEST(no_times_at_first),
		TEST(what_is_forgotten_counts_on),
		TEST(begun_in_the_middle),
		TEST(found_by_time_and_packet),
		TEST(many_sack_blocks_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
