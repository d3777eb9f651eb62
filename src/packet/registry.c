/* The table of all protocols and fields: collected by the build, numbered once at the start, then
 * never changed. */
#include "packet/registry.h"

#include "base/err.h"
#include "packet/tables.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROTO(x) extern const struct proto proto_##x;
#include "packet/registry_gen.h"
#undef PROTO

static const struct proto *const protos[] = {
#define PROTO(x) &proto_##x,
#include "packet/registry_gen.h"
#undef PROTO
};

enum { NPROTOS = ARRAY_LEN(protos) };
_Static_assert(NPROTOS < 255, "dispatch tables hold 8-bit protocol numbers");

static struct {
	u16 base[NPROTOS + 1]; /* first field number of each protocol: multiples of 64, so that its
				  want bits are words */
	u8 *owner;	       /* per block of 64 field numbers: the protocol */
	u8 speaks[NPROTOS];    /* the protocol whose fields this one uses: itself, or fields_of */
	struct reg_name *names;
	unsigned nnames;
	u8 *by_value[TBL_COUNT]; /* protocol number + 1, 0 for nobody */
	struct {
		u32 value;
		u8 id;
	} snap[16];
	unsigned nsnap;
	unsigned frame;					 /* the pseudo-protocol of layer 0 */
	u8 heur_tcp[NPROTOS + 1], heur_udp[NPROTOS + 1]; /* number + 1, ended by 0 */
} reg;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static const u32 table_size[TBL_COUNT] = {
	[TBL_LINK] = 1 << 16, [TBL_ETHERTYPE] = 1 << 16, [TBL_LLC] = 256,
	[TBL_IPPROTO] = 256,  [TBL_PPP] = 1 << 16,	 [TBL_UDP] = 1 << 16,
	[TBL_TCP] = 1 << 16,  [TBL_SCTP] = 1 << 16,	 [TBL_INNER] = 32,
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct reg_name *)a)->name, ((const struct reg_name *)b)->name);
}

static void take_claims(unsigned id)
{
	const struct proto *p = protos[id];

	for (unsigned i = 0; i < p->nclaims; i++) {
		const struct claim *c = &p->claims[i];

		if (c->table == TBL_SNAP) {
			assert(reg.nsnap < ARRAY_LEN(reg.snap));
			reg.snap[reg.nsnap].value = c->value;
			reg.snap[reg.nsnap++].id = (u8)(id + 1);
			continue;
		}
		assert(c->value < table_size[c->table]);
		if (reg.by_value[c->table][c->value] != 0)
			die("bug: protocols %s and %s claim the same value %u", p->name,
			    protos[reg.by_value[c->table][c->value] - 1]->name, c->value);
		reg.by_value[c->table][c->value] = (u8)(id + 1);
	}
}

static void take_names(unsigned id)
{
	const struct proto *p = protos[id];

	if (!(p->flags & PROTO_SILENT))
		reg.names[reg.nnames++] = (struct reg_name) { p->name, -1, (int)id };
	for (unsigned f = 0; f < p->nfields; f++)
		if (p->fields[f].name != NULL)
			reg.names[reg.nnames++] =
				(struct reg_name) { p->fields[f].name, reg.base[id] + (int)f,
						    (int)id };
}

/* Who speaks with whose fields. */
static void take_speakers(void)
{
	for (unsigned i = 0; i < NPROTOS; i++) {
		reg.speaks[i] = (u8)i;
		for (unsigned j = 0; protos[i]->fields_of != NULL && j < NPROTOS; j++)
			if (protos[j] == protos[i]->fields_of)
				reg.speaks[i] = (u8)j;
		assert(protos[i]->fields_of == NULL ||
		       (protos[i]->nfields == 0 && reg.speaks[i] != i));
	}
}

