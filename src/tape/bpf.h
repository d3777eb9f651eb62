/* BPF expressions on frames of a tape, whose interfaces may differ in link type. */
#ifndef TAPE_BPF_H
#define TAPE_BPF_H

#include "base/err.h"
#include "packet/frame.h"

struct bpf;

/* Compiles a pcap-filter(7) expression; checked against Ethernet at once, against other link types
 * when they come. NULL with a sentence where it is wrong. */
struct bpf *bpf_new(const char *expr, struct err *e);
void bpf_free(struct bpf *b);

/* Does the frame pass? 1 or 0; -1 with a sentence where the expression means nothing for its link
 * type. */
int bpf_match(struct bpf *b, const struct frame *f, struct err *e);

#endif
