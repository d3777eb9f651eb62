/* The lines around the panes: time at the top, hints and messages at the bottom. */
#ifndef APP_BARS_H
#define APP_BARS_H

#include "tape/world.h"
#include "ui/canvas.h"
#include "ui/keymap.h"

/* The time line: name, state, time, where we are on the tape with marks and losses, packet numbers,
 * speed. */
void bar_time(const struct canvas *c, const struct world *w);

/* The tape time at a column of the time bar's track as bar_time would draw it on a line of `width`
 * columns; false where the column is not on it. */
bool bar_time_at(const struct world *w, int width, int x, ns_t *ts);

/* The five most useful keys at this moment, and on the right the filter's state. */
void bar_hints(const struct canvas *c, const struct world *w, const struct keymap *keys,
	       const char *context);

/* The last line where no line is being edited: a message, or how to begin. */
void bar_message(const struct canvas *c, const struct world *w);

#endif
