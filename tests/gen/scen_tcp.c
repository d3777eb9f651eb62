/* Captures of TCP: flags, every option, MPTCP by subtype, conversations, and the cases of sequence
 * analysis. */
#include "caps.h"

#include <string.h>

/* ---- flags and options ---- */

static void flags(struct cap *c, u16 f, u32 len)
{
	struct buf *b = cap_new(c);
	u64 r = rng_next(&c->rng);

	putfill(b, len);
	push_tcp(b, &(struct tcp) { .sport = cap_port(c),
				    .dport = 9,
				    .seq = (u32)r,
				    .ack = f & T_ACK ? (u32)(r >> 32) : 0,
				    .flags = f,
				    .win = (u16)(r >> 16),
				    .urg = f & T_URG ? 7 : 0 });
	cap_l4(c, b);
}

static void make_tcp(struct cap *c)
{
	static const u16 sets[] = {
		T_SYN,
		T_SYN | T_ACK,
		T_ACK,
		T_PSH | T_ACK,
		T_FIN | T_ACK,
		T_FIN | T_PSH | T_ACK,
		T_RST,
		T_RST | T_ACK,
		T_URG | T_ACK,
		T_URG | T_PSH | T_ACK,
		T_SYN | T_ECE | T_CWR,
		T_SYN | T_ACK | T_ECE,
		T_ACK | T_ECE,
		T_ACK | T_CWR,
		T_SYN | T_ECE | T_CWR | T_AE,
		T_ACK | T_AE,
		T_ACK | T_AE | T_CWR | T_ECE,
		0x0e00 | T_ACK,
	};

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		cap_peers(c);
		flags(c, sets[i], sets[i] & (T_PSH | T_URG) ? 10 + (u32)i * 31 : 0);
	}
	flags(c, T_ACK, 1460);
	flags(c, T_ACK | T_PSH, 8900);
}

/* Note the lengths of the options in it. */
static void mark_options(struct buf *opt)
{
	for (u32 i = 0; i + 1 < opt->len && opt->p[i];) {
		if (opt->p[i] == 1) {
			i++;
			continue;
		}
		buf_mark(opt, opt->p + i + 1, 1, MARK_LEN);
		i += opt->p[i + 1];
	}
}

static void options(struct cap *c, u16 f, const char *hex, u32 len)
{
	struct buf *b = cap_new(c), *opt = cap_opt(c);
	u64 r = rng_next(&c->rng);

	putx(opt, hex);
	mark_options(opt);
	putfill(b, len);
	push_tcp(b, &(struct tcp) { .sport = cap_port(c),
				    .dport = 9,
				    .seq = (u32)r,
				    .ack = f & T_ACK ? (u32)(r >> 32) : 0,
				    .flags = f,
				    .win = 64240,
				    .opt = opt });
	cap_l4(c, b);
}

