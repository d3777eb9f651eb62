/* TCP (RFC 9293). */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |          source port          |       destination port        |
 *  +-------------------------------+-------------------------------+
 *  |                        sequence number                        |
 *  +---------------------------------------------------------------+
 *  |                     acknowledgment number                     |
 *  +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
 *  | offset| res |A|C|E|U|A|P|R|S|F|            window             |
 *  +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
 *  |           checksum            |         urgent pointer        |
 *  +-------------------------------+-------------------------------+
 *  |                    options, padded to 32 bits                 |
 *  +---------------------------------------------------------------+ */
#include "packet/tcp.h"

static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};
static const struct vstr kind_names[] = {
	{ 0, "End of option list" },
	{ 1, "No operation" },
	{ 2, "Maximum segment size" },
	{ 3, "Window scale" },
	{ 4, "SACK permitted" },
	{ 5, "SACK" },
	{ 6, "Echo" },
	{ 7, "Echo reply" },
	{ 8, "Timestamps" },
	{ 11, "CC" },
	{ 12, "CC.NEW" },
	{ 13, "CC.ECHO" },
	{ 19, "MD5 signature" },
	{ 28, "User timeout" },
	{ 29, "Authentication (TCP-AO)" },
	{ 30, "Multipath TCP" },
	{ 34, "Fast Open cookie" },
	{ 253, "Experiment 1" },
	{ 254, "Experiment 2" },
	{ 0, NULL },
};
static const struct vstr mptcp_names[] = {
	{ 0, "MP_CAPABLE" },  { 1, "MP_JOIN" },	     { 2, "DSS" },     { 3, "ADD_ADDR" },
	{ 4, "REMOVE_ADDR" }, { 5, "MP_PRIO" },	     { 6, "MP_FAIL" }, { 7, "MP_FASTCLOSE" },
	{ 8, "MP_TCPRST" },   { 15, "private use" }, { 0, NULL },
};
static const struct vstr completeness_names[] = {
	{ 0, "nothing yet" },
	{ 1, "SYN sent" },
	{ 3, "SYN answered" },
	{ 7, "established" },
	{ 15, "established, with data" },
	{ 23, "complete, without data" },
	{ 39, "complete, without data" },
	{ 55, "complete, without data" },
	{ 31, "complete, with data" },
	{ 47, "complete, with data" },
	{ 63, "complete, with data" },
	{ 0, NULL },
};
static const u16 any_port[] = { TCP_F_SRCPORT, TCP_F_DSTPORT, FIELD_END };

#define FLAG(bit) FT_BOOL, FB_NONE, bit, .width = 12

