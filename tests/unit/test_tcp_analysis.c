/* Sequence analysis: each finding by hand, numbers that wrap, clocks that go back, and nonsense.
 * Whether it is what Wireshark says is compared by tests/tshark.sh. */
#include "flow/tcp_analysis.h"

#include "base/rand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { C, S }; /* client, server */

static struct tcp_analysis conn;
static struct tcp_report r;
static struct segment seg;
static u32 isn[2];

static void begin(u32 client, u32 server)
{
	tcp_analysis_fini(&conn);
	tcp_analysis_init(&conn, false);
	isn[C] = client;
	isn[S] = server;
	seg = (struct segment) { .ts = 1000 * NS_PER_S, .tcp.wscale = -1 };
}

/* A segment by relative numbers, `us` after the one before. */
static u16 say(int side, u16 flags, u32 seq, u32 ack, u32 len, u16 win, i64 us)
{
	seg.number++;
	seg.side = (u8)side;
	seg.ts += us * NS_PER_US;
	seg.len = len;
	seg.tcp.flags = flags;
	seg.tcp.seq = isn[side] + seq;
	seg.tcp.ack = flags & TCP_ACK ? isn[!side] + ack : 0;
	seg.tcp.win = win;
	tcp_analysis_see(&conn, &seg, &r);
	return r.found;
}

/* Three segments; the round trip is 10 ms. */
static void handshake(int wscale)
{
	seg.tcp.wscale = (i8)wscale;
	assert_int_equal(say(C, TCP_SYN, 0, 0, 0, 64000, 0), 0);
	assert_int_equal(say(S, TCP_SYN | TCP_ACK, 0, 1, 0, 64000, 9000), 0);
	seg.tcp.wscale = -1;
	assert_int_equal(say(C, TCP_ACK, 1, 1, 0, 1000, 1000), 0);
}

static void open_at(u32 client, u32 server)
{
	begin(client, server);
	handshake(7);
}

static int set_up(void **state)
{
	(void)state;
	memset(&conn, 0, sizeof conn);
	open_at(1000, 5000);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tcp_analysis_fini(&conn);
	return 0;
}

static void times_of_the_handshake(void **state)
{
	(void)state;
	assert_int_equal(r.initial_rtt, 10 * NS_PER_MS);
	assert_int_equal(r.acks_frame, 2);
	assert_int_equal(r.ack_rtt, NS_PER_MS);
	assert_int_equal(r.completeness, TCP_HAS_SYN | TCP_HAS_SYN_ACK);
	assert_int_equal(say(C, TCP_ACK | TCP_PSH, 1, 1, 100, 1000, 0), 0);
	assert_int_equal(r.completeness, TCP_HAS_SYN | TCP_HAS_SYN_ACK | TCP_HAS_ACK);
	assert_int_equal(r.in_flight, 100);
	say(S, TCP_ACK, 1, 101, 0, 1000, 50);
	assert_int_equal(r.acks_frame, 4);
	assert_int_equal(r.ack_rtt, 50 * NS_PER_US);
}

static void completeness_to_the_end(void **state)
{
	(void)state;
	say(C, TCP_ACK, 1, 1, 10, 1000, 0);
	say(C, TCP_FIN | TCP_ACK, 11, 1, 0, 1000, 0);
	say(S, TCP_RST, 1, 0, 0, 0, 0);
	say(S, TCP_RST, 1, 0, 0, 0, 0);
	assert_int_equal(r.completeness, 63);
}

static void begun_without_a_syn(void **state)
{
	(void)state;
	begin(0, 0);
	say(C, TCP_ACK, 100, 200, 10, 1000, 0);
	say(S, TCP_ACK, 200, 110, 0, 1000, 0);
	assert_int_equal(r.completeness, 0); /* nothing from the first one */
	assert_int_equal(r.initial_rtt, 0);
	say(S, TCP_ACK, 200, 110, 0, 1001, 0);
	assert_int_equal(r.completeness, TCP_HAS_ACK);
}

