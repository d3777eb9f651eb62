/* The tape against brute force: index, clock, rates, peaks; pipes and gzip as they grow; bad files.
 */
#include "base/rand.h"
#include "capture.h"
#include "tape/reader.h"
#include "tape/tape.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

enum { PACKETS = 150000, IFACES = 3 };

/* What brute force remembers of each packet. */
struct truth {
	ns_t ts, clock;
	u32 len, iface;
	u8 dir;
};

static struct truth *truth;
static struct capture c;
static char path[64];

static void flush(FILE *f)
{
	assert_int_equal(fwrite(c.p, 1, c.n, f), c.n);
	c.n = 0;
}

static FILE *new_file(void)
{
	int fd;

	strcpy(path, "/tmp/test_tape_tape.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	return fdopen(fd, "w");
}

/* Packets of three interfaces in clumps, some with times set back, some without time. */
static void make_random(struct rnd *r, u64 n)
{
	FILE *f = new_file();
	u64 i, ts = UINT64_C(1700000000000000000);
	ns_t clock = NS_NONE;

	c.n = 0;
	c.big = false;
	c_section(&c);
	for (i = 0; i < IFACES; i++)
		c_iface(&c, 1, 9, i == 1 ? "eth1" : NULL);
	truth = calloc(n, sizeof *truth);
	for (i = 0; i < n; i++) {
		struct truth *t = &truth[i];
		size_t at;

		ts += rnd_below(r, 100) == 0 ? rnd_below(r, 50 * NS_PER_MS) : rnd_below(r, 2000);
		if (rnd_below(r, 500) == 0) /* onto a bin's edge, or just before it */
			ts += (u64)TAPE_PEAK_BIN - ts % (u64)TAPE_PEAK_BIN - rnd_below(r, 2);
		t->iface = i < n / 2 ? (u32)rnd_below(r, 2) : rnd_below(r, 3000) == 0 ? 2 : 0;
		t->dir = (u8)rnd_below(r, 3);
		t->len = 40 + (u32)rnd_below(r, i % 20000 < 300 ? 60000 : 1500); /* bursts */
		t->ts = (ns_t)ts - (rnd_below(r, 20) == 0 ? (ns_t)rnd_below(r, NS_PER_S) : 0);
		if (t->iface == 0 && rnd_below(r, 50) == 0) {
			t->ts = NS_NONE;
			t->dir = 0;
			t->len = 4;
			at = c_block(&c, 3);
			c_u32(&c, 4);
			c_u32(&c, 0);
		} else {
			at = c_packet(&c, t->iface, (u64)t->ts, 4, t->len);
			if (t->dir != 0)
				c_opt_int(&c, 2, t->dir, 4);
			if (i / 4000 % 5 == 0 && i % 97 == 0)
				c_opt(&c, 1, "dropped by the wire", 19);
		}
		c_end(&c, at);
		clock = MAX(clock, t->ts);
		t->clock = clock;
		if (c.n > 60000)
			flush(f);
	}
	flush(f);
	fclose(f);
}

static struct tape *open_all(void)
{
	struct err e = ERR_INIT;
	struct tape *t = tape_open(path, &e);

	if (t == NULL)
		fail_msg("%s", e.text);
	tape_wait(t, UINT64_MAX, -1);
	assert_true(tape_done(t));
	return t;
}

static bool in_scope(const struct truth *t, u32 iface, u8 dir)
{
	return (iface == TAPE_IFACE_ANY || t->iface == iface) &&
	       (dir == TAPE_DIR_ANY || t->dir == dir);
}

static void check_amount(struct tape *t, u32 iface, u8 dir, u64 n0, u64 n1)
{
	struct tape_amount a = tape_amount(t, iface, dir, n0, n1);
	u64 bytes = 0, packets = 0, i;

	for (i = n0; i < n1; i++) {
		if (in_scope(&truth[i], iface, dir)) {
			bytes += truth[i].len;
			packets++;
		}
	}
	assert_int_equal(a.bytes, bytes);
	assert_int_equal(a.packets, packets);
}

static void check_bins(struct tape *t, u32 iface, u8 dir, ns_t t0, ns_t bin, u64 n)
{
	u64 out[50], want[50] = { 0 }, i;

	for (i = 0; i < n; i++)
		if (in_scope(&truth[i], iface, dir) && truth[i].clock >= t0 &&
		    (truth[i].clock - t0) / bin < 50)
			want[(truth[i].clock - t0) / bin] += truth[i].len;
	tape_rate_bins(t, iface, dir, t0, bin, 50, n, out);
	assert_memory_equal(out, want, sizeof out);
}

static void check_peak(struct tape *t, u32 iface, u8 dir, ns_t t0, ns_t t1, u64 n)
{
	ns_t start = t0 / TAPE_PEAK_BIN * TAPE_PEAK_BIN, bin = -1;
	u64 i, sum = 0, peak = 0;

	for (i = 0; i < n && truth[i].clock <= t1; i++) {
		if (!in_scope(&truth[i], iface, dir) || truth[i].clock < start)
			continue;
		if (truth[i].clock / TAPE_PEAK_BIN != bin) {
			bin = truth[i].clock / TAPE_PEAK_BIN;
			sum = 0;
		}
		sum += truth[i].len;
		peak = MAX(peak, sum);
	}
	assert_int_equal(tape_peak_10ms(t, iface, dir, t0, t1, n), peak);
}

static void index_is_exact(void **state)
{
	struct rnd r = { 42 };
	struct tape *t;
	u64 i, n, m, lost = 0;

	(void)state;
	make_random(&r, PACKETS);
	t = open_all();
	assert_null(tape_error(t));
	assert_int_equal(tape_count(t), PACKETS);
	assert_int_equal(tape_ifaces(t), IFACES);
	assert_string_equal(tape_iface(t, 1)->name, "eth1");
	for (i = 0; i < PACKETS; i++) {
		struct frame f;
		struct tape_brief b = tape_brief(t, i);

		tape_frame(t, i, &f);
		assert_int_equal(f.number, i + 1);
		assert_true(f.ts == truth[i].ts && tape_ts(t, i) == truth[i].ts);
		assert_int_equal(f.len, truth[i].len);
		assert_int_equal(f.iface, truth[i].iface);
		assert_int_equal(f.dir, truth[i].dir);
		assert_int_equal(b.len, truth[i].len);
		assert_int_equal(b.iface, truth[i].iface);
		assert_int_equal(b.dir, truth[i].dir);
		if (i % 7 == 0)
			assert_true(tape_clock(t, i) == truth[i].clock);
	}
	for (i = m = 0; m < PACKETS; i = m + 1) { /* those that the wire lost, all of them */
		n = tape_lost_first(t, i, PACKETS);
		for (m = i; m < PACKETS && !tape_brief(t, m).lost; m++)
			;
		assert_int_equal(n, m);
		lost += n < PACKETS;
	}
	assert_in_range(lost, 100, PACKETS / 97);
	for (i = 0; i < 300; i++) {
		ns_t ts = truth[rnd_below(&r, PACKETS)].clock + (ns_t)rnd_below(&r, 3) - 1;
		u32 iface = rnd_below(&r, 4) == 0 ? TAPE_IFACE_ANY : (u32)rnd_below(&r, IFACES);
		u8 dir = (u8)rnd_below(&r, 4);

		n = tape_find_time(t, ts);
		assert_true(n == 0 || truth[n - 1].clock <= ts);
		assert_true(n == PACKETS || truth[n].clock > ts);
		n = rnd_below(&r, PACKETS + 1);
		m = n + rnd_below(&r, PACKETS + 1 - n);
		check_amount(t, iface, dir, n, m);
		check_bins(t, iface, dir, ts, 1 + (ns_t)rnd_below(&r, (u64)1 << i % 30), m);
		if (iface != TAPE_IFACE_ANY && dir != TAPE_DIR_ANY)
			check_peak(t, iface, dir, ts, INT64_MAX, m);
		if (iface != TAPE_IFACE_ANY && dir != TAPE_DIR_ANY)
			check_peak(t, iface, dir, ts, ts + (ns_t)rnd_below(&r, (u64)1 << i % 34),
				   m);
	}
	assert_int_equal(tape_find_time(t, INT64_MAX), PACKETS);
	assert_int_equal(tape_amount(t, 2, 1, 0, 0).bytes, 0);
	tape_set_conv(t, 77777, 5, 66666);
	tape_set_passed(t, 77778);
	assert_int_equal(tape_conv(t, 77777), 5);
	assert_int_equal(tape_prev(t, 77777), 66666);
	assert_int_equal(tape_passed(t), 77778);
	tape_close(t);
	unlink(path);
	free(truth);
}

static void conversations_are_found(void **state)
{
	struct rnd r = { 43 };
	struct tape *t;
	u32 *conv = xmalloc(PACKETS * sizeof *conv);

	(void)state;
	make_random(&r, PACKETS);
	t = open_all();
	for (u64 i = 0; i < PACKETS; i++) { /* one of few packets, one of many, one of runs */
		conv[i] = rnd_below(&r, 20000) == 0 ? 1 : rnd_below(&r, 50) == 0 ? 2 : TAPE_NONE;
		if (i % 1000 < 30)
			conv[i] = 3;
		tape_set_conv(t, i, conv[i], TAPE_NONE);
	}
	tape_set_passed(t, PACKETS);
	for (int i = 0; i < 2000; i++) {
		u64 from = rnd_below(&r, PACKETS), first, last;
		u64 to = from + rnd_below(&r, MIN(PACKETS - from, 1u << i % 18) + 1);
		u32 id = (u32)rnd_below(&r, 5);

		for (first = from; first < to && conv[first] != id; first++)
			;
		for (last = to; last > from && conv[last - 1] != id; last--)
			;
		assert_int_equal(tape_conv_first(t, id, from, to), first);
		assert_int_equal(tape_conv_last(t, id, from, to), last > from ? last - 1 : to);
	}
	tape_close(t);
	unlink(path);
	free(truth);
	free(conv);
}

/* The tape and the streaming reader agree on every frame, event and error of what is in c. */
static void agree(u64 packets)
{
	struct err e = ERR_INIT;
	struct reader *r;
	struct frame a, b;
	struct tape *t;
	FILE *f = new_file();
	size_t n = c.n;
	u64 i = 0;
	int ret;

	flush(f);
	fclose(f);
	c.n = n;
	t = open_all();
	r = reader_open(path, &e);
	assert_non_null(r);
	while ((ret = reader_next(r, &a, &e)) == 1) {
		tape_frame(t, i, &b);
		assert_int_equal(a.caplen, b.caplen);
		assert_memory_equal(a.data, b.data, a.caplen);
		assert_int_equal(a.comment_len, b.comment_len);
		assert_int_equal(a.lost, b.lost);
		assert_int_equal(tape_brief(t, i).lost, b.lost);
		assert_int_equal(a.ts, b.ts);
		i++;
	}
	assert_int_equal(i, packets);
	assert_int_equal(tape_count(t), packets);
	if (ret < 0)
		assert_string_equal(tape_error(t), e.text);
	else
		assert_null(tape_error(t));
	reader_close(r);
	tape_close(t);
	unlink(path);
}

static void same_as_the_reader(void **state)
{
	size_t at, end;
	u32 i;

	(void)state;
	c.n = 0;
	c.big = true;
	c_section(&c);
	agree(0);
	c_iface(&c, 1, 6, NULL);
	for (i = 0; i < 130; i++) {
		at = c_packet(&c, 0, i, i, i);
		if (i % 3 == 0)
			c_opt(&c, 1, "dropped by the wire", 19);
		c_end(&c, at);
	}
	agree(130);
	end = c.n;
	for (c.n = end - 1; c.n > end - 170; c.n--)
		agree(c.n > end - 180 + 2 ? 129 : 128);
	c.n = end;
	c_u32(&c, 0x0bad);
	c_u32(&c, 4000);
	c_u32(&c, 4000);
	agree(130);
}

static void events_in_place(void **state)
{
	struct event_field f[1] = { { "STEP", "one", 3 } };
	struct tape_event ev;
	struct tape *t;
	struct txt x;
	const char *v;
	size_t at, n;
	FILE *file = new_file();
	u32 i;

	(void)state;
	c.n = 0;
	c.big = false;
	c_section(&c);
	c_iface(&c, 1, 9, NULL);
	txt_init(&x);
	for (i = 0; i < 10; i++) {
		c_end(&c, c_packet(&c, 0, i, 4, 4));
		txt_clear(&x);
		event_put(&x, i, f, 1);
		at = c_block(&c, 9);
		c_bytes(&c, x.s, x.n);
		c_end(&c, at);
	}
	txt_fini(&x);
	flush(file);
	fclose(file);
	t = open_all();
	assert_int_equal(tape_events(t), 10);
	ev = tape_event(t, 4);
	assert_int_equal(ev.ts, 4);
	assert_int_equal(ev.before, 5);
	assert_true(event_get(&ev, "STEP", &v, &n));
	assert_memory_equal(v, "one", 3);
	assert_int_equal(tape_events_before(t, 0), 0);
	assert_int_equal(tape_events_before(t, 5), 5);
	assert_int_equal(tape_events_before(t, 10), 10);
	tape_close(t);
	unlink(path);
}

/* ---- what grows ---- */

static void big_capture(u32 packets)
{
	u32 i;

	c.n = 0;
	c.big = false;
	c_pcap(&c, 0xa1b2c3d4, 1);
	for (i = 0; i < packets; i++)
		c_record(&c, i, 0, 100, 100);
}

static void fifo_is_usable_while_it_grows(void **state)
{
	struct err e = ERR_INIT;
	struct frame f;
	struct tape *t;
	int fd;

	(void)state;
	big_capture(400);
	strcpy(path, "/tmp/test_tape_fifo.XXXXXX");
	assert_non_null(mkdtemp(path));
	rmdir(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR); /* so that opening it to read does not wait for us */
	assert_true(fd >= 0);
	t = tape_open(path, &e);
	assert_non_null(t);
	unlink(path);
	assert_int_equal(tape_count(t), 0);
	assert_int_equal(write(fd, c.p, 24 + 116 * 10 + 50), 24 + 116 * 10 + 50);
	assert_int_equal(tape_wait(t, 10, 5000), 10);
	assert_false(tape_done(t));
	tape_frame(t, 9, &f);
	assert_int_equal(f.ts, 9 * NS_PER_S);
	assert_int_equal(tape_find_time(t, 3 * NS_PER_S), 4);
	assert_int_equal(tape_wait(t, 11, 30), 10); /* there are no more, and it says so in time */
	assert_int_equal(write(fd, c.p + 24 + 116 * 10 + 50, 66), 66);
	assert_int_equal(tape_wait(t, 11, 5000), 11);
	tape_close(t); /* while its thread waits for bytes that never come */
	close(fd);
}

static void gzip_is_spooled(void **state)
{
	gzFile z;
	struct tape *t;
	struct frame f;

	(void)state;
	big_capture(500);
	fclose(new_file());
	z = gzopen(path, "wb");
	assert_int_equal(gzwrite(z, c.p, (unsigned)c.n), c.n);
	gzclose(z);
	t = open_all();
	assert_int_equal(tape_count(t), 500);
	assert_null(tape_error(t));
	tape_frame(t, 499, &f);
	assert_int_equal(f.ts, 499 * NS_PER_S);
	tape_close(t);
	assert_int_equal(truncate(path, 1500), 0);
	t = open_all();
	assert_in_range(tape_count(t), 1, 499);
	assert_non_null(strstr(tape_error(t), "the gzip data is cut short after 1500 bytes"));
	tape_close(t);
	unlink(path);
}

static void a_file_that_shrinks(void **state)
{
	struct tape *t;
	struct frame f;
	FILE *file = new_file();
	int i;

	(void)state;
	big_capture(500);
	flush(file);
	fclose(file);
	t = open_all();
	tape_frame(t, 400, &f);
	assert_int_equal(f.caplen, 100);
	assert_int_equal(truncate(path, 5000), 0);
	for (i = 0; i < 500; i++) {
		tape_frame(t, (u64)i, &f);
		assert_int_equal(f.number, i + 1);
		assert_true(f.caplen == (i < 42 ? 100 : 0) || i == 42);
	}
	assert_true(f.ts == 499 * NS_PER_S);
	tape_close(t);
	unlink(path);
}

static void refusals(void **state)
{
	struct err e = ERR_INIT;
	char want[256];
	FILE *f;

	(void)state;
	assert_null(tape_open("/nonexistent", &e));
	assert_string_equal(e.text, "/nonexistent: no such file");
	f = new_file();
	fclose(f);
	assert_null(tape_open(path, &e));
	snprintf(want, sizeof want, "%s: the file is empty", path);
	assert_string_equal(e.text, want);
	f = fopen(path, "w");
	fputs("not a capture, but a longer t\n", f);
	fclose(f);
	assert_null(tape_open(path, &e));
	snprintf(want, sizeof want,
		 "%s: not a pcap or pcapng capture: it begins with the text \"not a capture, but a "
		 "lon\"",
		 path);
	assert_string_equal(e.text, want);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(index_is_exact),  cmocka_unit_test(same_as_the_reader),
		cmocka_unit_test(events_in_place), cmocka_unit_test(fifo_is_usable_while_it_grows),
		cmocka_unit_test(gzip_is_spooled), cmocka_unit_test(a_file_that_shrinks),
		cmocka_unit_test(refusals),	   cmocka_unit_test(conversations_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
