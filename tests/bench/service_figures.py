"""The figures of the server and of whole federations, each beside its yardstick. The yardstick of a call is the same call
to a server of bare gRPC (tests/load/bare_server.cc), from the same fleet; where nothing can be compared it is a limit."""

import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time
from typing import Callable, Iterator

from service_processes import (CountingRelay, Programs, bare_server, resident_bytes, run_fleet, running, seedfed_server,
                               wait_for)

MEMBERS = 10_000
CONNECTIONS = 100  # of the members that wait
DEFAULT_WORDS = 4016
CLIENT_MODELS = ("784-256-128-10", "784-3100-2400-100-10")
DATA = "/usr/share/datasets/fashion-mnist"
# The members of a fleet stay, whatever the machine does meanwhile.
PATIENT = ("--rounds", 0, "--deadline", 3600, "--poll", 600)

MIB = 1 << 20


def figure(name: str, value: float, unit: str, yardstick: float, goal: float, more_is_better: bool = False) -> dict:
    """ratio: the larger the better; goal: what it has to be at least."""
    ratio = value / yardstick if more_is_better else yardstick / value
    return {"name": name, "value": float(f"{value:.4g}"), "unit": unit, "yardstick": float(f"{yardstick:.4g}"),
            "ratio": float(f"{ratio:.3g}"), "goal": goal}


def alternately(repetitions: int, *runs: Callable[[], dict]) -> list[dict]:
    """The medians of what each run measures; the runs take turns, so that all see the same machine."""
    results = [[run() for run in runs] for _ in range(repetitions)]
    return [{key: statistics.median(result[i][key] for result in results) for key in results[0][i]}
            for i in range(len(runs))]


