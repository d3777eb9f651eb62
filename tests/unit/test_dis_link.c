/* The link layer and the tunnels: what a list line says of each, the fields that matter, what wrong
 * bytes earn; and every frame at every length and with every byte turned over. */
#include "app.h"

#define UDP "4500 0021 0001 0000 4011 66c9 0a000001 0a000002 03e8 07d0 000d 0000 'hello'"
#define MACS "020000000001 00163e112233 "
#define BARE MACS "0800 " UDP
#define SAID "10.0.0.1:1000 > 10.0.0.2:2000  UDP  len 5"
/* IPv4 to protocol 47 with n bytes behind the header; UDP to a port. */
#define GRE(len) MACS "0800 4500 " len " 0001 0000 402f 0000 c0a80001 c0a80002 "
#define TO(iplen, port, len)                                                                       \
	MACS "0800 4500 " iplen " 0001 0000 4011 0000 c0a80001 c0a80002 c350 " port " " len " 000" \
											    "0 "
#define ARP(op, sender, target, where) \
	MACS "0806 0001 0800 06 04 " op " 00163e112233 " sender " " target " " where
#define LLDP "0180c200000e 00163e112233 88cc "
#define CHASSIS "0207 04 00163e112233 0405 05 'eth0' "
#define SES(len) MACS "8864 11 00 0005 " len " "

struct expected {
	const char *field, *value; /* values joined by ';' */
};

