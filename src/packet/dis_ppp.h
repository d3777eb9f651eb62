/* What the protocols of the PPP family have in common: one table of fields, one form of packets and
 * options. */
#ifndef PACKET_DIS_PPP_H
#define PACKET_DIS_PPP_H

#include "packet/proto.h"

/* Field numbers of proto_ppp, which its control protocols speak with. */
enum {
	PPP_ADDRESS,
	PPP_CONTROL,
	PPP_PROTOCOL,
	PPP_CODE,
	PPP_IDENTIFIER,
	PPP_LENGTH,
	PPP_MAGIC,
	PPP_OUI,
	PPP_KIND,
	PPP_DATA,
	LCP_MAGIC,
	LCP_DATA,
	LCP_MESSAGE,
	LCP_SECONDS,
	LCP_REJ_PROTO,
	LCP_TYPE,
	LCP_LEN,
	LCP_OUI,
	LCP_KIND,
	LCP_OPT_DATA,
	LCP_MRU,
	LCP_ASYNCMAP,
	LCP_AUTH,
	LCP_ALGORITHM,
	LCP_QUALITY,
	LCP_OPT_MAGIC,
	LCP_PERIOD,
	LCP_FCS,
	LCP_OPERATION,
	LCP_OPT_MESSAGE,
	LCP_MRRU,
	LCP_EP_CLASS,
	LCP_EP_IP,
	LCP_EP_MAC,
	LCP_EP_BLOCK,
	LCP_EP_NUMBER,
	LCP_DISCRIM,
	IPCP_TYPE,
	IPCP_LEN,
	IPCP_SRC,
	IPCP_DST,
	IPCP_COMPRESS,
	IPCP_MAX_SLOT,
	IPCP_COMP_SLOT,
	IPCP_TCP_SPACE,
	IPCP_NON_TCP_SPACE,
	IPCP_F_MAX_PERIOD,
	IPCP_F_MAX_TIME,
	IPCP_MAX_HEADER,
	IPCP_MAX_CID,
	IPCP_MRRU,
	IPCP_IP,
	IPCP_MN_HOME,
	IPCP_PRI_DNS,
	IPCP_PRI_NBNS,
	IPCP_SEC_DNS,
	IPCP_SEC_NBNS,
	IPV6CP_TYPE,
	IPV6CP_LEN,
	IPV6CP_IFID,
	PAP_CODE,
	PAP_IDENTIFIER,
	PAP_LENGTH,
	PAP_DATA,
	PAP_PEER_LEN,
	PAP_PEER,
	PAP_PASSWORD_LEN,
	PAP_PASSWORD,
	PAP_MESSAGE_LEN,
	PAP_MESSAGE,
	PAP_STUFF,
	CHAP_CODE,
	CHAP_IDENTIFIER,
	CHAP_LENGTH,
	CHAP_DATA,
	CHAP_VALUE_SIZE,
	CHAP_VALUE,
	CHAP_NAME,
	CHAP_MESSAGE,
	CHAP_STUFF,
	PPP_NFIELDS
};

extern const struct proto proto_ppp;
extern const struct vstr ppp_protocol_names[];
extern const struct vstr ppp_code_names[];

/* One kind of option: its length, header included (max 0: no upper bound), and who reads what is
 * behind the header. NULL: nobody. */
struct ppp_opt {
	u8 type, min, max;
	u8 field; /* for the reader */
	void (*read)(struct dis *d, struct cur *c, unsigned field);
};

/* Readers of one value of that size into `field`. */
void ppp_opt_u8(struct dis *d, struct cur *c, unsigned field);
void ppp_opt_u16(struct dis *d, struct cur *c, unsigned field);
void ppp_opt_u32(struct dis *d, struct cur *c, unsigned field);
void ppp_opt_eui64(struct dis *d, struct cur *c, unsigned field);
/* A compression protocol and its parameters: in IPCP and IPV6CP. */
void ppp_opt_compress(struct dis *d, struct cur *c, unsigned field);

/* All options in c, by a table of n kinds. `type` and type + 1 are the fields for type and length.
 */
void ppp_options(struct dis *d, struct cur *c, const struct ppp_opt *kinds, unsigned n,
		 unsigned type);

#endif
