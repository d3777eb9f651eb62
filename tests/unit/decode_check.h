/* What must hold for every decoded packet, whatever its bytes: for the fuzzer and the truncation
 * test. */
#ifndef TESTS_UNIT_DECODE_CHECK_H
#define TESTS_UNIT_DECODE_CHECK_H

#include "packet/pkt.h"

struct decode_check;

struct decode_check *decode_check_new(void);
void decode_check_free(struct decode_check *c);

/* Decodes f for everything, for nothing and for the list line, twice, and aborts with a sentence
 * where something does not hold. With `text` every value and line is written too. */
void decode_check_frame(struct decode_check *c, const struct frame *f, bool text);

/* Decodes f for everything once, and looks at what came of it: it is returned, until the next call.
 */
const struct pkt *decode_check_quick(struct decode_check *c, const struct frame *f);

#endif
