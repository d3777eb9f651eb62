/* Conversations: a hash table that one thread fills and others read, bounded by a cap. */
#include "flow/flow.h"

#include "base/err.h"
#include "base/rand.h"
#include "base/vec.h"

#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024 }; /* conversations, and trackers, that are allocated at once */

/* The trackers of connections, given out by number; those of forgotten conversations are used
 * again. The writer's own. */
struct conns {
	VEC(struct tcp_conn *) chunk;
	VEC(u32) unused;
	u32 count;
	/* Rings of those tracked whole, + 1: in the order in which they began, and were over. */
	u32 *began, *over;
	u32 nbegan, nover, shrunk;
};

struct flow {
	u32 cap;
	_Atomic u32 count;   /* ids given out */
	_Atomic u32 evicted; /* ids below this are forgotten */
	u32 streams[2];	     /* next tcp.stream, udp.stream */
	_Atomic u32 *bucket; /* slot + 1 of the newest conversation, 0 for none; as many as cap */
	struct conv **chunk;
	u32 last, last_prev;
	enum flow_track track;
	struct conns conns;
	u32 last_conn;	      /* of the last packet, + 1 */
	struct tcp_seen seen; /* of the last segment */
	struct tcp_conn
		initial; /* as the last connection began that came after another of its ends */
	u32 initial_of;
};

void conv_end(struct txt *t, const struct conv *c, int side)
{
	if (c->net == 6) {
		txt_putc(t, '[');
		txt_ip6(t, c->addr[side]);
		txt_putc(t, ']');
	} else {
		txt_ip4(t, c->addr[side]);
	}
	txt_putc(t, ':');
	txt_u64(t, c->port[side]);
}

struct flow *flow_new(u32 cap)
{
	struct flow *fl = xcalloc(1, sizeof *fl);

	assert(cap >= CHUNK && (cap & (cap - 1)) == 0);
	fl->cap = cap;
	fl->bucket = xcalloc(cap, sizeof *fl->bucket);
	fl->chunk = xcalloc(cap / CHUNK, sizeof *fl->chunk);
	fl->last = FLOW_NONE;
	return fl;
}

static struct tcp_conn *conn_at(const struct flow *fl, u32 i)
{
	return &fl->conns.chunk.v[i / CHUNK][i % CHUNK];
}

static void conns_free(struct flow *fl)
{
	/* Those not in use hold nothing any more. */
	for (u32 i = 0; i < fl->conns.count; i++)
		tcp_conn_fini(conn_at(fl, i));
	for (size_t i = 0; i < fl->conns.chunk.n; i++)
		free(fl->conns.chunk.v[i]);
	VEC_FREE(&fl->conns.chunk);
	VEC_FREE(&fl->conns.unused);
	free(fl->conns.began);
	free(fl->conns.over);
	tcp_conn_fini(&fl->initial);
}

void flow_free(struct flow *fl)
{
	if (fl == NULL)
		return;
	conns_free(fl);
	for (u32 i = 0; i < fl->cap / CHUNK; i++)
		free(fl->chunk[i]);
	free(fl->chunk);
	free(fl->bucket);
	free(fl);
}

static struct conv *slot(const struct flow *fl, u32 s)
{
	return &fl->chunk[s / CHUNK][s % CHUNK];
}

static u64 hash_end(const u8 *addr, unsigned n, u16 port)
{
	u64 h;

	if (n == 4) {
		h = load_be32(addr);
	} else {
		h = hash_mix(load_be64(addr), load_be64(addr + 8));
	}
	return hash_mix(h, port);
}

/* The same for both directions. */
static u32 hash(const struct flow *fl, const struct facts *x)
{
	unsigned n = x->net == 6 ? 16 : 4;
	u64 h = hash_end(x->src, n, x->sport) + hash_end(x->dst, n, x->dport);

	return (u32)(hash_mix(h, x->scope + x->l4) & (fl->cap - 1));
}

static inline bool same_addr(const u8 *a, const u8 *b, bool six)
{
	if (!six)
		return load_be32(a) == load_be32(b);
	return load_be64(a) == load_be64(b) && load_be64(a + 8) == load_be64(b + 8);
}

