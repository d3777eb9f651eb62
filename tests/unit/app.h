/* Application messages in hex, put behind Ethernet, IPv4 and UDP or TCP and decoded, for the tests
 * of the protocols above them. */
#ifndef TESTS_UNIT_APP_H
#define TESTS_UNIT_APP_H

#include "packet/registry.h"
#include "packet/show.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct app {
	u8 p[4096];
	u32 n, head; /* head: bytes in front of the message */
	struct pkt k;
	struct plan all, info;
	struct txt t;
};

static inline void app_init(struct app *a)
{
	memset(a, 0, sizeof *a);
	plan_init(&a->all);
	plan_want_all(&a->all);
	plan_init(&a->info);
	plan_want_info(&a->info);
	pkt_init(&a->k);
	txt_init(&a->t);
}

static inline void app_fini(struct app *a)
{
	plan_fini(&a->all);
	plan_fini(&a->info);
	pkt_fini(&a->k);
	txt_fini(&a->t);
}

static inline u32 app_digit(char c)
{
	return (u32)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* The lengths of IPv4 and UDP as they follow from n. */
static inline void app_lengths(struct app *a)
{
	store_be16(a->p + 16, (u16)(a->n - 14));
	if (a->p[23] == 17)
		store_be16(a->p + 38, (u16)(a->n - 34));
}

/* A message in hex ("0a 0b"; 'text' as it is) behind protocol 17 (UDP), 6 (TCP) or another. */
static inline void app_message(struct app *a, u8 proto, u16 sport, u16 dport, const char *hex)
{
	static const u8 ip[] = { 2, 0, 0, 0, 0, 2,  2, 0, 0, 0,	 0, 1, 8, 0,  0x45, 0, 0,
				 0, 0, 0, 0, 0, 64, 0, 0, 0, 10, 0, 0, 1, 10, 0,    0, 2 };
	bool text = false;

	memset(a->p, 0, 64);
	memcpy(a->p, ip, sizeof ip);
	a->p[23] = proto;
	a->n = 34;
	if (proto == 6 || proto == 17) {
		store_be16(a->p + 34, sport);
		store_be16(a->p + 36, dport);
		a->n += proto == 6 ? 20 : 8;
		if (proto == 6) {
			a->p[46] = 0x50;
			a->p[47] = 0x18;
		}
	}
	a->head = a->n;
	for (; *hex != '\0'; hex++) {
		if (*hex == '\'') {
			text = !text;
		} else if (text) {
			a->p[a->n++] = (u8)*hex;
		} else if (*hex != ' ') {
			a->p[a->n++] = (u8)(app_digit(hex[0]) << 4 | app_digit(hex[1]));
			hex++;
		}
	}
	app_lengths(a);
}

/* Decodes the first caplen bytes of len, from memory that ends just there. */
static inline void app_decode(struct app *a, const struct plan *p, u32 caplen, u32 len)
{
	u8 *exact = malloc(caplen > 0 ? caplen : 1);
	struct frame f = { .number = 1, .data = exact, .caplen = caplen, .len = len, .link = 1 };

	assert_non_null(exact);
	memcpy(exact, a->p, caplen);
	pkt_decode(&a->k, &f, p);
	txt_clear(&a->t);
	show_info(&a->t, &a->k);
	show_marks(&a->t, &a->k);
	for (u32 i = 0; i < a->k.nvals; i++)
		show_tree(&a->t, &a->k, &a->k.vals[i]);
	free(exact);
}

/* What a field says: its values, ';' between them. Borrowed until the next call. */
static inline const char *app_field(struct app *a, const char *name)
{
	int id = field_find(name, strlen(name));
	struct frame f = { .number = 1, .data = a->p, .caplen = a->n, .len = a->n, .link = 1 };

	if (id < 0)
		fail_msg("no field %s", name);
	pkt_decode(&a->k, &f, &a->all);
	txt_clear(&a->t);
	for (u32 i = 0; i < a->k.nvals; i++)
		if (a->k.vals[i].field == id) {
			if (a->t.n > 0)
				txt_putc(&a->t, ';');
			show_value(&a->t, &a->k, &a->k.vals[i]);
		}
	return txt_str(&a->t);
}
#define app_expect(a, name, want) assert_string_equal(app_field(a, name), want)

/* The list line's last column and the marks behind it. */
static inline const char *app_info(struct app *a)
{
	struct frame f = { .number = 1, .data = a->p, .caplen = a->n, .len = a->n, .link = 1 };

	pkt_decode(&a->k, &f, &a->info);
	txt_clear(&a->t);
	show_info(&a->t, &a->k);
	show_marks(&a->t, &a->k);
	return txt_str(&a->t);
}

static inline u32 app_marks(struct app *a)
{
	struct frame f = { .number = 1, .data = a->p, .caplen = a->n, .len = a->n, .link = 1 };

	pkt_decode(&a->k, &f, &a->all);
	return a->k.marks;
}

/* Every truncation, of the capture and of the packet itself; then every byte turned over. */
static inline void app_torture(struct app *a)
{
	u32 n = a->n;

	for (u32 i = 0; i < n; i++) {
		app_decode(a, &a->all, i, n);
		app_decode(a, &a->info, i, n);
	}
	for (u32 i = a->head; i < n; i++) {
		a->n = i;
		app_lengths(a);
		app_decode(a, &a->all, i, i);
		app_decode(a, &a->info, i, i);
	}
	a->n = n;
	app_lengths(a);
	for (u32 i = a->head; i < n; i++)
		for (unsigned v = 0; v < 256; v += v < 8 || v >= 248 ? 1 : 16) {
			u8 was = a->p[i];

			a->p[i] = (u8)(was + v);
			app_decode(a, &a->all, n, n);
			a->p[i] = was;
		}
}

#endif
