/* The fields of TCP, shared by the files that read it. */
#ifndef PACKET_TCP_H
#define PACKET_TCP_H

#include "packet/proto.h"

enum tcp_field {
	TCP_F_SRCPORT,
	TCP_F_DSTPORT,
	TCP_F_PORT,
	TCP_F_STREAM,
	TCP_F_LEN,
	TCP_F_SEQ,
	TCP_F_SEQ_RAW,
	TCP_F_NXTSEQ,
	TCP_F_ACK,
	TCP_F_ACK_RAW,
	TCP_F_HDR_LEN,
	TCP_F_FLAGS,
	TCP_F_FLAGS_RES,
	TCP_F_FLAGS_AE,
	TCP_F_FLAGS_CWR,
	TCP_F_FLAGS_ECE,
	TCP_F_FLAGS_URG,
	TCP_F_FLAGS_ACK,
	TCP_F_FLAGS_PUSH,
	TCP_F_FLAGS_RESET,
	TCP_F_FLAGS_SYN,
	TCP_F_FLAGS_FIN,
	TCP_F_FLAGS_STR,
	TCP_F_WINDOW_VALUE,
	TCP_F_WINDOW,
	TCP_F_WINDOW_SCALE,
	TCP_F_CHECKSUM,
	TCP_F_CHECKSUM_STATUS,
	TCP_F_URGENT,
	TCP_F_TIME_RELATIVE,
	TCP_F_TIME_DELTA,
	TCP_F_PAYLOAD,
	TCP_F_RESET_CAUSE,
	TCP_F_OPTIONS,
	TCP_F_OPT_KIND,
	TCP_F_OPT_LEN,
	TCP_F_OPT_MSS,
	TCP_F_OPT_WSCALE,
	TCP_F_OPT_WSCALE_MULT,
	TCP_F_OPT_SACK_LE,
	TCP_F_OPT_SACK_RE,
	TCP_F_OPT_SACK_COUNT,
	TCP_F_OPT_DSACK_LE,
	TCP_F_OPT_DSACK_RE,
	TCP_F_OPT_DSACK,
	TCP_F_OPT_TSVAL,
	TCP_F_OPT_TSECR,
	TCP_F_OPT_TFO_REQUEST,
	TCP_F_OPT_TFO_COOKIE,
	TCP_F_OPT_EXID,
	TCP_F_OPT_EXP_DATA,
	TCP_F_OPT_MD5,
	TCP_F_OPT_AO_KEYID,
	TCP_F_OPT_AO_RNEXT,
	TCP_F_OPT_AO_MAC,
	TCP_F_OPT_UTO_GRANULARITY,
	TCP_F_OPT_UTO,
	TCP_F_OPT_ECHO,
	TCP_F_OPT_CC,
	TCP_F_OPT_UNKNOWN,
	TCP_F_MP_SUBTYPE,
	TCP_F_MP_VERSION,
	TCP_F_MP_FLAGS,
	TCP_F_MP_CSUM_REQ,
	TCP_F_MP_EXTENSIBILITY,
	TCP_F_MP_NO_MORE,
	TCP_F_MP_SHA1,
	TCP_F_MP_SHA256,
	TCP_F_MP_RESERVED_FLAG,
	TCP_F_MP_SENDKEY,
	TCP_F_MP_RECVKEY,
	TCP_F_MP_DATA_LEN,
	TCP_F_MP_CHECKSUM,
	TCP_F_MP_BACKUP,
	TCP_F_MP_ADDRID,
	TCP_F_MP_RECVTOK,
	TCP_F_MP_SENDRAND,
	TCP_F_MP_TRUNC_HMAC,
	TCP_F_MP_HMAC,
	TCP_F_MP_RESERVED,
	TCP_F_MP_DATA_FIN,
	TCP_F_MP_DSEQ8,
	TCP_F_MP_DSEQ,
	TCP_F_MP_DACK8,
	TCP_F_MP_DACK,
	TCP_F_MP_RAW_ACK,
	TCP_F_MP_RAW_SEQ,
	TCP_F_MP_SUBFLOW_SEQ,
	TCP_F_MP_IPVER,
	TCP_F_MP_ECHO,
	TCP_F_MP_IPV4,
	TCP_F_MP_IPV6,
	TCP_F_MP_PORT,
	TCP_F_MP_ADD_HMAC,
	TCP_F_MP_RM_COUNT,
	TCP_F_MP_U,
	TCP_F_MP_V,
	TCP_F_MP_W,
	TCP_F_MP_T,
	TCP_F_MP_RST_REASON,
	/* What the trackers say. */
	TCP_F_COMPLETENESS,
	TCP_F_TFO_SYN,
	TCP_F_TFO_ACK,
	TCP_F_TFO_IGNORED,
	TCP_F_ANALYSIS,
	TCP_F_ACKS_FRAME,
	TCP_F_ACK_RTT,
	TCP_F_INITIAL_RTT,
	TCP_F_IN_FLIGHT,
	TCP_F_PUSH_BYTES,
	TCP_F_ANALYSIS_FLAGS,
	TCP_F_REUSED_PORTS,
	TCP_F_RETRANSMISSION,
	TCP_F_RTO,
	TCP_F_RTO_FRAME,
	TCP_F_FAST_RETRANSMISSION,
	TCP_F_SPURIOUS_RETRANSMISSION,
	TCP_F_OUT_OF_ORDER,
	TCP_F_LOST_SEGMENT,
	TCP_F_ACK_LOST_SEGMENT,
	TCP_F_WINDOW_UPDATE,
	TCP_F_WINDOW_FULL,
	TCP_F_KEEP_ALIVE,
	TCP_F_KEEP_ALIVE_ACK,
	TCP_F_ZERO_WINDOW_PROBE,
	TCP_F_ZERO_WINDOW,
	TCP_F_ZERO_WINDOW_PROBE_ACK,
	TCP_F_DUPLICATE_ACK,
	TCP_F_DUPLICATE_ACK_NUM,
	TCP_F_DUPLICATE_ACK_FRAME,
	TCP_F_COUNT,
};

/* The options of nearly every segment: two NOPs and the timestamps (RFC 7323 appendix A). */
#define OPTIONS_TIMESTAMPS 0x0101080au

/* What option reading needs of the segment around it. */
struct tcp_seg {
	u32 ack;      /* raw */
	u32 base_ack; /* taken off the edges of SACK blocks, 0 for raw numbers */
	u16 flags;
};

/* What the tracker needs of the options in c (bounded to them) into x: a bare walk. */
void tcp_note_options(struct facts *x, struct cur c);

/* Reads the options in c (bounded to them), value by value, and marks what is wrong. */
void tcp_options(struct dis *d, struct cur *c, const struct tcp_seg *seg);

/* The tree of what the trackers say of the segment: [SEQ/ACK analysis]. */
void tcp_analysis_fields(struct dis *d, const struct tcp_report *r);

/* Multipath TCP (RFC 6824, 8684): what stands behind kind and length. */
void tcp_mptcp(struct dis *d, struct cur *c, const struct tcp_seg *seg);

#endif
