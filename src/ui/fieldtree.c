/* The layers and fields of one packet as rows with fold marks. */
#include "ui/fieldtree.h"

#include "packet/registry.h"
#include "packet/show.h"

static u16 proto_key(u16 proto)
{
	return (u16)(FIELD_END - 1 - proto);
}

void folds_fini(struct folds *f)
{
	VEC_FREE(&f->list);
}

void folds_set(struct folds *f, u16 key, bool open)
{
	for (size_t i = 0; i < f->list.n; i++) {
		if (f->list.v[i].key == key) {
			f->list.v[i].open = open;
			return;
		}
	}
	VEC_RESERVE(&f->list, f->list.n + 1);
	f->list.v[f->list.n].key = key;
	f->list.v[f->list.n++].open = open;
}

void folds_all(struct folds *f, int all)
{
	f->all = all;
	f->list.n = 0;
}

static bool is_open(const struct folds *f, u16 key, bool usual)
{
	for (size_t i = 0; i < f->list.n; i++)
		if (f->list.v[i].key == key)
			return f->list.v[i].open;
	return f->all != 0 ? f->all > 0 : usual;
}

/* The layer that speaks for the packet: the innermost one with an info line. */
static unsigned speaker(const struct pkt *k)
{
	for (unsigned i = k->nlayers; i-- > 0;)
		if (proto_get(k->layers[i].proto)->info != NULL)
			return i;
	return 0;
}

/* The values of one layer below its row; deeper ones only where what is above them is open. */
static void add_values(struct tree_rows *out, const struct pkt *k, unsigned layer,
		       const struct folds *f)
{
	struct tree_row *above = NULL;
	unsigned hidden = UINT32_MAX; /* values at this depth and deeper are folded away */
	unsigned last = 0;

	for (u32 j = k->layers[layer].vals; j < k->nvals; j++) {
		const struct val *v = &k->vals[j];

		if (v->layer != layer)
			continue;
		if (v->depth > last && above != NULL && above->depth == last + 1u) {
			const struct field *fl = field_get(above->key);

			above->folds = true;
			above->open = is_open(f, above->key, fl->type == FT_NONE);
			if (!above->open)
				hidden = v->depth;
		}
		last = v->depth;
		above = NULL;
		if (v->depth >= hidden)
			continue;
		hidden = UINT32_MAX;
		above = VEC_PUSH(&out->rows);
		*above = (struct tree_row) {
			.kind = TREE_VALUE,
			.layer = (u8)layer,
			.depth = (u8)(v->depth + 1),
			.key = v->field,
			.i = j,
			.off = v->off,
			.len = v->len,
		};
	}
}

static void add_marks(struct tree_rows *out, const struct pkt *k, unsigned layer)
{
	for (u32 i = 0; i < k->nmarks; i++)
		if (k->mark[i].layer == layer)
			*VEC_PUSH(&out->rows) = (struct tree_row) {
				.kind = TREE_MARK,
				.layer = (u8)layer,
				.depth = 1,
				.key = FIELD_END,
				.i = i,
				.off = k->mark[i].off,
			};
}

void tree_build(struct tree_rows *out, const struct pkt *k, const struct folds *f)
{
	unsigned open = speaker(k);

	out->rows.n = 0;
	for (unsigned i = 0; i < k->nlayers; i++) {
		const struct layer *l = &k->layers[i];
		size_t at = out->rows.n;

		*VEC_PUSH(&out->rows) = (struct tree_row) {
			.kind = TREE_LAYER,
			.layer = (u8)i,
			.folds = true,
			.open = is_open(f, proto_key(l->proto), i == open),
			.key = proto_key(l->proto),
			.i = i,
			.off = l->off,
			.len = l->len,
		};
		if (out->rows.v[at].open)
			add_values(out, k, i, f);
		add_marks(out, k, i); /* what is wrong is never folded away */
	}
}

void tree_fini(struct tree_rows *t)
{
	VEC_FREE(&t->rows);
}

void tree_put(struct txt *t, const struct pkt *k, const struct tree_row *r)
{
	switch ((enum tree_kind)r->kind) {
	case TREE_LAYER: show_layer(t, k, &k->layers[r->i]); break;
	case TREE_VALUE: show_tree(t, k, &k->vals[r->i]); break;
	case TREE_MARK:
		txt_puts(t, mark_name((enum mark)k->mark[r->i].kind));
		txt_puts(t, ": ");
		txt_puts(t, k->mark[r->i].text);
		break;
	}
}

const char *tree_name(const struct tree_row *r)
{
	switch ((enum tree_kind)r->kind) {
	case TREE_LAYER: return proto_get(FIELD_END - 1u - r->key)->name;
	case TREE_VALUE: return field_get(r->key)->name;
	case TREE_MARK: break;
	}
	return "";
}

