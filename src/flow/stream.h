/* A TCP conversation's data put in order again: late segments wait, repeated bytes are dropped,
 * holes are told. */
#ifndef FLOW_STREAM_H
#define FLOW_STREAM_H

#include "base/types.h"

enum {
	STREAM_WAITING_MAX = 4 << 20
}; /* bytes per side that may wait for a hole to be filled; then the hole is told */

struct stream;

/* Takes data of one side in order. `missing` bytes were never seen before it (then p may be NULL
 * and n 0). `packet` is the number of the packet that carried it. */
typedef void stream_fn(void *arg, int side, u64 packet, const u8 *p, size_t n, u64 missing);

struct stream *stream_new(stream_fn *fn, void *arg);
void stream_free(struct stream *s);

/* A segment as captured: raw sequence number, whether it is a SYN, `len` bytes of data on the wire
 * of which the first `n` were captured (the rest counts as missing). Sequence arithmetic is modulo
 * 2^32 (RFC 9293 3.4). p is borrowed for the call. */
void stream_segment(struct stream *s, int side, u64 packet, u32 seq, bool syn, const u8 *p, u32 n,
		    u32 len);

/* No more segments: hands on what still waits, holes told. */
void stream_end(struct stream *s);

#endif
