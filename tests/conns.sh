#!/bin/sh
# conns: the list of conversations, against text that is known, tshark and tcptrace. sanitizers: yes
set -u
demo=$SRCDIR/labs/captures/fast-retransmit.pcapng
tunnel=$SRCDIR/labs/captures/vxlan-in-gre.pcapng

# same NAME FILE: FILE is what stands on standard input.
same() {
	cat >"$T/want"
	if cmp -s "$T/want" "$2"; then echo "ok $1"; else echo "FAIL $1: $(diff "$T/want" "$2" | head -n 6)"; fi
}
# expect NAME STATUS PATTERN COMMAND...: one line on stderr that has PATTERN, none where it is empty.
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

# ---- text and JSON
"$TAPDECK" conns -r "$demo" -w 80 >"$T/o"
same '80 columns' "$T/o" <<'END'
stream  A               B              packets     bytes  states         retrans
tcp 0   10.0.0.1:40112  10.0.0.2:5001      107   78.7 kB  TIME-W/CLOSED        1
END
"$TAPDECK" conns -r "$demo" >"$T/o"
same 'no bound' "$T/o" <<'END'
stream  A               B              packets>  <packets    bytes>    <bytes     start    duration  states A/B        retrans        rtt    rtt min    rtt max  in flight  near    seen
tcp 0   10.0.0.1:40112  10.0.0.2:5001        55        52   75.1 kB   3.64 kB  0.000000  102.308 ms  TIME-WAIT/CLOSED        1  12.468 ms  10.261 ms  16.634 ms    21.7 kB  client  SSADF.
END
for w in 40 80 90 100 110 120 140 160 200; do
	"$TAPDECK" conns -r "$demo" -w $w >"$T/o"
	[ "$w" -eq 40 ] || [ "$(awk 'length > m { m = length } END { print m }' "$T/o")" -le $w ] && echo "ok $w columns" ||
		echo "FAIL $w columns: $(awk 'length > m { m = length } END { print m }' "$T/o")"
done
"$TAPDECK" conns -r "$tunnel" -p tcp -w 80 | cut -c 1-54 | sed "s, *$,," >"$T/o"
same 'the tunnel that a conversation lives in' "$T/o" <<'END'
stream  in             A               B
tcp 0                  32.0.0.5:40115  32.0.0.2:5001
tcp 1   VXLAN 42       32.0.0.5:40115  32.0.0.2:5001
tcp 2   GRE, VXLAN 42  32.0.0.5:40115  32.0.0.2:5001
END
"$TAPDECK" conns -r "$demo" --json >"$T/o"
same 'JSON' "$T/o" <<'END'
{"protocol":"tcp","stream":0,"scope":null,"first_packet":1,"last_packet":107,"start":0.000000000,"start_epoch":1795332563.069510645,"duration":0.102308405,"a":{"address":"10.0.0.1","port":40112,"packets":55,"bytes":75092,"payload_bytes":71454,"state":"TIME-WAIT","retransmissions":1,"retransmitted_bytes":1448,"acknowledged_bytes":70006,"header_bytes":2868,"max_in_flight":21720,"rtt_samples":35,"rtt_min":0.010260886,"rtt_avg":0.012467844,"rtt_max":0.016634483},"b":{"address":"10.0.0.2","port":5001,"packets":52,"bytes":3635,"payload_bytes":3,"state":"CLOSED","retransmissions":0,"retransmitted_bytes":0,"acknowledged_bytes":3,"header_bytes":2904,"max_in_flight":3,"rtt_samples":2,"rtt_min":0.000080547,"rtt_avg":0.005213319,"rtt_max":0.010346091},"completeness":31,"capture_near":"client","copies":0,"partly":false}
END

