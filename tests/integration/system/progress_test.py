"""A session's progress as server-sent events, and repeats under an Idempotency-Key."""

import concurrent.futures
import dataclasses
import json
import unittest

from model_program import ModelTest, wishes
from running_program import ask
from test_servers import await_that

MODEL_MS = 1_500


@dataclasses.dataclass(frozen=True)
class Event:
    kind: str
    version: int
    data: dict


def events_in(body):
    """The events of a whole stream; comments and `retry` are none."""
    out = []
    for block in body.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            out.append(Event(fields["event"], int(fields["id"]), json.loads(fields["data"])))
    return out


def follow(program, session_id, last=None):
    """The whole stream, to its end."""
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": str(last)} if last is not None else {})
    return ask(program.port, "GET", f"/api/v1/recommendations/{session_id}/events", headers=headers)


class Progress(ModelTest):
    def begin(self, program, number):
        answer = program.recommend(wishes(number), mode="async")
        self.assertEqual(answer.status, 202, answer.body)
        return answer.json()["session_id"]

    def test_the_stream_tells_each_step_and_ends_with_the_session(self):
        self.stub.set(latency_ms=MODEL_MS)
        program = self.serve()
        session_id = self.begin(program, 1)
        stream = follow(program, session_id)
        self.assertEqual((stream.status, stream.headers["Content-Type"]), (200, "text/event-stream"))
        events = events_in(stream.body)
        self.assertEqual([(each.kind, each.version) for each in events],
                         [("accepted", 1), ("processing", 2), ("language_model_attempt", 2), ("complete", 3)])
        self.assertEqual(events[2].data["attempt"], 1)
        self.assertEqual(events[3].data, program.session(session_id).json())
        self.assertEqual([each.kind for each in events_in(follow(program, session_id, last=2).body)], ["complete"])
        self.assertEqual(follow(program, session_id, last=3).status, 204)

    def test_who_comes_back_after_a_restart_is_told_what_is_missing(self):
        self.stub.set(latency_ms=MODEL_MS)
        program = self.serve()
        session_id = self.begin(program, 2)
        with concurrent.futures.ThreadPoolExecutor() as threads:
            stream = threads.submit(follow, program, session_id)
            await_that("the model is asked", lambda: self.stub.requests() == 1)
            self.assertEqual(program.stop(), 0)
            seen = events_in(stream.result(timeout=30).body)
        self.assertEqual([each.version for each in seen], sorted(each.version for each in seen))
        program = self.serve()
        rest = events_in(follow(program, session_id, last=seen[-1].version if seen else None).body)
        kinds = [each.kind for each in seen + rest]
        self.assertEqual((kinds[0], kinds[-1]), ("accepted", "complete"))
        self.assertEqual(kinds.count("complete"), 1)

    def test_an_unknown_session_has_no_stream(self):
        program = self.serve()
        self.assertEqual(follow(program, "01a203ef-01e2-785e-a92d-5b2806dd8eef").status, 404)

    def keyed(self, program, key, preferences, mode="sync"):
        return program.ask("POST", "/api/v1/recommend", {"preferences": preferences, "mode": mode},
                           {"Idempotency-Key": key})

    def test_repeats_under_a_key_are_one_session_and_one_call_over_a_kill(self):
        self.stub.set(latency_ms=300)
        program = self.serve()
        key = "f3b1c5d7-a-key-of-this-test"
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: self.keyed(program, key, wishes(3)), range(8)))
        self.assertEqual({each.status for each in answers}, {200})
        bodies = {each.body for each in answers}
        self.assertEqual(len(bodies), 1)
        self.assertEqual(self.keyed(program, f'"{key}"', wishes(3)).body, answers[0].body, "quoted is the same")
        other = self.keyed(program, key, wishes(4))
        self.assertEqual((other.status, other.json()["code"]), (422, "key_reused"))
        program.kill()
        program = self.serve()
        again = self.keyed(program, key, wishes(3))
        self.assertEqual((again.status, again.json()["session_id"]), (200, answers[0].json()["session_id"]))
        self.assertEqual(self.stub.requests(), 1)

    def test_two_edges_at_once_make_one_session_of_a_key(self):
        programs = [self.serve(), self.serve()]
        for number in range(50):
            with concurrent.futures.ThreadPoolExecutor(6) as threads:
                answers = list(threads.map(
                    lambda n: self.keyed(programs[n % 2], f"key-of-two-edges-{number:03}", wishes(10 + 2 * number + n // 3)),
                    range(6)))
            good = [each for each in answers if each.status == 200]
            self.assertEqual({each.status for each in answers}, {200, 422}, [each.body for each in answers])
            self.assertEqual(len({each.json()["session_id"] for each in good}), 1)
            self.assertEqual({each.json()["code"] for each in answers if each.status == 422}, {"key_reused"})

    def test_a_key_must_be_one(self):
        program = self.serve()
        for wrong in ("short", "x" * 256, "with a space in it"):
            answer = self.keyed(program, wrong, wishes(5))
            self.assertEqual(answer.status, 400, wrong)
            self.assertIn("Idempotency-Key", answer.json()["detail"])


if __name__ == "__main__":
    unittest.main()
