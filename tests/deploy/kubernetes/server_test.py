"""The server itself, started with the rendered configuration as Kubernetes would start it: as another user who reads
the token through a group, when this test runs as root. Only addresses and folders are this test's."""

import http.client
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import manifests

START_SECONDS = 30
TOKEN = "0123456789abcdef0123456789abcdef"


class Server:
    """A server with the configuration of `objects`; `text` changes it first."""

    def __init__(self, objects, change=lambda text: text):
        self._context = manifests.pod(manifests.server(objects))["securityContext"]
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="seedfed-kubernetes-"))
        config = self._write("server.toml", change(manifests.server_toml(objects)), 0o644)
        token = self._write("token", TOKEN + "\n", self._token_mode(objects))
        # Where the user of the pod may run it.
        program = shutil.copy(pathlib.Path(os.environ["SEEDFED_BIN"]) / "seedfed-server", self._folder)
        user = {}
        if os.geteuid() == 0:
            group = self._context["fsGroup"]
            self._folder.chmod(0o2770)
            os.chown(self._folder, 0, group)
            os.chown(token, 0, group)
            user = {"user": self._context["runAsUser"], "group": self._context["runAsGroup"], "extra_groups": [group]}
        self._port_file = self._folder / "http.port"
        self.process = subprocess.Popen(
            [program, f"--config={config}", "--listen=127.0.0.1:0", "--http=127.0.0.1:0",
             f"--http-port-file={self._port_file}", f"--admin-token-file={token}",
             f"--store={self._folder / 'store'}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **user)

    def _write(self, name, text, mode):
        path = self._folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    @staticmethod
    def _token_mode(objects):
        if os.geteuid() != 0:
            return 0o600  # without root there is no file of another user
        (mode,) = [volume["secret"]["defaultMode"] for volume in manifests.pod(manifests.server(objects))["volumes"]
                   if "secret" in volume]
        return mode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        shutil.rmtree(self._folder)

    def port(self):
        end = time.monotonic() + START_SECONDS
        while not self._port_file.exists():
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}: {self.process.stderr.read()}")
            if time.monotonic() > end:
                raise AssertionError(f"the server did not start within {START_SECONDS} s")
            time.sleep(0.02)
        return int(self._port_file.read_text())

    def stop(self):
        """Its exit status after SIGTERM."""
        self.process.terminate()
        return self.process.wait(timeout=START_SECONDS)


def get(port, path, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


class ServerTest(unittest.TestCase):
    def test_serves_probes_to_all_and_metrics_to_the_token(self):
        for folder in manifests.FOLDERS:
            objects = manifests.render(folder)
            container = manifests.container(manifests.server(objects))
            with self.subTest(folder=folder), Server(objects) as server:
                port = server.port()
                for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                    # The kubelet asks the pod by its address.
                    status = get(port, container[probe]["httpGet"]["path"], {"Host": "10.1.2.3:7780"})
                    self.assertEqual(status, 200, probe)
                self.assertEqual(get(port, "/metrics", {"Host": "10.1.2.3:7780"}), 401)
                self.assertEqual(get(port, "/metrics", {"Host": "10.1.2.3:7780", "Authorization": f"Bearer {TOKEN}"}),
                                 200)
                self.assertEqual(server.stop(), 0)

    def test_a_setting_that_does_not_exist_ends_it(self):
        with Server(manifests.render("base"), lambda text: text.replace("quorum", "quroum")) as server:
            with self.assertRaisesRegex(AssertionError, r"ended with 2: .*unknown key 'quroum'"):
                server.port()


if __name__ == "__main__":
    unittest.main()
