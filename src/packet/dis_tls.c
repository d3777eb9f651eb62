/* TLS records (RFC 8446 5.1, RFC 5246 6.2) and the handshake messages that are readable. */
/*  0         1         3         5
 *  +---------+---------+---------+----------------
 *  | content | version | length  | fragment: handshake type 1, length 3, body
 *  +---------+---------+---------+---------------- */
#include "packet/tls.h"
#include "packet/registry.h"
#include "packet/show.h"

enum {
	CHANGE_CIPHER_SPEC = 20,
	ALERT,
	HANDSHAKE,
	APPLICATION_DATA,
	HEARTBEAT,
	MAX_RECORD = 16384 + 2048
};

static const struct vstr contents[] = {
	{ 20, "Change cipher spec" }, { 21, "Alert" },	   { 22, "Handshake" },
	{ 23, "Application data" },   { 24, "Heartbeat" }, { 0, NULL },
};
static const struct vstr versions[] = {
	{ 0x0300, "SSL 3.0" }, { 0x0301, "TLS 1.0" }, { 0x0302, "TLS 1.1" },
	{ 0x0303, "TLS 1.2" }, { 0x0304, "TLS 1.3" }, { 0, NULL },
};
static const struct vstr levels[] = { { 1, "Warning" }, { 2, "Fatal" }, { 0, NULL } };
static const struct vstr alerts[] = {
	{ 0, "Close notify" },
	{ 10, "Unexpected message" },
	{ 20, "Bad record MAC" },
	{ 22, "Record overflow" },
	{ 40, "Handshake failure" },
	{ 42, "Bad certificate" },
	{ 43, "Unsupported certificate" },
	{ 44, "Certificate revoked" },
	{ 45, "Certificate expired" },
	{ 46, "Certificate unknown" },
	{ 47, "Illegal parameter" },
	{ 48, "Unknown CA" },
	{ 49, "Access denied" },
	{ 50, "Decode error" },
	{ 51, "Decrypt error" },
	{ 70, "Protocol version" },
	{ 71, "Insufficient security" },
	{ 80, "Internal error" },
	{ 86, "Inappropriate fallback" },
	{ 90, "User canceled" },
	{ 109, "Missing extension" },
	{ 110, "Unsupported extension" },
	{ 112, "Unrecognized name" },
	{ 116, "Certificate required" },
	{ 120, "No application protocol" },
	{ 0, NULL },
};
static const struct vstr handshakes[] = {
	{ 0, "Hello request" },
	{ 1, "Client hello" },
	{ 2, "Server hello" },
	{ 4, "New session ticket" },
	{ 5, "End of early data" },
	{ 8, "Encrypted extensions" },
	{ 11, "Certificate" },
	{ 12, "Server key exchange" },
	{ 13, "Certificate request" },
	{ 14, "Server hello done" },
	{ 15, "Certificate verify" },
	{ 16, "Client key exchange" },
	{ 20, "Finished" },
	{ 22, "Certificate status" },
	{ 24, "Key update" },
	{ 0, NULL },
};
static const struct vstr suites[] = {
	{ 0x0005, "TLS_RSA_WITH_RC4_128_SHA" },
	{ 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
	{ 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA" },
	{ 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA" },
	{ 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA" },
	{ 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" },
	{ 0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256" },
	{ 0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256" },
	{ 0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256" },
	{ 0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256" },
	{ 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
	{ 0x1301, "TLS_AES_128_GCM_SHA256" },
	{ 0x1302, "TLS_AES_256_GCM_SHA384" },
	{ 0x1303, "TLS_CHACHA20_POLY1305_SHA256" },
	{ 0x1304, "TLS_AES_128_CCM_SHA256" },
	{ 0x5600, "TLS_FALLBACK_SCSV" },
	{ 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
	{ 0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" },
	{ 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" },
	{ 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" },
	{ 0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" },
	{ 0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384" },
	{ 0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" },
	{ 0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" },
	{ 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
	{ 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0, NULL },
};
static const struct vstr extensions[] = {
	{ 0, "server_name" },
	{ 1, "max_fragment_length" },
	{ 5, "status_request" },
	{ 10, "supported_groups" },
	{ 11, "ec_point_formats" },
	{ 13, "signature_algorithms" },
	{ 16, "application_layer_protocol_negotiation" },
	{ 18, "signed_certificate_timestamp" },
	{ 21, "padding" },
	{ 22, "encrypt_then_mac" },
	{ 23, "extended_master_secret" },
	{ 27, "compress_certificate" },
	{ 28, "record_size_limit" },
	{ 35, "session_ticket" },
	{ 41, "pre_shared_key" },
	{ 42, "early_data" },
	{ 43, "supported_versions" },
	{ 44, "cookie" },
	{ 45, "psk_key_exchange_modes" },
	{ 47, "certificate_authorities" },
	{ 49, "post_handshake_auth" },
	{ 50, "signature_algorithms_cert" },
	{ 51, "key_share" },
	{ 57, "quic_transport_parameters" },
	{ 65037, "encrypted_client_hello" },
	{ 65281, "renegotiation_info" },
	{ 0, NULL },
};
static const struct vstr groups[] = {
	{ 23, "secp256r1" },
	{ 24, "secp384r1" },
	{ 25, "secp521r1" },
	{ 29, "x25519" },
	{ 30, "x448" },
	{ 256, "ffdhe2048" },
	{ 257, "ffdhe3072" },
	{ 258, "ffdhe4096" },
	{ 259, "ffdhe6144" },
	{ 260, "ffdhe8192" },
	{ 4588, "X25519MLKEM768" },
	{ 0, NULL },
};
static const struct vstr signatures[] = {
	{ 0x0201, "rsa_pkcs1_sha1" },
	{ 0x0203, "ecdsa_sha1" },
	{ 0x0401, "rsa_pkcs1_sha256" },
	{ 0x0403, "ecdsa_secp256r1_sha256" },
	{ 0x0501, "rsa_pkcs1_sha384" },
	{ 0x0503, "ecdsa_secp384r1_sha384" },
	{ 0x0601, "rsa_pkcs1_sha512" },
	{ 0x0603, "ecdsa_secp521r1_sha512" },
	{ 0x0804, "rsa_pss_rsae_sha256" },
	{ 0x0805, "rsa_pss_rsae_sha384" },
	{ 0x0806, "rsa_pss_rsae_sha512" },
	{ 0x0807, "ed25519" },
	{ 0x0808, "ed448" },
	{ 0x0809, "rsa_pss_pss_sha256" },
	{ 0x080a, "rsa_pss_pss_sha384" },
	{ 0x080b, "rsa_pss_pss_sha512" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_RECORD] = { "tls.record", "Record", FT_NONE },
	[F_CONTENT_TYPE] = { "tls.record.content_type", "Content type", FT_U8, FB_DEC,
			     .names = contents },
	[F_OPAQUE_TYPE] = { "tls.record.opaque_type", "Content type outside (1.3)", FT_U8, FB_DEC,
			    .names = contents },
	[F_VERSION] = { "tls.record.version", "Record version", FT_U16, FB_HEX, .names = versions },
	[F_LENGTH] = { "tls.record.length", "Record length", FT_U16, FB_DEC },
	[F_CCS] = { "tls.change_cipher_spec", "Change cipher spec", FT_NONE },
	[F_ALERT] = { "tls.alert_message", "Alert", FT_NONE },
	[F_ALERT_LEVEL] = { "tls.alert_message.level", "Alert level", FT_U8, FB_DEC,
			    .names = levels },
	[F_ALERT_DESC] = { "tls.alert_message.desc", "Alert description", FT_U8, FB_DEC,
			   .names = alerts },
	[F_APP_DATA] = { "tls.app_data", "Encrypted application data", FT_BYTES },
	[F_HS] = { "tls.handshake", "Handshake message", FT_NONE },
	[F_HS_TYPE] = { "tls.handshake.type", "Handshake type", FT_U8, FB_DEC,
			.names = handshakes },
	[F_HS_LENGTH] = { "tls.handshake.length", "Handshake length", FT_U24, FB_DEC },
	[F_HS_VERSION] = { "tls.handshake.version", "Version", FT_U16, FB_HEX, .names = versions },
	[F_RANDOM] = { "tls.handshake.random", "Random", FT_BYTES },
	[F_RANDOM_TIME] = { "tls.handshake.random_time", "Random as a time (before 1.3)",
			    FT_ABSTIME },
	[F_RANDOM_BYTES] = { "tls.handshake.random_bytes", "Rest of the random", FT_BYTES },
	[F_SESSION_ID_LEN] = { "tls.handshake.session_id_length", "Session id length", FT_U16,
			       FB_DEC },
	[F_SESSION_ID] = { "tls.handshake.session_id", "Session id", FT_BYTES },
	[F_SUITES_LEN] = { "tls.handshake.cipher_suites_length", "Cipher suites length", FT_U16,
			   FB_DEC },
	[F_SUITES] = { "tls.handshake.ciphersuites", "Cipher suites", FT_NONE },
	[F_SUITE] = { "tls.handshake.ciphersuite", "Cipher suite", FT_U16, FB_HEX,
		      .names = suites },
	[F_COMP_LEN] = { "tls.handshake.comp_methods_length", "Compression methods length", FT_U8,
			 FB_DEC },
	[F_COMPS] = { "tls.handshake.comp_methods", "Compression methods", FT_NONE },
	[F_COMP] = { "tls.handshake.comp_method", "Compression method", FT_U8, FB_DEC },
	[F_EXTS_LEN] = { "tls.handshake.extensions_length", "Extensions length", FT_U16, FB_DEC },
	[F_EXT_TYPE] = { "tls.handshake.extension.type", "Extension", FT_U16, FB_DEC,
			 .names = extensions },
	[F_EXT_LEN] = { "tls.handshake.extension.len", "Extension length", FT_U16, FB_DEC },
	[F_EXT_DATA] = { "tls.handshake.extension.data", "Extension data", FT_BYTES },
	[F_SNI_LIST_LEN] = { "tls.handshake.extensions_server_name_list_len",
			     "Server name list length", FT_U16, FB_DEC },
	[F_SNI_TYPE] = { "tls.handshake.extensions_server_name_type", "Server name type", FT_U8,
			 FB_DEC },
	[F_SNI_LEN] = { "tls.handshake.extensions_server_name_len", "Server name length", FT_U16,
			FB_DEC },
	[F_SNI] = { "tls.handshake.extensions_server_name", "Server name (SNI)", FT_STRING },
	[F_ALPN_LEN] = { "tls.handshake.extensions_alpn_len", "ALPN length", FT_U16, FB_DEC },
	[F_ALPN_LIST] = { "tls.handshake.extensions_alpn_list", "ALPN list", FT_NONE },
	[F_ALPN_STR_LEN] = { "tls.handshake.extensions_alpn_str_len", "ALPN string length", FT_U8,
			     FB_DEC },
	[F_ALPN] = { "tls.handshake.extensions_alpn_str", "ALPN protocol", FT_STRING },
	[F_GROUPS_LEN] = { "tls.handshake.extensions_supported_groups_length",
			   "Supported groups length", FT_U16, FB_DEC },
	[F_GROUPS] = { "tls.handshake.extensions_supported_groups", "Supported groups", FT_NONE },
	[F_GROUP] = { "tls.handshake.extensions_supported_group", "Supported group", FT_U16, FB_HEX,
		      .names = groups },
	[F_FORMATS_LEN] = { "tls.handshake.extensions_ec_point_formats_length",
			    "EC point formats length", FT_U8, FB_DEC },
	[F_FORMATS] = { "tls.handshake.extensions_ec_point_formats", "EC point formats", FT_NONE },
	[F_FORMAT] = { "tls.handshake.extensions_ec_point_format", "EC point format", FT_U8,
		       FB_DEC },
	[F_SIGS_LEN] = { "tls.handshake.sig_hash_alg_len", "Signature algorithms length", FT_U16,
			 FB_DEC },
	[F_SIGS] = { "tls.handshake.sig_hash_algs", "Signature algorithms", FT_NONE },
	[F_SIG] = { "tls.handshake.sig_hash_alg", "Signature algorithm", FT_U16, FB_HEX,
		    .names = signatures },
	[F_VERSIONS_LEN] = { "tls.handshake.extensions.supported_versions_len",
			     "Supported versions length", FT_U8, FB_DEC },
	[F_SUPPORTED_VERSION] = { "tls.handshake.extensions.supported_version", "Supported version",
				  FT_U16, FB_HEX, .names = versions },
	[F_PSK_MODES_LEN] = { "tls.extension.psk_ke_modes_length", "PSK key exchange modes length",
			      FT_U8, FB_DEC },
	[F_PSK_MODE] = { "tls.extension.psk_ke_mode", "PSK key exchange mode", FT_U8, FB_DEC },
	[F_SHARE_LEN] = { "tls.handshake.extensions_key_share_client_length",
			  "Client key share length", FT_U16, FB_DEC },
	[F_SHARE_GROUP] = { "tls.handshake.extensions_key_share_group", "Key share group", FT_U16,
			    FB_DEC, .names = groups },
	[F_SHARE_KEY_LEN] = { "tls.handshake.extensions_key_share_key_exchange_length",
			      "Key exchange length", FT_U16, FB_DEC },
	[F_SHARE_KEY] = { "tls.handshake.extensions_key_share_key_exchange", "Key exchange",
			  FT_BYTES },
	[F_SHARE_SELECTED] = { "tls.handshake.extensions_key_share_selected_group",
			       "Selected group", FT_U16, FB_DEC, .names = groups },
	[F_COOKIE_LEN] = { "tls.handshake.extensions.cookie_len", "Cookie length", FT_U16, FB_DEC },
	[F_COOKIE] = { "tls.handshake.extensions.cookie", "Cookie", FT_BYTES },
	[F_RENEG_LEN] = { "tls.handshake.extensions_reneg_info_len", "Renegotiation info length",
			  FT_U8, FB_DEC },
	[F_CERTS_LEN] = { "tls.handshake.certificates_length", "Certificates length", FT_U24,
			  FB_DEC },
	[F_CERTS] = { "tls.handshake.certificates", "Certificates", FT_NONE },
	[F_CERT_LEN] = { "tls.handshake.certificate_length", "Certificate length", FT_U24, FB_DEC },
	[F_CERT] = { "tls.handshake.certificate", "Certificate", FT_BYTES },
};

/* What the records of one segment have told so far. */
struct session {
	u16 version;
	bool encrypted; /* a change cipher spec has passed */
};

static void certificates(struct dis *d, struct cur *c)
{
	u32 len = d_be24(d, c, F_CERTS_LEN);
	struct cur v = cur_sub(c, len);

	if (len == 0)
		return;
	d_head(d, F_CERTS, v.at, cur_left(&v));
	d_down(d);
	while (cur_wire_left(&v) > 0 && v.fail == CUR_OK) {
		u32 n = d_be24(d, &v, F_CERT_LEN);

		d_bytes(d, &v, F_CERT, n);
	}
	d_up(d);
	d_check(d, &v);
}

/* Is what stands here a message in the clear? Encrypted bytes rarely have a known type and a length
 * that ends where the record does. A certificate may go on in the next record. */
static bool is_clear(const struct cur *c)
{
	u8 type = (u8)MAX(cur_peek(c, 0), 0);
	u32 len = (u32)MAX(cur_peek(c, 1), 0) << 16 | (u32)MAX(cur_peek(c, 2), 0) << 8 |
		  (u32)MAX(cur_peek(c, 3), 0);

	if (cur_left(c) < 4 || vstr_name(handshakes, type) == NULL)
		return false;
	return len + 4 <= cur_wire_left(c) || type == 11 || type == TLS_CLIENT_HELLO;
}

/* The handshake messages of one record; c is bounded to it. */
static void handshake(struct dis *d, struct cur *c, struct session *s)
{
	if (s->encrypted || !is_clear(c)) {
		d_head(d, F_HS, c->at, cur_left(c));
		return;
	}
	while (cur_left(c) > 0 && c->fail == CUR_OK && is_clear(c)) {
		struct cur v;
		u32 len, at = c->at;
		u8 type;

		d_head(d, F_HS, at, cur_left(c));
		d_down(d);
		type = d_u8(d, c, F_HS_TYPE);
		len = d_be24(d, c, F_HS_LENGTH);
		v = cur_sub(c, len);
		if (type == TLS_CLIENT_HELLO || type == TLS_SERVER_HELLO)
			s->version = tls_hello(d, &v, type);
		else if (type == 11 && s->version != TLS_1_3)
			certificates(d, &v);
		d_check(d, &v);
		d_up(d);
	}
	c->fail = CUR_OK; /* a message may go on in the next record */
}

static void put_alert(struct dis *d, struct cur *c)
{
	d_head(d, F_ALERT, c->at, cur_left(c));
	if (cur_wire_left(c) != 2)
		return;
	d_down(d);
	d_u8(d, c, F_ALERT_LEVEL);
	d_u8(d, c, F_ALERT_DESC);
	d_up(d);
}

static void fragment(struct dis *d, struct cur *c, u8 content, struct session *s)
{
	if (cur_wire_left(c) == 0)
		return;
	switch (content) {
	case CHANGE_CIPHER_SPEC:
		d_head(d, F_CCS, c->at, cur_left(c));
		s->encrypted = true;
		break;
	case ALERT: put_alert(d, c); break;
	case HANDSHAKE: handshake(d, c, s); break;
	case APPLICATION_DATA: d_rest(d, c, F_APP_DATA); break;
	default: break;
	}
}

/* Content type and version of a record; with its length where that is there too. */
static bool is_record(const struct cur *c)
{
	int content = cur_peek(c, 0), major = cur_peek(c, 1), minor = cur_peek(c, 2);
	int high = cur_peek(c, 3), low = cur_peek(c, 4);

	return content >= CHANGE_CIPHER_SPEC && content <= HEARTBEAT && major == 3 && minor >= 0 &&
	       minor <= 4 && (low < 0 || (high << 8 | low) <= MAX_RECORD);
}

static void dissect(struct dis *d, struct cur *c)
{
	struct session s = { .version = 0 };

	while (cur_left(c) > 0 && is_record(c)) {
		u32 at = c->at, len;
		struct cur v;
		bool whole;
		u8 content = c->base[at];

		d_head(d, F_RECORD, at,
		       cur_left(c) >= 5 ? MIN(5u + load_be16(c->base + at + 3), cur_left(c))
					: cur_left(c));
		d_down(d);
		d_u8(d, c,
		     content == APPLICATION_DATA && s.version == TLS_1_3 ? F_OPAQUE_TYPE
									 : F_CONTENT_TYPE);
		d_be16(d, c, F_VERSION);
		len = d_be16(d, c, F_LENGTH);
		if (c->fail == CUR_OK) {
			whole = len <= cur_wire_left(c);
			v = cur_sub(c, len);
			fragment(d, &v, content, &s);
			if (whole)
				d_check(d, &v);
		}
		d_up(d);
		if (c->fail != CUR_OK)
			break;
	}
	c->at = c->end; /* what is left continues a record, or is none */
	if (c->fail == CUR_OVER)
		c->fail = CUR_OK;
}

static bool looks_like(const struct dis *d, struct cur c)
{
	(void)d;
	return cur_left(&c) >= 5 && is_record(&c);
}

/* ---- the list line ---- */

static void put_name(struct txt *t, const struct vstr *names, u64 v)
{
	const char *name = vstr_name(names, v);

	if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "%u", (unsigned)v);
}

/* "Client hello www.example.org h2", "Server hello TLS 1.3, Change cipher spec, Application data":
 * each kind of record once. */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	unsigned base = field_number(l->proto, 0);
	u8 layer = (u8)(l - k->layers);
	u64 last = UINT64_MAX;
	size_t from = t->n;
	const struct val *v;

	for (u32 i = l->vals; i < k->nvals; i++) {
		unsigned f = k->vals[i].field - base;
		u64 u = k->vals[i].u;

		if (k->vals[i].layer != layer)
			continue;
		if (f == F_OPAQUE_TYPE || (f == F_CONTENT_TYPE && u != HANDSHAKE)) {
			if (u == last)
				continue;
			last = u;
			txt_puts(t, t->n > from ? ", " : "");
			put_name(t, contents, u);
		} else if (f == F_HS_TYPE) {
			last = UINT64_MAX;
			txt_puts(t, t->n > from ? ", " : "");
			put_name(t, handshakes, u);
		} else if (f == F_ALERT_DESC) {
			txt_putc(t, ' ');
			put_name(t, alerts, u);
		}
	}
	if (t->n == from)
		txt_puts(t, pkt_get(k, l, F_CONTENT_TYPE) ? "Encrypted handshake"
							  : "Continuation data");
	if ((v = pkt_get(k, l, F_SNI)) != NULL) {
		txt_putc(t, ' ');
		show_value(t, k, v);
	}
	if (pkt_get_u(k, l, F_HS_TYPE, 0) == TLS_SERVER_HELLO) {
		v = pkt_get(k, l, F_SUPPORTED_VERSION);
		txt_putc(t, ' ');
		put_name(t, versions, v != NULL ? v->u : pkt_get_u(k, l, F_HS_VERSION, 0));
	}
	if ((v = pkt_get(k, l, F_ALPN)) != NULL) {
		txt_putc(t, ' ');
		show_value(t, k, v);
	}
}

static const u16 info_wants[] = { F_CONTENT_TYPE,      F_OPAQUE_TYPE, F_HS_TYPE,
				  F_ALERT_DESC,	       F_SNI,	      F_ALPN,
				  F_SUPPORTED_VERSION, F_HS_VERSION,  FIELD_END };
static const struct claim claims[] = {
	{ TBL_TCP, 324 },  { TBL_TCP, 443 },   { TBL_TCP, 465 },   { TBL_TCP, 636 },
	{ TBL_TCP, 802 },  { TBL_TCP, 853 },   { TBL_TCP, 993 },   { TBL_TCP, 995 },
	{ TBL_TCP, 1300 }, { TBL_TCP, 2221 },  { TBL_TCP, 2443 },  { TBL_TCP, 3249 },
	{ TBL_TCP, 3250 }, { TBL_TCP, 3251 },  { TBL_TCP, 3252 },  { TBL_TCP, 3496 },
	{ TBL_TCP, 5061 }, { TBL_TCP, 5671 },  { TBL_TCP, 5684 },  { TBL_TCP, 5868 },
	{ TBL_TCP, 8883 }, { TBL_TCP, 11207 }, { TBL_TCP, 19999 }, { TBL_TCP, 27017 },
};

const struct proto proto_tls = {
	.name = "tls",
	.title = "Transport Layer Security",
	.abbrev = "TLS",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.heur_tcp = looks_like,
	.info = info,
	.info_wants = info_wants,
};
