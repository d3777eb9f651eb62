/* Loads in the byte order that a capture file was written in. */
#ifndef TAPE_ORDER_H
#define TAPE_ORDER_H

#include "base/types.h"

static inline u16 get16(bool big, const u8 *p)
{
	return big ? load_be16(p) : load_le16(p);
}

static inline u32 get32(bool big, const u8 *p)
{
	return big ? load_be32(p) : load_le32(p);
}

static inline u64 get64(bool big, const u8 *p)
{
	return big ? load_be64(p) : load_le64(p);
}

#endif
