/* TLS, inside: what dis_tls.c (records) and tls_hello.c (the hellos and their extensions) share. */
#ifndef PACKET_TLS_H
#define PACKET_TLS_H

#include "packet/proto.h"

/* Local field numbers, in the order of the table in dis_tls.c. */
enum {
	F_RECORD,
	F_CONTENT_TYPE,
	F_OPAQUE_TYPE,
	F_VERSION,
	F_LENGTH,
	F_CCS,
	F_ALERT,
	F_ALERT_LEVEL,
	F_ALERT_DESC,
	F_APP_DATA,
	F_HS,
	F_HS_TYPE,
	F_HS_LENGTH,
	F_HS_VERSION,
	F_RANDOM,
	F_RANDOM_TIME,
	F_RANDOM_BYTES,
	F_SESSION_ID_LEN,
	F_SESSION_ID,
	F_SUITES_LEN,
	F_SUITES,
	F_SUITE,
	F_COMP_LEN,
	F_COMPS,
	F_COMP,
	F_EXTS_LEN,
	F_EXT_TYPE,
	F_EXT_LEN,
	F_EXT_DATA,
	F_SNI_LIST_LEN,
	F_SNI_TYPE,
	F_SNI_LEN,
	F_SNI,
	F_ALPN_LEN,
	F_ALPN_LIST,
	F_ALPN_STR_LEN,
	F_ALPN,
	F_GROUPS_LEN,
	F_GROUPS,
	F_GROUP,
	F_FORMATS_LEN,
	F_FORMATS,
	F_FORMAT,
	F_SIGS_LEN,
	F_SIGS,
	F_SIG,
	F_VERSIONS_LEN,
	F_SUPPORTED_VERSION,
	F_PSK_MODES_LEN,
	F_PSK_MODE,
	F_SHARE_LEN,
	F_SHARE_GROUP,
	F_SHARE_KEY_LEN,
	F_SHARE_KEY,
	F_SHARE_SELECTED,
	F_COOKIE_LEN,
	F_COOKIE,
	F_RENEG_LEN,
	F_CERTS_LEN,
	F_CERTS,
	F_CERT_LEN,
	F_CERT,
};

enum { TLS_CLIENT_HELLO = 1, TLS_SERVER_HELLO = 2, TLS_1_3 = 0x0304 };

/* Reads a client's or a server's hello behind type and length; c is bounded to it. Returns the
 * version that it settles on, 0 where it does not say. */
u16 tls_hello(struct dis *d, struct cur *c, u8 type);

#endif