class ServiceFigures:
    def __init__(self, programs: Programs, quick: bool):
        self._programs = programs
        self._repetitions = 1 if quick else 5
        self._seconds = 1 if quick else 3

    def groups(self) -> list[tuple[tuple[str, ...], Callable[[], Iterator[dict]]]]:
        """What is measured together: the names of the figures, and what measures them."""
        return [
            (("update_4kB_per_second", "update_4kB_server_cpu"), lambda: self._updates("update_4kB", DEFAULT_WORDS, (), 0.5)),
            (("update_16B_per_second", "update_16B_server_cpu"), lambda: self._updates("update_16B", 16, ("--model", "2-2"), 0.7)),
            (("rounds_of_10_per_second", "rounds_of_10_least"), self._rounds),
            (("waiting_10000_memory_each", "waiting_10000_round"), self._waiting),
            (("wire_bytes_beyond_words",), self._wire),
            (("cold_start_to_round_1",), self._cold_start),
            (tuple(f"client_memory_{model}" for model in CLIENT_MODELS), self._client_memory),
        ]

    # 64 updates in flight on as many connections, in rounds of 10,000 members, of which one waits for the round's end.
    def _updates(self, name: str, words: int, model: tuple, goal: float) -> Iterator[dict]:
        fleet = ("--members", MEMBERS, "--words", words, "--in-flight", 64, "--connections", 64,
                 "--seconds", self._seconds)

        def per_update(result: dict) -> dict:
            return {"per_second": result["updates"] / result["seconds"],
                    "cpu": result["server_seconds"] / result["updates"]}

        def bare() -> dict:
            with bare_server(self._programs, MEMBERS) as server:
                return per_update(run_fleet(self._programs, server, *fleet))

        def seedfed() -> dict:
            with seedfed_server(self._programs, "--clients", MEMBERS, *model, *PATIENT) as server:
                return per_update(run_fleet(self._programs, server, *fleet))

        yardstick, value = alternately(self._repetitions, bare, seedfed)
        yield figure(f"{name}_per_second", value["per_second"], "1/s", yardstick["per_second"], goal, more_is_better=True)
        yield figure(f"{name}_server_cpu", 1e6 * value["cpu"], "us", 1e6 * yardstick["cpu"], 0.5)

    # Ten members on ten connections, each of which submits and waits.
    def _rounds(self) -> Iterator[dict]:
        members = 10
        fleet = ("--members", members, "--words", DEFAULT_WORDS, "--in-flight", members, "--connections", members,
                 "--everyone-waits", "--seconds", self._seconds)

        def round_seconds(result: dict) -> dict:
            return {"round": result["seconds"] / result["rounds"]}

        def bare() -> dict:
            with bare_server(self._programs, members) as server:
                return round_seconds(run_fleet(self._programs, server, *fleet))

        def seedfed() -> dict:
            with seedfed_server(self._programs, "--clients", members, *PATIENT) as server:
                return round_seconds(run_fleet(self._programs, server, *fleet))

        calls, flush, value = alternately(self._repetitions, bare, flush_seconds, seedfed)
        yardstick = calls["round"] + 2 * flush["flush"]
        yield figure("rounds_of_10_per_second", 1 / value["round"], "1/s", 1 / yardstick, 0.3, more_is_better=True)
        yield figure("rounds_of_10_least", 1 / value["round"], "1/s", 100, 1, more_is_better=True)

    # 10,000 calls that are held, a hundred on a connection, and then a round of all of them.
    def _waiting(self) -> Iterator[dict]:
        fleet = ("--members", MEMBERS, "--words", DEFAULT_WORDS, "--in-flight", 64, "--connections", CONNECTIONS,
                 "--everyone-waits", "--hold", "--seconds", 0)

        def bare() -> dict:
            with bare_server(self._programs, MEMBERS) as server:
                return run_fleet(self._programs, server, *fleet)

        def seedfed() -> dict:
            with seedfed_server(self._programs, "--clients", MEMBERS, *PATIENT) as server:
                return run_fleet(self._programs, server, *fleet)

        yardstick, value = alternately(min(self._repetitions, 3), bare, seedfed)
        yield figure("waiting_10000_memory_each", value["resident_bytes_per_member"] / 1024, "KiB",
                     yardstick["resident_bytes_per_member"] / 1024, 0.667)
        yield figure("waiting_10000_round", value["first_round_seconds"], "s", 5, 1)

    # A real client's bytes through a relay: those of a long run less those of a short one.
    def _wire(self) -> Iterator[dict]:
        def run(rounds: int) -> int:
            with one_example(784) as example, seedfed_server(
                    self._programs, "--clients", 1, "--rounds", rounds, "--exit-when-done") as server:
                relay = CountingRelay(int(server.address.rpartition(":")[2]))
                subprocess.run([self._programs.client, "--server", relay.address, "--id", "c", "--log-level", "error", *example],
                               check=True)
                relay.close()
                return relay.bytes

        few, many = 10, 110
        each = (run(many) - run(few)) / (many - few)
        yield figure("wire_bytes_beyond_words", each - 2 * DEFAULT_WORDS, "B", 600, 1)

    # From the start of the server's process until it says that round 1 is complete.
    def _cold_start(self) -> Iterator[dict]:
        if not pathlib.Path(DATA).exists():
            return

        def run() -> dict:
            began = time.monotonic()
            with seedfed_server(self._programs, "--rounds", 1, "--shards", 10, log_level="info",
                                stderr=subprocess.PIPE) as server:
                clients = [subprocess.Popen([self._programs.client, "--server", server.address, "--id", f"c{i}", "--data", DATA,
                                             "--log-level", "error"]) for i in range(10)]
                try:
                    for line in server.process.stderr:
                        if b"round 1 complete" in line:
                            return {"seconds": time.monotonic() - began}
                finally:
                    for client in clients:
                        client.kill()
                        client.wait()
            raise RuntimeError("the server has ended before round 1 was complete")

        (value,) = alternately(self._repetitions, run)
        yield figure("cold_start_to_round_1", value["seconds"], "s", 2, 1)

    # A client that has trained a round and waits, with one example, so that its own data do not count.
    def _client_memory(self) -> Iterator[dict]:
        for model in CLIENT_MODELS:
            with one_example(784) as example, seedfed_server(self._programs, "--model", model, "--clients", 2) as server:
                command = [self._programs.client, "--server", server.address, "--id", "c", "--log-level", "error", *example]
                with running(command) as client:
                    wait_for(lambda: self._open_updates(server.address) == 1, "the client's update")
                    value = resident_bytes(client.pid)
            sizes = [int(size) for size in model.split("-")]
            fp32 = 4 * sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))
            yield figure(f"client_memory_{model}", value / MIB, "MiB", (20e6 + 3 * fp32) / MIB, 1)

    def _open_updates(self, address: str) -> int:
        output = subprocess.run([self._programs.tool, "status", "--server", address, "--json"], check=True,
                                stdout=subprocess.PIPE).stdout
        return json.loads(output)["open_round"].get("updates", 0)


def flush_seconds() -> dict:
    """A write of 16 KiB over a part of a file that is there, and its flush: the median of a hundred."""
    times = []
    with tempfile.NamedTemporaryFile() as file:
        block = bytes(16 << 10)
        for i in range(200):
            began = time.perf_counter()
            os.pwrite(file.fileno(), block, i % 100 * len(block))
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return {"flush": statistics.median(times[100:])}


@contextlib.contextmanager
def one_example(inputs: int):
    """A client's flags for a table of one example, of class 0."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(",".join(str(i % 256) for i in range(inputs + 1)) + "\n")
        file.flush()
        yield ("--csv", file.name, "--label-column", "0")
