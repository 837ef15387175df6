"""`sonicmatch seed`: refused whole or loaded, and seen by a server that runs."""

import copy
import json
import unittest

from kafka_records import Broker
from running_program import CATALOG, SystemTest
from session_log import CATALOG as CATALOG_TOPIC
from test_servers import await_that

REVISED = "sennheiser-hd-560s"


def end_of_catalog():
    with Broker() as broker:
        return broker.ends(CATALOG_TOPIC, 1)


class Seeding(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.installation.serve_ready()
        cls.addClassCleanup(cls.installation.run, "seed", str(CATALOG))
        cls.catalog = json.loads(CATALOG.read_text())

    def setUp(self):
        self.installation.must_run("seed", str(CATALOG))
        self.end = end_of_catalog()

    def file(self, content):
        path = self.installation.folder / "catalog.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    def changed(self, slug, **fields):
        """The catalog with fields of one headphone changed."""
        out = copy.deepcopy(self.catalog)
        out[self.index_of(slug)].update(fields)
        return out

    def index_of(self, slug):
        return next(i for i, each in enumerate(self.catalog) if each["slug"] == slug)

    def refused(self, *words):
        done = self.installation.run("seed", *words)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, "^sonicmatch seed: ")
        self.assertEqual(end_of_catalog(), self.end, "something was loaded")
        return done.stderr

    def shown(self, slug):
        return self.program.ask("GET", f"/api/v1/headphones/{slug}")

    def appended(self):
        """How many records seed has appended since the test began."""
        return end_of_catalog()[0] - self.end[0]

    def test_a_wrong_record_is_named_with_its_field_and_nothing_is_loaded(self):
        index = self.index_of("sony-wh-1000xm5")
        for fields, said in (({"price_usd": -5}, "/price_usd"), ({"price_usd": "cheap"}, "/price_usd"),
                             ({"form_factor": "hat"}, "/form_factor"), ({"colour": "red"}, "/colour"),
                             ({"genres": ["jazz", "noise"]}, "/genres/1"),
                             ({"sound_signature": {"bass": 2}}, "/sound_signature/bass")):
            with self.subTest(fields):
                told = self.refused(self.file(self.changed("sony-wh-1000xm5", **fields)))
                self.assertIn(f"record {index} (sony-wh-1000xm5): {said} ", told)

    def test_all_wrong_records_are_named_at_once(self):
        wrong = self.changed("sony-wh-1000xm5", price_usd=-1)
        wrong[3]["slug"] = None
        del wrong[7]["brand"]
        told = self.refused(self.file(wrong))
        for said in (f"record {self.index_of('sony-wh-1000xm5')} (sony-wh-1000xm5): /price_usd", "record 3: /slug",
                     f"record 7 ({wrong[7]['slug']}): /brand"):
            self.assertIn(said, told)

    def test_append_refuses_a_wrong_record_as_well(self):
        self.assertIn("/price_usd", self.refused("--append", self.file([self.catalog[0] | {"price_usd": None}])))

    def test_a_slug_that_is_there_twice_is_refused(self):
        told = self.refused(self.file(self.catalog + [self.catalog[5]]))
        self.assertIn(f"record 240 ({self.catalog[5]['slug']}): /slug", told)

    def test_what_is_no_catalog_at_all_is_refused(self):
        for content, said in ((b"hello", "JSON"), (b"", "empty"), (b"{}", "array"), (b"[]", "no headphone"),
                              (b"[1]", "record 0"), (b'[{"slug":"\xff"}]', "UTF-8"),
                              (json.dumps(self.catalog)[:-5].encode(), "JSON")):
            with self.subTest(content[:20]):
                path = self.file(content)
                told = self.refused(path)
                self.assertIn(said, told)
                self.assertIn(path, told)

    def test_a_file_that_is_not_there_or_is_a_folder_is_named(self):
        self.assertIn("/no/such/file.json", self.refused("/no/such/file.json"))
        self.assertIn(str(self.installation.folder), self.refused(str(self.installation.folder)))

    def test_the_same_file_again_appends_nothing(self):
        told = self.installation.must_run("seed", str(CATALOG))
        self.assertEqual(told, "seeded: 0 listed, 0 revised, 0 retired; 240 in the file\n")
        self.assertEqual(end_of_catalog(), self.end)

    def test_append_changes_exactly_what_it_names_and_seed_of_the_whole_file_reverts_it(self):
        price = self.catalog[self.index_of(REVISED)]["price_usd"]
        before = self.program.ask("GET", "/api/v1/headphones?page_size=100&sort=name").json()
        revised = self.changed(REVISED, price_usd=price + 10)[self.index_of(REVISED)]
        told = self.installation.must_run("seed", "--append", self.file([revised]))
        self.assertEqual(told, "seeded: 0 listed, 1 revised, 0 retired; 1 in the file\n")
        self.assertEqual(self.appended(), 1)
        await_that("the server shows the new price",
                   lambda: self.shown(REVISED).json()["price_usd"] == price + 10, 10)
        after = self.program.ask("GET", "/api/v1/headphones?page_size=100&sort=name").json()
        differing = [b["slug"] for a, b in zip(before["items"], after["items"]) if a != b]
        self.assertLessEqual(set(differing), {REVISED})
        self.assertEqual(after["total"], 240)
        await_that("PostgreSQL has the new price", lambda: float(self.database.value(
            f"select price_usd from headphones where slug = '{REVISED}'")) == price + 10, 10)
        self.installation.must_run("seed", str(CATALOG))
        self.assertEqual(self.appended(), 2)
        await_that("the server shows the old price", lambda: self.shown(REVISED).json()["price_usd"] == price, 10)

    def test_a_headphone_that_is_gone_from_the_file_is_retired(self):
        wish = {"preferences": {"budget_max": 100000, "genres": ["jazz"]}, "max_results": 20}
        recommend = lambda: [each["headphone"]["slug"] for each in
                             self.program.ask("POST", "/api/v1/recommend", wish).json()["matches"]]
        best = recommend()[0]
        kept = [each for each in self.catalog if each["slug"] != best]
        told = self.installation.must_run("seed", self.file(kept))
        self.assertEqual(told, "seeded: 0 listed, 0 revised, 1 retired; 239 in the file\n")
        await_that("the server does not show it any more", lambda: self.shown(best).status == 404, 10)
        self.assertNotIn(best, recommend())
        self.assertEqual(self.program.ask("GET", "/api/v1/headphones").json()["total"], 239)
        await_that("PostgreSQL does not list it", lambda: self.database.value(
            f"select count(*) from headphones where slug = '{best}'") == "0", 10)
        self.installation.must_run("seed", str(CATALOG))
        await_that("it is back", lambda: self.shown(best).status == 200, 10)
        self.assertEqual(recommend()[0], best)


if __name__ == "__main__":
    unittest.main()
