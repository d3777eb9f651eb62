/*
 * mkbench FILE N [SEED [SNAPLEN]]: a mixed capture of exactly N packets for `make bench`, the same
 * bytes for the same arguments. FILE ending in .pcapng gets pcapng, anything else pcap, "-" is
 * standard output; microseconds, little-endian. 65 % TCP (whole connections: handshake, requests,
 * data with delayed ACKs, losses repaired with SACK, closing or reset), 20 % UDP, the rest ICMP,
 * ARP, neighbour discovery, GRE and link protocols; 15 % of it in VLANs or tunnels.
 */
#include "build.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4096, MSS = 1400, TCP_SHARE = 65 };

enum phase { P_SYN, P_SYNACK, P_ACK, P_REQUEST, P_RESPONSE, P_FIN, P_FINACK, P_LASTACK };

enum encap { E_PLAIN, E_VLAN, E_QINQ, E_VXLAN, E_GRE, E_IPIP, E_MPLS };

struct host {
	u8 mac[6];
	u32 ip;
	u8 ip6[16];
	u16 port;
	u16 id;
};

struct conn {
	struct host h[2]; /* 0 the client, 1 the server */
	u32 nxt[2];	  /* next sequence number of each */
	u32 ts[2];	  /* timestamp clocks' offsets */
	u32 left;	  /* segments left in this response */
	u8 rounds;	  /* requests still to come */
	u8 burst;	  /* segments sent at once, growing */
	u8 phase, encap, lossy;
	bool v6, stamps;
	u16 tag;
	u32 vni;
};

struct bench {
	struct out out;
	struct rng rng;
	u64 ns;
	u64 left, total, tcp;
	u32 pace; /* mean microseconds between packets */
	struct conn *conn;
	struct buf pk, opt;
	u32 echo_seq, stream_seq;
};

static u8 payload[4][2048]; /* what data segments carry: HTTP request, HTTP response, TLS records,
			       text */

static const char request[] =
	"GET /articles/2024/reports/index.html HTTP/1.1\r\nHost: www.example.net\r\n"
	"User-Agent: bench/1.0\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n";
static const char response[] = "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\n"
			       "Content-Length: 1048576\r\n\r\n";

static void payload_init(void)
{
	static const u8 tls[5] = { 0x17, 3, 3, 0x40, 0 };

	for (int k = 0; k < 4; k++)
		for (u32 i = 0; i < sizeof payload[k]; i++)
			payload[k][i] =
				(u8)("the quick brown fox jumps over the lazy dog\n"[i % 44]);
	memcpy(payload[0], request, sizeof request - 1);
	memcpy(payload[1], response, sizeof response - 1);
	memcpy(payload[2], tls, sizeof tls);
}

/* ---- time and the file ---- */

static void tick(struct bench *w)
{
	u32 r = rng_below(&w->rng, 1u << 16);

	/* Traffic comes in spells of different density, so that 10 ms bins have something to show.
	 */
	if (r < 12)
		w->pace = 1 + rng_below(&w->rng, 24);
	w->ns += 1000 * (1 + (u64)rng_below(&w->rng, 2 * w->pace));
}

static void emit(struct bench *w)
{
	if (!w->left)
		return;
	tick(w);
	out_packet(&w->out, 0, w->ns, &w->pk);
	w->left--;
	w->total++;
}

static void host_random(struct rng *r, struct host *h, u32 net, u32 nhosts)
{
	u32 n = 1 + rng_below(r, nhosts);

	h->ip = net + n;
	memcpy(h->ip6, "\x20\x01\x0d\xb8", 4);
	memset(h->ip6 + 4, 0, 8);
	set16(h->ip6 + 6, net >> 16);
	set32(h->ip6 + 12, n);
	memcpy(h->mac, "\x02\x00", 2);
	set32(h->mac + 2, h->ip);
	h->id = (u16)rng_next(r);
}

/* ---- the layers around a transport ---- */

