/* Dispatch tables: between the registry, which fills them, and dis.c, which asks them. For nobody
 * else. */
#ifndef PACKET_TABLES_H
#define PACKET_TABLES_H

#include "packet/proto.h"

/* Protocol number + 1 of whoever claims value, 0 for nobody. */
unsigned table_lookup(enum table t, u32 value);

/* Protocols with a heuristic for TBL_TCP or TBL_UDP: numbers + 1, ended by 0. */
const u8 *heur_list(enum table t);

/* First field number of a protocol (of the one whose fields it borrows, where it does). */
unsigned proto_base(unsigned id);

/* The protocol that owns the fields that protocol `id` speaks with: itself, mostly. */
unsigned proto_owner(unsigned id);

/* The pseudo-protocol of layer 0. */
unsigned proto_frame_id(void);

#endif