static const struct field fields[] = {
	[TCP_F_SRCPORT] = { "tcp.srcport", "Source port", FT_U16, FB_DEC },
	[TCP_F_DSTPORT] = { "tcp.dstport", "Destination port", FT_U16, FB_DEC },
	[TCP_F_PORT] = { "tcp.port", "Source or destination port", FT_U16, FB_DEC,
			 .any = any_port },
	[TCP_F_STREAM] = { "tcp.stream", "Stream index", FT_U32, FB_DEC },
	[TCP_F_LEN] = { "tcp.len", "TCP segment length", FT_U32, FB_DEC },
	[TCP_F_SEQ] = { "tcp.seq", "Sequence number (relative)", FT_U32, FB_DEC },
	[TCP_F_SEQ_RAW] = { "tcp.seq_raw", "Sequence number (raw)", FT_U32, FB_DEC },
	[TCP_F_NXTSEQ] = { "tcp.nxtseq", "Next sequence number (relative)", FT_U32, FB_DEC },
	[TCP_F_ACK] = { "tcp.ack", "Acknowledgment number (relative)", FT_U32, FB_DEC },
	[TCP_F_ACK_RAW] = { "tcp.ack_raw", "Acknowledgment number (raw)", FT_U32, FB_DEC },
	[TCP_F_HDR_LEN] = { "tcp.hdr_len", "Header length", FT_U8, FB_DEC },
	[TCP_F_FLAGS] = { "tcp.flags", "Flags", FT_U16, FB_HEX, 0x0fff },
	[TCP_F_FLAGS_RES] = { "tcp.flags.res", "Reserved", FLAG(0x0e00) },
	[TCP_F_FLAGS_AE] = { "tcp.flags.ae", "Accurate ECN", FLAG(0x0100) },
	[TCP_F_FLAGS_CWR] = { "tcp.flags.cwr", "Congestion window reduced", FLAG(0x0080) },
	[TCP_F_FLAGS_ECE] = { "tcp.flags.ece", "ECN-Echo", FLAG(0x0040) },
	[TCP_F_FLAGS_URG] = { "tcp.flags.urg", "Urgent", FLAG(0x0020) },
	[TCP_F_FLAGS_ACK] = { "tcp.flags.ack", "Acknowledgment", FLAG(0x0010) },
	[TCP_F_FLAGS_PUSH] = { "tcp.flags.push", "Push", FLAG(0x0008) },
	[TCP_F_FLAGS_RESET] = { "tcp.flags.reset", "Reset", FLAG(0x0004) },
	[TCP_F_FLAGS_SYN] = { "tcp.flags.syn", "Syn", FLAG(0x0002) },
	[TCP_F_FLAGS_FIN] = { "tcp.flags.fin", "Fin", FLAG(0x0001) },
	[TCP_F_FLAGS_STR] = { "tcp.flags.str", "TCP flags", FT_STRING },
	[TCP_F_WINDOW_VALUE] = { "tcp.window_size_value", "Window", FT_U16, FB_DEC },
	[TCP_F_WINDOW] = { "tcp.window_size", "Calculated window size", FT_U32, FB_DEC },
	[TCP_F_WINDOW_SCALE] = { "tcp.window_size_scalefactor", "Window size scaling factor",
				 FT_I32, FB_DEC },
	[TCP_F_CHECKSUM] = { "tcp.checksum", "Checksum", FT_U16, FB_HEX },
	[TCP_F_CHECKSUM_STATUS] = { "tcp.checksum.status", "Checksum status", FT_U8, FB_DEC,
				    .names = status_names },
	[TCP_F_URGENT] = { "tcp.urgent_pointer", "Urgent pointer", FT_U16, FB_DEC },
	[TCP_F_TIME_RELATIVE] = { "tcp.time_relative", "Time since first frame in this TCP stream",
				  FT_RELTIME },
	[TCP_F_TIME_DELTA] = { "tcp.time_delta", "Time since previous frame in this TCP stream",
			       FT_RELTIME },
	[TCP_F_PAYLOAD] = { "tcp.payload", "TCP payload", FT_BYTES },
	[TCP_F_RESET_CAUSE] = { "tcp.reset_cause", "Why it was reset, in the sender's words",
				FT_STRING },
	[TCP_F_OPTIONS] = { "tcp.options", "Options", FT_BYTES },
	[TCP_F_OPT_KIND] = { "tcp.option_kind", "Option", FT_U8, FB_DEC, .names = kind_names },
	[TCP_F_OPT_LEN] = { "tcp.option_len", "Length", FT_U8, FB_DEC },
	[TCP_F_OPT_MSS] = { "tcp.options.mss_val", "Maximum segment size", FT_U16, FB_DEC },
	[TCP_F_OPT_WSCALE] = { "tcp.options.wscale.shift", "Shift count", FT_U8, FB_DEC },
	[TCP_F_OPT_WSCALE_MULT] = { "tcp.options.wscale.multiplier", "Multiplier", FT_U16, FB_DEC },
	[TCP_F_OPT_SACK_LE] = { "tcp.options.sack_le", "Left edge (relative)", FT_U32, FB_DEC },
	[TCP_F_OPT_SACK_RE] = { "tcp.options.sack_re", "Right edge (relative)", FT_U32, FB_DEC },
	[TCP_F_OPT_SACK_COUNT] = { "tcp.options.sack.count", "SACK blocks", FT_U8, FB_DEC },
	[TCP_F_OPT_DSACK_LE] = { "tcp.options.sack.dsack_le", "Duplicate's left edge", FT_U32,
				 FB_DEC },
	[TCP_F_OPT_DSACK_RE] = { "tcp.options.sack.dsack_re", "Duplicate's right edge", FT_U32,
				 FB_DEC },
	[TCP_F_OPT_DSACK] = { "tcp.options.sack.dsack", "Duplicate SACK", FT_NONE },
	[TCP_F_OPT_TSVAL] = { "tcp.options.timestamp.tsval", "Timestamp value", FT_U32, FB_DEC },
	[TCP_F_OPT_TSECR] = { "tcp.options.timestamp.tsecr", "Timestamp echo reply", FT_U32,
			      FB_DEC },
	[TCP_F_OPT_TFO_REQUEST] = { "tcp.options.tfo.request", "Fast Open cookie request",
				    FT_NONE },
	[TCP_F_OPT_TFO_COOKIE] = { "tcp.options.tfo.cookie", "Fast Open cookie", FT_BYTES },
	[TCP_F_OPT_EXID] = { "tcp.options.experimental.exid", "Experiment identifier", FT_U16,
			     FB_HEX },
	[TCP_F_OPT_EXP_DATA] = { "tcp.options.experimental.data", "Data", FT_BYTES },
	[TCP_F_OPT_MD5] = { "tcp.options.md5.digest", "MD5 digest", FT_BYTES },
	[TCP_F_OPT_AO_KEYID] = { "tcp.options.ao.keyid", "Key identifier", FT_U8, FB_DEC },
	[TCP_F_OPT_AO_RNEXT] = { "tcp.options.ao.rnextkeyid", "Receive next key identifier", FT_U8,
				 FB_DEC },
	[TCP_F_OPT_AO_MAC] = { "tcp.options.ao.mac", "Message authentication code", FT_BYTES },
	[TCP_F_OPT_UTO_GRANULARITY] = { "tcp.options.user_to_granularity", "Granularity", FT_BOOL,
					FB_NONE, 0x8000, .on = "Minutes", .off = "Seconds" },
	[TCP_F_OPT_UTO] = { "tcp.options.user_to_val", "User timeout", FT_U16, FB_DEC, 0x7fff },
	[TCP_F_OPT_ECHO] = { "tcp.options.echo_value", "Echo", FT_U32, FB_DEC },
	[TCP_F_OPT_CC] = { "tcp.options.cc_value", "Connection count", FT_U32, FB_DEC },
	[TCP_F_OPT_UNKNOWN] = { "tcp.options.unknown.payload", "Payload", FT_BYTES },
	[TCP_F_MP_SUBTYPE] = { "tcp.options.mptcp.subtype", "Subtype", FT_U8, FB_DEC, 0xf0,
			       .names = mptcp_names },
	[TCP_F_MP_VERSION] = { "tcp.options.mptcp.version", "Version", FT_U8, FB_DEC, 0x0f },
	[TCP_F_MP_FLAGS] = { "tcp.options.mptcp.flags", "Flags", FT_U8, FB_HEX },
	[TCP_F_MP_CSUM_REQ] = { "tcp.options.mptcp.checksumreq.flags", "Checksum required", FT_U8,
				FB_DEC, 0x80 },
	[TCP_F_MP_EXTENSIBILITY] = { "tcp.options.mptcp.extensibility.flag", "Extensibility", FT_U8,
				     FB_DEC, 0x40 },
	[TCP_F_MP_NO_MORE] = { "tcp.options.mptcp.nomoresubflows.flag",
			       "No more subflows to this address and port", FT_U8, FB_DEC, 0x20 },
	[TCP_F_MP_SHA1] = { "tcp.options.mptcp.sha1.flag", "Use HMAC-SHA1", FT_U8, FB_DEC, 0x01 },
	[TCP_F_MP_SHA256] = { "tcp.options.mptcp.sha256.flag", "Use HMAC-SHA256", FT_U8, FB_DEC,
			      0x01 },
	[TCP_F_MP_RESERVED_FLAG] = { "tcp.options.mptcp.reserved.flag", "Reserved", FT_U8, FB_HEX,
				     0x3e },
	[TCP_F_MP_SENDKEY] = { "tcp.options.mptcp.sendkey", "Sender's key", FT_U64, FB_DEC },
	[TCP_F_MP_RECVKEY] = { "tcp.options.mptcp.recvkey", "Receiver's key", FT_U64, FB_DEC },
	[TCP_F_MP_DATA_LEN] = { "tcp.options.mptcp.datalvllen", "Data-level length", FT_U16,
				FB_DEC },
	[TCP_F_MP_CHECKSUM] = { "tcp.options.mptcp.checksum", "Checksum", FT_U16, FB_HEX },
	[TCP_F_MP_BACKUP] = { "tcp.options.mptcp.backup.flag", "Backup", FT_U8, FB_DEC, 0x01 },
	[TCP_F_MP_ADDRID] = { "tcp.options.mptcp.addrid", "Address identifier", FT_U8, FB_DEC },
	[TCP_F_MP_RECVTOK] = { "tcp.options.mptcp.recvtok", "Receiver's token", FT_U32, FB_DEC },
	[TCP_F_MP_SENDRAND] = { "tcp.options.mptcp.sendrand", "Sender's random number", FT_U32,
				FB_DEC },
	[TCP_F_MP_TRUNC_HMAC] = { "tcp.options.mptcp.sendtrunchmac", "Sender's truncated HMAC",
				  FT_U64, FB_DEC },
	[TCP_F_MP_HMAC] = { "tcp.options.mptcp.sendhmac", "Sender's HMAC", FT_BYTES },
	[TCP_F_MP_RESERVED] = { "tcp.options.mptcp.reserved", "Reserved", FT_U16, FB_HEX, 0x0fff },
	[TCP_F_MP_DATA_FIN] = { "tcp.options.mptcp.datafin.flag", "DATA_FIN", FT_U8, FB_DEC, 0x10 },
	[TCP_F_MP_DSEQ8] = { "tcp.options.mptcp.dseqn8.flag", "Data sequence number has 8 bytes",
			     FT_U8, FB_DEC, 0x08 },
	[TCP_F_MP_DSEQ] = { "tcp.options.mptcp.dseqnpresent.flag", "Mapping is there", FT_U8,
			    FB_DEC, 0x04 },
	[TCP_F_MP_DACK8] = { "tcp.options.mptcp.dataack8.flag", "Data ACK has 8 bytes", FT_U8,
			     FB_DEC, 0x02 },
	[TCP_F_MP_DACK] = { "tcp.options.mptcp.dataackpresent.flag", "Data ACK is there", FT_U8,
			    FB_DEC, 0x01 },
	[TCP_F_MP_RAW_ACK] = { "tcp.options.mptcp.rawdataack", "Data ACK", FT_U64, FB_DEC },
	[TCP_F_MP_RAW_SEQ] = { "tcp.options.mptcp.rawdataseqno", "Data sequence number", FT_U64,
			       FB_DEC },
	[TCP_F_MP_SUBFLOW_SEQ] = { "tcp.options.mptcp.subflowseqno", "Subflow sequence number",
				   FT_U32, FB_DEC },
	[TCP_F_MP_IPVER] = { "tcp.options.mptcp.ipver", "IP version", FT_U8, FB_DEC, 0x0f },
	[TCP_F_MP_ECHO] = { "tcp.options.mptcp.echo", "Echo", FT_U8, FB_DEC, 0x01 },
	[TCP_F_MP_IPV4] = { "tcp.options.mptcp.ipv4", "Advertised address", FT_IPV4 },
	[TCP_F_MP_IPV6] = { "tcp.options.mptcp.ipv6", "Advertised address", FT_IPV6 },
	[TCP_F_MP_PORT] = { "tcp.options.mptcp.port", "Advertised port", FT_U16, FB_DEC },
	[TCP_F_MP_ADD_HMAC] = { "tcp.options.mptcp.addaddrtrunchmac", "Truncated HMAC", FT_U64,
				FB_DEC },
	[TCP_F_MP_RM_COUNT] = { "mptcp.rm_addr.count", "Removed addresses", FT_U8, FB_DEC },
	[TCP_F_MP_U] = { "tcp.options.mptcp.flag_U.flag", "Flag U", FT_BOOL, FB_NONE, 0x08 },
	[TCP_F_MP_V] = { "tcp.options.mptcp.flag_V.flag", "Flag V", FT_BOOL, FB_NONE, 0x04 },
	[TCP_F_MP_W] = { "tcp.options.mptcp.flag_W.flag", "Flag W", FT_BOOL, FB_NONE, 0x02 },
	[TCP_F_MP_T] = { "tcp.options.mptcp.flag_T.flag", "Transient", FT_BOOL, FB_NONE, 0x01 },
	[TCP_F_MP_RST_REASON] = { "tcp.options.mptcp.rst_reason", "Reset reason", FT_U8, FB_HEX },
	[TCP_F_COMPLETENESS] = { "tcp.completeness", "Completeness", FT_U8, FB_DEC,
				 .names = completeness_names, .tracked = 1 },
	[TCP_F_TFO_SYN] = { "tcp.analysis.tfo_syn", "SYN with a Fast Open cookie", FT_NONE,
			    .tracked = 1 },
	[TCP_F_TFO_ACK] = { "tcp.analysis.tfo_ack", "SYN-ACK that takes the SYN's data", FT_NONE,
			    .tracked = 1 },
	[TCP_F_TFO_IGNORED] = { "tcp.analysis.tfo_ignored",
				"SYN-ACK that does not take the SYN's data", FT_NONE,
				.tracked = 1 },
	[TCP_F_ANALYSIS] = { "tcp.analysis", "SEQ/ACK analysis", FT_NONE, .tracked = 1 },
	[TCP_F_ACKS_FRAME] = { "tcp.analysis.acks_frame", "Acknowledges the segment in packet",
			       FT_U32, FB_DEC, .tracked = 1 },
	[TCP_F_ACK_RTT] = { "tcp.analysis.ack_rtt", "Time since that segment", FT_RELTIME,
			    .tracked = 1 },
	[TCP_F_INITIAL_RTT] = { "tcp.analysis.initial_rtt", "Round-trip time of the handshake",
				FT_RELTIME, .tracked = 1 },
	[TCP_F_IN_FLIGHT] = { "tcp.analysis.bytes_in_flight", "Bytes in flight", FT_U32, FB_DEC,
			      .tracked = 1 },
	[TCP_F_PUSH_BYTES] = { "tcp.analysis.push_bytes_sent", "Bytes sent since the last PSH",
			       FT_U32, FB_DEC, .tracked = 1 },
	[TCP_F_ANALYSIS_FLAGS] = { "tcp.analysis.flags", "What is unusual", FT_NONE, .tracked = 1 },
	[TCP_F_REUSED_PORTS] = { "tcp.analysis.reused_ports",
				 "The same ends had a connection before", FT_NONE, .tracked = 1 },
	[TCP_F_RETRANSMISSION] = { "tcp.analysis.retransmission", "Retransmission", FT_NONE,
				   .tracked = 1 },
	[TCP_F_RTO] = { "tcp.analysis.rto", "Sent again after", FT_RELTIME, .tracked = 1 },
	[TCP_F_RTO_FRAME] = { "tcp.analysis.rto_frame", "Counted from packet", FT_U32, FB_DEC,
			      .tracked = 1 },
	[TCP_F_FAST_RETRANSMISSION] = { "tcp.analysis.fast_retransmission", "Fast retransmission",
					FT_NONE, .tracked = 1 },
	[TCP_F_SPURIOUS_RETRANSMISSION] = { "tcp.analysis.spurious_retransmission",
					    "Spurious retransmission: it was acknowledged already",
					    FT_NONE, .tracked = 1 },
	[TCP_F_OUT_OF_ORDER] = { "tcp.analysis.out_of_order", "Out of order", FT_NONE,
				 .tracked = 1 },
	[TCP_F_LOST_SEGMENT] = { "tcp.analysis.lost_segment",
				 "A segment before this one was not captured", FT_NONE,
				 .tracked = 1 },
	[TCP_F_ACK_LOST_SEGMENT] = { "tcp.analysis.ack_lost_segment",
				     "Acknowledges data that was not captured", FT_NONE,
				     .tracked = 1 },
	[TCP_F_WINDOW_UPDATE] = { "tcp.analysis.window_update", "Window update", FT_NONE,
				  .tracked = 1 },
	[TCP_F_WINDOW_FULL] = { "tcp.analysis.window_full", "Fills the receiver's window", FT_NONE,
				.tracked = 1 },
	[TCP_F_KEEP_ALIVE] = { "tcp.analysis.keep_alive", "Keep-alive", FT_NONE, .tracked = 1 },
	[TCP_F_KEEP_ALIVE_ACK] = { "tcp.analysis.keep_alive_ack", "Answer to a keep-alive", FT_NONE,
				   .tracked = 1 },
	[TCP_F_ZERO_WINDOW_PROBE] = { "tcp.analysis.zero_window_probe", "Zero window probe",
				      FT_NONE, .tracked = 1 },
	[TCP_F_ZERO_WINDOW] = { "tcp.analysis.zero_window", "Zero window", FT_NONE, .tracked = 1 },
	[TCP_F_ZERO_WINDOW_PROBE_ACK] = { "tcp.analysis.zero_window_probe_ack",
					  "Answer to a zero window probe", FT_NONE, .tracked = 1 },
	[TCP_F_DUPLICATE_ACK] = { "tcp.analysis.duplicate_ack", "Duplicate ACK", FT_NONE,
				  .tracked = 1 },
	[TCP_F_DUPLICATE_ACK_NUM] = { "tcp.analysis.duplicate_ack_num", "Duplicate ACK number",
				      FT_U32, FB_DEC, .tracked = 1 },
	[TCP_F_DUPLICATE_ACK_FRAME] = { "tcp.analysis.duplicate_ack_frame",
					"Repeats the ACK in packet", FT_U32, FB_DEC, .tracked = 1 },
};

