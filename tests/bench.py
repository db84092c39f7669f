#!/usr/bin/env python3
"""Prints one JSON line for each figure: name, value, unit, yardstick (the same work done as plainly as the machine
can: a copy of the bytes, the dense step, a bare gRPC call, or a limit) and ratio, of the yardstick to the value or of the
value to the yardstick, whichever is the larger the better. goal: what the ratio of a server's figure has to be.

Kernels and training: value and yardstick are the shortest times of several repetitions in random order. Servers: medians
of several runs, which alternate with the yardstick's."""

import argparse
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
from typing import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/bench"))

from service_figures import ServiceFigures  # noqa: E402
from service_processes import Programs  # noqa: E402

BUILD = ROOT / "build/release"
PROGRAM = BUILD / "tests/seedfed_bench"
YARDSTICK = "_yardstick"


def environment() -> dict[str, str]:
    """OpenBLAS takes one of its slower kernels on processors that are newer than it; those for AVX2 are quick on all."""
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if not cpuinfo.exists() or " avx2 " not in cpuinfo.read_text(encoding="utf-8"):
        return dict(os.environ)
    return {"OPENBLAS_CORETYPE": "Haswell"} | os.environ


def measure(program: pathlib.Path, repetitions: int, pattern: str) -> dict[str, tuple[float, str]]:
    """The shortest time of each benchmark and its unit."""
    output = subprocess.run(
        [program, "--benchmark_format=json", f"--benchmark_filter={pattern}",
         f"--benchmark_repetitions={repetitions}", "--benchmark_enable_random_interleaving=true"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment()).stdout
    shortest: dict[str, tuple[float, str]] = {}
    if not output:  # no name matches
        return shortest
    for row in json.loads(output)["benchmarks"]:
        if row["run_type"] != "iteration":
            continue
        name = row["run_name"].removeprefix("BM_")
        time = (row["cpu_time"], row["time_unit"])
        shortest[name] = min(shortest.get(name, time), time)
    return shortest


def service_lines(quick: bool, pattern: str) -> Iterator[dict]:
    for names, measure_group in ServiceFigures(Programs(BUILD), quick).groups():
        if any(re.search(pattern, name) for name in names):
            yield from (line for line in measure_group() if re.search(pattern, line["name"]))


def figures(times: dict[str, tuple[float, str]]) -> list[dict]:
    lines = []
    for name, (value, unit) in times.items():
        if name.endswith(YARDSTICK):
            continue
        line = {"name": name, "value": round(value, 3), "unit": unit}
        if (yardstick := times.get(name + YARDSTICK)) is not None:
            line |= {"yardstick": round(yardstick[0], 3), "ratio": round(yardstick[0] / value, 3)}
        lines.append(line)
    return lines


def read_lines(path: str) -> dict[str, dict]:
    with open(path, encoding="utf-8") as file:
        return {line["name"]: line for line in map(json.loads, file)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two repetitions instead of nine, one instead of five")
    parser.add_argument("--filter", default=".", metavar="REGEX", help="only figures whose name matches")
    parser.add_argument("--compare", metavar="FILE", help="an earlier output: adds `before`, its ratio")
    arguments = parser.parse_args()
    try:
        before = read_lines(arguments.compare) if arguments.compare else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"bench: {arguments.compare} is not an output of tests/bench.sh: {error}", file=sys.stderr)
        return 2
    if not PROGRAM.exists():
        print(f"bench: there is no {PROGRAM}; bash tests/bench.sh builds it", file=sys.stderr)
        return 2
    kernels = figures(measure(PROGRAM, 2 if arguments.quick else 9, arguments.filter))
    for line in itertools.chain(kernels, service_lines(arguments.quick, arguments.filter)):
        if "ratio" in before.get(line["name"], {}):
            line["before"] = before[line["name"]]["ratio"]
        print(json.dumps(line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
