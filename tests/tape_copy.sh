#!/bin/sh
# Captures read by our reader and written by our writer are the same for tshark, and byte by byte for
# what has only one form.
# sanitizers: yes
set -u
copy=$BUILDDIR/build/tests/gen/mkcopy
mkbench=$BUILDDIR/build/tests/gen/mkbench

"$mkbench" "$T/a.pcap" 3000
"$mkbench" "$T/a.pcapng" 3000

same() { # same NAME A B
	if cmp "$2" "$3" >"$T/why" 2>&1; then echo "ok $1"; else echo "FAIL $1: $(cat "$T/why")"; fi
}
body() { tail -c +25 "$1"; }

"$copy" pcapng "$T/a.pcap" "$T/b.pcapng" && "$copy" pcap "$T/b.pcapng" "$T/b.pcap"
body "$T/a.pcap" >"$T/a.body"
body "$T/b.pcap" >"$T/b.body"
same "pcap to pcapng and back" "$T/a.body" "$T/b.body"
"$copy" pcap - "$T/c.pcap" <"$T/b.pcapng"
same "from standard input" "$T/b.pcap" "$T/c.pcap"
gzip -c "$T/b.pcapng" | "$copy" pcap - - | cat >"$T/c.pcap"
same "through gzip and pipes" "$T/b.pcap" "$T/c.pcap"
"$copy" pcapng "$T/b.pcapng" "$T/c.pcapng"
same "pcapng of our own" "$T/b.pcapng" "$T/c.pcapng"
head -c 100000 "$T/a.pcap" >"$T/cut.pcap"
"$copy" pcap "$T/cut.pcap" "$T/d.pcap" 2>"$T/said"
if [ $? -eq 1 ] && [ "$(wc -l <"$T/said")" -eq 1 ] && grep -q 'packet [0-9]*: record at offset [0-9]* claims .* remain' "$T/said"; then
	echo "ok a cut file is told in one sentence"
else
	echo "FAIL a cut file is told in one sentence: $(cat "$T/said")"
fi

if ! command -v tshark >/dev/null || ! command -v editcap >/dev/null || ! command -v mergecap >/dev/null; then
	echo "skip compared with tshark: tshark, editcap or mergecap is missing"
	exit 0
fi
show() {
	tshark -n -r "$1" -T fields -e frame.number -e frame.time_epoch -e frame.len -e frame.cap_len -e frame.interface_name \
		-e frame.packet_flags_direction -e frame.comment -e frame.protocols 2>&1
}
agree() { # agree NAME A B: tshark says the same of both
	show "$2" >"$T/A"
	show "$3" >"$T/B"
	if [ ! -s "$T/A" ]; then echo "FAIL $1: tshark says nothing of the original"; else same "$1" "$T/A" "$T/B"; fi
}
"$copy" pcapng "$T/a.pcapng" "$T/d.pcapng"
agree "tshark reads our pcapng" "$T/a.pcapng" "$T/d.pcapng"
# Several interfaces and link types, comments, ns, directions.
editcap -a 1:first -a 3:'dropped by the wire' "$T/b.pcapng" "$T/e.pcapng"
mergecap -w "$T/m.pcapng" "$T/e.pcapng" "$T/a.pcapng"
"$copy" pcapng "$T/m.pcapng" "$T/n.pcapng"
agree "comments and merged interfaces" "$T/m.pcapng" "$T/n.pcapng"
editcap -F nsecpcap "$T/b.pcapng" "$T/ns.pcap"
"$copy" pcap-ns "$T/b.pcapng" "$T/o.pcap"
agree "nanosecond pcap" "$T/ns.pcap" "$T/o.pcap"
editcap -F modlibpcap "$T/a.pcap" "$T/x.pcap"
"$copy" pcap "$T/x.pcap" "$T/y.pcap"
body "$T/y.pcap" >"$T/y.body"
same "Kuznetzov's pcap" "$T/a.body" "$T/y.body"
