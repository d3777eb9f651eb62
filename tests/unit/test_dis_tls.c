/* TLS: hellos, records one after another, what is cut by the segment and what is encrypted; and the
 * datagrams of iperf2 and iperf3. */
#include "app.h"

#define Z8 "0000000000000000"
#define RANDOM "65000000" Z8 Z8 Z8 "00000000"
#define CLIENT_HELLO                                                                        \
	"16 0301 005f 01 00005b 0303" RANDOM "00 0004 13011302 0100 002e "                  \
	"0000 0008 0006 00 0003'a.b' 0010 0005 0003 02'h2' 002b 0003 02 0304 ff01 0001 00 " \
	"0033 0009 0007 001d 0003 aabbcc"

static void test_client(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 6, 40000, 443, CLIENT_HELLO);
	app_expect(&a, "tls.handshake.extensions_server_name", "a.b");
	app_expect(&a, "tls.handshake.extensions_alpn_str", "h2");
	app_expect(&a, "tls.handshake.ciphersuite", "0x1301;0x1302");
	app_expect(&a, "tls.handshake.extensions.supported_version", "0x0304");
	app_expect(&a, "tls.handshake.extension.type", "0;16;43;65281;51");
	app_expect(&a, "tls.handshake.extensions_key_share_key_exchange", "aabbcc");
	assert_string_equal(app_info(&a), "Client hello a.b h2");
	assert_int_equal(app_marks(&a), 0);
	app_torture(&a);
	app_message(&a, 6, 40000, 12345, CLIENT_HELLO); /* on any port */
	app_expect(&a, "tls.handshake.extensions_server_name", "a.b");
	app_fini(&a);
}

static void test_records(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 6, 443, 40000,
		    "16 0303 0032 02 00002e 0303" RANDOM "00 1301 00 0006 002b 0002 0304 "
		    "14 0303 0001 01 17 0303 0004 01020304 15 0303 0002 02 28 17 0303 4000 0506");
	app_expect(&a, "tls.record.content_type", "22;20;21");
	app_expect(&a, "tls.record.opaque_type", "23;23");
	app_expect(&a, "tls.app_data", "01020304;0506");
	app_expect(&a, "tls.handshake.random_time", "");
	app_expect(&a, "tls.alert_message.desc", "40");
	assert_string_equal(app_info(&a),
			    "Server hello, Change cipher spec, Application data, Alert Handshake "
			    "failure, Application data TLS 1.3");
	assert_int_equal(app_marks(&a), 0); /* the segment cuts the last record, nobody's fault */
	app_torture(&a);
	app_message(&a, 6, 443, 40000, "16 0303 0028 c0ffee00" Z8 Z8 Z8 Z8 "00000000");
	app_expect(&a, "tls.handshake", "1");
	app_expect(&a, "tls.handshake.type", "");
	assert_string_equal(app_info(&a), "Encrypted handshake");
	app_message(&a, 6, 443, 40000, "'some later part of a record'");
	app_expect(&a, "tls.record", "");
	assert_string_equal(app_info(&a), "Continuation data");
	app_fini(&a);
}

static void test_iperf(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 17, 40000, 5001,
		    "fffffff7 65000000 00000005 00000000 48000000 00000001 00001389 000005be "
		    "00000000 ffffff9c");
	app_expect(&a, "iperf2.udp.sequence", "-9");
	app_expect(&a, "tapdeck.iperf2.udp.sequence_high", "0");
	app_expect(&a, "iperf2.client.bufferlen", "1470");
	app_torture(&a);
	app_message(&a, 17, 5001, 40000,
		    "fffffff7 65000000 00000005 80000000 0000000000001000 0000000a 00000000 "
		    "00000003 00000001 00000064 00000000 000000fa");
	app_expect(&a, "tapdeck.iperf2.report.jitter", "0.000250000");
	assert_string_equal(app_info(&a), "Report: 100 datagrams, 3 lost, 1 out of order");
	app_torture(&a);
	app_message(&a, 17, 40000, 5201, "00000005 00000006 00000000 0000004e 00000000");
	app_expect(&a, "tapdeck.iperf3.udp.sequence", "78");
	app_message(&a, 17, 40000, 5201, "00000005 00000006 0000004d 00000000 00000000");
	app_expect(&a, "tapdeck.iperf3.udp.sequence", "77");
	app_expect(&a, "tapdeck.iperf3.udp.wide", "0");
	app_torture(&a);
	app_message(&a, 6, 5201, 40000, "ff");
	assert_string_equal(app_info(&a), "Access denied");
	app_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_iperf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
