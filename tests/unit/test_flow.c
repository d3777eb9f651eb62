/* Conversations: numbering, direction, reuse of ports, relative numbers, eviction. */
#include "flow/flow.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct end {
	u8 a[4];
	u16 port;
};

static const struct end h1 = { { 10, 0, 0, 1 }, 40112 }, h2 = { { 10, 0, 0, 2 }, 80 };

static u64 number;

/* A TCP segment from a to b, as the decoder would hand it over. */
static struct flow_view tcp(struct flow *fl, const struct end *a, const struct end *b, u16 flags,
			    u32 seq, u32 ack, int wscale, u64 scope)
{
	static struct frame f;
	static struct pkt k;
	struct flow_view v = { .known = false };

	f.number = ++number;
	f.ts = (ns_t)number * NS_PER_MS;
	k.frame = &f;
	k.facts = (struct facts) { .net = 4,
				   .l4 = 6,
				   .src = a->a,
				   .dst = b->a,
				   .sport = a->port,
				   .dport = b->port,
				   .scope = scope };
	k.facts.tcp.seq = seq;
	k.facts.tcp.ack = ack;
	k.facts.tcp.flags = flags;
	k.facts.tcp.wscale = (i8)wscale;
	flow_see(fl, &k, &v);
	return v;
}

static void both_directions_are_one_stream(void **state)
{
	struct flow *fl = flow_new(1024);
	struct flow_view a = tcp(fl, &h1, &h2, TCP_SYN, 1000, 0, 7, 0);
	struct flow_view b = tcp(fl, &h2, &h1, TCP_SYN | TCP_ACK, 5000, 1001, 2, 0);
	struct flow_view c = tcp(fl, &h1, &h2, TCP_ACK, 1001, 5001, -1, 0);

	(void)state;
	assert_int_equal(a.stream, 0);
	assert_int_equal(b.stream, 0);
	assert_false(a.reversed);
	assert_true(b.reversed);
	assert_int_equal(b.base_seq, 5000);
	assert_int_equal(b.base_ack, 1000);
	assert_int_equal(c.base_ack, 5000);
	assert_int_equal(c.wscale, 7);
	assert_int_equal(flow_count(fl), 1);
	flow_free(fl);
}

static void scaling_needs_both_sides(void **state)
{
	struct flow *fl = flow_new(1024);

	(void)state;
	tcp(fl, &h1, &h2, TCP_SYN, 1000, 0, 7, 0);
	tcp(fl, &h2, &h1, TCP_SYN | TCP_ACK, 5000, 1001, -1, 0);
	assert_int_equal(tcp(fl, &h1, &h2, TCP_ACK, 1001, 5001, -1, 0).wscale, -2);
	flow_free(fl);
}

static void begun_in_the_middle(void **state)
{
	struct flow *fl = flow_new(1024);
	struct flow_view v = tcp(fl, &h1, &h2, TCP_ACK, 7000, 9000, -1, 0);

	(void)state;
	assert_int_equal(v.base_seq, 6999);
	assert_int_equal(v.base_ack, 8999);
	assert_int_equal(v.wscale, -1);
	flow_free(fl);
}

static void ports_used_again(void **state)
{
	struct flow *fl = flow_new(1024);

	(void)state;
	assert_int_equal(tcp(fl, &h1, &h2, TCP_SYN, 1000, 0, 7, 0).stream, 0);
	assert_int_equal(tcp(fl, &h1, &h2, TCP_SYN, 1000, 0, 7, 0).stream,
			 0); /* the same SYN again */
	assert_int_equal(tcp(fl, &h1, &h2, TCP_SYN, 2000, 0, 7, 0).stream, 1);
	assert_int_equal(tcp(fl, &h2, &h1, TCP_SYN | TCP_ACK, 1, 2001, 7, 0).stream, 1);
	flow_free(fl);
}

static void scopes_are_apart(void **state)
{
	struct flow *fl = flow_new(1024);

	(void)state;
	assert_int_equal(tcp(fl, &h1, &h2, TCP_SYN, 1000, 0, 7, 42).stream, 0);
	assert_int_equal(tcp(fl, &h1, &h2, TCP_SYN, 1000, 0, 7, 43).stream, 1);
	flow_free(fl);
}

