/* Spanning tree: STP, RSTP and MSTP (IEEE 802.1Q-2018 14). */
/*  0        2     3     4      5        13      17          25      27   29    31     33     35
 *  +--------+-----+-----+------+--------+-------+-----------+-------+----+-----+------+------+
 *  |protocol|vers.|type |flags | root   | cost  | bridge    | port  |age | max |hello |delay |
 *  +--------+-----+-----+------+--------+-------+-----------+-------+----+-----+------+------+
 *  RSTP goes on with the length of a version 1 part (0), MSTP with that of a version 3 part. */
#include "packet/proto.h"

enum {
	F_PROTOCOL,
	F_VERSION,
	F_TYPE,
	F_FLAGS,
	F_TCACK,
	F_AGREEMENT,
	F_FORWARDING,
	F_LEARNING,
	F_PORT_ROLE,
	F_PROPOSAL,
	F_TC,
	F_ROOT_PRIO,
	F_ROOT_EXT,
	F_ROOT_HW,
	F_ROOT_COST,
	F_BRIDGE_PRIO,
	F_BRIDGE_EXT,
	F_BRIDGE_HW,
	F_PORT,
	F_MSG_AGE,
	F_MAX_AGE,
	F_HELLO,
	F_FORWARD,
	F_V1_LEN,
	F_V3_LEN,
	F_SELECTOR,
	F_NAME,
	F_REVISION,
	F_DIGEST,
	F_CIST_COST,
	F_CIST_PRIO,
	F_CIST_EXT,
	F_CIST_HW,
	F_CIST_HOPS,
	F_MSTI_FLAGS,
	F_MSTI_PRIORITY,
	F_MSTI_ID,
	F_MSTI_ROOT_HW,
	F_MSTI_COST,
	F_MSTI_BRIDGE_PRIO,
	F_MSTI_PORT_PRIO,
	F_MSTI_HOPS,
};

enum { BPDU_CONFIG = 0, BPDU_RST = 2, BPDU_TCN = 0x80 };
enum { MSTI_LEN = 16 };

static const struct vstr version_names[] = {
	{ 0, "STP" }, { 2, "RSTP" }, { 3, "MSTP" }, { 4, "SPT" }, { 0, NULL },
};
static const struct vstr type_names[] = {
	{ BPDU_CONFIG, "Configuration" },
	{ BPDU_RST, "Rapid or multiple spanning tree" },
	{ BPDU_TCN, "Topology change notification" },
	{ 0, NULL },
};
static const struct vstr role_names[] = { { 0, "Unknown" },
					  { 1, "Alternate or backup" },
					  { 2, "Root" },
					  { 3, "Designated" },
					  { 0, NULL } };

#define FLAG(m) FT_BOOL, FB_NONE, m, .on = "Yes", .off = "No"

