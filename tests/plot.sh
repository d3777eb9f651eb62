#!/bin/sh
# Drawings: well-formed, with as many marks as the capture has, the same each time; what cannot be done is told in one
# sentence and leaves nothing behind.
# sanitizers: yes
set -u
caps=$SRCDIR/labs/captures
fr=$caps/fast-retransmit.pcapng
plot() { "$TAPDECK" plot "$@"; }
ok() { echo "ok $*"; }
bad() { echo "FAIL $*"; }

# tells STATUS WORDS NAME ARGUMENTS...: it ends so, with one line that has these words.
tells() {
	want=$1 words=$2 name=$3
	shift 3
	plot "$@" >"$T/out" 2>"$T/err"
	r=$?
	if [ $r -eq "$want" ] && grep -q "$words" "$T/err" && [ "$(wc -l <"$T/err")" -eq 1 ]; then
		ok "$name"
	else
		bad "$name: status $r: $(cat "$T/err")"
	fi
}

if ! plot -r "$fr" -o "$T/first.svg" 2>"$T/err"; then
	tells 1 'built without the drawing library' 'without the library it says what to install' -r "$fr" -o "$T/x.svg"
	echo "skip drawings: $(cat "$T/err")"
	exit 0
fi

# Every kind and format, of every capture in labs/.
for c in fast-retransmit timeout clean-transfer; do
	for k in sequence flight rtt throughput ladder; do
		wrong=
		plot -r "$caps/$c.pcapng" -k $k -o "$T/$c.$k.svg" 2>"$T/err" || wrong="$(cat "$T/err")"
		if command -v xmllint >/dev/null; then
			xmllint --noout "$T/$c.$k.svg" 2>"$T/err" || wrong="not well-formed: $(head -n 1 "$T/err")"
		fi
		tail -n 1 "$T/$c.$k.svg" | grep -q '</svg>' || wrong="does not end in </svg>"
		plot -r "$caps/$c.pcapng" -k $k --size 700x400 -o "$T/x.png" || wrong="no PNG"
		# The signature, then IHDR with width and height (PNG, third edition, 5.2 and 11.2.1).
		[ "$(od -An -tx1 -N24 "$T/x.png" | tr -d ' \n')" = 89504e470d0a1a0a0000000d49484452000002bc00000190 ] || wrong="not a PNG of 700x400"
		plot -r "$caps/$c.pcapng" -k $k --size 700x400 -o "$T/x.pdf" || wrong="no PDF"
		head -c 5 "$T/x.pdf" | grep -q '^%PDF-' || wrong="not a PDF"
		tail -n 1 "$T/x.pdf" | grep -q '^%%EOF' || wrong="a PDF without an end"
		grep -aq 'MediaBox \[ *0 0 700 400 *\]' "$T/x.pdf" || wrong="not a PDF of 700x400"
		if [ "$wrong" ]; then bad "$c $k: $wrong"; else ok "$c $k"; fi
	done
done

# As many marks as there are: each that was sent again is a path of its own, data are parts of one path; the legend has
# one of each.
paths() { grep "$2" "$T/$1.svg" | grep -c '<path.*stroke-width'; } # paths NAME COLOUR
count() { "$TAPDECK" print -r "$caps/$1.pcapng" -Y "$2" | grep -c .; } # count NAME FILTER
vermillion='rgb(83.5[0-9]*%, *36.8[0-9]*%, *0%)'
blue='rgb(0%, *44.7[0-9]*%, *69.8[0-9]*%)'
for c in fast-retransmit timeout; do
	again=$(count $c tcp.analysis.retransmission)
	is=$(($(paths $c.sequence "$vermillion") - 1))
	if [ "$again" -gt 0 ] && [ $is -eq "$again" ]; then ok "$c: $is sent again"; else bad "$c: $is marks for $again sent again"; fi
	data=$(($(count $c 'tcp.dstport == 5001 && (tcp.len > 0 || tcp.flags.syn == 1 || tcp.flags.fin == 1)') - again))
	is=$(grep "$blue" "$T/$c.sequence.svg" | tr ' "' '\n\n' | grep -c '^M')
	is=$((is - 1))
	if [ $is -eq $data ]; then ok "$c: $is segments with data"; else bad "$c: $is bars for $data segments"; fi
done

# The same capture, the same file: no date in it.
for f in svg pdf png; do
	plot -r "$fr" -F $f >"$T/a"
	TZ=UTC-9 plot -r "$fr" -F $f -o "$T/b"
	if cmp -s "$T/a" "$T/b"; then ok "$f twice"; else bad "$f differs the second time"; fi
done
plot -r "$fr" -F pdf -o "$T/a.pdf"
if grep -aq CreationDate "$T/a.pdf"; then bad "a date in a PDF"; else ok "no date in a PDF"; fi

plot -r "$fr" -d reverse -o "$T/reverse.svg" && if cmp -s "$T/reverse.svg" "$T/first.svg"; then bad "both directions look the same"; else ok "the other direction"; fi
plot -r "$fr" -k ladder -n 1-3 -o "$T/three.svg" && if [ "$(wc -c <"$T/three.svg")" -lt "$(wc -c <"$T/fast-retransmit.ladder.svg")" ]; then ok "some packets"; else bad "-n changes nothing"; fi

tells 2 'no size' 'no size' -r "$fr" --size 12 -o "$T/no.svg"
tells 2 'no size' 'a size that is too large' -r "$fr" --size 20000x400 -o "$T/no.svg"
tells 2 'ends in none of' 'an unknown ending' -r "$fr" -o "$T/no.gif"
tells 2 'is not one of' 'an unknown kind' -r "$fr" -k pie -o "$T/no.svg"
tells 2 'no range' 'no range' -r "$fr" -n 9-3 -o "$T/no.svg"
tells 2 'nothing.pcap' 'no capture' -r "$T/nothing.pcap" -o "$T/no.svg"
tells 1 'no TCP stream 7' 'no such stream' -r "$fr" -s 7 -o "$T/no.svg"
tells 1 'none of the conversation' 'packets that it has not' -r "$fr" -n 5000- -o "$T/no.svg"
tells 1 'none of the conversation' 'packets behind it' -r "$fr" -k rtt -n 5000- -o "$T/no.svg"
tells 1 'cannot be written' 'a folder that is not there' -r "$fr" -o "$T/none/no.svg"
if ls "$T" | grep -q '^no\.'; then bad "something was left behind: $(ls "$T")"; else ok "nothing is left behind"; fi
if [ -w /dev/full ]; then
	tells 1 'cannot be written' 'a full disk' -r "$fr" -F png -o /dev/full
	tells 1 'cannot be written' 'a full disk, PDF' -r "$fr" -F pdf -o /dev/full
fi
