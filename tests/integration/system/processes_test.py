"""The roles in processes of their own, two recommenders among them, one of which is killed."""

import unittest

from load import Load
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


if __name__ == "__main__":
    unittest.main()
