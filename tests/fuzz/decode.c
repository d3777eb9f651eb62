/* Fuzzes the decoder: any bytes as a frame of any link type, cut anywhere. An input is the link
 * type (an index into `links`), how many more bytes were on the wire, and the frame. */
#include "unit/decode_check.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Ethernet, raw IP, null, loop, cooked 1 and 2, PPP in its forms, raw IPv4 and IPv6,
	 * unknown */
	static const u16 links[] = { 1, 101, 0, 108, 113, 276, 9, 50, 51, 12, 228, 229, 147 };
	static struct decode_check *check;
	struct frame f = { .number = 1, .ts = INT64_C(1700000000123456789) };

	if (check == NULL)
		check = decode_check_new();
	if (size < 2)
		return 0;
	f.link = links[data[0] % ARRAY_LEN(links)];
	f.data = data + 2;
	f.caplen = (u32)size - 2;
	f.len = f.caplen + data[1] * (data[1] > 200 ? 100u : 1u);
	decode_check_frame(check, &f, true);
	return 0;
}
