/* A stream put in order: late, repeated, overlapping, missing and cut segments; sequence numbers
 * that wrap. */
#include "base/rand.h"
#include "base/txt.h"
#include "flow/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void collect(void *arg, int side, u64 packet, const u8 *p, size_t n, u64 missing)
{
	struct txt *t = arg;

	(void)packet;
	if (missing > 0)
		txt_printf(t, "<%llu>", (unsigned long long)missing);
	if (side == 1)
		txt_putc(t, '|');
	txt_putn(t, (const char *)p, n);
}

static void put(struct stream *s, u32 seq, const char *text)
{
	stream_segment(s, 0, 1, seq, false, (const u8 *)text, (u32)strlen(text), (u32)strlen(text));
}

#define BEGIN(base)                  \
	struct txt t;                \
	struct stream *s;            \
	(void)state;                 \
	txt_init(&t);                \
	s = stream_new(collect, &t); \
	stream_segment(s, 0, 1, (base)-1, true, NULL, 0, 0)
#define END(expected)                               \
	stream_end(s);                              \
	assert_string_equal(txt_str(&t), expected); \
	stream_free(s);                             \
	txt_fini(&t)

static void in_order(void **state)
{
	BEGIN(100);
	put(s, 100, "abc");
	put(s, 103, "def");
	END("abcdef");
}

static void late(void **state)
{
	BEGIN(100);
	put(s, 103, "def");
	put(s, 109, "jkl");
	put(s, 106, "ghi");
	assert_int_equal(t.n, 0);
	put(s, 100, "abc");
	END("abcdefghijkl");
}

static void repeated_and_overlapping(void **state)
{
	BEGIN(100);
	put(s, 100, "abc");
	put(s, 100, "abc");
	put(s, 102, "cdef");
	put(s, 101, "b");
	put(s, 104, "efgh");
	END("abcdefgh");
}

static void a_hole(void **state)
{
	BEGIN(100);
	put(s, 100, "abc");
	put(s, 110, "xyz");
	put(s, 120, "end");
	END("abc<7>xyz<7>end");
}

static void cut_by_the_capture(void **state)
{
	BEGIN(100);
	stream_segment(s, 0, 1, 100, false, (const u8 *)"abc", 3, 10);
	put(s, 110, "xyz");
	END("abc<7>xyz");
}

static void around_zero(void **state)
{
	BEGIN(0xfffffffe);
	put(s, 1, "def");
	put(s, 0xfffffffe, "abc");
	END("abcdef");
}

static void begun_without_syn(void **state)
{
	struct txt t;
	struct stream *s;

	(void)state;
	txt_init(&t);
	s = stream_new(collect, &t);
	put(s, 5000, "abc");
	stream_segment(s, 1, 1, 9000, false, (const u8 *)"ok", 2, 2);
	put(s, 5003, "def");
	END("abc|okdef");
}

/* Any order and any overlap of pieces gives the text back. */
static void any_order(void **state)
{
	static const char text[] =
		"the quick brown fox jumps over the lazy dog and runs away from all of this";
	struct rnd r;

	rnd_init(&r, 7);
	for (int round = 0; round < 2000; round++) {
		u32 base = (u32)rnd_u64(&r);
		BEGIN(base);
		for (int i = 0; i < 60; i++) {
			u32 at = (u32)rnd_below(&r, sizeof text - 1),
			    n = 1 + (u32)rnd_below(&r, sizeof text - 1 - at);

			stream_segment(s, 0, 1, base + at, false, (const u8 *)text + at, n, n);
		}
		for (u32 at = 0; at < sizeof text - 1; at++)
			stream_segment(s, 0, 1, base + at, false, (const u8 *)text + at, 1, 1);
		END(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(late),
		cmocka_unit_test(repeated_and_overlapping),
		cmocka_unit_test(a_hole),
		cmocka_unit_test(cut_by_the_capture),
		cmocka_unit_test(around_zero),
		cmocka_unit_test(begun_without_syn),
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
