"""The day's budget: over restarts, over processes, and while PostgreSQL cannot say what was spent."""

import concurrent.futures
import datetime
import itertools
import time
import unittest

from model_program import ModelTest, SpentToday, metric, part_of_health, wishes
from session_log import CALL_STARTED, SessionLog
from test_servers import await_that, control

COMMAND_DEADLINE_SECONDS = 60
SPENT = "sonicmatch_language_model_spent_today_micro_dollars"
TEST_SECONDS_MAX = 120 # of one of these tests, on a slow machine


def seconds_to_midnight():
    now = datetime.datetime.now(datetime.timezone.utc)
    return 86_400 - (now.hour * 3600 + now.minute * 60 + now.second)


class Budget(ModelTest):
    def setUp(self):
        # What is counted is the day's: no test may begin today and end tomorrow.
        await_that("midnight, UTC, is far enough away", lambda: seconds_to_midnight() > TEST_SECONDS_MAX,
                   seconds=TEST_SECONDS_MAX + 5)
        super().setUp()
        self.numbers = itertools.count()
        self.spent_today = SpentToday()

    def next_session(self, program):
        return self.recommend(program, next(self.numbers))

    def budget_of(self, micro_usd):
        """So much more than what has been spent today: the log is shared with other tests."""
        return f"{(self.spent_today() + micro_usd) / 1e6:.6f}"

    def serve_knowing(self, *words, **settings):
        """Starts with a budget, and waits until the program has read what was spent before."""
        spent = self.spent_today()
        program = self.installation.serve_ready(*words, **{"LLM_BASE_URL": self.stub.url} | settings)
        await_that("it knows what was spent", lambda: metric(program, SPENT) == spent)
        self.others_spent = spent - self.stub.billed_micro_usd()
        return program

    def spend(self, program):
        """Asks until the budget is spent. Each call's cost is known before the next is asked for, so
        that what is reserved for it is no reason to refuse. Returns the session that had no call."""
        while not (session := self.next_session(program))["degraded"]:
            billed = self.stub.billed_micro_usd()
            await_that("it knows of the call", lambda: metric(program, SPENT) >= self.others_spent + billed)
            self.assertLess(self.stub.requests(), 100, "the budget is never spent")
        return session

    def test_a_spent_budget_holds_over_a_restart_and_says_so(self):
        budget = 500_000
        log = SessionLog()
        limit = {"LLM_BUDGET_USD_PER_DAY": self.budget_of(budget)}
        before = self.spent_today()
        program = self.serve_knowing(**limit)
        self.assert_is_of_the_model(self.next_session(program))
        self.assert_fell_back(self.spend(program), "budget_spent")
        self.assertEqual(metric(program, "sonicmatch_language_model_budget_exhausted"), 1)
        self.assertIn("budget is spent", part_of_health(program)["detail"])
        self.assertEqual(program.ask("GET", "/health/ready").status, 200)
        billed = self.stub.billed_micro_usd()
        self.assertEqual(self.spent_today() - before, billed)
        self.assertLessEqual(billed, budget)
        reserved = max(event["data"]["reserved_micro_usd"] for _, event in log.of_kind(CALL_STARTED))
        self.assertGreater(billed + reserved, budget, "another call would have been within the budget")
        self.assertEqual(program.stop(), 0)
        requests = self.stub.requests()
        program = self.serve_knowing(**limit)
        self.assert_fell_back(self.next_session(program), "budget_spent")
        self.assertEqual(self.stub.requests(), requests)

    def test_a_restart_asks_for_no_call_before_it_knows_what_was_spent(self):
        program = self.serve_knowing(LLM_BUDGET_USD_PER_DAY=self.budget_of(400_000))
        self.spend(program)
        spent = self.spent_today()
        await_that("the calls are in PostgreSQL", lambda: int(self.database.value(
            "select sum(coalesce(cost_micro_usd, cost_max_micro_usd, 0)) from language_model_calls")) >= spent)
        self.assertEqual(program.stop(), 0)
        requests = self.stub.requests()
        program = self.serve(LLM_BUDGET_USD_PER_DAY=f"{(spent + 1) / 1e6:.6f}") # for no call more
        sessions = [self.next_session(program) for _ in range(5)]
        for session in sessions:
            self.assert_fell_back(session, "budget_spent", "budget_unknown")
        self.assertEqual(self.stub.requests(), requests)

    def test_two_processes_keep_it_together(self):
        budget = 1_200_000
        log = SessionLog()
        limit = {"LLM_BUDGET_USD_PER_DAY": self.budget_of(budget), "LLM_MAX_CONCURRENCY": "1", "INSTANCE_ID": ""}
        stubs = self.stub, self.start_stub()
        for stub in stubs:
            stub.set(latency_ms=100) # so that both make calls at the same time
        programs = [self.serve_knowing(**limit, LLM_BASE_URL=stub.url) for stub in stubs]
        pids = {each.process.pid for each in programs}
        await_that("both have partitions", lambda: pids <= set(log.owners().values()))
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            sessions = list(pool.map(lambda i: self.next_session(programs[i % 2]), range(120)))
        for session in sessions:
            if session["degraded"]:
                self.assert_fell_back(session, "budget_spent")
        self.assertGreater(sum(each["degraded"] for each in sessions), 0)
        spent = [each.billed_micro_usd() for each in stubs]
        self.assertTrue(all(spent), "both have made calls")
        # One call of the other's may be under way that one has not heard of yet.
        in_flight = max(event["data"]["reserved_micro_usd"] for _, event in log.of_kind(CALL_STARTED))
        self.assertLess(in_flight, budget / 2, "otherwise this would say nothing")
        self.assertLessEqual(sum(spent), budget + in_flight)
        for program in programs:
            await_that("each knows what both have spent", lambda: metric(program, SPENT) == self.spent_today())
            self.assertEqual(program.stop(), 0)


