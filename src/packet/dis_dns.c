/* DNS messages (RFC 1035 4.1, RFC 6891), mDNS (RFC 6762), LLMNR (RFC 4795). */
/*   0                   1
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 *  +-------------------------------+
 *  |              id               |   on TCP a length of 16 bits stands in front
 *  +-+-------+-+-+-+-+-+-+-+-------+
 *  |Q| opcode|A|T|R|R|Z|A|C| rcode |
 *  +-+-------+-+-+-+-+-+-+-+-------+
 *  |  questions, answers, authority, additional: how many, 16 bits each
 *  +-------------------------------+
 *  |  question: name, type, class; record: name, type, class, TTL, length, data
 *  +-------------------------------+ */
#include "packet/dns.h"
#include "packet/registry.h"
#include "packet/show.h"

#include <string.h>

const struct vstr dns_types[] = {
	{ 1, "A" },	   { 2, "NS" },		 { 5, "CNAME" },  { 6, "SOA" },
	{ 12, "PTR" },	   { 13, "HINFO" },	 { 15, "MX" },	  { 16, "TXT" },
	{ 17, "RP" },	   { 18, "AFSDB" },	 { 24, "SIG" },	  { 25, "KEY" },
	{ 28, "AAAA" },	   { 29, "LOC" },	 { 33, "SRV" },	  { 35, "NAPTR" },
	{ 37, "CERT" },	   { 39, "DNAME" },	 { 41, "OPT" },	  { 43, "DS" },
	{ 44, "SSHFP" },   { 45, "IPSECKEY" },	 { 46, "RRSIG" }, { 47, "NSEC" },
	{ 48, "DNSKEY" },  { 49, "DHCID" },	 { 50, "NSEC3" }, { 51, "NSEC3PARAM" },
	{ 52, "TLSA" },	   { 53, "SMIMEA" },	 { 55, "HIP" },	  { 59, "CDS" },
	{ 60, "CDNSKEY" }, { 61, "OPENPGPKEY" }, { 62, "CSYNC" }, { 63, "ZONEMD" },
	{ 64, "SVCB" },	   { 65, "HTTPS" },	 { 99, "SPF" },	  { 249, "TKEY" },
	{ 250, "TSIG" },   { 251, "IXFR" },	 { 252, "AXFR" }, { 255, "ANY" },
	{ 256, "URI" },	   { 257, "CAA" },	 { 0, NULL }
};
static const struct vstr opcodes[] = {
	{ 0, "Standard query" },
	{ 1, "Inverse query" },
	{ 2, "Server status request" },
	{ 4, "Zone change notification" },
	{ 5, "Dynamic update" },
	{ 6, "Stateful operations" },
	{ 0, NULL },
};
static const struct vstr rcodes[] = {
	{ 0, "No error" },
	{ 1, "Format error" },
	{ 2, "Server failure" },
	{ 3, "No such name" },
	{ 4, "Not implemented" },
	{ 5, "Refused" },
	{ 6, "Name exists" },
	{ 7, "RRset exists" },
	{ 8, "RRset does not exist" },
	{ 9, "Not authoritative" },
	{ 10, "Name out of zone" },
	{ 11, "DSO type not implemented" },
	{ 0, NULL },
};
static const struct vstr classes[] = {
	{ 1, "IN" }, { 3, "CH" }, { 4, "HS" }, { 254, "NONE" }, { 255, "ANY" }, { 0, NULL },
};
static const struct vstr algorithms[] = {
	{ 1, "RSA/MD5" },
	{ 2, "Diffie-Hellman" },
	{ 3, "DSA" },
	{ 5, "RSA/SHA-1" },
	{ 7, "RSASHA1-NSEC3-SHA1" },
	{ 8, "RSA/SHA-256" },
	{ 10, "RSA/SHA-512" },
	{ 13, "ECDSA P-256 with SHA-256" },
	{ 14, "ECDSA P-384 with SHA-384" },
	{ 15, "Ed25519" },
	{ 16, "Ed448" },
	{ 0, NULL },
};
static const struct vstr digests[] = {
	{ 1, "SHA-1" },
	{ 2, "SHA-256" },
	{ 4, "SHA-384" },
	{ 0, NULL },
};
static const struct vstr options[] = {
	{ 1, "LLQ" },
	{ 2, "Update lease" },
	{ 3, "NSID" },
	{ 5, "DAU" },
	{ 6, "DHU" },
	{ 7, "N3U" },
	{ 8, "Client subnet" },
	{ 9, "Expire" },
	{ 10, "Cookie" },
	{ 11, "TCP keepalive" },
	{ 12, "Padding" },
	{ 13, "Chain" },
	{ 14, "Key tag" },
	{ 15, "Extended error" },
	{ 0, NULL },
};
static const struct vstr families[] = { { 1, "IPv4" }, { 2, "IPv6" }, { 0, NULL } };
static const struct vstr params[] = {
	{ 0, "mandatory" }, { 1, "alpn" },     { 2, "no-default-alpn" },
	{ 3, "port" },	    { 4, "ipv4hint" }, { 5, "ech" },
	{ 6, "ipv6hint" },  { 7, "dohpath" },  { 0, NULL },
};
static const struct vstr extended_errors[] = {
	{ 0, "Other" },
	{ 1, "Unsupported DNSKEY algorithm" },
	{ 2, "Unsupported DS digest type" },
	{ 3, "Stale answer" },
	{ 4, "Forged answer" },
	{ 5, "DNSSEC indeterminate" },
	{ 6, "DNSSEC bogus" },
	{ 7, "Signature expired" },
	{ 8, "Signature not yet valid" },
	{ 9, "DNSKEY missing" },
	{ 10, "RRSIGs missing" },
	{ 11, "No zone key bit set" },
	{ 12, "NSEC missing" },
	{ 13, "Cached error" },
	{ 14, "Not ready" },
	{ 15, "Blocked" },
	{ 16, "Censored" },
	{ 17, "Filtered" },
	{ 18, "Prohibited" },
	{ 19, "Stale NXDOMAIN answer" },
	{ 20, "Not authoritative" },
	{ 21, "Not supported" },
	{ 22, "No reachable authority" },
	{ 23, "Network error" },
	{ 24, "Invalid data" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_LENGTH] = { "dns.length", "Length on TCP", FT_U16, FB_DEC },
	[F_ID] = { "dns.id", "Transaction id", FT_U16, FB_HEX },
	[F_FLAGS] = { "dns.flags", "Flags", FT_U16, FB_HEX },
	[F_RESPONSE] = { "dns.flags.response", "Response", FT_BOOL, FB_NONE, 0x8000,
			 .on = "Message is a response", .off = "Message is a query" },
	[F_OPCODE] = { "dns.flags.opcode", "Opcode", FT_U16, FB_DEC, 0x7800, .names = opcodes },
	[F_AUTHORITATIVE] = { "dns.flags.authoritative", "Authoritative answer", FT_BOOL, FB_NONE,
			      0x0400 },
	[F_CONFLICT] = { "dns.flags.conflict", "Conflict (LLMNR)", FT_BOOL, FB_NONE, 0x0400 },
	[F_TRUNCATED] = { "dns.flags.truncated", "Truncated", FT_BOOL, FB_NONE, 0x0200 },
	[F_RECDESIRED] = { "dns.flags.recdesired", "Recursion desired", FT_BOOL, FB_NONE, 0x0100 },
	[F_TENTATIVE] = { "dns.flags.tentative", "Tentative (LLMNR)", FT_BOOL, FB_NONE, 0x0100 },
	[F_RECAVAIL] = { "dns.flags.recavail", "Recursion available", FT_BOOL, FB_NONE, 0x0080 },
	[F_Z] = { "dns.flags.z", "Reserved", FT_BOOL, FB_NONE, 0x0040 },
	[F_AUTHENTICATED] = { "dns.flags.authenticated", "Answer authenticated by the server",
			      FT_BOOL, FB_NONE, 0x0020 },
	[F_CHECKDISABLE] = { "dns.flags.checkdisable", "Checking disabled", FT_BOOL, FB_NONE,
			     0x0010 },
	[F_RCODE] = { "dns.flags.rcode", "Reply code", FT_U16, FB_DEC, 0x000f, .names = rcodes },
	[F_QUERIES] = { "dns.count.queries", "Questions", FT_U16, FB_DEC },
	[F_ZONES] = { "dns.count.zones", "Zones", FT_U16, FB_DEC },
	[F_ANSWERS] = { "dns.count.answers", "Answer records", FT_U16, FB_DEC },
	[F_PREREQUISITES] = { "dns.count.prerequisites", "Prerequisites", FT_U16, FB_DEC },
	[F_AUTH_RR] = { "dns.count.auth_rr", "Authority records", FT_U16, FB_DEC },
	[F_UPDATES] = { "dns.count.updates", "Updates", FT_U16, FB_DEC },
	[F_ADD_RR] = { "dns.count.add_rr", "Additional records", FT_U16, FB_DEC },
	[F_QRY_NAME] = { "dns.qry.name", "Query name", FT_STRING },
	[F_QRY_NAME_LEN] = { "dns.qry.name.len", "Query name length", FT_U16, FB_DEC },
	[F_LABELS] = { "dns.count.labels", "Labels in the query name", FT_U16, FB_DEC },
	[F_QRY_TYPE] = { "dns.qry.type", "Query type", FT_U16, FB_DEC, .names = dns_types },
	[F_QRY_CLASS] = { "dns.qry.class", "Query class", FT_U16, FB_HEX, .names = classes },
	[F_QU] = { "dns.qry.qu", "Unicast response wanted (mDNS)", FT_BOOL, FB_NONE, 0x8000 },
	[F_RESP_NAME] = { "dns.resp.name", "Record name", FT_STRING },
	[F_RESP_TYPE] = { "dns.resp.type", "Record type", FT_U16, FB_DEC, .names = dns_types },
	[F_RESP_CLASS] = { "dns.resp.class", "Record class", FT_U16, FB_HEX, .names = classes },
	[F_CACHE_FLUSH] = { "dns.resp.cache_flush", "Cache flush (mDNS)", FT_BOOL, FB_NONE,
			    0x8000 },
	[F_TTL] = { "dns.resp.ttl", "Time to live (s)", FT_U32, FB_DEC },
	[F_RESP_LEN] = { "dns.resp.len", "Data length", FT_U16, FB_DEC },
	[F_UDP_SIZE] = { "dns.rr.udp_payload_size", "UDP payload size", FT_U16, FB_DEC },
	[F_EXT_RCODE] = { "dns.resp.ext_rcode", "Higher bits of the extended reply code", FT_U8,
			  FB_HEX },
	[F_EDNS_VERSION] = { "dns.resp.edns0_version", "EDNS version", FT_U8, FB_DEC },
	[F_RESP_Z] = { "dns.resp.z", "EDNS flags", FT_U16, FB_HEX },
	[F_DO] = { "dns.resp.z.do", "DNSSEC records wanted (DO)", FT_BOOL, FB_NONE, 0x8000 },
	[F_Z_RESERVED] = { "dns.resp.z.reserved", "Reserved", FT_U16, FB_HEX, 0x7fff },
	[F_OPT] = { "dns.opt", "EDNS option", FT_NONE },
	[F_OPT_CODE] = { "dns.opt.code", "Option code", FT_U16, FB_DEC, .names = options },
	[F_OPT_LEN] = { "dns.opt.len", "Option length", FT_U16, FB_DEC },
	[F_OPT_DATA] = { "dns.opt.data", "Option data", FT_BYTES },
	[F_DAU] = { "dns.opt.dau", "DNSSEC algorithm understood", FT_U8, FB_DEC,
		    .names = algorithms },
	[F_DHU] = { "dns.opt.dhu", "DS hash understood", FT_U8, FB_DEC, .names = digests },
	[F_N3U] = { "dns.opt.n3u", "NSEC3 hash understood", FT_U8, FB_DEC },
	[F_CLIENT_FAMILY] = { "dns.opt.client.family", "Client subnet family", FT_U16, FB_DEC,
			      .names = families },
	[F_CLIENT_NETMASK] = { "dns.opt.client.netmask", "Source prefix length", FT_U8, FB_DEC },
	[F_CLIENT_SCOPE] = { "dns.opt.client.scope", "Scope prefix length", FT_U8, FB_DEC },
	[F_CLIENT_ADDR] = { "dns.opt.client.addr", "Client subnet (other family)", FT_BYTES },
	[F_CLIENT_ADDR4] = { "dns.opt.client.addr4", "Client subnet", FT_IPV4 },
	[F_CLIENT_ADDR6] = { "dns.opt.client.addr6", "Client subnet", FT_IPV6 },
	[F_COOKIE_CLIENT] = { "dns.opt.cookie.client", "Client cookie", FT_BYTES },
	[F_COOKIE_SERVER] = { "dns.opt.cookie.server", "Server cookie", FT_BYTES },
	[F_KEEPALIVE] = { "dns.opt.edns_tcp_keepalive.timeout", "TCP keepalive timeout (100 ms)",
			  FT_U16, FB_DEC },
	[F_PADDING] = { "dns.opt.padding", "Padding", FT_BYTES },
	[F_CHAIN] = { "dns.opt.chain.fqdn", "Closest trust point", FT_STRING },
	[F_ERROR_CODE] = { "dns.opt.ext_error.info_code", "Extended error", FT_U16, FB_DEC,
			   .names = extended_errors },
	[F_ERROR_TEXT] = { "dns.opt.ext_error.extra_text", "Extended error text", FT_STRING },
	[F_A] = { "dns.a", "Address", FT_IPV4 },
	[F_AAAA] = { "dns.aaaa", "IPv6 address", FT_IPV6 },
	[F_CNAME] = { "dns.cname", "Canonical name", FT_STRING },
	[F_DNAME] = { "dns.dname", "Delegation name", FT_STRING },
	[F_NS] = { "dns.ns", "Name server", FT_STRING },
	[F_PTR] = { "dns.ptr.domain_name", "Domain name pointed to", FT_STRING },
	[F_MX_PREF] = { "dns.mx.preference", "Mail exchange preference", FT_U16, FB_DEC },
	[F_MX] = { "dns.mx.mail_exchange", "Mail exchange", FT_STRING },
	[F_TXT_LEN] = { "dns.txt.length", "Text length", FT_U8, FB_DEC },
	[F_TXT] = { "dns.txt", "Text", FT_STRING },
	[F_SOA_MNAME] = { "dns.soa.mname", "Primary name server", FT_STRING },
	[F_SOA_RNAME] = { "dns.soa.rname", "Responsible mailbox", FT_STRING },
	[F_SOA_SERIAL] = { "dns.soa.serial_number", "Serial number", FT_U32, FB_DEC },
	[F_SOA_REFRESH] = { "dns.soa.refresh_interval", "Refresh interval (s)", FT_U32, FB_DEC },
	[F_SOA_RETRY] = { "dns.soa.retry_interval", "Retry interval (s)", FT_U32, FB_DEC },
	[F_SOA_EXPIRE] = { "dns.soa.expire_limit", "Expire limit (s)", FT_U32, FB_DEC },
	[F_SOA_MINIMUM] = { "dns.soa.minimum_ttl", "Minimum TTL (s)", FT_U32, FB_DEC },
	[F_SRV_SERVICE] = { "dns.srv.service", "Service", FT_STRING },
	[F_SRV_PROTO] = { "dns.srv.proto", "Protocol", FT_STRING },
	[F_SRV_NAME] = { "dns.srv.name", "Service domain", FT_STRING },
	[F_SRV_PRIORITY] = { "dns.srv.priority", "Priority", FT_U16, FB_DEC },
	[F_SRV_WEIGHT] = { "dns.srv.weight", "Weight", FT_U16, FB_DEC },
	[F_SRV_PORT] = { "dns.srv.port", "Port", FT_U16, FB_DEC },
	[F_SRV_TARGET] = { "dns.srv.target", "Target", FT_STRING },
	[F_NAPTR_ORDER] = { "dns.naptr.order", "Order", FT_U16, FB_DEC },
	[F_NAPTR_PREF] = { "dns.naptr.preference", "Preference", FT_U16, FB_DEC },
	[F_NAPTR_FLAGS_LEN] = { "dns.naptr.flags_length", "Flags length", FT_U8, FB_DEC },
	[F_NAPTR_FLAGS] = { "dns.naptr.flags", "Flags", FT_STRING },
	[F_NAPTR_SERVICE_LEN] = { "dns.naptr.service_length", "Service length", FT_U8, FB_DEC },
	[F_NAPTR_SERVICE] = { "dns.naptr.service", "Service", FT_STRING },
	[F_NAPTR_REGEX_LEN] = { "dns.naptr.regex_length", "Regex length", FT_U8, FB_DEC },
	[F_NAPTR_REGEX] = { "dns.naptr.regex", "Regex", FT_STRING },
	[F_NAPTR_REPLACEMENT_LEN] = { "dns.naptr.replacement_length", "Replacement length", FT_U8,
				      FB_DEC },
	[F_NAPTR_REPLACEMENT] = { "dns.naptr.replacement", "Replacement", FT_STRING },
	[F_HINFO_CPU_LEN] = { "dns.hinfo.cpu_length", "CPU length", FT_U8, FB_DEC },
	[F_HINFO_CPU] = { "dns.hinfo.cpu", "CPU", FT_STRING },
	[F_HINFO_OS_LEN] = { "dns.hinfo.os_length", "OS length", FT_U8, FB_DEC },
	[F_HINFO_OS] = { "dns.hinfo.os", "OS", FT_STRING },
	[F_CAA_FLAGS] = { "dns.caa.flags", "CAA flags", FT_U8, FB_HEX },
	[F_CAA_CRITICAL] = { "dns.caa.flags.issuer_critical", "Issuer critical", FT_BOOL, FB_NONE,
			     0x80 },
	[F_CAA_ISSUE] = { "dns.caa.issue", "Issue", FT_STRING },
	[F_CAA_ISSUEWILD] = { "dns.caa.issuewild", "Issue wildcard", FT_STRING },
	[F_CAA_IODEF] = { "dns.caa.iodef", "Report URL", FT_STRING },
	[F_CAA_UNKNOWN] = { "dns.caa.unknown", "Unknown tag", FT_STRING },
	[F_CAA_TAG_LEN] = { "dns.caa.tag_length", "Tag length", FT_U8, FB_DEC },
	[F_CAA_TAG] = { "dns.caa.tag", "Tag", FT_STRING },
	[F_CAA_VALUE] = { "dns.caa.value", "Value", FT_STRING },
	[F_DS_KEY_ID] = { "dns.ds.key_id", "Key tag", FT_U16, FB_HEX },
	[F_DS_ALGORITHM] = { "dns.ds.algorithm", "Algorithm", FT_U8, FB_DEC, .names = algorithms },
	[F_DS_DIGEST_TYPE] = { "dns.ds.digest_type", "Digest type", FT_U8, FB_DEC,
			       .names = digests },
	[F_DS_DIGEST] = { "dns.ds.digest", "Digest", FT_BYTES },
	[F_DNSKEY_FLAGS] = { "dns.dnskey.flags", "Key flags", FT_U16, FB_HEX },
	[F_DNSKEY_ZONE] = { "dns.dnskey.flags.zone_key", "Zone key", FT_BOOL, FB_NONE, 0x0100 },
	[F_DNSKEY_REVOKED] = { "dns.dnskey.flags.key_revoked", "Key revoked", FT_BOOL, FB_NONE,
			       0x0080 },
	[F_DNSKEY_SEP] = { "dns.dnskey.flags.secure_entry_point", "Key signing key", FT_BOOL,
			   FB_NONE, 0x0001 },
	[F_DNSKEY_RESERVED] = { "dns.dnskey.flags.reserved", "Reserved", FT_U16, FB_HEX, 0xfe7e },
	[F_DNSKEY_PROTOCOL] = { "dns.dnskey.protocol", "Protocol", FT_U8, FB_DEC },
	[F_DNSKEY_ALGORITHM] = { "dns.dnskey.algorithm", "Algorithm", FT_U8, FB_DEC,
				 .names = algorithms },
	[F_DNSKEY_KEY_ID] = { "dns.dnskey.key_id", "Key tag", FT_U16, FB_DEC },
	[F_DNSKEY_KEY] = { "dns.dnskey.public_key", "Public key", FT_BYTES },
	[F_RRSIG_TYPE] = { "dns.rrsig.type_covered", "Type covered", FT_U16, FB_DEC,
			   .names = dns_types },
	[F_RRSIG_ALGORITHM] = { "dns.rrsig.algorithm", "Algorithm", FT_U8, FB_DEC,
				.names = algorithms },
	[F_RRSIG_LABELS] = { "dns.rrsig.labels", "Labels", FT_U8, FB_DEC },
	[F_RRSIG_TTL] = { "dns.rrsig.original_ttl", "Original TTL", FT_U32, FB_DEC },
	[F_RRSIG_EXPIRATION] = { "dns.rrsig.signature_expiration", "Signature expiration",
				 FT_ABSTIME },
	[F_RRSIG_INCEPTION] = { "dns.rrsig.signature_inception", "Signature inception",
				FT_ABSTIME },
	[F_RRSIG_KEY_TAG] = { "dns.rrsig.key_tag", "Key tag", FT_U16, FB_DEC },
	[F_RRSIG_SIGNER] = { "dns.rrsig.signers_name", "Signer's name", FT_STRING },
	[F_RRSIG_SIGNATURE] = { "dns.rrsig.signature", "Signature", FT_BYTES },
	[F_NSEC_NEXT] = { "dns.nsec.next_domain_name", "Next domain name", FT_STRING },
	[F_NSEC3_ALGO] = { "dns.nsec3.algo", "Hash algorithm", FT_U8, FB_DEC },
	[F_NSEC3_FLAGS] = { "dns.nsec3.flags", "NSEC3 flags", FT_U8, FB_DEC },
	[F_NSEC3_OPT_OUT] = { "dns.nsec3.flags.opt_out", "Opt-out", FT_BOOL, FB_NONE, 0x01 },
	[F_NSEC3_ITERATIONS] = { "dns.nsec3.iterations", "Iterations", FT_U16, FB_DEC },
	[F_NSEC3_SALT_LEN] = { "dns.nsec3.salt_length", "Salt length", FT_U8, FB_DEC },
	[F_NSEC3_SALT] = { "dns.nsec3.salt_value", "Salt", FT_BYTES },
	[F_NSEC3_HASH_LEN] = { "dns.nsec3.hash_length", "Hash length", FT_U8, FB_DEC },
	[F_NSEC3_HASH] = { "dns.nsec3.hash_value", "Next hashed owner", FT_STRING },
	[F_TLSA_USAGE] = { "dns.tlsa.certificate_usage", "Certificate usage", FT_U8, FB_DEC },
	[F_TLSA_SELECTOR] = { "dns.tlsa.selector", "Selector", FT_U8, FB_DEC },
	[F_TLSA_MATCHING] = { "dns.tlsa.matching_type", "Matching type", FT_U8, FB_DEC },
	[F_TLSA_DATA] = { "dns.tlsa.certificate_association_data", "Certificate association data",
			  FT_BYTES },
	[F_SVCB_PRIORITY] = { "dns.svcb.svcpriority", "Service priority", FT_U16, FB_DEC },
	[F_SVCB_TARGET] = { "dns.svcb.targetname", "Target name", FT_STRING },
	[F_SVCPARAM] = { "dns.svcb.svcparam", "Service parameter", FT_NONE },
	[F_SVCPARAM_KEY] = { "dns.svcb.svcparam.key", "Parameter key", FT_U16, FB_DEC,
			     .names = params },
	[F_SVCPARAM_LEN] = { "dns.svcb.svcparam.value.length", "Parameter length", FT_U16, FB_DEC },
	[F_SVCPARAM_VALUE] = { "dns.svcb.svcparam.value", "Parameter value", FT_BYTES },
	[F_SVC_MANDATORY] = { "dns.svcb.svcparam.mandatory.key", "Mandatory key", FT_U16, FB_DEC,
			      .names = params },
	[F_SVC_ALPN_LEN] = { "dns.svcb.svcparam.alpn.length", "ALPN length", FT_U8, FB_DEC },
	[F_SVC_ALPN] = { "dns.svcb.svcparam.alpn", "ALPN", FT_STRING },
	[F_SVC_PORT] = { "dns.svcb.svcparam.port", "Port", FT_U16, FB_DEC },
	[F_SVC_IP4] = { "dns.svcb.svcparam.ipv4hint.ip", "IPv4 hint", FT_IPV4 },
	[F_SVC_ECH] = { "dns.svcb.svcparam.echconfig", "ECH configuration", FT_BYTES },
	[F_SVC_IP6] = { "dns.svcb.svcparam.ipv6hint.ip", "IPv6 hint", FT_IPV6 },
	[F_DATA] = { "dns.data", "Record data", FT_BYTES },
	[F_EXTRANEOUS] = { "dns.extraneous.data", "Bytes behind the message", FT_BYTES },
	[F_EXTRANEOUS_LEN] = { "dns.extraneous.length", "Number of bytes behind the message",
			       FT_I32, FB_DEC },
};

