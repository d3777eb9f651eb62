/* The cursor: the only way to read packet bytes. It cannot run off the end; it remembers that it
 * wanted to. */
#ifndef PACKET_CUR_H
#define PACKET_CUR_H

#include "base/types.h"

enum cur_fail {
	CUR_OK,
	CUR_CUT,  /* the bytes were on the wire, but the capture ends before them */
	CUR_OVER, /* not even the wire had them: a length somewhere is wrong */
};

/* Offsets count from the first byte of the frame. `end` is where captured bytes end, `wire` where
 * the bytes on the wire end, both already bounded by whatever length field the enclosing layer
 * gave; end <= wire always. */
struct cur {
	const u8 *base;
	u32 at, end, wire;
	u8 fail; /* enum cur_fail: sticky; reads that did not fit gave 0 */
};

/* Captured bytes that are left, and bytes left on the wire. */
static inline u32 cur_left(const struct cur *c)
{
	return c->end - c->at;
}
static inline u32 cur_wire_left(const struct cur *c)
{
	return c->wire - c->at;
}

/* True where n more captured bytes are there; otherwise sets the sticky failure and moves to the
 * end. */
static inline bool cur_need(struct cur *c, u32 n)
{
	if (LIKELY(n <= c->end - c->at))
		return true;
	if (c->fail == CUR_OK)
		c->fail = n <= c->wire - c->at ? CUR_CUT : CUR_OVER;
	c->at = c->end;
	return false;
}

static inline u8 cur_u8(struct cur *c)
{
	return cur_need(c, 1) ? c->base[c->at++] : 0;
}
static inline u16 cur_be16(struct cur *c)
{
	if (!cur_need(c, 2))
		return 0;
	c->at += 2;
	return load_be16(c->base + c->at - 2);
}
static inline u32 cur_be24(struct cur *c)
{
	if (!cur_need(c, 3))
		return 0;
	c->at += 3;
	return (u32)c->base[c->at - 3] << 16 | load_be16(c->base + c->at - 2);
}
static inline u32 cur_be32(struct cur *c)
{
	if (!cur_need(c, 4))
		return 0;
	c->at += 4;
	return load_be32(c->base + c->at - 4);
}
static inline u64 cur_be64(struct cur *c)
{
	if (!cur_need(c, 8))
		return 0;
	c->at += 8;
	return load_be64(c->base + c->at - 8);
}
static inline u16 cur_le16(struct cur *c)
{
	if (!cur_need(c, 2))
		return 0;
	c->at += 2;
	return load_le16(c->base + c->at - 2);
}
static inline u32 cur_le32(struct cur *c)
{
	if (!cur_need(c, 4))
		return 0;
	c->at += 4;
	return load_le32(c->base + c->at - 4);
}

/* n bytes, borrowed from the frame, or NULL where they are not all there. */
static inline const u8 *cur_bytes(struct cur *c, u32 n)
{
	if (!cur_need(c, n))
		return NULL;
	c->at += n;
	return c->base + c->at - n;
}
static inline void cur_skip(struct cur *c, u32 n)
{
	if (cur_need(c, n))
		c->at += n;
}

/* A look ahead without moving or failing: the byte `n` further on, or -1. */
static inline int cur_peek(const struct cur *c, u32 n)
{
	return n < c->end - c->at ? c->base[c->at + n] : -1;
}

/* The next n bytes on the wire as a cursor of their own; c moves behind them. Where n is more than
 * the wire has, the sub-cursor gets what there is and c is marked CUR_OVER; where only the capture
 * ends early, c is left at its end without a mark (the sub-cursor will find out when it reads). */
static inline struct cur cur_sub(struct cur *c, u32 n)
{
	struct cur s = *c;

	s.fail = CUR_OK;
	if (n > c->wire - c->at) {
		if (c->fail == CUR_OK)
			c->fail = CUR_OVER;
		n = c->wire - c->at;
	}
	s.wire = c->at + n;
	s.end = MIN(c->end, s.wire);
	c->at = s.end;
	return s;
}

/* Shortens c to the next n bytes on the wire (n may be more than there is: then nothing changes,
 * false). */
static inline bool cur_limit(struct cur *c, u32 n)
{
	if (n > c->wire - c->at)
		return false;
	c->wire = c->at + n;
	c->end = MIN(c->end, c->wire);
	return true;
}

#endif