static void put_flags(struct dis *d, u32 at, u16 w)
{
	static const char letters[] = "FSRPAUECA";
	char str[12 * 3];
	size_t n = 0;

	d_bits(d, TCP_F_FLAGS, at, 2, w);
	if (!d_wants_some(d, TCP_F_FLAGS_RES, TCP_F_FLAGS_STR))
		return;
	d_down(d);
	for (unsigned f = TCP_F_FLAGS_RES; f <= TCP_F_FLAGS_FIN; f++)
		d_bits(d, f, at, 2, w);
	d_up(d);
	if (!d_wants(d, TCP_F_FLAGS_STR))
		return;
	for (int i = 11; i >= 0; i--) {
		bool set = w >> i & 1;

		if (set && i < 9) {
			str[n++] = letters[i];
		} else if (set) {
			str[n++] = 'R';
		} else {
			memcpy(str + n, "\xc2\xb7", 2);
			n += 2;
		}
	}
	d_text(d, TCP_F_FLAGS_STR, at, 2, str, n);
}

/* Is the checksum right? 2 where nobody asked or it cannot be told. */
static u8 check_sum(struct dis *d, const struct cur *c, u32 at)
{
	u32 len = c->wire - at, pseudo;

	if (!d->plan->checksums || d->in_error || d->fragment || c->end < c->wire ||
	    d->ip_src == NULL)
		return 2;
	pseudo = d_pseudo_sum(d, 6, len);
	if (in_sum(c->base + at, len, pseudo) == 0xffff)
		return 1;
	if (load_be16(c->base + at + 16) == pseudo)
		d_mark(d, MARK_OFFLOAD, at + 16,
		       "partial TCP checksum, as an offloading sender leaves it");
	else
		d_mark(d, MARK_CHECKSUM, at + 16, "wrong TCP checksum");
	return 0;
}