/* ---- questions and records ---- */

/* The class, which mDNS shares with a flag (RFC 6762 5.4, 10.2). */
static void put_class(struct dns *m, struct cur *c, unsigned f, unsigned flag)
{
	u32 at = c->at;
	u16 v = cur_be16(c);

	d_u(m->d, f, at, 2, m->mdns ? v & 0x7fff : v);
	if (m->mdns)
		d_bits(m->d, flag, at, 2, v);
}

static void question(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;
	struct dns_name name;
	u32 labels = 1;

	if (!dns_name_read(&m->names, c, &name) || !cur_need(c, 4))
		return;
	for (u32 i = 0; i < name.n; i++)
		labels += name.s[i] == '.';
	d_text(d, F_QRY_NAME, name.off, name.len, name.s, name.n);
	d_down(d);
	d_u(d, F_QRY_NAME_LEN, name.off, name.len, name.n);
	d_u(d, F_LABELS, name.off, name.len, labels);
	d_be16(d, c, F_QRY_TYPE);
	put_class(m, c, F_QRY_CLASS, F_QU);
	d_up(d);
}

/* "_sip._tcp.example.org" in its three parts (RFC 2782). */
static void put_service(struct dis *d, const struct dns_name *name)
{
	const char *s = name->s, *end = name->s + name->n;

	for (unsigned f = F_SRV_SERVICE; f <= F_SRV_NAME && s < end; f++) {
		const char *dot = f < F_SRV_NAME ? memchr(s, '.', (size_t)(end - s)) : NULL;

		if (dot == NULL)
			dot = end;
		d_text(d, f, name->off, name->len, s, (size_t)(dot - s));
		s = dot + 1;
	}
}

