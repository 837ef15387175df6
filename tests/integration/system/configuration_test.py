"""`sonicmatch config` holds keys in its memory, and leaves none behind when it is ended badly."""

import fcntl
import os
import resource
import signal
import struct
import subprocess
import termios
import unittest

from running_program import PROGRAM, Installation, environment
from test_servers import await_that

KEY = "sk-ant-a-key-that-nobody-may-see"
LONG = ",".join(4_000 * ["http://localhost:3000"]) # more than a pipe holds (64 KiB)


def allow_core_files():
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def bytes_in(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


class CoreFiles(unittest.TestCase):
    def setUp(self):
        self.installation = Installation()
        self.addCleanup(self.installation.close)

    def abort_while_it_writes(self, *command):
        """Aborts a program whose output nobody reads, so that it cannot end; whether its memory was dumped."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        started = subprocess.Popen(command, cwd=self.installation.folder, stdout=writer,
                                   stdin=subprocess.DEVNULL, preexec_fn=allow_core_files,
                                   env=environment(self.installation.database.url, ANTHROPIC_API_KEY=KEY,
                                                   CORS_ORIGINS=LONG))
        os.close(writer)
        await_that("it writes", lambda: bytes_in(reader) > 0)
        started.send_signal(signal.SIGABRT)
        _, status = os.waitpid(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(started.returncode, -signal.SIGABRT)
        return os.WCOREDUMP(status)

    def test_an_aborted_config_leaves_no_core_file(self):
        if not self.abort_while_it_writes("yes"):
            self.skipTest("this system writes no core files, of any program")
        for each in self.installation.folder.iterdir():
            each.unlink()
        for words in (["config"], ["--http-port", "1", "config"]):
            self.assertFalse(self.abort_while_it_writes(PROGRAM, *words))
            self.assertEqual(list(self.installation.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