static void make_tcp_options(struct cap *c)
{
	options(c, T_SYN, "0204 05b4", 0);
	options(c, T_SYN, "0204 0218 01 0303 00", 0);
	options(c, T_SYN, "0204 05a0 0101 0402", 0);
	options(c, T_SYN, "0204 05b4 0402 080a 00a1b2c3 00000000 01 0303 0e", 0);
	options(c, T_SYN | T_ACK, "0204 05b4 0402 080a 11223344 00a1b2c3 01 0303 07", 0);
	options(c, T_ACK, "0101 080a ffffffff 00000000", 100);
	options(c, T_ACK, "0101 050a 00001000 00002000", 0);
	options(c, T_ACK, "0101 0512 00001000 00002000 00003000 00003800", 0);
	options(c, T_ACK, "0101 051a 00001000 00002000 00003000 00003800 00005000 00005001", 0);
	options(c, T_ACK,
		"0101 0522 00001000 00002000 00003000 00003800 00005000 00005001 fffff000 00000010",
		0);
	options(c, T_ACK,
		"0101 080a 00000001 00000002 0101 051a 00001000 00002000 00003000 00003800 "
		"00005000 00005001",
		0);
	options(c, T_SYN, "0204 05b4 2202", 0); /* Fast Open: asking for a cookie */
	options(c, T_SYN | T_ACK, "0204 05b4 220a 0102030405060708", 0); /* a cookie of 8 */
	options(c, T_SYN, "0204 05b4 220a 0102030405060708", 60);
	options(c, T_SYN, "0204 05b4 2206 01020304", 20);
	options(c, T_SYN, "0204 05b4 2212 000102030405060708090a0b0c0d0e0f", 33);
	options(c, T_SYN, "0204 05b4 fe04 f989",
		0); /* the same under the number of the experiments */
	options(c, T_SYN | T_ACK, "0204 05b4 fe0c f989 0102030405060708", 0);
	options(c, T_SYN, "fd06 1234 abcd", 0);
	options(c, T_SYN | T_ACK, "fe08 e2d4c3d9 0000", 0);
	options(c, T_ACK, "1312 000102030405060708090a0b0c0d0e0f 0101", 40); /* MD5 */
	options(c, T_ACK, "1d10 01 02 000102030405060708090a0b", 40); /* AO with a 96-bit code */
	options(c, T_SYN, "0204 05b4 1d04 64 00", 0);
	options(c, T_ACK, "1c04 803c", 10); /* user timeout: 60 minutes, 30 seconds */
	options(c, T_ACK, "1c04 001e", 10);
	options(c, T_ACK, "0606 01020304 0706 05060708", 0); /* echo, obsolete */
	options(c, T_SYN, "0b06 00000001", 0);
	options(c, T_SYN | T_ACK, "0d06 00000002", 0);
	options(c, T_SYN, "0e03 01 00", 0);
	options(c, T_SYN, "6405 010203 01 01 01", 0); /* a kind that nobody knows */
	options(c, T_ACK, "01010101", 0);
	options(c, T_ACK, "00000000", 5);
	options(c, T_SYN,
		"0204 05b4 0402 080a 00000001 00000000 01 0303 07 2202 01 01 01 01 01 01 01 01 01 "
		"01 01 01 01 01 01 01 0000",
		0);
}

