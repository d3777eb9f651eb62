#!/bin/sh
# The recorded captures show what the heads of their scripts promise. Judged by tshark, not by us.
set -u
if ! command -v tshark >/dev/null; then
	echo "skip captures: tshark is not here"
	exit 0
fi
cd "$SRCDIR/labs/captures" || exit 1

# count FILE FILTER: how many packets match.
count() {
	tshark -r "$1.pcapng" -Y "$2" -T fields -e frame.number 2>/dev/null | wc -l
}
# expect FILE N FILTER: exactly so many.
expect() {
	n=$(count "$1" "$3")
	if [ "$n" -eq "$2" ]; then echo "ok $1: $3"; else echo "FAIL $1: $3: $n packets, not $2"; fi
}

for f in *.sh; do
	[ "$f" = common.sh ] && continue
	[ -f "${f%.sh}.pcapng" ] || echo "FAIL ${f%.sh}.pcapng is missing beside its script"
	expect "${f%.sh}" 0 '_ws.malformed || (frame.len > 1514) || ipv6'
done

expect clean-transfer 0 'tcp.analysis.retransmission || tcp.analysis.duplicate_ack || tcp.analysis.lost_segment'
expect clean-transfer 2 'tcp.flags.fin == 1'
expect fast-retransmit 1 'frame.comment == "dropped by the wire"'
expect fast-retransmit 1 'tcp.analysis.retransmission'
expect fast-retransmit 1 'tcp.analysis.fast_retransmission && tcp.seq == 7241'
expect fast-retransmit 1 'tcp.analysis.duplicate_ack_num == 3 && tcp.options.sack_le == 8689'
expect fast-retransmit 2 'tcp.flags.fin == 1'
expect timeout 3 'frame.comment == "dropped by the wire"'
expect timeout 3 'tcp.analysis.retransmission && !tcp.analysis.fast_retransmission'
expect timeout 0 'tcp.analysis.duplicate_ack'
expect timeout 1 'frame.time_delta > 0.2'
expect arp 4 'arp.opcode == 1 && arp.src.proto_ipv4 == 0.0.0.0'
expect arp 2 'arp.isannouncement == 1'
expect arp 3 'arp.dst.proto_ipv4 == 10.0.0.9'
for type in 1 2 7; do expect dhcp 1 "dhcp.option.dhcp == $type"; done
for type in 3 5; do expect dhcp 2 "dhcp.option.dhcp == $type"; done
for where in NS2:vxlan0 NS2:eth0 LC2:eth0 SC2:eth1; do
	expect vxlan-in-gre 3 "frame.interface_name == \"$where\" && icmp.type == 8 && ip.len == 84"
	expect vxlan-in-gre 6 "frame.interface_name == \"$where\" && tcp.srcport == 40115 && tcp.len > 0"
done
expect vxlan-in-gre 6 'gre && ip.src == 102.0.0.2 && vxlan.vni == 42 && icmp.type == 8 && ip.len == 158'
