/* Links without a header of their own: IP from the first byte on; and IP by its version nibble,
 * wherever a tunnel carries either. */
#include "packet/proto.h"

static void dissect(struct dis *d, struct cur *c)
{
	int first = cur_peek(c, 0);

	if (first >> 4 == 4)
		d_next(d, TBL_ETHERTYPE, 0x0800, *c);
	else if (first >> 4 == 6)
		d_next(d, TBL_ETHERTYPE, 0x86dd, *c);
	else
		d_data(d, *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	(void)k;
	(void)l;
	txt_puts(t, "Neither IPv4 nor IPv6");
}

static const struct claim claims[] = {
	{ TBL_LINK, 101 },
	{ TBL_LINK, 12 },
	{ TBL_LINK, 14 },
	{ TBL_INNER, INNER_IP },
};

const struct proto proto_raw = {
	.name = "raw",
	.title = "Raw packet",
	.abbrev = "RAW",
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
};
