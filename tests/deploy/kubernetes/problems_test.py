"""The objects against each other and against the programs' flags; and that a broken one is found."""

import os
import pathlib
import re
import subprocess
import unittest

import manifests
import problems

PROGRAMS = ("seedfed-server", "seedfed-client")


def flags_of_programs():
    found = {}
    for program in PROGRAMS:
        text = subprocess.run([pathlib.Path(os.environ["SEEDFED_BIN"]) / program, "--help"],
                              check=True, capture_output=True, text=True, timeout=20).stdout
        found[program] = set(re.findall(r"^ +(?:-\w,)?(--[a-z-]+)", text, re.MULTILINE))
    return found


FLAGS = flags_of_programs()


class ProblemsTest(unittest.TestCase):
    def test_there_are_none(self):
        for folder in manifests.FOLDERS:
            self.assertEqual(problems.problems(manifests.render(folder), FLAGS), [], folder)

    def expect(self, change, sentence):
        """`change` breaks the objects of the example in one way, which `sentence` tells."""
        objects = manifests.render("fashion-mnist")
        change(objects)
        self.assertIn(sentence, problems.problems(objects, FLAGS))

    def test_a_config_map_that_is_not_there(self):
        def rename(objects):
            (config,) = manifests.of_kind(objects, "ConfigMap")
            used = config["metadata"]["name"]
            # The settings are looked up first, so they stay under another volume's name.
            manifests.pod(manifests.server(objects))["volumes"].append(
                {"name": "other", "configMap": {"name": used + "-other"}})
        (config,) = manifests.of_kind(manifests.render("fashion-mnist"), "ConfigMap")
        self.expect(rename, f"StatefulSet seedfed uses ConfigMap {config['metadata']['name']}-other, which is not there")

    def test_a_secret_nobody_is_told_to_make(self):
        def rename(objects):
            for volume in manifests.pod(manifests.server(objects))["volumes"]:
                if "secret" in volume:
                    volume["secret"]["secretName"] = "seedfed-token"
        self.expect(rename, "StatefulSet seedfed uses Secret seedfed-token, which is not there")

    def test_a_secret_in_the_repository(self):
        self.expect(lambda objects: objects.append({"kind": "Secret", "metadata": {"name": "seedfed-admin"}}),
                    "Secret seedfed-admin is rendered, so a secret is in the repository")

    def test_a_token_open_to_others(self):
        def open_it(objects):
            for volume in manifests.pod(manifests.server(objects))["volumes"]:
                if "secret" in volume:
                    volume["secret"]["defaultMode"] = 0o644
        self.expect(open_it, "the token's file is not readable by the server's group alone")

    def test_a_volume_that_is_not_mounted(self):
        def forget(objects):
            mounts = manifests.container(manifests.server(objects))["volumeMounts"]
            mounts.append({"name": "scratch", "mountPath": "/tmp"})
        self.expect(forget, "StatefulSet seedfed mounts 'scratch', which is no volume of it")

    def test_a_selector_that_fits_nothing(self):
        def rename(objects):
            service = manifests.named(objects, "Service", "seedfed")
            service["spec"]["selector"] = {"app.kubernetes.io/name": "seedfed"}
        self.expect(rename, "Service seedfed selects the pods of 0 objects, expected one")

    def test_a_port_that_is_not_there(self):
        def rename(objects):
            manifests.named(objects, "Service", "seedfed")["spec"]["ports"][0]["targetPort"] = "rpc"
        self.expect(rename, "Service seedfed leads to port rpc, which StatefulSet seedfed does not have")

    def test_a_probe_of_another_port(self):
        def rename(objects):
            manifests.container(manifests.server(objects))["livenessProbe"]["httpGet"]["port"] = 8080
        self.expect(rename, "StatefulSet seedfed: livenessProbe asks port 8080, which it does not have")

    def test_a_policy_that_opens_everything(self):
        def widen(objects):
            del manifests.named(objects, "NetworkPolicy", "seedfed-server")["spec"]["ingress"][0]["from"]
        self.expect(widen, "NetworkPolicy seedfed-server opens more than named ports to named peers")

    def test_without_the_policy_that_closes(self):
        def remove(objects):
            objects.remove(manifests.named(objects, "NetworkPolicy", "seedfed-deny"))
        self.expect(remove, "no NetworkPolicy closes what the others do not open")

    def test_a_flag_the_server_does_not_have(self):
        def misspell(objects):
            manifests.container(manifests.server(objects))["command"].append("--cleints=10")
        self.expect(misspell, "StatefulSet seedfed gives seedfed-server --cleints, which --help does not have")

    def test_clients_that_call_another_port(self):
        def misspell(objects):
            command = manifests.container(manifests.named(objects, "Job", "seedfed-client"))["command"]
            command[1] = "--server=seedfed:7780"
        self.expect(misspell, "Job seedfed-client calls seedfed:7780, which no Service serves")

    def test_a_store_outside_of_its_volume(self):
        def move(objects):
            (config,) = manifests.of_kind(objects, "ConfigMap")
            config["data"]["server.toml"] = config["data"]["server.toml"].replace("/var/lib/", "/srv/")
        self.expect(move, "/srv/seedfed/store is not in /var/lib/seedfed, where the volume 'store' is")

    def test_a_tool_that_is_told_another_token(self):
        def move(objects):
            manifests.container(manifests.server(objects))["env"][0]["value"] = "/run/token"
        self.expect(move, "SEEDFED_ADMIN_TOKEN_FILE is ['/run/token'], but admin.token_file is /run/secrets/seedfed/token")

    def test_a_server_that_runs_as_root(self):
        def raise_it(objects):
            manifests.pod(manifests.server(objects))["securityContext"]["runAsUser"] = 0
        self.expect(raise_it, "StatefulSet seedfed does not run as another user than root")


if __name__ == "__main__":
    unittest.main()
