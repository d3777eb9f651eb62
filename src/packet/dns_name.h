/* Domain names as DNS writes them, for whoever carries them: DNS, DHCP, DHCPv6. */
#ifndef PACKET_DNS_NAME_H
#define PACKET_DNS_NAME_H

#include "packet/proto.h"

/* Where names stand. */
struct dns_names {
	struct cur msg; /* standing at the byte that compression counts from, bounded as pointers
			   are */
	u32 work;	/* bytes of names that may still be walked */
};

enum { DNS_NAME_WORK = 1 << 20 }; /* what one message may cost */

enum { DNS_NAME_MAX = 253 }; /* characters of a name as text: 255 octets on the wire (RFC 1035) */

/* A name as text: "www.example.org", "<Root>", or what is wrong with it in <>. */
struct dns_name {
	u16 n;
	u32 off, len; /* where it stands in the frame, and how long up to a pointer */
	char s[DNS_NAME_MAX + 1];
};

/* Reads the name at c, following pointers inside the message; c moves behind it. Bytes of labels
 * come as they are. False, and c failed, where it runs off the message. Walks no more than what
 * s->work still allows in the whole message, whatever the pointers say. */
bool dns_name_read(struct dns_names *s, struct cur *c, struct dns_name *o);

#endif
