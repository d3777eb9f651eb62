/* Amounts of bytes and spans of time as people read them. */
#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void bytes(u64 v, const char *want)
{
	struct txt t;

	txt_init(&t);
	txt_bytes(&t, v);
	assert_string_equal(txt_str(&t), want);
	txt_fini(&t);
}

static void span(ns_t v, const char *want)
{
	struct txt t;

	txt_init(&t);
	txt_span(&t, v);
	assert_string_equal(txt_str(&t), want);
	txt_fini(&t);
}

static void test_bytes(void **state)
{
	(void)state;
	bytes(0, "    0 B ");
	bytes(999, "  999 B ");
	bytes(1000, " 1.00 kB");
	bytes(1054, " 1.05 kB");
	bytes(9994, " 9.99 kB");
	bytes(9995, " 10.0 kB");
	bytes(99949, " 99.9 kB");
	bytes(99950, "  100 kB");
	bytes(999499, "  999 kB");
	bytes(999500, " 1.00 MB");
	bytes(4550000000, " 4.55 GB");
	bytes(UINT64_MAX, " 18.4 EB");
}

static void test_span(void **state)
{
	(void)state;
	span(0, "0 ns");
	span(999, "999 ns");
	span(1000, "1.000 us");
	span(1050, "1.050 us");
	span(999999, "999.999 us");
	span(1000000, "1.000 ms");
	span(12345678, "12.346 ms");
	span(1000000000, "1.000 s");
	span(-1500000000, "-1.500 s");
	span(INT64_C(315360000) * NS_PER_S, "315360000.000 s");
	span(INT64_MAX, "9223372036.855 s");
	span(-INT64_MAX - 1, "-9223372036.855 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
