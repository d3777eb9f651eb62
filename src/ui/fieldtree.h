/* The layers and fields of one packet as rows with fold marks: what a tree shows, which bytes a row
 * stands for, and how the chosen row is found again in the next packet. */
#ifndef UI_FIELDTREE_H
#define UI_FIELDTREE_H

#include "base/txt.h"
#include "base/vec.h"
#include "packet/pkt.h"

enum tree_kind { TREE_LAYER, TREE_VALUE, TREE_MARK };

struct tree_row {
	u8 kind;    /* enum tree_kind */
	u8 layer;   /* index into pkt.layers */
	u8 depth;   /* 0 for a layer */
	bool folds; /* has rows below it */
	bool open;
	u16 key;      /* a field's registry number, or FIELD_END - 1 - a protocol's */
	u32 i;	      /* into pkt.vals or pkt.mark */
	u32 off, len; /* its bytes in the frame; len 0 where it has none */
};
struct tree_rows {
	VEC(struct tree_row) rows;
};

/* What a person folded and unfolded, by protocol and field: it holds for all packets. All zero:
 * the innermost protocol and plain headings are open, all else is folded. */
struct folds {
	int all; /* 1 everything open, -1 all folded, 0 as said above */
	VEC(struct {
		u16 key;
		bool open;
	})
	list;
};

/* A row that is remembered from packet to packet: the nth field or layer of its kind. */
struct tree_place {
	bool set;
	u16 key, nth;
};

void folds_fini(struct folds *f);
void folds_set(struct folds *f, u16 key, bool open);
/* Everything open (1), all folded (-1); forgets single choices. */
void folds_all(struct folds *f, int all);

/* Fills out with the rows of k that are to be seen; out's memory is reused. */
void tree_build(struct tree_rows *out, const struct pkt *k, const struct folds *f);
void tree_fini(struct tree_rows *t);

/* The line of a row, without indent and fold mark. */
void tree_put(struct txt *t, const struct pkt *k, const struct tree_row *r);
/* The name to filter by: "tcp.srcport", "tcp"; "" for a mark. */
const char *tree_name(const struct tree_row *r);
/* A display filter that passes packets with the row's value; false (nothing appended) for a mark.
 */
bool tree_filter(struct txt *t, const struct pkt *k, const struct tree_row *r);
/* The bare value, for copying: as `-T fields` writes it; of a layer and of a mark its line. */
void tree_value(struct txt *t, const struct pkt *k, const struct tree_row *r);

/* Remembers a row, and finds it in another packet: itself, else the row of its layer, else the
 * innermost layer's. */
struct tree_place tree_remember(const struct pkt *k, const struct tree_row *r);
size_t tree_find(const struct tree_rows *t, const struct pkt *k, const struct tree_place *place);
/* The row that says most about a byte: the smallest field around it that is to be seen. -1: none.
 */
i64 tree_at_byte(const struct tree_rows *t, u32 off);
/* The row that a row lies under; the row itself for a layer. */
size_t tree_parent(const struct tree_rows *t, size_t row);

#endif
