/* Text to a tree: who binds to whom. Binding from loose to tight, as in Wireshark 4.0: or, xor,
 * and, not, comparisons, &, + -, * / %, signs. */
#include "filter/node.h"

#include "base/txt.h"

#include <stdlib.h>
#include <string.h>

struct parser {
	struct lexer *x;
	struct filter *f;
	struct arena *arena;
	struct err *e;
	unsigned depth;
};

static struct node *parse_or(struct parser *p);
static struct node *parse_value(struct parser *p);

static struct node *new_node(struct parser *p, enum node_op op, u32 at)
{
	struct node *n = arena_alloc(p->arena, sizeof *n);

	memset(n, 0, sizeof *n);
	n->op = (u8)op;
	n->at = at;
	n->end = p->x->at;
	n->field = -1;
	return n;
}

static void add_kid(struct parser *p, struct node *n, struct node *kid)
{
	/* Doubles at 1, 2, 4, ...: the arena forgets the smaller arrays. */
	if ((n->nkids & (n->nkids - 1)) == 0) {
		struct node **more =
			arena_alloc(p->arena, MAX(n->nkids * 2, 1) * sizeof(struct node *));

		if (n->nkids > 0)
			memcpy(more, n->kid, n->nkids * sizeof(struct node *));
		n->kid = more;
	}
	n->kid[n->nkids++] = kid;
	n->end = MAX(n->end, kid->end);
}

static struct node *binary(struct parser *p, enum node_op op, struct node *a, struct node *b)
{
	struct node *n = new_node(p, op, a->at);

	add_kid(p, n, a);
	add_kid(p, n, b);
	n->end = b->end;
	return n;
}

/* The lexer's own sentence where it has one, else what was expected here. Returns NULL. */
static struct node *expected(struct parser *p, const char *what)
{
	if (p->x->tok == TOK_BAD)
		*p->e = p->x->err;
	else
		err_set_at(p->e, (int)p->x->from, "expected %s, found %s", what, lex_quote(p->x));
	return NULL;
}

static bool enter(struct parser *p)
{
	if (++p->depth <= FILTER_DEPTH_MAX)
		return true;
	err_set_at(p->e, (int)p->x->from, "this is nested deeper than %d levels", FILTER_DEPTH_MAX);
	return false;
}

static bool accept(struct parser *p, enum tok t)
{
	if (p->x->tok != t)
		return false;
	lex_next(p->x);
	return true;
}

/* ---- ranges ---- */

static bool range_number(const char **s, const char *end, i32 *out)
{
	char buf[24], *stop;
	size_t n = 0, digits;
	long long v;

	while (*s < end && (**s == ' ' || **s == '\t'))
		(*s)++;
	if (*s < end && (**s == '-' || **s == '+'))
		buf[n++] = *(*s)++;
	digits = n;
	while (*s < end && n < sizeof buf - 1 && strchr("0123456789abcdefABCDEFxX", **s) != NULL &&
	       **s != '\0')
		buf[n++] = *(*s)++;
	buf[n] = '\0';
	while (*s < end && (**s == ' ' || **s == '\t'))
		(*s)++;
	if (n == digits)
		return false;
	v = strtoll(buf, &stop, 0);
	*out = (i32)v;
	return *stop == '\0' && v >= -INT32_MAX && v <= INT32_MAX;
}

/* One of i, i:n, i-j, i:, :n, : */
static bool read_range(const char *s, size_t n, struct range *r)
{
	const char *end = s + n;
	bool first;

	*r = (struct range) { .from = 0, .to = 1, .kind = R_LEN };
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	first = s < end && *s != ':';
	if (first && !range_number(&s, end, &r->from))
		return false;
	if (s == end)
		return first;
	if (*s == ':') {
		s++;
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		if (s == end) {
			r->kind = R_TO_END;
			return true;
		}
		return range_number(&s, end, &r->to) && s == end;
	}
	if (*s++ != '-' || !range_number(&s, end, &r->to) || s != end)
		return false;
	r->kind = R_END;
	return true;
}

