"""Each fault of the model in one answer of five: every session ends well, within its
constraints, and the cost that is recorded is what was billed."""

import unittest

from model_faults import FAULTS, FaultsTest
from model_program import OPENAI


class SometimesFaulty(FaultsTest):
    """One answer of five has the fault, drawn by a seed for which at least one of a round's has."""

    sessions_each = 30

    def run_with(self, name):
        fault = FAULTS[name]
        self.heal()
        before = self.stub.stats()["faults"][name]
        self.stub.set(**{name: 0.2}, repair_faults=True, seed=3)
        sessions = self.at_once([(self.recommend,)] * self.sessions_each)
        seen = self.stub.stats()["faults"][name] - before
        self.assertGreaterEqual(seen, 1)
        for session in sessions:
            self.assert_within_constraints(session)
            self.assert_outcome(session, fault, not session["degraded"], fault.fails)
        if not fault.fails:
            self.assertLessEqual(sum(each["degraded"] for each in sessions), seen)

    def check_all(self):
        for name in FAULTS:
            with self.subTest(fault=name):
                self.run_with(name)
        self.heal()
        self.assert_what_was_billed_is_recorded()


class Anthropic(SometimesFaulty):
    def test_every_session_ends_well(self):
        self.check_all()


class OpenAI(Anthropic):
    engine = "openai/gpt-4.1"
    settings = OPENAI


if __name__ == "__main__":
    unittest.main()
