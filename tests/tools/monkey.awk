# Writes a script for `tapdeck open --script': random keys, clicks, sizes and command lines, the same for the same seed.
#	awk -v seed=N -v n=STEPS -v files='CAPTURE ...' -f monkey.awk MANUAL
# MANUAL is what `tapdeck help --man' writes: the usage lines of all commands are in it, so new ones are tried at once.
/^\.Ic "/ {
	sub(/^\.Ic "/, "")
	sub(/"$/, "")
	gsub(/\\&/, "")
	gsub(/\\/, "")
	usage[++nusage] = $0
}
function r(k) { return int(rand() * k) } # 0..k-1
function of(list,  a, k) { k = split(list, a, " "); return a[1 + r(k)] }
function number() {
	return of("0 1 2 3 7 20 21 64 100 104 1000 65535 65536 4294967295 4294967296 9223372036854775807 18446744073709551615 -1 -5 -9223372036854775808 99999999999999999999 0x10 08 x")
}
function time_of() {
	return of("0 1 0.5 1.5s 20ms -20ms +20ms 3us +9223372036 -9223372036 +9000000000 9223372036 2m 1h 99999d 2026-11-22 1969-12-31 2261-12-31T23:59:59 1.999999999999 . - + 0x5 1e9")
}
function filter_of(  i) {
	i = r(20)
	if (i == 0) return "tcp"
	if (i == 1) return "tcp.flags.syn == 1"
	if (i == 2) return "frame.number > " number()
	if (i == 3) return "tcp && (ip.src == 10.0.0.0/8 || udp)"
	if (i == 4) return "frame contains 00:01"
	if (i == 5) return "http matches \"a*b[\""
	if (i == 6) return "ip.addr in {10.0.0.1 .. 10.0.0.9, 1.2.3.4}"
	if (i == 7) return "tcp.port in {1..}"
	if (i == 8) return "not not not !tcp"
	if (i == 9) return "eth.src[0:" number() "] == 02"
	if (i == 10) return "frame.number == 0"
	if (i == 11) return "((((((((("
	if (i == 12) return "tcp.seq == " number()
	if (i == 13) return "\"\" == \"\xc3\xa9\""
	if (i == 14) return "frame.time_relative > " time_of()
	if (i == 15) return "dns.qry.name matches \"(x+x+)+y\""
	if (i == 16) return "frame.len % 2 == 1"
	if (i == 17) return "udp or arp or icmp"
	return of("ip arp udp dns gre vxlan tcp.len dhcp frame.marked eth.dst eth")
}
function junk(  s, i) {
	s = ""
	for (i = r(12); i >= 0; i--)
		s = s of("a b 0 9 - -- = ' \" \\ ; # % %s %n $ & | < > ( ) [ ] { } * ? / . .. ~ é 漢 \xff \x1b \x9b \xe2\x80\xae \x01") (r(4) ? "" : " ")
	return s
}
function value(w) {
	if (r(14) == 0) return junk()
	if (w == "N") return r(8) ? r(120) : number()
	if (w == "A-B") return r(3) ? r(60) "-" r(120) : of("5- -7 7 9-2 - x 0-0 1-18446744073709551615")
	if (w == "FILTER") return "'" filter_of() "'"
	if (w == "FILE") return r(12) ? of(files) : of("none /dev/null . /dev/zero ''")
	if (w == "OUT") return of("out.pcapng out.pcap out.json out.csv none/x . -")
	if (w == "PANE") return of("packets links transport console next previous nosuch")
	if (w == "WHERE") return r(4) == 0 ? "time " time_of() : r(3) == 0 ? of("first last match previous-match next-mark previous-mark mark") : r(2) ? number() : r(2) ? time_of() : "mark " r(3)
	if (w == "WxH") return of("80x24 1x1 0x0")
	if (w == "SPEED" || w == "SPEED|+|-") return of("+ - 1 2x 0.01 1000 max 1e-3 nan inf -1 0x5")
	if (w == "KEY") return of("x C-r M-x F5 Space PgDn S-Tab Enter é F99 C-C- n")
	if (w == "VERB") return of("down up page-down page-up first last open close tree bytes unfold fold all zoom filter copy more less x left right help half-down next")
	if (w == "THEME") return of("dark light mono nosuch default")
	if (w == "FIELD" || w == "PREFIX" || w == "COLUMN") return of("tcp.seq ip.ttl frame.number nosuch time src info iface dns.qry.name eth.src tcp.options")
	if (w == "HEX") return of("00 0001 00:01:02 xyz 0")
	if (w == "BPF") return of("tcp 'udp port 53' 'not('")
	if (w == "SCRIPT") return "none"
	if (w == "COMMAND") return of("step quit toggle help nosuch filter")
	return r(2) ? number() : of("a lost é time x reset wider auto 10ms")
}
# One usage line with its words replaced: "jump WHERE", "print [-r FILE] [-x]..."
function command(  u, out, w, n, i, c, depth) {
	u = usage[1 + r(nusage)]
	if (u ~ /^(quit|suspend)/ && r(10)) return "step"
	if (r(40) == 0) return junk()
	while (match(u, /\[[^][]*\]/)) # an optional part: half the time
		u = substr(u, 1, RSTART - 1) (r(2) ? substr(u, RSTART + 1, RLENGTH - 2) : "") substr(u, RSTART + RLENGTH)
	gsub(/\.\.\./, "", u)
	n = split(u, w, " ")
	out = w[1]
	for (i = 2; i <= n; i++) {
		if (w[i] ~ /\|/ && w[i] ~ /[a-z]/) {
			gsub(/\|/, " ", w[i])
			out = out " " (r(12) ? of(w[i]) : junk())
		} else if (w[i] ~ /^[A-Z]/) {
			out = out " " value(w[i])
		} else {
			out = out " " w[i]
		}
	}
	return out
}
function key() {
	if (r(4) == 0)
		return of("Up Down Left Right PgUp PgDn Home End Enter Esc Tab S-Tab Backspace Delete Insert F1 F5 F12 S-Up S-Down S-Left S-Right C-Left M-Right")
	if (r(8) == 0)
		return of("C-a C-b C-c C-d C-e C-f C-g C-k C-l C-n C-p C-r C-s C-t C-u C-v C-w C-x C-y C-z M-b M-f M-x C-Space C-_")
	if (r(3) == 0)
		return of("n p Space [ ] < > . ,")
	return of("a b c d e f g h i j k l m o r s t u v w x y z A B C D E G H J K M N T Y : / ? ' \" 0 1 2 3 4 5 9 + - = * ! @ $ % & ( ) { } | ~ ` ^ é 漢")
}
END {
	srand(seed)
	for (i = 1; i <= n; i++) {
		k = r(100)
		if (k < 50) print "key", key(), (r(3) ? "" : key())
		else if (k < 74) print "cmd", command()
		else if (k < 77) { print "type", ":" command(); print "key", of("Tab Enter Esc C-r Up C-a C-u") }
		else if (k < 83) print of("click drag drag"), r(320), r(110)
		else if (k < 85) print of("click drag"), r(80), r(24)
		else if (k < 88) print of("wheel-up wheel-down"), r(120), r(50)
		else if (k < 93) { if (r(4)) print "size", 1 + r(200) "x" 1 + r(70); else print "size", of("1x1 300x100 80x24 40x10 2x100 300x1 120x36 200x60") }
		else if (k < 96) print "tick", of("1ms 33ms 1s 10s 100d")
		else if (k < 97) print "paste", junk()
		else if (k < 99) print "dump"
		else print "styles"
	}
}
