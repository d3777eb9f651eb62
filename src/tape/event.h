/* What is on the tape beside packets: commands, lab steps, counters. Each is one pcapng systemd
 * Journal Export Block: fields KEY=value a line, or KEY, a newline, the length as 8 bytes
 * little-endian, the bytes and a newline where the value is not plain text. */
#ifndef TAPE_EVENT_H
#define TAPE_EVENT_H

#include "base/txt.h"
#include "base/types.h"

struct tape_event {
	ns_t ts;	/* ns since 1970, NS_NONE where the entry has no time */
	u64 before;	/* packets that stand before it on the tape */
	const u8 *data; /* the entry, borrowed from the tape */
	u32 len;
};

/* One field to write. Keys are A-Z, 0-9 and underscore, as systemd has them. */
struct event_field {
	const char *key;
	const void *value;
	size_t len;
};

/* Finds the value of `key` (the first such field). Borrows it. False where there is none. */
bool event_get(const struct tape_event *ev, const char *key, const char **value, size_t *len);

/* Walks all fields: *at is 0 to begin with. False at the end or where the entry is malformed. */
bool event_next(const struct tape_event *ev, size_t *at, const char **key, size_t *keylen,
		const char **value, size_t *len);

/* The time of an entry: TAPDECK_TS in ns (our own), else __REALTIME_TIMESTAMP in µs (systemd's,
 * which Wireshark shows), else NS_NONE. */
ns_t event_time(const struct tape_event *ev);

/* Appends a whole entry with the time `ts` (both keys above; NS_NONE writes 0) and n fields. */
void event_put(struct txt *t, ns_t ts, const struct event_field *f, size_t n);

#endif
