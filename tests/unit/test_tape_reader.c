/* The streaming reader on captures written byte by byte: every kind of file, every kind of damage.
 */
#include "capture.h"
#include "tape/reader.h"
#include "tape/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

static struct capture c;

static void begin(bool big)
{
	c.n = 0;
	c.big = big;
}

static struct reader *open_it(void)
{
	struct err e = ERR_INIT;
	struct reader *r = reader_open_mem(c.p, c.n, &e);

	if (r == NULL)
		fail_msg("%s", e.text);
	return r;
}

static struct frame next(struct reader *r)
{
	struct err e = ERR_INIT;
	struct frame f;

	if (reader_next(r, &f, &e) != 1)
		fail_msg("no packet: %s", e.text);
	return f;
}

static void ends(struct reader *r)
{
	struct err e = ERR_INIT;
	struct frame f;
	int ret = reader_next(r, &f, &e);

	if (ret != 0)
		fail_msg("%d, not the end: %s", ret, e.text);
	assert_int_equal(reader_next(r, &f, &e), 0);
	reader_close(r);
}

/* n packets are delivered, then exactly this sentence, twice. */
static void breaks(u64 n, const char *sentence)
{
	struct reader *r = open_it();
	struct err e = ERR_INIT;
	struct frame f;

	while (n-- > 0)
		next(r);
	assert_int_equal(reader_next(r, &f, &e), -1);
	assert_string_equal(e.text, sentence);
	assert_int_equal(reader_next(r, &f, &e), -1);
	assert_string_equal(e.text, sentence);
	reader_close(r);
}

static void refused(const char *sentence)
{
	struct err e = ERR_INIT;
	struct reader *r = reader_open_mem(c.p, c.n, &e);

	assert_null(r);
	assert_string_equal(e.text, sentence);
}

static void check_bytes(const struct frame *f, u8 first)
{
	u32 i;

	for (i = 0; i < f->caplen; i++)
		assert_int_equal(f->data[i], (u8)(first + i));
}

/* ---- pcap ---- */

static void pcap_all_orders(void **state)
{
	static const u32 magics[] = { 0xa1b2c3d4, 0xa1b23c4d };
	int k;

	(void)state;
	for (k = 0; k < 4; k++) {
		struct reader *r;
		struct frame f;

		begin(k & 1);
		c_pcap(&c, magics[k / 2], 1);
		c_record(&c, 1700000000, 123456, 60, 1500);
		c_record(&c, 4294967295u, 999999, 1, 0);
		r = open_it();
		f = next(r);
		assert_int_equal(f.number, 1);
		assert_int_equal(f.ts, 1700000000 * NS_PER_S + 123456 * (k / 2 ? 1 : 1000));
		assert_int_equal(f.caplen, 60);
		assert_int_equal(f.len, 1500);
		assert_int_equal(f.link, 1);
		assert_int_equal(f.fcs_len, 0);
		assert_null(f.iface_name);
		check_bytes(&f, (u8)1700000000);
		f = next(r);
		assert_int_equal(f.number, 2);
		assert_int_equal(f.ts, 4294967295 * NS_PER_S + 999999 * (k / 2 ? 1 : 1000));
		assert_int_equal(f.len, 1); /* never below caplen */
		ends(r);
	}
}

static void pcap_fcs_in_link_type(void **state)
{
	struct reader *r;

	(void)state;
	begin(false);
	c_pcap(&c, 0xa1b2c3d4, 2u << 28 | 1u << 26 | 1);
	c_record(&c, 1, 0, 64, 64);
	r = open_it();
	assert_int_equal(next(r).fcs_len, 4);
	assert_int_equal(reader_iface(r, 0)->link, 1);
	ends(r);
}

