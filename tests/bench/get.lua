-- The same GET again and again. Prints one JSON line with what came back.
function done(summary, latency)
  io.write(string.format(
    'RESULT {"requests":%d,"refused":%d,"duration_s":%.3f,"p50_ms":%.3f,"p99_ms":%.3f}\n',
    summary.requests, summary.errors.status, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
