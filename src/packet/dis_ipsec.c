/* IPsec: authentication header (RFC 4302) and what is readable of ESP (RFC 4303). */
/*  AH:  | next header | length / 4 - 2 | reserved (16) | SPI (32) | sequence (32) | ICV ...
 *  ESP: | SPI (32) | sequence (32) | encrypted ... */
#include "packet/ipv6.h"

enum { AH_NEXT, AH_LENGTH, AH_RESERVED, AH_SPI, AH_SEQUENCE, AH_ICV };

static const struct field ah_fields[] = {
	[AH_NEXT] = { "ah.next_header", "Next header", FT_U8, FB_DEC, .names = ipv6_next_names },
	[AH_LENGTH] = { "ah.length", "Length in words, less 2", FT_U8, FB_DEC },
	[AH_RESERVED] = { "ah.reserved", "Reserved", FT_BYTES },
	[AH_SPI] = { "ah.spi", "Security parameters index", FT_U32, FB_HEX },
	[AH_SEQUENCE] = { "ah.sequence", "Sequence number", FT_U32, FB_DEC },
	[AH_ICV] = { "ah.icv", "Integrity check value", FT_BYTES },
};

static void dissect_ah(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 next = d_u8(d, c, AH_NEXT), len = d_u8(d, c, AH_LENGTH);

	d_bytes(d, c, AH_RESERVED, 2);
	d_be32(d, c, AH_SPI);
	d_be32(d, c, AH_SEQUENCE);
	if (c->fail != CUR_OK)
		return;
	if (len < 1) {
		d_mark(d, MARK_LENGTH, at + 1, "the AH length is below the header's own");
		return;
	}
	if (len > 1)
		d_bytes(d, c, AH_ICV, (len - 1u) * 4);
	if (c->fail != CUR_OK)
		return;
	d->l4 = next;
	d_next(d, TBL_IPPROTO, next, *c);
}

static const struct claim ah_claims[] = { { TBL_IPPROTO, 51 } };

const struct proto proto_ah = {
	.name = "ah",
	.title = "Authentication Header",
	.abbrev = "AH",
	.flags = PROTO_WHOLE,
	.fields = ah_fields,
	.nfields = ARRAY_LEN(ah_fields),
	.claims = ah_claims,
	.nclaims = ARRAY_LEN(ah_claims),
	.dissect = dissect_ah,
};

enum { ESP_SPI, ESP_SEQUENCE, ESP_ENCRYPTED };

static const struct field esp_fields[] = {
	[ESP_SPI] = { "esp.spi", "Security parameters index", FT_U32, FB_HEX_DEC },
	[ESP_SEQUENCE] = { "esp.sequence", "Sequence number", FT_U32, FB_DEC },
	[ESP_ENCRYPTED] = { "tapdeck.esp.encrypted", "Encrypted", FT_BYTES },
};

static void dissect_esp(struct dis *d, struct cur *c)
{
	d_be32(d, c, ESP_SPI);
	d_be32(d, c, ESP_SEQUENCE);
	if (c->fail == CUR_OK)
		d_rest(d, c, ESP_ENCRYPTED);
}

static void esp_info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "SPI 0x");
	txt_hex(t, pkt_get_u(k, l, ESP_SPI, 0), 8);
	txt_puts(t, " seq ");
	txt_u64(t, pkt_get_u(k, l, ESP_SEQUENCE, 0));
}

static const u16 esp_wants[] = { ESP_SPI, ESP_SEQUENCE, FIELD_END };
static const struct claim esp_claims[] = { { TBL_IPPROTO, 50 } };

const struct proto proto_esp = {
	.name = "esp",
	.title = "Encapsulating Security Payload",
	.abbrev = "ESP",
	.fields = esp_fields,
	.nfields = ARRAY_LEN(esp_fields),
	.flags = PROTO_LEAF,
	.claims = esp_claims,
	.nclaims = ARRAY_LEN(esp_claims),
	.dissect = dissect_esp,
	.info = esp_info,
	.info_wants = esp_wants,
};
