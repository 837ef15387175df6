"""Runs the measurements; tests/bench/run has started Kafka and PostgreSQL for it.

Everything shares one machine, so single figures say little: what counts are the
ratios to the limits measured in the same run, a pair after the other.
"""

import argparse
import json
import os
import statistics
import subprocess
import time

import event_streams
import language_model
from harness import BIN, ROOT, Program, answers, database_url, fetch, free_port, serve, sonicmatch, sql, wait_until, wrk

FILTER = "/api/v1/headphones?type=over_ear&price_min=200&price_max=500&wireless=true&page_size=8"
SESSION_ROWS = "(select count(*) from sessions where status in ('complete', 'error'))"


def paired_gets(name: str, ours: str, body_bytes: int, rounds: int, seconds: int) -> dict:
    """Our page and the bare server's page of the same size, in turn."""
    port = free_port()
    bare = Program([str(BIN / "bare_beast"), str(port), str(body_bytes)])
    bare_url = f"http://127.0.0.1:{port}/"
    wait_until(lambda: answers(bare_url), 10, "starting the bare server")
    pairs = []
    for _ in range(rounds):
        limit = wrk("get.lua", bare_url, 64, seconds)
        mine = wrk("get.lua", ours, 64, seconds)
        if mine["refused"]:
            raise SystemExit(f"{name}: {mine['refused']} requests were refused")
        pairs.append((mine["requests"] / mine["duration_s"], limit["requests"] / limit["duration_s"],
                      mine["p50_ms"], mine["p99_ms"]))
    bare.stop()
    ratio = statistics.median(m / l for m, l, _, _ in pairs)
    return {"name": name, "body_bytes": body_bytes, "rate": statistics.median(p[0] for p in pairs),
            "limit": statistics.median(p[1] for p in pairs), "ratio": ratio,
            "p50_ms": statistics.median(p[2] for p in pairs), "p99_ms": statistics.median(p[3] for p in pairs),
            "asked": "60 % of a bare Beast server", "reached": ratio >= 0.6}


def bare_kafka(records: int, in_flight: int) -> dict:
    out = subprocess.run([str(BIN / "bare_rdkafka"), os.environ["KAFKA_BROKERS"], str(records), str(in_flight)],
                         check=True, capture_output=True, text=True, timeout=120).stdout
    return json.loads(out.split("RESULT ", 1)[1])


def one_connection(url: str, seconds: int) -> dict:
    limit = bare_kafka(2_000, 1)
    wrk("recommend.lua", url, 1, 2)
    mine = wrk("recommend.lua", url, 1, seconds)
    return {"name": "POST /recommend, sync, 1 connection", **mine, "limit_p50_ms": limit["p50_ms"],
            "ratio": mine["p50_ms"] / limit["p50_ms"], "asked": "p50 < 8 ms, p99 < 30 ms",
            "reached": mine["p50_ms"] < 8 and mine["p99_ms"] < 30}


def many_connections(url: str, program: Program, seconds: int) -> list[dict]:
    limit = bare_kafka(50_000, 1_000)
    wrk("recommend.lua", url, 64, 3)
    wait_for_rows(None)
    before = int(sql(f"select {SESSION_ROWS}"))
    mine = wrk("recommend.lua", url, 64, seconds)
    ended = time.monotonic()
    # A request that wrk cut off at the end was accepted and has a session too.
    wait_until(lambda: int(sql(f"select {SESSION_ROWS}")) >= before + mine["answered"], 60,
               "bringing every recommendation into PostgreSQL")
    late = time.monotonic() - ended
    rate = mine["answered"] / mine["duration_s"]
    return [{"name": "POST /recommend, sync, 64 connections", **mine, "rate": rate, "limit": limit["rate"],
             "ratio": rate / limit["rate"], "asked": "1,500/s", "reached": rate >= 1_500 and not mine["refused"]},
            {"name": "all of them in PostgreSQL after", "seconds": late, "asked": "5 s", "reached": late <= 5},
            {"name": "resident memory of sonicmatch serve", "mib": program.resident_mib(), "asked": "200 MB",
             "reached": program.resident_mib() < 200}]


def wait_for_rows(count: int | None, database: str | None = None) -> int:
    """Waits for so many ended sessions; without a count, until there are no more."""
    last = [-1, 0.0]

    def settled():
        now = int(sql(f"select {SESSION_ROWS}", database))
        if count is not None:
            return now >= count
        if now != last[0]:
            last[:] = [now, time.monotonic()]
        return time.monotonic() - last[1] > 1.0

    wait_until(settled, 120, "the projections' catching up")
    return int(sql(f"select {SESSION_ROWS}", database))


