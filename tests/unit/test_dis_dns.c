/* DNS: names and their pointers, record types, EDNS, TCP, and bytes that mean harm. */
#include "app.h"

#include <stdio.h>

static void test_query(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 40000, 53,
		    "1234 0100 0001 0000 0000 0001 03'www'07'example'03'org'00 "
		    "001c 0001 00 0029 1000 00008000 000c 000a0008'12345678'");
	app_expect(&a, "dns.qry.name", "www.example.org");
	app_expect(&a, "dns.qry.type", "28");
	app_expect(&a, "dns.count.labels", "3");
	app_expect(&a, "dns.flags", "0x0100");
	app_expect(&a, "dns.flags.authoritative", ""); /* not in a query */
	app_expect(&a, "dns.resp.name", "<Root>");
	app_expect(&a, "dns.resp.z.do", "1");
	app_expect(&a, "dns.opt.cookie.client", "3132333435363738");
	assert_string_equal(app_info(&a), "Query AAAA www.example.org");
	app_torture(&a);
	app_fini(&a);
}

static void test_compression(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 53, 40000,
		    "1234 8180 0001 0003 0000 0000 01'a'01'b'00 0001 0001 "
		    "c00c 0005 0001 0000012c 0004 01'c'c00e c00c 0001 0001 0000012c 0004 c0000201 "
		    "c00c 000f 0001 0000012c 0006 000a 01'm'c00e");
	app_expect(&a, "dns.resp.name", "a.b;a.b;a.b");
	app_expect(&a, "dns.cname", "c.b");
	app_expect(&a, "dns.a", "192.0.2.1");
	app_expect(&a, "dns.mx.mail_exchange", "m.b");
	assert_string_equal(app_info(&a), "Response A a.b: CNAME c.b, A 192.0.2.1, MX m.b");
	app_torture(&a);
	app_fini(&a);
}

/* Pointers to themselves, to each other, to nowhere; names and labels that are too long. */
static void test_bad_names(void **state)
{
	static const char *const loops[] = { "c00c", "01'a'c00c", "c00e c00c",
					     "01'a'c010 01'b'c00c" };
	struct app a;
	u32 at;

	(void)state;
	app_init(&a);
	for (unsigned i = 0; i < ARRAY_LEN(loops); i++) {
		char hex[128];

		snprintf(hex, sizeof hex, "1234 0100 0001 0000 0000 0000 %s 0001 0001", loops[i]);
		app_message(&a, 17, 40000, 53, hex);
		app_expect(&a, "dns.qry.name", "<Name contains a pointer that loops>");
		app_torture(&a);
	}
	app_message(&a, 17, 40000, 53, "1234 0100 0001 0000 0000 0000 c0ff 0001 0001");
	app_expect(&a, "dns.qry.name", "");
	assert_true(app_marks(&a) & 1u << MARK_MALFORMED);
	app_message(&a, 17, 40000, 53, "1234 0100 0001 0000 0000 0000 800c 0001 0001");
	assert_true(app_marks(&a) & 1u << MARK_MALFORMED);
	app_message(&a, 17, 40000, 53, "1234 0100 0001 0000 0000 0000 ");
	at = a.n;
	for (unsigned i = 0; i < 5; i++) {
		a.p[a.n] = 60;
		memset(a.p + a.n + 1, 'x', 60);
		a.n += 61;
	}
	memcpy(a.p + a.n, "\0\0\1\0\1", 5);
	a.n += 5;
	app_lengths(&a);
	app_expect(&a, "dns.qry.name", "<Name too long>");
	app_expect(&a, "dns.qry.type", "1");
	a.p[at] = 62; /* and no longer in step */
	app_torture(&a);
	app_fini(&a);
}

/* Thousands of records, each a pointer to a long chain of pointers: work must stay bounded. */
static void test_bomb(void **state)
{
	static u8 p[65535];
	struct frame f = { .number = 1, .data = p, .caplen = sizeof p, .len = sizeof p, .link = 1 };
	struct app a;
	u32 n;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 53, 40000, "1234 8180 0001 ffff ffff ffff");
	memcpy(p, a.p, a.n);
	n = a.n;
	for (u32 i = 0; i < 4000; i++, n += 4) { /* label "x", pointer to the one before */
		p[n] = 1;
		p[n + 1] = 'x';
		store_be16(p + n + 2, (u16)(0xc000 | (i == 0 ? 11 : 12 + (i - 1) * 4)));
	}
	while (n + 12 <= sizeof p) {
		store_be16(p + n, 0xc000 | (12 + 3999 * 4));
		memset(p + n + 2, 0, 10);
		n += 12;
	}
	store_be16(p + 16, sizeof p - 14);
	store_be16(p + 38, sizeof p - 34);
	for (unsigned i = 0; i < 50; i++)
		pkt_decode(&a.k, &f, &a.all);
	assert_true(a.k.nvals < 100000);
	app_fini(&a);
}

static void test_tcp(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 6, 40000, 53,
		    "0011 1234 0100 0001 0000 0000 0000 00 0002 0001 "
		    "0040 4321 0100 0001 0000 0000 0000 03'abc'");
	app_expect(&a, "dns.length", "17;64");
	app_expect(&a, "dns.id", "0x1234;0x4321");
	app_expect(&a, "dns.qry.name", "<Root>");
	assert_int_equal(app_marks(&a), 0); /* cut by the segment's end, not by fault */
	app_torture(&a);
	app_fini(&a);
}

static void test_records(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 5353, 5353,
		    "0000 8400 0000 0005 0000 0000 "
		    "04'_ssh'04'_tcp'05'local'00 0021 8001 00000078 0009 0000 0000 0016 01'h'00 "
		    "01'h'00 0010 0001 00000078 0008 02'hi'04'text' "
		    "00 0041 0001 00000078 0019 0001 00 0001 0006 02'h2'02'h3' 0004 0008 01020304 "
		    "05060708 "
		    "00 002f 0001 00000078 0007 00 0004 40000008 "
		    "00 0030 0001 00000078 0008 0101 03 08 00010203");
	app_expect(&a, "dns.srv.service", "_ssh");
	app_expect(&a, "dns.srv.name", "local");
	app_expect(&a, "dns.srv.port", "22");
	app_expect(&a, "dns.txt", "hi;text");
	app_expect(&a, "dns.svcb.svcparam.alpn", "h2;h3");
	app_expect(&a, "dns.svcb.svcparam.ipv4hint.ip", "1.2.3.4;5.6.7.8");
	app_expect(&a, "dns.resp.type", "33;16;65;47;1;28;48");
	app_expect(&a, "dns.dnskey.key_id", "1549");
	app_expect(&a, "dns.resp.cache_flush", "1;0;0;0;0");
	app_torture(&a);
	app_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query),	  cmocka_unit_test(test_compression),
		cmocka_unit_test(test_bad_names), cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_tcp),	  cmocka_unit_test(test_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