static void outer_udp(struct bench *w, struct conn *c, int dir)
{
	struct host *a = &c->h[dir];
	u32 other = dir ? 0x0afe0001 : 0x0afe0002, self = dir ? 0x0afe0002 : 0x0afe0001;

	push_eth(&w->pk, c->h[!dir].mac, a->mac);
	push_vxlan(&w->pk, c->vni);
	push_udp_nosum(&w->pk, (u16)(49152 + c->h[0].port % 16384), 4789);
	push_ip4(&w->pk, &(struct ip4) { .src = self, .dst = other, .id = a->id });
}

static void wrap(struct bench *w, struct conn *c, int dir)
{
	struct host *a = &c->h[dir], *b = &c->h[!dir];
	struct buf *pk = &w->pk;

	a->id++;
	if (c->v6)
		push_ip6(pk, &(struct ip6) { .src = a->ip6, .dst = b->ip6, .flow = c->tag });
	else
		push_ip4(pk, &(struct ip4) { .src = a->ip,
					     .dst = b->ip,
					     .id = a->id,
					     .frag = 0x4000,
					     .ttl = dir ? 57 : 64 });
	switch ((enum encap)c->encap) {
	case E_PLAIN: break;
	case E_VLAN: push_vlan(pk, 0x8100, c->tag & 0xfff); break;
	case E_QINQ:
		push_vlan(pk, 0x8100, c->tag & 0xfff);
		push_vlan(pk, 0x88a8, 100 + c->tag % 8);
		break;
	case E_VXLAN: outer_udp(w, c, dir); break;
	case E_GRE:
		push_gre(pk, c->vni & 1 ? G_KEY : 0, c->vni, 0);
		push_ip4(pk, &(struct ip4) { .src = 0xc0000201u + (u32)dir,
					     .dst = 0xc0000202u - (u32)dir,
					     .id = a->id });
		break;
	case E_IPIP:
		push_ip4(pk, &(struct ip4) { .src = 0xc6336401u + (u32)dir,
					     .dst = 0xc6336402u - (u32)dir,
					     .id = a->id });
		break;
	case E_MPLS:
		push_mpls(pk, c->vni, 0, true, 62);
		push_mpls(pk, 16 + c->tag, 0, false, 62);
		break;
	}
	push_eth(pk, b->mac, a->mac);
	pad_eth(pk);
	emit(w);
}

/* ---- TCP connections ---- */

static void put_stamps(struct bench *w, struct conn *c, int dir)
{
	put16(&w->opt, 0x0101);
	put16(&w->opt, 0x080a);
	put32(&w->opt, (u32)(w->ns / 1000000) + c->ts[dir]);
	put32(&w->opt, (u32)(w->ns / 1000000) + c->ts[!dir]);
}

/* One segment. sack: the right edges of a block [sack[0], sack[1]), or NULL. */
static void segment(struct bench *w, struct conn *c, int dir, u16 flags, u32 seq, u32 ack,
		    const u8 *data, u32 len, const u32 *sack)
{
	buf_init(&w->opt);
	if (flags & T_SYN) {
		putx(&w->opt, "0204 0578 0402 0103 0307");
		put16(&w->opt, 0x0101);
	}
	if (c->stamps)
		put_stamps(w, c, dir);
	if (sack) {
		putx(&w->opt, "0101 050a");
		put32(&w->opt, sack[0]);
		put32(&w->opt, sack[1]);
	}
	buf_init(&w->pk);
	putb(&w->pk, data, len);
	push_tcp(&w->pk,
		 &(struct tcp) { .sport = c->h[dir].port,
				 .dport = c->h[!dir].port,
				 .seq = seq,
				 .ack = ack,
				 .flags = flags,
				 .win = (u16)(flags & T_SYN ? 64240 : 501 + (seq >> 16) % 64),
				 .opt = &w->opt });
	w->tcp += w->left > 0;
	wrap(w, c, dir);
}

/* What data of this direction looks like. */
static const u8 *body(const struct conn *c, int dir)
{
	return payload[c->h[1].port == 80 ? dir : c->h[1].port == 443 ? 2 : 3];
}

static void plain(struct bench *w, struct conn *c, int dir, u16 flags, u32 len)
{
	segment(w, c, dir, flags, c->nxt[dir], flags & T_ACK ? c->nxt[!dir] : 0, body(c, dir), len,
		NULL);
	c->nxt[dir] += len + !!(flags & (T_SYN | T_FIN));
}

