/* The data of DNS records (RFC 1035 3.3 and the RFCs named below). Most are a list of steps. */
#include "packet/dns.h"

#include <string.h>

enum step_kind {
	END,
	U8,
	U16,
	U32,
	IP4,
	IP6,
	NAME,
	TIME,  /* seconds since 1970 (RFC 4034 3.1.5) */
	STR8,  /* a length byte in field f, the text in field f + 1 */
	STRS,  /* STR8 again and again to the end */
	TYPES, /* the bitmap of NSEC and NSEC3 */
	REST   /* bytes to the end */
};

struct step {
	u8 kind, f;
};

static const struct rr_form {
	u16 type;
	struct step steps[10];
} forms[] = {
	{ 1, { { IP4, F_A } } },
	{ 2, { { NAME, F_NS } } },
	{ 5, { { NAME, F_CNAME } } },
	{ 6,
	  { { NAME, F_SOA_MNAME },
	    { NAME, F_SOA_RNAME },
	    { U32, F_SOA_SERIAL },
	    { U32, F_SOA_REFRESH },
	    { U32, F_SOA_RETRY },
	    { U32, F_SOA_EXPIRE },
	    { U32, F_SOA_MINIMUM } } },
	{ 12, { { NAME, F_PTR } } },
	{ 13, { { STR8, F_HINFO_CPU_LEN }, { STR8, F_HINFO_OS_LEN } } },
	{ 15, { { U16, F_MX_PREF }, { NAME, F_MX } } },
	{ 16, { { STRS, F_TXT_LEN } } },
	{ 28, { { IP6, F_AAAA } } },
	{ 33, /* RFC 2782 */
	  { { U16, F_SRV_PRIORITY },
	    { U16, F_SRV_WEIGHT },
	    { U16, F_SRV_PORT },
	    { NAME, F_SRV_TARGET } } },
	{ 39, { { NAME, F_DNAME } } },
	{ 43, /* DS, RFC 4034 5.1; CDS, RFC 7344 */
	  { { U16, F_DS_KEY_ID },
	    { U8, F_DS_ALGORITHM },
	    { U8, F_DS_DIGEST_TYPE },
	    { REST, F_DS_DIGEST } } },
	{ 46, /* RFC 4034 3.1 */
	  { { U16, F_RRSIG_TYPE },
	    { U8, F_RRSIG_ALGORITHM },
	    { U8, F_RRSIG_LABELS },
	    { U32, F_RRSIG_TTL },
	    { TIME, F_RRSIG_EXPIRATION },
	    { TIME, F_RRSIG_INCEPTION },
	    { U16, F_RRSIG_KEY_TAG },
	    { NAME, F_RRSIG_SIGNER },
	    { REST, F_RRSIG_SIGNATURE } } },
	{ 47, { { NAME, F_NSEC_NEXT }, { TYPES, F_RESP_TYPE } } },
	{ 52, /* RFC 6698 2.1 */
	  { { U8, F_TLSA_USAGE },
	    { U8, F_TLSA_SELECTOR },
	    { U8, F_TLSA_MATCHING },
	    { REST, F_TLSA_DATA } } },
	{ 59,
	  { { U16, F_DS_KEY_ID },
	    { U8, F_DS_ALGORITHM },
	    { U8, F_DS_DIGEST_TYPE },
	    { REST, F_DS_DIGEST } } },
};

/* ---- steps ---- */

bool dns_name_put(struct dns *m, struct cur *c, unsigned f)
{
	struct dns_name name;

	if (!dns_name_read(&m->names, c, &name))
		return false;
	d_text(m->d, f, name.off, name.len, name.s, name.n);
	return true;
}

static void put_time(struct dis *d, struct cur *c, unsigned f)
{
	u32 at = c->at, v = cur_be32(c);

	if (c->fail == CUR_OK && d_wants(d, f))
		d_put(d, f, at, 4)->i = v * NS_PER_S;
}

