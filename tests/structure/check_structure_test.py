"""Breaks each rule of check_structure.py once, in a project of its own."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True

from check_structure import breaches  # noqa: E402

GOOD = {
    "CMakeLists.txt": "add_subdirectory(events)\n",
    "README.md": "a project\n",
    ".gitignore": "/build/\n",
    "build/utils.cpp": "",
    "events/CMakeLists.txt": "add_library(events ids.cpp)\n",
    "events/README.md": "events\n",
    "events/ids.cpp": '#include "events/ids.hpp"\n',
    "events/ids.hpp": "#pragma once\n",
    "actors/CMakeLists.txt": "add_library(actors edge/edge.cpp)\n",
    "actors/README.md": "actors\n",
    "actors/edge/README.md": "edge\n",
    "actors/edge/edge.cpp": '#include <vector>\n#include "events/ids.hpp"\n',
    "infra/CMakeLists.txt": "add_library(infra wiring/wire.cpp kafka/client.cpp)\n",
    "infra/README.md": "infra\n",
    "infra/kafka/README.md": "kafka\n",
    "infra/kafka/client.cpp": '#include "infra/kafka/client.hpp"\n',
    "infra/kafka/client.hpp": "#pragma once\n",
    "infra/wiring/README.md": "wiring\n",
    "infra/wiring/wire.cpp": '#include "infra/kafka/client.hpp"\n#include "events/ids.hpp"\n',
}


def breaches_of(changes):
    """What is found wrong in the good project with these files changed, or removed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in {**GOOD, **changes}.items():
            if text is not None:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
        return list(breaches(root))


class structure(unittest.TestCase):
    def one(self, part, changes):
        found = breaches_of(changes)
        self.assertEqual(len(found), 1, found)
        self.assertIn(part, found[0])

    def test_a_good_project_has_no_breach(self):
        self.assertEqual(breaches_of({}), [])

    def test_events_know_nobody(self):
        self.one("events may not know actors", {
            "events/ids.cpp": '#include "events/ids.hpp"\n#include "actors/edge/edge.hpp"\n',
            "actors/edge/edge.hpp": "#pragma once\n"})

    def test_http_and_projections_do_not_know_each_other(self):
        base = {"http/README.md": "http\n", "projections/README.md": "p\n",
                "http/CMakeLists.txt": "add_library(http a.cpp)\n",
                "projections/CMakeLists.txt": "add_library(projections b.cpp)\n",
                "http/a.cpp": "", "http/a.hpp": "#pragma once\n", "projections/b.cpp": '#include "http/a.hpp"\n'}
        self.one("projections may not know http", base)
        self.one("http may not know projections", {
            **base, "http/a.hpp": None, "projections/b.hpp": "#pragma once\n",
            "http/a.cpp": '#include "projections/b.hpp"\n', "projections/b.cpp": ""})

    def test_only_the_wiring_knows_an_adapter(self):
        changes = {"infra/postgres/README.md": "p\n", "infra/postgres/store.cpp": '#include "infra/kafka/client.hpp"\n',
                   "infra/CMakeLists.txt": "add_library(infra wiring/wire.cpp kafka/client.cpp postgres/store.cpp)\n"}
        self.one("only the wiring may know an adapter", changes)

    def test_includes_begin_at_the_root(self):
        self.one("not below a top-level folder", {"events/ids.cpp": '#include "ids.hpp"\n#include "events/ids.hpp"\n'})

    def test_what_is_included_is_there(self):
        self.one("which is not there", {"events/ids.cpp": '#include "events/gone.hpp"\n#include "events/ids.hpp"\n'})

    def test_every_folder_has_a_readme(self):
        self.one("actors/edge: has no README.md", {"actors/edge/README.md": None})
        self.one("events: has no README.md", {"events/README.md": " \n"})

    def test_names_name_a_concept(self):
        self.one("names no concept", {"events/helpers.hpp": "#pragma once\n",
                                      "events/ids.hpp": '#pragma once\n#include "events/helpers.hpp"\n'})
        self.one("is not in snake_case", {"events/Ids2.hpp": "#pragma once\n",
                                          "events/ids.hpp": '#pragma once\n#include "events/Ids2.hpp"\n'})

    def test_files_are_short(self):
        self.assertEqual(breaches_of({"events/ids.hpp": "#pragma once\n" + "\n" * 399}), [])
        self.one("has 401 lines", {"events/ids.hpp": "#pragma once\n" + "\n" * 400})

    def test_every_source_is_built(self):
        self.one("events/lost.cpp: is in no CMakeLists.txt", {"events/lost.cpp": ""})
        self.one("events/lost.hpp: is included by nobody", {"events/lost.hpp": "#pragma once\n"})
        self.one("events/ids.cpp: is in no CMakeLists.txt", {"events/CMakeLists.txt": "# ids.cpp\n"})
        self.one("which is not there", {"events/CMakeLists.txt": "add_library(events ids.cpp gone.cpp)\n"})

    def test_headers_are_guarded(self):
        self.one("has no #pragma once", {"events/ids.hpp": "int a;\n"})

    def test_the_top_level_is_fixed(self):
        self.one("does not belong at the top level", {"docs/a.md": "a\n"})


if __name__ == "__main__":
    unittest.main()
