/* The tape: a capture opened for the deck, indexed by a thread behind it and usable from the first
 * packet on. Packets are numbered from 0 here (frame.number from 1).
 *
 * The tape clock. Packets may stand out of order in a file (several interfaces, clocks set back).
 * The tape keeps file order and never runs backwards: the clock at packet n is the greatest time of
 * packets 0..n. A packet whose own time is earlier counts, in searches and rates, at the clock when
 * it was written; its own time (frame.ts) stays as it is. Packets without a time take the clock
 * too.
 *
 * Threads. Everything here may be called from any thread while the tape fills, for packets below
 * tape_count(); tape_set_conv() and tape_set_passed() from one thread, the flow pass.
 *
 * Opening a tape takes SIGBUS (a mapped file may become shorter); a handler that was there before
 * is called for all faults outside of tapes. Who takes SIGBUS later calls tape_guard(). */
#ifndef TAPE_TAPE_H
#define TAPE_TAPE_H

#include "base/err.h"
#include "packet/frame.h"
#include "tape/event.h"
#include "tape/iface.h"

#define TAPE_NONE UINT32_MAX /* no conversation; no packet before in it */
#define TAPE_DIR_ANY 3	     /* all directions together, where an enum frame_dir is asked for */
#define TAPE_IFACE_ANY UINT32_MAX
#define TAPE_PEAK_BIN (10 * NS_PER_MS)

struct tape;

/* Opens a capture (plain or gzip; "-" is standard input) and starts to index it. gzip and pipes are
 * spooled into an unlinked file in $TMPDIR. Returns as soon as the file header is read, or at once
 * for a pipe. NULL with one sentence, the path in it, where there is no capture. */
struct tape *tape_open(const char *path, struct err *e);

/* Stops the threads and gives everything back. */
void tape_close(struct tape *t);

/* Takes SIGBUS again, in front of a handler that somebody has set since a tape was opened. */
void tape_guard(void);

/* ---- a live tape: one thread appends, all others read as they do a file ---- */

/* A new, empty tape that is a pcapng file at `path` (an existing file is only overwritten with
 * `replace`), or an unlinked temporary file for NULL. NULL with one sentence. */
struct tape *tape_new(const char *path, bool replace, struct err *e);

/* Describes one more interface (the name, description, link, snaplen, fcs_len and speed of *iface
 * count). Returns its index for frame.iface, or -1 with a sentence. */
int tape_add_iface(struct tape *t, const struct tape_iface *iface, struct err *e);

/* Appends a packet (its number is given by the tape), an event, an interface's counters. They are
 * seen by others, and in the file, after tape_flush(). -1 with a sentence where the disk is full.
 */
int tape_append(struct tape *t, const struct frame *f, struct err *e);
int tape_append_event(struct tape *t, ns_t ts, const struct event_field *f, size_t n,
		      struct err *e);
int tape_append_stats(struct tape *t, u32 iface, u64 received, u64 dropped_if, u64 dropped_os,
		      ns_t ts, struct err *e);

/* Publishes what was appended: once for each batch, it costs a write(2). */
int tape_flush(struct tape *t, struct err *e);

/* Nothing more will come: tape_done() from now on. Flushes. */
int tape_finish(struct tape *t, struct err *e);

/* ---- what is there ---- */

/* Packets indexed so far; only ever grows. */
u64 tape_count(const struct tape *t);

/* True when the file was read to its end (or to where it is damaged). */
bool tape_done(const struct tape *t);

/* Once done: the sentence about damage (packet number and offset in it), NULL where there is none.
 */
const char *tape_error(const struct tape *t);

/* Bytes indexed so far and in all (0 while that is not known): for "indexing 40 %". */
void tape_progress(const struct tape *t, u64 *indexed, u64 *all);

/* Waits until n packets are there or the tape is done, at most timeout_ms (-1: for ever). Returns
 * tape_count(). Not for the thread that draws, except for the first screen. */
u64 tape_wait(struct tape *t, u64 n, int timeout_ms);

