-- Sends prepared requests in turn (a file of them, parted by the record separator), and prints what was measured as one line.

local prepared = {}
local turn = 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  for one in file:read("*a"):gmatch("[^\30]+") do
    prepared[#prepared + 1] = one
  end
  file:close()
end

function request()
  turn = turn % #prepared + 1
  return prepared[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "measured %d %.6f %d %.3f %.3f %d\n",
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
