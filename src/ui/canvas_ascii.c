/* ASCII stand-ins for our drawing characters and for the commonest signs in texts. */
#include "ui/canvas_ascii.h"

struct stand_in {
	u16 ch;
	char ascii;
};

/* Sorted by code. */
static const struct stand_in table[] = {
	{ 0x00a0, ' ' }, { 0x00a7, 'S' }, { 0x00ab, '<' },  { 0x00b0, 'o' },  { 0x00b1, '~' },
	{ 0x00b5, 'u' }, { 0x00b7, '.' }, { 0x00bb, '>' },  { 0x00d7, 'x' },  { 0x00f7, '/' },
	{ 0x0394, 'd' }, { 0x03bc, 'u' }, { 0x2010, '-' },  { 0x2011, '-' },  { 0x2012, '-' },
	{ 0x2013, '-' }, { 0x2014, '-' }, { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201c, '"' },
	{ 0x201d, '"' }, { 0x2022, '*' }, { 0x2026, '~' },  { 0x2190, '<' },  { 0x2191, '^' },
	{ 0x2192, '>' }, { 0x2193, 'v' }, { 0x2194, '=' },  { 0x21b5, '<' },  { 0x21c4, '=' },
	{ 0x21d2, '>' }, { 0x2212, '-' }, { 0x221e, '8' },  { 0x2248, '~' },  { 0x2260, '!' },
	{ 0x2264, '<' }, { 0x2265, '>' }, { 0x23f5, '>' },  { 0x23f8, '=' },  { 0x23f9, '#' },
	{ 0x23fa, '*' }, { 0x25a0, '#' }, { 0x25a1, '.' },  { 0x25aa, '*' },  { 0x25b2, '^' },
	{ 0x25b4, '^' }, { 0x25b6, '>' }, { 0x25b8, '>' },  { 0x25bc, 'v' },  { 0x25be, 'v' },
	{ 0x25c0, '<' }, { 0x25c2, '<' }, { 0x25c6, '*' },  { 0x25c7, 'o' },  { 0x25cb, 'o' },
	{ 0x25cf, '*' }, { 0x2605, '*' }, { 0x2691, '!' },  { 0x26a0, '!' },  { 0x2713, '+' },
	{ 0x2714, '+' }, { 0x2717, 'x' }, { 0x2718, 'x' },  { 0x279c, '>' },  { 0x27a4, '>' },
};

/* Box drawing U+2500..257F: straight lines by shape, all else is a corner or a crossing. */
static u32 box(u32 ch)
{
	switch (ch) {
	case 0x2500:
	case 0x2504:
	case 0x2508:
	case 0x254c:
	case 0x2574:
	case 0x2576: return '-';
	case 0x2501:
	case 0x2505:
	case 0x2509:
	case 0x254d:
	case 0x2550:
	case 0x2578:
	case 0x257a:
	case 0x257c:
	case 0x257e: return '=';
	case 0x2502:
	case 0x2503:
	case 0x2506:
	case 0x2507:
	case 0x250a:
	case 0x250b:
	case 0x254e:
	case 0x254f:
	case 0x2551:
	case 0x2575:
	case 0x2577:
	case 0x2579:
	case 0x257b:
	case 0x257d:
	case 0x257f: return '|';
	case 0x2571: return '/';
	case 0x2572: return '\\';
	case 0x2573: return 'X';
	default: return '+';
	}
}

/* Block elements U+2580..259F. */
static u32 block(u32 ch)
{
	if (ch >= 0x2581 && ch <= 0x2583) /* lower eighths */
		return '_';
	if (ch >= 0x258c && ch <= 0x258f) /* left half and less */
		return '|';
	return ch == 0x2591 ? '.' : ch == 0x2592 ? ':' : '#';
}

u32 canvas_ascii(u32 ch)
{
	size_t lo = 0, hi = ARRAY_LEN(table);

	if (ch >= ' ' && ch < 0x7f)
		return ch;
	if (ch >= 0x2500 && ch <= 0x257f)
		return box(ch);
	if (ch >= 0x2580 && ch <= 0x259f)
		return block(ch);
	if (ch >= 0x2800 && ch <= 0x28ff) {
		static const char ramp[] = " ..:::###";

		return (u8)ramp[__builtin_popcount(ch & 0xff)];
	}
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (table[mid].ch == ch)
			return (u8)table[mid].ascii;
		if (table[mid].ch < ch)
			lo = mid + 1;
		else
			hi = mid;
	}
	return '?';
}
