/* Inside the filter room: tokens, the tree, and the calls between its files. */
#ifndef FILTER_NODE_H
#define FILTER_NODE_H

#include "base/arena.h"
#include "base/vec.h"
#include "filter/filter.h"
#include "packet/registry.h"

/* ---- tokens ---- */

enum tok {
	TOK_END,
	TOK_BAD,  /* lexer.err has the sentence */
	TOK_WORD, /* a name or an unquoted value */
	TOK_STRING,
	TOK_CHAR,
	TOK_LPAREN,
	TOK_RPAREN,
	TOK_LBRACE,
	TOK_RBRACE,
	TOK_LBRACKET,
	TOK_RBRACKET,
	TOK_COMMA,
	TOK_DOTDOT,
	TOK_HASH,
	TOK_AND,
	TOK_OR,
	TOK_XOR,
	TOK_NOT,
	TOK_ANY,
	TOK_ALL,
	TOK_IN,
	TOK_CONTAINS,
	TOK_MATCHES,
	TOK_ANY_EQ, /* the comparisons stand together, in the order of enum cmp */
	TOK_ALL_NE,
	TOK_ALL_EQ,
	TOK_ANY_NE,
	TOK_GT,
	TOK_GE,
	TOK_LT,
	TOK_LE,
	TOK_PLUS,
	TOK_MINUS,
	TOK_STAR,
	TOK_SLASH,
	TOK_PERCENT,
	TOK_BITAND,
};

struct lexer {
	const char *text;
	u32 n, at; /* at: behind the token */
	u32 from;  /* where the token begins */
	enum tok tok;
	const char *s; /* TOK_STRING and TOK_CHAR: the decoded bytes, in the arena */
	u32 len;
	struct arena *arena;
	struct err err;
};

void lex_init(struct lexer *x, const char *text, size_t n, struct arena *a);
/* Moves to the next token. */
void lex_next(struct lexer *x);
/* Text of the filter made fit for a sentence: escaped, and cut where it is long. In the arena. */
const char *quote(struct arena *a, const char *s, size_t n);
/* The token as it is written, for sentences; "the end" behind the text. In the arena. */
const char *lex_quote(struct lexer *x);

/* ---- the tree ---- */

enum node_op {
	/* tests */
	N_TRUE,
	N_AND,
	N_OR,
	N_XOR,
	N_NOT,
	N_EXISTS, /* a field, protocol or slice is there */
	N_TRUTH,  /* arithmetic gives something other than zero */
	N_CMP,
	N_CONTAINS,
	N_MATCHES,
	N_IN,
	N_NOT_IN,
	/* values */
	N_FIELD,
	N_PROTO,
	N_LITERAL, /* not typed yet */
	N_CONST,
	N_SLICE,
	N_NEG,
	N_ADD,
	N_SUB,
	N_MUL,
	N_DIV,
	N_MOD,
	N_BITAND,
	N_FUNC,
	N_SPAN, /* lo..hi of a set */
};

enum cmp { CMP_EQ, CMP_NE, CMP_GT, CMP_GE, CMP_LT, CMP_LE };
enum func { F_UPPER, F_LOWER, F_LEN, F_COUNT, F_STRING, F_MAX, F_MIN, F_ABS, F_NONE };
enum quant { Q_ANY, Q_ALL };
enum lit { LIT_WORD, LIT_STRING, LIT_CHAR };

/* What a value is while the filter computes with it. */
enum vkind {
	V_NONE,	 /* there, without a value */
	V_UINT,	 /* u */
	V_INT,	 /* i: a signed field, or what subtraction and signs made negative */
	V_BOOL,	 /* u */
	V_IP4,	 /* u, and the mask of a network */
	V_IP6,	 /* p: 16 bytes, and a prefix */
	V_BYTES, /* p, n */
	V_PROTO, /* p, n: the layer with its payload; hdr: its own part, which slices count from */
	V_STR,	 /* p, n */
	V_ABS,	 /* i: ns since 1970 */
	V_REL,	 /* i: ns */
	V_FLOAT, /* f */
};

