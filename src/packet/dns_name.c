/* Names in DNS messages (RFC 1035 3.1, 4.1.4): labels, and pointers to labels that came before. */
#include "packet/dns_name.h"

#include <string.h>

enum { MAX_HOPS = 255 }; /* pointers in one name: no name has more labels than 127 */

static void say(struct dns_name *o, const char *what)
{
	o->n = (u16)strlen(what);
	memcpy(o->s, what, o->n);
}

/* Adds one label of n bytes; false where the name gets too long. */
static bool add_label(struct dns_name *o, const u8 *p, u32 n)
{
	u32 dot = o->n > 0;

	if (o->n + dot + n > DNS_NAME_MAX)
		return false;
	if (dot)
		o->s[o->n++] = '.';
	memcpy(o->s + o->n, p, n);
	o->n = (u16)(o->n + n);
	return true;
}

/* The pointer whose second byte is next at r: r moves to where it points. */
static void follow(struct dns_names *s, struct cur *r, u8 high)
{
	u32 off = (u32)(high & 0x3f) << 8;
	struct cur to = s->msg;

	off |= cur_u8(r);
	if (r->fail == CUR_OK) {
		cur_skip(&to, off);
		*r = to;
	}
}

/* Walks labels and pointers from r on. The first run of labels moves *home, the caller's cursor. */
static bool walk(struct dns_names *s, struct cur *home, struct dns_name *o)
{
	struct cur r = *home;
	u32 hops = 0, seen = UINT32_MAX;
	bool away = false, fits = true;

	for (;;) {
		u32 at = r.at;
		u8 b = cur_u8(&r);
		const u8 *p = NULL;

		if (b >> 6 == 0)
			p = cur_bytes(&r, b);
		else if (b >> 6 == 3)
			follow(s, &r, b);
		else if (b >> 6 == 2 && r.fail == CUR_OK)
			r.fail = CUR_OVER;
		if (r.fail != CUR_OK) {
			home->fail = r.fail;
			return false;
		}
		if (!away)
			home->at = b >> 6 == 3 ? at + 2 : r.at;
		if (b == 0)
			break;
		if (b >> 6 == 1) {
			say(o, "<Unknown extended label>");
			return true;
		}
		if (b >> 6 == 0) {
			fits = fits && add_label(o, p, b);
			s->work -= MIN(s->work, b + 1u);
			if (away && !fits)
				break;
		} else {
			away = true;
			if (at == seen || ++hops > MAX_HOPS || s->work == 0) {
				say(o, "<Name contains a pointer that loops>");
				return true;
			}
			if ((hops & (hops - 1)) == 0) /* Brent: a loop meets its landmark again */
				seen = at;
		}
	}
	if (!fits)
		say(o, "<Name too long>");
	else if (o->n == 0)
		say(o, "<Root>");
	return true;
}

bool dns_name_read(struct dns_names *s, struct cur *c, struct dns_name *o)
{
	struct cur home = *c;
	bool ok;

	o->n = 0;
	o->off = c->at;
	ok = walk(s, &home, o);
	c->at = ok ? home.at : c->end;
	c->fail = home.fail;
	o->len = c->at - o->off;
	return ok;
}