static const struct field fields[] = {
	[F_PROTOCOL] = { "stp.protocol", "Protocol", FT_U16, FB_HEX },
	[F_VERSION] = { "stp.version", "Version", FT_U8, FB_DEC, .names = version_names },
	[F_TYPE] = { "stp.type", "Type", FT_U8, FB_HEX, .names = type_names },
	[F_FLAGS] = { "stp.flags", "Flags", FT_U8, FB_HEX },
	[F_TCACK] = { "stp.flags.tcack", "Topology change acknowledgment", FLAG(0x80) },
	[F_AGREEMENT] = { "stp.flags.agreement", "Agreement", FLAG(0x40) },
	[F_FORWARDING] = { "stp.flags.forwarding", "Forwarding", FLAG(0x20) },
	[F_LEARNING] = { "stp.flags.learning", "Learning", FLAG(0x10) },
	[F_PORT_ROLE] = { "stp.flags.port_role", "Port role", FT_U8, FB_DEC, 0x0c,
			  .names = role_names },
	[F_PROPOSAL] = { "stp.flags.proposal", "Proposal", FLAG(0x02) },
	[F_TC] = { "stp.flags.tc", "Topology change", FLAG(0x01) },
	[F_ROOT_PRIO] = { "stp.root.prio", "Root bridge priority", FT_U16, FB_DEC },
	[F_ROOT_EXT] = { "stp.root.ext", "Root bridge system id extension", FT_U16, FB_DEC },
	[F_ROOT_HW] = { "stp.root.hw", "Root bridge address", FT_ETHER },
	[F_ROOT_COST] = { "stp.root.cost", "Root path cost", FT_U32, FB_DEC },
	[F_BRIDGE_PRIO] = { "stp.bridge.prio", "Bridge priority", FT_U16, FB_DEC },
	[F_BRIDGE_EXT] = { "stp.bridge.ext", "Bridge system id extension", FT_U16, FB_DEC },
	[F_BRIDGE_HW] = { "stp.bridge.hw", "Bridge address", FT_ETHER },
	[F_PORT] = { "stp.port", "Port", FT_U16, FB_HEX },
	[F_MSG_AGE] = { "stp.msg_age", "Message age, s", FT_FLOAT },
	[F_MAX_AGE] = { "stp.max_age", "Maximum age, s", FT_FLOAT },
	[F_HELLO] = { "stp.hello", "Hello time, s", FT_FLOAT },
	[F_FORWARD] = { "stp.forward", "Forward delay, s", FT_FLOAT },
	[F_V1_LEN] = { "stp.version_1_length", "Version 1 length", FT_U8, FB_DEC },
	[F_V3_LEN] = { "mstp.version_3_length", "Version 3 length", FT_U16, FB_DEC },
	[F_SELECTOR] = { "mstp.config_format_selector", "Configuration format", FT_U8, FB_DEC },
	[F_NAME] = { "mstp.config_name", "Region", FT_STRING },
	[F_REVISION] = { "mstp.config_revision_level", "Revision", FT_U16, FB_DEC },
	[F_DIGEST] = { "mstp.config_digest", "Configuration digest", FT_BYTES },
	[F_CIST_COST] = { "mstp.cist_internal_root_path_cost", "Internal root path cost", FT_U32,
			  FB_DEC },
	[F_CIST_PRIO] = { "mstp.cist_bridge.prio", "CIST bridge priority", FT_U16, FB_DEC },
	[F_CIST_EXT] = { "mstp.cist_bridge.ext", "CIST bridge system id extension", FT_U16,
			 FB_DEC },
	[F_CIST_HW] = { "mstp.cist_bridge.hw", "CIST bridge address", FT_ETHER },
	[F_CIST_HOPS] = { "mstp.cist_remaining_hops", "Remaining hops", FT_U8, FB_DEC },
	[F_MSTI_FLAGS] = { "mstp.msti.flags", "Instance flags", FT_U8, FB_HEX },
	[F_MSTI_PRIORITY] = { "mstp.msti.priority", "Regional root priority", FT_U8, FB_HEX, 0xf0 },
	[F_MSTI_ID] = { "mstp.msti.msti_id", "Instance", FT_U16, FB_DEC, 0x0fff },
	[F_MSTI_ROOT_HW] = { "mstp.msti.root.hw", "Regional root address", FT_ETHER },
	[F_MSTI_COST] = { "mstp.msti.root_cost", "Internal root path cost", FT_U32, FB_DEC },
	[F_MSTI_BRIDGE_PRIO] = { "mstp.msti.bridge_priority", "Bridge priority", FT_U8, FB_DEC },
	[F_MSTI_PORT_PRIO] = { "mstp.msti.port_priority", "Port priority", FT_U8, FB_DEC },
	[F_MSTI_HOPS] = { "mstp.msti.remaining_hops", "Remaining hops", FT_U8, FB_DEC },
};

/* All flags mean something since RSTP; STP has the first and the last. */
static void put_flags(struct dis *d, u32 at, u8 flags, bool rapid)
{
	d_down(d);
	d_bits(d, F_TCACK, at, 1, flags);
	if (rapid) {
		d_bits(d, F_AGREEMENT, at, 1, flags);
		d_bits(d, F_FORWARDING, at, 1, flags);
		d_bits(d, F_LEARNING, at, 1, flags);
		d_bits(d, F_PORT_ROLE, at, 1, flags);
		d_bits(d, F_PROPOSAL, at, 1, flags);
	}
	d_bits(d, F_TC, at, 1, flags);
	d_up(d);
}

/* A bridge identifier: 4 bits of priority, 12 of extension, an address; `f` is the first of three
 * fields. */
static void read_bridge(struct dis *d, struct cur *c, unsigned f)
{
	u32 at = c->at;
	u16 prio = cur_be16(c);

	if (c->fail != CUR_OK)
		return;
	d_u(d, f, at, 2, prio & 0xf000);
	d_u(d, f + 1, at, 2, prio & 0x0fff);
	d_bytes(d, c, f + 2, 6);
}

/* Times are in 1/256 s. */
static void read_time(struct dis *d, struct cur *c, unsigned f)
{
	u32 at = c->at;
	u16 v = cur_be16(c);

	if (c->fail == CUR_OK && d_wants(d, f))
		d_put(d, f, at, 2)->f = v / 256.0;
}

static void read_name(struct dis *d, struct cur *c)
{
	u32 at = c->at, n = 0;
	const u8 *p = cur_bytes(c, 32);

	if (p == NULL)
		return;
	while (n < 32 && p[n] != 0)
		n++;
	d_mem(d, F_NAME, at, n);
}