static void lost_and_acknowledged_unseen(void **state)
{
	(void)state;
	say(C, TCP_ACK, 1, 1, 100, 1000, 0);
	assert_int_equal(say(C, TCP_ACK, 201, 1, 100, 1000, 0), TCP_FOUND_LOST_SEGMENT);
	assert_int_equal(r.in_flight, 0); /* not known behind a hole */
	assert_int_equal(say(S, TCP_ACK, 1, 301, 0, 1000, 0), TCP_FOUND_ACK_LOST_SEGMENT);
	assert_int_equal(say(S, TCP_ACK, 1, 901, 0, 1000, 0), TCP_FOUND_ACK_LOST_SEGMENT);
	assert_int_equal(say(S, TCP_ACK, 1, 1901, 0, 1000, 0), 0); /* told once */
}

static void window_findings(void **state)
{
	(void)state;
	assert_int_equal(say(S, TCP_ACK, 1, 1, 0, 10, 0), TCP_FOUND_WINDOW_UPDATE);
	assert_int_equal(say(S, TCP_ACK, 1, 1, 0, 20, 0), TCP_FOUND_WINDOW_UPDATE);
	assert_int_equal(say(C, TCP_ACK, 1, 1, 1460, 1000, 0), 0);
	assert_int_equal(say(C, TCP_ACK, 1461, 1, 20 * 128 - 1460, 1000, 0), TCP_FOUND_WINDOW_FULL);
	assert_int_equal(say(S, TCP_ACK, 1, 2561, 0, 0, 0), TCP_FOUND_ZERO_WINDOW);
	assert_int_equal(say(C, TCP_ACK, 2561, 1, 1, 1000, 200000), TCP_FOUND_ZERO_WINDOW_PROBE);
	assert_int_equal(say(S, TCP_ACK, 1, 2561, 0, 0, 100),
			 TCP_FOUND_ZERO_WINDOW_PROBE_ACK | TCP_FOUND_ZERO_WINDOW);
	assert_int_equal(say(S, TCP_ACK, 1, 2561, 0, 20, 100), TCP_FOUND_WINDOW_UPDATE);
	/* The probe's byte once more, with others. */
	assert_int_equal(say(C, TCP_ACK, 2561, 1, 100, 1000, 100), 0);
}

static void a_window_of_a_syn_is_not_scaled(void **state)
{
	(void)state;
	begin(1000, 5000);
	seg.tcp.wscale = 7;
	say(C, TCP_SYN, 0, 0, 0, 64000, 0);
	say(S, TCP_SYN | TCP_ACK, 0, 1, 0, 1000, 0);
	seg.tcp.wscale = -1;
	assert_int_equal(say(C, TCP_ACK, 1, 1, 1000, 10, 0), TCP_FOUND_WINDOW_FULL);
	begin(1000, 5000);
	say(C, TCP_ACK, 1, 1, 10, 1000, 0);
	say(S, TCP_ACK, 1, 11, 0, 1000, 0);
	/* scaling unknown */
	assert_int_equal(say(C, TCP_ACK, 11, 1, 1000, 1000, 0), 0);
}

static void keep_alives(void **state)
{
	(void)state;
	say(C, TCP_ACK, 1, 1, 10, 1000, 0);
	say(S, TCP_ACK, 1, 11, 0, 1000, 0);
	for (u32 len = 0; len <= 1; len++) {
		assert_int_equal(say(C, TCP_ACK, 10, 1, len, 1000, 5000000), TCP_FOUND_KEEP_ALIVE);
		assert_int_equal(say(S, TCP_ACK, 1, 11, 0, 1000, 100), TCP_FOUND_KEEP_ALIVE_ACK);
	}
	assert_int_equal(say(S, TCP_ACK, 1, 11, 0, 1000, 100), TCP_FOUND_KEEP_ALIVE_ACK);
	say(C, TCP_ACK, 11, 1, 5, 1000, 0);
	assert_int_equal(say(S, TCP_ACK, 1, 11, 0, 1000, 100), TCP_FOUND_DUPLICATE_ACK);
}

