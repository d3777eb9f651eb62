/* Writing captures: exports of packets, ranges and conversations, recordings, and what a live tape
 * keeps. pcapng holds everything, to the nanosecond; pcap holds packets of one link type. */
#ifndef TAPE_WRITER_H
#define TAPE_WRITER_H

#include "base/err.h"
#include "base/txt.h"
#include "packet/frame.h"
#include "tape/event.h"
#include "tape/iface.h"

enum writer_format {
	WRITER_PCAPNG,
	WRITER_PCAP,	/* microseconds, for every reader there is */
	WRITER_PCAP_NS, /* nanoseconds */
};

struct writer;

/* Begins a file at `path`. It is written beside it under another name and takes its place in
 * writer_close(), so a failure leaves what was there alone. "-" is standard output; that, and what
 * is not a regular file (a FIFO, /dev/null), is written directly. NULL with one sentence. */
struct writer *writer_open(const char *path, enum writer_format format, struct err *e);

/* Writes to `fd`, which is the writer's from now on: a recording that others may follow. */
struct writer *writer_open_fd(int fd, enum writer_format format);

/* Appends to `out`, which stays the caller's; he may take the bytes away between calls. */
struct writer *writer_open_mem(struct txt *out, enum writer_format format);

/* Describes the interface that frames name by `index` (frame.iface), once. pcap: fails where its
 * link type is another than that of the first. */
int writer_iface(struct writer *w, u32 index, const struct tape_iface *iface, struct err *e);

/* Writes a packet with its time, lengths, direction, comment and loss. `iface` describes
 * frame.iface where writer_iface() was not called for it. A pcapng packet without a time is written
 * as a Simple Packet Block where that is possible, else with the earliest there is. -1 with a
 * sentence where the disk is full, or the packet does not fit the format; the file is not good
 * then. */
int writer_frame(struct writer *w, const struct frame *f, const struct tape_iface *iface,
		 struct err *e);

/* Writes an event (see event_put()). pcap has no place for it: nothing is written then. */
int writer_event(struct writer *w, ns_t ts, const struct event_field *f, size_t n, struct err *e);

/* Writes the interface's counters as they are now (Interface Statistics Block). Not in pcap. */
int writer_stats(struct writer *w, u32 index, const struct tape_iface *iface, ns_t ts,
		 struct err *e);

/* Hands everything to the kernel, so that others can read it. */
int writer_flush(struct writer *w, struct err *e);

/* Packets written so far. */
u64 writer_count(const struct writer *w);

/* Ends the file, puts it in its place and frees the writer. -1 with a sentence where it could not
 * be finished; there is no new file then. */
int writer_close(struct writer *w, struct err *e);

/* Gives the file up and frees the writer. */
void writer_abort(struct writer *w);

#endif
