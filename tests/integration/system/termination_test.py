"""SIGTERM: what is under way is answered, what was accepted is kept, the exit code is 0."""

import threading
import time
import unittest

from kafka_records import Broker
from load import WISHES, Load
from running_program import PARTITIONS, SystemTest
from session_log import COMMANDS, SessionLog, assert_each_completed_once, assert_store_equals_fold, stored_count
from test_servers import await_that

IN_FLIGHT = 20


class Termination(SystemTest):
    def setUp(self):
        self.log = SessionLog()
        self.addCleanup(self.installation.end_processes)

    def assert_all_there(self, program, accepted):
        for session_id in accepted:
            await_that(f"{session_id} is complete",
                       lambda: program.session(session_id).json().get("status") == "complete", 30)
        await_that("every session is in PostgreSQL",
                   lambda: stored_count(self.database, accepted) == len(accepted), 30)
        sessions = self.log.read()
        assert_each_completed_once(self, sessions, accepted)
        assert_store_equals_fold(self, self.database, sessions)

    def test_under_load_it_exits_with_0_and_the_second_start_has_everything(self):
        program = self.installation.serve_ready()
        with Load(program.port, total=5_000, threads=8, pause=0.005) as load:
            load.await_accepted(150)
            began = time.monotonic()
            program.terminate()
            self.assertEqual(program.await_exit(30), 0)
            self.assertLess(time.monotonic() - began, 30)
            await_that("new requests are refused", lambda: load.outcomes[-1].status == 0)
        # No other answer than success, "this server is stopping", or none at all.
        self.assertLessEqual({each.status for each in load.outcomes}, {200, 202, 503, 0})
        stopping = [each for each in load.outcomes if each.status == 503]
        self.assertEqual([each for each in stopping if "shutting_down" not in each.cause], [])
        self.assertIn("stopped", program.log())
        again = self.installation.serve_ready()
        self.assert_all_there(again, load.accepted())
        self.assertEqual(again.recommend(WISHES[0]).status, 200)
        self.assertEqual(again.stop(), 0)

    def test_it_is_back_within_seconds_when_it_was_stopped_in_good_order(self):
        self.assertEqual(self.installation.serve_ready().stop(), 0)
        began = time.monotonic()
        program = self.installation.serve_ready()
        self.assertLess(time.monotonic() - began, 10)
        began = time.monotonic()
        self.assertEqual(program.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)

    def edge_with_requests_in_flight(self):
        """An edge, the threads that wait for its answers, and where these appear.

        Nobody recommends, so the requests stay in flight as long as the test wants.
        """
        edge = self.installation.serve_ready("--roles", "edge")
        answers = []
        waiting = [threading.Thread(target=lambda: answers.append(edge.recommend(WISHES[0])))
                   for _ in range(IN_FLIGHT)]
        with Broker() as broker:
            before = sum(broker.ends(COMMANDS, PARTITIONS).values())
            for each in waiting:
                each.start()
            await_that("the commands are durable",
                       lambda: sum(broker.ends(COMMANDS, PARTITIONS).values()) == before + IN_FLIGHT)
        return edge, waiting, answers

    def test_requests_that_nobody_answers_in_time_are_accepted_before_the_end(self):
        edge, waiting, answers = self.edge_with_requests_in_flight()
        edge.terminate()
        self.assertEqual(edge.await_exit(30), 0)
        for each in waiting:
            each.join(10)
        self.assertEqual([each.status for each in answers], [202] * IN_FLIGHT)
        ids = [each.json()["session_id"] for each in answers]
        self.assertEqual([each.headers["Location"] for each in answers],
                         [f"/api/v1/recommendations/{each}" for each in ids])
        again = self.installation.serve_ready()
        self.assert_all_there(again, ids)
        self.assertEqual(again.stop(), 0)

    def test_requests_in_flight_are_answered_while_nothing_new_is_taken(self):
        edge, waiting, answers = self.edge_with_requests_in_flight()
        edge.terminate()
        await_that("new connections are refused", lambda: edge.try_ask("/health/live") is None)
        ready = edge.try_ask("/health/ready", edge.admin_port)
        self.assertEqual((ready.status, ready.json()["status"]), (503, "not_ready"))
        self.assertEqual(answers, [])
        self.assertIsNone(edge.process.poll())

        recommender = self.installation.serve("--roles", "recommender,projector")
        for each in waiting:
            each.join(30)
        self.assertEqual([each.status for each in answers], [200] * IN_FLIGHT)
        self.assertEqual(edge.await_exit(30), 0)
        self.assertEqual(recommender.stop(), 0)
        again = self.installation.serve_ready()
        self.assert_all_there(again, [each.json()["session_id"] for each in answers])
        self.assertEqual(again.stop(), 0)


if __name__ == "__main__":
    unittest.main()
