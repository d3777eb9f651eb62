/* What only the screen can do, as commands ask for it. The deck implements it; at the shell it is
 * not there. */
#ifndef CMD_DECK_H
#define CMD_DECK_H

#include "base/err.h"
#include "base/types.h"

struct task;

/* `arg` is ctx.deck_arg. All but the plain ones return 0, or -1 with a sentence. */
struct deck_ops {
	ns_t (*clock)(void *arg); /* the clock that playing runs by */
	/* A pane by name, or "next", "previous". */
	int (*focus)(void *arg, const char *pane, struct err *e);
	int (*zoom)(void *arg, const char *pane,
		    struct err *e); /* NULL: the focused one; again: back */
	int (*show)(void *arg, const char *pane, bool on, struct err *e);
	int (*grow)(void *arg, int dw, int dh, struct err *e);
	int (*reset_layout)(void *arg, struct err *e);
	int (*theme)(void *arg, const char *name, struct err *e);     /* NULL: the next one */
	int (*charset)(void *arg, const char *name, struct err *e);   /* "utf-8", "ascii" */
	int (*edit_mode)(void *arg, const char *name, struct err *e); /* "emacs", "vi" */
	int (*bind)(void *arg, const char *pane, const char *key, const char *line, struct err *e);
	int (*unbind)(void *arg, const char *pane, const char *key, struct err *e);
	int (*act)(void *arg, const char *verb, struct err *e); /* a verb of the focused pane */
	void (*keys)(void *arg);				/* the help page of keys */
	/* A page of text to read. */
	void (*page)(void *arg, const char *title, const char *text, size_t n);
	/* The same with headings and labels, and packets (from 0) that its "[1]" and so on stand
	 * for. */
	void (*page_of_links)(void *arg, const char *title, const char *text, size_t n,
			      const u64 *packets, int npackets);
	int (*copy)(void *arg, const char *text, size_t n, struct err *e);
	void (*prompt)(void *arg, const char *text); /* opens the prompt with text in it */
	void (*redraw)(void *arg);
	void (*suspend)(void *arg);
	/* Begins a task and owns it then: one at a time, so ask idle() before. Returns the exit
	 * status where it was done in the blink of an eye, 0 where it goes on. */
	int (*start)(void *arg, const struct task *t, struct err *e);
	int (*idle)(void *arg, struct err *e);	 /* -1 while a task is under way */
	int (*cancel)(void *arg, struct err *e); /* ends it soon; -1 where there is none */
};

#endif
