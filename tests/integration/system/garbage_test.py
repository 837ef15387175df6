"""Records on the topics that nobody can read: parked once, and everything goes on."""

import json
import unittest
import uuid

from kafka_records import Broker
from load import WISHES
from running_program import PARTITIONS, SystemTest
from session_log import COMMANDS, DEAD_LETTERS, EVENTS, REQUESTED, stored_count
from test_servers import await_that

BAD_BYTES = b"\xff\x00\xfe garbage \x80"


def envelope(kind, subject, data, **more):
    """A record as the program writes them."""
    head = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "system-test", "type": kind,
            "subject": subject, "time": "2026-01-01T00:00:00Z", "datacontenttype": "application/json",
            "dataschema": "urn:sonicmatch:schema:" + kind.removeprefix("sonicmatch."),
            "correlationid": str(uuid.uuid4()), "partitionkey": subject}
    return json.dumps(head | more | {"data": data}).encode()


def garbage(kind, data, **more):
    """(name, key, bytes) of each way to be unreadable, each under a key of its own."""
    keys = [str(uuid.uuid4()) for _ in range(9)]
    whole = [envelope(kind, key, data, **more) for key in keys]
    broken = envelope(kind, keys[6], data | {"max_results": "many"}, **more)
    values = (
        ("bad bytes without a key", None, BAD_BYTES),
        ("bad bytes under a session's key", keys[1], BAD_BYTES),
        ("an empty value", keys[2], b""),
        ("JSON that is no envelope", keys[3], b'{"hello":"world"}'),
        ("JSON that is no object", keys[4], b"[1,2,3]"),
        ("an unknown type", keys[5], envelope("sonicmatch.world_ended.v9", keys[5], {}, **more)),
        ("a broken field", keys[6], broken),
        ("a broken head", keys[7], whole[7].replace(b'"1.0"', b"1")),
        ("no key at all for a session's record", None, whole[8]),
    )
    return [(name, key and key.encode(), value) for name, key, value in values]