static void pcap_kuznetzov(void **state)
{
	struct reader *r;
	struct frame f;
	int i;

	(void)state;
	begin(false);
	c_pcap(&c, 0xa1b2cd34, 1);
	for (i = 0; i < 2; i++) {
		c_u32(&c, 7);
		c_u32(&c, 8);
		c_u32(&c, 10);
		c_u32(&c, 10);
		c_u32(&c, 2);
		c_u16(&c, 0x0800);
		c_int(&c, i ? 4 : 0, 1);
		c_int(&c, 0, 1);
		c_fill(&c, 10, 3);
	}
	r = open_it();
	f = next(r);
	check_bytes(&f, 3);
	assert_int_equal(f.dir, DIR_IN);
	f = next(r);
	assert_int_equal(f.dir, DIR_OUT);
	assert_int_equal(f.ts, 7 * NS_PER_S + 8000);
	ends(r);
}

static void pcap_damage(void **state)
{
	(void)state;
	begin(false);
	c_pcap(&c, 0xa1b2c3d4, 1);
	c_record(&c, 1, 0, 60, 60);
	c_record(&c, 2, 0, 100, 100);
	c.n -= 88;
	breaks(1, "packet 2: record at offset 100 claims 116 bytes but only 28 remain: the file is "
		  "cut short");
	c.n = 24 + 76 + 5;
	breaks(1, "packet 2: record at offset 100 claims 16 bytes but only 5 remain: the file is "
		  "cut short");
	c.n = 24 + 76;
	c_u32(&c, 0);
	c_u32(&c, 0);
	c_u32(&c, 0x7fffffff);
	c_u32(&c, 0x7fffffff);
	breaks(1, "packet 2: record at offset 100 claims 2147483647 bytes, more than any packet "
		  "can have: the file is damaged here");
}

static void not_captures(void **state)
{
	(void)state;
	begin(false);
	refused("the file is empty");
	c_bytes(&c, "hi\n", 3);
	refused("not a pcap or pcapng capture: it begins with the text \"hi\\n\"");
	begin(false);
	c_bytes(&c, "#include <stdio.h>\n\nint main(void)", 34);
	refused("not a pcap or pcapng capture: it begins with the text \"#include "
		"<stdio.h>\\n\\nint \"");
	begin(false);
	c_bytes(&c, "\x28\xb5\x2f\xfd rest of it, longer than a header", 34);
	refused("not a pcap or pcapng capture: it is compressed with zstd; unpack it first");
	begin(false);
	c_fill(&c, 40, 0xe0);
	refused("not a pcap or pcapng capture: it begins with the bytes e0 e1 e2 e3 e4 e5 e6 e7");
	begin(false);
	c_pcap(&c, 0xa1b2c3d4, 1);
	c.n = 20;
	refused("a pcap file that ends within its header, after 20 bytes");
	begin(true);
	c_pcap(&c, 0xa1b2c3d4, 1);
	c.p[5] = 9;
	refused("pcap version 9.4 is not known (2.4 is)");
}

static void cannot_open(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_null(reader_open("/nonexistent/file", &e));
	assert_string_equal(e.text, "/nonexistent/file: no such file");
	assert_null(reader_open("/", &e));
	assert_string_equal(e.text, "/: is a directory, not a capture");
	assert_null(reader_open("/dev/null", &e));
	assert_string_equal(e.text, "/dev/null: the file is empty");
}

/* ---- pcapng ---- */

