-- pay.lua - wrk's load: payments between members, each with its own token and a new uid.
local members = {}
local thread_count = 0

function setup(thread)
   thread:set("thread_id", thread_count)
   thread_count = thread_count + 1
end

function init(args)
   for line in io.lines(args[1]) do
      local handle, secret = line:match("(%S+) (%S+)")
      members[#members + 1] = { handle = handle, bearer = "Bearer " .. secret }
   end
   math.randomseed(os.time() * 97 + thread_id)
end

local function uid()
   return string.format("%08x-%04x-4%03x-8%03x-%08x%04x",
      math.random(0, 0xffffffff), math.random(0, 0xffff), math.random(0, 0xfff),
      math.random(0, 0xfff), math.random(0, 0xffffffff), math.random(0, 0xffff))
end

function request()
   local payer = members[math.random(#members)]
   local payee = members[math.random(#members)]
   while payee == payer do payee = members[math.random(#members)] end
   return wrk.format("POST", "/api/v1/payments", {
      ["Authorization"] = payer.bearer,
      ["Content-Type"] = "application/json",
      ["Idempotency-Key"] = uid(),
   }, string.format('{"payee":"%s","amount":"%d.%02d","currency":"CALD"}',
      payee.handle, math.random(0, 99), math.random(1, 99)))
end

function done(summary, latency, requests)
   io.write(string.format("%.0f %d %.1f %.1f\n",
      summary.requests / (summary.duration / 1e6),
      summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.write,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
