"""A first start on empty servers, and a conversation over real sockets."""

import json
import socket
import unittest

from kafka_records import EARLIEST, Broker
from running_program import CATALOG, SystemTest
from session_log import CATALOG as CATALOG_TOPIC
from test_servers import await_that

WISH = {"genres": ["rock", "jazz"], "sound_preferences": {"soundstage": 0.9, "detail": 0.8},
        "budget_min": 200, "budget_max": 500, "primary_use_case": "critical_listening",
        "requirements": {"types": ["over_ear"], "wireless": False, "back": "open"}}


class FirstStart(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.installation.serve_ready()
        cls.catalog = json.loads(CATALOG.read_text())

    def completed(self, session_id):
        def complete():
            answer = self.program.session(session_id)
            self.assertEqual(answer.status, 200)
            return answer if answer.json()["status"] == "complete" else None
        return await_that(f"{session_id} is complete", complete)

    # -- recommendations ------------------------------------------------------

    def test_a_sync_request_is_answered_with_matches_within_the_constraints(self):
        answer = self.program.recommend(WISH)
        self.assertEqual(answer.status, 200)
        document = answer.json()
        self.assertEqual((document["status"], document["engine"], document["degraded"]),
                         ("complete", "heuristic", False))
        known = {each["slug"]: each for each in self.catalog}
        self.assertEqual([each["rank"] for each in document["matches"]], [1, 2, 3, 4, 5])
        for each in document["matches"]:
            real = known[each["headphone"]["slug"]]
            self.assertTrue(200 <= real["price_usd"] <= 500, real["slug"])
            self.assertEqual((real["form_factor"], real["wireless"], real["back"]), ("over_ear", False, "open"))
            self.assertEqual(set(each["scores"]), {"overall", "genre_match", "sound_profile", "use_case",
                                                   "budget", "feature_match"})
            self.assertTrue(each["explanation"] and each["personalized_pros"] and each["match_highlights"])

    def test_an_async_request_is_accepted_with_its_place_and_becomes_complete(self):
        answer = self.program.recommend(WISH, "async")
        self.assertEqual(answer.status, 202)
        session_id = answer.json()["session_id"]
        self.assertEqual(answer.json()["status"], "pending")
        self.assertEqual(answer.headers["Location"], f"/api/v1/recommendations/{session_id}")
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertEqual(len(self.completed(session_id).json()["matches"]), 5)

    def test_the_header_prefer_respond_async_means_async_too(self):
        answer = self.program.ask("POST", "/api/v1/recommend", WISH, {"Prefer": "respond-async"})
        self.assertEqual(answer.status, 202)
        self.completed(answer.json()["session_id"])

    def test_postgresql_holds_the_answer_byte_for_byte_and_a_row_for_each_match(self):
        answer = self.program.recommend(WISH)
        session_id = answer.json()["session_id"]
        self.assertEqual(self.program.session(session_id).body, answer.body)
        found = await_that("the session is in PostgreSQL", lambda: self.database.rows(
            f"select status, document from sessions where id = '{session_id}' and status = 'complete'"))
        self.assertEqual(found[0][1].encode(), answer.body)
        await_that("five matches are in PostgreSQL", lambda: self.database.value(
            f"select count(*) from matches where session_id = '{session_id}'") == "5")

    def test_wishes_that_nothing_meets_give_no_match_but_what_to_relax(self):
        document = self.program.recommend({"budget_max": 1}).json()
        self.assertEqual((document["status"], document["matches"]), ("complete", []))
        self.assertEqual(document["relaxations"][0]["field"], "budget_max")

    def test_bare_preferences_and_fewer_results_are_understood(self):
        self.assertEqual(self.program.ask("POST", "/api/v1/recommend", WISH).status, 200)
        body = {"preferences": WISH, "max_results": 2}
        self.assertEqual(len(self.program.ask("POST", "/api/v1/recommend", body).json()["matches"]), 2)

    def test_a_session_has_an_etag_that_saves_the_body(self):
        session_id = self.program.recommend(WISH).json()["session_id"]
        etag = self.program.session(session_id).headers["ETag"]
        self.assertRegex(etag, '^"[^"]+"$')
        path = f"/api/v1/recommendations/{session_id}"
        again = self.program.ask("GET", path, headers={"If-None-Match": etag})
        self.assertEqual((again.status, again.body, again.headers["ETag"]), (304, b"", etag))
        self.assertEqual(self.program.ask("GET", path, headers={"If-None-Match": '"other"'}).status, 200)

    def test_an_id_that_nobody_issued_is_404(self):
        answer = self.program.session("01890000-0000-7000-8000-000000000000")
        self.assert_problem(answer, 404, "not_found")
        self.assert_problem(self.program.session("not-an-id"), 404, "not_found")

    # -- catalog --------------------------------------------------------------

    def test_the_catalog_is_in_postgresql_and_in_the_topic(self):
        await_that("240 rows are in headphones",
                   lambda: self.database.value("select count(*) from headphones") == "240")
        slugs = {row[0] for row in self.database.rows("select slug from headphones")}
        self.assertEqual(slugs, {each["slug"] for each in self.catalog})
        with Broker() as broker:
            records = broker.read(CATALOG_TOPIC, broker.ends(CATALOG_TOPIC, 1, EARLIEST))
        self.assertGreaterEqual(len({each.key for each in records}), 240)

    def listed(self, query):
        """All items that the query selects, over all pages."""
        out, page = [], 1
        while True:
            answer = self.program.ask("GET", f"/api/v1/headphones?{query}&page={page}&page_size=100")
            self.assertEqual(answer.status, 200, answer.body)
            out += answer.json()["items"]
            if len(out) >= answer.json()["total"]:
                self.assertEqual(len(out), answer.json()["total"])
                return out
            page += 1

    def test_each_filter_selects_what_the_catalog_file_says(self):
        folded = lambda text: text.lower()
        cases = {
            "type=in_ear": lambda h: h["form_factor"] == "in_ear",
            "type=in_ear&type=on_ear": lambda h: h["form_factor"] in ("in_ear", "on_ear"),
            "brand=sennheiser": lambda h: folded(h["brand"]) == "sennheiser",
            "price_min=100": lambda h: h["price_usd"] >= 100,
            "price_max=99.5": lambda h: h["price_usd"] <= 99.5,
            "price_min=100&price_max=200": lambda h: 100 <= h["price_usd"] <= 200,
            "wireless=true": lambda h: h["wireless"],
            "anc=false": lambda h: not h["anc"],
            "back=open": lambda h: h["back"] == "open",
            "genre=jazz": lambda h: "jazz" in h["genres"],
            "use_case=gaming": lambda h: "gaming" in h["use_cases"],
            "q=hd%20560": lambda h: all(w in folded(f"{h['brand']} {h['model']} {h['slug']}")
                                        for w in ("hd", "560")),
            "wireless=true&anc=true&type=over_ear&price_max=300":
                lambda h: h["wireless"] and h["anc"] and h["form_factor"] == "over_ear" and h["price_usd"] <= 300,
        }
        for query, selects in cases.items():
            with self.subTest(query):
                expected = {each["slug"] for each in self.catalog if selects(each)}
                self.assertTrue(expected, "the case selects nothing and so proves nothing")
                self.assertEqual({each["slug"] for each in self.listed(query)}, expected)

    def test_each_order_is_kept(self):
        prices = [each["price_usd"] for each in self.listed("sort=price")]
        self.assertEqual(prices, sorted(prices))
        prices = [each["price_usd"] for each in self.listed("sort=-price")]
        self.assertEqual(prices, sorted(prices, reverse=True))
        names = [(each["brand"].lower(), each["model"].lower()) for each in self.listed("sort=name")]
        self.assertEqual(names, sorted(names))
        years = [each.get("release_year", 0) for each in self.listed("sort=newest")]
        self.assertEqual(years, sorted(years, reverse=True))

    def test_pages_part_the_catalog_and_those_beyond_are_empty(self):
        whole = [each["slug"] for each in self.listed("sort=price")]
        paged = []
        for page in range(1, 7):
            answer = self.program.ask("GET", f"/api/v1/headphones?sort=price&page={page}&page_size=40").json()
            self.assertEqual((answer["total"], answer["page"], answer["page_size"]), (240, page, 40))
            paged += [each["slug"] for each in answer["items"]]
        self.assertEqual(paged, whole)
        self.assertEqual(self.program.ask("GET", "/api/v1/headphones?page=99").json()["items"], [])

    def test_wrong_query_parameters_are_all_named(self):
        answer = self.program.ask("GET", "/api/v1/headphones?type=hat&price_min=x&page_size=101&sort=best&what=1")
        self.assert_problem(answer, 422, "invalid_request")
        self.assertEqual({each["pointer"] for each in answer.json()["errors"]},
                         {"type", "price_min", "page_size", "sort", "what"})

    def test_a_headphone_is_found_by_slug_and_by_id(self):
        by_slug = self.program.ask("GET", "/api/v1/headphones/sennheiser-hd-560s")
        self.assertEqual((by_slug.status, by_slug.json()["model"]), (200, "HD 560S"))
        by_id = self.program.ask("GET", f"/api/v1/headphones/{by_slug.json()['id']}")
        self.assertEqual(by_id.body, by_slug.body)
        self.assert_problem(self.program.ask("GET", "/api/v1/headphones/no-such"), 404, "not_found")

    def test_catalog_pages_have_an_etag_that_saves_the_body(self):
        for path in ("/api/v1/headphones?type=in_ear", "/api/v1/headphones/sennheiser-hd-560s"):
            etag = self.program.ask("GET", path).headers["ETag"]
            again = self.program.ask("GET", path, headers={"If-None-Match": f'"old", {etag}'})
            self.assertEqual((again.status, again.body), (304, b""))

    # -- errors ---------------------------------------------------------------

    def assert_problem(self, answer, status, code):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "application/problem+json")
        problem = answer.json()
        self.assertEqual((problem["status"], problem["code"]), (status, code))
        self.assertLessEqual({"type", "title", "detail", "instance", "request_id", "errors"}, set(problem))
        self.assertEqual(problem["request_id"], answer.headers["X-Request-Id"])

    def refusal(self, body):
        """The answer to a hostile body; bytes go as they are."""
        return self.program.ask("POST", "/api/v1/recommend", body)

    def pointers(self, body):
        answer = self.refusal(body)
        self.assert_problem(answer, 422, "invalid_request")
        return {each["pointer"] for each in answer.json()["errors"]}

    def test_what_is_not_json_is_400(self):
        for body in (b"hello", b"{", b'{"genres":["rock"]', b"", b'{"budget_max": NaN}', b'{"budget_max": Infinity}',
                     b'{"genres":["\xff\xfe"]}', b'{"genres":["\\ud800"]}', b'{"genres":["\\udc00\\ud800"]}',
                     b'{"genres":["rock"]} x', b"\xef\xbb\xbf{}x", b'{"genres":["a\x00b"]}'):
            with self.subTest(body):
                answer = self.refusal(body)
                self.assert_problem(answer, 400, "malformed_request")
                self.assertEqual([each["pointer"] for each in answer.json()["errors"]], [""])

    def test_nesting_over_16_is_refused_and_16_is_read(self):
        def nested(levels):
            return b'{"genres":' + b"[" * (levels - 1) + b"1" + b"]" * (levels - 1) + b"}"
        for body in (nested(17), nested(1000), b"[" * 17 + b"1" + b"]" * 17, b"[" * 30_000 + b"]" * 30_000):
            answer = self.refusal(body)
            self.assert_problem(answer, 400, "malformed_request")
            self.assertEqual(answer.json()["errors"][0]["code"], "too_deep")
        self.assertEqual(self.pointers(nested(16)), {"/genres/0"})

    def test_every_wrong_field_is_named_at_once(self):
        body = {"preferences": {"genres": "rock", "sound_preferences": {"bass": 1.5, "loud": 1},
                                "budget_max": -1, "requirements": {"types": ["hat"], "back": 3}},
                "mode": "later", "max_results": 0}
        self.assertEqual(self.pointers(body),
                         {"/preferences/genres", "/preferences/sound_preferences/bass",
                          "/preferences/sound_preferences/loud", "/preferences/budget_max",
                          "/preferences/requirements/types/0", "/preferences/requirements/back", "/mode",
                          "/max_results"})

    def test_unknown_and_duplicate_keys_are_refused_by_name(self):
        self.assertEqual(self.pointers({"genres": ["rock"], "colour": "red"}), {"/colour"})
        self.assertEqual(self.pointers({"preferences": WISH, "colour": "red"}), {"/colour"})
        self.assertEqual(self.pointers(b'{"genres":["rock"],"budget_max":1,"budget_max":2}'), {"/budget_max"})
        self.assertEqual(self.pointers(b'{"preferences":{"genres":["rock"]},"mode":"sync","mode":"async"}'),
                         {"/mode"})

    def test_numbers_out_of_range_are_refused(self):
        self.assertEqual(self.pointers({"budget_max": 1e9}), {"/budget_max"})
        self.assertEqual(self.pointers({"preferences": WISH, "max_results": 2.5}), {"/max_results"})
        self.assertIn(self.refusal(b'{"budget_max": 1e400}').status, (400, 422))

    def test_a_budget_upside_down_names_both_ends(self):
        self.assertEqual(self.pointers({"budget_min": 500, "budget_max": 200}), {"/budget_min", "/budget_max"})

    def test_no_wish_at_all_is_refused(self):
        self.assert_problem(self.refusal({}), 422, "invalid_request")
        self.assert_problem(self.refusal({"preferences": {}}), 422, "invalid_request")
        self.assert_problem(self.refusal([]), 422, "invalid_request")

    def test_a_body_over_64_kib_is_413_without_being_read_whole(self):
        filler = b'{"genres":["' + b"a" * (65 * 1024) + b'"]}'
        self.assert_problem(self.refusal(filler), 413, "body_too_large")
        with socket.create_connection(("127.0.0.1", self.program.port), timeout=10) as announced:
            announced.sendall(b"POST /api/v1/recommend HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                              b"Content-Length: 1000000000\r\n\r\n{")
            self.assertTrue(announced.recv(4096).startswith(b"HTTP/1.1 413 "))

    def test_another_content_type_is_415(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"):
            answer = self.program.ask("POST", "/api/v1/recommend", WISH, {"Content-Type": kind})
            self.assert_problem(answer, 415, "unsupported_media_type")

    def test_wrong_paths_and_methods_are_problems_too(self):
        self.assert_problem(self.program.ask("GET", "/nowhere"), 404, "not_found")
        answer = self.program.ask("DELETE", "/api/v1/headphones")
        self.assert_problem(answer, 405, "method_not_allowed")
        self.assertIn("GET", answer.headers["Allow"])
        answer = self.program.ask("GET", "/api/v1/headphones", headers={"Accept": "text/html"})
        self.assert_problem(answer, 406, "not_acceptable")

    # -- conventions ----------------------------------------------------------

    def test_a_sane_request_id_is_echoed_and_another_is_replaced(self):
        answer = self.program.ask("GET", "/health/live", headers={"X-Request-Id": "abc-123"})
        self.assertEqual(answer.headers["X-Request-Id"], "abc-123")
        answer = self.program.ask("GET", "/health/live", headers={"X-Request-Id": "a b<script>"})
        self.assertNotIn("script", answer.headers["X-Request-Id"])
        self.assertTrue(answer.headers["X-Request-Id"])

    def test_the_frontends_origin_is_allowed_and_no_other(self):
        origin = {"Origin": "http://localhost:3000"}
        answer = self.program.ask("GET", "/api/v1/headphones?page_size=1", headers=origin)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], origin["Origin"])
        self.assertIn("Origin", answer.headers["Vary"])
        self.assertIn("X-Request-Id", answer.headers["Access-Control-Expose-Headers"])
        preflight = self.program.ask("OPTIONS", "/api/v1/recommend", headers=origin | {
            "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"})
        self.assertEqual(preflight.status, 204)
        self.assertIn("POST", preflight.headers["Access-Control-Allow-Methods"])
        other = self.program.ask("GET", "/api/v1/headphones?page_size=1", headers={"Origin": "http://evil.example"})
        self.assertIsNone(other.headers["Access-Control-Allow-Origin"])
        refused = self.program.ask("POST", "/api/v1/recommend", b"{", headers=origin)
        self.assertEqual(refused.headers["Access-Control-Allow-Origin"], origin["Origin"])

    def test_health_tells_each_part_and_both_ports_tell_it(self):
        self.assertEqual(self.program.ask("GET", "/health/live").json()["status"], "alive")
        health = self.program.ask("GET", "/health")
        self.assertEqual((health.status, health.json()["status"]), (200, "ready"))
        parts = {each["name"]: each for each in health.json()["parts"]}
        self.assertLessEqual({"catalog", "kafka", "postgresql", "recommender", "tails"}, set(parts))
        self.assertGreaterEqual(parts["postgresql"]["latency_ms"], 0)
        self.assertEqual(self.program.try_ask("/health/ready", self.program.admin_port).status, 200)


if __name__ == "__main__":
    unittest.main()
