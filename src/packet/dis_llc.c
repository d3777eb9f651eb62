/* IEEE 802.2 logical link control and its SNAP extension (IEEE 802-2014 9). */
/*  0      8      16      24                 48       64
 *  +------+------+-------+------------------+--------+
 *  | DSAP | SSAP |control| organisation     |protocol|     control 2 bytes for I and S frames,
 *  +------+------+-------+------------------+--------+     SNAP only where DSAP and SSAP are aa */
#include "packet/dis_eth.h"

enum {
	F_DSAP,
	F_DSAP_SAP,
	F_DSAP_IG,
	F_SSAP,
	F_SSAP_SAP,
	F_SSAP_CR,
	F_CONTROL,
	F_N_R,
	F_N_S,
	F_P,
	F_F,
	F_S_FTYPE,
	F_U_CMD,
	F_U_RESP,
	F_FTYPE,
	F_OUI,
	F_TYPE,
	F_PID,
	F_CISCO_PID,
	F_IANA_PID,
};

static const struct vstr sap_names[] = {
	{ 0x00, "Null" },	 { 0x04, "SNA" },    { 0x06, "IP" },	  { 0x42, "Spanning tree" },
	{ 0x7e, "X.25" },	 { 0xaa, "SNAP" },   { 0xe0, "NetWare" }, { 0xf0, "NetBIOS" },
	{ 0xfe, "ISO network" }, { 0xff, "Global" }, { 0, NULL },
};
/* The same without the lowest bit. */
static const struct vstr sap7_names[] = {
	{ 0x00, "Null" },	 { 0x02, "SNA" },  { 0x03, "IP" },	{ 0x21, "Spanning tree" },
	{ 0x3f, "X.25" },	 { 0x55, "SNAP" }, { 0x70, "NetWare" }, { 0x78, "NetBIOS" },
	{ 0x7f, "ISO network" }, { 0, NULL },
};
static const struct vstr ftype_names[] = {
	{ 0, "Information" }, { 1, "Supervisory" }, { 3, "Unnumbered" }, { 0, NULL }
};
static const struct vstr s_names[] = {
	{ 0, "Receiver ready" }, { 1, "Receiver not ready" }, { 2, "Reject" }, { 0, NULL }
};
enum { XID = 0xaf }; /* its information says what a station can do: not followed */

/* Modifier bits, shifted down by two. */
static const struct vstr u_names[] = {
	{ 0x00, "UI" },	  { 0x03, "DM" },  { 0x10, "DISC" }, { 0x18, "UA" }, { 0x1b, "SABME" },
	{ 0x21, "FRMR" }, { 0x2b, "XID" }, { 0x38, "TEST" }, { 0, NULL },
};
static const struct vstr oui_names[] = {
	{ 0x000000, "Encapsulated Ethernet" },
	{ 0x00000c, "Cisco" },
	{ 0x0000f8, "Cisco 802.1H" },
	{ 0x0080c2, "IEEE 802.1" },
	{ 0x080007, "AppleTalk" },
	{ 0, NULL },
};
static const struct vstr cisco_names[] = {
	{ 0x0104, "PAgP" }, { 0x010b, "PVST+" }, { 0x0111, "UDLD" }, { 0x2000, "CDP" },
	{ 0x2003, "VTP" },  { 0x2004, "DTP" },	 { 0, NULL },
};

static const struct field fields[] = {
	[F_DSAP] = { "llc.dsap", "Destination service access point", FT_U8, FB_HEX,
		     .names = sap_names },
	[F_DSAP_SAP] = { "llc.dsap.sap", "Access point", FT_U8, FB_DEC, 0xfe, .names = sap7_names },
	[F_DSAP_IG] = { "llc.dsap.ig", "Group", FT_BOOL, FB_NONE, 0x01, .on = "Yes", .off = "No" },
	[F_SSAP] = { "llc.ssap", "Source service access point", FT_U8, FB_HEX, .names = sap_names },
	[F_SSAP_SAP] = { "llc.ssap.sap", "Access point", FT_U8, FB_DEC, 0xfe, .names = sap7_names },
	[F_SSAP_CR] = { "llc.ssap.cr", "Response", FT_BOOL, FB_NONE, 0x01, .on = "Yes",
			.off = "No: a command" },
	[F_CONTROL] = { "llc.control", "Control", FT_U16, FB_HEX },
	[F_N_R] = { "llc.control.n_r", "N(R): next expected", FT_U16, FB_DEC, 0xfe00 },
	[F_N_S] = { "llc.control.n_s", "N(S): sent", FT_U16, FB_DEC, 0x00fe },
	[F_P] = { "llc.control.p", "Poll", FT_BOOL, FB_NONE },
	[F_F] = { "llc.control.f", "Final", FT_BOOL, FB_NONE },
	[F_S_FTYPE] = { "llc.control.s_ftype", "Supervisory frame", FT_U16, FB_HEX, 0x000c,
			.names = s_names },
	[F_U_CMD] = { "llc.control.u_modifier_cmd", "Command", FT_U8, FB_HEX, 0xec,
		      .names = u_names },
	[F_U_RESP] = { "llc.control.u_modifier_resp", "Response", FT_U8, FB_HEX, 0xec,
		       .names = u_names },
	[F_FTYPE] = { "llc.control.ftype", "Frame type", FT_U8, FB_HEX, .names = ftype_names },
	[F_OUI] = { "llc.oui", "Organisation code", FT_U24, FB_DEC_HEX, .names = oui_names },
	[F_TYPE] = { "llc.type", "Type", FT_U16, FB_HEX, .names = ethertype_names },
	[F_PID] = { "llc.pid", "Protocol", FT_U16, FB_HEX },
	[F_IANA_PID] = { "llc.iana_pid", "Protocol", FT_U16, FB_HEX },
	[F_CISCO_PID] = { "llc.cisco_pid", "Protocol", FT_U16, FB_HEX, .names = cisco_names },
};

