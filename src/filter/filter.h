/* The display filter: Wireshark 4.0's language over decoded packets. Compiled once, asked for many
 * packets, from many threads at once. */
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "base/err.h"
#include "packet/pkt.h"

struct filter;

enum {
	FILTER_TEXT_MAX = 65535, /* bytes of a filter's text */
	FILTER_DEPTH_MAX = 100,	 /* parentheses, signs, `not`s and operators inside each other */
};

/* Compiles n bytes of text. Blank text compiles to a filter that every packet passes. Returns 0 and
 * the filter, or -1 with a sentence and the byte offset (err.at) that it speaks of. Times without a
 * zone are UTC. Needs the registry, which it initializes. */
int filter_compile(const char *text, size_t n, struct filter **out, struct err *e);
void filter_free(struct filter *f);

/* Checks text as it is typed: filter_compile without keeping the result. */
int filter_check(const char *text, size_t n, struct err *e);

/* Puts "filter, character N" before what e says is wrong with `text`: N counts characters from 1.
 * Returns -1. */
int filter_wrong(const char *text, struct err *e);

/* The text it was compiled from. */
const char *filter_text(const struct filter *f);

/* Adds to p what the filter looks at. A packet must have been decoded by a plan that went through
 * here. */
void filter_want(const struct filter *f, struct plan *p);

/* Does the packet pass? Safe for concurrent use of one filter. An evaluation that would need more
 * than some millions of steps (products of fields that occur thousands of times) ends as false. */
bool filter_match(const struct filter *f, const struct pkt *k);

/* What a verdict depends on besides the frame's own bytes. */
enum filter_need {
	FILTER_NEEDS_FLOW = 1, /* the conversation before this packet (tcp.stream, relative tcp.seq,
				  ...): decode in file order with plan.flow set */
	FILTER_NEEDS_PREV = 2, /* the time of the first or the previous packet */
	FILTER_NEEDS_SHOWN = 4, /* the previous packet that passed: frame.time_delta_displayed */
	FILTER_NEEDS_LEAF = 8,	/* an application protocol has to be read for it */
};
unsigned filter_needs(const struct filter *f);

/* ---- for completion ---- */

enum filter_expect {
	FILTER_EXPECT_OPERAND,	/* a field, a protocol, a function, `not`, `any`, `all`, ( */
	FILTER_EXPECT_OPERATOR, /* behind a field: ==, in, contains, &&, ... */
	FILTER_EXPECT_VALUE,	/* behind a comparison: a value of `field`, or another field */
	FILTER_EXPECT_LOGIC,	/* behind a finished test: && || */
	FILTER_EXPECT_NOTHING,	/* inside a string, a slice, or text that is no filter */
};

struct filter_place {
	enum filter_expect expect;
	u32 from;  /* first byte of the word that the cursor stands at the end of; = cursor where
		      there is none */
	int field; /* with OPERATOR and VALUE: the registry number, -1 for a protocol or unknown */
};

/* What fits at the cursor (0..n), judging by the text before it. Value names to offer are those of
 * field_get(place.field)->names. */
void filter_place(const char *text, size_t n, size_t cursor, struct filter_place *out);

/* Word i of the operators and of the functions of the language, NULL behind the last. */
const char *filter_operator(unsigned i);
const char *filter_function(unsigned i);

#endif
