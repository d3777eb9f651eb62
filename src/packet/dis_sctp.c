/* SCTP (RFC 9260): the common header and its chunks, with the parameters and causes in them. */
/*  0        2        4            8          12
 *  +--------+--------+------------+----------+--------+-------+--------+-----
 *  | sport  | dport  | verif. tag | checksum | type   | flags | length | value, padded to 4 ...
 *  +--------+--------+------------+----------+--------+-------+--------+----- */
#include "packet/proto.h"
#include "packet/registry.h"

enum {
	F_SRCPORT,
	F_DSTPORT,
	F_PORT,
	F_VTAG,
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_CHUNK_TYPE,
	F_CHUNK_BIT1,
	F_CHUNK_BIT2,
	F_CHUNK_FLAGS,
	F_CHUNK_LENGTH,
	F_CHUNK_PADDING,
	F_CHUNK_VALUE,
	F_DATA_I,
	F_DATA_U,
	F_DATA_B,
	F_DATA_E,
	F_TSN,
	F_SID,
	F_SSN,
	F_PPID,
	F_TAG,
	F_INIT_TAG,
	F_INIT_CREDIT,
	F_INIT_OUT,
	F_INIT_IN,
	F_INIT_TSN,
	F_INITACK_TAG,
	F_INITACK_CREDIT,
	F_INITACK_OUT,
	F_INITACK_IN,
	F_INITACK_TSN,
	F_SACK_NONCE,
	F_SACK_CUM,
	F_SACK_RWND,
	F_SACK_NGAPS,
	F_SACK_NDUPS,
	F_SACK_START,
	F_SACK_START_TSN,
	F_SACK_END,
	F_SACK_END_TSN,
	F_SACK_ACKED,
	F_SACK_DUP,
	F_COOKIE,
	F_SHUTDOWN_CUM,
	F_SHUTDOWN_T,
	F_ABORT_T,
	F_ECNE,
	F_CWR,
	F_FWD_TSN,
	F_FWD_SID,
	F_FWD_SSN,
	F_PARAM_TYPE,
	F_PARAM_BIT1,
	F_PARAM_BIT2,
	F_PARAM_LENGTH,
	F_PARAM_VALUE,
	F_PARAM_PADDING,
	F_PARAM_IPV4,
	F_PARAM_IPV6,
	F_PARAM_COOKIE,
	F_PARAM_INFO,
	F_PARAM_ADDR_TYPE,
	F_PARAM_CHUNK,
	F_PARAM_INCREMENT,
	F_CAUSE_CODE,
	F_CAUSE_LENGTH,
	F_CAUSE_INFO,
	F_CAUSE_SID,
	F_CAUSE_RESERVED,
	F_CAUSE_STALENESS,
	F_CAUSE_TSN,
};

enum {
	DATA = 0,
	INIT = 1,
	INIT_ACK = 2,
	SACK = 3,
	HEARTBEAT = 4,
	HEARTBEAT_ACK = 5,
	ABORT = 6,
	SHUTDOWN = 7,
	SHUTDOWN_ACK = 8,
	ERROR = 9,
	COOKIE_ECHO = 10,
	COOKIE_ACK = 11,
	ECNE = 12,
	CWR = 13,
	SHUTDOWN_COMPLETE = 14,
	FORWARD_TSN = 192,
};

enum { MAX_CHUNKS = 512 };

