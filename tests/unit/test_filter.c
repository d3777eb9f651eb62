/* The display filter: verdicts, sentences and their places, bounds, and what it asks of a decode.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/filter.h"
#include "packet/registry.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- packets ---- */

enum { FRAMES = 6 };

static const char *const hex[FRAMES] = {
	/* 1: SYN from 10.0.0.1:40000 to 10.0.0.2:80 with an MSS */
	"020000000002 020000000001 0800 4500002c00014000400626c9 0a000001 0a000002"
	"9c40 0050 000003e8 00000000 6002 faf0 0000 0000 020405b4",
	/* 2: data from 10.0.0.2:80, "GET /x" */
	"020000000001 020000000002 0800 4500002e000140003f0627c7 0a000002 0a000001"
	"0050 9c40 00001388 000003e9 5018 ffff 0000 0000 474554202f78",
	/* 3: IP in IP, UDP 1000 > 2000, "hello" */
	"020000000002 020000000001 0800 45000035 00014000 4004 0000 ac100001 ac100002"
	"45000021 00014000 4011 0000 c0a80101 c0a80102 03e8 07d0 000d 0000 68656c6c6f",
	/* 4: UDP 7 > 7 without payload, padded to 60 bytes with "trailer" */
	"020000000002 020000000001 0800 4500001c 00000000 0111 0000 ffffffff 00000000"
	"0007 0007 0008 0000 00 747261696c6572 0000000000000000 0000",
	/* 5: IPv6, UDP 15000 > 15001 */
	"020000000002 020000000001 86dd 60000000 0009 11 40 20010db8000000000000000000000001"
	"20010db8000000000000000000000002 3a98 3a99 0009 0000 00",
	/* 6: RST,ACK 2000 > 2000 from a host to itself */
	"020000000002 020000000001 0800 4500002800014000400600000a0909090a090909"
	"07d0 07d0 00000001 00000001 5014 ffff 0000 0000",
};

static u8 bytes[FRAMES][128];
static struct frame frames[FRAMES];

static u32 unhex(const char *s, u8 *out)
{
	u32 n = 0;
	int high = -1;

	for (; *s != '\0'; s++) {
		int d = *s >= '0' && *s <= '9' ? *s - '0' : *s - 'a' + 10;

		if (*s == ' ')
			continue;
		if (high >= 0)
			out[n++] = (u8)(high << 4 | d);
		high = high >= 0 ? -1 : d;
	}
	return n;
}

static int setup(void **state)
{
	(void)state;
	registry_init();
	for (int i = 0; i < FRAMES; i++) {
		u32 n = unhex(hex[i], bytes[i]);

		frames[i] = (struct frame) {
			.number = (u64)i + 1, .data = bytes[i], .caplen = n, .len = n, .link = 1
		};
		/* 2026-11-22 06:28:25 and on, every 1.5 s */
		frames[i].ts = (INT64_C(1795328905) * 1000 + i * 1500) * NS_PER_MS;
	}
	return 0;
}

static struct filter *compile(const char *text)
{
	struct err e = ERR_INIT;
	struct filter *f = NULL;

	if (filter_compile(text, strlen(text), &f, &e) != 0)
		fail_msg("%s: at %d: %s", text, e.at, e.text);
	return f;
}

/* "126": the frames that pass. */
static const char *passing(const struct filter *f)
{
	static char out[FRAMES + 1];
	struct plan p;
	struct pkt k;
	int n = 0;

	plan_init(&p);
	pkt_init(&k);
	filter_want(f, &p);
	for (int i = 0; i < FRAMES; i++) {
		k.first_ts = frames[0].ts;
		k.prev_ts = i > 0 ? frames[i - 1].ts : NS_NONE;
		pkt_decode(&k, &frames[i], &p);
		if (filter_match(f, &k))
			out[n++] = (char)('1' + i);
	}
	out[n] = '\0';
	pkt_fini(&k);
	plan_fini(&p);
	return out;
}

struct row {
	const char *text, *pass;
};

static void run_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct filter *f = compile(rows[i].text);
		const char *got = passing(f);

		if (strcmp(got, rows[i].pass) != 0)
			fail_msg("%s: passes '%s', not '%s'", rows[i].text, got, rows[i].pass);
		filter_free(f);
	}
}
#define RUN_ROWS(...)                                              \
	do {                                                       \
		static const struct row rows_[] = { __VA_ARGS__ }; \
		run_rows(rows_, ARRAY_LEN(rows_));                 \
	} while (0)