def copy_alone(source: str) -> tuple[float, int]:
    """Seconds of COPY for the rows of sessions and matches into like tables, one connection."""
    dump = ROOT / "build/bench"
    seconds = 0.0
    for table in ("sessions", "matches"):
        file = dump / f"{table}.copy"
        subprocess.run(["psql", "-X", "-q", "-d", source, "-c", f"\\copy {table} to '{file}'"], check=True)
        sql(f"drop table if exists {table}_like; create table {table}_like (like {table} including all)", "bench")
        sql("checkpoint", "bench")
        began = time.monotonic()
        subprocess.run(["psql", "-X", "-q", "-d", database_url("bench"), "-c", f"\\copy {table}_like from '{file}'"],
                       check=True)
        seconds += time.monotonic() - began
        file.unlink()
    return seconds, int(sql("select count(*) from sessions_like", "bench"))


def projection_from_the_start() -> dict:
    """Replays the whole log into empty tables, and the same rows by COPY alone."""
    source = os.environ["DATABASE_URL"]
    wanted = wait_for_rows(None)
    sql("create database bench")
    sonicmatch("migrate", "up", DATABASE_URL=database_url("bench"))
    copy_seconds, rows = copy_alone(source)
    program, _ = serve("--roles", "projector", DATABASE_URL=database_url("bench"))
    wait_until(lambda: int(sql("select count(*) from sessions", "bench")) > 0, 60, "the first batch")
    first = int(sql("select count(*) from sessions", "bench"))
    began = time.monotonic()
    wait_for_rows(wanted, "bench")
    wait_until(lambda: int(sql("select count(distinct session_id) from matches", "bench")) * 1.0
               >= int(sql("select count(distinct session_id) from matches")), 120, "the matches")
    seconds = time.monotonic() - began
    program.stop()
    rate, limit = (wanted - first) / seconds, rows / copy_seconds
    return {"name": "projections from the start of the log, sessions a second", "sessions": wanted, "rate": rate,
            "limit": limit, "ratio": rate / limit, "asked": "50 % of COPY alone", "reached": rate / limit >= 0.5}


def show(results: list[dict]) -> None:
    def figures(each: dict) -> str:
        parts = []
        if "rate" in each:
            parts.append(f"{each['rate']:,.0f}/s")
        if "limit" in each:
            parts.append(f"limit {each['limit']:,.0f}/s")
        if "ratio" in each:
            parts.append(f"ratio {each['ratio']:.2f}")
        if "p50_ms" in each:
            parts.append(f"p50 {each['p50_ms']:.2f} ms, p99 {each['p99_ms']:.2f} ms")
        if "limit_p50_ms" in each:
            parts.append(f"librdkafka alone p50 {each['limit_p50_ms']:.2f} ms")
        if "note" in each:
            parts.append(each["note"])
        if "seconds" in each:
            parts.append(f"{each['seconds']:.1f} s")
        if "mib" in each:
            parts.append(f"{each['mib']:.0f} MiB")
        return ", ".join(parts)

    width = max(len(each["name"]) for each in results)
    for each in results:
        print(f"{each['name']:<{width}}  {'reached' if each['reached'] else 'MISSED ':<7}  asked {each['asked']}: "
              f"{figures(each)}")


def without_model(rounds: int, short: int, long: int) -> list[dict]:
    program, url = serve()
    wait_until(lambda: answers(url + "/health/ready"), 60, "starting sonicmatch")
    results = [paired_gets("GET /headphones with filters", url + FILTER, len(fetch(url + FILTER)), rounds, short)]
    wishes = {"preferences": {"genres": ["rock"], "budget_max": 300}}
    session = json.loads(fetch(url + "/api/v1/recommend", wishes))["session_id"]
    document = f"{url}/api/v1/recommendations/{session}"
    results.append(paired_gets("GET /recommendations/{id}, recent", document, len(fetch(document)), rounds, short))
    results.append(one_connection(url, long // 2))
    results += many_connections(url, program, long)
    program.stop()
    return results


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--quick", action="store_true")
    options.add_argument("--only", choices=("heuristic", "language_model", "streams"), help="a part of the measurements")
    options = options.parse_args()
    quick = options.quick
    rounds, short, long = (1, 3, 5) if quick else (3, 5, 20)
    sonicmatch("migrate", "up")
    sonicmatch("seed")
    results = []
    if options.only in (None, "heuristic"):
        results += without_model(rounds, short, long)
        results.append(projection_from_the_start())
    if options.only in (None, "streams"):
        results += event_streams.measure()
    if options.only in (None, "language_model"):
        results += language_model.measure(short, long)
    show(results)
    (ROOT / "build/bench/results.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    try:
        main()
    finally:
        for each in list(Program.running):
            each.process.terminate()
