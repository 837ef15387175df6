"""The program with a language model: both providers and what they cost, one question once,
explanations, keys."""

import collections
import concurrent.futures
import json
import unittest

from kafka_records import Broker
from model_program import OPENAI, ModelTest, explain, wishes
from model_stub import cost_of
from running_program import PARTITIONS, ask
from session_log import (CALL_FAILED, CALL_STARTED, COMMANDS, COMPLETED, DEAD_LETTERS, EVENTS, REQUESTED,
                         SessionLog)
from test_servers import await_that

# Of no form that a key of a provider has, so that it is not taken for one by its looks.
KEY = "Quiet_Harbour.0451~lantern"

# Our names of the kinds of tokens, and the stub's, which are Anthropic's.
KINDS = {"input_tokens": "input_tokens", "cache_write_tokens": "cache_creation_input_tokens",
         "cache_read_tokens": "cache_read_input_tokens", "output_tokens": "output_tokens",
         "reasoning_tokens": "reasoning_tokens"}


class Providers(ModelTest):
    def check(self, program, provider, model):
        log = SessionLog()
        first = self.recommend(program, 1)
        self.assert_is_of_the_model(first)
        self.assertEqual(first["engine"], f"{provider}/{model}")
        for match in first["matches"]:
            self.assertLessEqual(match["headphone"]["price_usd"], 600)
            self.assertEqual(match["headphone"]["form_factor"], "over_ear")
        again = self.recommend(program, 1)
        self.assertNotEqual(again["session_id"], first["session_id"])
        self.assertEqual(again["matches"], first["matches"])
        self.assertEqual(self.stub.requests(), 1, "the same question is not asked again")
        second = self.recommend(program, 2)
        events = log.read()
        self.assertEqual([each.kind for each in events[first["session_id"]]], [REQUESTED, CALL_STARTED, COMPLETED])
        self.assertEqual([each.kind for each in events[again["session_id"]]], [REQUESTED, COMPLETED])
        facts = {each.key.decode(): json.loads(each.value)["data"] for each in log.facts().values()}
        self.assertEqual(set(facts), {first["session_id"], second["session_id"]})
        for session, call in zip((first, second), self.stub.calls()):
            self.assert_accounts(session["session_id"], facts[session["session_id"]], call, provider, model)
        self.assertEqual(self.stub.calls()[0]["usage"]["cache_read_input_tokens"], 0)
        self.assertGreater(self.stub.calls()[1]["usage"]["cache_read_input_tokens"], 4096,
                           "the stable part is served from the cache")
        await_that("the reused answer's session is in PostgreSQL", lambda: self.database.rows(
            "select 1 from sessions where status = 'complete' and attempts = 0 and coalesce(cost_micro_usd, 0) = 0"
            f" and id = '{again['session_id']}'"))

    def assert_accounts(self, session_id, fact, call, provider, model):
        """The event, the call's row and the session's row say what the stub has billed."""
        used = {ours: call["usage"][theirs] for ours, theirs in KINDS.items()}
        cost = cost_of(model, call["usage"])
        self.assertEqual(fact["attempt"], 1)
        self.assertEqual({kind: fact["usage"].get(kind, 0) for kind in KINDS}, used)
        self.assertEqual(fact["cost_micro_usd"], cost)
        rows = await_that("the call is in PostgreSQL", lambda: self.database.rows(
            f"select {', '.join(KINDS)}, cost_micro_usd, provider, model from language_model_calls"
            f" where session_id = '{session_id}'"))
        self.assertEqual(rows, [[str(each) for each in (*used.values(), cost, provider, model)]])
        read = used["input_tokens"] + used["cache_write_tokens"] + used["cache_read_tokens"]
        rows = await_that("the session is in PostgreSQL", lambda: self.database.rows(
            "select provider, model, attempts, cost_micro_usd, cost_is_known, prompt_tokens, completion_tokens,"
            f" prompt_version from sessions where id = '{session_id}' and status = 'complete'"))
        self.assertEqual(rows, [[provider, model, "1", str(cost), "t", str(read), str(used["output_tokens"]), "1"]])

    def test_anthropic(self):
        program = self.serve(ANTHROPIC_API_KEY=KEY)
        self.stub.set(key=KEY)
        self.check(program, "anthropic", "claude-opus-4-5")
        self.assertEqual(self.stub.last_request()["system"][0]["cache_control"], {"type": "ephemeral"})

    def test_openai(self):
        program = self.serve(OPENAI_API_KEY=KEY, **OPENAI)
        self.stub.set(key=KEY, reasoning_tokens=64)
        self.check(program, "openai", "gpt-4.1")

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


