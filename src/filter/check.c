/* Types: what may be compared with what, and which shortcuts a test can take. */
#include "filter/node.h"

#include <stdlib.h>
#include <string.h>

static int type_value(struct filter *f, struct node *n, const struct node *like, struct err *e);

static bool has_type(const struct node *n)
{
	switch ((enum node_op)n->op) {
	case N_FIELD:
	case N_PROTO:
	case N_SLICE: return true;
	case N_FUNC:
		if (n->func != F_MAX && n->func != F_MIN && n->func != F_ABS)
			return true;
		break;
	case N_LITERAL:
	case N_CONST: return false;
	case N_NEG:
	case N_ADD:
	case N_SUB:
	case N_MUL:
	case N_DIV:
	case N_MOD:
	case N_BITAND:
	case N_SPAN:
	case N_TRUE:
	case N_AND:
	case N_OR:
	case N_XOR:
	case N_NOT:
	case N_EXISTS:
	case N_TRUTH:
	case N_CMP:
	case N_CONTAINS:
	case N_MATCHES:
	case N_IN:
	case N_NOT_IN: break;
	}
	for (u32 i = 0; i < n->nkids; i++)
		if (has_type(n->kid[i]))
			return true;
	return false;
}

/* ---- sentences ---- */

static const char *shown(struct filter *f, const struct node *n)
{
	return quote(&f->arena, f->text + n->at, n->end - n->at);
}

/* "an IPv4 address" */
static const char *a_type(const struct node *n)
{
	switch ((enum vkind)n->kind) {
	case V_NONE: return "a heading without a value";
	case V_UINT:
	case V_INT: return "a number";
	case V_BOOL: return "a boolean";
	case V_IP4: return "an IPv4 address";
	case V_IP6: return "an IPv6 address";
	case V_BYTES:
		return n->type == FT_ETHER   ? "a MAC address"
		       : n->type == FT_EUI64 ? "an EUI-64 address"
					     : "a sequence of bytes";
	case V_PROTO: return "a protocol";
	case V_STR: return "a text";
	case V_ABS: return "a date and time";
	case V_REL: return "a time in seconds";
	case V_FLOAT: return "a fraction";
	}
	return "?";
}

static int not_a_name(struct filter *f, const struct node *n, struct err *e)
{
	const char *near = n->lit == LIT_WORD && !n->neg ? nearest_name(n->s, n->n) : NULL;
	const char *dash = n->lit == LIT_WORD ? memchr(n->s, '-', n->n) : NULL;

	if (dash != NULL && (field_find(n->s, (size_t)(dash - n->s)) >= 0))
		return err_set_at(e, (int)n->at,
				  "'%s' is no field or protocol; a minus needs a blank before it",
				  shown(f, n));
	if (near != NULL)
		return err_set_at(e, (int)n->at, "'%s' is no field or protocol; did you mean %s?",
				  shown(f, n), near);
	if (n->lit == LIT_WORD && !n->neg && (n->s[0] < '0' || n->s[0] > '9'))
		return err_set_at(e, (int)n->at, "'%s' is no field or protocol", shown(f, n));
	return err_set_at(
		e, (int)n->at,
		"%s is a value, not a field or protocol; a value stands behind a comparison",
		shown(f, n));
}

static int mismatch(struct filter *f, const struct node *a, const struct node *b, struct err *e)
{
	return err_set_at(e, (int)b->at, "%s is %s and %s is %s: they cannot be compared",
			  shown(f, a), a_type(a), shown(f, b), a_type(b));
}

/* ---- values ---- */

static bool is_number(enum vkind k)
{
	return k == V_UINT || k == V_INT || k == V_BOOL;
}

static bool is_bytes(enum vkind k)
{
	return k == V_BYTES || k == V_PROTO;
}

static bool alike(const struct node *a, const struct node *b)
{
	enum vkind x = a->kind, y = b->kind;

	return x != V_NONE &&
	       (x == y || (is_number(x) && is_number(y)) || (is_bytes(x) && is_bytes(y)));
}

/* Types two values that have to be alike: the one that has a type of its own first. */
static int type_pair(struct filter *f, struct node *a, struct node *b, const struct node *like,
		     struct err *e)
{
	bool left = has_type(a);

