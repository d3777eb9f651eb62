/* Copies among the last segments of a connection. */
#include "flow/tcp_copies.h"

#include "base/rand.h"

void tcp_copies_init(struct tcp_copies *c)
{
	c->n = c->next = 0;
}

/* All that a second sight of the same packet has in common with the first. */
static u32 digest_of(const struct segment *s)
{
	const struct tcp_facts *t = &s->tcp;
	u64 h = hash_mix((u64)t->seq << 32 | t->ack, (u64)t->flags << 32 | t->win << 1 | s->side);

	h = hash_mix(h ^ s->len, (u64)t->tsval << 32 | t->tsecr);
	for (unsigned i = 0; i < t->nsack; i++)
		h = hash_mix(h, (u64)t->sack[i].left << 32 | t->sack[i].right);
	return (u32)(h ^ h >> 32);
}

static bool near(ns_t a, ns_t b)
{
	if (a == NS_NONE || b == NS_NONE)
		return true;
	return a < b ? (u64)b - (u64)a <= (u64)NS_PER_S : (u64)a - (u64)b <= (u64)NS_PER_S;
}

static bool same_packet(const struct tcp_copies_seen *a, const struct segment *s)
{
	if (!near(a->ts, s->ts) || a->ip_id != s->ip_id)
		return false;
	return a->ip_id != 0 || a->ttl != s->ttl || a->iface != (u8)s->iface;
}

u32 tcp_copies_see(struct tcp_copies *c, const struct segment *s)
{
	u32 digest = digest_of(s);

	for (unsigned i = 0; i < c->n; i++)
		if (UNLIKELY(c->digest[i] == digest) && same_packet(&c->seen[i], s))
			return c->seen[i].number;
	c->digest[c->next] = digest;
	c->seen[c->next] = (struct tcp_copies_seen) {
		.ts = s->ts,
		.number = s->number,
		.ip_id = s->ip_id,
		.ttl = s->ttl,
		.iface = (u8)s->iface,
	};
	c->next = (u8)((c->next + 1) % TCP_COPIES);
	c->n = (u8)MAX(c->n, c->next == 0 ? TCP_COPIES : c->next);
	return 0;
}