static const struct vstr chunk_names[] = {
	{ 0, "DATA" },	      { 1, "INIT" },	     { 2, "INIT ACK" },
	{ 3, "SACK" },	      { 4, "HEARTBEAT" },    { 5, "HEARTBEAT ACK" },
	{ 6, "ABORT" },	      { 7, "SHUTDOWN" },     { 8, "SHUTDOWN ACK" },
	{ 9, "ERROR" },	      { 10, "COOKIE ECHO" }, { 11, "COOKIE ACK" },
	{ 12, "ECNE" },	      { 13, "CWR" },	     { 14, "SHUTDOWN COMPLETE" },
	{ 15, "AUTH" },	      { 64, "I-DATA" },	     { 128, "ASCONF ACK" },
	{ 130, "RE-CONFIG" }, { 132, "PAD" },	     { 192, "FORWARD TSN" },
	{ 193, "ASCONF" },    { 0, NULL },
};
static const struct vstr param_names[] = {
	{ 1, "Heartbeat information" },
	{ 5, "IPv4 address" },
	{ 6, "IPv6 address" },
	{ 7, "State cookie" },
	{ 8, "Unrecognized parameter" },
	{ 9, "Cookie preservative" },
	{ 11, "Host name" },
	{ 12, "Supported address types" },
	{ 0x8000, "ECN capable" },
	{ 0x8008, "Supported extensions" },
	{ 0xc000, "Forward TSN supported" },
	{ 0, NULL },
};
static const struct vstr cause_names[] = {
	{ 1, "Invalid stream identifier" },
	{ 2, "Missing mandatory parameter" },
	{ 3, "Stale cookie" },
	{ 4, "Out of resource" },
	{ 5, "Unresolvable address" },
	{ 6, "Unrecognized chunk type" },
	{ 7, "Invalid mandatory parameter" },
	{ 8, "Unrecognized parameters" },
	{ 9, "No user data" },
	{ 10, "Cookie received while shutting down" },
	{ 11, "Restart with new addresses" },
	{ 12, "User-initiated abort" },
	{ 13, "Protocol violation" },
	{ 0, NULL },
};
static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};
static const u16 any_port[] = { F_SRCPORT, F_DSTPORT, FIELD_END };
static const u16 any_tag[] = { F_INIT_TAG, F_INITACK_TAG, FIELD_END };