	if (left || !has_type(b)) {
		if (type_value(f, a, like, e) != 0 || type_value(f, b, left ? a : like, e) != 0)
			return -1;
	} else if (type_value(f, b, like, e) != 0 || type_value(f, a, b, e) != 0) {
		return -1;
	}
	return alike(a, b) ? 0 : mismatch(f, a, b, e);
}

static int type_slice(struct filter *f, struct node *n, struct err *e)
{
	struct node *kid = n->kid[0];

	if (kid->op == N_LITERAL && kid->lit == LIT_WORD)
		return not_a_name(f, kid, e);
	if (!has_type(kid))
		return err_set_at(e, (int)kid->at,
				  "only a field, a protocol or a function can be sliced, not '%s'",
				  shown(f, kid));
	if (type_value(f, kid, NULL, e) != 0)
		return -1;
	if (!is_bytes(kid->kind) && kid->kind != V_STR && kid->kind != V_IP4 && kid->kind != V_IP6)
		return err_set_at(e, (int)n->at,
				  "%s is %s; only bytes, text and addresses can be sliced",
				  shown(f, kid), a_type(kid));
	n->type = FT_BYTES;
	n->kind = V_BYTES;
	return 0;
}

static bool can(enum node_op op, enum vkind k)
{
	if (op == N_BITAND)
		return k == V_UINT || k == V_INT || k == V_IP4 || k == V_IP6 || is_bytes(k);
	if (op == N_ADD || op == N_SUB || op == N_NEG)
		return k == V_UINT || k == V_INT || k == V_REL || k == V_FLOAT;
	return k == V_UINT || k == V_INT || (k == V_FLOAT && op != N_MOD);
}

static const char *op_sign(enum node_op op)
{
	return op == N_ADD		    ? "+"
	       : op == N_SUB || op == N_NEG ? "-"
	       : op == N_MUL		    ? "*"
	       : op == N_DIV		    ? "/"
	       : op == N_MOD		    ? "%"
					    : "&";
}

/* What a computation on this type gives: numbers are as wide as 32 or 64 bits. */
static u8 result_type(const struct node *n)
{
	unsigned size = ftype_int_size(n->type);

	if (n->kind == V_UINT)
		return size > 4 ? FT_U64 : FT_U32;
	if (n->kind == V_INT)
		return size > 4 ? FT_I64 : FT_I32;
	return n->type;
}

/* The type for a literal next to a computation: as wide as its result, no names of values. */
static struct node like_result(const struct node *typed)
{
	struct node n = *typed;

	if (n.kind != V_UINT && n.kind != V_INT)
		return n;
	n.type = result_type(typed);
	n.field = -1;
	n.nfields = 0;
	return n;
}

static const struct node *first_typed(const struct node *n)
{
	for (u32 i = 0; i < n->nkids; i++)
		if (has_type(n->kid[i]))
			return n->kid[i];
	return NULL;
}

static int fold(struct filter *f, struct node *n, struct err *e)
{
	struct fv v;
	bool good;

	for (u32 i = 0; i < n->nkids; i++)
		if (n->kid[i]->op != N_CONST)
			return 0;
	if (n->op == N_NEG)
		good = negate(&n->kid[0]->value, &v);
	else
		good = arith((enum node_op)n->op, ftype_int_size(n->type) > 4 ? 64 : 32,
			     &n->kid[0]->value, &n->kid[1]->value, &v, &f->arena);
	if (!good)
		return err_set_at(e, (int)n->at, "'%s' has no result", shown(f, n));
	n->op = N_CONST;
	n->nkids = 0;
	n->value = v;
	return 0;
}

