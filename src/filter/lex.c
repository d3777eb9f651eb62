/* The words of a display filter. */
#include "filter/node.h"

#include "base/txt.h"
#include "base/utf8.h"

#include <string.h>

static const struct {
	char text[12];
	u8 tok;
} words[] = {
	{ "and", TOK_AND },	    { "or", TOK_OR },
	{ "xor", TOK_XOR },	    { "not", TOK_NOT },
	{ "any", TOK_ANY },	    { "all", TOK_ALL },
	{ "in", TOK_IN },	    { "contains", TOK_CONTAINS },
	{ "matches", TOK_MATCHES }, { "eq", TOK_ANY_EQ },
	{ "any_eq", TOK_ANY_EQ },   { "ne", TOK_ALL_NE },
	{ "all_ne", TOK_ALL_NE },   { "all_eq", TOK_ALL_EQ },
	{ "any_ne", TOK_ANY_NE },   { "gt", TOK_GT },
	{ "ge", TOK_GE },	    { "lt", TOK_LT },
	{ "le", TOK_LE },	    { "bitwise_and", TOK_BITAND },
	{ "bitand", TOK_BITAND },
};

/* Longer ones before their own beginnings. */
static const struct {
	char text[4];
	u8 tok;
} signs[] = {
	{ "===", TOK_ALL_EQ }, { "!==", TOK_ANY_NE }, { "==", TOK_ANY_EQ }, { "!=", TOK_ALL_NE },
	{ "~=", TOK_ANY_NE },  { ">=", TOK_GE },      { "<=", TOK_LE },	    { "&&", TOK_AND },
	{ "||", TOK_OR },      { "^^", TOK_XOR },     { "..", TOK_DOTDOT }, { ">", TOK_GT },
	{ "<", TOK_LT },       { "~", TOK_MATCHES },  { "!", TOK_NOT },	    { "&", TOK_BITAND },
	{ "(", TOK_LPAREN },   { ")", TOK_RPAREN },   { "{", TOK_LBRACE },  { "}", TOK_RBRACE },
	{ "[", TOK_LBRACKET }, { "]", TOK_RBRACKET }, { ",", TOK_COMMA },   { "#", TOK_HASH },
	{ "+", TOK_PLUS },     { "-", TOK_MINUS },    { "*", TOK_STAR },    { "/", TOK_SLASH },
	{ "%", TOK_PERCENT },
};

void lex_init(struct lexer *x, const char *text, size_t n, struct arena *a)
{
	*x = (struct lexer) { .text = text, .n = (u32)n, .arena = a, .err = ERR_INIT };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte i places behind the lexer, NUL at the end. */
static char peek(const struct lexer *x, u32 i)
{
	return x->at + i < x->n ? x->text[x->at + i] : '\0';
}

static void bad(struct lexer *x, u32 at, const char *text)
{
	err_set_at(&x->err, (int)at, "%s", text);
	x->tok = TOK_BAD;
}

/* Text of the filter made fit for a sentence: escaped and not too long. */
const char *quote(struct arena *a, const char *s, size_t n)
{
	enum { SHOWN = 48 };
	struct txt t;
	const char *r;

	txt_init(&t);
	txt_escape(&t, s, MIN(n, SHOWN));
	if (n > SHOWN)
		txt_puts(&t, "...");
	r = arena_strndup(a, t.s, t.n);
	txt_fini(&t);
	return r;
}

const char *lex_quote(struct lexer *x)
{
	if (x->tok == TOK_END)
		return "the end";
	return arena_printf(x->arena, "'%s'", quote(x->arena, x->text + x->from, x->at - x->from));
}

/* ---- quoted text ---- */

static bool put_hex(struct lexer *x, struct txt *t, unsigned least, unsigned most, bool ucn)
{
	u32 from = x->at - 2, v = 0;
	unsigned n = 0;
	char utf8[4];

	for (; n < most && hex_value(peek(x, 0)) >= 0; n++, x->at++)
		v = v << 4 | (u32)hex_value(peek(x, 0));
	if (n < least) {
		bad(x, from,
		    ucn ? "\\u takes four hex digits, \\U eight"
			: "\\x takes one or two hex digits");
		return false;
	}
	if (!ucn) {
		txt_putc(t, (char)v);
		return true;
	}
	if (v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff)) {
		bad(x, from, "this is not a Unicode character");
		return false;
	}
	txt_putn(t, utf8, (size_t)utf8_encode(v, utf8));
	return true;
}

static bool put_octal(struct lexer *x, struct txt *t)
{
	u32 from = x->at - 1, v = 0;

	for (int n = 0; n < 3 && peek(x, 0) >= '0' && peek(x, 0) <= '7'; n++)
		v = v * 8 + (u32)(x->text[x->at++] - '0');
	if (v > 255) {
		bad(x, from, "an octal escape cannot be above \\377");
		return false;
	}
	txt_putc(t, (char)v);
	return true;
}

/* Behind a backslash. */
static bool put_escape(struct lexer *x, struct txt *t)
{
	static const char from[] = "'\"\\abfnrtv", to[] = "'\"\\\a\b\f\n\r\t\v";
	u32 at = x->at - 1;
	char c = peek(x, 0);
	const char *p = c != '\0' ? strchr(from, c) : NULL;

	if (c >= '0' && c <= '7')
		return put_octal(x, t);
	if (x->at < x->n)
		x->at++;
	if (p != NULL) {
		txt_putc(t, to[p - from]);
		return true;
	}
	switch (c) {
	case 'x': return put_hex(x, t, 1, 2, false);
	case 'u': return put_hex(x, t, 4, 4, true);
	case 'U': return put_hex(x, t, 8, 8, true);
	}
	bad(x, at,
	    "this is no escape; write \\\\ for a backslash, or r\"...\" for text without escapes");
	return false;
}