/* ---- verdicts; the expected ones are Wireshark 4.0's unless a comment says otherwise ---- */

static void presence(void **state)
{
	(void)state;
	RUN_ROWS({ "", "123456" }, { "  ", "123456" }, { "tcp", "126" }, { "udp", "345" },
		 { "ip.src", "12346" }, { "tcp.len", "126" }, { "frame", "123456" },
		 { "not tcp", "345" }, { "!tcp", "345" }, { "not not tcp", "126" }, { "ip#2", "3" },
		 { "ip.src#2", "3" }, { "ip.src#0", "" }, { "eth.src[0:3]", "123456" },
		 { "eth.src[5:2]", "" });
}

static void logic(void **state)
{
	(void)state;
	/* and binds tighter than or, not tighter than both */
	RUN_ROWS({ "ipv6 || tcp && udp", "5" }, { "tcp && udp || ipv6", "5" },
		 { "(ipv6 || tcp) && udp", "5" }, { "ipv6 or tcp and udp", "5" },
		 { "(ipv6 or tcp) and tcp", "126" }, { "not tcp and udp", "345" },
		 { "not (tcp and udp)", "123456" }, { "!tcp.port == 80", "3456" },
		 { "tcp&&ip", "126" }, { "tcp&&!ip", "" },
		 /* 4.0 has no xor; between or and and, as in 4.2 */
		 { "tcp xor ip", "34" }, { "ipv6 ^^ tcp && ip", "1256" });
}

static void comparisons(void **state)
{
	(void)state;
	RUN_ROWS({ "tcp.port == 80", "12" }, { "tcp.port eq 80", "12" }, { "tcp.port != 80", "6" },
		 { "tcp.port ne 80", "6" }, { "tcp.port ~= 80", "126" },
		 { "tcp.port !== 80", "126" }, { "tcp.port any_ne 80", "126" },
		 { "tcp.port === 2000", "6" }, { "tcp.port all_eq 2000", "6" },
		 { "tcp.port === 80", "" }, { "tcp.port > 40000", "" },
		 { "tcp.port >= 40000", "12" }, { "tcp.port gt 2000", "12" },
		 { "tcp.port lt 81", "12" }, { "tcp.port <= 79", "" },
		 { "all tcp.port > 1024", "6" }, { "any tcp.port > 1024", "126" },
		 { "any tcp.port != 80", "126" }, { "all tcp.port == 2000", "6" },
		 { "tcp.srcport == tcp.dstport", "6" }, { "ip.src == ip.dst", "6" },
		 { "ip.src != ip.dst", "1234" }, { "ip.src == ip.dst == 10.9.9.9", "6" },
		 { "tcp.port == udp.port", "" }, { "tcp.flags.syn == 1", "1" },
		 { "tcp.flags.syn == True", "1" }, { "tcp.flags.syn == FALSE", "26" },
		 { "tcp.flags.syn == \"Not set\"", "26" }, { "tcp.flags.syn == 2", "1" },
		 { "tcp.flags.syn", "126" }, { "tcp.checksum.status == \"unverified\"", "126" },
		 { "tcp.checksum.status == Unverified", "126" },
		 /* a constant on the left: 4.2 has it */
		 { "80 == tcp.port", "12" }, { "62 < ip.ttl < 64", "2" });
}

static void numbers(void **state)
{
	(void)state;
	RUN_ROWS({ "ip.ttl == 64", "136" }, { "ip.ttl == 0x40", "136" },
		 { "ip.ttl == 0100", "136" }, { "ip.ttl == 0b1000000", "136" },
		 { "ip.ttl == '@'", "136" }, { "ip.ttl == '\\x40'", "136" },
		 { "ip.ttl == +64", "136" }, { "ip.ttl == -64", "" }, { "ip.ttl > -1", "" },
		 { "ip.ttl != -1", "12346" }, { "ip.ttl <= 255", "12346" },
		 { "tcp.len == 60 - 54", "2" });
}