static void pcapng_options(void **state)
{
	int big;

	(void)state;
	for (big = 0; big < 2; big++) {
		struct reader *r;
		struct frame f;
		size_t at;

		begin(big);
		c_section(&c);
		at = c_block(&c, 1);
		c_u16(&c, 113);
		c_u16(&c, 0);
		c_u32(&c, 96);
		c_opt(&c, 2, "wan0", 4);
		c_opt(&c, 3, "the line out", 12);
		c_opt_int(&c, 8, 10000000000, 8);
		c_opt_int(&c, 9, 9, 1);
		c_opt_int(&c, 13, 4, 1);
		c_opt_int(&c, 14, 1700000000, 8);
		c_opt(&c, 0, "", 0);
		c_end(&c, at);
		c_iface(&c, 1, 6, NULL);
		at = c_block(&c, 0x0bad); /* a custom block and a name resolution block */
		c_fill(&c, 33, 0);
		c_end(&c, at);
		at = c_block(&c, 4);
		c_u32(&c, 0);
		c_end(&c, at);
		at = c_packet(&c, 0, 5, 61, 1514);
		c_opt(&c, 1, "first", 5);
		c_opt(&c, 2988, "custom", 6);
		c_opt(&c, 1, "it was dropped by the wire here", 31);
		c_opt_int(&c, 2, 2 | 5u << 5, 4);
		c_opt(&c, 0, "", 0);
		c_end(&c, at);
		at = c_packet(&c, 1, 1700000000123456, 4, 4);
		c_opt_int(&c, 2, 1, 4);
		c_end(&c, at);
		at = c_block(&c, 3); /* simple: interface 0, cut to its snaplen */
		c_u32(&c, 1000);
		c_fill(&c, 96, 9);
		c_end(&c, at);
		at = c_block(&c, 2); /* old packet block */
		c_u16(&c, 1);
		c_u16(&c, 0);
		c_u32(&c, 0);
		c_u32(&c, 77);
		c_u32(&c, 2);
		c_u32(&c, 2);
		c_fill(&c, 2, 1);
		c_u16(&c, 0);
		c_opt_int(&c, 2, 2, 4);
		c_end(&c, at);
		at = c_block(&c, 5);
		c_u32(&c, 1);
		c_int(&c, 0, 8);
		c_opt_int(&c, 4, 1000, 8);
		c_opt_int(&c, 5, 17, 8);
		c_opt_int(&c, 7, 18, 8);
		c_end(&c, at);

		r = open_it();
		f = next(r);
		assert_int_equal(f.ts, 1700000000 * NS_PER_S + 5);
		assert_int_equal(f.link, 113);
		assert_int_equal(f.caplen, 61);
		assert_int_equal(f.len, 1514);
		assert_int_equal(f.fcs_len, 5);
		assert_int_equal(f.dir, DIR_OUT);
		assert_true(f.lost);
		assert_int_equal(f.comment_len, 5);
		assert_memory_equal(f.comment, "first", 5);
		assert_string_equal(f.iface_name, "wan0");
		check_bytes(&f, 5);
		assert_string_equal(reader_iface(r, 0)->description, "the line out");
		assert_int_equal(reader_iface(r, 0)->speed, 10000000000);
		assert_int_equal(reader_iface(r, 0)->fcs_len, 4);
		f = next(r);
		assert_int_equal(f.iface, 1);
		assert_int_equal(f.ts, 1700000000123456000);
		assert_int_equal(f.dir, DIR_IN);
		assert_int_equal(f.fcs_len, 0);
		assert_false(f.lost);
		assert_null(f.comment);
		assert_null(f.iface_name);
		f = next(r);
		assert_true(f.ts == NS_NONE);
		assert_int_equal(f.caplen, 96);
		assert_int_equal(f.len, 1000);
		assert_int_equal(f.iface, 0);
		f = next(r);
		assert_int_equal(f.ts, 77000);
		assert_int_equal(f.dir, DIR_OUT);
		assert_int_equal(f.caplen, 2);
		assert_int_equal(f.number, 4);
		assert_true(reader_iface(r, 1)->dropped_if == IFACE_UNKNOWN);
		ends(r);
		r = open_it();
		while (reader_next(r, &f, NULL) == 1)
			;
		assert_int_equal(reader_iface(r, 1)->received, 1000);
		assert_int_equal(reader_iface(r, 1)->dropped_if, 17);
		assert_int_equal(reader_iface(r, 1)->dropped_os, 18);
		assert_int_equal(reader_offset(r), c.n);
		reader_close(r);
	}
}

