/* The interfaces of a capture: what the file says of each, and how its time units become
 * nanoseconds. */
#ifndef TAPE_IFACE_H
#define TAPE_IFACE_H

#include "base/types.h"

#define IFACE_MAX 65536	   /* interfaces in one file; more is damage */
#define IFACE_NAME_MAX 255 /* bytes kept of a name or description */
#define IFACE_UNKNOWN UINT64_MAX

/* How the records that belong to an interface are laid out in the file. */
enum iface_form { FORM_NONE, FORM_PCAP, FORM_PCAP_KUZNETZOV, FORM_PCAPNG };

struct tape_iface {
	char *name;	   /* if_name, terminated; NULL where the file gives none */
	char *description; /* if_description, likewise */
	u16 link;	   /* LINKTYPE_ value */
	u8 fcs_len;	   /* bytes of frame check sequence, 0..15; 0 where unknown */
	u8 tsresol;	   /* if_tsresol as written: 6 for 10^-6 s, 0x80|n for 2^-n s */
	u8 form;	   /* enum iface_form */
	bool big;	   /* the section is big-endian */
	bool old;	   /* pcap before version 2.4: the two lengths may be swapped */
	u32 snaplen;	   /* 0 for no limit */
	u32 section_first; /* index of the first interface of its pcapng section */
	i64 tsoffset;	   /* if_tsoffset, seconds */
	u64 speed;	   /* if_speed, bit/s; 0 where unknown */

	/* The last Interface Statistics Block's counters, IFACE_UNKNOWN where none was seen. They
	 * may change while a tape is being indexed: read them with iface_stat(). */
	u64 received, dropped_if, dropped_os;

	u64 ts_mul, ts_fast; /* see iface_time() */
	i64 ts_off;
};

/* Interfaces in file order. An element never moves, and other threads may read element i once they
 * know that i < n (n is stored with release order). */
struct iface_list {
	struct tape_iface *chunk[IFACE_MAX / 64];
	u32 n;
};

void iface_list_init(struct iface_list *l);
void iface_list_fini(struct iface_list *l);

/* Adds a copy of *f (and of its name and description, which stay the caller's), and makes the time
 * conversion ready. Returns its index, or -1 when IFACE_MAX are there. */
int iface_list_add(struct iface_list *l, const struct tape_iface *f);

/* How many there are; safe from any thread. */
static inline u32 iface_list_count(const struct iface_list *l)
{
	return __atomic_load_n(&l->n, __ATOMIC_ACQUIRE);
}

/* Borrows interface i (i < count). */
static inline struct tape_iface *iface_list_get(const struct iface_list *l, u32 i)
{
	return &l->chunk[i / 64][i % 64];
}

/* One of the statistics counters, safe from any thread. */
static inline u64 iface_stat(const u64 *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* Sets ts_mul, ts_fast and ts_off from tsresol and tsoffset. */
void iface_time_init(struct tape_iface *f);

/* The general conversion behind iface_time(). */
ns_t iface_time_slow(const struct tape_iface *f, u64 v);

/* A pcapng timestamp in units of tsresol as ns since 1970, exact to the nanosecond (finer units
 * are cut). NS_NONE where it is as far as NS_FAR (before 1823, after 2116). */
static inline ns_t iface_time(const struct tape_iface *f, u64 v)
{
	if (LIKELY(v < f->ts_fast))
		return (i64)(v * f->ts_mul) + f->ts_off;
	return iface_time_slow(f, v);
}

#endif