static void arithmetic(void **state)
{
	(void)state;
	RUN_ROWS(
		{ "tcp.flags & 2", "1" }, { "tcp.flags & 0x02 == 2", "1" },
		{ "tcp.flags bitwise_and 2", "1" }, { "tcp.len + 1", "126" },
		{ "tcp.len - tcp.len", "" }, { "tcp.srcport + tcp.dstport == 40080", "12" },
		{ "tcp.len + 1 * 2 == 8", "2" }, { "{tcp.len + 1} * 2 == 14", "2" },
		{ "tcp.len & 3 + 1", "2" }, { "tcp.len % 4 == 2", "2" }, { "tcp.len / 0 == 1", "" },
		{ "tcp.len / 4 == 1", "2" }, { "-tcp.len == -6", "2" }, { "-tcp.len < -5", "2" },
		{ "tcp.len - 10 < 0", "126" }, { "tcp.len - 10 == -4", "2" },
		{ "tcp.len - 5 > -1", "" }, { "tcp.len -1 == 5", "2" },
		{ "tcp.seq_raw + 4294967295 > 0", "" }, { "udp.dstport >= udp.srcport + 1", "35" },
		{ "ip.src & 255.0.0.0 == 10.0.0.0", "126" }, { "ipv6.src & ffff:: == 2001::", "5" },
		{ "eth.src[5] & 0x02", "2" }, { "frame.time_relative + 1 > 3", "3456" },
		{ "tcp.srcport + 30000 == 70000", "1" } /* 4.0 rejects the constant */);
}

static void sets(void **state)
{
	(void)state;
	RUN_ROWS({ "tcp.port in {80, 443}", "12" }, { "tcp.port in {79..81}", "12" },
		 { "tcp.port in {1 .. 79, 2000}", "6" }, { "tcp.port not in {80}", "3456" },
		 { "!tcp.port in {80}", "3456" }, { "not tcp.port in {80} and ip", "346" },
		 { "all tcp.port in {2000}", "6" }, { "ip.addr in {10.0.0.0/30}", "12" },
		 { "ip.addr in {10.0.0.1..10.9.9.9}", "126" },
		 { "tcp.srcport in {tcp.dstport}", "6" }, { "tcp.flags.syn in {True}", "1" },
		 { "frame.len in{58}", "1" }, { "frame.time_delta in {1 .. 1.5}", "23456" },
		 /* all is meant for the whole set; 4.0 asks each element in turn */
		 { "all tcp.port in {80, 40000}", "12" },
		 { "any ip.addr not in {10.0.0.0/30}", "346" }, { "all tcp.port not in {80}", "6" },
		 { "len(tcp.payload) in {1..10}", "2" });
}

static void addresses(void **state)
{
	(void)state;
	RUN_ROWS({ "ip.addr == 10.0.0.1", "12" }, { "ip.addr == 10.0.0.0/8", "126" },
		 { "ip.addr == 10.0.0.77/8", "126" }, { "ip.addr != 10.0.0.0/8", "34" },
		 { "ip.src > 10.0.0.0/8", "34" }, { "ip.src <= 10.0.0.0/8", "126" },
		 { "ip.src > 10.0.0.1", "2346" }, { "ip.addr == 0.0.0.0/0", "12346" },
		 { "ip.addr === 10.0.0.0/8", "126" }, { "ipv6.addr == 2001:db8::1", "5" },
		 { "ipv6.addr == 2001:db8::/33", "5" }, { "ipv6.addr == 2001:db9::/32", "" },
		 { "ipv6.src < 2001:db8::2", "5" }, { "eth.src == 02:00:00:00:00:02", "2" },
		 { "eth.src == 02-00-00-00-00-02", "2" }, { "eth.src == 0200.0000.0002", "2" },
		 { "eth.src == 02.00.00.00.00.02", "2" }, { "eth.src > 02:00:00:00:00:01", "2" },
		 { "ip.src#2 == 192.168.1.1", "3" }, { "ip.src#1 == 192.168.1.1", "" },
		 { "ip.src#[1-2] == 192.168.1.1", "3" }, { "ip.src#[-1] == 192.168.1.1", "3" },
		 { "ip.src#[:1] == 172.16.0.1", "" }, { "ip.src#[2:] == 192.168.1.1", "3" },
		 { "ip.src #2 == 192.168.1.1", "3" });
}

