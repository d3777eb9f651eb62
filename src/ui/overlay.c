/* A page of text over the panes. */
#include "ui/overlay.h"

void overlay_init(struct overlay *o)
{
	*o = (struct overlay) { 0 };
	txt_init(&o->title);
	txt_init(&o->text);
}

void overlay_fini(struct overlay *o)
{
	txt_fini(&o->title);
	txt_fini(&o->text);
}

void overlay_show(struct overlay *o, const char *title, const char *text, size_t n, bool help)
{
	txt_clear(&o->title);
	txt_puts(&o->title, title);
	txt_clear(&o->text);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	txt_putn(&o->text, text, n);
	o->help = help;
	o->links = 0;
	o->open = true;
	o->list = (struct list) { 0 };
}

void overlay_link(struct overlay *o, const u64 *packets, int n)
{
	o->links = MIN(n, OVERLAY_LINKS);
	for (int i = 0; i < o->links; i++)
		o->link[i] = packets[i];
}

bool overlay_follow(struct overlay *o, u32 key, u64 *packet)
{
	if (!o->open || key < '1' || key >= '1' + (u32)o->links)
		return false;
	*packet = o->link[key - '1'];
	o->open = false;
	return true;
}

/* What stands in the frame's upper right corner. */
static const char *hint(const struct overlay *o, bool scrolls)
{
	return o->links > 1    ? "the numbers go there"
	       : o->links == 1 ? "1 goes there"
	       : scrolls       ? "Esc closes"
			       : NULL;
}

/* The next broken line of the text from *at; false at the end. */
static bool next_line(const struct overlay *o, size_t *at, const char **line, size_t *n)
{
	size_t take;

	if (*at >= o->text.n)
		return false;
	*line = o->text.s + *at;
	take = canvas_wrap(*line, o->text.n - *at, o->w);
	*at += take;
	*n = take;
	while (*n > 0 && ((*line)[*n - 1] == '\n' || (*line)[*n - 1] == ' '))
		(*n)--;
	return true;
}

/* The widest unbroken line. */
static int natural_width(const struct overlay *o)
{
	const char *p = o->text.s, *end = p + o->text.n;
	int w = canvas_width(o->title.s, o->title.n) + 2;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		if (!nl)
			nl = end;
		w = MAX(w, canvas_width(p, (size_t)(nl - p)));
		p = nl + 1;
	}
	return w;
}

static void draw_line(const struct overlay *o, const struct canvas *c, int y, const char *s,
		      size_t n)
{
	size_t indent = 0, key;

	while (indent < n && s[indent] == ' ')
		indent++;
	if (!o->help || (s > o->text.s && s[-1] != '\n')) { /* the rest of a broken line, too */
		canvas_putn(c, 0, y, STYLE_DEFAULT, s, n);
		return;
	}
	if (indent == 0) {
		canvas_putn(c, 0, y, STYLE_TITLE, s, n);
		return;
	}
	for (key = indent; key < n && !(s[key] == ' ' && key + 1 < n && s[key + 1] == ' ');)
		key++;
	if (key == n) /* no second part: plain text */
		canvas_putn(c, 0, y, STYLE_DEFAULT, s, n);
	else
		canvas_putn(c, canvas_putn(c, 0, y, STYLE_KEY, s, key), y, STYLE_DEFAULT, s + key,
			    n - key);
}

void overlay_draw(struct overlay *o, const struct canvas *screen)
{
	struct canvas frame, in;
	const char *line;
	size_t at = 0, n;
	u64 row = 0;
	int h;

	if (!o->open)
		return;
	o->w = CLAMP(natural_width(o), 1, MAX(screen->w - 6, 1));
	while (next_line(o, &at, &line, &n))
		row++;
	h = (int)MIN(row, (u64)MAX(screen->h - 4, 1));
	list_set(&o->list, row, h);

	frame = canvas_sub(screen, (screen->w - o->w - 4) / 2, (screen->h - h - 2) / 2, o->w + 4,
			   h + 2);
	o->area = frame;
	canvas_fill(&frame, 0, 0, frame.w, frame.h, STYLE_DEFAULT, ' ');
	in = canvas_box(&frame, true, txt_str(&o->title), hint(o, o->list.n > (u64)h));
	list_draw_thumb(&o->list, &frame, frame.w - 1, 1, STYLE_FOCUS);
	in = canvas_sub(&in, 1, 0, in.w - 2, in.h);
	at = 0;
	for (row = 0; next_line(o, &at, &line, &n) && row < o->list.top + (u64)h; row++)
		if (row >= o->list.top)
			draw_line(o, &in, (int)(row - o->list.top), line, n);
}

bool overlay_key(struct overlay *o, u32 key)
{
	i64 page = MAX(o->list.page - 1, 1);

	if (!o->open)
		return false;
	switch (key) {
	case KEYCODE_UP:
	case 'k': list_scroll(&o->list, -1); break;
	case KEYCODE_DOWN:
	case 'j': list_scroll(&o->list, 1); break;
	case KEYCODE_PGUP:
	case 'b': list_scroll(&o->list, -page); break;
	case KEYCODE_PGDN:
	case ' ': list_scroll(&o->list, page); break;
	case KEYCODE_HOME:
	case 'g': list_scroll(&o->list, -INT32_MAX); break;
	case KEYCODE_END:
	case 'G': list_scroll(&o->list, INT32_MAX); break;
	default: o->open = false; break; /* any other key goes back to the deck */
	}
	return true;
}

bool overlay_mouse(struct overlay *o, const struct mouse *m)
{
	if (!o->open)
		return false;
	if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN)
		list_scroll(&o->list, m->kind == MOUSE_WHEEL_UP ? -3 : 3);
	else if (m->kind == MOUSE_PRESS && (m->x < o->area.x || m->x >= o->area.x + o->area.w ||
					    m->y < o->area.y || m->y >= o->area.y + o->area.h))
		o->open = false;
	return true;
}
