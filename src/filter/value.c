/* Computing and comparing values. */
#include "filter/node.h"

#include <string.h>

/* ---- numbers ---- */

/* As in Wireshark 4.0 a number is unsigned until a subtraction or a sign makes it negative, and
 * what does not fit the width of the fields has no result. */
static bool fits_unsigned(unsigned bits, u64 v)
{
	return bits == 64 || v <= UINT32_MAX;
}

static bool fits_signed(unsigned bits, i64 v)
{
	return bits == 64 || (v >= INT32_MIN && v <= INT32_MAX);
}

static bool arith_unsigned(enum node_op op, unsigned bits, u64 a, u64 b, struct fv *out)
{
	u64 r = 0;
	i64 s;

	if (op == N_SUB && b > a) {
		out->kind = V_INT;
		if (b - a > INT64_MAX)
			return false;
		s = -(i64)(b - a);
		out->i = s;
		return fits_signed(bits, s);
	}
	if (op == N_ADD	  ? __builtin_add_overflow(a, b, &r)
	    : op == N_SUB ? __builtin_sub_overflow(a, b, &r)
	    : op == N_MUL ? __builtin_mul_overflow(a, b, &r)
			  : b == 0)
		return false;
	if (op == N_DIV)
		r = a / b;
	else if (op == N_MOD)
		r = a % b;
	out->kind = V_UINT;
	out->u = r;
	return fits_unsigned(bits, r);
}

static bool arith_signed(enum node_op op, unsigned bits, i64 a, i64 b, struct fv *out)
{
	i64 r = 0;

	if (op == N_ADD	  ? __builtin_add_overflow(a, b, &r)
	    : op == N_SUB ? __builtin_sub_overflow(a, b, &r)
	    : op == N_MUL ? __builtin_mul_overflow(a, b, &r)
			  : b == 0 || (b == -1 && a == INT64_MIN))
		return false;
	if (op == N_DIV)
		r = a / b;
	else if (op == N_MOD)
		r = a % b;
	out->kind = V_INT;
	out->i = r;
	return fits_signed(bits, r);
}

static bool arith_float(enum node_op op, double a, double b, struct fv *out)
{
	out->kind = V_FLOAT;
	if (op == N_DIV && !(b < 0 || b > 0))
		return false;
	out->f = op == N_ADD ? a + b : op == N_SUB ? a - b : op == N_MUL ? a * b : a / b;
	return true;
}

static bool arith_number(enum node_op op, unsigned bits, const struct fv *a, const struct fv *b,
			 struct fv *out)
{
	if (op == N_BITAND) {
		out->kind = a->kind;
		out->u = a->u & b->u;
		if (bits == 32 && a->kind == V_UINT)
			out->u &= UINT32_MAX;
		return true;
	}
	if (a->kind != V_INT)
		return (b->kind != V_INT || b->i >= 0) && arith_unsigned(op, bits, a->u, b->u, out);
	return (b->kind == V_INT || b->u <= INT64_MAX) && arith_signed(op, bits, a->i, b->i, out);
}

/* a & b byte by byte, as long as the shorter of the two. */
static bool and_bytes(const struct fv *a, const struct fv *b, struct fv *out, struct arena *scratch)
{
	u32 n = MIN(a->n, b->n);
	u8 *p = arena_alloc(scratch, n + 1);

	for (u32 i = 0; i < n; i++)
		p[i] = a->p[i] & b->p[i];
	*out = *a;
	out->p = p;
	out->n = out->hdr = n;
	return true;
}

bool arith(enum node_op op, unsigned bits, const struct fv *a, const struct fv *b, struct fv *out,
	   struct arena *scratch)
{
	*out = (struct fv) { .kind = a->kind };
	switch ((enum vkind)a->kind) {
	case V_UINT:
	case V_INT:
	case V_BOOL: return arith_number(op, bits, a, b, out);
	case V_REL:
		return op == N_ADD ? !__builtin_add_overflow(a->i, b->i, &out->i)
				   : !__builtin_sub_overflow(a->i, b->i, &out->i);
	case V_FLOAT: return arith_float(op, a->f, b->f, out);
	case V_IP4:
		out->u = a->u & b->u;
		out->mask = UINT32_MAX;
		return true;
	case V_IP6:
	case V_BYTES:
	case V_PROTO: return and_bytes(a, b, out, scratch);
	case V_NONE:
	case V_STR:
	case V_ABS: break;
	}
	return false;
}

