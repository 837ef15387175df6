"""The program with a language model: both providers, explanations, keys, budget, an outage."""

import json
import time
import unittest

from model_stub import ModelStub, cost_of
from running_program import SystemTest, ask
from session_log import CALL_STARTED, COMPLETED, REQUESTED, SessionLog
from test_servers import await_that

WISHES = {"genres": ["jazz"], "budget_max": 600, "requirements": {"types": ["over_ear"]}}
KEY = "sk-ant-a-key-that-nobody-may-see"


def wishes(number):
    """Wishes that differ from any other number's, so that no answer is reused."""
    return WISHES | {"sound_preferences": {"bass": round(0.001 * (number % 1000), 3), "mids": 0.5}}


class ModelTest(SystemTest):
    def setUp(self):
        self.stub = ModelStub()
        self.addCleanup(self.stub.close)
        self.addCleanup(self.installation.end_processes)

    def serve(self, **settings):
        return self.installation.serve_ready(**{"LLM_BASE_URL": self.stub.url} | settings)

    def recommend(self, program, number):
        answer = program.recommend(wishes(number))
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def stored_cost(self):
        return int(self.database.value("select coalesce(sum(cost_micro_usd), 0) from language_model_calls"))


class Providers(ModelTest):
    def check(self, program, engine, stop_cost=None):
        log = SessionLog()
        before = self.stored_cost()
        first = self.recommend(program, 1)
        self.assertEqual(first["engine"], engine)
        self.assertFalse(first["degraded"])
        self.assertEqual(len(first["matches"]), 5)
        for match in first["matches"]:
            self.assertLessEqual(match["headphone"]["price_usd"], 600)
            self.assertEqual(match["headphone"]["form_factor"], "over_ear")
        again = self.recommend(program, 1)
        self.assertNotEqual(again["session_id"], first["session_id"])
        self.assertEqual(again["matches"], first["matches"])
        self.assertEqual(self.stub.stats()["requests"], 1, "the same question is not asked again")
        events = log.read()
        self.assertEqual([each.kind for each in events[first["session_id"]]], [REQUESTED, CALL_STARTED, COMPLETED])
        self.assertEqual([each.kind for each in events[again["session_id"]]], [REQUESTED, COMPLETED])
        (fact,) = log.facts().values()
        data = json.loads(fact.value)["data"]
        self.assertEqual(data["attempt"], 1)
        await_that("the call is in PostgreSQL", lambda: int(self.database.value(
            f"select count(*) from language_model_calls where session_id = '{first['session_id']}'")) == 1)
        return first, data, before

    def test_anthropic(self):
        program = self.serve(ANTHROPIC_API_KEY=KEY)
        self.stub.set(key=KEY)
        first, data, before = self.check(program, "anthropic/claude-opus-4-5")
        self.assertEqual(data["cost_micro_usd"], self.stub.billed_micro_usd())
        self.assertEqual(self.stored_cost() - before, self.stub.billed_micro_usd())
        row = self.database.rows("select provider, model, attempts, cost_micro_usd, prompt_tokens, completion_tokens,"
                                 f" prompt_version from sessions where id = '{first['session_id']}'")[0]
        stats = self.stub.stats()
        read = sum(stats[kind] for kind in
                   ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"))
        self.assertEqual(row, ["anthropic", "claude-opus-4-5", "1", str(self.stub.billed_micro_usd()), str(read),
                               str(stats["output_tokens"]), "1"])
        request = self.stub.last_request()
        self.assertEqual(request["system"][0]["cache_control"], {"type": "ephemeral"})
        self.recommend(program, 2)
        self.assertGreater(self.stub.stats()["cache_read_input_tokens"], 4096, "the stable part is served from the cache")

    def test_openai(self):
        program = self.serve(LLM_PROVIDER="openai", LLM_MODEL="gpt-4.1", OPENAI_API_KEY=KEY)
        self.stub.set(key=KEY)
        _, data, _ = self.check(program, "openai/gpt-4.1")
        self.assertEqual(data["usage"]["output_tokens"], self.stub.stats()["output_tokens"])

    def test_a_model_nobody_knows_works_and_its_cost_is_unknown(self):
        program = self.serve(LLM_MODEL="claude-of-tomorrow")
        answer = self.recommend(program, 3)
        self.assertEqual(answer["engine"], "anthropic/claude-of-tomorrow")
        self.assertIn("claude-of-tomorrow", program.log())
        await_that("the session is in PostgreSQL", lambda: self.database.rows(
            f"select 1 from sessions where id = '{answer['session_id']}' and status = 'complete'"))
        self.assertEqual(self.database.value(
            f"select cost_is_known from sessions where id = '{answer['session_id']}'"), "f")

    def test_without_key_and_address_the_heuristic_recommends_and_the_log_says_so_once(self):
        program = self.installation.serve_ready()
        answer = self.recommend(program, 4)
        self.assertEqual((answer["engine"], answer["degraded"]), ("heuristic", False))
        self.assertEqual(program.log().count("the heuristic engine recommends"), 1)


class Explanations(ModelTest):
    def test_a_pick_is_explained_once_and_read_from_then_on(self):
        program = self.serve()
        session = self.recommend(program, 10)
        pick = session["matches"][1]["headphone"]
        asked = {"session_id": session["session_id"], "headphone_id": pick["id"]}
        answer = program.ask("POST", "/api/v1/explain", asked)
        self.assertEqual(answer.status, 200, answer.body)
        first = answer.json()
        self.assertEqual(first["headphone"]["slug"], pick["slug"])
        self.assertEqual(first["engine"], "anthropic/claude-opus-4-5")
        self.assertGreater(len(first["detailed_explanation"]), 100)
        others = {each["headphone"]["id"] for each in session["matches"]} - {pick["id"]}
        self.assertEqual({each["other"] for each in first["comparison_points"]}, others)
        requests = self.stub.stats()["requests"]
        again = program.ask("POST", "/api/v1/explain", asked | {"headphone_id": pick["slug"]}).json()
        self.assertEqual(again, first)
        await_that("the explanation is in PostgreSQL", lambda: self.database.rows(
            f"select 1 from explanations where session_id = '{session['session_id']}' and status = 'complete'"))
        self.assertEqual(program.stop(), 0)
        program = self.serve() # nothing is left in memory
        again = program.ask("POST", "/api/v1/explain", asked).json()
        self.assertEqual(again, first)
        self.assertEqual(self.stub.stats()["requests"], requests)

    def test_what_cannot_be_explained_is_refused(self):
        program = self.serve()
        session = self.recommend(program, 11)
        explain = lambda session_id, headphone: program.ask(
            "POST", "/api/v1/explain", {"session_id": session_id, "headphone_id": headphone})
        self.assertEqual(explain("01890a5d-ac96-774b-bcce-b302099a8057", "sony-wh-1000xm5").status, 404)
        stranger = explain(session["session_id"], "no-such-headphone")
        self.assertEqual(stranger.status, 422)
        self.assertEqual(stranger.json()["errors"][0]["pointer"], "/headphone_id")
        self.stub.set(latency_ms=3_000)
        pending = program.recommend(wishes(12), mode="async").json()["session_id"]
        self.assertEqual(explain(pending, "sony-wh-1000xm5").status, 409)


class Secrets(ModelTest):
    def test_a_key_is_in_no_log_event_answer_or_configuration(self):
        self.stub.set(key="another")
        log = SessionLog()
        program = self.serve(ANTHROPIC_API_KEY=KEY, LOG_LEVEL="debug")
        answer = self.recommend(program, 20)
        self.assertEqual(answer["degraded_reason"], "authentication")
        self.assertEqual(self.stub.stats()["bad_keys"], self.stub.stats()["requests"])
        self.assertNotIn(KEY, program.log())
        self.assertNotIn(KEY, json.dumps(answer))
        for fact in log.facts().values():
            self.assertNotIn(KEY.encode(), fact.value)
        self.assertNotIn(KEY, ask(program.admin_port, "GET", "/metrics").body.decode())
        self.assertNotIn(KEY, self.installation.run("config", ANTHROPIC_API_KEY=KEY).stdout)
        refused = self.installation.run("config", ANTHROPIC_API_KEY=KEY + " \n", LLM_PROVIDER="nobody")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("ANTHROPIC_API_KEY", refused.stderr)
        self.assertIn("LLM_PROVIDER", refused.stderr)
        self.assertNotIn(KEY, refused.stderr)


class Outage(ModelTest):
    def test_a_model_that_is_down_costs_nobody_a_wait_and_its_return_needs_no_restart(self):
        program = self.serve(LLM_MAX_RETRIES="0")
        self.assertFalse(self.recommend(program, 30)["degraded"])
        self.stub.set(error=1)
        number = 31
        while self.recommend(program, number)["degraded_reason"] != "breaker_open":
            number += 1
            self.assertLess(number, 45, "the breaker never opens")
        requests = self.stub.stats()["requests"]
        for number in range(50, 60):
            answer = self.recommend(program, number)
            self.assertTrue(answer["degraded"])
            self.assertEqual(answer["engine"], "heuristic")
        # Behind an open breaker a try is made now and then, and nothing else.
        self.assertLessEqual(self.stub.stats()["requests"] - requests, 3)
        health = {each["name"]: each for each in program.ask("GET", "/health").json()["parts"]}
        self.assertEqual(health["language_model"]["status"], "degraded")
        self.assertEqual(program.ask("GET", "/health/ready").status, 200)
        self.stub.set(error=0)
        numbers = iter(range(100, 100_000))
        await_that("the model answers again", lambda: not self.recommend(program, next(numbers))["degraded"], 40, 0.2)


class Budget(ModelTest):
    def test_a_spent_budget_holds_over_a_restart_and_says_so(self):
        program = self.serve()
        self.recommend(program, 70)
        await_that("the call is in PostgreSQL", lambda: self.stored_cost() > 0)
        self.assertEqual(program.stop(), 0)
        # What earlier tests of this class's day have spent counts too; one more call may be made.
        budget = (self.stored_cost() + 350_000) / 1e6
        program = self.serve(LLM_BUDGET_USD_PER_DAY=f"{budget:.6f}")
        answers = [self.recommend(program, number) for number in range(71, 120)]
        self.assertFalse(answers[0]["degraded"])
        self.assertEqual(answers[-1]["degraded_reason"], "budget_spent")
        metrics = ask(program.admin_port, "GET", "/metrics").body.decode()
        self.assertIn("\nsonicmatch_language_model_budget_exhausted 1\n", metrics)
        health = {each["name"]: each for each in program.ask("GET", "/health").json()["parts"]}
        self.assertIn("budget is spent", health["language_model"]["detail"])
        spent = self.stored_cost()
        self.assertLessEqual(spent, budget * 1e6)
        self.assertEqual(program.stop(), 0)
        requests = self.stub.stats()["requests"]
        program = self.serve(LLM_BUDGET_USD_PER_DAY=f"{budget:.6f}")
        self.assertEqual(self.recommend(program, 130)["degraded_reason"], "budget_spent")
        self.assertEqual(self.stub.stats()["requests"], requests)


if __name__ == "__main__":
    unittest.main()
