/* Where a command's output goes: standard output, a file, the console pane. Written in large
 * pieces, in constant memory. */
#ifndef CMD_SINK_H
#define CMD_SINK_H

#include "base/err.h"
#include "base/txt.h"

struct sink {
	struct txt t; /* append here, then call sink_line() after each line or record */
	int (*write)(struct sink *s, struct err *e); /* takes all of t; -1 where it cannot (and
							stop_quietly may be set) */
	void *arg;
	int fd;
	size_t piece; /* written out when so many bytes have come together */
	/* A sentence for the user beside the output, though all went well; "" for none. At the
	 * shell it goes to standard error, in the deck to the status line. */
	char note[300];
	bool closed;  /* the reader has gone away (EPIPE): stop, without a word */
};

/* To a file descriptor, not owned. */
void sink_init_fd(struct sink *s, int fd);
/* To a function, in pieces of SINK_PIECE. */
void sink_init(struct sink *s, int (*write)(struct sink *s, struct err *e), void *arg);
void sink_fini(struct sink *s);

enum { SINK_PIECE = 1 << 16 };

int sink_flush(struct sink *s, struct err *e);

/* Writes out where enough has come together. -1 where output is no longer possible. */
static inline int sink_line(struct sink *s, struct err *e)
{
	return LIKELY(s->t.n < s->piece) ? 0 : sink_flush(s, e);
}

#endif
