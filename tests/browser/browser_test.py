"""Runs the tests that drive a browser, against a program whose language model takes its
time for what it has not been asked yet, so that there is progress to see."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration/system"))

from model_stub import ModelStub  # noqa: E402
from running_program import Installation  # noqa: E402

NO_LIMITS = {f"RATE_LIMIT_{route}": "0" for route in ("RECOMMEND", "EXPLAIN", "HEADPHONES")}


def program_called(*names):
    """The first of the programs that is installed."""
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        sys.exit(f"{names[0]} is not installed; infra/local/packages-test.txt names its package")
    return found


class InABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installation = Installation()
        cls.addClassCleanup(cls.installation.close)
        cls.installation.prepare()
        cls.stub = ModelStub("--latency-ms", "1500")
        cls.addClassCleanup(cls.stub.close)
        cls.program = cls.installation.serve_ready(LLM_BASE_URL=cls.stub.url, **NO_LIMITS)

    def run_node(self, file):
        settings = {"SONICMATCH_URL": f"http://127.0.0.1:{self.program.port}/",
                    "SONICMATCH_CHROMIUM": program_called("chromium")}
        done = subprocess.run([program_called("node", "nodejs"), "--test", str(HERE / file)],
                              env=os.environ | settings, timeout=400)
        self.assertEqual(done.returncode, 0, f"node --test {file}")

    def test_the_page(self):
        self.run_node("page_test.mjs")

    def test_the_documentation(self):
        self.run_node("documentation_test.mjs")


if __name__ == "__main__":
    unittest.main()
