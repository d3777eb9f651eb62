/* The capture that a command reads: the file that -r names, one packet after the other. */
#ifndef CMD_INFILE_H
#define CMD_INFILE_H

#include "cmd/command.h"
#include "tape/reader.h"

/* -1 with a sentence where the deck shall read from standard input, which is its keyboard. */
int infile_check(const struct ctx *x, const char *path, struct err *e);

/* -1 with a sentence where the deck shall read from or write to a FIFO or a device at one go. */
int infile_plain(const struct ctx *x, const char *path, struct err *e);

/* Opens a file for reading (reader_open); NULL with a sentence. */
struct reader *infile_open(const struct ctx *x, const char *path, struct err *e);

#endif
