#!/bin/sh
# Damaged captures: what is readable is printed, then comes one sentence, with the right exit status; nothing crashes, leaks
# or takes for ever. Every way in: print, the deck, export, follow.
# sanitizers: yes
set -u
mkcaps=$BUILDDIR/build/tests/gen/mkcaps
damage=$BUILDDIR/build/tests/tools/damage
caps=$SRCDIR/labs/captures
cd "$T" || exit 1
failed=0
wrong() {
	failed=$((failed + 1))
	[ $failed -le 20 ] && echo "FAIL $*"
}
# try FILE: all four. Status 0 without a word, or 1 (2: nothing is readable) with one sentence.
try() {
	for how in print deck export follow; do
		case $how in
		print) timeout 20 "$TAPDECK" print -r "$1" ;;
		deck) timeout 20 "$TAPDECK" open --script look "$1" ;;
		export) timeout 20 "$TAPDECK" export -r "$1" -F json - ;;
		follow) timeout 20 "$TAPDECK" follow -r "$1" ;;
		esac >"out.$how" 2>err </dev/null
		status=$?
		sed -i '/ASan doesn.t fully support/d' err
		said=$(wc -l <err)
		case $how-$status-$said in
		*-0-0 | *-1-1 | *-2-1) ;;
		*) wrong "$1 $how: status $status, said: $(head -n 3 err)" ;;
		esac
		[ "$(wc -c <err)" -lt 1000 ] || wrong "$1 $how: a long sentence"
		[ $how-$status = print-2 ] && [ -s out.print ] && wrong "$1: status 2 after packets were printed"
	done
	[ "$(wc -l <out.print)" -eq "$(wc -l <out.export)" ] || wrong "$1: print and export differ"
}
printf 'dump\nkey >\nkey Enter\ndump\n' >look

# Those that mkcaps damages.
mkdir caps && "$mkcaps" caps || exit 1
failed=0
for f in $("$mkcaps" --list | awk '$2 == "damaged" { print $1 }'); do try "caps/$f"; done
[ $failed -eq 0 ] && echo "ok damaged captures"

# A short capture of each kind cut everywhere and with flipped bits: read in one process, and by try() here and there.
"$TAPDECK" export -r "$caps/fast-retransmit.pcapng" -n 30-34 five.pcapng &&
	"$TAPDECK" export -r "$caps/fast-retransmit.pcapng" -n 30-34 -F pcap five.pcap || exit 1
gzip -c five.pcapng >five.gz
for f in five.pcapng five.pcap five.gz; do
	if "$damage" cut "$f" >out 2>&1; then echo "ok $f cut everywhere: $(cat out)"; else echo "FAIL $f cut: $(tail -n 3 out)"; fi
	if "$damage" flip "$f" >out 2>&1; then echo "ok $f with flipped bits: $(cat out)"; else echo "FAIL $f flipped: $(tail -n 3 out)"; fi
	failed=0
	size=$(wc -c <"$f")
	n=0
	while [ $n -lt "$size" ]; do
		head -c $n "$f" >cut
		try cut
		n=$((n + size / 11))
	done
	[ $failed -eq 0 ] && echo "ok $f cut, all commands"
done
# What is before the cut is printed.
head -c $(($(wc -c <five.pcapng) - 10)) five.pcapng >cut
[ "$("$TAPDECK" print -r cut 2>/dev/null | wc -l)" -eq 4 ] && echo 'ok four of five' || echo 'FAIL four of five'

# Sizes that nobody has.
u32() { printf "\\$(printf %o $(($1 & 255)))\\$(printf %o $(($1 >> 8 & 255)))\\$(printf %o $(($1 >> 16 & 255)))\\$(printf %o $(($1 >> 24 & 255)))"; }
failed=0
for len in 65536 262144 262145 1048576 2147483647 2147483648 4294967280 4294967295; do
	{
		head -c 24 five.pcap
		u32 1
		u32 1
		u32 $len
		u32 $len
		head -c 100 /dev/zero
	} >huge.pcap
	try huge.pcap
	[ "$(wc -c <err)" -gt 0 ] || wrong "caplen $len: not a word"
	{
		cat five.pcapng
		u32 6
		u32 $((len / 4 * 4))
		head -c 100 /dev/zero
	} >huge.pcapng
	try huge.pcapng
	[ "$(wc -l <out.print)" -eq 5 ] || wrong "block length $len: the five before are not printed"
done
[ $failed -eq 0 ] && echo 'ok huge lengths'

# 70,000 interfaces.
"$damage" ifaces 70000 >many.pcapng || exit 1
failed=0
try many.pcapng
[ $failed -eq 0 ] && echo "ok 70,000 interfaces: $(cat err)"

# What never ends, or is nothing to read.
failed=0
for f in /dev/zero /dev/random /dev/full . /proc/self/mem; do
	timeout 20 "$TAPDECK" print -r $f >out 2>err </dev/null
	[ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] || wrong "$f: $(cat err)"
done
yes | timeout 20 "$TAPDECK" print -r - >out 2>err
[ $? -eq 2 ] && grep -q 'not a pcap' err || wrong "yes: $(cat err)"
yes | timeout 20 "$TAPDECK" open --script look - >out 2>err
[ $? -le 2 ] || wrong "yes in the deck: $(cat err)"
"$TAPDECK" print -r "$caps/arp.pcapng" >/dev/full 2>err
[ $? -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] || wrong "full disk: $(cat err)"
[ $failed -eq 0 ] && echo 'ok endless and odd files'
mkfifo fifo
{ cat "$caps/arp.pcapng" && exec sleep 100; } >fifo &
writer=$!
timeout 20 "$TAPDECK" print -r fifo -c 26 >out 2>err
[ $? -eq 0 ] && [ "$(wc -l <out)" -eq 26 ] && echo 'ok a FIFO that does not end' || echo "FAIL a FIFO that does not end: $(cat err)"
kill $writer
