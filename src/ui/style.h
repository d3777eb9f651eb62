/* What a piece of text means, never what it looks like: the theme turns a style and a shade into
 * colours. */
#ifndef UI_STYLE_H
#define UI_STYLE_H

#include "base/types.h"

/* X(NAME, letter in style dumps, name in theme files, meaning) */
#define STYLE_LIST(X)                                                                         \
	X(DEFAULT, ' ', "default", "plain text")                                              \
	X(DIM, 'd', "dim", "what matters less: units, punctuation, what is quiet")            \
	X(STRONG, 's', "strong", "a figure or word to find at a glance")                      \
	X(BORDER, 'b', "border", "the frame of a pane and rules inside it")                   \
	X(FOCUS, 'f', "focus", "the frame of the pane that has the keys")                     \
	X(TITLE, 't', "title", "the title of a pane, the head of a table or help")            \
	X(BAR, 'k', "bar", "the time bar's line and the status line")                         \
	X(TAB, 'i', "tab", "a tab that is not shown")                                         \
	X(TAB_ON, 'j', "tab-on", "the tab that is shown")                                     \
	X(KEY, 'h', "key", "the name of a key in hints and help")                             \
	X(PROMPT, 'p', "prompt", "the prompt's label")                                        \
	X(FWD, '>', "fwd", "direction a to b of a link or conversation")                      \
	X(REV, '<', "rev", "direction b to a")                                                \
	X(LOSS, 'x', "loss", "lost, dropped, damaged")                                        \
	X(RETRANS, 'r', "retrans", "sent again")                                              \
	X(STATE, 'e', "state", "a state of TCP, and where it changes")                        \
	X(GRAPH, 'g', "graph", "a graph with no direction of its own")                        \
	X(FIELD, 'y', "field", "the bytes and the line of the chosen field")                  \
	X(MARK, 'm', "mark", "a mark set by the user")                                        \
	X(ERROR, '!', "error", "what went wrong")                                             \
	X(WARN, 'w', "warn", "what the user should know: a cap was hit, packets were missed") \
	X(OK, 'o', "ok", "a check that passed")

enum style {
#define STYLE_ENUM(NAME, letter, name, about) STYLE_##NAME,
	STYLE_LIST(STYLE_ENUM)
#undef STYLE_ENUM
};
#define N_STYLES (STYLE_OK + 1)

/* What lies over the text of a row or a part of it; bits, laid on after drawing with
 * canvas_shade(). The letter is what canvas_dump_styles() writes for it (the strongest one wins).
 */
enum shade {
	SHADE_DIM = 1,	    /* '-' after the playhead: not yet happened */
	SHADE_SELECT = 2,   /* 'S' inside a selected range */
	SHADE_CURSOR = 4,   /* 'C' the chosen row of a list that has the keys */
	SHADE_PLAYHEAD = 8, /* 'P' the packet at the playhead, lit in every pane at once */
	SHADE_MATCH = 16,   /* 'M' found by search */
};
#define N_SHADES 32

#endif