/* What an OPT record keeps in class and TTL (RFC 6891 6.1.3). */
static void put_opt_head(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;
	u32 at = c->at;
	u16 v;

	put_class(m, c, F_UDP_SIZE, F_CACHE_FLUSH);
	d_u8(d, c, F_EXT_RCODE);
	d_u8(d, c, F_EDNS_VERSION);
	at = c->at;
	v = d_be16(d, c, F_RESP_Z);
	d_down(d);
	d_bits(d, F_DO, at, 2, v);
	d_bits(d, F_Z_RESERVED, at, 2, v);
	d_up(d);
}

static void record(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;
	struct dns_name name;
	struct cur data;
	u16 type, len;

	if (!dns_name_read(&m->names, c, &name) || !cur_need(c, 10) ||
	    !cur_need(c, 10u + load_be16(c->base + c->at + 8)))
		return;
	type = load_be16(c->base + c->at);
	if (type == DNS_SRV)
		put_service(d, &name);
	else
		d_text(d, F_RESP_NAME, name.off, name.len, name.s, name.n);
	d_down(d);
	d_be16(d, c, F_RESP_TYPE);
	if (type == DNS_OPT) {
		put_opt_head(m, c);
	} else {
		put_class(m, c, F_RESP_CLASS, F_CACHE_FLUSH);
		d_be32(d, c, F_TTL);
	}
	len = d_be16(d, c, F_RESP_LEN);
	data = cur_sub(c, len);
	if (len > 0)
		dns_rdata(m, &data, type);
	d_check(d, &data);
	d_up(d);
}

