/* The deck: world, panes, keys, prompt and grid in one place, without a terminal. The loop feeds it
 * keys and shows its grid; a script does the same off the screen. */
#ifndef APP_DECK_H
#define APP_DECK_H

#include "base/err.h"
#include "cmd/command.h"
#include "tape/world.h"
#include "ui/canvas.h"
#include "ui/key.h"
#include "ui/theme.h"

struct deck;

/* What the deck asks of whoever shows it. All may be NULL. */
struct deck_host {
	ns_t (*clock)(void *arg);
	int (*copy)(void *arg, const char *text, size_t n, struct err *e);
	void (*redraw)(void *arg);
	void (*suspend)(void *arg);
	void (*look)(void *arg); /* theme or charset changed: ask deck_theme() */
	void *arg;
};

struct deck_config {
	const char *state_dir; /* history and layout are kept here; NULL: nowhere */
	bool ascii;
};

/* A deck of w x h cells. NULL with a sentence where there is no pseudo-terminal for the prompt. */
struct deck *deck_new(const struct deck_config *config, const struct deck_host *host, int w, int h,
		      struct err *e);
/* Keeps the layout and gives everything back. */
void deck_free(struct deck *d);

struct world *deck_world(struct deck *d);
const struct theme *deck_theme(const struct deck *d);

/* Runs the lines of a configuration file: the first wrong line is told as "FILE:LINE: sentence" in
 * the status line. A missing file is no error. */
void deck_source(struct deck *d, const char *path);
/* Opens what the shell asked for: theme, filter, file, commands. -1 with a sentence: there is no
 * deck to show. */
int deck_begin(struct deck *d, const struct deck_args *a, struct err *e);
/* Runs one command line, its output on the console. */
void deck_command(struct deck *d, const char *line);

/* Input. */
void deck_key(struct deck *d, u32 key);
void deck_mouse(struct deck *d, const struct mouse *m);
void deck_paste(struct deck *d, const char *text, size_t n);
void deck_resize(struct deck *d, int w, int h);

/* Takes the world's snapshot; true where it must be drawn again (also after input). */
bool deck_update(struct deck *d);
/* Wall time until something moves by itself, -1 for never. */
ns_t deck_due(const struct deck *d);
/* Is a job of a command still under way? */
bool deck_busy(const struct deck *d);
/* Are threads at work whose results only deck_update() finds? Then call it now and then. */
bool deck_working(const struct deck *d);
void deck_set_ascii(struct deck *d, bool ascii);
/* Draws; the grid is the deck's. */
struct grid *deck_draw(struct deck *d);

#endif
