/* NTP, OSPF, RIP and RIPng: their packets, their timestamps, and counts that lie. */
#include "app.h"

#define Z8 "0000000000000000"

static void test_ntp(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 123, 123,
		    "24 01 06 ec 00010000 00008000 'GPS'00 e8754f00 80000000 " Z8
		    "00000001 40000000 e8754f03 12345678 0104 0010 " Z8
		    "00000000 0204 001c " Z8 Z8 Z8 "00000007 " Z8 Z8);
	app_expect(&a, "ntp.flags.mode", "4");
	app_expect(&a, "ntp.stratum", "1");
	app_expect(&a, "ntp.org", "NULL");
	app_expect(&a, "ntp.rec", "Feb  7, 2036 06:28:17.250000000 UTC");
	app_expect(&a, "ntp.ext.type", "0x0104;0x0204");
	app_expect(&a, "ntp.keyid", "00000007");
	assert_string_equal(app_info(&a), "Server, version 4, stratum 1");
	app_torture(&a);
	app_message(&a, 17, 123, 123, "16 81 0001 0615 0000 0000 0004 0005 9614");
	app_expect(&a, "ntp.ctrl.associd", "0;5");
	app_expect(&a, "ntp.ctrl.sys_status.clksrc", "6");
	app_expect(&a, "ntp.ctrl.peer_status.reach", "1");
	app_torture(&a);
	app_message(&a, 17, 123, 123, "97 00 03 2a 4002 0048");
	app_expect(&a, "ntp.priv.reqcode", "42");
	app_expect(&a, "ntp.priv.numitems", "2");
	app_torture(&a);
	app_fini(&a);
}

#define LSA(type, len) "0001 02" type "01010101 01010101 80000001 1234 " len " "

static void test_ospf(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(
		&a, 89, 0, 0,
		"02 01 0030 01010101 00000000 abcd 0002 0000 05 04 0000004d ffffff00 000a 12 01 "
		"00000028 0a000001 0a000002 02020202 deadbeef");
	app_expect(&a, "ospf.hello.active_neighbor", "2.2.2.2");
	app_expect(&a, "ospf.auth.crypt.data", "deadbeef");
	app_expect(&a, "ospf.v2.options.l", "1");
	assert_string_equal(app_info(&a), "Hello from 1.1.1.1 area 0.0.0.0");
	app_torture(&a);
	app_message(&a, 89, 0, 0,
		    "02 04 0064 01010101 00000000 abcd 0000 " Z8
		    "ffffffff " LSA("01", "0024") "0100 0001 0a000001 0a000002 02 00 000a " LSA(
			    "05", "0024") "ff000000 80000014 00000000 00000063");
	app_expect(&a, "ospf.lsa", "1;5");
	app_expect(&a, "ospf.lsa.router.linkid", "10.0.0.1");
	app_expect(&a, "ospf.lsa.asext.type", "1");
	app_expect(&a, "ospf.metric", "20");
	assert_true(app_marks(&a) & 1u << MARK_MALFORMED); /* not 4294967295 LSAs */
	app_torture(&a);
	app_message(&a, 89, 0, 0,
		    "03 05 0024 01010101 00000000 abcd 05 00 0001 2001 00000001 01010101 80000001 "
		    "1234 0028");
	app_expect(&a, "ospf.instance_id", "5");
	app_expect(&a, "ospf.v3.lsa.router", "1");
	app_torture(&a);
	app_fini(&a);
}

static void test_rip(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 520, 520,
		    "02 02 0000 ffff 0003 002c 01 14 00000005 " Z8
		    "0002 0007 0a010000 ffff0000 00000000 00000003 ffff 0001 " Z8 Z8);
	app_expect(&a, "rip.ip", "10.1.0.0");
	app_expect(&a, "rip.metric", "3");
	app_expect(&a, "rip.seq_num", "5");
	app_expect(&a, "rip.authentication_data", "00000000000000000000000000000000");
	assert_string_equal(app_info(&a), "Response, version 2");
	app_torture(&a);
	app_message(&a, 17, 521, 521, "02 01 0000 20010db8000000000000000000000000 0007 20 01");
	app_expect(&a, "ripng.rte.ipv6_prefix", "2001:db8::");
	app_expect(&a, "ripng.rte.metric", "1");
	app_torture(&a);
	app_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ntp),
		cmocka_unit_test(test_ospf),
		cmocka_unit_test(test_rip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
