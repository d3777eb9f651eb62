/* What fits at the cursor, and which name was probably meant. */
#include "filter/node.h"

#include <string.h>

struct state {
	struct filter_place place;
	u32 slices; /* open brackets do not nest; sets and functions do */
	unsigned sets, parens;
};

/* Behind a name: an operator, or the end of the test. */
static void after_word(struct state *s, const struct lexer *x)
{
	if (s->place.expect == FILTER_EXPECT_OPERAND) {
		s->place.expect = FILTER_EXPECT_OPERATOR;
		s->place.field = field_find(x->s, x->len);
	} else {
		s->place.expect = s->sets > 0 ? FILTER_EXPECT_VALUE : FILTER_EXPECT_LOGIC;
	}
}

static void after_token(struct state *s, const struct lexer *x)
{
	switch (x->tok) {
	case TOK_WORD: after_word(s, x); break;
	case TOK_STRING:
	case TOK_CHAR:
		s->place.expect = s->sets > 0 ? FILTER_EXPECT_VALUE : FILTER_EXPECT_LOGIC;
		break;
	case TOK_AND:
	case TOK_OR:
	case TOK_XOR:
	case TOK_NOT:
	case TOK_ANY:
	case TOK_ALL:
	case TOK_LPAREN: s->place.expect = FILTER_EXPECT_OPERAND; break;
	case TOK_RPAREN: s->place.expect = FILTER_EXPECT_OPERATOR; break;
	case TOK_RBRACKET: s->place.expect = FILTER_EXPECT_OPERATOR; break;
	case TOK_LBRACKET:
	case TOK_HASH: s->place.expect = FILTER_EXPECT_NOTHING; break;
	case TOK_LBRACE:
		s->sets++;
		s->place.expect = FILTER_EXPECT_VALUE;
		break;
	case TOK_RBRACE:
		s->sets -= s->sets > 0;
		s->place.expect = FILTER_EXPECT_LOGIC;
		break;
	case TOK_COMMA:
	case TOK_DOTDOT:
		s->place.expect = s->sets > 0 ? FILTER_EXPECT_VALUE : FILTER_EXPECT_OPERAND;
		break;
	case TOK_ANY_EQ:
	case TOK_ALL_NE:
	case TOK_ALL_EQ:
	case TOK_ANY_NE:
	case TOK_GT:
	case TOK_GE:
	case TOK_LT:
	case TOK_LE:
	case TOK_CONTAINS:
	case TOK_MATCHES:
	case TOK_PLUS:
	case TOK_MINUS:
	case TOK_STAR:
	case TOK_SLASH:
	case TOK_PERCENT:
	case TOK_BITAND: s->place.expect = FILTER_EXPECT_VALUE; break;
	case TOK_IN:
	case TOK_END:
	case TOK_BAD: s->place.expect = FILTER_EXPECT_NOTHING; break;
	}
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-' || c == ':';
}

void filter_place(const char *text, size_t n, size_t cursor, struct filter_place *out)
{
	struct state s = { .place = { .expect = FILTER_EXPECT_OPERAND, .field = -1 } };
	struct arena a;
	struct lexer x;
	u32 from = (u32)MIN(MIN(cursor, n), (size_t)FILTER_TEXT_MAX), at = from;

	registry_init();
	while (from > 0 && is_name_byte(text[from - 1]))
		from--;
	arena_init(&a);
	lex_init(&x, text, from, &a);
	for (lex_next(&x); x.tok != TOK_END; lex_next(&x)) {
		after_token(&s, &x);
		if (x.tok == TOK_BAD)
			break;
		if (x.tok == TOK_LBRACKET) { /* ranges are no words of the language */
			const char *close = memchr(x.text + x.at, ']', x.n - x.at);

			if (close == NULL)
				break;
			x.at = (u32)(close - x.text) + 1;
			s.place.expect = FILTER_EXPECT_OPERATOR;
		}
	}
	arena_fini(&a);
	s.place.from = from == at ? at : from;
	*out = s.place;
}

/* ---- did you mean ---- */

enum { NAME_CAP = 48 };

/* Insertions, deletions, changes and swaps of neighbours that turn a into b; more than `most` is
 * all the same. */
static unsigned distance(const char *a, size_t na, const char *b, size_t nb, unsigned most)
{
	u8 row[3][NAME_CAP + 1];
	u8 *two = row[0], *one = row[1], *cur = row[2], *t;

	for (size_t j = 0; j <= nb; j++)
		one[j] = (u8)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned best = cur[0] = (u8)i;

		for (size_t j = 1; j <= nb; j++) {
			unsigned d = one[j - 1] + (a[i - 1] != b[j - 1]);

			d = MIN(d, one[j] + 1u);
			d = MIN(d, cur[j - 1] + 1u);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = MIN(d, two[j - 2] + 1u);
			cur[j] = (u8)d;
			best = MIN(best, d);
		}
		if (best > most)
			return most + 1;
		t = two;
		two = one;
		one = cur;
		cur = t;
	}
	return one[nb];
}

const char *nearest_name(const char *s, size_t n)
{
	char low[NAME_CAP];
	const char *found = NULL;
	unsigned best = n < 4 ? 1 : n < 10 ? 2 : 3;

	if (n == 0 || n > NAME_CAP)
		return NULL;
	for (size_t i = 0; i < n; i++)
		low[i] = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 32) : s[i];
	for (unsigned i = 0; i < registry_nnames(); i++) {
		const char *name = registry_name(i)->name;
		size_t len = strlen(name);
		unsigned d;

		if (len > NAME_CAP || len + best < n || n + best < len)
			continue;
		d = distance(low, n, name, len, best);
		if (d < best || (d == best && found == NULL)) {
			found = name;
			best = d;
		}
	}
	return found;
}
