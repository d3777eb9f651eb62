/* Multipath TCP options, version 0 (RFC 6824) and 1 (RFC 8684), by subtype. */
#include "packet/tcp.h"

enum {
	MP_CAPABLE,
	MP_JOIN,
	DSS,
	ADD_ADDR,
	REMOVE_ADDR,
	MP_PRIO,
	MP_FAIL,
	MP_FASTCLOSE,
	MP_TCPRST,
};

enum { DSS_ACK = 1, DSS_ACK8 = 2, DSS_SEQ = 4, DSS_SEQ8 = 8 };

static void read_capable(struct dis *d, struct cur *c, u8 first)
{
	u32 at = c->at;
	u8 flags = d_u8(d, c, TCP_F_MP_FLAGS);
	bool v1 = (first & 15) != 0;

	d_bits(d, TCP_F_MP_VERSION, at - 1, 1, first);
	if (c->fail != CUR_OK)
		return;
	d_down(d);
	d_bits(d, TCP_F_MP_CSUM_REQ, at, 1, flags);
	d_bits(d, TCP_F_MP_EXTENSIBILITY, at, 1, flags);
	if (v1)
		d_bits(d, TCP_F_MP_NO_MORE, at, 1, flags);
	d_bits(d, v1 ? TCP_F_MP_SHA256 : TCP_F_MP_SHA1, at, 1, flags);
	d_bits(d, TCP_F_MP_RESERVED_FLAG, at, 1, flags);
	d_up(d);
	if (cur_wire_left(c) >= 8)
		d_be64(d, c, TCP_F_MP_SENDKEY);
	if (cur_wire_left(c) >= 8)
		d_be64(d, c, TCP_F_MP_RECVKEY);
	if (cur_wire_left(c) >= 2)
		d_be16(d, c, TCP_F_MP_DATA_LEN);
	if (cur_wire_left(c) >= 2)
		d_be16(d, c, TCP_F_MP_CHECKSUM);
}

/* The four bits behind the subtype and the byte that follows. */
static void put_reserved(struct dis *d, struct cur *c)
{
	c->at--;
	d_bitset(d, c, 2, TCP_F_MP_RESERVED, TCP_F_MP_RESERVED);
}

/* RFC 8684 3.2: which of the three handshake segments it is, its length says. */
static void read_join(struct dis *d, struct cur *c, u8 first)
{
	u32 at = c->at - 1, n = cur_wire_left(c);

	if (n == 21) { /* the third */
		put_reserved(d, c);
		d_rest(d, c, TCP_F_MP_HMAC);
		return;
	}
	d_u(d, TCP_F_MP_FLAGS, at, 1, first);
	d_down(d);
	d_bits(d, TCP_F_MP_BACKUP, at, 1, first);
	d_up(d);
	d_u8(d, c, TCP_F_MP_ADDRID);
	if (n == 9)
		d_be32(d, c, TCP_F_MP_RECVTOK);
	else
		d_be64(d, c, TCP_F_MP_TRUNC_HMAC);
	d_be32(d, c, TCP_F_MP_SENDRAND);
}

/* A data sequence or acknowledgment number of 4 or 8 bytes. */
static void put_number(struct dis *d, struct cur *c, unsigned f, bool eight)
{
	u32 at = c->at;
	u64 v = eight ? cur_be64(c) : cur_be32(c);

	if (c->fail == CUR_OK)
		d_u(d, f, at, c->at - at, v);
}

static void read_dss(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 flags = d_u8(d, c, TCP_F_MP_FLAGS);

	if (c->fail != CUR_OK)
		return;
	d_down(d);
	for (unsigned f = TCP_F_MP_DATA_FIN; f <= TCP_F_MP_DACK; f++)
		d_bits(d, f, at, 1, flags);
	d_up(d);
	if (flags & DSS_ACK)
		put_number(d, c, TCP_F_MP_RAW_ACK, flags & DSS_ACK8);
	if (!(flags & DSS_SEQ))
		return;
	put_number(d, c, TCP_F_MP_RAW_SEQ, flags & DSS_SEQ8);
	d_be32(d, c, TCP_F_MP_SUBFLOW_SEQ);
	d_be16(d, c, TCP_F_MP_DATA_LEN);
	if (cur_wire_left(c) >= 2)
		d_be16(d, c, TCP_F_MP_CHECKSUM);
}

/* Version 0 says the IP version; version 1 has an echo bit there, and a truncated HMAC unless it is
 * one. */
static void read_add_addr(struct dis *d, struct cur *c, u8 first)
{
	u8 low = first & 15;
	bool hmac = low == 0, v6;
	u32 rest;

	d_bits(d, low == 4 || low == 6 ? TCP_F_MP_IPVER : TCP_F_MP_ECHO, c->at - 1, 1, first);
	d_u8(d, c, TCP_F_MP_ADDRID);
	rest = cur_wire_left(c) - (hmac && cur_wire_left(c) >= 8 ? 8 : 0);
	v6 = low == 6 || (low != 4 && rest >= 16);
	if (v6) {
		d_bytes(d, c, TCP_F_MP_IPV6, 16);
		rest -= MIN(rest, 16);
	} else {
		d_be32(d, c, TCP_F_MP_IPV4);
		rest -= MIN(rest, 4);
	}
	if (rest >= 2)
		d_be16(d, c, TCP_F_MP_PORT);
	if (hmac && cur_wire_left(c) >= 8)
		d_be64(d, c, TCP_F_MP_ADD_HMAC);
}

void tcp_mptcp(struct dis *d, struct cur *c, const struct tcp_seg *seg)
{
	u32 at = c->at;
	u8 first = cur_u8(c);

	(void)seg;
	if (c->fail != CUR_OK)
		return;
	d_bits(d, TCP_F_MP_SUBTYPE, at, 1, first);
	switch (first >> 4) {
	case MP_CAPABLE: read_capable(d, c, first); break;
	case MP_JOIN: read_join(d, c, first); break;
	case DSS: read_dss(d, c); break;
	case ADD_ADDR: read_add_addr(d, c, first); break;
	case REMOVE_ADDR:
		d_gen(d, TCP_F_MP_RM_COUNT, cur_wire_left(c));
		while (cur_left(c) > 0)
			d_u8(d, c, TCP_F_MP_ADDRID);
		break;
	case MP_PRIO:
		d_u(d, TCP_F_MP_FLAGS, at, 1, first);
		d_down(d);
		d_bits(d, TCP_F_MP_BACKUP, at, 1, first);
		d_up(d);
		if (cur_wire_left(c) > 0)
			d_u8(d, c, TCP_F_MP_ADDRID);
		break;
	case MP_FAIL:
		put_reserved(d, c);
		d_be64(d, c, TCP_F_MP_RAW_SEQ);
		break;
	case MP_FASTCLOSE:
		put_reserved(d, c);
		d_be64(d, c, TCP_F_MP_RECVKEY);
		break;
	case MP_TCPRST:
		d_u(d, TCP_F_MP_FLAGS, at, 1, first);
		d_down(d);
		for (unsigned f = TCP_F_MP_U; f <= TCP_F_MP_T; f++)
			d_bits(d, f, at, 1, first);
		d_up(d);
		d_u8(d, c, TCP_F_MP_RST_REASON);
		break;
	}
}