/* A descriptor that becomes readable when there is more (now and then, and when done); after poll()
 * call tape_fd_clear(). */
int tape_fd(const struct tape *t);
void tape_fd_clear(struct tape *t);

/* ---- packets ---- */

/* Packet n as a frame, in constant time. The pointers hold until tape_close(). */
void tape_frame(const struct tape *t, u64 n, struct frame *f);

/* Packet n's own time, NS_NONE where it has none. Does not touch the file. */
ns_t tape_ts(const struct tape *t, u64 n);

/* Length on the wire (to 2^29-1), interface, direction and loss of packet n from the index alone.
 */
struct tape_brief {
	u32 len;
	u32 iface;
	u8 dir;
	bool lost;
};
struct tape_brief tape_brief(const struct tape *t, u64 n);

/* The first of packets from..to-1 that the wire lost, `to` where there is none. As quick as
 * tape_conv_first(). */
u64 tape_lost_first(const struct tape *t, u64 from, u64 to);

/* Where packet n's record begins in the (decompressed) file. */
u64 tape_offset(const struct tape *t, u64 n);

/* ---- time ---- */

/* The tape clock at packet n; NS_NONE as long as no packet has a time. */
ns_t tape_clock(const struct tape *t, u64 n);

/* The clock at the first packet that has a time; NS_NONE as long as there is none. */
ns_t tape_begin(const struct tape *t);

/* How many packets have a clock <= ts: the last of them is the packet at that time. 0: none yet. */
u64 tape_find_time(const struct tape *t, ns_t ts);

/* ---- interfaces and events ---- */

u32 tape_ifaces(const struct tape *t);
const struct tape_iface *tape_iface(const struct tape *t, u32 i);

/* Events found so far, and event i with its bytes (they hold until tape_close()). */
u64 tape_events(const struct tape *t);
struct tape_event tape_event(const struct tape *t, u64 i);

/* How many events stand before packet n. */
u64 tape_events_before(const struct tape *t, u64 n);

/* ---- rates: of interface i (or TAPE_IFACE_ANY) in direction dir (or TAPE_DIR_ANY) ---- */

struct tape_amount {
	u64 bytes; /* on the wire */
	u64 packets;
};

/* What packets n0..n1-1 carried. */
struct tape_amount tape_amount(const struct tape *t, u32 iface, u8 dir, u64 n0, u64 n1);

/* Bytes in each of nbins bins of bin_ns from t0 on (t0 <= clock < t0 + bin_ns ...), counting none
 * but the first n packets: pass the packets up to the playhead, or tape_count(). */
void tape_rate_bins(const struct tape *t, u32 iface, u8 dir, ns_t t0, ns_t bin_ns, u32 nbins, u64 n,
		    u64 *out);

/* The most bytes in one 10 ms bin (aligned to 1970) of those that touch t0..t1, counting none but
 * the first n packets. With ANY, the largest of the single peaks, not that of the sum. */
u64 tape_peak_10ms(const struct tape *t, u32 iface, u8 dir, ns_t t0, ns_t t1, u64 n);

/* ---- the flow pass: a second thread that follows tape_count() (with tape_wait()) ---- */

/* Packet n belongs to conversation `conv`, whose packet before it is `prev` (TAPE_NONE: it is the
 * first; TAPE_NONE for conv: to none). */
void tape_set_conv(struct tape *t, u64 n, u32 conv, u32 prev);

/* The first n packets have been given their conversations. */
void tape_set_passed(struct tape *t, u64 n);
u64 tape_passed(const struct tape *t);

/* Of packet n < tape_passed(). */
u32 tape_conv(const struct tape *t, u64 n);
u32 tape_prev(const struct tape *t, u64 n);

/* The last packet of conversation `conv` among from..to-1 (to <= tape_passed()), and the first;
 * `to` where there is none. Half a millisecond a million packets. */
u64 tape_conv_last(const struct tape *t, u32 conv, u64 from, u64 to);
u64 tape_conv_first(const struct tape *t, u32 conv, u64 from, u64 to);

#endif