static void trackers_go_with_their_conversation(void **state)
{
	struct flow *fl = flow_new(1024);
	struct end a = h1;
	u32 conns;

	(void)state;
	tcp(fl, &h1, &h2, TCP_SYN, 1, 0, 7, 0);
	flow_tracked(fl, &conns);
	assert_int_equal(conns, 0); /* nobody asked */
	flow_track(fl, FLOW_ANALYSIS);
	for (u32 i = 0; i < 3000; i++) {
		struct flow_view v;

		a.port = (u16)(1000 + i);
		v = tcp(fl, &a, &h2, TCP_SYN, i, 0, 7, 0);
		assert_non_null(v.tcp);
		assert_int_equal(v.tcp->found, 0);
		v = tcp(fl, &a, &h2, TCP_SYN, i + 1, 0, 7, 0);
		assert_int_equal(v.tcp->found, TCP_FOUND_REUSED_PORTS);
		assert_int_equal(flow_conn(fl)->segments, 1);
		v = tcp(fl, &h2, &a, TCP_SYN | TCP_ACK, 0, i + 2, 7, 0);
		assert_int_equal(v.tcp->acks_frame, number - 1);
	}
	assert_true(flow_tracked(fl, &conns) < 1024 * 1000);
	assert_int_equal(conns, 1024);
	flow_free(fl);
}

/* What an ICMP error quotes did not travel: it moves no tracker. */
static void quoted_segments_do_not_count(void **state)
{
	struct flow *fl = flow_new(1024);
	struct frame f = { .number = 3 };
	struct pkt k = { .frame = &f, .quoted = true };
	struct flow_view v = { .known = false };

	(void)state;
	flow_track(fl, FLOW_ANALYSIS);
	number = 0;
	tcp(fl, &h1, &h2, TCP_SYN, 1000, 0, 7, 0);
	tcp(fl, &h2, &h1, TCP_SYN | TCP_ACK, 5000, 1001, 7, 0);
	k.facts = (struct facts) {
		.net = 4, .l4 = 6, .src = h1.a, .dst = h2.a, .sport = h1.port, .dport = h2.port
	};
	k.facts.tcp.seq = 1000;
	k.facts.tcp.flags = TCP_SYN;
	flow_see(fl, &k, &v);
	assert_int_equal(v.tcp->found, 0);
	assert_int_equal(v.tcp->completeness, TCP_HAS_SYN | TCP_HAS_SYN_ACK);
	assert_int_equal(flow_conn(fl)->segments, 2);
	flow_free(fl);
}

/* A FIN or RST ends what went on before it; a SYN-ACK says where numbers begin. */
static void what_ends_and_what_begins(void **state)
{
	struct flow *fl = flow_new(1024);

	(void)state;
	assert_int_equal(tcp(fl, &h1, &h2, TCP_RST, 999, 0, -1, 0).stream, 0);
	assert_int_equal(tcp(fl, &h1, &h2, TCP_SYN, 998, 0, 7, 0).stream, 0);
	assert_int_equal(tcp(fl, &h1, &h2, TCP_FIN, 999, 0, 7, 0).stream, 0);
	assert_int_equal(tcp(fl, &h1, &h2, TCP_SYN, 998, 0, 7, 0).stream, 0);
	assert_int_equal(tcp(fl, &h1, &h2, TCP_FIN | TCP_ACK, 999, 1, 7, 0).stream, 0);
	assert_int_equal(tcp(fl, &h1, &h2, TCP_SYN, 998, 0, 7, 0).stream, 1);
	assert_int_equal(tcp(fl, &h2, &h1, TCP_SYN | TCP_ACK, 70, 999, 7, 0).base_seq, 70);
	assert_int_equal(tcp(fl, &h2, &h1, TCP_SYN | TCP_ACK, 90, 999, 7, 0).base_seq, 90);
	flow_free(fl);
}

/* A look at an earlier packet finds the conversation of that time, not the one that came after it.
 */
static void looking_back(void **state)
{
	struct flow *fl = flow_new(1024);
	struct frame f = { .number = 0 };
	struct pkt k = { .frame = &f };
	struct flow_view v = { .known = false };

	(void)state;
	number = 0;
	tcp(fl, &h1, &h2, TCP_SYN, 1000, 0, 7, 0);
	tcp(fl, &h1, &h2, TCP_SYN, 2000, 0, 7, 0);
	k.facts = (struct facts) {
		.net = 4, .l4 = 6, .src = h2.a, .dst = h1.a, .sport = h2.port, .dport = h1.port
	};
	f.number = 1;
	flow_look(fl, &k, &v);
	assert_true(v.known);
	assert_true(v.reversed);
	assert_int_equal(v.stream, 0);
	f.number = 2;
	flow_look(fl, &k, &v);
	assert_int_equal(v.stream, 1);
	flow_free(fl);
}

