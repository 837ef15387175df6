"""The events topic, folded by the rules of events/fence.hpp and projections/sessions, once more.

Written apart from the C++ on purpose: it is what the program is held against.
"""

import collections
import json

import kafka_records
from running_program import PARTITIONS

COMMANDS, EVENTS = "sonicmatch.commands", "sonicmatch.events"
CATALOG, DEAD_LETTERS = "sonicmatch.catalog", "sonicmatch.dead-letters"

REQUESTED = "sonicmatch.recommendation_requested.v1"
COMPLETED = "sonicmatch.recommendation_completed.v2"
CALL_STARTED = "sonicmatch.language_model_call_started.v1"
REPLY_RECORDED = "sonicmatch.language_model_reply_recorded.v1"
CALL_FAILED = "sonicmatch.language_model_call_failed.v1"
SESSION_ERASED = "sonicmatch.session_erased.v1"
FEEDBACK_RECORDED = "sonicmatch.feedback_recorded.v1"
CLAIMED = "sonicmatch.partition_claimed.v1"


class SessionLog:
    """The events since it was made. Make it before the program starts: the claims come first."""

    def __init__(self):
        with kafka_records.Broker() as broker:
            self._since = broker.ends(EVENTS, PARTITIONS)

    def records(self):
        """All of them, those that do not count included."""
        with kafka_records.Broker() as broker:
            return broker.read(EVENTS, self._since)

    def of_kind(self, *kinds):
        """The events of these types in each partition's order, each as (session id, JSON)."""
        return [(each.key.decode(), json.loads(each.value))
                for each in sorted(self.records(), key=lambda record: (record.partition, record.offset))
                if each.headers.get("type", b"").decode() in kinds]

    def effective(self, kind):
        """The decisions of this type that count, of whatever stream, each as (key, JSON)."""
        out, newest_claim = [], {}
        for each in sorted(self.records(), key=lambda record: (record.partition, record.offset)):
            found = each.headers.get("type", b"").decode()
            newest = newest_claim.get(each.partition, -1)
            if found == CLAIMED:
                newest_claim[each.partition] = max(newest, each.offset)
            elif "claim" in each.headers and "sequence" in each.headers:
                claim = int(each.headers["claim"])
                newest_claim[each.partition] = max(newest, claim)
                if claim >= newest and found == kind:
                    out.append((each.key.decode(), json.loads(each.value)))
        return out

    def owners(self):
        """{partition: the process id of its newest claim's owner}, of the claims since it was made."""
        records = self.records()
        return {each.partition: int(json.loads(each.value)["data"]["owner"].rsplit(":", 1)[1])
                for each in sorted(records, key=lambda record: record.offset)
                if each.headers.get("type") == CLAIMED.encode()}

    def facts(self):
        """{call id: the first record of its outcome}: what calls brought counts under any claim."""
        records = self.records()
        out = {}
        for each in sorted(records, key=lambda record: (record.partition, record.offset)):
            if each.headers.get("type", b"").decode() in (REPLY_RECORDED, CALL_FAILED):
                out.setdefault(json.loads(each.value)["data"]["call_id"], each)
        return out

    def read(self):
        """Reads up to the end as of now; {session id: its effective events, in order}. Those of
        explanations, which are streams of their own, are left out."""
        records = self.records()
        sessions = collections.defaultdict(list)
        newest_claim = {}
        for each in sorted(records, key=lambda record: (record.partition, record.offset)):
            kind = each.headers.get("type", b"").decode()
            newest = newest_claim.get(each.partition, -1)
            if kind == CLAIMED:
                newest_claim[each.partition] = max(newest, each.offset)
            elif "claim" in each.headers and "sequence" in each.headers and "stream" not in each.headers:
                claim = int(each.headers["claim"])
                newest_claim[each.partition] = max(newest, claim)
                if claim >= newest:
                    sessions[each.key.decode()].append(Event(kind, int(each.headers["sequence"]), each))
        return sessions


class Event:
    def __init__(self, kind, sequence, record):
        self.kind, self.sequence, self.record = kind, sequence, record

    def __repr__(self):
        return f"{self.kind} {self.sequence} at {self.record.partition}:{self.record.offset}"

    def document(self):
        """The session's document after this completion, as the read model must have it."""
        head = json.loads(self.record.value)
        data = head["data"]
        out = {"session_id": head["subject"], "status": "complete", "matches": data["matches"]}
        out |= {name: data[name] for name in ("relaxations", "notes") if data[name]}
        out |= {name: data[name] for name in ("degraded_reason", "preferences") if name in data}
        return out | {"engine": data["engine"], "degraded": data["degraded"],
                      "processing_time_ms": data["processing_time_ms"], "created_at": data["requested_at"],
                      "completed_at": head["time"], "catalog_version": data["catalog_version"],
                      "version": head["sequence"],
                      "position": f"{self.record.partition}:{self.record.offset}"}


def assert_each_completed_once(test, sessions, ids):
    """Each of the sessions was requested once and completed once, effectively."""
    for session_id in ids:
        found = [(each.kind, each.sequence) for each in sessions.get(session_id, [])]
        test.assertEqual(found, [(REQUESTED, 1), (COMPLETED, 2)],
                         f"the effective events of {session_id}: {sessions.get(session_id)}")


def assert_store_equals_fold(test, database, sessions):
    """PostgreSQL holds the fold of these sessions: documents, and a row for each match."""
    stored = {row[0]: row[1:] for row in database.rows(
        'select id, status, version, partition || \':\' || "offset", document from sessions')}
    ranked = collections.defaultdict(list)
    for session_id, rank, headphone in database.rows(
            "select session_id, rank, headphone_id from matches order by session_id, rank"):
        ranked[session_id].append((int(rank), headphone))
    for session_id, events in sessions.items():
        expected = events[-1].document()
        test.assertIn(session_id, stored, "a session is not in PostgreSQL")
        status, version, position, document = stored[session_id]
        test.assertEqual((status, int(version), position),
                         (expected["status"], expected["version"], expected["position"]))
        test.assertEqual(json.loads(document), expected)
        test.assertEqual(ranked[session_id],
                         [(each["rank"], each["headphone"]["id"]) for each in expected["matches"]])


def stored_count(database, ids):
    """How many of the sessions PostgreSQL has as complete, with all of their matches."""
    listed = ",".join(f"'{each}'" for each in ids)
    return int(database.value(
        f"select count(*) from sessions where id in ({listed}) and status = 'complete'"
        "  and json_array_length(document::json -> 'matches')"
        "      = (select count(*) from matches where session_id = sessions.id)")) if ids else 0
