/* Captures of NTP, HTTP/1, TLS hellos, and the headers of iperf 2 and 3. */
#include "caps.h"

#include <string.h>

/* ---- NTP (RFC 5905) ---- */

static void put_stamp(struct cap *c, struct buf *b, bool set)
{
	put32(b, set ? (u32)(c->ns / 1000000000) + 2208988800u : 0);
	put32(b, set ? cap_u32(c) : 0);
}

struct ntp_row {
	u8 leap, version, mode, stratum, poll;
	const char *precision, *id, *mac;
};

static void make_ntp(struct cap *c)
{
	static const struct ntp_row rows[] = {
		{ 3, 4, 3, 0, 6, "e9", "00000000", "" },
		{ 0, 4, 4, 2, 6, "e8", "c0a80001", "" },
		{ 0, 4, 4, 1, 6, "e8", "47505300", "" }, /* GPS */
		{ 0, 3, 3, 0, 10, "fa", "00000000", "" },
		{ 0, 3, 4, 3, 10, "ec", "0a000001", "" },
		{ 1, 4, 1, 3, 4, "ec", "0a000001", "" }, /* symmetric, a leap second ahead */
		{ 2, 4, 2, 4, 4, "ec", "0a000002", "" },
		{ 0, 4, 5, 2, 6, "e8", "c0a80001", "" },  /* broadcast */
		{ 3, 4, 4, 0, 6, "e8", "52415445", "" },  /* kiss of death: RATE */
		{ 3, 4, 4, 16, 6, "e8", "494e4954", "" }, /* unsynchronized: INIT */
		{ 0, 4, 3, 0, 6, "e9", "00000000", "00000001 000102030405060708090a0b0c0d0e0f" },
		{ 0, 4, 4, 2, 6, "e9", "c0a80001",
		  "00000002 000102030405060708090a0b0c0d0e0f10111213" },
		{ 0, 1, 3, 0, 6, "e9", "00000000", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct ntp_row *r = &rows[i];
		struct buf *b = cap_new(c);
		bool server = r->mode != 3;

		put8(b, (u32)r->leap << 6 | (u32)r->version << 3 | r->mode);
		put8(b, r->stratum);
		put8(b, r->poll);
		putx(b, r->precision);
		put32(b, server ? 0x00000123 + (u32)i : 0);
		put32(b, server ? 0x00000456 : 0);
		putx(b, r->id);
		put_stamp(c, b, server);
		put_stamp(c, b, server);
		put_stamp(c, b, server);
		put_stamp(c, b, true);
		putx(b, r->mac);
		push_udp(b, r->mode == 4 || r->mode == 5 || r->mode < 3 ? 123 : cap_port(c),
			 r->mode == 4 ? 40123 : 123);
		cap_l4(c, b);
	}
	struct buf *b = cap_new(c); /* a control message: read the variables */

	putx(b, "26 02 0001 0000 0000 0000 0000");
	push_udp(b, 40123, 123);
	cap_l4(c, b);
	b = cap_new(c);
	putx(b, "26 82 0001 0615 0000 0000 0014");
	putstr(b, "version=\"x\",leap=00\r\n");
	b->len = 12 + 20;
	push_udp(b, 123, 40123);
	cap_l4(c, b);
}

/* ---- a conversation that carries an application's messages ---- */

struct stream {
	u16 sport, dport;
	u32 nxt[2];
	bool v6;
};

static void stream_segment(struct cap *c, struct stream *s, int dir, u16 f, const struct buf *data)
{
	struct buf *b = cap_new(c), *opt = cap_opt(c);

	if (f & T_SYN)
		putx(opt, "020405b4 0402 0303 07 00 0000");
	if (data)
		putbuf(b, data);
	push_tcp(b, &(struct tcp) { .sport = dir ? s->dport : s->sport,
				    .dport = dir ? s->sport : s->dport,
				    .seq = s->nxt[dir],
				    .ack = f & T_ACK ? s->nxt[!dir] : 0,
				    .flags = f,
				    .win = f & T_SYN ? 64240 : 502,
				    .opt = opt });
	s->nxt[dir] += (data ? data->len : 0) + !!(f & (T_SYN | T_FIN));
	if (dir)
		cap_swap(c);
	if (s->v6)
		cap_v6(c, b);
	else
		cap_v4(c, b);
	if (dir)
		cap_swap(c);
}

static void stream_open(struct cap *c, struct stream *s, u16 dport, bool v6)
{
	cap_peers(c);
	u64 r = rng_next(&c->rng);

	*s = (struct stream) {
		.sport = cap_port(c), .dport = dport, .nxt = { (u32)r, (u32)(r >> 32) }, .v6 = v6
	};
	stream_segment(c, s, 0, T_SYN, NULL);
	stream_segment(c, s, 1, T_SYN | T_ACK, NULL);
	stream_segment(c, s, 0, T_ACK, NULL);
}

/* Data, in segments of 1400 bytes, and its acknowledgment. */
static void stream_say(struct cap *c, struct stream *s, int dir, const struct buf *data)
{
	static struct buf part;

	for (u32 at = 0; at < data->len; at += 1400) {
		u32 n = data->len - at < 1400 ? data->len - at : 1400;

		buf_init(&part);
		if (!at)
			putbuf(&part, data);
		else
			putb(&part, data->p + at, n);
		part.len = n;
		stream_segment(c, s, dir, (u16)(T_ACK | (at + n == data->len ? T_PSH : 0)), &part);
	}
	stream_segment(c, s, !dir, T_ACK, NULL);
}

static void stream_close(struct cap *c, struct stream *s)
{
	stream_segment(c, s, 0, T_FIN | T_ACK, NULL);
	stream_segment(c, s, 1, T_FIN | T_ACK, NULL);
	stream_segment(c, s, 0, T_ACK, NULL);
}

static void say_text(struct cap *c, struct stream *s, int dir, const char *text)
{
	struct buf *b = cap_tmp(c);

	putstr(b, text);
	stream_say(c, s, dir, b);
}

/* ---- HTTP/1 ---- */

static void make_http(struct cap *c)
{
	static const struct {
		u16 port;
		const char *request, *response;
	} rows[] = {
		{ 80,
		  "GET /index.html HTTP/1.1\r\nHost: www.example.net\r\nUser-Agent: "
		  "test/1.0\r\nAccept: text/html\r\n\r\n",
		  "HTTP/1.1 200 OK\r\nServer: test\r\nContent-Type: text/html\r\nContent-Length: "
		  "15\r\n\r\n<p>hello</p>\r\n\n" },
		{ 80, "HEAD / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n" },
		{ 8080,
		  "POST /form?x=1&y=2 HTTP/1.1\r\nHost: h\r\nContent-Type: "
		  "application/x-www-form-urlencoded\r\n"
		  "Content-Length: 7\r\n\r\na=1&b=2",
		  "HTTP/1.1 302 Found\r\nLocation: http://www.example.net/done\r\nContent-Length: "
		  "0\r\n\r\n" },
		{ 8080, "PUT /file HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
		  "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n" },
		{ 80, "DELETE /file HTTP/1.1\r\nHost: h\r\n\r\n",
		  "HTTP/1.1 204 No Content\r\n\r\n" },
		{ 80, "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
		  "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\nContent-Length: 0\r\n\r\n" },
		{ 8080, "CONNECT www.example.net:443 HTTP/1.1\r\nHost: www.example.net:443\r\n\r\n",
		  "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic "
		  "realm=\"x\"\r\nContent-Length: 0\r\n\r\n" },
		{ 80, "PATCH /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}",
		  "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops" },
		{ 80, "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n",
		  "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" },
		{ 80,
		  "GET /chunks HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nCookie: "
		  "id=7\r\n\r\n",
		  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" },
		{ 80,
		  "GET /old HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Mon, 01 Jan 2024 00:00:00 "
		  "GMT\r\n\r\n",
		  "HTTP/1.1 304 Not Modified\r\n\r\n" },
		{ 80, "GET /reason HTTP/1.1\r\nHost: h\r\n\r\n",
		  "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n" },
		{ 80,
		  "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: x-test\r\nConnection: Upgrade\r\n\r\n",
		  "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n" },
	};
	struct stream s;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		stream_open(c, &s, rows[i].port, i & 1);
		say_text(c, &s, 0, rows[i].request);
		say_text(c, &s, 1, rows[i].response);
		stream_close(c, &s);
	}
	/* A response longer than a segment, and two requests one after the other on one connection.
	 */
	stream_open(c, &s, 80, false);
	say_text(c, &s, 0, "GET /long HTTP/1.1\r\nHost: h\r\n\r\n");
	struct buf *b = cap_tmp(c);

	putstr(b, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4000\r\n\r\n");
	for (u32 i = 0; i < 4000; i++)
		put8(b, i % 64 == 63 ? '\n' : 'a' + i % 26);
	stream_say(c, &s, 1, b);
	say_text(c, &s, 0, "GET /again HTTP/1.1\r\nHost: h\r\n\r\n");
	say_text(c, &s, 1, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
	stream_close(c, &s);
}

/* ---- TLS ---- */

static void ext(struct buf *b, u16 type, const char *hex)
{
	u32 at;

	put16(b, type);
	at = len_open(b, 2);
	putx(b, hex);
	len_close(b, at, 0);
}

static void ext_sni(struct buf *b, const char *name)
{
	u32 at, list, n;

	put16(b, 0);
	at = len_open(b, 2);
	list = len_open(b, 2);
	put8(b, 0);
	n = len_open(b, 2);
	putstr(b, name);
	len_close(b, n, 0);
	len_close(b, list, 0);
	len_close(b, at, 0);
}

static void ext_alpn(struct buf *b, const char *const *names)
{
	u32 at, list, n;

	put16(b, 16);
	at = len_open(b, 2);
	list = len_open(b, 2);
	for (; *names; names++) {
		n = len_open(b, 1);
		putstr(b, *names);
		len_close(b, n, 0);
	}
	len_close(b, list, 0);
	len_close(b, at, 0);
}

struct hello {
	u16 record, version;
	u32 session; /* bytes of session id */
	const char *ciphers;
	const char *sni;
	const char *const *alpn;
	bool v13, grease, server;
};

/* A record with one hello in it. */
static struct buf *hello(struct cap *c, const struct hello *h)
{
	struct buf *b = cap_tmp(c);
	u32 rec, hs, n, exts;

	put8(b, 22);
	put16(b, h->record);
	rec = len_open(b, 2);
	put8(b, h->server ? 2 : 1);
	hs = len_open(b, 3);
	put16(b, h->version);
	for (u32 i = 0; i < 4; i++)
		put64(b, rng_next(&c->rng));
	n = len_open(b, 1);
	putfill(b, h->session);
	len_close(b, n, 0);
	if (h->server) {
		putx(b, h->ciphers);
		put8(b, 0);
	} else {
		n = len_open(b, 2);
		if (h->grease)
			put16(b, 0x5a5a);
		putx(b, h->ciphers);
		len_close(b, n, 0);
		putx(b, "01 00");
	}
	exts = len_open(b, 2);
	if (h->grease)
		ext(b, 0x8a8a, "");
	if (h->sni)
		ext_sni(b, h->sni);
	if (!h->server) {
		ext(b, 10, h->grease ? "0008 baba 001d 0017 0018" : "0004 001d 0017");
		ext(b, 11, "0100");
		ext(b, 13, "0008 0403 0804 0401 0501");
	}
	ext(b, 23, "");
	if (h->alpn)
		ext_alpn(b, h->alpn);
	if (h->v13 && !h->server) {
		ext(b, 43, h->grease ? "06 7a7a 0304 0303" : "04 0304 0303");
		ext(b, 45, "01 01");
		ext(b, 51,
		    "0024 001d 0020 "
		    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	} else if (h->v13) {
		ext(b, 43, "0304");
		ext(b, 51,
		    "001d 0020 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	}
	if (h->grease)
		ext(b, 0x1a1a, "00");
	len_close(b, exts, 0);
	len_close(b, hs, 0);
	len_close(b, rec, 0);
	return b;
}

static void record(struct buf *b, u8 type, u16 version, u32 n)
{
	put8(b, type);
	put16(b, version);
	put16(b, n);
	for (u32 i = 0; i < n; i++)
		put8(b, 0x40 + i * 7 % 151);
}

static const char *const alpn_both[] = { "h2", "http/1.1", NULL }, *const alpn_h2[] = { "h2",
											NULL };

static void make_tls(struct cap *c)
{
	static const struct hello clients[] = {
		{ .record = 0x0301,
		  .version = 0x0303,
		  .session = 32,
		  .ciphers = "1301 1302 1303 c02b c02f",
		  .sni = "www.example.net",
		  .alpn = alpn_both,
		  .v13 = true },
		{ .record = 0x0301,
		  .version = 0x0303,
		  .session = 32,
		  .ciphers = "1301 1302 c02b",
		  .sni = "grease.example.net",
		  .alpn = alpn_both,
		  .v13 = true,
		  .grease = true },
		{ .record = 0x0301,
		  .version = 0x0303,
		  .session = 0,
		  .ciphers = "c02b c02f 009c 002f",
		  .sni = "old.example.net" },
		{ .record = 0x0301, .version = 0x0302, .session = 0, .ciphers = "c013 002f" },
		{ .record = 0x0303,
		  .version = 0x0303,
		  .session = 8,
		  .ciphers = "c02f",
		  .alpn = alpn_h2 },
	};
	static const struct hello servers[] = {
		{ .record = 0x0303,
		  .version = 0x0303,
		  .session = 32,
		  .ciphers = "1301",
		  .v13 = true,
		  .server = true },
		{ .record = 0x0303,
		  .version = 0x0303,
		  .session = 32,
		  .ciphers = "1302",
		  .v13 = true,
		  .server = true },
		{ .record = 0x0303,
		  .version = 0x0303,
		  .session = 32,
		  .ciphers = "c02f",
		  .server = true },
		{ .record = 0x0302,
		  .version = 0x0302,
		  .session = 0,
		  .ciphers = "c013",
		  .server = true },
		{ .record = 0x0303,
		  .version = 0x0303,
		  .session = 8,
		  .ciphers = "c02f",
		  .alpn = alpn_h2,
		  .server = true },
	};
	struct stream s;

	for (u32 i = 0; i < 5; i++) {
		struct buf *b;

		stream_open(c, &s, i == 3 ? 8443 : 443, i & 1);
		stream_say(c, &s, 0, hello(c, &clients[i]));
		b = hello(c, &servers[i]);
		putx(b, "14 0303 0001 01"); /* change cipher spec */
		if (servers[i].v13)
			record(b, 23, 0x0303, 900);
		stream_say(c, &s, 1, b);
		b = cap_tmp(c);
		putx(b, "14 0303 0001 01");
		record(b, 23, 0x0303, 64);
		stream_say(c, &s, 0, b);
		b = cap_tmp(c);
		record(b, 23, 0x0303,
		       1300); /* application data, two records, and more than a segment */
		record(b, 23, 0x0303, 700);
		stream_say(c, &s, 1, b);
		if (!servers[i].v13) {
			b = cap_tmp(c);
			putx(b, "15 0303 0002 01 00"); /* alert: close notify */
			stream_say(c, &s, 0, b);
		}
		stream_close(c, &s);
	}
	stream_open(c, &s, 443, false); /* a hello in two segments */
	struct hello big = clients[0];
	static char many[4 * 700 + 1];

	for (u32 i = 0; i < 700; i++)
		memcpy(many + 4 * i, "c02f", 4);
	big.ciphers = many;
	stream_say(c, &s, 0, hello(c, &big));
	struct buf *b = cap_tmp(c);

	putx(b, "15 0303 0002 02 28"); /* handshake failure */
	stream_say(c, &s, 1, b);
	stream_close(c, &s);
}

/* ---- iperf ---- */

static void send_udp(struct cap *c, struct buf *b, u16 sport, u16 dport)
{
	push_udp(b, sport, dport);
	cap_l4(c, b);
}

/* iperf 2: id, time, then (of 2.0.10 and later) the high half of the id, then the client's header.
 */
static void iperf2(struct cap *c, u16 sport, u32 id, bool wide, bool both)
{
	struct buf *b = cap_new(c);

	put32(b, id);
	put32(b, (u32)(c->ns / 1000000000));
	put32(b, (u32)(c->ns % 1000000000 / 1000));
	if (wide)
		put32(b, id >> 31 ? 0xffffffff : 0);
	put32(b, both ? 0x80000001 : 0);
	put32(b, 1);
	put32(b, 5001);
	put32(b, 1470);
	put32(b, 1048576);
	put32(b, 0u - 1000);
	for (u32 i = 0; b->len < 1470; i++)
		put8(b, '0' + i % 10);
	send_udp(c, b, sport, 5001);
}

static void make_iperf2(struct cap *c)
{
	for (u32 wide = 0; wide < 2; wide++) {
		u16 port = cap_port(c);

		cap_peers(c);
		for (u32 i = 0; i < 6; i++)
			iperf2(c, port, i + wide + (i > 3), wide, i == 5);
		iperf2(c, port, 0u - 7, wide, false);
		struct buf *b = cap_new(c); /* the server's report */

		put32(b, 0u - 7);
		put32(b, (u32)(c->ns / 1000000000));
		put32(b, 0);
		if (wide)
			put32(b, 0xffffffff);
		putx(b, "80000000 00000000 00002274 0000000a 000186a0 00000001 00000000 00000007 "
			"00000000 0000007e");
		cap_swap(c);
		send_udp(c, b, 5001, port);
	}
	struct stream s;
	struct buf *b = cap_tmp(c);

	stream_open(c, &s, 5001, false); /* TCP: a header of six words, then digits */
	putx(b, "00000000 00000001 00001389 00020000 00000000 fffffc18");
	for (u32 i = 0; i < 2500; i++)
		put8(b, '0' + i % 10);
	stream_say(c, &s, 0, b);
	stream_close(c, &s);
}

static void iperf3(struct cap *c, u16 sport, u16 dport, u64 id, bool wide, u32 size)
{
	struct buf *b = cap_new(c);

	put32(b, (u32)(c->ns / 1000000000 % 100000));
	put32(b, (u32)(c->ns % 1000000000 / 1000));
	if (wide)
		put64(b, id);
	else
		put32(b, (u32)id);
	putz(b, size - b->len);
	send_udp(c, b, sport, dport);
}

static void iperf3_control(struct cap *c, struct stream *s, int dir, const char *hex,
			   const char *json)
{
	struct buf *b = cap_tmp(c);

	putx(b, hex);
	if (json) {
		u32 n = (u32)strlen(json);

		put32(b, n);
		putstr(b, json);
	}
	stream_say(c, s, dir, b);
}

static void make_iperf3(struct cap *c)
{
	struct stream s;
	struct buf *b;

	stream_open(c, &s, 5201, false); /* the control connection of a short test */
	b = cap_tmp(c);
	putstr(b, "abcdefghijklmnopqrstuvwxyz234567abcd");
	put8(b, 0);
	stream_say(c, &s, 0, b);
	iperf3_control(c, &s, 1, "09", NULL);
	iperf3_control(c, &s, 0, "",
		       "{\"udp\":true,\"omit\":0,\"time\":1,\"num\":0,\"blockcount\":0,"
		       "\"parallel\":1,\"len\":1448,"
		       "\"bandwidth\":1048576,\"pacing_timer\":1000,\"client_version\":\"3.12\"}");
	iperf3_control(c, &s, 1, "0a", NULL);
	struct peer a = c->a, z = c->b;
	u16 port = cap_port(c);

	b = cap_new(c);
	putx(b, "39383736");
	send_udp(c, b, port, 5201);
	cap_swap(c);
	b = cap_new(c);
	putx(b, "36373839");
	send_udp(c, b, 5201, port);
	cap_swap(c);
	iperf3_control(c, &s, 1, "01 02", NULL);
	for (u32 i = 1; i < 8; i++)
		iperf3(c, port, 5201, i + (i > 5), false, 1448);
	iperf3(c, port, 5201, 6, false, 1448); /* one that comes late */
	iperf3_control(c, &s, 0, "04", NULL);
	iperf3_control(c, &s, 1, "0d", NULL);
	iperf3_control(
		c, &s, 0, "",
		"{\"cpu_util_total\":1.5,\"streams\":[{\"id\":1,\"bytes\":11584,\"packets\":8}]}");
	iperf3_control(c, &s, 1, "",
		       "{\"cpu_util_total\":2.5,\"streams\":[{\"id\":1,\"bytes\":11584,\"errors\":"
		       "0,\"packets\":8}]}");
	iperf3_control(c, &s, 1, "0e", NULL);
	iperf3_control(c, &s, 0, "10", NULL);
	stream_close(c, &s);
	c->a = a;
	c->b = z;
	port = cap_port(c); /* 64-bit counters, and the other way */
	for (u32 i = 0; i < 6; i++)
		iperf3(c, port, 5201, i < 3 ? i + 1 : 0x100000000ull + i, true, i ? 1448 : 16);
	cap_swap(c);
	for (u32 i = 1; i < 4; i++)
		iperf3(c, 5201, port, i, false, i == 1 ? 16 : 400);
}

const struct scen scen_app[] = {
	{ "ntp.pcap", GOOD, 1, make_ntp,
	  "NTP versions 1, 3 and 4: client, server, symmetric, broadcast, kiss, control, with "
	  "MAC" },
	{ "http.pcap", GOOD, 1, make_http,
	  "HTTP/1: many methods and statuses, chunks, a long body; ports 80 and 8080" },
	{ "tls.pcap", GOOD, 1, make_tls,
	  "TLS 1.1 to 1.3: hellos with SNI, ALPN, versions, GREASE; one in two segments" },
	{ "iperf2.pcap", GOOD, 1, make_iperf2,
	  "iperf 2: UDP datagrams of both layouts, end, report; TCP header" },
	{ "iperf3.pcap", GOOD, 1, make_iperf3,
	  "iperf 3: control connection, UDP with 32- and 64-bit counters, reverse" },
	{ 0 },
};
