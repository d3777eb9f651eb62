/* Streaming reader: one buffer that slides over the source; it grows only for a record that is
 * larger and only as its bytes arrive. */
#include "tape/reader.h"

#include "tape/record.h"
#include "tape/source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BUFFER = 256 << 10 }; /* fits a second-level cache, so that the copy is cheap to read */

struct reader {
	struct source *src;
	u8 *buf;
	size_t cap, at, n; /* unread: buf[at..n) */
	struct record rec;
	u64 size;
	bool done;
	int result; /* when done: 0 or -1 with err */
	struct err err;
	void (*on_event)(void *arg, const struct tape_event *ev);
	void *event_arg;
};

/* Gets more bytes behind buf[n], moving the unread ones to the front or growing the buffer where
 * `need` bytes do not fit. Returns what source_read() gave. */
static ssize_t refill(struct reader *r, u64 need, struct err *e)
{
	ssize_t got;

	if (r->at > 0) {
		memmove(r->buf, r->buf + r->at, r->n - r->at);
		r->n -= r->at;
		r->at = 0;
	}
	if (r->n == r->cap && need > r->cap) {
		r->cap *= 2;
		r->buf = xrealloc(r->buf, r->cap);
	}
	got = source_read(r->src, r->buf + r->n, r->cap - r->n, e);
	if (got > 0)
		r->n += (size_t)got;
	return got;
}

/* The source failed: says where that leaves us. */
static int source_failed(const struct reader *r, struct err *e)
{
	return err_prefix(e, "packet %llu: at offset %llu", (unsigned long long)r->rec.packets + 1,
			  (unsigned long long)r->rec.offset);
}

/* Goes on by `length` bytes, of which some may not have been read yet. */
static int skip(struct reader *r, u64 length, struct err *e)
{
	u64 left = length, have;
	ssize_t got;

	for (;;) {
		have = MIN(left, r->n - r->at);
		r->at += (size_t)have;
		left -= have;
		if (left == 0)
			return 0;
		got = refill(r, 0, e);
		if (got < 0)
			return source_failed(r, e);
		if (got == 0)
			return record_skip_end(&r->rec, length, length - left, e);
	}
}

/* More bytes, or the end of the file. Returns 1 to go on, 0 or -1 at the end. */
static int want(struct reader *r, u64 need, struct err *e)
{
	ssize_t got = refill(r, need, e);

	if (got > 0)
		return 1;
	if (got < 0)
		return source_failed(r, e);
	return record_end(&r->rec, r->buf + r->at, r->n - r->at, need, e);
}

/* Reads up to the next packet (1), the end (0) or damage (-1); also stops, with 2, behind the file
 * header when `header_only`. */
static int advance(struct reader *r, struct record_item *it, bool header_only, struct err *e)
{
	int ret;

	for (;;) {
		switch (record_next(&r->rec, r->buf + r->at, r->n - r->at, it, e)) {
		case RECORD_FRAME: r->at += (size_t)it->length; return 1;
		case RECORD_EVENT:
			r->at += (size_t)it->length;
			if (r->on_event != NULL)
				r->on_event(r->event_arg, &it->event);
			break;
		case RECORD_NONE:
			if (skip(r, it->length, e) < 0)
				return -1;
			if (header_only)
				return 2;
			break;
		case RECORD_MORE:
			ret = want(r, it->need, e);
			if (ret <= 0)
				return ret;
			break;
		case RECORD_BAD: return -1;
		}
	}
}

static u64 size_of(struct source *src)
{
	int fd = source_plain_fd(src);
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? (u64)st.st_size : 0;
}

static struct reader *reader_new(struct source *src, struct err *e)
{
	struct reader *r = xcalloc(1, sizeof *r);
	struct record_item it;
	int ret;

	r->src = src;
	r->cap = BUFFER;
	r->buf = xmalloc(r->cap);
	record_init(&r->rec);
	ret = advance(r, &it, true, e);
	if (ret == 2) {
		r->size = size_of(src);
		return r;
	}
	/* No record can come before the header, and a file that ends there is not a capture. */
	reader_close(r);
	return NULL;
}

struct reader *reader_open(const char *path, struct err *e)
{
	struct source *src = source_open(path, e);
	struct reader *r;

	if (src == NULL)
		return NULL;
	r = reader_new(src, e);
	if (r == NULL)
		err_prefix(e, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
	return r;
}

struct reader *reader_open_mem(const u8 *p, size_t n, struct err *e)
{
	return reader_new(source_mem(p, n), e);
}

void reader_close(struct reader *r)
{
	if (r == NULL)
		return;
	source_free(r->src);
	record_fini(&r->rec);
	free(r->buf);
	free(r);
}

int reader_next(struct reader *r, struct frame *f, struct err *e)
{
	struct record_item it;
	int ret;

	if (!r->done) {
		ret = advance(r, &it, false, &r->err);
		if (ret == 1) {
			*f = it.frame;
			return 1;
		}
		r->done = true;
		r->result = ret;
	}
	if (r->result < 0 && e != NULL)
		*e = r->err;
	return r->result;
}

void reader_on_event(struct reader *r, void (*fn)(void *arg, const struct tape_event *ev),
		     void *arg)
{
	r->on_event = fn;
	r->event_arg = arg;
}

u32 reader_ifaces(const struct reader *r)
{
	return r->rec.ifaces.n;
}

const struct tape_iface *reader_iface(const struct reader *r, u32 i)
{
	return iface_list_get(&r->rec.ifaces, i);
}

u64 reader_count(const struct reader *r)
{
	return r->rec.packets;
}

u64 reader_offset(const struct reader *r)
{
	return r->rec.offset;
}

u64 reader_size(const struct reader *r)
{
	return r->size;
}
