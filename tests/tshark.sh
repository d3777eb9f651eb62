#!/bin/sh
# Agreement with tshark 4.0, cell by cell: every generated capture that is well formed or malformed in its packets,
# and every field that both know, by `tapdeck print -T fields' and `tshark -T fields'.
#	tests/tshark.sh			as `make check' does
#	CAPTURES="tcp icmp" FIELDS="tcp ip.opt" SHOW=100 tests/tshark.sh	some captures, fields by prefix, more differences
set -u
exceptions=$SRCDIR/tests/tshark.except
mkcaps=$BUILDDIR/build/tests/gen/mkcaps

if ! command -v tshark >/dev/null; then
	echo "skip agreement with tshark: tshark is not here"
	exit 0
fi
version=$(tshark --version 2>/dev/null | sed -n '1s/^TShark (Wireshark) \([0-9]*\.[0-9]*\).*/\1/p')
if [ "$version" != 4.0 ]; then
	echo "skip agreement with tshark: this is version ${version:-unknown}, field names and formats are those of 4.0"
	exit 0
fi

mkdir "$T/caps" && "$mkcaps" "$T/caps" || exit 1
"$TAPDECK" fields | awk '$2 != "Protocol" { print $1 }' | LC_ALL=C sort -u >"$T/ours"
tshark -G fields 2>/dev/null | awk -F '\t' '$1 == "F" { print $3 }' | LC_ALL=C sort -u >"$T/theirs"

# A field that Wireshark does not have must say so in its name.
LC_ALL=C comm -23 "$T/ours" "$T/theirs" | grep -v '^tapdeck\.' >"$T/unknown"
if [ -s "$T/unknown" ]; then
	echo "FAIL field names: tshark has no $(tr '\n' ' ' <"$T/unknown")"
else
	echo "ok field names"
fi

LC_ALL=C comm -12 "$T/ours" "$T/theirs" | awk -v want="${FIELDS-}" '
	BEGIN { n = split(want, w, " ") }
	{ for (i = 1; i <= n; i++) if (index($0, w[i]) == 1) break }
	n == 0 || i <= n' >"$T/fields"
set --
while read -r f; do set -- "$@" -e "$f"; done <"$T/fields"

# Whole packets, as they are: nothing put together from several.
apart="-o ip.defragment:FALSE -o ipv6.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE -o sctp.reassembly:FALSE"
wanted=${CAPTURES-$("$mkcaps" --list | awk '$2 == "good" || $2 == "odd" || $2 == "malformed" { print $1 }')}
: >"$T/counts"

# compare CAPTURE FOLDER FIELD...: one capture, with temporary files in FOLDER.
compare() {
	f=$1 w=$2
	shift 2
	case $f in
	fmt-ng-blocks* | fmt-ng-gz*) # its packets are compared in the other formats
		echo "skip tshark agrees on $f: tshark numbers blocks there that are no packets"
		return
		;;
	esac
	f=$T/caps/$f
	[ -f "$f" ] || f=$f.pcap
	"$TAPDECK" print -r "$f" -T fields "$@" >"$w/a" 2>"$w/a.err"
	# shellcheck disable=SC2086
	tshark -n -r "$f" $apart -T fields "$@" >"$w/b" 2>"$w/b.err" </dev/null
	case ${f##*/} in bad-* | cut-*) loose=1 ;; *) loose=0 ;; esac
	awk -F '\t' -v loose=$loose -v capture="${f##*/}" -v names="$T/fields" -v exceptions="$exceptions" \
		-v theirs="$w/b" -v show="${SHOW-20}" -v counts="$w/counts" -f "$SRCDIR/tests/tshark.awk" "$w/a"
}

# On two cores: each worker takes every second capture.
for worker in 0 1; do
	mkdir "$T/$worker"
	{
		turn=0
		for c in $wanted; do
			[ $((turn % 2)) -ne $worker ] || compare "$c" "$T/$worker" "$@"
			turn=$((turn + 1))
		done
	} >"$T/$worker/said" 2>&1 &
done
wait
cat "$T"/[01]/said
cat "$T"/[01]/counts >"$T/counts" 2>/dev/null
awk '{ cells += $1; differ += $2; excused += $3 }
	END { printf "%d cells compared, %d differ, %d differ for a reason\n", cells, differ, excused }' "$T/counts"
