/* A page of text over the panes, in a frame, scrollable: help, answers, long messages. */
#ifndef UI_OVERLAY_H
#define UI_OVERLAY_H

#include "base/txt.h"
#include "base/types.h"
#include "ui/canvas.h"
#include "ui/key.h"
#include "ui/list.h"

enum { OVERLAY_LINKS = 9 };

struct overlay {
	bool open;
	bool help; /* lines flush left are headings; indented ones begin with a key */
	struct txt title, text;
	u64 link[OVERLAY_LINKS]; /* packets that the text names by "[1]" and so on */
	int links;
	struct list list;   /* of broken lines */
	int w;		    /* that they were broken for */
	struct canvas area; /* where it was drawn, for the mouse */
};

void overlay_init(struct overlay *o);
void overlay_fini(struct overlay *o);

/* Opens it on a copy of the text, at its first line. */
void overlay_show(struct overlay *o, const char *title, const char *text, size_t n, bool help);

/* Gives what was just opened its links. */
void overlay_link(struct overlay *o, const u64 *packets, int n);
/* Whether a key is the number of a link: closes it and says the packet. */
bool overlay_follow(struct overlay *o, u32 key, u64 *packet);

/* Draws it in the middle of the screen, as large as the text needs and the screen allows. Does
 * nothing when closed. */
void overlay_draw(struct overlay *o, const struct canvas *screen);

/* Scrolls; any key that does not scroll closes it. True where the key was for it: always while it
 * is open. */
bool overlay_key(struct overlay *o, u32 key);
/* The wheel scrolls, a press outside closes. Coordinates of the screen. */
bool overlay_mouse(struct overlay *o, const struct mouse *m);

#endif
