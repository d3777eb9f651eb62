/* Numbers as people write them: parsing and printing of counts, sizes, rates and times. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/err.h"
#include "base/txt.h"
#include "base/types.h"

/* "42", "0x2a", "052" (octal) as Wireshark and C write them. The whole of s (n bytes) must be the
 * number. Returns 0, or -1 where it is none or does not fit. */
int num_u64(const char *s, size_t n, u64 *out);
int num_i64(const char *s, size_t n, i64 *out);

/* A span: "1.5", "1.5s", "20ms", "3us", "400ns", "2m", "1h"; a bare number means seconds. May be
 * negative. */
int num_span(const char *s, size_t n, ns_t *out, struct err *e);

/* A point in time: "2026-11-22 06:28:25.123" (UTC, also with T and Z), or seconds since 1970. */
int num_time(const char *s, size_t n, ns_t *out, struct err *e);

/* Bits per second with three significant digits, always 11 columns: "9.41 Mbit/s", " 120  bit/s". */
void txt_rate(struct txt *t, double bits_per_second);

/* Bytes with a decimal unit, always 8 columns: " 1.23 MB", "   12 B ". */
void txt_bytes(struct txt *t, u64 bytes);

/* A count with thin groups: 1 234 567 (plain spaces). */
void txt_count(struct txt *t, u64 v);

/* A span with a unit that fits, at most three decimals: "1.234 ms". */
void txt_span(struct txt *t, ns_t v);

/* A date and time in UTC with `digits` decimals: 2026-11-22 06:28:25.123456 */
void txt_utc(struct txt *t, ns_t v, int digits);

/* Splits a point in time (UTC) into the civil calendar; year may be any that 64-bit ns can hold. */
struct civil {
	int year, month, day; /* month and day from 1 */
	int hour, min, sec;
	int nsec;
	int wday, yday; /* Sunday 0; 1 January 0 */
};
struct civil civil_from_ns(ns_t v);

#endif
