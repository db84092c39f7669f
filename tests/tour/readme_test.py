"""Runs the commands of README.md, line by line, in as many terminals as it says.

  readme_test.py --bin build/release/bin --source . [--readme FILE]

An HTML comment before a block of commands says where it runs:
  terminal: NAME                     in that terminal, where the last line may go on running
  terminal: NAME, until Ctrl-C       there, and is stopped once it has written what the README shows
  terminal: every                    in each terminal, before all else
  not run: REASON                    nowhere; the files it names must exist
A block without one runs in a terminal of its own, and each line must succeed. A block of text is what the block before
it writes (see shown.py); a line that only looks is repeated until it does.

The programs are those of --bin, in a network and a process namespace of their own: the README's ports are free there,
and its pkill finds nothing else. Exit status: 0 passed, 1 failed, 77 skipped: no namespaces here.
"""

import argparse
import fcntl
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.request

import yaml

import markdown
import shown
from terminal import Terminal, TourError, until

SKIPPED = 77
PATIENCE_SECONDS = 150
LOOKS_ONLY = ("seedfed status", "seedfed clients")
PAGE = re.compile(r"^Page\s+(http://\S+)", re.MULTILINE)


def loopback_up():
    """A new network namespace has its loopback interface down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(s, 0x8913, request))[1]  # SIOCGIFFLAGS
        fcntl.ioctl(s, 0x8914, struct.pack("16sh14x", b"lo", flags | 1))  # SIOCSIFFLAGS, IFF_UP


def make_checkout(folder, source, programs):
    """A folder that looks like a repository that is built."""
    for entry in source.iterdir():
        if entry.name not in ("build", ".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / "build/release").mkdir(parents=True)
    (folder / "build/release/bin").symlink_to(programs)
    # Quickstart asks CMake to build, and all is built.
    (folder / ".built").mkdir()
    cmake = folder / ".built/cmake"
    cmake.write_text("#!/bin/sh\nexit 0\n")
    cmake.chmod(0o755)


class Tour:
    def __init__(self, folder, source, logs):
        self._folder = folder
        self._source = source
        self._logs = logs
        self._terminals = {}
        self._every = []
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("SEEDFED")}
        self._environment |= {"HOME": str(folder), "TMPDIR": str(logs), "TERM": "dumb",
                              "PATH": f"{folder}/.built:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}

    def _terminal(self, name):
        if name not in self._terminals:
            self._terminals[name] = Terminal(name, self._folder, self._logs / f"{name}.log", self._environment)
            for line in self._every:
                self._run(self._terminals[name], line)
        return self._terminals[name]

    def _run(self, terminal, line):
        """Runs a line to its end, which must be a success."""
        print(f"{terminal.name}$ {line}", flush=True)
        terminal.type(line)
        if terminal.wait(PATIENCE_SECONDS) != 0:
            raise TourError(f"{terminal.name}: exit status {terminal.status()}:\n{terminal.tail()}")

    def _start(self, terminal, line):
        """Types a line after the one before has ended."""
        if terminal.used:
            terminal.wait(PATIENCE_SECONDS)
        print(f"{terminal.name}$ {line}", flush=True)
        terminal.type(line)

    def _await_shown(self, terminal, text):
        def written():
            wanted = shown.missing(text, terminal.output())
            ended = terminal.status()
            if wanted is not None and ended not in (None, 0):
                raise TourError(f"{terminal.name}: exit status {ended}:\n{terminal.tail()}")
            return True if wanted is None else None

        until(PATIENCE_SECONDS, written, lambda: f"{terminal.name}: the README shows\n"
              f"{shown.missing(text, terminal.output())}\nbut this came:\n{terminal.tail()}")
        wrong = shown.wrong_figures(text, terminal.output())
        if wrong:
            raise TourError(f"{terminal.name}: {wrong}")

    def _check_page(self, output):
        page = PAGE.search(output)
        if page:
            with urllib.request.urlopen(page[1], timeout=10) as answer:
                if b"<html" not in answer.read():
                    raise TourError(f"{page[1]} is not a page")

    def _check_named_files(self, block):
        for line in block.lines:
            for word in line.split():
                if re.fullmatch(r"(deploy|tests)/\S+", word) and not (self._source / word).is_file():
                    raise TourError(f"there is no {word}")
            if line.startswith("docker-compose"):
                yaml.safe_load((self._source / "docker-compose.yml").read_text())

    def _look(self, terminal, line, text):
        """Repeats a line that changes nothing until it writes what is shown."""
        print(f"{terminal.name}$ {line}, until it shows what the README does", flush=True)

        def seen():
            terminal.type(f"sleep 0.5; {line}")
            if terminal.wait(PATIENCE_SECONDS) != 0:
                raise TourError(f"{terminal.name}: exit status {terminal.status()}:\n{terminal.tail()}")
            return True if shown.missing(text, terminal.output()) is None else None

        until(PATIENCE_SECONDS, seen, lambda: f"{terminal.name}: the README shows\n"
              f"{shown.missing(text, terminal.output())}\nbut this came:\n{terminal.tail()}")

    def run(self, block, text):
        """Runs a block of commands; `text` is what the README shows as its output."""
        if block.note.startswith("not run:"):
            return self._check_named_files(block)
        where = re.fullmatch(r"terminal: (\w+)(, until Ctrl-C)?", block.note)
        if block.note and not where:
            raise TourError(f"<!-- {block.note} --> is none of the comments that say where a block runs")
        if where and where[1] == "every":
            self._every += block.lines
            return None
        terminal = self._terminal(where[1] if where else "shell")
        written = ""
        for line in markdown.joined(block.lines):
            if where:
                self._start(terminal, line)
            elif line in LOOKS_ONLY and text:
                self._look(terminal, line, text)
            else:
                self._run(terminal, line)
            written += terminal.output()
        if where:
            if text:
                self._await_shown(terminal, text)
            if where[2]:
                if not text:
                    raise TourError("a block that is stopped by Ctrl-C needs a block of text to wait for")
                self._check_page(terminal.output())
                terminal.press_control_c()
                if terminal.wait(PATIENCE_SECONDS) not in (0, 130):
                    raise TourError(f"{terminal.name}: exit status {terminal.status()} after Ctrl-C")
        elif text and shown.missing(text, written) is not None:
            raise TourError(f"the README shows\n{shown.missing(text, written)}\nbut this came:\n{written}")
        return None

    def end(self):
        """Every terminal's last line has to end well by itself, as the README says."""
        for terminal in self._terminals.values():
            if terminal.used and terminal.wait(PATIENCE_SECONDS) not in (0, 130):
                raise TourError(f"{terminal.name}: exit status {terminal.status()}:\n{terminal.tail()}")


