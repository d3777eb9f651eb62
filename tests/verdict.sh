#!/bin/sh
# Our verdicts on the recorded captures, whose scripts say what happened, and on generated ones, whose network knows what it did;
# by way of the tape. Beside them the share of tshark's own flags that are right.
set -u
verdicts=$BUILDDIR/build/tests/tools/verdicts
labs=$SRCDIR/labs/captures

# expect FILE N KIND [RULE]: so many packets of that kind.
expect() {
	n=$(awk -v k="$3" -v r="${4-}" '$2 == k && (r == "" || $3 == r)' "$T/$1" | wc -l)
	if [ "$n" -eq "$2" ]; then echo "ok $1: $2 $3"; else echo "FAIL $1: $3: $n packets, not $2"; fi
}
for f in clean-transfer fast-retransmit timeout vxlan-in-gre; do
	"$verdicts" "$labs/$f.pcapng" >"$T/$f" || exit 1
done
expect clean-transfer 98 -
expect fast-retransmit 1 lost lost_wire
expect fast-retransmit 1 fast_retransmission fast_dupacks
expect fast-retransmit 16 duplicate_ack
expect fast-retransmit 89 -
expect timeout 3 lost lost_wire
expect timeout 1 timeout_retransmission timer
expect timeout 2 go_back_retransmission go_back
# Four taps, three scopes: behind each other on two cables with the same headers around it.
expect vxlan-in-gre 20 copy copy
expect vxlan-in-gre 60 -

# Real senders, one transfer tapped at three places: it is one story, told from three sides. The losses lie between the first tap
# and the second, and so do packets that are held back.
run=$BUILDDIR/build/tests/kernel/cong_run
# count TAP FIELD WANT: on how many packets a field matches.
count() {
	awk -v f="$2" -v want="$3" '$f ~ want { n++ } END { print n + 0 }' "$T/$1.verdicts"
}
for s in random reorder; do
	mkdir "$T/$s"
	why=$("$run" $s cubic "$T/$s" 2>&1)
	case $? in
	0) ;;
	77) echo "skip verdicts on a kernel's transfer: $why" && break ;;
	*) echo "FAIL verdicts on a kernel's transfer: $why" && break ;;
	esac
	for tap in sender middle receiver; do "$verdicts" "$T/$s/$tap.pcap" >"$T/$tap.verdicts"; done
	again='retransmission$|^tail_loss_probe$'
	said="again $(count sender 2 "$again") $(count middle 2 "$again") $(count receiver 2 "$again")"
	said="$said, overtaken $(count sender 2 '^reordered$') $(count middle 2 '^reordered$') $(count receiver 2 '^reordered$')"
	said="$said, lost behind $(count sender 5 '^behind$') before $(count middle 5 '^before$') $(count receiver 5 '^before$')"
	if echo "$said" | awk -v s="$s" '{ gsub(",", "") }
		{ ok = $2 > 0 && $2 == $3 && $3 == $4 && $6 == 0 && $7 == $8 && $11 > 0 && $11 == $13 && $13 == $14 }
		{ ok = ok && (s == "reorder" ? $7 > 0 : $7 == 0); exit !ok }'; then
		echo "ok $s: three taps, one story: $said"
	else
		echo "FAIL $s: three taps, one story: $said"
	fi
done

if ! command -v tshark >/dev/null; then
	echo "skip verdicts beside tshark's: tshark is not here"
	exit 0
fi
scenes="tcp-path-sender tcp-path-between tcp-path-receiver"
# shellcheck disable=SC2086
"$BUILDDIR/build/tests/gen/mkcaps" "$T" $scenes || exit 1
for s in $scenes; do
	case $("$verdicts" --time "$T/$s.pcap") in
	*' 0 differ') echo "ok verdicts of $s are the same in any order" ;;
	*) echo "FAIL verdicts of $s are the same in any order: $("$verdicts" --time "$T/$s.pcap")" ;;
	esac
	"$verdicts" --truth "$s" >"$T/truth"
	"$verdicts" "$T/$s.pcap" >"$T/ours"
	tshark -n -r "$T/$s.pcap" -T fields -e tcp.analysis.spurious_retransmission -e tcp.analysis.out_of_order \
		-e tcp.analysis.retransmission -e tcp.analysis.fast_retransmission >"$T/theirs" 2>/dev/null </dev/null
	# Counted is what the network did something to, or somebody says so.
	said=$(paste -d ' ' "$T/truth" "$T/ours" "$T/theirs" | awk '{
		k = $6; w = "first"
		if (k == "reordered") w = "overtaken"
		else if (k == "duplicated" || k == "copy") w = "doubled"
		else if (k == "spurious_retransmission") w = "needless"
		else if (k ~ /retransmission$|^tail_loss_probe$/) w = "again"
		t = "first"
		n = split($0, f, "\t"); spurious = f[1]; sub(/.* /, "", spurious)
		if (spurious == 1) t = "needless"
		else if (f[2] == 1) t = "overtaken"
		else if (f[3] == 1 || f[4] == 1) t = "again"
		if ($2 == "other" || ($2 == "first" && w == "first" && t == "first")) next
		all++; ours += w == $2; theirs += t == $2
	} END { printf "%d %d %d", all, ours * 1000 / all, theirs * 1000 / all }')
	# shellcheck disable=SC2086
	set -- $said
	echo "$s: of $1 packets that are not simply the next, right in 1/1000: $2, tshark $3"
	if [ "$1" -gt 30 ] && [ "$2" -ge 930 ] && [ "$2" -gt "$3" ]; then
		echo "ok verdicts of $s"
	else
		echo "FAIL verdicts of $s: $2 of 1000 are right, tshark's $3"
	fi
done