static void put_window(struct dis *d, struct cur *c, u16 flags, const struct flow_view *v)
{
	u16 win = d_be16(d, c, TCP_F_WINDOW_VALUE);
	bool scaled = !(flags & TCP_SYN) && v->known && v->wscale >= 0;

	d_gen(d, TCP_F_WINDOW, scaled ? (u64)win << v->wscale : win);
	if (!(flags & TCP_SYN) && v->known)
		d_gen(d, TCP_F_WINDOW_SCALE,
		      (u64)(i64)(v->wscale < 0 ? v->wscale : 1 << v->wscale));
}

static void put_times(struct dis *d, const struct flow_view *v)
{
	ns_t ts = d->k->frame->ts;

	if (!v->known || ts == NS_NONE || v->first_ts == NS_NONE)
		return;
	d_gen_ns(d, TCP_F_TIME_RELATIVE, ts - v->first_ts);
	d_gen_ns(d, TCP_F_TIME_DELTA, v->prev_ts == NS_NONE ? 0 : ts - v->prev_ts);
}

/* `len`: of the segment's data; unknown in a quoted packet, in a first fragment and where the
 * header itself is not all there. */
static void put_numbers(struct dis *d, struct cur *c, u32 len, bool hdr_fits, u16 flags,
			const struct flow_view *v)
{
	bool rel = v->known && !d->in_error;
	u32 seq = cur_be32(c), ack = cur_be32(c), at = c->at - 8;
	u32 shown = seq - (rel && v->has_base_seq ? v->base_seq : 0);

	d_u(d, TCP_F_SEQ, at, 4, shown);
	if (!(d->in_error && d->ip_version == 4))
		d_u(d, TCP_F_SEQ_RAW, at, 4, seq);
	if (!d->in_error && !d->fragment && hdr_fits)
		d_gen(d, TCP_F_NXTSEQ,
		      shown + len + ((flags & (TCP_SYN | TCP_FIN)) != 0)); /* one for both */
	d_u(d, TCP_F_ACK, at + 4, 4,
	    !(flags & TCP_ACK) ? ack : ack - (rel && v->has_base_ack ? v->base_ack : 0));
	d_u(d, TCP_F_ACK_RAW, at + 4, 4, ack);
	if (v->tcp != NULL && v->tcp->tfo != TCP_TFO_NONE)
		d_gen(d, TCP_F_TFO_SYN + v->tcp->tfo - TCP_TFO_SYN, 0);
}

