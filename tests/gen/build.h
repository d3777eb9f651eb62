/*
 * Packet builder and capture writer of the test generators: an oracle that shares no code with
 * tapdeck.
 *
 * A packet is built from the inside out. Payload is appended at the tail (put_*), then each header
 * is pushed in front (push_*). A pushed header remembers how the layer outside must name it
 * (ethertype, IP protocol, PPP protocol), and a transport checksum is filled in by the IP header
 * that carries it. So any nesting is written as the list of its layers, innermost first.
 */
#ifndef TESTS_GEN_BUILD_H
#define TESTS_GEN_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

enum { BUF_HEAD = 2048, BUF_TAIL = 68 * 1024, MARKS = 120 };

/* A length or checksum field, noted while it is built so that a malformed twin can be made. */
enum mark_kind { MARK_LEN, MARK_SUM, MARK_L4SUM };
struct mark {
	u32 at;	     /* index into mem: headers pushed later do not move it */
	u8 size;     /* bytes */
	u8 kind;     /* enum mark_kind */
	u16 partial; /* MARK_L4SUM: what a sender with checksum offload leaves there */
};

/* A packet in the making, or any run of bytes (an options field, a file block). */
struct buf {
	u8 *p;	   /* first byte */
	u32 len;   /* bytes from p */
	u16 eth;   /* ethertype by which an outer layer names what is at p */
	u16 ppp;   /* PPP protocol of it */
	u8 proto;  /* IP protocol of it */
	u8 l4;	   /* transport whose checksum awaits its IP header, 0 if none */
	u32 l4len; /* length of that transport, header included */
	u32 l4sum; /* offset of its checksum field */
	bool swab; /* put16 and friends write little-endian (file blocks, some link types) */
	u8 nmarks;
	struct mark marks[MARKS];
	u8 mem[BUF_HEAD + BUF_TAIL];
};

/* ---- chance: xorshift64*, the same numbers everywhere ---- */
struct rng {
	u64 s;
};
void rng_seed(struct rng *r, u64 seed);
u64 rng_next(struct rng *r);
/* A number in [0, n). n > 0. */
u32 rng_below(struct rng *r, u32 n);
/* A number in [lo, hi], both ends included. */
u32 rng_in(struct rng *r, u32 lo, u32 hi);

/* ---- bytes ---- */
void buf_init(struct buf *b);
void put8(struct buf *b, u32 v);
void put16(struct buf *b, u32 v);
void put24(struct buf *b, u32 v);
void put32(struct buf *b, u32 v);
void put64(struct buf *b, u64 v);
void putb(struct buf *b, const void *p, size_t n);
void putstr(struct buf *b, const char *s); /* without its NUL */
void putbuf(struct buf *b, const struct buf *from);
void putx(struct buf *b, const char *hex); /* "00 11 2233": blanks are skipped */
void putz(struct buf *b, size_t n);	   /* n zero bytes */
void putfill(struct buf *b, size_t n);	   /* n bytes 00 01 02 ... */
void pad_to(struct buf *b, u32 multiple);  /* zero bytes up to a multiple of it */
/* Prepend n zero bytes and return the first. */
u8 *push(struct buf *b, u32 n);
void set16(u8 *p, u32 v);
void set32(u8 *p, u32 v);
u32 get16(const u8 *p);
u32 get32(const u8 *p);

/* Make dst a copy of src; they may not be the same. */
void buf_copy(struct buf *dst, const struct buf *src);
/*
 * A length field of size bytes at the tail, then its contents, then its close, which writes the
 * number of bytes put since plus bias. Returns what close wants. They nest.
 */
u32 len_open(struct buf *b, u32 size);
void len_close(struct buf *b, u32 at, int bias);
/* Note the field of size bytes at p, which lies inside b. More than MARKS are forgotten. */
void buf_mark(struct buf *b, const u8 *p, u32 size, enum mark_kind kind);

/* ---- addresses ---- */
u32 ip4a(const char *dotted);
/* The 16 bytes of an IPv6 address; one of 64 static buffers in turn. */
const u8 *ip6a(const char *text);
/* The 6 bytes of "02:00:00:00:00:01"; one of 64 static buffers in turn. */
const u8 *maca(const char *text);

/* ---- checksums ---- */
/* Ones' complement sum of n bytes added to sum, not folded. */
u64 sum_add(u64 sum, const void *p, size_t n);
u16 sum_fold(u64 sum); /* folded and complemented */
u32 crc32c(const void *p, size_t n);