/* Heavy-tailed: most responses are short, a few are long, and those make most of the traffic. */
static u32 response_size(struct rng *r)
{
	u32 k = rng_below(r, 100);

	return k < 70 ? rng_in(r, 1, 6) : k < 95 ? rng_in(r, 6, 60) : rng_in(r, 60, 900);
}

static void conn_open(struct bench *w, struct conn *c)
{
	static const u16 ports[8] = { 80, 443, 443, 443, 8080, 22, 5432, 5201 };
	static const u8 encaps[32] = { E_VLAN,	E_VLAN, E_QINQ, E_VXLAN,
				       E_VXLAN, E_GRE,	E_IPIP, E_MPLS };
	struct rng *r = &w->rng;

	host_random(r, &c->h[0], 0x0a000000u | rng_below(r, 16) << 16, 4000);
	host_random(r, &c->h[1], 0xc0a80000u | rng_below(r, 4) << 8, 200);
	c->h[0].port = (u16)rng_in(r, 32768, 60999);
	c->h[1].port = ports[rng_below(r, 8)];
	for (int k = 0; k < 2; k++) {
		c->nxt[k] = (u32)rng_next(r);
		c->ts[k] = (u32)rng_next(r);
	}
	c->tag = (u16)rng_in(r, 2, 4000);
	c->vni = rng_in(r, 1, 64);
	c->v6 = rng_below(r, 100) < 15;
	c->stamps = rng_below(r, 100) < 85;
	c->encap = encaps[rng_below(r, 32)];
	c->lossy = rng_below(r, 8) == 0;
	c->rounds = (u8)rng_below(r, 5);
	c->rounds = (u8)(1 + c->rounds * rng_below(r, 3));
	c->burst = 2;
	c->phase = P_SYN;
}

/* A flight of data from the server and the client's acknowledgments; in lossy connections now and
 * then with a loss and its repair. */
static void flight(struct bench *w, struct conn *c)
{
	u32 n = c->left < c->burst ? c->left : c->burst;
	bool lose = c->lossy && n >= 5 && rng_below(&w->rng, 4) == 0;
	u32 hole = c->nxt[1];

	for (u32 i = 0; i < n; i++) {
		u32 len = c->left == 1 ? rng_in(&w->rng, 1, MSS) : MSS;

		c->left--;
		plain(w, c, 1, (u16)(T_ACK | (i + 1 == n ? T_PSH : 0)), len);
		if (!lose && (i % 2 == 1 || i + 1 == n))
			plain(w, c, 0, T_ACK, 0);
	}
	if (lose) {
		for (u32 i = 1; i < n; i++) {
			u32 block[2] = { hole + MSS,
					 i + 1 == n ? c->nxt[1] : hole + (i + 1) * MSS };

			segment(w, c, 0, T_ACK, c->nxt[0], hole, NULL, 0, block);
		}
		segment(w, c, 1, T_ACK, hole, c->nxt[0], body(c, 1), MSS, NULL);
		plain(w, c, 0, T_ACK, 0);
		c->burst = (u8)(c->burst / 2);
	} else if (c->burst < 24) {
		c->burst++;
	}
}

static void conn_step(struct bench *w, struct conn *c)
{
	struct rng *r = &w->rng;

	switch ((enum phase)c->phase) {
	case P_SYN: plain(w, c, 0, T_SYN, 0); break;
	case P_SYNACK: plain(w, c, 1, T_SYN | T_ACK, 0); break;
	case P_ACK: plain(w, c, 0, T_ACK, 0); break;
	case P_REQUEST:
		plain(w, c, 0, T_PSH | T_ACK, sizeof request - 1);
		plain(w, c, 1, T_ACK, 0);
		c->left = response_size(r);
		break;
	case P_RESPONSE:
		flight(w, c);
		if (c->left)
			return;
		if (--c->rounds) {
			c->phase = P_REQUEST;
			return;
		}
		if (rng_below(r, 50) == 0) {
			plain(w, c, 0, T_RST | T_ACK, 0);
			conn_open(w, c);
			return;
		}
		break;
	case P_FIN: plain(w, c, 0, T_FIN | T_ACK, 0); break;
	case P_FINACK: plain(w, c, 1, T_FIN | T_ACK, 0); break;
	case P_LASTACK:
		plain(w, c, 0, T_ACK, 0);
		conn_open(w, c);
		return;
	}
	c->phase++;
}