static void bytes_and_text(void **state)
{
	(void)state;
	RUN_ROWS({ "frame contains \"GET\"", "2" }, { "frame contains 47:45:54", "2" },
		 { "tcp contains 47.45.54", "2" }, { "ip contains \"hello\"", "3" },
		 { "udp contains \"hello\"", "3" }, { "udp contains 'h'", "3" },
		 { "udp contains 0x68", "3" }, { "tcp.payload contains \"get\"", "" },
		 { "tcp.payload matches \"get\"", "2" }, { "tcp.payload ~ \"^get \"", "2" },
		 { "tcp.payload matches \"(?-i)get\"", "" },
		 { "tcp.payload matches r\"\\s/x$\"", "2" },
		 { "tcp.payload matches \"\\\\s/x$\"", "2" }, { "frame matches \"\"", "123456" },
		 { "tcp.payload contains \"\"", "2" }, { "frame contains \"\"", "" },
		 /* a layer ends where its packet does: the trailer is the frame's */
		 { "frame contains \"trailer\"", "4" }, { "eth contains \"trailer\"", "4" },
		 { "ip contains \"trailer\"", "" }, { "udp contains \"trailer\"", "" },
		 { "tcp.payload == \"GET /x\"", "2" }, { "tcp.payload > 46", "2" },
		 { "tcp.payload < ff", "" }, { "tcp[0:2] == 00:50", "2" }, { "tcp[13] & 2", "1" },
		 { "tcp[20] == 47", "2" }, { "ip[20:] contains \"GET\"", "" },
		 { "len(ip) == 20", "12346" }, { "ip[9] == 6", "126" }, { "ip[9] == 0x06", "126" },
		 { "ip.src[0:2] == 0a:00", "12" }, { "eth.src[-1] == 02", "2" },
		 { "eth.src[-2:] == 00:02", "2" }, { "eth.src[4-5] == 00:02", "2" },
		 { "eth.src[-2--1] == 00:02", "2" }, { "eth.src[:2] == 02:00", "123456" },
		 { "eth.src[0,5] == 02:02", "2" }, { "eth.src[0,9,5] == 02", "123456" },
		 { "eth.src[4:5]", "" }, { "tcp.payload[0:3][1] == 45", "2" },
		 { "frame[-2:] == 2f:78", "2" }, { "tcp.flags.str contains \"S\"", "1" },
		 { "tcp == tcp", "126" });
}

static void functions(void **state)
{
	(void)state;
	RUN_ROWS({ "count(ip.addr) == 4", "3" }, { "count(ip) == 2", "3" },
		 { "count(ip.addr#2) == 2", "3" }, { "len(tcp.payload) == 6", "2" },
		 { "len(eth.src) == 6", "123456" }, { "len(tcp.port) == 2", "126" },
		 { "len(tcp.flags.syn) == 0", "126" },
		 { "max(tcp.srcport, tcp.dstport) == 40000", "12" },
		 { "min(tcp.port) == 80", "12" }, { "max(tcp.port, 50000) == 50000", "123456" },
		 { "max(udp.srcport, tcp.srcport) > 2000", "15" },
		 { "abs(tcp.len - 10) == 4", "2" },
		 { "string(ip.src) matches \"^10\\\\.\"", "126" },
		 { "string(tcp.port) == \"80\"", "12" },
		 { "string(ipv6.src) == \"2001:db8::1\"", "5" },
		 { "string(frame.number) matches \"[13]$\"", "13" },
		 { "lower(tcp.flags.str) contains \"s\"", "1" },
		 { "upper(tcp.flags.str) contains \"S\"", "1" },
		 { "max(ip.src[0:2]) == c0:a8", "3" });
}

static void times(void **state)
{
	(void)state;
	RUN_ROWS({ "frame.time == \"2026-11-22 06:28:25\"", "1" },
		 { "frame.time == \"2026-11-22T06:28:25Z\"", "1" },
		 { "frame.time == \"2026-11-22T07:28:25+01:00\"", "1" },
		 { "frame.time == \"Nov 22, 2026 06:28:25\"", "1" },
		 { "frame.time >= \"Nov 22, 2026 06:28:29.5 UTC\"", "456" },
		 { "frame.time == 2026-11-22", "" }, { "frame.time > \"2026-11-22\"", "123456" },
		 { "frame.time > \"2026-11-22 06:28\"", "123456" },
		 { "frame.time_epoch > 1795328910.5", "56" }, { "frame.time_relative == 1.5", "2" },
		 { "frame.time_relative == 1.500000000", "2" }, { "frame.time_delta == -1", "" },
		 { "-frame.time_delta < 0", "23456" });
}

