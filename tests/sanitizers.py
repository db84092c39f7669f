"""Builds the unit and end-to-end tests with sanitizers and runs them, within a time."""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
SANITIZERS = {
    "tsan": "data races",
    "asan": "addresses, leaks and undefined behaviour",
}
PROGRAMS = ["seedfed", "seedfed-server", "seedfed-client"]
JOBS = 2  # as in tests/run.sh
# In this order: label, what to build for it, and how many tests are run in one go, between two looks at the time.
KINDS = (("e2e", [*PROGRAMS, "e2e_tests"], 4), ("unit", ["unit_tests"], 16))
LINES_OF_LOG, LINES_OF_FINDING, WIDEST_LINE = 60, 80, 200
NAMED = 20  # of the tests that were left out


class OutOfTime(Exception):
    pass


class Sanitizer:
    """One build with a sanitizer, and what became of its tests."""

    def __init__(self, name, seconds):
        self.name = name
        self.folder = SOURCE / "build" / name
        self.log = SOURCE / "build" / f"{name}-build.log"
        self.findings = self.folder / "findings"
        self.end = None if seconds is None else time.monotonic() + seconds
        self.run = 0
        self.failed = []
        self.left_out = []

    def left(self):
        if self.end is None:
            return None
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise OutOfTime
        return seconds

    def command(self, seconds, *arguments):
        """Runs a command with its output in the log."""
        with open(self.log, "a", encoding="utf-8") as log:
            process = subprocess.Popen(arguments, cwd=SOURCE, stdout=log, stderr=log)
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.terminate()
                process.wait()
                raise OutOfTime from None
        if status != 0:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            print("\n".join(lines[-LINES_OF_LOG:]), file=sys.stderr)
            sys.exit(f"tests/sanitizers.sh: '{' '.join(arguments)}' failed; all of its output is in {self.log}")

    def configure(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_text("", encoding="utf-8")
        self.command(None, "cmake", "--preset", self.name, "-DSEEDFED_BUILD_TESTS=ON")

    def build(self, targets):
        """False when the time was not enough."""
        try:
            self.command(self.left(), "cmake", "--build", "--preset", self.name, "--parallel", str(os.cpu_count()),
                         "--target", *targets)
        except OutOfTime:
            return False
        return True

    def tests(self, label, options):
        """The tests with this label that ctest's options choose: (name, program); the program is known once it is built."""
        listed = subprocess.run(["ctest", "--test-dir", self.folder, "--show-only=json-v1", *options],
                                capture_output=True, text=True, check=False)
        if listed.returncode != 0:
            sys.exit(f"tests/sanitizers.sh: {listed.stderr.strip()}")
        tests = [(test["name"], test.get("command", [""])[0]) for test in json.loads(listed.stdout)["tests"]
                 if any(p["name"] == "LABELS" and label in p["value"] for p in test["properties"])]
        # First what has the most threads and connections at a time.
        return sorted(tests, key=lambda test: not test[0].startswith("load_"))

    def run_tests(self, tests, built, size):
        """Runs (name, program) pairs, as far as the time goes; not `built`: as far as their programs are there."""
        names = []
        for name, program in tests:
            missing = not built and (not os.path.exists(program) or not self.programs_are_built())
            (self.left_out if missing else names).append(name)
        for first in range(0, len(names), size):
            try:
                self.left()
            except OutOfTime:
                self.left_out += names[first:]
                return
            self.run_batch(names[first:first + size])

    def programs_are_built(self):
        return all((self.folder / "bin" / program).exists() for program in PROGRAMS)

    def run_batch(self, names):
        pattern = "^(" + "|".join(re.escape(name) for name in names) + ")$"
        environment = dict(os.environ)
        for variable in "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS":
            environment[variable] = f"log_path={self.findings}/finding"
        outcome = subprocess.run([*in_place(), "ctest", "--test-dir", self.folder, "--parallel", str(JOBS),
                                  "--output-on-failure", "-R", pattern],
                                 env=environment, capture_output=True, text=True, errors="replace", check=False)
        for line in outcome.stdout.splitlines():
            if re.match(r" *\d+/\d+ Test ", line):
                print(f"{self.name}: " + re.sub(r"^ *\d+/\d+ Test +#\d+: ", "", line), flush=True)
        self.run += len(names)
        if outcome.returncode != 0:
            failed = re.findall(r"^\s*\d+ - (\S+) \(", outcome.stdout, re.MULTILINE)
            self.failed += failed or names
            print(outcome.stdout, outcome.stderr, flush=True)

    def show_findings(self):
        files = sorted(self.findings.iterdir())
        for file in files[:3]:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            print(f"{file}:\n" + "\n".join(line[:WIDEST_LINE] for line in lines[:LINES_OF_FINDING]), flush=True)
        return len(files)


def in_place():
    """Randomised addresses leave the thread sanitizer no room on some kernels."""
    fixed = ["setarch", "-R"]
    return fixed if subprocess.run([*fixed, "true"], capture_output=True, check=False).returncode == 0 else []


def check(name, seconds, options):
    """Runs one sanitizer; whether all is well, and one sentence for the end of the log."""
    started = time.monotonic()
    sanitizer = Sanitizer(name, seconds)
    sanitizer.configure()
    sanitizer.findings.mkdir(parents=True, exist_ok=True)
    for old in sanitizer.findings.iterdir():
        old.unlink()
    for kind, targets, size in KINDS:
        if not sanitizer.tests(kind, options):
            continue
        began = time.monotonic()
        built = sanitizer.build(targets)
        print(f"{name}: {kind} tests {'built' if built else 'not all built'}, {time.monotonic() - began:.0f} s", flush=True)
        sanitizer.run_tests(sanitizer.tests(kind, options), built, size)
    findings = sanitizer.show_findings()
    passed = sanitizer.run - len(sanitizer.failed)
    sentence = (f"{name} ({SANITIZERS[name]}): {passed} of {sanitizer.run} tests passed, {findings} findings, "
                f"{time.monotonic() - started:.0f} s.")
    if sanitizer.failed:
        sentence += f" Failed: {', '.join(sanitizer.failed)}."
    if sanitizer.left_out:
        more = len(sanitizer.left_out) - NAMED
        print(f"{name}: the time was not enough for {', '.join(sanitizer.left_out[:NAMED])}"
              + (f" and {more} more" if more > 0 else ""), flush=True)
        sentence += f" The time was not enough for {len(sanitizer.left_out)}."
    return not sanitizer.failed and findings == 0, sentence


def main():
    parser = argparse.ArgumentParser(
        prog="tests/sanitizers.sh", formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="tests/sanitizers.sh [--minutes N] [tsan] [asan] [-- CTEST_OPTION...]",
        description="Builds the unit and end-to-end tests with sanitizers (build/asan, build/tsan) and runs them: tsan finds data\n"
        "races, asan wrong addresses, leaks and undefined behaviour. A finding fails the test that made it and is in\n"
        "build/NAME/findings. Tests for which the time is not enough are counted and fail nothing.\n"
        "Exit status 0: all that was run passed and nothing was found, 1: otherwise, 2: a wrong argument.",
        epilog="What follows -- chooses tests, as ctest does: bash tests/sanitizers.sh tsan -- -R disconnects")
    parser.add_argument("names", nargs="*", metavar="NAME", help="tsan or asan; default: both")
    parser.add_argument("--minutes", type=int, metavar="N", help="time for both, building included; default: no limit")
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    arguments = parser.parse_args(sys.argv[1:split])
    for name in arguments.names:
        if name not in SANITIZERS:
            parser.error(f"there is no sanitizer '{name}'; expected {' or '.join(SANITIZERS)}")
    if arguments.minutes is not None and arguments.minutes < 1:
        parser.error(f"--minutes is {arguments.minutes}; expected at least 1")
    names = arguments.names or list(SANITIZERS)
    end = time.monotonic() + 60 * arguments.minutes if arguments.minutes else None
    outcomes = []
    for done, name in enumerate(names):
        # What one does not need is the next one's.
        seconds = (end - time.monotonic()) / (len(names) - done) if end else None
        outcomes.append(check(name, seconds, sys.argv[split + 1:]))
    print()
    for _, sentence in outcomes:
        print(sentence)
    return 0 if all(well for well, _ in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
