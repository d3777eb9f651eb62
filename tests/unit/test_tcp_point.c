/* Where a capture was taken: handshakes made by hand. */
#include "flow/tcp_point.h"

#include "base/rand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { C, S };

static bool pass(struct tcp_point *p, int side, u16 flags, double ms, u32 tsval, u32 tsecr)
{
	struct segment s = { .side = (u8)side, .ts = 5 * NS_PER_S + (ns_t)(ms * NS_PER_MS) };

	s.tcp.flags = flags;
	s.tcp.seq = (side ? 900u : 0xffffffffu) + !(flags & TCP_SYN);
	s.tcp.ack = flags & TCP_ACK ? (side ? 0 : 901) : 0;
	s.tcp.has_ts = tsval != 0;
	s.tcp.tsval = tsval;
	s.tcp.tsecr = tsecr;
	return tcp_point_see(p, &s);
}

static struct tcp_point shake(double to_server, double to_client)
{
	struct tcp_point p;

	tcp_point_init(&p);
	assert_false(pass(&p, C, TCP_SYN, 0, 0, 0));
	assert_false(pass(&p, S, TCP_SYN | TCP_ACK, to_server, 0, 0));
	assert_true(pass(&p, C, TCP_ACK, to_server + to_client, 0, 0));
	assert_false(pass(&p, C, TCP_ACK, 1000, 0, 0));
	return p;
}

static void the_three_places(void **state)
{
	struct tcp_point p = shake(40, 0.05);

	(void)state;
	assert_int_equal(p.where, TCP_WHERE_CLIENT);
	assert_true(tcp_point_lag(&p, S) == 40 * NS_PER_MS);
	assert_true(tcp_point_lag(&p, C) == 50 * NS_PER_US);
	p = shake(0.02, 30);
	assert_int_equal(p.where, TCP_WHERE_SERVER);
	p = shake(10, 30);
	assert_int_equal(p.where, TCP_WHERE_BETWEEN);
	assert_true(tcp_point_lag(&p, S) == 10 * NS_PER_MS);
	assert_true(tcp_point_lag(&p, C) == 30 * NS_PER_MS);
	assert_int_equal(shake(7, 1).where, TCP_WHERE_CLIENT);
	assert_int_equal(shake(6.9, 1).where, TCP_WHERE_BETWEEN);
	assert_int_equal(shake(1, 7).where, TCP_WHERE_SERVER);
	assert_int_equal(shake(0, 0).where, TCP_WHERE_UNKNOWN);
	assert_int_equal(shake(-3, 5).where, TCP_WHERE_UNKNOWN); /* the clock went back */
}

/* SYN, SYN a second later, SYN-ACK: to which? */
static void a_syn_that_came_twice(void **state)
{
	struct tcp_point p;

	(void)state;
	tcp_point_init(&p);
	pass(&p, C, TCP_SYN, 0, 0, 0);
	pass(&p, C, TCP_SYN, 1000, 0, 0);
	pass(&p, S, TCP_SYN | TCP_ACK, 1040, 0, 0);
	assert_true(pass(&p, C, TCP_ACK, 1041, 0, 0));
	assert_true(tcp_point_lag(&p, S) == NS_NONE);
	assert_true(tcp_point_lag(&p, C) == NS_PER_MS);
	assert_int_equal(p.where, TCP_WHERE_UNKNOWN);
	/* A timestamp tells. */
	tcp_point_init(&p);
	pass(&p, C, TCP_SYN, 0, 100, 0);
	pass(&p, C, TCP_SYN, 1000, 1100, 0);
	pass(&p, S, TCP_SYN | TCP_ACK, 1040, 7, 1100);
	pass(&p, C, TCP_ACK, 1041, 1141, 7);
	assert_true(tcp_point_lag(&p, S) == 40 * NS_PER_MS);
	assert_int_equal(p.where, TCP_WHERE_CLIENT);
	/* It was the first. */
	tcp_point_init(&p);
	pass(&p, C, TCP_SYN, 0, 100, 0);
	pass(&p, C, TCP_SYN, 1000, 1100, 0);
	pass(&p, S, TCP_SYN | TCP_ACK, 1040, 7, 100);
	pass(&p, C, TCP_ACK, 1041, 1141, 7);
	assert_true(tcp_point_lag(&p, S) == NS_NONE);
}

