#!/usr/bin/env python3
"""Kills a federation's processes at random moments and compares the model with that of an undisturbed run.

A server and its clients train Fashion-MNIST twice: once left alone, once with kill -9 of the server and of clients, each
started again at once with the same command. Both runs must end with the same fingerprint.

  bash tests/chaos.sh --kills 50          50 kills of the server and 50 of clients within 30 rounds

Prints both fingerprints and the time lost per kill. Exit status: 0 equal, 1 different or not finished.
"""
import argparse
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUND = re.compile(r"round (\d+) complete")
FINGERPRINT = re.compile(r"stopped after round (\d+), fingerprint ([0-9a-f]{64})")
LIMIT_SECONDS = 1200


class Federation:
    """A server and clients as processes; any of them can be killed and started again."""

    def __init__(self, options: argparse.Namespace, folder: pathlib.Path):
        self.options, self.folder, self.port, self.running = options, folder, 0, {}
        self.start("server")
        self.await_log("server", "listening on")
        self.port = int(re.search(r"listening on [^ ]*:(\d+)", self.log("server")).group(1))
        for i in range(options.clients):
            self.start(f"client-{i}")

    def command(self, name: str) -> list[str]:
        o = self.options
        if name == "server":
            return [f"{o.bin}/seedfed-server", "--listen", f"127.0.0.1:{self.port}", "--store", f"{self.folder}/store",
                    "--clients", str(o.clients), "--shards", str(o.clients), "--rounds", str(o.rounds), "--samples",
                    str(o.samples), "--key", str(o.key), "--exit-when-done"]
        return [f"{o.bin}/seedfed-client", "--server", f"127.0.0.1:{self.port}", "--id", name, "--data", o.data]

    def start(self, name: str) -> None:
        with open(self.folder / f"{name}.log", "a") as log:
            self.running[name] = subprocess.Popen(self.command(name), stdout=log, stderr=subprocess.STDOUT,
                                                  stdin=subprocess.DEVNULL)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def await_log(self, name: str, text: str) -> None:
        end = time.monotonic() + 60
        while text not in self.log(name):
            if time.monotonic() > end or self.running[name].poll() is not None:
                sys.exit(f"chaos: {name} did not say '{text}'; its log is {self.folder}/{name}.log")
            time.sleep(0.01)

    def rounds(self) -> int:
        return max((int(n) for n in ROUND.findall(self.log("server"))), default=0)

    def kill(self, name: str) -> bool:
        """False when the process has ended by itself."""
        process = self.running[name]
        if process.poll() is not None:
            return False
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.start(name)
        return True

    def finish(self) -> str:
        """Waits for the end; the final fingerprint."""
        end = time.monotonic() + LIMIT_SECONDS
        for name, process in self.running.items():
            try:
                code = process.wait(max(end - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                sys.exit(f"chaos: {name} did not end within {LIMIT_SECONDS} s; the logs are in {self.folder}")
            if code != 0:
                sys.exit(f"chaos: {name} ended with exit code {code}; its log is {self.folder}/{name}.log")
        found = FINGERPRINT.search(self.log("server"))
        if not found or int(found.group(1)) != self.options.rounds:
            sys.exit(f"chaos: the server did not finish; its log is {self.folder}/server.log")
        return found.group(2)

    def stop(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.kill()
                process.wait()


def run(options: argparse.Namespace, folder: pathlib.Path, kills: int, chance: random.Random) -> tuple[str, float, int, int]:
    """Fingerprint, seconds, and the kills of the server and of clients."""
    folder.mkdir()
    started = time.monotonic()
    federation = Federation(options, folder)
    server_kills = client_kills = 0
    try:
        # Kill k comes at a random moment after round k * rounds / kills, so that all of them find the federation at work.
        for k in range(kills):
            due = k * max(options.rounds - 2, 1) // kills
            while federation.rounds() < due and time.monotonic() - started < LIMIT_SECONDS:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, options.pause))
            client_kills += federation.kill(f"client-{chance.randrange(options.clients)}")
            time.sleep(chance.uniform(0, options.pause))
            server_kills += federation.kill("server")
        return federation.finish(), time.monotonic() - started, server_kills, client_kills
    finally:
        federation.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50, help="of the server, and as many of clients (50)")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--clients", type=int, default=10)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--pause", type=float, default=0.4, help="longest wait before a kill, seconds (0.4)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and victims (1)")
    parser.add_argument("--key", type=int, default=1)
    parser.add_argument("--bin", default=str(ROOT / "build/release/bin"), help="folder of the programs")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seedfed-chaos-") as name:
        folder = pathlib.Path(name)
        calm, calm_seconds, _, _ = run(options, folder / "undisturbed", 0, random.Random(0))
        print(f"undisturbed  {calm}  {calm_seconds:.1f} s", flush=True)
        wild, wild_seconds, server, clients = run(options, folder / "chaos", options.kills, random.Random(options.seed))
        print(f"chaos        {wild}  {wild_seconds:.1f} s, {server} kills of the server, {clients} of clients")
        print(f"lost per kill {(wild_seconds - calm_seconds) / max(server + clients, 1):.2f} s")
        if min(server, clients) < options.kills:
            sys.exit(f"chaos: only {server} and {clients} of {options.kills} kills found a process; use more --rounds")
        if calm != wild:
            sys.exit("chaos: the fingerprints differ")
    print("chaos: passed")


if __name__ == "__main__":
    main()
