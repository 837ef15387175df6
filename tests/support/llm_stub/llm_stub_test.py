"""What the stub answers in both formats, with every fault. llm_stub_test.py PROGRAM"""

import http.client
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True

from stub_client import (SYSTEM_HEADPHONES, anthropic_request, explanation, matches_of, openai_request,  # noqa: E402
                         question, repair_of, stub, text_of, until)

PROGRAM = ""
CANDIDATES = SYSTEM_HEADPHONES[10:34]


class with_a_stub(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stub = stub(PROGRAM)

    @classmethod
    def tearDownClass(cls):
        cls.stub.__exit__()

    def setUp(self):
        names = [name for name in self.stub.stats()["faults"] if name != "none"]
        self.stub.set(**dict.fromkeys(names, 0), latency_ms=0, latency_median_ms=0, seed=1, next=[], key="",
                      echo_key=False, repair_faults=False, error_status=529, error_spend_limit=False, retry_after_s="",
                      retry_after_ms="", should_retry="", strict_models=[], outside_headphone="",
                      cache_tokens_min=0, reasoning_tokens=0)
        self.stub.reset()

    def anthropic_with(self, fault, body=None):
        """A question that the fault befalls."""
        self.stub.set(next=[fault])
        return self.stub.anthropic(body)[2]


class good_answers(with_a_stub):
    def check(self, answer):
        matches = matches_of(answer)
        self.assertEqual([each["headphone"] for each in matches], CANDIDATES[:3])
        overall = [each["overall_score"] for each in matches]
        self.assertEqual(overall, sorted(overall, reverse=True))
        for each in matches:
            self.assertEqual(set(each["scores"]),
                             {"genre_match", "sound_profile", "use_case", "budget", "feature_match"})
            for score in [each["overall_score"], *each["scores"].values()]:
                self.assertTrue(0 <= score <= 1, score)
            for words in ("explanation", "personalized_pros", "personalized_cons", "match_highlights"):
                self.assertTrue(each[words])

    def test_anthropic_gets_a_message_with_the_first_candidates(self):
        status, headers, answer = self.stub.anthropic()
        self.assertEqual((status, answer["type"], answer["stop_reason"]), (200, "message", "end_turn"))
        self.assertTrue(headers["request-id"])
        self.check(answer)

    def test_openai_gets_a_completion_with_the_first_candidates(self):
        status, headers, answer = self.stub.openai()
        choice = answer["choices"][0]
        self.assertEqual((status, choice["finish_reason"], choice["message"]["refusal"]), (200, "stop", None))
        self.assertTrue(headers["x-request-id"])
        self.check(answer)

    def test_the_wanted_number_counts_up_to_the_number_of_candidates(self):
        for wanted, given in ((1, 1), (24, 24), (50, 24)):
            answer = self.stub.anthropic(anthropic_request(question(max_results=wanted)))[2]
            self.assertEqual(len(matches_of(answer)), given)

    def test_content_in_blocks_is_read_like_content_in_a_string(self):
        blocks = [{"type": "text", "text": question()}]
        self.check(self.stub.anthropic(anthropic_request(messages=[{"role": "user", "content": blocks}]))[2])

    def test_an_explanation_is_answered_with_words(self):
        for answer in (self.stub.anthropic(anthropic_request(explanation()))[2],
                       self.stub.openai(openai_request(explanation()))[2]):
            words = json.loads(text_of(answer))["detailed_explanation"].split()
            self.assertTrue(120 <= len(words) <= 200, len(words))

    def test_a_question_with_tools_is_answered_with_the_tools_input(self):
        tools = [{"name": "recommend", "input_schema": {}, "strict": True}]
        choice = {"type": "tool", "name": "recommend"}
        answer = self.stub.anthropic(anthropic_request(tools=tools, tool_choice=choice))[2]
        block = answer["content"][0]
        self.assertEqual((answer["stop_reason"], block["type"], block["name"]), ("tool_use", "tool_use", "recommend"))
        self.assertEqual(len(block["input"]["matches"]), 3)

    def test_strict_models_refuse_a_forced_tool_and_temperature(self):
        self.stub.set(strict_models=["claude-opus-4-7", "claude-sonnet-5"])
        forced = {"type": "tool", "name": "recommend"}
        for model, fields, expected in (("claude-sonnet-5", {"temperature": 0.7}, 400),
                                        ("claude-opus-4-7", {"tool_choice": forced}, 400),
                                        ("claude-opus-4-7", {"tool_choice": {"type": "auto"}}, 200),
                                        ("claude-opus-4-5", {"temperature": 0.7}, 200)):
            status, _, answer = self.stub.anthropic(anthropic_request(model=model, **fields))
            self.assertEqual(status, expected, (model, fields))
            if status == 400:
                self.assertEqual(answer["error"]["type"], "invalid_request_error")
        self.assertEqual(self.stub.stats()["invalid_requests"], 2)

    def test_what_is_no_request_gets_a_400(self):
        for body in ("no JSON", "{}", '{"model":"m","messages":[]}', '{"model":"m","messages":[{"role":"user"'):
            self.assertEqual(self.stub.anthropic(body)[0], 400)
            self.assertEqual(self.stub.openai(body)[0], 400)

    def test_a_wrong_key_gets_a_401_when_a_key_is_set(self):
        self.stub.set(key="right")
        for headers, expected in (({}, 401), ({"x-api-key": "wrong"}, 401), ({"x-api-key": "right"}, 200)):
            self.assertEqual(self.stub.anthropic(headers=headers)[0], expected)
        status, _, answer = self.stub.openai(headers={"authorization": "Bearer wrong"})
        self.assertEqual((status, answer["error"]["code"]), (401, "invalid_api_key"))
        self.assertEqual(self.stub.openai(headers={"authorization": "Bearer right"})[0], 200)
        self.assertEqual(self.stub.stats()["bad_keys"], 3)

    def test_a_wrong_key_is_quoted_when_that_is_wanted(self):
        self.stub.set(key="right")
        self.assertNotIn("wrong", self.stub.anthropic(headers={"x-api-key": "wrong"})[2]["error"]["message"])
        self.stub.set(echo_key=True)
        self.assertIn("wrong", self.stub.anthropic(headers={"x-api-key": "wrong"})[2]["error"]["message"])
        self.assertIn("wrong", self.stub.openai(headers={"authorization": "Bearer wrong"})[2]["error"]["message"])


class errors(with_a_stub):
    def test_each_status_has_its_providers_words(self):
        for status, type_name in ((400, "invalid_request_error"), (401, "authentication_error"),
                                  (402, "billing_error"), (429, "rate_limit_error"), (500, "api_error"),
                                  (503, "api_error"), (529, "overloaded_error")):
            self.stub.set(error=1, error_status=status)
            got, _, answer = self.stub.anthropic()
            self.assertEqual((got, answer["type"], answer["error"]["type"]), (status, "error", type_name))
            self.assertTrue(answer["request_id"])
            self.assertEqual(self.stub.openai()[0], status)

    def test_a_spend_limit_is_told_apart_from_a_rate_limit(self):
        self.stub.set(error=1, error_status=429)
        self.assertNotIn("details", self.stub.anthropic()[2]["error"])
        self.assertEqual(self.stub.openai()[2]["error"]["code"], "rate_limit_exceeded")
        self.stub.set(error_spend_limit=True)
        self.assertEqual(self.stub.anthropic()[2]["error"]["details"]["error_code"], "enforced_spend_limit_reached")
        self.assertEqual(self.stub.openai()[2]["error"]["type"], "insufficient_quota")

    def test_headers_about_retries_are_sent_on_errors_only(self):
        self.stub.set(retry_after_s=2, retry_after_ms="1500", should_retry=True)
        self.assertIsNone(self.stub.anthropic()[1]["retry-after"])
        self.stub.set(error=1)
        headers = self.stub.anthropic()[1]
        self.assertEqual((headers["retry-after"], headers["retry-after-ms"], headers["x-should-retry"]),
                         ("2", "1500", "true"))

    def test_an_error_costs_nothing(self):
        self.stub.set(error=1)
        self.stub.anthropic()
        stats = self.stub.stats()
        self.assertEqual((stats["answered"], stats["billed_calls"], stats["input_tokens"]), (1, 0, 0))


class spoiled_answers(with_a_stub):
    def test_a_refusal(self):
        self.assertEqual(self.anthropic_with("refusal")["stop_reason"], "refusal")
        self.stub.set(next=["refusal"])
        message = self.stub.openai()[2]["choices"][0]["message"]
        self.assertTrue(message["refusal"])
        self.assertIsNone(message["content"])

    def test_a_truncation(self):
        answer = self.anthropic_with("truncation")
        self.assertEqual(answer["stop_reason"], "max_tokens")
        self.assertRaises(ValueError, json.loads, text_of(answer))
        self.stub.set(next=["truncation"])
        self.assertEqual(self.stub.openai()[2]["choices"][0]["finish_reason"], "length")

    def test_no_json(self):
        self.assertRaises(ValueError, json.loads, text_of(self.anthropic_with("malformed")))

    def test_a_markdown_fence_around_good_json(self):
        text = text_of(self.anthropic_with("markdown_fence"))
        self.assertTrue(text.startswith("```json\n") and text.endswith("\n```"))
        self.assertEqual(len(json.loads(text[8:-4])["matches"]), 3)

    def test_empty_content(self):
        self.assertEqual(self.anthropic_with("empty_content")["content"], [])
        self.stub.set(next=["empty_content"])
        self.assertIsNone(self.stub.openai()[2]["choices"][0]["message"]["content"])

    def test_the_answer_in_the_second_block(self):
        for fault, first_type in (("double_content", "thinking"), ("double_text", "text")):
            first, second = self.anthropic_with(fault)["content"]
            self.assertEqual((first["type"], second["type"]), (first_type, "text"))
            self.assertEqual(len(json.loads(second["text"])["matches"]), 3)

    def test_numbers_as_strings(self):
        first = matches_of(self.anthropic_with("numbers_as_strings"))[0]
        self.assertIsInstance(first["overall_score"], str)
        self.assertIsInstance(first["scores"]["budget"], str)

    def test_an_unknown_headphone(self):
        self.assertNotIn(matches_of(self.anthropic_with("unknown_headphone"))[0]["headphone"], SYSTEM_HEADPHONES)

    def test_a_repeated_headphone(self):
        for wanted in (1, 3):
            request = anthropic_request(question(max_results=wanted))
            first, second = matches_of(self.anthropic_with("repeated_headphone", request))[:2]
            self.assertEqual(first["headphone"], second["headphone"])

    def test_a_score_out_of_range(self):
        self.assertGreater(matches_of(self.anthropic_with("score_out_of_range"))[0]["overall_score"], 1)

    def test_a_headphone_of_the_catalog_that_is_no_candidate(self):
        self.assertEqual(matches_of(self.anthropic_with("outside_constraints"))[0]["headphone"], SYSTEM_HEADPHONES[0])
        candidates = [{"headphone": slug} for slug in SYSTEM_HEADPHONES[:30]]
        request = anthropic_request(question(candidates=candidates))
        self.assertEqual(matches_of(self.anthropic_with("outside_constraints", request))[0]["headphone"],
                         SYSTEM_HEADPHONES[30])
        self.stub.set(next=["outside_constraints"])
        self.assertEqual(matches_of(self.stub.openai()[2])[0]["headphone"], SYSTEM_HEADPHONES[0])
        everything = question(candidates=[{"headphone": slug} for slug in SYSTEM_HEADPHONES])
        named = matches_of(self.anthropic_with("outside_constraints", anthropic_request(everything)))[0]["headphone"]
        self.assertNotIn(named, SYSTEM_HEADPHONES)
        self.stub.set(outside_headphone="named-by-a-test")
        self.assertEqual(matches_of(self.anthropic_with("outside_constraints"))[0]["headphone"], "named-by-a-test")

    def test_markup(self):
        for said in (question(), explanation()):
            self.assertIn("<a href=", text_of(self.anthropic_with("markup", anthropic_request(said))))

    def test_too_few(self):
        self.assertEqual(len(matches_of(self.anthropic_with("too_few"))), 1)


class broken_transport(with_a_stub):
    def test_a_drip_takes_its_time_and_is_whole(self):
        self.stub.set(drip_ms=200, next=["drip"])
        self.assertEqual(len(matches_of(self.stub.anthropic()[2])), 3)
        self.assertEqual(self.stub.last_call()["fault"], "drip")

    def test_a_connection_dropped_before_the_answer(self):
        self.stub.set(next=["drop_before"])
        self.assertRaises(http.client.RemoteDisconnected, self.stub.anthropic)
        until(lambda: self.stub.stats()["dropped"] == 1)

    def test_a_connection_dropped_within_the_answer(self):
        self.stub.set(next=["drop_half"])
        self.assertRaises(http.client.IncompleteRead, self.stub.anthropic)
        until(lambda: self.stub.stats()["dropped"] == 1)
        self.assertEqual(self.stub.stats()["billed_calls"], 0)

    def test_a_hang_lasts_until_the_client_leaves(self):
        self.stub.set(next=["hang"])
        link = self.stub.connect()
        link.request("POST", "/v1/messages", json.dumps(anthropic_request()))
        until(lambda: self.stub.stats()["open"] == 1)
        link.close()
        until(lambda: self.stub.stats()["abandoned"] == 1)
        self.assertEqual(self.stub.stats()["open"], 0)


class settings(with_a_stub):
    def test_repairs_are_good_unless_they_may_fail_too(self):
        self.stub.set(malformed=1)
        repair = repair_of(anthropic_request())
        self.assertEqual(len(matches_of(self.stub.anthropic(repair)[2])), 3)
        self.stub.set(repair_faults=True)
        self.assertRaises(ValueError, matches_of, self.stub.anthropic(repair)[2])
        self.assertEqual(self.stub.stats()["repairs"], 2)

    def test_the_next_faults_come_before_the_rates(self):
        self.stub.set(error=1, next=["none", "refusal"])
        for _ in range(3):
            self.stub.anthropic()
        calls = self.stub.exchange("GET", "/stub/calls")[2]["calls"]
        self.assertEqual([each["fault"] for each in calls], ["none", "refusal", "error"])

    def test_the_same_seed_draws_the_same_faults(self):
        def drawn(seed):
            self.stub.reset()
            self.stub.set(seed=seed, error=0.3, refusal=0.3, too_few=0.2)
            for _ in range(40):
                self.stub.anthropic(anthropic_request(explanation(), system=""))
            return [each["fault"] for each in self.stub.exchange("GET", "/stub/calls")[2]["calls"]]
        first = drawn(7)
        self.assertEqual(set(first), {"none", "error", "refusal", "too_few"})
        self.assertEqual(first, drawn(7))
        self.assertNotEqual(first, drawn(8))

    def test_a_wrong_setting_changes_nothing(self):
        before = self.stub.exchange("GET", "/stub/settings")[2]
        for wrong in ({"latency_ms": 5, "no_such": 1}, {"error": 1.5}, {"error": 0.6, "hang": 0.6},
                      {"error_status": 200}, {"next": ["no_such"]}, {"latency_ms": -1}, {"retry_after_s": "1\r\nx: y"}):
            status, _, answer = self.stub.exchange("POST", "/stub/settings", wrong)
            self.assertEqual(status, 400, wrong)
            self.assertTrue(answer["error"])
        self.assertEqual(self.stub.exchange("GET", "/stub/settings")[2], before)

    def test_flags_are_settings(self):
        with stub(PROGRAM, "--latency-ms", "3", "--too_few=1", "--strict-models", "a,b") as other:
            values = other.exchange("GET", "/stub/settings")[2]
            self.assertEqual((values["latency_ms"], values["too_few"], values["strict_models"]), (3, 1, ["a", "b"]))
            self.assertEqual(len(matches_of(other.anthropic()[2])), 1)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
