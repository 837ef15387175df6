"""What the program makes of each fault of the model: an expectation for each, and how it is tried."""

import concurrent.futures
import dataclasses
import itertools
import json

from model_stub import ModelStub
from running_program import CATALOG, SystemTest
from test_servers import await_that


@dataclasses.dataclass(frozen=True)
class Fault:
    """Of a fault that befalls every answer: what a session says of it, None for not degraded."""
    reason: str | None             # when a second answer, to a repair, has the fault too
    in_explanations: bool = True   # whether an answer to /explain can have it at all
    repairs: bool = True           # whether the model is told, and so a good second answer mends it
    engine: str = "heuristic"      # when it is degraded
    fails: bool = False            # it is no answer
    may_be_billed: bool = False    # and nobody knows whether it costs


PARTLY = {"reason": "incomplete_reply", "in_explanations": False, "engine": "model"}
FAULTS = {
    "error": Fault("overloaded", repairs=False, fails=True),
    "hang": Fault("timeout", repairs=False, fails=True, may_be_billed=True),
    "drop_before": Fault("connection_lost", repairs=False, fails=True, may_be_billed=True),
    "drop_half": Fault("connection_lost", repairs=False, fails=True, may_be_billed=True),
    "refusal": Fault("refused", repairs=False),
    "truncation": Fault("truncated"),
    "malformed": Fault("invalid_reply"),
    "empty_content": Fault("invalid_reply"),
    "markup": Fault("invalid_reply"),
    "unknown_headphone": Fault(**PARTLY),
    "repeated_headphone": Fault(**PARTLY),
    "score_out_of_range": Fault(**PARTLY),
    "outside_constraints": Fault(**PARTLY),
    "too_few": Fault(**PARTLY),
    # Faults of the form that a lenient reader sees through: the answer is the model's, whole.
    "markdown_fence": Fault(None),
    "double_content": Fault(None),
    "double_text": Fault(None),
    "numbers_as_strings": Fault(None),
    "drip": Fault(None),
}

# Of the catalog, fewer than the candidates that a model is given: whatever is no candidate is outside.
WISHES = {"genres": ["rock"], "budget_min": 200, "budget_max": 400,
          "requirements": {"types": ["over_ear"], "wireless": True, "anc": True, "microphone": True}}
ALL = {each["slug"]: each for each in json.loads(CATALOG.read_text())}
FITTING = {slug for slug, each in ALL.items()
           if each["form_factor"] == "over_ear" and each["wireless"] and each["anc"] and each["microphone"]
           and 200 <= each["price_usd"] <= 400}
assert 5 < len(FITTING) < 24 and FITTING != set(ALL)


