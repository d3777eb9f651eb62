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
