/* pcap records (draft-ietf-opsawg-pcap), what kind of file it is, and the way into pcapng.c.
 *
 *   file header: magic (4)  major (2)  minor (2)  reserved (8)  snaplen (4)  link type and FCS (4)
 *   record: seconds (4)  µs or ns (4)  captured length (4)  length on the wire (4)  bytes
 */
#include "tape/record.h"

#include "base/txt.h"
#include "tape/order.h"
#include "tape/pcapng.h"

#include <string.h>

typedef unsigned long long ull;

enum { PCAP_HEADER = 24, PCAP_RECORD = 16, KUZNETZOV_RECORD = 24 };
enum { PACKET_OUTGOING = 4 }; /* Linux's packet type in Kuznetzov's records */

void record_init(struct record *r)
{
	memset(r, 0, sizeof *r);
	iface_list_init(&r->ifaces);
}

void record_fini(struct record *r)
{
	iface_list_fini(&r->ifaces);
}

static enum record_kind more(struct record_item *it, u64 need)
{
	it->need = need;
	return RECORD_MORE;
}

/* ---- what kind of file ---- */

static enum iface_form magic_form(u32 v, bool *nano)
{
	*nano = v == 0xa1b23c4d;
	if (v == 0xa1b2c3d4 || v == 0xa1b23c4d)
		return FORM_PCAP;
	return v == 0xa1b2cd34 ? FORM_PCAP_KUZNETZOV : FORM_NONE;
}

static bool is_text(const u8 *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((p[i] < ' ' && p[i] != '\n' && p[i] != '\r' && p[i] != '\t') || p[i] >= 0x7f)
			return false;
	return n > 0;
}

/* What else the file may be: a sentence that helps. */
static int not_a_capture(const u8 *p, u64 avail, struct err *e)
{
	static const struct {
		const char *magic;
		u8 n;
		const char *what;
	} known[] = {
		{ "\x28\xb5\x2f\xfd", 4, "it is compressed with zstd; unpack it first" },
		{ "\xfd"
		  "7zXZ",
		  5, "it is compressed with xz; unpack it first" },
		{ "BZh", 3, "it is compressed with bzip2; unpack it first" },
		{ "\x04\x22\x4d\x18", 4, "it is compressed with lz4; unpack it first" },
		{ "\x1f\x8b", 2, "it is compressed with gzip twice; unpack it once" },
		{ "PK\x03\x04", 4, "it is a zip archive; unpack it first" },
		{ "snoop\0\0\0", 8, "it is a Solaris snoop file; convert it with editcap" },
		{ "GMBU", 4, "it is a Network Monitor file; convert it with editcap" },
		{ "\x7f"
		  "ELF",
		  4, "it is a program" },
		{ "%PDF", 4, "it is a PDF document" },
		{ "\x89PNG", 4, "it is a picture" },
	};
	size_t i, n = (size_t)MIN(avail, 24);
	struct txt t;

	for (i = 0; i < ARRAY_LEN(known); i++)
		if (n >= known[i].n && memcmp(p, known[i].magic, known[i].n) == 0)
			return err_set(e, "not a pcap or pcapng capture: %s", known[i].what);
	txt_init(&t);
	if (is_text(p, n)) {
		txt_puts(&t, "the text \"");
		txt_escape(&t, p, n);
		txt_putc(&t, '"');
	} else {
		txt_puts(&t, "the bytes ");
		txt_hexbytes(&t, p, MIN(n, 8), ' ');
	}
	err_set(e, "not a pcap or pcapng capture: it begins with %s", txt_str(&t));
	txt_fini(&t);
	return -1;
}

static enum record_kind pcap_header(struct record *r, const u8 *p, u64 avail, enum iface_form form,
				    struct record_item *it, struct err *e)
{
	struct tape_iface f = { .form = (u8)form, .big = r->big };
	u16 major, minor;
	u32 link;

	if (avail < PCAP_HEADER)
		return more(it, PCAP_HEADER);
	major = get16(r->big, p + 4);
	minor = get16(r->big, p + 6);
	if (major != 2) {
		err_set(e, "pcap version %u.%u is not known (2.4 is)", major, minor);
		return RECORD_BAD;
	}
	link = get32(r->big, p + 20);
	f.link = (u16)link;
	if (link &
	    1u << 26) /* P: the FCS length in the upper 4 bits, in units of 16 bits, is set */
		f.fcs_len = (u8)MIN((link >> 28) * 2, 15);
	f.snaplen = get32(r->big, p + 16);
	f.old = minor < 4;
	f.tsresol = r->nano ? 9 : 6;
	f.received = f.dropped_if = f.dropped_os = IFACE_UNKNOWN;
	iface_list_add(&r->ifaces, &f);
	r->form = (u8)form;
	r->offset = it->length = PCAP_HEADER;
	return RECORD_NONE;
}

static enum record_kind file_header(struct record *r, const u8 *p, u64 avail,
				    struct record_item *it, struct err *e)
{
	enum iface_form form;