static const struct frame_case {
	const char *name;
	u16 link;
	const char *hex;
	const char *line; /* tunnels, ends, protocol, info and marks, as the list has them */
	struct expected want[5];
} cases[] = {
	/* ---- Ethernet: what stands behind the network packet ---- */
	{ "padding",
	  1,
	  BARE "00 0000 0000 0000 0000 0000 0000",
	  SAID,
	  { { "eth.padding", "00000000000000000000000000" },
	    { "eth.dst.lg", "1" },
	    { "frame.protocols", "eth:ethertype:ip:udp:data" } } },
	{ "padding and FCS",
	  1,
	  BARE "00 0000 0000 0000 0000 0000 0000 deadbeef",
	  SAID,
	  { { "eth.padding", "00000000000000000000000000" }, { "eth.fcs", "0xdeadbeef" } } },
	{ "too short for padding",
	  1,
	  BARE "0102",
	  SAID " [trailing bytes]",
	  { { "eth.trailer", "0102" }, { "eth.padding", "" } } },
	{ "group source",
	  1,
	  "020000000001 010203040506 0800 " UDP,
	  SAID " [bad value]",
	  { { "eth.src.ig", "1" } } },
	{ "length past the end",
	  1,
	  MACS "0020 424203 0000 00 80",
	  "00:16:3e:11:22:33 > 02:00:00:00:00:01  STP  Topology change notification [bad length]",
	  { { "eth.len", "32" }, { "stp.type", "0x80" } } },
	{ "neither length nor type",
	  1,
	  MACS "05ff 0102",
	  "00:16:3e:11:22:33 > 02:00:00:00:00:01  ETH  Type 0x05ff [bad value]",
	  { { "eth.invalid_lentype", "0x05ff" }, { "eth.type", "" } } },
	{ "SNAP",
	  1,
	  MACS "0029 aaaa03 000000 0800 " UDP,
	  SAID,
	  { { "llc.oui", "0" },
	    { "llc.type", "0x0800" },
	    { "frame.protocols", "eth:llc:ip:udp:data" } } },

	/* ---- tags ---- */
	{ "VLAN",
	  1,
	  MACS "8100 b064 0800 " UDP,
	  "VLAN 100 > " SAID,
	  { { "vlan.id", "100" }, { "vlan.priority", "5" }, { "vlan.dei", "1" } } },
	{ "QinQ",
	  1,
	  MACS "88a8 0064 8100 00c8 0800 " UDP,
	  "S-VLAN 100 > VLAN 200 > " SAID,
	  { { "ieee8021ad.id", "100" }, { "vlan.id", "200" } } },
	{ "two service tags",
	  1,
	  MACS "88a8 0064 88a8 00c8 0800 " UDP,
	  "S-VLAN 100 VLAN 200 > " SAID,
	  { { "ieee8021ad.svid", "100" }, { "ieee8021ad.cvid", "200" }, { "ieee8021ad.id", "" } } },
	{ "padding below a tag is Ethernet's",
	  1,
	  MACS "8100 0064 0800 " UDP "00 0000 0000 0000 00 00",
	  "VLAN 100 > " SAID,
	  { { "eth.padding", "000000000000000000" }, { "vlan.trailer", "" } } },

	/* ---- ARP ---- */
	{ "ARP request",
	  1,
	  ARP("0001", "0a000001", "000000000000", "0a000002"),
	  "00:16:3e:11:22:33 > 02:00:00:00:00:01  ARP  Who has 10.0.0.2? Tell 10.0.0.1",
	  { { "arp.isgratuitous", "" }, { "arp.src.proto_ipv4", "10.0.0.1" } } },
	{ "ARP probe",
	  1,
	  ARP("0001", "00000000", "000000000000", "0a000002"),
	  "00:16:3e:11:22:33 > 02:00:00:00:00:01  ARP  Who has 10.0.0.2? (probe)",
	  { { "arp.isprobe", "1" } } },
	{ "ARP announcement",
	  1,
	  ARP("0001", "0a000001", "000000000000", "0a000001"),
	  "00:16:3e:11:22:33 > 02:00:00:00:00:01  ARP  "
	  "Announcement: 10.0.0.1 is at 00:16:3e:11:22:33",
	  { { "arp.isannouncement", "1" }, { "arp.isgratuitous", "1" }, { "arp.isprobe", "" } } },
	{ "gratuitous reply",
	  1,
	  ARP("0002", "0a000001", "ffffffffffff", "0a000001"),
	  "00:16:3e:11:22:33 > 02:00:00:00:00:01  ARP  "
	  "Gratuitous reply: 10.0.0.1 is at 00:16:3e:11:22:33",
	  { { "arp.isgratuitous", "1" }, { "arp.isannouncement", "" } } },

	/* ---- LLDP ---- */
	{ "LLDP",
	  1,
	  LLDP CHASSIS "0602 0078 0a02 'sw' 0000",
	  "00:16:3e:11:22:33 > 01:80:c2:00:00:0e  LLDP  "
	  "sw chassis 00:16:3e:11:22:33 port eth0 for 120 s",
	  { { "lldp.time_to_live", "120" }, { "lldp.port.id", "eth0" } } },
	{ "LLDP out of order",
	  1,
	  LLDP "0602 0078 0000",
	  "00:16:3e:11:22:33 > 01:80:c2:00:00:0e  LLDP  port  [bad value]",
	  { { "lldp.time_to_live", "" } } },
	{ "an object identifier",
	  1,
	  LLDP CHASSIS "0602 0078 1013 05 01 0a000001 03 00000007 07 2b060104018f65 0000",
	  "00:16:3e:11:22:33 > 01:80:c2:00:00:0e  LLDP  "
	  "chassis 00:16:3e:11:22:33 port eth0 for 120 s",
	  { { "lldp.mgn.obj.id", "1.3.6.1.4.1.2021" }, { "lldp.mgn.addr.ip4", "10.0.0.1" } } },

	/* ---- MPLS ---- */
	{ "a label stack",
	  1,
	  MACS "8847 00010040 00064140 " UDP,
	  "MPLS 16/100 > " SAID,
	  { { "mpls.label", "16;100" }, { "mpls.bottom", "0;1" } } },
	{ "a pseudowire with control word",
	  1,
	  MACS "8847 00064140 00000005 " BARE,
	  "MPLS 100 > PW > " SAID,
	  { { "pweth.cw.sequence_number", "5" }, { "eth.type", "0x8847;0x0800" } } },
	{ "a pseudowire without",
	  1,
	  MACS "8847 00064140 " BARE,
	  "MPLS 100 > PW > " SAID,
	  { { "pweth.cw", "" }, { "eth.type", "0x8847;0x0800" } } },

	/* ---- PPP ---- */
	{ "PPPoE session",
	  1,
	  SES("0023") "0021 " UDP,
	  "PPPoE 5 > " SAID,
	  { { "pppoe.session_id", "0x0005" }, { "ppp.protocol", "0x0021" } } },
	{ "a compressed protocol field",
	  1,
	  SES("0022") "21 " UDP,
	  "PPPoE 5 > " SAID,
	  { { "ppp.protocol", "0x0021" } } },
	{ "LCP",
	  1,
	  SES("0010") "c021 01 01 000e 0104 05d4 0506 12345678",
	  "PPPoE 5 > 00:16:3e:11:22:33 > 02:00:00:00:00:01  LCP  "
	  "Configuration request id 1, MRU 1492, magic 0x12345678",
	  { { "lcp.opt.mru", "1492" }, { "lcp.opt.type", "1;5" } } },
	{ "an option of length 0",
	  1,
	  SES("0008") "c021 01 01 0006 0100",
	  "PPPoE 5 > 00:16:3e:11:22:33 > 02:00:00:00:00:01  LCP  "
	  "Configuration request id 1 [bad length]",
	  { { "lcp.opt.type", "" } } },
	{ "HDLC framing", 9, "ff03 0021 " UDP, SAID, { { "ppp.address", "0xff" } } },
	{ "and none", 9, "0021 " UDP, SAID, { { "ppp.address", "" } } },

	/* ---- tunnels ---- */
	{ "GRE with key",
	  1,
	  GRE("003d") "2000 0800 00000007 " UDP,
	  "GRE key 7 > " SAID,
	  { { "gre.key", "0x00000007" }, { "gre.flags.key", "1" } } },
	{ "GRE with a bad checksum",
	  1,
	  GRE("003d") "8000 0800 1234 0000 " UDP,
	  "GRE > " SAID,
	  { { "gre.checksum.status", "0" } } },
	{ "GRE with a good one",
	  1,
	  GRE("003d") "8000 0800 2868 0000 " UDP,
	  "GRE > " SAID,
	  { { "gre.checksum.status", "1" } } },
	{ "NVGRE",
	  1,
	  GRE("004b") "2000 6558 00123407 " BARE,
	  "NVGRE 4660 > " SAID,
	  { { "tapdeck.nvgre.vsid", "4660" }, { "tapdeck.nvgre.flowid", "7" } } },
	{ "a key that is no VSID",
	  1,
	  GRE("004b") "2000 6558 00000007 " BARE,
	  "GRE key 7 > " SAID,
	  { { "tapdeck.nvgre.vsid", "" } } },
	{ "PPTP",
	  1,
	  GRE("0043") "3001 880b 0023 0009 00000001 0021 " UDP,
	  "PPTP > " SAID,
	  { { "gre.key.call_id", "9" }, { "gre.key.payload_length", "35" }, { "gre.key", "" } } },
	{ "a keepalive",
	  1,
	  GRE("0018") "0000 0000",
	  "192.168.0.1 > 192.168.0.2  GRE  Keepalive",
	  { { "gre.proto", "0x0000" } } },
	{ "ERSPAN I",
	  1,
	  GRE("0047") "0000 88be " BARE,
	  "GRE > ERSPAN I > " SAID,
	  { { "erspan.version", "" } } },
	{ "ERSPAN II",
	  1,
	  GRE("0053") "1000 88be 00000005 1064 0805 00012345 " BARE,
	  "GRE > ERSPAN 5 > " SAID,
	  { { "erspan.version", "1" }, { "erspan.index", "74565" } } },
	{ "ERSPAN III with a platform header",
	  1,
	  GRE("005f") "1000 22eb 00000005 2064 0805 00012345 0003 8009 0c014003 12345678 " BARE,
	  "GRE > ERSPAN 5 > " SAID,
	  { { "erspan.pid3.port_index", "3" }, { "erspan.direction", "1" } } },
	{ "VXLAN",
	  1,
	  TO("0053", "12b5", "003f") "0800 0000 00002a 00 " BARE,
	  "VXLAN 42 > " SAID,
	  { { "vxlan.vni", "42" }, { "udp.dstport", "4789;2000" } } },
	{ "VXLAN without its flag",
	  1,
	  TO("0053", "12b5", "003f") "0000 0000 00002a 00 " BARE,
	  "VXLAN 42 > " SAID " [bad value]",
	  { { "vxlan.flag_i", "0" } } },
	{ "VXLAN-GPE",
	  1,
	  TO("0045", "12b6", "0031") "0c 0000 01 00002a 00 " UDP,
	  "VXLAN-GPE 42 > " SAID,
	  { { "frame.protocols", "eth:ethertype:ip:udp:ip:udp:data" } } },
	{ "Geneve",
	  1,
	  TO("005b", "17c1", "0047") "02 00 6558 00002a 00 0102 80 01 'abcd' " BARE,
	  "Geneve 42 > " SAID,
	  { { "geneve.option.class", "0x0102" }, { "geneve.option.unknown.data", "61626364" } } },
	{ "a Geneve option too long",
	  1,
	  TO("0057", "17c1", "0043") "01 00 6558 00002a 00 0102 80 1f " BARE,
	  "Geneve 42 > " SAID " [bad length]",
	  { { "geneve.option.class", "" } } },
	{ "GTP-U",
	  1,
	  TO("004d", "0868", "0039") "34 ff 0029 00001234 000000 85 01 1009 00 " UDP,
	  "GTP 0x1234 > " SAID,
	  { { "gtp.teid", "0x00001234" }, { "gtp.ext_hdr.pdu_ses_con.qos_flow_id", "9" } } },
	{ "a GTP echo",
	  1,
	  TO("0028", "0868", "0014") "32 01 0004 00000000 0001 00 00",
	  "192.168.0.1:50000 > 192.168.0.2:2152  GTP  Echo request TEID 0x00000000",
	  { { "gtp.seq_number", "0x0001" } } },
	{ "a GTP extension of length 0",
	  1,
	  TO("004d", "0868", "0039") "34 ff 0029 00001234 000000 85 00 1009 00 " UDP,
	  "192.168.0.1:50000 > 192.168.0.2:2152  GTP  T-PDU TEID 0x00001234 "
	  "[malformed] [bad length]",
	  { { "gtp.ext_hdr.length", "0" } } },

	/* ---- other links ---- */
	{ "raw IP", 101, UDP, SAID, { { "frame.encap_type", "7" } } },
	{ "loopback, little endian", 0, "02000000 " UDP, SAID, { { "null.family", "2" } } },
	{ "loopback, big endian", 0, "00000002 " UDP, SAID, { { "null.family", "2" } } },
	{ "OpenBSD's, never little endian",
	  108,
	  "02000000 " UDP,
	  " >   LOOP  Address family 33554432",
	  { { "null.family", "33554432" } } },
	{ "cooked",
	  113,
	  "0004 0001 0006 00163e112233 0000 0800 " UDP,
	  SAID,
	  { { "sll.pkttype", "4" }, { "sll.src.eth", "00:16:3e:11:22:33" } } },
	{ "cooked, version 2",
	  276,
	  "0800 0000 00000003 0001 00 06 00163e112233 0000 " UDP,
	  SAID,
	  { { "sll.ifindex", "3" } } },
	{ "a link type of others",
	  105,
	  "0102 0304",
	  " >   LINK  IEEE 802.11, not decoded",
	  { { "data.data", "01020304" }, { "frame.encap_type", "20" } } },
	{ "one that nobody knows",
	  4242,
	  "01",
	  " >   LINK  Link type 4242, not decoded",
	  { { "frame.encap_type", "" }, { "tapdeck.link.type", "4242" } } },
};

