/* One connection's trackers together: copies of packets move nothing, sums outlive the trackers. */
#include "flow/tcp_conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { C, S };

static struct tcp_conn conn;
static struct tcp_seen seen;
static struct segment seg;

static void say(int side, u16 flags, u32 seq, u32 ack, u32 len)
{
	seg.number++;
	seg.side = (u8)side;
	seg.ts += NS_PER_MS;
	seg.ip_id++;
	seg.len = len;
	seg.tcp.flags = flags;
	seg.tcp.seq = seq;
	seg.tcp.ack = ack;
	tcp_conn_see(&conn, &seg, &seen);
}

/* The last segment once more, as another place saw it. */
static u32 see_again(u8 ttl, u32 iface)
{
	struct segment s = seg;

	s.number = ++seg.number;
	s.ts += NS_PER_MS;
	s.ttl = ttl;
	s.iface = iface;
	tcp_conn_see(&conn, &s, &seen);
	return seen.copy_of;
}

static int set_up(void **state)
{
	(void)state;
	tcp_conn_init(&conn, true, false, NULL, false);
	seg = (struct segment) { .ts = NS_PER_S, .ttl = 64, .tcp.wscale = -1, .tcp.win = 60000 };
	say(C, TCP_SYN, 99, 0, 0);
	say(S, TCP_SYN | TCP_ACK, 499, 100, 0);
	say(C, TCP_ACK, 100, 500, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tcp_conn_fini(&conn);
	return 0;
}

static void a_copy_moves_nothing(void **state)
{
	struct tcp_cong_out before;

	(void)state;
	say(C, TCP_ACK, 100, 500, 1000);
	before = seen.cong[C];
	assert_int_equal(before.flight, 1000);
	assert_int_equal(see_again(63, 0), 4); /* behind a router */
	assert_int_equal(seen.cong[C].flight, 1000);
	assert_int_equal(seen.cong[C].phase, before.phase);
	assert_false(seen.cong[C].again);
	assert_int_equal(seen.ends.state[S], TCPS_ESTABLISHED);
	assert_int_equal(see_again(64, 1), 4); /* at another interface */
	assert_int_equal(see_again(64, 0), 4); /* by its identification alone */
	assert_int_equal(conn.whole->copied, 3);
}

static void a_retransmission_is_none(void **state)
{
	(void)state;
	say(C, TCP_ACK, 100, 500, 1000);
	seg.ip_id++; /* a host numbers each packet that it sends */
	assert_int_equal(see_again(64, 0), 0);
	assert_true(seen.cong[C].again);
	seg.ip_id = 0; /* says nothing: the same place and hop limit are no sign of a copy */
	assert_int_equal(see_again(64, 0), 0);
	assert_int_equal(see_again(64, 0), 0);
	assert_int_not_equal(see_again(64, 1), 0);
}

static void too_late_for_a_copy(void **state)
{
	(void)state;
	say(C, TCP_ACK, 100, 500, 1000);
	seg.ts += 2 * NS_PER_S;
	assert_int_equal(see_again(63, 0), 0);
}

static void other_numbers_are_none(void **state)
{
	(void)state;
	say(C, TCP_ACK, 100, 500, 1000);
	seg.tcp.ack++;
	assert_int_equal(see_again(63, 0), 0);
}

static void sums_outlive_the_trackers(void **state)
{
	struct tcp_sum a, b;

	(void)state;
	say(C, TCP_ACK, 100, 500, 1000);
	say(S, TCP_ACK, 500, 1100, 0);
	say(C, TCP_ACK | TCP_FIN, 1100, 500, 0);
	say(S, TCP_ACK | TCP_FIN, 500, 1101, 0);
	assert_false(tcp_conn_over(&conn));
	say(C, TCP_ACK, 1101, 501, 0);
	assert_true(tcp_conn_over(&conn));
	tcp_conn_sum(&conn, &a);
	assert_int_equal(a.state[C], TCPS_TIME_WAIT);
	assert_int_equal(a.state[S], TCPS_CLOSED);
	assert_int_equal(a.goodput[C], 1000);
	assert_true(a.samples[C] > 0);
	tcp_conn_shrink(&conn);
	assert_null(conn.whole);
	assert_true(tcp_conn_size(&conn) < 1000);
	tcp_conn_sum(&conn, &b);
	assert_memory_equal(&a, &b, sizeof a);
	say(C, TCP_ACK, 1101, 501, 0); /* comes late */
	tcp_conn_sum(&conn, &b);
	assert_true(b.partly);
	assert_int_equal(b.goodput[C], 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_copy_moves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_retransmission_is_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_late_for_a_copy, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_numbers_are_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sums_outlive_the_trackers, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("conn", tests, NULL, NULL);
}
