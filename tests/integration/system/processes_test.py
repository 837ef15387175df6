"""The roles in processes of their own, two recommenders among them, one of which is killed."""

import unittest

from load import WISHES, Load
from model_stub import ModelStub
from running_program import PARTITIONS, SystemTest
from session_log import SessionLog, assert_each_completed_once, assert_store_equals_fold, stored_count
from test_servers import await_that

SESSION_TIMEOUT_SECONDS = 6  # infra/kafka/settings.hpp


def await_equal_shares(log, *processes):
    """Waits until these processes own all partitions, each as many as the others."""
    pids = [each.process.pid for each in processes]

    def is_shared():
        owners = list(log.owners().values())
        return [owners.count(each) for each in pids] == [PARTITIONS // len(pids)] * len(pids)
    await_that(f"processes {pids} share the partitions", is_shared, interval=0.2)


class Processes(SystemTest):
    def setUp(self):
        self.log = SessionLog()
        self.addCleanup(self.installation.end_processes)

    def test_a_killed_recommender_is_replaced_by_the_other_while_requests_wait(self):
        first, second = (self.installation.serve("--roles", "recommender,projector") for _ in range(2))
        edge = self.installation.serve_ready("--roles", "edge")
        await_equal_shares(self.log, first, second)
        with Load(edge.port, total=5_000, threads=8, modes=("sync", "sync", "sync", "async"),
                  pause=0.03) as load:
            load.await_accepted(100)
            first.kill()
            survivors = len(load.outcomes)
            await_equal_shares(self.log, second)
            load.await_accepted(100)
        self.assertEqual([each for each in load.outcomes if each.status not in (200, 202)], [])
        syncs = [each for each in load.outcomes[survivors:] if each.mode == "sync"]
        self.assertTrue(all(each.status == 200 for each in syncs))
        longest = max(each.took for each in syncs)
        self.assertGreater(longest, 1, "no request waited for the takeover, so it was not tested")
        self.assertLess(longest, SESSION_TIMEOUT_SECONDS + 9)
        accepted = load.accepted()
        await_that("every session is in PostgreSQL",
                   lambda: stored_count(self.database, accepted) == len(accepted), 30)
        sessions = self.log.read()
        assert_each_completed_once(self, sessions, accepted)
        assert_store_equals_fold(self, self.database, sessions)
        self.assertEqual([edge.stop(), second.stop()], [0, 0])

    def test_a_recommender_that_joins_shares_the_partitions_and_one_that_leaves_gives_them_back(self):
        first = self.installation.serve("--roles", "recommender,projector")
        edge = self.installation.serve_ready("--roles", "edge")
        with Load(edge.port, total=5_000, threads=4, pause=0.03) as load:
            load.await_accepted(50)
            second = self.installation.serve("--roles", "recommender,projector")
            await_equal_shares(self.log, first, second)
            load.await_accepted(50)
            self.assertEqual(first.stop(), 0)
            await_equal_shares(self.log, second)
            load.await_accepted(50)
        self.assertEqual([each for each in load.outcomes if each.status not in (200, 202)], [])
        self.assertLess(max(each.took for each in load.outcomes), SESSION_TIMEOUT_SECONDS)
        accepted = load.accepted()
        await_that("every session is in PostgreSQL",
                   lambda: stored_count(self.database, accepted) == len(accepted), 30)
        sessions = self.log.read()
        assert_each_completed_once(self, sessions, accepted)
        assert_store_equals_fold(self, self.database, sessions)
        self.assertEqual([edge.stop(), second.stop()], [0, 0])

    def serve_without_edge(self, role, **settings):
        """A process that is ready, as its admin port says."""
        started = self.installation.serve("--roles", role, **settings)
        started.await_ready(port=started.admin_port)
        return started

    def admin_parts(self, program, status):
        """What the parts of a process say that is ready (200) or not (503)."""
        health = program.try_ask("/health", program.admin_port)
        self.assertEqual(health.status, status, health.body)
        return {each["name"]: each for each in health.json()["parts"]}

    def test_each_process_tells_its_health_and_figures_whatever_its_roles(self):
        stub = ModelStub()
        self.addCleanup(stub.close)
        projector = self.serve_without_edge("projector")
        recommender = self.serve_without_edge("recommender", LLM_BASE_URL=stub.url)
        edge = self.installation.serve_ready("--roles", "edge")
        await_equal_shares(self.log, recommender)
        self.assertEqual(set(self.admin_parts(projector, 200)), {"kafka", "postgresql"})
        self.assertLessEqual({"kafka", "postgresql", "catalog", "recommender", "language_model"},
                             set(self.admin_parts(recommender, 200)))
        self.assertEqual(edge.recommend(WISHES[0]).json()["engine"], "anthropic/claude-opus-4-5")

        def metrics(program):
            answer = program.try_ask("/metrics", program.admin_port)
            self.assertEqual(answer.status, 200)
            return answer.body.decode()
        # Requests that other tests left open may be asked about too.
        await_that("each call is counted", lambda: metrics(recommender).find(
            f'\nsonicmatch_language_model_calls_total{{outcome="replied"}} {stub.stats()["requests"]}\n') > 0)
        self.assertGreaterEqual(stub.stats()["requests"], 1)
        self.assertIn('\nsonicmatch_language_model_info{engine="anthropic/claude-opus-4-5"} 1\n',
                      metrics(recommender))
        self.assertNotIn("language_model", metrics(edge), "it calls no model")
        self.assertIn('\nsonicmatch_http_requests_total{operation="recommend",status="2xx"} 1\n', metrics(edge))
        self.assertEqual(metrics(projector), "", "it has neither an edge nor a model")
        for each in (recommender, projector):
            self.assertIsNone(each.try_ask("/health/live"), "without an edge the HTTP port is not taken")
            self.assertEqual(each.try_ask("/api/v1/headphones", each.admin_port).status, 404)
        self.assertEqual([edge.stop(), recommender.stop(), projector.stop()], [0, 0, 0])

    def test_a_process_that_stops_says_so_until_its_end(self):
        stub = ModelStub()
        self.addCleanup(stub.close)
        recommender = self.serve_without_edge("recommender", LLM_BASE_URL=stub.url)
        edge = self.installation.serve_ready("--roles", "edge")
        await_equal_shares(self.log, recommender)
        stub.set(latency_ms=3_000)
        self.assertEqual(edge.recommend(WISHES[1], mode="async").status, 202)
        await_that("the model is asked", lambda: stub.stats()["open"] >= 1)
        recommender.terminate()
        await_that("it is not ready", lambda: recommender.try_ask(
            "/health/ready", recommender.admin_port).status == 503)
        process = self.admin_parts(recommender, 503)["process"]
        self.assertEqual((process["status"], process["detail"]), ("not_ready", "stopping"))
        self.assertEqual(recommender.try_ask("/health/live", recommender.admin_port).status, 200)
        self.assertIsNone(recommender.process.poll(), "it waits for the call under way")
        self.assertEqual(recommender.await_exit(), 0)
        self.assertIsNone(recommender.try_ask("/health/live", recommender.admin_port))
        self.assertEqual(edge.stop(), 0)


if __name__ == "__main__":
    unittest.main()
