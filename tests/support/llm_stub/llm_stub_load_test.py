"""What the stub counts, and how it bears thousands of clients. llm_stub_load_test.py PROGRAM"""

import asyncio
import json
import resource
import signal
import socket
import statistics
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True

from stub_client import (anthropic_request, explanation, openai_request, question, repair_of, stub,  # noqa: E402
                         until)

PROGRAM = ""
KINDS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
OPEN_AT_ONCE = 2000


class accounts(unittest.TestCase):
    def setUp(self):
        self.stub = stub(PROGRAM)
        self.addCleanup(self.stub.__exit__)

    def test_a_marked_prefix_is_written_to_the_cache_once_and_then_read(self):
        first, second = (self.stub.anthropic(anthropic_request(said))[2]["usage"] for said in (question(), explanation()))
        self.assertGreater(first["cache_creation_input_tokens"], 2000)
        self.assertEqual(first["cache_read_input_tokens"], 0)
        self.assertEqual(second["cache_creation_input_tokens"], 0)
        self.assertEqual(second["cache_read_input_tokens"], first["cache_creation_input_tokens"])

    def test_an_unmarked_or_short_prefix_is_not_cached(self):
        plain = anthropic_request(system="Recommend headphones.")
        self.stub.anthropic(plain)
        self.assertEqual(self.stub.anthropic(plain)[2]["usage"]["cache_read_input_tokens"], 0)
        self.stub.set(cache_tokens_min=10_000)
        self.stub.anthropic()
        self.assertEqual(self.stub.anthropic()[2]["usage"]["cache_read_input_tokens"], 0)

    def test_openai_counts_cached_tokens_within_the_prompt(self):
        self.stub.set(reasoning_tokens=64)
        first, second = (self.stub.openai()[2]["usage"] for _ in range(2))
        self.assertEqual(first["prompt_tokens"], second["prompt_tokens"])
        self.assertEqual(first["prompt_tokens_details"]["cached_tokens"], 0)
        self.assertTrue(0 < second["prompt_tokens_details"]["cached_tokens"] < second["prompt_tokens"])
        self.assertEqual(second["completion_tokens_details"]["reasoning_tokens"], 64)
        self.assertGreater(second["completion_tokens"], 64)

    def test_the_bill_is_the_sum_of_all_answers_with_status_200(self):
        sums = dict.fromkeys(KINDS, 0)
        faults = ["none", "refusal", "error", "truncation", "malformed", "drop_half", "empty_content", "none"]
        self.stub.set(next=faults)
        for i in range(len(faults)):
            try:
                status, _, answer = self.stub.anthropic(anthropic_request(question(turn=i)))
            except OSError:
                continue
            except Exception as cut:  # http.client's errors share no other base
                self.assertEqual(type(cut).__name__, "IncompleteRead")
                continue
            if status == 200:
                for kind in KINDS:
                    sums[kind] += answer["usage"][kind]
        until(lambda: self.stub.stats()["open"] == 0)
        stats = self.stub.stats()
        self.assertEqual({kind: stats[kind] for kind in KINDS}, sums)
        self.assertEqual((stats["requests"], stats["answered"], stats["dropped"], stats["billed_calls"]), (8, 7, 1, 6))
        self.assertEqual(sum(stats["faults"].values()), 8)

    def test_double_calls_are_seen(self):
        self.stub.set(next=["error"])
        for _ in range(3):
            self.stub.anthropic()
        self.stub.anthropic(repair_of(anthropic_request()))
        stats = self.stub.stats()
        self.assertEqual((stats["distinct_questions"], stats["repeated_questions"], stats["billed_again"]), (2, 2, 1))
        self.assertEqual(len({each["question"] for each in self.stub.exchange("GET", "/stub/calls?last=3")[2]["calls"]}), 2)

    def test_another_system_text_is_not_another_question(self):
        self.stub.anthropic()
        self.stub.anthropic(anthropic_request(system="shorter"))
        self.stub.openai(openai_request())
        self.assertEqual(self.stub.stats()["repeated_questions"], 2)

    def test_the_last_request_is_kept_to_the_byte(self):
        body = json.dumps(anthropic_request(question(text="Grüße \n \u2028")), ensure_ascii=False).encode()
        self.stub.anthropic(body)
        link = self.stub.connect()
        link.request("GET", "/stub/requests/last")
        self.assertEqual(link.getresponse().read(), body)
        link.close()

    def test_the_calls_are_kept_up_to_ten_thousand(self):
        link = self.stub.connect()
        body = json.dumps(anthropic_request(explanation(), system=""))
        for _ in range(10_050):
            self.stub.anthropic(body, connection=link)
        link.close()
        self.assertEqual(len(self.stub.exchange("GET", "/stub/calls")[2]["calls"]), 100)
        calls = self.stub.exchange("GET", "/stub/calls?last=20000")[2]["calls"]
        self.assertEqual([each["n"] for each in calls], list(range(51, 10_051)))

    def test_a_reset_zeroes_and_leaves_calls_under_way_out(self):
        self.stub.set(next=["hang"])
        link = self.stub.connect()
        link.request("POST", "/v1/messages", json.dumps(anthropic_request()))
        until(lambda: self.stub.stats()["open"] == 1)
        self.stub.reset()
        link.close()
        until(lambda: self.stub.stats()["open"] == 0)
        stats = self.stub.stats()
        self.assertEqual((stats["requests"], stats["abandoned"], stats["open_max"]), (0, 0, 1))