/* ---- sentences ---- */

static void errors(void **state)
{
	static const struct {
		const char *text;
		int at;
		const char *says;
	} rows[] = {
		{ "tcp.prot == 80", 0,
		  "'tcp.prot' is no field or protocol; did you mean tcp.port?" },
		{ "ip && TCP", 6, "did you mean tcp?" },
		{ "tcp.port == ", 12, "expected a value behind the comparison, found the end" },
		{ "tcp.port == == 80", 12, "expected a value behind the comparison, found '=='" },
		{ "ip.src == foo", 10, "ip.src is an IPv4 address, 'foo' is not one" },
		{ "ip.src == 10.0.0.0/33", 10, "has a prefix length that is not 0 to 32" },
		{ "ip.src == \"10.0.0.1\"", 10, "write it without" },
		{ "eth.src == 02:00", 11, "eth.src is a MAC address, '02:00' is not one" },
		{ "ip.ttl == 256", 10, "'256' is too big for ip.ttl, whose maximum is 255" },
		{ "ip.ttl == 63.5", 10, "ip.ttl is a number, '63.5' is not one" },
		{ "ip.ttl == 08", 10, "is not one" },
		{ "tcp.port in {79-81}", 13, "a range is written a..b" },
		{ "tcp.port in {80 443}", 16, "expected ',' or '}', found '443'" },
		{ "tcp.port in {}", 13, "expected a field or a value, found '}'" },
		{ "tcp.port in 80", 12, "expected '{' and a list of values" },
		{ "tcp.port = 80", 9, "write '==' for equal" },
		{ "tcp | udp", 4, "write '||' or 'or'" },
		{ "(tcp", 4, "expected ')', '&&' or '||', found the end" },
		{ "tcp)", 3, "expected '&&', '||' or the end, found ')'" },
		{ "tcp udp", 4, "found 'udp'" },
		{ "tcp and", 7, "expected a field, a protocol or a comparison, found the end" },
		{ "80", 0, "80 is a value, not a field or protocol" },
		{ "tcp.port == 80 or 443", 18, "443 is a value, not a field or protocol" },
		{ "count(ip)", 0, "count(ip) is no test by itself" },
		{ "count(ip, tcp) == 1", 10, "count() takes one argument" },
		{ "foo(ip) == 1", 0, "'foo' is no function" },
		{ "len() == 1", 4, "expected an argument" },
		{ "lower(tcp.port) == \"a\"", 6, "lower() takes a text, and tcp.port is a number" },
		{ "tcp.port contains \"80\"", 0, "string() makes text of it" },
		{ "frame matches GET", 14, "a regular expression in double quotes" },
		{ "frame matches \"a(\"", 17,
		  "in this regular expression: missing closing parenthesis" },
		{ "frame contains GET", 15, "frame is a sequence of bytes, 'GET' is not one" },
		{ "ip.src == eth.src", 10,
		  "ip.src is an IPv4 address and eth.src is a MAC address" },
		{ "tcp.port[0] == 0", 0, "only bytes, text and addresses can be sliced" },
		{ "eth.src[0:0] == 0", 8, "has to be positive" },
		{ "eth.src[3-1] == 0", 8, "ends before it begins" },
		{ "eth.src[x] == 0", 8, "a range is written" },
		{ "eth.src[0 == 0", 7, "the closing ] is missing" },
		{ "ip.src#x", 6, "'#' is followed by the number of a layer" },
		{ "frame contains \"abc", 15, "the closing \" is missing" },
		{ "frame contains \"\\q\"", 16, "this is no escape" },
		{ "frame contains \"\\400\"", 16, "cannot be above" },
		{ "ip.ttl == 'ab'", 10, "holds one character" },
		{ "frame.time == 1795328905", 14, "frame.time is a date and time" },
		{ "frame.len-1 == 57", 0, "a minus needs a blank before it" },
		{ "tcp.flags.syn == maybe", 17, "is neither True nor False" },
		{ "tcp.flags.syn & 1", 0,
		  "'&' does not go with tcp.flags.syn, which is a boolean" },
		{ "all tcp", 0, "'all' stands before a comparison" },
		{ "ip.src + 1 == 10.0.0.2", 0, "'+' does not go with ip.src" },
		{ "1 + 2 == 3", 0, "one side of a comparison has to be a field" },
		{ "ip contains \xc3\xa9", 12, "has no meaning outside of double quotes" },
		{ "ip.ttl == 1 / 0", 10, "has no result" },
		{ "tcp.options == ${tcp.options}", 15, "not known here" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err e = ERR_INIT;
		int rc = filter_check(rows[i].text, strlen(rows[i].text), &e);

		if (rc == 0 || e.at != rows[i].at || strstr(e.text, rows[i].says) == NULL)
			fail_msg("%s: rc %d at %d: %s", rows[i].text, rc, e.at, e.text);
	}
}

/* ---- bounds ---- */

static char *repeat(const char *head, const char *s, size_t n, const char *tail)
{
	size_t len = strlen(s);
	char *r = malloc(strlen(head) + n * len + strlen(tail) + 1), *p = r;

	p = stpcpy(p, head);
	for (size_t i = 0; i < n; i++, p += len)
		memcpy(p, s, len);
	strcpy(p, tail);
	return r;
}

static int check_repeated(const char *head, const char *s, size_t n, const char *tail,
			  struct err *e)
{
	char *text = repeat(head, s, n, tail);
	int rc = filter_check(text, strlen(text), e);

	free(text);
	return rc;
}

static void depth_is_bounded(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(check_repeated("", "(", 50, "tcp", &e), -1); /* not closed */
	assert_int_equal(check_repeated("tcp", " && tcp", 5000, "", &e), 0);
	assert_int_equal(check_repeated("tcp.port in {1", ",1", 5000, "}", &e), 0);
	assert_int_equal(check_repeated("", "(", 30000, "tcp", &e), -1);
	assert_non_null(strstr(e.text, "nested deeper than 100 levels"));
	assert_int_equal(e.at, 100);
	assert_int_equal(check_repeated("", "!", 30000, "tcp", &e), -1);
	assert_int_equal(check_repeated("tcp.len == 1", " + 1", 5000, "", &e), -1);
	assert_non_null(strstr(e.text, "nested deeper"));
	assert_int_equal(check_repeated("abs(", "abs(", 9000, "", &e), -1);
	assert_int_equal(check_repeated("eth.src", "[0:]", 9000, "", &e), 0);
	assert_int_equal(check_repeated("tcp", " ", 70000, "", &e), -1);
	assert_non_null(strstr(e.text, "a filter may have 65535 bytes"));
}

/* Regular expressions and products of fields that would take ages end, as false. */
static void work_is_bounded(void **state)
{
	static u8 data[16384];
	struct frame fr = {
		.number = 1, .data = data, .caplen = sizeof data, .len = sizeof data, .link = 1
	};
	struct filter *f = compile("frame matches \"(a+)+b\"");
	struct filter *g = compile(
		"frame.len+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+"
		"tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+"
		"tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port+tcp.port == 1");
	struct plan p;
	struct pkt k;

	(void)state;
	memset(data, 'a', sizeof data);
	plan_init(&p);
	pkt_init(&k);
	filter_want(f, &p);
	filter_want(g, &p);
	pkt_decode(&k, &fr, &p);
	assert_false(filter_match(f, &k));
	pkt_decode(&k, &frames[0], &p);
	assert_false(filter_match(g, &k));
	pkt_fini(&k);
	plan_fini(&p);
	filter_free(f);
	filter_free(g);
}

/* ---- one filter, many threads ---- */

static void *match_often(void *arg)
{
	const struct filter *f = arg;
	struct plan p;
	struct pkt k;
	intptr_t hits = 0;

	plan_init(&p);
	pkt_init(&k);
	filter_want(f, &p);
	for (int i = 0; i < 2000; i++) {
		pkt_decode(&k, &frames[i % FRAMES], &p);
		hits += filter_match(f, &k);
	}
	pkt_fini(&k);
	plan_fini(&p);
	return (void *)hits;
}

static void threads(void **state)
{
	struct filter *f =
		compile("tcp.payload matches \"g[e]t\" && upper(tcp.flags.str) contains \"P\"");
	pthread_t t[8];
	void *hits;

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&t[i], NULL, match_often, f), 0);
	for (int i = 0; i < 8; i++) {
		pthread_join(t[i], &hits);
		assert_int_equal((intptr_t)hits, 334);
	}
	filter_free(f);
}