static void number_everything(void)
{
	unsigned next = 0, names = NPROTOS, ntcp = 0, nudp = 0;

	for (unsigned i = 0; i < NPROTOS; i++) {
		reg.base[i] = (u16)next;
		next += (protos[i]->nfields + 63u) & ~63u;
		names += protos[i]->nfields;
		if (protos[i] == &proto_frame)
			reg.frame = i;
		if (protos[i]->heur_tcp != NULL)
			reg.heur_tcp[ntcp++] = (u8)(i + 1);
		if (protos[i]->heur_udp != NULL)
			reg.heur_udp[nudp++] = (u8)(i + 1);
	}
	assert(next < FIELD_END);
	reg.base[NPROTOS] = (u16)next;
	take_speakers();
	reg.owner = xcalloc(next / 64 + 1, 1);
	reg.names = xcalloc(names, sizeof *reg.names);
	for (unsigned t = 0; t < TBL_COUNT; t++)
		reg.by_value[t] = xcalloc(table_size[t], 1);
	for (unsigned i = 0; i < NPROTOS; i++) {
		for (unsigned b = reg.base[i] / 64; b < reg.base[i + 1] / 64u; b++)
			reg.owner[b] = (u8)i;
		take_claims(i);
		take_names(i);
	}
	assert(strcmp(protos[reg.frame]->name, "frame") == 0);
	qsort(reg.names, reg.nnames, sizeof *reg.names, by_name);
	for (unsigned i = 1; i < reg.nnames; i++)
		if (strcmp(reg.names[i - 1].name, reg.names[i].name) == 0)
			die("bug: the name %s is there twice", reg.names[i].name);
}

void registry_init(void)
{
	pthread_once(&once, number_everything);
}

unsigned registry_nprotos(void)
{
	return NPROTOS;
}

unsigned registry_nfields(void)
{
	return reg.base[NPROTOS];
}

const struct proto *proto_get(unsigned id)
{
	assert(id < NPROTOS);
	return protos[id];
}

unsigned field_proto(unsigned id)
{
	return reg.owner[id / 64];
}

const struct field *field_get(unsigned id)
{
	const struct proto *p = protos[reg.owner[id / 64]];
	unsigned f = id - reg.base[reg.owner[id / 64]];

	return f < p->nfields && p->fields[f].name != NULL ? &p->fields[f] : NULL;
}

unsigned field_number(unsigned proto, unsigned f)
{
	return proto_base(proto) + f;
}

unsigned registry_nnames(void)
{
	return reg.nnames;
}

const struct reg_name *registry_name(unsigned i)
{
	return &reg.names[i];
}

unsigned registry_lower(const char *prefix, size_t n)
{
	unsigned lo = 0, hi = reg.nnames;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (strncmp(reg.names[mid].name, prefix, n) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct reg_name *find(const char *name, size_t n)
{
	unsigned i = registry_lower(name, n);

	if (i < reg.nnames && strncmp(reg.names[i].name, name, n) == 0 &&
	    reg.names[i].name[n] == '\0')
		return &reg.names[i];
	return NULL;
}

int field_find(const char *name, size_t n)
{
	const struct reg_name *r = find(name, n);

	return r != NULL ? r->field : -1;
}

int proto_find(const char *name, size_t n)
{
	const struct reg_name *r = find(name, n);

	return r != NULL && r->field < 0 ? r->proto : -1;
}

/* ---- for dis.c ---- */

unsigned proto_owner(unsigned id)
{
	return reg.speaks[id];
}

unsigned table_lookup(enum table t, u32 value)
{
	if (t == TBL_SNAP) {
		for (unsigned i = 0; i < reg.nsnap; i++)
			if (reg.snap[i].value == value)
				return reg.snap[i].id;
		return 0;
	}
	return value < table_size[t] ? reg.by_value[t][value] : 0;
}

const u8 *heur_list(enum table t)
{
	return t == TBL_TCP ? reg.heur_tcp : reg.heur_udp;
}

unsigned proto_base(unsigned id)
{
	return reg.base[reg.speaks[id]];
}

unsigned proto_frame_id(void)
{
	return reg.frame;
}
