#!/bin/sh
# The display filter against tshark 4.0: for each line of tests/filter.table the packets that pass must be the same. A
# packet in which the two see different protocols or conversations is left out: that is for tests/tshark.sh to find.
#	FILTERS='tcp.port == 80' tests/filter.sh	one filter only
set -u
capture=$T/caps/mixed.pcap

if ! command -v tshark >/dev/null; then
	echo "skip filters against tshark: tshark is not here"
	exit 0
fi
version=$(tshark --version 2>/dev/null | sed -n '1s/^TShark (Wireshark) \([0-9]*\.[0-9]*\).*/\1/p')
if [ "$version" != 4.0 ]; then
	echo "skip filters against tshark: this is version ${version:-unknown}, the language is that of 4.0"
	exit 0
fi
mkdir "$T/caps" && "$BUILDDIR/build/tests/gen/mkcaps" "$T/caps" mixed || exit 1

apart="-o ip.defragment:FALSE -o ipv6.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE"

# theirs FILE: verdicts of tshark on the filters in FILE, in their order.
theirs() {
	# shellcheck disable=SC2086
	FILTERS=$1 VERDICTS=$T/verdicts tshark -n -q -X "lua_script:$SRCDIR/tests/filter.lua" -r "$capture" $apart \
		>"$T/tshark" 2>&1 </dev/null
	[ "$(wc -l <"$T/verdicts")" -eq "$(wc -l <"$1")" ] && sort -n "$T/verdicts" | sed 's/^[0-9]* *//'
}

echo frame >"$T/frame"
if ! theirs "$T/frame" | grep -q '^1 2 3'; then
	echo "skip filters against tshark: this one runs no Lua: $(grep -v superuser "$T/tshark" | head -n 1)"
	exit 0
fi

# ours FILE: the same of tapdeck.
ours() {
	while IFS= read -r filter; do
		"$TAPDECK" print -r "$capture" -Y "$filter" -T fields -e frame.number >"$T/out" 2>"$T/err"
		case $? in
		0 | 1) tr '\n' ' ' <"$T/out" | sed 's/ $//' ;;
		*) printf 'rejected: %s' "$(head -n 1 "$T/err")" ;;
		esac
		echo
	done <"$1"
}

# Packets that both understand alike. Conversations of equal ends in different tunnels are one to tshark.
seen="-e frame.number -e frame.protocols -e tcp.stream -e udp.stream -e tcp.seq -e tcp.ack -e tcp.time_relative -e tcp.time_delta"
# shellcheck disable=SC2086
"$TAPDECK" print -r "$capture" -T fields $seen >"$T/a"
# shellcheck disable=SC2086
tshark -n -r "$capture" $apart -T fields $seen >"$T/b" 2>/dev/null </dev/null
cat "$T/a" "$T/b" | sort | uniq -d | sort -n | cut -f 1 >"$T/alike"

# agree NAME FILE
agree() {
	ours "$2" >"$T/ours"
	if ! theirs "$2" >"$T/theirs"; then
		echo "FAIL $1: tshark died of it: $(tail -n 1 "$T/tshark")"
		return
	fi
	paste -d '\n' "$2" "$T/ours" "$T/theirs" | awk -v name="$1" -v alike="$T/alike" '
		BEGIN { while ((getline k <alike) > 0) { both[k]; packets++ } }
		# The packets that the first list has and the second lacks.
		function lacking(a, b,   n, i, x, in_b, out) {
			n = split(b, x, " ")
			for (i = 1; i <= n; i++) in_b[x[i]]
			n = split(a, x, " ")
			for (i = 1; i <= n; i++) if (x[i] in both && !(x[i] in in_b)) out = out " " x[i]
			return out
		}
		NR % 3 == 1 { filter = $0 }
		NR % 3 == 2 { ours = $0 }
		NR % 3 == 0 {
			n++
			finds += $0 != ""
			if (ours ~ /^rejected/ || $0 == "rejected") {
				if (ours ~ /^rejected/ && $0 == "rejected") next
				printf "FAIL filter %s: %s\n", filter, $0 == "rejected" ? "tshark rejects it" : ours
			} else {
				more = lacking(ours, $0)
				less = lacking($0, ours)
				if (more less == "") next
				printf "FAIL filter %s: only here passes%s, only with tshark%s\n", filter,
					substr(more, 1, 200), substr(less, 1, 200)
			}
			bad++
		}
		END { if (!bad) printf "ok %d filters on %d packets: %s, %d of them find some\n", n, packets, name, finds }'
}

if [ -n "${FILTERS-}" ]; then
	echo "$FILTERS" >"$T/one"
	agree "the one given" "$T/one"
	exit
fi
grep -v -e '^#' -e '^$' "$SRCDIR/tests/filter.table" >"$T/table"
agree "tests/filter.table" "$T/table"
