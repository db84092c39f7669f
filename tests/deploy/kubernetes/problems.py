"""What is wrong between the objects of one rendering: each function gives sentences, none when all is well."""

import pathlib

from manifests import (container, label, named, of_kind, pod, pod_labels, ports, server,
                       server_settings, workloads)

# The operator makes these: no secret is in the repository.
OPERATORS_SECRETS = {"seedfed-admin": {"token"}}
NAME_SERVER_PORT = 53


def _selected(selector, objects):
    wanted = selector.get("matchLabels", {}).items()
    return [workload for workload in workloads(objects) if wanted <= pod_labels(workload).items()]


def _has_port(workload, port):
    return port in ports(workload) or port in ports(workload).values()


def volume_problems(objects):
    for workload in workloads(objects):
        volumes = {volume["name"] for volume in pod(workload).get("volumes", [])}
        claims = {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", [])}
        mounts = {mount["name"] for mount in container(workload).get("volumeMounts", [])}
        for name in sorted(mounts - volumes - claims):
            yield f"{label(workload)} mounts '{name}', which is no volume of it"
        for name in sorted((volumes | claims) - mounts):
            yield f"{label(workload)} does not mount its volume '{name}'"


def source_problems(objects):
    """ConfigMaps are rendered; Secrets are never, and are those that the operator is told to make."""
    for secret in of_kind(objects, "Secret"):
        yield f"{label(secret)} is rendered, so a secret is in the repository"
    for workload in workloads(objects):
        for volume in pod(workload).get("volumes", []):
            if "configMap" in volume:
                source, kind = volume["configMap"], "ConfigMap"
                name = source["name"]
                config = named(objects, kind, name)
                keys = None if config is None else set(config["data"])
            elif "secret" in volume:
                source, kind = volume["secret"], "Secret"
                name = source["secretName"]
                keys = OPERATORS_SECRETS.get(name)
            else:
                continue
            if keys is None:
                yield f"{label(workload)} uses {kind} {name}, which is not there"
                continue
            for item in source.get("items", []):
                if item["key"] not in keys:
                    yield f"{label(workload)} uses '{item['key']}' of {kind} {name}, which has no such key"


def selector_problems(objects):
    for workload in workloads(objects):
        selector = workload["spec"].get("selector")
        if selector is not None and _selected(selector, objects) != [workload]:
            yield f"{label(workload)} does not select exactly its own pods"
    for stateful in of_kind(objects, "StatefulSet"):
        if named(objects, "Service", stateful["spec"]["serviceName"]) is None:
            yield f"{label(stateful)} names Service {stateful['spec']['serviceName']}, which is not there"
    for service in of_kind(objects, "Service"):
        pods = _selected({"matchLabels": service["spec"]["selector"]}, objects)
        if len(pods) != 1:
            yield f"{label(service)} selects the pods of {len(pods)} objects, expected one"
        for workload in pods:
            for port in service["spec"]["ports"]:
                if not _has_port(workload, port["targetPort"]):
                    yield f"{label(service)} leads to port {port['targetPort']}, which {label(workload)} does not have"


def policy_problems(objects):
    for policy in of_kind(objects, "NetworkPolicy"):
        spec = policy["spec"]
        inside = _selected(spec["podSelector"], objects)
        if spec["podSelector"] and not inside:
            yield f"{label(policy)} is for no pods"
        for rule in spec.get("ingress", []):
            if "from" not in rule or "ports" not in rule:
                yield f"{label(policy)} opens more than named ports to named peers"
            for port in rule.get("ports", []):
                if not all(_has_port(workload, port["port"]) for workload in inside):
                    yield f"{label(policy)} opens port {port['port']}, which its pods do not have"
        for rule in spec.get("egress", []):
            for port in rule.get("ports", []):
                if port["port"] == NAME_SERVER_PORT:
                    continue
                for peer in rule["to"]:
                    outside = _selected(peer["podSelector"], objects)
                    if not outside or not all(_has_port(workload, port["port"]) for workload in outside):
                        yield f"{label(policy)} leads to port {port['port']}, which no pod it selects has"
    if not any(policy["spec"]["podSelector"] == {} and "ingress" not in policy["spec"]
               and "egress" not in policy["spec"] for policy in of_kind(objects, "NetworkPolicy")):
        yield "no NetworkPolicy closes what the others do not open"


def probe_problems(objects):
    for workload in workloads(objects):
        for name in ("startupProbe", "readinessProbe", "livenessProbe"):
            probe = container(workload).get(name)
            if probe is None:
                if workload["kind"] != "Job":
                    yield f"{label(workload)} has no {name}"
            elif not _has_port(workload, probe["httpGet"]["port"]):
                yield f"{label(workload)}: {name} asks port {probe['httpGet']['port']}, which it does not have"


def command_problems(objects, flags_of):
    """`flags_of`: the flags of each program, as its --help names them."""
    for workload in workloads(objects):
        program, *arguments = container(workload)["command"]
        for argument in arguments:
            flag, _, value = argument.partition("=")
            if flag not in flags_of[program]:
                yield f"{label(workload)} gives {program} {flag}, which --help does not have"
            if flag == "--server":
                host, _, port = value.partition(":")
                service = named(objects, "Service", host)
                if service is None or int(port) not in [p["port"] for p in service["spec"]["ports"]]:
                    yield f"{label(workload)} calls {value}, which no Service serves"


def settings_problems(objects):
    """The server's file against its pod: ports, and the folders that its volumes are mounted on."""
    workload = server(objects)
    settings = server_settings(objects)
    for table, port in (("server", "grpc"), ("http", "http")):
        listen = settings[table]["listen"]
        if listen != f"0.0.0.0:{ports(workload).get(port)}":
            yield f"{table}.listen is {listen}, but port '{port}' of the pod is {ports(workload).get(port)}"
    mounts = {mount["name"]: pathlib.PurePath(mount["mountPath"])
              for mount in container(workload)["volumeMounts"]}
    for name, path in (("store", settings["server"]["store"]), ("admin", settings["admin"]["token_file"])):
        if pathlib.PurePath(path).parent != mounts.get(name):
            yield f"{path} is not in {mounts.get(name)}, where the volume '{name}' is"
    secret = [volume["secret"] for volume in pod(workload)["volumes"] if volume["name"] == "admin"]
    files = [item["path"] for volume in secret for item in volume["items"]]
    if pathlib.PurePath(settings["admin"]["token_file"]).name not in files:
        yield f"admin.token_file is {settings['admin']['token_file']}, but the Secret's volume has only {files}"
    for volume in secret:
        if volume["defaultMode"] & 0o027 != 0 or "fsGroup" not in pod(workload)["securityContext"]:
            yield "the token's file is not readable by the server's group alone"
    told = [entry["value"] for entry in container(workload).get("env", [])
            if entry["name"] == "SEEDFED_ADMIN_TOKEN_FILE"]
    if told != [settings["admin"]["token_file"]]:
        yield f"SEEDFED_ADMIN_TOKEN_FILE is {told}, but admin.token_file is {settings['admin']['token_file']}"
    config = f"--config={mounts['config']}/server.toml"
    if config not in container(workload)["command"]:
        yield f"{label(workload)} is not started with {config}"


def confinement_problems(objects):
    for workload in workloads(objects):
        whole, one = pod(workload).get("securityContext", {}), container(workload).get("securityContext", {})
        confined = {
            "run as another user than root": whole.get("runAsNonRoot") and whole.get("runAsUser", 0) > 0,
            "use the runtime's seccomp profile": whole.get("seccompProfile") == {"type": "RuntimeDefault"},
            "stay without the service account's token": pod(workload).get("automountServiceAccountToken") is False,
            "keep its root file system read-only": one.get("readOnlyRootFilesystem") is True,
            "drop all capabilities": one.get("capabilities") == {"drop": ["ALL"]},
            "gain no privileges": one.get("allowPrivilegeEscalation") is False,
            "have a limit of memory": "memory" in container(workload)["resources"].get("limits", {}),
            "name one version of its image": container(workload)["image"].partition(":")[2] not in ("", "latest"),
        }
        for what, holds in confined.items():
            if not holds:
                yield f"{label(workload)} does not {what}"


def problems(objects, flags_of):
    return [problem
            for found in (volume_problems, source_problems, selector_problems, policy_problems,
                          probe_problems, settings_problems, confinement_problems)
            for problem in found(objects)] + list(command_problems(objects, flags_of))
