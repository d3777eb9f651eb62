/* Regular expressions for `matches`: PCRE2, compiled once, with bounded work. */
#include "filter/node.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdlib.h>

enum {
	PATTERN_MAX = 8192,
	MATCH_LIMIT = 100 * 1000, /* steps of one search */
	HEAP_LIMIT = 4 * 1024,	  /* KiB */
	SPARES = 4,
};

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
	/* Match data that is not in use: each search takes one and puts it back. */
	pcre2_match_data *spare[SPARES]; /* touched by atomic exchange only */
};

struct regex *regex_new(const char *s, size_t n, u32 at, struct err *e)
{
	struct regex *r;
	PCRE2_SIZE where = 0;
	PCRE2_UCHAR text[160];
	int code;
	pcre2_code *c;

	if (n > PATTERN_MAX) {
		err_set_at(e, (int)at, "a regular expression may have %d bytes", PATTERN_MAX);
		return NULL;
	}
	c = pcre2_compile((PCRE2_SPTR)s, n, PCRE2_CASELESS | PCRE2_NEVER_UTF, &code, &where, NULL);
	if (c == NULL) {
		pcre2_get_error_message(code, text, sizeof text);
		err_set_at(e, (int)(at + 1 + where), "in this regular expression: %s",
			   (char *)text);
		return NULL;
	}
	pcre2_jit_compile(c, PCRE2_JIT_COMPLETE); /* where it cannot, the interpreter serves */
	r = xcalloc(1, sizeof *r);
	r->code = c;
	r->limits = pcre2_match_context_create(NULL);
	if (r->limits == NULL)
		die("out of memory");
	pcre2_set_match_limit(r->limits, MATCH_LIMIT);
	pcre2_set_heap_limit(r->limits, HEAP_LIMIT);
	return r;
}

void regex_free(struct regex *r)
{
	if (r == NULL)
		return;
	for (unsigned i = 0; i < SPARES; i++)
		pcre2_match_data_free(r->spare[i]);
	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
	free(r);
}

static pcre2_match_data *take(struct regex *r)
{
	pcre2_match_data *m = NULL;

	for (unsigned i = 0; i < SPARES && m == NULL; i++)
		m = __atomic_exchange_n(&r->spare[i], NULL, __ATOMIC_ACQ_REL);
	if (m == NULL)
		m = pcre2_match_data_create(1, NULL);
	if (m == NULL)
		die("out of memory");
	return m;
}

static void put_back(struct regex *r, pcre2_match_data *m)
{
	for (unsigned i = 0; i < SPARES && m != NULL; i++) {
		pcre2_match_data *none = NULL;

		if (__atomic_compare_exchange_n(&r->spare[i], &none, m, false, __ATOMIC_ACQ_REL,
						__ATOMIC_RELAXED))
			m = NULL;
	}
	pcre2_match_data_free(m);
}

bool regex_match(struct regex *r, const u8 *p, size_t n)
{
	pcre2_match_data *m = take(r);
	int rc = pcre2_match(r->code, p, n, 0, 0, m, r->limits);

	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(r->code, p, n, 0, PCRE2_NO_JIT, m, r->limits);
	put_back(r, m);
	return rc >= 0;
}
