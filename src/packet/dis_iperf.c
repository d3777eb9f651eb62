/* iperf2's and iperf3's UDP datagrams, and the control messages of iperf3's TCP connection. Neither
 * has an RFC; the layouts are what the programs send. */
/*  iperf2: id 4 (2.0.10 and later: its upper half behind the time), seconds 4, microseconds 4,
 * client header. iperf3: seconds 4, microseconds 4, number 4 or 8. All big-endian. */
#include "packet/proto.h"
#include "packet/show.h"

#include <ctype.h>

enum {
	F_SEQ,
	F_SEC,
	F_USEC,
	F_FLAGS,
	F_THREADS,
	F_PORT,
	F_BUFFER,
	F_BANDWIDTH,
	F_BYTES,
	F_SEQ_HIGH,
	F_END,
	F_R_BYTES,
	F_R_STOP,
	F_R_LOST,
	F_R_LATE,
	F_R_COUNT,
	F_R_JITTER,
};
enum {
	F3_HELLO,
	F3_SEC,
	F3_USEC,
	F3_COUNT,
	F3_WIDE,
	F3_COOKIE,
	F3_STATE,
	F3_JSON_LEN,
	F3_JSON,
};

enum { PORT2 = 5001, PORT3 = 5201, COOKIE = 37, HAS_HEADER = 0x40000000 };
enum { HELLO3 = 0x39383736, HELLO3_OLD = 0x3ade68b1, REPLY3 = 0x36373839 };

static const struct vstr hellos[] = {
	{ HELLO3, "Request" },
	{ HELLO3_OLD, "Request" },
	{ REPLY3, "Answer" },
	{ 0, NULL },
};
static const struct vstr states[] = {
	{ 1, "Test start" },
	{ 2, "Test running" },
	{ 4, "Test end" },
	{ 9, "Parameter exchange" },
	{ 10, "Create streams" },
	{ 11, "Server terminates" },
	{ 12, "Client terminates" },
	{ 13, "Exchange results" },
	{ 14, "Display results" },
	{ 15, "Start" },
	{ 16, "Done" },
	{ 0xffffffff, "Access denied" },
	{ 0xfffffffe, "Server error" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_SEQ] = { "iperf2.udp.sequence", "Datagram id", FT_I32, FB_DEC },
	[F_SEC] = { "iperf2.udp.sec", "Sent, seconds", FT_U32, FB_DEC },
	[F_USEC] = { "iperf2.udp.usec", "Sent, microseconds", FT_U32, FB_DEC },
	[F_FLAGS] = { "iperf2.client.flags", "Client flags", FT_U32, FB_DEC },
	[F_THREADS] = { "iperf2.client.numthreads", "Client threads", FT_U32, FB_DEC },
	[F_PORT] = { "iperf2.client.port", "Client port", FT_U32, FB_DEC },
	[F_BUFFER] = { "iperf2.client.bufferlen", "Client buffer length", FT_U32, FB_DEC },
	[F_BANDWIDTH] = { "iperf2.client.bandwidth", "Client window or rate", FT_U32, FB_HEX },
	[F_BYTES] = { "iperf2.client.num_bytes", "Client amount", FT_U32, FB_HEX },
	[F_SEQ_HIGH] = { "tapdeck.iperf2.udp.sequence_high",
			 "Datagram id, upper half (2.0.10 and later)", FT_U32, FB_DEC },
	[F_END] = { "tapdeck.iperf2.end", "Last datagram", FT_BOOL },
	[F_R_BYTES] = { "tapdeck.iperf2.report.bytes", "Received bytes", FT_U64, FB_DEC },
	[F_R_STOP] = { "tapdeck.iperf2.report.duration", "Duration", FT_RELTIME },
	[F_R_LOST] = { "tapdeck.iperf2.report.lost", "Lost datagrams", FT_U32, FB_DEC },
	[F_R_LATE] = { "tapdeck.iperf2.report.out_of_order", "Datagrams out of order", FT_U32,
		       FB_DEC },
	[F_R_COUNT] = { "tapdeck.iperf2.report.datagrams", "Datagrams", FT_U32, FB_DEC },
	[F_R_JITTER] = { "tapdeck.iperf2.report.jitter", "Jitter", FT_RELTIME },
};