class connections(unittest.TestCase):
    def test_one_connection_serves_many_requests(self):
        with stub(PROGRAM) as server:
            link = server.connect()
            for _ in range(50):
                self.assertEqual(server.anthropic(connection=link)[0], 200)
                self.assertEqual(server.openai(connection=link)[0], 200)
            link.close()

    def test_a_request_may_come_byte_by_byte_and_another_right_behind(self):
        body = json.dumps(anthropic_request(explanation(), system="")).encode()
        head = b"POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
        last = b"GET /stub/stats HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        with stub(PROGRAM) as server, socket.create_connection(("127.0.0.1", server.port)) as link:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in head:
                link.sendall(bytes([byte]))
            link.sendall(body + last)
            answers = b""
            while received := link.recv(65536):
                answers += received
        self.assertEqual(answers.count(b"HTTP/1.1 200 OK\r\n"), 2)
        self.assertIn(b'"requests":1,"open":0', answers)

    def test_latencies_are_fixed_or_log_normal(self):
        with stub(PROGRAM, "--latency-ms", "100") as server:
            began = time.monotonic()
            server.anthropic()
            self.assertGreaterEqual(time.monotonic() - began, 0.1)
            values = server.set(latency_median_ms=20, latency_sigma=0.3)
            self.assertEqual((values["latency_ms"], values["latency_median_ms"]), (0, 20))
            taken = []
            for _ in range(31):
                began = time.monotonic()
                server.anthropic()
                taken.append(time.monotonic() - began)
            self.assertGreater(statistics.median(taken), 0.01)
            self.assertGreater(max(taken), 1.2 * min(taken))

    def test_signals_end_it(self):
        for which in (signal.SIGTERM, signal.SIGINT):
            with stub(PROGRAM, "--hang", "1") as server:
                link = server.connect()
                link.request("POST", "/v1/messages", json.dumps(anthropic_request()))
                until(lambda server=server: server.stats()["open"] == 1)
                server.process.send_signal(which)
                self.assertEqual(server.process.wait(10), 0)
                link.close()


async def send_but_the_last_byte(port, request):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request[:-1])
    await writer.drain()
    return reader, writer


class many_clients(unittest.TestCase):
    def test_thousands_of_requests_are_open_at_once(self):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = OPEN_AT_ONCE if most == resource.RLIM_INFINITY else min(OPEN_AT_ONCE, most - 100)
        resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, most))
        body = json.dumps(anthropic_request()).encode()
        request = b"POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body) + body

        async def ask_all(port):
            clients = await asyncio.gather(*(send_but_the_last_byte(port, request) for _ in range(count)))
            for _, writer in clients:
                writer.write(request[-1:])
            answers = await asyncio.gather(*(reader.readline() for reader, _ in clients))
            for _, writer in clients:
                writer.close()
            return answers

        with stub(PROGRAM, "--latency-ms", "1000") as server:
            answers = asyncio.run(ask_all(server.port))
            stats = server.stats()
        self.assertEqual(answers, [b"HTTP/1.1 200 OK\r\n"] * count)
        self.assertEqual(stats["open_max"], count)
        self.assertEqual(stats["requests"], count)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