static void pcapng_sections(void **state)
{
	struct reader *r;
	struct frame f;

	(void)state;
	begin(false);
	c_section(&c);
	c_iface(&c, 1, 6, "a");
	c_end(&c, c_packet(&c, 0, 1, 4, 4));
	c.big = true;
	c_section(&c);
	c_iface(&c, 101, 9, "b");
	c_end(&c, c_packet(&c, 0, 2, 4, 4));
	r = open_it();
	f = next(r);
	assert_int_equal(f.iface, 0);
	assert_int_equal(f.ts, 1000);
	f = next(r);
	assert_int_equal(f.iface, 1);
	assert_int_equal(f.link, 101);
	assert_int_equal(f.ts, 2);
	assert_string_equal(f.iface_name, "b");
	assert_int_equal(reader_ifaces(r), 2);
	ends(r);
}

static void time_units(void **state)
{
	static const struct {
		u8 resol;
		i64 offset;
		u64 v;
		ns_t want;
	} t[] = {
		{ 6, 0, 1700000000123456, 1700000000123456000 },
		{ 9, 0, NS_FAR - 1, NS_FAR - 1 },
		{ 9, 0, NS_FAR, NS_NONE },
		{ 9, 0, INT64_MAX, NS_NONE },
		{ 0, 0, 4611686018, 4611686018 * NS_PER_S },
		{ 0, 0, 4611686019, NS_NONE },
		{ 0, -4611686018, 0, -4611686018 * NS_PER_S },
		{ 0, -4611686019, 0, NS_NONE },
		{ 9, 1152921504, NS_FAR - 1152921504 * NS_PER_S - 1, NS_FAR - 1 },
		{ 9, 1152921504, NS_FAR - 1152921504 * NS_PER_S, NS_NONE },
		{ 3, 0, 1500, 1500 * NS_PER_MS },
		{ 12, 0, 1234567890123456789, 1234567890123456 },
		{ 28, 0, UINT64_MAX, 1 },
		{ 127, 0, UINT64_MAX, 0 },
		{ 0x80 | 10, 0, 1024 + 512, 1500 * NS_PER_MS },
		{ 0x80 | 32, 0, UINT64_C(1700000000) << 32 | 0x80000000, 1700000000500000000 },
		{ 0x80 | 64, 0, UINT64_MAX, 999999999 },
		{ 0xff, 0, UINT64_MAX, 0 },
		{ 6, -1, 1, -999999000 },
		{ 6, 1700000000, 5, 1700000000000005000 },
		{ 9, INT64_MAX, 5, NS_NONE },
		{ 9, INT64_MIN, 5, NS_NONE },
		{ 0, -20000000000, 20000000001, NS_PER_S },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(t); i++) {
		struct tape_iface f = { .tsresol = t[i].resol, .tsoffset = t[i].offset };

		iface_time_init(&f);
		if (iface_time(&f, t[i].v) != t[i].want)
			fail_msg("row %zu: %lld", i, (long long)iface_time(&f, t[i].v));
	}
}

