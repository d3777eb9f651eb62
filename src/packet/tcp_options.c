/* TCP options (RFC 9293 3.2, 7323, 2018, 2883, 7413, 2385, 5925, 5482, 6994; obsolete ones: 6247).
 */
#include "packet/tcp.h"

enum {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_MSS = 2,
	OPT_WSCALE = 3,
	OPT_SACK_PERMITTED = 4,
	OPT_SACK = 5,
	OPT_ECHO = 6,
	OPT_ECHO_REPLY = 7,
	OPT_TIMESTAMPS = 8,
	OPT_CC = 11,
	OPT_CC_NEW = 12,
	OPT_CC_ECHO = 13,
	OPT_MD5 = 19,
	OPT_USER_TIMEOUT = 28,
	OPT_AO = 29,
	OPT_MPTCP = 30,
	OPT_FAST_OPEN = 34,
	OPT_EXPERIMENT_1 = 253,
	OPT_EXPERIMENT_2 = 254,
	EXID_FAST_OPEN = 0xf989, /* RFC 7413 appendix A */
};

/* ---- for the tracker ---- */

/* One option's value into the facts; p is behind kind and length, n bytes long. */
static void note_option(struct facts *x, u8 kind, const u8 *p, u32 n)
{
	switch (kind) {
	case OPT_MSS:
		if (n == 2)
			x->tcp.mss = load_be16(p);
		break;
	case OPT_WSCALE: /* RFC 7323 2.3: above 14 counts as 14 */
		if (n == 1)
			x->tcp.wscale = (i8)MIN(*p, 14);
		break;
	case OPT_SACK_PERMITTED:
		if (n == 0)
			x->tcp.sack_ok = 1;
		break;
	case OPT_SACK:
		for (; n >= 8 && x->tcp.nsack < PKT_SACKS; p += 8, n -= 8) {
			x->tcp.sack[x->tcp.nsack].left = load_be32(p);
			x->tcp.sack[x->tcp.nsack++].right = load_be32(p + 4);
		}
		break;
	case OPT_TIMESTAMPS:
		if (n == 8) {
			x->tcp.has_ts = 1;
			x->tcp.tsval = load_be32(p);
			x->tcp.tsecr = load_be32(p + 4);
		}
		break;
	case OPT_FAST_OPEN: x->tcp.tfo = n > 0 ? 2 : 1; break;
	case OPT_EXPERIMENT_1:
	case OPT_EXPERIMENT_2:
		if (n >= 2 && load_be16(p) == EXID_FAST_OPEN)
			x->tcp.tfo = n > 2 ? 2 : 1;
		break;
	}
}

void tcp_note_options(struct facts *x, struct cur c)
{
	const u8 *p = c.base + c.at;
	u32 n = cur_left(&c);

	if (LIKELY(n == 12 && load_be32(p) == OPTIONS_TIMESTAMPS)) {
		x->tcp.has_ts = 1;
		x->tcp.tsval = load_be32(p + 4);
		x->tcp.tsecr = load_be32(p + 8);
		return;
	}
	while (cur_left(&c) > 0) {
		u8 kind = cur_u8(&c), len;

		if (kind == OPT_END)
			return;
		if (kind == OPT_NOP)
			continue;
		len = cur_u8(&c);
		if (len < 2 || !cur_need(&c, len - 2u))
			return;
		note_option(x, kind, c.base + c.at, len - 2u);
		c.at += len - 2u;
	}
}

/* ---- as values ---- */

/* RFC 2883 4: the first block tells of a duplicate where it lies below the acknowledgment or inside
 * the second block. */
static bool is_dsack(u32 ack, const u32 edge[4], unsigned n)
{
	if ((i32)(edge[0] - ack) < 0)
		return true;
	return n > 1 && (i32)(edge[0] - edge[2]) >= 0 && (i32)(edge[3] - edge[1]) >= 0;
}

static void read_sack(struct dis *d, struct cur *c, const struct tcp_seg *seg)
{
	u32 at = c->at, edge[4] = { 0 };
	unsigned n = 0;

	for (; cur_left(c) >= 8; n++) {
		u32 left = cur_be32(c), right = cur_be32(c);

		if (n < 2) {
			edge[n * 2] = left;
			edge[n * 2 + 1] = right;
		}
		d_u(d, TCP_F_OPT_SACK_LE, c->at - 8, 4, left - seg->base_ack);
		d_u(d, TCP_F_OPT_SACK_RE, c->at - 4, 4, right - seg->base_ack);
	}
	if (cur_left(c) > 0)
		d_mark(d, MARK_LENGTH, c->at, "the SACK option is not a number of whole blocks");
	d_gen(d, TCP_F_OPT_SACK_COUNT, n);
	if (n > 0 && !d->in_error && is_dsack(seg->ack, edge, n)) {
		d_u(d, TCP_F_OPT_DSACK_LE, at, 4, edge[0] - seg->base_ack);
		d_u(d, TCP_F_OPT_DSACK_RE, at + 4, 4, edge[1] - seg->base_ack);
		d_head(d, TCP_F_OPT_DSACK, at, 8);
	}
}

