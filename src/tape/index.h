/* The index of a tape: for each packet its time, place, length and conversation, and running sums
 * from which rates over any span follow. One thread adds, others read what is published, without
 * locks. 24 bytes a packet, 2 more where there are several interfaces, and at most about 3 more for
 * the sums (with up to some 40 interfaces and directions active at once). */
#ifndef TAPE_INDEX_H
#define TAPE_INDEX_H

#include "base/types.h"
#include "packet/frame.h"
#include "tape/grow.h"
#include "tape/iface.h"

#define INDEX_CHUNK 65536u
#define INDEX_BLOCK 64u			   /* packets between two stored clocks */
#define INDEX_MAX_PACKETS (UINT32_MAX - 1) /* conversation links are 32 bits */
#define INDEX_NONE UINT32_MAX
#define INDEX_MAX_LEN ((1u << 29) - 1) /* longer packets count as this long in rates */
#define INDEX_LOST 4u /* in index_chunk.len */
#define INDEX_PEAK_BIN (10 * NS_PER_MS)

struct index_chunk {
	ns_t ts[INDEX_CHUNK];
	u64 base;	     /* the first packet's file offset */
	u32 at[INDEX_CHUNK]; /* low half of the others' distance from it */
	/* What is almost always 0: NULL where it is for the whole chunk. */
	u16 *far;   /* high half of that distance */
	u16 *iface; /* interface */
	u32 len[INDEX_CHUNK];	/* length on the wire << 3 | lost << 2 | direction */
	u32 conv[INDEX_CHUNK];	/* set by the flow pass */
	u32 prev[INDEX_CHUNK];
};

/* The running sums of one interface and direction, stored every so many packets. */
struct index_sum {
	u64 bytes;   /* of this series before packet `at` */
	u32 packets; /* likewise */
	u32 at;	     /* a packet of this series */
	u32 peak;    /* most bytes in a 10 ms bin that was completed since the sum before */
	u32 bin;     /* bytes in the bin of packet `at`, before it */
};

struct index_series {
	u32 iface;
	u8 dir;
	u32 stride; /* after a stored sum, its packets lie within so many packets, or there is
		       another */
	struct grow sums;
	struct grow tops; /* u32: the largest peak of each full 64 sums */
	u64 bytes;	  /* from here on for the adding thread only */
	u32 packets;
	u64 last_at;
	ns_t bin_end;
	u32 bin, peak, top;
};

struct index {
	u64 count;  /* published */
	u64 next;   /* packets added; adding thread only */
	ns_t clock; /* greatest time so far; adding thread only */
	struct index_chunk *chunk[65536];
	struct grow clocks;			      /* ns_t: the clock at packet 64 * i */
	struct index_series **series[IFACE_MAX / 64]; /* [iface / 64][iface % 64 * 3 + dir] */
	u32 nseries;
};

struct index_amount {
	u64 bytes, packets;
};

struct index *index_new(void);
void index_free(struct index *x);

/* Adds a packet (at most INDEX_MAX_PACKETS). Seen by others after index_publish(). */
void index_add(struct index *x, const struct frame *f, u64 offset);
void index_publish(struct index *x);

/* Packets published; any thread. What follows may be asked for these only. */
static inline u64 index_count(const struct index *x)
{
	return __atomic_load_n(&x->count, __ATOMIC_ACQUIRE);
}

static inline struct index_chunk *index_chunk(const struct index *x, u64 n)
{
	return x->chunk[n / INDEX_CHUNK];
}

/* Where packet n of chunk c stands in the file, and its interface. */
static inline u64 index_offset(const struct index_chunk *c, u64 n)
{
	const u16 *far = __atomic_load_n(&c->far, __ATOMIC_ACQUIRE);

	n %= INDEX_CHUNK;
	return c->base + c->at[n] + (UNLIKELY(far != NULL) ? (u64)far[n] << 32 : 0);
}

static inline u32 index_iface(const struct index_chunk *c, u64 n)
{
	const u16 *iface = __atomic_load_n(&c->iface, __ATOMIC_ACQUIRE);

	return iface != NULL ? iface[n % INDEX_CHUNK] : 0;
}

/* The tape clock at packet n: the greatest time of packets 0..n; NS_NONE while none has a time. */
ns_t index_clock(const struct index *x, u64 n);

/* How many of the first `count` packets have a clock <= ts. */
u64 index_find(const struct index *x, u64 count, ns_t ts);

/* What interface `iface` carried in direction `dir` (an enum frame_dir) in packets 0..n-1. */
struct index_amount index_amount(const struct index *x, u32 iface, u8 dir, u64 n);

/* The most bytes of one interface and direction that fall into one 10 ms bin (aligned to 1970),
 * counting packets n0..n1-1 only. Bins are laid on the tape clock. n0 should begin a bin. */
u64 index_peak(const struct index *x, u32 iface, u8 dir, u64 n0, u64 n1);

#endif
