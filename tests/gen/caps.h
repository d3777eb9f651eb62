/*
 * What the scenarios of mkcaps share: a capture in the making, the two peers that talk, and a table
 * row for each file. A scenario file holds one table, ended by a row without a name; mkcaps.c lists
 * the tables.
 */
#ifndef TESTS_GEN_CAPS_H
#define TESTS_GEN_CAPS_H

#include "build.h"

struct peer {
	u8 mac[6];
	u32 ip;
	u8 ip6[16];
};

struct cap {
	struct out out;
	struct rng rng;
	u64 ns;
	struct peer a, b; /* sender and receiver of the next packet */
	u8 depth;	  /* tunnels around the next packet, see cap_l4 */
	struct buf pk, opt, tmp, copy;
	/* Where a finished frame goes; NULL: into the file. */
	void (*hook)(struct cap *c, struct buf *frame);
	void *hook_arg;
};

/*
 * GOOD: every packet is well formed: tshark finds nothing malformed and no bad checksum. MALFORMED:
 * a readable file with wrong packets in it. DAMAGED: the file itself is wrong somewhere. ODD: well
 * formed, but beyond what tshark 4.0 agrees on.
 */
enum scen_kind { GOOD, ODD, MALFORMED, DAMAGED };

enum { LINK_SELF = 0xffffffff }; /* the scenario writes the file's headers itself */

struct scen {
	const char *file;
	enum scen_kind kind;
	u32 linktype; /* a pcap file of it is begun, or LINK_SELF */
	void (*make)(struct cap *c);
	const char *what;
};

extern const struct scen scen_link[], scen_ip[], scen_transport[], scen_tcp[], scen_tunnel[],
	scen_name[], scen_dhcp[], scen_app[], scen_routing[], scen_mixed[], scen_file[],
	scen_damage[], scen_trouble[], scen_path[];
/* All tables, ended by NULL. */
extern const struct scen *const scen_tables[];

/* Run a scenario with its frames going to hook instead of a file; c's clock and chance go on. */
void cap_run(struct cap *c, const struct scen *s, void (*hook)(struct cap *, struct buf *),
	     void *arg);

/* Begin a packet. */
struct buf *cap_new(struct cap *c);
/* Begin an options field or other side buffer. */
struct buf *cap_opt(struct cap *c);
struct buf *cap_tmp(struct cap *c);
/* Two other peers of the same network, by chance. */
void cap_peers(struct cap *c);
void cap_swap(struct cap *c);
/* A port from the dynamic range. */
u16 cap_port(struct cap *c);
u32 cap_u32(struct cap *c);
/* Let ms milliseconds pass before the next packet. */
void cap_wait(struct cap *c, u32 ms);

/* The frame is complete: write it (or hand it to the hook) and let a little time pass. */
void cap_frame(struct cap *c, struct buf *b);
/* Add the outer layers from a to b and finish: Ethernet; IPv4 or IPv6 and Ethernet. */
void cap_eth(struct cap *c, struct buf *b);
void cap_v4(struct cap *c, struct buf *b);
void cap_v6(struct cap *c, struct buf *b);
/* A transport over IPv4 and the same over IPv6, and one of them again in tunnels when chance wills.
 * b stays as it is. */
void cap_l4(struct cap *c, const struct buf *b);
/* The same over IPv4 only. */
void cap_l4_v4(struct cap *c, const struct buf *b);
/* Put depth layers of encapsulation, chosen by chance, around an IP packet or Ethernet frame, and
 * finish it. */
void cap_nest(struct cap *c, struct buf *b, u32 depth);

/* Helpers for bodies. */
void putmac(struct buf *b, const u8 *mac);
void put6(struct buf *b, const u8 *addr);
/* A DNS name in labels, "www.example.net" or "" for the root. */
void put_dname(struct buf *b, const char *dotted);

#endif