static void make_mptcp(struct cap *c)
{
	options(c, T_SYN, "1e0c 00 81 0102030405060708", 0); /* MP_CAPABLE, version 0 */
	options(c, T_SYN | T_ACK, "1e0c 00 81 1112131415161718", 0);
	options(c, T_ACK, "1e14 00 81 0102030405060708 1112131415161718", 0);
	options(c, T_SYN, "1e04 01 01", 0); /* version 1 */
	options(c, T_SYN, "1e04 01 81", 0);
	options(c, T_SYN | T_ACK, "1e0c 01 01 1112131415161718", 0);
	options(c, T_ACK, "1e14 01 01 0102030405060708 1112131415161718", 0);
	options(c, T_ACK, "1e16 01 01 0102030405060708 1112131415161718 0064", 100);
	options(c, T_ACK, "1e18 01 81 0102030405060708 1112131415161718 0064 abcd", 100);
	options(c, T_SYN, "1e0c 10 02 a1b2c3d4 01020304", 0); /* MP_JOIN */
	options(c, T_SYN, "1e0c 11 03 a1b2c3d4 01020304", 0);
	options(c, T_SYN | T_ACK, "1e10 10 04 0102030405060708 05060708", 0);
	options(c, T_ACK, "1e18 10 00 000102030405060708090a0b0c0d0e0f10111213", 0);
	options(c, T_ACK, "1e08 20 01 00001000", 0);	     /* DSS: 4-byte acknowledgment */
	options(c, T_ACK, "1e0c 20 03 0000000100001000", 0); /* 8-byte acknowledgment */
	options(c, T_ACK, "1e10 20 04 00002000 00000001 0064 beef",
		100);						     /* 4-byte mapping, checksum */
	options(c, T_ACK, "1e0e 20 04 00002000 00000001 0064", 100); /* without */
	options(c, T_ACK, "1e14 20 0c 0000000100002000 00000001 0064 beef", 100);
	options(c, T_ACK, "1e14 20 05 00001000 00002000 00000001 0064 beef", 100);
	options(c, T_ACK, "1e1c 20 0f 0000000100001000 0000000100002000 00000001 0064 beef", 100);
	options(c, T_ACK, "1e1a 20 0f 0000000100001000 0000000100002000 00000001 0064", 100);
	options(c, T_ACK, "1e1c 20 1f 0000000100001000 0000000100002000 00000000 0001 beef",
		0);				     /* DATA_FIN */
	options(c, T_ACK, "1e08 34 02 0a000102", 0); /* ADD_ADDR, version 0 */
	options(c, T_ACK, "1e0a 34 02 0a000102 1f90", 0);
	options(c, T_ACK, "1e14 36 03 20010db8000000000000000000000102", 0);
	options(c, T_ACK, "1e16 36 03 20010db8000000000000000000000102 1f90", 0);
	options(c, T_ACK, "1e10 30 02 0a000102 0102030405060708", 0); /* version 1, with its code */
	options(c, T_ACK, "1e12 30 02 0a000102 1f90 0102030405060708", 0);
	options(c, T_ACK, "1e1c 30 03 20010db8000000000000000000000102 0102030405060708", 0);
	options(c, T_ACK, "1e1e 30 03 20010db8000000000000000000000102 1f90 0102030405060708", 0);
	options(c, T_ACK, "1e08 31 02 0a000102", 0); /* the echo of one */
	options(c, T_ACK, "1e04 40 02", 0);	     /* REMOVE_ADDR */
	options(c, T_ACK, "1e06 40 02 03 04", 0);
	options(c, T_ACK, "1e03 50 01", 0); /* MP_PRIO */
	options(c, T_ACK, "1e04 51 02", 0);
	options(c, T_ACK, "1e0c 60 00 0000000100002000", 0); /* MP_FAIL */
	options(c, T_ACK, "1e0c 70 00 1112131415161718", 0); /* MP_FASTCLOSE */
	options(c, T_RST, "1e0c 70 00 1112131415161718", 0);
	options(c, T_RST, "1e04 80 03", 0); /* MP_TCPRST */
	options(c, T_RST, "1e04 81 05", 0);
	options(c, T_ACK, "1e04 f1 01", 0); /* for private use */
	options(c, T_SYN,
		"0204 05b4 0402 080a 00000001 00000000 01 0303 07 1e0c 00 81 0102030405060708", 0);
}

/* ---- conversations ---- */

/* A segment of a conversation. Numbers are relative; dir 0 is the client. */
struct seg {
	u8 dir;
	u16 flags;
	u32 seq, ack, len;
	u16 win;
	u16 ms; /* time since the one before, in milliseconds */
	const char *opt;
	u32 sack[2]; /* a SACK block, if the right edge is not 0 */
};

struct conv {
	u16 sport, dport;
	u32 isn[2];
	bool v6;
};

static void converse(struct cap *c, const struct conv *v, const struct seg *s, size_t n)
{
	for (size_t i = 0; i < n; i++, s++) {
		struct buf *b = cap_new(c), *opt = cap_opt(c);
		bool back = s->dir;

		cap_wait(c, s->ms);
		putx(opt, s->opt ? s->opt : "");
		if (s->sack[1]) {
			putx(opt, "0101 050a");
			put32(opt, v->isn[!back] + s->sack[0]);
			put32(opt, v->isn[!back] + s->sack[1]);
		}
		for (u32 k = 0; k < s->len; k++)
			put8(b, 'a' + (s->seq + k) % 26);
		push_tcp(b, &(struct tcp) { .sport = back ? v->dport : v->sport,
					    .dport = back ? v->sport : v->dport,
					    .seq = v->isn[back] + s->seq,
					    .ack = s->flags & T_ACK ? v->isn[!back] + s->ack : 0,
					    .flags = s->flags,
					    .win = s->win,
					    .opt = opt });
		if (back)
			cap_swap(c);
		if (v->v6)
			cap_v6(c, b);
		else
			cap_v4(c, b);
		if (back)
			cap_swap(c);
	}
}