/* ---- the message ---- */

static u16 put_flags(struct dns *m, struct cur *c)
{
	static const u16 all[] = { F_RESPONSE,	F_OPCODE,	 F_AUTHORITATIVE, F_CONFLICT,
				   F_TRUNCATED, F_RECDESIRED,	 F_TENTATIVE,	  F_RECAVAIL,
				   F_Z,		F_AUTHENTICATED, F_CHECKDISABLE,  F_RCODE };
	/* Bits by their place in `all`: what a query has, what a response has besides. */
	enum { DNS_QUERY = 0x533, DNS_BOTH = 0xfb7, LLMNR_QUERY = 0x05b, LLMNR_BOTH = 0x85b };
	struct dis *d = m->d;
	u32 at = c->at;
	u16 v = d_be16(d, c, F_FLAGS);
	u32 has = m->llmnr ? (v & 0x8000 ? LLMNR_BOTH : LLMNR_QUERY)
			   : (v & 0x8000 ? DNS_BOTH : DNS_QUERY);

	if (c->fail != CUR_OK)
		return v;
	if (!m->llmnr && v & 0x20) /* a query may ask for it: RFC 6840 5.7 */
		has |= 0x200;
	d_down(d);
	for (unsigned i = 0; i < ARRAY_LEN(all); i++)
		if (has >> i & 1)
			d_bits(d, all[i], at, 2, v);
	d_up(d);
	return v;
}

