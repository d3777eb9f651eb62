/* What the parts of the deck share: deck.c has its life, input and drawing, ops.c what commands ask
 * of it. */
#ifndef APP_INSIDE_H
#define APP_INSIDE_H

#include "app/deck.h"
#include "cmd/deck.h"
#include "term/prompt.h"
#include "ui/layout.h"
#include "ui/overlay.h"
#include "ui/pane.h"

#include <pthread.h>

enum { MAX_PANES = LAYOUT_PANES, MAX_THEMES = 16 };

/* Work in a thread that a command started. One at a time. */
struct job {
	pthread_t thread;
	bool running;	       /* thread is to be joined */
	_Atomic bool finished; /* the thread is done with everything below */
	_Atomic bool stop;
	char *what;
	void (*run)(void *arg, _Atomic bool *stop, struct err *out);
	void *arg;
	struct err said;
};

struct deck {
	struct world world;
	struct deck_host host;
	struct pane *pane[MAX_PANES];
	int npanes;
	const char *pane_name[MAX_PANES + 3];
	const char *theme_name[MAX_THEMES + 1];
	size_t theme_at;
	struct layout layout;
	struct layout_view view;
	struct layout_edge drag;
	struct keymap keys;
	struct overlay overlay;
	struct prompt *prompt;
	struct grid grid;
	const struct theme *theme;
	char *layout_file;
	struct err
		typed; /* what is wrong with the filter under the cursor; at -1 where nothing is */
	struct job job;
	struct sink out;
	bool dirty;
};

/* What cmd/deck.h promises to commands; their arg is the deck. */
extern const struct deck_ops deck_ops;

/* The playing clock. */
ns_t deck_now(const struct deck *d);

/* The pane that has the keys. */
struct pane *deck_focused(const struct deck *d);

/* Does what a pane wished; `what` is the verb it was asked for, NULL for a mouse. */
void deck_wish(struct deck *d, const struct wish *w, const char *what);

/* Lays the panes out as at the first time. */
void deck_make_layout(struct deck *d);

/* Takes the result of a job that has ended; waits for it where `wait`. True where something was
 * said. */
bool deck_job_collect(struct deck *d, bool wait);

#endif