static void talk(struct cap *c, const struct seg *s, size_t n)
{
	struct conv v = { .sport = cap_port(c), .dport = 5001, .isn = { 0x2c0ffee0, 0xfffffc00 } };

	cap_peers(c);
	converse(c, &v, s, n);
	v = (struct conv) {
		.sport = cap_port(c), .dport = 5001, .isn = { 0xffffff00, 0x7ffffff0 }, .v6 = true
	};
	converse(c, &v, s, n);
}

#define TALK(c, segs) talk(c, segs, sizeof(segs) / sizeof *(segs))
#define HANDSHAKE                                                                    \
	{ 0, T_SYN, 0, 0, 0, 64240, 5, "020405b4 0402 01 030307" },                  \
		{ 1, T_SYN | T_ACK, 0, 1, 0, 65160, 10, "020405b4 0402 01 030307" }, \
	{                                                                            \
		0, T_ACK, 1, 1, 0, 502, 1, NULL                                      \
	}

static void make_tcp_flows(struct cap *c)
{
	static const struct seg normal[] = {
		HANDSHAKE,
		{ 0, T_PSH | T_ACK, 1, 1, 100, 502, 1, NULL },
		{ 1, T_ACK, 1, 101, 0, 508, 10, NULL },
		{ 1, T_ACK, 1, 101, 1460, 508, 1, NULL },
		{ 1, T_ACK, 1461, 101, 1460, 508, 0, NULL },
		{ 1, T_PSH | T_ACK, 2921, 101, 777, 508, 0, NULL },
		{ 0, T_ACK, 101, 2921, 0, 500, 10, NULL },
		{ 0, T_ACK, 101, 3698, 0, 501, 1, NULL },
		{ 0, T_FIN | T_ACK, 101, 3698, 0, 501, 30, NULL },
		{ 1, T_ACK, 3698, 102, 0, 508, 10, NULL },
		{ 1, T_FIN | T_ACK, 3698, 102, 0, 508, 10, NULL },
		{ 0, T_ACK, 102, 3699, 0, 501, 1, NULL },
	};
	static const struct seg refused[] = {
		{ 0, T_SYN, 0, 0, 0, 64240, 0, "020405b4" },
		{ 1, T_RST | T_ACK, 0, 1, 0, 0, 1, NULL },
	};
	static const struct seg silence[] = {
		{ 0, T_SYN, 0, 0, 0, 64240, 0, "020405b4" },
		{ 0, T_SYN, 0, 0, 0, 64240, 1000, "020405b4" },
		{ 0, T_SYN, 0, 0, 0, 64240, 2000, "020405b4" },
	};
	static const struct seg simultaneous_open[] = {
		{ 0, T_SYN, 0, 0, 0, 64240, 0, "020405b4" },
		{ 1, T_SYN, 0, 0, 0, 64240, 1, "020405b4" },
		{ 0, T_SYN | T_ACK, 0, 1, 0, 64240, 10, "020405b4" },
		{ 1, T_SYN | T_ACK, 0, 1, 0, 64240, 1, "020405b4" },
		{ 0, T_ACK, 1, 1, 0, 64240, 10, NULL },
	};
	static const struct seg simultaneous_close[] = {
		HANDSHAKE,
		{ 0, T_FIN | T_ACK, 1, 1, 0, 502, 10, NULL },
		{ 1, T_FIN | T_ACK, 1, 1, 0, 508, 1, NULL },
		{ 0, T_ACK, 2, 2, 0, 502, 10, NULL },
		{ 1, T_ACK, 2, 2, 0, 508, 1, NULL },
	};
	static const struct seg half_close[] = {
		HANDSHAKE,
		{ 0, T_FIN | T_PSH | T_ACK, 1, 1, 50, 502, 10, NULL },
		{ 1, T_ACK, 1, 52, 0, 508, 10, NULL },
		{ 1, T_PSH | T_ACK, 1, 52, 500, 508, 100, NULL },
		{ 0, T_ACK, 52, 501, 0, 502, 10, NULL },
		{ 1, T_FIN | T_ACK, 501, 52, 0, 508, 100, NULL },
		{ 0, T_ACK, 52, 502, 0, 502, 10, NULL },
	};
	static const struct seg aborted[] = {
		HANDSHAKE,
		{ 0, T_PSH | T_ACK, 1, 1, 300, 502, 1, NULL },
		{ 1, T_ACK, 1, 301, 0, 508, 10, NULL },
		{ 0, T_RST | T_ACK, 301, 1, 0, 0, 50, NULL },
	};

	TALK(c, normal);
	TALK(c, refused);
	TALK(c, silence);
	TALK(c, simultaneous_open);
	TALK(c, simultaneous_close);
	TALK(c, half_close);
	TALK(c, aborted);
}

