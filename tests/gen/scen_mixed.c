/*
 * Captures made from the others: every packet in one file, packets in chains of tunnels, frames cut
 * short, and the malformed: wrong lengths in every length field, wrong checksums, the traces of
 * offload, trailing bytes, noise.
 */
#include "caps.h"

#include <stdlib.h>
#include <string.h>

/* ---- all good Ethernet frames of the other tables ---- */

struct kept {
	u32 len, nmarks;
	u8 *bytes;
	struct mark *marks; /* at counts from the first byte */
};

struct pool {
	struct kept *v;
	u32 n, cap;
	u32 start[128]; /* where each scenario begins */
	u32 nstart;
};

static void *copy_of(const void *p, size_t n)
{
	void *q = malloc(n ? n : 1);

	if (!q)
		abort();
	return memcpy(q, p, n);
}

static void keep(struct cap *c, struct buf *b)
{
	struct pool *p = c->hook_arg;
	struct kept *k;

	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 1024;
		if (!(p->v = realloc(p->v, p->cap * sizeof *p->v)))
			abort();
	}
	k = &p->v[p->n++];
	k->len = b->len;
	k->bytes = copy_of(b->p, b->len);
	k->nmarks = b->nmarks;
	k->marks = copy_of(b->marks, b->nmarks * sizeof *b->marks);
	for (u32 i = 0; i < k->nmarks; i++)
		k->marks[i].at -= (u32)(b->p - b->mem);
}

static void pool_fill(struct cap *c, struct pool *p)
{
	memset(p, 0, sizeof *p);
	for (int t = 0; scen_tables[t]; t++) {
		if (scen_tables[t] == scen_mixed || scen_tables[t] == scen_file ||
		    scen_tables[t] == scen_damage || scen_tables[t] == scen_trouble)
			continue;
		for (const struct scen *s = scen_tables[t]; s->file; s++) {
			if (s->kind != GOOD || s->linktype != 1)
				continue;
			p->start[p->nstart++] = p->n;
			cap_peers(c);
			cap_run(c, s, keep, p);
		}
	}
	p->start[p->nstart] = p->n;
}

static void pool_free(struct pool *p)
{
	for (u32 i = 0; i < p->n; i++) {
		free(p->v[i].bytes);
		free(p->v[i].marks);
	}
	free(p->v);
}

static struct buf *take(struct cap *c, const struct kept *k)
{
	struct buf *b = cap_new(c);

	putb(b, k->bytes, k->len);
	return b;
}

/* Call use() on every frame: the order within a scenario is kept, the scenarios are shuffled into
 * each other. */
static void shuffled(struct cap *c, void (*use)(struct cap *, const struct kept *))
{
	struct pool p;
	u32 at[128], open;

	pool_fill(c, &p);
	memcpy(at, p.start, sizeof at);
	for (open = p.n; open; open--) {
		u32 pick = rng_below(&c->rng, open), s = 0;

		for (; pick >= p.start[s + 1] - at[s]; s++)
			pick -= p.start[s + 1] - at[s];
		use(c, &p.v[at[s]++]);
	}
	pool_free(&p);
}

/* Call use() on every frame, in order. */
static void in_order(struct cap *c, void (*use)(struct cap *, const struct kept *))
{
	struct pool p;

	pool_fill(c, &p);
	for (u32 i = 0; i < p.n; i++)
		use(c, &p.v[i]);
	pool_free(&p);
}

/* ---- whole ---- */

static void use_whole(struct cap *c, const struct kept *k)
{
	cap_frame(c, take(c, k));
}

static void make_mixed(struct cap *c)
{
	shuffled(c, use_whole);
}

static void make_mixed_ns(struct cap *c)
{
	c->out.ng = c->out.ns = true;
	out_shb(&c->out);
	out_idb(&c->out, 1, "mixed0");
	shuffled(c, use_whole);
}