class PostgresqlAwayAtTheStart(ModelTest):
    def test_the_heuristic_engine_recommends_until_it_is_known_what_was_spent(self):
        # An edge starts only when PostgreSQL tells how far the read models are; a recommender needs nothing of it.
        edge = self.installation.serve_ready("--roles", "edge,projector")
        control("stop", "postgres")
        self.addCleanup(control, "start", "postgres")
        program = self.installation.serve("--roles", "recommender", LLM_BASE_URL=self.stub.url,
                                          LLM_BUDGET_USD_PER_DAY="1000000")
        program.await_log("the recommender owns 32 of 32 partitions")
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            sessions = list(pool.map(lambda number: self.recommend(edge, number), range(20)))
        self.assertLess(time.monotonic() - began, COMMAND_DEADLINE_SECONDS / 2)
        for session in sessions:
            self.assert_fell_back(session, "budget_unknown")
        self.assertEqual(self.stub.requests(), 0)
        self.assertEqual(part_of_health(program)["status"], "degraded")
        self.assertIn("PostgreSQL", part_of_health(program)["detail"])
        control("start", "postgres")
        numbers = itertools.count(20)
        await_that("the model is asked", lambda: not self.recommend(edge, next(numbers))["degraded"], 40, 0.2)
        self.assertGreater(self.stub.requests(), 0)
        self.assertEqual(part_of_health(program)["status"], "ready")

    def test_a_whole_program_says_that_it_cannot_answer_yet(self):
        control("stop", "postgres")
        self.addCleanup(control, "start", "postgres")
        program = self.installation.serve(LLM_BASE_URL=self.stub.url, LLM_BUDGET_USD_PER_DAY="1000000")
        await_that("it is alive", lambda: program.try_ask("/health/live"))
        for mode in ("sync", "async"):
            refused = program.recommend(wishes(100), mode)
            self.assertEqual(refused.status, 503, refused.body)
            self.assertIn("Retry-After", refused.headers)
        self.assertNotEqual(program.ask("GET", "/health/ready").status, 200)
        control("start", "postgres")
        program.await_ready()
        numbers = itertools.count(101)
        await_that("the model is asked", lambda: not self.recommend(program, next(numbers))["degraded"], 40, 0.2)


if __name__ == "__main__":
    unittest.main()