static void take_hex(struct app *a, const char *hex)
{
	bool text = false;

	a->n = a->head = 0;
	for (; *hex != '\0'; hex++) {
		if (*hex == '\'') {
			text = !text;
		} else if (text) {
			a->p[a->n++] = (u8)*hex;
		} else if (*hex != ' ') {
			a->p[a->n++] = (u8)(app_digit(hex[0]) << 4 | app_digit(hex[1]));
			hex++;
		}
	}
}

static void decode(struct app *a, u16 link, const struct plan *p, u32 caplen, u32 len)
{
	u8 *exact = malloc(caplen > 0 ? caplen : 1);
	struct frame f = { .number = 1, .data = exact, .caplen = caplen, .len = len, .link = link };
	struct pkt *k = &a->k;

	assert_non_null(exact);
	memcpy(exact, a->p, caplen);
	pkt_decode(k, &f, p);
	txt_clear(&a->t);
	show_tunnels(&a->t, k);
	show_src(&a->t, k, true);
	txt_puts(&a->t, " > ");
	show_dst(&a->t, k, true);
	txt_puts(&a->t, "  ");
	txt_puts(&a->t, show_protocol(k));
	txt_puts(&a->t, "  ");
	show_info(&a->t, k);
	show_marks(&a->t, k);
	for (u32 i = 0; i < k->nvals; i++) { /* for the sanitizers */
		size_t n = a->t.n;

		show_tree(&a->t, k, &k->vals[i]);
		a->t.n = n;
	}
	free(exact);
}