/* ---- everything else ---- */

static struct conn *pair(struct bench *w)
{
	static struct conn c;

	conn_open(w, &c);
	c.encap = E_PLAIN;
	return &c;
}

static void put_name(struct buf *b, u32 n)
{
	putstr(b, "\4host");
	put8(b, 'a' + n % 26);
	b->p[b->len - 6] = 5;
	putstr(b, "\7example\3net");
	put8(b, 0);
}

static void dns(struct bench *w)
{
	struct conn *c = pair(w);
	u32 id = rng_below(&w->rng, 65536), name = rng_below(&w->rng, 26);

	for (int dir = 0; dir < 2; dir++) {
		buf_init(&w->pk);
		put16(&w->pk, id);
		put16(&w->pk, dir ? 0x8180 : 0x0100);
		put16(&w->pk, 1);
		put16(&w->pk, (u32)dir);
		put32(&w->pk, 0);
		put_name(&w->pk, name);
		put32(&w->pk, 0x00010001);
		if (dir) {
			putx(&w->pk, "c00c 0001 0001 0000012c 0004");
			put32(&w->pk, 0xc0a80000u + name);
		}
		push_udp(&w->pk, dir ? 53 : c->h[0].port, dir ? c->h[0].port : 53);
		wrap(w, c, dir);
	}
}

static void udp_stream(struct bench *w, u16 port, u32 size)
{
	static struct conn c[8];
	struct conn *s = &c[rng_below(&w->rng, 8)];

	if (!s->h[0].port) {
		conn_open(w, s);
		s->encap = rng_below(&w->rng, 3) ? E_PLAIN : E_VXLAN;
	}
	for (u32 n = rng_in(&w->rng, 1, 4); n; n--) {
		buf_init(&w->pk);
		if (port == 5201) { /* the iperf3 header: seconds, microseconds, number */
			put32(&w->pk, (u32)(w->ns / 1000000000));
			put32(&w->pk, (u32)(w->ns % 1000000000 / 1000));
			put32(&w->pk, ++w->stream_seq);
		} else {
			put8(&w->pk, 0x40 | (w->stream_seq++ & 3));
		}
		putb(&w->pk, payload[3], size);
		push_udp(&w->pk, s->h[0].port, port);
		wrap(w, s, 0);
	}
}

static void ntp(struct bench *w)
{
	struct conn *c = pair(w);

	for (int dir = 0; dir < 2; dir++) {
		buf_init(&w->pk);
		putx(&w->pk, dir ? "24 02 06 e8 00000100 00000200 c0a80001"
				 : "23 00 06 ec 00000000 00000000 00000000");
		putz(&w->pk, 24);
		put32(&w->pk, (u32)(w->ns / 1000000000) + 2208988800u);
		put32(&w->pk, (u32)rng_next(&w->rng));
		push_udp(&w->pk, dir ? 123 : c->h[0].port, dir ? c->h[0].port : 123);
		wrap(w, c, dir);
	}
}

static void udp(struct bench *w)
{
	u32 k = rng_below(&w->rng, 100);

	if (k < 45)
		dns(w);
	else if (k < 50)
		ntp(w);
	else if (k < 80)
		udp_stream(w, 443, rng_in(&w->rng, 30, 1200));
	else
		udp_stream(w, 5201, 1000);
}

static void ping(struct bench *w)
{
	struct conn *c = pair(w);
	u32 id = rng_below(&w->rng, 65536), seq = w->echo_seq++ & 0xffff;

	c->encap = rng_below(&w->rng, 4) ? E_PLAIN : E_GRE;
	for (int dir = 0; dir < 2; dir++) {
		buf_init(&w->pk);
		putfill(&w->pk, 56);
		if (c->v6)
			push_icmp6(&w->pk, dir ? 129 : 128, 0, id << 16 | seq);
		else
			push_icmp4(&w->pk, dir ? 0 : 8, 0, id << 16 | seq);
		wrap(w, c, dir);
	}
}