static void put_str8(struct dis *d, struct cur *c, unsigned f)
{
	u8 n = d_u8(d, c, f);

	d_bytes(d, c, f + 1, n);
}

/* Blocks of type numbers: window, length, bits from the high end (RFC 4034 4.1.2). */
static void put_types(struct dis *d, struct cur *c)
{
	while (cur_left(c) > 0 && c->fail == CUR_OK) {
		u32 window = (u32)cur_u8(c) << 8;
		u8 n = cur_u8(c);

		for (u32 i = 0; i < n && cur_left(c) > 0; i++) {
			u8 bits = cur_u8(c);

			for (u32 b = 0; b < 8; b++)
				if (bits & 0x80 >> b)
					d_u(d, F_RESP_TYPE, c->at - 1, 1, window + i * 8 + b);
		}
	}
}

static void run_steps(struct dns *m, struct cur *c, const struct step *s)
{
	struct dis *d = m->d;

	for (; c->fail == CUR_OK; s++) {
		switch ((enum step_kind)s->kind) {
		case END: return;
		case U8: d_u8(d, c, s->f); break;
		case U16: d_be16(d, c, s->f); break;
		case U32:
		case IP4: d_be32(d, c, s->f); break;
		case IP6: d_bytes(d, c, s->f, 16); break;
		case NAME: dns_name_put(m, c, s->f); break;
		case TIME: put_time(d, c, s->f); break;
		case STR8: put_str8(d, c, s->f); break;
		case STRS:
			while (cur_wire_left(c) > 0 && c->fail == CUR_OK)
				put_str8(d, c, s->f);
			break;
		case TYPES: put_types(d, c); break;
		case REST: d_rest(d, c, s->f); break;
		}
	}
}

/* ---- records that need more than steps ---- */

/* RFC 3403 4 */
static void naptr(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;
	struct dns_name name;

	d_be16(d, c, F_NAPTR_ORDER);
	d_be16(d, c, F_NAPTR_PREF);
	put_str8(d, c, F_NAPTR_FLAGS_LEN);
	put_str8(d, c, F_NAPTR_SERVICE_LEN);
	put_str8(d, c, F_NAPTR_REGEX_LEN);
	if (c->fail != CUR_OK || !dns_name_read(&m->names, c, &name))
		return;
	d_u(d, F_NAPTR_REPLACEMENT_LEN, name.off, 0, name.n);
	d_text(d, F_NAPTR_REPLACEMENT, name.off, name.len, name.s, name.n);
}

/* RFC 8659 4.1 */
static void caa(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;
	u32 at = c->at;
	u8 flags = d_u8(d, c, F_CAA_FLAGS), n;
	const u8 *tag;
	unsigned f = F_CAA_UNKNOWN;

	d_down(d);
	d_bits(d, F_CAA_CRITICAL, at, 1, flags);
	d_up(d);
	n = cur_u8(c);
	tag = cur_bytes(c, n);
	if (tag == NULL)
		return;
	if (n == 5 && memcmp(tag, "issue", 5) == 0)
		f = F_CAA_ISSUE;
	else if (n == 9 && memcmp(tag, "issuewild", 9) == 0)
		f = F_CAA_ISSUEWILD;
	else if (n == 5 && memcmp(tag, "iodef", 5) == 0)
		f = F_CAA_IODEF;
	d_mem(d, f, c->at, cur_left(c));
	d_down(d);
	d_u(d, F_CAA_TAG_LEN, at + 1, 1, n);
	d_mem(d, F_CAA_TAG, at + 2, n);
	d_mem(d, F_CAA_VALUE, c->at, cur_left(c));
	d_up(d);
}

