#!/usr/bin/env python3
"""Measures how a server's processor time for an update, its memory and its rounds grow with the weights of the model and
with the clients. Prints two Markdown tables; --images DIR also draws them as growth-weights.svg and growth-clients.svg.

Clients do not train (tests/load/fleet.cc); every update is durable before it is acknowledged. Needs 2 GB of memory and of
disk for the largest model."""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/bench"))

from service_processes import Programs, run_fleet, seedfed_server  # noqa: E402

MODELS = ("784-126-10", "784-1258-10", "3000-3322-10", "9999-9990-10")  # 10^5, 10^6, 10^7 and 10^8 weights
CLIENTS = (10, 100, 1_000, 10_000)
DEFAULT_MODEL = "784-256-128-10"
MOST_CONNECTIONS = 100
MOST_IN_FLIGHT = 64


def ensemble_plan(programs: Programs, model: str) -> tuple[int, int]:
    """The model's weights, and the bytes of words in an update."""
    output = subprocess.run([programs.tool, "plan", "--model", model, "--codec", "ensemble", "--json"], check=True,
                            stdout=subprocess.PIPE).stdout
    plan = json.loads(output)
    return plan["model"]["weights"], plan["plans"][0]["update_bytes"]


def measure(programs: Programs, model: str, clients: int, seconds: float) -> dict:
    weights, words = ensemble_plan(programs, model)
    with seedfed_server(programs, "--model", model, "--clients", clients, "--rounds", 0, "--deadline", 3600,
                        "--poll", 600) as server:
        result = run_fleet(programs, server, "--members", clients, "--words", words, "--connections",
                           min(clients, MOST_CONNECTIONS), "--in-flight", min(clients, MOST_IN_FLIGHT),
                           "--everyone-waits", "--seconds", seconds)
    return {"weights": weights, "words": words, "clients": clients,
            "cpu_us": 1e6 * result["server_seconds"] / result["updates"],
            "round_s": result["seconds"] / result["rounds"],
            "memory_mib": result["resident_bytes"] / (1 << 20)}


def print_table(rows: list[dict], first: str, title: str) -> None:
    print(f"| {title} | update | server's time for an update | for the update's bytes | round | server's memory |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row[first]:,} | {row['words']:,} B | {row['cpu_us']:,.0f} us | {1000 * row['cpu_us'] / row['words']:.1f} ns/B | "
              f"{1000 * row['round_s']:,.1f} ms | {row['memory_mib']:,.0f} MiB |")
    print(flush=True)


def draw(rows: list[dict], first: str, label: str, file: pathlib.Path) -> None:
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "seedfed", "font.size": 9, "axes.spines.top": False,
                                "axes.spines.right": False})
    from matplotlib import pyplot
    panels = (("cpu_us", "server's time for an update, us"), ("round_s", "round, s"),
              ("memory_mib", "server's memory, MiB"))
    figure, axes = pyplot.subplots(1, len(panels), figsize=(9, 2.8), constrained_layout=True)
    for axis, (key, name) in zip(axes, panels):
        axis.loglog([row[first] for row in rows], [row[key] for row in rows], marker="o", color="#2f6f4f")
        axis.set_xlabel(label)
        axis.set_title(name, fontsize=9)
        axis.grid(True, which="major", color="#dddddd")
    figure.savefig(file, metadata={"Date": None})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", metavar="DIR", type=pathlib.Path, help="draw there, too")
    parser.add_argument("--seconds", type=float, default=3, help="about how long each row is measured (default: 3)")
    arguments = parser.parse_args()
    programs = Programs(ROOT / "build/release")
    models = [measure(programs, model, 10, arguments.seconds) for model in MODELS]
    print_table(models, "weights", "weights, 10 clients")
    clients = [measure(programs, DEFAULT_MODEL, count, arguments.seconds) for count in CLIENTS]
    print_table(clients, "clients", f"clients, {ensemble_plan(programs, DEFAULT_MODEL)[0]:,} weights")
    if arguments.images:
        draw(models, "weights", "weights", arguments.images / "growth-weights.svg")
        draw(clients, "clients", "clients", arguments.images / "growth-clients.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
