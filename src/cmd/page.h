/* A page to draw on, as SVG, PDF or PNG. page.c is the one file that knows the drawing library.
 * Coordinates are points (pixels in a PNG) from the top left corner; colours are 0xRRGGBB. */
#ifndef CMD_PAGE_H
#define CMD_PAGE_H

#include "base/err.h"
#include "base/types.h"

enum page_kind { PAGE_SVG, PAGE_PDF, PAGE_PNG };

struct page;

/* A white page whose bytes go to `fd`. NULL with one sentence; one of them tells what to install
 * where tapdeck was built without the library. */
struct page *page_new(enum page_kind kind, double w, double h, int fd, struct err *e);
/* Writes what is left and frees the page. -1 with a sentence where anything failed. */
int page_close(struct page *p, struct err *e);

/* How lines and text look from now on. */
void page_pen(struct page *p, u32 color, double width);
void page_dash(struct page *p, double on, double off); /* 0, 0: none */

/* Lines are gathered and drawn by page_stroke(), all in one. */
void page_move(struct page *p, double x, double y);
void page_to(struct page *p, double x, double y);
void page_stroke(struct page *p);
/* The same, closed and filled with the pen's colour. */
void page_fill(struct page *p);
void page_rect(struct page *p, double x, double y, double w, double h, u32 color, double alpha);

/* Only what lies inside is drawn, until page_unclip(). */
void page_clip(struct page *p, double x, double y, double w, double h);
void page_unclip(struct page *p);

enum page_align { AT_LEFT, AT_MIDDLE, AT_RIGHT };
/* One line of text on the baseline y; UTF-8, what is not is escaped. */
void page_text(struct page *p, double x, double y, enum page_align align, double size, bool bold,
	       const char *text);
/* The same, running upwards. */
void page_text_up(struct page *p, double x, double y, double size, const char *text);
double page_text_width(struct page *p, double size, bool bold, const char *text);

#endif
