"""clang's check of what each mutex guards (-Wthread-safety) over this project's own sources; gcc, which builds them,
ignores the annotations."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("server", "client", "common", "cli")
OWN_HEADER = re.compile(r'^#include "((?:server|client|common|cli)/[^"]+)"', re.MULTILINE)
CLANG = ["clang++-14", "-fsyntax-only", "-Wthread-safety", "-Werror=thread-safety"]

arguments = argparse.Namespace()


def names_a_mutex(file: pathlib.Path) -> bool:
    return "Mutex" in file.read_text(encoding="utf-8")


def guards_something(source: pathlib.Path) -> bool:
    """Whether the source, or a header of ours that it includes itself, names a mutex."""
    headers = OWN_HEADER.findall(source.read_text(encoding="utf-8"))
    return names_a_mutex(source) or any(names_a_mutex(ROOT / header) for header in headers)


def commands() -> dict[pathlib.Path, list[str]]:
    """For each source to check, clang's arguments: the include folders and definitions that it is compiled with."""
    found = {}
    for entry in json.loads((arguments.build / "compile_commands.json").read_text(encoding="utf-8")):
        source = pathlib.Path(entry["file"])
        if not source.is_relative_to(ROOT) or source.relative_to(ROOT).parts[0] not in FOLDERS:
            continue
        if not guards_something(source):
            continue
        words = shlex.split(entry["command"])
        kept = [word for word in words if word.startswith(("-D", "-I", "-std="))]
        kept += [part for flag, folder in zip(words, words[1:]) if flag == "-isystem" for part in (flag, folder)]
        found[source] = kept
    return found


def complaints(source: pathlib.Path, flags: list[str]) -> str:
    """What clang says of the source; empty when all is well."""
    result = subprocess.run([*CLANG, *flags, str(source)], capture_output=True, text=True, timeout=240, check=False)
    return "" if result.returncode == 0 else result.stderr


class ThreadSafety(unittest.TestCase):
    def test_sources_with_a_mutex_keep_its_promises(self):
        sources = commands()
        self.assertIn(ROOT / "server/rpc/stall_watch.cc", sources)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda item: complaints(*item), sources.items()))
        self.assertEqual("".join(results), "")

    def test_a_forgotten_lock_is_found(self):
        for name in ("unguarded_read", "unguarded_read_absl"):
            with self.subTest(name):
                source = ROOT / f"tests/thread_safety/{name}.cc"
                self.assertIn("requires holding mutex 'mutex_'", complaints(source, ["-std=c++20", f"-I{ROOT}"]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build folder with compile_commands.json")
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
