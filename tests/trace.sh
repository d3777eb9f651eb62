#!/bin/sh
# trace: the segments of one connection, against text that is known and tshark. sanitizers: yes
set -u
demo=$SRCDIR/labs/captures/fast-retransmit.pcapng

same() {
	cat >"$T/want"
	if cmp -s "$T/want" "$2"; then echo "ok $1"; else echo "FAIL $1: $(diff "$T/want" "$2" | head -n 6)"; fi
}
expect() {
	name=$1 status=$2 pattern=$3
	shift 3
	"$@" >"$T/out" 2>"$T/err" </dev/null
	got=$?
	if [ "$got" -ne "$status" ] || [ "$(wc -l <"$T/err")" -ne 1 ] || ! grep -q "$pattern" "$T/err"; then
		echo "FAIL $name: status $got, said '$(cat "$T/err")', not '$pattern'"
	else
		echo "ok $name"
	fi
}

"$TAPDECK" trace -r "$demo" -w 120 -c 4 >"$T/o"
same 'a handshake in 120 columns' "$T/o" <<'END'
tcp.stream 0   A 10.0.0.1:40112   B 10.0.0.2:5001
   No.        time      flags        seq        ack   len  state A  state B   flight    cwnd  ssthr  phase           rtt
     1    0.000000 A-> S             0                0  SYN-SENT SYN-RCVD       1       -      -  handshake
        A CLOSED -> SYN-SENT: sent SYN
        B LISTEN -> SYN-RECEIVED: received SYN, assumed
     2    0.010319 <-B SA            0          1     0  ESTAB    SYN-RCVD       1       -      -  handshake   10.319 ms
        A SYN-SENT -> ESTABLISHED: received SYN, ACK, assumed
     3    0.010400 A-> A             1          1     0  ESTAB    ESTAB          0   14480      -  slow start  80.547 us
        B SYN-RECEIVED -> ESTABLISHED: received ACK of SYN, assumed
     4    0.014410 A-> A             1          1  1448  ESTAB    ESTAB       1448   14480      -  slow start
END
"$TAPDECK" trace -r "$demo" -w 80 -c 105 | tail -n 3 >"$T/o"
same 'a FIN in 80 columns' "$T/o" <<'END'
   105    0.091970 A-> FA        70007          4     0  FIN-W-1  CLOSE-W
        A ESTABLISHED -> FIN-WAIT-1: sent FIN
        B ESTABLISHED -> CLOSE-WAIT: received FIN, assumed
END
for w in 80 99 100 110 120 128 140 200; do
	m=$("$TAPDECK" trace -r "$demo" -w $w | awk 'length > m { m = length } END { print m }')
	[ "$m" -le $w ] && echo "ok $w columns" || echo "FAIL $w columns: $m"
done

# Every edge leads on from where the end was, and ends where the line says that it is.
"$BUILDDIR/build/tests/gen/mkcaps" "$T" >/dev/null || echo 'FAIL captures could not be made'
if command -v jq >/dev/null; then
	for f in "$demo" "$SRCDIR/labs/captures/timeout.pcapng" "$SRCDIR/labs/captures/clean-transfer.pcapng" "$T/tcp-trouble.pcap"; do
		"$TAPDECK" trace -r "$f" -s 0 --json >"$T/j"
		jq -r '"\(.packet) \(.a.state) \(.b.state)" + ([.edges[] | " \(.end):\(.from):\(.to)"] | add // "")' "$T/j" |
			awk '{
				for (i = 4; i <= NF; i++) {
					split($i, e, ":")
					if (e[1] in s && s[e[1]] != e[2]) { print "packet", $1, "edge from", e[2], "but was", s[e[1]]; bad = 1 }
					s[e[1]] = e[3]
				}
				if ("a" in s && s["a"] != $2 || "b" in s && s["b"] != $3) { print "packet", $1, "does not stand where its edges lead"; bad = 1 }
			} END { exit bad }' >"$T/bad" && [ -s "$T/j" ] && echo "ok edges of $(basename "$f")" ||
			echo "FAIL edges of $(basename "$f"): $(head -n 2 "$T/bad")"
	done
fi
if command -v jq >/dev/null && command -v tshark >/dev/null; then
	for f in "$demo" "$T/tcp-trouble.pcap" "$T/tcp-trouble-2.pcap"; do
		for n in 0 7 31; do
			tshark -r "$f" -Y "tcp.stream == $n && !icmp && !icmpv6" -T fields -e frame.number -e tcp.seq -e tcp.ack -e tcp.len -e tcp.seq_raw \
				-e tcp.analysis.retransmission -e tcp.analysis.duplicate_ack -e tcp.analysis.zero_window 2>/dev/null |
				awk -F '\t' '{ print $1, $2, $3, $4, $5, $6 != "", $7 != "", $8 != "" }' >"$T/want"
			[ -s "$T/want" ] || continue
			"$TAPDECK" trace -r "$f" --stream $n --json | jq -r 'def has(x): if any(.wireshark[]; test(x)) then 1 else 0 end;
				"\(.packet) \(.seq) \(.ack // 0) \(.len) \(.seq_raw) \(has("retransmission$")) \(has("duplicate_ack$")) \(has("zero_window$"))"' >"$T/got"
			awk '{ if (NF != 8) exit 1 }' "$T/got" && cmp -s "$T/want" "$T/got" && echo "ok segments of stream $n of $(basename "$f"): $(wc -l <"$T/got")" ||
				echo "FAIL segments of stream $n of $(basename "$f"): $(diff "$T/want" "$T/got" | head -n 4)"
		done
	done
else
	echo 'skip against tshark: it or jq is not here'
fi

# The ways to say which.
"$TAPDECK" trace -r "$demo" >"$T/a"
for how in '-s 0' '10.0.0.1' ':5001' '10.0.0.2:5001 :40112' '10.0.0.1 10.0.0.2' '-Y tcp.analysis.flags'; do
	# shellcheck disable=SC2086
	"$TAPDECK" trace -r "$demo" $how | cmp -s - "$T/a" && echo "ok $how" || echo "FAIL $how"
done
"$TAPDECK" trace -r - <"$demo" | cmp -s - "$T/a" && echo 'ok standard input' || echo 'FAIL standard input'

expect 'no file' 2 'needs a capture' "$TAPDECK" trace
expect 'no such stream' 1 'no TCP stream 9' "$TAPDECK" trace -r "$demo" -s 9
expect 'too large' 2 "more than any stream's number" "$TAPDECK" trace -r "$demo" -s 99999999999
expect 'no end' 2 'is no end of a connection' "$TAPDECK" trace -r "$demo" h1
expect 'three ends' 2 'two ends' "$TAPDECK" trace -r "$demo" :1 :2 :3
expect 'two ways' 2 'give one' "$TAPDECK" trace -r "$demo" -s 0 :5001
expect 'such an end is not there' 1 'has this end' "$TAPDECK" trace -r "$demo" 10.9.9.9
expect 'nothing passes' 1 'passes the filter' "$TAPDECK" trace -r "$demo" -Y udp
expect 'a wrong filter' 2 'filter, character' "$TAPDECK" trace -r "$demo" -Y 'tcp.port =='
expect 'a filter on standard input' 2 'read only once' "$TAPDECK" trace -r - -Y tcp