static void message(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;
	u16 flags, count[4];
	bool update;

	if (!cur_need(c, 4))
		return;
	d_be16(d, c, F_ID);
	flags = put_flags(m, c);
	update = (flags >> 11 & 15) == 5; /* RFC 2136 */
	count[0] = d_be16(d, c, update ? F_ZONES : F_QUERIES);
	count[1] = d_be16(d, c, update ? F_PREREQUISITES : F_ANSWERS);
	count[2] = d_be16(d, c, update ? F_UPDATES : F_AUTH_RR);
	count[3] = d_be16(d, c, F_ADD_RR);
	for (u32 i = 0; i < count[0] && c->fail == CUR_OK; i++)
		question(m, c);
	for (unsigned s = 1; s < 4; s++)
		for (u32 i = 0; i < count[s] && c->fail == CUR_OK; i++)
			record(m, c);
	if (c->fail != CUR_OK || cur_left(c) == 0)
		return;
	d_mark(d, MARK_TRAILING, c->at, "bytes behind the end of the DNS message");
	d_gen(d, F_EXTRANEOUS_LEN, cur_left(c));
	d_rest(d, c, F_EXTRANEOUS);
}

static struct dns begin(struct dis *d, const struct cur *c)
{
	return (struct dns) { .d = d, .names = { .msg = *c, .work = DNS_NAME_WORK } };
}