static void the_oldest_goes(void **state)
{
	struct flow *fl = flow_new(1024);
	struct end a = h1;
	struct conv c;

	(void)state;
	for (u32 i = 0; i < 3000; i++) {
		a.port = (u16)(1000 + i);
		assert_int_equal(tcp(fl, &a, &h2, TCP_SYN, i, 0, 7, 0).stream, i);
	}
	assert_int_equal(flow_count(fl), 3000);
	assert_int_equal(flow_evicted(fl), 3000 - 1024);
	assert_false(flow_get(fl, 3000 - 1024 - 1, &c));
	assert_true(flow_get(fl, 3000 - 1024, &c));
	assert_int_equal(c.port[0], (u16)(1000 + 3000 - 1024));
	assert_false(flow_get(fl, 3000, &c));
	a.port = (u16)(1000 + 2999);
	assert_int_equal(tcp(fl, &a, &h2, TCP_ACK, 3000, 1, -1, 0).stream, 2999);
	flow_free(fl);
}

/* ---- one writes, another reads ---- */

enum { RUN = 200000 };

struct race {
	struct flow *fl;
	_Atomic bool over;
	u64 got, wrong;
};

/* Everything about conversation i can be told from i. */
static void race_end(struct end *e, u32 i)
{
	store_be32(e->a, i);
	e->port = (u16)(i * 7);
}

static bool as_it_must_be(const struct conv *c, u32 i)
{
	return c->id == i && c->stream == i && c->first == i + 1 && load_be32(c->addr[0]) == i &&
	       c->port[0] == (u16)(i * 7) && c->first_ts == (ns_t)(i + 1) * NS_PER_MS &&
	       memcmp(c->addr[1], h2.a, 4) == 0;
}

static void race_look(struct race *r, u32 i)
{
	struct flow_view v = { .known = false };
	struct frame f = { .number = i + 1 };
	struct pkt k = { .frame = &f };
	struct end e;

	race_end(&e, i);
	k.facts = (struct facts) {
		.net = 4, .l4 = 6, .src = h2.a, .dst = e.a, .sport = h2.port, .dport = e.port
	};
	flow_look(r->fl, &k, &v);
	if (!v.known)
		return;
	r->got++;
	r->wrong += v.id != i || v.stream != i || !v.reversed || !v.has_base_ack || v.base_ack != i;
}

/* Asks all the time for the conversations that go next. */
static void *race_run(void *arg)
{
	struct race *r = arg;
	u32 n = 0;

	while (!r->over) {
		u32 i = flow_evicted(r->fl) + n++ % 4;
		struct conv c;

		if (i < flow_count(r->fl) && flow_get(r->fl, i, &c)) {
			r->got++;
			r->wrong += !as_it_must_be(&c, i);
		}
		race_look(r, i);
	}
	return NULL;
}

static void read_while_written(void **state)
{
	struct race r = { .fl = flow_new(1024) };
	pthread_t thread;

	(void)state;
	number = 0;
	assert_int_equal(pthread_create(&thread, NULL, race_run, &r), 0);
	for (u32 i = 0; i < RUN; i++) {
		struct end e;

		race_end(&e, i);
		tcp(r.fl, &e, &h2, TCP_SYN, i, 0, 7, 0);
	}
	r.over = true;
	pthread_join(thread, NULL);
	assert_int_equal(r.wrong, 0);
	assert_true(r.got > 0);
	flow_free(r.fl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_directions_are_one_stream),
		cmocka_unit_test(scaling_needs_both_sides),
		cmocka_unit_test(begun_in_the_middle),
		cmocka_unit_test(ports_used_again),
		cmocka_unit_test(scopes_are_apart),
		cmocka_unit_test(trackers_go_with_their_conversation),
		cmocka_unit_test(quoted_segments_do_not_count),
		cmocka_unit_test(what_ends_and_what_begins),
		cmocka_unit_test(looking_back),
		cmocka_unit_test(the_oldest_goes),
		cmocka_unit_test(read_while_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
