/* What a field is: its Wireshark name, its type, how its value is written. The table of all of them
 * is the registry. */
#ifndef PACKET_FIELD_H
#define PACKET_FIELD_H

#include "base/types.h"

enum ftype {
	FT_NONE, /* a heading without a value of its own: present or not */
	FT_BOOL, /* u: 0 or 1 */
	FT_U8,	 /* u, as are all the unsigned ones */
	FT_U16,
	FT_U24,
	FT_U32,
	FT_U40,
	FT_U48,
	FT_U56,
	FT_U64,
	FT_I8, /* i */
	FT_I16,
	FT_I32,
	FT_I64,
	FT_IPV4,    /* u: host order */
	FT_IPV6,    /* p: 16 bytes */
	FT_ETHER,   /* p: 6 bytes */
	FT_EUI64,   /* p: 8 bytes */
	FT_BYTES,   /* p, n */
	FT_STRING,  /* p, n: bytes as they came; not terminated, may be anything */
	FT_ABSTIME, /* i: ns since 1970 UTC */
	FT_RELTIME, /* i: ns */
	FT_FLOAT,   /* f */
	FT_PROTO,   /* a protocol's own name; never stored as a value, only in the filter's types */
};

enum fbase {
	FB_NONE,
	FB_DEC,	    /* 42 */
	FB_HEX,	    /* 0x002a, as wide as the type */
	FB_DEC_HEX, /* 42 (0x002a) in the tree; 42 in -T fields */
	FB_HEX_DEC, /* 0x002a (42) in the tree; 0x002a in -T fields */
	FB_OCT,	    /* 052 */
	FB_COLON,   /* FT_BYTES with colons between: 02:00:5e */
	FB_MAY_BE_EMPTY, /* FT_BYTES of which 0 are nothing wrong: "<none>", not "<MISSING>" */
};

/* A value and its name; a table ends with a NULL name. */
struct vstr {
	u32 v;
	const char *s;
};

enum { FIELD_END = 0xffff };

struct field {
	const char *name;  /* "tcp.srcport" */
	const char *title; /* "Source port": the label in the tree and the meaning in `tapdeck
			      fields` */
	u8 type;	   /* enum ftype */
	u8 base;	   /* enum fbase: numbers only */
	u64 mask; /* which bits of the enclosing integer: drawn as .... ...1; 0 = all. The value is
		     stored shifted down */
	const struct vstr *names; /* values that have a name; may be NULL */
	const u16 *any; /* "ip.addr": local numbers of the fields it stands for, ended by FIELD_END;
			   no values of its own */
	const char *on,
		*off; /* names of a true and a false FT_BOOL, e.g. "Set", "Not set" (the default) */
	u8 width; /* bits of the integer that `mask` is cut from, where it is not the type's own (8,
		     16, 24, 32, 64) */
	u8 tracked; /* follows from all earlier packets of the conversation: a tracker works it out,
		       which runs only where such a field is wanted */
	bool of_all_layers; /* its value depends on every layer that the packet has */
};

/* The name of v in a table, or NULL. */
const char *vstr_name(const struct vstr *t, u64 v);

/* "Unsigned integer, 2 bytes" and the like, as Wireshark's reference words it. */
const char *ftype_name(u8 type);

/* Bytes that an integer of this type has, 0 for the others. */
unsigned ftype_int_size(u8 type);

#endif