static void a_syn_ack_that_came_twice(void **state)
{
	struct tcp_point p;

	(void)state;
	tcp_point_init(&p);
	pass(&p, C, TCP_SYN, 0, 0, 0);
	pass(&p, S, TCP_SYN | TCP_ACK, 20, 0, 0);
	pass(&p, S, TCP_SYN | TCP_ACK, 1020, 0, 0);
	assert_true(pass(&p, C, TCP_ACK, 1040, 0, 0));
	assert_true(tcp_point_lag(&p, S) == 20 * NS_PER_MS);
	assert_true(tcp_point_lag(&p, C) == NS_NONE);
	tcp_point_init(&p);
	pass(&p, C, TCP_SYN, 0, 5, 0);
	pass(&p, S, TCP_SYN | TCP_ACK, 20, 70, 5);
	pass(&p, S, TCP_SYN | TCP_ACK, 1020, 1070, 5);
	pass(&p, C, TCP_ACK, 1040, 1045, 1070);
	assert_true(tcp_point_lag(&p, C) == 20 * NS_PER_MS);
	assert_true(tcp_point_lag(&p, S) == 20 * NS_PER_MS);
	assert_int_equal(p.where, TCP_WHERE_BETWEEN);
}

static void handshakes_that_tell_nothing(void **state)
{
	struct tcp_point p;

	(void)state;
	/* Both ends open. */
	tcp_point_init(&p);
	pass(&p, C, TCP_SYN, 0, 0, 0);
	pass(&p, S, TCP_SYN, 1, 0, 0);
	pass(&p, S, TCP_SYN | TCP_ACK, 10, 0, 0);
	assert_false(pass(&p, C, TCP_ACK, 20, 0, 0));
	assert_int_equal(p.where, TCP_WHERE_UNKNOWN);
	/* Refused. */
	tcp_point_init(&p);
	pass(&p, C, TCP_SYN, 0, 0, 0);
	pass(&p, S, TCP_RST | TCP_ACK, 1, 0, 0);
	assert_true(p.over);
	/* Begun in the middle. */
	tcp_point_init(&p);
	pass(&p, C, TCP_ACK, 0, 0, 0);
	assert_true(p.over);
	/* Begun with the SYN-ACK: half of it. */
	tcp_point_init(&p);
	pass(&p, S, TCP_SYN | TCP_ACK, 0, 0, 0);
	assert_true(pass(&p, C, TCP_ACK, 12, 0, 0));
	assert_true(tcp_point_lag(&p, C) == 12 * NS_PER_MS);
	assert_true(tcp_point_lag(&p, S) == NS_NONE);
	assert_int_equal(p.where, TCP_WHERE_UNKNOWN);
	/* The server speaks before the ACK was seen: that still comes. */
	tcp_point_init(&p);
	pass(&p, C, TCP_SYN, 0, 0, 0);
	pass(&p, S, TCP_SYN | TCP_ACK, 10, 0, 0);
	assert_false(pass(&p, S, TCP_ACK, 11, 0, 0));
	assert_true(pass(&p, C, TCP_ACK, 20, 0, 0));
	assert_int_equal(p.where, TCP_WHERE_BETWEEN);
}

static void garbage(void **state)
{
	struct rnd r;

	(void)state;
	rnd_init(&r, 7);
	for (int i = 0; i < 100000; i++) {
		struct tcp_point p;

		tcp_point_init(&p);
		for (int j = 0; j < 6; j++) {
			struct segment s = { .side = (u8)rnd_below(&r, 2),
					     .ts = (ns_t)rnd_u64(&r) };

			s.tcp.seq = (u32)rnd_below(&r, 3);
			s.tcp.ack = (u32)rnd_below(&r, 4);
			s.tcp.flags = (u16)rnd_below(&r, 32);
			s.tcp.has_ts = rnd_below(&r, 2) != 0;
			tcp_point_see(&p, &s);
			assert_true(p.part[0] == NS_NONE || p.part[0] >= 0);
			assert_true(p.part[1] == NS_NONE || p.part[1] >= 0);
			assert_non_null(tcp_where_name((enum tcp_where)p.where));
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_three_places),
		cmocka_unit_test(a_syn_that_came_twice),
		cmocka_unit_test(a_syn_ack_that_came_twice),
		cmocka_unit_test(handshakes_that_tell_nothing),
		cmocka_unit_test(garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