/* NULL where the range can select something, else the reason. */
static const char *range_fault(const struct range *r)
{
	if (r->kind == R_LEN && r->to <= 0)
		return "the length in a slice has to be positive";
	if (r->kind != R_END)
		return NULL;
	if ((r->from < 0) != (r->to < 0))
		return "both ends of a range count from the start, or both from the end";
	return r->from > r->to ? "this range ends before it begins" : NULL;
}

/* The token is '[': reads up to and past ']'. */
static bool parse_ranges(struct parser *p, struct node *n)
{
	struct lexer *x = p->x;
	u32 open = x->from;
	const char *close = memchr(x->text + x->at, ']', x->n - x->at);
	u32 end = close != NULL ? (u32)(close - x->text) : x->n;
	VEC(struct range) list = { 0 };
	const char *fault = NULL;

	if (close == NULL) {
		err_set_at(p->e, (int)open, "the closing ] is missing");
		return false;
	}
	for (u32 at = x->at; fault == NULL && at <= end;) {
		const char *comma = memchr(x->text + at, ',', end - at);
		u32 stop = comma != NULL ? (u32)(comma - x->text) : end;
		struct range r;

		if (!read_range(x->text + at, stop - at, &r))
			fault = "a range is written [i], [i:length], [i-last], [i:] or [:length]";
		else
			fault = range_fault(&r);
		if (fault != NULL)
			err_set_at(p->e, (int)at, "%s", fault);
		else
			*VEC_PUSH(&list) = r;
		at = stop + 1;
	}
	n->nranges = (u32)list.n;
	n->ranges = arena_alloc(p->arena, MAX(list.n, 1) * sizeof *n->ranges);
	if (list.n > 0)
		memcpy(n->ranges, list.v, list.n * sizeof *n->ranges);
	VEC_FREE(&list);
	x->at = end + 1;
	n->end = x->at;
	lex_next(x);
	return fault == NULL;
}

/* The token is '#': a layer number or [range] follows at once. */
static bool parse_layer(struct parser *p, struct node *n)
{
	struct lexer *x = p->x;
	u32 from = x->at;
	struct range r = { .to = 1, .kind = R_LEN };
	bool fits;

	if (n->op != N_FIELD && n->op != N_PROTO) {
		err_set_at(p->e, (int)x->from, "'#' stands behind a field or a protocol");
		return false;
	}
	if (x->at < x->n && x->text[x->at] == '[') {
		x->from = x->at++;
		return parse_ranges(p, n);
	}
	while (x->at < x->n && x->text[x->at] >= '0' && x->text[x->at] <= '9')
		x->at++;
	fits = x->at - from <= 6;
	for (u32 i = from; fits && i < x->at; i++)
		r.from = r.from * 10 + (x->text[i] - '0');
	if (x->at == from || !fits) {
		err_set_at(p->e, (int)x->from,
			   "'#' is followed by the number of a layer, from 1, or by a [range] of "
			   "them");
		return false;
	}
	n->nranges = 1;
	n->ranges = arena_alloc(p->arena, sizeof r);
	n->ranges[0] = r;
	n->end = x->at;
	lex_next(x);
	return true;
}

/* ---- values ---- */

static void flatten(const struct field *f, unsigned id, u16 *list, u32 *n, u32 cap)
{
	if (f->any == NULL) {
		if (*n < cap)
			list[(*n)++] = (u16)id;
		return;
	}
	for (const u16 *a = f->any; *a != FIELD_END; a++) {
		unsigned each = field_number(field_proto(id), *a);

		flatten(field_get(each), each, list, n, cap);
	}
}

static struct node *name_node(struct parser *p)
{
	enum { ALIASES = 64 };
	struct lexer *x = p->x;
	int field = field_find(x->s, x->len), proto = proto_find(x->s, x->len);
	struct node *n;
	u16 list[ALIASES];

