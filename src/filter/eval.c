/* Asking a compiled filter about a packet. Tests short-circuit; values are visited one by one and
 * never collected, so nothing is allocated but where text is made (upper, string, joined slices).
 */
#include "filter/node.h"

#include "base/txt.h"

#include <string.h>

struct eval {
	const struct pkt *k;
	struct arena scratch; /* takes memory only when something is made */
	u32 steps;	      /* work that is left */
};

enum { STEPS = 1 << 20 };

/* Called with each value; true ends the visit. */
typedef bool visit_fn(struct eval *v, const struct fv *x, void *arg);

static bool each(struct eval *v, const struct node *n, visit_fn *fn, void *arg);

/* Takes n steps; true where none are left. */
static bool spend(struct eval *v, u32 n)
{
	if (v->steps > n) {
		v->steps -= n;
		return false;
	}
	v->steps = 0;
	return true;
}

static inline bool is_one_of(const struct node *n, u16 field)
{
	for (u32 i = 0; i < n->nfields; i++)
		if (n->fields[i] == field)
			return true;
	return false;
}

/* ---- layers ---- */

/* How many layers of its protocol there are up to this one. */
static i32 layer_number(const struct pkt *k, u8 layer)
{
	i32 n = 0;

	for (unsigned i = 0; i <= layer; i++)
		n += k->layers[i].proto == k->layers[layer].proto;
	return n;
}

/* `last` is the highest number there is, from which negative ones count. */
static bool in_ranges(const struct node *n, i32 number, i32 last)
{
	for (u32 i = 0; i < n->nranges; i++) {
		const struct range *r = &n->ranges[i];
		i64 from = r->from < 0 ? (i64)r->from + last + 1 : r->from;
		i64 to = r->kind == R_LEN      ? from + r->to - 1
			 : r->kind == R_TO_END ? last
			 : r->to < 0	       ? (i64)r->to + last + 1
					       : r->to;

		if (number >= from && number <= to)
			return true;
	}
	return n->nranges == 0;
}

static i32 last_number(const struct eval *v, const struct node *n)
{
	const struct pkt *k = v->k;
	i32 last = 0;

	if (n->op == N_PROTO) {
		for (unsigned i = 0; i < k->nlayers; i++)
			last += k->layers[i].proto == n->proto;
		return last;
	}
	for (u32 i = 0; i < k->nvals; i++)
		if (is_one_of(n, k->vals[i].field)) {
			i32 number = layer_number(k, k->vals[i].layer);

			last = MAX(last, number);
		}
	return last;
}

/* ---- values ---- */

static bool load(const struct node *n, const struct val *v, struct fv *out)
{
	out->kind = n->kind;
	out->n = out->hdr = v->n;
	out->u = v->u;
	switch ((enum vkind)n->kind) {
	case V_IP4: out->mask = UINT32_MAX; break;
	case V_IP6: out->prefix = 128; return v->n == 16;
	case V_BYTES:
	case V_STR:
	case V_PROTO: out->p = v->n > 0 ? v->p : (const u8 *)""; break;
	case V_NONE:
	case V_UINT:
	case V_INT:
	case V_BOOL:
	case V_ABS:
	case V_REL:
	case V_FLOAT: break;
	}
	return true;
}

static bool each_field(struct eval *v, const struct node *n, visit_fn *fn, void *arg)
{
	const struct pkt *k = v->k;
	i32 last = n->nranges > 0 ? last_number(v, n) : 0;
	struct fv x;

	for (u32 i = 0; i < k->nvals; i++) {
		const struct val *val = &k->vals[i];

		if (!is_one_of(n, val->field))
			continue;
		if (n->nranges > 0 && !in_ranges(n, layer_number(k, val->layer), last))
			continue;
		if (load(n, val, &x) && (spend(v, 1) || fn(v, &x, arg)))
			return true;
	}
	return false;
}

static bool each_layer(struct eval *v, const struct node *n, visit_fn *fn, void *arg)
{
	const struct pkt *k = v->k;
	i32 last = n->nranges > 0 ? last_number(v, n) : 0, number = 0;

	for (unsigned i = 0; i < k->nlayers; i++) {
		const struct layer *l = &k->layers[i];
		struct fv x = { .kind = V_PROTO };

		if (l->proto != n->proto || !in_ranges(n, ++number, last))
			continue;
		x.p = k->frame->data + l->off;
		x.n = l->end > l->off ? l->end - l->off : 0;
		x.hdr = n->whole ? x.n : MIN(l->len, x.n);
		if (spend(v, 1) || fn(v, &x, arg))
			return true;
	}
	return false;
}