class Garbage(SystemTest):
    def setUp(self):
        with Broker() as broker:
            self.since = broker.ends(DEAD_LETTERS, 1)
            self.fresh = {topic: broker.ends(topic, PARTITIONS) for topic in (COMMANDS, EVENTS)}
        self.program = self.installation.serve_ready()
        self.addCleanup(self.installation.end_processes)

    def complete_one(self, partition=None):
        """A session that is complete; of that partition, if it matters: (id, partition)."""
        for _ in range(600):
            document = self.program.recommend(WISHES[0]).json()
            self.assertEqual(document["status"], "complete")
            found = int(document["position"].split(":")[0])
            if partition in (None, found):
                return document["session_id"], found
        self.fail(f"600 sessions and none in partition {partition}")

    def parked(self, topic):
        """The dead letters of the topic's records since the test began: {(partition, offset): [record]}.

        A new database meets the garbage of earlier tests again, and reports it again.
        """
        with Broker() as broker:
            letters = broker.read(DEAD_LETTERS, self.since)
        out = {}
        for each in letters:
            if each.headers["origin-topic"] == topic.encode():
                origin = (int(each.headers["origin-partition"]), int(each.headers["origin-offset"]))
                if origin[1] >= self.fresh[topic][origin[0]]:
                    out.setdefault(origin, []).append(each)
        return out

    def assert_parked_once(self, topic, sent, group):
        """Each record that was sent is in the dead letters once, with its bytes and origin."""
        await_that(f"{len(sent)} records of {topic} are parked",
                   lambda: set(sent) <= set(self.parked(topic)))
        found = self.parked(topic)
        self.assertEqual(set(found), set(sent))
        for origin, (name, key, value) in sent.items():
            with self.subTest(name):
                self.assertEqual(len(found[origin]), 1)
                letter = found[origin][0]
                self.assertEqual((letter.key or b"", letter.value), (key or b"", value))
                self.assertEqual(letter.headers["group"].decode(), group)
                self.assertEqual(letter.headers["attempts"], b"1")
                self.assertTrue(letter.headers["error"])
                self.assertEqual(str(uuid.UUID(letter.headers["id"].decode())), letter.headers["id"].decode())
                self.assertEqual(letter.headers["origin-header-sent-by"], b"system-test")

    def send(self, topic, partition, records):
        with Broker() as broker:
            return {(partition, broker.append(topic, partition, value, key, [("sent-by", b"system-test")])):
                    (name, key, value) for name, key, value in records}

    def assert_everything_goes_on(self, partition):
        session_id, _ = self.complete_one(partition)
        await_that("the projections go on", lambda: stored_count(self.database, [session_id]) == 1)
        self.assertEqual(self.program.ask("GET", "/health").status, 200)

    def restart(self):
        self.assertEqual(self.program.stop(), 0)
        self.program = self.installation.serve_ready()

    def test_commands_that_cannot_be_read_are_parked_and_the_partition_goes_on(self):
        _, partition = self.complete_one()
        data = {"preferences": {"genres": ["rock"]}, "max_results": 5, "deadline": "2100-01-01T00:00:00Z"}
        records = garbage("sonicmatch.request_recommendation.v1", data)
        follower = records[1][1]
        records.append(("a command behind a parked one", follower,
                        envelope("sonicmatch.request_recommendation.v1", follower.decode(), data)))
        sent = self.send(COMMANDS, partition, records)
        self.assert_parked_once(COMMANDS, sent, "sonicmatch.recommenders")
        self.assert_everything_goes_on(partition)
        self.restart()
        self.assert_everything_goes_on(partition)
        self.assert_parked_once(COMMANDS, sent, "sonicmatch.recommenders")

    def test_events_that_cannot_be_read_are_parked_once_and_the_projections_go_on(self):
        victim, partition = self.complete_one()
        before = self.program.session(victim).body
        await_that("it is in PostgreSQL", lambda: stored_count(self.database, [victim]) == 1)
        data = {"preferences": {"genres": ["rock"]}, "max_results": 5, "deadline": "2100-01-01T00:00:00Z"}
        records = garbage(REQUESTED, data, sequence=3, claim="0")
        records[1] = ("bad bytes under a complete session's key", victim.encode(), BAD_BYTES)
        sent = self.send(EVENTS, partition, records)
        self.assert_parked_once(EVENTS, sent, "sonicmatch.projection.sessions")
        self.assert_everything_goes_on(partition)
        offsets = ",".join(str(offset) for _, offset in sent)
        for projection in ("sessions", "matches"):
            found = await_that(f"{projection} has parked them", lambda: (rows := self.database.rows(
                f"select \"offset\" from parked_sessions where projection = '{projection}'"
                f" and partition = {partition} and \"offset\" in ({offsets})")) and len(rows) == len(sent) and rows)
            self.assertEqual({int(row[0]) for row in found}, {offset for _, offset in sent})
        self.assertEqual(self.program.session(victim).body, before)
        self.restart()
        self.assert_everything_goes_on(partition)
        self.assertEqual(self.program.session(victim).body, before)
        self.assert_parked_once(EVENTS, sent, "sonicmatch.projection.sessions")

    def test_garbage_on_every_partition_stops_nobody(self):
        for partition in range(PARTITIONS):
            for topic in (COMMANDS, EVENTS):
                self.send(topic, partition, [("bad bytes", None, BAD_BYTES)])
        for _ in range(PARTITIONS):
            session_id, _ = self.complete_one()
            await_that("the projections go on", lambda: stored_count(self.database, [session_id]) == 1)
        for topic in (COMMANDS, EVENTS):
            await_that(f"each is parked, of {topic}", lambda: len(self.parked(topic)) == PARTITIONS)
            self.assertEqual({len(each) for each in self.parked(topic).values()}, {1})


if __name__ == "__main__":
    unittest.main()
