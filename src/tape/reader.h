/* A capture read once from front to end, in memory that does not depend on its size. */
#ifndef TAPE_READER_H
#define TAPE_READER_H

#include "base/err.h"
#include "packet/frame.h"
#include "tape/event.h"
#include "tape/iface.h"

struct reader;

/* Opens a pcap or pcapng file, plain or gzip; "-" is standard input. Reads up to the first packet's
 * place, so what is not a capture is told here. NULL with one sentence, the path in it. */
struct reader *reader_open(const char *path, struct err *e);

/* The same from n bytes of memory, borrowed until reader_close(). For tests and fuzzers. */
struct reader *reader_open_mem(const u8 *p, size_t n, struct err *e);

void reader_close(struct reader *r);

/* The next packet: 1 and *f, whose pointers hold until the next call; 0 at the end; -1 with one
 * sentence (packet number and file offset in it) where the file is damaged or cut short: all that
 * was readable before has been delivered then, and every further call says the same. */
int reader_next(struct reader *r, struct frame *f, struct err *e);

/* Has fn called for each event (journal entry) in its place among the packets, from within
 * reader_next(). The event's bytes hold during the call only. */
void reader_on_event(struct reader *r, void (*fn)(void *arg, const struct tape_event *ev),
		     void *arg);

/* Interfaces seen so far (a file may describe more later), and one of them, borrowed. */
u32 reader_ifaces(const struct reader *r);
const struct tape_iface *reader_iface(const struct reader *r, u32 i);

/* Packets delivered so far, and the (decompressed) offset in the file behind the last. */
u64 reader_count(const struct reader *r);
u64 reader_offset(const struct reader *r);

/* Where the offset will be at the end; 0 where that is not known (gzip, a pipe). */
u64 reader_size(const struct reader *r);

#endif
