/* A short cut for the headers that nearly every packet begins with. */
#ifndef PACKET_QUICK_H
#define PACKET_QUICK_H

#include "packet/proto.h"

/* Reads the whole Ethernet frame at c, a packet's first layer, where its Ethernet and IP headers
 * are ordinary and d's plan wants none of their fields: true, and the frame is decoded. False:
 * nothing was done. */
bool quick_ethernet(struct dis *d, struct cur c);

#endif
