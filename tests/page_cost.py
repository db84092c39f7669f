#!/usr/bin/env python3
"""Measures what open pages cost a server: its processor time and its rounds, with and without pages.

  bash tests/page-cost.sh                    three pages, 50 clients, 500 updates a second, then as many as it takes
  bash tests/page-cost.sh --pages 10 --seconds 20

Needs build/release/bin/seedfed-server and build/release/tests/seedfed_load. A page is a reader of /events, as a browser
is. Windows without and with pages alternate on one server, so that both see the same machine. Prints a Markdown table.
On a machine that does other work, too, processor time an update is the figure to look at, and `chrt -f 10` in front
of the command keeps the other work away.
"""
import argparse
import json
import os
import pathlib
import socket
import statistics
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Page:
    """Reads /events until it is closed."""

    def __init__(self, port: int):
        self.bytes = 0
        self.messages = 0
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self) -> None:
        while True:
            try:
                part = self.socket.recv(1 << 16)
            except OSError:
                return
            if not part:
                return
            self.bytes += len(part)
            self.messages += part.count(b"event: status")

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()


def rounds_complete(port: int) -> int:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := connection.recv(1 << 16):
            answer += part
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])["round"]


def processor_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def window(pid: int, port: int, pages: int, seconds: float) -> dict:
    """Processor time in per cent of a core, rounds a second, and what each page got a second."""
    readers = [Page(port) for _ in range(pages)]
    time.sleep(0.5)
    begin, processor, rounds = time.monotonic(), processor_seconds(pid), rounds_complete(port)
    before = [(reader.bytes, reader.messages) for reader in readers]
    time.sleep(seconds)
    passed = time.monotonic() - begin
    out = {"processor": 100 * (processor_seconds(pid) - processor) / passed,
           "rounds": (rounds_complete(port) - rounds) / passed}
    got = [(reader.bytes - b, reader.messages - m) for reader, (b, m) in zip(readers, before)]
    for reader in readers:
        reader.close()
    if pages:
        out["bytes"] = statistics.mean(b for b, _ in got) / passed
        out["messages"] = statistics.mean(m for _, m in got) / passed
    return out


def wait_for(file: pathlib.Path) -> int:
    for _ in range(500):
        if file.exists() and file.read_text().strip():
            return int(file.read_text())
        time.sleep(0.02)
    raise SystemExit(f"page_cost.py: the server did not write {file} in time")


def measure(o: argparse.Namespace, rate: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = subprocess.Popen(
            [f"{o.bin}/bin/seedfed-server", "--listen", "127.0.0.1:0", "--port-file", folder / "port",
             "--http", "127.0.0.1:0", "--http-port-file", folder / "http", "--store", folder / "store",
             "--rounds", "0", "--clients", str(o.clients), "--log-level", "warning"])
        load = None
        try:
            port, http = wait_for(folder / "port"), wait_for(folder / "http")
            total = 2 * o.repeats * (o.seconds + 1) + 10
            load = subprocess.Popen([f"{o.bin}/tests/seedfed_load", f"127.0.0.1:{port}", str(o.clients), str(rate),
                                     str(total)], stdout=subprocess.DEVNULL)
            time.sleep(2)
            found = {0: [], o.pages: []}
            for _ in range(o.repeats):
                for pages in (0, o.pages):
                    found[pages].append(window(server.pid, http, pages, o.seconds))
        finally:
            for process in (load, server):
                if process is not None:
                    process.terminate()
                    process.wait()
    mean = {pages: {key: statistics.mean(w[key] for w in windows) for key in windows[0]}
            for pages, windows in found.items()}
    without, with_pages = mean[0], mean[o.pages]
    label = f"{rate:g}" if rate else "as many as it takes"
    cost = [10_000 * m["processor"] / (m["rounds"] * o.clients) for m in (without, with_pages)]
    print(f"| {label} | {without['rounds'] * o.clients:.0f} | {without['rounds']:.1f} | {with_pages['rounds']:.1f} | "
          f"{without['processor']:.1f} | {with_pages['processor']:.1f} | {cost[0]:.0f} | {cost[1]:.0f} | "
          f"{with_pages['messages']:.1f} | {with_pages['bytes'] / 1000:.1f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=str(ROOT / "build/release"), help="build folder")
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--rates", type=float, nargs="+", default=[500, 0], help="updates a second; 0: no limit")
    parser.add_argument("--seconds", type=float, default=10, help="length of a window")
    parser.add_argument("--repeats", type=int, default=3, help="windows of each kind")
    options = parser.parse_args()
    print(f"Rounds of {options.clients} updates; {options.pages} pages; processor time in per cent of a core.\n")
    print("| updates/s asked for | updates/s | rounds/s without | with pages | processor without | with pages | "
          "us an update without | with pages | messages/s a page | kB/s a page |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for rate in options.rates:
        measure(options, rate)


if __name__ == "__main__":
    main()
