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


# So many requests from one address are what the limits are there to refuse.
SETTINGS = {f"RATE_LIMIT_{name}": "0"
            for name in ("RECOMMEND", "EXPLAIN", "HEADPHONES", "FEEDBACK", "LOGIN", "OTHER")}


class ConformanceTest(SystemTest):
    def test_schemathesis_finds_no_answer_that_the_document_does_not_describe(self):
        program = self.installation.serve_ready(**SETTINGS)
        url = f"http://127.0.0.1:{program.port}"
        words = [proof_programs.schemathesis(), "--config-file", HERE / "schemathesis.toml", "run",
                 f"{url}/openapi.json", "--url", url, "--checks", "all",
                 "--header", f"Authorization: Bearer {self.open_account(program)}",
                 "--phases", "examples,coverage,fuzzing,stateful"]
        environment = proof_programs.quiet_environment() | {"PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(words, cwd=self.installation.folder, capture_output=True, text=True,
                              timeout=SECONDS_MAX, env=environment)
        print(done.stdout[-2000:])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def open_account(self, program):
        """An access token, for the operations that need one."""
        answer = program.ask("POST", "/api/v1/auth/register",
                             {"email": "ann@example.com", "password": "a horse, a battery, a staple"})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json()["access_token"]


if __name__ == "__main__":
    unittest.main()
