/* TCP over a path that loses, delays and doubles, as a tap near the sender, near the receiver and
 * between them sees it. The truth about each packet: path_run() with the same settings. */
#include "caps.h"
#include "path.h"

enum { MOST = 8000 };

static void options(struct cap *c, const struct path_config *f, const struct path_packet *p,
		    const u32 *isn)
{
	struct buf *opt = cap_opt(c);

	if (p->flags & T_SYN) {
		putx(opt, "020405b4");
		if (f->sack)
			putx(opt, "0402 0101");
	}
	if (f->stamps) {
		putx(opt, "0101 080a");
		put32(opt, p->tsval);
		put32(opt, p->tsecr);
	}
	if (p->nsack == 0)
		return;
	putx(opt, "0101 05");
	put8(opt, 2 + 8u * p->nsack);
	for (unsigned b = 0; b < p->nsack; b++) {
		put32(opt, isn[0] + p->sack[b][0]);
		put32(opt, isn[0] + p->sack[b][1]);
	}
}

static void connection(struct cap *c, const struct path_config *f, u16 port)
{
	static struct path_packet tape[MOST];
	const u32 isn[2] = { cap_u32(c), cap_u32(c) };
	u32 n = path_run(f, tape, MOST);
	u64 begin = c->ns + 1000000000;

	for (u32 i = 0; i < n; i++) {
		const struct path_packet *p = &tape[i];
		struct buf *b = cap_new(c);
		bool back = p->side;

		c->ns = begin + (u64)(p->ts - tape[0].ts);
		options(c, f, p, isn);
		putfill(b, p->len);
		push_tcp(b, &(struct tcp) { .sport = back ? 5001 : port,
					    .dport = back ? port : 5001,
					    .seq = isn[back] + p->seq,
					    .ack = p->flags & T_ACK ? isn[!back] + p->ack : 0,
					    .flags = p->flags,
					    .win = p->win,
					    .opt = &c->opt });
		if (back)
			cap_swap(c);
		push_ip4(b,
			 &(struct ip4) {
				 .src = c->a.ip, .dst = c->b.ip, .id = p->ip_id, .frag = 0x4000 });
		cap_eth(c, b);
		if (back)
			cap_swap(c);
	}
}

static void make(struct cap *c, unsigned scene)
{
	for (unsigned i = 0; i < PATH_PER_SCENE; i++) {
		struct path_config f = path_scene_config(scene, i);

		connection(c, &f, (u16)(50001 + i));
	}
}

static void make_sender(struct cap *c)
{
	make(c, 0);
}

static void make_between(struct cap *c)
{
	make(c, 1);
}

static void make_receiver(struct cap *c)
{
	make(c, 2);
}

const struct scen scen_path[] = {
	{ "tcp-path-sender.pcap", GOOD, 1, make_sender,
	  "TCP with loss before and behind the tap, reordering, doubling; tapped near the sender" },
	{ "tcp-path-between.pcap", GOOD, 1, make_between, "the same between both ends" },
	{ "tcp-path-receiver.pcap", GOOD, 1, make_receiver, "the same near the receiver" },
	{ 0 },
};
