/* TLS hellos (RFC 8446 4.1, RFC 5246 7.4.1) and the extensions that tell what a connection is. */
#include "packet/tls.h"

/* A list behind its length: `head` over `entries` numbers of `size` bytes. */
static void number_list(struct dis *d, struct cur *c, u32 len, unsigned head, unsigned entry,
			u32 size)
{
	struct cur v = cur_sub(c, len);

	if (len == 0)
		return;
	d_head(d, head, v.at, cur_left(&v));
	d_down(d);
	while (cur_wire_left(&v) >= size && v.fail == CUR_OK) {
		if (size == 1)
			d_u8(d, &v, entry);
		else
			d_be16(d, &v, entry);
	}
	d_up(d);
	d_check(d, &v);
}

/* RFC 6066 3 */
static void server_name(struct dis *d, struct cur *c)
{
	if (cur_wire_left(c) == 0)
		return;
	d_be16(d, c, F_SNI_LIST_LEN);
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		u16 n;

		d_u8(d, c, F_SNI_TYPE);
		n = d_be16(d, c, F_SNI_LEN);
		d_bytes(d, c, F_SNI, n);
	}
}

/* RFC 7301 3.1 */
static void alpn(struct dis *d, struct cur *c)
{
	u16 len = d_be16(d, c, F_ALPN_LEN);
	struct cur v = cur_sub(c, len);

	d_head(d, F_ALPN_LIST, v.at, cur_left(&v));
	d_down(d);
	while (cur_wire_left(&v) > 0 && v.fail == CUR_OK) {
		u8 n = d_u8(d, &v, F_ALPN_STR_LEN);

		d_bytes(d, &v, F_ALPN, n);
	}
	d_up(d);
	d_check(d, &v);
}

static void key_share_entry(struct dis *d, struct cur *c)
{
	u16 n;

	d_be16(d, c, F_SHARE_GROUP);
	n = d_be16(d, c, F_SHARE_KEY_LEN);
	d_bytes(d, c, F_SHARE_KEY, n);
}

/* RFC 8446 4.2.8; a retry request names the group only. */
static void key_share(struct dis *d, struct cur *c, u8 type)
{
	if (type == TLS_SERVER_HELLO) {
		if (cur_wire_left(c) == 2)
			d_be16(d, c, F_SHARE_SELECTED);
		else
			key_share_entry(d, c);
		return;
	}
	d_be16(d, c, F_SHARE_LEN);
	while (cur_wire_left(c) >= 4 && c->fail == CUR_OK)
		key_share_entry(d, c);
}

/* RFC 8446 4.2.1 */
static u16 supported_versions(struct dis *d, struct cur *c, u8 type)
{
	if (type == TLS_SERVER_HELLO)
		return d_be16(d, c, F_SUPPORTED_VERSION);
	d_u8(d, c, F_VERSIONS_LEN);
	while (cur_wire_left(c) >= 2 && c->fail == CUR_OK)
		d_be16(d, c, F_SUPPORTED_VERSION);
	return 0;
}

/* One extension's data, c bounded to it. Returns the version where that is what it is about. */
static u16 extension(struct dis *d, struct cur *c, u16 ext, u8 type)
{
	u32 n;

	switch (ext) {
	case 0: server_name(d, c); break;
	case 10:
		n = d_be16(d, c, F_GROUPS_LEN);
		number_list(d, c, n, F_GROUPS, F_GROUP, 2);
		break;
	case 11:
		n = d_u8(d, c, F_FORMATS_LEN);
		number_list(d, c, n, F_FORMATS, F_FORMAT, 1);
		break;
	case 13:
	case 50:
		n = d_be16(d, c, F_SIGS_LEN);
		number_list(d, c, n, F_SIGS, F_SIG, 2);
		break;
	case 16: alpn(d, c); break;
	case 22:
	case 23: break;
	case 43: return supported_versions(d, c, type);
	case 44:
		n = d_be16(d, c, F_COOKIE_LEN);
		d_bytes(d, c, F_COOKIE, n);
		break;
	case 45:
		n = d_u8(d, c, F_PSK_MODES_LEN);
		for (u32 i = 0; i < n && c->fail == CUR_OK; i++)
			d_u8(d, c, F_PSK_MODE);
		break;
	case 51: key_share(d, c, type); break;
	case 65281: d_u8(d, c, F_RENEG_LEN); break;
	default: d_bytes(d, c, F_EXT_DATA, cur_wire_left(c)); break;
	}
	return 0;
}

static u16 extensions(struct dis *d, struct cur *c, u8 type)
{
	u16 len = d_be16(d, c, F_EXTS_LEN), version = 0;
	struct cur all = cur_sub(c, len);

	while (cur_wire_left(&all) > 0 && all.fail == CUR_OK) {
		u16 ext = d_be16(d, &all, F_EXT_TYPE), n, got;
		struct cur v;

		d_down(d);
		n = d_be16(d, &all, F_EXT_LEN);
		v = cur_sub(&all, n);
		if (all.fail == CUR_OK || cur_left(&v) > 0) {
			got = extension(d, &v, ext, type);
			version = got != 0 ? got : version;
		}
		d_up(d);
		if (!d_check(d, &v))
			break;
	}
	d_check(d, &all);
	return version;
}

/* The version that a server's hello settles on, from its extensions; c stands behind the old one. */
static u16 settled(struct cur c)
{
	cur_skip(&c, 32);
	cur_skip(&c, cur_u8(&c)); /* session id */
	cur_skip(&c, 5);	  /* suite, compression, length of the extensions */
	while (cur_left(&c) >= 4) {
		u16 ext = cur_be16(&c), len = cur_be16(&c);

		if (ext == 43)
			return cur_be16(&c);
		cur_skip(&c, len);
	}
	return 0;
}

/* 32 bytes, the first four of which were meant to be the time before TLS 1.3. */
static void put_random(struct dis *d, struct cur *c, bool has_time)
{
	u32 at = c->at;
	const u8 *p = d_bytes(d, c, F_RANDOM, 32);

	if (p == NULL || !has_time)
		return;
	d_down(d);
	if (d_wants(d, F_RANDOM_TIME))
		d_put(d, F_RANDOM_TIME, at, 4)->i = load_be32(p) * NS_PER_S;
	d_mem(d, F_RANDOM_BYTES, at + 4, 28);
	d_up(d);
}

u16 tls_hello(struct dis *d, struct cur *c, u8 type)
{
	u16 version = d_be16(d, c, F_HS_VERSION), got;
	u32 n;

	put_random(d, c, type == TLS_CLIENT_HELLO || settled(*c) != TLS_1_3);
	n = d_u8(d, c, F_SESSION_ID_LEN);
	if (n > 0)
		d_bytes(d, c, F_SESSION_ID, n);
	if (type == TLS_SERVER_HELLO) {
		d_be16(d, c, F_SUITE);
		d_u8(d, c, F_COMP);
	} else {
		version = 0;
		n = d_be16(d, c, F_SUITES_LEN);
		number_list(d, c, n, F_SUITES, F_SUITE, 2);
		n = d_u8(d, c, F_COMP_LEN);
		number_list(d, c, n, F_COMPS, F_COMP, 1);
	}
	if (c->fail != CUR_OK || cur_wire_left(c) == 0)
		return version;
	got = extensions(d, c, type);
	return got != 0 ? got : version;
}
