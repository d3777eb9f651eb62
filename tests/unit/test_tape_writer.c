/* The writers and the live tape: what is written reads back the same, and a failure leaves alone
 * what was there. */
#include "base/rand.h"
#include "tape/reader.h"
#include "tape/record.h"
#include "tape/tape.h"
#include "tape/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { FRAMES = 300 };

static const struct tape_iface ifaces[] = {
	{ .link = 1, .fcs_len = 4, .name = (char *)(uintptr_t) "h1-h2", .speed = 10000000 },
	{ .link = 113, .snaplen = 500, .description = (char *)(uintptr_t) "cooked" },
};

static u8 bytes[2000];
static char dir[64], path[128];

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/test_tape_writer.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/out", dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir); /* fails when a temporary file was left behind */
}

/* The nth of a series of frames that use every field there is. */
static struct frame make(u32 n, u32 nifaces)
{
	static const char *const comments[] = { NULL, "looked at", "dropped by the wire",
						"seed 7: dropped by the wire (1 %)" };
	u32 k = n % 4, iface = n % nifaces;
	struct frame f = { .number = n + 1,
			   .ts = 1700000000 * NS_PER_S + n * INT64_C(1000000007),
			   .data = bytes + n,
			   .caplen = n * 5 % 501,
			   .iface = iface,
			   .link = ifaces[iface].link,
			   .dir = (u8)(n % 3),
			   .lost = k >= 2,
			   .comment = comments[k],
			   .comment_len = comments[k] ? (u32)strlen(comments[k]) : 0,
			   .fcs_len = ifaces[iface].fcs_len,
			   .iface_name = ifaces[iface].name };

	f.len = f.caplen + n % 7 * 100;
	return f;
}

static void check(const struct frame *a, const struct frame *b)
{
	assert_int_equal(a->number, b->number);
	assert_true(a->ts == b->ts);
	assert_int_equal(a->caplen, b->caplen);
	assert_memory_equal(a->data, b->data, a->caplen);
	assert_int_equal(a->len, b->len);
	assert_int_equal(a->link, b->link);
	assert_int_equal(a->dir, b->dir);
	assert_int_equal(a->lost, b->lost);
	assert_int_equal(a->fcs_len, b->fcs_len);
	assert_int_equal(a->comment_len, b->comment_len);
	if (a->comment_len > 0)
		assert_memory_equal(a->comment, b->comment, a->comment_len);
	assert_int_equal(a->iface_name == NULL, b->iface_name == NULL);
	if (a->iface_name != NULL)
		assert_string_equal(a->iface_name, b->iface_name);
}

static void write_frame(struct writer *w, const struct frame *f)
{
	struct err e = ERR_INIT;

	if (writer_frame(w, f, &ifaces[f->iface], &e) < 0)
		fail_msg("%s", e.text);
}

static struct reader *open_text(const struct txt *t)
{
	struct err e = ERR_INIT;
	struct reader *r = reader_open_mem((const u8 *)t->s, t->n, &e);

	if (r == NULL)
		fail_msg("%s", e.text);
	return r;
}

static void pcapng_reads_back(void **state)
{
	struct err e = ERR_INIT;
	struct frame want, got;
	struct writer *w;
	struct reader *r;
	struct txt t;
	u32 i;

	(void)state;
	txt_init(&t);
	w = writer_open_mem(&t, WRITER_PCAPNG);
	for (i = 0; i < FRAMES; i++) {
		want = make(i, 2);
		write_frame(w, &want);
	}
	assert_int_equal(writer_count(w), FRAMES);
	assert_int_equal(writer_close(w, &e), 0);
	r = open_text(&t);
	for (i = 0; i < FRAMES; i++) {
		want = make(i, 2);
		assert_int_equal(reader_next(r, &got, &e), 1);
		check(&want, &got);
	}
	assert_int_equal(reader_next(r, &got, &e), 0);
	assert_int_equal(reader_ifaces(r), 2);
	assert_int_equal(reader_iface(r, 0)->speed, 10000000);
	assert_int_equal(reader_iface(r, 1)->snaplen, 500);
	assert_string_equal(reader_iface(r, 1)->description, "cooked");
	reader_close(r);
	txt_fini(&t);
}

