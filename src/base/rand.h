/* Chance as an argument: a small seeded generator. Same seed, same run. */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include "base/types.h"

struct rnd {
	u64 s;
};

static inline void rnd_init(struct rnd *r, u64 seed)
{
	r->s = seed;
}

/* SplitMix64 (Steele, Lea, Flood 2014): 64 fresh bits. */
static inline u64 rnd_u64(struct rnd *r)
{
	u64 z = r->s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* A number in 0..n-1 (n > 0). */
static inline u64 rnd_below(struct rnd *r, u64 n)
{
	return (u64)(((unsigned __int128)rnd_u64(r) * n) >> 64);
}

/* Mixes two words into one, for hash tables and stateless fates. */
static inline u64 hash_mix(u64 a, u64 b)
{
	unsigned __int128 m = (unsigned __int128)(a ^ UINT64_C(0xa0761d6478bd642f)) *
			      (b ^ UINT64_C(0xe7037ed1a0b428db));

	return (u64)m ^ (u64)(m >> 64);
}

#endif