static void make_tcp_analysis(struct cap *c)
{
	static const struct seg fast_retransmission[] = {
		HANDSHAKE,
		{ 0, T_ACK, 1, 1, 1000, 502, 1, NULL },
		{ 0, T_ACK, 1001, 1, 1000, 502, 0, NULL },
		{ 0, T_ACK, 2001, 1, 1000, 502, 0, NULL },
		{ 0, T_ACK, 3001, 1, 1000, 502, 0, NULL },
		{ 0, T_ACK, 4001, 1, 1000, 502, 0, NULL },
		{ 1, T_ACK, 1, 1001, 0, 508, 10, NULL },
		{ 1, T_ACK, 1, 1001, 0, 508, 0, NULL, { 2001, 3001 } },
		{ 1, T_ACK, 1, 1001, 0, 508, 0, NULL, { 2001, 4001 } },
		{ 1, T_ACK, 1, 1001, 0, 508, 0, NULL, { 2001, 5001 } },
		{ 0, T_ACK, 1001, 1, 1000, 502, 1, NULL },
		{ 1, T_ACK, 1, 5001, 0, 508, 10, NULL },
	};
	static const struct seg timeout[] = {
		HANDSHAKE,
		{ 0, T_PSH | T_ACK, 1, 1, 1000, 502, 1, NULL },
		{ 0, T_PSH | T_ACK, 1, 1, 1000, 502, 250, NULL },
		{ 0, T_PSH | T_ACK, 1, 1, 1000, 502, 500, NULL },
		{ 1, T_ACK, 1, 1001, 0, 508, 10, NULL },
		{ 0, T_PSH | T_ACK, 1, 1, 1000, 502, 300,
		  NULL }, /* spurious: acknowledged long ago */
	};
	static const struct seg out_of_order[] = {
		HANDSHAKE,
		{ 0, T_ACK, 1, 1, 1000, 502, 1, NULL },
		{ 0, T_ACK, 2001, 1, 1000, 502, 0, NULL },
		{ 0, T_ACK, 1001, 1, 1000, 502, 0, NULL },
		{ 0, T_ACK, 3001, 1, 1000, 502, 0, NULL },
		{ 1, T_ACK, 1, 4001, 0, 508, 10, NULL },
	};
	static const struct seg gap[] = {
		HANDSHAKE,
		{ 0, T_ACK, 1, 1, 1000, 502, 1, NULL },
		{ 0, T_ACK, 2001, 1, 1000, 502, 50, NULL },
		{ 1, T_ACK, 1, 3001, 0, 508, 10, NULL },
		{ 1, T_ACK, 1, 9001, 0, 508, 10, NULL }, /* acknowledges what was not captured */
	};
	static const struct seg zero_window[] = {
		HANDSHAKE,
		{ 0, T_ACK, 1, 1, 1000, 502, 1, NULL },
		{ 1, T_ACK, 1, 1001, 0, 0, 10, NULL },
		{ 0, T_ACK, 1001, 1, 1, 502, 300, NULL },
		{ 1, T_ACK, 1, 1001, 0, 0, 10, NULL },
		{ 0, T_ACK, 1001, 1, 1, 502, 600, NULL },
		{ 1, T_ACK, 1, 1001, 0, 0, 10, NULL },
		{ 1, T_ACK, 1, 1001, 0, 100, 100, NULL },
		{ 0, T_ACK, 1001, 1, 1000, 502, 10, NULL },
		{ 1, T_ACK, 1, 2001, 0, 508, 10, NULL },
	};
	static const struct seg full_window[] = {
		{ 0, T_SYN, 0, 0, 0, 64240, 5, "020405b4 01 030300" },
		{ 1, T_SYN | T_ACK, 0, 1, 0, 3000, 10, "020405b4 01 030300" },
		{ 0, T_ACK, 1, 1, 0, 64240, 1, NULL },
		{ 0, T_ACK, 1, 1, 1460, 64240, 1, NULL },
		{ 0, T_ACK, 1461, 1, 1460, 64240, 0, NULL },
		{ 0, T_PSH | T_ACK, 2921, 1, 80, 64240, 0, NULL },
		{ 1, T_ACK, 1, 3001, 0, 3000, 10, NULL },
	};
	static const struct seg keep_alive[] = {
		HANDSHAKE,
		{ 0, T_PSH | T_ACK, 1, 1, 10, 502, 1, NULL },
		{ 1, T_ACK, 1, 11, 0, 508, 10, NULL },
		{ 0, T_ACK, 10, 1, 0, 502, 5000, NULL },
		{ 1, T_ACK, 1, 11, 0, 508, 10, NULL },
		{ 0, T_ACK, 10, 1, 1, 502, 5000, NULL },
		{ 1, T_ACK, 1, 11, 0, 508, 10, NULL },
	};

	TALK(c, fast_retransmission);
	TALK(c, timeout);
	TALK(c, out_of_order);
	TALK(c, gap);
	TALK(c, zero_window);
	TALK(c, full_window);
	TALK(c, keep_alive);
	/* The same ports again with another initial sequence number. */
	static const struct seg again[] = { HANDSHAKE, { 0, T_RST, 1, 0, 0, 0, 1, NULL } };
	struct conv v = { .sport = 45000, .dport = 5001, .isn = { 1000, 2000 } };

	for (int i = 0; i < 2; i++) {
		converse(c, &v, again, sizeof again / sizeof *again);
		v.isn[0] += 1000000;
	}
}

const struct scen scen_tcp[] = {
	{ "tcp.pcap", GOOD, 1, make_tcp,
	  "TCP: every set of flags with ECN and AE, urgent data, small and jumbo segments" },
	{ "tcp-options.pcap", GOOD, 1, make_tcp_options,
	  "every TCP option but MPTCP, known, experimental and unknown" },
	{ "tcp-mptcp.pcap", GOOD, 1, make_mptcp, "MPTCP by subtype, versions 0 and 1" },
	{ "tcp-flows.pcap", GOOD, 1, make_tcp_flows,
	  "conversations: normal, refused, silent, simultaneous open and close, half-closed, "
	  "aborted" },
	{ "tcp-analysis.pcap", GOOD, 1, make_tcp_analysis,
	  "every verdict of sequence analysis in a conversation of its own" },
	{ 0 },
};