/* RFC 1035 4.2.2: messages one after another, each behind its length. What the segment's end cuts
 * is read as far as it goes. */
static void on_tcp(struct dis *d, struct cur *c)
{
	while (cur_left(c) > 0 && c->fail == CUR_OK) {
		u32 at = c->at;
		u16 len = cur_be16(c);
		struct cur sub;
		struct dns m;
		bool whole;

		if (c->fail != CUR_OK)
			break;
		whole = len <= cur_wire_left(c);
		d_u(d, F_LENGTH, at, 2, len);
		sub = *c;
		cur_limit(&sub, len);
		m = begin(d, &sub);
		message(&m, &sub);
		if (whole)
			d_check(d, &sub);
		c->at = MIN(c->end, at + 2 + len);
	}
	if (c->fail == CUR_OVER)
		c->fail = CUR_OK;
}

static void dissect(struct dis *d, struct cur *c)
{
	struct dns m;

	if (d->l4 == 6) {
		on_tcp(d, c);
		return;
	}
	m = begin(d, c);
	message(&m, c);
}

static void dissect_mdns(struct dis *d, struct cur *c)
{
	struct dns m = begin(d, c);

	m.mdns = true;
	message(&m, c);
}

static void dissect_llmnr(struct dis *d, struct cur *c)
{
	struct dns m = begin(d, c);

	m.llmnr = true;
	message(&m, c);
}

