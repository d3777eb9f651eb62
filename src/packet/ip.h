/* The fields of IPv4, shared by the two files that read it. */
#ifndef PACKET_IP_H
#define PACKET_IP_H

#include "packet/proto.h"

enum ip_field {
	IP_VERSION,
	IP_HDR_LEN,
	IP_DSFIELD,
	IP_DSCP,
	IP_ECN,
	IP_LEN,
	IP_ID,
	IP_FLAGS,
	IP_RB,
	IP_DF,
	IP_MF,
	IP_FRAG_OFFSET,
	IP_TTL,
	IP_PROTO,
	IP_CHECKSUM,
	IP_CHECKSUM_STATUS,
	IP_SRC,
	IP_DST,
	IP_ADDR,
	IP_OPT_TYPE,
	IP_OPT_COPY,
	IP_OPT_CLASS,
	IP_OPT_NUMBER,
	IP_OPT_LEN,
	IP_OPT_PTR,
	IP_REC_RT,
	IP_EMPTY_RT,
	IP_CUR_RT,
	IP_SRC_RT,
	IP_OPT_OVERFLOW,
	IP_OPT_FLAG,
	IP_OPT_TS,
	IP_OPT_TS_ADDR,
	IP_OPT_SEC_SEC,
	IP_OPT_SEC_COMP,
	IP_OPT_SEC_HR,
	IP_OPT_SEC_TCC,
	IP_OPT_SEC_CL,
	IP_OPT_SEC_FLAGS,
	IP_OPT_SEC_GENSER,
	IP_OPT_SEC_SIOP,
	IP_OPT_SEC_SCI,
	IP_OPT_SEC_NSA,
	IP_OPT_SEC_DOE,
	IP_OPT_SEC_UNASSIGNED,
	IP_OPT_SEC_FTI,
	IP_OPT_EXT_SEC_CODE,
	IP_OPT_EXT_SEC_INFO,
	IP_CIPSO_DOI,
	IP_CIPSO_TAG_TYPE,
	IP_CIPSO_LEVEL,
	IP_OPT_SID,
	IP_OPT_ID_NUMBER,
	IP_OPT_OHC,
	IP_OPT_RHC,
	IP_OPT_ORIGINATOR,
	IP_OPT_MTU,
	IP_OPT_RA,
	IP_OPT_ADDR,
	IP_OPT_QS_FUNC,
	IP_OPT_QS_RATE,
	IP_OPT_QS_TTL,
	IP_OPT_QS_TTL_DIFF,
	IP_OPT_QS_UNUSED,
	IP_OPT_QS_NONCE,
	IP_OPT_QS_RESERVED,
	IP_OPT_UNKNOWN,
};

/* Reads the options in c (bounded to them) and marks what is wrong with them. `ttl`: of the header;
 * Quick-Start compares with it. */
void ip_options(struct dis *d, struct cur *c, u8 ttl);

/* Where in the frame the last address of a source route under way stands: the packet's true
 * destination, for pseudo-headers too (RFC 791 3.1, RFC 1122 3.2.1.8). 0 for none. c: the options.
 */
u32 ip_final_destination(struct cur c);

#endif
