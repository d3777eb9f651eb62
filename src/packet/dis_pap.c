/* Authentication in PPP: PAP (RFC 1334) and CHAP (RFC 1994). */
#include "packet/dis_ppp.h"

/* Code, identifier, length (three fields from `f` on); c is cut to the length. -1 where there is
 * nothing to read behind it. */
static int read_header(struct dis *d, struct cur *c, unsigned f)
{
	u32 at = c->at;
	u8 code = d_u8(d, c, f);
	u16 len;

	d_u8(d, c, f + 1);
	len = d_be16(d, c, f + 2);
	if (c->fail != CUR_OK)
		return -1;
	if (len < 4 || !cur_limit(c, len - 4u)) {
		d_mark(d, MARK_LENGTH, at + 2, "the length does not fit the frame");
		if (len < 4)
			return -1;
	}
	return cur_wire_left(c) > 0 ? code : -1;
}

/* A length of one byte and that many bytes of text: two fields from `f` on. */
static void read_counted(struct dis *d, struct cur *c, unsigned f)
{
	u8 n = d_u8(d, c, f);

	if (c->fail == CUR_OK)
		d_bytes(d, c, f + 1, n);
}

static void dissect_pap(struct dis *d, struct cur *c)
{
	int code = read_header(d, c, PAP_CODE);

	if (code < 0)
		return;
	d_head(d, PAP_DATA, c->at, cur_left(c));
	d_down(d);
	if (code == 1) {
		read_counted(d, c, PAP_PEER_LEN);
		if (c->fail == CUR_OK)
			read_counted(d, c, PAP_PASSWORD_LEN);
	} else if (code == 2 || code == 3) {
		read_counted(d, c, PAP_MESSAGE_LEN);
	} else {
		d_rest(d, c, PAP_STUFF);
	}
	d_up(d);
}

static void dissect_chap(struct dis *d, struct cur *c)
{
	int code = read_header(d, c, CHAP_CODE);
	u8 n;

	if (code < 0)
		return;
	if (code == 3 || code == 4) {
		d_rest(d, c, CHAP_MESSAGE);
		return;
	}
	if (code != 1 && code != 2) {
		d_rest(d, c, CHAP_STUFF);
		return;
	}
	d_head(d, CHAP_DATA, c->at, cur_left(c));
	d_down(d);
	n = d_u8(d, c, CHAP_VALUE_SIZE);
	if (c->fail == CUR_OK)
		d_bytes(d, c, CHAP_VALUE, n);
	if (c->fail == CUR_OK)
		d_rest(d, c, CHAP_NAME);
	d_up(d);
}

static void put_text(struct txt *t, const char *what, const struct val *v)
{
	if (v == NULL)
		return;
	txt_puts(t, what);
	txt_escape(t, v->p, v->n);
}

static void info_pap(const struct pkt *k, const struct layer *l, struct txt *t)
{
	static const char *const names[] = { "Code 0", "Request", "Ack", "Nak" };
	u64 code = pkt_get_u(k, l, PAP_CODE, 0);

	txt_puts(t, code < ARRAY_LEN(names) ? names[code] : "Unknown code");
	put_text(t, " user ", pkt_get(k, l, PAP_PEER));
	put_text(t, ": ", pkt_get(k, l, PAP_MESSAGE));
}

static void info_chap(const struct pkt *k, const struct layer *l, struct txt *t)
{
	static const char *const names[] = { "Code 0", "Challenge", "Response", "Success",
					     "Failure" };
	u64 code = pkt_get_u(k, l, CHAP_CODE, 0);

	txt_puts(t, code < ARRAY_LEN(names) ? names[code] : "Unknown code");
	put_text(t, " from ", pkt_get(k, l, CHAP_NAME));
	put_text(t, ": ", pkt_get(k, l, CHAP_MESSAGE));
}

static const u16 wants_pap[] = { PAP_CODE, PAP_PEER, PAP_MESSAGE, FIELD_END };
static const u16 wants_chap[] = { CHAP_CODE, CHAP_NAME, CHAP_MESSAGE, FIELD_END };
static const struct claim claims_pap[] = { { TBL_PPP, 0xc023 } };
static const struct claim claims_chap[] = { { TBL_PPP, 0xc223 } };

const struct proto proto_pap = {
	.name = "pap",
	.title = "PPP Password Authentication Protocol",
	.abbrev = "PAP",
	.fields_of = &proto_ppp,
	.flags = PROTO_LEAF,
	.claims = claims_pap,
	.nclaims = ARRAY_LEN(claims_pap),
	.dissect = dissect_pap,
	.info = info_pap,
	.info_wants = wants_pap,
};

const struct proto proto_chap = {
	.name = "chap",
	.title = "PPP Challenge Handshake Authentication Protocol",
	.abbrev = "CHAP",
	.fields_of = &proto_ppp,
	.flags = PROTO_LEAF,
	.claims = claims_chap,
	.nclaims = ARRAY_LEN(claims_chap),
	.dissect = dissect_chap,
	.info = info_chap,
	.info_wants = wants_chap,
};
