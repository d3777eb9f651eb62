/* Packets that one thread reads and decodes and another one writes: two cores for what takes about
 * as long on both sides. They are taken in the order in which they were handed over. */
#ifndef CMD_RELAY_H
#define CMD_RELAY_H

#include "packet/pkt.h"

struct relay;

/* Starts the thread that takes packets: take(arg, k, tag) in order; what is not 0 ends the relay.
 * NULL where there is only one core or no thread to be had: do without. */
struct relay *relay_new(int (*take)(void *arg, const struct pkt *k, int tag), void *arg);

/* Room for the next packet, waited for: f and its bytes are copied there, so that the reader may go
 * on. Decode relay_frame() into it. NULL where the taker has ended the relay. */
struct pkt *relay_slot(struct relay *r, const struct frame *f);
const struct frame *relay_frame(const struct relay *r);
/* Hands over what relay_slot() gave; without it, the room is used for the next. */
void relay_push(struct relay *r, int tag);

/* Waits until all is taken, and frees the relay. Returns what take() said last. */
int relay_end(struct relay *r);

#endif
