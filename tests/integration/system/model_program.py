"""The program with a stand-in for its language model: what the language_model tests have in common."""

import datetime
import json

from model_stub import ModelStub
from running_program import SystemTest, ask
from session_log import CALL_FAILED, EVENTS, REPLY_RECORDED, everything_in

WISHES = {"genres": ["jazz"], "budget_max": 600, "requirements": {"types": ["over_ear"]}}

OPENAI = {"LLM_PROVIDER": "openai", "LLM_MODEL": "gpt-4.1"}


def wishes(number):
    """Wishes that differ from any other number's, so that no answer is reused."""
    return WISHES | {"sound_preferences": {"bass": number % 100 / 100, "treble": number // 100 / 100}}


class ModelTest(SystemTest):
    """Each test has a stub of its own, which answers well, and starts the program as it needs it."""

    def setUp(self):
        self.stub = self.start_stub()
        self.addCleanup(self.installation.end_processes)

    def start_stub(self, *flags, port=0):
        stub = ModelStub(*flags, port=port)
        self.addCleanup(stub.close)
        return stub

    def serve(self, **settings):
        return self.installation.serve_ready(**{"LLM_BASE_URL": self.stub.url} | settings)

    def recommend(self, program, number):
        answer = program.recommend(wishes(number))
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def assert_is_of_the_model(self, session):
        self.assertEqual((session["degraded"], session.get("degraded_reason")), (False, None))
        self.assertNotEqual(session["engine"], "heuristic")
        self.assertEqual(len(session["matches"]), 5)

    def assert_fell_back(self, session, *reasons):
        self.assertIn(session.get("degraded_reason"), reasons)
        self.assertEqual((session["degraded"], session["engine"]), (True, "heuristic"))
        self.assertEqual(len(session["matches"]), 5)

    def stored_calls(self, session_id):
        """The rows of a session's calls: outcome, code, may_have_been_billed, cost."""
        return self.database.rows("select outcome, code, may_have_been_billed, cost_micro_usd from language_model_calls"
                                  f" where session_id = '{session_id}' order by attempt")


def explain(program, session, match):
    """Asks why this one of the session's matches was picked."""
    return program.ask("POST", "/api/v1/explain", {"session_id": session["session_id"],
                                                   "headphone_id": match["headphone"]["id"]})


def part_of_health(program, name="language_model"):
    answer = ask(program.admin_port, "GET", "/health")
    return {each["name"]: each for each in answer.json()["parts"]}[name]


def metric(program, name):
    """A metric without labels; None when there is no such."""
    for line in ask(program.admin_port, "GET", "/metrics").body.decode().splitlines():
        if line.startswith(name + " "):
            return float(line.split(" ")[1])
    return None


def spent_today():
    """What the log says that calls have cost since midnight, UTC, in millionths of a dollar; at most, where
    nobody knows. Other tests' calls too."""
    spent = {}
    for each in everything_in(EVENTS):
        if each.headers.get("type", b"").decode() in (REPLY_RECORDED, CALL_FAILED):
            fact = json.loads(each.value)
            if fact["time"][:10] == datetime.datetime.now(datetime.timezone.utc).date().isoformat():
                called = fact["data"]
                cost = called.get("cost_micro_usd") or called.get("cost_max_micro_usd") or 0
                spent.setdefault(called["call_id"], cost)
    return sum(spent.values())