class FaultsTest(SystemTest):
    """One program and one stub for all of the class's faults."""

    engine = "anthropic/claude-opus-4-5"
    settings = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stub = ModelStub("--drip-ms", "200")
        cls.addClassCleanup(cls.stub.close)
        assert set(FAULTS) | {"none"} == set(cls.stub.stats()["faults"]), "each fault has its expectation"
        cls.program = cls.installation.serve_ready(
            LLM_BASE_URL=cls.stub.url, LLM_TIMEOUT="1s", LLM_MAX_RETRIES="1", **cls.settings)
        cls.addClassCleanup(cls.installation.end_processes)
        cls.numbers = itertools.count()
        cls.sessions = []

    # -- asking --------------------------------------------------------------------

    def recommend(self):
        number = next(self.numbers)
        sound = {"bass": number % 100 / 100, "treble": number // 100 / 100}
        answer = self.program.recommend(WISHES | {"sound_preferences": sound})
        self.assertEqual(answer.status, 200, answer.body)
        self.sessions.append(answer.json()["session_id"])
        return answer.json()

    def heal(self):
        """The model answers well, and the program has noticed."""
        self.stub.set(**{each: 0 for each in FAULTS}, repair_faults=False)
        await_that("the model is asked", lambda: not self.recommend()["degraded"], 40, 0.1)
        await_that("no call is under way", lambda: self.stub.stats()["open"] == 0)

    @staticmethod
    def at_once(calls):
        with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
            return [each.result() for each in [pool.submit(*call) for call in calls]]

    def check_all(self, repair_faults):
        """Each fault by itself, with the class's `run_with`."""
        for name, fault in FAULTS.items():
            if repair_faults and not self.is_repaired(fault):
                continue # the same
            with self.subTest(fault=name, repair_faults=repair_faults):
                self.run_with(name, repair_faults)
        self.heal()
        self.assert_what_was_billed_is_recorded()

    @staticmethod
    def is_repaired(fault):
        return fault.repairs

    # -- what must be ----------------------------------------------------------------

    def assert_within_constraints(self, session):
        self.assertEqual(session["status"], "complete")
        slugs = [each["headphone"]["slug"] for each in session["matches"]]
        self.assertEqual((len(slugs), len(set(slugs))), (5, 5), slugs)
        self.assertLessEqual(set(slugs), FITTING)
        self.assertEqual([each["rank"] for each in session["matches"]], [1, 2, 3, 4, 5])
        scores = [each["overall_score"] for each in session["matches"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        for match in session["matches"]:
            for words in (match["explanation"], *match["personalized_pros"], *match["personalized_cons"],
                          *match["match_highlights"]):
                self.assertTrue(words)
                self.assertNotIn("<", words)
                self.assertNotIn("http", words)
            for score in (match["overall_score"], *match["scores"].values()):
                self.assertTrue(0 <= score <= 1, score)

    def assert_outcome(self, answer, fault, is_mended, may_be_kept_away):
        """Of a session or an explanation. Behind an open breaker there is no call, and so no other reason."""
        found = (answer.get("degraded_reason"), answer["engine"])
        expected = (None, self.engine)
        if fault.reason and not is_mended:
            expected = (fault.reason, self.engine if fault.engine == "model" else "heuristic")
        allowed = {expected} | ({("breaker_open", "heuristic")} if may_be_kept_away else set())
        self.assertIn(found, allowed)
        self.assertEqual(answer["degraded"], found[0] is not None)

    def rows_of(self, session_ids, which=""):
        listed = ",".join(f"'{each}'" for each in session_ids)
        return self.database.rows("select outcome, may_have_been_billed, cost_micro_usd, code from language_model_calls"
                                  f" where session_id in ({listed}) {which}")

    def assert_calls_recorded(self, session_ids, requests, fault, which=""):
        """Each request that the stub has seen is one row, and a row says what is known of the cost."""
        rows = lambda: self.rows_of(session_ids, which)
        await_that(f"{requests} calls are in PostgreSQL", lambda: len(rows()) >= requests)
        self.assertEqual(len(rows()), requests)
        for outcome, may_have_been_billed, cost, code in rows():
            if fault.fails:
                self.assertEqual((outcome, code), ("failed", fault.reason))
                self.assertEqual((may_have_been_billed, cost), ("t", "") if fault.may_be_billed else ("f", "0"))
            else:
                self.assertEqual((outcome, may_have_been_billed), ("replied", "f"))
                self.assertGreater(int(cost), 0)

    def assert_what_was_billed_is_recorded(self):
        """Over the class's sessions: the topics are shared, so the tables have others' too."""
        listed = ",".join(f"'{each}'" for each in self.sessions)
        await_that("every session is complete in PostgreSQL", lambda: len(self.sessions) == int(self.database.value(
            f"select count(*) from sessions where id in ({listed}) and status = 'complete'")))
        billed = self.stub.billed_micro_usd()
        self.assertGreater(billed, 0)
        await_that("what was billed is recorded", lambda: billed == int(self.database.value(
            f"select sum(cost_micro_usd) from language_model_calls where session_id in ({listed})")))
        await_that("sessions and explanations say what their calls came to", lambda: not self.rows_that_are_wrong())

    def rows_that_are_wrong(self):
        """Sessions and explanations with another cost than that of their calls. Where a row says that it
        does not know, a call may have been billed, or went on when nobody waited for it any more."""
        listed = ",".join(f"'{each}'" for each in self.sessions)
        columns = "session_id, explanation_id, cost_micro_usd, cost_is_known, degraded_reason"
        return self.database.rows(f"""
            with ended as (
              select {columns.replace("session_id, explanation_id", "id as session_id, null::uuid as explanation_id")}
              from sessions where id in ({listed})
              union all select {columns} from explanations where session_id in ({listed})),
            calls as (
              select session_id, coalesce(explanation_id, session_id) as made_for,
                     sum(cost_micro_usd) as cost, bool_or(may_have_been_billed) as may_be_more
              from language_model_calls where session_id in ({listed}) group by 1, 2)
            select ended.*, calls.* from ended full join calls
              on calls.made_for = coalesce(ended.explanation_id, ended.session_id)
            where case when ended.session_id is null then true
                       when cost_is_known then coalesce(cost_micro_usd, 0) <> coalesce(cost, 0)
                       else not (may_be_more or degraded_reason = 'breaker_open') end""")