static const struct field fields3[] = {
	[F3_HELLO] = { "tapdeck.iperf3.udp.hello", "UDP stream opening", FT_U32, FB_HEX,
		       .names = hellos },
	[F3_SEC] = { "tapdeck.iperf3.udp.sec", "Sent, seconds (monotonic clock)", FT_U32, FB_DEC },
	[F3_USEC] = { "tapdeck.iperf3.udp.usec", "Sent, microseconds", FT_U32, FB_DEC },
	[F3_COUNT] = { "tapdeck.iperf3.udp.sequence", "Datagram number", FT_U64, FB_DEC },
	[F3_WIDE] = { "tapdeck.iperf3.udp.wide", "Datagram number has 64 bits", FT_BOOL },
	[F3_COOKIE] = { "tapdeck.iperf3.cookie", "Session cookie", FT_STRING },
	[F3_STATE] = { "tapdeck.iperf3.state", "Control state", FT_I8, FB_DEC, .names = states },
	[F3_JSON_LEN] = { "tapdeck.iperf3.json_length", "Length of the JSON text", FT_U32, FB_DEC },
	[F3_JSON] = { "tapdeck.iperf3.json", "JSON text", FT_STRING },
};

/* ---- iperf2 ---- */

/* A server's answer to the last datagram: what it counted. */
static void report(struct dis *d, struct cur *c)
{
	u32 at, s, us;
	u64 bytes;

	cur_skip(c, 4);
	at = c->at;
	bytes = cur_be64(c);
	d_u(d, F_R_BYTES, at, 8, bytes);
	at = c->at;
	s = cur_be32(c);
	us = cur_be32(c);
	d_u(d, F_R_STOP, at, 8, s * (u64)NS_PER_S + us * (u64)NS_PER_US);
	d_be32(d, c, F_R_LOST);
	d_be32(d, c, F_R_LATE);
	d_be32(d, c, F_R_COUNT);
	at = c->at;
	s = cur_be32(c);
	us = cur_be32(c);
	if (c->fail == CUR_OK)
		d_u(d, F_R_JITTER, at, 8, s * (u64)NS_PER_S + us * (u64)NS_PER_US);
}

static u32 word(const struct cur *c, u32 n)
{
	return n + 4 <= cur_left(c) ? load_be32(c->base + c->at + n) : 0;
}

/* Is the word behind the time the upper half of the id? In the old layout it is the flags, and a
 * number of threads, which is small and not 0, follows; in the new one flags follow. */
static bool has_high_half(const struct cur *c)
{
	u32 threads = word(c, 16);

	return cur_left(c) >= 20 && word(c, 12) == 0 &&
	       (threads & 0xc0000000 || (threads == 0 && word(c, 20) != 0));
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	bool high = has_high_half(c);
	i32 id = (i32)cur_be32(c);
	bool from_server = d->k->facts.sport == PORT2;

	if (c->fail != CUR_OK)
		return;
	d_u(d, F_SEQ, at, 4, (u64)(i64)id);
	d_be32(d, c, F_SEC);
	d_be32(d, c, F_USEC);
	if (c->fail != CUR_OK)
		return;
	if (id < 0)
		d_u(d, F_END, at, 4, 1);
	if (high)
		d_be32(d, c, F_SEQ_HIGH);
	if (id < 0 && from_server && cur_left(c) >= 40 && word(c, 0) == 0x80000000) {
		report(d, c);
		return;
	}
	if (cur_left(c) < 24 || isdigit(c->base[c->at]))
		return;
	for (unsigned f = F_FLAGS; f <= F_BYTES; f++)
		d_be32(d, c, f);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const struct val *v = pkt_get(k, l, F_SEQ);
	i64 id = v != NULL ? v->i : 0;

	if (pkt_get(k, l, F_R_COUNT) != NULL) {
		txt_printf(t, "Report: %u datagrams, %u lost, %u out of order",
			   (unsigned)pkt_get_u(k, l, F_R_COUNT, 0),
			   (unsigned)pkt_get_u(k, l, F_R_LOST, 0),
			   (unsigned)pkt_get_u(k, l, F_R_LATE, 0));
		return;
	}
	if (id < 0)
		txt_printf(t, "End after id %lld", (long long)-id);
	else
		txt_printf(t, "id %lld", (long long)id);
}

static const u16 info_wants[] = { F_SEQ, F_R_COUNT, F_R_LOST, F_R_LATE, FIELD_END };
static const struct claim claims[] = { { TBL_UDP, PORT2 } };

const struct proto proto_iperf2 = {
	.name = "iperf2",
	.title = "iperf2 datagram",
	.abbrev = "IPERF2",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};

/* ---- iperf3 ---- */