def run_tour(readme, source, programs, folder):
    checkout = folder / "seedfed"
    logs = folder / "logs"
    checkout.mkdir()
    logs.mkdir()
    make_checkout(checkout, source, programs)
    tour = Tour(checkout, source, logs)
    found = [block for block in markdown.blocks(readme.read_text()) if block.language in ("sh", "text")]
    count = 0
    for block, after in zip(found, [*found[1:], None]):
        if block.language != "sh":
            continue
        count += 1
        try:
            tour.run(block, after.lines if after and after.language == "text" else [])
        except (TourError, OSError) as error:
            print(f"{readme}:{block.line}: {error}")
            return 1
    try:
        tour.end()
    except TourError as error:
        print(f"{readme}: at the end of the tour: {error}")
        return 1
    print(f"{count} blocks of commands work")
    return 0 if count >= 10 else 1


def namespaces():
    """The command that gives a program namespaces of its own, or None."""
    for mapping in ([], ["--map-root-user"]):
        command = ["unshare", *mapping, "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
            return command
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--readme", type=pathlib.Path, help="default: README.md of --source")
    parser.add_argument("--inside", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    source = arguments.source.resolve()
    if arguments.inside:
        loopback_up()
        return run_tour(arguments.readme or source / "README.md", source, arguments.bin.resolve(), arguments.inside)
    command = namespaces()
    if command is None:
        print("skipped: no network and process namespaces of our own here (unshare --net --pid)")
        return SKIPPED
    folder = tempfile.mkdtemp(prefix="seedfed-tour-")
    try:
        return subprocess.run([*command, sys.executable, "-B", *sys.argv, "--inside", folder]).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


sys.exit(main())