static void pcapng_damage(void **state)
{
	size_t at, good;

	(void)state;
	begin(false);
	c_section(&c);
	c_iface(&c, 1, 6, NULL);
	c_end(&c, c_packet(&c, 0, 1, 4, 4));
	good = c.n;

	at = c_packet(&c, 0, 1, 40, 40);
	c_end(&c, at);
	c.p[c.n - 4] ^= 4;
	breaks(1, "packet 2: block at offset 96: its length is 72 at the front but 76 at the end");
	c.n -= 10;
	breaks(1,
	       "packet 2: block at offset 96 claims 72 bytes but only 62 remain: the file is cut "
	       "short");
	c.n = good;
	c_end(&c, c_packet(&c, 1, 1, 4, 4));
	breaks(1, "packet 2: block at offset 96: interface 1 of a section that describes 1");
	c.n = good;
	at = c_packet(&c, 0, 1, 4, 4);
	c_end(&c, at);
	c.p[at + 20] = 5;
	breaks(1, "packet 2: block at offset 96: claims a packet of 5 bytes, more than the block "
		  "holds");
	c.n = good;
	c_u32(&c, 6);
	c_u32(&c, 0x7ffffff0);
	c_u32(&c, 0);
	breaks(1,
	       "packet 2: block at offset 96: 2147483632 bytes, more than the 4194304 that such a "
	       "block can have");
	c.n = good;
	c_u32(&c, 0x0bad); /* a custom block may be as long as it likes, but it must be there */
	c_u32(&c, 0x7ffffff0);
	c_u32(&c, 0);
	breaks(1,
	       "packet 2: block at offset 96 claims 2147483632 bytes but only 12 remain: the file "
	       "is cut short");
	c.n = good;
	c_u32(&c, 6);
	c_u32(&c, 0);
	c_u32(&c, 0);
	breaks(1, "packet 2: block at offset 96: a block cannot be 0 bytes long");
}

static struct {
	int n;
	ns_t ts;
	u64 before;
	char step[64];
} seen;

static void on_event(void *arg, const struct tape_event *ev)
{
	const char *v;
	size_t n;

	assert_ptr_equal(arg, &c);
	seen.n++;
	seen.ts = ev->ts;
	seen.before = ev->before;
	assert_true(event_get(ev, "STEP", &v, &n));
	assert_in_range(n, 0, 63);
	memcpy(seen.step, v, n);
	seen.step[n] = '\0';
	assert_false(event_get(ev, "STE", &v, &n));
}

static void events_between_packets(void **state)
{
	struct event_field f[] = { { "A", "1\n2", 3 }, { "STEP", "x=y", 3 } };
	struct reader *r;
	struct txt t;
	size_t at;

	(void)state;
	begin(false);
	c_section(&c);
	c_iface(&c, 1, 6, NULL);
	c_end(&c, c_packet(&c, 0, 1, 4, 4));
	txt_init(&t);
	event_put(&t, 1234567890123456789, f, 2);
	at = c_block(&c, 9);
	c_bytes(&c, t.s, t.n);
	c_end(&c, at);
	at = c_block(&c, 9);
	c_bytes(&c, "__REALTIME_TIMESTAMP=55\nSTEP=two", 32);
	c_end(&c, at);
	c_end(&c, c_packet(&c, 0, 1, 4, 4));
	txt_fini(&t);

	seen.n = 0;
	r = open_it();
	reader_on_event(r, on_event, &c);
	next(r);
	assert_int_equal(seen.n, 0);
	next(r);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.ts, 55000);
	assert_int_equal(seen.before, 1);
	assert_string_equal(seen.step, "two");
	ends(r);
}

static void lying_binary_field(void **state)
{
	struct tape_event ev = { .data = (const u8 *)"K\n\xff\xff\xff\xff\xff\xff\xff\xff"
						     "abc\n",
				 .len = 14 };
	const char *v;
	size_t n;

	(void)state;
	assert_false(event_get(&ev, "K", &v, &n));
}

/* ---- gzip ---- */

static size_t deflate_to(u8 *out, size_t cap, const u8 *in, size_t n)
{
	z_stream z = { .next_in = (u8 *)(uintptr_t)in,
		       .avail_in = (uInt)n,
		       .next_out = out,
		       .avail_out = (uInt)cap };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	n = z.total_out;
	deflateEnd(&z);
	return n;
}

