"""The programs that prove the API's document, fetched once into .local/api_proofs."""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEPT = ROOT / ".local/api_proofs"
FETCH_SECONDS = 400


def _run(*words, cwd):
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=FETCH_SECONDS)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))} failed; is there a network? {done.stdout}{done.stderr}")


def _fetch_node(folder):
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)


def _fetch_python(folder):
    shutil.copy(HERE / "requirements.txt", folder)
    # A virtual environment names its own place, so it is made where it will stay.
    _run(sys.executable, "-m", "venv", "venv", cwd=folder)
    _run("venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary", ":all:", "-r", "requirements.txt", cwd=folder)


def _fetched(kind, locks, fetch):
    """The folder of what the locks name; it is complete when its mark is there."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in locks)).hexdigest()[:16]
    folder = KEPT / f"{kind}-{digest}"
    KEPT.mkdir(parents=True, exist_ok=True)
    with open(KEPT / f"{kind}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            for old in KEPT.glob(f"{kind}-*"):
                shutil.rmtree(old)
            folder.mkdir()
            fetch(folder)
            (folder / "complete").touch()
    return folder


def node_packages():
    """The folder with node_modules."""
    return _fetched("node", ("package.json", "package-lock.json"), _fetch_node)


def schemathesis():
    """The program's path."""
    return _fetched("python", ("requirements.txt",), _fetch_python) / "venv/bin/schemathesis"


def quiet_environment():
    """Of a program that need not tell anybody that it runs."""
    return os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
