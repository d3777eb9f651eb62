/* What capture files are put together from, whole ones and damaged ones. Internal to scen_file.c
 * and scen_damage.c. */
#ifndef GEN_FILE_H
#define GEN_FILE_H

#include "caps.h"

#define FILE_T0 1700000000123456789ull

struct iface {
	u16 link;
	const char *name, *about;
	int resol; /* if_tsresol as on the wire, or -1: none, which means 6 */
	i64 offset;
	u32 snaplen;
};

/* Packet i (from 0), as scen_file.c describes it. */
struct buf *file_packet(struct cap *c, u32 i);
/* An empty pcapng block; out_block() writes it. */
struct buf *file_body(struct cap *c);
/* An interface description. */
void file_idb(struct cap *c, const struct iface *f);
/* An Enhanced Packet Block without its options; to be ended. */
struct buf *file_epb(struct cap *c, u32 ifid, u64 ticks, const struct buf *p, u32 cap);
void file_epb_end(struct cap *c, struct buf *b);
/* A whole pcap file: ten packets, microseconds, little-endian. */
void file_us_le(struct cap *c);
/* The same as pcapng. */
void file_ng_le(struct cap *c);
/* Where record n (from 0) of a little-endian pcap file begins, and a number in it. */
size_t file_record_at(const struct cap *c, u32 n);
u32 file_r32(const struct cap *c, size_t at);
/* Compresses what is there so far. */
void file_deflate(struct cap *c);

#endif
