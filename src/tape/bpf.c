/* BPF expressions on frames: compiled once for each link type that comes. */
#include "tape/bpf.h"

#include "base/vec.h"

#include <pcap.h>

struct program {
	u16 link;
	struct bpf_program code;
};

struct bpf {
	char *expr;
	VEC(struct program) programs;
};

/* LINKTYPE_ values of files are DLT_ values but for a few (tcpdump.org/linktypes). */
static int dlt_of(u16 link)
{
	return link == 101 ? DLT_RAW : link;
}

static struct program *compile(struct bpf *b, u16 link, struct err *e)
{
	pcap_t *p = pcap_open_dead(dlt_of(link), 1 << 18);
	struct program *g = VEC_PUSH(&b->programs);

	g->link = link;
	if (p == NULL || pcap_compile(p, &g->code, b->expr, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		err_set(e, "the capture filter '%.100s' is wrong: %s", b->expr,
			p != NULL ? pcap_geterr(p) : "no memory");
		b->programs.n--;
		g = NULL;
	}
	if (p != NULL)
		pcap_close(p);
	return g;
}

struct bpf *bpf_new(const char *expr, struct err *e)
{
	struct bpf *b = xcalloc(1, sizeof *b);

	b->expr = xstrdup(expr);
	if (compile(b, DLT_EN10MB, e) == NULL) {
		bpf_free(b);
		return NULL;
	}
	return b;
}

void bpf_free(struct bpf *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->programs.n; i++)
		pcap_freecode(&b->programs.v[i].code);
	VEC_FREE(&b->programs);
	free(b->expr);
	free(b);
}

int bpf_match(struct bpf *b, const struct frame *f, struct err *e)
{
	struct program *g = NULL;

	for (size_t i = 0; i < b->programs.n && g == NULL; i++)
		if (b->programs.v[i].link == f->link)
			g = &b->programs.v[i];
	if (g == NULL && (g = compile(b, f->link, e)) == NULL)
		return -1;
	return bpf_filter(g->code.bf_insns, f->data, f->len, f->caplen) != 0;
}
