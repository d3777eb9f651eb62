/* A page to draw on, by way of cairo. */
#include "cmd/page.h"

#include "base/txt.h"
#include "config.h"

#if !HAVE_CAIRO

struct page *page_new(enum page_kind kind, double w, double h, int fd, struct err *e)
{
	(void)kind;
	(void)w;
	(void)h;
	(void)fd;
	err_set(e, "this tapdeck was built without the drawing library: install cairo with its "
		   "headers (libcairo2-dev, cairo-devel), then configure and make again");
	return NULL;
}

int page_close(struct page *p, struct err *e)
{
	(void)p;
	(void)e;
	return 0;
}

void page_pen(struct page *p, u32 color, double width)
{
	(void)p;
	(void)color;
	(void)width;
}

void page_dash(struct page *p, double on, double off)
{
	(void)p;
	(void)on;
	(void)off;
}

void page_move(struct page *p, double x, double y)
{
	(void)p;
	(void)x;
	(void)y;
}

void page_to(struct page *p, double x, double y)
{
	(void)p;
	(void)x;
	(void)y;
}

void page_stroke(struct page *p)
{
	(void)p;
}

void page_fill(struct page *p)
{
	(void)p;
}

void page_rect(struct page *p, double x, double y, double w, double h, u32 color, double alpha)
{
	(void)p;
	(void)x;
	(void)y;
	(void)w;
	(void)h;
	(void)color;
	(void)alpha;
}

void page_clip(struct page *p, double x, double y, double w, double h)
{
	(void)p;
	(void)x;
	(void)y;
	(void)w;
	(void)h;
}

void page_unclip(struct page *p)
{
	(void)p;
}

void page_text(struct page *p, double x, double y, enum page_align align, double size, bool bold,
	       const char *text)
{
	(void)p;
	(void)x;
	(void)y;
	(void)align;
	(void)size;
	(void)bold;
	(void)text;
}

void page_text_up(struct page *p, double x, double y, double size, const char *text)
{
	(void)p;
	(void)x;
	(void)y;
	(void)size;
	(void)text;
}

double page_text_width(struct page *p, double size, bool bold, const char *text)
{
	(void)p;
	(void)size;
	(void)bold;
	(void)text;
	return 0;
}

#else

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAMILY "sans-serif"

struct page {
	enum page_kind kind;
	cairo_surface_t *surface;
	cairo_t *c;
	int fd;
	int error; /* errno of a write that failed */
};

static cairo_status_t put(void *arg, const unsigned char *data, unsigned n)
{
	struct page *p = arg;

	while (n > 0) {
		ssize_t done = write(p->fd, data, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			p->error = done < 0 ? errno : EIO;
			return CAIRO_STATUS_WRITE_ERROR;
		}
		data += done;
		n -= (unsigned)done;
	}
	return CAIRO_STATUS_SUCCESS;
}

/* The same input makes the same file: no time of making is written into it. */
static cairo_surface_t *surface_new(struct page *p, double w, double h)
{
	cairo_surface_t *s = NULL;

	switch (p->kind) {
	case PAGE_SVG:
		s = cairo_svg_surface_create_for_stream(put, p, w, h);
		cairo_svg_surface_set_document_unit(s, CAIRO_SVG_UNIT_PT);
		break;
	case PAGE_PDF:
		s = cairo_pdf_surface_create_for_stream(put, p, w, h);
		cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, "");
		cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "tapdeck");
		break;
	case PAGE_PNG: s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)w, (int)h); break;
	}
	return s;
}

struct page *page_new(enum page_kind kind, double w, double h, int fd, struct err *e)
{
	struct page *p = xcalloc(1, sizeof *p);

	(void)e;
	p->kind = kind;
	p->fd = fd;
	p->surface = surface_new(p, w, h);
	p->c = cairo_create(p->surface);
	page_rect(p, 0, 0, w, h, 0xffffff, 1);
	cairo_set_line_join(p->c, CAIRO_LINE_JOIN_ROUND);
	return p;
}

int page_close(struct page *p, struct err *e)
{
	cairo_status_t r = cairo_status(p->c);
	int error;

	cairo_destroy(p->c);
	if (r == CAIRO_STATUS_SUCCESS && p->kind == PAGE_PNG)
		r = cairo_surface_write_to_png_stream(p->surface, put, p);
	cairo_surface_finish(p->surface);
	if (r == CAIRO_STATUS_SUCCESS)
		r = cairo_surface_status(p->surface);
	cairo_surface_destroy(p->surface);
	error = p->error;
	free(p);
	if (error != 0)
		return err_set(e, "the drawing cannot be written: %s", strerror(error));
	if (r != CAIRO_STATUS_SUCCESS)
		return err_set(e, "the drawing cannot be made: %s", cairo_status_to_string(r));
	return 0;
}

static void set_color(struct page *p, u32 color, double alpha)
{
	cairo_set_source_rgba(p->c, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0,
			      (color & 0xff) / 255.0, alpha);
}

void page_pen(struct page *p, u32 color, double width)
{
	set_color(p, color, 1);
	cairo_set_line_width(p->c, width);
}

void page_dash(struct page *p, double on, double off)
{
	cairo_set_dash(p->c, (double[]) { on, off }, on > 0 ? 2 : 0, 0);
}

void page_move(struct page *p, double x, double y)
{
	cairo_move_to(p->c, x, y);
}

void page_to(struct page *p, double x, double y)
{
	cairo_line_to(p->c, x, y);
}

void page_stroke(struct page *p)
{
	cairo_stroke(p->c);
}

void page_fill(struct page *p)
{
	cairo_close_path(p->c);
	cairo_fill(p->c);
}

void page_rect(struct page *p, double x, double y, double w, double h, u32 color, double alpha)
{
	set_color(p, color, alpha);
	cairo_rectangle(p->c, x, y, w, h);
	cairo_fill(p->c);
}

void page_clip(struct page *p, double x, double y, double w, double h)
{
	cairo_save(p->c);
	cairo_rectangle(p->c, x, y, w, h);
	cairo_clip(p->c);
}

void page_unclip(struct page *p)
{
	cairo_restore(p->c);
}

static double advance(struct page *p, double size, bool bold, const char *text)
{
	cairo_text_extents_t x;

	cairo_select_font_face(p->c, FAMILY, CAIRO_FONT_SLANT_NORMAL,
			       bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(p->c, size);
	cairo_text_extents(p->c, text, &x);
	return x.x_advance;
}

/* Text from anywhere: what is not for reading is escaped, so it is UTF-8 then. */
static const char *clean(struct txt *t, const char *text)
{
	txt_init(t);
	txt_escape(t, text, strlen(text));
	return txt_str(t);
}

double page_text_width(struct page *p, double size, bool bold, const char *text)
{
	struct txt t;
	double w = advance(p, size, bold, clean(&t, text));

	txt_fini(&t);
	return w;
}

void page_text(struct page *p, double x, double y, enum page_align align, double size, bool bold,
	       const char *text)
{
	struct txt t;
	const char *s = clean(&t, text);
	double w = advance(p, size, bold, s);

	cairo_move_to(p->c, align == AT_LEFT ? x : align == AT_RIGHT ? x - w : x - w / 2, y);
	cairo_show_text(p->c, s);
	cairo_new_path(p->c);
	txt_fini(&t);
}

void page_text_up(struct page *p, double x, double y, double size, const char *text)
{
	cairo_save(p->c);
	cairo_translate(p->c, x, y);
	cairo_rotate(p->c, -1.5707963267948966);
	page_text(p, 0, 0, AT_MIDDLE, size, false, text);
	cairo_restore(p->c);
}

#endif
