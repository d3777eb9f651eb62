/* The table of all protocols and fields, made from the file names by the build and numbered at the
 * start. */
#ifndef PACKET_REGISTRY_H
#define PACKET_REGISTRY_H

#include "packet/proto.h"

/* Numbers everything; call once before any decode, from one thread. Calling again does nothing.
 * Asserts that names are unique and that no two protocols claim the same value. */
void registry_init(void);

unsigned registry_nprotos(void);
unsigned
registry_nfields(void); /* upper bound of field numbers; not every number below it is in use */
const struct proto *proto_get(unsigned id);
/* The field with this number, or NULL where the number is not in use. */
const struct field *field_get(unsigned id);
/* The protocol that a field number belongs to. */
unsigned field_proto(unsigned id);
/* The registry number of protocol `proto`'s local field f. */
unsigned field_number(unsigned proto, unsigned f);

/* By name (n bytes): the number, or -1. Names are matched exactly; Wireshark's are lower case. */
int field_find(const char *name, size_t n);
int proto_find(const char *name, size_t n);

/* All field and protocol names in order, for completion and `tapdeck fields`: entry i of
 * registry_nnames(). */
struct reg_name {
	const char *name;
	int field; /* -1 where it is a protocol */
	int proto;
};
unsigned registry_nnames(void);
const struct reg_name *registry_name(unsigned i);
/* First name that is not below prefix (n bytes); names that begin with it follow from there. */
unsigned registry_lower(const char *prefix, size_t n);

#endif