/* 0 where the packet goes the way of side 0, 1 the other way, -1 where it is of another
 * conversation. */
static int side_of(const struct conv *c, const struct facts *x)
{
	bool six = x->net == 6;

	if (c->l4 != x->l4 || c->net != x->net || c->scope != x->scope)
		return -1;
	if (c->port[0] == x->sport && c->port[1] == x->dport &&
	    same_addr(c->addr[0], x->src, six) && same_addr(c->addr[1], x->dst, six))
		return 0;
	if (c->port[1] == x->sport && c->port[0] == x->dport &&
	    same_addr(c->addr[1], x->src, six) && same_addr(c->addr[0], x->dst, six))
		return 1;
	return -1;
}

/* ---- one writes, others read ----
 *
 * A chain runs from its newest conversation to its oldest, so its ids fall. Conversations are
 * forgotten in the order of their ids, so whoever goes from its chain was its last, and where a
 * slot has been taken for another, all that stood behind it in the chain is forgotten too.
 *
 * The writer counts a conversation as forgotten before it writes into its slot, and writes the new
 * id last. So a reader who takes the id first, then the rest, and then finds that this id is not
 * forgotten, has read nothing else. All of it is read and written in atomic words. */

typedef u64 __attribute__((may_alias)) word;

enum { LINE = 8, CONV = sizeof(struct conv) / sizeof(word) }; /* words: a cache line, all */

#define PUT(where, value) __atomic_store_n(&(where), (value), __ATOMIC_RELAXED)
#define GET(where) __atomic_load_n(&(where), __ATOMIC_ACQUIRE)

static inline void read_words(struct conv *to, const struct conv *from, unsigned i, unsigned end)
{
	for (; i < end; i++)
		((word *)to)[i] = GET(((const word *)from)[i]);
}

static void conv_write(struct conv *to, const struct conv *from)
{
	enum { ID = offsetof(struct conv, id) / sizeof(word) };

	for (unsigned i = 0; i < CONV; i++)
		if (i != ID)
			__atomic_store_n((word *)to + i, ((const word *)from)[i], __ATOMIC_RELEASE);
	__atomic_store_n((word *)to + ID, ((const word *)from)[ID], __ATOMIC_RELEASE);
}

/* The newest conversation that fits, for the writer. */
static struct conv *find(const struct flow *fl, u32 h, const struct facts *x, int *side)
{
	for (u32 s = fl->bucket[h]; s != 0; s = slot(fl, s - 1)->older)
		if ((*side = side_of(slot(fl, s - 1), x)) >= 0)
			return slot(fl, s - 1);
	return NULL;
}

/* The newest one that fits and had begun at packet `number`, for a reader. */
static bool look(const struct flow *fl, u32 h, const struct facts *x, u64 number, struct conv *c,
		 int *side)
{
	u64 before = UINT64_MAX;

	for (u32 s = atomic_load_explicit(&fl->bucket[h], memory_order_acquire); s != 0;) {
		const struct conv *at = slot(fl, s - 1);
		u32 id = GET(at->id);

		if (id >= before)
			return false;
		read_words(c, at, 0, LINE);
		if (c->first <= number && (*side = side_of(c, x)) >= 0) {
			read_words(c, at, LINE, CONV);
			c->id = id;
			return id >= flow_evicted(fl);
		}
		before = id;
		s = GET(at->older);
	}
	return false;
}

/* Takes a conversation, the last of its chain, out of it. */
static void unlink_conv(struct flow *fl, struct conv *c)
{
	struct facts x = {
		.net = c->net,
		.l4 = c->l4,
		.src = c->addr[0],
		.dst = c->addr[1],
		.sport = c->port[0],
		.dport = c->port[1],
		.scope = c->scope,
	};
	u32 h = hash(fl, &x), me = c->id % fl->cap + 1, s = fl->bucket[h];

	if (s == me) {
		atomic_store_explicit(&fl->bucket[h], 0, memory_order_release);
		return;
	}
	while (s != 0) {
		struct conv *o = slot(fl, s - 1);

		if (o->older == me)
			PUT(o->older, 0);
		s = o->older;
	}
}

/* Two cache lines a conversation and not three: what is compared stands in the first. */
_Static_assert(sizeof(struct conv) == 128 && offsetof(struct conv, base_seq) == 64,
	       "two cache lines");