/* RFC 4034 appendix B; p is the record data, n bytes. */
static u16 key_tag(const u8 *p, u32 n)
{
	u32 sum = 0;

	if (p[3] == 1) /* RSA/MD5 */
		return n >= 7 ? load_be16(p + n - 3) : 0;
	for (u32 i = 0; i < n; i++)
		sum += i & 1 ? p[i] : (u32)p[i] << 8;
	return (u16)(sum + (sum >> 16));
}

/* RFC 4034 2.1 */
static void dnskey(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;
	u32 at = c->at;
	u16 flags = d_be16(d, c, F_DNSKEY_FLAGS);

	d_down(d);
	for (unsigned f = F_DNSKEY_ZONE; f <= F_DNSKEY_RESERVED; f++)
		d_bits(d, f, at, 2, flags);
	d_up(d);
	d_u8(d, c, F_DNSKEY_PROTOCOL);
	d_u8(d, c, F_DNSKEY_ALGORITHM);
	if (c->fail == CUR_OK)
		d_gen(d, F_DNSKEY_KEY_ID, key_tag(c->base + at, c->end - at));
	d_rest(d, c, F_DNSKEY_KEY);
}

/* n bytes at off as base32hex (RFC 4648 7), as the owner names of NSEC3 are written. */
static void put_base32(struct dis *d, unsigned f, u32 off, const u8 *p, u32 n)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	char s[255 * 8 / 5 + 1];
	u32 bits = 0, have = 0;
	size_t len = 0;

	for (u32 i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		for (have += 8; have >= 5; have -= 5)
			s[len++] = digits[bits >> (have - 5) & 31];
	}
	if (have > 0)
		s[len++] = digits[bits << (5 - have) & 31];
	d_text(d, f, off, n, s, len);
}

/* NSEC3 (RFC 5155 3.2), and the first half of it: NSEC3PARAM. */
static void nsec3(struct dns *m, struct cur *c, bool param)
{
	struct dis *d = m->d;
	u32 at;
	const u8 *hash;
	u8 n, flags;

	d_u8(d, c, F_NSEC3_ALGO);
	at = c->at;
	flags = d_u8(d, c, F_NSEC3_FLAGS);
	if (!param && c->fail == CUR_OK) {
		d_down(d);
		d_bits(d, F_NSEC3_OPT_OUT, at, 1, flags);
		d_up(d);
	}
	d_be16(d, c, F_NSEC3_ITERATIONS);
	n = d_u8(d, c, F_NSEC3_SALT_LEN);
	d_bytes(d, c, F_NSEC3_SALT, n);
	if (param || c->fail != CUR_OK)
		return;
	n = d_u8(d, c, F_NSEC3_HASH_LEN);
	at = c->at;
	hash = cur_bytes(c, n);
	if (hash == NULL)
		return;
	put_base32(d, F_NSEC3_HASH, at, hash, n);
	put_types(d, c);
}

/* One parameter of SVCB or HTTPS (RFC 9460 7), c bounded to its value. */
static void svc_param(struct dis *d, struct cur *c, u16 key)
{
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		switch (key) {
		case 0: d_be16(d, c, F_SVC_MANDATORY); break;
		case 1: put_str8(d, c, F_SVC_ALPN_LEN); break;
		case 3: d_be16(d, c, F_SVC_PORT); break;
		case 4: d_be32(d, c, F_SVC_IP4); break;
		case 5: d_rest(d, c, F_SVC_ECH); return;
		case 6: d_bytes(d, c, F_SVC_IP6, 16); break;
		default: d_rest(d, c, F_SVCPARAM_VALUE); return;
		}
	}
}

/* RFC 9460 2.2 */
static void svcb(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;

	d_be16(d, c, F_SVCB_PRIORITY);
	if (c->fail != CUR_OK || !dns_name_put(m, c, F_SVCB_TARGET))
		return;
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		u32 at = c->at;
		struct cur look = *c, v;
		u16 key = cur_be16(&look), len = cur_be16(&look);

		d_head(d, F_SVCPARAM, at, MIN(4u + len, c->end - at));
		d_down(d);
		key = d_be16(d, c, F_SVCPARAM_KEY);
		len = d_be16(d, c, F_SVCPARAM_LEN);
		v = cur_sub(c, len);
		svc_param(d, &v, key);
		d_check(d, &v);
		d_up(d);
	}
}

