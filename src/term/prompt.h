/* A line that the user edits: libedit as a coroutine. Keys go in, text and cursor come out, and the
 * deck draws them; the editor owns neither the screen nor the keyboard. One prompt a purpose
 * (commands, search), each with its own history.
 *
 * Make it before the screen (term/screen.h): libedit and curses share one idea of the current
 * terminal. */
#ifndef TERM_PROMPT_H
#define TERM_PROMPT_H

#include "base/err.h"
#include "base/types.h"
#include "base/vec.h"
#include "ui/canvas.h"

#define PROMPT_MAX 8000 /* characters in a line; what is pasted behind that is dropped */

struct prompt;

/* Words that fit at the cursor, in the order to show them. */
struct prompt_choice {
	char *word;
	char *note; /* what it is; may be NULL */
	char end; /* put behind the word where it is the only one: ' ', '/', '=' or 0 for nothing */
};
struct prompt_choices {
	VEC(struct prompt_choice) list;
};
void prompt_offer(struct prompt_choices *out, const char *word, const char *note, char end);

/* Offers what fits into `line` (UTF-8) at byte `cursor`; returns the byte where the word to replace
 * begins (0..cursor). */
typedef size_t prompt_complete_fn(void *arg, const char *line, size_t cursor,
				  struct prompt_choices *out);

struct prompt_config {
	const char *history_file; /* kept between runs; NULL for none. Folders above it are made. */
	bool vi;		  /* vi keys instead of emacs keys */
	prompt_complete_fn *complete; /* may be NULL */
	void *arg;
};

/* NULL with a sentence where there is no pseudo-terminal to be had. */
struct prompt *prompt_new(const struct prompt_config *config, struct err *e);
void prompt_free(struct prompt *p);
void prompt_set_vi(struct prompt *p, bool vi);

/* Begins a line; `label` stands before it, `text` is there already (may be ""). Ends a line that
 * was being edited. */
void prompt_start(struct prompt *p, const char *label, const char *text);

enum prompt_status {
	PROMPT_EDITING,
	PROMPT_DONE,	  /* prompt_line() is what was entered; it is in the history */
	PROMPT_CANCELLED, /* Esc, C-c, or C-d on an empty line */
};
/* One key (ui/key.h). Only while a line is being edited; else it says PROMPT_CANCELLED. */
enum prompt_status prompt_key(struct prompt *p, u32 key);
/* Pasted text: inserted as it is, line ends as blanks, other control characters left out; never
 * taken as keys. */
void prompt_paste(struct prompt *p, const char *text, size_t n);

bool prompt_active(const struct prompt *p);
/* The text being edited or just entered, UTF-8; valid until the next call. Look at it after every
 * key to check a filter while it is typed. */
const char *prompt_line(const struct prompt *p);
/* Where the cursor is in it, in bytes. */
size_t prompt_cursor(const struct prompt *p);
/* What Tab found and could not decide on; empty after any other key. */
const struct prompt_choices *prompt_choices(const struct prompt *p);

/* Draws label and text on row 0 of c, scrolled so that the cursor is in view, and puts the text
 * cursor there. While history is searched, the pattern stands in place of the label. Marks the byte
 * `bad` where it is not -1: the place of an error. */
void prompt_draw(const struct prompt *p, const struct canvas *c, int bad);

#endif
