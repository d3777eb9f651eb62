/* HTTP/1 (RFC 9112, RFC 9110): first lines and headers, message after message as they stand in one
 * segment. */
#include "packet/proto.h"
#include "packet/show.h"

#include <ctype.h>
#include <string.h>

enum {
	F_METHOD,
	F_URI,
	F_URI_PATH,
	F_URI_QUERY,
	F_URI_PARAMETER,
	F_REQ_VERSION,
	F_FULL_URI,
	F_RESP_VERSION,
	F_CODE,
	F_PHRASE,
	F_REQ_LINE,
	F_RESP_LINE,
	F_CONTENT_LENGTH,
	F_COOKIE_PAIR,
	F_REQUEST,
	F_NOTIFICATION,
	F_RESPONSE,
	F_FILE_DATA,
	F_ACCEPT,
	F_ACCEPT_ENCODING,
	F_ACCEPT_LANGUAGE,
	F_AUTHORIZATION,
	F_CACHE_CONTROL,
	F_CONNECTION,
	F_CONTENT_ENCODING,
	F_CONTENT_LENGTH_HEADER,
	F_CONTENT_TYPE,
	F_COOKIE,
	F_DATE,
	F_HOST,
	F_LAST_MODIFIED,
	F_LOCATION,
	F_PROXY_AUTHENTICATE,
	F_PROXY_AUTHORIZATION,
	F_REFERER,
	F_SEC_WEBSOCKET_ACCEPT,
	F_SEC_WEBSOCKET_EXTENSIONS,
	F_SEC_WEBSOCKET_KEY,
	F_SEC_WEBSOCKET_PROTOCOL,
	F_SEC_WEBSOCKET_VERSION,
	F_SERVER,
	F_SET_COOKIE,
	F_TRANSFER_ENCODING,
	F_UPGRADE,
	F_USER_AGENT,
	F_WWW_AUTHENTICATE,
	F_X_FORWARDED_FOR,
};

static const struct field fields[] = {
	[F_METHOD] = { "http.request.method", "Request method", FT_STRING },
	[F_URI] = { "http.request.uri", "Request URI", FT_STRING },
	[F_URI_PATH] = { "http.request.uri.path", "Request URI path", FT_STRING },
	[F_URI_QUERY] = { "http.request.uri.query", "Request URI query", FT_STRING },
	[F_URI_PARAMETER] = { "http.request.uri.query.parameter", "Request URI query parameter",
			      FT_STRING },
	[F_REQ_VERSION] = { "http.request.version", "Request version", FT_STRING },
	[F_FULL_URI] = { "http.request.full_uri", "Full request URI", FT_STRING },
	[F_RESP_VERSION] = { "http.response.version", "Response version", FT_STRING },
	[F_CODE] = { "http.response.code", "Status code", FT_U16, FB_DEC },
	[F_PHRASE] = { "http.response.phrase", "Response phrase", FT_STRING },
	[F_REQ_LINE] = { "http.request.line", "Request header line", FT_STRING },
	[F_RESP_LINE] = { "http.response.line", "Response header line", FT_STRING },
	[F_CONTENT_LENGTH] = { "http.content_length", "Content length", FT_U64, FB_DEC },
	[F_COOKIE_PAIR] = { "http.cookie_pair", "Cookie pair", FT_STRING },
	[F_REQUEST] = { "http.request", "Request", FT_BOOL },
	[F_NOTIFICATION] = { "http.notification", "Notification", FT_BOOL },
	[F_RESPONSE] = { "http.response", "Response", FT_BOOL },
	[F_FILE_DATA] = { "http.file_data", "Body", FT_STRING },
	[F_ACCEPT] = { "http.accept", "Accept", FT_STRING },
	[F_ACCEPT_ENCODING] = { "http.accept_encoding", "Accept encoding", FT_STRING },
	[F_ACCEPT_LANGUAGE] = { "http.accept_language", "Accept language", FT_STRING },
	[F_AUTHORIZATION] = { "http.authorization", "Authorization", FT_STRING },
	[F_CACHE_CONTROL] = { "http.cache_control", "Cache control", FT_STRING },
	[F_CONNECTION] = { "http.connection", "Connection", FT_STRING },
	[F_CONTENT_ENCODING] = { "http.content_encoding", "Content encoding", FT_STRING },
	[F_CONTENT_LENGTH_HEADER] = { "http.content_length_header", "Content length header",
				      FT_STRING },
	[F_CONTENT_TYPE] = { "http.content_type", "Content type", FT_STRING },
	[F_COOKIE] = { "http.cookie", "Cookie", FT_STRING },
	[F_DATE] = { "http.date", "Date", FT_STRING },
	[F_HOST] = { "http.host", "Host", FT_STRING },
	[F_LAST_MODIFIED] = { "http.last_modified", "Last modified", FT_STRING },
	[F_LOCATION] = { "http.location", "Location", FT_STRING },
	[F_PROXY_AUTHENTICATE] = { "http.proxy_authenticate", "Proxy authenticate", FT_STRING },
	[F_PROXY_AUTHORIZATION] = { "http.proxy_authorization", "Proxy authorization", FT_STRING },
	[F_REFERER] = { "http.referer", "Referer", FT_STRING },
	[F_SEC_WEBSOCKET_ACCEPT] = { "http.sec_websocket_accept", "WebSocket accept", FT_STRING },
	[F_SEC_WEBSOCKET_EXTENSIONS] = { "http.sec_websocket_extensions", "WebSocket extensions",
					 FT_STRING },
	[F_SEC_WEBSOCKET_KEY] = { "http.sec_websocket_key", "WebSocket key", FT_STRING },
	[F_SEC_WEBSOCKET_PROTOCOL] = { "http.sec_websocket_protocol", "WebSocket protocol",
				       FT_STRING },
	[F_SEC_WEBSOCKET_VERSION] = { "http.sec_websocket_version", "WebSocket version",
				      FT_STRING },
	[F_SERVER] = { "http.server", "Server", FT_STRING },
	[F_SET_COOKIE] = { "http.set_cookie", "Set cookie", FT_STRING },
	[F_TRANSFER_ENCODING] = { "http.transfer_encoding", "Transfer encoding", FT_STRING },
	[F_UPGRADE] = { "http.upgrade", "Upgrade", FT_STRING },
	[F_USER_AGENT] = { "http.user_agent", "User agent", FT_STRING },
	[F_WWW_AUTHENTICATE] = { "http.www_authenticate", "WWW authenticate", FT_STRING },
	[F_X_FORWARDED_FOR] = { "http.x_forwarded_for", "X-Forwarded-For", FT_STRING },
};

