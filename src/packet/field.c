/* Names of values and types. */
#include "packet/field.h"

const char *vstr_name(const struct vstr *t, u64 v)
{
	if (t != NULL)
		for (; t->s != NULL; t++)
			if (t->v == v)
				return t->s;
	return NULL;
}

unsigned ftype_int_size(u8 type)
{
	switch ((enum ftype)type) {
	case FT_U8:
	case FT_I8:
	case FT_BOOL: return 1;
	case FT_U16:
	case FT_I16: return 2;
	case FT_U24: return 3;
	case FT_U32:
	case FT_I32: return 4;
	case FT_U40: return 5;
	case FT_U48: return 6;
	case FT_U56: return 7;
	case FT_U64:
	case FT_I64: return 8;
	case FT_NONE:
	case FT_IPV4:
	case FT_IPV6:
	case FT_ETHER:
	case FT_EUI64:
	case FT_BYTES:
	case FT_STRING:
	case FT_ABSTIME:
	case FT_RELTIME:
	case FT_FLOAT:
	case FT_PROTO: break;
	}
	return 0;
}

const char *ftype_name(u8 type)
{
	switch ((enum ftype)type) {
	case FT_NONE: return "Label";
	case FT_BOOL: return "Boolean";
	case FT_U8: return "Unsigned integer (8 bits)";
	case FT_U16: return "Unsigned integer (16 bits)";
	case FT_U24: return "Unsigned integer (24 bits)";
	case FT_U32: return "Unsigned integer (32 bits)";
	case FT_U40: return "Unsigned integer (40 bits)";
	case FT_U48: return "Unsigned integer (48 bits)";
	case FT_U56: return "Unsigned integer (56 bits)";
	case FT_U64: return "Unsigned integer (64 bits)";
	case FT_I8: return "Signed integer (8 bits)";
	case FT_I16: return "Signed integer (16 bits)";
	case FT_I32: return "Signed integer (32 bits)";
	case FT_I64: return "Signed integer (64 bits)";
	case FT_IPV4: return "IPv4 address";
	case FT_IPV6: return "IPv6 address";
	case FT_ETHER: return "Ethernet or other MAC address";
	case FT_EUI64: return "EUI64 address";
	case FT_BYTES: return "Byte sequence";
	case FT_STRING: return "Character string";
	case FT_ABSTIME: return "Date and time";
	case FT_RELTIME: return "Time offset";
	case FT_FLOAT: return "Floating point";
	case FT_PROTO: return "Protocol";
	}
	return "?";
}
