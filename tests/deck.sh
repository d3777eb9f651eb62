#!/bin/sh
# The deck on a real terminal: whatever happens to it, the terminal is left as it was and nobody stays behind.
# sanitizers: yes
# The first part runs on a pty of its own (tests/tools/onpty.c tells the orders), the second in tmux.
set -u
onpty=$BUILDDIR/build/tests/tools/onpty
caps=$SRCDIR/labs/captures
demo=$caps/fast-retransmit.pcapng
TERM=xterm-256color
HOME=$T/home
export TERM HOME

# on NAME PROGRAM...: the orders come from standard input; what was written stays in $T/NAME.out.
on() {
	name=$1
	shift
	cat >"$T/orders"
	rm -rf "$HOME" && mkdir "$HOME"
	if said=$("$onpty" -o "$T/$name.out" "$T/orders" "$@"); then
		echo "ok $name"
	else
		echo "FAIL $name: $(printf '%s' "$said" | cat -v | head -c 600)"
	fi
}

for size in 80x24 120x40 200x60 20x5 1x1; do
	on "keys-$size" "$TAPDECK" "$demo" <<-EOT
		size $size
		quiet
		type np :\eJ\e/x\r?q?\e
		quiet
		type q
		exit 0
	EOT
done
on paused-quit "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type q
	exit 0
EOT
on command-quit "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type :
	expect tapdeck>
	type quit\r
	exit 0
EOT

