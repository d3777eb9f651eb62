/* What ICMP and ICMPv6 share: errors that quote a packet, and the extensions behind it (RFC 4884).
 */
#ifndef PACKET_ICMP_H
#define PACKET_ICMP_H

#include "packet/proto.h"

/* Reads the packet that an error quotes, and extensions behind it. c stands at the quoted packet.
 * `quoted`: its length by the error's own length field, 0 where it says nothing. `ethertype`: of
 * the quoted packet. */
void icmp_quoted(struct dis *d, struct cur *c, u32 quoted, u16 ethertype);

#endif