/* ---- what it asks for ---- */

static unsigned needs_of(const char *text)
{
	struct filter *f = compile(text);
	unsigned n = filter_needs(f);

	filter_free(f);
	return n;
}

static void wants(void **state)
{
	struct filter *f = compile("tcp.flags.syn == 1 && ip.addr == 10.0.0.0/8 && udp");
	struct plan p;
	unsigned n = 0;

	(void)state;
	plan_init(&p);
	filter_want(f, &p);
	for (unsigned i = 0; i < registry_nfields() / 64; i++)
		n += (unsigned)__builtin_popcountll(p.want[i]);
	assert_int_equal(n, 3);
	assert_true(p.has[proto_find("tcp", 3)]);
	assert_false(p.has[proto_find("udp", 3)]); /* its presence needs no reading */
	plan_fini(&p);
	assert_string_equal(filter_text(f), "tcp.flags.syn == 1 && ip.addr == 10.0.0.0/8 && udp");
	filter_free(f);
	assert_int_equal(needs_of("tcp.port == 80 && ip.addr == 10.0.0.1"), 0);
	assert_int_equal(needs_of("tcp.stream == 0"), FILTER_NEEDS_FLOW);
	assert_int_equal(needs_of("frame.time_relative > 1"), FILTER_NEEDS_PREV);
	assert_int_equal(needs_of("frame.time_delta_displayed > 1"), FILTER_NEEDS_SHOWN);
	assert_int_equal(needs_of("data.len > 1"), FILTER_NEEDS_LEAF);
	assert_int_equal(needs_of("data"), 0);
	assert_int_equal(needs_of("data contains \"x\""), FILTER_NEEDS_LEAF);
}