/* 32 bits into a field that also holds 64. */
static void put_u32(struct dis *d, struct cur *c, unsigned f)
{
	u32 at = c->at, v = cur_be32(c);

	if (c->fail == CUR_OK)
		d_u(d, f, at, 4, v);
}

static void datagram3(struct dis *d, struct cur *c)
{
	u32 first = word(c, 0);
	bool wide;

	if (cur_wire_left(c) == 4 && (first == HELLO3 || first == HELLO3_OLD || first == REPLY3)) {
		d_be32(d, c, F3_HELLO);
		return;
	}
	/* Numbers begin at 1: where the third word is 0, it is the upper half of one with 64 bits.
	 */
	wide = cur_wire_left(c) >= 16 && cur_left(c) >= 12 && word(c, 8) == 0;
	d_be32(d, c, F3_SEC);
	d_be32(d, c, F3_USEC);
	if (wide)
		d_be64(d, c, F3_COUNT);
	else
		put_u32(d, c, F3_COUNT);
	if (c->fail == CUR_OK)
		d_gen(d, F3_WIDE, wide);
}

static bool is_cookie(const struct cur *c)
{
	if (cur_left(c) != COOKIE || cur_peek(c, COOKIE - 1) != 0)
		return false;
	for (u32 i = 0; i < COOKIE - 1; i++) {
		int ch = cur_peek(c, i);

		if (!(ch >= 'a' && ch <= 'z') && !(ch >= '2' && ch <= '7'))
			return false;
	}
	return true;
}

static bool is_state(const struct cur *c)
{
	return cur_left(c) == 1 && vstr_name(states, (u32)(i32)(i8)cur_peek(c, 0)) != NULL;
}

static bool is_json(const struct cur *c)
{
	return cur_left(c) >= 6 && word(c, 0) < 1 << 24 && cur_peek(c, 4) == '{';
}

/* Only control messages: the data of a TCP test says nothing. */
static bool looks_like3(const struct dis *d, struct cur c)
{
	const struct facts *x = &d->k->facts;

	return (x->sport == PORT3 || x->dport == PORT3) &&
	       (is_state(&c) || is_cookie(&c) || is_json(&c));
}

static void control3(struct dis *d, struct cur *c)
{
	if (is_state(c)) {
		u32 at = c->at;

		d_u(d, F3_STATE, at, 1, (u64)(i64)(i8)cur_u8(c));
	} else if (is_cookie(c)) {
		d_bytes(d, c, F3_COOKIE, COOKIE - 1);
		cur_skip(c, 1);
	} else {
		u32 n = d_be32(d, c, F3_JSON_LEN);

		d_bytes(d, c, F3_JSON, MIN(n, cur_left(c)));
	}
}

static void dissect3(struct dis *d, struct cur *c)
{
	if (d->l4 == 6)
		control3(d, c);
	else
		datagram3(d, c);
}

static void info3(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const struct val *v;
	const char *name;

	if ((v = pkt_get(k, l, F3_COUNT)) != NULL) {
		txt_printf(t, "datagram %llu", (unsigned long long)v->u);
	} else if ((v = pkt_get(k, l, F3_HELLO)) != NULL) {
		name = vstr_name(hellos, v->u);
		txt_printf(t, "UDP stream opening: %s", name != NULL ? name : "?");
	} else if ((v = pkt_get(k, l, F3_STATE)) != NULL) {
		name = vstr_name(states, (u32)v->i);
		txt_puts(t, name != NULL ? name : "?");
	} else if ((v = pkt_get(k, l, F3_COOKIE)) != NULL) {
		txt_puts(t, "Cookie ");
		show_value(t, k, v);
	} else if ((v = pkt_get(k, l, F3_JSON_LEN)) != NULL) {
		txt_printf(t, "JSON, %u bytes", (unsigned)v->u);
	} else {
		txt_puts(t, "too short");
	}
}

static const u16 info_wants3[] = {
	F3_COUNT, F3_HELLO, F3_STATE, F3_COOKIE, F3_JSON_LEN, FIELD_END
};
static const struct claim claims3[] = { { TBL_UDP, PORT3 } };

const struct proto proto_iperf3 = {
	.name = "iperf3",
	.title = "iperf3",
	.abbrev = "IPERF3",
	.fields = fields3,
	.nfields = ARRAY_LEN(fields3),
	.flags = PROTO_LEAF,
	.claims = claims3,
	.nclaims = ARRAY_LEN(claims3),
	.dissect = dissect3,
	.heur_tcp = looks_like3,
	.info = info3,
	.info_wants = info_wants3,
};