static void make_nested(struct cap *c)
{
	for (u32 i = 0; i < 400; i++) {
		struct buf *b = cap_new(c);

		cap_peers(c);
		putfill(b, rng_below(&c->rng, 60));
		switch (i % 4) {
		case 0: push_udp(b, cap_port(c), 9); break;
		case 1:
			push_tcp(b, &(struct tcp) { .sport = cap_port(c),
						    .dport = 9,
						    .seq = 1000 * i,
						    .ack = 1,
						    .flags = T_ACK });
			break;
		case 2: push_icmp6(b, 128, 0, i); break;
		case 3: push_icmp4(b, 8, 0, i); break;
		}
		if (i % 4 == 2 || (i % 4 < 2 && i & 8))
			push_ip6(b, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
		else
			push_ip4(b, &(struct ip4) { .src = c->a.ip, .dst = c->b.ip, .id = (u16)i });
		cap_nest(c, b, 1 + i % 6);
	}
	for (u32 i = 0; i < 12; i++) { /* deeper than a decoder needs to go */
		struct buf *b = cap_new(c);

		push_udp(b, 1, 9);
		for (u32 k = 0; k < 10 + 6 * i; k++)
			push_ip4(b, &(struct ip4) { .src = 0x0a000000 + k, .dst = 0x0b000000 + k });
		cap_eth(c, b);
	}
}

/* ---- cut by the capture ---- */

static void cut(struct cap *c, struct buf *b, u32 n)
{
	c->out.snaplen = n;
	if (n)
		cap_frame(c, b);
	c->out.snaplen = 0;
}

static void use_cut_96(struct cap *c, const struct kept *k)
{
	cut(c, take(c, k), 96);
}

static void use_cut_anywhere(struct cap *c, const struct kept *k)
{
	cut(c, take(c, k), rng_in(&c->rng, 1, k->len));
}

static void make_cut_96(struct cap *c)
{
	in_order(c, use_cut_96);
}

static void make_cut_anywhere(struct cap *c)
{
	in_order(c, use_cut_anywhere);
}

/* ---- malformed ---- */

static u32 get_n(const u8 *p, u32 n)
{
	u32 v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

static void set_n(u8 *p, u32 n, u32 v)
{
	while (n--) {
		p[n] = (u8)v;
		v >>= 8;
	}
}

/* Each length field of the frame wrong in a frame of its own. */
static void use_bad_length(struct cap *c, const struct kept *k)
{
	for (u32 i = 0; i < k->nmarks; i++) {
		const struct mark *m = &k->marks[i];
		struct buf *b;
		u32 v, wrong[8];

		if (m->kind != MARK_LEN || m->at + m->size > k->len)
			continue;
		b = take(c, k);
		v = get_n(b->p + m->at, m->size);
		wrong[0] = 0;
		wrong[1] = 1;
		wrong[2] = v - 1;
		wrong[3] = v + 1;
		wrong[4] = ~0u;
		wrong[5] = v + 0x10;
		wrong[6] = v - 0x10;
		wrong[7] = v ^ rng_in(&c->rng, 1, 127);
		set_n(b->p + m->at, m->size, wrong[rng_below(&c->rng, 8)]);
		cap_frame(c, b);
	}
}

static void use_bad_checksum(struct cap *c, const struct kept *k)
{
	for (u32 i = 0; i < k->nmarks; i++) {
		const struct mark *m = &k->marks[i];
		struct buf *b;

		if (m->kind == MARK_LEN || m->at + m->size > k->len)
			continue;
		b = take(c, k);
		b->p[m->at + 1] ^= (u8)rng_in(&c->rng, 1, 255);
		cap_frame(c, b);
	}
}

static void make_bad_length(struct cap *c)
{
	in_order(c, use_bad_length);
}

static void make_bad_checksum(struct cap *c)
{
	in_order(c, use_bad_checksum);
}

/* What a capture shows of a sender whose network card computes the checksum. */
static void use_partial(struct cap *c, const struct kept *k)
{
	for (u32 i = 0; i < k->nmarks; i++) {
		const struct mark *m = &k->marks[i];
		struct buf *b;

		if (m->kind != MARK_L4SUM || !m->partial || m->at + 2 > k->len ||
		    rng_below(&c->rng, 4))
			continue;
		b = take(c, k);
		set16(b->p + m->at, m->partial);
		cap_frame(c, b);
	}
}

static void make_offload(struct cap *c)
{
	in_order(c, use_partial);
	for (u32 i = 0; i < 6; i++) { /* segmentation offload: segments larger than a frame, the
					 last two with total length 0 */
		struct buf *b = cap_new(c);

		putfill(b, 8000 + 10000 * i);
		push_tcp(b, &(struct tcp) { .sport = 40000,
					    .dport = 9,
					    .seq = 1 + 60000 * i,
					    .ack = 1,
					    .flags = T_ACK,
					    .win = 500 });
		if (i & 1)
			push_ip6(b, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
		else
			push_ip4(b, &(struct ip4) { .src = c->a.ip, .dst = c->b.ip });
		if (i == 4)
			set16(b->p + 2, 0);
		if (i == 5)
			set16(b->p + 4, 0);
		cap_eth(c, b);
	}
}

/* Bytes behind the packet: zeros, noise, a frame check sequence. */
static void use_trailing(struct cap *c, const struct kept *k)
{
	struct buf *b;

	if (rng_below(&c->rng, 4))
		return;
	b = take(c, k);
	for (u32 n = rng_in(&c->rng, 1, 24), noise = rng_below(&c->rng, 2); n; n--)
		put8(b, noise ? cap_u32(c) : 0);
	cap_frame(c, b);
}

static void make_trailing(struct cap *c)
{
	in_order(c, use_trailing);
}

/* The wire itself ended too soon: captured length and length on the wire agree, the headers say
 * more. */
static void use_short(struct cap *c, const struct kept *k)
{
	struct buf *b = take(c, k);

	if (rng_below(&c->rng, 2))
		return;
	b->len = rng_in(&c->rng, 1, k->len);
	cap_frame(c, b);
}

static void make_short(struct cap *c)
{
	in_order(c, use_short);
}

static void use_noise(struct cap *c, const struct kept *k)
{
	struct buf *b = take(c, k);

	for (u32 n = rng_in(&c->rng, 1, 4); n; n--) {
		u32 at = rng_below(&c->rng, b->len);

		b->p[at] = (u8)cap_u32(c);
	}
	cap_frame(c, b);
}

static void make_noise(struct cap *c)
{
	in_order(c, use_noise);
}

/* ---- options that go wrong ---- */

static void bad_tcp_options(struct cap *c)
{
	static const char *const bad[] = {
		"02000000",		    /* length 0 */
		"02010000",		    /* shorter than its own header */
		"0203 05 00",		    /* MSS of one byte */
		"0205 05b4 00",		    /* of three */
		"01010102",		    /* the kind is the last byte */
		"0101 02ff",		    /* beyond the header */
		"0303 ff 00",		    /* a scale of 255 */
		"0302 0101",		    /* no scale */
		"0403 00 00",		    /* SACK permitted with a byte too many */
		"050a 00000001",	    /* half a block */
		"0509 0000000100 00000200", /* not whole blocks */
		"0502 0000",		    /* no block */
		"080a 0000",		    /* timestamps cut off */
		"0808 00000001 0000 0000",
		"1e02 0000",	       /* MPTCP without a subtype */
		"1e03 20 00",	       /* DSS without flags */
		"1e08 20 0f 00000001", /* shorter than its flags say */
		"1e03 00 00",
		"1e05 30 01 0a 000000",
		"1e0c 10 01 00000001 00000002 01",
		"2203 01 00", /* a cookie of one byte */
		"1303 00 00",
		"1d02 0000",
		"1c03 00 00",
		"fe03 f9 00",
		"010100ff", /* bytes behind the end of the list */
	};

	for (u32 i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct buf *b = cap_new(c), *opt = cap_opt(c);

		putx(opt, bad[i]);
		push_tcp(b, &(struct tcp) { .sport = cap_port(c),
					    .dport = 9,
					    .seq = 1,
					    .flags = i & 1 ? T_ACK : T_SYN,
					    .opt = opt });
		cap_l4(c, b);
	}
}

static void bad_ip_options(struct cap *c)
{
	static const char *const bad4[] = {
		"07000000",	  "07010000",	       "07020000",
		"0703 00 00",	  "0707 03 000000 00", "0707 ff 00000000 00",
		"4402 0000",	  "4404 05 00",	       "4406 05 00 0000",
		"44ff 0500",	  "8303 04 00",	       "9403 00 00",
		"9405 000000 00", "00ffffff",	       "01010107"
	};
	static const char *const bad6[] = { "0100 0100 01 ff",	  "05 00 01 04 0000",
					    "0501 00 01 02 0000", "c2 04 000000",
					    "01 ff 00000000",	  "c9 04 00000000",
					    "04 05 00000000" };
	struct buf *b, *o;

	for (u32 i = 0; i < sizeof bad4 / sizeof *bad4; i++) {
		b = cap_new(c);
		o = cap_opt(c);
		putfill(b, 20);
		push_udp(b, cap_port(c), 9);
		putx(o, bad4[i]);
		push_ip4(b, &(struct ip4) { .src = c->a.ip, .dst = c->b.ip, .opt = o });
		cap_eth(c, b);
	}
	for (u32 i = 0; i < 2 * sizeof bad6 / sizeof *bad6; i++) {
		b = cap_new(c);
		o = cap_opt(c);
		putfill(b, 20);
		push_udp(b, cap_port(c), 9);
		putx(o, bad6[i / 2]);
		while (o->len % 8 != 6)
			put8(o, 0);
		push_ext6(b, i & 1 ? 60 : 0, o);
		cap_v6(c, b);
	}
	for (u32 i = 0; i < 4; i++) { /* routing headers with more segments left than they have; a
					 fragment that is not whole units */
		b = cap_new(c);
		o = cap_opt(c);
		putfill(b, 21);
		push_udp(b, cap_port(c), 9);
		putx(o, (const char *[]) { "00 09 00000000", "02 05 00000000", "04 07 00 00 0000",
					   "63 01 00000000" }[i]);
		push_ext6(b, 43, o);
		push_frag6(b, 0, i & 1, 7);
		cap_v6(c, b);
	}
}

static void bad_headers(struct cap *c)
{
	static const u8 firsts[] = { 0x00, 0x35, 0x55, 0x40, 0x44, 0x4f, 0x65, 0x70, 0xf5 };
	struct buf *b;

	for (u32 i = 0; i < sizeof firsts; i++) { /* versions and header lengths */
		b = cap_new(c);
		putfill(b, 16);
		push_udp(b, cap_port(c), 9);
		push_ip4(b, &(struct ip4) { .src = c->a.ip, .dst = c->b.ip });
		b->p[0] = firsts[i];
		cap_eth(c, b);
		b = cap_new(c);
		putfill(b, 16);
		push_udp(b, cap_port(c), 9);
		push_ip6(b, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
		b->p[0] = firsts[i];
		cap_eth(c, b);
	}
	for (u32 doff = 0; doff < 16; doff++) {
		b = cap_new(c);
		push_tcp(b, &(struct tcp) { .sport = cap_port(c), .dport = 9, .flags = T_ACK });
		b->p[12] = (u8)(doff << 4);
		cap_l4(c, b);
	}
	for (u32 i = 0; i < 3;
	     i++) { /* fragments: overlap, beyond 64 KB, and one too short to hold the ports */
		b = cap_new(c);
		putfill(b, i == 2 ? 4 : 64);
		b->proto = 17;
		push_ip4(b, &(struct ip4) { .src = c->a.ip,
					    .dst = c->b.ip,
					    .id = 5,
					    .frag = (u16)(i == 0   ? 0x2004
							  : i == 1 ? 0x1fff
								   : 0x2000) });
		cap_eth(c, b);
	}
	b = cap_new(c); /* UDP in IPv6 without a checksum */
	putfill(b, 16);
	push_udp_nosum(b, cap_port(c), 9);
	cap_v6(c, b);
	b = cap_new(c); /* Ethernet that ends inside its own header, and one that ends behind it */
	putfill(b, 9);
	cap_frame(c, b);
	b = cap_new(c);
	push_eth(b, c->b.mac, c->a.mac);
	cap_frame(c, b);
}

/* Names that loop, point forward, point behind the end, or are too long. */
static void bad_names(struct cap *c)
{
	static const char *const bad[] = {
		"c00c", "03 777777 c00c", "c0ff",      "c010",	  "03 777777 c012",
		"40",	"80 01",	  "3f 777777", "03 7777", "00",
	};
	struct buf *b;

	for (u32 i = 0; i < sizeof bad / sizeof *bad; i++) {
		b = cap_new(c);
		putx(b, "0001 0100 0001 0000 0000 0000");
		putx(b, bad[i]);
		if (i != 8)
			put32(b, 0x00010001);
		push_udp(b, cap_port(c), 53);
		cap_l4(c, b);
	}
	b = cap_new(c); /* 127 labels of 63 bytes */
	putx(b, "0001 0100 0001 0000 0000 0000");
	for (u32 i = 0; i < 127; i++) {
		put8(b, 63);
		putfill(b, 63);
	}
	putx(b, "00 0001 0001");
	push_udp(b, cap_port(c), 53);
	cap_v4(c, b);
	b = cap_new(c); /* 65535 records, of which there are none */
	putx(b, "0001 8180 ffff ffff ffff ffff");
	push_udp(b, 53, cap_port(c));
	cap_v4(c, b);
	b = cap_new(c); /* a label with control characters, an escape sequence and broken UTF-8 */
	putx(b, "0001 0100 0001 0000 0000 0000 0a 1b5b33316d 0a 0d c3 28 e2 09 e280ae c29b 00 7f2e "
		"00 0001 0001");
	push_udp(b, cap_port(c), 53);
	cap_v4(c, b);
}

static void make_bad_options(struct cap *c)
{
	bad_tcp_options(c);
	bad_ip_options(c);
	bad_headers(c);
	bad_names(c);
}

const struct scen scen_mixed[] = {
	{ "nested.pcap", GOOD, 1, make_nested,
	  "UDP, TCP and ICMP in one to six tunnels of all kinds, and IPIP up to 76 deep" },
	{ "mixed.pcap", GOOD, 1, make_mixed,
	  "all good Ethernet packets of all other captures, shuffled" },
	{ "mixed-ns.pcapng", GOOD, LINK_SELF, make_mixed_ns,
	  "the same in another order, pcapng with nanoseconds" },
	{ "cut-96.pcap", ODD, 1, make_cut_96, "all of them cut to 96 bytes by the capture" },
	{ "cut-anywhere.pcap", ODD, 1, make_cut_anywhere,
	  "all of them cut at a random length by the capture" },
	{ "trailing.pcap", ODD, 1, make_trailing, "zeros or noise behind the packet" },
	{ "offload.pcap", ODD, 1, make_offload,
	  "partial checksums, and segments larger than a frame, as offload leaves them" },
	{ "bad-length.pcap", MALFORMED, 1, make_bad_length,
	  "each length field of each packet wrong, one at a time" },
	{ "bad-checksum.pcap", MALFORMED, 1, make_bad_checksum,
	  "each checksum of each packet wrong, one at a time" },
	{ "bad-options.pcap", MALFORMED, 1, make_bad_options,
	  "options of wrong length, impossible headers, names that loop" },
	{ "bad-short.pcap", MALFORMED, 1, make_short,
	  "frames that end too soon on the wire itself" },
	{ "bad-noise.pcap", MALFORMED, 1, make_noise,
	  "one to four bytes of each packet replaced by noise" },
	{ 0 },
};
