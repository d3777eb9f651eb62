/* The terminal: a grid goes out with the least that has changed, events come in, and whatever
 * happens the terminal is left as it was found. Only one at a time. */
#ifndef TERM_SCREEN_H
#define TERM_SCREEN_H

#include "base/err.h"
#include "base/types.h"
#include "ui/canvas.h"
#include "ui/key.h"
#include "ui/theme.h"

#define SCREEN_FRAME (33 * NS_PER_MS) /* no redraw sooner after the last */
#define SCREEN_COPY_MAX 74000	      /* bytes that terminals take by OSC 52 */

struct screen;

enum screen_charset { CHARSET_LOCALE, CHARSET_ASCII, CHARSET_UTF8 };

struct screen_config {
	const struct theme *theme;
	enum screen_charset charset; /* CHARSET_LOCALE: what LC_CTYPE says */
	bool no_mouse;
};

/* Takes the terminal on standard input and output over. Reads TERM, COLORTERM, NO_COLOR, TMUX. NULL
 * with a sentence where they are no terminal or one that cannot place a cursor. */
struct screen *screen_new(const struct screen_config *config, struct err *e);
/* Gives the terminal back as it was. */
void screen_free(struct screen *s);

void screen_size(const struct screen *s, int *w, int *h);
/* True where only ASCII can be shown: for grid_init(). */
bool screen_ascii(const struct screen *s);
void screen_set_theme(struct screen *s, const struct theme *theme);

/* How long until the next push may happen: 0 for now, else ns. Looks at the pace and at whether the
 * terminal has taken what it was sent. `now` is CLOCK_MONOTONIC, as below. */
ns_t screen_push_wait(const struct screen *s, ns_t now);
/* Shows a grid of the screen's size (one of another size is cut or filled with blanks). */
void screen_push(struct screen *s, const struct grid *g, ns_t now);

/* What to poll for reading before screen_event(): input, and the signals that were caught. */
int screen_input_fd(const struct screen *s);
int screen_signal_fd(const struct screen *s);
/* ns until screen_event() has something by waiting alone (a lone Esc), -1 for never. */
ns_t screen_event_wait(const struct screen *s, ns_t now);
/* The next event; false where there is none. Never blocks, except while suspended. SIGTSTP, SIGCONT
 * and SIGWINCH are dealt with here and come out as EVENT_RESIZE; SIGTERM, SIGHUP, SIGINT and a lost
 * terminal as EVENT_END. Who does not come for an EVENT_END within five seconds is ended, with the
 * terminal restored. */
bool screen_event(struct screen *s, ns_t now, struct event *ev);

/* Stops the program as C-z does, terminal restored; returns when it is continued. */
void screen_suspend(struct screen *s);

/* Copies to the clipboard of the terminal, also through tmux (OSC 52). -1 with a sentence where it
 * is too much or the terminal is known not to take it; that it was taken cannot be known. */
int screen_copy(struct screen *s, const char *text, size_t n, struct err *e);
/* The title of the terminal's window; "" for the one that was there before. */
void screen_title(struct screen *s, const char *text);

#endif
