/* The link types that capture files can name (tcpdump.org/linktypes). */
#ifndef PACKET_LINKTYPE_H
#define PACKET_LINKTYPE_H

#include "base/types.h"

/* "IEEE 802.11" for LINKTYPE_ value 105; NULL for one that nobody has heard of. */
const char *linktype_name(u16 link);

/* Wireshark's number for it (frame.encap_type), or -1 where it is not in our table. */
int linktype_encap(u16 link);

#endif
