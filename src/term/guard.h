/* Leaves the terminal sane when the program ends in a way nobody planned, and turns signals into
 * bytes on a pipe. */
#ifndef TERM_GUARD_H
#define TERM_GUARD_H

#include "base/types.h"

#include <termios.h>

/* Installs the handlers. `reset` (kept, not copied) is what puts the terminal of fd back, `modes`
 * how it was. Signals to end, stop, continue and resize become bytes on the pipe; crashes restore
 * the terminal first and then take their course, and so does exit(). */
void guard_begin(int fd, const struct termios *modes, const char *reset, size_t n);
void guard_end(void);

/* Where the numbers of caught signals can be read, a byte each; does not block. */
int guard_fd(void);

/* Whether there is anything to restore now; off while the program is suspended. */
void guard_arm(bool on);

/* The program has taken notice of the signal to end: takes back the five seconds. */
void guard_noticed(void);

/* Stops as by C-z: the process alone or its whole process group. Returns when continued. */
void guard_stop(bool group);

#endif
