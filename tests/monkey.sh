#!/bin/sh
# A monkey at the deck: random keys, clicks, sizes and command lines on many captures, good and broken. Nothing may crash,
# leak or hang, and nothing that is not for a terminal may be drawn.
# sanitizers: yes
# The same in each run. MONKEYS=1-1000 STEPS=500 tries more; a failing script is shown by its seed, and made again by
#	MONKEYS=SEED-SEED make check TESTS=monkey
set -u
mkcaps=$BUILDDIR/build/tests/gen/mkcaps
mkdir "$T/caps" "$T/here" && "$mkcaps" "$T/caps" || exit 1
cp "$SRCDIR"/labs/captures/*.pcapng "$T/caps"
"$TAPDECK" help --man >"$T/manual"
cd "$T/here" || exit 1
files=$(ls -d "$T"/caps/*)
monkeys=${MONKEYS:-1-30}
seed=${monkeys%-*}
while [ "$seed" -le "${monkeys#*-}" ]; do
	awk -v seed="$seed" -v n="${STEPS:-150}" -v files="$(echo $files)" -f "$SRCDIR/tests/tools/monkey.awk" "$T/manual" >"$T/script"
	first=$(echo $files | awk -v s="$seed" '{ print $(s * 7 % NF + 1) }')
	timeout -k 5 60 "$TAPDECK" open --script "$T/script" --size 120x40 "$first" >"$T/out" 2>"$T/err"
	status=$?
	# ASan says a word about coroutines, which is no error.
	sed -i '/ASan doesn.t fully support/d' "$T/err"
	if [ $status -eq 2 ] && [ "$(wc -l <"$T/err")" -eq 1 ] && grep -q "^tapdeck: $first: " "$T/err"; then
		echo "ok monkey $seed could not begin"
	elif [ $status -ne 0 ] || [ -s "$T/err" ]; then
		echo "FAIL monkey $seed on $(basename "$first"): status $status: $(grep -m 1 -E 'ERROR|runtime error|tapdeck:' "$T/err")"
	elif LC_ALL=C grep -q "[$(printf '\001-\011\013-\037\177')]\|$(printf '\302[\200-\237]\|\342\200[\213-\217\252-\256]')" "$T/out"; then
		echo "FAIL monkey $seed on $(basename "$first"): a control character was drawn"
	else
		echo "ok monkey $seed"
	fi
	seed=$((seed + 1))
done