/* Five segments of 100, the first acknowledged by packet 9, then `n` duplicates of that. */
static void duplicates(u32 n)
{
	for (u32 i = 0; i < 5; i++)
		say(C, TCP_ACK, 1 + i * 100, 1, 100, 1000, 100);
	assert_int_equal(r.in_flight, 500);
	assert_int_equal(say(S, TCP_ACK, 1, 101, 0, 1000, 9000), 0);
	for (u32 i = 1; i <= n; i++) {
		assert_int_equal(say(S, TCP_ACK, 1, 101, 0, 1000, 0), TCP_FOUND_DUPLICATE_ACK);
		assert_int_equal(r.dup_ack_num, i);
		assert_int_equal(r.dup_ack_frame, 9);
	}
}

static void fast_within_20_ms_of_two_duplicates(void **state)
{
	(void)state;
	duplicates(2);
	assert_int_equal(say(C, TCP_ACK, 101, 1, 100, 1000, 19999), TCP_FOUND_FAST_RETRANSMISSION);
	open_at(1000, 5000);
	duplicates(2);
	assert_int_equal(say(C, TCP_ACK, 101, 1, 100, 1000, 20000), TCP_FOUND_RETRANSMISSION);
	assert_int_equal(r.rto_frame, 5); /* of the oldest that waits */
	assert_int_equal(r.rto, (400 + 9000 + 20000 - 100) * NS_PER_US);
	open_at(1000, 5000);
	duplicates(1);
	assert_int_equal(say(C, TCP_ACK, 101, 1, 100, 1000, 19999), TCP_FOUND_RETRANSMISSION);
}

static void out_of_order_within_the_round_trip(void **state)
{
	(void)state;
	say(C, TCP_ACK, 1, 1, 100, 1000, 0);
	say(C, TCP_ACK, 201, 1, 100, 1000, 0);
	assert_int_equal(say(C, TCP_ACK, 101, 1, 100, 1000, 9999), TCP_FOUND_OUT_OF_ORDER);
	say(C, TCP_ACK, 401, 1, 100, 1000, 0);
	assert_int_equal(say(C, TCP_ACK, 301, 1, 100, 1000, 10000), TCP_FOUND_RETRANSMISSION);
	/* It ends where the next one is expected: the last one again. */
	assert_int_equal(say(C, TCP_ACK, 401, 1, 100, 1000, 0), TCP_FOUND_RETRANSMISSION);
	begin(0, 0); /* no handshake: 3 ms */
	say(C, TCP_ACK, 1, 1, 100, 1000, 0);
	say(C, TCP_ACK, 201, 1, 100, 1000, 0);
	assert_int_equal(say(C, TCP_ACK, 101, 1, 100, 1000, 2999), TCP_FOUND_OUT_OF_ORDER);
	assert_int_equal(say(C, TCP_ACK, 101, 1, 100, 1000, 1), TCP_FOUND_RETRANSMISSION);
}

static void spurious(void **state)
{
	(void)state;
	say(C, TCP_ACK, 1, 1, 100, 1000, 0);
	say(S, TCP_ACK, 1, 101, 0, 1000, 0);
	assert_int_equal(say(C, TCP_ACK, 1, 1, 100, 1000, 0), TCP_FOUND_SPURIOUS_RETRANSMISSION);
	assert_int_equal(say(C, TCP_ACK, 2, 1, 100, 1000, 300000), TCP_FOUND_RETRANSMISSION);
}