static int type_arith(struct filter *f, struct node *n, const struct node *like, struct err *e)
{
	struct node *typed = NULL, model;

	for (u32 i = 0; i < n->nkids && typed == NULL; i++)
		if (has_type(n->kid[i]))
			typed = n->kid[i];
	if (typed != NULL && type_value(f, typed, like, e) != 0)
		return -1;
	if (typed == NULL && like == NULL)
		return err_set_at(e, (int)n->at, "'%s' is a constant; one side has to be a field",
				  shown(f, n));
	model = like_result(typed != NULL ? typed : like);
	if (!can((enum node_op)n->op, model.kind))
		return err_set_at(e, (int)n->at, "'%s' does not go with %s, which is %s",
				  op_sign((enum node_op)n->op),
				  shown(f, typed != NULL ? typed : n->kid[0]), a_type(&model));
	for (u32 i = 0; i < n->nkids; i++) {
		if (n->kid[i] == typed)
			continue;
		if (type_value(f, n->kid[i], &model, e) != 0)
			return -1;
		if (n->kid[i]->kind == V_BOOL || !alike(&model, n->kid[i]))
			return mismatch(f, typed != NULL ? typed : n, n->kid[i], e);
	}
	n->kind = n->kid[0]->kind;
	n->type = model.type;
	for (u32 i = 0; i < n->nkids; i++)
		if (ftype_int_size(n->kid[i]->type) > 4)
			n->type = result_type(n->kid[i]);
	return fold(f, n, e);
}

static int type_function(struct filter *f, struct node *n, const struct node *like, struct err *e)
{
	struct node *arg = n->kid[0];
	const struct node *typed = first_typed(n);
	const char *name = func_name((enum func)n->func);

	if (n->func == F_MAX || n->func == F_MIN || n->func == F_ABS) {
		if (typed == NULL && like == NULL)
			return err_set_at(e, (int)arg->at, "%s() needs a field", name);
		for (u32 i = 0; i < n->nkids; i++)
			if (n->kid[i] == typed && type_value(f, n->kid[i], like, e) != 0)
				return -1;
		for (u32 i = 0; i < n->nkids; i++) {
			const struct node *model = typed != NULL ? typed : like;

			if (n->kid[i] != typed && type_value(f, n->kid[i], model, e) != 0)
				return -1;
			if (!alike(model, n->kid[i]))
				return mismatch(f, model, n->kid[i], e);
		}
		n->type = typed != NULL ? typed->type : like->type;
		n->kind = typed != NULL ? typed->kind : like->kind;
		if (n->func == F_ABS && !can(N_NEG, n->kind))
			return err_set_at(e, (int)arg->at, "abs() takes a number, and %s is %s",
					  shown(f, arg), a_type(arg));
		return 0;
	}
	if (!has_type(arg))
		return arg->op == N_LITERAL
			       ? not_a_name(f, arg, e)
			       : err_set_at(e, (int)arg->at, "%s() needs a field", name);
	if (type_value(f, arg, NULL, e) != 0)
		return -1;
	n->type = n->func == F_LEN || n->func == F_COUNT ? FT_U32 : FT_STRING;
	n->kind = (u8)kind_of(n->type);
	if ((n->func == F_UPPER || n->func == F_LOWER) && arg->kind != V_STR)
		return err_set_at(e, (int)arg->at, "%s() takes a text, and %s is %s", name,
				  shown(f, arg), a_type(arg));
	if (n->func == F_STRING && arg->kind != V_UINT && arg->kind != V_INT &&
	    arg->kind != V_IP4 && arg->kind != V_IP6 && arg->kind != V_FLOAT &&
	    arg->type != FT_ETHER && arg->type != FT_EUI64)
		return err_set_at(e, (int)arg->at,
				  "string() takes a number or an address, and %s is %s",
				  shown(f, arg), a_type(arg));
	return 0;
}

/* `like` is typed, and says what literals are to become; NULL where nothing does. */
static int type_value(struct filter *f, struct node *n, const struct node *like, struct err *e)
{
	switch ((enum node_op)n->op) {
	case N_FIELD:
	case N_PROTO:
		n->kind = (u8)kind_of(n->type);
		n->looked_into = 1;
		return 0;
	case N_LITERAL:
		return like == NULL ? not_a_name(f, n, e) : literal_to_const(f, n, like, false, e);
	case N_CONST: return 0;
	case N_SLICE: return type_slice(f, n, e);
	case N_NEG:
	case N_ADD:
	case N_SUB:
	case N_MUL:
	case N_DIV:
	case N_MOD:
	case N_BITAND: return type_arith(f, n, like, e);
	case N_FUNC: return type_function(f, n, like, e);
	case N_SPAN:
	case N_TRUE:
	case N_AND:
	case N_OR:
	case N_XOR:
	case N_NOT:
	case N_EXISTS:
	case N_TRUTH:
	case N_CMP:
	case N_CONTAINS:
	case N_MATCHES:
	case N_IN:
	case N_NOT_IN: break;
	}
	return err_set_at(e, (int)n->at, "a value was expected here");
}

