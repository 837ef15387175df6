"""Each fault of the model at 100 % and at 20 %: every session ends in time, within its
constraints, and the cost that is recorded is what was billed."""

import concurrent.futures
import itertools
import time
import unittest

from model_stub import ModelStub
from running_program import SystemTest
from test_servers import await_that

FAULTS = ("error", "refusal", "truncation", "malformed", "markdown_fence", "empty_content", "double_content",
          "double_text", "numbers_as_strings", "unknown_headphone", "repeated_headphone", "score_out_of_range",
          "outside_constraints", "markup", "too_few", "drip", "hang", "drop_before", "drop_half")

# Faults of the form that a lenient reader sees through: the answer is the model's, whole.
HARMLESS = {"markdown_fence", "double_content", "double_text", "numbers_as_strings", "drip"}

SECONDS_MAX = 60 # a command's deadline
SESSIONS = 10


class Faults(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stub = ModelStub("--drip-ms", "200")
        cls.addClassCleanup(cls.stub.close)
        cls.program = cls.installation.serve_ready(
            LLM_BASE_URL=cls.stub.url, LLM_TIMEOUT="1s", LLM_MAX_RETRIES="1")
        cls.addClassCleanup(cls.installation.end_processes)
        cls.numbers = itertools.count()
        cls.sessions = []

    def wishes(self):
        number = next(self.numbers)
        return {"genres": ["rock"], "budget_min": 50, "budget_max": 250, "requirements": {"types": ["over_ear", "on_ear"]},
                "sound_preferences": {"bass": number % 1000 / 1000, "treble": number // 1000 / 1000}}

    def recommend(self):
        began = time.monotonic()
        answer = self.program.recommend(self.wishes())
        self.assertEqual(answer.status, 200, answer.body)
        self.assertLess(time.monotonic() - began, SECONDS_MAX)
        self.sessions.append(answer.json()["session_id"])
        return answer.json()

    def assert_within_constraints(self, session):
        self.assertEqual(session["status"], "complete")
        self.assertEqual(len(session["matches"]), 5)
        self.assertEqual(len({each["headphone"]["id"] for each in session["matches"]}), 5)
        scores = [each["overall_score"] for each in session["matches"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        for rank, match in enumerate(session["matches"], 1):
            self.assertEqual(match["rank"], rank)
            self.assertIn(match["headphone"]["form_factor"], ("over_ear", "on_ear"))
            self.assertLessEqual(match["headphone"]["price_usd"], 250)
            self.assertGreaterEqual(match["headphone"]["price_usd"], 50)
            self.assertNotIn("<", match["explanation"])
            self.assertNotIn("http", match["explanation"])
            for score in match["scores"].values():
                self.assertTrue(0 <= score <= 1)

    def sum_of(self, table, column, key):
        """Over this test's sessions: the topics are shared, so the table has others' too."""
        listed = ",".join(f"'{each}'" for each in self.sessions)
        return int(self.database.value(f"select coalesce(sum({column}), 0) from {table} where {key} in ({listed})"))

    def recorded_micro_usd(self):
        return self.sum_of("language_model_calls", "cost_micro_usd", "session_id")

    def sessions_micro_usd(self):
        return self.sum_of("sessions", "cost_micro_usd", "id")

    def run_with(self, fault, rate):
        """Sessions with the fault at that rate; they, and what of it was counted."""
        self.stub.set(**{each: 0 for each in FAULTS})
        await_that("the model is asked", lambda: not self.recommend()["degraded"], 40, 0.2)
        self.stub.set(**{fault: rate})
        faults_before = self.stub.stats()["faults"].get(fault, 0)
        with concurrent.futures.ThreadPoolExecutor(SESSIONS) as pool:
            sessions = [each.result() for each in [pool.submit(self.recommend) for _ in range(SESSIONS)]]
        return sessions, self.stub.stats()["faults"].get(fault, 0) - faults_before

    def check(self, rate):
        for fault in FAULTS:
            with self.subTest(fault=fault, rate=rate):
                sessions, seen = self.run_with(fault, rate)
                for session in sessions:
                    self.assert_within_constraints(session)
                if rate == 1:
                    self.assertGreater(seen, 0)
                    if fault in HARMLESS:
                        self.assertEqual([each["degraded"] for each in sessions], [False] * SESSIONS)
        self.stub.set(**{each: 0 for each in FAULTS})
        billed = self.stub.billed_micro_usd()
        self.assertGreater(billed, 0)
        await_that("what was billed is recorded", lambda: self.recorded_micro_usd() == billed)
        self.assertEqual(self.sessions_micro_usd(), billed)
        self.assertEqual(self.sum_of("sessions", "(status = 'complete')::int", "id"), len(self.sessions),
                         "a session is stuck")

    def test_every_session_ends_well_whatever_the_model_does(self):
        self.check(1)
        self.check(0.2)


if __name__ == "__main__":
    unittest.main()
