"""A terminal of the tour: a shell that gets lines and writes into a file."""

import os
import re
import signal
import subprocess
import time

MARK = "\x1e"  # before the status of a line that has ended


class TourError(Exception):
    pass


class Terminal:
    def __init__(self, name, folder, log, environment):
        self.name = name
        self._log = log
        self._seen = 0
        self._lines = 0
        with open(log, "wb") as file:
            self._shell = subprocess.Popen(["bash", "--norc"], cwd=folder, env=environment, stdin=subprocess.PIPE,
                                           stdout=file, stderr=subprocess.STDOUT)

    def type(self, line):
        """Starts the line; the one before must have ended."""
        self._seen = os.path.getsize(self._log)
        self._lines += 1
        self._shell.stdin.write(f"{{ {line}\n}} </dev/null; printf '{MARK}%d\\n' $?\n".encode())
        self._shell.stdin.flush()

    def _text(self):
        with open(self._log, "rb") as file:
            file.seek(self._seen)
            return file.read().decode(errors="replace")

    def output(self):
        """What the newest line has written so far."""
        return self._text().split(MARK)[0]

    def status(self):
        """The exit status of the newest line; None while it runs."""
        end = re.search(f"{MARK}(\\d+)\n", self._text())
        return int(end[1]) if end else None

    def wait(self, seconds):
        """The exit status of the newest line, which must end within the time."""
        return until(seconds, self.status, lambda: f"{self.name}: did not end within {seconds} s:\n{self.tail()}")

    def press_control_c(self):
        with open(f"/proc/{self._shell.pid}/task/{self._shell.pid}/children") as file:
            for child in file.read().split():
                os.kill(int(child), signal.SIGINT)

    @property
    def used(self):
        return self._lines > 0

    def tail(self):
        return "\n".join(self.output().split("\n")[-30:])


def until(seconds, probe, complaint):
    """The first result of probe() that is not None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = probe()
        if result is not None:
            return result
        time.sleep(0.05)
    raise TourError(complaint())