static void odd_frames(void **state)
{
	static const struct tape_iface early = { .link = 1, .tsoffset = -1000 };
	struct err e = ERR_INIT;
	struct frame f = make(3, 1), got;
	struct writer *w;
	struct reader *r;
	struct txt t;

	(void)state;
	txt_init(&t);
	w = writer_open_mem(&t, WRITER_PCAPNG);
	f.comment = NULL; /* lost, but nobody wrote so */
	f.comment_len = 0;
	f.fcs_len = 2;
	write_frame(w, &f);
	f = (struct frame) {
		.number = 2, .ts = NS_NONE, .data = bytes, .caplen = 33, .len = 33, .fcs_len = 4
	};
	write_frame(w, &f); /* a Simple Packet Block */
	f.caplen = 20;
	write_frame(w, &f); /* not possible there: cut short without a snaplen */
	f = (struct frame) { .number = 4, .ts = -5, .data = bytes, .iface = 9 };
	assert_int_equal(writer_frame(w, &f, &early, &e), 0);
	assert_int_equal(writer_close(w, &e), 0);
	r = open_text(&t);
	assert_int_equal(reader_next(r, &got, &e), 1);
	assert_true(got.lost);
	assert_int_equal(got.comment_len, strlen(RECORD_LOST_COMMENT));
	assert_int_equal(got.fcs_len, 2);
	assert_int_equal(reader_next(r, &got, &e), 1);
	assert_true(got.ts == NS_NONE);
	assert_int_equal(got.caplen, 33);
	assert_int_equal(reader_next(r, &got, &e), 1);
	assert_true(got.ts == 0);
	assert_int_equal(got.caplen, 20);
	assert_int_equal(got.len, 33);
	assert_int_equal(reader_next(r, &got, &e), 1);
	assert_int_equal(got.ts, -5);
	reader_close(r);
	txt_fini(&t);
}

static void pcap_reads_back(void **state)
{
	struct err e = ERR_INIT;
	struct frame want, got;
	struct writer *w;
	struct reader *r;
	struct txt t;
	u32 i;
	int ns;

	(void)state;
	for (ns = 0; ns < 2; ns++) {
		txt_init(&t);
		w = writer_open_mem(&t, ns ? WRITER_PCAP_NS : WRITER_PCAP);
		for (i = 0; i < FRAMES; i++) {
			want = make(i, 1);
			write_frame(w, &want);
		}
		assert_int_equal(writer_event(w, 0, NULL, 0, &e), 0);
		assert_int_equal(writer_close(w, &e), 0);
		r = open_text(&t);
		for (i = 0; i < FRAMES; i++) {
			want = make(i, 1);
			if (!ns)
				want.ts -= want.ts % 1000;
			want.comment_len = want.lost = want.dir =
				0; /* pcap has no place for them */
			want.iface_name = NULL;
			assert_int_equal(reader_next(r, &got, &e), 1);
			check(&want, &got);
		}
		assert_int_equal(reader_next(r, &got, &e), 0);
		reader_close(r);
		txt_fini(&t);
	}
}

static void empty_files_are_captures(void **state)
{
	enum writer_format f;
	struct err e = ERR_INIT;
	struct frame got;

	(void)state;
	for (f = WRITER_PCAPNG; f <= WRITER_PCAP_NS; f++) {
		struct writer *w = writer_open(path, f, &e);
		struct reader *r;

		assert_non_null(w);
		assert_int_equal(writer_close(w, &e), 0);
		r = reader_open(path, &e);
		assert_non_null(r);
		assert_int_equal(reader_next(r, &got, &e), 0);
		reader_close(r);
	}
}

static void pcap_says_what_it_cannot_hold(void **state)
{
	struct err e = ERR_INIT;
	struct frame f = make(0, 1);
	struct writer *w;
	struct txt t;

	(void)state;
	txt_init(&t);
	w = writer_open_mem(&t, WRITER_PCAP);
	write_frame(w, &f);
	f = make(1, 2);
	assert_int_equal(writer_frame(w, &f, &ifaces[1], &e), -1);
	assert_string_equal(e.text,
			    "pcap holds one link type, and here are 1 and 113: use pcapng instead");
	assert_int_equal(writer_close(w, &e), -1);
	w = writer_open_mem(&t, WRITER_PCAP);
	f = make(0, 1);
	f.ts = -1;
	assert_int_equal(writer_frame(w, &f, &ifaces[0], &e), -1);
	assert_string_equal(e.text, "packet 1: pcap cannot hold its time; pcapng can");
	writer_abort(w);
	txt_fini(&t);
}

static void write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void assert_file(const char *text)
{
	char buf[100] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fgets(buf, sizeof buf, f) != NULL);
	fclose(f);
	assert_string_equal(buf, text);
}

static void a_failure_leaves_the_old_file(void **state)
{
	struct err e = ERR_INIT;
	struct frame f = make(0, 1);
	struct writer *w;
	struct stat st;

	(void)state;
	write_file("precious");
	assert_int_equal(chmod(path, 0640), 0);
	w = writer_open(path, WRITER_PCAP, &e);
	assert_non_null(w);
	write_frame(w, &f);
	assert_int_equal(writer_flush(w, &e), 0);
	assert_file("precious");
	f = make(1, 2);
	assert_int_equal(writer_frame(w, &f, &ifaces[1], &e), -1);
	assert_int_equal(writer_close(w, &e), -1);
	assert_file("precious");
	w = writer_open(path, WRITER_PCAP, &e);
	writer_abort(w);
	assert_file("precious");
	w = writer_open(path, WRITER_PCAP, &e);
	assert_int_equal(writer_close(w, &e), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 24);
	assert_int_equal(st.st_mode & 0777, 0640);
}

