/* mkcut STEP FILE...: decodes every frame of the captures at every length that is a multiple of
 * STEP, and whole: with its end not captured, and with its end never sent. With a sanitizer, which
 * is slow, only every 29th length above 160. Prints how many decodes that were; aborts where
 * something does not hold. */
#include "tape/reader.h"
#include "unit/decode_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_EVERY = 16 }; /* lengths whose values are written as text too */

#if defined __SANITIZE_ADDRESS__
enum { LONG = 160, LONG_STEP = 29 };
#else
enum { LONG = 65536, LONG_STEP = 1 };
#endif

/* The bytes stand in memory of just their size, so that a sanitizer sees what is read beyond. */
static void at_length(struct decode_check *c, const struct frame *whole, u32 n, u64 *count)
{
	struct frame f = *whole;
	u8 *p = malloc(n > 0 ? n : 1);
	bool text = n % TEXT_EVERY == 0 || n == whole->caplen;

	if (p == NULL)
		abort();
	if (n > 0)
		memcpy(p, whole->data, n);
	f.data = p;
	f.caplen = n;
	decode_check_frame(c, &f, text);
	f.len = n;
	decode_check_frame(c, &f, text);
	free(p);
	*count += 2;
}

int main(int argc, char **argv)
{
	struct decode_check *c = decode_check_new();
	struct err e = ERR_INIT;
	struct frame f;
	u32 step = argc > 1 ? (u32)strtoul(argv[1], NULL, 10) : 0;
	u64 count = 0;

	if (step == 0)
		die("usage: mkcut STEP FILE...");
	for (int i = 2; i < argc; i++) {
		struct reader *r = reader_open(argv[i], &e);

		while (r != NULL && reader_next(r, &f, &e) == 1)
			for (u32 n = 0; n <= f.caplen; n++)
				if ((n % step == 0 && (n < LONG || n % LONG_STEP == 0)) ||
				    n == f.caplen)
					at_length(c, &f, n, &count);
		if (r != NULL)
			reader_close(r);
	}
	decode_check_free(c);
	printf("%" PRIu64 "\n", count);
	return 0;
}
