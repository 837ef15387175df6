"""The stand-in for the language model's provider (tests/support/llm_stub), as a process."""

import json
import os
import subprocess
import sys

from running_program import ROOT, ask

STUB = os.environ.get("SONICMATCH_LLM_STUB") or str(ROOT / "build/release/bin/llm_stub")

if not os.access(STUB, os.X_OK):
    sys.exit(f"there is no llm_stub at {STUB}: build it, or set SONICMATCH_LLM_STUB")

KINDS = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")

# Millionths of a dollar for a token of each kind: the price list, once more.
PRICES = {"claude-opus-4-5": (5, 25, 6.25, 0.5),
          "gpt-4.1": (2, 8, 2, 0.5)}


class ModelStub:
    """Answers well until told otherwise."""

    def __init__(self, *flags, port=0):
        self.process = subprocess.Popen([STUB, "--port", str(port), *flags], stdout=subprocess.PIPE, text=True,
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

    def requests(self):
        """How many there have been."""
        return self.stats()["requests"]

    def last_request(self):
        """The body of the last request, as JSON."""
        return json.loads(ask(self.port, "GET", "/stub/requests/last").body)

    def calls(self):
        """The calls that have ended, the oldest first."""
        return ask(self.port, "GET", "/stub/calls?last=10000").json()["calls"]

    def billed_micro_usd(self):
        """What the calls have cost that it has billed; each call's sum is rounded for itself."""
        return sum(cost_of(each["model"], each["usage"]) for each in self.calls() if each["billed"])

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def cost_of(model, usage):
    return int(sum(price * usage[kind] for kind, price in zip(KINDS, PRICES[model])) + 0.5)
