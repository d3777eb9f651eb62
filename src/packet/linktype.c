/* The link types that capture files can name, so that a packet nobody decodes still has a kind. */
#include "packet/linktype.h"

struct linktype {
	u16 link;
	i16 encap;
	const char *name;
};

static const struct linktype linktypes[] = {
	{ 0, 15, "BSD loopback" },
	{ 1, 1, "Ethernet" },
	{ 3, 148, "AX.25" },
	{ 6, 2, "Token Ring" },
	{ 7, 8, "ARCNET" },
	{ 8, 3, "SLIP" },
	{ 9, 4, "PPP" },
	{ 10, 6, "FDDI" },
	{ 12, 7, "Raw IP" },
	{ 14, 7, "Raw IP" },
	{ 50, 4, "PPP in HDLC framing" },
	{ 51, 139, "PPPoE" },
	{ 101, 7, "Raw IP" },
	{ 104, 28, "Cisco HDLC" },
	{ 105, 20, "IEEE 802.11" },
	{ 107, 26, "Frame Relay" },
	{ 108, 174, "OpenBSD loopback" },
	{ 113, 25, "Linux cooked capture" },
	{ 114, 30, "LocalTalk" },
	{ 117, 39, "OpenBSD pflog" },
	{ 119, 21, "IEEE 802.11 with Prism header" },
	{ 122, 18, "IP over Fibre Channel" },
	{ 123, 13, "ATM" },
	{ 127, 23, "IEEE 802.11 with radiotap header" },
	{ 129, 9, "Linux ARCNET" },
	{ 143, 33, "DOCSIS" },
	{ 163, 24, "IEEE 802.11 with AVS header" },
	{ 187, 41, "Bluetooth HCI" },
	{ 189, 95, "Linux USB" },
	{ 192, 97, "Per-packet information" },
	{ 195, 104, "IEEE 802.15.4" },
	{ 201, 99, "Bluetooth HCI with direction" },
	{ 204, 19, "PPP with direction" },
	{ 220, 115, "Linux USB, mapped" },
	{ 226, 124, "IPNET" },
	{ 227, 125, "CAN" },
	{ 228, 129, "Raw IPv4" },
	{ 229, 130, "Raw IPv6" },
	{ 230, 127, "IEEE 802.15.4 without FCS" },
	{ 239, 141, "Linux NFLOG" },
	{ 242, 180, "IP over InfiniBand" },
	{ 248, 149, "SCTP" },
	{ 249, 152, "USBPcap" },
	{ 253, 158, "Linux netlink" },
	{ 272, 186, "Nordic Bluetooth LE" },
	{ 276, 210, "Linux cooked capture v2" },
	{ 280, 205, "VPP graph" },
};

static const struct linktype *find(u16 link)
{
	for (unsigned i = 0; i < ARRAY_LEN(linktypes); i++)
		if (linktypes[i].link == link)
			return &linktypes[i];
	return NULL;
}

const char *linktype_name(u16 link)
{
	const struct linktype *l = find(link);

	return l != NULL ? l->name : link >= 147 && link <= 162 ? "Private link type" : NULL;
}

int linktype_encap(u16 link)
{
	const struct linktype *l = find(link);

	return l != NULL ? l->encap : link >= 147 && link <= 162 ? 45 + link - 147 : -1;
}
