-- For tests/filter.sh: asks tshark all the filters of the file FILTERS in one pass, and writes to the file VERDICTS
-- a line for each: its line number, then the numbers of the packets that pass, or "rejected".
local out = assert(io.open(os.getenv("VERDICTS"), "w"))
local line = 0

local function ask(number, filter)
	local known, tap = pcall(Listener.new, "frame", filter)
	local passed = {}

	if not known then
		out:write(number, " rejected\n")
		return
	end
	function tap.packet(pinfo)
		passed[#passed + 1] = pinfo.number
	end
	function tap.draw()
		out:write(number, " ", table.concat(passed, " "), "\n")
		out:flush()
	end
end

for filter in io.lines(os.getenv("FILTERS")) do
	line = line + 1
	ask(line, filter)
end
out:flush()
