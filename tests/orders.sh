#!/bin/sh
# Commands in the deck, run by a script off the screen: what they say and do.
# sanitizers: yes
set -u
demo=$SRCDIR/labs/captures/fast-retransmit.pcapng
"$BUILDDIR/build/tests/gen/mkcaps" "$T" >/dev/null || echo 'FAIL captures could not be made'

# deck NAME CAPTURE PATTERN: runs the script on standard input; the screens it dumps must have PATTERN.
deck() {
	cat >"$T/script"
	if ! timeout 30 "$TAPDECK" open --script "$T/script" --size 100x30 "$2" >"$T/out" 2>"$T/err"; then
		echo "FAIL $1: $(head -n 1 "$T/err")"
	elif grep -q -e "$3" "$T/out"; then
		echo "ok $1"
	else
		echo "FAIL $1: nothing says '$3':"
		tail -n 3 "$T/out"
	fi
}

deck 'follow shows both sides' "$T/http.pcap" '^.*--- [0-9.]*:80 > ' <<'S'
cmd follow 0
dump
S
deck 'follow of a number too large' "$demo" "more than any stream" <<'S'
cmd follow 4294967296
dump
S
for c in 'open -' 'print -r -' 'follow -r -' "export -r - $T/x.pcap"; do
	deck "$c leaves the keyboard alone" "$demo" 'standard input is the keyboard here' <<-S
		cmd $c
		dump
	S
done
deck 'export - leaves the screen alone' "$demo" 'standard output is the screen here' <<'S'
cmd export -F json -
dump
S
deck 'open with a wrong filter changes nothing' "$demo" 'fast-retransmit.*1/107' <<S
cmd open -Y tcp.nosuch $T/http.pcap
dump
S
deck 'export says what it wrote' "$demo" '107 packets are in' <<S
cmd export $T/all.json
dump
S
deck 'print takes the filter' "$T/http.pcap" '^┃  *14  .*HTTP' <<'S'
cmd filter http
cmd print -c 3
cmd zoom console
dump
S

# What the deck exports at packet 20 of a capture with several conversations.
rm -f "$T/conv.pcapng"
"$TAPDECK" open --script - -c 'jump 20' -c "export -k $T/conv.pcapng" "$T/tcp-flows.pcap" >"$T/out" 2>"$T/err" <<'S'
dump
S
"$TAPDECK" print -r "$T/tcp-flows.pcap" -T fields -e tcp.stream >"$T/streams"
stream=$(sed -n 20p "$T/streams")
want=$(grep -cx "$stream" "$T/streams") got=$("$TAPDECK" print -r "$T/conv.pcapng" | wc -l)
if [ "$want" -eq "$got" ] && [ "$(wc -l <"$T/streams")" -gt "$want" ] && ! [ -s "$T/err" ]; then
	echo 'ok export -k: the conversation at the playhead'
else
	echo "FAIL export -k: $got packets, not the $want of stream $stream: $(cat "$T/err")"
fi
deck 'jump first where nothing passes stays' "$demo" 'no packet passes the filter' <<'S'
cmd filter tcp.port == 1
cmd jump first
dump
S
deck 'jump behind the end says so' "$demo" 'that is behind the end of the tape: this is its last packet' <<'S'
cmd jump time 3600
dump
S
deck 'jump on behind the end says so' "$demo" '107/107' <<'S'
cmd jump +1h
dump
S
deck 'jump before the beginning says so' "$demo" 'that is before the beginning of the tape' <<'S'
cmd jump 5
cmd jump -1h
dump
S
# Packets that stand 1 s apart: with skip 100ms the second is there after 100 ms.
arp=$SRCDIR/labs/captures/arp.pcapng
deck 'a silence is cut short' "$arp" ' 2/[0-9]* ' <<'S'
cmd skip 100ms
cmd play
tick 90ms
tick 20ms
dump
S
deck 'without skip it lasts' "$arp" ' 1/[0-9]* ' <<'S'
cmd skip 100ms
cmd skip off
cmd play
tick 90ms
tick 20ms
dump
S
deck 'skip and speed outlast the tape' "$demo" 'silences 2 s at most.*' <<S
cmd skip 2s
cmd speed 2x
cmd open $arp
dump
S
grep -q ' 2x' "$T/out" && echo 'ok the speed, too' || echo 'FAIL the speed is lost'
deck 'skip needs a span' "$demo" 'lasts longer than that' <<'S'
cmd skip 0
dump
S
deck 'back by the smallest number' "$demo" '107/107' <<'S'
cmd back -9223372036854775808
dump
S
for f in fmt-ng-spb.pcapng fmt-empty.pcap dmg-ng-resol.pcapng dmg-ng-far.pcapng fmt-backwards.pcap fmt-zero.pcap; do
	deck "all orders on $f" "$T/$f" 'tapdeck' <<-'S'
		key n p > < n Space
		tick 10s
		key m ' . , f Esc c c T T T T T T Y >
		cmd jump time 0.001
		cmd jump +1
		cmd find -x 00
		cmd filter frame.time_relative > 0
		cmd print
		click 60 0
		click 62 0
		click 40 0
		cmd jump time 2300-01-01
		cmd jump time 1700-01-01
		cmd print -t dd -V -c 100
		key > < n p Space
		tick 1h
		dump
	S
done
