"""A model that is down, absent or silent: nobody waits for it for long, and it comes back by itself."""

import concurrent.futures
import itertools
import unittest

from model_program import ModelTest, part_of_health
from test_servers import await_that, free_port


class Outage(ModelTest):
    def setUp(self):
        super().setUp()
        self.numbers = itertools.count()

    def next_session(self, program):
        return self.recommend(program, next(self.numbers))

    def await_open_breaker(self, program, reason):
        """Asks until no call is made any more; all sessions until then say why."""
        for _ in range(20):
            session = self.next_session(program)
            self.assert_fell_back(session, reason, "breaker_open")
            if session["degraded_reason"] == "breaker_open":
                return
        self.fail("the breaker never opens")

    def await_model(self, program):
        await_that("the model answers again", lambda: not self.next_session(program)["degraded"], 60, 0.1)
        await_that("/health says so", lambda: part_of_health(program)["status"] == "ready")

    def assert_said(self, program):
        self.assertEqual(part_of_health(program)["status"], "degraded")
        self.assertEqual(program.ask("GET", "/health/ready").status, 200)

    def test_a_model_that_is_down_costs_nobody_a_wait_and_its_return_needs_no_restart(self):
        program = self.serve(LLM_MAX_RETRIES="0")
        self.assert_is_of_the_model(self.next_session(program))
        self.stub.set(error=1)
        self.await_open_breaker(program, "overloaded")
        self.assert_said(program)
        requests = self.stub.requests()
        for _ in range(10):
            self.assert_fell_back(self.next_session(program), "breaker_open", "overloaded")
        # Behind an open breaker a try is made now and then, and nothing else.
        self.assertLessEqual(self.stub.requests() - requests, 3)
        self.stub.set(error=0)
        self.await_model(program)

    def test_a_model_that_is_not_there_at_all_is_used_once_it_is(self):
        port = free_port()
        program = self.serve(LLM_BASE_URL=f"http://127.0.0.1:{port}", LLM_MAX_RETRIES="1")
        first = self.next_session(program)
        self.assert_fell_back(first, "peer_unreachable")
        await_that("its calls are in PostgreSQL", lambda: len(self.stored_calls(first["session_id"])) == 2)
        self.assertEqual(self.stored_calls(first["session_id"]), [["failed", "peer_unreachable", "f", "0"]] * 2)
        self.await_open_breaker(program, "peer_unreachable")
        self.assert_said(program)
        stub = self.start_stub(port=port)
        self.await_model(program)
        self.assertGreater(stub.requests(), 0)

    def test_a_model_that_never_answers_holds_up_only_those_who_ask_first(self):
        program = self.serve(LLM_TIMEOUT="1s", LLM_MAX_RETRIES="1")
        self.stub.set(hang=1)
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            sessions = list(pool.map(lambda _: self.next_session(program), range(20)))
        for session in sessions:
            self.assert_fell_back(session, "timeout", "breaker_open")
        self.await_open_breaker(program, "timeout")
        self.assert_said(program)
        requests = self.stub.requests()
        for _ in range(20):
            self.assert_fell_back(self.next_session(program), "breaker_open", "timeout")
        self.assertLessEqual(self.stub.requests() - requests, 5)
        self.stub.set(hang=0)
        self.await_model(program)


if __name__ == "__main__":
    unittest.main()
