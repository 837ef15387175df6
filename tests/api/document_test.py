"""The API's document is well made, and a typed client can be made from it."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration/system"))

import proof_programs  # noqa: E402
from running_program import SystemTest  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


class DocumentTest(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.packages = proof_programs.node_packages()
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sonicmatch-api."))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        program = cls.installation.serve_ready()
        cls.answer = program.ask("GET", "/openapi.json")
        program.stop()
        (cls.folder / "openapi.json").write_bytes(cls.answer.body)
        (cls.folder / "node_modules").symlink_to(cls.packages / "node_modules")
        for name in ("spectral.json", "redocly.yaml", "client/client.ts", "client/tsconfig.json"):
            shutil.copy(HERE / name, cls.folder)

    def must_succeed(self, name, *words):
        done = subprocess.run([self.packages / "node_modules/.bin" / name, *words], cwd=self.folder,
                              capture_output=True, text=True, timeout=120,
                              env=proof_programs.quiet_environment())
        self.assertEqual(done.returncode, 0, f"{name} found: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def test_it_is_json_with_a_tag_and_asked_for_again_before_each_use(self):
        self.assertEqual(self.answer.status, 200)
        self.assertEqual(self.answer.headers["Content-Type"], "application/json")
        self.assertEqual(self.answer.headers["Cache-Control"], "no-cache")
        self.assertTrue(self.answer.headers["ETag"])
        self.assertEqual(self.answer.json()["openapi"], "3.1.0")

    def test_spectrals_recommended_rules_find_nothing(self):
        said = self.must_succeed("spectral", "lint", "openapi.json", "--ruleset", "spectral.json",
                                 "--fail-severity", "hint")
        self.assertIn("No results", said)

    def test_redoclys_recommended_rules_find_nothing(self):
        said = self.must_succeed("redocly", "lint", "openapi.json", "--config", "redocly.yaml",
                                 "--format", "json")
        totals = json.loads(said[said.index("{"):said.rindex("}") + 1])["totals"]
        self.assertEqual((totals["errors"], totals["warnings"], totals["ignored"]), (0, 0, 0), said)

    def test_a_client_of_every_operation_compiles_strictly(self):
        self.must_succeed("openapi-typescript", "openapi.json", "--output", "api.d.ts")
        self.must_succeed("tsc", "--project", "tsconfig.json")


if __name__ == "__main__":
    unittest.main()
