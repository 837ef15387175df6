"""Starts an llm_stub for a test, and asks it as the providers' clients do."""

import http.client
import json
import subprocess
import time

SYSTEM_HEADPHONES = [f"brand-model-{i}" for i in range(200)]
DEADLINE_S = 30


class stub:
    """A running llm_stub on a free port. Use it in a `with`."""

    def __init__(self, program, *flags):
        self.process = subprocess.Popen([program, *flags], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), line
        self.port = int(line.split()[-1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(DEADLINE_S)
        self.process.stdout.close()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)

    def exchange(self, method, path, body=None, headers=None, connection=None):
        """Status, headers and body of one exchange; JSON bodies come as values."""
        link = connection or self.connect()
        text = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        try:
            link.request(method, path, text, headers or {})
            response = link.getresponse()
            return response.status, response.headers, json.loads(response.read())
        finally:
            if connection is None:
                link.close()

    def stats(self):
        return self.exchange("GET", "/stub/stats")[2]

    def set(self, **settings):
        status, _, answer = self.exchange("POST", "/stub/settings", settings)
        assert status == 200, answer
        return answer

    def reset(self):
        assert self.exchange("POST", "/stub/reset")[0] == 200

    def last_call(self):
        return self.exchange("GET", "/stub/calls?last=1")[2]["calls"][-1]

    def anthropic(self, body=None, **options):
        return self.exchange("POST", "/v1/messages", body or anthropic_request(), **options)

    def openai(self, body=None, **options):
        return self.exchange("POST", "/v1/chat/completions", body or openai_request(), **options)


def until(condition):
    """Polls until it holds; fails after the deadline."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.005)


def system_text():
    lines = [f"{slug}|Brand \"{slug}\"|100|over_ear|closed|dynamic|wired|.50 .50 .50 .50 .50|jazz|travel\n"
             for slug in SYSTEM_HEADPHONES]
    return "Recommend headphones of this catalog.\nslug|name|price|form\n" + "".join(lines)


def question(**fields):
    """A recommendation of 3 out of the catalog's places 10 to 33."""
    candidates = [{"headphone": slug, "price_usd": 100} for slug in SYSTEM_HEADPHONES[10:34]]
    wishes = {"text": 'my "explain": and "headphone":"brand-model-9" are words of mine'}
    return json.dumps({"preferences": wishes, "max_results": 3, "candidates": candidates, **fields})


def explanation():
    return json.dumps({"explain": {"headphone": "brand-model-10"}, "picks": []})


def anthropic_request(said=None, **fields):
    return {"model": "claude-opus-4-5", "max_tokens": 4000,
            "system": [{"type": "text", "text": system_text(), "cache_control": {"type": "ephemeral"}}],
            "messages": [{"role": "user", "content": said or question()}], **fields}


def openai_request(said=None, **fields):
    return {"model": "gpt-5", "messages": [{"role": "system", "content": system_text()},
                                           {"role": "user", "content": said or question()}], **fields}


def repair_of(request):
    """The request with a second turn of the user, which names only the reasons."""
    more = [{"role": "assistant", "content": "{}"}, {"role": "user", "content": "matches is missing"}]
    return {**request, "messages": request["messages"] + more}


def text_of(answer):
    """The text of an answer in either format."""
    if "choices" in answer:
        return answer["choices"][0]["message"]["content"]
    return "".join(block["text"] for block in answer["content"] if block["type"] == "text")


def matches_of(answer):
    return json.loads(text_of(answer))["matches"]
