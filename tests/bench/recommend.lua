-- POST /recommend, sync: wishes that differ from request to request, so that
-- nothing can be answered from a cache. Prints one JSON line with what came back.
local genres = {"rock", "jazz", "classical", "electronic", "pop", "hip_hop", "acoustic", "metal"}
local uses = {"critical_listening", "travel", "commuting", "studio", "casual", "gaming", "office", "exercise"}
local headers = {["Content-Type"] = "application/json"}
local threads = {}

function setup(thread)
  thread:set("seed", #threads + 1)
  table.insert(threads, thread)
end

function init()
  math.randomseed(os.time() * 8 + seed) -- wishes of earlier runs would be answered from the cache
  answered, refused = 0, 0
end

function request()
  local r = math.random
  return wrk.format("POST", "/api/v1/recommend", headers, string.format(
    '{"preferences":{"genres":["%s","%s"],"sound_preferences":{"bass":%.2f},"budget_min":%d,"budget_max":%d,'
    .. '"primary_use_case":"%s"}}',
    genres[r(#genres)], genres[r(#genres)], r(), r(20, 100), r(150, 900), uses[r(#uses)]))
end

function response(status)
  if status == 200 then answered = answered + 1 else refused = refused + 1 end
end

function done(summary, latency)
  local ok, other = 0, 0
  for _, thread in ipairs(threads) do
    ok = ok + thread:get("answered")
    other = other + thread:get("refused")
  end
  io.write(string.format(
    'RESULT {"answered":%d,"refused":%d,"socket_errors":%d,"duration_s":%.3f,"p50_ms":%.3f,"p99_ms":%.3f}\n',
    ok, other, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