# ---- sorting and choosing
"$BUILDDIR/build/tests/gen/mkbench" "$T/bench.pcap" 20000 || echo 'FAIL no capture'
for c in packets bytes duration retrans rtt flight; do
	case $c in
	packets) key='.a.packets + .b.packets' ;;
	bytes) key='.a.bytes + .b.bytes' ;;
	duration) key='.duration' ;;
	retrans) key='if .a.state then .a.retransmissions + .b.retransmissions else -1 end' ;;
	rtt) key='[.a.rtt_avg // -1, .b.rtt_avg // -1] | max' ;;
	flight) key='if .a.state then [.a.max_in_flight, .b.max_in_flight] | max else -1 end' ;;
	esac
	command -v jq >/dev/null || { echo "skip sorted by $c: jq is not here" && continue; }
	"$TAPDECK" conns -r "$T/bench.pcap" --json -s $c | jq "$key" >"$T/keys"
	[ "$(wc -l <"$T/keys")" -gt 100 ] && sort -c -g -r "$T/keys" 2>/dev/null && echo "ok sorted by $c" || echo "FAIL sorted by $c"
	"$TAPDECK" conns -r "$T/bench.pcap" --json -s $c -R | jq "$key" | grep -v '^-1$' >"$T/keys"
	sort -c -g "$T/keys" 2>/dev/null && echo "ok the other way round by $c" || echo "FAIL the other way round by $c"
done
for c in stream from to scope packets-out packets-back bytes-out bytes-back start state rtt-min rtt-max point seen; do
	"$TAPDECK" conns -r "$T/bench.pcap" -s $c | sort >"$T/a"
	"$TAPDECK" conns -r "$T/bench.pcap" -s $c -R | sort | cmp -s - "$T/a" && echo "ok all are there by $c" || echo "FAIL all are there by $c"
done
[ "$("$TAPDECK" conns -r "$T/bench.pcap" -c 7 | wc -l)" -eq 8 ] && echo 'ok -c' || echo 'FAIL -c'
"$TAPDECK" conns -r "$demo" -Y 'tcp.flags.fin == 1' --json >"$T/a"
"$TAPDECK" conns -r "$demo" --json | cmp -s - "$T/a" && echo 'ok a filter chooses whole conversations' ||
	echo 'FAIL a filter chooses whole conversations'
expect 'a filter that nothing passes' 0 'no such conversation' "$TAPDECK" conns -r "$demo" -Y udp

# ---- against others
"$BUILDDIR/build/tests/gen/mkcaps" "$T" >/dev/null || echo 'FAIL captures could not be made'
if command -v jq >/dev/null && command -v tshark >/dev/null; then
	for f in "$demo" "$SRCDIR/labs/captures/timeout.pcapng" "$T/tcp-trouble.pcap" "$T/tcp-trouble-2.pcap" "$T/tcp-trouble-3.pcap"; do
		# stream, packets and bytes of either side, first and last time
		tshark -r "$f" -Y tcp -T fields -e tcp.stream -e tcp.srcport -e ip.src -e ipv6.src -e frame.len -e frame.time_epoch 2>/dev/null |
			awk -F '\t' '{
				s = $1; who = $2 $3 $4
				if (!(s in first)) { first[s] = who; t0[s] = $6; n++ }
				x = who == first[s] ? 0 : 1
				p[s, x]++; b[s, x] += $5; split($6, c, "."); split(t0[s], d, ".")
				last[s] = (c[1] - d[1]) * 1000000 + int((c[2] - d[2]) / 1000)
			} END {
				for (s = 0; s < n; s++) print s, p[s, 0] + 0, p[s, 1] + 0, b[s, 0] + 0, b[s, 1] + 0
			}' >"$T/want"
		"$TAPDECK" conns -r "$f" -p tcp -s stream --json |
			jq -r '"\(.stream) \(.a.packets) \(.b.packets) \(.a.bytes) \(.b.bytes)"' >"$T/got"
		[ -s "$T/got" ] && cmp -s "$T/want" "$T/got" && echo "ok packets and bytes of $(basename "$f"): $(wc -l <"$T/got")" ||
			echo "FAIL packets and bytes of $(basename "$f"): $(diff "$T/want" "$T/got" | head -n 4)"
		# duration, in the seconds with four decimals that tshark's table has
		tshark -r "$f" -q -z conv,tcp 2>/dev/null | awk '/<->/ { print $NF }' | sort -g >"$T/want"
		"$TAPDECK" conns -r "$f" -p tcp --json | jq .duration | awk '{ printf "%.4f\n", $1 }' | sort -g >"$T/got"
		[ -s "$T/got" ] && paste "$T/want" "$T/got" | awk '{ d = $1 - $2; if (d > 0.00011 || d < -0.00011) exit 1 }' &&
			echo "ok durations of $(basename "$f")" || echo "FAIL durations of $(basename "$f"): $(diff "$T/want" "$T/got" | head -n 4)"
	done
