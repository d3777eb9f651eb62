/* One sentence about what went wrong, and memory that is there or the program is not. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set(struct err *e, int at, const char *fmt, va_list ap) PRINTF_LIKE(3, 0);

static int set(struct err *e, int at, const char *fmt, va_list ap)
{
	if (e != NULL) {
		vsnprintf(e->text, sizeof e->text, fmt, ap);
		e->at = at;
	}
	return -1;
}

int err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, -1, fmt, ap);
	va_end(ap);
	return -1;
}

int err_set_at(struct err *e, int at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, at, fmt, ap);
	va_end(ap);
	return -1;
}

int err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof e->text];
	va_list ap;
	size_t n;

	if (e == NULL)
		return -1;
	memcpy(old, e->text, sizeof old);
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof e->text - 2, fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	memcpy(e->text + n, ": ", 3);
	n += 2;
	memcpy(e->text + n, old, MIN(sizeof e->text - n, sizeof old));
	e->text[sizeof e->text - 1] = '\0';
	return -1;
}

void die(const char *fmt, ...)
{
	va_list ap;

	fputs("tapdeck: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

void *xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (p == NULL)
		die("out of memory (wanted %zu bytes)", n);
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		die("out of memory (wanted %zu times %zu bytes)", n, size);
	return p;
}

void *xrealloc(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (p == NULL)
		die("out of memory (wanted %zu bytes)", n);
	return p;
}

char *xstrndup(const char *s, size_t n)
{
	size_t len = n > 0 ? strnlen(s, n) : 0;
	char *p = xmalloc(len + 1);

	if (len > 0) /* s may be NULL where there is nothing of it */
		memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}
