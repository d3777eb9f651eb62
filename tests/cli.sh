#!/bin/sh
# The shell's side: exit statuses and one clear sentence for whatever is wrong. sanitizers: yes
# sanitizers: yes
set -u
demo=$SRCDIR/labs/captures/fast-retransmit.pcapng

# expect NAME STATUS PATTERN COMMAND...: one line on stderr that has PATTERN (none where PATTERN is empty), that status.
expect() {
	name=$1 status=$2 pattern=$3
	shift 3
	"$@" >"$T/out" 2>"$T/err" </dev/null
	got=$?
	lines=$(wc -l <"$T/err")
	if [ "$got" -ne "$status" ]; then
		echo "FAIL $name: exit status $got, not $status: $(head -n 1 "$T/err")"
	elif [ -n "$pattern" ] && { [ "$lines" -ne 1 ] || ! grep -q "$pattern" "$T/err"; }; then
		echo "FAIL $name: said '$(cat "$T/err")', not '$pattern'"
	elif [ -z "$pattern" ] && [ "$lines" -ne 0 ]; then
		echo "FAIL $name: said '$(cat "$T/err")'"
	else
		echo "ok $name"
	fi
}

printf 'not a capture at all' >"$T/text"
head -c 1000 "$demo" >"$T/cut.pcapng"
: >"$T/empty"
expect 'missing file' 2 'no such file' "$TAPDECK" print -r "$T/none.pcap"
expect 'missing file opens no deck' 2 'no such file' "$TAPDECK" "$T/none.pcap"
expect 'folder' 2 'folder\|directory' "$TAPDECK" print -r "$T"
expect 'not a capture' 2 'not a pcap or pcapng capture' "$TAPDECK" print -r "$T/text"
expect 'empty file' 2 'empty' "$TAPDECK" print -r "$T/empty"
expect 'cut short' 1 'packet [0-9]*:.*offset [0-9]*' "$TAPDECK" print -r "$T/cut.pcapng"
[ "$(wc -l <"$T/out")" -gt 2 ] && echo 'ok what is readable is printed' || echo 'FAIL what is readable is printed'
expect 'unknown command' 2 "'nosuch' is neither a command nor a file" "$TAPDECK" nosuch
expect 'deck command' 2 'works in the deck only' "$TAPDECK" jump 3
expect 'unknown option' 2 'has no option' "$TAPDECK" print -r "$demo" --nope
expect 'unknown field' 2 "'tcp.nosuch' is no field" "$TAPDECK" print -r "$demo" -T fields -e tcp.nosuch
expect 'wrong filter' 2 'filter, character [0-9]*: ' "$TAPDECK" print -r "$demo" -Y 'tcp.port ==='
expect 'a character is not a byte' 2 'filter, character 20: ' "$TAPDECK" print -r "$demo" -Y 'frame contains "ä" ='
expect 'wrong BPF' 2 'capture filter' "$TAPDECK" print -r "$demo" -f 'tcp and'
expect 'no terminal' 2 'needs a terminal' "$TAPDECK" "$demo"
expect 'no terminal for a pipe' 2 "needs a terminal; without one use 'tapdeck print -r -'" \
	sh -c "'$TAPDECK' - <'$demo'"
expect 'a closed standard input' 2 'standard input: ' sh -c "'$TAPDECK' print -r - <&-"
expect 'wrong script' 2 'x.deck:2: ' sh -c "printf 'dump\nbogus\n' >'$T/x.deck'; exec '$TAPDECK' open --script '$T/x.deck' '$demo'"
expect 'print' 0 '' "$TAPDECK" print -r "$demo"
expect 'help' 0 '' "$TAPDECK" help
expect 'command --help' 0 '' "$TAPDECK" print --help
expect 'help of what is for the deck' 0 '' "$TAPDECK" jump -h
expect 'version' 0 '' "$TAPDECK" --version
expect 'fields' 0 '' "$TAPDECK" fields tcp
expect 'no such prefix' 2 'begins with' "$TAPDECK" fields zzz
for c in $("$TAPDECK" help | sed -n 's/^  \([a-z-]*\) .*/\1/p'); do
	expect "help $c" 0 '' "$TAPDECK" help "$c"
done
expect 'reader gone' 0 '' sh -c "'$TAPDECK' print -r '$demo' -V | head -n 1"

# No permission, which root does not know.
if [ "$(id -u)" -ne 0 ]; then
	cp "$demo" "$T/secret" && chmod 0 "$T/secret"
	expect 'no permission' 2 'permission' "$TAPDECK" print -r "$T/secret"
else
	echo 'skip no permission: root may read everything'
fi

# The same packets by every road: file, pipe, gzip, exported and read again.
"$TAPDECK" print -r "$demo" >"$T/a"
"$TAPDECK" print -r - <"$demo" | cmp -s - "$T/a" && echo 'ok standard input' || echo 'FAIL standard input'
gzip -c "$demo" >"$T/z.gz"
"$TAPDECK" print -r "$T/z.gz" | cmp -s - "$T/a" && echo 'ok gzip' || echo 'FAIL gzip'
"$TAPDECK" export -r "$demo" "$T/copy.pcapng" && "$TAPDECK" print -r "$T/copy.pcapng" | cmp -s - "$T/a" &&
	echo 'ok export' || echo 'FAIL export'