static void ports_used_again(void **state)
{
	(void)state;
	tcp_analysis_fini(&conn);
	tcp_analysis_init(&conn, true);
	assert_int_equal(say(C, TCP_SYN, 0, 0, 0, 1000, 0), TCP_FOUND_REUSED_PORTS);
	assert_int_equal(r.completeness, TCP_HAS_SYN);
	assert_true(r.said);
	assert_int_equal(say(C, TCP_SYN, 0, 0, 0, 1000, 1000000), TCP_FOUND_RETRANSMISSION);
	assert_int_equal(say(S, TCP_SYN | TCP_ACK, 0, 1, 0, 1000, 0), 0);
	assert_int_equal(say(S, TCP_SYN | TCP_ACK, 7777, 1, 0, 1000, 0) & TCP_FOUND_REUSED_PORTS,
			 TCP_FOUND_REUSED_PORTS);
}

static void sack_takes_off_what_is_in_flight(void **state)
{
	(void)state;
	duplicates(0);
	seg.tcp.nsack = 1;
	seg.tcp.sack[0].left = isn[C] + 201;
	seg.tcp.sack[0].right = isn[C] + 401;
	say(S, TCP_ACK, 1, 101, 0, 1000, 0);
	seg.tcp.nsack = 0;
	say(C, TCP_ACK | TCP_PSH, 501, 1, 50, 1000, 0);
	assert_int_equal(r.in_flight, 450 - 200);
	assert_int_equal(r.push_bytes, 550);
	say(C, TCP_ACK, 551, 1, 50, 1000, 0);
	assert_int_equal(r.push_bytes, 50);
}

static void fast_open(void **state)
{
	(void)state;
	begin(1000, 5000);
	seg.tcp.tfo = 2;
	say(C, TCP_SYN, 0, 0, 20, 1000, 0);
	assert_int_equal(r.tfo, TCP_TFO_SYN);
	seg.tcp.tfo = 0;
	say(S, TCP_SYN | TCP_ACK, 0, 1, 0, 1000, 0);
	assert_int_equal(r.tfo, TCP_TFO_IGNORED);
	say(S, TCP_SYN | TCP_ACK, 0, 21, 0, 1000, 0);
	assert_int_equal(r.tfo, TCP_TFO_ACCEPTED);
}

/* The same story wherever numbers begin. */
static void numbers_wrap(void **state)
{
	(void)state;
	for (u32 at = 0xfffffb00; at != 0x100; at += 64) {
		open_at(at, at + 77);
		duplicates(3);
		assert_int_equal(say(C, TCP_ACK, 101, 1, 100, 1000, 10),
				 TCP_FOUND_FAST_RETRANSMISSION);
		assert_int_equal(say(S, TCP_ACK, 1, 501, 0, 1000, 10), 0);
		assert_int_equal(r.acks_frame, 8);
		say(C, TCP_ACK, 501, 1, 100, 1000, 10);
		assert_int_equal(r.in_flight, 100);
	}
}

/* More than 4 GB, in segments of 64 KB. */
static void a_long_stream(void **state)
{
	u32 at = 1;

	(void)state;
	for (u32 i = 0; i < 70000; i++, at += 65000) {
		assert_int_equal(say(C, TCP_ACK, at, 1, 65000, 1000, 1), 0);
		assert_int_equal(r.in_flight, 65000);
		assert_int_equal(say(S, TCP_ACK, 1, at + 65000, 0, 1000, 1), 0);
		assert_int_equal(r.acks_frame, seg.number - 1);
	}
}

static void clocks(void **state)
{
	(void)state;
	say(C, TCP_ACK, 1, 1, 100, 1000, 0);
	say(C, TCP_ACK, 201, 1, 100, 1000, 0);
	/* Back by an hour: no interval is "within" a limit. */
	assert_int_equal(say(C, TCP_ACK, 101, 1, 100, 1000, -3600000000), TCP_FOUND_RETRANSMISSION);
	assert_int_equal(r.rto, -3600 * NS_PER_S);
	/* Ten years. */
	assert_int_equal(say(C, TCP_ACK, 301, 1, 100, 1000, INT64_C(315360000000000)), 0);
	say(S, TCP_ACK, 1, 401, 0, 1000, 0);
	assert_int_equal(r.acks_frame, 7);
	seg.ts = NS_NONE;
	say(S, TCP_ACK, 1, 401, 0, 1000, 0);
}

