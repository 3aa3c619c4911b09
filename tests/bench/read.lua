-- read.lua - wrk's load: pages of members' statements, each connection fifty a second.
local members = {}

function init(args)
   for line in io.lines(args[1]) do
      local handle, secret = line:match("(%S+) (%S+)")
      members[#members + 1] = { handle = handle, bearer = "Bearer " .. secret }
   end
   math.randomseed(os.time())
end

function delay()
   return 20
end

function request()
   local member = members[math.random(#members)]
   return wrk.format("GET", "/api/v1/members/" .. member.handle .. "/accounts/CALD/statement?limit=50",
      { ["Authorization"] = member.bearer })
end

function done(summary, latency)
   io.write(string.format("%.0f %d %.1f %.1f\n",
      summary.requests / (summary.duration / 1e6),
      summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.write,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
