/* Bytes that no protocol claims. */
#include "packet/proto.h"

enum { F_DATA, F_LEN };

static const struct field fields[] = {
	[F_DATA] = { "data.data", "Data", FT_BYTES },
	[F_LEN] = { "data.len", "Length", FT_U32, FB_DEC },
};

static void dissect(struct dis *d, struct cur *c)
{
	u32 n = cur_left(c);

	d_rest(d, c, F_DATA);
	if (n > 0)
		d_gen(d, F_LEN, n);
}

static const struct claim claims[] = { { TBL_INNER, INNER_DATA } };

const struct proto proto_data = {
	.name = "data",
	.title = "Data",
	.abbrev = "DATA",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
};
