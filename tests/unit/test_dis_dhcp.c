/* DHCP for IPv4 and IPv6: options of every shape, overload, nesting, and lengths that lie. */
#include "app.h"

/* A DHCP header up to the cookie: request, transaction deadbeef, MAC 02:00:00:00:00:01. */
#define Z8 "0000000000000000"
#define Z64 Z8 Z8 Z8 Z8 Z8 Z8 Z8 Z8
#define ADDRS "00000000 00000000 00000000 00000000 020000000001 0000" Z8
#define HEAD "01 01 06 00 deadbeef 0003 8000 " ADDRS Z64 Z64 Z64 "63825363 "

static void test_discover(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 68, 67,
		    HEAD "3501 01 3d07 01020000000001 3204 0a000009 0c04'host' 3702 0103 ff 0000");
	app_expect(&a, "dhcp.option.dhcp", "1");
	app_expect(&a, "dhcp.option.requested_ip_address", "10.0.0.9");
	app_expect(&a, "dhcp.hw.mac_addr", "02:00:00:00:00:01;02:00:00:00:00:01");
	app_expect(&a, "dhcp.option.request_list_item", "1;3");
	app_expect(&a, "dhcp.option.padding", "0000");
	app_expect(&a, "dhcp.bootp", "");
	assert_string_equal(app_info(&a), "Discover 10.0.0.9 host host id 0xdeadbeef");
	assert_int_equal(app_marks(&a), 0);
	app_torture(&a);
	app_fini(&a);
}

static void test_options(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 67, 68,
		    HEAD "3501 02 0608 08080808 01010101 5206 0104'eth0' 7713 07'example'03'org'00 "
			 "03'lab'c000 "
			 "790d 180a01020a0000fe 00 0a000001 0103 ffff00 3304 00000e10 ff");
	app_expect(&a, "dhcp.option.domain_name_server", "8.8.8.8;1.1.1.1");
	app_expect(&a, "dhcp.option.agent_information_option.agent_circuit_id", "65746830");
	app_expect(&a, "dhcp.option.dhcp_dns_domain_search_list_fqdn",
		   "example.org;lab.example.org");
	app_expect(&a, "dhcp.option.classless_static_route", "180a01020a0000fe;000a000001");
	app_expect(&a, "dhcp.option.ip_address_lease_time", "3600");
	app_expect(&a, "dhcp.option.subnet_mask", ""); /* three bytes are none */
	assert_int_equal(app_marks(&a), 1u << MARK_LENGTH);
	app_torture(&a);
	app_fini(&a);
}

/* The sname field holds options; one of them claims that it does so again. */
static void test_overload(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 68, 67, HEAD "3501 01 3401 03 0f03'org' ff");
	memcpy(a.p + a.head + 44, "\x0c\x02hn\x34\x01\x03\xff", 8);
	memcpy(a.p + a.head + 108, "\x34\x01\x03\x0f\x01x", 6);
	app_expect(&a, "dhcp.option.hostname", "hn");
	app_expect(&a, "dhcp.option.domain_name", "x;org");
	app_expect(&a, "dhcp.option.option_overload", "3;3;3");
	app_expect(&a, "dhcp.server", "");
	app_torture(&a);
	app_fini(&a);
}

static void test_v6(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(
		&a, 17, 547, 546,
		"02 123456 0001 000e 0001 0001 23c34600 020000000001 "
		"0003 002f 00000001 00000708 00000b40 0005 001f 20010db8000000000000000000000100 "
		"00000e10 00001c20 000d 0003 0002'x' 0017 0010 20010db8000000000000000000000053 "
		"0018 000d 07'example'03'org'00");
	app_expect(&a, "dhcpv6.duidllt.link_layer_addr", "02:00:00:00:00:01");
	app_expect(&a, "dhcpv6.duidllt.time", "Jan  5, 2019 10:40:00.000000000 UTC");
	app_expect(&a, "dhcpv6.iaid", "00000001");
	app_expect(&a, "dhcpv6.iaaddr.ip", "2001:db8::100");
	app_expect(&a, "dhcpv6.status_code", "2");
	app_expect(&a, "dhcpv6.dns_server", "2001:db8::53");
	app_expect(&a, "dhcpv6.search_list_entry", "example.org.");
	assert_string_equal(app_info(&a),
			    "Advertise address 2001:db8::100, No addresses available id 0x123456");
	assert_int_equal(app_marks(&a), 0);
	app_torture(&a);
	app_fini(&a);
}

/* Options inside options inside options: read to a stated depth, and no deeper. */
static void test_v6_nesting(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 547, 546, "07 123456");
	for (u32 i = 60; i > 0; i--) {
		store_be16(a.p + a.n, 3);
		store_be16(a.p + a.n + 2, (u16)(i * 16 - 4));
		memset(a.p + a.n + 4, 0, 12);
		a.n += 16;
	}
	app_lengths(&a);
	assert_int_equal(app_marks(&a), 1u << MARK_DEPTH);
	app_torture(&a);
	app_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_discover),   cmocka_unit_test(test_options),
		cmocka_unit_test(test_overload),   cmocka_unit_test(test_v6),
		cmocka_unit_test(test_v6_nesting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
