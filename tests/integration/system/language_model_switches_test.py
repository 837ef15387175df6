"""What models differ in, and what a provider says about trying again."""

import datetime
import unittest

from model_program import OPENAI, ModelTest, explain
from session_log import CALL_FAILED, CALL_STARTED, SessionLog

STRICT = "claude-opus-5-5"


def card(model, provider="anthropic", **fields):
    """A file of models with one in it."""
    values = {"structured_output": "schema", "takes_temperature": True, "takes_forced_tool_choice": True} | fields
    as_toml = lambda value: str(value).lower() if isinstance(value, bool) else f'"{value}"'
    lines = [f"{name} = {as_toml(value)}" for name, value in {"provider": provider, "id": model, **values}.items()]
    return "[[model]]\n" + "\n".join(lines) + "\n"


class Models(ModelTest):
    def start_stub(self, *flags, port=0):
        return super().start_stub("--strict-models", STRICT, *flags, port=port)

    def models_file(self, text):
        path = self.installation.folder / "models.toml"
        path.write_text(text)
        return str(path)

    def test_a_model_that_takes_no_temperature_is_sent_none(self):
        program = self.serve(LLM_MODEL=STRICT, LLM_TEMPERATURE="0.3")
        session = self.recommend(program, 1)
        self.assert_is_of_the_model(session)
        self.assertEqual(session["engine"], "anthropic/" + STRICT)
        self.assertNotIn("temperature", self.stub.last_request())
        self.assertEqual((self.stub.requests(), self.stub.stats()["invalid_requests"]), (1, 0))

    def test_a_model_that_takes_a_temperature_is_sent_it(self):
        self.assert_is_of_the_model(self.recommend(self.serve(LLM_TEMPERATURE="0.3"), 2))
        self.assertEqual(self.stub.last_request()["temperature"], 0.3)

    def test_a_models_file_that_is_wrong_about_a_model_shows_as_what_it_is(self):
        wrong = self.models_file(card(STRICT))
        session = self.recommend(self.serve(LLM_MODEL=STRICT, LLM_MODELS_FILE=wrong), 3)
        self.assert_fell_back(session, "invalid_request")
        self.assertEqual((self.stub.requests(), self.stub.stats()["invalid_requests"]), (1, 1))

    def test_a_model_may_answer_by_a_tool(self):
        program = self.serve(LLM_MODELS_FILE=self.models_file(card("claude-opus-4-5", structured_output="tool")))
        session = self.recommend(program, 4)
        self.assert_is_of_the_model(session)
        asked = self.stub.last_request()
        self.assertEqual(asked["tool_choice"]["type"], "tool")
        self.assertEqual(asked["tool_choice"]["name"], asked["tools"][0]["name"])
        self.assertNotIn("output_config", asked)
        explained = explain(program, session, session["matches"][0])
        self.assertEqual((explained.status, explained.json()["degraded"]), (200, False))
        self.assertNotEqual(self.stub.last_request()["tools"][0]["name"], asked["tools"][0]["name"])

    def test_a_tool_is_not_forced_upon_a_model_that_refuses_that(self):
        text = card(STRICT, structured_output="tool", takes_temperature=False, takes_forced_tool_choice=False)
        program = self.serve(LLM_MODEL=STRICT, LLM_MODELS_FILE=self.models_file(text))
        self.assert_is_of_the_model(self.recommend(program, 5))
        self.assertEqual(self.stub.last_request()["tool_choice"]["type"], "auto")
        self.assertEqual(self.stub.stats()["invalid_requests"], 0)


class Retries(ModelTest):
    settings = {}

    def setUp(self):
        super().setUp()
        self.program = self.serve(LLM_MAX_RETRIES="2", **self.settings)
        self.number = 10

    def session_with(self, **error):
        """A session whose first call fails so, and how many calls it made. The one after it is well."""
        self.stub.set(next=["error"], error_status=error.pop("status", 529), error_spend_limit=False,
                      retry_after_s="", retry_after_ms="", should_retry="")
        self.stub.set(**error)
        before = self.stub.requests()
        self.number += 2
        session = self.recommend(self.program, self.number)
        calls = self.stub.requests() - before
        self.assert_is_of_the_model(self.recommend(self.program, self.number + 1)) # the breaker stays closed
        return session, calls

    def seconds_to_the_second_call(self, **error):
        log = SessionLog()
        session, calls = self.session_with(**error)
        self.assert_is_of_the_model(session)
        self.assertEqual(calls, 2)
        at = lambda kind: [datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
                           for session_id, event in log.of_kind(kind) if session_id == session["session_id"]]
        (failed,), (_, second) = at(CALL_FAILED), at(CALL_STARTED)
        return (second - failed).total_seconds()

    def test_a_call_is_made_again_after_the_time_that_the_provider_asks_for(self):
        # By itself it waits half a second at most; events' times are whole milliseconds.
        self.assertGreaterEqual(self.seconds_to_the_second_call(retry_after_s="1"), 0.999)
        self.assertGreaterEqual(self.seconds_to_the_second_call(retry_after_ms="1200", retry_after_s="30"), 1.199)
        self.assertGreaterEqual(self.seconds_to_the_second_call(status=429, retry_after_s="1"), 0.999)

    def test_a_provider_that_asks_for_more_time_than_anybody_has_is_not_waited_for(self):
        for wait in ({"retry_after_s": "61"}, {"retry_after_s": "3600"}, {"retry_after_ms": "60001"}):
            with self.subTest(**wait):
                session, calls = self.session_with(**wait)
                self.assert_fell_back(session, "overloaded")
                self.assertEqual(calls, 1)

    def test_a_provider_that_says_whether_to_try_again_is_believed(self):
        session, calls = self.session_with(should_retry="false")
        self.assert_fell_back(session, "overloaded")
        self.assertEqual(calls, 1)
        session, calls = self.session_with(status=400, should_retry="true")
        self.assert_is_of_the_model(session)
        self.assertEqual(calls, 2)

    def test_what_would_fail_again_is_not_tried_again(self):
        for status, code in ((400, "invalid_request"), (401, "authentication"), (402, "billing"), (403, "permission"),
                             (404, "not_found"), (413, "request_too_large")):
            with self.subTest(status=status):
                session, calls = self.session_with(status=status)
                self.assert_fell_back(session, code)
                self.assertEqual(calls, 1)

    def test_a_spent_limit_is_not_tried_again_and_a_rate_limit_is(self):
        session, calls = self.session_with(status=429, error_spend_limit=True)
        self.assert_fell_back(session, "spend_limit")
        self.assertEqual(calls, 1)
        session, calls = self.session_with(status=429)
        self.assert_is_of_the_model(session)
        self.assertEqual(calls, 2)


class RetriesWithOpenAI(Retries):
    settings = OPENAI


if __name__ == "__main__":
    unittest.main()
