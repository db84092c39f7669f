"""A server with its page, and clients, as processes on this machine."""

import pathlib
import re
import subprocess
import time

START_SECONDS = 30


class Federation:
    """A server, and the clients that are started later, until stop(). `flags` are the server's, beside those that
    say where things are."""
    def __init__(self, programs, data, folder, flags):
        self._programs, self._data, self._folder = programs, data, pathlib.Path(folder)
        self._flags = flags
        self._running = {}
        self._port = self._http_port = 0
        self.start_server()

    @property
    def host(self):
        """Of the page, with its port."""
        return f"127.0.0.1:{self._http_port}"

    @property
    def url(self):
        return f"http://{self.host}/"

    def start_server(self):
        """The first time on free ports, then again on the same ones."""
        ports = [self._folder / "port", self._folder / "http-port"]
        for port in ports:
            port.unlink(missing_ok=True)
        self._start("server", "seedfed-server", "--listen", f"127.0.0.1:{self._port}", "--port-file",
                    ports[0], "--http", f"127.0.0.1:{self._http_port}", "--http-port-file", ports[1],
                    "--store", self._folder / "store", *self._flags)
        self._port, self._http_port = (self._await_number(port) for port in ports)

    def start_trainers_and_evaluator(self, trainers):
        for i in range(trainers):
            self.start_client(f"hospital-{i + 1:02}")
        self.start_client("evaluator", "--evaluate")

    def start_client(self, name, *flags):
        self._start(name, "seedfed-client", "--server", f"127.0.0.1:{self._port}", "--id", name,
                    "--data", self._data, *flags)

    def kill_server(self):
        self._running["server"].kill()
        self._running["server"].wait()

    def log(self, name):
        return (self._folder / f"{name}.log").read_text()

    def stop(self):
        for process in self._running.values():
            if process.poll() is None:
                process.kill()
        for process in self._running.values():
            process.wait()

    def _start(self, name, program, *arguments):
        with open(self._folder / f"{name}.log", "a", encoding="utf-8") as log:
            # No process outlives this one, however it ends.
            command = ["setpriv", "--pdeathsig", "KILL", f"{self._programs}/{program}", *map(str, arguments)]
            self._running[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                                   stderr=subprocess.STDOUT)

    def _await_number(self, path):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._running["server"].poll() is None:
            if path.exists() and re.fullmatch(r"\d+\s*", path.read_text()):
                return int(path.read_text())
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"the server did not start; its log says:\n{self.log('server')}")
