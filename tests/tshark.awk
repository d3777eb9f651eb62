# Compares a line of tapdeck's fields with a line of tshark's; see tshark.sh. An exception excuses a difference for
# fields and captures that it names (* at the end stands for anything), in one way only:
#	less	we give nothing, or fewer values; tshark gives more
#	more	we give values, or more of them; tshark fewer
#	other	the values themselves differ
#	any	any of these
# Fields and captures are lists with commas. Of captures whose packets are wrong or cut (loose) nine in ten must agree: what
# a dissector still reads of a header before it gives up is its own affair.
function matches(pattern, s) {
	if (pattern ~ /\*$/)
		return index(s, substr(pattern, 1, length(pattern) - 1)) == 1
	return pattern == s
}

# The values of x one by one in the same order in y, with others between?
function within(x, y, a, b, i, j, n, m) {
	if (x == "")
		return 1
	n = split(x, a, ",")
	m = split(y, b, ",")
	for (i = j = 1; i <= n && j <= m; j++)
		if (a[i] "" == b[j] "")
			i++
	return i > n
}

function way(x, y) {
	return within(x, y) ? "less" : within(y, x) ? "more" : "other"
}

# Is s one of the patterns, which have commas between?
function among(patterns, s, a, i, n) {
	n = split(patterns, a, ",")
	for (i = 1; i <= n; i++)
		if (matches(a[i], s))
			return 1
	return 0
}

function excused(field, x, y, i) {
	for (i = 1; i <= nexcept; i++)
		if (among(efield[i], field) && among(ecapture[i], capture) && (eway[i] == "any" || eway[i] == way(x, y)))
			return 1
	return 0
}

BEGIN {
	while ((getline line < names) > 0)
		name[++nnames] = line
	while ((getline line < exceptions) > 0) {
		if (line ~ /^#/ || line ~ /^[ \t]*$/)
			continue
		split(line, part, " ")
		efield[++nexcept] = part[1]
		ecapture[nexcept] = part[2]
		eway[nexcept] = part[3]
	}
}

{
	if ((getline line < theirs) <= 0) {
		short = 1
		exit
	}
	split(line, other, "\t")
	for (i = 1; i <= nnames; i++) {
		cells++
		if ($i != "" || other[i] != "")
			said++
		if ($i "" == other[i] "") # as text: 0x0 is not 0
			continue
		if (excused(name[i], $i, other[i])) {
			reasons++
			continue
		}
		differ++
		if (!wrong[i]++)
			first[i] = sprintf("packet %d: tapdeck '%s' tshark '%s'", NR, substr($i, 1, 60), substr(other[i], 1, 60))
	}
}

END {
	if (short || (getline line < theirs) > 0) {
		print "FAIL " capture ": tapdeck and tshark print different numbers of packets"
		differ++
	}
	if (loose && !short && differ <= said / 10) {
		printf "ok tshark agrees on %s, but for %d of %d values\n", capture, differ, said
		print cells + 0, 0, reasons + differ >> counts
		exit
	}
	for (i = 1; i <= nnames; i++)
		if (wrong[i] && shown++ < show)
			printf "FAIL %s %s, %d cells, %s\n", capture, name[i], wrong[i], first[i]
	if (!differ)
		print "ok tshark agrees on " capture
	else if (shown > show)
		print "FAIL " capture ": and " shown - show " more fields"
	print cells + 0, differ + 0, reasons + 0 >> counts
}