static struct conv *chunk_new(void)
{
	void *p = aligned_alloc(64, CHUNK * sizeof(struct conv));

	if (p == NULL)
		die("out of memory");
	return p;
}

/* ---- trackers ---- */

void flow_track(struct flow *fl, enum flow_track how)
{
	fl->track = how;
	if (how != FLOW_WHOLE || fl->conns.began != NULL)
		return;
	fl->conns.began = xcalloc(FLOW_WHOLE_MAX, sizeof *fl->conns.began);
	fl->conns.over = xcalloc(FLOW_OVER_MAX, sizeof *fl->conns.over);
}

u32 flow_shrunk(const struct flow *fl)
{
	return __atomic_load_n(&fl->conns.shrunk, __ATOMIC_RELAXED);
}

const struct tcp_conn *flow_conn(const struct flow *fl)
{
	return fl->last != FLOW_NONE && fl->last_conn != 0 ? conn_at(fl, fl->last_conn - 1) : NULL;
}

const struct tcp_conn *flow_initial(const struct flow *fl)
{
	const struct tcp_conn *c = flow_conn(fl);

	return c != NULL && c->segments == 1 && fl->initial_of == fl->last_conn ? &fl->initial
										: NULL;
}

u64 flow_tracked(const struct flow *fl, u32 *connections)
{
	const struct conns *n = &fl->conns;
	u64 size = 0;

	for (u32 i = 0; i < n->count; i++)
		size += tcp_conn_size(conn_at(fl, i));
	*connections = n->count - (u32)n->unused.n;
	return size;
}

const struct tcp_seen *flow_seen(const struct flow *fl)
{
	return &fl->seen;
}

const struct tcp_conn *flow_conn_of(const struct flow *fl, u32 id)
{
	const struct conv *c;

	if (id >= fl->count || id < fl->evicted)
		return NULL;
	c = slot(fl, id % fl->cap);
	return c->conn != 0 ? conn_at(fl, c->conn - 1) : NULL;
}

/* Puts a connection into a ring, and shrinks the one that it pushes out. */
static void enter(struct flow *fl, u32 *ring, u32 at, u32 conn)
{
	u32 old = ring[at];
	struct tcp_conn *c = old != 0 ? conn_at(fl, old - 1) : NULL;

	ring[at] = conn;
	if (c == NULL || c->whole == NULL)
		return;
	if (ring == fl->conns.began && !tcp_conn_over(c))
		__atomic_fetch_add(&fl->conns.shrunk, 1, __ATOMIC_RELAXED);
	if (ring == fl->conns.began || c->queued)
		tcp_conn_shrink(c);
}

/* Was side 0 the same end in both? */
static bool same_first(const struct conv *a, const struct conv *b)
{
	return a->port[0] == b->port[0] && same_addr(a->addr[0], b->addr[0], a->net == 6);
}

/* How a conversation's ends stand; NULL where it is none or that is not known. */
static const struct tcp_ends *ends_of(const struct flow *fl, const struct conv *c)
{
	const struct tcp_conn *conn = c != NULL && c->conn != 0 ? conn_at(fl, c->conn - 1) : NULL;

	return conn != NULL && conn->whole != NULL ? &conn->whole->ends : NULL;
}

/* `before`: the conversation of the same ends before this one, or NULL. Its side 0 is this one's
 * side 0 where both began by the same end. */
static void conn_begin(struct flow *fl, struct conv *c, const struct conv *before)
{
	struct conns *n = &fl->conns;
	u32 i = n->unused.n > 0 ? n->unused.v[--n->unused.n] : n->count++;
	bool whole = fl->track == FLOW_WHOLE;
	const struct tcp_ends *how = whole ? ends_of(fl, before) : NULL;

	if (i / CHUNK == n->chunk.n)
		*VEC_PUSH(&n->chunk) = xmalloc(CHUNK * sizeof(struct tcp_conn));
	tcp_conn_init(conn_at(fl, i), whole, c->reused, how, how != NULL && !same_first(c, before));
	PUT(c->conn, i + 1);
	if (how != NULL) {
		tcp_conn_fini(&fl->initial);
		tcp_conn_copy(&fl->initial, conn_at(fl, i));
		fl->initial_of = i + 1;
	}
	if (whole)
		enter(fl, n->began, n->nbegan++ % FLOW_WHOLE_MAX, i + 1);
}