/* Options, times and payload. */
static void put_rest(struct dis *d, struct cur *c, u32 hdr_len, struct tcp_seg *seg,
		     const struct flow_view *v)
{
	if (hdr_len > 20 && !d->plan->marks &&
	    !d_wants_some(d, TCP_F_OPTIONS, TCP_F_MP_RST_REASON)) {
		cur_skip(c, hdr_len - 20);
	} else if (hdr_len > 20) {
		struct cur opts = cur_sub(c, hdr_len - 20);

		if (v->known && v->has_base_ack)
			seg->base_ack = v->base_ack;
		d_mem(d, TCP_F_OPTIONS, opts.at, cur_left(&opts));
		d_down(d);
		tcp_options(d, &opts, seg);
		d_up(d);
	}
	put_times(d, v);
	if (v->tcp != NULL && v->tcp->said && c->fail == CUR_OK)
		tcp_analysis_fields(d, v->tcp);
	if (cur_left(c) > 0)
		d_mem(d, seg->flags & TCP_RST ? TCP_F_RESET_CAUSE : TCP_F_PAYLOAD, c->at,
		      cur_left(c));
}

/* All values. c is a copy; a header that is cut short gives what its conversation is, and from the
 * flags on nearly all. */
static void put_header(struct dis *d, struct cur c, u8 status, const struct flow_view *v)
{
	u32 at = c.at, there = c.wire - at, hdr_len, len;
	struct tcp_seg seg = { 0 };
	u16 w;

	d_be16(d, &c, TCP_F_SRCPORT);
	d_be16(d, &c, TCP_F_DSTPORT);
	if (c.end < at + 16) {
		if (d->in_error && d->ip_version == 4)
			d_be32(d, &c, TCP_F_SEQ);
		return;
	}
	if (!d->plan->marks && !d_wants_some(d, TCP_F_STREAM, TCP_F_COUNT - 1))
		return;
	w = load_be16(c.base + at + 12);
	hdr_len = (w >> 12) * 4u;
	len = there > hdr_len ? there - hdr_len : 0;
	seg.ack = load_be32(c.base + at + 8);
	seg.flags = w;
	if (v->known)
		d_gen(d, TCP_F_STREAM, v->stream);
	if (v->tcp != NULL)
		d_gen(d, TCP_F_COMPLETENESS, v->tcp->completeness);
	if (!d->in_error && !d->fragment && hdr_len <= there)
		d_gen(d, TCP_F_LEN, len);
	put_numbers(d, &c, len, hdr_len <= there, w, v);
	d_u(d, TCP_F_HDR_LEN, c.at, 1, hdr_len);
	if (hdr_len < 20)
		return;
	put_flags(d, c.at, w);
	c.at += 2;
	put_window(d, &c, w, v);
	d_be16(d, &c, TCP_F_CHECKSUM);
	if (c.fail == CUR_OK)
		d_gen(d, TCP_F_CHECKSUM_STATUS, status);
	d_be16(d, &c, TCP_F_URGENT);
	if (c.fail == CUR_OK)
		put_rest(d, &c, hdr_len, &seg, v);
}