static void says_why_it_cannot_write(void **state)
{
	struct err e = ERR_INIT;
	struct frame f = make(100, 1);
	struct writer *w;
	int i;

	(void)state;
	assert_null(writer_open("/nonexistent/x", WRITER_PCAP, &e));
	assert_string_equal(e.text, "/nonexistent/x cannot be written: No such file or directory");
	assert_null(writer_open(dir, WRITER_PCAP, &e));
	assert_non_null(strstr(e.text, "cannot be written: Is a directory"));
	w = writer_open("/dev/full", WRITER_PCAPNG, &e);
	assert_non_null(w);
	for (i = 0; i < 2000; i++)
		if (writer_frame(w, &f, &ifaces[0], &e) < 0)
			break;
	assert_in_range(i, 100, 1999);
	assert_string_equal(e.text, "the capture cannot be written: No space left on device");
	e.text[0] = '\0';
	assert_int_equal(writer_close(w, &e), -1);
	assert_string_equal(e.text, "the capture cannot be written: No space left on device");
}

/* ---- the live tape ---- */

static void same_tape(struct tape *t)
{
	struct tape_event ev;
	struct frame want, got;
	const char *v;
	size_t n;
	u32 i;

	assert_int_equal(tape_count(t), FRAMES);
	assert_true(tape_done(t));
	assert_null(tape_error(t));
	for (i = 0; i < FRAMES; i++) {
		want = make(i, 2);
		tape_frame(t, i, &got);
		check(&want, &got);
		assert_int_equal(tape_brief(t, i).len, want.len);
		assert_int_equal(tape_brief(t, i).lost, want.lost);
	}
	assert_int_equal(tape_events(t), 3);
	ev = tape_event(t, 1);
	assert_int_equal(ev.ts, 123456789);
	assert_int_equal(ev.before, 200);
	assert_true(event_get(&ev, "COMMAND", &v, &n));
	assert_int_equal(n, 10);
	assert_memory_equal(v, "drop\n1\0end", 10);
	assert_int_equal(iface_stat(&tape_iface(t, 1)->dropped_os), 7);
	assert_true(iface_stat(&tape_iface(t, 1)->received) == IFACE_UNKNOWN);
}

static void live_tape_is_a_recording(void **state)
{
	const struct event_field cmd = { "COMMAND", "drop\n1\0end", 10 };
	struct err e = ERR_INIT;
	struct tape *t, *u;
	struct frame f;
	u32 i;

	(void)state;
	t = tape_new(path, false, &e);
	assert_non_null(t);
	assert_int_equal(tape_add_iface(t, &ifaces[0], &e), 0);
	for (i = 0; i < FRAMES; i++) {
		if (i == 1)
			assert_int_equal(tape_add_iface(t, &ifaces[1], &e), 1);
		f = make(i, 2);
		assert_int_equal(tape_append(t, &f, &e), 0);
		if (i % 100 == 99) {
			assert_int_equal(tape_append_event(t, 123456789, &cmd, 1, &e), 0);
			assert_int_equal(tape_append_stats(t, 1, IFACE_UNKNOWN, IFACE_UNKNOWN,
							   i == 299 ? 7 : 1, f.ts, &e),
					 0);
			if (i < 200) /* the events move with the packets */
				assert_int_equal(tape_events(t), i / 100);
			assert_int_equal(tape_count(t), i / 100 * 100);
			assert_int_equal(tape_flush(t, &e), 0);
			assert_int_equal(tape_count(t), i + 1);
			assert_false(tape_done(t));
		}
	}
	assert_int_equal(tape_finish(t, &e), 0);
	same_tape(t);
	u = tape_open(path, &e); /* while the other is still open */
	assert_non_null(u);
	tape_wait(u, UINT64_MAX, -1);
	same_tape(u);
	tape_close(u);
	tape_close(t);
	assert_null(tape_new(path, false, &e));
	assert_non_null(strstr(e.text, "cannot be recorded to: File exists"));
	t = tape_new(NULL, false, &e);
	assert_non_null(t);
	assert_int_equal(tape_finish(t, &e), 0);
	assert_int_equal(tape_count(t), 0);
	tape_close(t);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(pcapng_reads_back),
		T(odd_frames),
		T(pcap_reads_back),
		T(empty_files_are_captures),
		T(pcap_says_what_it_cannot_hold),
		T(a_failure_leaves_the_old_file),
		T(says_why_it_cannot_write),
		T(live_tape_is_a_recording),
	};
	struct rnd r = { 5 };
	size_t i;

	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = (u8)rnd_u64(&r);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
