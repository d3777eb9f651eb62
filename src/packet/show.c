/* Values as text: as `-T fields` prints them, as a tree line, as JSON. */
#include "packet/show.h"

#include "base/num.h"
#include "packet/registry.h"

#include <math.h>
#include <stdio.h>

/* Bits of the integer that a field is cut from: for hex digits and bit drawings. */
static unsigned field_bits(const struct field *f)
{
	unsigned size = ftype_int_size(f->type);

	if (f->width != 0)
		return f->width;
	if (f->type == FT_BOOL && f->mask > 0xff)
		return f->mask > 0xffffffff ? 64
		       : f->mask > 0xffffff ? 32
		       : f->mask > 0xffff   ? 24
					    : 16;
	return size * 8;
}

static void put_hex(struct txt *t, const struct field *f, u64 v)
{
	txt_puts(t, "0x");
	txt_hex(t, v, (int)ftype_int_size(f->type) * 2);
}

/* Wireshark's default: "Nov 22, 2026 06:28:25.123456789 UTC". */
static void put_abstime(struct txt *t, ns_t v)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil c;

	if (v == NS_NONE) { /* a timestamp that says "none", as NTP's zero does */
		txt_puts(t, "NULL");
		return;
	}
	c = civil_from_ns(v);
	txt_printf(t, "%s %2d, %d %02d:%02d:%02d.%09d UTC", months[c.month - 1], c.day, c.year,
		   c.hour, c.min, c.sec, c.nsec);
}

static void put_number(struct txt *t, const struct field *f, const struct val *v)
{
	if (f->type >= FT_I8 && f->type <= FT_I64)
		txt_i64(t, v->i);
	else if (f->base == FB_HEX || f->base == FB_HEX_DEC)
		put_hex(t, f, v->u);
	else if (f->base == FB_OCT)
		txt_printf(t, "0%llo", (unsigned long long)v->u);
	else
		txt_u64(t, v->u);
}

static void put_plain(struct txt *t, const struct field *f, const struct val *v)
{
	u8 ip[4];

	switch ((enum ftype)f->type) {
	case FT_NONE: txt_putc(t, '1'); break; /* present */
	case FT_PROTO: break;
	case FT_BOOL: txt_putc(t, v->u ? '1' : '0'); break;
	case FT_U8:
	case FT_U16:
	case FT_U24:
	case FT_U32:
	case FT_U40:
	case FT_U48:
	case FT_U56:
	case FT_U64:
	case FT_I8:
	case FT_I16:
	case FT_I32:
	case FT_I64: put_number(t, f, v); break;
	case FT_IPV4:
		store_be32(ip, (u32)v->u);
		txt_ip4(t, ip);
		break;
	case FT_IPV6: txt_ip6(t, v->p); break;
	case FT_ETHER: txt_mac(t, v->p); break;
	case FT_EUI64: txt_hexbytes(t, v->p, 8, ':'); break;
	case FT_BYTES:
		if (v->n > 0)
			txt_hexbytes(t, v->p, v->n, f->base == FB_COLON ? ':' : '\0');
		else
			txt_puts(t, f->base == FB_MAY_BE_EMPTY ? "<none>" : "<MISSING>");
		break;
	case FT_STRING: txt_escape(t, v->p, v->n); break;
	case FT_ABSTIME: put_abstime(t, v->i); break;
	case FT_RELTIME: txt_seconds(t, v->i, 9, 0); break;
	case FT_FLOAT: txt_printf(t, "%.15g", v->f); break;
	}
}

void show_value(struct txt *t, const struct pkt *k, const struct val *v)
{
	(void)k;
	put_plain(t, field_get(v->field), v);
}

void show_json(struct txt *t, const struct pkt *k, const struct val *v)
{
	const struct field *f = field_get(v->field);

	if (f->type == FT_BOOL) {
		txt_puts(t, v->u ? "true" : "false");
	} else if (f->type == FT_NONE) {
		txt_puts(t, "true");
	} else if (ftype_int_size(f->type) > 0 && f->base != FB_HEX && f->base != FB_HEX_DEC &&
		   f->base != FB_OCT) {
		show_value(t, k, v);
	} else {
		txt_putc(t, '"');
		if (f->type == FT_STRING)
			txt_json(t, v->p, v->n);
		else
			show_value(t, k, v);
		txt_putc(t, '"');
	}
}

/* ".... ...1 .... = ": where in its integer a bit field stands. */
static void put_bit_drawing(struct txt *t, const struct field *f, u64 shifted)
{
	unsigned bits = field_bits(f);
	u64 whole = shifted << __builtin_ctzll(f->mask);

	for (unsigned i = 0; i < bits; i++) {
		u64 bit = UINT64_C(1) << (bits - 1 - i);

		if (i > 0 && i % 4 == 0)
			txt_putc(t, ' ');
		txt_putc(t, !(f->mask & bit) ? '.' : whole & bit ? '1' : '0');
	}
	txt_puts(t, " = ");
}

static void put_tree_value(struct txt *t, const struct pkt *k, const struct field *f,
			   const struct val *v)
{
	const char *name;

	if (f->type == FT_BOOL) {
		txt_puts(t, v->u ? (f->on ? f->on : "Set") : (f->off ? f->off : "Not set"));
		return;
	}
	name = ftype_int_size(f->type) > 0 || f->type == FT_IPV4 ? vstr_name(f->names, v->u) : NULL;
	if (name != NULL) {
		txt_puts(t, name);
		txt_puts(t, " (");
		show_value(t, k, v);
		txt_putc(t, ')');
		return;
	}
	show_value(t, k, v);
	if (f->base == FB_DEC_HEX) {
		txt_puts(t, " (");
		put_hex(t, f, v->u);
		txt_putc(t, ')');
	} else if (f->base == FB_HEX_DEC) {
		txt_printf(t, " (%llu)", (unsigned long long)v->u);
	}
}

void show_tree(struct txt *t, const struct pkt *k, const struct val *v)
{
	const struct field *f = field_get(v->field);

	if (v->gen)
		txt_putc(t, '[');
	if (f->mask != 0 && field_bits(f) > 0)
		put_bit_drawing(t, f, v->u);
	txt_puts(t, f->title);
	if (f->type != FT_NONE) {
		txt_puts(t, ": ");
		put_tree_value(t, k, f, v);
	}
	if (v->gen)
		txt_putc(t, ']');
}

/* Is field `number` one of those that f stands for? */
static bool stands_for(const struct field *f, unsigned base, unsigned number)
{
	for (const u16 *a = f->any; *a != FIELD_END; a++)
		if (base + *a == number)
			return true;
	return false;
}

void show_field(struct txt *t, const struct pkt *k, unsigned field)
{
	const struct field *f = field_get(field);
	unsigned base = field_number(field_proto(field), 0);
	bool first = true;

	for (u32 i = 0; i < k->nvals; i++) {
		const struct val *v = &k->vals[i];

		if (f->any != NULL ? !stands_for(f, base, v->field) : v->field != field)
			continue;
		if (!first)
			txt_putc(t, ',');
		show_value(t, k, v);
		first = false;
	}
}