static void conn_end(struct flow *fl, const struct conv *c)
{
	if (c->conn == 0)
		return;
	tcp_conn_fini(conn_at(fl, c->conn - 1));
	*VEC_PUSH(&fl->conns.unused) = c->conn - 1;
}

/* What the trackers say of packet k. A packet that an ICMP error quotes did not travel itself: it
 * moves nothing. */
static void track(struct flow *fl, struct conv *c, const struct conv *before, const struct pkt *k,
		  int side, struct flow_view *out)
{
	struct tcp_conn *conn;
	struct segment s;

	fl->last_conn = 0;
	if (c->l4 != 6)
		return;
	if (c->conn == 0)
		conn_begin(fl, c, before);
	fl->last_conn = c->conn;
	conn = conn_at(fl, c->conn - 1);
	out->tcp = &fl->seen.report;
	if (k->quoted) {
		tcp_conn_silent(conn, &fl->seen);
		return;
	}
	segment_of(&s, k, side);
	tcp_conn_see(conn, &s, &fl->seen);
	if (UNLIKELY(!conn->queued && tcp_conn_over(conn))) {
		conn->queued = true;
		enter(fl, fl->conns.over, fl->conns.nover++ % FLOW_OVER_MAX, c->conn);
	}
}

/* ---- one packet after the other ---- */

static struct conv *begin(struct flow *fl, u32 h, const struct pkt *k, bool reused)
{
	const struct facts *x = &k->facts;
	u32 id = fl->count, s = id % fl->cap;
	unsigned n = x->net == 6 ? 16 : 4;
	struct conv c = {
		.net = x->net,
		.l4 = x->l4,
		.scope = x->scope,
		.port = { x->sport, x->dport },
		.wscale = { -1, -1 },
		.reused = reused,
		.id = id,
		.stream = fl->streams[x->l4 == 17]++,
		.first = (u32)k->frame->number,
		.first_ts = k->frame->ts,
		.last_ts = k->frame->ts,
	};

	memcpy(c.addr[0], x->src, n);
	memcpy(c.addr[1], x->dst, n);
	if (fl->chunk[s / CHUNK] == NULL)
		fl->chunk[s / CHUNK] = chunk_new();
	if (id >= fl->cap) {
		atomic_store(&fl->evicted, id - fl->cap + 1);
		unlink_conv(fl, slot(fl, s));
		conn_end(fl, slot(fl, s));
	}
	c.older = fl->bucket[h];
	conv_write(slot(fl, s), &c);
	atomic_store_explicit(&fl->bucket[h], s + 1, memory_order_release);
	atomic_store_explicit(&fl->count, id + 1, memory_order_release);
	return slot(fl, s);
}

/* Window scaling is used only where both SYNs offer it (RFC 7323 2.2). -2 says so; -1 that nobody
 * can know. */
static void note_wscale(struct conv *c, int side, const struct facts *x)
{
	if (x->tcp.wscale >= 0)
		PUT(c->wscale[side], x->tcp.wscale);
	if (c->wscale[side] == -1) {
		PUT(c->wscale[0], -2);
		PUT(c->wscale[1], -2);
	} else if ((x->tcp.flags & TCP_ACK) && c->wscale[!side] == -2) {
		PUT(c->wscale[side], -2);
	}
}

/* The base is there before it is said to be. */
static void note_base(struct conv *c, int side, u32 seq)
{
	PUT(c->base_seq[side], seq);
	__atomic_store_n(&c->has_base[side], 1, __ATOMIC_RELEASE);
}

/* A FIN or RST, as Wireshark has it: what a conversation begins with does not end it. */
static bool ends(const struct conv *c, const struct facts *x)
{
	return c->last != 0 && x->tcp.flags & (TCP_ACK | TCP_RST);
}