static void lists_are_bounded(void **state)
{
	u32 at = 1;

	(void)state;
	for (u32 i = 0; i < 3 * TCP_UNACKED_MAX; i++, at += 10)
		say(C, TCP_ACK, at, 1, 10, 1000, 1);
	assert_int_equal(r.in_flight, 10 * TCP_UNACKED_MAX);
	assert_true(tcp_analysis_extra(&conn) < 500000);
	say(S, TCP_ACK, 1, at, 0, 1000, 1);
	assert_true(tcp_analysis_extra(&conn) < 1000);
	assert_true(sizeof conn <= 320);
}

static void copies_go_on_alike(void **state)
{
	struct tcp_analysis copy;
	struct segment s;
	struct tcp_report ra, rb;

	(void)state;
	duplicates(3);
	tcp_analysis_copy(&copy, &conn);
	s = seg;
	for (u32 i = 0; i < 3; i++) {
		s.number++;
		s.side = (u8)(i & 1);
		s.tcp.seq = isn[i & 1] + 101 + i * 50;
		s.len = 100;
		tcp_analysis_see(&conn, &s, &ra);
		tcp_analysis_see(&copy, &s, &rb);
		assert_memory_equal(&ra, &rb, sizeof ra);
	}
	tcp_analysis_fini(&copy);
}

/* Random segments near each other and far off: nothing breaks, lists stay whole. */
static void nonsense(void **state)
{
	struct rnd rnd;

	(void)state;
	rnd_init(&rnd, 7);
	for (u32 round = 0; round < 200; round++) {
		begin(0xfffffff0, (u32)rnd_u64(&rnd));
		for (u32 i = 0; i < 1000; i++) {
			u32 v = (u32)rnd_u64(&rnd), w = (u32)rnd_u64(&rnd);
			u32 range = round % 4 == 0 ? 0xffffffff : round % 4 == 1 ? 5 : 3000;

			seg.tcp.nsack = w & 0x700 ? 0 : (u8)(1 + (w >> 11) % 4);
			seg.tcp.sack[0].left = v;
			seg.tcp.sack[0].right = w;
			seg.tcp.wscale = (i8)((w >> 16 & 15) - 1);
			seg.tcp.no_len = (w & 0xff000000) == 0;
			say((int)(v & 1),
			    v & 0x30 ? TCP_ACK : (u16)(v >> 6 & 0x1f) | (u16)(w >> 28),
			    (u32)rnd_u64(&rnd) % range, (u32)rnd_u64(&rnd) % range,
			    v & 2 ? 0 : (v >> 20) % (range < 10 ? 3 : 1500),
			    v & 0x1000 ? 0 : (u16)w, (i64)(w & 0xfffff) - 1000);
			for (u32 k = 0; k < 2; k++) {
				const struct tcp_unacked_list *l = &conn.side[k].unacked;

				assert_true(l->n <= TCP_UNACKED_MAX && l->head + l->n <= l->cap);
			}
		}
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(times_of_the_handshake),
		T(completeness_to_the_end),
		T(begun_without_a_syn),
		T(lost_and_acknowledged_unseen),
		T(window_findings),
		T(a_window_of_a_syn_is_not_scaled),
		T(keep_alives),
		T(fast_within_20_ms_of_two_duplicates),
		T(out_of_order_within_the_round_trip),
		T(spurious),
		T(ports_used_again),
		T(sack_takes_off_what_is_in_flight),
		T(fast_open),
		T(numbers_wrap),
		T(a_long_stream),
		T(clocks),
		T(lists_are_bounded),
		T(copies_go_on_alike),
		T(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