static const char *value_of(struct app *a, u16 link, const char *name)
{
	struct frame f = { .number = 1, .data = a->p, .caplen = a->n, .len = a->n, .link = link };
	int id = field_find(name, strlen(name));

	if (id < 0)
		fail_msg("no field %s", name);
	pkt_decode(&a->k, &f, &a->all);
	txt_clear(&a->t);
	for (u32 i = 0; i < a->k.nvals; i++)
		if (a->k.vals[i].field == id) {
			if (a->t.n > 0)
				txt_putc(&a->t, ';');
			show_value(&a->t, &a->k, &a->k.vals[i]);
		}
	return txt_str(&a->t);
}

static void test_cases(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	a.info.marks = true; /* leaves are read to the end for what is wrong with them */
	for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
		const struct frame_case *c = &cases[i];

		take_hex(&a, c->hex);
		decode(&a, c->link, &a.info, a.n, a.n);
		if (strcmp(txt_str(&a.t), c->line) != 0)
			fail_msg("%s: \"%s\" instead of \"%s\"", c->name, txt_str(&a.t), c->line);
		for (const struct expected *e = c->want; e->field != NULL; e++)
			if (strcmp(value_of(&a, c->link, e->field), e->value) != 0)
				fail_msg("%s: %s is \"%s\" instead of \"%s\"", c->name, e->field,
					 txt_str(&a.t), e->value);
	}
	app_fini(&a);
}

