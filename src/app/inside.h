/* What the parts of the deck share: deck.c has its life, input and drawing, ops.c what commands ask
 * of it, job.c their work in a thread. */
#ifndef APP_INSIDE_H
#define APP_INSIDE_H

#include "app/deck.h"
#include "cmd/deck.h"
#include "cmd/task.h"
#include "term/prompt.h"
#include "ui/layout.h"
#include "ui/overlay.h"
#include "ui/pane.h"

#include <pthread.h>

enum { MAX_PANES = LAYOUT_PANES, MAX_THEMES = 16 };

/* What one task may print into the console, which keeps CONSOLE_CAP lines. */
enum { JOB_LINES = 8000, JOB_BYTES = 8 << 20 };

/* A task and its thread. One at a time. */
struct job {
	pthread_t thread;
	bool running;	       /* the thread is to be joined */
	_Atomic bool finished; /* it is done with everything but the lock */
	struct task task;
	struct progress progress;
	int status;
	struct err said;
	struct sink out; /* the thread's */
	bool full;	 /* it printed more than is shown */
	pthread_mutex_t lock;
	struct txt ready;  /* behind the lock: what the console did not take yet */
	u64 lines, bytes;  /* behind the lock: printed so far */
	u64 shown;	   /* lines that the console took */
	char telling[200]; /* what the status line says of it */
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
	int wrong_at; /* byte of the last command line that is wrong, -1: none, or no place */
	struct job job;
	struct sink out;
	bool dirty;
};

/* What cmd/deck.h promises to commands; their arg is the deck. */
extern const struct deck_ops deck_ops;

/* Of deck_ops, in job.c. */
int job_start(void *deck, const struct task *t, struct err *e);
int job_idle(void *deck, struct err *e);
int job_cancel(void *deck, struct err *e);

/* The playing clock. */
ns_t deck_now(const struct deck *d);

/* The pane that has the keys. */
struct pane *deck_focused(const struct deck *d);

/* Does what a pane wished; `what` is the verb it was asked for, NULL for a mouse. */
void deck_wish(struct deck *d, const struct wish *w, const char *what);

/* Lays the panes out as at the first time. */
void deck_make_layout(struct deck *d);

/* Takes over what the job has printed, tells its progress, and its result when it has ended; waits
 * for that where `wait`. True where something is shown by it. */
bool deck_job_update(struct deck *d, bool wait);

/* What a command runs in. */
struct ctx deck_ctx(struct deck *d);

/* Where the console is not in view: says that `lines` have come there. */
void deck_tell_lines(struct deck *d, u64 lines);

#endif