/* Only where the bit is set. */
static void put_poll(struct dis *d, u32 at, u32 n, bool set, bool response)
{
	if (set)
		d_u(d, response ? F_F : F_P, at, n, 1);
}

/* The control field: one byte for unnumbered frames, two for the others. */
static u16 read_control(struct dis *d, struct cur *c, bool response)
{
	u32 at = c->at;
	u16 v = (u16)MAX(cur_peek(c, 0), 0);
	u32 n = (v & 3) == 3 ? 1 : 2;

	v = n == 1 ? cur_u8(c) : cur_le16(c);
	if (c->fail != CUR_OK)
		return 0xffff;
	d_u(d, F_CONTROL, at, n, v);
	d_down(d);
	if (n == 1) {
		d_bits(d, response ? F_U_RESP : F_U_CMD, at, 1, v);
		put_poll(d, at, 1, v & 0x10, response);
		d_u(d, F_FTYPE, at, 1, 3);
	} else {
		d_bits(d, F_N_R, at, 2, v);
		if (v & 1) {
			d_bits(d, F_S_FTYPE, at, 2, v);
			put_poll(d, at, 2, v & 0x100, response);
		} else {
			put_poll(d, at, 2, v & 0x100, false);
			d_bits(d, F_N_S, at, 2, v);
		}
		d_u(d, F_FTYPE, at, 2, v & 1);
	}
	d_up(d);
	return v;
}

/* Behind anything but information (I and UI) frames the protocol is not followed. */
static void read_snap(struct dis *d, struct cur *c, bool carries)
{
	u32 oui = d_be24(d, c, F_OUI);
	u16 type;

	if (oui != 0 && oui != 0x0000f8) {
		type = d_be16(d, c,
			      oui == 0x00000c	? F_CISCO_PID
			      : oui == 0x00005e ? F_IANA_PID
						: F_PID);
		if (c->fail == CUR_OK && carries)
			d_next(d, TBL_SNAP, oui << 16 | type, *c);
	} else if (carries) {
		type = d_be16(d, c, F_TYPE);
		if (c->fail == CUR_OK)
			d_next(d, TBL_ETHERTYPE, type, *c);
	} else {
		cur_skip(c, 2);
	}
	if (c->fail == CUR_OK && !carries)
		d_data(d, *c);
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 dsap, ssap;
	u16 control;
	bool carries;

	dsap = d_u8(d, c, F_DSAP);
	if (c->fail == CUR_OK) {
		d_down(d);
		d_bits(d, F_DSAP_SAP, at, 1, dsap);
		d_bits(d, F_DSAP_IG, at, 1, dsap);
		d_up(d);
	}
	ssap = d_u8(d, c, F_SSAP);
	if (c->fail == CUR_OK) {
		d_down(d);
		d_bits(d, F_SSAP_SAP, at + 1, 1, ssap);
		d_bits(d, F_SSAP_CR, at + 1, 1, ssap);
		d_up(d);
	}
	control = read_control(d, c, ssap & 1);
	if (c->fail != CUR_OK)
		return;
	carries = (control & 0xef) == 0x03 || (control & 1) == 0;
	if (dsap == 0xaa && ssap == 0xaa)
		read_snap(d, c, carries);
	else if (carries)
		d_next(d, TBL_LLC, dsap, *c);
	else if ((control & 0xef) != XID)
		d_data(d, *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const char *dsap = vstr_name(sap_names, pkt_get_u(k, l, F_DSAP, 0x100));
	u64 type = pkt_get_u(k, l, F_TYPE, 0x10000), oui = pkt_get_u(k, l, F_OUI, 0x1000000);
	const char *name = vstr_name(ethertype_names, type);

	if (oui > 0xffffff) {
		txt_puts(t, "To ");
		if (dsap != NULL)
			txt_puts(t, dsap);
		else
			txt_printf(t, "0x%02x", (unsigned)pkt_get_u(k, l, F_DSAP, 0));
		return;
	}
	if (oui == 0x00000c) {
		name = vstr_name(cisco_names, pkt_get_u(k, l, F_CISCO_PID, 0));
		txt_puts(t, "SNAP Cisco ");
		txt_puts(t, name != NULL ? name : "protocol");
	} else if (name != NULL) {
		txt_puts(t, "SNAP ");
		txt_puts(t, name);
	} else {
		txt_printf(t, "SNAP organisation 0x%06x protocol 0x%04x", (unsigned)oui,
			   (unsigned)(type <= 0xffff ? type : pkt_get_u(k, l, F_PID, 0)));
	}
}

static const u16 info_wants[] = { F_DSAP, F_OUI, F_TYPE, F_PID, F_CISCO_PID, FIELD_END };
static const struct claim claims[] = { { TBL_INNER, INNER_LLC }, { TBL_ETHERTYPE, 0x8870 } };

const struct proto proto_llc = {
	.name = "llc",
	.title = "Logical link control",
	.abbrev = "LLC",
	.flags = PROTO_WHOLE,
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
