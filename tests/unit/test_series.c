/* What drawings need of a conversation of the tape: collected piece by piece it is what one pass
 * gives, and a part looked at more closely has a column a segment. */
#include "tape/series.h"

#include "packet/registry.h"
#include "tape/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PACKETS = 20000, FRAME = 54, LEN = 1000 };

static struct tape *tape;
static struct flow *fl;
static struct trace *trace;
static struct pass *pass;
static struct conv conv;

/* One sender, an acknowledgment for each second segment, the numbers wrap on the way; every third
 * packet is of another conversation. */
static void append(u64 n)
{
	static u32 seq = UINT32_MAX - 5000000, ack;
	bool other = n % 3 == 2, back = !other && n % 6 == 4;
	struct err e = ERR_INIT;
	u8 p[FRAME] = { 0 };
	struct frame f = { .data = p,
			   .caplen = FRAME,
			   .len = FRAME + (back || other ? 0 : LEN),
			   .link = 1,
			   .ts = NS_PER_S + (ns_t)n * 100 * NS_PER_US };

	p[12] = 8;
	p[14] = 0x45;
	store_be16(p + 16, (u16)(40 + (back || other ? 0 : LEN)));
	p[22] = 64;
	p[23] = 6;
	p[29] = back ? 2 : 1;
	p[33] = back ? 1 : 2;
	store_be16(p + 34, back ? 9 : other ? 77 : 1000);
	store_be16(p + 36, back ? 1000 : 9);
	store_be32(p + 38, back ? 1 : seq);
	if (back)
		ack = seq;
	store_be32(p + 42, back ? ack : 1);
	p[46] = 0x50;
	p[47] = TCP_ACK;
	store_be16(p + 48, 5000);
	if (!back && !other)
		seq += LEN;
	assert_int_equal(tape_append(tape, &f, &e), 0);
}

static int set_up(void **state)
{
	struct err e = ERR_INIT;
	struct tape_iface iface = { .link = 1 };

	(void)state;
	registry_init();
	tape = tape_new(NULL, false, &e);
	assert_non_null(tape);
	assert_int_equal(tape_add_iface(tape, &iface, &e), 0);
	fl = flow_new(1 << 12);
	trace = trace_new();
	for (u64 n = 0; n < PACKETS; n++)
		append(n);
	assert_int_equal(tape_finish(tape, &e), 0);
	flow_track(fl, FLOW_WHOLE);
	pass = pass_new(tape, fl, trace);
	while (tape_passed(tape) < PACKETS)
		usleep(1000);
	assert_true(flow_get(fl, 0, &conv));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pass_free(pass);
	trace_free(trace);
	flow_free(fl);
	tape_close(tape);
	return 0;
}

static void pieces_are_the_whole(void **state)
{
	struct series *a = series_new(tape, fl, trace, &conv),
		      *b = series_new(tape, fl, trace, &conv);
	const struct tcp_series *x, *y;

	(void)state;
	series_work(a, PACKETS, UINT32_MAX);
	assert_true(series_ready(a, PACKETS));
	while (!series_ready(b, PACKETS)) {
		assert_true(series_part(b, PACKETS) < 1);
		series_work(b, PACKETS, 777);
	}
	for (int side = 0; side < 2; side++) {
		x = series_side(a, side);
		y = series_side(b, side);
		assert_int_equal(x->n, y->n);
		assert_int_equal(x->segments, PACKETS * 2 / 3 + 1);
		assert_memory_equal(x->col, y->col, x->n * sizeof *x->col);
	}
	series_free(a);
	series_free(b);
}

static void closer_is_the_same(void **state)
{
	struct series *s = series_new(tape, fl, trace, &conv);
	const struct tcp_series *all, *near;
	u32 from, to, n = 0;

	(void)state;
	series_work(s, PACKETS, UINT32_MAX);
	all = series_side(s, 0);
	assert_true(all->bin > 0);
	from = all->n / 2;
	to = from + 100;
	near = series_closer(s, 0, from, to);
	assert_non_null(near);
	assert_int_equal(near->bin, 0);
	for (u32 i = from; i < to; i++)
		n += all->col[i].n;
	assert_int_equal(near->n, n);
	assert_true(n > 100);
	assert_int_equal(tcp_series_span(near, SPAN_FRESH, 0, n).lo,
			 tcp_series_span(all, SPAN_FRESH, from, to).lo);
	assert_int_equal(tcp_series_span(near, SPAN_FRESH, 0, n).hi,
			 tcp_series_span(all, SPAN_FRESH, from, to).hi);
	assert_int_equal(tcp_series_level(near, LEVEL_ACK, 0, n).hi,
			 tcp_series_level(all, LEVEL_ACK, from, to).hi);
	assert_int_equal(tcp_series_level(near, LEVEL_FLIGHT, 0, n).hi,
			 tcp_series_level(all, LEVEL_FLIGHT, from, to).hi);
	assert_ptr_equal(series_closer(s, 0, from, to), near); /* kept */
	assert_null(series_closer(s, 0, 0, all->n));	       /* too many */
	assert_null(series_closer(s, 0, 5, 5));
	/* It does not disturb what goes on. */
	assert_int_equal(series_side(s, 0)->segments, PACKETS * 2 / 3 + 1);
	series_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_the_whole),
		cmocka_unit_test(closer_is_the_same),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
