/* One parser of pcap and pcapng records, for the streaming reader and the index alike. It is given
 * the bytes at the place where it stands and says what lies there. It owns no bytes and no file. */
#ifndef TAPE_RECORD_H
#define TAPE_RECORD_H

#include "base/err.h"
#include "packet/frame.h"
#include "tape/event.h"
#include "tape/iface.h"

#define RECORD_MAX_FRAME (1u << 20) /* captured bytes of one packet; more is damage */
#define RECORD_MAX_BLOCK (4u << 20) /* a pcapng block that must be seen whole; more is damage */

/* A packet is frame.lost when any comment on it contains this. Our own wire writes exactly it. */
#define RECORD_LOST_COMMENT "dropped by the wire"

enum record_kind {
	RECORD_FRAME, /* item.frame is a packet */
	RECORD_EVENT, /* item.event is a journal entry */
	RECORD_NONE,  /* a header or a block of no interest; it may be longer than what is there */
	RECORD_MORE,  /* item.need bytes must be there (counted from the same place) */
	RECORD_BAD,   /* damage: the sentence is in *e, and nothing after it can be read */
};

struct record_item {
	u64 length; /* FRAME, EVENT, NONE: bytes to go on; the parser counts them as read */
	u64 need;   /* MORE */
	struct frame frame;
	struct tape_event event;
};

struct record {
	u64 offset;  /* where the next record begins in the (decompressed) file */
	u64 packets; /* packets found so far */
	struct iface_list ifaces;
	u32 section_first; /* first interface of the current pcapng section */
	u8 form;	   /* enum iface_form of the file, FORM_NONE before its header */
	bool big;
	bool nano;
};

void record_init(struct record *r);
void record_fini(struct record *r);

/* What lies at p, of which `avail` bytes are there. Moves r->offset by item->length. The pointers
 * in the item point into p (and into r for interface names). */
enum record_kind record_next(struct record *r, const u8 *p, u64 avail, struct record_item *item,
			     struct err *e);

/* The file ends with `avail` bytes left where record_next() asked for `need`. Returns 0 for a clean
 * end, else sets the sentence and returns -1. */
int record_end(const struct record *r, const u8 *p, u64 avail, u64 need, struct err *e);

/* The file ends with only `remain` bytes left of a RECORD_NONE of `length` bytes. Sets the sentence
 * and returns -1. */
int record_skip_end(const struct record *r, u64 length, u64 remain, struct err *e);

/* The frame again, from the place where record_next() found one: p with at least `avail` bytes up
 * to the file's end, of interface number `iface`. False where the bytes no longer make sense (the
 * file was changed behind our back). Does not set frame->number. */
bool record_frame_at(const struct iface_list *l, u32 iface, const u8 *p, u64 avail,
		     struct frame *f);

#endif
