/* Packet builder and capture writer of the test generators; see build.h. */
#include "build.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what)
{
	fprintf(stderr, "generator: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- chance ---- */

void rng_seed(struct rng *r, u64 seed)
{
	seed += 0x9e3779b97f4a7c15u;
	seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
	seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebu;
	seed ^= seed >> 31;
	r->s = seed ? seed : 1;
}

u64 rng_next(struct rng *r)
{
	r->s ^= r->s >> 12;
	r->s ^= r->s << 25;
	r->s ^= r->s >> 27;
	return r->s * 0x2545f4914f6cdd1du;
}

u32 rng_below(struct rng *r, u32 n)
{
	return (u32)(((rng_next(r) >> 32) * n) >> 32);
}

u32 rng_in(struct rng *r, u32 lo, u32 hi)
{
	return lo + rng_below(r, hi - lo + 1);
}

/* ---- bytes ---- */

void buf_init(struct buf *b)
{
	b->p = b->mem + BUF_HEAD;
	b->len = 0;
	b->eth = 0x0800;
	b->ppp = 0x0021;
	b->proto = 59;
	b->l4 = 0;
	b->l4len = b->l4sum = 0;
	b->swab = false;
	b->nmarks = 0;
}

void buf_copy(struct buf *dst, const struct buf *src)
{
	memcpy(dst, src, offsetof(struct buf, mem));
	dst->p = dst->mem + (src->p - src->mem);
	memcpy(dst->p, src->p, src->len);
}

void buf_mark(struct buf *b, const u8 *p, u32 size, enum mark_kind kind)
{
	if (b->nmarks < MARKS)
		b->marks[b->nmarks++] = (struct mark) { .at = (u32)(p - b->mem),
							.size = (u8)size,
							.kind = (u8)kind };
}

/* The marks of from, whose bytes now stand at p in b too. */
static void take_marks(struct buf *b, const u8 *p, const struct buf *from)
{
	for (u32 i = 0; i < from->nmarks; i++) {
		const struct mark *m = &from->marks[i];

		buf_mark(b, p + (from->mem + m->at - from->p), m->size, (enum mark_kind)m->kind);
	}
}

static u8 *tail(struct buf *b, size_t n)
{
	u8 *t = b->p + b->len;

	if (n > (size_t)(b->mem + sizeof b->mem - t)) {
		fprintf(stderr, "generator: packet over %zu bytes\n", sizeof b->mem);
		exit(1);
	}
	b->len += (u32)n;
	return t;
}

u8 *push(struct buf *b, u32 n)
{
	if (n > (size_t)(b->p - b->mem)) {
		fprintf(stderr, "generator: headers over %d bytes\n", BUF_HEAD);
		exit(1);
	}
	b->p -= n;
	b->len += n;
	memset(b->p, 0, n);
	return b->p;
}

void set16(u8 *p, u32 v)
{
	p[0] = (u8)(v >> 8);
	p[1] = (u8)v;
}

void set32(u8 *p, u32 v)
{
	set16(p, v >> 16);
	set16(p + 2, v);
}

u32 get16(const u8 *p)
{
	return (u32)p[0] << 8 | p[1];
}

u32 get32(const u8 *p)
{
	return get16(p) << 16 | get16(p + 2);
}

static void put_n(struct buf *b, u64 v, unsigned n)
{
	u8 *t = tail(b, n);

	for (unsigned i = 0; i < n; i++)
		t[i] = (u8)(v >> 8 * (b->swab ? i : n - 1 - i));
}

void put8(struct buf *b, u32 v)
{
	*tail(b, 1) = (u8)v;
}

void put16(struct buf *b, u32 v)
{
	put_n(b, v, 2);
}

void put24(struct buf *b, u32 v)
{
	put_n(b, v, 3);
}

void put32(struct buf *b, u32 v)
{
	put_n(b, v, 4);
}

void put64(struct buf *b, u64 v)
{
	put_n(b, v, 8);
}

void putb(struct buf *b, const void *p, size_t n)
{
	if (n)
		memcpy(tail(b, n), p, n);
}

void putstr(struct buf *b, const char *s)
{
	putb(b, s, strlen(s));
}

void putbuf(struct buf *b, const struct buf *from)
{
	take_marks(b, b->p + b->len, from);
	putb(b, from->p, from->len);
}

u32 len_open(struct buf *b, u32 size)
{
	u8 *p = tail(b, size);

	memset(p, 0, size);
	buf_mark(b, p, size, MARK_LEN);
	return (u32)(p - b->mem) << 2 | size;
}

void len_close(struct buf *b, u32 at, int bias)
{
	u32 size = at & 3, end = (u32)(b->p - b->mem) + b->len;
	u32 v = end - (at >> 2) - size + (u32)bias;

	for (u32 i = 0; i < size; i++)
		b->mem[(at >> 2) + i] = (u8)(v >> 8 * (size - 1 - i));
}

void putx(struct buf *b, const char *hex)
{
	static const char digits[] = "0123456789abcdef";
	int high = -1;

	for (; *hex; hex++) {
		const char *d = strchr(digits, *hex);

		if (!d)
			continue;
		if (high < 0) {
			high = (int)(d - digits);
		} else {
			put8(b, (u32)(high << 4 | (int)(d - digits)));
			high = -1;
		}
	}
}

void putz(struct buf *b, size_t n)
{
	memset(tail(b, n), 0, n);
}

void putfill(struct buf *b, size_t n)
{
	u8 *t = tail(b, n);

	for (size_t i = 0; i < n; i++)
		t[i] = (u8)i;
}

void pad_to(struct buf *b, u32 multiple)
{
	putz(b, (multiple - b->len % multiple) % multiple);
}

/* ---- addresses ---- */

u32 ip4a(const char *dotted)
{
	u8 a[4] = { 0 };

	if (inet_pton(AF_INET, dotted, a) != 1) {
		fprintf(stderr, "generator: bad address %s\n", dotted);
		exit(1);
	}
	return get32(a);
}

const u8 *ip6a(const char *text)
{
	static u8 ring[64][16];
	static unsigned turn;
	u8 *a = ring[turn++ % 64];

	if (inet_pton(AF_INET6, text, a) != 1) {
		fprintf(stderr, "generator: bad address %s\n", text);
		exit(1);
	}
	return a;
}

const u8 *maca(const char *text)
{
	static u8 ring[64][6];
	static unsigned turn;
	u8 *a = ring[turn++ % 64];
	unsigned v[6];

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", v, v + 1, v + 2, v + 3, v + 4, v + 5) != 6) {
		fprintf(stderr, "generator: bad address %s\n", text);
		exit(1);
	}
	for (int i = 0; i < 6; i++)
		a[i] = (u8)v[i];
	return a;
}

/* ---- checksums ---- */

/* Summing 32-bit words in memory order and swapping at the end is the usual trick (RFC 1071 2(B)).
 */
u64 sum_add(u64 sum, const void *data, size_t n)
{
	const u8 *p = data;
	u32 w;

	for (; n >= 4; n -= 4, p += 4) {
		memcpy(&w, p, 4);
		sum += w;
	}
	if (n) {
		w = 0;
		memcpy(&w, p, n);
		sum += w;
	}
	return sum;
}

u16 sum_fold(u64 sum)
{
	u16 out;
	u8 b[2];

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	out = (u16)~sum;
	memcpy(b, &out, 2);
	return (u16)get16(b);
}

u32 crc32c(const void *data, size_t n)
{
	const u8 *p = data;
	u32 crc = ~0u;

	while (n--) {
		crc ^= *p++;
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
	}
	return ~crc;
}

/* Fill in the awaited transport checksum: pseudo header of alen address bytes at addrs, then the
 * segment (RFC 9293 3.1, RFC 8200 8.1). */
static void finish_l4(struct buf *b, const u8 *addrs, u32 alen)
{
	u8 *seg = b->p + b->len - b->l4len, pseudo[8] = { 0 };
	u64 sum = sum_add(0, addrs, alen);
	u16 c;

	if (!b->l4)
		return;
	set32(pseudo, b->l4len);
	set32(pseudo + 4, b->l4);
	sum = sum_add(sum, pseudo, 8);
	for (u32 i = 0; i < b->nmarks; i++)
		if (b->marks[i].kind == MARK_L4SUM && b->mem + b->marks[i].at == seg + b->l4sum)
			b->marks[i].partial = (u16)~sum_fold(sum);
	c = sum_fold(sum_add(sum, seg, b->l4len));
	if (!c && b->l4 == 17)
		c = 0xffff;
	set16(seg + b->l4sum, c);
	b->l4 = 0;
}

static void await_l4(struct buf *b, u8 proto, u32 sum_at)
{
	b->proto = b->l4 = proto;
	b->l4len = b->len;
	b->l4sum = sum_at;
	buf_mark(b, b->p + sum_at, 2, MARK_L4SUM);
}

/* ---- link layer ---- */

void push_eth(struct buf *b, const u8 *dst, const u8 *src)
{
	u8 *h = push(b, 14);

	memcpy(h, dst, 6);
	memcpy(h + 6, src, 6);
	set16(h + 12, b->eth);
	b->eth = 0x6558;
	b->proto = 143;
}

void push_802_3(struct buf *b, const u8 *dst, const u8 *src)
{
	b->eth = (u16)b->len;
	push_eth(b, dst, src);
	buf_mark(b, b->p + 12, 2, MARK_LEN);
}

void push_vlan(struct buf *b, u16 tpid, u16 tci)
{
	u8 *h = push(b, 4);

	set16(h, tci);
	set16(h + 2, b->eth);
	b->eth = tpid;
}

void push_mpls(struct buf *b, u32 label, u32 tc, bool bottom, u8 ttl)
{
	set32(push(b, 4), label << 12 | tc << 9 | (u32)bottom << 8 | ttl);
	b->eth = 0x8847;
	b->ppp = 0x0281;
	b->proto = 137;
}

void pad_eth(struct buf *b)
{
	if (b->len < 60)
		putz(b, 60 - b->len);
}

void push_arp(struct buf *b, const struct arp *h)
{
	u8 *p = push(b, 28);

	set16(p, 1);
	set16(p + 2, 0x0800);
	p[4] = 6;
	p[5] = 4;
	set16(p + 6, h->op);
	memcpy(p + 8, h->sha, 6);
	set32(p + 14, h->spa);
	memcpy(p + 18, h->tha, 6);
	set32(p + 24, h->tpa);
	b->eth = 0x0806;
}

/* ---- network layer ---- */

void push_ip4(struct buf *b, const struct ip4 *h)
{
	u32 optlen = h->opt ? (h->opt->len + 3) / 4 * 4 : 0, hl = 20 + optlen;
	u8 addrs[8], *p;

	set32(addrs, h->src);
	set32(addrs + 4, h->final ? h->final : h->dst);
	finish_l4(b, addrs, 8);
	p = push(b, hl);
	p[0] = (u8)(0x40 | hl / 4);
	p[1] = h->tos;
	set16(p + 2, b->len);
	set16(p + 4, h->id);
	set16(p + 6, h->frag);
	p[8] = h->ttl ? h->ttl : 64;
	p[9] = b->proto;
	set32(p + 12, h->src);
	set32(p + 16, h->dst);
	if (h->opt) {
		memcpy(p + 20, h->opt->p, h->opt->len);
		take_marks(b, p + 20, h->opt);
	}
	buf_mark(b, p, 1, MARK_LEN);
	buf_mark(b, p + 2, 2, MARK_LEN);
	buf_mark(b, p + 10, 2, MARK_SUM);
	set16(p + 10, sum_fold(sum_add(0, p, hl)));
	b->eth = 0x0800;
	b->ppp = 0x0021;
	b->proto = 4;
}

void push_ip6(struct buf *b, const struct ip6 *h)
{
	u8 addrs[32], *p;

	memcpy(addrs, h->src, 16);
	memcpy(addrs + 16, h->final ? h->final : h->dst, 16);
	finish_l4(b, addrs, 32);
	p = push(b, 40);
	set32(p, 6u << 28 | (u32)h->tc << 20 | h->flow);
	set16(p + 4, b->len - 40);
	buf_mark(b, p + 4, 2, MARK_LEN);
	p[6] = b->proto;
	p[7] = h->hlim ? h->hlim : 64;
	memcpy(p + 8, h->src, 16);
	memcpy(p + 24, h->dst, 16);
	b->eth = 0x86dd;
	b->ppp = 0x0057;
	b->proto = 41;
}

void push_ext6(struct buf *b, u8 proto, const struct buf *body)
{
	u8 *p = push(b, 2 + body->len);

	p[0] = b->proto;
	p[1] = (u8)((2 + body->len) / 8 - 1);
	memcpy(p + 2, body->p, body->len);
	buf_mark(b, p + 1, 1, MARK_LEN);
	take_marks(b, p + 2, body);
	b->proto = proto;
}

void push_frag6(struct buf *b, u32 offset, bool more, u32 id)
{
	u8 *p = push(b, 8);

	p[0] = b->proto;
	set16(p + 2, offset | (u32)more);
	set32(p + 4, id);
	b->proto = 44;
}

void push_icmp4(struct buf *b, u8 type, u8 code, u32 rest)
{
	u8 *p = push(b, 8);

	p[0] = type;
	p[1] = code;
	set32(p + 4, rest);
	set16(p + 2, sum_fold(sum_add(0, p, b->len)));
	buf_mark(b, p + 2, 2, MARK_SUM);
	b->proto = 1;
	b->l4 = 0;
}

void push_icmp6(struct buf *b, u8 type, u8 code, u32 rest)
{
	u8 *p = push(b, 8);

	p[0] = type;
	p[1] = code;
	set32(p + 4, rest);
	await_l4(b, 58, 2);
}

/* ---- transport and tunnels ---- */

void push_udp(struct buf *b, u16 sport, u16 dport)
{
	u8 *p = push(b, 8);

	set16(p, sport);
	set16(p + 2, dport);
	set16(p + 4, b->len);
	buf_mark(b, p + 4, 2, MARK_LEN);
	await_l4(b, 17, 6);
}

void push_udp_nosum(struct buf *b, u16 sport, u16 dport)
{
	push_udp(b, sport, dport);
	b->l4 = 0;
}

void push_tcp(struct buf *b, const struct tcp *h)
{
	u32 optlen = h->opt ? (h->opt->len + 3) / 4 * 4 : 0, hl = 20 + optlen;
	u8 *p = push(b, hl);

	set16(p, h->sport);
	set16(p + 2, h->dport);
	set32(p + 4, h->seq);
	set32(p + 8, h->ack);
	set16(p + 12, hl / 4 << 12 | h->flags);
	set16(p + 14, h->win);
	set16(p + 18, h->urg);
	if (h->opt) {
		memcpy(p + 20, h->opt->p, h->opt->len);
		take_marks(b, p + 20, h->opt);
	}
	buf_mark(b, p + 12, 1, MARK_LEN);
	await_l4(b, 6, 16);
}

void push_gre(struct buf *b, u16 flags, u32 key, u32 seq)
{
	u32 hl =
		4 + (flags & G_CSUM ? 4u : 0) + (flags & G_KEY ? 4u : 0) + (flags & G_SEQ ? 4u : 0);
	u8 *p = push(b, hl), *q = p + 4;

	set16(p, flags);
	set16(p + 2, b->eth);
	if (flags & G_CSUM)
		q += 4;
	if (flags & G_KEY) {
		set32(q, key);
		q += 4;
	}
	if (flags & G_SEQ)
		set32(q, seq);
	if (flags & G_CSUM) {
		set16(p + 4, sum_fold(sum_add(0, p, b->len)));
		buf_mark(b, p + 4, 2, MARK_SUM);
	}
	b->proto = 47;
}

void push_vxlan(struct buf *b, u32 vni)
{
	u8 *p = push(b, 8);

	p[0] = 0x08;
	set32(p + 4, vni << 8);
}

/* ---- capture files ---- */

void out_open(struct out *o, const char *path)
{
	o->n = 0;
	o->cap = 4 << 20;
	o->mem = malloc(o->cap);
	o->f = NULL;
	if (!o->mem)
		die("memory");
	if (path && !(o->f = fopen(path, "wb")))
		die(path);
}

static void flush(struct out *o)
{
	if (o->f && fwrite(o->mem, 1, o->n, o->f) != o->n)
		die("write");
	o->n = 0;
}

void out_close(struct out *o)
{
	if (o->f) {
		flush(o);
		if (fclose(o->f))
			die("close");
	}
	free(o->mem);
	o->mem = NULL;
}

static u8 *room(struct out *o, size_t n)
{
	u8 *t;

	if (o->n + n > o->cap && o->f)
		flush(o);
	while (o->n + n > o->cap) {
		o->cap *= 2;
		if (!(o->mem = realloc(o->mem, o->cap)))
			die("memory");
	}
	t = o->mem + o->n;
	o->n += n;
	return t;
}

void out_raw(struct out *o, const void *p, size_t n)
{
	memcpy(room(o, n), p, n);
}

static void w16(const struct out *o, u8 *p, u32 v)
{
	p[o->be] = (u8)v;
	p[!o->be] = (u8)(v >> 8);
}

static void w32(const struct out *o, u8 *p, u32 v)
{
	w16(o, p + 2 * o->be, v & 0xffff);
	w16(o, p + 2 * !o->be, v >> 16);
}

void out_pcap_header(struct out *o, u32 linktype)
{
	u8 *p = room(o, 24);

	w32(o, p, o->ns ? 0xa1b23c4d : 0xa1b2c3d4);
	w16(o, p + 4, 2);
	w16(o, p + 6, 4);
	w32(o, p + 8, 0);
	w32(o, p + 12, 0);
	w32(o, p + 16, o->snaplen ? o->snaplen : 262144);
	w32(o, p + 20, linktype);
}

void out_body(const struct out *o, struct buf *body)
{
	buf_init(body);
	body->swab = !o->be;
}

void out_block(struct out *o, u32 type, const struct buf *body)
{
	u32 pad = (4 - body->len % 4) % 4, total = 12 + body->len + pad;
	u8 *p = room(o, total);

	w32(o, p, type);
	w32(o, p + 4, total);
	memcpy(p + 8, body->p, body->len);
	memset(p + 8 + body->len, 0, pad);
	w32(o, p + total - 4, total);
}

void put_opt(struct buf *body, u16 code, const void *p, size_t n)
{
	put16(body, code);
	put16(body, (u32)n);
	putb(body, p, n);
	pad_to(body, 4);
}

void out_shb(struct out *o)
{
	static struct buf body;

	out_body(o, &body);
	put32(&body, 0x1a2b3c4d);
	put16(&body, 1);
	put16(&body, 0);
	put64(&body, ~0ull);
	out_block(o, 0x0a0d0d0a, &body);
}

void out_idb(struct out *o, u32 linktype, const char *name)
{
	static struct buf body;

	out_body(o, &body);
	put16(&body, linktype);
	put16(&body, 0);
	put32(&body, o->snaplen);
	put_opt(&body, 2, name, strlen(name));
	if (o->ns)
		put_opt(&body, 9, "\x09", 1);
	put_opt(&body, 0, "", 0);
	out_block(o, 1, &body);
}

static void out_epb(struct out *o, u32 ifid, u64 ns, const u8 *data, u32 cap, u32 len)
{
	u32 padded = (cap + 3) / 4 * 4, total = 32 + padded;
	u64 t = o->ns ? ns : ns / 1000;
	u8 *p = room(o, total);

	w32(o, p, 6);
	w32(o, p + 4, total);
	w32(o, p + 8, ifid);
	w32(o, p + 12, (u32)(t >> 32));
	w32(o, p + 16, (u32)t);
	w32(o, p + 20, cap);
	w32(o, p + 24, len);
	memcpy(p + 28, data, cap);
	memset(p + 28 + cap, 0, padded - cap);
	w32(o, p + total - 4, total);
}

void out_packet(struct out *o, u32 ifid, u64 ns, const struct buf *b)
{
	u32 cap = o->snaplen && b->len > o->snaplen ? o->snaplen : b->len;
	u8 *p;

	if (o->ng) {
		out_epb(o, ifid, ns, b->p, cap, b->len);
		return;
	}
	p = room(o, 16 + cap);
	w32(o, p, (u32)(ns / 1000000000));
	w32(o, p + 4, (u32)(o->ns ? ns % 1000000000 : ns % 1000000000 / 1000));
	w32(o, p + 8, cap);
	w32(o, p + 12, b->len);
	memcpy(p + 16, b->p, cap);
}