/* ---- EDNS options ---- */

/* RFC 7871 6: the address has as many bytes as the prefix needs. */
static void client_subnet(struct dis *d, struct cur *c)
{
	u16 family = d_be16(d, c, F_CLIENT_FAMILY);
	u8 addr[16] = { 0 };
	u32 at, n;

	d_u8(d, c, F_CLIENT_NETMASK);
	d_u8(d, c, F_CLIENT_SCOPE);
	if (c->fail != CUR_OK)
		return;
	at = c->at;
	n = cur_left(c);
	memcpy(addr, c->base + at, MIN(n, sizeof addr));
	c->at += n;
	if (family == 1)
		d_u(d, F_CLIENT_ADDR4, at, n, load_be32(addr));
	else if (family == 2)
		d_made(d, F_CLIENT_ADDR6, at, n, addr, sizeof addr);
	else
		d_mem(d, F_CLIENT_ADDR, at, n);
}

/* The meaning of an option's data, c bounded to it. */
static void option_data(struct dis *d, struct cur *c, u16 code)
{
	u32 n = cur_left(c);

	switch (code) {
	case 5:
	case 6:
	case 7: /* RFC 6975 */
		while (cur_left(c) > 0)
			d_u8(d, c, F_DAU + code - 5u);
		break;
	case 8: client_subnet(d, c); break;
	case 10: /* RFC 7873 */
		d_bytes(d, c, F_COOKIE_CLIENT, 8);
		d_bytes(d, c, F_COOKIE_SERVER, n < 8 ? 0 : n - 8);
		break;
	case 11: /* RFC 7828 */
		if (n == 2)
			d_be16(d, c, F_KEEPALIVE);
		break;
	case 12: d_bytes(d, c, F_PADDING, n); break;
	case 13: d_bytes(d, c, F_CHAIN, n); break;
	case 15: /* RFC 8914 */
		d_be16(d, c, F_ERROR_CODE);
		if (n > 2)
			d_bytes(d, c, F_ERROR_TEXT, n - 2);
		break;
	default: break;
	}
}

/* RFC 6891 6.1.2 */
static void edns(struct dns *m, struct cur *c)
{
	struct dis *d = m->d;

	while (cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		struct cur look = *c, v;
		u16 code, len;

		cur_be16(&look);
		len = cur_be16(&look);
		d_head(d, F_OPT, c->at, MIN(4u + len, cur_left(c)));
		d_down(d);
		code = d_be16(d, c, F_OPT_CODE);
		len = d_be16(d, c, F_OPT_LEN);
		v = cur_sub(c, len);
		if (c->fail == CUR_OK && cur_left(&v) == len) {
			d_mem(d, F_OPT_DATA, v.at, len);
			option_data(d, &v, code);
		}
		d_check(d, &v);
		d_up(d);
	}
}

void dns_rdata(struct dns *m, struct cur *c, u16 type)
{
	switch (type) {
	case 35: naptr(m, c); return;
	case DNS_OPT: edns(m, c); return;
	case 48: /* DNSKEY, and CDNSKEY of RFC 7344 */
	case 60: dnskey(m, c); return;
	case 50: nsec3(m, c, false); return;
	case 51: nsec3(m, c, true); return;
	case 64:
	case 65: svcb(m, c); return;
	case 257: caa(m, c); return;
	default: break;
	}
	for (unsigned i = 0; i < ARRAY_LEN(forms); i++)
		if (forms[i].type == type) {
			run_steps(m, c, forms[i].steps);
			return;
		}
	d_rest(m->d, c, F_DATA);
}
