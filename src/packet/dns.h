/* DNS, inside: what dis_dns.c (messages), dns_rr.c (record data) and dns_name.c (names) share. */
#ifndef PACKET_DNS_H
#define PACKET_DNS_H

#include "packet/proto.h"

/* Local field numbers, in the order of the table in dis_dns.c. */
enum dns_field {
	F_LENGTH,
	F_ID,
	F_FLAGS,
	F_RESPONSE,
	F_OPCODE,
	F_AUTHORITATIVE,
	F_CONFLICT,
	F_TRUNCATED,
	F_RECDESIRED,
	F_TENTATIVE,
	F_RECAVAIL,
	F_Z,
	F_AUTHENTICATED,
	F_CHECKDISABLE,
	F_RCODE,
	F_QUERIES,
	F_ZONES,
	F_ANSWERS,
	F_PREREQUISITES,
	F_AUTH_RR,
	F_UPDATES,
	F_ADD_RR,
	F_QRY_NAME,
	F_QRY_NAME_LEN,
	F_LABELS,
	F_QRY_TYPE,
	F_QRY_CLASS,
	F_QU,
	F_RESP_NAME,
	F_RESP_TYPE,
	F_RESP_CLASS,
	F_CACHE_FLUSH,
	F_TTL,
	F_RESP_LEN,
	F_UDP_SIZE,
	F_EXT_RCODE,
	F_EDNS_VERSION,
	F_RESP_Z,
	F_DO,
	F_Z_RESERVED,
	F_OPT,
	F_OPT_CODE,
	F_OPT_LEN,
	F_OPT_DATA,
	F_DAU,
	F_DHU,
	F_N3U,
	F_CLIENT_FAMILY,
	F_CLIENT_NETMASK,
	F_CLIENT_SCOPE,
	F_CLIENT_ADDR,
	F_CLIENT_ADDR4,
	F_CLIENT_ADDR6,
	F_COOKIE_CLIENT,
	F_COOKIE_SERVER,
	F_KEEPALIVE,
	F_PADDING,
	F_CHAIN,
	F_ERROR_CODE,
	F_ERROR_TEXT,
	F_A,
	F_AAAA,
	F_CNAME,
	F_DNAME,
	F_NS,
	F_PTR,
	F_MX_PREF,
	F_MX,
	F_TXT_LEN,
	F_TXT,
	F_SOA_MNAME,
	F_SOA_RNAME,
	F_SOA_SERIAL,
	F_SOA_REFRESH,
	F_SOA_RETRY,
	F_SOA_EXPIRE,
	F_SOA_MINIMUM,
	F_SRV_SERVICE,
	F_SRV_PROTO,
	F_SRV_NAME,
	F_SRV_PRIORITY,
	F_SRV_WEIGHT,
	F_SRV_PORT,
	F_SRV_TARGET,
	F_NAPTR_ORDER,
	F_NAPTR_PREF,
	F_NAPTR_FLAGS_LEN,
	F_NAPTR_FLAGS,
	F_NAPTR_SERVICE_LEN,
	F_NAPTR_SERVICE,
	F_NAPTR_REGEX_LEN,
	F_NAPTR_REGEX,
	F_NAPTR_REPLACEMENT_LEN,
	F_NAPTR_REPLACEMENT,
	F_HINFO_CPU_LEN,
	F_HINFO_CPU,
	F_HINFO_OS_LEN,
	F_HINFO_OS,
	F_CAA_FLAGS,
	F_CAA_CRITICAL,
	F_CAA_ISSUE,
	F_CAA_ISSUEWILD,
	F_CAA_IODEF,
	F_CAA_UNKNOWN,
	F_CAA_TAG_LEN,
	F_CAA_TAG,
	F_CAA_VALUE,
	F_DS_KEY_ID,
	F_DS_ALGORITHM,
	F_DS_DIGEST_TYPE,
	F_DS_DIGEST,
	F_DNSKEY_FLAGS,
	F_DNSKEY_ZONE,
	F_DNSKEY_REVOKED,
	F_DNSKEY_SEP,
	F_DNSKEY_RESERVED,
	F_DNSKEY_PROTOCOL,
	F_DNSKEY_ALGORITHM,
	F_DNSKEY_KEY_ID,
	F_DNSKEY_KEY,
	F_RRSIG_TYPE,
	F_RRSIG_ALGORITHM,
	F_RRSIG_LABELS,
	F_RRSIG_TTL,
	F_RRSIG_EXPIRATION,
	F_RRSIG_INCEPTION,
	F_RRSIG_KEY_TAG,
	F_RRSIG_SIGNER,
	F_RRSIG_SIGNATURE,
	F_NSEC_NEXT,
	F_NSEC3_ALGO,
	F_NSEC3_FLAGS,
	F_NSEC3_OPT_OUT,
	F_NSEC3_ITERATIONS,
	F_NSEC3_SALT_LEN,
	F_NSEC3_SALT,
	F_NSEC3_HASH_LEN,
	F_NSEC3_HASH,
	F_TLSA_USAGE,
	F_TLSA_SELECTOR,
	F_TLSA_MATCHING,
	F_TLSA_DATA,
	F_SVCB_PRIORITY,
	F_SVCB_TARGET,
	F_SVCPARAM,
	F_SVCPARAM_KEY,
	F_SVCPARAM_LEN,
	F_SVCPARAM_VALUE,
	F_SVC_MANDATORY,
	F_SVC_ALPN_LEN,
	F_SVC_ALPN,
	F_SVC_PORT,
	F_SVC_IP4,
	F_SVC_ECH,
	F_SVC_IP6,
	F_DATA,
	F_EXTRANEOUS,
	F_EXTRANEOUS_LEN,
};

enum { DNS_A = 1, DNS_NSEC = 47, DNS_SRV = 33, DNS_OPT = 41 };

/* One message while it is read. */
struct dns {
	struct dis *d;
	struct cur msg; /* all of it, standing at its first byte: what compression counts from */
	u32 work;	/* bytes of names that may still be walked in this message */
	bool mdns, llmnr;
};

enum { DNS_NAME_MAX = 253 }; /* characters of a name as text: 255 octets on the wire (RFC 1035) */

/* A name as text: "www.example.org", "<Root>", or what is wrong with it in <>. */
struct dns_name {
	u16 n;
	u32 off, len; /* where it stands in the frame, and how long up to a pointer */
	char s[DNS_NAME_MAX + 1];
};

/* Reads the name at c, following pointers inside the message; c moves behind it. Bytes of labels
 * come as they are. False, and c failed, where it runs off the message. Walks no more than what
 * m->work still allows in the whole message, whatever the pointers say. */
bool dns_name_read(struct dns *m, struct cur *c, struct dns_name *o);

/* The same, and adds it as field f. */
bool dns_name_put(struct dns *m, struct cur *c, unsigned f);

/* Reads the data of one record of this type, c bounded to it. */
void dns_rdata(struct dns *m, struct cur *c, u16 type);

extern const struct vstr dns_types[];

#endif
