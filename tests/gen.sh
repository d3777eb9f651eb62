#!/bin/sh
# The generators: the same bytes each time, and what they call good has nothing in it that tshark finds malformed.
set -u
mkcaps=$BUILDDIR/build/tests/gen/mkcaps mkbench=$BUILDDIR/build/tests/gen/mkbench
mkdir "$T/a" "$T/b" && "$mkcaps" "$T/a" && "$mkcaps" "$T/b" arp icmp mixed fmt-ng-blocks || exit 1

same=yes
for f in "$T"/b/*; do cmp -s "$f" "$T/a/${f##*/}" || same="${f##*/}"; done
if [ "$same" = yes ]; then echo "ok captures repeat"; else echo "FAIL captures repeat: $same"; fi

n=$("$mkbench" - 50000 7 | cksum)
if [ "$n" = "$("$mkbench" - 50000 7 | cksum)" ] && [ "$n" != "$("$mkbench" - 50000 8 | cksum)" ]; then
	echo "ok mkbench repeats"
else
	echo "FAIL mkbench repeats: the same seed must give the same bytes, another seed others"
fi

if ! command -v tshark >/dev/null; then
	echo "skip well-formed captures: tshark is not here"
	exit 0
fi
"$mkbench" "$T/a/bench.pcap" 5000 7 262144
# Those with their own link type; the Ethernet ones are all in mixed.pcap.
good=$("$mkcaps" --list | awk '$2 == "good" && $1 ~ /^(mixed|nested|ppp|raw|null|loop|sll|fmt)/ { print $1 }')
for f in $good bench.pcap; do
	tshark -r "$T/a/$f" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
		-o sctp.checksum:crc-32c -T fields -e frame.number \
		-Y '_ws.malformed || _ws.expert.group == "Malformed" || ip.checksum.status == 0 || tcp.checksum.status == 0 ||
		udp.checksum.status == 0 || icmp.checksum.status == 0 || icmpv6.checksum.status == 0 || sctp.checksum.status == 0 ||
		igmp.checksum.status == 0 || gre.checksum.status == 0' >"$T/bad" 2>"$T/err"
	if grep -q 'isn.t\|appears\|damaged' "$T/err"; then
		echo "FAIL $f: $(cat "$T/err")"
	elif [ -s "$T/bad" ]; then
		echo "FAIL $f: tshark objects to packet $(head -n 1 "$T/bad")"
	else
		echo "ok $f"
	fi
done