/* ---- tests ---- */

/* Field against constant is a scan of the packet's values. */
static void choose_fast(struct node *n)
{
	static const u8 mirror[] = { [CMP_EQ] = CMP_EQ, [CMP_NE] = CMP_NE, [CMP_GT] = CMP_LT,
				     [CMP_GE] = CMP_LE, [CMP_LT] = CMP_GT, [CMP_LE] = CMP_GE };
	struct node *a = n->kid[0], *b = n->kid[1];

	if (a->op == N_CONST && b->op != N_CONST) {
		n->kid[0] = b;
		n->kid[1] = a;
		n->cmp = mirror[n->cmp];
		a = n->kid[0];
		b = n->kid[1];
	}
	if (a->op != N_FIELD || a->nranges > 0 || b->op != N_CONST)
		return;
	if ((a->kind == V_UINT || a->kind == V_BOOL) && b->value.kind != V_INT) {
		n->fast = FAST_UINT;
		n->lo = b->value.u;
		n->width = UINT64_MAX;
	} else if (a->kind == V_IP4) {
		n->fast = FAST_IP4;
		n->width = b->value.mask;
		n->lo = b->value.u & n->width;
	}
}

static int check_cmp(struct filter *f, struct node *n, struct err *e)
{
	struct node *a = n->kid[0], *b = n->kid[1];

	if (!has_type(a) && !has_type(b)) {
		if (a->op == N_LITERAL && a->lit == LIT_WORD)
			return not_a_name(f, a, e);
		return err_set_at(e, (int)a->at, "one side of a comparison has to be a field");
	}
	if (type_pair(f, a, b, NULL, e) != 0)
		return -1;
	choose_fast(n);
	return 0;
}

static int check_searchable(struct filter *f, struct node *n, const char *what, struct err *e)
{
	struct node *a = n->kid[0];

	if (type_value(f, a, NULL, e) != 0)
		return -1;
	if (a->kind == V_STR || is_bytes(a->kind))
		return 0;
	return err_set_at(e, (int)a->at, "'%s' looks into text and bytes, and %s is %s%s", what,
			  shown(f, a), a_type(a),
			  is_number(a->kind) || a->kind == V_IP4 || a->kind == V_IP6
				  ? "; string() makes text of it"
				  : "");
}

static int check_contains(struct filter *f, struct node *n, struct err *e)
{
	struct node *a = n->kid[0], *b = n->kid[1];

	if (check_searchable(f, n, "contains", e) != 0)
		return -1;
	if (b->op == N_LITERAL)
		return literal_to_const(f, b, a, true, e);
	if (type_value(f, b, a, e) != 0)
		return -1;
	return alike(a, b) ? 0 : mismatch(f, a, b, e);
}

static int check_matches(struct filter *f, struct node *n, struct err *e)
{
	struct node *b = n->kid[1];

	if (check_searchable(f, n, "matches", e) != 0)
		return -1;
	if (b->op != N_LITERAL || b->lit != LIT_STRING)
		return err_set_at(e, (int)b->at,
				  "'matches' is followed by a regular expression in double quotes");
	n->re = regex_new(b->s, b->n, b->at, e);
	if (n->re == NULL)
		return -1;
	*VEC_PUSH(&f->regexes) = n->re;
	return 0;
}

static int check_element(struct filter *f, struct node *left, struct node *n, struct err *e)
{
	if (n->op == N_SPAN)
		return check_element(f, left, n->kid[0], e) != 0 ||
				       check_element(f, left, n->kid[1], e) != 0
			       ? -1
			       : 0;
	if (type_value(f, n, left, e) != 0)
		return -1;
	return alike(left, n) ? 0 : mismatch(f, left, n, e);
}

/* What one constant of a set stands for as numbers: a network is a range. False where it is none.
 */
