/* The pcapng half of the record parser (draft-ietf-opsawg-pcapng): blocks and options. */
#ifndef TAPE_PCAPNG_H
#define TAPE_PCAPNG_H

#include "tape/record.h"

enum {
	NG_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
	NG_INTERFACE = 1,
	NG_PACKET_OLD = 2,
	NG_PACKET_SIMPLE = 3,
	NG_STATISTICS = 5,
	NG_PACKET = 6,
	NG_JOURNAL = 9,
	NG_BYTE_ORDER = 0x1a2b3c4d,
};

enum {
	NG_OPT_END = 0,
	NG_OPT_COMMENT = 1,
	NG_OPT_IF_NAME = 2,
	NG_OPT_IF_DESCRIPTION = 3,
	NG_OPT_IF_SPEED = 8,
	NG_OPT_IF_TSRESOL = 9,
	NG_OPT_IF_FCSLEN = 13,
	NG_OPT_IF_TSOFFSET = 14,
	NG_OPT_PKT_FLAGS = 2,
	NG_OPT_ISB_IFRECV = 4,
	NG_OPT_ISB_IFDROP = 5,
	NG_OPT_ISB_OSDROP = 7,
};

/* record_next() for a pcapng file. */
enum record_kind pcapng_next(struct record *r, const u8 *p, u64 avail, struct record_item *item,
			     struct err *e);

/* record_frame_at() for a pcapng file. */
bool pcapng_frame_at(const struct tape_iface *iface, const u8 *p, u64 avail, struct frame *f);

#endif
