"""Starts the servers, the fleet and the clients that the service figures need, each in a folder of its own."""

import contextlib
import json
import pathlib
import socket
import subprocess
import tempfile
import threading
import time

START_SECONDS = 60


class Programs:
    def __init__(self, build: pathlib.Path):
        self.server = build / "bin/seedfed-server"
        self.client = build / "bin/seedfed-client"
        self.tool = build / "bin/seedfed"
        self.fleet = build / "tests/seedfed_fleet"
        self.bare_server = build / "tests/seedfed_bare_server"


class Server:
    """A running server process and its port."""

    def __init__(self, process: subprocess.Popen, port: int):
        self.pid = process.pid
        self.process = process
        self.address = f"127.0.0.1:{port}"


@contextlib.contextmanager
def running(command: list, **popen):
    process = subprocess.Popen([str(word) for word in command], **popen)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(condition, what: str):
    end = time.monotonic() + START_SECONDS
    while not (result := condition()):
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not come about in {START_SECONDS} s")
        time.sleep(0.005)
    return result


@contextlib.contextmanager
def listening(command: list, port_file: pathlib.Path, **popen):
    """Runs a server that writes its port to `port_file`."""
    with running(command, **popen) as process:
        wait_for(lambda: port_file.exists() and port_file.read_text().endswith("\n"), f"the port of {command[0]}")
        yield Server(process, int(port_file.read_text()))


@contextlib.contextmanager
def bare_server(programs: Programs, goal: int):
    with tempfile.TemporaryDirectory() as name:
        port_file = pathlib.Path(name) / "port"
        with listening([programs.bare_server, "--port-file", port_file, "--goal", goal], port_file) as server:
            yield server


@contextlib.contextmanager
def seedfed_server(programs: Programs, *flags, log_level: str = "warning", **popen):
    """A server with a fresh store, on the disk that has the folder for temporary files."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        command = [programs.server, "--listen", "127.0.0.1:0", "--port-file", folder / "port", "--http", "none",
                   "--store", folder / "store", "--log-level", log_level, *flags]
        with listening(command, folder / "port", **popen) as server:
            yield server


def run_fleet(programs: Programs, server: Server, *flags) -> dict:
    """What seedfed_fleet measures on the server."""
    command = [programs.fleet, "--server", server.address, "--server-pid", server.pid, *flags]
    output = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(output)


def resident_bytes(pid: int) -> int:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"process {pid} has no memory")


class CountingRelay:
    """Passes TCP connections on to a server and counts their bytes, both ways."""

    def __init__(self, port: int):
        self.bytes = 0
        self._port = port
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                for pair in ((caller, server), (server, caller)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):
            while part := source.recv(1 << 16):
                with self._lock:
                    self.bytes += len(part)
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._listener.close()