	if (field < 0 && proto < 0) {
		n = new_node(p, N_LITERAL, x->from);
		n->lit = LIT_WORD;
		n->s = x->s;
		n->n = x->len;
		return n;
	}
	n = new_node(p, field >= 0 ? N_FIELD : N_PROTO, x->from);
	n->s = x->s;
	n->n = x->len;
	*VEC_PUSH(&p->f->leaves) = n;
	if (field < 0) {
		n->proto = (u16)proto;
		n->type = FT_PROTO;
		n->whole = (proto_get((unsigned)proto)->flags & PROTO_WHOLE) != 0;
		return n;
	}
	n->field = field;
	n->type = field_get((unsigned)field)->type;
	flatten(field_get((unsigned)field), (unsigned)field, list, &n->nfields, ALIASES);
	n->fields = arena_alloc(p->arena, MAX(n->nfields, 1) * sizeof *n->fields);
	memcpy(n->fields, list, n->nfields * sizeof *n->fields);
	return n;
}

/* The word is read already and names the function; the token is '('. */
static struct node *parse_function(struct parser *p, struct node *name)
{
	enum func f = func_find(name->s, name->n);
	struct node *n = new_node(p, N_FUNC, name->at);

	if (f == F_NONE) {
		err_set_at(p->e, (int)name->at,
			   "'%s' is no function; there are upper, lower, len, count, string, max, "
			   "min and abs",
			   quote(p->arena, name->s, name->n));
		return NULL;
	}
	n->func = (u8)f;
	lex_next(p->x);
	do {
		struct node *arg;

		if (p->x->tok == TOK_RPAREN && n->nkids == 0)
			return expected(p, "an argument");
		arg = parse_value(p);
		if (arg == NULL)
			return NULL;
		add_kid(p, n, arg);
	} while (accept(p, TOK_COMMA));
	n->end = p->x->at;
	if (!accept(p, TOK_RPAREN))
		return expected(p, "',' or ')'");
	if (n->nkids > 1 && f != F_MAX && f != F_MIN) {
		err_set_at(p->e, (int)n->kid[1]->at, "%s() takes one argument", func_name(f));
		return NULL;
	}
	return n;
}

static struct node *parse_entity(struct parser *p)
{
	struct lexer *x = p->x;
	struct node *n;

	if (x->tok == TOK_WORD) {
		n = name_node(p);
		lex_next(x);
		if (x->tok == TOK_LPAREN)
			n = parse_function(p, n);
	} else if (x->tok == TOK_STRING || x->tok == TOK_CHAR) {
		n = new_node(p, N_LITERAL, x->from);
		n->lit = x->tok == TOK_STRING ? LIT_STRING : LIT_CHAR;
		n->s = x->s;
		n->n = x->len;
		lex_next(x);
	} else if (x->tok == TOK_LBRACE || x->tok == TOK_LPAREN) {
		enum tok close = x->tok == TOK_LBRACE ? TOK_RBRACE : TOK_RPAREN;

		lex_next(x);
		n = parse_value(p);
		if (n != NULL && !accept(p, close))
			return expected(p, close == TOK_RBRACE ? "'}'" : "')'");
	} else {
		return expected(p, "a field or a value");
	}
	if (n != NULL && x->tok == TOK_HASH && !parse_layer(p, n))
		return NULL;
	while (n != NULL && x->tok == TOK_LBRACKET) {
		struct node *slice = new_node(p, N_SLICE, n->at);

		if (!enter(p))
			return NULL;
		add_kid(p, slice, n);
		n = parse_ranges(p, slice) ? slice : NULL;
		p->depth--;
	}
	return n;
}

static struct node *parse_sign(struct parser *p)
{
	u32 at = p->x->from;
	struct node *n, *neg;