/* A message with one question on another port: a query has no answers, and all records fit. */
static bool looks_like(const struct dis *d, struct cur c)
{
	u16 flags, ans, auth, add;

	(void)d;
	cur_skip(&c, 2);
	flags = cur_be16(&c);
	if ((flags & 0x7800) != 0 || cur_be16(&c) != 1)
		return false;
	ans = cur_be16(&c);
	auth = cur_be16(&c);
	add = cur_be16(&c);
	if (c.fail != CUR_OK || (!(flags & 0x8000) && (ans | auth) != 0))
		return false;
	return 6 + ((u32)ans + auth + add) * 11 <= cur_wire_left(&c);
}

/* ---- the list line ---- */

static void put_type(struct txt *t, u64 type)
{
	const char *name = vstr_name(dns_types, type);

	if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "type %u", (unsigned)type);
}

/* " A 192.0.2.1, CNAME www.example": the first few answers. */
static void put_answers(const struct pkt *k, const struct layer *l, struct txt *t)
{
	static const struct {
		u8 f;
		char name[6];
	} shown[] = { { F_A, "A" },
		      { F_AAAA, "AAAA" },
		      { F_CNAME, "CNAME" },
		      { F_NS, "NS" },
		      { F_PTR, "PTR" },
		      { F_MX, "MX" },
		      { F_SRV_TARGET, "SRV" },
		      { F_TXT, "TXT" },
		      { F_SOA_MNAME, "SOA" } };
	u8 layer = (u8)(l - k->layers);
	unsigned n = 0, more = 0;

	for (u32 i = l->vals; i < k->nvals; i++) {
		unsigned j = 0;

		while (j < ARRAY_LEN(shown) &&
		       k->vals[i].field != field_number(l->proto, shown[j].f))
			j++;
		if (j == ARRAY_LEN(shown) || k->vals[i].layer != layer)
			continue;
		if (n == 3) {
			more++;
			continue;
		}
		txt_puts(t, n++ == 0 ? ": " : ", ");
		txt_puts(t, shown[j].name);
		txt_putc(t, ' ');
		show_value(t, k, &k->vals[i]);
	}
	if (more > 0)
		txt_printf(t, " and %u more", more);
}

