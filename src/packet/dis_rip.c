/* RIP versions 1 and 2 (RFC 1058, RFC 2453, RFC 4822) and RIPng (RFC 2080). */
/*  0       1       2       4
 *  +-------+-------+-------+
 *  |command|version|   0   |  then entries of 20 bytes:
 *  +-------+-------+-------+-------+-------+--------+-------+
 *  | family| tag   |    address    |  mask |next hop| metric|
 *  +-------+-------+---------------+-------+--------+-------+
 *  RIPng: prefix 16, tag 2, prefix length 1, metric 1 */
#include "packet/proto.h"
#include "packet/show.h"

#include <string.h>

enum {
	F_COMMAND,
	F_VERSION,
	F_DOMAIN,
	F_FAMILY,
	F_TAG,
	F_IP,
	F_NETMASK,
	F_NEXT_HOP,
	F_METRIC,
	F_AUTH_TYPE,
	F_PASSWORD,
	F_DIGEST_OFFSET,
	F_KEY_ID,
	F_AUTH_LEN,
	F_SEQ,
	F_ZERO,
	F_AUTH_DATA,
};
enum {
	F_NG_COMMAND,
	F_NG_VERSION,
	F_NG_RESERVED,
	F_NG_RTE,
	F_NG_PREFIX,
	F_NG_TAG,
	F_NG_LEN,
	F_NG_METRIC,
};

enum { ENTRY = 20, AUTH_FAMILY = 0xffff };

static const struct vstr commands[] = {
	{ 1, "Request" },
	{ 2, "Response" },
	{ 3, "Trace on" },
	{ 4, "Trace off" },
	{ 5, "Vendor specific" },
	{ 9, "Update request" },
	{ 10, "Update response" },
	{ 11, "Update acknowledgment" },
	{ 0, NULL },
};
static const struct vstr families[] = { { 0, "Not specified" }, { 2, "IP" }, { 0, NULL } };
static const struct vstr auth_types[] = {
	{ 2, "Simple password" },
	{ 3, "Keyed message digest" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_COMMAND] = { "rip.command", "Command", FT_U8, FB_DEC, .names = commands },
	[F_VERSION] = { "rip.version", "Version", FT_U8, FB_DEC },
	[F_DOMAIN] = { "rip.routing_domain", "Routing domain", FT_U16, FB_DEC },
	[F_FAMILY] = { "rip.family", "Address family", FT_U16, FB_DEC, .names = families },
	[F_TAG] = { "rip.route_tag", "Route tag", FT_U16, FB_DEC },
	[F_IP] = { "rip.ip", "Network", FT_IPV4 },
	[F_NETMASK] = { "rip.netmask", "Netmask", FT_IPV4 },
	[F_NEXT_HOP] = { "rip.next_hop", "Next hop", FT_IPV4 },
	[F_METRIC] = { "rip.metric", "Metric", FT_U16, FB_DEC },
	[F_AUTH_TYPE] = { "rip.auth.type", "Authentication type", FT_U16, FB_DEC,
			  .names = auth_types },
	[F_PASSWORD] = { "rip.auth.passwd", "Password", FT_STRING },
	[F_DIGEST_OFFSET] = { "rip.digest_offset", "Offset of the digest", FT_U16, FB_DEC },
	[F_KEY_ID] = { "rip.key_id", "Key id", FT_U8, FB_DEC },
	[F_AUTH_LEN] = { "rip.auth_data_len", "Authentication data length", FT_U8, FB_DEC },
	[F_SEQ] = { "rip.seq_num", "Sequence number", FT_U32, FB_DEC },
	[F_ZERO] = { "rip.zero_padding", "Zero padding", FT_STRING },
	[F_AUTH_DATA] = { "rip.authentication_data", "Authentication data", FT_BYTES },
};

static const struct field ng_fields[] = {
	[F_NG_COMMAND] = { "ripng.cmd", "Command", FT_U8, FB_DEC, .names = commands },
	[F_NG_VERSION] = { "ripng.version", "Version", FT_U8, FB_DEC },
	[F_NG_RESERVED] = { "ripng.reserved", "Reserved", FT_BYTES },
	[F_NG_RTE] = { "ripng.rte", "Route", FT_NONE },
	[F_NG_PREFIX] = { "ripng.rte.ipv6_prefix", "Prefix", FT_IPV6 },
	[F_NG_TAG] = { "ripng.rte.route_tag", "Route tag", FT_U16, FB_HEX },
	[F_NG_LEN] = { "ripng.rte.prefix_length", "Prefix length", FT_U8, FB_DEC },
	[F_NG_METRIC] = { "ripng.rte.metric", "Metric", FT_U8, FB_DEC },
};

/* ---- RIP ---- */

/* n bytes as text up to a NUL, if there is one. */
static void put_text(struct dis *d, struct cur *c, unsigned f, u32 n)
{
	u32 at = c->at;
	const u8 *p = cur_bytes(c, n), *nul = p != NULL ? memchr(p, 0, n) : NULL;

	if (p != NULL)
		d_mem(d, f, at, nul != NULL ? (u32)(nul - p) : n);
}