bool negate(const struct fv *a, struct fv *out)
{
	*out = *a;
	switch ((enum vkind)a->kind) {
	case V_UINT:
		out->kind = V_INT;
		out->i = (i64)(0 - a->u);
		return a->u <= (u64)INT64_MAX + 1;
	case V_INT:
	case V_REL: return !__builtin_sub_overflow((i64)0, a->i, &out->i);
	case V_FLOAT: out->f = -a->f; return true;
	case V_NONE:
	case V_BOOL:
	case V_IP4:
	case V_IP6:
	case V_BYTES:
	case V_PROTO:
	case V_STR:
	case V_ABS: break;
	}
	return false;
}

/* ---- order ---- */

enum order { LESS = -1, SAME, MORE, NO_ORDER };

static enum order order_unsigned(u64 a, u64 b)
{
	return a < b ? LESS : a > b ? MORE : SAME;
}

static enum order order_signed(i64 a, i64 b)
{
	return a < b ? LESS : a > b ? MORE : SAME;
}

/* The right side is taken as what the left is; where that cannot be, neither is greater. */
static enum order order_numbers(const struct fv *a, const struct fv *b)
{
	if (a->kind == V_INT)
		return b->kind != V_INT && b->u > INT64_MAX ? NO_ORDER : order_signed(a->i, b->i);
	return b->kind == V_INT && b->i < 0 ? NO_ORDER : order_unsigned(a->u, b->u);
}

static enum order order_memory(const void *a, const void *b, size_t n)
{
	int r = n > 0 ? memcmp(a, b, n) : 0;

	return r < 0 ? LESS : r > 0 ? MORE : SAME;
}

/* Networks compare by the bits that both have. */
static enum order order_ip6(const struct fv *a, const struct fv *b)
{
	unsigned bits = MIN(a->prefix, b->prefix), whole = bits / 8;
	enum order o = order_memory(a->p, b->p, whole);
	u8 mask = (u8)(0xff00 >> bits % 8);

	return o != SAME || bits % 8 == 0 ? o
					  : order_unsigned(a->p[whole] & mask, b->p[whole] & mask);
}

static enum order order_text(const struct fv *a, const struct fv *b)
{
	enum order o = order_memory(a->p, b->p, MIN(a->n, b->n));

	return o != SAME ? o : order_unsigned(a->n, b->n);
}

/* Of two sequences of bytes the longer one is greater. */
static enum order order_bytes(const struct fv *a, const struct fv *b)
{
	return a->n != b->n ? order_unsigned(a->n, b->n) : order_memory(a->p, b->p, a->n);
}

static enum order order(const struct fv *a, const struct fv *b)
{
	switch ((enum vkind)a->kind) {
	case V_UINT:
	case V_INT:
	case V_BOOL: return order_numbers(a, b);
	case V_IP4: return order_unsigned(a->u & a->mask & b->mask, b->u & a->mask & b->mask);
	case V_IP6: return order_ip6(a, b);
	case V_BYTES:
	case V_PROTO: return order_bytes(a, b);
	case V_STR: return order_text(a, b);
	case V_ABS:
	case V_REL: return order_signed(a->i, b->i);
	case V_FLOAT:
		return a->f < b->f ? LESS : a->f > b->f ? MORE : a->f >= b->f ? SAME : NO_ORDER;
	case V_NONE: break;
	}
	return NO_ORDER;
}

bool compare(enum cmp op, const struct fv *a, const struct fv *b)
{
	enum order o = order(a, b);

	switch (op) {
	case CMP_EQ: return o == SAME;
	case CMP_NE: return o != SAME;
	case CMP_GT: return o == MORE;
	case CMP_GE: return o == MORE || o == SAME;
	case CMP_LT: return o == LESS;
	case CMP_LE: return o == LESS || o == SAME;
	}
	return false;
}
