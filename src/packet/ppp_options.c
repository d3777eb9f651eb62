/* Options of PPP control protocols: type, length, value (RFC 1661 6). */
#include "packet/dis_ppp.h"

enum { VJ = 0x002d, ROHC = 0x0003, IPHC = 0x0061 };

void ppp_opt_u8(struct dis *d, struct cur *c, unsigned field)
{
	d_u8(d, c, field);
}

void ppp_opt_u16(struct dis *d, struct cur *c, unsigned field)
{
	d_be16(d, c, field);
}

void ppp_opt_u32(struct dis *d, struct cur *c, unsigned field)
{
	d_be32(d, c, field);
}

void ppp_opt_eui64(struct dis *d, struct cur *c, unsigned field)
{
	d_bytes(d, c, field, 8);
}

void ppp_opt_compress(struct dis *d, struct cur *c, unsigned field)
{
	u16 proto = d_be16(d, c, field);
	u32 at;
	u8 v;

	if (proto == VJ && cur_left(c) >= 2) {
		d_u8(d, c, IPCP_MAX_SLOT);
		at = c->at;
		v = cur_u8(c);
		d_bits(d, IPCP_COMP_SLOT, at, 1, v);
	} else if (proto == IPHC && cur_left(c) >= 10) {
		d_be16(d, c, IPCP_TCP_SPACE);
		d_be16(d, c, IPCP_NON_TCP_SPACE);
		d_be16(d, c, IPCP_F_MAX_PERIOD);
		d_be16(d, c, IPCP_F_MAX_TIME);
		d_be16(d, c, IPCP_MAX_HEADER);
	} else if (proto == ROHC && cur_left(c) >= 6) {
		d_be16(d, c, IPCP_MAX_CID);
		d_be16(d, c, IPCP_MRRU);
		d_be16(d, c, IPCP_MAX_HEADER);
	}
}

static const struct ppp_opt *find(const struct ppp_opt *kinds, unsigned n, u8 type)
{
	for (unsigned i = 0; i < n; i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

/* Type and length; compression is IPCP's option wherever it stands. */
static void put_header(struct dis *d, struct cur *c, unsigned type)
{
	d_u8(d, c, type);
	d_u8(d, c, type + 1);
}

void ppp_options(struct dis *d, struct cur *c, const struct ppp_opt *kinds, unsigned n,
		 unsigned type)
{
	while (c->fail == CUR_OK && cur_wire_left(c) > 0) {
		u32 at = c->at;
		int kind = cur_peek(c, 0), len = cur_peek(c, 1);
		const struct ppp_opt *o;
		struct cur v;

		if (!cur_need(c, 2))
			break;
		if (len < 2 || (u32)len > cur_wire_left(c)) {
			d_mark(d, MARK_LENGTH, at, "a PPP option's length does not fit");
			return;
		}
		v = cur_sub(c, (u32)len);
		o = find(kinds, n, (u8)kind);
		if (o == NULL)
			continue;
		if (len < o->min || (o->max != 0 && len > o->max)) {
			d_mark(d, MARK_LENGTH, at,
			       "a PPP option has the wrong length for its type");
			continue;
		}
		put_header(d, &v, o->read == ppp_opt_compress ? IPCP_TYPE : type);
		if (o->read != NULL)
			o->read(d, &v, o->field);
		d_check(d, &v);
	}
	d_check(d, c);
}
