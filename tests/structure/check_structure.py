"""Checks the rules of structure that the project keeps.

    check_structure.py ROOT

Prints one line for each breach, "path: what is wrong", and exits with 1 when
there is any. Standard library only.
"""

import re
import sys
from pathlib import Path

TOP_LEVEL = {"actors", "events", "http", "infra", "projections", "seeds", "tests"}
TOP_FILES = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE"}

# What each folder may include, itself apart. `infra` may include everything.
MAY_INCLUDE = {
    "events": set(),
    "actors": {"events"},
    "projections": {"events", "actors"},
    "http": {"events", "actors"},
    "seeds": {"events"},
    "infra": {"events", "actors", "projections", "http", "seeds"},
}

# Folders of infra/ that put the others together.
WIRING = {"wiring", "verbs"}
# Folders of infra/ that are no adapter: anything in infra/ may include them.
SHARED_IN_INFRA = {"configuration", "logging", "system"}

FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}
LINES_MAX = 400
# Data and generated files are not read by people from top to bottom.
COUNTED = {".cpp", ".hpp", ".py", ".sh", ".sql", ".cmake", ".txt"}
SOURCES = {".cpp", ".hpp"}
SKIPPED = {"build", ".git", ".local", ".cache", ".ccache", "__pycache__", "node_modules"}

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def files_of(root):
    """Every file of the project, as a path below `root`."""
    for path in sorted(root.rglob("*")):
        below = path.relative_to(root)
        if path.is_file() and not SKIPPED.intersection(below.parts):
            yield below


def check_top_level(root, files):
    for path in sorted({Path(each.parts[0]) for each in files}):
        name = path.name
        if name.startswith(".") or name in (TOP_LEVEL | TOP_FILES):
            continue
        yield path, "does not belong at the top level"


def check_includes(root, files):
    for path in files:
        top = path.parts[0]
        if path.suffix not in SOURCES or top not in MAY_INCLUDE:
            continue
        for included in INCLUDE.findall((root / path).read_text(encoding="utf-8")):
            parts = included.split("/")
            if parts[0] not in TOP_LEVEL:
                yield path, f'includes "{included}", which is not below a top-level folder'
            elif parts[0] != top and parts[0] not in MAY_INCLUDE[top]:
                yield path, f'includes "{included}": {top} may not know {parts[0]}'
            elif not (root / included).exists():
                yield path, f'includes "{included}", which is not there'
            elif parts[0] == "infra" and len(parts) > 2 and not may_include_in_infra(path, parts[1]):
                yield path, f'includes "{included}": only the wiring may know an adapter'


def may_include_in_infra(path, folder):
    if folder in SHARED_IN_INFRA or len(path.parts) < 3:
        return True
    return path.parts[1] == folder or path.parts[1] in WIRING


def check_pragma(root, files):
    for path in files:
        if path.suffix == ".hpp" and "#pragma once" not in (root / path).read_text(encoding="utf-8"):
            yield path, "has no #pragma once"


def check_names(root, files):
    for path in files:
        for part in path.parts:
            if part.split(".")[0].lower() in FORBIDDEN_NAMES:
                yield path, f'"{part}" names no concept'
        if path.suffix in SOURCES and not re.fullmatch(r"[a-z0-9_]+", path.stem):
            yield path, "is not in snake_case"


def check_lengths(root, files):
    for path in files:
        if path.suffix not in COUNTED or path.name.startswith("packages"):
            continue
        lines = (root / path).read_text(encoding="utf-8").count("\n")
        if lines > LINES_MAX:
            yield path, f"has {lines} lines; {LINES_MAX} are the most"


def check_readmes(root, files):
    """Top-level folders and the folders in them, when there are sources below."""
    folders = set()
    for path in files:
        if path.suffix in SOURCES | {".py", ".sql", ".sh"}:
            folders.update(parent for parent in path.parents if 1 <= len(parent.parts) <= 2)
    for folder in sorted(folders):
        readme = root / folder / "README.md"
        if not readme.exists() or not readme.read_text(encoding="utf-8").strip():
            yield folder, "has no README.md"


def listed_in(root, cmake):
    """The files that a CMakeLists.txt names, as paths below `root`."""
    folder = cmake.parent
    text = re.sub(r"#.*", "", (root / cmake).read_text(encoding="utf-8"))
    for word in re.findall(r"[\w./-]+\.[ch]pp", text):
        try:
            yield (root / folder / word).resolve().relative_to(root.resolve())
        except ValueError:
            pass


def check_cmake(root, files):
    """Every .cpp is listed; every .hpp is listed or included by somebody."""
    known = set()
    for path in files:
        if path.name == "CMakeLists.txt":
            for listed in listed_in(root, path):
                known.add(listed)
                if not (root / listed).exists():
                    yield path, f"lists {listed}, which is not there"
        elif path.suffix in SOURCES:
            known.update(Path(each) for each in INCLUDE.findall((root / path).read_text(encoding="utf-8")))
    for path in files:
        if path.suffix in SOURCES and path not in known:
            yield path, "is in no CMakeLists.txt" if path.suffix == ".cpp" else "is included by nobody"


CHECKS = [check_top_level, check_includes, check_pragma, check_names, check_lengths, check_readmes, check_cmake]


def breaches(root):
    files = list(files_of(root))
    for check in CHECKS:
        for path, wrong in check(root, files):
            yield f"{path}: {wrong}"


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check_structure.py ROOT")
    root = Path(sys.argv[1])
    if not (root / "CMakeLists.txt").exists():
        sys.exit(f"{root} is not the project")
    found = list(breaches(root))
    for line in found:
        print(line)
    print(f"{len(found)} breaches of the structure" if found else "the structure is as it should be")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
