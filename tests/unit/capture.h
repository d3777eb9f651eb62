/* Captures written byte by byte for the tape's tests, sharing no code with the writer under test.
 */
#ifndef TESTS_UNIT_CAPTURE_H
#define TESTS_UNIT_CAPTURE_H

#include "base/types.h"

#include <stdlib.h>
#include <string.h>

struct capture {
	u8 p[1 << 16];
	size_t n;
	bool big;
};

static inline void c_bytes(struct capture *c, const void *p, size_t n)
{
	if (c->n + n > sizeof c->p)
		abort();
	memcpy(c->p + c->n, p, n);
	c->n += n;
}

static inline void c_int(struct capture *c, u64 v, int bytes)
{
	u8 b[8];
	int i;

	for (i = 0; i < bytes; i++)
		b[c->big ? bytes - 1 - i : i] = (u8)(v >> 8 * i);
	c_bytes(c, b, (size_t)bytes);
}

static inline void c_u16(struct capture *c, u32 v)
{
	c_int(c, v, 2);
}

static inline void c_u32(struct capture *c, u32 v)
{
	c_int(c, v, 4);
}

static inline void c_fill(struct capture *c, size_t n, u8 first)
{
	size_t i;

	for (i = 0; i < n; i++) {
		u8 b = (u8)(first + i);

		c_bytes(c, &b, 1);
	}
}

static inline void c_pcap(struct capture *c, u32 magic, u32 link)
{
	c_u32(c, magic);
	c_u16(c, 2);
	c_u16(c, 4);
	c_u32(c, 0);
	c_u32(c, 0);
	c_u32(c, 262144);
	c_u32(c, link);
}

static inline void c_record(struct capture *c, u32 sec, u32 frac, u32 caplen, u32 len)
{
	c_u32(c, sec);
	c_u32(c, frac);
	c_u32(c, caplen);
	c_u32(c, len);
	c_fill(c, caplen, (u8)sec);
}

/* Opens a block; c_end() closes it with the right length at both ends. */
static inline size_t c_block(struct capture *c, u32 type)
{
	size_t at = c->n;

	c_u32(c, type);
	c_u32(c, 0);
	return at;
}

static inline void c_end(struct capture *c, size_t at)
{
	size_t end;
	u32 len;

	while (c->n % 4 != 0)
		c_int(c, 0, 1);
	len = (u32)(c->n - at) + 4;
	end = c->n;
	c->n = at + 4;
	c_u32(c, len);
	c->n = end;
	c_u32(c, len);
}

static inline void c_opt(struct capture *c, u16 code, const void *v, size_t n)
{
	c_u16(c, code);
	c_u16(c, (u32)n);
	c_bytes(c, v, n);
	while (c->n % 4 != 0)
		c_int(c, 0, 1);
}

static inline void c_opt_int(struct capture *c, u16 code, u64 v, int bytes)
{
	c_u16(c, code);
	c_u16(c, (u32)bytes);
	c_int(c, v, bytes);
	while (c->n % 4 != 0)
		c_int(c, 0, 1);
}

static inline void c_section(struct capture *c)
{
	size_t at = c_block(c, 0x0a0d0d0a);

	c_u32(c, 0x1a2b3c4d);
	c_u16(c, 1);
	c_u16(c, 0);
	c_int(c, UINT64_MAX, 8);
	c_end(c, at);
}

/* An interface with a time resolution and a name (NULL for none). */
static inline void c_iface(struct capture *c, u16 link, u8 tsresol, const char *name)
{
	size_t at = c_block(c, 1);

	c_u16(c, link);
	c_u16(c, 0);
	c_u32(c, 0);
	c_opt_int(c, 9, tsresol, 1);
	if (name != NULL)
		c_opt(c, 2, name, strlen(name));
	c_opt(c, 0, "", 0);
	c_end(c, at);
}

/* The fixed part of an Enhanced Packet Block with its bytes; options may follow, then c_end(). */
static inline size_t c_packet(struct capture *c, u32 iface, u64 ts, u32 caplen, u32 len)
{
	size_t at = c_block(c, 6);

	c_u32(c, iface);
	c_u32(c, (u32)(ts >> 32));
	c_u32(c, (u32)ts);
	c_u32(c, caplen);
	c_u32(c, len);
	c_fill(c, caplen, (u8)ts);
	while (c->n % 4 != 0)
		c_int(c, 0, 1);
	return at;
}

#endif
