#!/bin/sh
# Makes a registry from the sources themselves: registry.sh OUT MACRO PREFIX FILE...
# Each line of a FILE that begins with PREFIX and goes on "NAME = {" or "NAME[] = {" becomes MACRO(NAME)
# in OUT, sorted by name. OUT is touched only when it changes. A FILE that declares nothing is an error:
# it would silently be left out of the program.
set -e
export LC_ALL=C
out=$1 macro=$2 prefix=$3
shift 3
mkdir -p "$(dirname "$out")"
{
	echo "/* Made by the build from the names in the sources; see src/registry.sh. */"
	[ $# -eq 0 ] || awk -v macro="$macro" -v prefix="$prefix" '
		index($0, prefix) == 1 {
			name = substr($0, length(prefix) + 1)
			if (name ~ /^[A-Za-z0-9_]+(\[\])? = \{/) {
				sub(/[^A-Za-z0-9_].*/, "", name)
				print macro "(" name ")"
				found[FILENAME] = 1
			}
		}
		END {
			for (i = 1; i < ARGC; i++)
				if (!(ARGV[i] in found)) {
					printf "%s: no line begins with \"%sNAME\"\n", ARGV[i], prefix > "/dev/stderr"
					bad = 1
				}
			exit bad
		}' "$@" >"$out.list"
	[ $# -eq 0 ] || sort "$out.list"
} >"$out.tmp"
rm -f "$out.list"
if cmp -s "$out.tmp" "$out"; then rm -f "$out.tmp"; else mv "$out.tmp" "$out"; fi