static void read_fast_open(struct dis *d, struct cur *c)
{
	if (cur_left(c) == 0)
		d_head(d, TCP_F_OPT_TFO_REQUEST, c->at - 2, 2);
	else
		d_rest(d, c, TCP_F_OPT_TFO_COOKIE);
}

static void read_experiment(struct dis *d, struct cur *c)
{
	u16 exid;

	if (cur_wire_left(c) < 2)
		return;
	exid = d_be16(d, c, TCP_F_OPT_EXID);
	if (exid == EXID_FAST_OPEN)
		read_fast_open(d, c);
	else
		d_rest(d, c, TCP_F_OPT_EXP_DATA);
}

static void read_window_scale(struct dis *d, struct cur *c)
{
	u8 shift = d_u8(d, c, TCP_F_OPT_WSCALE);

	if (c->fail != CUR_OK)
		return;
	d_gen(d, TCP_F_OPT_WSCALE_MULT, 1u << MIN(shift, 14));
	if (shift > 14)
		d_mark(d, MARK_VALUE, c->at - 1, "a window scale above 14 (RFC 7323 2.3)");
}

static void read_user_timeout(struct dis *d, struct cur *c)
{
	d_bitset(d, c, 2, TCP_F_OPT_UTO_GRANULARITY, TCP_F_OPT_UTO);
}

/* Lengths that the options' RFCs fix, kind and length byte included; 0: any. */
static u8 right_length(u8 kind)
{
	switch (kind) {
	case OPT_MSS:
	case OPT_USER_TIMEOUT: return 4;
	case OPT_WSCALE: return 3;
	case OPT_SACK_PERMITTED: return 2;
	case OPT_ECHO:
	case OPT_ECHO_REPLY:
	case OPT_CC:
	case OPT_CC_NEW:
	case OPT_CC_ECHO: return 6;
	case OPT_TIMESTAMPS: return 10;
	case OPT_MD5: return 18;
	}
	return 0;
}

static void read_body(struct dis *d, struct cur *c, u8 kind, const struct tcp_seg *seg)
{
	switch (kind) {
	case OPT_MSS: d_be16(d, c, TCP_F_OPT_MSS); break;
	case OPT_WSCALE: read_window_scale(d, c); break;
	case OPT_SACK_PERMITTED: break;
	case OPT_SACK: read_sack(d, c, seg); break;
	case OPT_ECHO:
	case OPT_ECHO_REPLY: d_be32(d, c, TCP_F_OPT_ECHO); break;
	case OPT_TIMESTAMPS:
		d_be32(d, c, TCP_F_OPT_TSVAL);
		d_be32(d, c, TCP_F_OPT_TSECR);
		break;
	case OPT_CC:
	case OPT_CC_NEW:
	case OPT_CC_ECHO: d_be32(d, c, TCP_F_OPT_CC); break;
	case OPT_MD5: d_rest(d, c, TCP_F_OPT_MD5); break;
	case OPT_USER_TIMEOUT: read_user_timeout(d, c); break;
	case OPT_AO:
		d_u8(d, c, TCP_F_OPT_AO_KEYID);
		d_u8(d, c, TCP_F_OPT_AO_RNEXT);
		d_rest(d, c, TCP_F_OPT_AO_MAC);
		break;
	case OPT_MPTCP: tcp_mptcp(d, c, seg); break;
	case OPT_FAST_OPEN: read_fast_open(d, c); break;
	case OPT_EXPERIMENT_1:
	case OPT_EXPERIMENT_2: read_experiment(d, c); break;
	default: d_rest(d, c, TCP_F_OPT_UNKNOWN);
	}
}

void tcp_options(struct dis *d, struct cur *c, const struct tcp_seg *seg)
{
	while (cur_left(c) > 0) {
		u32 at = c->at;
		u8 kind = cur_u8(c), right;
		struct cur body;
		int len;

		if (kind <= OPT_NOP) {
			d_u(d, TCP_F_OPT_KIND, at, 1, kind);
			continue;
		}
		len = cur_peek(c, 0);
		if (len < 2 || (u32)len - 1 > cur_wire_left(c)) {
			d_mark(d, MARK_LENGTH, at, "a TCP option's length does not fit");
			return;
		}
		d_u(d, TCP_F_OPT_KIND, at, 1, kind);
		d_down(d);
		d_u8(d, c, TCP_F_OPT_LEN);
		body = cur_sub(c, (u32)len - 2);
		right = right_length(kind);
		if (right != 0 && len != right)
			d_mark(d, MARK_LENGTH, at + 1, "a TCP option has a wrong length");
		else
			read_body(d, &body, kind, seg);
		d_check(d, &body);
		d_up(d);
	}
}