/* What follows turns each value of a child into one of its own and hands it on. */
struct next {
	const struct node *n;
	visit_fn *fn;
	void *arg;
	const struct fv *left; /* of two operands */
};

static bool pick(const struct range *r, u32 n, u32 *from, u32 *len)
{
	i64 a = r->from < 0 ? (i64)r->from + n : r->from;
	i64 b = r->kind == R_LEN      ? a + r->to
		: r->kind == R_TO_END ? n
		: r->to < 0	      ? (i64)r->to + n + 1
				      : (i64)r->to + 1;

	*from = (u32)a;
	*len = (u32)(b - a);
	return a >= 0 && a < n && b > a && b <= n;
}

static bool slice_value(struct eval *v, const struct fv *x, void *arg)
{
	const struct next *t = arg;
	const struct node *n = t->n;
	struct fv out = { .kind = V_BYTES, .p = x->p };
	u32 have = x->kind == V_PROTO ? x->hdr : x->kind == V_IP6 ? 16 : x->n, from, len, total = 0;
	u8 ip4[4], *joined;

	if (x->kind == V_IP4) {
		store_be32(ip4, (u32)x->u);
		out.p = ip4;
		have = 4;
	}
	if (n->nranges == 1) {
		if (!pick(&n->ranges[0], have, &from, &len))
			return false;
		out.p += from;
		out.n = len;
	} else {
		/* As in Wireshark, what stands before the first range that does not fit. */
		for (u32 i = 0; i < n->nranges && pick(&n->ranges[i], have, &from, &len); i++)
			total += len;
		if (total == 0 || spend(v, total / 64 + n->nranges))
			return false;
		joined = arena_alloc(&v->scratch, total);
		for (u32 i = 0; out.n < total; i++) {
			pick(&n->ranges[i], have, &from, &len);
			memcpy(joined + out.n, out.p + from, len);
			out.n += len;
		}
		out.p = joined;
	}
	out.hdr = out.n;
	return t->fn(v, &out, t->arg);
}

static bool neg_value(struct eval *v, const struct fv *x, void *arg)
{
	const struct next *t = arg;
	struct fv out;

	return negate(x, &out) && t->fn(v, &out, t->arg);
}

static bool right_operand(struct eval *v, const struct fv *b, void *arg)
{
	const struct next *t = arg;
	unsigned bits = ftype_int_size(t->n->type) > 4 ? 64 : 32;
	struct fv out;

	if (spend(v, 1 + (b->kind == V_BYTES ? b->n / 64 : 0)))
		return true;
	return arith((enum node_op)t->n->op, bits, t->left, b, &out, &v->scratch) &&
	       t->fn(v, &out, t->arg);
}

static bool left_operand(struct eval *v, const struct fv *a, void *arg)
{
	struct next t = *(const struct next *)arg;

	t.left = a;
	return each(v, t.n->kid[1], right_operand, &t);
}

/* ---- functions ---- */

