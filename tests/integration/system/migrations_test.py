"""`sonicmatch migrate`, and calls of the program that are wrong."""

import concurrent.futures
import socket
import unittest

from running_program import Installation
from test_servers import POSTGRES, free_port


class Migrations(unittest.TestCase):
    def setUp(self):
        self.installation = Installation()
        self.addCleanup(self.installation.close)

    def tables(self):
        return {row[0] for row in self.installation.database.rows(
            "select table_name from information_schema.tables where table_schema = 'public'")}

    def history(self):
        """[(name, state)] of each migration."""
        lines = self.installation.must_run("migrate", "history").splitlines()
        return [(line.split("  ")[0], line.split("  ")[1]) for line in lines]

    def test_up_applies_each_migration_once_and_history_tells_so(self):
        pending = self.history()
        self.assertEqual({state for _, state in pending}, {"pending"})
        names = [name for name, _ in pending]
        self.assertEqual(names, sorted(names))
        self.assertEqual(self.installation.must_run("migrate", "up"),
                         "".join(f"applied {name}\n" for name in names))
        self.assertLessEqual({"checkpoints", "parked_sessions", "sessions", "matches", "headphones"}, self.tables())
        self.assertEqual(self.history(), [(name, "applied") for name in names])
        self.assertEqual(self.installation.must_run("migrate", "up"), "nothing to apply\n")

    def test_down_takes_one_step_back_at_a_time_and_up_goes_on_from_there(self):
        self.installation.must_run("migrate", "up")
        names = [name for name, _ in self.history()]
        for name in reversed(names):
            self.assertEqual(self.installation.must_run("migrate", "down"), f"reverted {name}\n")
            self.assertEqual(dict(self.history())[name], "pending")
        self.assertEqual(self.installation.must_run("migrate", "down"), "nothing to revert\n")
        self.assertTrue({"sessions", "matches", "headphones", "checkpoints"}.isdisjoint(self.tables()))
        self.installation.must_run("migrate", "up")
        self.assertEqual({state for _, state in self.history()}, {"applied"})

    def test_two_at_once_apply_each_migration_once(self):
        with concurrent.futures.ThreadPoolExecutor(2) as both:
            done = list(both.map(lambda _: self.installation.run("migrate", "up"), range(2)))
        self.assertEqual([each.returncode for each in done], [0, 0], [each.stderr for each in done])
        applied = sum(each.stdout.count("applied ") for each in done)
        self.assertEqual(applied, len(self.history()))

    def test_a_database_that_is_not_there_gives_one_clear_line(self):
        for url, said in ((f"postgresql://sonicmatch@127.0.0.1:{free_port()}/x", "refused"),
                          (POSTGRES.rsplit("/", 1)[0] + "/no_such_database", "no_such_database")):
            done = self.installation.run("migrate", "up", DATABASE_URL=url)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, "^sonicmatch migrate: ")
            self.assertIn(said, done.stderr)


class WrongCalls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installation = Installation()
        cls.addClassCleanup(cls.installation.close)

    def refused(self, *words, **settings):
        """What a call that must fail says on stderr."""
        done = self.installation.run(*words, seconds=20, **settings)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        self.assertNotIn("terminate called", done.stderr)
        return done.stderr

    def test_without_a_verb_the_program_shows_its_usage(self):
        self.assertRegex(self.refused(), "^usage: sonicmatch VERB")

    def test_an_unknown_verb_or_argument_is_named(self):
        self.assertIn('sonicmatch: "nonsense" is not understood\n', self.refused("nonsense"))
        self.assertIn("extra", self.refused("serve", "extra"))
        self.assertIn("usage: sonicmatch migrate up|down|history\n", self.refused("migrate", "sideways"))
        self.assertIn("usage: sonicmatch seed", self.refused("seed", "--whatever"))

    def test_every_wrong_setting_is_named_with_where_it_was_given(self):
        said = self.refused("serve", "--http-port", "abc", "--roles=edge,queen", KAFKA_PARTITIONS="0")
        self.assertIn('HTTP_PORT (flag) must be a whole number, not "abc"', said)
        self.assertIn('ROLES (flag) must be one of edge recommender projector, not "queen"', said)
        self.assertIn("KAFKA_PARTITIONS (environment) must be between 1 and 1000", said)
        self.assertIn("--http-port needs a value", self.refused("serve", "--http-port"))

    def test_an_unknown_flag_is_named(self):
        self.assertIn("--no-such-setting", self.refused("serve", "--no-such-setting", "1"))

    def test_a_taken_port_gives_one_clear_line(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            for taken, free, roles in (("HTTP_PORT", "ADMIN_PORT", "edge"), ("ADMIN_PORT", "HTTP_PORT", "edge"),
                                       ("ADMIN_PORT", "HTTP_PORT", "recommender,projector")):
                done = self.installation.run("serve", "--roles", roles, seconds=20,
                                             **{taken: str(port), free: str(free_port())})
                self.assertEqual(done.returncode, 1)
                lines = [line for line in done.stderr.splitlines() if line.startswith("sonicmatch serve: ")]
                self.assertEqual(len(lines), 1, done.stderr)
                self.assertIn(str(port), lines[0])
                self.assertIn("in use", lines[0])

    def test_the_effective_configuration_masks_secrets(self):
        shown = self.installation.must_run("config", "--database-url", "postgresql://me:hunter2@db/x")
        self.assertIn("DATABASE_URL", shown)
        self.assertNotIn("hunter2", shown)

    def test_the_version_is_told(self):
        self.assertRegex(self.installation.must_run("--version"), r"^sonicmatch \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main()
