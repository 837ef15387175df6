"""Feedback on picks, and sessions that are erased: through the log, through kill -9."""

import http.client
import threading
import unittest

from load import WISHES
from model_program import ModelTest, explain, wishes
from running_program import SystemTest, ask
from session_log import FEEDBACK_RECORDED, SESSION_ERASED, SessionLog
from test_servers import await_that

TABLES = {"sessions": "id", "matches": "session_id", "explanations": "session_id", "feedback": "session_id",
          "language_model_calls": "session_id"}


def feedback_path(session_id):
    return f"/api/v1/recommendations/{session_id}/feedback"


def give(program, session_id, headphone, kind="saved", **more):
    return program.ask("POST", feedback_path(session_id), {"headphone_id": headphone, "kind": kind} | more)


def erase(program, session_id):
    return program.ask("DELETE", f"/api/v1/recommendations/{session_id}")


def rows_left(database, session_id):
    """How many rows each table has of the session."""
    return {table: int(database.value(f"select count(*) from {table} where {key} = '{session_id}'"))
            for table, key in TABLES.items()}


def erased_everywhere(database, session_id):
    noted = int(database.value(f"select count(*) from erased_sessions where session_id = '{session_id}'"))
    return noted == len(TABLES) and not any(rows_left(database, session_id).values())


class Feedback(SystemTest):
    def setUp(self):
        self.addCleanup(self.installation.end_processes)
        self.log = SessionLog()
        self.program = self.installation.serve_ready()
        self.session = self.program.recommend(WISHES[0]).json()
        self.pick = self.session["matches"][1]

    def test_feedback_is_recorded_once_and_becomes_a_row(self):
        answer = give(self.program, self.session["session_id"], self.pick["headphone"]["slug"], "rated", rating=4)
        self.assertEqual(answer.status, 202, answer.body)
        given = answer.json()
        self.assertEqual((given["session_id"], given["status"]), (self.session["session_id"], "accepted"))
        row = await_that("the feedback is in PostgreSQL", lambda: self.database.rows(
            "select session_id, headphone_id, slug, rank, kind, rating, user_id from feedback"
            f" where feedback_id = '{given['feedback_id']}'"))[0]
        self.assertEqual(row, [self.session["session_id"], self.pick["headphone"]["id"],
                               self.pick["headphone"]["slug"], "2", "rated", "4", ""])
        recorded = self.log.effective(FEEDBACK_RECORDED)
        self.assertEqual([each["subject"] for key, each in recorded], [given["feedback_id"]])
        self.assertEqual(self.program.session(self.session["session_id"]).json(), self.session)

    def test_feedback_that_cannot_be_is_refused(self):
        session_id, slug = self.session["session_id"], self.pick["headphone"]["slug"]
        pointers = lambda answer: [each["pointer"] for each in answer.json()["errors"]]
        answer = give(self.program, session_id, slug, "rated")
        self.assertEqual((answer.status, pointers(answer)), (422, ["/rating"]))
        answer = give(self.program, session_id, slug, "saved", rating=3)
        self.assertEqual((answer.status, pointers(answer)), (422, ["/rating"]))
        answer = give(self.program, session_id, "no-such-headphone")
        self.assertEqual((answer.status, pointers(answer)), (422, ["/headphone_id"]))
        self.assertEqual(give(self.program, "01a203ef-01e2-785e-a92d-5b2806dd8eef", slug).status, 404)
        self.assertEqual(self.log.effective(FEEDBACK_RECORDED), [])


class Erasure(ModelTest):
    def test_an_erased_session_is_gone_for_good_but_for_what_it_cost(self):
        program = self.serve()
        session = self.recommend(program, 1)
        session_id = session["session_id"]
        self.assertEqual(explain(program, session, session["matches"][0]).status, 200)
        self.assertEqual(give(program, session_id, session["matches"][0]["headphone"]["slug"]).status, 202)
        await_that("everything is in PostgreSQL", lambda: all(rows_left(self.database, session_id).values()))
        calls = "select count(*), sum(cost_micro_usd) from language_model_calls"
        cost = self.database.rows(calls)
        answer = erase(program, session_id)
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assert_is_gone(program, session)
        await_that("nothing of it is in PostgreSQL", lambda: erased_everywhere(self.database, session_id))
        self.assertEqual(self.database.rows(calls), cost)
        self.assertEqual(program.stop(), 0)
        program = self.serve() # which has never heard of it
        self.assert_is_gone(program, session)
        self.assertEqual(program.stop(), 0)

    def test_a_session_that_is_erased_while_its_model_is_asked_is_gone_for_who_waits(self):
        self.stub.set(latency_median_ms=3_000, latency_sigma=0)
        program = self.serve()
        session_id = program.recommend(wishes(2), mode="async").json()["session_id"]
        await_that("the model is asked", lambda: program.session(session_id).json()["status"] == "processing")
        self.assertEqual(erase(program, session_id).status, 204)
        self.assertEqual(program.session(session_id).status, 404)
        await_that("its call is recorded, without it", lambda: int(self.database.value(
            "select count(*) from language_model_calls where session_id is null and purpose = 'answer'"
            " and latency_ms >= 2500")) == 1)
        await_that("nothing of it is in PostgreSQL", lambda: erased_everywhere(self.database, session_id))
        self.assertEqual(program.session(session_id).status, 404)
        self.assertEqual(program.stop(), 0)

    def assert_is_gone(self, program, session):
        session_id, pick = session["session_id"], session["matches"][0]
        self.assertEqual(program.session(session_id).status, 404)
        self.assertEqual(explain(program, session, pick).status, 404)
        self.assertEqual(give(program, session_id, pick["headphone"]["slug"]).status, 404)
        self.assertEqual(erase(program, session_id).status, 404)


