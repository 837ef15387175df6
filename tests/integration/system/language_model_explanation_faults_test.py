"""Each fault of the model in every answer to /explain: there is an explanation all the same,
in the heuristic engine's words when the model's cannot be used."""

import unittest

from model_faults import FAULTS, Fault, FaultsTest
from model_program import OPENAI, explain
from test_servers import await_that

EXPLANATION_OF_THE_STUB = "You asked for music that has weight"


class FaultyExplanations(FaultsTest):
    """Every answer to /explain has the fault."""

    def run_with(self, name, repair_faults):
        fault = FAULTS[name] if FAULTS[name].in_explanations else Fault(None)
        self.heal()
        session = self.recommend()
        before = self.stub.requests()
        self.stub.set(**{name: 1}, repair_faults=repair_faults)
        first, *others = session["matches"]
        alone = explain(self.program, session, first)
        answers = [alone] + self.at_once([(explain, self.program, session, each) for each in others])
        for match, answer in zip(session["matches"], answers):
            self.assertEqual(answer.status, 200, answer.body)
            explained = answer.json()
            is_mended = fault.repairs and not repair_faults
            self.assert_outcome(explained, fault, is_mended, fault.fails and answer is not alone)
            self.assert_explains(match, explained)
        await_that("no call is under way", lambda: self.stub.stats()["open"] == 0)
        self.assert_calls_recorded([session["session_id"]], self.stub.requests() - before, fault,
                                   "and explanation_id is not null")

    def assert_explains(self, match, explained):
        words = explained["detailed_explanation"]
        self.assertEqual(explained["status"], "complete")
        self.assertEqual(explained["headphone"]["slug"], match["headphone"]["slug"])
        self.assertGreater(len(words), 100)
        self.assertNotIn("<", words)
        self.assertNotIn("http", words)
        self.assertEqual(words.startswith(EXPLANATION_OF_THE_STUB), explained["engine"] == self.engine, words)
        if explained["engine"] == "heuristic":
            self.assertIn(f"{match['headphone']['brand']} {match['headphone']['model']}", words)
        self.assertTrue(explained["comparison_points"])

    @staticmethod
    def is_repaired(fault):
        return fault.repairs and fault.in_explanations


class Anthropic(FaultyExplanations):
    def test_there_is_an_explanation_when_a_repair_helps(self):
        self.check_all(repair_faults=False)

    def test_there_is_an_explanation_when_a_repair_has_the_fault_too(self):
        self.check_all(repair_faults=True)


class OpenAI(Anthropic):
    engine = "openai/gpt-4.1"
    settings = OPENAI


if __name__ == "__main__":
    unittest.main()
