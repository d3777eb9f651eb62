/* BPF expressions on frames: compiled once for each link type that comes. */
#include "tape/bpf.h"

#include "base/vec.h"

#include <pcap.h>

struct program {
	u16 link;
	bool good; /* the expression means something there */
	struct bpf_program code;
};

struct bpf {
	char *expr;
	VEC(struct program) programs; /* of the link types that came */
	struct err why;		      /* what was wrong for the last of those that are not good */
};

/* LINKTYPE_ values of files are DLT_ values but for a few (tcpdump.org/linktypes). */
static int dlt_of(u16 link)
{
	return link == 101 || link == 14 ? DLT_RAW : link;
}

static int compile(const char *expr, u16 link, struct bpf_program *code, struct err *e)
{
	pcap_t *p = pcap_open_dead(dlt_of(link), 1 << 18);
	int r = 0;

	if (p == NULL || pcap_compile(p, code, expr, 1, PCAP_NETMASK_UNKNOWN) < 0)
		r = err_set(e, "the capture filter '%.100s' is wrong: %s", expr,
			    p != NULL ? pcap_geterr(p) : "no memory");
	if (p != NULL)
		pcap_close(p);
	return r;
}

/* Does it mean something for any link type? e says what is wrong with it for the first. */
static int check(const char *expr, struct err *e)
{
	static const u16 links[] = { DLT_EN10MB, 101,	     DLT_LINUX_SLL2, DLT_LINUX_SLL,
				     DLT_NULL,	 DLT_PPP,    DLT_IEEE802_11, DLT_MTP2,
				     DLT_PFLOG,	 DLT_SUNATM, DLT_USB_LINUX,  DLT_IEEE802_11_RADIO };
	struct err first = ERR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct bpf_program code;

		if (compile(expr, links[i], &code, i == 0 ? &first : NULL) == 0) {
			pcap_freecode(&code);
			return 0;
		}
	}
	return err_set(e, "%s", first.text);
}

struct bpf *bpf_new(const char *expr, struct err *e)
{
	struct bpf *b;

	if (check(expr, e) < 0)
		return NULL;
	b = xcalloc(1, sizeof *b);
	b->expr = xstrdup(expr);
	return b;
}

void bpf_free(struct bpf *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->programs.n; i++)
		if (b->programs.v[i].good)
			pcap_freecode(&b->programs.v[i].code);
	VEC_FREE(&b->programs);
	free(b->expr);
	free(b);
}

bool bpf_match(struct bpf *b, const struct frame *f)
{
	struct program *g = NULL;

	for (size_t i = 0; i < b->programs.n && g == NULL; i++)
		if (b->programs.v[i].link == f->link)
			g = &b->programs.v[i];
	if (g == NULL) {
		g = VEC_PUSH(&b->programs);
		g->link = f->link;
		g->good = compile(b->expr, f->link, &g->code, &b->why) == 0;
	}
	return g->good && bpf_filter(g->code.bf_insns, f->data, f->len, f->caplen) != 0;
}

int bpf_end(const struct bpf *b, struct err *e)
{
	for (size_t i = 0; i < b->programs.n; i++)
		if (b->programs.v[i].good)
			return 0;
	return b->programs.n > 0 ? err_set(e, "%s", b->why.text) : 0;
}
