/* The deck on the terminal. */
#ifndef APP_LOOP_H
#define APP_LOOP_H

#include "cmd/command.h"

/* Opens the deck on the terminal and runs it until it is left. Returns the exit status; e says why
 * where it is not 0. */
int loop_run(const struct deck_args *a, struct err *e);

#endif
