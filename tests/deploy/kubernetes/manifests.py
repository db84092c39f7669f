"""The objects of deploy/kubernetes as kubectl renders them, and where things are in them."""

import functools
import os
import pathlib
import subprocess
import tomllib

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3] / "deploy" / "kubernetes"
FOLDERS = ("base", "fashion-mnist")


@functools.cache
def _rendered(folder):
    kubectl = os.environ["SEEDFED_KUBECTL"]
    done = subprocess.run([kubectl, "kustomize", str(ROOT / folder)],
                          capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"kubectl kustomize {folder} failed: {done.stderr}")
    return done.stdout


def render(folder):
    """New objects at every call, for the caller to change."""
    return list(yaml.safe_load_all(_rendered(folder)))


def label(thing):
    return f"{thing['kind']} {thing['metadata']['name']}"


def of_kind(objects, kind):
    return [thing for thing in objects if thing["kind"] == kind]


def named(objects, kind, name):
    """The object, or None."""
    found = [thing for thing in of_kind(objects, kind) if thing["metadata"]["name"] == name]
    return found[0] if found else None


def workloads(objects):
    """The objects that make pods."""
    return [thing for thing in objects if "template" in thing.get("spec", {})]


def pod(workload):
    return workload["spec"]["template"]["spec"]


def pod_labels(workload):
    return workload["spec"]["template"]["metadata"]["labels"]


def container(workload):
    """Its one container."""
    (only,) = pod(workload)["containers"]
    return only


def ports(workload):
    """{name: number} of its container."""
    return {port["name"]: port["containerPort"] for port in container(workload).get("ports", [])}


def server(objects):
    return named(objects, "StatefulSet", "seedfed")


def server_toml(objects):
    """The text of the configuration that the server's pod mounts."""
    for volume in pod(server(objects))["volumes"]:
        if volume["name"] == "config":
            return named(objects, "ConfigMap", volume["configMap"]["name"])["data"]["server.toml"]
    raise RuntimeError("the server's pod has no volume 'config'")


def server_settings(objects):
    return tomllib.loads(server_toml(objects))
