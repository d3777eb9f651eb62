/* Values as text: as `-T fields` prints them, as a tree line, as JSON; and the one-line summary of
 * a packet. */
#ifndef PACKET_SHOW_H
#define PACKET_SHOW_H

#include "base/txt.h"
#include "packet/pkt.h"

/* A value as `tshark -T fields -e` prints it, escaped. */
void show_value(struct txt *t, const struct pkt *k, const struct val *v);

/* All values of a field (or of those that an `any` field stands for), commas between: a cell of -T
 * fields. */
void show_field(struct txt *t, const struct pkt *k, unsigned field);

/* A value as JSON: numbers and booleans bare where their base is decimal, all else quoted. */
void show_json(struct txt *t, const struct pkt *k, const struct val *v);

/* One tree line without indent: "Source port: 40112", ".... ...1 .... = ACK: Set", "[Stream index:
 * 0]". */
void show_tree(struct txt *t, const struct pkt *k, const struct val *v);

/* A layer's own line: "Transmission Control Protocol, 40112 > 5001, seq 1 …": title and info. */
void show_layer(struct txt *t, const struct pkt *k, const struct layer *l);

/* Tunnel tags in front of the innermost conversation: "GRE > VXLAN 42 > "; nothing where there is
 * none. */
void show_tunnels(struct txt *t, const struct pkt *k);

/* What the conversation of layer `layer` lives in: the tags of the tunnels and VLANs around it,
 * "VLAN 5, VXLAN 42"; nothing where there is none. */
void show_scope(struct txt *t, const struct pkt *k, unsigned layer);

/* Source and destination of the innermost conversation: addresses, with the port where `ports`. MAC
 * addresses where there is no network layer; nothing where there is neither. */
void show_src(struct txt *t, const struct pkt *k, bool ports);
void show_dst(struct txt *t, const struct pkt *k, bool ports);

/* The innermost protocol that has something to say: its abbreviation and its info line. */
const char *show_protocol(const struct pkt *k);
void show_info(struct txt *t, const struct pkt *k);

/* Short words for the packet's marks, " [cut] [bad checksum]"; nothing where there is none. */
void show_marks(struct txt *t, const struct pkt *k);
const char *mark_name(enum mark m);

enum time_format {
	TIME_RELATIVE, /* seconds since the first packet */
	TIME_ABSOLUTE, /* time of day, UTC */
	TIME_DATE,     /* date and time, UTC */
	TIME_DELTA,    /* since the previous packet */
	TIME_SHOWN,    /* since the previous packet that was shown */
	TIME_EPOCH,    /* seconds since 1970 */
};

/* Their names, "r" "a" "ad" "d" "dd" "e" as tshark has them; NULL-terminated, in the order of the
 * enum. */
extern const char *const time_format_names[];
/* The format with this name; the name must be one. */
enum time_format time_format_by_name(const char *name);

/* The packet's time in a format, right-aligned to its usual width. `digits` decimals. */
void show_time(struct txt *t, const struct pkt *k, enum time_format f, int digits);

#endif