/* ---- completion ---- */

static void places(void **state)
{
	static const struct {
		const char *text;
		enum filter_expect expect;
		u32 from;
		const char *field;
	} rows[] = {
		{ "", FILTER_EXPECT_OPERAND, 0, NULL },
		{ "tc", FILTER_EXPECT_OPERAND, 0, NULL },
		{ "tcp.port ", FILTER_EXPECT_OPERATOR, 9, "tcp.port" },
		{ "tcp.port =", FILTER_EXPECT_NOTHING, 10, "tcp.port" },
		{ "tcp.port == ", FILTER_EXPECT_VALUE, 12, "tcp.port" },
		{ "tcp.checksum.status == Un", FILTER_EXPECT_VALUE, 23, "tcp.checksum.status" },
		{ "tcp.port == 80 ", FILTER_EXPECT_LOGIC, 15, "tcp.port" },
		{ "tcp.port == 80 && ip.s", FILTER_EXPECT_OPERAND, 18, "tcp.port" },
		{ "tcp.port in {80, ", FILTER_EXPECT_VALUE, 17, "tcp.port" },
		{ "tcp.port in {80} ", FILTER_EXPECT_LOGIC, 17, "tcp.port" },
		{ "(not ", FILTER_EXPECT_OPERAND, 5, NULL },
		{ "eth.src[0:3", FILTER_EXPECT_NOTHING, 8, "eth.src" },
		{ "eth.src[0:3] ", FILTER_EXPECT_OPERATOR, 13, "eth.src" },
		{ "frame contains \"ab", FILTER_EXPECT_NOTHING, 16, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct filter_place p;
		size_t n = strlen(rows[i].text);
		int field = rows[i].field != NULL ? field_find(rows[i].field, strlen(rows[i].field))
						  : -1;

		filter_place(rows[i].text, n, n, &p);
		if (p.expect != rows[i].expect || p.from != rows[i].from ||
		    (field >= 0 && p.field != field))
			fail_msg("'%s': expect %d from %u field %d", rows[i].text, (int)p.expect,
				 p.from, p.field);
	}
	for (unsigned i = 0; filter_function(i) != NULL; i++)
		assert_true(i < 8);
	assert_string_equal(filter_operator(0), "==");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presence),	   cmocka_unit_test(logic),
		cmocka_unit_test(comparisons),	   cmocka_unit_test(numbers),
		cmocka_unit_test(arithmetic),	   cmocka_unit_test(sets),
		cmocka_unit_test(addresses),	   cmocka_unit_test(bytes_and_text),
		cmocka_unit_test(functions),	   cmocka_unit_test(times),
		cmocka_unit_test(errors),	   cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(work_is_bounded), cmocka_unit_test(threads),
		cmocka_unit_test(wants),	   cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