	if (avail < 4)
		return more(it, 4);
	if (load_be32(p) == NG_SECTION) {
		r->form = FORM_PCAPNG;
		return pcapng_next(r, p, avail, it, e);
	}
	form = magic_form(load_be32(p), &r->nano);
	r->big = form != FORM_NONE;
	if (form == FORM_NONE)
		form = magic_form(load_le32(p), &r->nano);
	if (form != FORM_NONE)
		return pcap_header(r, p, avail, form, it, e);
	if (avail < 24) /* more text makes a better sentence */
		return more(it, 24);
	not_a_capture(p, avail, e);
	return RECORD_BAD;
}

/* ---- pcap records ---- */

/* Fills a frame from a record whose bytes are all there. */
static void pcap_fill(const struct tape_iface *iface, const u8 *p, u32 caplen, u32 len,
		      struct frame *f)
{
	const bool big = iface->big;
	const ns_t unit = iface->tsresol == 9 ? 1 : NS_PER_US;

	f->ts = (i64)get32(big, p) * NS_PER_S + (i64)get32(big, p + 4) * unit;
	f->caplen = caplen;
	f->len = MAX(len, caplen);
	f->link = iface->link;
	f->lost = 0;
	f->comment = NULL;
	f->comment_len = 0;
	f->fcs_len = iface->fcs_len;
	f->iface_name = NULL;
	if (iface->form == FORM_PCAP_KUZNETZOV) {
		f->dir = p[22] == PACKET_OUTGOING ? DIR_OUT : DIR_IN;
		f->data = p + KUZNETZOV_RECORD;
	} else {
		f->dir = DIR_UNKNOWN;
		f->data = p + PCAP_RECORD;
	}
}

/* The two lengths of a record; before version 2.4 some writers swapped them. */
static void pcap_lengths(const struct tape_iface *iface, const u8 *p, u32 *caplen, u32 *len)
{
	*caplen = get32(iface->big, p + 8);
	*len = get32(iface->big, p + 12);
	if (iface->old && *caplen > *len) {
		u32 x = *caplen;

		*caplen = *len;
		*len = x;
	}
}

static enum record_kind pcap_next(struct record *r, const u8 *p, u64 avail, struct record_item *it,
				  struct err *e)
{
	const struct tape_iface *iface = iface_list_get(&r->ifaces, 0);
	u32 head = r->form == FORM_PCAP ? PCAP_RECORD : KUZNETZOV_RECORD;
	u32 caplen, len;

	if (avail < head)
		return more(it, head);
	pcap_lengths(iface, p, &caplen, &len);
	if (UNLIKELY(caplen > RECORD_MAX_FRAME)) {
		err_set(e,
			"packet %llu: record at offset %llu claims %u bytes, more than any packet "
			"can have: the file is damaged here",
			(ull)r->packets + 1, (ull)r->offset, caplen);
		return RECORD_BAD;
	}
	if (avail < (u64)head + caplen)
		return more(it, (u64)head + caplen);
	pcap_fill(iface, p, caplen, len, &it->frame);
	it->frame.iface = 0;
	it->frame.number = ++r->packets;
	it->length = (u64)head + caplen;
	r->offset += it->length;
	return RECORD_FRAME;
}

enum record_kind record_next(struct record *r, const u8 *p, u64 avail, struct record_item *item,
			     struct err *e)
{
	if (r->form == FORM_PCAPNG)
		return pcapng_next(r, p, avail, item, e);
	if (r->form != FORM_NONE)
		return pcap_next(r, p, avail, item, e);
	return file_header(r, p, avail, item, e);
}

int record_end(const struct record *r, const u8 *p, u64 avail, u64 need, struct err *e)
{
	const char *what = r->form == FORM_PCAPNG ? "block" : "record";
	bool nano;

	if (r->form == FORM_NONE) {
		if (avail == 0)
			return err_set(e, "the file is empty");
		if (avail < 4 || (magic_form(load_be32(p), &nano) == FORM_NONE &&
				  magic_form(load_le32(p), &nano) == FORM_NONE))
			return not_a_capture(p, avail, e);
		return err_set(e, "a pcap file that ends within its header, after %llu bytes",
			       (ull)avail);
	}
	if (avail == 0)
		return 0;
	return err_set(e,
		       "packet %llu: %s at offset %llu claims %llu bytes but only %llu remain: the "
		       "file is cut short",
		       (ull)r->packets + 1, what, (ull)r->offset, (ull)need, (ull)avail);
}

int record_skip_end(const struct record *r, u64 length, u64 remain, struct err *e)
{
	return err_set(e,
		       "packet %llu: block at offset %llu claims %llu bytes but only %llu remain: "
		       "the file is cut short",
		       (ull)r->packets + 1, (ull)(r->offset - length), (ull)length, (ull)remain);
}

bool record_frame_at(const struct iface_list *l, u32 iface, const u8 *p, u64 avail, struct frame *f)
{
	const struct tape_iface *i = iface_list_get(l, iface);
	u32 caplen, len, head = i->form == FORM_PCAP ? PCAP_RECORD : KUZNETZOV_RECORD;

	f->iface = iface;
	if (i->form == FORM_PCAPNG)
		return pcapng_frame_at(i, p, avail, f);
	if (avail < head)
		return false;
	pcap_lengths(i, p, &caplen, &len);
	if (caplen > RECORD_MAX_FRAME || caplen > avail - head)
		return false;
	pcap_fill(i, p, caplen, len, f);
	return true;
}
