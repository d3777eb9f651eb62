/* The short names for fixed-width integers, the clock type and a few compiler helpers that every
 * room uses. */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;

/* A point in time or a span of it, in nanoseconds. Points on the tape count from 1970-01-01 UTC. */
typedef i64 ns_t;
#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
#define NS_NONE INT64_MIN /* "no such time" */
#define NS_FAR (INT64_C(1) << 62) /* packets' times are nearer to 1970: their differences fit */

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
/* The one that is taken is worked out twice: nothing that waits, reads a clock or counts. */
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define CLAMP(v, lo, hi) ((v) < (lo) ? (lo) : (v) > (hi) ? (hi) : (v))

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define UNUSED __attribute__((unused))

/* Raw big- and little-endian loads and stores: for file headers and generators. Packet bytes are
 * read through struct cur (packet/cur.h) only, which cannot run off the end. */
static inline u16 load_be16(const void *p)
{
	const u8 *b = p;
	return (u16)(b[0] << 8 | b[1]);
}
static inline u32 load_be32(const void *p)
{
	u32 v;
	__builtin_memcpy(&v, p, 4);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	return v;
}
static inline u64 load_be64(const void *p)
{
	const u8 *b = p;
	return (u64)load_be32(b) << 32 | load_be32(b + 4);
}
static inline u16 load_le16(const void *p)
{
	const u8 *b = p;
	return (u16)(b[1] << 8 | b[0]);
}
static inline u32 load_le32(const void *p)
{
	u32 v;
	__builtin_memcpy(&v, p, 4);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	return v;
}
static inline u64 load_le64(const void *p)
{
	const u8 *b = p;
	return (u64)load_le32(b + 4) << 32 | load_le32(b);
}
static inline void store_be16(void *p, u16 v)
{
	u8 *b = p;
	b[0] = (u8)(v >> 8);
	b[1] = (u8)v;
}
static inline void store_be32(void *p, u32 v)
{
	u8 *b = p;
	store_be16(b, (u16)(v >> 16));
	store_be16(b + 2, (u16)v);
}

#endif