static bool as_span(const struct node *n, bool ip4, struct span *out)
{
	const struct node *lo = n->op == N_SPAN ? n->kid[0] : n,
			  *hi = n->op == N_SPAN ? n->kid[1] : n;

	if (lo->op != N_CONST || hi->op != N_CONST)
		return false;
	if (!ip4) {
		*out = (struct span) { lo->value.u, hi->value.u };
		return lo->value.kind != V_INT && hi->value.kind != V_INT;
	}
	if (n->op == N_SPAN && (lo->value.mask & hi->value.mask) != UINT32_MAX)
		return false;
	out->lo = lo->value.u & lo->value.mask;
	out->hi = (hi->value.u & hi->value.mask) | (u32)~hi->value.mask;
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* A field in a set of constants is a scan of the packet's values and a search in the set. */
static void choose_fast_set(struct filter *f, struct node *n)
{
	struct node *left = n->kid[0];
	struct span *s;
	u32 last = 0, count = 0;

	if (left->op != N_FIELD || left->nranges > 0 ||
	    (left->kind != V_UINT && left->kind != V_BOOL && left->kind != V_IP4))
		return;
	s = arena_alloc(&f->arena, n->nkids * sizeof *s);
	for (u32 i = 1; i < n->nkids; i++) {
		if (!as_span(n->kid[i], left->kind == V_IP4, &s[count]))
			return;
		count += s[count].lo <= s[count].hi;
	}
	if (count > 0)
		qsort(s, count, sizeof *s, by_start);
	for (u32 i = 1; i < count; i++) {
		if (s[i].lo <= s[last].hi)
			s[last].hi = MAX(s[last].hi, s[i].hi);
		else
			s[++last] = s[i];
	}
	n->spans = s;
	n->nspans = count > 0 ? last + 1 : 0;
	n->fast = FAST_SET;
}

static int check_in(struct filter *f, struct node *n, struct err *e)
{
	if (!has_type(n->kid[0]) && n->kid[0]->op != N_LITERAL)
		return err_set_at(e, (int)n->kid[0]->at,
				  "only a field can be tested for membership in a set");
	if (type_value(f, n->kid[0], NULL, e) != 0)
		return -1;
	for (u32 i = 1; i < n->nkids; i++)
		if (check_element(f, n->kid[0], n->kid[i], e) != 0)
			return -1;
	choose_fast_set(f, n);
	return 0;
}

/* A value that stands alone is a test for its presence, or for being other than zero. */
static int check_lone(struct filter *f, struct node **slot, struct err *e)
{
	struct node *n = *slot, *test;

	if (n->op == N_FUNC)
		return err_set_at(e, (int)n->at,
				  "%s is no test by itself; compare it with something",
				  shown(f, n));
	if (type_value(f, n, NULL, e) != 0)
		return -1;
	n->looked_into = n->op != N_PROTO;
	test = arena_alloc(&f->arena, sizeof *test);
	*test = (struct node) {
		.op = N_TRUTH, .at = n->at, .end = n->end, .nkids = 1, .field = -1
	};
	if (n->op == N_FIELD || n->op == N_PROTO || n->op == N_SLICE)
		test->op = N_EXISTS;
	test->kid = arena_alloc(&f->arena, sizeof *test->kid);
	test->kid[0] = n;
	*slot = test;
	return 0;
}

int check(struct filter *f, struct node **slot, struct err *e)
{
	struct node *n = *slot;

	switch ((enum node_op)n->op) {
	case N_TRUE: return 0;
	case N_AND:
	case N_OR:
	case N_XOR:
	case N_NOT:
		for (u32 i = 0; i < n->nkids; i++)
			if (check(f, &n->kid[i], e) != 0)
				return -1;
		return 0;
	case N_CMP: return check_cmp(f, n, e);
	case N_CONTAINS: return check_contains(f, n, e);
	case N_MATCHES: return check_matches(f, n, e);
	case N_IN:
	case N_NOT_IN: return check_in(f, n, e);
	case N_FIELD:
	case N_PROTO:
	case N_LITERAL:
	case N_CONST:
	case N_SLICE:
	case N_NEG:
	case N_ADD:
	case N_SUB:
	case N_MUL:
	case N_DIV:
	case N_MOD:
	case N_BITAND:
	case N_FUNC: return check_lone(f, slot, e);
	case N_EXISTS:
	case N_TRUTH:
	case N_SPAN: break;
	}
	return err_set_at(e, (int)n->at, "a test was expected here");
}