# Signals, in several states. The status is what a shell would say.
while read -r sig status; do
	on "$sig" "$TAPDECK" "$demo" <<-EOT
		expect tapdeck
		signal $sig
		exit $status
	EOT
	on "$sig-prompt" "$TAPDECK" "$demo" <<-EOT
		expect tapdeck
		type :step 1
		expect tapdeck>
		signal $sig
		exit $status
	EOT
	on "$sig-playing" "$TAPDECK" "$demo" <<-EOT
		expect tapdeck
		type [[[[[ 
		quiet
		signal $sig
		exit $status
	EOT
	on "$sig-help" "$TAPDECK" "$demo" <<-EOT
		expect tapdeck
		type ?
		expect keys in
		signal $sig
		exit $status
	EOT
done <<-EOT
	TERM 143
	HUP 129
	INT 130
	QUIT 131
EOT

# The terminal goes away.
on lost "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	hangup
	exit 129
EOT
on lost-prompt "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type :
	expect tapdeck>
	hangup
	exit 129
EOT
on lost-playing "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type [[[[[ 
	hangup
	exit 129
EOT

# Stopping and coming back.
on suspend "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type \x1a
	stopped
	fg
	expect tapdeck
	signal TSTP
	stopped
	fg
	expect tapdeck
	signal STOP
	halted
	fg
	expect tapdeck
	type q
	exit 0
EOT
on suspend-prompt "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type :jump 5
	expect tapdeck>
	signal TSTP
	stopped
	fg
	expect jump 5
	type \x1a
	quiet
	type \e
	quiet
	type q
	exit 0
EOT
on suspend-playing "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type [[[[[ 
	signal TSTP
	stopped
	size 100x30
	fg
	expect tapdeck
	type q
	exit 0
EOT
on suspend-and-end "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type \x1a
	stopped
	signal TERM
	fg
	exit 143
EOT

# Sizes, while it plays and while a line is typed.
on resize "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type [[[[[ 
	size 200x60
	expect tapdeck
	size 1x1
	quiet
	size 300x100
	expect tapdeck
	type :filter tcp.
	quiet
	type \t
	quiet
	size 40x8
	quiet
	size 80x24
	expect tapdeck>
	type \e
	quiet
	type q
	exit 0
EOT

# Kinds of terminals.
for term in vt100 xterm xterm-256color screen screen-256color tmux-256color linux rxvt; do
	infocmp $term >/dev/null 2>&1 || continue
	on "on-$term" env TERM=$term "$TAPDECK" "$demo" <<-EOT
		expect tapdeck
		type n?
		quiet
		type q:quit\r
		exit 0
	EOT
done
for term in dumb nosuch ''; do
	on "no-$term" env TERM=$term "$TAPDECK" "$demo" <<-EOT
		expect tapdeck: 
		exit 1
	EOT
	[ "$(wc -l <"$T/no-$term.out")" -eq 1 ] || echo "FAIL no-$term: more than one sentence"
done
on no-color env NO_COLOR=1 "$TAPDECK" "$demo" <<-EOT
	expect tapdeck
	type n :
	expect tapdeck>
	type \e
	quiet
	type q
	exit 0
EOT
LC_ALL=C grep -q '\[[0-9;]*[34][0-7]m\|8;5;' "$T/no-color.out" && echo 'FAIL no-color: there is a colour' || echo 'ok no colour'
on locale-c env LC_ALL=C "$TAPDECK" "$demo" <<-EOT
	size 120x40
	expect tapdeck
	type n 
	quiet
	type q
	exit 0
EOT
LC_ALL=C grep -q '[^ -~[:cntrl:]]' "$T/locale-c.out" && echo 'FAIL locale-c: not only ASCII' || echo 'ok ASCII only'

# A capture through standard input, the keyboard at /dev/tty; also one that does not end.
on stdin sh -c "cat '$demo' | '$TAPDECK' -" <<-EOT
	expect tapdeck
	expect standard input
	type n
	quiet
	type q
	exit 0
EOT
mkfifo "$T/pipe"
{
	cat "$demo"
	exec sleep 1000
} >"$T/pipe" &
writer=$!
on stdin-endless sh -c "exec '$TAPDECK' - <'$T/pipe'" <<-EOT
	expect tapdeck
	type >n
	quiet
	type q
	exit 0
EOT
kill $writer
on wrong-filter "$TAPDECK" print -r "$demo" -Y 'tcp.port == 80 xx' <<-EOT
	expect filter, character 16: 
	expect   tcp.port == 80 xx
	expect                  ^
	exit 2
EOT
on stdin-broken sh -c "head -c 3000 '$demo' | '$TAPDECK' -" <<-EOT
	expect tapdeck
	expect packet
	quiet
	type q
	exit 0
EOT
grep -q '/dev/fd' "$T/stdin.out" "$T/stdin-endless.out" "$T/stdin-broken.out" && echo 'FAIL stdin: called /dev/fd/N' ||
	echo 'ok stdin has its name'
on stdin-keyboard "$TAPDECK" - <<-EOT
	expect standard input is the keyboard
	exit 2
EOT

# The window is called as the tape that is open.
on title "$TAPDECK" "$demo" <<-EOT
	expect ]2;
	expect fast-retransmit.pcapng
	type :open $caps/arp.pcapng\r
	expect ]2;
	expect arp.pcapng
	quiet
	type q
	exit 0
EOT

# A file that becomes shorter while it is open.
cp "$caps/clean-transfer.pcapng" "$T/shrinks.pcapng"
on shrinks "$TAPDECK" "$T/shrinks.pcapng" <<-EOT
	expect tapdeck
	quiet
	truncate $T/shrinks.pcapng 20000
	type >
	quiet
	type p
	quiet
	type :filter tcp\r
	quiet
	type q
	exit 0
EOT

# Nobody stays behind.
left=$(pgrep -f "^$TAPDECK" -s 0 2>/dev/null | wc -l)
[ "$left" -eq 0 ] && echo 'ok no process remains' || echo "FAIL $left processes remain"

# ---- tmux: the screen as a person sees it ----

if ! command -v tmux >/dev/null; then
	echo 'skip in tmux: tmux is not here'
	exit 0
fi
unset TMUX
rm -rf "$HOME"
# What ASan says of coroutines must not stand between the deck and the screen.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}log_path=$T/asan
export ASAN_OPTIONS
socket=$T/tmux
tm() { tmux -S "$socket" -f /dev/null "$@"; }
# see WHAT PATTERN: waits until the screen shows it.
see() {
	i=0
	while [ $i -lt 200 ]; do
		tm capture-pane -p -t d >"$T/screen" 2>/dev/null
		if grep -q -e "$2" "$T/screen"; then
			echo "ok $1"
			return
		fi
		i=$((i + 1))
		sleep 0.05
	done
	echo "FAIL $1: there is no '$2' on the screen:"
	cat "$T/screen"
}
tm new-session -d -s d -x 80 -y 24 "sh" || { echo 'skip in tmux: it does not start'; exit 0; }
trap 'tm kill-server 2>/dev/null' EXIT
tm send-keys -t d "PS1='ready> '; stty -a >'$T/stty.before'; clear" Enter
see 'tmux: a shell' '^ready>'
tm send-keys -t d "'$TAPDECK' '$demo'" Enter
see 'tmux: opens at the first packet' ' 1/[0-9]'
tm send-keys -t d n n
see 'tmux: n steps' ' 3/[0-9]'
tm send-keys -t d p
see 'tmux: p steps back' ' 2/[0-9]'
tm send-keys -t d '?'
see 'tmux: help' 'keys in packets'
tm send-keys -t d q
tm send-keys -t d : 'jump 3'
see 'tmux: prompt' 'tapdeck> jump 3'
tm resize-window -t d -x 120 -y 40
see 'tmux: the prompt survives a resize' 'tapdeck> jump 3'
tm send-keys -t d 8 Enter
see 'tmux: a command' ' 38/[0-9]'
tm resize-window -t d -x 200 -y 60
see 'tmux: large' 'links'
tm resize-window -t d -x 80 -y 24
see 'tmux: small again' ' 38/[0-9]'
tm send-keys -t d C-z
see 'tmux: stopped' 'ready>.*$'
tm send-keys -t d 'fg' Enter
see 'tmux: back at the same place' ' 38/[0-9]'
tm send-keys -t d q
see 'tmux: left' '^ready>'
tm send-keys -t d "stty -a >'$T/stty.after'; echo do''ne" Enter
see 'tmux: the shell goes on' 'done$'
sed -i '/rows/d' "$T/stty.before" "$T/stty.after"
cmp -s "$T/stty.before" "$T/stty.after" && echo 'ok tmux: stty as before' || echo 'FAIL tmux: stty is not as before'
[ "$(tm display-message -p -t d '#{cursor_flag}#{alternate_on}#{mouse_any_flag}#{keypad_cursor_flag}')" = 1000 ] &&
	echo 'ok tmux: cursor, screen, mouse, keypad as before' || echo 'FAIL tmux: modes are left on'
tm send-keys -t d "'$TAPDECK' '$demo'" Enter
see 'tmux: opens again' ' 1/[0-9]'
pid=$(ps -o pid= --ppid "$(tm display-message -p -t d '#{pane_pid}')" | head -n 1)
tm kill-server
i=0
while kill -0 "$pid" 2>/dev/null && [ $i -lt 100 ]; do
	i=$((i + 1))
	sleep 0.05
done
if cat "$T"/asan.* 2>/dev/null | grep -E 'ERROR|SUMMARY'; then
	echo 'FAIL tmux: a sanitizer complains'
fi
kill -0 "$pid" 2>/dev/null && echo 'FAIL tmux: killed, the deck lives on' || echo 'ok tmux: killed, and the deck ends'
