"""Every answer is as the API's document says."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration/system"))

import proof_programs  # noqa: E402
from running_program import SystemTest  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SECONDS_MAX = 400


class ConformanceTest(SystemTest):
    def test_schemathesis_finds_no_answer_that_the_document_does_not_describe(self):
        program = self.installation.serve_ready(**SETTINGS)
        url = f"http://127.0.0.1:{program.port}"
        words = [proof_programs.schemathesis(), "--config-file", HERE / "schemathesis.toml", "run",
                 f"{url}/openapi.json", "--url", url, "--checks", "all",
                 "--phases", "examples,coverage,fuzzing,stateful"]
        environment = proof_programs.quiet_environment() | {
            "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(words, cwd=self.installation.folder, capture_output=True, text=True,
                              timeout=SECONDS_MAX, env=environment)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


# So many requests from one address are what the limits are there to refuse.
SETTINGS = {}


if __name__ == "__main__":
    unittest.main()