"$TAPDECK" export -r "$demo" -n 5-7 "$T/three.pcap" && [ "$("$TAPDECK" print -r "$T/three.pcap" | wc -l)" -eq 3 ] &&
	echo 'ok export of a range' || echo 'FAIL export of a range'
"$TAPDECK" export -r "$demo" -F csv - | head -n 2 | grep -q '^1,[0-9.]*,"10.0.0.1:40112","10.0.0.2:5001",TCP,74,"SYN' &&
	echo 'ok export as CSV' || echo 'FAIL export as CSV'
echo keep >"$T/keep.pcap"
"$TAPDECK" export -r "$T/text" "$T/keep.pcap" 2>/dev/null
[ "$(cat "$T/keep.pcap")" = keep ] && echo 'ok a failed export leaves the file' || echo 'FAIL a failed export leaves the file'

# Numbers of packets: -c, -Y, -f.
[ "$("$TAPDECK" print -r "$demo" -c 7 | wc -l)" -eq 7 ] && echo 'ok -c' || echo 'FAIL -c'
[ "$("$TAPDECK" print -r "$demo" -Y 'tcp.flags.syn == 1' | wc -l)" -eq 2 ] && echo 'ok -Y' || echo 'FAIL -Y'
[ "$("$TAPDECK" print -r "$demo" -f 'tcp[tcpflags] & tcp-syn != 0' | wc -l)" -eq 2 ] && echo 'ok -f' || echo 'FAIL -f'

# -f on other link types than Ethernet, and on several in one file.
"$BUILDDIR/build/tests/gen/mkcaps" "$T" >/dev/null || echo 'FAIL captures could not be made'
n() { "$TAPDECK" print -r "$@" | wc -l; }
for f in raw raw-12 raw-ipv4 null-le loop sll sll2; do
	want=$(n "$T/$f.pcap" -Y 'ip') got=$(n "$T/$f.pcap" -f 'ip')
	[ "$got" -eq "$want" ] && echo "ok -f on $f" || echo "FAIL -f on $f: $got packets, not $want"
done
# A beacon: 802.11, where "wlan type mgt" means something, as it does not on Ethernet.
{
	printf '\324\303\262\241\002\0\004\0\0\0\0\0\0\0\0\0\0\0\001\0\151\0\0\0'
	printf '\0\0\0\0\0\0\0\0\030\0\0\0\030\0\0\0\200\0\0\0%020d' 0
} >"$T/wlan.pcap"
[ "$(n "$T/wlan.pcap" -f 'wlan type mgt')" -eq 1 ] && echo 'ok -f that Ethernet does not know' ||
	echo 'FAIL -f that Ethernet does not know'
expect '-f with several link types' 0 '' "$TAPDECK" print -r "$T/fmt-ng-ifaces.pcapng" -f 'not ether host 1:2:3:4:5:6'
got=$(wc -l <"$T/out") all=$(n "$T/fmt-ng-ifaces.pcapng")
[ "$got" -gt 0 ] && [ "$got" -lt "$all" ] && echo 'ok those that it has a meaning for' ||
	echo "FAIL $got of $all pass"
expect '-f without a meaning' 1 'capture filter' "$TAPDECK" print -r "$T/raw.pcap" -f 'wlan type mgt'

# Follow puts the data of the whole transfer together: the lost segment came again.
"$TAPDECK" follow -r "$demo" -F raw >"$T/raw"
[ "$(wc -c <"$T/raw")" -eq "$("$TAPDECK" print -r "$demo" -T fields -e tcp.nxtseq -e tcp.srcport |
	awk '$2 == 40112 && $1 > m { m = $1 } $2 == 5001 && $1 > n { n = $1 } END { print m + n - 4 }')" ] &&
	echo 'ok follow' || echo "FAIL follow: $(wc -c <"$T/raw") bytes"
"$TAPDECK" follow -r "$demo" | grep -q missing && echo 'FAIL follow has no hole' || echo 'ok follow has no hole'

# JSON is JSON, whatever is in the packets.
if command -v jq >/dev/null; then
	"$TAPDECK" print -r "$demo" -T json | jq -e 'select(.tcp."tcp.srcport" == 40112) | .frame."frame.number"' >"$T/j" &&
		[ -s "$T/j" ] && echo 'ok JSON' || echo 'FAIL JSON'
elif command -v python3 >/dev/null; then
	"$TAPDECK" print -r "$demo" -T json | python3 -c 'import json, sys; [json.loads(l) for l in sys.stdin]' &&
		echo 'ok JSON' || echo 'FAIL JSON'
else
	echo 'skip JSON: neither jq nor python3 is here to read it'
fi
