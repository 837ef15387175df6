"""The program as its users meet it: verbs, processes, HTTP."""

import dataclasses
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from test_servers import KAFKA, Database, await_that, free_port

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("SONICMATCH_PROGRAM") or str(ROOT / "build/release/bin/sonicmatch")
CATALOG = ROOT / "seeds/headphones.json"
PARTITIONS = 32

# Tests ask more often than the clients of one address may.
NO_RATE_LIMITS = {f"RATE_LIMIT_{name}": "0"
                  for name in ("RECOMMEND", "EXPLAIN", "HEADPHONES", "FEEDBACK", "LOGIN", "OTHER")}

if not os.access(PROGRAM, os.X_OK):
    sys.exit(f"there is no program at {PROGRAM}: build it, or set SONICMATCH_PROGRAM")


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)


def ask(port, method, path, body=None, headers=None, timeout=90):
    """One request on a connection of its own. A body that is no bytes is sent as JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        return ask_on(connection, method, path, body, headers)
    finally:
        connection.close()


def ask_on(connection, method, path, body=None, headers=None):
    """One request on a connection that may go on."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    sent = {} if body is None else {"Content-Type": "application/json"}
    connection.request(method, path, body, sent | (headers or {}))
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read())


def environment(database_url, **settings):
    """Only what a test says, whatever the developer's shell says."""
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "TMPDIR") or name.endswith("SAN_OPTIONS")}
    return kept | NO_RATE_LIMITS | {"KAFKA_BROKERS": KAFKA, "DATABASE_URL": database_url} | settings


class Installation:
    """A folder to run in, a database, and what runs there. Ends everything in close()."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sonicmatch-system."))
        self.database = Database()
        self.processes = []

    def run(self, *words, seconds=60, **settings):
        """Runs a verb to its end and returns it with exit code, stdout and stderr."""
        return subprocess.run([PROGRAM, *words], cwd=self.folder, capture_output=True, text=True,
                              timeout=seconds, env=environment(self.database.url, **settings))

    def must_run(self, *words):
        done = self.run(*words)
        if done.returncode != 0:
            raise AssertionError(f"sonicmatch {' '.join(words)} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def prepare(self):
        """Migrates, and loads the catalog as it is in the project."""
        self.must_run("migrate", "up")
        self.must_run("seed", str(CATALOG))

    def serve(self, *words, **settings):
        """Starts `sonicmatch serve` and returns at once."""
        started = Serving(self, words, settings)
        self.processes.append(started)
        return started

    def serve_ready(self, *words, **settings):
        started = self.serve(*words, **settings)
        started.await_ready()
        return started

    def end_processes(self):
        for each in self.processes:
            each.end()

    def close(self):
        self.end_processes()
        self.database.drop()
        for each in self.folder.iterdir():
            each.unlink()
        self.folder.rmdir()


class Serving:
    """A `sonicmatch serve` that was started; its output goes to a file."""

    def __init__(self, installation, words, settings):
        self.port = int(settings.get("HTTP_PORT") or free_port())
        self.admin_port = int(settings.get("ADMIN_PORT") or free_port())
        self._log = installation.folder / f"serve-{len(installation.processes)}.log"
        settings = {"HTTP_PORT": str(self.port), "ADMIN_PORT": str(self.admin_port)} | settings
        with open(self._log, "wb") as out:
            self.process = subprocess.Popen([PROGRAM, "serve", *words], cwd=installation.folder, stdout=out,
                                            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                            env=environment(installation.database.url, **settings))

    def ask(self, method, path, body=None, headers=None, timeout=90):
        return ask(self.port, method, path, body, headers, timeout)

    def try_ask(self, path, port=None):
        """The answer to a GET, or None while nobody answers."""
        try:
            return ask(port or self.port, "GET", path, timeout=10)
        except (OSError, http.client.HTTPException):
            return None

    def recommend(self, preferences, mode="sync"):
        return self.ask("POST", "/api/v1/recommend", {"preferences": preferences, "mode": mode})

    def session(self, session_id):
        return self.ask("GET", f"/api/v1/recommendations/{session_id}")

    def log(self):
        return self._log.read_text(errors="replace")

    def await_ready(self, seconds=60, port=None):
        """Without an edge, by `port` the admin port."""
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"it ended while it started: {self.log()}")
            answer = self.try_ask("/health/ready", port)
            return answer is not None and answer.status == 200
        try:
            await_that("the program is ready", ready, seconds)
        except AssertionError:
            print(self.log()[-4000:], file=sys.stderr)
            raise

    def await_log(self, text, seconds=30):
        await_that(f"the log says {text!r}", lambda: text in self.log(), seconds)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        """kill -9, and gone when this returns."""
        self.process.kill()
        self.process.wait(timeout=20)

    def await_exit(self, seconds=35):
        return self.process.wait(timeout=seconds)

    def stop(self):
        """SIGTERM; the exit code."""
        self.terminate()
        return self.await_exit()

    def end(self):
        """Whatever it is doing. In good order, so that its groups need not wait for it."""
        if self.process.poll() is None:
            self.terminate()
            try:
                self.await_exit()
            except subprocess.TimeoutExpired:
                self.kill()


class SystemTest(unittest.TestCase):
    """A class of tests with an installation of its own, migrated and seeded."""

    @classmethod
    def setUpClass(cls):
        cls.installation = Installation()
        cls.addClassCleanup(cls.installation.close)
        cls.installation.prepare()
        cls.database = cls.installation.database

    def run(self, result=None):
        """As ever; a test that goes wrong shows the ends of its programs' logs."""
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            for number, each in enumerate(self.installation.processes):
                print(f"--- log of process {number} (pid {each.process.pid}), its end:\n{each.log()[-3000:]}",
                      file=sys.stderr)