static void lex_quoted(struct lexer *x, char end, bool raw)
{
	struct txt t;
	bool good = true;

	txt_init(&t);
	while (good && x->at < x->n && x->text[x->at] != end) {
		char c = x->text[x->at++];

		if (c == '\\' && raw && x->at < x->n) {
			txt_putc(&t, c);
			txt_putc(&t, x->text[x->at++]);
		} else if (c == '\\' && !raw) {
			good = put_escape(x, &t);
		} else {
			txt_putc(&t, c);
		}
	}
	x->tok = end == '"' ? TOK_STRING : TOK_CHAR;
	x->s = arena_strndup(x->arena, t.n > 0 ? t.s : "", t.n);
	x->len = (u32)t.n;
	if (!good)
		x->tok = TOK_BAD;
	else if (x->at >= x->n)
		bad(x, x->from,
		    end == '"' ? "the closing \" is missing" : "the closing ' is missing");
	else if (end == '\'' && t.n != 1)
		bad(x, x->from, "'...' holds one character; text stands in double quotes");
	x->at++;
	x->at = MIN(x->at, x->n);
	txt_fini(&t);
}

/* ---- words ---- */

/* May a prefix length follow? What was read looks like an IPv4 or IPv6 address. */
static bool is_address(const char *s, u32 n)
{
	u32 dots = 0, colons = 0, digits = 0;

	for (u32 i = 0; i < n; i++) {
		dots += s[i] == '.';
		colons += s[i] == ':';
		digits += is_digit(s[i]);
	}
	return colons >= 2 || (dots == 3 && digits + dots == n);
}

static void lex_word(struct lexer *x)
{
	u32 n;

	for (; x->at < x->n; x->at++) {
		char c = peek(x, 0), next = peek(x, 1);

		if (is_word(c) || c == ':')
			continue;
		if (c == '.' && (is_word(next) || next == ':'))
			continue;
		if (c == '-' && is_word(next))
			continue;
		if (c == '/' && is_digit(next) && is_address(x->text + x->from, x->at - x->from))
			continue;
		break;
	}
	n = x->at - x->from;
	x->tok = TOK_WORD;
	for (unsigned i = 0; i < ARRAY_LEN(words); i++)
		if (n == strlen(words[i].text) && memcmp(x->text + x->from, words[i].text, n) == 0)
			x->tok = words[i].tok;
	x->s = x->text + x->from;
	x->len = n;
}

static void lex_sign(struct lexer *x)
{
	for (unsigned i = 0; i < ARRAY_LEN(signs); i++) {
		size_t n = strlen(signs[i].text);

		if (n <= x->n - x->at && memcmp(x->text + x->at, signs[i].text, n) == 0) {
			x->at += (u32)n;
			x->tok = signs[i].tok;
			return;
		}
	}
	x->at++;
	switch (x->text[x->from]) {
	case '=': bad(x, x->from, "'=' is no operator here; write '==' for equal"); return;
	case '|': bad(x, x->from, "'|' is no operator here; write '||' or 'or'"); return;
	case '^': bad(x, x->from, "'^' is no operator here; write '^^' or 'xor'"); return;
	case '$':
		bad(x, x->from, "references to a selected packet, ${...}, are not known here");
		return;
	}
	err_set_at(&x->err, (int)x->from, "'%s' has no meaning outside of double quotes",
		   quote(x->arena, x->text + x->from, 1));
	x->tok = TOK_BAD;
}

void lex_next(struct lexer *x)
{
	char c;

	if (x->tok == TOK_BAD)
		return;
	while (x->at < x->n && strchr(" \t\r\n", x->text[x->at]) != NULL && x->text[x->at] != '\0')
		x->at++;
	x->from = x->at;
	x->tok = TOK_END;
	if (x->at >= x->n)
		return;
	c = peek(x, 0);
	if ((c == 'r' || c == 'R') && peek(x, 1) == '"') {
		x->at += 2;
		lex_quoted(x, '"', true);
	} else if (c == '"' || c == '\'') {
		x->at++;
		lex_quoted(x, c, false);
	} else if (is_word(c) || (c == ':' && (peek(x, 1) == ':' || hex_value(peek(x, 1)) >= 0))) {
		lex_word(x);
	} else {
		lex_sign(x);
	}
}

/* ---- the language's own words, for completion and help ---- */

const char *filter_operator(unsigned i)
{
	static const char *const list[] = { "==",  "!=",  ">",	 "<",	">=", "<=",	  "===",
					    "!==", "&",	  "&&",	 "||",	"in", "contains", "matches",
					    "eq",  "ne",  "gt",	 "lt",	"ge", "le",	  "and",
					    "or",  "xor", "not", "any", "all" };

	return i < ARRAY_LEN(list) ? list[i] : NULL;
}

static const char *const functions[] = { "upper",  "lower", "len", "count",
					 "string", "max",   "min", "abs" };

const char *filter_function(unsigned i)
{
	return i < ARRAY_LEN(functions) ? functions[i] : NULL;
}

const char *func_name(enum func f)
{
	return functions[f];
}

enum func func_find(const char *s, size_t n)
{
	for (unsigned i = 0; i < ARRAY_LEN(functions); i++)
		if (strlen(functions[i]) == n && memcmp(functions[i], s, n) == 0)
			return (enum func)i;
	return F_NONE;
}