static const char *write_tmp(const u8 *p, size_t n)
{
	static char path[64];
	int fd;

	strcpy(path, "/tmp/test_tape_reader.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
	close(fd);
	return path;
}

/* Reads path to its end; returns how many packets came, and the last result in *ret. */
static u64 count_file(const char *path, int *ret, struct err *e)
{
	struct reader *r = reader_open(path, e);
	struct frame f;
	u64 n = 0;

	if (r == NULL)
		fail_msg("%s", e->text);
	while ((*ret = reader_next(r, &f, e)) == 1) {
		assert_int_equal(f.ts, (i64)n * NS_PER_S);
		n++;
	}
	reader_close(r);
	return n;
}

static void gzip_files(void **state)
{
	static u8 z[1 << 16];
	struct err e = ERR_INIT;
	const char *path;
	size_t n, half;
	u32 i;
	int ret;

	(void)state;
	begin(false);
	c_pcap(&c, 0xa1b2c3d4, 1);
	for (i = 0; i < 400; i++)
		c_record(&c, i, 0, 100, 100);
	half = c.n / 2 + 7; /* two members that meet inside a record, and padding after them */
	n = deflate_to(z, sizeof z, c.p, half);
	n += deflate_to(z + n, sizeof z - n, c.p + half, c.n - half);
	memset(z + n, 0, 3);
	path = write_tmp(z, n + 3);
	assert_int_equal(count_file(path, &ret, &e), 400);
	assert_int_equal(ret, 0);
	unlink(path);

	path = write_tmp(z, n - 100);
	i = (u32)count_file(path, &ret, &e);
	assert_int_equal(ret, -1);
	assert_in_range(i, 200, 399);
	assert_non_null(strstr(e.text, "the gzip data is cut short after"));
	assert_memory_equal(e.text, "packet ", 7);
	unlink(path);

	z[n] = 'x';
	path = write_tmp(z, n + 1);
	assert_int_equal(count_file(path, &ret, &e), 400);
	assert_int_equal(ret, -1);
	assert_non_null(strstr(e.text, "the gzip data is followed by other bytes at offset"));
	unlink(path);

	z[n - 5] ^= 1; /* the checksum */
	path = write_tmp(z, n);
	assert_int_equal(count_file(path, &ret, &e), 400);
	assert_int_equal(ret, -1);
	assert_non_null(strstr(e.text, "the gzip data is damaged at offset"));
	unlink(path);
}

static void large_records_grow_the_buffer(void **state)
{
	u32 sizes[] = { 10, RECORD_MAX_FRAME, 300000, 60 }, i;
	struct err e = ERR_INIT;
	struct reader *r;
	struct frame f;
	size_t n;
	u8 *p;

	(void)state;
	begin(false);
	c_pcap(&c, 0xa1b2c3d4, 1);
	p = calloc(1, 3 << 20);
	memcpy(p, c.p, c.n);
	n = c.n;
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		c.n = 0;
		c_record(&c, i, 0, 0, sizes[i]);
		memcpy(p + n, c.p, 16);
		memcpy(p + n + 8, c.p + 12, 4);
		p[n + 16 + sizes[i] - 1] = (u8)(i + 1);
		n += 16 + sizes[i];
	}
	r = reader_open_mem(p, n, &e);
	assert_non_null(r);
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		f = next(r);
		assert_int_equal(f.caplen, sizes[i]);
		assert_int_equal(f.data[f.caplen - 1], i + 1);
	}
	assert_int_equal(reader_next(r, &f, &e), 0);
	reader_close(r);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcap_all_orders),
		cmocka_unit_test(pcap_fcs_in_link_type),
		cmocka_unit_test(pcap_kuznetzov),
		cmocka_unit_test(pcap_damage),
		cmocka_unit_test(not_captures),
		cmocka_unit_test(cannot_open),
		cmocka_unit_test(pcapng_options),
		cmocka_unit_test(pcapng_sections),
		cmocka_unit_test(time_units),
		cmocka_unit_test(pcapng_damage),
		cmocka_unit_test(events_between_packets),
		cmocka_unit_test(lying_binary_field),
		cmocka_unit_test(gzip_files),
		cmocka_unit_test(large_records_grow_the_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
