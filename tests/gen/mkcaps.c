/*
 * mkcaps DIR [NAME...]: write the test captures into DIR, all or the named ones ("arp" or
 * "arp.pcap"). mkcaps --list: one line a capture: file, kind (good, odd, malformed, damaged), what
 * is in it. The same bytes on every machine; each capture has its own seed, made from its name.
 */
#include "caps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

const struct scen *const scen_tables[] = {
	scen_link, scen_ip,	scen_transport, scen_tcp,     scen_tunnel,
	scen_name, scen_dhcp,	scen_app,	scen_routing, scen_mixed,
	scen_file, scen_damage, scen_trouble,	scen_path,    NULL,
};

/* ---- shared by the scenarios ---- */

struct buf *cap_new(struct cap *c)
{
	buf_init(&c->pk);
	return &c->pk;
}

struct buf *cap_opt(struct cap *c)
{
	buf_init(&c->opt);
	return &c->opt;
}

struct buf *cap_tmp(struct cap *c)
{
	buf_init(&c->tmp);
	return &c->tmp;
}

static void peer(struct peer *p, u32 net, u32 n)
{
	memcpy(p->mac, "\x02\x00\x5e", 3);
	p->mac[3] = (u8)(net >> 8);
	set16(p->mac + 4, n);
	p->ip = net + n;
	memset(p->ip6, 0, 16);
	memcpy(p->ip6, "\x20\x01\x0d\xb8", 4);
	set16(p->ip6 + 4, net >> 16);
	set32(p->ip6 + 12, n);
}

void cap_peers(struct cap *c)
{
	u32 net = rng_below(&c->rng, 2) ? 0x0a000000u | rng_below(&c->rng, 200) << 16 : 0xc0a80000u;

	peer(&c->a, net, rng_in(&c->rng, 1, 120));
	peer(&c->b, net, rng_in(&c->rng, 121, 254));
}

void cap_swap(struct cap *c)
{
	struct peer p = c->a;

	c->a = c->b;
	c->b = p;
}

u16 cap_port(struct cap *c)
{
	return (u16)rng_in(&c->rng, 49200, 60999);
}

u32 cap_u32(struct cap *c)
{
	return (u32)(rng_next(&c->rng) >> 32);
}

void cap_wait(struct cap *c, u32 ms)
{
	c->ns += ms * 1000000ull;
}

void cap_frame(struct cap *c, struct buf *b)
{
	if (c->hook)
		c->hook(c, b);
	else
		out_packet(&c->out, 0, c->ns, b);
	c->ns += rng_in(&c->rng, 1000, 900000);
}

void cap_eth(struct cap *c, struct buf *b)
{
	push_eth(b, c->b.mac, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
}

void cap_v4(struct cap *c, struct buf *b)
{
	push_ip4(b,
		 &(struct ip4) {
			 .src = c->a.ip, .dst = c->b.ip, .id = (u16)cap_u32(c), .frag = 0x4000 });
	cap_eth(c, b);
}

void cap_v6(struct cap *c, struct buf *b)
{
	push_ip6(b,
		 &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6, .flow = cap_u32(c) & 0xfffff });
	cap_eth(c, b);
}

static void nested_copy(struct cap *c, const struct buf *b, bool v6)
{
	buf_copy(&c->copy, b);
	if (v6)
		push_ip6(&c->copy, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
	else
		push_ip4(&c->copy,
			 &(struct ip4) { .src = c->a.ip, .dst = c->b.ip, .id = (u16)cap_u32(c) });
	cap_nest(c, &c->copy, rng_in(&c->rng, 1, 3));
}

void cap_l4_v4(struct cap *c, const struct buf *b)
{
	buf_copy(&c->copy, b);
	cap_v4(c, &c->copy);
	if (rng_below(&c->rng, 4) == 0)
		nested_copy(c, b, false);
}

void cap_l4(struct cap *c, const struct buf *b)
{
	buf_copy(&c->copy, b);
	cap_v4(c, &c->copy);
	buf_copy(&c->copy, b);
	cap_v6(c, &c->copy);
	if (rng_below(&c->rng, 4) == 0)
		nested_copy(c, b, rng_below(&c->rng, 2));
}

void putmac(struct buf *b, const u8 *mac)
{
	putb(b, mac, 6);
}

void put6(struct buf *b, const u8 *addr)
{
	putb(b, addr, 16);
}

void put_dname(struct buf *b, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, ".");

		put8(b, (u32)n);
		putb(b, s, n);
		s += n + (s[n] == '.');
	}
	put8(b, 0);
}