static bool case_value(struct eval *v, const struct fv *x, void *arg)
{
	const struct next *t = arg;
	bool up = t->n->func == F_UPPER;
	struct fv out = *x;
	u8 *p;

	if (spend(v, x->n / 64))
		return true;
	p = arena_alloc(&v->scratch, x->n + 1);
	for (u32 i = 0; i < x->n; i++) {
		u8 c = x->p[i];

		if (up ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z')
			c ^= 0x20;
		p[i] = c;
	}
	out.p = p;
	return t->fn(v, &out, t->arg);
}

static bool len_value(struct eval *v, const struct fv *x, void *arg)
{
	const struct next *t = arg;
	struct fv out = { .kind = V_UINT };

	switch ((enum vkind)x->kind) {
	case V_UINT:
	case V_INT: out.u = ftype_int_size(t->n->kid[0]->type); break;
	case V_IP4: out.u = 4; break;
	case V_IP6: out.u = 16; break;
	case V_BYTES:
	case V_STR: out.u = x->n; break;
	case V_PROTO: out.u = x->hdr; break;
	case V_FLOAT: out.u = 8; break;
	case V_BOOL:
	case V_NONE:
	case V_ABS:
	case V_REL: break;
	}
	return t->fn(v, &out, t->arg);
}

static bool text_value(struct eval *v, const struct fv *x, void *arg)
{
	const struct next *t = arg;
	struct fv out = { .kind = V_STR };
	struct txt s;
	u8 ip4[4];

	txt_init(&s);
	if (x->kind == V_UINT) {
		txt_u64(&s, x->u);
	} else if (x->kind == V_INT) {
		txt_i64(&s, x->i);
	} else if (x->kind == V_IP4) {
		store_be32(ip4, (u32)x->u);
		txt_ip4(&s, ip4);
	} else if (x->kind == V_IP6) {
		txt_ip6(&s, x->p);
	} else if (x->kind == V_BYTES) {
		txt_hexbytes(&s, x->p, x->n, ':');
	} else {
		txt_printf(&s, "%g", x->f);
	}
	out.n = (u32)s.n;
	out.p = (const u8 *)arena_strndup(&v->scratch, s.n > 0 ? s.s : "", s.n);
	txt_fini(&s);
	return t->fn(v, &out, t->arg);
}

static bool abs_value(struct eval *v, const struct fv *x, void *arg)
{
	const struct next *t = arg;
	struct fv out = *x;
	bool below = x->kind == V_FLOAT ? x->f < 0 : x->kind != V_UINT && x->i < 0;

	if (below && !negate(x, &out))
		return false;
	return t->fn(v, &out, t->arg);
}

static bool count_value(struct eval *v, const struct fv *x, void *arg)
{
	(void)v;
	(void)x;
	++*(u32 *)arg;
	return false;
}

struct best {
	struct fv x;
	bool any, max;
};

static bool best_value(struct eval *v, const struct fv *x, void *arg)
{
	struct best *b = arg;

	(void)v;
	if (!b->any || compare(b->max ? CMP_GT : CMP_LT, x, &b->x))
		b->x = *x;
	b->any = true;
	return false;
}

/* The sliced bytes of an IPv4 address live only as long as the visit: keep a copy of short ones. */
static bool best_bytes(struct eval *v, const struct fv *x, void *arg)
{
	struct best *b = arg;
	struct fv copy = *x;

	if (b->any && !compare(b->max ? CMP_GT : CMP_LT, x, &b->x))
		return false;
	if (x->kind == V_BYTES && x->n <= 4 && x->n > 0)
		copy.p = (const u8 *)arena_strndup(&v->scratch, (const char *)x->p, x->n);
	b->x = copy;
	b->any = true;
	return false;
}

static bool each_function(struct eval *v, const struct node *n, visit_fn *fn, void *arg)
{
	struct next t = { .n = n, .fn = fn, .arg = arg };
	struct best b = { .max = n->func == F_MAX };
	struct fv count = { .kind = V_UINT };
	u32 c = 0;

	switch ((enum func)n->func) {
	case F_UPPER:
	case F_LOWER: return each(v, n->kid[0], case_value, &t);
	case F_LEN: return each(v, n->kid[0], len_value, &t);
	case F_STRING: return each(v, n->kid[0], text_value, &t);
	case F_ABS: return each(v, n->kid[0], abs_value, &t);
	case F_COUNT:
		each(v, n->kid[0], count_value, &c);
		count.u = c;
		return c > 0 && fn(v, &count, arg);
	case F_MAX:
	case F_MIN:
		for (u32 i = 0; i < n->nkids; i++)
			each(v, n->kid[i], n->kind == V_BYTES ? best_bytes : best_value, &b);
		return b.any && fn(v, &b.x, arg);
	case F_NONE: break;
	}
	return false;
}

static bool each(struct eval *v, const struct node *n, visit_fn *fn, void *arg)
{
	struct next t = { .n = n, .fn = fn, .arg = arg };

	switch ((enum node_op)n->op) {
	case N_FIELD: return each_field(v, n, fn, arg);
	case N_PROTO: return each_layer(v, n, fn, arg);
	case N_CONST: return fn(v, &n->value, arg);
	case N_SLICE: return each(v, n->kid[0], slice_value, &t);
	case N_NEG: return each(v, n->kid[0], neg_value, &t);
	case N_ADD:
	case N_SUB:
	case N_MUL:
	case N_DIV:
	case N_MOD:
	case N_BITAND: return each(v, n->kid[0], left_operand, &t);
	case N_FUNC: return each_function(v, n, fn, arg);
	case N_LITERAL:
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
	return false;
}

/* ---- tests on single values ---- */

/* Where ALL is asked, a visit ends at the first value that fails; `any` notes that there was one.
 */
struct ask {
	const struct node *n;
	const struct fv *left;
	bool all, seen;
};

/* memchr leaps where memmem walks; where the first byte is frequent, memmem is the sure way. */
static bool find(const u8 *p, size_t n, const u8 *what, size_t m)
{
	const u8 *end = p + n, *at = p;

	for (int tries = 0; tries < 16; tries++) {
		if ((size_t)(end - at) < m)
			return false;
		at = memchr(at, what[0], (size_t)(end - at) - m + 1);
		if (at == NULL)
			return false;
		if (memcmp(at, what, m) == 0)
			return true;
		at++;
	}
	return memmem(at, (size_t)(end - at), what, m) != NULL;
}

static bool contains(const struct fv *a, const struct fv *b)
{
	if (b->n == 0)
		return a->kind == V_BYTES;
	return find(a->p, a->n, b->p, b->n);
}

static bool right_side(struct eval *v, const struct fv *b, void *arg)
{
	struct ask *q = arg;
	bool yes;

	if (spend(v, q->n->op == N_CONTAINS ? 1 + q->left->n / 64 : 1))
		return true;
	q->seen = true;
	yes = q->n->op == N_CMP ? compare((enum cmp)q->n->cmp, q->left, b) : contains(q->left, b);
	return yes != q->all;
}

static bool left_side(struct eval *v, const struct fv *a, void *arg)
{
	struct ask *q = arg;

	q->left = a;
	return each(v, q->n->kid[1], right_side, q);
}

static bool left_matches(struct eval *v, const struct fv *a, void *arg)
{
	struct ask *q = arg;

	if (spend(v, 16 + a->n / 16))
		return true;
	q->seen = true;
	return regex_match(q->n->re, a->p, a->n) != q->all;
}

struct member {
	const struct node *n; /* N_SPAN */
	const struct fv *x;
};

static bool at_most(struct eval *v, const struct fv *hi, void *arg)
{
	return !spend(v, 1) && compare(CMP_LE, ((const struct member *)arg)->x, hi);
}

static bool at_least(struct eval *v, const struct fv *lo, void *arg)
{
	const struct member *m = arg;

	return !spend(v, 1) && compare(CMP_GE, m->x, lo) && each(v, m->n->kid[1], at_most, arg);
}

static bool equals(struct eval *v, const struct fv *e, void *arg)
{
	return !spend(v, 1) && compare(CMP_EQ, ((const struct member *)arg)->x, e);
}

static bool left_in(struct eval *v, const struct fv *a, void *arg)
{
	struct ask *q = arg;
	bool found = false;

	if (spend(v, 1))
		return true;
	q->seen = true;
	for (u32 i = 1; i < q->n->nkids && !found; i++) {
		const struct node *e = q->n->kid[i];
		struct member m = { .n = e, .x = a };

		if (e->op == N_CONST)
			found = compare(CMP_EQ, a, &e->value);
		else if (e->op == N_SPAN)
			found = each(v, e->kid[0], at_least, &m);
		else
			found = each(v, e, equals, &m);
	}
	if (q->n->op == N_NOT_IN && q->n->quantified)
		found = !found;
	return found != q->all;
}

static bool is_there(struct eval *v, const struct fv *x, void *arg)
{
	(void)v;
	(void)x;
	(void)arg;
	return true;
}

static bool is_true(struct eval *v, const struct fv *x, void *arg)
{
	(void)v;
	(void)arg;
	switch ((enum vkind)x->kind) {
	case V_UINT:
	case V_INT:
	case V_BOOL:
	case V_IP4:
	case V_ABS:
	case V_REL: return x->u != 0;
	case V_FLOAT: return x->f < 0 || x->f > 0;
	case V_IP6:
	case V_BYTES:
	case V_PROTO:
	case V_STR:
		for (u32 i = 0; i < (x->kind == V_IP6 ? 16 : x->n); i++)
			if (x->p[i] != 0)
				return true;
		return false;
	case V_NONE: break;
	}
	return false;
}

/* ---- tests ---- */

static inline bool holds(u8 cmp, u64 a, u64 b)
{
	switch ((enum cmp)cmp) {
	case CMP_EQ: return a == b;
	case CMP_NE: return a != b;
	case CMP_GT: return a > b;
	case CMP_GE: return a >= b;
	case CMP_LT: return a < b;
	case CMP_LE: return a <= b;
	}
	return false;
}

/* One field against one number, the most frequent test of all. */
static bool scan(const struct pkt *k, const struct node *n)
{
	const struct node *f = n->kid[0];
	const struct val *v = k->vals, *end = v + k->nvals;
	u16 a = f->fields[0], b = f->fields[f->nfields - 1];
	bool all = n->quant == Q_ALL, seen = false;

	for (; v < end; v++) {
		if (v->field != a && v->field != b && (f->nfields < 3 || !is_one_of(f, v->field)))
			continue;
		if (holds(n->cmp, v->u & n->width, n->lo) != all)
			return !all;
		seen = true;
	}
	return all && seen;
}

static bool in_spans(const struct node *n, u64 x)
{
	u32 lo = 0, hi = n->nspans;

	if (hi <= 8) { /* a short walk beats a search */
		for (; lo < hi; lo++)
			if (x <= n->spans[lo].hi)
				return x >= n->spans[lo].lo;
		return false;
	}
	while (lo < hi) {
		u32 mid = (lo + hi) / 2;

		if (x > n->spans[mid].hi)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n->nspans && x >= n->spans[lo].lo;
}

static bool scan_set(const struct pkt *k, const struct node *n)
{
	const struct node *f = n->kid[0];
	bool all = n->quant == Q_ALL, turned = n->op == N_NOT_IN && n->quantified, seen = false;

	for (u32 i = 0; i < k->nvals; i++) {
		if (!is_one_of(f, k->vals[i].field))
			continue;
		if ((in_spans(n, k->vals[i].u) != turned) != all)
			return !all;
		seen = true;
	}
	return all && seen;
}

/* A comparison, search or membership: any value or pair of values, or all of them. */
static bool relation(struct eval *v, const struct node *n, visit_fn *fn)
{
	struct ask q = { .n = n, .all = n->quant == Q_ALL };
	bool stopped = each(v, n->kid[0], fn, &q);

	if (v->steps == 0)
		return false;
	return q.all ? q.seen && !stopped : stopped;
}

static bool membership(struct eval *v, const struct node *n)
{
	bool yes = n->fast == FAST_SET ? scan_set(v->k, n) : relation(v, n, left_in);

	return n->op == N_NOT_IN && !n->quantified ? !yes : yes;
}

static bool there(struct eval *v, const struct node *n)
{
	const struct pkt *k = v->k;

	if (n->nranges > 0 || n->op == N_SLICE)
		return each(v, n, is_there, NULL);
	if (n->op == N_PROTO) {
		for (unsigned i = 0; i < k->nlayers; i++)
			if (k->layers[i].proto == n->proto)
				return true;
		return false;
	}
	for (u32 i = 0; i < k->nvals; i++)
		if (is_one_of(n, k->vals[i].field))
			return true;
	return false;
}

static bool test(struct eval *v, const struct node *n)
{
	bool odd = false;

	switch ((enum node_op)n->op) {
	case N_TRUE: return true;
	case N_AND:
		for (u32 i = 0; i < n->nkids; i++)
			if (!test(v, n->kid[i]))
				return false;
		return true;
	case N_OR:
		for (u32 i = 0; i < n->nkids; i++)
			if (test(v, n->kid[i]))
				return true;
		return false;
	case N_XOR:
		for (u32 i = 0; i < n->nkids; i++)
			odd ^= test(v, n->kid[i]);
		return odd;
	case N_NOT: return !test(v, n->kid[0]);
	case N_EXISTS: return there(v, n->kid[0]);
	case N_TRUTH: return each(v, n->kid[0], is_true, NULL);
	case N_CMP: return n->fast != FAST_NO ? scan(v->k, n) : relation(v, n, left_side);
	case N_CONTAINS: return relation(v, n, left_side);
	case N_MATCHES: return relation(v, n, left_matches);
	case N_IN:
	case N_NOT_IN: return membership(v, n);
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
	case N_FUNC:
	case N_SPAN: break;
	}
	return false;
}

bool filter_match(const struct filter *f, const struct pkt *k)
{
	struct eval v = { .k = k, .steps = STEPS };
	bool yes;

	arena_init(&v.scratch);
	yes = test(&v, f->root) && v.steps > 0;
	arena_fini(&v.scratch);
	return yes;
}
