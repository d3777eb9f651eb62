/* Fuzzes the tape: whatever the bytes, the streaming reader and the index find the same frames and
 * say the same about damage, and what our writer makes of the frames reads back the same. */
#include "tape/reader.h"
#include "tape/tape.h"
#include "tape/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(cond) ((cond) ? (void)0 : broken(#cond, __LINE__))

static void broken(const char *what, int line)
{
	fprintf(stderr, "tape.c:%d: not so: %s\n", line, what);
	abort();
}

static void same(const struct frame *a, const struct frame *b)
{
	CHECK(a->ts == b->ts || a->ts == NS_NONE); /* the writer may have to give it a time */
	CHECK(a->caplen == b->caplen && memcmp(a->data, b->data, a->caplen) == 0);
	CHECK(a->len == b->len && a->len >= a->caplen);
	CHECK(a->link == b->link && a->dir == b->dir && a->lost == b->lost);
	CHECK(a->fcs_len == b->fcs_len);
	CHECK((a->comment == NULL) == (b->comment == NULL) || a->lost);
	CHECK(a->comment == NULL || (a->comment_len == b->comment_len &&
				     memcmp(a->comment, b->comment, a->comment_len) == 0));
}

static void count_event(void *arg, const struct tape_event *ev)
{
	const char *key, *value;
	size_t at = 0, keylen, len, sum = 0, i;

	while (event_next(ev, &at, &key, &keylen, &value, &len))
		for (i = 0; i < len; i++)
			sum += (u8)value[i];
	*(u64 *)arg += sum;
}

/* The index of the same bytes, in a file. */
static struct tape *open_tape(const uint8_t *data, size_t size)
{
	struct tape *t;
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	t = tape_open(path, NULL);
	if (t != NULL)
		tape_wait(t, UINT64_MAX, -1);
	close(fd);
	return t;
}

static void check_sums(const struct tape *t, u64 bytes)
{
	u64 n = tape_count(t), out[3];
	ns_t last;

	CHECK(tape_amount(t, TAPE_IFACE_ANY, TAPE_DIR_ANY, 0, n).bytes == bytes);
	CHECK(tape_amount(t, TAPE_IFACE_ANY, TAPE_DIR_ANY, 0, n).packets == n);
	if (n == 0)
		return;
	last = tape_clock(t, n - 1);
	CHECK(tape_find_time(t, last) == n);
	tape_rate_bins(t, TAPE_IFACE_ANY, TAPE_DIR_ANY, last, 1, 3, n, out);
	CHECK(out[0] <= bytes);
	tape_peak_10ms(t, TAPE_IFACE_ANY, TAPE_DIR_ANY, tape_clock(t, 0), last, n);
}

/* Reads `written` beside the original. */
static void compare_copy(const uint8_t *data, size_t size, const struct txt *written, u64 frames)
{
	struct reader *a = reader_open_mem(data, size, NULL);
	struct reader *b = reader_open_mem((const u8 *)written->s, written->n, NULL);
	struct frame f, g;

	CHECK(a != NULL && b != NULL);
	while (frames-- > 0) {
		CHECK(reader_next(a, &f, NULL) == 1);
		CHECK(reader_next(b, &g, NULL) == 1);
		same(&f, &g);
	}
	reader_close(a);
	reader_close(b);
}

static void run(struct reader *r, struct tape *t, const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	u64 frames = 0, bytes = 0, events = 0, copied;
	struct frame f, g;
	struct writer *w;
	struct txt out;
	bool writing = true;
	int ret;

	txt_init(&out);
	w = writer_open_mem(&out, WRITER_PCAPNG);
	reader_on_event(r, count_event, &events);
	while ((ret = reader_next(r, &f, &e)) == 1) {
		CHECK(frames < tape_count(t));
		tape_frame(t, frames, &g);
		same(&f, &g);
		CHECK(f.number == ++frames && g.number == frames && f.iface == g.iface);
		bytes += MIN(f.len, (1u << 29) - 1);
		if (writing && writer_frame(w, &f, reader_iface(r, f.iface), NULL) < 0)
			writing = false; /* a time that pcapng cannot hold in ns */
	}
	copied = writer_count(w);
	CHECK(tape_count(t) == frames && tape_ifaces(t) == reader_ifaces(r));
	CHECK((tape_error(t) != NULL) == (ret < 0));
	CHECK(ret == 0 || strcmp(tape_error(t), e.text) == 0);
	check_sums(t, bytes);
	writer_close(w, NULL);
	compare_copy(data, size, &out, copied);
	txt_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader *r = reader_open_mem(data, size, NULL);
	struct tape *t = open_tape(data, size);

	if (r != NULL && t != NULL)
		run(r, t, data, size);
	else
		CHECK(t == NULL || tape_count(t) == 0);
	CHECK(t != NULL || r == NULL);
	reader_close(r);
	tape_close(t);
	return 0;
}
