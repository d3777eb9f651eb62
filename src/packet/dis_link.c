/* A frame of a link type that is not decoded: its kind by name, its bytes as data. */
#include "packet/linktype.h"
#include "packet/proto.h"

enum { F_TYPE, F_NAME };

static const struct field fields[] = {
	[F_TYPE] = { "tapdeck.link.type", "Link type (LINKTYPE_ value)", FT_U16, FB_DEC },
	[F_NAME] = { "tapdeck.link.name", "Link type by name", FT_STRING },
};

static void dissect(struct dis *d, struct cur *c)
{
	u16 link = d->k->frame->link;
	const char *name = linktype_name(link);

	d_gen(d, F_TYPE, link);
	if (name != NULL)
		d_text(d, F_NAME, 0, 0, name, strlen(name));
	d_data(d, *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const char *name = linktype_name(k->frame->link);

	(void)l;
	if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "Link type %u", k->frame->link);
	txt_puts(t, ", not decoded");
}

static const struct claim claims[] = { { TBL_INNER, INNER_LINK } };

const struct proto proto_link = {
	.name = "link",
	.title = "Link layer",
	.abbrev = "LINK",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
};
