/* The pseudo-protocol "ethertype": a name in frame.protocols where an Ethernet type says what comes
 * next. d_ethertype() makes its layer; nothing is read for it. */
#include "packet/proto.h"

static const struct claim claims[] = { { TBL_INNER, INNER_ETHERTYPE } };

const struct proto proto_ethertype = {
	.name = "ethertype",
	.title = "Ethertype",
	.abbrev = "ethertype",
	.flags = PROTO_SILENT,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
};
