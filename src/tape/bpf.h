/* BPF expressions on frames of a tape, whose interfaces may differ in link type. */
#ifndef TAPE_BPF_H
#define TAPE_BPF_H

#include "base/err.h"
#include "packet/frame.h"

struct bpf;

/* Takes a pcap-filter(7) expression. NULL with a sentence where it is wrong for every link type; it
 * is compiled for each that comes. */
struct bpf *bpf_new(const char *expr, struct err *e);
void bpf_free(struct bpf *b);

/* Does the frame pass? Not where the expression means nothing for its link type. */
bool bpf_match(struct bpf *b, const struct frame *f);

/* To be asked at the end: -1 with a sentence where it meant nothing for any frame that came. */
int bpf_end(const struct bpf *b, struct err *e);

#endif
