/* The conversations of a capture, each in one row: how `conns` counts them, sorts them and writes
 * them down. */
#ifndef CMD_CONNS_H
#define CMD_CONNS_H

#include "cmd/supply.h"
#include "filter/filter.h"

/* What is known of one conversation beside the table and its trackers. */
struct conns_extra {
	u64 bytes[2];	  /* of whole frames on the wire, sent by each side */
	ns_t early, late; /* the least and the largest time of its packets; NS_NONE */
	u32 scope;	  /* index into conns.scope; 0 none */
	bool passes;	  /* a packet of it passed the filter */
};

/* A scope's hash and name. */
struct conns_scope {
	u64 hash;
	char *name;
};

struct conns_key {
	i64 key; /* INT64_MIN: there is none, and the row comes last */
	u32 id;
};

struct conns {
	struct supply in;
	struct filter *filter; /* NULL: every packet passes */
	struct plan plan;
	struct plan info;	       /* to name tunnels */
	u8 l4;			       /* only this protocol; 0: both */
	bool whole;		       /* everything was gone through */
	VEC(struct conns_extra) extra; /* by id modulo the table's cap */
	VEC(struct conns_scope) scope;
	VEC(u32) scope_of; /* open hashing: index into scope */
	VEC(struct conns_key) rows;
	u32 touched[PKT_LAYERS]; /* conversations of the packet at hand */
	u8 side[PKT_LAYERS], layer[PKT_LAYERS];
	u64 fresh[PKT_LAYERS]; /* the scope of a new one; 0: not new, or none */
	unsigned ntouched;
	bool any_fresh;
};

/* One row, put together. */
struct conns_row {
	struct conv c;
	struct conns_extra x;
	const char *scope; /* "" none */
	struct tcp_sum tcp;
	u8 completeness;
	ns_t begin;    /* of the capture; NS_NONE */
	ns_t duration; /* from its earliest packet to its latest; NS_NONE */
	/* The round trip from the capture to the farther end: that of the side whose mean is
	 * larger. NS_NONE where nothing was measured. */
	ns_t rtt_min, rtt_avg, rtt_max;
};

/* What can be sorted by; the names on the command line are conns_order_names. */
enum conns_order {
	BY_STREAM,
	BY_FROM,
	BY_TO,
	BY_SCOPE,
	BY_PACKETS,
	BY_PACKETS_OUT,
	BY_PACKETS_BACK,
	BY_BYTES,
	BY_BYTES_OUT,
	BY_BYTES_BACK,
	BY_START,
	BY_DURATION,
	BY_STATE,
	BY_RETRANS,
	BY_RTT,
	BY_RTT_MIN,
	BY_RTT_MAX,
	BY_FLIGHT,
	BY_POINT,
	BY_SEEN,
	ORDERS
};
extern const char *const conns_order_names[];

/* Goes through all packets. 0 at the end, -1 with a sentence where the file is damaged: what could
 * be read is there then. c->in, filter and plans are ready. */
int conns_read(struct conns *c, struct progress *p, struct err *e);
/* Fills c->rows, sorted: numbers from the largest on, the rest from the first on; the other way
 * round with `reverse`. Rows that have nothing in that column come last. */
void conns_sort(struct conns *c, enum conns_order by, bool reverse);
void conns_row(const struct conns *c, u32 id, struct conns_row *r);
void conns_fini(struct conns *c);

/* The table as text, in `width` columns (0: as many as it takes): what does not fit is left out,
 * the least important first. The first n rows. */
int conns_text(const struct conns *c, size_t n, unsigned width, struct sink *out, struct err *e);
/* A JSON object for one row, and a newline. */
void conns_json(struct txt *t, const struct conns_row *r);

/* "SSADFR", a dot for each part of tcp.completeness that is missing. */
void conns_seen(struct txt *t, u8 completeness);

#endif