static void note_tcp(struct conv *c, int side, const struct facts *x)
{
	if (!c->has_base[side])
		note_base(c, side, x->tcp.flags & TCP_SYN ? x->tcp.seq : x->tcp.seq - 1);
	if (!c->has_base[!side] && x->tcp.flags & TCP_ACK)
		note_base(c, !side, x->tcp.ack - 1);
	if (x->tcp.flags & TCP_SYN) {
		note_wscale(c, side, x);
		if (x->tcp.flags & TCP_ACK) /* it knows better than what was taken for the base */
			note_base(c, side, x->tcp.seq);
	}
	if (x->tcp.flags & (TCP_FIN | TCP_RST) && ends(c, x))
		PUT(c->closing, 1);
}

static void fill_view(const struct conv *c, int side, struct flow_view *out)
{
	out->known = true;
	out->id = c->id;
	out->stream = c->stream;
	out->reversed = side == 1;
	out->has_base_seq = c->has_base[side];
	out->has_base_ack = c->has_base[!side];
	out->base_seq = c->base_seq[side];
	out->base_ack = c->base_seq[!side];
	out->wscale = c->wscale[side];
	out->first_ts = c->first_ts;
}

/* A SYN on a known pair of ends begins a new conversation where its number differs or the old one
 * was closing. */
static bool begins_anew(const struct conv *c, int side, const struct facts *x)
{
	return x->l4 == 6 && (x->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && c->has_base[side] &&
	       (x->tcp.seq != c->base_seq[side] || c->closing);
}

void flow_begin(struct flow *fl)
{
	fl->last = FLOW_NONE;
	fl->last_prev = 0;
}

void flow_see(void *arg, const struct pkt *k, struct flow_view *out)
{
	const struct facts *x = &k->facts;
	struct flow *fl = arg;
	struct conv *c, *before = NULL;
	int side;
	u32 h;

	if (x->net == 0 || (x->l4 != 6 && x->l4 != 17))
		return;
	h = hash(fl, x);
	c = find(fl, h, x, &side);
	if (c == NULL || begins_anew(c, side, x)) {
		before = c;
		c = begin(fl, h, k, before != NULL);
		if (before == c) /* its place was what was free */
			before = NULL;
		side = 0;
	}
	if (x->l4 == 6)
		note_tcp(c, side, x);
	fl->last = c->id;
	fl->last_prev = c->last;
	fill_view(c, side, out);
	if (UNLIKELY(fl->track))
		track(fl, c, before, k, side, out);
	out->prev_ts = c->last != 0 ? c->last_ts : NS_NONE;
	PUT(c->last, (u32)k->frame->number);
	PUT(c->last_ts, k->frame->ts);
	if (k->quoted)
		return;
	PUT(c->packets[side], c->packets[side] + 1);
	PUT(c->bytes[side], c->bytes[side] + x->payload_len);
}

void flow_look(void *arg, const struct pkt *k, struct flow_view *out)
{
	const struct facts *x = &k->facts;
	const struct flow *fl = arg;
	struct conv c;
	int side;

	if (x->net == 0 || (x->l4 != 6 && x->l4 != 17) ||
	    !look(fl, hash(fl, x), x, k->frame->number, &c, &side))
		return;
	fill_view(&c, side, out);
	out->prev_ts = NS_NONE;
}

u32 flow_last(const struct flow *fl, u32 *prev)
{
	*prev = fl->last_prev;
	return fl->last;
}

u32 flow_count(const struct flow *fl)
{
	return atomic_load_explicit(&fl->count, memory_order_acquire);
}

u32 flow_evicted(const struct flow *fl)
{
	return atomic_load(&fl->evicted);
}

u32 flow_cap(const struct flow *fl)
{
	return fl->cap;
}

bool flow_get(const struct flow *fl, u32 id, struct conv *out)
{
	if (id >= flow_count(fl) || id < flow_evicted(fl))
		return false;
	read_words(out, slot(fl, id % fl->cap), 0, CONV);
	return id >= flow_evicted(fl);
}

bool flow_stream(const struct flow *fl, u8 l4, u32 stream, struct conv *out)
{
	u32 n = flow_count(fl);

	for (u32 id = flow_evicted(fl); id < n; id++) {
		const struct conv *c = slot(fl, id % fl->cap);

		if (GET(c->l4) == l4 && GET(c->stream) == stream)
			return flow_get(fl, id, out);
	}
	return false;
}