/* RFC 2453 4.1, RFC 4822 2.1. The digest stands behind the entries. */
static void authentication(struct dis *d, struct cur *c, const struct cur *message)
{
	u16 type, offset;
	u8 len;
	struct cur digest = *message;

	cur_skip(c, 2);
	type = d_be16(d, c, F_AUTH_TYPE);
	d_down(d);
	if (type == 2) {
		put_text(d, c, F_PASSWORD, 16);
	} else if (type == 3) {
		offset = d_be16(d, c, F_DIGEST_OFFSET);
		d_u8(d, c, F_KEY_ID);
		len = d_u8(d, c, F_AUTH_LEN);
		d_be32(d, c, F_SEQ);
		d_bytes(d, c, F_ZERO, 8);
		cur_skip(&digest, offset + 4u);
		if (digest.fail == CUR_OK && c->fail == CUR_OK && len >= 4 &&
		    cur_left(&digest) >= len - 4u)
			d_mem(d, F_AUTH_DATA, digest.at, len - 4u);
	}
	d_up(d);
}

static void entry(struct dis *d, struct cur *c, u8 version)
{
	u16 family = d_be16(d, c, F_FAMILY);
	u32 at;

	d_down(d);
	if (version == 2)
		d_be16(d, c, F_TAG);
	else
		cur_skip(c, 2);
	if (family == 2)
		d_be32(d, c, F_IP);
	else
		cur_skip(c, 4); /* asks for the whole table */
	if (version == 2) {
		d_be32(d, c, F_NETMASK);
		d_be32(d, c, F_NEXT_HOP);
	} else {
		cur_skip(c, 8);
	}
	at = c->at;
	d_u(d, F_METRIC, at, 4, cur_be32(c) & 0xffff);
	d_up(d);
}

static void dissect(struct dis *d, struct cur *c)
{
	struct cur message = *c;
	u16 domain;
	u8 version;

	d_u8(d, c, F_COMMAND);
	version = d_u8(d, c, F_VERSION);
	domain = cur_be16(c);
	if (version == 2 && domain != 0) /* was one in RFC 1388, is zero since */
		d_u(d, F_DOMAIN, c->at - 2, 2, domain);
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		u16 family;

		if (!cur_need(c, 2))
			return;
		family = load_be16(c->base + c->at);
		if (family == AUTH_FAMILY && cur_wire_left(c) >= 4 && cur_need(c, 4) &&
		    load_be16(c->base + c->at + 2) == 1)
			return; /* the digest */
		if (!cur_need(c, ENTRY))
			return;
		if (family == AUTH_FAMILY)
			authentication(d, c, &message);
		else if (family == 2 || family == 0)
			entry(d, c, version);
		else
			cur_skip(c, ENTRY);
	}
}

static void put_command(struct txt *t, u64 command, u64 version)
{
	const char *name = vstr_name(commands, command);

	txt_printf(t, "%s, version %u", name != NULL ? name : "Unknown command", (unsigned)version);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	put_command(t, pkt_get_u(k, l, F_COMMAND, 0), pkt_get_u(k, l, F_VERSION, 0));
}

static const u16 info_wants[] = { F_COMMAND, F_VERSION, FIELD_END };
static const struct claim claims[] = { { TBL_UDP, 520 } };

const struct proto proto_rip = {
	.name = "rip",
	.title = "Routing Information Protocol",
	.abbrev = "RIP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};

/* ---- RIPng ---- */

static void ng_dissect(struct dis *d, struct cur *c)
{
	d_u8(d, c, F_NG_COMMAND);
	d_u8(d, c, F_NG_VERSION);
	d_bytes(d, c, F_NG_RESERVED, 2);
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		d_head(d, F_NG_RTE, c->at, MIN(cur_left(c), (u32)ENTRY));
		d_down(d);
		d_bytes(d, c, F_NG_PREFIX, 16);
		d_be16(d, c, F_NG_TAG);
		d_u8(d, c, F_NG_LEN);
		d_u8(d, c, F_NG_METRIC);
		d_up(d);
	}
}

static void ng_info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	put_command(t, pkt_get_u(k, l, F_NG_COMMAND, 0), pkt_get_u(k, l, F_NG_VERSION, 0));
}

static const u16 ng_info_wants[] = { F_NG_COMMAND, F_NG_VERSION, FIELD_END };
static const struct claim ng_claims[] = { { TBL_UDP, 521 } };

const struct proto proto_ripng = {
	.name = "ripng",
	.title = "RIPng",
	.abbrev = "RIPng",
	.fields = ng_fields,
	.nfields = ARRAY_LEN(ng_fields),
	.flags = PROTO_LEAF,
	.claims = ng_claims,
	.nclaims = ARRAY_LEN(ng_claims),
	.dissect = ng_dissect,
	.info = ng_info,
	.info_wants = ng_info_wants,
};
