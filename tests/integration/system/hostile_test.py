"""The whole program among clients that mean it ill: the others are served, memory stays bounded."""

import contextlib
import http.client
import math
import pathlib
import resource
import socket
import threading
import time
import unittest

from running_program import SystemTest, ask, ask_on
from test_servers import SANITIZED, await_that

WISH = {"genres": ["rock"], "budget_max": 300}
IDLE_CONNECTIONS = 10_000
PER_ADDRESS = 1_000 # below CONNECTIONS_PER_CLIENT_MAX
MIB = 1 << 20


def resident_bytes(program):
    status = pathlib.Path(f"/proc/{program.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def memory_limit(most):
    """None under a sanitizer, whose memory is not the program's."""
    return math.inf if SANITIZED else most


def allow_sockets(wanted):
    """Raises this process's limit of open files as far as the system lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most >= wanted


def connect(port, source="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0))


class HostileClients(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.installation.serve_ready(HTTP_HEAD_TIMEOUT="3s", HTTP_BODY_TIMEOUT="3s")
        cls.program.recommend(WISH) # what is made at the first request is there from now on

    def check_served(self):
        began = time.monotonic()
        self.assertEqual(self.program.ask("GET", "/api/v1/headphones").status, 200)
        answer = self.program.recommend(WISH)
        self.assertEqual((answer.status, answer.json()["status"]), (200, "complete"))
        self.assertLess(time.monotonic() - began, 10)

    def test_ten_thousand_idle_connections_take_little_and_the_others_are_served(self):
        if not allow_sockets(IDLE_CONNECTIONS + 200):
            self.skipTest("this system lets a process have too few sockets")
        before = resident_bytes(self.program)
        with contextlib.ExitStack() as open_ones:
            for number in range(IDLE_CONNECTIONS):
                source = f"127.0.1.{number // PER_ADDRESS + 1}"
                idle = open_ones.enter_context(connect(self.program.port, source))
                if number % 100 == 0: # each hundredth has had its answer, and rests
                    idle.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                    self.assertIn(b" 200 ", idle.recv(4096))
            self.check_served()
            each = (resident_bytes(self.program) - before) / IDLE_CONNECTIONS
            print(f"an idle connection takes {each / 1024:.1f} KiB", flush=True)
            self.assertLess(each, memory_limit(10 * 1024))
        await_that("a new connection of each address is served",
                   lambda: all(self.is_served_from(f"127.0.1.{n + 1}") for n in range(10)))

    def is_served_from(self, source):
        with connect(self.program.port, source) as client:
            client.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            return b" 200 " in client.recv(4096)

    def test_slow_heads_and_slow_bodies_are_cut_off_while_others_are_served(self):
        beginnings = [b"GET /api/v1/headphones HTTP/1.1\r\nHost: x\r\nX-Slow: ",
                      b"POST /api/v1/recommend HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      b"Content-Length: 60000\r\n\r\n{"]
        slow = [connect(self.program.port) for _ in range(400)]
        for number, each in enumerate(slow):
            self.addCleanup(each.close)
            each.sendall(beginnings[number % len(beginnings)])
        over = threading.Event()
        dripping = threading.Thread(target=self.drip, args=(slow, over), daemon=True)
        dripping.start()
        began = time.monotonic()
        while time.monotonic() - began < 4:
            self.check_served()
        over.set()
        dripping.join(timeout=20)
        for each in slow:
            each.settimeout(10)
            self.assertIn(b" 408 ", each.recv(4096))

    @staticmethod
    def drip(sockets, over):
        while not over.wait(0.2):
            for each in sockets:
                with contextlib.suppress(OSError): # cut off, as it should be
                    each.send(b" ")

    def test_a_compressed_body_and_a_body_without_an_end_are_refused(self):
        answer = self.program.ask("POST", "/api/v1/recommend", b"\x1f\x8b" + bytes(1000),
                                  {"Content-Encoding": "gzip"})
        self.assertEqual((answer.status, answer.json()["code"]), (415, "unsupported_content_coding"))
        self.assertEqual(answer.headers["Accept-Encoding"], "identity")
        with connect(self.program.port) as endless:
            endless.sendall(b"POST /api/v1/recommend HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            b"Transfer-Encoding: chunked\r\n\r\n")
            for _ in range(70):
                endless.sendall(b"400\r\n" + b" " * 0x400 + b"\r\n")
            self.assertIn(b" 413 ", endless.recv(4096))


class RateLimits(SystemTest):
    """The limits of the contract, behind a proxy on this machine."""

    ADDRESSES = 40_000 # tests/http tries a million of them

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.installation.serve_ready(
            TRUSTED_PROXIES="127.0.0.1", RATE_LIMIT_RECOMMEND="10/minute", RATE_LIMIT_EXPLAIN="20/minute",
            RATE_LIMIT_HEADPHONES="100/minute")

    def recommend_as(self, address):
        return self.program.ask("POST", "/api/v1/recommend", {"preferences": WISH}, {"X-Forwarded-For": address})

    def test_the_eleventh_recommendation_of_a_minute_is_429(self):
        for left in reversed(range(10)):
            answer = self.recommend_as("192.0.2.1")
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.headers["RateLimit-Policy"], '"default";q=10;w=60')
            self.assertTrue(answer.headers["RateLimit"].startswith(f'"default";r={left};t='))
        refused = self.recommend_as("192.0.2.1")
        self.assertEqual(refused.status, 429)
        self.assertTrue(refused.json()["type"].endswith("#quota-exceeded"))
        self.assertTrue(1 <= int(refused.headers["Retry-After"]) <= 60)
        self.assertEqual(refused.headers["X-RateLimit-Remaining"], "0")
        self.assertEqual(self.recommend_as("192.0.2.2").status, 200)

    def test_both_routes_of_the_catalog_share_a_limit_and_health_has_none(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=20)
        self.addCleanup(connection.close)
        seen = {"X-Forwarded-For": "192.0.2.3"}
        for number in range(100):
            path = "/api/v1/headphones" + ("/sennheiser-hd-560s" if number % 2 else "?page_size=1")
            self.assertEqual(ask_on(connection, "GET", path, headers=seen).status, 200)
        self.assertEqual(ask_on(connection, "GET", "/api/v1/headphones", headers=seen).status, 429)
        self.assertEqual(ask_on(connection, "GET", "/health/live", headers=seen).status, 200)

    def test_a_flood_of_addresses_is_served_in_bounded_memory(self):
        # Alone, without projections, which are reading what other tests have left in the log.
        edge = self.installation.serve_ready("--roles", "edge", TRUSTED_PROXIES="127.0.0.1",
                                             RATE_LIMIT_HEADPHONES="100/minute")

        def ask_all(first, count):
            with connect(edge.port) as proxy:
                for begin in range(first, first + count, 50):
                    proxy.sendall(b"".join(
                        b"HEAD /api/v1/headphones?page_size=1 HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.%d.%d.%d\r\n\r\n"
                        % (n >> 16, n >> 8 & 255, n & 255) for n in range(begin, begin + 50)))
                    got = b""
                    while got.count(b"\r\n\r\n") < 50:
                        got += proxy.recv(65536)
                    self.assertEqual(got.count(b"HTTP/1.1 200 "), 50)

        start = resident_bytes(edge)
        for _ in range(self.ADDRESSES // 1_000): # as many requests, of few clients
            ask_all(0, 1_000)
        before = resident_bytes(edge)
        print(f"as many requests of 1,000 addresses took {(before - start) / MIB:.1f} MiB", flush=True)
        ask_all(1_000, self.ADDRESSES)
        grown = resident_bytes(edge) - before
        print(f"{self.ADDRESSES} addresses took {grown / MIB:.1f} MiB", flush=True)
        self.assertLess(grown, memory_limit(16 * MIB))
        self.assertEqual(ask(edge.port, "GET", "/api/v1/headphones",
                             headers={"X-Forwarded-For": "192.0.2.9"}).status, 200)


if __name__ == "__main__":
    unittest.main()
