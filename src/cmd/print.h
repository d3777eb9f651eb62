/* Packets as text, JSON or columns of fields: three writers behind one face. */
#ifndef CMD_PRINT_H
#define CMD_PRINT_H

#include "base/txt.h"
#include "packet/pkt.h"

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
void print_time(struct txt *t, const struct pkt *k, enum time_format f, int digits);

struct print_opts {
	enum time_format time;
	int digits;	   /* of the time: 6, or 9 where the tape has nanoseconds */
	bool tree;	   /* -V */
	bool hex;	   /* -x */
	const u16 *fields; /* -e: registry numbers; a protocol is FIELD_END - 1 - its number */
	unsigned nfields;
};

struct printer {
	const char *name;
	/* What the packets must be decoded for. */
	void (*want)(const struct print_opts *o, struct plan *p);
	/* Appends one packet, newline included. */
	void (*packet)(struct txt *t, const struct print_opts *o, const struct pkt *k);
};

extern const struct printer print_text, print_json, print_fields;

/* "  0000  45 00 …  E..." lines of all captured bytes. */
void print_hex(struct txt *t, const u8 *p, size_t n);

/* The layer tree, indented. */
void print_tree(struct txt *t, const struct pkt *k);

#endif
