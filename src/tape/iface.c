/* The interfaces of a capture and their time units. */
#include "tape/iface.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

void iface_list_init(struct iface_list *l)
{
	memset(l, 0, sizeof *l);
}

void iface_list_fini(struct iface_list *l)
{
	u32 i;

	for (i = 0; i < l->n; i++) {
		free(iface_list_get(l, i)->name);
		free(iface_list_get(l, i)->description);
	}
	for (i = 0; i < ARRAY_LEN(l->chunk) && l->chunk[i] != NULL; i++)
		free(l->chunk[i]);
	memset(l, 0, sizeof *l);
}

int iface_list_add(struct iface_list *l, const struct tape_iface *f)
{
	struct tape_iface *new;
	u32 i = l->n;

	if (i >= IFACE_MAX)
		return -1;
	if (l->chunk[i / 64] == NULL)
		l->chunk[i / 64] = xcalloc(64, sizeof *new);
	new = iface_list_get(l, i);
	*new = *f;
	new->name = f->name ? xstrndup(f->name, IFACE_NAME_MAX) : NULL;
	new->description = f->description ? xstrndup(f->description, IFACE_NAME_MAX) : NULL;
	iface_time_init(new);
	__atomic_store_n(&l->n, i + 1, __ATOMIC_RELEASE);
	return (int)i;
}

static u64 pow10_u64(unsigned n)
{
	u64 v = 1;

	while (n-- > 0)
		v *= 10;
	return v;
}

void iface_time_init(struct tape_iface *f)
{
	const i64 far = NS_FAR / 4;

	f->ts_fast = 0;
	f->ts_mul = 1;
	f->ts_off = 0;
	if (f->tsresol > 9 || f->tsoffset > far / NS_PER_S || f->tsoffset < -far / NS_PER_S)
		return;
	f->ts_mul = pow10_u64(9u - f->tsresol);
	f->ts_off = f->tsoffset * NS_PER_S;
	f->ts_fast = (u64)(NS_FAR - far) / f->ts_mul;
}

ns_t iface_time_slow(const struct tape_iface *f, u64 v)
{
	unsigned n = f->tsresol & 0x7f;
	__int128 t;

	if (f->tsresol & 0x80)
		t = (__int128)(((unsigned __int128)v * (u64)NS_PER_S) >> n);
	else if (n <= 9)
		t = (__int128)((unsigned __int128)v * pow10_u64(9 - n));
	else
		t = n - 9 <= 19 ? (__int128)(v / pow10_u64(n - 9)) : 0;
	t += (__int128)f->tsoffset * NS_PER_S;
	if (t <= -NS_FAR || t >= NS_FAR)
		return NS_NONE;
	return (ns_t)t;
}
