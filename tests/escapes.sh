#!/bin/sh
# A capture whose names and texts are escape sequences, C1 and bidi controls, zero-width characters and bad UTF-8: nothing
# of them reaches the terminal, text, JSON, CSV or a sentence about an error.
# sanitizers: yes
set -u
evil=$BUILDDIR/build/tests/tools/evil
onpty=$BUILDDIR/build/tests/tools/onpty
esc=$(printf '\033]0;EVIL\007\033[66;6H\302\233m\342\200\256\377')
file=$T/$esc.pcapng
TERM=xterm-256color
export TERM
"$evil" make "$file" || { echo 'FAIL the capture cannot be made'; exit 1; }

# run NAME COMMAND...: what it says, on both ways out.
run() {
	name=$1
	shift
	"$@" >"$T/out" 2>"$T/err" </dev/null
	# ASan says a word about coroutines.
	sed -i '/ASan doesn.t fully support/d' "$T/err"
	[ -s "$T/out" ] && "$evil" check "$name" <"$T/out"
	[ -s "$T/err" ] && "$evil" check "$name, its error" <"$T/err"
	[ -s "$T/out" ] || [ -s "$T/err" ] || echo "FAIL $name: it said nothing"
}
run text "$TAPDECK" print -r "$file"
run tree "$TAPDECK" print -r "$file" -V -x
run json "$TAPDECK" print -r "$file" -T json
for f in frame.interface_name frame.interface_description frame.comment dns.qry.name dns.txt http.request.uri http.host \
	dhcp.option.hostname lldp.tlv.system.name tls.handshake.extensions_server_name; do
	"$TAPDECK" fields -n "$f" 2>/dev/null | grep -qx "$f" && run "field $f" "$TAPDECK" print -r "$file" -T fields -e "$f"
done
run all-fields "$TAPDECK" print -r "$file" -T fields $("$TAPDECK" fields -n | sed 's/^/-e /')
run follow "$TAPDECK" follow -r "$file"
run follow-hex "$TAPDECK" follow -r "$file" -F hex
run csv "$TAPDECK" export -r "$file" -F csv -
run export-json "$TAPDECK" export -r "$file" -F json -
run missing "$TAPDECK" print -r "$file.none"
run missing-deck "$TAPDECK" "$file.none"
head -c 3000 "$file" >"$T/cut$esc"
run cut "$TAPDECK" print -r "$T/cut$esc"
run cut-deck "$TAPDECK" open --script /dev/null "$T/cut$esc/x"
run word "$TAPDECK" "$esc"
run option "$TAPDECK" print "-$esc" -r "$file"
run field-name "$TAPDECK" print -r "$file" -T fields -e "$esc"
run filter "$TAPDECK" print -r "$file" -Y "ip.addr == $esc"
run bpf "$TAPDECK" print -r "$file" -f "$esc"
run unwritable "$TAPDECK" export -r "$file" "$T/none/$esc"
printf 'cmd %s\ndump\n' "$esc" >"$T/script$esc"
run script "$TAPDECK" open --script "$T/script$esc" "$file"
run no-script "$TAPDECK" open --script "$T/none$esc" "$file"
command -v jq >/dev/null && {
	"$TAPDECK" print -r "$file" -T json | jq -c . >/dev/null && echo 'ok json is JSON' || echo 'FAIL json is JSON'
}

# Each packet in the deck: list, tree, bytes, ladder, links, console, follow, search, marks, columns.
{
	printf 'cmd column add frame.comment\ncmd columns number time iface info frame.comment frame.interface_name dns.qry.name\n'
	printf 'cmd mark %s\ncmd marks\ncmd find %s\ndump\ncmd filter %s\ndump\ntype :filter %s\ndump\nkey Enter\ndump\nkey Esc\n' "$esc" "$esc" "$esc" "$esc"
	printf 'paste jump %s\ndump\nkey Esc\ncmd filter\nkey Enter\nkey e\n' "$esc"
	i=0
	while [ $i -lt 96 ]; do
		printf 'dump\nkey n\n'
		i=$((i + 1))
	done
	printf 'cmd print -r %s.none\ncmd follow\ndump\nkey Esc\ncmd open %s\ndump\ncmd print -V -c 30\ncmd zoom console\ndump\nkey 1\n' "$esc" "$esc"
	printf 'cmd theme %s\ndump\ncmd help %s\ndump\nkey F9\ncmd bind %s step\ndump\n' "$esc" "$esc" "$esc"
} >"$T/deck"
for size in 80x24 160x50; do
	run "deck $size" "$TAPDECK" open --script "$T/deck" --size $size "$file"
	run "deck $size, ASCII" "$TAPDECK" open --ascii --script "$T/deck" --size $size "$file"
done

# On a terminal: title, prompt and all.
{
	printf 'size 120x40\nexpect tapdeck\n'
	i=0
	while [ $i -lt 20 ]; do
		printf 'type nnnnn\nquiet\n'
		i=$((i + 1))
	done
	printf 'type :filter \\x9b\\xc2\\x9bm\\r\nquiet\ntype \\e\nquiet\ntype 4:print -V -c 9\\r\nquiet\ntype q\nexit 0\n'
} >"$T/orders"
HOME=$T XDG_STATE_HOME=$T/state "$onpty" -o "$T/tty" "$T/orders" "$TAPDECK" "$file" >"$T/said" &&
	"$evil" check -t terminal <"$T/tty" || echo "FAIL terminal: $(cat -v "$T/said")"
