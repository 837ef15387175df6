"""The stand-in for the language model's provider (tests/support/llm_stub), as a process."""

import json
import os
import subprocess
import sys

from running_program import ROOT, ask

STUB = os.environ.get("SONICMATCH_LLM_STUB") or str(ROOT / "build/release/bin/llm_stub")

if not os.access(STUB, os.X_OK):
    sys.exit(f"there is no llm_stub at {STUB}: build it, or set SONICMATCH_LLM_STUB")

# Millionths of a dollar for a token, of claude-opus-4-5: the price list, once more.
PRICES = {"input_tokens": 5, "output_tokens": 25, "cache_creation_input_tokens": 6.25, "cache_read_input_tokens": 0.5}


class ModelStub:
    """Answers well until told otherwise."""

    def __init__(self, *flags):
        self.process = subprocess.Popen([STUB, "--port", "0", *flags], stdout=subprocess.PIPE, text=True,
                                        stdin=subprocess.DEVNULL)
        self.port = int(self.process.stdout.readline().rsplit(" ", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def set(self, **settings):
        answer = ask(self.port, "POST", "/stub/settings", settings)
        assert answer.status == 200, answer.body

    def reset(self):
        ask(self.port, "POST", "/stub/reset", {})

    def stats(self):
        return ask(self.port, "GET", "/stub/stats").json()

    def last_request(self):
        """The body of the last request, as JSON."""
        return json.loads(ask(self.port, "GET", "/stub/requests/last").body)

    def billed_micro_usd(self):
        """What the calls have cost that it has billed; each call's sum is rounded for itself."""
        calls = ask(self.port, "GET", "/stub/calls?last=10000").json()
        calls = calls["calls"] if isinstance(calls, dict) else calls
        return sum(cost_of(each["usage"]) for each in calls if each["billed"])

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def cost_of(usage):
    return int(sum(PRICES[kind] * usage.get(kind, 0) for kind in PRICES) + 0.5)
