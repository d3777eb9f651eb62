/* pcapng blocks and options (draft-ietf-opsawg-pcapng).
 *
 *   type (4)  total length (4)  body, padded to 4  total length again (4)
 */
#include "tape/pcapng.h"

#include "tape/order.h"

#include <string.h>

typedef unsigned long long ull;

static enum record_kind more(struct record_item *it, u64 need)
{
	it->need = need;
	return RECORD_MORE;
}

/* Puts the place before the sentence that is in *e. */
static enum record_kind bad(const struct record *r, struct err *e)
{
	err_prefix(e, "packet %llu: block at offset %llu", (ull)r->packets + 1, (ull)r->offset);
	return RECORD_BAD;
}

/* ---- options ---- */

struct opts {
	const u8 *p, *end;
	bool big;
};

/* The next option; false at the end, or where its length runs out of the block (the rest is
 * ignored: what stands before the options is still good). */
static bool opt_next(struct opts *o, u16 *code, const u8 **v, u16 *len)
{
	size_t left = (size_t)(o->end - o->p), padded;

	if (left < 4)
		return false;
	*code = get16(o->big, o->p);
	*len = get16(o->big, o->p + 2);
	*v = o->p + 4;
	if (*code == NG_OPT_END || *len > left - 4)
		return false;
	padded = ((size_t)*len + 3) & ~(size_t)3;
	o->p += MIN(4 + padded, left);
	return true;
}

/* A textual option as a terminated string of bounded length, in buf. */
static char *opt_text(char *buf, const u8 *v, u16 len)
{
	size_t n = MIN(len, IFACE_NAME_MAX);

	memcpy(buf, v, n);
	buf[n] = '\0';
	return buf;
}

/* ---- packets ---- */

static void packet_options(struct frame *f, struct opts o)
{
	const u8 *v;
	u16 code, len;
	u32 flags;

	while (opt_next(&o, &code, &v, &len)) {
		if (code == NG_OPT_PKT_FLAGS && len == 4) {
			flags = get32(o.big, v);
			f->dir = (flags & 3) == 1   ? DIR_IN
				 : (flags & 3) == 2 ? DIR_OUT
						    : DIR_UNKNOWN;
			if ((flags >> 5 & 15) != 0)
				f->fcs_len = flags >> 5 & 15;
		} else if (code == NG_OPT_COMMENT) {
			if (f->comment == NULL) {
				f->comment = (const char *)v;
				f->comment_len = len;
			}
			if (memmem(v, len, RECORD_LOST_COMMENT, strlen(RECORD_LOST_COMMENT)) !=
			    NULL)
				f->lost = 1;
		}
	}
}

/* Bytes of block head before the packet's data: everything but the trailing length. */
static u32 packet_head(u32 type)
{
	return type == NG_PACKET_SIMPLE ? 12 : 28;
}

/* Fills the frame from a packet block of `len` bytes, all there. False where the captured length
 * does not fit. */
static bool packet_fill(const struct tape_iface *iface, const u8 *p, u32 len, u32 type,
			struct frame *f)
{
	const bool big = iface->big;
	u32 head = packet_head(type), room = len - head - 4, padded;

	f->link = iface->link;
	f->fcs_len = iface->fcs_len;
	f->iface_name = iface->name;
	f->dir = DIR_UNKNOWN;
	f->lost = 0;
	f->comment = NULL;
	f->comment_len = 0;
	f->data = p + head;
	if (type == NG_PACKET_SIMPLE) {
		f->ts = NS_NONE;
		f->len = get32(big, p + 8);
		f->caplen = iface->snaplen != 0 ? MIN(f->len, iface->snaplen) : f->len;
		return f->caplen <= room && f->caplen <= RECORD_MAX_FRAME;
	}
	f->ts = iface_time(iface, (u64)get32(big, p + 12) << 32 | get32(big, p + 16));
	f->caplen = get32(big, p + 20);
	f->len = get32(big, p + 24);
	if (f->caplen > room || f->caplen > RECORD_MAX_FRAME)
		return false;
	f->len = MAX(f->len, f->caplen);
	padded = (f->caplen + 3) & ~3u; /* may pass the room by the missing padding */
	if (padded < room)
		packet_options(f, (struct opts) { p + head + padded, p + len - 4, big });
	return true;
}

