#!/bin/sh
# Golden screens: scripts of keys and commands typed into the real program, off the screen; what they dump must be what
# stands beside them.
# sanitizers: yes
#	tests/screens/NAME.deck		its first line says "# SIZE CAPTURE [OPTION...]"
#	tests/screens/NAME.screen	what is expected; UPDATE=1 writes it anew (then look at it!)
set -u
for script in "$SRCDIR"/tests/screens/${SCREENS-*}.deck; do
	name=$(basename "$script" .deck)
	expected=$SRCDIR/tests/screens/$name.screen
	read -r _ size capture options <"$script"
	# shellcheck disable=SC2086
	if ! "$TAPDECK" open --script "$script" --size "$size" $options "$SRCDIR/labs/captures/$capture" \
		>"$T/out" 2>"$T/err" || grep -v 'WARNING: ASan\|False positive error reports\|For details see' "$T/err" | grep -q .; then
		echo "FAIL $name: $(head -n 1 "$T/err")"
		continue
	fi
	[ "${UPDATE-}" ] && cp "$T/out" "$expected"
	if cmp -s "$T/out" "$expected"; then
		echo "ok $name"
	else
		echo "FAIL $name: the screen differs (- expected, + is)"
		diff -u "$expected" "$T/out" | sed -n '3,40p'
	fi
done
