/* Packets as text, JSON or columns of fields: three writers behind one face. */
#ifndef CMD_PRINT_H
#define CMD_PRINT_H

#include "base/txt.h"
#include "packet/show.h"

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