#define HEADER(name, f) { name, sizeof(name) - 1, f }
static const struct {
	const char *name;
	u8 n; /* its length, which tells most of them apart */
	u8 f;
} headers[] = {
	HEADER("accept", F_ACCEPT),
	HEADER("accept-encoding", F_ACCEPT_ENCODING),
	HEADER("accept-language", F_ACCEPT_LANGUAGE),
	HEADER("authorization", F_AUTHORIZATION),
	HEADER("cache-control", F_CACHE_CONTROL),
	HEADER("connection", F_CONNECTION),
	HEADER("content-encoding", F_CONTENT_ENCODING),
	HEADER("content-length", F_CONTENT_LENGTH_HEADER),
	HEADER("content-type", F_CONTENT_TYPE),
	HEADER("cookie", F_COOKIE),
	HEADER("date", F_DATE),
	HEADER("host", F_HOST),
	HEADER("last-modified", F_LAST_MODIFIED),
	HEADER("location", F_LOCATION),
	HEADER("proxy-authenticate", F_PROXY_AUTHENTICATE),
	HEADER("proxy-authorization", F_PROXY_AUTHORIZATION),
	HEADER("referer", F_REFERER),
	HEADER("sec-websocket-accept", F_SEC_WEBSOCKET_ACCEPT),
	HEADER("sec-websocket-extensions", F_SEC_WEBSOCKET_EXTENSIONS),
	HEADER("sec-websocket-key", F_SEC_WEBSOCKET_KEY),
	HEADER("sec-websocket-protocol", F_SEC_WEBSOCKET_PROTOCOL),
	HEADER("sec-websocket-version", F_SEC_WEBSOCKET_VERSION),
	HEADER("server", F_SERVER),
	HEADER("set-cookie", F_SET_COOKIE),
	HEADER("transfer-encoding", F_TRANSFER_ENCODING),
	HEADER("upgrade", F_UPGRADE),
	HEADER("user-agent", F_USER_AGENT),
	HEADER("www-authenticate", F_WWW_AUTHENTICATE),
	HEADER("x-forwarded-for", F_X_FORWARDED_FOR),
};