class SameQuestion(ModelTest):
    def test_it_is_asked_again_when_no_answer_is_kept(self):
        program = self.serve(CACHE_TTL_QUERY="0s")
        for count in (1, 2, 3):
            self.assert_is_of_the_model(self.recommend(program, 5))
            self.assertEqual(self.stub.requests(), count)
        self.assertEqual(self.stub.stats()["repeated_questions"], 2)

    def check_asked_at_the_same_time(self, program):
        log = SessionLog()
        self.stub.set(latency_ms=1_000)
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            sessions = list(pool.map(lambda _: self.recommend(program, 6), range(20)))
        self.assertEqual(self.stub.requests(), 1)
        for session in sessions:
            self.assert_is_of_the_model(session)
            self.assertEqual(session["matches"], sessions[0]["matches"])
        self.assertEqual(len({each["session_id"] for each in sessions}), 20)
        (_, started), = log.of_kind(CALL_STARTED)
        reused = [json.loads(each.record.value)["data"].get("reused_call")
                  for events in log.read().values() for each in events if each.kind == COMPLETED]
        self.assertEqual(collections.Counter(reused), {started["data"]["call_id"]: 19, None: 1})

    def test_asked_by_many_at_the_same_time_it_is_one_call(self):
        self.check_asked_at_the_same_time(self.serve())

    def test_asked_by_many_at_the_same_time_it_is_one_call_when_no_answer_is_kept(self):
        self.check_asked_at_the_same_time(self.serve(CACHE_TTL_QUERY="0s"))


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
    def texts_since(self, since):
        """Every record of events, commands and dead letters, and every row, as texts."""
        with Broker() as broker:
            for topic, from_then in since.items():
                for each in broker.read(topic, from_then):
                    yield topic, repr((each.key, each.value, each.headers))
        for table in ("sessions", "explanations", "language_model_calls", "matches"):
            for row, in self.database.rows(f"select row_to_json(each)::text from {table} each"):
                yield table, row

    def check(self, name, **settings):
        partitions = {EVENTS: PARTITIONS, COMMANDS: PARTITIONS, DEAD_LETTERS: 1}
        with Broker() as broker:
            since = {topic: broker.ends(topic, count) for topic, count in partitions.items()}
        log = SessionLog()
        self.stub.set(key=KEY)
        program = self.serve(LOG_LEVEL="debug", CACHE_TTL_QUERY="0s", **{name: KEY}, **settings)
        session = self.recommend(program, 20)
        self.assert_is_of_the_model(session)
        self.stub.set(key="another", echo_key=True) # the refusal quotes the key that was sent
        refused = self.recommend(program, 21)
        self.assert_fell_back(refused, "authentication")
        explained = explain(program, session, session["matches"][0])
        self.assertEqual(explained.json()["degraded_reason"], "authentication")
        self.assertEqual(self.stub.stats()["bad_keys"], 2)
        (_, failed), *_ = log.of_kind(CALL_FAILED)
        self.assertIn("***", failed["data"]["detail"], "the provider's words are recorded, and the key is not")
        await_that("the calls are in PostgreSQL", lambda: len(self.stored_calls(session["session_id"])) == 2
                   and len(self.stored_calls(refused["session_id"])) == 1)
        await_that("the explanation is in PostgreSQL", lambda: self.database.rows(
            f"select 1 from explanations where session_id = '{session['session_id']}' and status = 'complete'"))
        seen = set()
        for where, text in self.texts_since(since):
            seen.add(where)
            self.assertNotIn(KEY, text, where)
        self.assertLessEqual({EVENTS, COMMANDS, "sessions", "explanations", "language_model_calls"}, seen)
        for port in (program.port, program.admin_port):
            for path in ("/health", "/health/ready", "/health/live", "/metrics"):
                self.assertNotIn(KEY, ask(port, "GET", path).body.decode())
        self.assertNotIn(KEY, json.dumps(refused) + explained.body.decode())
        self.assertNotIn(KEY, program.log())
        self.assertEqual(program.stop(), 0)
        self.assertNotIn(KEY, program.log())

    def test_a_key_that_is_refused_is_in_no_log_record_row_or_answer(self):
        self.check("ANTHROPIC_API_KEY")

    def test_the_same_with_openai(self):
        self.check("OPENAI_API_KEY", **OPENAI)

    def test_a_key_is_not_shown_with_the_configuration_nor_with_its_mistakes(self):
        shown = self.installation.run("config", ANTHROPIC_API_KEY=KEY)
        self.assertIn("ANTHROPIC_API_KEY", shown.stdout)
        self.assertNotIn(KEY, shown.stdout + shown.stderr)
        refused = self.installation.run("config", ANTHROPIC_API_KEY=KEY + " \n", LLM_PROVIDER="nobody")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("ANTHROPIC_API_KEY", refused.stderr)
        self.assertIn("LLM_PROVIDER", refused.stderr)
        self.assertNotIn(KEY, refused.stdout + refused.stderr)


if __name__ == "__main__":
    unittest.main()