/* Text as the filter's language quotes it. */
static void put_quoted(struct txt *t, const u8 *p, u32 n)
{
	txt_putc(t, '"');
	for (u32 i = 0; i < n; i++) {
		if (p[i] == '"' || p[i] == '\\') {
			txt_putc(t, '\\');
			txt_putc(t, (char)p[i]);
		} else if (p[i] >= ' ' && p[i] < 0x7f) {
			txt_putc(t, (char)p[i]);
		} else {
			txt_puts(t, "\\x");
			txt_hex(t, p[i], 2);
		}
	}
	txt_putc(t, '"');
}

enum { FILTER_BYTES = 32 }; /* of a long value only its beginning is asked for */

bool tree_filter(struct txt *t, const struct pkt *k, const struct tree_row *r)
{
	const struct field *f;
	const struct val *v;
	u32 n;

	if (r->kind == TREE_MARK)
		return false;
	txt_puts(t, tree_name(r));
	if (r->kind == TREE_LAYER)
		return true;
	f = field_get(r->key);
	v = &k->vals[r->i];
	if (f->type == FT_NONE)
		return true;
	if (f->type == FT_BYTES || f->type == FT_STRING) {
		if (v->n == 0) /* nothing to compare with: that it is there */
			return true;
		n = MIN(v->n, (u32)FILTER_BYTES);
		if (n < v->n)
			txt_printf(t, "[0:%u]", n);
		txt_puts(t, " == ");
		if (f->type == FT_STRING)
			put_quoted(t, v->p, n);
		else
			txt_hexbytes(t, v->p, n, ':');
		return true;
	}
	txt_puts(t, " == ");
	if (f->type == FT_ABSTIME)
		txt_putc(t, '"');
	if (f->type == FT_BOOL)
		txt_putc(t, v->u ? '1' : '0');
	else
		show_value(t, k, v);
	if (f->type == FT_ABSTIME)
		txt_putc(t, '"');
	return true;
}

void tree_value(struct txt *t, const struct pkt *k, const struct tree_row *r)
{
	if (r->kind == TREE_VALUE && field_get(r->key)->type != FT_NONE)
		show_value(t, k, &k->vals[r->i]);
	else
		tree_put(t, k, r);
}

struct tree_place tree_remember(const struct pkt *k, const struct tree_row *r)
{
	struct tree_place p = { .set = true, .key = r->key };

	if (r->kind == TREE_VALUE) {
		for (u32 j = 0; j < r->i; j++)
			p.nth += k->vals[j].field == r->key;
	} else {
		p.key = proto_key(k->layers[r->layer].proto);
		for (u32 i = 0; i < r->layer; i++)
			p.nth += k->layers[i].proto == k->layers[r->layer].proto;
	}
	return p;
}

/* The nth value of a field, -1 where there are not so many. */
static i64 nth_val(const struct pkt *k, u16 field, unsigned nth)
{
	for (u32 j = 0; j < k->nvals; j++)
		if (k->vals[j].field == field && nth-- == 0)
			return j;
	return -1;
}

static i64 row_of(const struct tree_rows *t, enum tree_kind kind, i64 i)
{
	for (size_t r = 0; r < t->rows.n; r++)
		if (t->rows.v[r].kind == kind && t->rows.v[r].i == i)
			return (i64)r;
	return -1;
}

size_t tree_find(const struct tree_rows *t, const struct pkt *k, const struct tree_place *place)
{
	i64 row = -1, j;
	int layer = -1;
	unsigned proto;

	if (place->set && place->key < registry_nfields() && field_get(place->key) != NULL) {
		j = nth_val(k, place->key, place->nth);
		row = j < 0 ? -1 : row_of(t, TREE_VALUE, j);
		if (row >= 0)
			return (size_t)row;
		if (j >= 0) /* folded away */
			layer = k->vals[j].layer;
		proto = field_proto(place->key);
	} else {
		proto = FIELD_END - 1u - place->key;
	}
	if (place->set && layer < 0) {
		unsigned nth = place->nth, i;

		for (i = 0; i < k->nlayers; i++)
			if (k->layers[i].proto == proto) {
				layer = (int)i;
				if (nth-- == 0)
					break;
			}
	}
	row = row_of(t, TREE_LAYER, layer >= 0 ? layer : (int)speaker(k));
	return row < 0 ? 0 : (size_t)row;
}

i64 tree_at_byte(const struct tree_rows *t, u32 off)
{
	u32 best_len = UINT32_MAX;
	i64 best = -1;

	for (size_t r = 0; r < t->rows.n; r++) {
		const struct tree_row *row = &t->rows.v[r];

		if (row->kind != TREE_MARK && row->len > 0 && off >= row->off &&
		    off - row->off < row->len && row->len < best_len) {
			best = (i64)r;
			best_len = row->len;
		}
	}
	return best;
}

size_t tree_parent(const struct tree_rows *t, size_t row)
{
	u8 depth = t->rows.v[row].depth;

	while (row > 0 && t->rows.v[row].depth >= depth && depth > 0)
		row--;
	return row;
}