	if (accept(p, TOK_PLUS))
		return parse_entity(p);
	if (!accept(p, TOK_MINUS))
		return parse_entity(p);
	n = parse_entity(p);
	if (n == NULL)
		return NULL;
	if (n->op == N_LITERAL && n->lit == LIT_WORD) {
		n->neg = 1;
		n->at = at;
		return n;
	}
	neg = new_node(p, N_NEG, at);
	add_kid(p, neg, n);
	neg->end = n->end;
	return neg;
}

static const struct {
	u8 tok, op, level;
} operators[] = {
	{ TOK_BITAND, N_BITAND, 0 }, { TOK_PLUS, N_ADD, 1 },  { TOK_MINUS, N_SUB, 1 },
	{ TOK_STAR, N_MUL, 2 },	     { TOK_SLASH, N_DIV, 2 }, { TOK_PERCENT, N_MOD, 2 },
};

static struct node *parse_level(struct parser *p, unsigned level)
{
	struct node *n = level == 3 ? parse_sign(p) : parse_level(p, level + 1);
	unsigned i = 0, before = p->depth;

	while (level < 3 && n != NULL && i < ARRAY_LEN(operators)) {
		struct node *b;

		if (operators[i].level != level || operators[i].tok != p->x->tok) {
			i++;
			continue;
		}
		if (!enter(p)) /* each operator is one more level of the tree */
			return NULL;
		lex_next(p->x);
		b = parse_level(p, level + 1);
		n = b != NULL ? binary(p, (enum node_op)operators[i].op, n, b) : NULL;
		i = 0;
	}
	p->depth = before;
	return n;
}

static struct node *parse_value(struct parser *p)
{
	struct node *n;

	if (!enter(p))
		return NULL;
	n = parse_level(p, 0);
	p->depth--;
	return n;
}

/* ---- tests ---- */

static struct node *parse_set(struct parser *p, struct node *left, bool negated)
{
	struct node *n = new_node(p, negated ? N_NOT_IN : N_IN, left->at);

	add_kid(p, n, left);
	if (!accept(p, TOK_LBRACE))
		return expected(p, "'{' and a list of values");
	do {
		struct node *lo = parse_sign(p), *hi;

		if (lo != NULL && accept(p, TOK_DOTDOT)) {
			hi = parse_sign(p);
			lo = hi != NULL ? binary(p, N_SPAN, lo, hi) : NULL;
		}
		if (lo == NULL)
			return NULL;
		add_kid(p, n, lo);
	} while (accept(p, TOK_COMMA));
	n->end = p->x->at;
	return accept(p, TOK_RBRACE) ? n : expected(p, "',' or '}'");
}

static bool is_comparison(enum tok t)
{
	return t >= TOK_ANY_EQ && t <= TOK_LE;
}

/* a < b < c is a < b && b < c. */
static struct node *parse_comparison(struct parser *p, struct node *left)
{
	static const u8 cmps[] = { CMP_EQ, CMP_NE, CMP_EQ, CMP_NE, CMP_GT, CMP_GE, CMP_LT, CMP_LE };
	struct node *all = new_node(p, N_AND, left->at), *right;

	while (is_comparison(p->x->tok)) {
		enum tok t = p->x->tok;
		struct node *n = new_node(p, N_CMP, left->at);

		n->cmp = cmps[t - TOK_ANY_EQ];
		n->quant = t == TOK_ALL_NE || t == TOK_ALL_EQ ? Q_ALL : Q_ANY;
		lex_next(p->x);
		if (p->x->tok == TOK_END || is_comparison(p->x->tok))
			return expected(p, "a value behind the comparison");
		right = parse_value(p);
		if (right == NULL)
			return NULL;
		add_kid(p, n, left);
		add_kid(p, n, right);
		n->end = right->end;
		add_kid(p, all, n);
		left = right;
	}
	return all->nkids == 1 ? all->kid[0] : all;
}

static struct node *parse_relation(struct parser *p)
{
	struct node *left = parse_value(p), *right;
	enum tok t = p->x->tok;

