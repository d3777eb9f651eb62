/* The columns of the packet list: how wide each is, which give way on a narrow screen, and how one
 * packet is drawn in them. */
#ifndef UI_COLUMNS_H
#define UI_COLUMNS_H

#include "tape/world.h"
#include "ui/canvas.h"

#define COLUMNS_MAX 24 /* columns that are drawn; more find no room anyway */

/* The widest contents seen so far, in list order. They only grow (until columns_reset), so that
 * nothing jumps while a person scrolls. */
struct columns {
	int seen[COLUMNS_MAX];	    /* as far as that is asked for */
	int seen_bare[COLUMNS_MAX]; /* network addresses without ports */
	int seen_mac[COLUMNS_MAX];  /* Ethernet addresses, where there is nothing above them */
};

/* One column as it is drawn. */
struct column_fit {
	int w;	      /* 0: no room for it */
	bool brief;   /* addresses without ports */
	int decimals; /* of a time */
};

void columns_reset(struct columns *c);
/* Takes note of a packet that will be on the screen. */
void columns_see(struct columns *c, const struct world *w, const struct pkt *k);
/* Shares out `width` cells among the world's columns; fit has COLUMNS_MAX elements. Returns how
 * many of them count. */
size_t columns_fit(const struct columns *c, const struct world *w, int width,
		   struct column_fit *fit);

/* The titles, and one packet. `style` is what its addresses are drawn in, `base` all the rest. */
void columns_head(const struct world *w, const struct column_fit *fit, size_t n,
		  const struct canvas *c, int x, int y);
void columns_draw(const struct world *w, const struct column_fit *fit, size_t n,
		  const struct canvas *c, int x, int y, const struct pkt *k, enum style base,
		  enum style style);

#endif
