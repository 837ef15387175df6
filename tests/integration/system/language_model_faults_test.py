"""Each fault of the model in every answer: every session ends well, within its constraints,
and says what was wrong; the cost that is recorded is what was billed."""

import json
import unittest

from model_faults import ALL, FAULTS, FITTING, FaultsTest
from model_program import OPENAI
from session_log import REPLY_RECORDED, SessionLog
from test_servers import await_that


class AlwaysFaulty(FaultsTest):
    """Every answer has the fault. Most are mended by a repair, unless the repair has it as well."""

    sessions_each = 9

    def run_with(self, name, repair_faults):
        fault = FAULTS[name]
        is_mended = fault.repairs and not repair_faults
        self.heal()
        log = SessionLog()
        before = self.stub.stats()
        self.stub.set(**{name: 1}, repair_faults=repair_faults)
        alone = self.recommend() # whose failures do not open the breaker yet
        others = self.at_once([(self.recommend,)] * self.sessions_each)
        for session in (alone, *others):
            self.assert_within_constraints(session)
        self.assert_outcome(alone, fault, is_mended, False)
        for session in others:
            self.assert_outcome(session, fault, is_mended, fault.fails)
        after = self.stub.stats()
        self.assertGreaterEqual(after["faults"][name] - before["faults"][name], 1)
        ids = [each["session_id"] for each in (alone, *others)]
        if name == "outside_constraints":
            self.assert_an_outsider_was_offered_and_not_taken(log, (alone, *others), repair_faults)
        await_that("no call is under way", lambda: self.stub.stats()["open"] == 0)
        self.assert_calls_recorded(ids, self.stub.requests() - before["requests"], fault)

    def assert_an_outsider_was_offered_and_not_taken(self, log, sessions, in_the_last_reply):
        replies = {}
        for session_id, event in log.of_kind(REPLY_RECORDED):
            replies.setdefault(session_id, []).append(json.loads(event["data"]["reply"])["matches"])
        for session in sessions:
            said = replies[session["session_id"]]
            self.assertEqual(len(said), 2)
            offered = said[-1 if in_the_last_reply else 0][0]["headphone"]
            self.assertIn(offered, ALL)
            self.assertNotIn(offered, FITTING)
            self.assertNotIn(offered, [each["headphone"]["slug"] for each in session["matches"]])
            if in_the_last_reply: # the other four are taken
                kept = {each["headphone"] for each in said[-1][1:]}
                self.assertLessEqual(kept, {each["headphone"]["slug"] for each in session["matches"]})


class Anthropic(AlwaysFaulty):
    def test_every_session_ends_well_when_a_repair_helps(self):
        self.check_all(repair_faults=False)

    def test_every_session_ends_well_when_a_repair_has_the_fault_too(self):
        self.check_all(repair_faults=True)


class OpenAI(Anthropic):
    engine = "openai/gpt-4.1"
    settings = OPENAI


if __name__ == "__main__":
    unittest.main()
