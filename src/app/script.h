/* The deck off the screen: keys and commands from a file, pictures of the grid as text. What golden
 * screens are made with. */
#ifndef APP_SCRIPT_H
#define APP_SCRIPT_H

#include "cmd/command.h"

/* Runs a->script on a fresh deck with its own clock, which begins at 0 and moves only by the
 *script; no configuration and no state of earlier runs is read. Output goes to out. Returns the
 *exit status; e says why where it is not 0.
 *
 * A script is lines of:
 *	key NAME...	presses keys ("n", "Space", "C-r", "F5")
 *	type TEXT	presses the keys of a text, then nothing
 *	paste TEXT	pastes
 *	cmd LINE	runs a command line, as typed at the prompt
 *	click X Y	presses and releases the left button (wheel-up X Y, wheel-down X Y, drag X Y
 *likewise) tick SPAN	lets time pass: "500ms" size WxH	resizes the screen wait
 *until the tape is indexed and filter and search are worked out dump		writes the screen
 *	styles		writes the screen's style letters
 *	ansi		writes the screen with colours
 *	clip		writes what was copied last
 *	# comment */
int script_run(const struct deck_args *a, struct sink *out, struct err *e);

#endif
