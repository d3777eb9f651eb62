/* The tests that a match can run. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "tape/tests.h"

#include "filter/filter.h"
#include "packet/show.h"

#include <ctype.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

/* ---- display filter ---- */

static void filter_test_want(const void *arg, struct plan *p)
{
	filter_want(arg, p);
}

static bool filter_test_pass(const void *arg, const struct pkt *k, struct txt *scratch)
{
	(void)scratch;
	return filter_match(arg, k);
}

static void filter_test_free(void *arg)
{
	filter_free(arg);
}

int test_from_filter(const char *text, struct test *out, struct err *e)
{
	struct filter *f;

	if (filter_compile(text, strlen(text), &f, e) < 0)
		return -1;
	*out = (struct test) { filter_test_want, filter_test_pass, filter_test_free, f };
	return 0;
}

/* ---- find ---- */

struct find {
	enum find_kind kind;
	u8 *bytes; /* FIND_HEX; FIND_TEXT in lower case */
	size_t n;
	pcre2_code *regex;
	pcre2_match_context *limits;
};

static void find_want(const void *arg, struct plan *p)
{
	const struct find *f = arg;

	if (f->kind != FIND_HEX)
		plan_want_info(p);
}

/* Everything that the list line says, without number and time. */
static void put_line(struct txt *t, const struct pkt *k)
{
	show_tunnels(t, k);
	show_src(t, k, true);
	txt_puts(t, " > ");
	show_dst(t, k, true);
	txt_putc(t, ' ');
	txt_puts(t, show_protocol(k));
	txt_putc(t, ' ');
	show_info(t, k);
	show_marks(t, k);
}

/* needle is in lower case. */
static bool contains_text(const u8 *p, size_t n, const u8 *needle, size_t m)
{
	for (size_t i = 0; i + m <= n; i++) {
		size_t j = 0;

		while (j < m && (u8)tolower(p[i + j]) == needle[j])
			j++;
		if (j == m)
			return true;
	}
	return false;
}

static bool matches_regex(const struct find *f, const void *p, size_t n)
{
	pcre2_match_data *md = pcre2_match_data_create(1, NULL);
	int r = md != NULL ? pcre2_match(f->regex, p, n, 0, 0, md, f->limits) : -1;

	pcre2_match_data_free(md);
	return r >= 0;
}

static bool find_pass(const void *arg, const struct pkt *k, struct txt *scratch)
{
	const struct find *f = arg;

	if (f->kind == FIND_HEX)
		return memmem(k->frame->data, k->frame->caplen, f->bytes, f->n) != NULL;
	txt_clear(scratch);
	put_line(scratch, k);
	if (f->kind == FIND_TEXT)
		return contains_text((const u8 *)scratch->s, scratch->n, f->bytes, f->n) ||
		       contains_text(k->frame->data, k->frame->caplen, f->bytes, f->n);
	return matches_regex(f, scratch->s, scratch->n) ||
	       matches_regex(f, k->frame->data, k->frame->caplen);
}

static void find_free(void *arg)
{
	struct find *f = arg;

	pcre2_code_free(f->regex);
	pcre2_match_context_free(f->limits);
	free(f->bytes);
	free(f);
}

static int parse_hex(struct find *f, const char *text, struct err *e)
{
	int half = -1;

	f->bytes = xmalloc(strlen(text) / 2 + 1);
	for (size_t i = 0; text[i] != '\0'; i++) {
		int c = tolower((u8)text[i]), v;

		if (half < 0 && (c == ' ' || c == ':' || c == '-' || c == '.'))
			continue;
		if (half < 0 && c == '0' && tolower((u8)text[i + 1]) == 'x') {
			i++;
			continue;
		}
		if (!isxdigit(c))
			return err_set_at(
				e, (int)i,
				"'%.40s' is not a row of bytes in hex such as de ad be ef", text);
		v = c <= '9' ? c - '0' : c - 'a' + 10;
		if (half < 0) {
			half = v;
		} else {
			f->bytes[f->n++] = (u8)(half << 4 | v);
			half = -1;
		}
	}
	if (half >= 0 || f->n == 0)
		return err_set(e, "'%.40s' has an odd number of hex digits; each byte has two",
			       text);
	return 0;
}

static int compile_regex(struct find *f, const char *text, struct err *e)
{
	PCRE2_SIZE at;
	int code;

	f->regex = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
				 PCRE2_CASELESS | PCRE2_NEVER_UTF, &code, &at, NULL);
	if (f->regex == NULL) {
		PCRE2_UCHAR why[120];

		pcre2_get_error_message(code, why, sizeof why);
		return err_set_at(e, (int)at, "the regular expression is wrong at character %d: %s",
				  (int)at + 1, why);
	}
	f->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(f->limits, 100000);
	return 0;
}

int test_from_find(enum find_kind kind, const char *text, struct test *out, struct err *e)
{
	struct find *f = xcalloc(1, sizeof *f);
	int r = 0;

	f->kind = kind;
	switch (kind) {
	case FIND_TEXT:
		f->n = strlen(text);
		f->bytes = (u8 *)xstrdup(text);
		for (size_t i = 0; i < f->n; i++)
			f->bytes[i] = (u8)tolower(f->bytes[i]);
		if (f->n == 0)
			r = err_set(e, "find what? Type a text behind find");
		break;
	case FIND_HEX: r = parse_hex(f, text, e); break;
	case FIND_REGEX: r = compile_regex(f, text, e); break;
	}
	if (r < 0) {
		find_free(f);
		return -1;
	}
	*out = (struct test) { find_want, find_pass, find_free, f };
	return 0;
}