struct fv {
	u8 kind;   /* enum vkind */
	u8 prefix; /* V_IP6 */
	u32 mask;  /* V_IP4 */
	u32 n, hdr;
	union {
		u64 u;
		i64 i;
		double f;
		const u8 *p;
	};
};

/* i:n, i-j, i:, i of slices and layers; offsets may count from the end. */
enum range_kind { R_LEN, R_END, R_TO_END };
struct range {
	i32 from, to; /* to: length or last */
	u8 kind;
};

/* How a comparison of one field with numbers can be run without the general machinery. */
enum fast { FAST_NO, FAST_UINT, FAST_IP4, FAST_SET };

/* Numbers lo..hi of a set, both included. */
struct span {
	u64 lo, hi;
};

struct node {
	u8 op;		/* enum node_op */
	u8 cmp;		/* N_CMP: enum cmp */
	u8 quant;	/* N_CMP, N_CONTAINS, N_MATCHES, N_IN, N_NOT_IN: enum quant */
	u8 func;	/* N_FUNC */
	u8 lit;		/* N_LITERAL: enum lit */
	u8 neg;		/* N_LITERAL: a minus stood before it */
	u8 quantified;	/* any or all was written before it */
	u8 fast;	/* enum fast */
	u8 type;	/* values: enum ftype */
	u8 kind;	/* values: enum vkind; V_INT only where it is always signed */
	u8 whole;	/* N_PROTO: its own part takes in its payload */
	u8 looked_into; /* N_PROTO: its bytes count, not only its presence */
	u32 at, end;	/* its text */
	u32 nkids, nranges, nfields;
	struct node **kid;
	struct range *ranges; /* N_SLICE, and layers of N_FIELD and N_PROTO */
	u16 *fields;	      /* N_FIELD: registry numbers */
	int field;	      /* N_FIELD: its own number, for names of values; else -1 */
	u16 proto;	      /* N_PROTO */
	const char *s;	      /* N_LITERAL: its bytes */
	u32 n;		      /* length of s */
	struct fv value;      /* N_CONST */
	u64 lo, width;	      /* fast: the number; its mask for FAST_IP4 */
	struct span *spans;   /* FAST_SET: in order, without overlap */
	u32 nspans;
	struct regex *re; /* N_MATCHES: owned by the filter */
};

struct filter {
	struct arena arena;
	struct node *root;
	char *text;
	VEC(struct regex *) regexes;
	VEC(const struct node *) leaves; /* every N_FIELD and N_PROTO */
};

/* Text to a tree without types. Returns NULL and an error. */
struct node *parse(struct lexer *x, struct filter *f, struct err *e);
/* Gives types to everything below a test, turns literals into constants, and puts the test that a
 * lone value stands for in its place. */
int check(struct filter *f, struct node **test, struct err *e);

/* The literal as a value of the type of `like` (a typed node), in place. `partial`: fewer bytes
 * than an address has will do (contains). */
int literal_to_const(struct filter *f, struct node *lit, const struct node *like, bool partial,
		     struct err *e);
enum vkind kind_of(u8 ftype);
/* Seconds since 1970 as Wireshark writes dates, in ns. Returns -1 where it is none. */
int parse_date(const char *s, size_t n, i64 *ns);

/* a OP b on values; false where there is no result (overflow, division by zero). `bits`: 32 or 64,
 * how wide a number may get. `scratch` holds bytes that are made. */
bool arith(enum node_op op, unsigned bits, const struct fv *a, const struct fv *b, struct fv *out,
	   struct arena *scratch);
bool negate(const struct fv *a, struct fv *out);
/* Compares; false where the two cannot be ordered. */
bool compare(enum cmp op, const struct fv *a, const struct fv *b);

/* ---- regular expressions ---- */

struct regex;
/* Case-insensitive, on bytes. Returns NULL and an error at `at`. */
struct regex *regex_new(const char *s, size_t n, u32 at, struct err *e);
void regex_free(struct regex *r);
/* Safe for concurrent use; work is bounded, beyond the bound it does not match. */
bool regex_match(struct regex *r, const u8 *p, size_t n);

/* "did you mean": the registry's name nearest to s, or NULL. */
const char *nearest_name(const char *s, size_t n);
const char *func_name(enum func f);
enum func func_find(const char *s, size_t n);

#endif