static const char *const methods[] = { "GET",
				       "POST",
				       "HEAD",
				       "PUT",
				       "DELETE",
				       "OPTIONS",
				       "CONNECT",
				       "TRACE",
				       "PATCH",
				       "LINK",
				       "UNLINK",
				       "PROPFIND",
				       "PROPPATCH",
				       "MKCOL",
				       "COPY",
				       "MOVE",
				       "LOCK",
				       "UNLOCK",
				       "POLL",
				       "BCOPY",
				       "BMOVE",
				       "SEARCH",
				       "BDELETE",
				       "BPROPFIND",
				       "BPROPPATCH",
				       "LABEL",
				       "MERGE",
				       "REPORT",
				       "UPDATE",
				       "CHECKIN",
				       "CHECKOUT",
				       "UNCHECKOUT",
				       "MKACTIVITY",
				       "MKWORKSPACE",
				       "VERSION-CONTROL",
				       "BASELINE-CONTROL",
				       "NOTIFY",
				       "SUBSCRIBE",
				       "UNSUBSCRIBE",
				       "M-SEARCH" };

/* Ports where HTTP is expected, and less is enough to believe it. */
static const u16 ports[] = { 80, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8080, 8088, 11371 };

/* ---- text ---- */

/* A stretch of the frame. */
struct span {
	u32 off, n;
};

static bool starts(const u8 *p, u32 n, const char *word)
{
	size_t len = strlen(word);

	return n >= len && memcmp(p, word, len) == 0;
}

/* The next line without its end; c moves behind it. The last line may lack its end. */
static struct span next_line(struct cur *c)
{
	u32 left = cur_left(c);
	const u8 *p = c->base + c->at, *nl = left > 0 ? memchr(p, '\n', left) : NULL;
	struct span line = { c->at, nl != NULL ? (u32)(nl - p) : left };

