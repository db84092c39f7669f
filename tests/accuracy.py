#!/usr/bin/env python3
"""Measures the accuracy table of docs/accuracy.md: every row is `seedfed simulate` with the row's options, once per key.

  bash deploy/quickstart.sh --rounds 1            builds the programs
  python3 tests/accuracy.py                       all rows, keys 1 2 3 (about a quarter of an hour on two cores)
  python3 tests/accuracy.py --keys 1 --rows dense --rounds 30

Prints one Markdown row as soon as it is measured: mean test accuracy over the keys after rounds 5, 10, 20, 30 and 60.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECKPOINTS = (5, 10, 20, 30, 60)
ROWS = {
    "dense": "--codec dense",
    "ensemble-8": "",
    "ensemble-8-phases-16": "--phase-bits 4",
    "ensemble-16": "--tile 16",
    "ensemble-32": "--tile 32",
    "ensemble-64": "--tile 64",
    "ensemble-32-16-8": "--tile 32,16,8",
    "single-32": "--codec single --tile 32",
    "pure-8": "--mode pure",
    "pure-16": "--mode pure --tile 16",
    "dense-dirichlet": "--codec dense --alpha 0.3",
    "ensemble-8-dirichlet": "--alpha 0.3",
}


def simulate(program: str, options: str, key: int, rounds: int, data: str | None) -> dict:
    """The JSON report of one run."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        command = [program, "simulate", "--rounds", str(rounds), "--key", str(key), "--json", str(report),
                   "--keep", f"{folder}/run", *options.split()]
        if data:
            command += ["--data", data]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"accuracy.py: {' '.join(command)} ended with exit code {done.returncode}:\n{done.stderr}")
        return json.loads(report.read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build/release/bin/seedfed"))
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--keys", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--data", help="folder of the IDX files")
    arguments = parser.parse_args()
    checkpoints = [n for n in CHECKPOINTS if n <= arguments.rounds]

    print("| options | bytes up | bytes down | " + " | ".join(map(str, checkpoints)) + " |")
    print("|---" * (3 + len(checkpoints)) + "|")
    for row in arguments.rows:
        reports = [simulate(arguments.program, ROWS[row], key, arguments.rounds, arguments.data) for key in arguments.keys]
        rounds = [{r["round"]: r for r in report["rounds"]} for report in reports]
        cells = [f"`{ROWS[row] or 'none'}`"]
        for direction in ("bytes_up", "bytes_down"):
            cells.append(f"{max(r[direction] for run in rounds for r in run.values()):,.0f}")
        for n in checkpoints:
            mean = sum(run[n]["accuracy"] for run in rounds) / len(rounds)
            cells.append(f"{mean:.4f}")
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
