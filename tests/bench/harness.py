"""What the measurements stand on: processes, requests, wrk, PostgreSQL."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build/release/bin"

# Counted as in production, and never reached.
RATE_LIMITS = {f"RATE_LIMIT_{name}": "1000000/second"
               for name in ("RECOMMEND", "EXPLAIN", "HEADPHONES", "FEEDBACK", "LOGIN", "OTHER")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, patience_s: float, what: str):
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        found = condition()
        if found is not None and found is not False:
            return found
        time.sleep(0.02)
    raise SystemExit(f"tests/bench/run: {what} took more than {patience_s} s")


def fetch(url: str, body: dict | None = None) -> bytes:
    data = json.dumps(body).encode() if body is not None else None
    asked = urllib.request.Request(url, data, {"content-type": "application/json"} if data else {})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return answer.read()


def answers(url: str) -> bool:
    try:
        fetch(url)
        return True
    except OSError:
        return False


def sql(statement: str, database: str | None = None) -> str:
    url = os.environ["DATABASE_URL"] if database is None else database_url(database)
    return subprocess.run(["psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement],
                          check=True, capture_output=True, text=True).stdout.strip()


def database_url(name: str) -> str:
    return os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + name


def wrk(script: str, url: str, connections: int, seconds: int) -> dict:
    threads = min(2, connections)
    out = subprocess.run(["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}", "--timeout", "30s",
                          "-s", str(ROOT / "tests/bench" / script), url],
                         check=True, capture_output=True, text=True).stdout
    return json.loads(out.split("RESULT ", 1)[1].splitlines()[0])


class Program:
    """A process of ours, ended at the latest with the benchmark."""

    running: list["Program"] = []

    def __init__(self, arguments: list[str], environment: dict | None = None):
        log = open(ROOT / "build/bench" / (Path(arguments[0]).name + ".log"), "wb")
        self.process = subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, **(environment or {})},
                                        stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        Program.running.append(self)

    def resident_mib(self) -> float:
        return self._status_mib("VmRSS:")

    def peak_mib(self) -> float:
        return self._status_mib("VmHWM:")

    def _status_mib(self, name: str) -> float:
        return int(Path(f"/proc/{self.process.pid}/status").read_text().split(name)[1].split()[0]) / 1024

    def stop(self):
        if self in Program.running:
            Program.running.remove(self)
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=40)


def sonicmatch(*arguments: str, **environment: str) -> None:
    subprocess.run([str(BIN / "sonicmatch"), *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, **environment})


def serve(*arguments: str, **environment: str) -> tuple[Program, str]:
    port, admin = free_port(), free_port()
    program = Program([str(BIN / "sonicmatch"), "serve", *arguments],
                      {"HTTP_PORT": str(port), "ADMIN_PORT": str(admin), "LOG_LEVEL": "warning",
                       **RATE_LIMITS, **environment})
    return program, f"http://127.0.0.1:{port}"