/* ---- headers ---- */
void push_eth(struct buf *b, const u8 *dst, const u8 *src);   /* type from b->eth */
void push_802_3(struct buf *b, const u8 *dst, const u8 *src); /* length from b->len */
void push_vlan(struct buf *b, u16 tpid, u16 tci);
void push_mpls(struct buf *b, u32 label, u32 tc, bool bottom, u8 ttl);

struct ip4 {
	u32 src, dst;
	u32 final; /* where a source route ends: counts in the transport's checksum; 0: dst */
	u8 ttl;	   /* 0: 64 */
	u8 tos;
	u16 id;
	u16 frag; /* flags and offset in units of 8, as on the wire: 0x4000 is DF, 0x2000 is MF */
	const struct buf *opt; /* padded with zero bytes to a multiple of 4 */
};
void push_ip4(struct buf *b, const struct ip4 *h);

struct ip6 {
	const u8 *src, *dst;
	const u8 *final; /* the last address of a routing header, NULL: dst */
	u8 hlim;	 /* 0: 64 */
	u8 tc;
	u32 flow;
};
void push_ip6(struct buf *b, const struct ip6 *h);
/* An extension header of kind proto (0, 43, 60, 135): body follows next header and length, padded
 * by the caller to 8n - 2. */
void push_ext6(struct buf *b, u8 proto, const struct buf *body);
void push_frag6(struct buf *b, u32 offset, bool more, u32 id);

void push_udp(struct buf *b, u16 sport, u16 dport);
void push_udp_nosum(struct buf *b, u16 sport, u16 dport);

enum {
	T_FIN = 1,
	T_SYN = 2,
	T_RST = 4,
	T_PSH = 8,
	T_ACK = 16,
	T_URG = 32,
	T_ECE = 64,
	T_CWR = 128,
	T_AE = 256
};
struct tcp {
	u16 sport, dport;
	u32 seq, ack;
	u16 flags; /* T_* */
	u16 win;
	u16 urg;
	const struct buf *opt; /* padded with zero bytes to a multiple of 4 */
};
void push_tcp(struct buf *b, const struct tcp *h);

/* GRE version 0. flags: G_CSUM | G_KEY | G_SEQ; protocol from b->eth. */
enum { G_CSUM = 0x8000, G_KEY = 0x2000, G_SEQ = 0x1000 };
void push_gre(struct buf *b, u16 flags, u32 key, u32 seq);
void push_vxlan(struct buf *b, u32 vni);

void push_icmp4(struct buf *b, u8 type, u8 code, u32 rest); /* checksummed at once */
void push_icmp6(struct buf *b, u8 type, u8 code, u32 rest); /* checksummed by push_ip6 */

struct arp {
	u16 op;
	const u8 *sha, *tha;
	u32 spa, tpa;
};
void push_arp(struct buf *b, const struct arp *h);

/* Pad an Ethernet frame with zero bytes to 60. */
void pad_eth(struct buf *b);

/* ---- capture files ---- */
struct out {
	FILE *f; /* NULL: everything stays in mem */
	u8 *mem;
	size_t n, cap;
	bool be;     /* big-endian file */
	bool ns;     /* pcap: nanosecond magic */
	bool ng;     /* pcapng */
	u32 snaplen; /* frames are cut to it; 0: whole */
};
/* Open a file for writing, or with path NULL a file in memory. Exits with a message when that
 * fails. */
void out_open(struct out *o, const char *path);
void out_close(struct out *o);
void out_raw(struct out *o, const void *p, size_t n);
void out_pcap_header(struct out *o, u32 linktype);
void out_shb(struct out *o);
void out_idb(struct out *o, u32 linktype,
	     const char *name); /* microseconds when o->ns is false, else if_tsresol 9 */
/* A packet of pcap or, as an Enhanced Packet Block, of pcapng. The time is in nanoseconds. */
void out_packet(struct out *o, u32 ifid, u64 ns, const struct buf *b);
/* Bytes put with o's byte order: begin a scratch for a block's body, and write a block around it.
 */
void out_body(const struct out *o, struct buf *body);
void out_block(struct out *o, u32 type, const struct buf *body);
/* Add a pcapng option (code, length, value, padding) to a block's body. */
void put_opt(struct buf *body, u16 code, const void *p, size_t n);

#endif
