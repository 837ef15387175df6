"""kill -9 and SIGTERM in the middle of many calls: what was paid for is not paid for again."""

import concurrent.futures
import json
import unittest

from model_stub import ModelStub
from running_program import SystemTest
from session_log import CALL_STARTED, COMPLETED, SessionLog
from test_servers import await_that

CALLS = 200


def wishes(number):
    return {"genres": ["electronic"], "budget_max": 900, "sound_preferences": {"bass": number / 1000, "detail": 0.7}}


class Restarts(SystemTest):
    def setUp(self):
        self.stub = ModelStub()
        self.addCleanup(self.stub.close)
        self.addCleanup(self.installation.end_processes)
        self.log = SessionLog()

    def serve(self, **settings):
        return self.installation.serve_ready(**{"LLM_BASE_URL": self.stub.url, "LLM_MAX_CONCURRENCY": "300",
                                                "INSTANCE_ID": "model-restart"} | settings)

    def ask_for_sessions(self, program, numbers):
        """Asks for sessions without waiting for them; their ids."""
        def ask(number):
            answer = program.recommend(wishes(number), mode="async")
            self.assertEqual(answer.status, 202, answer.body)
            return answer.json()["session_id"]
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            return list(pool.map(ask, numbers))

    def completed(self, program, ids):
        return sum(program.session(each).json().get("status") == "complete" for each in ids)

    def await_complete(self, program, ids):
        await_that("every session is complete", lambda: self.completed(program, ids) == len(ids), 80, 0.5)

    def test_after_a_kill_no_answered_call_is_made_again_and_every_session_completes(self):
        # Log-normal, so that some are answered and some under way at any moment.
        self.stub.set(latency_median_ms=2_000, latency_sigma=0.5)
        program = self.serve()
        ids = self.ask_for_sessions(program, range(CALLS))
        await_that("some of the calls are answered", lambda: self.stub.stats()["answered"] >= CALLS // 4, 30, 0.01)
        program.kill()
        recorded = self.log.facts()
        stats = self.stub.stats()
        in_flight = CALLS - len(recorded)
        self.assertTrue(0 < in_flight < CALLS, f"{len(recorded)} of {CALLS} recorded at the kill")
        program = self.serve(HTTP_PORT=str(program.port), ADMIN_PORT=str(program.admin_port))
        self.await_complete(program, ids)
        events = self.log.read()
        facts = self.log.facts()
        for session_id in ids:
            kinds = [each.kind for each in events[session_id]]
            self.assertEqual(kinds.count(COMPLETED), 1, kinds)
            calls = [json.loads(each.record.value)["data"]["call_id"] for each in events[session_id]
                     if each.kind == CALL_STARTED]
            if any(each in recorded for each in calls):
                self.assertEqual(len(calls), 1, "a call that was answered and recorded is not made again")
        billed_again = self.stub.stats()["billed_again"]
        self.assertLessEqual(billed_again, in_flight)
        self.assertEqual(self.stub.stats()["requests"] - stats["requests"], in_flight)
        self.assertGreaterEqual(len(facts), CALLS)

    def test_a_graceful_stop_pays_for_nothing_twice(self):
        self.stub.set(latency_median_ms=2_000, latency_sigma=0.3)
        program = self.serve()
        ids = self.ask_for_sessions(program, range(300, 300 + CALLS))
        await_that("some of the calls are answered", lambda: self.stub.stats()["answered"] >= CALLS // 4, 30, 0.01)
        self.assertEqual(program.stop(), 0)
        stats = self.stub.stats()
        self.assertEqual(stats["open"], 0)
        program = self.serve()
        self.await_complete(program, ids)
        self.assertEqual(self.stub.stats()["billed_again"], 0)
        self.assertEqual(self.stub.stats()["repeated_questions"], 0)

    def test_a_second_process_takes_partitions_over_without_paying_twice(self):
        self.stub.set(latency_median_ms=2_500, latency_sigma=0.3)
        program = self.serve(INSTANCE_ID="")
        ids = self.ask_for_sessions(program, range(600, 600 + CALLS))
        await_that("the calls are under way", lambda: self.stub.stats()["open"] >= CALLS // 2, 30, 0.01)
        second = self.serve(INSTANCE_ID="", ROLES="recommender,edge")
        self.await_complete(program, ids)
        self.assertEqual(self.stub.stats()["billed_again"], 0)
        self.assertEqual(self.stub.stats()["repeated_questions"], 0)
        self.assertEqual(second.stop(), 0)
        self.assertEqual(program.stop(), 0)


if __name__ == "__main__":
    unittest.main()