static enum record_kind packet(struct record *r, const u8 *p, u32 len, u32 type,
			       struct record_item *it, struct err *e)
{
	struct frame *f = &it->frame;
	u32 id = 0;

	if (len < packet_head(type) + 4) {
		err_set(e, "%u bytes are too short for a packet", len);
		return bad(r, e);
	}
	if (type == NG_PACKET)
		id = get32(r->big, p + 8);
	else if (type == NG_PACKET_OLD)
		id = get16(r->big, p + 8);
	if (id >= r->ifaces.n - r->section_first) {
		err_set(e, "interface %u of a section that describes %u", id,
			r->ifaces.n - r->section_first);
		return bad(r, e);
	}
	f->iface = r->section_first + id;
	if (!packet_fill(iface_list_get(&r->ifaces, f->iface), p, len, type, f)) {
		err_set(e, "claims a packet of %u bytes, more than %s", f->caplen,
			f->caplen > RECORD_MAX_FRAME ? "any can have" : "the block holds");
		return bad(r, e);
	}
	f->number = ++r->packets;
	it->length = len;
	return RECORD_FRAME;
}

bool pcapng_frame_at(const struct tape_iface *iface, const u8 *p, u64 avail, struct frame *f)
{
	u32 type, len;

	if (avail < 16)
		return false;
	type = get32(iface->big, p);
	len = get32(iface->big, p + 4);
	if ((type != NG_PACKET && type != NG_PACKET_OLD && type != NG_PACKET_SIMPLE) ||
	    len > avail || len < packet_head(type) + 4)
		return false;
	return packet_fill(iface, p, len, type, f);
}

/* ---- the other blocks ---- */

static enum record_kind interface(struct record *r, const u8 *p, u32 len, struct err *e)
{
	char name[IFACE_NAME_MAX + 1], descr[IFACE_NAME_MAX + 1];
	struct tape_iface f = { .form = FORM_PCAPNG, .big = r->big, .tsresol = 6 };
	struct opts o = { p + 16, p + len - 4, r->big };
	const u8 *v;
	u16 code, n;

	if (len < 20) {
		err_set(e, "%u bytes are too short for an interface", len);
		return bad(r, e);
	}
	f.link = get16(r->big, p + 8);
	f.snaplen = get32(r->big, p + 12);
	f.section_first = r->section_first;
	f.received = f.dropped_if = f.dropped_os = IFACE_UNKNOWN;
	while (opt_next(&o, &code, &v, &n)) {
		if (code == NG_OPT_IF_NAME)
			f.name = opt_text(name, v, n);
		else if (code == NG_OPT_IF_DESCRIPTION)
			f.description = opt_text(descr, v, n);
		else if (code == NG_OPT_IF_SPEED && n == 8)
			f.speed = get64(r->big, v);
		else if (code == NG_OPT_IF_TSRESOL && n == 1)
			f.tsresol = v[0];
		else if (code == NG_OPT_IF_TSOFFSET && n == 8)
			f.tsoffset = (i64)get64(r->big, v);
		else if (code == NG_OPT_IF_FCSLEN && n == 1) /* bits or bytes: writers differ */
			f.fcs_len = v[0] < 16 ? v[0] : MIN(v[0] / 8, 15);
	}
	if (iface_list_add(&r->ifaces, &f) < 0) {
		err_set(e, "more than %d interfaces", IFACE_MAX);
		return bad(r, e);
	}
	return RECORD_NONE;
}

