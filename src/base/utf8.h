/* UTF-8: decoding, and which characters may reach a screen. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/types.h"

/* Decodes one character at p (n bytes are there). Returns its length 1..4 and sets *cp, or 0 where
 * the bytes are not well-formed UTF-8 (overlong, surrogate, above U+10FFFF, cut off: RFC 3629). */
int utf8_decode(const void *p, size_t n, u32 *cp);

/* Encodes cp (a valid scalar value) into out[4]; returns the length. */
int utf8_encode(u32 cp, char *out);

/* True for a character that may be shown as it is: no C0 or C1 control, no DEL, no bidi control, no
 * zero-width or other invisible format character, no line or paragraph separator, no tag, no
 * noncharacter. */
bool utf8_is_safe(u32 cp);

/* Columns on the screen: 0 for combining marks, 2 for wide East Asian and emoji, else 1. cp must be
 * safe. Does not depend on the locale. */
int utf8_width(u32 cp);

#endif
