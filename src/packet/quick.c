/* The road that most packets take, Ethernet and then IPv4 or IPv6, gone in one step where nobody
 * asks for anything in these headers and nothing in them is out of the ordinary. What it leaves in
 * the packet is what their dissectors would have left: tests/unit/decode_check.c compares. */
#include "packet/quick.h"

#include "packet/tables.h"

enum { ETH = 14, IP4 = 20, IP6 = 40 };

static void push(struct pkt *k, u8 proto, bool by_type, u32 off, u32 len, u32 end)
{
	k->layers[k->nlayers] = (struct layer) {
		.proto = proto,
		.depth = k->nlayers,
		.by_type = by_type,
		.off = off,
		.len = len,
		.end = end,
	};
	k->nlayers++;
}

/* The headers have been found ordinary: their layers and facts, and on to what they carry. */
static void take(struct dis *d, struct cur c, u8 proto, u8 version, u32 hdr, u8 next)
{
	const u8 *p = c.base, *ip = p + ETH;
	struct facts *x = &d->k->facts;

	push(d->k, dispatch.eth, false, 0, ETH, c.end);
	push(d->k, proto, true, ETH, hdr, c.end);
	x->l2 = 1;
	x->eth_dst = p;
	x->eth_src = p + 6;
	x->net = d->ip_version = version;
	x->src = d->ip_src = version == 4 ? ip + 12 : ip + 8;
	x->dst = d->ip_dst = version == 4 ? ip + 16 : ip + 24;
	x->ttl = version == 4 ? ip[8] : ip[7];
	x->ip_id = version == 4 ? load_be16(ip + 4) : 0;
	d->l4 = next;
	d->at.layer = 2;
	c.at = ETH + hdr;
	d_next(d, TBL_IPPROTO, next, c);
}

bool quick_ethernet(struct dis *d, struct cur c)
{
	const u8 *p = c.base, *ip = p + ETH;
	const struct plan *plan = d->plan;

	if (c.end < ETH + IP4 || (p[6] & 1) != 0 || plan->has[dispatch.eth])
		return false;
	switch (load_be16(p + 12)) {
	case 0x0800: /* no options, no fragment, and nothing behind the packet */
		if (ip[0] != 0x45 || (load_be16(ip + 6) & 0x3fff) != 0 ||
		    load_be16(ip + 2) != c.wire - ETH || plan->has[dispatch.ip] || plan->checksums)
			return false;
		take(d, c, dispatch.ip, 4, IP4, ip[9]);
		return true;
	case 0x86dd:
		if (c.end < ETH + IP6 || ip[0] >> 4 != 6 ||
		    load_be16(ip + 4) != c.wire - ETH - IP6 || load_be16(ip + 4) == 0 ||
		    plan->has[dispatch.ipv6])
			return false;
		take(d, c, dispatch.ipv6, 6, IP6, ip[6]);
		return true;
	default: return false;
	}
}