static void statistics(struct record *r, const u8 *p, u32 len)
{
	struct opts o = { p + 20, p + len - 4, r->big };
	struct tape_iface *f;
	const u8 *v;
	u16 code, n;
	u64 *to;

	if (len < 24 || get32(r->big, p + 8) >= r->ifaces.n - r->section_first)
		return;
	f = iface_list_get(&r->ifaces, r->section_first + get32(r->big, p + 8));
	while (opt_next(&o, &code, &v, &n)) {
		to = code == NG_OPT_ISB_IFRECV	 ? &f->received
		     : code == NG_OPT_ISB_IFDROP ? &f->dropped_if
		     : code == NG_OPT_ISB_OSDROP ? &f->dropped_os
						 : NULL;
		if (to != NULL && n == 8)
			__atomic_store_n(to, get64(r->big, v), __ATOMIC_RELAXED);
	}
}

static enum record_kind event(struct record *r, const u8 *p, u32 len, struct record_item *it)
{
	struct tape_event *ev = &it->event;

	ev->data = p + 8;
	ev->len = len - 12;
	while (ev->len > 0 && ev->data[ev->len - 1] == '\0') /* the padding */
		ev->len--;
	if (ev->len == 0)
		return RECORD_NONE;
	ev->before = r->packets;
	ev->ts = event_time(ev);
	return RECORD_EVENT;
}

static enum record_kind section(struct record *r, const u8 *p, u64 avail, struct record_item *it,
				struct err *e)
{
	u32 len;

	if (avail < 16)
		return more(it, 16);
	if (load_be32(p + 8) != NG_BYTE_ORDER && load_le32(p + 8) != NG_BYTE_ORDER) {
		err_set(e, "a section without the byte-order mark");
		return bad(r, e);
	}
	r->big = load_be32(p + 8) == NG_BYTE_ORDER;
	len = get32(r->big, p + 4);
	if (len < 28 || len % 4 != 0) {
		err_set(e, "a section header cannot be %u bytes long", len);
		return bad(r, e);
	}
	if (get16(r->big, p + 12) != 1) {
		err_set(e, "pcapng version %u.%u is not known (1.0 is)", get16(r->big, p + 12),
			get16(r->big, p + 14));
		return bad(r, e);
	}
	r->section_first = r->ifaces.n;
	it->length = len;
	return RECORD_NONE;
}

static bool is_wanted(u32 type)
{
	return type == NG_PACKET || type == NG_PACKET_OLD || type == NG_PACKET_SIMPLE ||
	       type == NG_INTERFACE || type == NG_STATISTICS || type == NG_JOURNAL;
}

/* A block that is wanted and is there as a whole. */
static enum record_kind block(struct record *r, const u8 *p, u32 len, u32 type,
			      struct record_item *it, struct err *e)
{
	if (get32(r->big, p + len - 4) != len) {
		err_set(e, "its length is %u at the front but %u at the end", len,
			get32(r->big, p + len - 4));
		return bad(r, e);
	}
	it->length = len;
	if (type == NG_INTERFACE)
		return interface(r, p, len, e);
	if (type == NG_JOURNAL)
		return event(r, p, len, it);
	if (type == NG_STATISTICS) {
		statistics(r, p, len);
		return RECORD_NONE;
	}
	return packet(r, p, len, type, it, e);
}

enum record_kind pcapng_next(struct record *r, const u8 *p, u64 avail, struct record_item *item,
			     struct err *e)
{
	enum record_kind k;
	u32 type, len;

	if (avail < 12)
		return more(item, 12);
	type = get32(r->big, p);
	if (type == NG_SECTION) {
		k = section(r, p, avail, item, e);
	} else {
		len = get32(r->big, p + 4);
		if (len < 12 || len % 4 != 0) {
			err_set(e, "a block cannot be %u bytes long", len);
			return bad(r, e);
		}
		if (!is_wanted(type)) {
			item->length = len;
			k = RECORD_NONE;
		} else if (len > RECORD_MAX_BLOCK) {
			err_set(e, "%u bytes, more than the %u that such a block can have", len,
				RECORD_MAX_BLOCK);
			return bad(r, e);
		} else if (avail < len) {
			return more(item, len);
		} else {
			k = block(r, p, len, type, item, e);
		}
	}
	if (k == RECORD_FRAME || k == RECORD_EVENT || k == RECORD_NONE)
		r->offset += item->length;
	return k;
}