static const struct field fields[] = {
	[F_SRCPORT] = { "sctp.srcport", "Source port", FT_U16, FB_DEC },
	[F_DSTPORT] = { "sctp.dstport", "Destination port", FT_U16, FB_DEC },
	[F_PORT] = { "sctp.port", "Source or destination port", FT_U16, FB_DEC, .any = any_port },
	[F_VTAG] = { "sctp.verification_tag", "Verification tag", FT_U32, FB_HEX },
	[F_CHECKSUM] = { "sctp.checksum", "Checksum", FT_U32, FB_HEX },
	[F_CHECKSUM_STATUS] = { "sctp.checksum.status", "Checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_CHUNK_TYPE] = { "sctp.chunk_type", "Chunk", FT_U8, FB_DEC, .names = chunk_names },
	[F_CHUNK_BIT1] = { "sctp.chunk_bit_1", "Skip where unknown", FT_BOOL, FB_NONE, 0x80 },
	[F_CHUNK_BIT2] = { "sctp.chunk_bit_2", "Report where unknown", FT_BOOL, FB_NONE, 0x40 },
	[F_CHUNK_FLAGS] = { "sctp.chunk_flags", "Flags", FT_U8, FB_HEX },
	[F_CHUNK_LENGTH] = { "sctp.chunk_length", "Length", FT_U16, FB_DEC },
	[F_CHUNK_PADDING] = { "sctp.chunk_padding", "Padding", FT_BYTES },
	[F_CHUNK_VALUE] = { "sctp.chunk_value", "Value", FT_BYTES },
	[F_DATA_I] = { "sctp.data_i_bit", "Acknowledge at once", FT_BOOL, FB_NONE, 0x08 },
	[F_DATA_U] = { "sctp.data_u_bit", "Unordered", FT_BOOL, FB_NONE, 0x04 },
	[F_DATA_B] = { "sctp.data_b_bit", "First fragment", FT_BOOL, FB_NONE, 0x02 },
	[F_DATA_E] = { "sctp.data_e_bit", "Last fragment", FT_BOOL, FB_NONE, 0x01 },
	[F_TSN] = { "sctp.data_tsn_raw", "Transmission sequence number", FT_U32, FB_DEC },
	[F_SID] = { "sctp.data_sid", "Stream identifier", FT_U16, FB_HEX },
	[F_SSN] = { "sctp.data_ssn", "Stream sequence number", FT_U16, FB_DEC },
	[F_PPID] = { "sctp.data_payload_proto_id", "Payload protocol identifier", FT_U32, FB_DEC },
	[F_TAG] = { "sctp.initiate_tag", "Initiate tag", FT_U32, FB_HEX, .any = any_tag },
	[F_INIT_TAG] = { "sctp.init_initiate_tag", "Initiate tag", FT_U32, FB_HEX },
	[F_INIT_CREDIT] = { "sctp.init_credit", "Advertised receiver window", FT_U32, FB_DEC },
	[F_INIT_OUT] = { "sctp.init_nr_out_streams", "Outbound streams", FT_U16, FB_DEC },
	[F_INIT_IN] = { "sctp.init_nr_in_streams", "Inbound streams", FT_U16, FB_DEC },
	[F_INIT_TSN] = { "sctp.init_initial_tsn", "Initial TSN", FT_U32, FB_DEC },
	[F_INITACK_TAG] = { "sctp.initack_initiate_tag", "Initiate tag", FT_U32, FB_HEX },
	[F_INITACK_CREDIT] = { "sctp.initack_credit", "Advertised receiver window", FT_U32,
			       FB_DEC },
	[F_INITACK_OUT] = { "sctp.initack_nr_out_streams", "Outbound streams", FT_U16, FB_DEC },
	[F_INITACK_IN] = { "sctp.initack_nr_in_streams", "Inbound streams", FT_U16, FB_DEC },
	[F_INITACK_TSN] = { "sctp.initack_initial_tsn", "Initial TSN", FT_U32, FB_DEC },
	[F_SACK_NONCE] = { "sctp.sack_nounce_sum", "Nonce sum", FT_U8, FB_DEC, 0x01 },
	[F_SACK_CUM] = { "sctp.sack_cumulative_tsn_ack_raw", "Cumulative TSN acknowledged", FT_U32,
			 FB_DEC },
	[F_SACK_RWND] = { "sctp.sack_a_rwnd", "Advertised receiver window", FT_U32, FB_DEC },
	[F_SACK_NGAPS] = { "sctp.sack_number_of_gap_blocks", "Gap blocks", FT_U16, FB_DEC },
	[F_SACK_NDUPS] = { "sctp.sack_number_of_duplicated_tsns", "Duplicate TSNs", FT_U16,
			   FB_DEC },
	[F_SACK_START] = { "sctp.sack_gap_block_start", "Gap block start", FT_U16, FB_DEC },
	[F_SACK_START_TSN] = { "sctp.sack_gap_block_start_tsn", "Start TSN", FT_U32, FB_DEC },
	[F_SACK_END] = { "sctp.sack_gap_block_end", "Gap block end", FT_U16, FB_DEC },
	[F_SACK_END_TSN] = { "sctp.sack_gap_block_end_tsn", "End TSN", FT_U32, FB_DEC },
	[F_SACK_ACKED] = { "sctp.sack_number_of_tsns_gap_acked", "TSNs in gap blocks", FT_U32,
			   FB_DEC },
	[F_SACK_DUP] = { "sctp.sack_duplicate_tsn", "Duplicate TSN", FT_U32, FB_DEC },
	[F_COOKIE] = { "sctp.cookie", "Cookie", FT_BYTES },
	[F_SHUTDOWN_CUM] = { "sctp.shutdown_cumulative_tsn_ack", "Cumulative TSN acknowledged",
			     FT_U32, FB_DEC },
	[F_SHUTDOWN_T] = { "sctp.shutdown_complete_t_bit", "Tag is the peer's", FT_BOOL, FB_NONE,
			   0x01 },
	[F_ABORT_T] = { "sctp.abort_t_bit", "Tag is the peer's", FT_BOOL, FB_NONE, 0x01 },
	[F_ECNE] = { "sctp.ecne_lowest_tsn", "Lowest TSN", FT_U32, FB_DEC },
	[F_CWR] = { "sctp.cwr_lowest_tsn", "Lowest TSN", FT_U32, FB_DEC },
	[F_FWD_TSN] = { "sctp.forward_tsn_tsn", "New cumulative TSN", FT_U32, FB_DEC },
	[F_FWD_SID] = { "sctp.forward_tsn_sid", "Stream identifier", FT_U16, FB_DEC },
	[F_FWD_SSN] = { "sctp.forward_tsn_ssn", "Stream sequence number", FT_U16, FB_DEC },
	[F_PARAM_TYPE] = { "sctp.parameter_type", "Parameter", FT_U16, FB_HEX,
			   .names = param_names },
	[F_PARAM_BIT1] = { "sctp.parameter_bit_1", "Skip where unknown", FT_BOOL, FB_NONE, 0x8000 },
	[F_PARAM_BIT2] = { "sctp.parameter_bit_2", "Report where unknown", FT_BOOL, FB_NONE,
			   0x4000 },
	[F_PARAM_LENGTH] = { "sctp.parameter_length", "Length", FT_U16, FB_DEC },
	[F_PARAM_VALUE] = { "sctp.parameter_value", "Value", FT_BYTES },
	[F_PARAM_PADDING] = { "sctp.parameter_padding", "Padding", FT_BYTES },
	[F_PARAM_IPV4] = { "sctp.parameter_ipv4_address", "IPv4 address", FT_IPV4 },
	[F_PARAM_IPV6] = { "sctp.parameter_ipv6_address", "IPv6 address", FT_IPV6 },
	[F_PARAM_COOKIE] = { "sctp.parameter_state_cookie", "State cookie", FT_BYTES },
	[F_PARAM_INFO] = { "sctp.parameter_heartbeat_information", "Heartbeat information",
			   FT_BYTES },
	[F_PARAM_ADDR_TYPE] = { "sctp.parameter_supported_address_type", "Supported address type",
				FT_U16, FB_DEC },
	[F_PARAM_CHUNK] = { "sctp.supported_chunk_type", "Supported chunk type", FT_U8, FB_DEC,
			    .names = chunk_names },
	[F_PARAM_INCREMENT] = { "sctp.parameter_cookie_preservative_incr",
				"Suggested cookie life-span increment (ms)", FT_U32, FB_DEC },
	[F_CAUSE_CODE] = { "sctp.cause_code", "Cause", FT_U16, FB_HEX, .names = cause_names },
	[F_CAUSE_LENGTH] = { "sctp.cause_length", "Length", FT_U16, FB_DEC },
	[F_CAUSE_INFO] = { "sctp.cause_information", "Information", FT_BYTES },
	[F_CAUSE_SID] = { "sctp.cause_stream_identifier", "Stream identifier", FT_U16, FB_DEC },
	[F_CAUSE_RESERVED] = { "sctp.cause_reserved", "Reserved", FT_U16, FB_DEC },
	[F_CAUSE_STALENESS] = { "sctp.cause_measure_of_staleness", "Staleness (us)", FT_U32,
				FB_DEC },
	[F_CAUSE_TSN] = { "sctp.cause_tsn", "TSN", FT_U32, FB_DEC },
};

/* ---- checksum ---- */

static u32 crc32c(u32 crc, const u8 *p, u32 n)
{
	for (; n > 0; n--, p++) {
		crc ^= *p;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

/* RFC 9260 appendix A: over the whole packet with the checksum itself as zeros, little-endian. */
static u8 check_sum(struct dis *d, const struct cur *c, u32 at)
{
	static const u8 zeros[4];
	u32 crc = 0xffffffff;

	if (!d->plan->checksums || d->in_error || d->fragment || c->end < c->wire)
		return 2;
	crc = crc32c(crc, c->base + at, 8);
	crc = crc32c(crc, zeros, 4);
	crc = ~crc32c(crc, c->base + at + 12, c->end - at - 12);
	if (crc == load_le32(c->base + at + 8))
		return 1;
	d_mark(d, MARK_CHECKSUM, at + 8, "wrong SCTP checksum");
	return 0;
}

/* ---- what chunks hold ---- */

static void read_parameter(struct dis *d, struct cur *c, u16 type)
{
	switch (type) {
	case 1: d_rest(d, c, F_PARAM_INFO); break;
	case 5: d_be32(d, c, F_PARAM_IPV4); break;
	case 6: d_bytes(d, c, F_PARAM_IPV6, 16); break;
	case 7: d_rest(d, c, F_PARAM_COOKIE); break;
	case 9: d_be32(d, c, F_PARAM_INCREMENT); break;
	case 12:
		while (cur_left(c) >= 2)
			d_be16(d, c, F_PARAM_ADDR_TYPE);
		break;
	case 0x8008:
		while (cur_left(c) > 0)
			d_u8(d, c, F_PARAM_CHUNK);
		break;
	case 0x8000:
	case 0xc000: break;
	default: d_rest(d, c, F_PARAM_VALUE);
	}
}

static void read_cause(struct dis *d, struct cur *c, u16 code)
{
	switch (code) {
	case 1:
		d_be16(d, c, F_CAUSE_SID);
		d_be16(d, c, F_CAUSE_RESERVED);
		break;
	case 3: d_be32(d, c, F_CAUSE_STALENESS); break;
	case 9: d_be32(d, c, F_CAUSE_TSN); break;
	case 4:
	case 10: break;
	default: d_rest(d, c, F_CAUSE_INFO);
	}
}

/* Parameters and causes share their shape: 16 bits of kind, a length with these 4 bytes in it, a
 * value, padding to 4. */
static void read_list(struct dis *d, struct cur *c, bool causes)
{
	while (cur_wire_left(c) >= 4 && c->fail == CUR_OK) {
		u32 at = c->at, pad;
		u16 kind, len;
		struct cur body;

		if (causes) {
			kind = d_be16(d, c, F_CAUSE_CODE);
			d_down(d);
		} else {
			kind = d_be16(d, c, F_PARAM_TYPE);
			d_down(d);
			d_u(d, F_PARAM_BIT1, at, 2, kind >> 15);
			d_u(d, F_PARAM_BIT2, at, 2, kind >> 14 & 1);
		}
		len = d_be16(d, c, causes ? F_CAUSE_LENGTH : F_PARAM_LENGTH);
		if (c->fail == CUR_OK && (len < 4 || len - 4u > cur_wire_left(c))) {
			d_mark(d, MARK_LENGTH, at + 2,
			       "an SCTP parameter's or cause's length does not fit");
			c->at = c->end;
		} else if (c->fail == CUR_OK) {
			body = cur_sub(c, len - 4u);
			if (causes)
				read_cause(d, &body, kind);
			else
				read_parameter(d, &body, kind);
			d_check(d, &body);
			pad = MIN(-(u32)len & 3, cur_left(c));
			if (pad > 0)
				d_bytes(d, c, F_PARAM_PADDING, pad);
		}
		d_up(d);
	}
}

static void read_init(struct dis *d, struct cur *c, unsigned f)
{
	d_be32(d, c, f);
	d_be32(d, c, f + 1);
	d_be16(d, c, f + 2);
	d_be16(d, c, f + 3);
	d_be32(d, c, f + 4);
	read_list(d, c, false);
}

static void read_data(struct dis *d, struct cur *c)
{
	d_be32(d, c, F_TSN);
	d_be16(d, c, F_SID);
	d_be16(d, c, F_SSN);
	d_be32(d, c, F_PPID);
	if (c->fail == CUR_OK && d->k->nlayers < PKT_LAYERS) /* many small chunks are no nesting */
		d_data(d, *c);
	c->at = c->end;
}

static void read_sack(struct dis *d, struct cur *c)
{
	u32 cum = d_be32(d, c, F_SACK_CUM), acked = 0;
	u16 gaps, dups;

	d_be32(d, c, F_SACK_RWND);
	gaps = d_be16(d, c, F_SACK_NGAPS);
	dups = d_be16(d, c, F_SACK_NDUPS);
	for (unsigned i = 0; i < gaps && cur_need(c, 4); i++) {
		u32 at = c->at;
		u16 start = d_be16(d, c, F_SACK_START), end;

		d_u(d, F_SACK_START_TSN, at, 2, (u32)(cum + start));
		end = d_be16(d, c, F_SACK_END);
		d_u(d, F_SACK_END_TSN, at + 2, 2, (u32)(cum + end));
		acked += end + 1u - start;
	}
	if (gaps > 0 && c->fail == CUR_OK)
		d_gen(d, F_SACK_ACKED, acked);
	for (unsigned i = 0; i < dups && cur_need(c, 4); i++)
		d_be32(d, c, F_SACK_DUP);
}

static void read_body(struct dis *d, struct cur *c, u8 type)
{
	switch (type) {
	case DATA: read_data(d, c); break;
	case INIT: read_init(d, c, F_INIT_TAG); break;
	case INIT_ACK: read_init(d, c, F_INITACK_TAG); break;
	case SACK: read_sack(d, c); break;
	case HEARTBEAT:
	case HEARTBEAT_ACK: read_list(d, c, false); break;
	case ABORT:
	case ERROR: read_list(d, c, true); break;
	case SHUTDOWN: d_be32(d, c, F_SHUTDOWN_CUM); break;
	case COOKIE_ECHO: d_rest(d, c, F_COOKIE); break;
	case ECNE: d_be32(d, c, F_ECNE); break;
	case CWR: d_be32(d, c, F_CWR); break;
	case FORWARD_TSN:
		d_be32(d, c, F_FWD_TSN);
		while (cur_left(c) >= 4) {
			d_be16(d, c, F_FWD_SID);
			d_be16(d, c, F_FWD_SSN);
		}
		break;
	case SHUTDOWN_ACK:
	case COOKIE_ACK:
	case SHUTDOWN_COMPLETE: break;
	default: d_rest(d, c, F_CHUNK_VALUE);
	}
}

static void put_chunk_flags(struct dis *d, u32 at, u8 type, u8 flags)
{
	d_down(d);
	if (type == DATA)
		for (unsigned f = F_DATA_I; f <= F_DATA_E; f++)
			d_bits(d, f, at, 1, flags);
	else if (type == SACK)
		d_bits(d, F_SACK_NONCE, at, 1, flags);
	else if (type == ABORT)
		d_bits(d, F_ABORT_T, at, 1, flags);
	else if (type == SHUTDOWN_COMPLETE)
		d_bits(d, F_SHUTDOWN_T, at, 1, flags);
	d_up(d);
}

/* False where the chunk's length makes no sense and nothing behind it can be found. */
static bool read_chunk(struct dis *d, struct cur *c)
{
	u32 at = c->at, pad;
	u8 type = d_u8(d, c, F_CHUNK_TYPE), flags;
	struct cur body;
	u16 len;

	d_down(d);
	d_u(d, F_CHUNK_BIT1, at, 1, type >> 7);
	d_u(d, F_CHUNK_BIT2, at, 1, type >> 6 & 1);
	flags = d_u8(d, c, F_CHUNK_FLAGS);
	if (c->fail == CUR_OK)
		put_chunk_flags(d, c->at - 1, type, flags);
	len = d_be16(d, c, F_CHUNK_LENGTH);
	if (c->fail == CUR_OK && (len < 4 || len - 4u > cur_wire_left(c)))
		d_mark(d, MARK_LENGTH, at + 2, "an SCTP chunk's length does not fit");
	if (c->fail != CUR_OK || len < 4) {
		d_up(d);
		return false;
	}
	body = cur_sub(c, len - 4u);
	read_body(d, &body, type);
	d_check(d, &body);
	pad = MIN(-(u32)len & 3, cur_left(c));
	if (pad > 0)
		d_bytes(d, c, F_CHUNK_PADDING, pad);
	d_up(d);
	return c->fail == CUR_OK;
}

static void note_facts(struct dis *d, const struct cur *c)
{
	struct facts *x = &d->k->facts;
	const u8 *p = c->base + c->at;

	x->l4 = 132;
	x->sport = load_be16(p);
	x->dport = load_be16(p + 2);
	x->scope = d->scope;
	x->l4_off = c->at;
	x->payload_off = c->at + 12;
	x->payload_len = c->wire - c->at - 12;
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 status = 2;

	if (cur_left(c) >= 12) {
		if (!d->in_error)
			note_facts(d, c);
		status = check_sum(d, c, at);
	}
	d_be16(d, c, F_SRCPORT);
	d_be16(d, c, F_DSTPORT);
	d_be32(d, c, F_VTAG);
	d_be32(d, c, F_CHECKSUM);
	if (c->fail != CUR_OK)
		return;
	d_gen(d, F_CHECKSUM_STATUS, status);
	d_header_end(d, c);
	for (unsigned n = 0; n < MAX_CHUNKS && cur_left(c) > 0; n++)
		if (!read_chunk(d, c))
			break;
}

/* "INIT", "SACK, DATA tsn 768, DATA tsn 769" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	unsigned chunk = field_number(l->proto, F_CHUNK_TYPE), tsn = field_number(l->proto, F_TSN);
	size_t from = t->n;

	for (u32 i = l->vals; i < k->nvals; i++) {
		const struct val *v = &k->vals[i];
		const char *name;

		if (v->layer != l - k->layers)
			continue;
		if (v->field == chunk) {
			name = vstr_name(chunk_names, v->u);
			txt_puts(t, t->n > from ? ", " : "");
			if (name != NULL)
				txt_puts(t, name);
			else
				txt_printf(t, "chunk %u", (unsigned)v->u);
		} else if (v->field == tsn) {
			txt_puts(t, " tsn ");
			txt_u64(t, v->u);
		}
	}
}

static const u16 info_wants[] = { F_CHUNK_TYPE, F_TSN, FIELD_END };
static const struct claim claims[] = { { TBL_IPPROTO, 132 } };

const struct proto proto_sctp = {
	.name = "sctp",
	.title = "Stream Control Transmission Protocol",
	.abbrev = "SCTP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
