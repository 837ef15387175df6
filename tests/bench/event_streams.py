"""Many open streams of sessions' progress: their memory, and how late events come to them."""

import json
import subprocess

from harness import BIN, wait_until
from language_model import Stub, start

STREAMS = 10_000
SESSIONS = 1_000
SESSIONS_PER_SECOND = 100
# Longer than it takes to ask for all sessions, so that all streams are open before the first one ends.
MODEL_MS = 20_000


def load_with(port: str, streams: int, sessions: int, rate: int) -> subprocess.Popen:
    return subprocess.Popen([str(BIN / "event_streams"), port, str(streams), str(sessions), str(rate)],
                            stdout=subprocess.PIPE, text=True)


def measure() -> list[dict]:
    stub = Stub()
    program, url = start(stub, LLM_MAX_CONCURRENCY="1100", LLM_TIMEOUT="40s")
    port = url.rsplit(":", 1)[1]
    stub.set(latency_ms=500)
    load_with(port, 2_000, 1_000, SESSIONS_PER_SECOND).communicate(timeout=120)  # warms Kafka's compiler
    stub.set(latency_ms=MODEL_MS)
    before = program.resident_mib()
    load = load_with(port, STREAMS, SESSIONS, SESSIONS_PER_SECOND)
    if load.stdout.readline().strip() != "OPEN":
        raise SystemExit("tests/bench/run: the streams did not open")
    open_mib = program.resident_mib()
    mine = json.loads(load.stdout.read().split("RESULT ", 1)[1])
    load.wait(timeout=60)
    peak = program.peak_mib()
    good = mine["all_at_once"] and mine["ended"] == STREAMS
    program.stop()
    stub.program.stop()
    return [{"name": f"{STREAMS:,} open event streams, lateness of events", **mine,
             "asked": "p99 < 50 ms", "reached": good and mine["p99_ms"] < 50,
             "note": f"{mine['events']:,} events, worst {mine['worst_ms']:.0f} ms, {mine['ended']:,} streams ended well"},
            {"name": "memory of sonicmatch serve with them", "mib": peak, "asked": "300 MB",
             "reached": peak * 1.048576 < 300, "note": f"{before:.0f} MiB before, {open_mib:.0f} MiB when all were open"}]
