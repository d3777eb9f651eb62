/* The tests that a match can run: a display filter, a text, a regular expression, a row of bytes.
 */
#ifndef TAPE_TESTS_H
#define TAPE_TESTS_H

#include "base/err.h"
#include "tape/match.h"
#include "tape/world.h"

/* Makes a test from a display filter. -1 with place and reason. The test owns what it needs:
 * free_arg. */
int test_from_filter(const char *text, struct test *out, struct err *e);

/* Makes a test that looks for `text` in a packet's list line and in its bytes: FIND_TEXT ignores
 * case, FIND_REGEX is a Perl-compatible regular expression (case ignored), FIND_HEX is bytes such
 * as "de ad:be-ef" in the packet alone. */
int test_from_find(enum find_kind kind, const char *text, struct test *out, struct err *e);

#endif