	if (left == NULL)
		return NULL;
	if (is_comparison(t))
		return parse_comparison(p, left);
	if (t == TOK_CONTAINS || t == TOK_MATCHES) {
		lex_next(p->x);
		right = parse_entity(p);
		return right == NULL
			       ? NULL
			       : binary(p, t == TOK_CONTAINS ? N_CONTAINS : N_MATCHES, left, right);
	}
	if (accept(p, TOK_IN))
		return parse_set(p, left, false);
	if (t == TOK_NOT) {
		lex_next(p->x);
		return accept(p, TOK_IN) ? parse_set(p, left, true) : expected(p, "'in'");
	}
	return left;
}

static struct node *parse_quantified(struct parser *p)
{
	enum quant q = p->x->tok == TOK_ALL ? Q_ALL : Q_ANY;
	u32 at = p->x->from;
	struct node *n;

	lex_next(p->x);
	n = parse_relation(p);
	if (n == NULL)
		return NULL;
	if (n->op == N_AND) {
		for (u32 i = 0; i < n->nkids; i++)
			n->kid[i]->quant = (u8)q;
	} else if (n->op == N_CMP || n->op == N_CONTAINS || n->op == N_MATCHES || n->op == N_IN ||
		   n->op == N_NOT_IN) {
		n->quant = (u8)q;
		n->quantified = 1;
	} else {
		err_set_at(p->e, (int)at, "'%s' stands before a comparison",
			   q == Q_ALL ? "all" : "any");
		return NULL;
	}
	return n;
}

static struct node *parse_not(struct parser *p)
{
	struct node *n, *inner;
	u32 at = p->x->from;

	if (!enter(p))
		return NULL;
	if (accept(p, TOK_NOT)) {
		inner = parse_not(p);
		n = inner != NULL ? new_node(p, N_NOT, at) : NULL;
		if (n != NULL)
			add_kid(p, n, inner);
	} else if (accept(p, TOK_LPAREN)) {
		n = parse_or(p);
		if (n != NULL && !accept(p, TOK_RPAREN))
			n = expected(p, "')', '&&' or '||'");
	} else if (p->x->tok == TOK_ANY || p->x->tok == TOK_ALL) {
		n = parse_quantified(p);
	} else if (p->x->tok == TOK_END || p->x->tok == TOK_AND || p->x->tok == TOK_OR ||
		   p->x->tok == TOK_XOR || p->x->tok == TOK_RPAREN) {
		n = expected(p, "a field, a protocol or a comparison");
	} else {
		n = parse_relation(p);
	}
	p->depth--;
	return n;
}

static struct node *parse_list(struct parser *p, enum tok t, enum node_op op,
			       struct node *(*inner)(struct parser *))
{
	struct node *n = inner(p), *list = NULL;

	while (n != NULL && p->x->tok == t) {
		if (list == NULL) {
			list = new_node(p, op, n->at);
			add_kid(p, list, n);
		}
		lex_next(p->x);
		n = inner(p);
		if (n != NULL)
			add_kid(p, list, n);
	}
	return n == NULL || list == NULL ? n : list;
}

static struct node *parse_and(struct parser *p)
{
	return parse_list(p, TOK_AND, N_AND, parse_not);
}

static struct node *parse_xor(struct parser *p)
{
	return parse_list(p, TOK_XOR, N_XOR, parse_and);
}

static struct node *parse_or(struct parser *p)
{
	return parse_list(p, TOK_OR, N_OR, parse_xor);
}

struct node *parse(struct lexer *x, struct filter *f, struct err *e)
{
	struct parser p = { .x = x, .f = f, .arena = &f->arena, .e = e };
	struct node *n;

	lex_next(x);
	if (x->tok == TOK_END)
		return new_node(&p, N_TRUE, 0);
	n = parse_or(&p);
	if (n != NULL && x->tok != TOK_END)
		return expected(&p, "'&&', '||' or the end");
	return n;
}
