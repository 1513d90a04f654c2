"""The manifests for Kubernetes: they are what the cluster's own schema allows, and keep the rules of this house."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from pydantic import SecretStr

from bot.__main__ import main
from bot.commands.work import DRAIN_S
from core.settings import Settings
from core.strictness import DEMANDED
from core.version import VERSION
from tests.deploy.kustomize import Manifest, containers, labels_of, pod_of, render
from tests.deploy.ways import UNITS

ROOT = Path(__file__).parents[2]
OVERLAYS = sorted((ROOT / "deploy" / "kubernetes" / "overlays").iterdir())
MOUNTED = "/run/secrets/turno/"
SECRETS = {"database_url", *(name for name, field in Settings.model_fields.items() if field.annotation is SecretStr)}
OPERATORS = ("ServiceMonitor", "PodMonitor")
"""Kinds of the Prometheus operator, which are in no schema of the cluster's."""


@pytest.fixture(scope="module", params=OVERLAYS, ids=lambda folder: str(folder.name))
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    return render(request.param)


@pytest.fixture(scope="module")
def production() -> list[Manifest]:
    return render(next(folder for folder in OVERLAYS if folder.name == "production"))


def strict(manifest: Manifest) -> None:
    kubernetes_validate.validate(manifest, "1.34", strict=True)


def test_each_manifest_is_what_the_schema_of_the_cluster_allows(manifests: list[Manifest]) -> None:
    ours = [manifest for manifest in manifests if manifest["kind"] not in OPERATORS]
    assert len(ours) > 5
    for manifest in ours:
        strict(manifest)


def test_a_field_that_the_cluster_does_not_know_is_refused(production: list[Manifest]) -> None:
    web = deepcopy(one(production, "Deployment", "turno-web"))
    web["spec"]["template"]["spec"]["containers"][0]["memoryLimit"] = "1Gi"
    with pytest.raises(kubernetes_validate.ValidationError, match="memoryLimit"):
        strict(web)


