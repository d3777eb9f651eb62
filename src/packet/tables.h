/* Dispatch tables: filled once by the registry, asked by dis.c on every layer and by summary.c on
 * every line. For nobody else. */
#ifndef PACKET_TABLES_H
#define PACKET_TABLES_H

#include "packet/proto.h"

/* What running a protocol needs, close together. */
struct runner {
	const struct proto *proto;
	void (*dissect)(struct dis *d, struct cur *c);
	u16 base;    /* first field number */
	u8 owner;    /* protocol that its field numbers belong to: itself, or its fields_of */
	bool leaf;   /* PROTO_LEAF */
	bool tunnel; /* PROTO_TUNNEL */
	bool speaks; /* has an info line */
	bool app;    /* found behind a port or by a guess: nowhere where the plan wants no apps */
};

struct dispatch {
	const struct runner *runner; /* by protocol number */
	u8 *by_value[TBL_COUNT];     /* protocol number + 1, 0 for nobody */
	u32 size[TBL_COUNT];
	const u8 *heur_tcp, *heur_udp; /* protocols with a heuristic: numbers + 1, ended by 0 */
	u8 frame;		       /* the pseudo-protocol of layer 0 */
	u8 eth, ip, ipv6;
};

/* Written by registry_init() only. */
extern struct dispatch dispatch;

/* Who claims value in TBL_SNAP, which has no table to index. */
unsigned table_snap(u32 value);

/* Protocol number + 1 of whoever claims value, 0 for nobody. */
static inline unsigned table_lookup(enum table t, u32 value)
{
	if (UNLIKELY(value >= dispatch.size[t]))
		return t == TBL_SNAP ? table_snap(value) : 0;
	return dispatch.by_value[t][value];
}

/* First field number of a protocol. */
static inline unsigned proto_base(unsigned id)
{
	return dispatch.runner[id].base;
}

#endif