static void read_msti(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 flags, n;

	flags = d_u8(d, c, F_MSTI_FLAGS);
	put_flags(d, at, flags, true);
	n = cur_u8(c);
	d_bits(d, F_MSTI_PRIORITY, at + 1, 1, n);
	d_u(d, F_MSTI_ID, at + 1, 2, (n & 15u) << 8 | cur_u8(c));
	d_bytes(d, c, F_MSTI_ROOT_HW, 6);
	d_be32(d, c, F_MSTI_COST);
	n = cur_u8(c);
	d_u(d, F_MSTI_BRIDGE_PRIO, c->at - 1, 1, n >> 4);
	n = cur_u8(c);
	d_u(d, F_MSTI_PORT_PRIO, c->at - 1, 1, n >> 4);
	d_u8(d, c, F_MSTI_HOPS);
}

static void read_mst(struct dis *d, struct cur *c)
{
	u16 len = d_be16(d, c, F_V3_LEN);
	struct cur m;

	if (c->fail != CUR_OK || len == 0)
		return;
	m = cur_sub(c, len);
	d_u8(d, &m, F_SELECTOR);
	read_name(d, &m);
	d_be16(d, &m, F_REVISION);
	d_bytes(d, &m, F_DIGEST, 16);
	d_be32(d, &m, F_CIST_COST);
	read_bridge(d, &m, F_CIST_PRIO);
	d_u8(d, &m, F_CIST_HOPS);
	while (m.fail == CUR_OK && cur_left(&m) >= MSTI_LEN)
		read_msti(d, &m);
	d_check(d, &m);
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 version, type, flags, v1_len = 0;

	if (cur_peek(c, 3) != BPDU_TCN && !cur_need(c, 27)) /* without the port it says nothing */
		return;
	d_be16(d, c, F_PROTOCOL);
	version = d_u8(d, c, F_VERSION);
	type = d_u8(d, c, F_TYPE);
	if (type == BPDU_TCN || c->fail != CUR_OK)
		return;
	if (type != BPDU_CONFIG && type != BPDU_RST) {
		d_mark(d, MARK_VALUE, at + 3, "not a BPDU type of IEEE 802.1Q");
		return;
	}
	flags = d_u8(d, c, F_FLAGS);
	if (c->fail != CUR_OK)
		return;
	put_flags(d, at + 4, flags, type == BPDU_RST);
	read_bridge(d, c, F_ROOT_PRIO);
	d_be32(d, c, F_ROOT_COST);
	read_bridge(d, c, F_BRIDGE_PRIO);
	d_be16(d, c, F_PORT);
	read_time(d, c, F_MSG_AGE);
	read_time(d, c, F_MAX_AGE);
	read_time(d, c, F_HELLO);
	read_time(d, c, F_FORWARD);
	if (c->fail == CUR_OK && type == BPDU_RST && version >= 2)
		v1_len = d_u8(d, c, F_V1_LEN);
	if (v1_len != 0)
		d_mark(d, MARK_VALUE, c->at - 1, "the version 1 length of a BPDU must be 0");
	else if (c->fail == CUR_OK && type == BPDU_RST && version >= 3 && cur_wire_left(c) >= 2)
		read_mst(d, c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const struct val *hw = pkt_get(k, l, F_ROOT_HW);
	const char *name = vstr_name(version_names, pkt_get_u(k, l, F_VERSION, 99));
	u64 flags = pkt_get_u(k, l, F_FLAGS, 0), role = flags >> 2 & 3;

	if (pkt_get_u(k, l, F_TYPE, 0) == BPDU_TCN) {
		txt_puts(t, "Topology change notification");
		return;
	}
	txt_puts(t, name != NULL ? name : "BPDU");
	if (hw == NULL)
		return;
	if (pkt_get_u(k, l, F_TYPE, 0) == BPDU_RST) {
		txt_putc(t, ' ');
		txt_puts(t, vstr_name(role_names, role));
	}
	if (flags & 1)
		txt_puts(t, " topology change");
	txt_puts(t, " root ");
	txt_u64(t, pkt_get_u(k, l, F_ROOT_PRIO, 0));
	txt_putc(t, '/');
	txt_u64(t, pkt_get_u(k, l, F_ROOT_EXT, 0));
	txt_putc(t, '/');
	txt_mac(t, hw->p);
	txt_puts(t, " cost ");
	txt_u64(t, pkt_get_u(k, l, F_ROOT_COST, 0));
	txt_printf(t, " port 0x%04x", (unsigned)pkt_get_u(k, l, F_PORT, 0));
}

static const u16 info_wants[] = { F_VERSION, F_TYPE,	  F_FLAGS, F_ROOT_PRIO, F_ROOT_EXT,
				  F_ROOT_HW, F_ROOT_COST, F_PORT,  FIELD_END };
static const struct claim claims[] = { { TBL_LLC, 0x42 }, { TBL_SNAP, 0x00000c << 16 | 0x010b } };

const struct proto proto_stp = {
	.name = "stp",
	.title = "Spanning Tree Protocol",
	.abbrev = "STP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
