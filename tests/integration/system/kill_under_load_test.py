"""kill -9 of the whole program under load: what was accepted completes, exactly once."""

import os
import random
import subprocess
import unittest

from kafka_records import Broker
from load import WISHES, Load
from running_program import PARTITIONS, ROOT, SystemTest
from session_log import COMMANDS, SessionLog, assert_each_completed_once, assert_store_equals_fold, stored_count
from test_servers import KAFKA, await_that

# How many sessions are accepted before each kill, chosen at random, and after the last.
BETWEEN_KILLS_MIN, BETWEEN_KILLS_MAX = 20, 120
AFTER_THE_LAST = 60
SEED = int(os.environ.get("SONICMATCH_TEST_SEED") or random.SystemRandom().randrange(1 << 32))


def move_back_recommenders(by):
    """The recommenders' group has committed so many commands less, in each partition."""
    done = subprocess.run([ROOT / "infra/kafka/tool", "consumer-groups", "--group", "sonicmatch.recommenders",
                           "--topic", COMMANDS, "--reset-offsets", "--shift-by", str(-by), "--execute"],
                          env=os.environ | {"KAFKA_BROKERS": KAFKA}, capture_output=True, text=True, timeout=60)
    if done.returncode != 0 or "Error" in done.stdout:
        raise AssertionError(f"consumer-groups: {done.stdout}{done.stderr}")


class KillUnderLoad(SystemTest):
    def setUp(self):
        self.random = random.Random(SEED)
        self.log = SessionLog()
        self.addCleanup(self.installation.end_processes)
        with Broker() as broker:
            self.commands_since = broker.ends(COMMANDS, PARTITIONS)

    def asked(self):
        """The sessions whose commands are durable, accepted or not."""
        with Broker() as broker:
            return {each.key.decode() for each in broker.read(COMMANDS, self.commands_since)}

    def run_with_kills(self, kills, **settings):
        """A load during which the program is killed at random points; every request's outcome."""
        program = self.installation.serve_ready(**settings)
        with Load(program.port, total=5_000, pause=0.06) as load:
            for _ in range(kills):
                load.await_accepted(self.random.randint(BETWEEN_KILLS_MIN, BETWEEN_KILLS_MAX))
                program.kill()
                program = self.installation.serve_ready(
                    HTTP_PORT=str(program.port), ADMIN_PORT=str(program.admin_port), **settings)
            load.await_accepted(AFTER_THE_LAST)
        return program, load

    def assert_nothing_was_lost_or_doubled(self, program, load, kills):
        accepted = load.accepted()
        self.assertGreaterEqual(len(accepted), kills * BETWEEN_KILLS_MIN + AFTER_THE_LAST)
        self.assertEqual(len(set(accepted)), len(accepted))
        for session_id in accepted:
            await_that(f"{session_id} is complete",
                       lambda: program.session(session_id).json().get("status") == "complete", 30)
        asked = self.asked()
        self.assertLessEqual(set(accepted), asked)
        await_that("each session that was asked for is in PostgreSQL",
                   lambda: stored_count(self.database, asked) == len(asked), 60)
        sessions = self.log.read()
        assert_each_completed_once(self, sessions, asked)
        assert_store_equals_fold(self, self.database, sessions)

    def test_after_two_kills_every_accepted_session_completes_exactly_once(self):
        with self.subTest(seed=SEED):
            program, load = self.run_with_kills(2)
            self.assert_nothing_was_lost_or_doubled(program, load, kills=2)
            self.assertEqual(program.stop(), 0)

    def test_under_the_same_instance_id_the_program_is_back_without_a_session_timeout(self):
        with self.subTest(seed=SEED):
            program, load = self.run_with_kills(1, INSTANCE_ID="system-test")
            self.assert_nothing_was_lost_or_doubled(program, load, kills=1)
            self.assertEqual(program.stop(), 0)

    def test_commands_that_are_delivered_again_change_nothing(self):
        # As after a kill between the events and the commit, for the projections were faster.
        program = self.installation.serve_ready()
        answers = [program.recommend(WISHES[i % len(WISHES)]) for i in range(60)]
        ids = [each.json()["session_id"] for each in answers]
        await_that("they are in PostgreSQL", lambda: stored_count(self.database, ids) == len(ids))
        self.assertEqual(program.stop(), 0)
        move_back_recommenders(by=3)
        program = self.installation.serve_ready()
        for session_id, answer in zip(ids, answers):
            self.assertEqual(program.session(session_id).body, answer.body)
        self.assertEqual(program.recommend(WISHES[0]).status, 200)
        sessions = self.log.read()
        assert_each_completed_once(self, sessions, self.asked())
        assert_store_equals_fold(self, self.database, {each: sessions[each] for each in ids})
        self.assertEqual(program.stop(), 0)


if __name__ == "__main__":
    unittest.main()