else
	echo 'skip against tshark: it or jq is not here'
fi
if command -v jq >/dev/null && command -v tcptrace >/dev/null; then
	for f in "$demo" "$SRCDIR/labs/captures/clean-transfer.pcapng" "$SRCDIR/labs/captures/timeout.pcapng"; do
		"$TAPDECK" export -r "$f" "$T/plain.pcap"
		tcptrace -n -l "$T/plain.pcap" </dev/null 2>/dev/null | awk '/rexmt data pkts:/ { print $4, $8; exit }' >"$T/want"
		"$TAPDECK" conns -r "$f" -p tcp -c 1 --json | jq -r '"\(.a.retransmissions) \(.b.retransmissions)"' >"$T/got"
		[ -s "$T/want" ] && cmp -s "$T/want" "$T/got" && echo "ok retransmissions as tcptrace of $(basename "$f")" ||
			echo "FAIL retransmissions as tcptrace of $(basename "$f"): $(cat "$T/want") and $(cat "$T/got")"
	done
else
	echo 'skip against tcptrace: it or jq is not here'
fi

# ---- what is hard
for k in flood long years back; do
	"$BUILDDIR/build/tests/gen/mkconns" $k "$T/$k.pcap" || echo "FAIL no capture $k"
done
"$TAPDECK" conns -r "$T/flood.pcap" >"$T/out" 2>"$T/err"
[ $? -eq 0 ] && [ "$(wc -l <"$T/out")" -eq 262145 ] && [ "$(wc -l <"$T/err")" -eq 1 ] &&
	grep -q '^tapdeck: 137 856 conversations are left out: 262 144 are kept' "$T/err" &&
	sed -n 2p "$T/out" | grep -q '^tcp 137856 .*SYN-SENT' && echo 'ok more connections than are kept' ||
	echo "FAIL more connections than are kept: $(wc -l <"$T/out") lines, $(cat "$T/err")"
if command -v jq >/dev/null; then
	is() { # NAME CAPTURE WANT: what jq says of the one connection
		got=$("$TAPDECK" conns -r "$T/$2.pcap" --json | jq -c '[.a.packets, .b.packets, .a.payload_bytes, .a.acknowledged_bytes, .a.retransmissions, .a.state, .b.state, .duration]')
		[ "$got" = "$3" ] && echo "ok $1" || echo "FAIL $1: $got"
	}
	is '4.5 GB in one connection' long '[70004,70002,4550000000,4550000000,0,"TIME-WAIT","CLOSED",7.00025]'
	is 'ten years between packets' years '[6,4,2000,2000,0,"CLOSED","CLOSED",2838240000]'
	is 'a clock that runs backwards' back '[104,102,100000,100000,0,"TIME-WAIT","CLOSED",0.615]'
fi
for k in long years back; do
	"$TAPDECK" trace -r "$T/$k.pcap" >"$T/out" && [ "$(grep -c '^ *[0-9]* .*\(->\|<-\)' "$T/out")" -ge 10 ] && echo "ok trace of $k" || echo "FAIL trace of $k"
done

# ---- what is wrong
expect 'no file' 2 'needs a capture' "$TAPDECK" conns
expect 'no such file' 2 'no such file' "$TAPDECK" conns -r "$T/none"
expect 'no such column' 2 "'size' is not one of" "$TAPDECK" conns -r "$demo" -s size
expect 'no such protocol' 2 "'sctp' is not one of" "$TAPDECK" conns -r "$demo" -p sctp
expect 'a wrong filter' 2 'filter, character' "$TAPDECK" conns -r "$demo" -Y 'tcp.port =='
expect 'no number' 2 'not a number' "$TAPDECK" conns -r "$demo" -c many
expect 'no playhead' 2 'no playhead' "$TAPDECK" conns -r "$demo" --playhead
head -c 3000 "$demo" >"$T/cut.pcapng"
expect 'cut short' 1 'packet [0-9]*:.*offset' "$TAPDECK" conns -r "$T/cut.pcapng"
[ "$(wc -l <"$T/out")" -eq 2 ] && echo 'ok what is readable is counted' || echo 'FAIL what is readable is counted'
