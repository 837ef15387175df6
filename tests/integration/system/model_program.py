"""The program with a stand-in for its language model: what the language_model tests have in common."""

import datetime
import json

from kafka_records import EARLIEST, Broker
from model_stub import ModelStub
from running_program import PARTITIONS, SystemTest, ask
from session_log import CALL_FAILED, EVENTS, REPLY_RECORDED

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


class SpentToday:
    """What the log says that calls have cost since midnight, UTC, in millionths of a dollar; at most, where
    nobody knows. Other tests' calls too. Reads the log once, and from then on what is new in it."""

    def __init__(self):
        with Broker() as broker:
            self._next = broker.ends(EVENTS, PARTITIONS, EARLIEST)
        self._costs = {} # by call: the first record of an outcome counts

    def __call__(self):
        today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        with Broker() as broker:
            end = broker.ends(EVENTS, PARTITIONS)
            fresh = broker.read(EVENTS, self._next, end)
        self._next = end
        for each in sorted(fresh, key=lambda record: (record.partition, record.offset)):
            if each.headers.get("type", b"").decode() in (REPLY_RECORDED, CALL_FAILED):
                fact = json.loads(each.value)
                called = fact["data"]
                cost = called.get("cost_micro_usd") or called.get("cost_max_micro_usd") or 0
                self._costs.setdefault(called["call_id"], cost if fact["time"].startswith(today) else 0)
        return sum(self._costs.values())
