"""The measurements with a language model: a stand-in server whose time is known (tests/support/llm_stub)."""

import json
import subprocess

from harness import BIN, Program, answers, fetch, free_port, serve, wait_until, wrk


# Before this Kafka's just-in-time compiler takes up to a fifth of a core; a new Kafka needs the longer.
WARM_S = 20
FIRST_WARM_S = 45


class Stub:
    """The stand-in, and what it is told."""

    def __init__(self):
        self.port = free_port()
        self.program = Program([str(BIN / "llm_stub"), "--port", str(self.port)])
        wait_until(lambda: answers(self.url + "/stub/stats"), 10, "starting the stand-in model")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set(self, **settings) -> None:
        fetch(self.url + "/stub/settings", settings)

    def stats(self) -> dict:
        return json.loads(fetch(self.url + "/stub/stats"))


def start(stub: Stub, **settings) -> tuple[Program, str]:
    program, url = serve(LLM_BASE_URL=stub.url, **settings)
    wait_until(lambda: answers(url + "/health/ready"), 60, "starting sonicmatch")
    return program, url


def degraded_of(answer: bytes) -> str | None:
    return json.loads(answer).get("degraded_reason")


def one_connection(stub: Stub, url: str, seconds: int) -> dict:
    stub.set(latency_ms=100)
    wrk("recommend.lua", url, 1, 2)
    mine = wrk("recommend.lua", url, 1, seconds)
    over = mine["p50_ms"] - 100
    return {"name": "model of 100 ms, 1 connection", **mine, "asked": "p50 < 8 ms beyond the model's",
            "reached": over < 8 and not mine["refused"], "note": f"beyond the model's: p50 {over:.2f} ms"}


def at_once(stub: Stub, url: str, seconds: int) -> dict:
    stub.set(latency_ms=0)
    wrk("recommend.lua", url, 64, WARM_S) # Kafka's compiler has work for so long
    before = stub.stats()["billed_calls"]
    mine = wrk("recommend.lua", url, 64, seconds)
    rate = mine["answered"] / mine["duration_s"]
    asked = stub.stats()["billed_calls"] - before
    return {"name": "model that answers at once, 64 connections", **mine, "rate": rate, "asked": "1,000/s",
            "reached": rate >= 1_000 and not mine["refused"] and asked >= 0.98 * mine["answered"],
            "note": f"{asked:,} calls for {mine['answered']:,} answers"}


def steady(url: str, rate: int, seconds: int, warm: int = WARM_S) -> dict:
    """Requests at a steady rate; those that fail or are degraded count as refused."""
    out = subprocess.run([str(BIN / "steady_load"), url.rsplit(":", 1)[1], str(rate), str(seconds), str(warm)],
                         check=True, capture_output=True, text=True).stdout
    found = json.loads(out.split("RESULT ", 1)[1])
    return {**found, "refused": found["refused"] + found["degraded"]}


def at_500_a_second(stub: Stub, url: str, seconds: int) -> dict:
    stub.set(latency_ms=1_000)
    mine = steady(url, 500, seconds, FIRST_WARM_S)
    over = mine["p99_ms"] - 1_000
    return {"name": "model of 1 s, 500 requests a second", **mine, "rate": mine["answered"] / mine["duration_s"],
            "asked": "p99 < 50 ms beyond the model's", "reached": over < 50 and not mine["refused"],
            "note": f"beyond the model's: p99 {over:.1f} ms"}


def thousand_in_flight(stub: Stub, url: str, program: Program, seconds: int) -> list[dict]:
    """A thousand requests a second to a model of a second: about a thousand calls in flight."""
    stub.set(latency_ms=1_000)
    mine = steady(url, 1_000, seconds)
    rate = mine["in_time"] / mine["duration_s"]
    return [{"name": "model of 1 s, 1,000 calls in flight", **mine, "rate": rate, "asked": "950 completed a second",
             "reached": rate >= 950 and not mine["refused"],
             "note": f"{stub.stats()['open_max']:,} open at most"},
            {"name": "the most memory that sonicmatch serve had", "mib": program.peak_mib(), "asked": "250 MB",
             "reached": program.peak_mib() * 1.048576 < 250}]


def model_down(stub: Stub, url: str, seconds: int) -> dict:
    stub.set(latency_ms=0, error=1)
    wishes = {"preferences": {"genres": ["metal"], "budget_max": 777}}
    wait_until(lambda: degraded_of(fetch(url + "/api/v1/recommend", wishes)) == "breaker_open", 60, "the breaker's opening")
    before = stub.stats()["requests"]
    mine = wrk("recommend.lua", url, 1, seconds)
    tries = stub.stats()["requests"] - before
    stub.set(error=0)
    numbers = iter(range(1_000_000))

    def is_back():
        asked = {"preferences": {"genres": ["metal"], "budget_max": 500 + next(numbers) / 100}}
        return degraded_of(fetch(url + "/api/v1/recommend", asked)) is None

    wait_until(is_back, 60, "the model's return")
    return {"name": "model down, behind the open breaker, 1 connection", **mine, "asked": "p99 < 20 ms",
            "reached": mine["p99_ms"] < 20 and not mine["refused"], "note": f"{tries} tries of the model meanwhile"}


def measure(short: int, long: int) -> list[dict]:
    stub = Stub()
    program, url = start(stub, LLM_MAX_CONCURRENCY="1100")
    results = [at_500_a_second(stub, url, long)]
    results += thousand_in_flight(stub, url, program, long)
    results += [at_once(stub, url, long), one_connection(stub, url, long // 2), model_down(stub, url, max(short, 5))]
    program.stop()
    stub.program.stop()
    return results