	c->at += nl != NULL ? line.n + 1 : left;
	if (line.n > 0 && nl != NULL && p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* The part of s up to the next blank; s keeps what is behind it. */
static struct span next_word(const u8 *base, struct span *s)
{
	const u8 *p = base + s->off, *blank = s->n > 0 ? memchr(p, ' ', s->n) : NULL;
	struct span word = { s->off, blank != NULL ? (u32)(blank - p) : s->n };
	u32 used = word.n + (blank != NULL ? 1 : 0);

	s->off += used;
	s->n -= used;
	return word;
}

static bool is_blank(u8 ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r';
}

static struct span trim(const u8 *base, struct span s)
{
	while (s.n > 0 && is_blank(base[s.off])) {
		s.off++;
		s.n--;
	}
	while (s.n > 0 && is_blank(base[s.off + s.n - 1]))
		s.n--;
	return s;
}

static bool is_method(const u8 *p, u32 n)
{
	for (unsigned i = 0; i < ARRAY_LEN(methods); i++)
		if (strlen(methods[i]) == n && memcmp(p, methods[i], n) == 0)
			return true;
	return false;
}

/* Is it this word, written in lower case here, in any case there? */
static bool same_name(const u8 *p, u32 n, const char *name)
{
	u32 i = 0;

	while (i < n && name[i] != '\0' && tolower(p[i]) == name[i])
		i++;
	return i == n && name[i] == '\0';
}

/* ---- one message ---- */

struct message {
	struct dis *d;
	const u8 *base;
	bool response, no_body, chunked, has_length;
	u64 length;
	struct span host, uri, first; /* for the full URI; where the message began */
	bool connect, notification;   /* the method is CONNECT; is one of UPnP's */
};

static void put_uri(struct message *m)
{
	struct dis *d = m->d;
	const u8 *p = m->base + m->uri.off, *mark = m->uri.n > 0 ? memchr(p, '?', m->uri.n) : NULL;
	u32 path, at, end = m->uri.off + m->uri.n;

	d_mem(d, F_URI, m->uri.off, m->uri.n);
	if (mark == NULL)
		return;
	path = (u32)(mark - p);
	d_down(d);
	d_mem(d, F_URI_PATH, m->uri.off, path);
	at = m->uri.off + path + 1;
	d_mem(d, F_URI_QUERY, at, end - at);
	d_down(d);
	while (at < end) {
		const u8 *amp = memchr(m->base + at, '&', end - at);
		u32 n = amp != NULL ? (u32)(amp - (m->base + at)) : end - at;

		d_mem(d, F_URI_PARAMETER, at, n);
		at += n + 1;
	}
	d_up(d);
	d_up(d);
}

static void request_line(struct message *m, struct span line)
{
	struct dis *d = m->d;
	struct span method = next_word(m->base, &line);

	m->connect = method.n == 7 && memcmp(m->base + method.off, "CONNECT", 7) == 0;
	m->notification = same_name(m->base + method.off, method.n, "notify") ||
			  same_name(m->base + method.off, method.n, "subscribe") ||
			  same_name(m->base + method.off, method.n, "unsubscribe");
	d_mem(d, F_METHOD, method.off, method.n);
	if (line.n == 0)
		return;
	m->uri = next_word(m->base, &line);
	put_uri(m);
	if (line.n > 0)
		d_mem(d, F_REQ_VERSION, line.off, line.n);
}

static void status_line(struct message *m, struct span line)
{
	struct dis *d = m->d;
	struct span version = next_word(m->base, &line), code;
	const u8 *p;
	u32 v = 0;

	d_mem(d, F_RESP_VERSION, version.off, version.n);
	code = next_word(m->base, &line);
	p = m->base + code.off;
	if (code.n != 3 || !isdigit(p[0]) || !isdigit(p[1]) || !isdigit(p[2]))
		return;
	for (unsigned i = 0; i < 3; i++)
		v = v * 10 + p[i] - '0';
	d_u(d, F_CODE, code.off, 3, v);
	m->no_body = v / 100 == 1 || v == 204 || v == 304; /* RFC 9112 6.3 */
	if (line.n > 0)
		d_mem(d, F_PHRASE, line.off, line.n);
}

static void put_length(struct message *m, struct span line, struct span value)
{
	u64 v = 0;

	for (u32 i = 0; i < value.n; i++) {
		u8 ch = m->base[value.off + i];

		if (!isdigit(ch) || v > UINT64_MAX / 100)
			return;
		v = v * 10 + (u64)(ch - '0');
	}
	if (value.n == 0)
		return;
	m->has_length = true;
	m->length = v;
	d_down(m->d);
	d_u(m->d, F_CONTENT_LENGTH, line.off, line.n, v);
	d_up(m->d);
}

static void put_cookies(struct message *m, struct span value)
{
	u32 at = value.off, end = value.off + value.n;

	d_down(m->d);
	while (at < end) {
		const u8 *semi = memchr(m->base + at, ';', end - at);
		u32 n = semi != NULL ? (u32)(semi - (m->base + at)) : end - at;
		struct span pair = trim(m->base, (struct span) { at, n });

		d_mem(m->d, F_COOKIE_PAIR, pair.off, pair.n);
		at += n + 1;
	}
	d_up(m->d);
}

/* One header of `n` bytes with its end; false where it is none. */
static bool header(struct message *m, struct span line, u32 n)
{
	struct dis *d = m->d;
	const u8 *p = m->base + line.off, *colon = memchr(p, ':', line.n);
	struct span name, value;

	if (colon == NULL)
		return false;
	name = (struct span) { line.off, (u32)(colon - p) };
	value = trim(m->base, (struct span) { line.off + (u32)(colon - p) + 1,
					      line.n - (u32)(colon - p) - 1 });
	for (unsigned i = 0; i < ARRAY_LEN(headers); i++) {
		if (headers[i].n != name.n || !same_name(p, name.n, headers[i].name))
			continue;
		d_mem(d, headers[i].f, value.off, value.n);
		if (headers[i].f == F_HOST)
			m->host = value;
		else if (headers[i].f == F_CONTENT_LENGTH_HEADER)
			put_length(m, line, value);
		else if (headers[i].f == F_COOKIE)
			put_cookies(m, value);
		else if (headers[i].f == F_TRANSFER_ENCODING)
			m->chunked = same_name(m->base + value.off, value.n, "chunked");
		break;
	}
	if (!m->notification)
		d_mem(d, m->response ? F_RESP_LINE : F_REQ_LINE, line.off, n);
	return true;
}

static void put_full_uri(struct message *m)
{
	const char *scheme = "http://";
	struct txt t;

	if (!d_wants(m->d, F_FULL_URI) || (m->uri.n == 0 && m->host.n == 0))
		return;
	txt_init(&t);
	if (!m->connect && m->host.n > 0 && !starts(m->base + m->uri.off, m->uri.n, scheme)) {
		txt_puts(&t, scheme);
		txt_putn(&t, (const char *)m->base + m->host.off, m->host.n);
	}
	if (t.n > 0 || (m->uri.n > 7 && starts(m->base + m->uri.off, m->uri.n, scheme)) ||
	    m->connect) {
		txt_putn(&t, (const char *)m->base + m->uri.off, m->uri.n);
		d_text(m->d, F_FULL_URI, m->uri.off, m->uri.n, t.s, t.n);
	}
	txt_fini(&t);
}

/* Bytes of body that belong to this message and are here. */
static u32 body_size(const struct message *m, const struct cur *c)
{
	u32 left = cur_left(c);

	if (m->no_body)
		return 0;
	if (m->chunked)
		return left;
	if (m->has_length)
		return (u32)MIN((u64)left, m->length);
	return m->response ? left : 0;
}

/* A whole message; false where nothing can follow it. */
static bool message(struct dis *d, struct cur *c, bool response)
{
	struct message m = { .d = d, .base = c->base, .response = response };
	u32 n;
	bool blank = false, cut = false;

	m.first = next_line(c);
	if (response)
		status_line(&m, m.first);
	else
		request_line(&m, m.first);
	while (cur_left(c) > 0 && !blank) {
		u32 at = c->at;
		struct span line = next_line(c);

		if (line.n == 0) {
			blank = true;
		} else if (!header(&m, line, c->at - at)) {
			cut = c->base[c->at - 1] != '\n';
			c->at = at;
			break;
		}
	}
	if (!cut) {
		if (!response)
			put_full_uri(&m);
		d_gen(d, response ? F_RESPONSE : m.notification ? F_NOTIFICATION : F_REQUEST, 1);
	}
	n = blank ? body_size(&m, c) : cur_left(c);
	if (n > 0 && !m.chunked && !cut)
		d_mem(d, F_FILE_DATA, c->at, n);
	c->at += n;
	return blank;
}

/* What message begins here: 1 a request, 2 a response, 0 none. On an HTTP port a method's name is
 * enough, elsewhere the whole first line must look the part. */
static int begins(struct cur c, bool on_port)
{
	const u8 *p = c.base + c.at;
	struct span line = next_line(&c), word;

	if (starts(p, line.n, "HTTP/"))
		return on_port || (line.n >= 12 && p[5] == '1' && p[6] == '.') ? 2 : 0;
	word = next_word(c.base, &line);
	if (!is_method(p, word.n))
		return 0;
	if (on_port)
		return 1;
	next_word(c.base, &line);
	return starts(c.base + line.off, line.n, "HTTP/1.") ? 1 : 0;
}

static void skip_empty_lines(struct cur *c)
{
	while (cur_left(c) > 0 && (c->base[c->at] == '\r' || c->base[c->at] == '\n'))
		c->at++;
}

static void dissect(struct dis *d, struct cur *c)
{
	skip_empty_lines(c);
	while (cur_left(c) > 0) {
		int kind = begins(*c, true);

		if (kind == 0) {
			d_data(d, *c);
			c->at = c->end;
		} else if (!message(d, c, kind == 2)) {
			break;
		}
	}
}

static bool looks_like(const struct dis *d, struct cur c)
{
	const struct facts *x = &d->k->facts;
	bool on_port = false;

	if (!isupper(c.base[c.at]) && c.base[c.at] != '\r')
		return false;
	for (unsigned i = 0; i < ARRAY_LEN(ports); i++)
		on_port |= x->sport == ports[i] || x->dport == ports[i];
	if (on_port)
		skip_empty_lines(&c);
	return cur_left(&c) > 0 && begins(c, on_port) != 0;
}

static void put_first(const struct pkt *k, const struct layer *l, struct txt *t, unsigned f)
{
	const struct val *v = pkt_get(k, l, f);

	if (v == NULL)
		return;
	if (f != F_METHOD && f != F_RESP_VERSION)
		txt_putc(t, ' ');
	show_value(t, k, v);
}

/* "GET /index.html www.example.org", "HTTP/1.1 200 OK text/html" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	static const u8 order[] = { F_METHOD,	    F_URI,  F_REQ_VERSION, F_HOST,
				    F_RESP_VERSION, F_CODE, F_PHRASE,	   F_CONTENT_TYPE };

	for (unsigned i = 0; i < ARRAY_LEN(order); i++)
		put_first(k, l, t, order[i]);
}

static const u16 info_wants[] = { F_METHOD, F_URI,    F_REQ_VERSION,  F_HOST,	F_RESP_VERSION,
				  F_CODE,   F_PHRASE, F_CONTENT_TYPE, FIELD_END };

const struct proto proto_http = {
	.name = "http",
	.title = "Hypertext Transfer Protocol",
	.abbrev = "HTTP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.dissect = dissect,
	.heur_tcp = looks_like,
	.info = info,
	.info_wants = info_wants,
};