static void arp(struct bench *w)
{
	static const u8 all[6] = { 255, 255, 255, 255, 255, 255 }, none[6];
	struct conn *c = pair(w);
	struct host *a = &c->h[0], *b = &c->h[1];

	buf_init(&w->pk);
	push_arp(&w->pk,
		 &(struct arp) { .op = 1, .sha = a->mac, .tha = none, .spa = a->ip, .tpa = b->ip });
	push_eth(&w->pk, all, a->mac);
	pad_eth(&w->pk);
	emit(w);
	buf_init(&w->pk);
	push_arp(&w->pk,
		 &(struct arp) {
			 .op = 2, .sha = b->mac, .tha = a->mac, .spa = b->ip, .tpa = a->ip });
	push_eth(&w->pk, a->mac, b->mac);
	pad_eth(&w->pk);
	emit(w);
}

static void neighbour(struct bench *w)
{
	struct conn *c = pair(w);

	c->v6 = true;
	for (int dir = 0; dir < 2; dir++) {
		buf_init(&w->pk);
		putb(&w->pk, c->h[1].ip6, 16);
		put16(&w->pk, dir ? 0x0201 : 0x0101);
		putb(&w->pk, c->h[dir].mac, 6);
		push_icmp6(&w->pk, dir ? 136 : 135, 0, dir ? 0x60000000 : 0);
		push_ip6(
			&w->pk,
			&(struct ip6) { .src = c->h[dir].ip6, .dst = c->h[!dir].ip6, .hlim = 255 });
		push_eth(&w->pk, c->h[!dir].mac, c->h[dir].mac);
		emit(w);
	}
}

static void bridge(struct bench *w)
{
	static const u8 group[6] = { 1, 0x80, 0xc2, 0, 0, 0 }, self[6] = { 2, 0, 0, 0, 0, 1 };

	buf_init(&w->pk);
	putx(&w->pk, "424203 0000 02 02 3c 8000 020000000001 00000000 8000 020000000001 8001 0000 "
		     "1400 0200 0f00 00");
	push_802_3(&w->pk, group, self);
	pad_eth(&w->pk);
	emit(w);
}

static void other(struct bench *w)
{
	u32 k = rng_below(&w->rng, 100);

	/* Of these 35 % of the capture, 20 are UDP. */
	if (k < 46)
		udp(w);
	else if (k < 74)
		ping(w);
	else if (k < 90)
		arp(w);
	else if (k < 99)
		neighbour(w);
	else
		bridge(w);
}

static void run(struct bench *w, u64 n)
{
	w->left = n;
	w->pace = 8;
	w->ns = 1700000000ull * 1000000000;
	w->conn = calloc(SLOTS, sizeof *w->conn);
	if (!w->conn)
		abort();
	/* A small capture has fewer connections open at once, or it would show no more than
	 * handshakes. */
	u32 slots = n / 200 < 16 ? 16 : n / 200 > SLOTS ? SLOTS : (u32)(n / 200);

	for (u32 i = 0; i < slots; i++)
		conn_open(w, &w->conn[i]);
	while (w->left) {
		if (w->tcp * 100 <= w->total * TCP_SHARE)
			conn_step(w, &w->conn[rng_below(&w->rng, slots)]);
		else
			other(w);
	}
	free(w->conn);
}

int main(int argc, char **argv)
{
	static struct bench w;
	const char *path;
	char *end;
	u64 n;

	if (argc < 3 || argc > 5 || !(n = strtoull(argv[2], &end, 10)) || *end) {
		fputs("usage: mkbench FILE N [SEED [SNAPLEN]]\n", stderr);
		return 2;
	}
	path = argv[1];
	rng_seed(&w.rng, argc > 3 ? strtoull(argv[3], NULL, 0) : 1);
	w.out.snaplen = argc > 4 ? (u32)strtoul(argv[4], NULL, 0) : 128;
	w.out.ng = strlen(path) > 7 && !strcmp(path + strlen(path) - 7, ".pcapng");
	payload_init();
	out_open(&w.out, strcmp(path, "-") ? path : "/dev/stdout");
	if (w.out.ng) {
		out_shb(&w.out);
		out_idb(&w.out, 1, "bench0");
	} else {
		out_pcap_header(&w.out, 1);
	}
	run(&w, n);
	out_close(&w.out);
	return 0;
}