class ThroughKills(SystemTest):
    """What was accepted before and between two kills is done, once."""

    def setUp(self):
        self.addCleanup(self.installation.end_processes)
        self.log = SessionLog()
        self.lock = threading.Lock()
        self.accepted, self.erased, self.doubtful = {}, set(), set()
        self.over = threading.Event()

    def test_accepted_feedback_is_recorded_once_and_what_is_erased_stays_so(self):
        program = self.installation.serve_ready()
        self.port = program.port
        sessions = [program.recommend(WISHES[i % 4]).json() for i in range(60)]
        workers = [threading.Thread(target=self.work, args=(sessions[n::4],), daemon=True) for n in range(4)]
        for each in workers:
            each.start()
        for wanted in (60, 120):
            await_that(f"{wanted} feedbacks are accepted", lambda: len(self.accepted) >= wanted, 60, 0.005)
            program.kill()
            program = self.installation.serve_ready(HTTP_PORT=str(program.port),
                                                    ADMIN_PORT=str(program.admin_port))
        await_that("more are accepted", lambda: len(self.accepted) >= 180 and len(self.erased) >= 20, 60)
        self.over.set()
        for each in workers:
            each.join(60)
        self.check(program, sessions)
        self.assertEqual(program.stop(), 0)

    def work(self, sessions):
        """Gives feedback on the sessions in turn, and erases every third of them on the way."""
        turn = 0
        while not self.over.is_set():
            number = turn % len(sessions)
            session_id, turn = sessions[number]["session_id"], turn + 1
            slug = sessions[number]["matches"][0]["headphone"]["slug"]
            is_to_go = number % 3 == 0 and turn > number * 4
            try:
                if is_to_go and session_id not in self.erased:
                    self.note_erasure(session_id, ask(self.port, "DELETE", f"/api/v1/recommendations/{session_id}"))
                elif session_id not in self.doubtful:
                    answer = ask(self.port, "POST", feedback_path(session_id), {"headphone_id": slug, "kind": "viewed"})
                    if answer.status == 202:
                        with self.lock:
                            self.accepted[answer.json()["feedback_id"]] = session_id
            except (OSError, http.client.HTTPException):
                self.over.wait(0.1)
            self.over.wait(0.005)

    def note_erasure(self, session_id, answer):
        with self.lock:
            self.doubtful.add(session_id)
            if answer.status in (204, 404): # 404: an attempt before, of which nothing was heard
                self.erased.add(session_id)

    def check(self, program, sessions):
        recorded = {}
        def all_recorded():
            recorded.clear()
            for key, each in self.log.effective(FEEDBACK_RECORDED):
                recorded.setdefault(each["subject"], []).append(key)
            return all(each in recorded for each in self.accepted)
        await_that("all that was accepted is in the log", all_recorded, 60, 0.5)
        self.assertTrue(all(len(each) == 1 for each in recorded.values()))
        for session_id in self.erased:
            await_that(f"nothing of {session_id} is left",
                       lambda: erased_everywhere(self.database, session_id), 60)
            self.assertEqual(program.session(session_id).status, 404)
        # Some erasures were accepted and nothing was heard of it; and the topic has others' feedback too.
        erased = {key for key, each in self.log.of_kind(SESSION_ERASED)}
        self.assertLessEqual(self.erased, erased)
        expected = {each for each, keys in recorded.items() if keys[0] not in erased}
        stored = lambda: {row[0] for row in self.database.rows("select feedback_id from feedback")} & set(recorded)
        await_that("PostgreSQL has the fold of it", lambda: stored() == expected, 60)
        for each in sessions:
            if each["session_id"] not in erased:
                self.assertEqual(program.session(each["session_id"]).json(), each)


if __name__ == "__main__":
    unittest.main()