def one(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    [found] = [each for each in manifests if each["kind"] == kind and each["metadata"]["name"] == name]
    return found


# --- the rules of the house ---


def limits(manifest: Manifest) -> Iterator[str]:
    for container in containers(manifest):
        told = container.get("resources", {})
        for kind in ("requests", "limits"):
            yield from (f"{kind} lack {unit}" for unit in ("cpu", "memory") if unit not in told.get(kind, {}))


def privileges(manifest: Manifest) -> Iterator[str]:
    if pod := pod_of(manifest):
        safe = pod.get("securityContext", {})
        if not (safe.get("runAsNonRoot") and safe.get("runAsUser", 0) and safe.get("seccompProfile")):
            yield "may run as root, or without seccomp"
        if pod.get("automountServiceAccountToken") is not False:
            yield "gets a key to the cluster"
    for container in containers(manifest):
        own = container.get("securityContext", {})
        if not own.get("readOnlyRootFilesystem") or own.get("allowPrivilegeEscalation") is not False:
            yield "may write its root, or raise its privileges"
        if own.get("capabilities", {}).get("drop") != ["ALL"]:
            yield "keeps capabilities"


def named(variable: str) -> str:
    """The setting that a variable of the environment gives."""
    name = variable.lower()
    return name if name in Settings.model_fields else name.removesuffix("_file")


def secrets(manifest: Manifest) -> Iterator[str]:
    told = [(each["name"], each) for container in containers(manifest) for each in container.get("env", ())]
    for name, each in told:
        if "secretKeyRef" in str(each):
            yield f"{name} is a secret in the environment"
    values = [(name, each.get("value", "")) for name, each in told]
    for name, value in [*values, *manifest.get("data", {}).items()]:
        secret = named(name) in SECRETS
        if secret and not (name.endswith("_FILE") and value.startswith(MOUNTED)):
            yield f"{name} is no file of {MOUNTED}"


def drain(manifest: Manifest) -> Iterator[str]:
    if manifest["kind"] != "Deployment":
        return
    pod = pod_of(manifest)
    role = pod["containers"][0]["args"][0]
    leaving = [
        int(each["lifecycle"]["preStop"]["exec"]["command"][1]) for each in pod["containers"] if "lifecycle" in each
    ]
    ours = {"web": graceful_s(), "window": graceful_s(), "work": DRAIN_S}[role]
    if role != "work" and not leaving:
        yield "leaves without telling its endpoints"
    if pod.get("terminationGracePeriodSeconds", 30) < ours + sum(leaving) + 5:
        yield f"is killed before it has drained ({ours} s)"


def graceful_s() -> int:
    found = re.search(r"^graceful_timeout = (\d+)$", (ROOT / "gunicorn.conf.py").read_text("utf-8"), re.M)
    assert found
    return int(found[1])


def probes(manifest: Manifest) -> Iterator[str]:
    if manifest["kind"] != "Deployment":
        return
    for container in manifest["spec"]["template"]["spec"]["containers"]:
        lacking = [kind for kind in ("startupProbe", "livenessProbe", "readinessProbe") if kind not in container]
        yield from (f"has no {kind}" for kind in lacking)
        if "/health/ready" in str(container.get("livenessProbe")):
            yield "is killed when the database is away"


def image(manifest: Manifest) -> Iterator[str]:
    for container in containers(manifest):
        if not re.search(r":\d+\.\d+\.\d+[^:]*$|@sha256:[0-9a-f]{64}$", container["image"]):
            yield f"runs {container['image']}, which may be anything"


def spread(manifest: Manifest) -> Iterator[str]:
    if manifest["kind"] == "Deployment":
        over = {each["topologyKey"] for each in pod_of(manifest).get("topologySpreadConstraints", ())}
        yield from (
            f"is not spread over {key}" for key in {"kubernetes.io/hostname", "topology.kubernetes.io/zone"} - over
        )


def clock(manifest: Manifest) -> Iterator[str]:
    """What starts by the clock never piles up: one at a time, over in its time, and not again until it is due."""
    if manifest["kind"] != "CronJob":
        return
    told = manifest["spec"]
    job = told["jobTemplate"]["spec"]
    if told.get("concurrencyPolicy") != "Forbid":
        yield "may run beside itself"
    if not told.get("startingDeadlineSeconds") or not job.get("activeDeadlineSeconds"):
        yield "may start, or end, at any time"
    if job.get("backoffLimit") != 0 or pod_of(manifest).get("restartPolicy") != "Never":
        yield "is repeated before it is due"


Rule = Callable[[Manifest], Iterator[str]]
RULES: tuple[Rule, ...] = (limits, privileges, secrets, drain, probes, image, spread, clock)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_each_manifest_keeps_the_rules(manifests: list[Manifest], rule: Rule) -> None:
    told = {f"{each['kind']} {each['metadata']['name']}": list(rule(each)) for each in manifests}
    assert {name: problems for name, problems in told.items() if problems} == {}


def broken(web: Manifest) -> Iterator[tuple[Rule, Callable[[Any, Any], object]]]:
    """Each rule with a change that breaks it, to a pod and its container."""
    yield limits, lambda _, own: own["resources"]["limits"].pop("memory")
    yield privileges, lambda pod, _: pod["securityContext"].update(runAsUser=0)
    yield privileges, lambda _, own: own["securityContext"].update(readOnlyRootFilesystem=False)
    yield secrets, lambda _, own: own["env"].append({"name": "LOG_TOKEN", "value": "x" * 32})
    yield secrets, lambda _, own: own["env"].append({"name": "X", "valueFrom": {"secretKeyRef": {}}})
    yield drain, lambda pod, _: pod.update(terminationGracePeriodSeconds=30)
    yield drain, lambda _, own: own.pop("lifecycle")
    yield probes, lambda _, own: own["livenessProbe"].update(httpGet={"path": "/health/ready"})
    yield probes, lambda _, own: own.pop("startupProbe")
    yield image, lambda _, own: own.update(image="registry.example/turno:latest")
    yield image, lambda _, own: own.update(image="turno")
    yield spread, lambda pod, _: pod["topologySpreadConstraints"].pop()


def test_each_rule_sees_what_breaks_it(production: list[Manifest]) -> None:
    web = one(production, "Deployment", "turno-web")
    seen = set()
    for rule, change in broken(web):
        wrong = deepcopy(web)
        pod = wrong["spec"]["template"]["spec"]
        change(pod, pod["containers"][0])
        assert list(rule(wrong)) != [] and list(rule(web)) == [], rule.__name__
        seen.add(rule)
    assert seen == set(RULES) - {clock}


@pytest.mark.parametrize(
    "broken", ["concurrencyPolicy", "startingDeadlineSeconds", "activeDeadlineSeconds", "backoffLimit", "restartPolicy"]
)
def test_the_rule_of_the_clock_sees_what_breaks_it(production: list[Manifest], broken: str) -> None:
    wrong = deepcopy(one(production, "CronJob", "turno-canary"))
    assert list(clock(wrong)) == []
    job = wrong["spec"]["jobTemplate"]["spec"]
    for place in (wrong["spec"], job, job["template"]["spec"]):
        place.pop(broken, None)
    assert len(list(clock(wrong))) == 1


def test_what_systemd_starts_by_the_clock_the_cluster_does_too_at_the_same_times(production: list[Manifest]) -> None:
    """But for the backup, whose PostgreSQL is not in the image."""
    every = {each["metadata"]["name"]: each for each in production if each["kind"] == "CronJob"}
    timers = {
        file.stem: re.search(r"^OnCalendar=(.*)$", file.read_text("utf-8"), re.M) for file in UNITS.glob("*.timer")
    }
    times = {"*:0/5": "*/5 * * * *", "hourly": "7 * * * *", "*-*-* 07:00": "0 7 * * *"}
    assert timers.keys() - every.keys() == {"turno-backup"}
    for name, manifest in every.items():
        assert manifest["spec"]["schedule"] == times[str((timers[name] or [])[1])], name
        [command] = re.findall(r"^ExecStart=\S+/turno (.*)$", (UNITS / f"{name}.service").read_text("utf-8"), re.M)
        assert command.split() == [
            word for word in containers(manifest)[0]["args"] if word not in ("--url", "http://turno-web")
        ]
    assert [name for name, manifest in every.items() if manifest["spec"].get("suspend")] == ["turno-digest"]


def test_probes_reach_the_web_alone_and_a_canary_of_the_next_version_has_none(production: list[Manifest]) -> None:
    probes, probed = (one(production, "NetworkPolicy", f"turno-{name}")["spec"] for name in ("probes", "probed"))
    [to], [from_] = probes["egress"], probed["ingress"]
    web = labels_of(one(production, "Deployment", "turno-web"))
    probe = labels_of(one(production, "CronJob", "turno-canary"))
    assert to["to"][0]["podSelector"]["matchLabels"].items() <= web.items() and to["ports"] == from_["ports"]
    assert from_["from"][0]["podSelector"]["matchLabels"].items() <= probe.items()
    assert "http" in [port.get("name") for port in containers(one(production, "Deployment", "turno-web"))[-1]["ports"]]
    service = one(production, "Service", "turno-web")
    assert service["spec"]["ports"][0]["port"] == 80
    canary = render(next(folder for folder in OVERLAYS if folder.name == "canary"))
    assert [each for each in canary if each["kind"] == "CronJob" or "prob" in each["metadata"]["name"]] == []


# --- what belongs together ---


def test_every_role_is_a_command_of_ours(manifests: list[Manifest]) -> None:
    for container in (each for manifest in manifests for each in containers(manifest)):
        with pytest.raises(SystemExit, match="0"):
            main([*container["args"], "--help"])


def test_all_that_production_demands_is_told(production: list[Manifest]) -> None:
    told = one(production, "ConfigMap", "turno-settings")["data"]
    demanded = [f"{name}_FILE".upper() for name in DEMANDED]
    assert [name for name in [*demanded, "PUBLIC_URL"] if name not in told] == []
    assert [name for name in told if named(name) not in Settings.model_fields] == []


def test_a_selector_of_production_finds_no_pod_of_a_canary(production: list[Manifest]) -> None:
    canary = render(next(folder for folder in OVERLAYS if folder.name == "canary"))
    pods = [each["spec"]["template"]["metadata"]["labels"] for each in canary if each["kind"] == "Deployment"]
    selectors = [
        selector(each) for each in production if each["kind"] in ("Service", "Deployment", "PodDisruptionBudget")
    ]
    assert len(pods) == 3 and len(selectors) == 10
    assert [(one, pod) for one in selectors for pod in pods if one.items() <= pod.items()] == []


def selector(manifest: Manifest) -> dict[str, str]:
    found = manifest["spec"]["selector"]
    return dict(found.get("matchLabels", found))


def test_every_pod_is_denied_by_default_and_only_workers_and_the_mail_reach_the_outside(
    production: list[Manifest],
) -> None:
    policies = [each for each in production if each["kind"] == "NetworkPolicy"]
    deny = one(policies, "NetworkPolicy", "turno-deny")["spec"]
    assert deny["policyTypes"] == ["Ingress", "Egress"] and "egress" not in deny and "ingress" not in deny
    for pod in (labels_of(each) for each in production if pod_of(each)):
        assert deny["podSelector"]["matchLabels"].items() <= pod.items()
    outside = [each["metadata"]["name"] for each in policies if "0.0.0.0/0" in str(each)]
    assert outside == ["turno-mail", "turno-outside"]
    mail = one(policies, "NetworkPolicy", "turno-mail")["spec"]
    assert mail["podSelector"]["matchLabels"] == {"app.kubernetes.io/component": "digest"}
    assert [port["port"] for told in mail["egress"] for port in told["ports"]] == [465, 587]
    assert one(policies, "NetworkPolicy", "turno-outside")["spec"]["podSelector"]["matchLabels"] == {
        "app.kubernetes.io/component": "worker"
    }


def test_the_ingress_shows_all_that_customers_need_and_nothing_of_staff(production: list[Manifest]) -> None:
    from tests.deploy.routes import routes

    shown = {host: [told["path"] for told in rule["http"]["paths"]] for host, rule in hosts(production)}
    assert shown.pop("staff.turno.example") == ["/admin/"]
    [paths] = shown.values()
    hidden = ("/admin", "/metrics", "/alarms", "/health")
    wanted = [route for route in routes() if not route.startswith(hidden)]
    assert len(wanted) > 10
    assert [route for route in wanted if not route.startswith(tuple(paths)) and f"{route}/" not in paths] == []
    assert [path for path in paths if path.startswith(("/admin", "/metrics", "/alarms"))] == []


def hosts(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    for manifest in (each for each in manifests if each["kind"] == "Ingress"):
        assert {host for told in manifest["spec"]["tls"] for host in told["hosts"]} == {
            rule["host"] for rule in manifest["spec"]["rules"]
        }
        yield from ((rule["host"], rule) for rule in manifest["spec"]["rules"])


def test_the_version_is_the_one_of_this_code(manifests: list[Manifest]) -> None:
    images = {container["image"] for manifest in manifests for container in containers(manifest)}
    assert images == {f"registry.example/turno:{VERSION}"}
