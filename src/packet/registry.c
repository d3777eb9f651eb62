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
	struct runner runner[NPROTOS];
	unsigned nfields; /* a multiple of 64 */
	u8 *owner;	  /* per block of 64 field numbers: the protocol */
	struct reg_name *names;
	unsigned nnames;
	struct {
		u32 value;
		u8 id;
	} snap[16];
	unsigned nsnap;
	u8 heur_tcp[NPROTOS + 1], heur_udp[NPROTOS + 1]; /* number + 1, ended by 0 */
} reg;

struct dispatch dispatch;

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
		if (dispatch.by_value[c->table][c->value] != 0)
			die("bug: protocols %s and %s claim the same value %u", p->name,
			    protos[dispatch.by_value[c->table][c->value] - 1]->name, c->value);
		dispatch.by_value[c->table][c->value] = (u8)(id + 1);
	}
}

static void take_names(unsigned id)
{
	const struct proto *p = protos[id];

	bool again = p->fields_of != NULL && strcmp(p->name, p->fields_of->name) == 0;

	if (!again)
		reg.names[reg.nnames++] = (struct reg_name) { p->name, -1, (int)id };
	for (unsigned f = 0; f < p->nfields; f++)
		if (p->fields[f].name != NULL)
			reg.names[reg.nnames++] =
				(struct reg_name) { p->fields[f].name, reg.runner[id].base + (int)f,
						    (int)id };
}

static unsigned find_proto(const struct proto *p)
{
	unsigned i = 0;

	while (protos[i] != p)
		i++;
	return i;
}

/* Is it found by a TCP or SCTP port, by a guess or where nobody claims the bytes? What UDP ports
 * name is looked up in any case, for the tunnels. */
static bool is_app(const struct proto *p)
{
	if (p->heur_tcp != NULL || p->heur_udp != NULL)
		return true;
	for (unsigned i = 0; i < p->nclaims; i++) {
		const struct claim *c = &p->claims[i];

		if (c->table == TBL_TCP || c->table == TBL_SCTP ||
		    (c->table == TBL_INNER && (c->value == INNER_DATA || c->value == INNER_DNS)))
			return true;
	}
	return p->fields_of != NULL && is_app(p->fields_of);
}

/* Field numbers: each protocol's begin at a multiple of 64, so that its want bits are words. */
static void number_fields(void)
{
	unsigned next = 0;

	for (unsigned i = 0; i < NPROTOS; i++) {
		struct runner *r = &reg.runner[i];

		r->proto = protos[i];
		r->dissect = protos[i]->dissect;
		r->leaf = protos[i]->flags & PROTO_LEAF;
		r->speaks = protos[i]->info != NULL;
		r->tunnel = protos[i]->flags & PROTO_TUNNEL;
		r->app = is_app(protos[i]);
		r->owner = (u8)i;
		r->base = (u16)next;
		next += (protos[i]->nfields + 63u) & ~63u;
		assert(next < FIELD_END);
	}
	reg.nfields = next;
	reg.owner = xcalloc(next / 64 + 1, 1);
	for (unsigned i = 0; i < NPROTOS; i++) {
		unsigned first = reg.runner[i].base / 64u;

		for (unsigned b = 0; b < (protos[i]->nfields + 63u) / 64; b++)
			reg.owner[first + b] = (u8)i;
		if (protos[i]->fields_of != NULL) {
			assert(protos[i]->nfields == 0);
			reg.runner[i].owner = (u8)find_proto(protos[i]->fields_of);
			reg.runner[i].base = reg.runner[reg.runner[i].owner].base;
		}
	}
}

static void take_heuristics(void)
{
	unsigned ntcp = 0, nudp = 0;

	for (unsigned i = 0; i < NPROTOS; i++) {
		if (protos[i]->heur_tcp != NULL)
			reg.heur_tcp[ntcp++] = (u8)(i + 1);
		if (protos[i]->heur_udp != NULL)
			reg.heur_udp[nudp++] = (u8)(i + 1);
	}
	dispatch.heur_tcp = reg.heur_tcp;
	dispatch.heur_udp = reg.heur_udp;
}

static void number_everything(void)
{
	unsigned names = NPROTOS;

	number_fields();
	take_heuristics();
	dispatch.runner = reg.runner;
	dispatch.frame = (u8)find_proto(&proto_frame);
	dispatch.eth = (u8)find_proto(&proto_eth);
	dispatch.ip = (u8)find_proto(&proto_ip);
	dispatch.ipv6 = (u8)find_proto(&proto_ipv6);
	for (unsigned t = 0; t < TBL_COUNT; t++) {
		dispatch.by_value[t] = xcalloc(table_size[t], 1);
		dispatch.size[t] = table_size[t];
	}
	for (unsigned i = 0; i < NPROTOS; i++)
		names += protos[i]->nfields;
	reg.names = xcalloc(names, sizeof *reg.names);
	for (unsigned i = 0; i < NPROTOS; i++) {
		take_claims(i);
		take_names(i);
	}
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
	return reg.nfields;
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
	unsigned f = id - reg.runner[reg.owner[id / 64]].base;

	return f < p->nfields && p->fields[f].name != NULL ? &p->fields[f] : NULL;
}

unsigned field_number(unsigned proto, unsigned f)
{
	return reg.runner[proto].base + f;
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

unsigned table_snap(u32 value)
{
	for (unsigned i = 0; i < reg.nsnap; i++)
		if (reg.snap[i].value == value)
			return reg.snap[i].id;
	return 0;
}