/* Cut in the capture, cut on the wire, and with each byte changed. */
static void test_torture(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
		u16 link = cases[i].link;
		u32 n;

		take_hex(&a, cases[i].hex);
		n = a.n;
		for (u32 cut = 0; cut < n; cut++) {
			decode(&a, link, &a.all, cut, n);
			decode(&a, link, &a.all, cut, cut);
			decode(&a, link, &a.info, cut, n);
		}
		for (u32 at = 0; at < n; at++)
			for (unsigned v = 1; v < 256; v += v < 4 || v >= 248 ? 1 : 61) {
				a.p[at] = (u8)(a.p[at] + v);
				decode(&a, link, &a.all, n, n);
				a.p[at] = (u8)(a.p[at] - v);
			}
	}
	app_fini(&a);
}

/* The same addresses in different tunnels are different conversations; a tunnel id that belongs to
 * one direction makes no difference. */
static u64 scope_of(struct app *a, const char *hex)
{
	struct frame f = { .number = 1, .data = a->p, .link = 1 };

	take_hex(a, hex);
	f.caplen = f.len = a->n;
	pkt_decode(&a->k, &f, &a->info);
	assert_int_equal(a->k.facts.dport, 2000);
	return a->k.facts.scope;
}

static void test_scopes(void **state)
{
	struct app a;
	u64 bare, vlan, vxlan;

	(void)state;
	app_init(&a);
	bare = scope_of(&a, BARE);
	vlan = scope_of(&a, MACS "8100 0064 0800 " UDP);
	vxlan = scope_of(&a, TO("0053", "12b5", "003f") "0800 0000 00002a 00 " BARE);
	assert_int_equal(bare, 0);
	assert_int_not_equal(vlan, bare);
	assert_int_not_equal(vxlan, vlan);
	assert_int_not_equal(scope_of(&a, MACS "8100 0065 0800 " UDP), vlan);
	assert_int_equal(scope_of(&a, MACS "8100 b064 0800 " UDP), vlan);
	assert_int_equal(scope_of(&a, TO("0045", "0868", "0031") "30 ff 0021 00001234 " UDP),
			 scope_of(&a, TO("0045", "0868", "0031") "30 ff 0021 00005678 " UDP));
	assert_int_equal(scope_of(&a, MACS "8847 00064140 " UDP),
			 scope_of(&a, MACS "8847 000c8140 " UDP));
	app_fini(&a);
}

/* A capture that says its frames end in a check sequence is believed; asked to, we compute it. */
static void test_fcs(void **state)
{
	struct app a;
	struct frame f = { .number = 1, .link = 1, .fcs_len = 4 };

	(void)state;
	app_init(&a);
	a.all.checksums = true;
	take_hex(&a, BARE "00 0000 0000 0000 0000 0000 0000 58665ca7");
	f.data = a.p;
	f.caplen = f.len = a.n;
	pkt_decode(&a.k, &f, &a.all);
	assert_int_equal(a.k.marks, 0);
	a.p[a.n - 1] ^= 1;
	pkt_decode(&a.k, &f, &a.all);
	assert_int_equal(a.k.marks, 1u << MARK_CHECKSUM);
	app_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_torture),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_fcs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