/* "Query AAAA www.example.org", "Response A www.example.org: A 192.0.2.1" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	bool response = pkt_get_u(k, l, F_RESPONSE, 0) != 0;
	u64 opcode = pkt_get_u(k, l, F_OPCODE, 0), rcode = pkt_get_u(k, l, F_RCODE, 0);
	const struct val *name = pkt_get(k, l, F_QRY_NAME), *type = pkt_get(k, l, F_QRY_TYPE);
	const char *s = vstr_name(opcodes, opcode);

	if (pkt_get(k, l, F_RESPONSE) == NULL) {
		txt_puts(t, "Message without a header");
		return;
	}
	if (opcode != 0) {
		txt_puts(t, s != NULL ? s : "Unknown operation");
		txt_putc(t, ' ');
	}
	txt_puts(t, response	  ? (opcode != 0 ? "response" : "Response")
		    : opcode == 0 ? "Query"
				  : "request");
	if (rcode != 0) {
		s = vstr_name(rcodes, rcode);
		txt_puts(t, ", ");
		if (s != NULL)
			txt_puts(t, s);
		else
			txt_printf(t, "error %u", (unsigned)rcode);
	}
	if (type != NULL) {
		txt_putc(t, ' ');
		put_type(t, type->u);
	}
	if (name != NULL) {
		txt_putc(t, ' ');
		show_value(t, k, name);
	}
	put_answers(k, l, t);
}

static const u16 info_wants[] = { F_RESPONSE, F_OPCODE,	    F_RCODE, F_QRY_NAME,  F_QRY_TYPE,
				  F_A,	      F_AAAA,	    F_CNAME, F_NS,	  F_PTR,
				  F_MX,	      F_SRV_TARGET, F_TXT,   F_SOA_MNAME, FIELD_END };
static const struct claim claims[] = { { TBL_UDP, 53 },
				       { TBL_TCP, 53 },
				       { TBL_TCP, 5353 },
				       { TBL_SCTP, 53 },
				       { TBL_INNER, INNER_DNS } };
static const struct claim claims_mdns[] = { { TBL_UDP, 5353 } };
static const struct claim claims_llmnr[] = { { TBL_UDP, 5355 } };

const struct proto proto_dns = {
	.name = "dns",
	.title = "Domain Name System",
	.abbrev = "DNS",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.heur_udp = looks_like,
	.info = info,
	.info_wants = info_wants,
};

const struct proto proto_mdns = {
	.name = "mdns",
	.title = "Multicast Domain Name System",
	.abbrev = "MDNS",
	.fields_of = &proto_dns,
	.flags = PROTO_LEAF,
	.claims = claims_mdns,
	.nclaims = ARRAY_LEN(claims_mdns),
	.dissect = dissect_mdns,
	.info = info,
	.info_wants = info_wants,
};

const struct proto proto_llmnr = {
	.name = "llmnr",
	.title = "Link-local Multicast Name Resolution",
	.abbrev = "LLMNR",
	.fields_of = &proto_dns,
	.flags = PROTO_LEAF,
	.claims = claims_llmnr,
	.nclaims = ARRAY_LEN(claims_llmnr),
	.dissect = dissect_llmnr,
	.info = info,
	.info_wants = info_wants,
};
