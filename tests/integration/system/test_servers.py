"""The Kafka and the PostgreSQL of this test run, which tests/run starts and names."""

import csv
import glob
import io
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import uuid


def _required(name, meaning):
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set: {meaning}. tests/run starts the servers and sets it.")
    return value


KAFKA = _required("SONICMATCH_TEST_KAFKA", "the broker to test with, host:port")
POSTGRES = _required("SONICMATCH_TEST_POSTGRES", "the URL of the PostgreSQL to test with")
CONTROL = _required("SONICMATCH_TEST_CONTROL", "the script that stops and starts the servers")
_required("SONICMATCH_TEST_SERVERS", "the folder of the servers, for that script")
# The program is built with a sanitizer: slower by far, and with memory that is not its own.
SANITIZED = "SONICMATCH_TEST_SANITIZED" in os.environ
PATIENCE = 5 if SANITIZED else 1


def await_that(what, condition, seconds=30.0, interval=0.05):
    """Returns what `condition` returns once that is true; fails when the time is over."""
    seconds *= PATIENCE
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(interval)


def control(action, server):
    """`start`, `stop`, `kill` or `restart` of `kafka` or `postgres`; start returns when it answers."""
    done = subprocess.run([CONTROL, action, server], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{CONTROL} {action} {server} failed: {done.stdout}{done.stderr}")


def free_port():
    """A port nobody listens on, below those that the system gives to outgoing connections."""
    while True:
        port = random.randint(20000, 31999)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def _psql():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/psql"))
    program = found[-1] if found else shutil.which("psql")
    if not program:
        sys.exit("psql is not installed; it comes with PostgreSQL")
    return program


def _run_sql(url, sql):
    done = subprocess.run([_psql(), "-X", "-q", "-t", "--csv", "-v", "ON_ERROR_STOP=1", "-f", "-", url],
                          input=sql.encode(), capture_output=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"psql: {done.stderr.decode()}")
    return list(csv.reader(io.StringIO(done.stdout.decode(), newline="")))


class Database:
    """A database of its own in the run's PostgreSQL, empty until `migrate up`."""

    def __init__(self):
        self.name = "system_" + uuid.uuid4().hex
        self.url = POSTGRES.rsplit("/", 1)[0] + "/" + self.name
        _run_sql(POSTGRES, f"create database {self.name}")

    def rows(self, sql):
        """The rows, each a list of texts; null is an empty text."""
        return _run_sql(self.url, sql)

    def value(self, sql):
        return self.rows(sql)[0][0]

    def drop(self):
        _run_sql(POSTGRES, f"drop database if exists {self.name} with (force)")
