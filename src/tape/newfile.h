/* A file that takes its place only when all of it is written. */
#ifndef TAPE_NEWFILE_H
#define TAPE_NEWFILE_H

#include "base/err.h"

struct newfile {
	int fd;	    /* to be written; -1: none. Whoever closes it sets it to -1 */
	char *path; /* where it shall be; NULL where it is written directly */
	char *temp; /* where it is */
};

/* Begins a file at `path`, under another name beside it. "-" is standard output; that, and what is
 * not a regular file (a FIFO, /dev/null), is written directly. -1 with one sentence: nothing is to
 * be freed then. */
int newfile_open(struct newfile *f, const char *path, struct err *e);

/* Closes the file, puts it in its place and frees everything. -1 with a sentence where that fails:
 * what was there before is still there. */
int newfile_close(struct newfile *f, struct err *e);

/* Gives the file up and frees everything. */
void newfile_abort(struct newfile *f);

#endif
