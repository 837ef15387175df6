"""Kafka not there at the start, and PostgreSQL gone in the middle."""

import threading
import time
import unittest

from load import WISHES, Load
from running_program import SystemTest
from session_log import SessionLog, assert_each_completed_once, assert_store_equals_fold, stored_count
from test_servers import KAFKA, await_that, control

POSTGRES_AWAY_SECONDS = 20


def parts_of(answer):
    return {each["name"]: each for each in answer.json()["parts"]}


class KafkaNotThereAtTheStart(SystemTest):
    def setUp(self):
        control("stop", "kafka")
        self.addCleanup(control, "start", "kafka")

    def test_the_program_waits_and_says_so_and_can_be_stopped_or_becomes_ready_by_itself(self):
        impatient, program = self.installation.serve(), self.installation.serve()
        await_that("it is alive", lambda: program.try_ask("/health/live"))
        self.assertEqual(program.ask("GET", "/health/live").status, 200)
        for port in (program.port, program.admin_port):
            ready = program.try_ask("/health/ready", port)
            self.assertEqual((ready.status, ready.json()["status"]), (503, "not_ready"))
            self.assertIn("Retry-After", ready.headers)
            self.assertEqual(parts_of(ready)["kafka"],
                             {"name": "kafka", "status": "not_ready", "detail": "waiting for a broker"})
        program.await_log(f"Kafka at {KAFKA} does not answer; waiting", 10)
        refused = program.recommend(WISHES[0])
        self.assertEqual((refused.status, refused.json()["code"]), (503, "temporarily_unavailable"))
        self.assertIn("Retry-After", refused.headers)
        self.assertEqual(program.ask("GET", "/api/v1/headphones").status, 503)
        self.assertEqual(program.ask("GET", "/health").status, 503)
        impatient.await_log("does not answer; waiting", 10)
        self.assertEqual(impatient.stop(), 0)
        self.assertIsNone(program.process.poll())

        control("start", "kafka")
        program.await_ready(30)
        answer = program.recommend(WISHES[0])
        self.assertEqual((answer.status, answer.json()["status"]), (200, "complete"))
        self.assertEqual(program.ask("GET", "/api/v1/headphones").json()["total"], 240)
        self.assertEqual(program.stop(), 0)


class PostgresqlGoneForAWhile(SystemTest):
    def test_requests_are_accepted_meanwhile_and_the_read_models_catch_up(self):
        log = SessionLog()
        program = self.installation.serve_ready()
        with Load(program.port, total=5_000, threads=4, pause=0.1) as load:
            load.await_accepted(40)
            control("stop", "postgres")
            self.addCleanup(control, "start", "postgres")
            gone, before = time.monotonic(), len(load.outcomes)
            self.watch_while_gone(program, load, gone + POSTGRES_AWAY_SECONDS)
            control("start", "postgres")
            back = time.monotonic()
            load.await_accepted(40)
        meanwhile = load.outcomes[before:]
        self.assertEqual([each for each in load.outcomes if each.status not in (200, 202)], [])
        self.assertEqual({each.mode for each in meanwhile}, {"sync", "async"})
        self.assertLess(max(each.took for each in meanwhile), 5)

        accepted = load.accepted()
        await_that("every session is in PostgreSQL",
                   lambda: stored_count(self.database, accepted) == len(accepted), 30)
        self.assertLess(time.monotonic() - back, 30)
        await_that("the program says that all is well", lambda: program.ask("GET", "/health").status == 200)
        sessions = log.read()
        assert_each_completed_once(self, sessions, accepted)
        assert_store_equals_fold(self, self.database, sessions)
        self.assertEqual(program.stop(), 0)

    def watch_while_gone(self, program, load, until):
        """GETs of recent sessions go on, and /health names PostgreSQL, as long as it is gone."""
        health = await_that("/health says that PostgreSQL is gone", lambda: (
            answer := program.ask("GET", "/health")).status == 503 and answer)
        self.assertEqual(parts_of(health)["postgresql"]["status"], "not_ready")
        self.assertTrue(parts_of(health)["postgresql"]["detail"])
        self.assertEqual(parts_of(health)["kafka"]["status"], "ready")
        over = threading.Event()
        while time.monotonic() < until:
            recent = load.accepted()[-1]
            await_that(f"{recent} is complete without PostgreSQL",
                       lambda: program.session(recent).json()["status"] == "complete", 5)
            self.assertEqual(program.session(load.accepted()[0]).status, 200)
            self.assertEqual(program.ask("GET", "/health/live").status, 200)
            self.assertEqual(program.ask("GET", "/health").status, 503)
            over.wait(0.2)


if __name__ == "__main__":
    unittest.main()
