/* pcap and pcapng writers: little-endian, nanoseconds, one section. */
#include "tape/writer.h"

#include "base/vec.h"
#include "tape/newfile.h"
#include "tape/pcapng.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FLUSH_AT = 256 << 10, SNAPLEN = 262144 };

/* What the writer knows of an interface that it has described. */
struct known {
	u32 index; /* the caller's */
	u16 link;
	u8 fcs_len;
	u32 snaplen;
	i64 offset; /* if_tsoffset, seconds */
};

struct writer {
	enum writer_format format;
	struct txt *out, own;
	int fd; /* -1 for memory */
	struct newfile file;
	bool started;
	u64 packets;
	VEC(struct known) ifaces;
	struct err err; /* the first failure; nothing is written after it */
};

/* ---- bytes ---- */

static void put16(struct txt *t, u32 v)
{
	u8 *p = (u8 *)txt_room(t, 2);

	p[0] = (u8)v;
	p[1] = (u8)(v >> 8);
	t->n += 2;
}

static void put32(struct txt *t, u32 v)
{
	put16(t, v & 0xffff);
	put16(t, v >> 16);
}

static void put64(struct txt *t, u64 v)
{
	put32(t, (u32)v);
	put32(t, (u32)(v >> 32));
}

static int fail(struct writer *w, struct err *e)
{
	if (e != NULL)
		*e = w->err;
	return -1;
}

