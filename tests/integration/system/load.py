"""Many requests from several threads, and what became of each."""

import dataclasses
import http.client
import threading
import time

from running_program import ask_on
from test_servers import await_that

WISHES = (
    {"genres": ["rock", "jazz"], "budget_max": 500, "sound_preferences": {"soundstage": 0.9}},
    {"genres": ["hip_hop"], "budget_max": 150, "sound_preferences": {"bass": 0.9}},
    {"primary_use_case": "commuting", "requirements": {"wireless": True, "anc": True}},
    {"favorite_artists": ["Miles Davis"], "budget_min": 200, "budget_max": 2000},
    {"budget_max": 5},
)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Of one request: status 0 and a cause when no answer came."""
    mode: str
    status: int
    session_id: str | None
    began: float
    took: float
    cause: str = ""
    retry_after: str | None = None


class Load:
    """Sends requests to a port until about `total` were accepted, or finish() is called.

    The threads take turns in the modes. After each answer a thread waits `pause`;
    one whose request fails waits a little and connects anew, as a client would.
    """

    def __init__(self, port, total, threads=6, modes=("sync", "async"), pause=0.01):
        self._port, self._total, self._pause = port, total, pause
        self._over = threading.Event()
        self.outcomes = []
        self._threads = [threading.Thread(target=self._work, args=(i, modes[i % len(modes)]), daemon=True)
                         for i in range(threads)]

    def __enter__(self):
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_):
        self.finish()

    def finish(self, seconds=120):
        """Sends nothing more and waits for the answers under way."""
        self._over.set()
        deadline = time.monotonic() + seconds
        for each in self._threads:
            each.join(max(0.0, deadline - time.monotonic()))
            if each.is_alive():
                raise AssertionError(f"requests were not answered within {seconds} s")

    def await_accepted(self, count, seconds=60):
        """Waits until `count` more requests have been accepted."""
        count += len(self.accepted())
        await_that(f"{count} requests are accepted", lambda: len(self.accepted()) >= count, seconds, 0.005)

    def accepted(self):
        """The ids of the sessions that were answered 2xx."""
        return [each.session_id for each in list(self.outcomes) if each.status in (200, 202)]

    def _work(self, number, mode):
        connection = None
        while not self._over.is_set() and len(self.accepted()) < self._total:
            connection = connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=90)
            number += 1
            outcome = self._send(connection, {"preferences": WISHES[number % len(WISHES)], "mode": mode})
            self.outcomes.append(outcome)
            if outcome.status == 0:
                connection.close()
                connection = None
            self._over.wait(self._pause if outcome.status in (200, 202) else 0.05)
        if connection:
            connection.close()

    @staticmethod
    def _send(connection, body):
        began = time.monotonic()
        try:
            answer = ask_on(connection, "POST", "/api/v1/recommend", body)
            return Outcome(body["mode"], answer.status, answer.json().get("session_id"), began,
                           time.monotonic() - began, answer.body.decode()[:300], answer.headers["Retry-After"])
        except (OSError, http.client.HTTPException) as error:
            return Outcome(body["mode"], 0, None, began, time.monotonic() - began, repr(error))
