/* The packet that an ICMP error quotes, and where the extensions begin. */
#include "packet/icmp.h"

/* RFC 4884 5.5: senders that came before it padded the quotation to this and said nothing. */
enum { OLD_QUOTE = 128 };

/* Does a valid extension header stand at the cursor? The version is 2, and the checksum holds or is
 * 0. */
static bool looks_extended(struct cur c)
{
	u32 n = cur_left(&c);
	u16 first, sum;

	if (n < 8 || n != cur_wire_left(&c))
		return false;
	first = load_be16(c.base + c.at);
	sum = load_be16(c.base + c.at + 2);
	return first >> 12 == 2 && (sum == 0 || in_sum(c.base + c.at, n, 0) == 0xffff);
}

void icmp_quoted(struct dis *d, struct cur *c, u32 quoted, u16 ethertype)
{
	struct cur q, ext = *c;
	u8 in_error = d->in_error, fragment = d->fragment, ip_version = d->ip_version, l4 = d->l4;
	const u8 *src = d->ip_src, *dst = d->ip_dst;
	u64 scope = d->scope;

	if (quoted == 0 && cur_wire_left(c) > OLD_QUOTE) {
		cur_skip(&ext, MIN(OLD_QUOTE, cur_left(&ext)));
		if (looks_extended(ext))
			quoted = OLD_QUOTE;
	}
	if (quoted == 0 || quoted > cur_wire_left(c))
		quoted = cur_wire_left(c);
	q = cur_sub(c, quoted);
	d->in_error = 1;
	d_next(d, TBL_ETHERTYPE, ethertype, q);
	d->in_error = in_error;
	d->fragment = fragment;
	d->ip_version = ip_version;
	d->ip_src = src;
	d->ip_dst = dst;
	d->l4 = l4;
	d->scope = scope;
	if (cur_left(c) > 0)
		d_try(d, TBL_INNER, INNER_ICMP_EXT, *c);
}
