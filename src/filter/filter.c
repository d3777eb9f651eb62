/* A filter's life: compiled, asked what it looks at, freed. */
#include "filter/node.h"

#include <stdlib.h>
#include <string.h>

int filter_compile(const char *text, size_t n, struct filter **out, struct err *e)
{
	struct filter *f;
	struct lexer x;
	struct err dummy = ERR_INIT;
	const char *nul;

	if (e == NULL)
		e = &dummy;
	*out = NULL;
	if (n > FILTER_TEXT_MAX)
		return err_set_at(e, FILTER_TEXT_MAX, "a filter may have %d bytes",
				  FILTER_TEXT_MAX);
	nul = n > 0 ? memchr(text, '\0', n) : NULL;
	if (nul != NULL)
		return err_set_at(e, (int)(nul - text), "a NUL byte has no meaning in a filter");
	registry_init();
	f = xcalloc(1, sizeof *f);
	arena_init(&f->arena);
	f->text = xstrndup(n > 0 ? text : "", n);
	lex_init(&x, f->text, n, &f->arena);
	f->root = parse(&x, f, e);
	if (f->root == NULL || check(f, &f->root, e) != 0) {
		filter_free(f);
		return -1;
	}
	*out = f;
	return 0;
}

void filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->regexes.n; i++)
		regex_free(f->regexes.v[i]);
	VEC_FREE(&f->regexes);
	VEC_FREE(&f->leaves);
	arena_fini(&f->arena);
	free(f->text);
	free(f);
}

int filter_check(const char *text, size_t n, struct err *e)
{
	struct filter *f;
	int rc = filter_compile(text, n, &f, e);

	filter_free(f);
	return rc;
}

int filter_wrong(const char *text, struct err *e)
{
	int n = 1;

	if (e == NULL || e->at < 0)
		return err_prefix(e, "filter");
	for (int i = 0; i < e->at && text[i] != '\0'; i++)
		n += ((u8)text[i] & 0xc0) != 0x80;
	return err_prefix(e, "filter, character %d", n);
}

const char *filter_text(const struct filter *f)
{
	return f->text;
}

void filter_want(const struct filter *f, struct plan *p)
{
	for (size_t i = 0; i < f->leaves.n; i++) {
		const struct node *n = f->leaves.v[i];

		for (u32 j = 0; j < n->nfields; j++)
			plan_want(p, n->fields[j]);
		/* A protocol that is looked into has to be read, so that its length is known. */
		if (n->op == N_PROTO)
			plan_want_proto(p, n->proto, n->looked_into);
	}
}

/* ---- what a verdict depends on ---- */

/* Fields that speak of earlier packets; a name that ends in '.' stands for all below it. */
static const struct {
	char name[32];
	u8 need;
} needs[] = {
	{ "tcp.stream", FILTER_NEEDS_FLOW },
	{ "tcp.seq", FILTER_NEEDS_FLOW },
	{ "tcp.ack", FILTER_NEEDS_FLOW },
	{ "tcp.nxtseq", FILTER_NEEDS_FLOW },
	{ "tcp.window_size", FILTER_NEEDS_FLOW },
	{ "tcp.window_size_scalefactor", FILTER_NEEDS_FLOW },
	{ "tcp.time_relative", FILTER_NEEDS_FLOW },
	{ "tcp.time_delta", FILTER_NEEDS_FLOW },
	{ "tcp.options.sack_le", FILTER_NEEDS_FLOW },
	{ "tcp.options.sack_re", FILTER_NEEDS_FLOW },
	{ "tcp.completeness", FILTER_NEEDS_FLOW },
	{ "tcp.analysis", FILTER_NEEDS_FLOW },
	{ "tcp.analysis.", FILTER_NEEDS_FLOW },
	{ "tapdeck.", FILTER_NEEDS_FLOW },
	{ "udp.stream", FILTER_NEEDS_FLOW },
	{ "udp.time_relative", FILTER_NEEDS_FLOW },
	{ "udp.time_delta", FILTER_NEEDS_FLOW },
	{ "frame.time_delta", FILTER_NEEDS_PREV },
	{ "frame.time_relative", FILTER_NEEDS_PREV },
	{ "frame.time_delta_displayed", FILTER_NEEDS_SHOWN },
};

static unsigned field_needs(unsigned field)
{
	const char *name = field_get(field)->name;
	unsigned all = proto_get(field_proto(field))->flags & PROTO_LEAF ? FILTER_NEEDS_LEAF : 0;

	for (unsigned i = 0; i < ARRAY_LEN(needs); i++) {
		size_t n = strlen(needs[i].name);

		if (needs[i].name[n - 1] == '.' ? strncmp(name, needs[i].name, n) == 0
						: strcmp(name, needs[i].name) == 0)
			all |= needs[i].need;
	}
	return all;
}

unsigned filter_needs(const struct filter *f)
{
	unsigned all = 0;

	for (size_t i = 0; i < f->leaves.n; i++) {
		const struct node *n = f->leaves.v[i];

		for (u32 j = 0; j < n->nfields; j++)
			all |= field_needs(n->fields[j]);
		if (n->op == N_PROTO && n->looked_into && proto_get(n->proto)->flags & PROTO_LEAF)
			all |= FILTER_NEEDS_LEAF;
	}
	return all;
}