static int flush(struct writer *w)
{
	size_t at = 0;
	ssize_t n;

	if (w->fd < 0)
		return 0;
	while (at < w->out->n) {
		n = write(w->fd, w->out->s + at, w->out->n - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(&w->err, "%s cannot be written: %s",
				       w->file.path != NULL ? w->file.path : "the capture",
				       strerror(errno));
		at += (size_t)n;
	}
	txt_clear(w->out);
	return 0;
}

static int written(struct writer *w, struct err *e)
{
	if (w->fd >= 0 && w->out->n >= FLUSH_AT && flush(w) < 0)
		return fail(w, e);
	return 0;
}

/* ---- pcapng blocks ---- */

static size_t block_begin(struct txt *t, u32 type)
{
	size_t at = t->n;

	put32(t, type);
	put32(t, 0);
	return at;
}

static void pad(struct txt *t, size_t n)
{
	txt_fill(t, '\0', (4 - n % 4) % 4);
}

static void block_end(struct txt *t, size_t at)
{
	u32 len;
	int i;

	pad(t, t->n - at);
	len = (u32)(t->n - at) + 4;
	put32(t, len);
	for (i = 0; i < 4; i++)
		t->s[at + 4 + (size_t)i] = (char)(len >> 8 * i);
}

static void option(struct txt *t, u16 code, const void *v, size_t n)
{
	put16(t, code);
	put16(t, (u32)n);
	txt_putn(t, v, n);
	pad(t, n);
}

static void option_u64(struct txt *t, u16 code, u64 v)
{
	put16(t, code);
	put16(t, 8);
	put64(t, v);
}

static void start_section(struct writer *w)
{
	struct txt *t = w->out;
	size_t at = block_begin(t, NG_SECTION);

	put32(t, NG_BYTE_ORDER);
	put16(t, 1);
	put16(t, 0);
	put64(t, UINT64_MAX); /* the section's length is not known */
	option(t, 4, "tapdeck", 7);
	option(t, NG_OPT_END, "", 0);
	block_end(t, at);
}

static void describe(struct writer *w, const struct tape_iface *iface, const struct known *k)
{
	struct txt *t = w->out;
	size_t at = block_begin(t, NG_INTERFACE);
	u8 nine = 9;

	put16(t, k->link);
	put16(t, 0);
	put32(t, k->snaplen);
	if (iface->name != NULL)
		option(t, NG_OPT_IF_NAME, iface->name, strlen(iface->name));
	if (iface->description != NULL)
		option(t, NG_OPT_IF_DESCRIPTION, iface->description, strlen(iface->description));
	if (iface->speed != 0)
		option_u64(t, NG_OPT_IF_SPEED, iface->speed);
	option(t, NG_OPT_IF_TSRESOL, &nine, 1);
	if (k->fcs_len != 0)
		option(t, NG_OPT_IF_FCSLEN, &k->fcs_len, 1);
	if (k->offset != 0)
		option_u64(t, NG_OPT_IF_TSOFFSET, (u64)k->offset);
	option(t, NG_OPT_END, "", 0);
	block_end(t, at);
}

static bool has_phrase(const struct frame *f)
{
	return f->comment != NULL && memmem(f->comment, f->comment_len, RECORD_LOST_COMMENT,
					    strlen(RECORD_LOST_COMMENT)) != NULL;
}

static bool fits_simple(const struct frame *f, const struct known *k, u32 id)
{
	u32 caplen = k->snaplen != 0 ? MIN(f->len, k->snaplen) : f->len;

	return f->ts == NS_NONE && id == 0 && f->dir == DIR_UNKNOWN && f->comment == NULL &&
	       !f->lost && f->fcs_len == k->fcs_len && f->caplen == caplen;
}

static int packet_block(struct writer *w, const struct frame *f, const struct known *k)
{
	struct txt *t = w->out;
	u32 id = (u32)(k - w->ifaces.v), flags;
	__int128 ts = f->ts == NS_NONE ? 0 : (__int128)f->ts - (__int128)k->offset * NS_PER_S;
	size_t at;

	if (ts < 0 || ts > UINT64_MAX)
		return err_set(&w->err, "packet %llu: pcapng cannot hold its time",
			       (unsigned long long)f->number);
	if (fits_simple(f, k, id)) {
		at = block_begin(t, NG_PACKET_SIMPLE);
		put32(t, f->len);
		txt_putn(t, (const char *)f->data, f->caplen);
		block_end(t, at);
		return 0;
	}
	at = block_begin(t, NG_PACKET);
	put32(t, id);
	put32(t, (u32)(ts >> 32));
	put32(t, (u32)ts);
	put32(t, f->caplen);
	put32(t, f->len);
	txt_putn(t, (const char *)f->data, f->caplen);
	pad(t, f->caplen);
	flags = (f->dir == DIR_IN    ? 1
		 : f->dir == DIR_OUT ? 2
				     : 0) |
		(f->fcs_len != k->fcs_len ? (f->fcs_len & 15) << 5 : 0);
	if (f->comment != NULL)
		option(t, NG_OPT_COMMENT, f->comment, MIN(f->comment_len, 65535));
	if (f->lost && !has_phrase(f))
		option(t, NG_OPT_COMMENT, RECORD_LOST_COMMENT, strlen(RECORD_LOST_COMMENT));
	if (flags != 0) {
		put16(t, NG_OPT_PKT_FLAGS);
		put16(t, 4);
		put32(t, flags);
	}
	if (t->n - at > 28 + (size_t)((f->caplen + 3) & ~3u))
		option(t, NG_OPT_END, "", 0);
	block_end(t, at);
	return 0;
}

/* ---- pcap ---- */

static void pcap_header(struct writer *w, u32 link, u32 fcs_len)
{
	struct txt *t = w->out;

	put32(t, w->format == WRITER_PCAP ? 0xa1b2c3d4 : 0xa1b23c4d);
	put16(t, 2);
	put16(t, 4);
	put64(t, 0);
	put32(t, SNAPLEN);
	if (fcs_len != 0 && fcs_len % 2 == 0)
		link |= fcs_len / 2 << 28 | 1u << 26;
	put32(t, link);
}

static int pcap_record(struct writer *w, const struct frame *f)
{
	struct txt *t = w->out;
	ns_t ts = f->ts == NS_NONE ? 0 : f->ts, frac = ts % NS_PER_S;

	if (ts < 0 || ts / NS_PER_S > UINT32_MAX)
		return err_set(&w->err, "packet %llu: pcap cannot hold its time; pcapng can",
			       (unsigned long long)f->number);
	put32(t, (u32)(ts / NS_PER_S));
	put32(t, (u32)(w->format == WRITER_PCAP ? frac / NS_PER_US : frac));
	put32(t, f->caplen);
	put32(t, f->len);
	txt_putn(t, (const char *)f->data, f->caplen);
	return 0;
}

static const struct known *find_iface(const struct writer *w, u32 index)
{
	size_t i;

	if (index < w->ifaces.n && w->ifaces.v[index].index == index) /* the usual case */
		return &w->ifaces.v[index];
	for (i = 0; i < w->ifaces.n; i++)
		if (w->ifaces.v[i].index == index)
			return &w->ifaces.v[i];
	return NULL;
}

/* A pcap file begins with the link type, so its header waits for the first interface. */
static void start_pcap(struct writer *w, u32 link, u32 fcs_len)
{
	if (w->format != WRITER_PCAPNG && !w->started)
		pcap_header(w, link, fcs_len);
	w->started = true;
}

/* ---- opening ---- */

static struct writer *writer_new(int fd, struct txt *out, enum writer_format format)
{
	struct writer *w = xcalloc(1, sizeof *w);

	w->format = format;
	w->fd = w->file.fd = fd;
	txt_init(&w->own);
	w->out = out != NULL ? out : &w->own;
	if (format == WRITER_PCAPNG)
		start_section(w);
	return w;
}

struct writer *writer_open_fd(int fd, enum writer_format format)
{
	return writer_new(fd, NULL, format);
}

struct writer *writer_open_mem(struct txt *out, enum writer_format format)
{
	return writer_new(-1, out, format);
}

struct writer *writer_open(const char *path, enum writer_format format, struct err *e)
{
	struct newfile file;
	struct writer *w;

	if (newfile_open(&file, path, e) < 0)
		return NULL;
	w = writer_new(file.fd, NULL, format);
	w->file = file;
	return w;
}

/* ---- what callers use ---- */

int writer_iface(struct writer *w, u32 index, const struct tape_iface *iface, struct err *e)
{
	struct known k = { .index = index,
			   .link = iface->link,
			   .fcs_len = iface->fcs_len,
			   .snaplen = iface->snaplen,
			   .offset = iface->tsoffset };

	if (w->err.text[0] != '\0')
		return fail(w, e);
	if (find_iface(w, index) != NULL)
		return 0;
	if (k.offset > INT64_C(1) << 33 || k.offset < -(INT64_C(1) << 33))
		k.offset = 0;
	if (w->format != WRITER_PCAPNG && w->ifaces.n > 0 && w->ifaces.v[0].link != k.link) {
		err_set(&w->err,
			"pcap holds one link type, and here are %u and %u: use pcapng instead",
			w->ifaces.v[0].link, k.link);
		return fail(w, e);
	}
	start_pcap(w, k.link, k.fcs_len);
	*VEC_PUSH(&w->ifaces) = k;
	if (w->format == WRITER_PCAPNG)
		describe(w, iface, &k);
	return written(w, e);
}

int writer_frame(struct writer *w, const struct frame *f, const struct tape_iface *iface,
		 struct err *e)
{
	const struct known *k = find_iface(w, f->iface);
	int ret;

	if (k == NULL) {
		if (writer_iface(w, f->iface, iface, e) < 0)
			return -1;
		k = find_iface(w, f->iface);
	}
	if (w->err.text[0] != '\0')
		return fail(w, e);
	ret = w->format == WRITER_PCAPNG ? packet_block(w, f, k) : pcap_record(w, f);
	if (ret < 0)
		return fail(w, e);
	w->packets++;
	return written(w, e);
}

int writer_event(struct writer *w, ns_t ts, const struct event_field *f, size_t n, struct err *e)
{
	size_t at;

	if (w->err.text[0] != '\0')
		return fail(w, e);
	if (w->format != WRITER_PCAPNG)
		return 0;
	at = block_begin(w->out, NG_JOURNAL);
	event_put(w->out, ts, f, n);
	block_end(w->out, at);
	return written(w, e);
}

int writer_stats(struct writer *w, u32 index, const struct tape_iface *iface, ns_t ts,
		 struct err *e)
{
	const struct known *k = find_iface(w, index);
	struct txt *t = w->out;
	const u64 v[] = { iface_stat(&iface->received), iface_stat(&iface->dropped_if),
			  iface_stat(&iface->dropped_os) };
	static const u16 codes[] = { NG_OPT_ISB_IFRECV, NG_OPT_ISB_IFDROP, NG_OPT_ISB_OSDROP };
	u64 stamp;
	size_t at, i;

	if (w->err.text[0] != '\0')
		return fail(w, e);
	if (w->format != WRITER_PCAPNG || k == NULL)
		return 0;
	stamp = ts < k->offset * NS_PER_S ? 0 : (u64)(ts - k->offset * NS_PER_S);
	at = block_begin(t, NG_STATISTICS);
	put32(t, (u32)(k - w->ifaces.v));
	put32(t, (u32)(stamp >> 32));
	put32(t, (u32)stamp);
	for (i = 0; i < ARRAY_LEN(v); i++)
		if (v[i] != IFACE_UNKNOWN)
			option_u64(t, codes[i], v[i]);
	option(t, NG_OPT_END, "", 0);
	block_end(t, at);
	return written(w, e);
}

int writer_flush(struct writer *w, struct err *e)
{
	if (w->err.text[0] != '\0' || flush(w) < 0)
		return fail(w, e);
	return 0;
}

u64 writer_count(const struct writer *w)
{
	return w->packets;
}

static void writer_free(struct writer *w)
{
	newfile_abort(&w->file);
	VEC_FREE(&w->ifaces);
	txt_fini(&w->own);
	free(w);
}

int writer_close(struct writer *w, struct err *e)
{
	int ret = 0;

	if (w->err.text[0] == '\0')
		start_pcap(w, LINK_ETHERNET, 0);
	if (w->err.text[0] != '\0' || flush(w) < 0 || newfile_close(&w->file, &w->err) < 0)
		ret = fail(w, e);
	writer_free(w);
	return ret;
}

void writer_abort(struct writer *w)
{
	if (w != NULL)
		writer_free(w);
}