static void cap_begin(struct cap *c, const char *name)
{
	u64 seed = 1;

	for (const char *s = name; *s; s++)
		seed = seed * 31 + (u8)*s;
	rng_seed(&c->rng, seed);
	c->ns = 1700000000ull * 1000000000 + rng_below(&c->rng, 1000000000);
	c->hook = NULL;
	cap_peers(c);
}

void cap_run(struct cap *c, const struct scen *s, void (*hook)(struct cap *, struct buf *),
	     void *arg)
{
	void (*old)(struct cap *, struct buf *) = c->hook;
	void *old_arg = c->hook_arg;

	c->hook = hook;
	c->hook_arg = arg;
	s->make(c);
	c->hook = old;
	c->hook_arg = old_arg;
}

/* ---- the program ---- */

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static bool write_file(const char *path, const struct out *o)
{
	bool ok;

	if (ends_with(path, ".gz")) {
		gzFile gz = gzopen(path, "wb6");

		ok = gz && (!o->n || gzwrite(gz, o->mem, (unsigned)o->n) == (int)o->n);
		return gz && gzclose(gz) == Z_OK && ok;
	}
	FILE *f = fopen(path, "wb");

	ok = f && fwrite(o->mem, 1, o->n, f) == o->n;
	return f && fclose(f) == 0 && ok;
}

static bool make(const char *dir, const struct scen *s)
{
	static struct cap c;
	char path[4096];
	bool ok;

	if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, s->file) >= sizeof path)
		return false;
	memset(&c.out, 0, sizeof c.out);
	out_open(&c.out, NULL);
	cap_begin(&c, s->file);
	if (s->linktype != LINK_SELF)
		out_pcap_header(&c.out, s->linktype);
	s->make(&c);
	ok = write_file(path, &c.out);
	if (!ok)
		fprintf(stderr, "mkcaps: %s: %s\n", path, strerror(errno));
	out_close(&c.out);
	return ok;
}

static bool wanted(const struct scen *s, int n, char **names)
{
	if (!n)
		return true;
	for (int i = 0; i < n; i++) {
		size_t len = strlen(names[i]);

		if (!strcmp(s->file, names[i]) ||
		    (!strncmp(s->file, names[i], len) && !strncmp(s->file + len, ".pcap", 5)))
			return true;
	}
	return false;
}

static void list(void)
{
	static const char *const kinds[] = { "good", "odd", "malformed", "damaged" };

	for (int t = 0; scen_tables[t]; t++)
		for (const struct scen *s = scen_tables[t]; s->file; s++)
			printf("%-28s %-9s %s\n", s->file, kinds[s->kind], s->what);
}

int main(int argc, char **argv)
{
	int made = 0;

	if (argc == 2 && !strcmp(argv[1], "--list")) {
		list();
		return 0;
	}
	if (argc < 2 || argv[1][0] == '-') {
		fputs("usage: mkcaps DIR [NAME...] | mkcaps --list\n", stderr);
		return 2;
	}
	for (int t = 0; scen_tables[t]; t++) {
		for (const struct scen *s = scen_tables[t]; s->file; s++) {
			if (!wanted(s, argc - 2, argv + 2))
				continue;
			if (!make(argv[1], s))
				return 1;
			made++;
		}
	}
	if (made < argc - 2 || !made) {
		fputs("mkcaps: no capture of that name; mkcaps --list shows them\n", stderr);
		return 1;
	}
	return 0;
}