/* The options for the sake of their marks alone. */
static void look_at_options(struct dis *d, struct cur c, u32 hdr_len)
{
	struct tcp_seg seg = { .flags = load_be16(c.base + c.at + 12) };
	struct cur opts;

	cur_skip(&c, 20);
	opts = cur_sub(&c, hdr_len - 20);
	if (cur_left(&opts) != 12 || load_be32(opts.base + opts.at) != OPTIONS_TIMESTAMPS)
		tcp_options(d, &opts, &seg);
}

static void note_facts(struct dis *d, const struct cur *c, u32 hdr_len)
{
	struct facts *x = &d->k->facts;
	const u8 *p = c->base + c->at;
	u32 at = c->at, n = c->wire - at;
	struct cur opts = *c;

	x->l4 = 6;
	x->sport = load_be16(p);
	x->dport = load_be16(p + 2);
	x->scope = d->scope;
	x->l4_off = at;
	x->payload_off = at + hdr_len;
	x->payload_len = n > hdr_len ? n - hdr_len : 0;
	x->tcp.seq = load_be32(p + 4);
	x->tcp.ack = load_be32(p + 8);
	x->tcp.flags = load_be16(p + 12) & 0xfff;
	x->tcp.win = load_be16(p + 14);
	x->tcp.mss = 0;
	x->tcp.wscale = -1;
	x->tcp.sack_ok = x->tcp.nsack = x->tcp.has_ts = x->tcp.tfo = 0;
	x->tcp.no_len = d->fragment || n < hdr_len;
	if (hdr_len > 20) {
		opts.at = at + 20;
		opts.end = MIN(opts.end, at + hdr_len);
		tcp_note_options(x, opts);
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	static const struct flow_view unknown = { .known = false };
	const struct flow_view *view;
	const u8 *p = c->base + c->at;
	u32 at = c->at, hdr_len;

	if (UNLIKELY(cur_left(c) < 20)) {
		put_header(d, *c, 2, &unknown);
		cur_need(c, 20);
		return;
	}
	hdr_len = (p[12] >> 4) * 4u;
	if (LIKELY(!d->in_error)) {
		note_facts(d, c, hdr_len);
		view = d_flow(d);
	} else {
		view = d_flow_quoted(d, 6, p, true);
	}
	if (UNLIKELY(d_any(d) || d->plan->checksums))
		put_header(d, *c, check_sum(d, c, at), view);
	else if (UNLIKELY(d->plan->marks && hdr_len > 20))
		look_at_options(d, *c, hdr_len);
	if (UNLIKELY(hdr_len < 20)) {
		d_mark(d, MARK_LENGTH, at + 12, "the TCP header length is below 20");
		return;
	}
	if (UNLIKELY(!cur_need(c, hdr_len)))
		return;
	c->at = at + hdr_len;
	if (UNLIKELY(p[13] & TCP_RST)) /* what it carries speaks of the reset (RFC 9293 3.5.2) */
		return;
	d_next_port(d, TBL_TCP, load_be16(p), load_be16(p + 2), *c);
}

/* " sack 8689-11585", relative to raw number `base` */
static void put_sacks(struct txt *t, const struct facts *x, u32 base)
{
	for (unsigned i = 0; i < x->tcp.nsack; i++) {
		txt_puts(t, i == 0 ? " sack " : ",");
		txt_u64(t, x->tcp.sack[i].left - base);
		txt_putc(t, '-');
		txt_u64(t, x->tcp.sack[i].right - base);
	}
}

static void put_flag_names(struct txt *t, u16 flags)
{
	static const struct {
		u16 bit;
		char name[5];
	} names[] = { { TCP_SYN, "SYN," }, { TCP_FIN, "FIN," }, { TCP_RST, "RST," },
		      { TCP_PSH, "PSH," }, { TCP_ACK, "ACK," }, { TCP_URG, "URG," },
		      { TCP_ECE, "ECE," }, { TCP_CWR, "CWR," }, { TCP_AE, "AE," } };
	size_t from = t->n;

	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (flags & names[i].bit)
			txt_putn(t, names[i].name, 4);
	if (t->n > from)
		t->n--; /* the last comma */
	else
		txt_puts(t, "no flags");
}

static void put_number(struct txt *t, const char *name, u64 v)
{
	txt_puts(t, name);
	txt_u64(t, v);
}

/* A header that is quoted by an ICMP error or is not all there: what was read of it. */
static void info_partly(const struct pkt *k, const struct layer *l, struct txt *t)
{
	struct cur c = { .base = k->frame->data, .at = l->off, .end = l->end, .wire = l->end };
	u32 seq, ack;
	u16 flags;

	cur_skip(&c, 4);
	seq = cur_be32(&c);
	ack = cur_be32(&c);
	flags = cur_be16(&c);
	put_flag_names(t, flags);
	put_number(t, " seq ", seq);
	if (flags & TCP_ACK)
		put_number(t, " ack ", ack);
	put_number(t, " win ", cur_be16(&c));
}

/* "ACK seq 1 ack 7241 len 0 sack 8689-10137 win 65535": what changes most comes first, a narrow
 * column cuts the rest. From the facts, so that a list of packets need not keep five values of
 * each. */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const struct facts *x = &k->facts;
	const struct flow_view *v = &k->flow;
	u32 base_seq = v->known && v->has_base_seq ? v->base_seq : 0;
	u32 base_ack = v->known && v->has_base_ack ? v->base_ack : 0;
	bool syn = x->tcp.flags & TCP_SYN;

	if (x->l4 != 6 || x->l4_off != l->off || k->quoted) {
		info_partly(k, l, t);
		return;
	}
	put_flag_names(t, x->tcp.flags);
	put_number(t, " seq ", x->tcp.seq - base_seq);
	if (x->tcp.flags & TCP_ACK)
		put_number(t, " ack ", x->tcp.ack - base_ack);
	put_number(t, " len ", x->payload_len);
	put_sacks(t, x, base_ack);
	put_number(t, " win ",
		   !syn && v->known && v->wscale > 0 ? (u64)x->tcp.win << v->wscale : x->tcp.win);
	if (x->tcp.mss != 0)
		put_number(t, " mss ", x->tcp.mss);
	if (x->tcp.wscale >= 0 && syn)
		put_number(t, " wscale ", (u64)x->tcp.wscale);
}

static const struct claim claims[] = { { TBL_IPPROTO, 6 } };

const struct proto proto_tcp = {
	.name = "tcp",
	.title = "Transmission Control Protocol",
	.abbrev = "TCP",
	.flags = PROTO_WHOLE,
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
};
