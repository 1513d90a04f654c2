"""The part of kustomize that our manifests use, so that tests see what `kubectl apply -k` would send.

A key of a kustomization that is not known here fails: nothing is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

Manifest = dict[str, Any]
KEYS = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
    "topologySpreadConstraints": "topologyKey",
}
"""By what a strategic merge knows an item of a list again; other lists are replaced."""
HEAD = {"apiVersion", "kind"}


def render(folder: Path) -> list[Manifest]:
    """The manifests of a kustomization, with everything that it changes."""
    told = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))
    made = [manifest for name in told.pop("resources") for manifest in _resource(folder / name)]
    for key in ("patches", "namespace", "nameSuffix", "labels", "images"):
        if value := told.pop(key, None):
            made = CHANGES[key](made, value, folder)
    assert set(told) == HEAD, f"{folder.name}: {sorted(set(told) - HEAD)} is not known to the tests"
    return made


def _resource(path: Path) -> Iterator[Manifest]:
    if path.is_dir():
        yield from render(path)
    else:
        yield from documents(path)


def documents(path: Path) -> Iterator[Manifest]:
    yield from (each for each in yaml.safe_load_all(path.read_text("utf-8")) if each)


def _patched(made: list[Manifest], patches: list[Any], folder: Path) -> list[Manifest]:
    for told in patches:
        if "path" in told:
            for patch in documents(folder / told["path"]):
                made = _merged(made, patch, told.get("target"))
        else:
            for manifest in _meant(made, told["target"]):
                _operate(manifest, yaml.safe_load(told["patch"]))
    return made


def _merged(made: list[Manifest], patch: Manifest, target: Manifest | None) -> list[Manifest]:
    meant = _meant(made, target or {"kind": patch["kind"], "name": patch["metadata"]["name"]})
    assert meant, f"nothing there to patch: {target or patch['kind']} {patch['metadata']['name']}"
    if patch.get("$patch") == "delete":
        return [manifest for manifest in made if manifest not in meant]
    content = {key: value for key, value in patch.items() if key not in ("apiVersion", "kind")}
    if target:
        content.pop("metadata")
    for manifest in meant:
        manifest.update(merge(manifest, content))
    return made


def _meant(made: list[Manifest], target: Manifest) -> list[Manifest]:
    return [
        each
        for each in made
        if re.fullmatch(target["kind"], each["kind"])
        and target.get("name", each["metadata"]["name"]) == each["metadata"]["name"]
    ]


def merge(one: Any, other: Any, key: str = "") -> Any:
    """A strategic merge: maps by their keys, lists of named things by their names."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{name: merge(one.get(name), value, name) for name, value in other.items()}}
    if isinstance(one, list) and isinstance(other, list) and (known := KEYS.get(key)):
        old = {each[known]: each for each in one}
        new = {each[known]: merge(old.get(each[known]), each) for each in other}
        return [*(new.pop(name, each) for name, each in old.items()), *new.values()]
    return deepcopy(other)


def _operate(manifest: Manifest, operations: list[Manifest]) -> None:
    for told in operations:
        assert told["op"] == "replace", told
        *path, last = [int(part) if part.isdigit() else part for part in told["path"].strip("/").split("/")]
        place: Any = manifest
        for part in path:
            place = place[part]
        assert last in place if isinstance(place, dict) else last < len(place), told
        place[last] = told["value"]


def _in_namespace(made: list[Manifest], namespace: str, _: Path) -> list[Manifest]:
    for manifest in made:
        manifest["metadata"]["namespace"] = namespace
    return made


def _suffixed(made: list[Manifest], suffix: str, _: Path) -> list[Manifest]:
    """Names, and where one of these manifests names another."""
    names = {manifest["metadata"]["name"] for manifest in made}
    for manifest in made:
        manifest["metadata"]["name"] += suffix
        manifest.update(_renamed(manifest, {name: name + suffix for name in names}))
    return made


def _renamed(part: Any, names: dict[str, str], key: str = "") -> Any:
    """An Ingress names a Service; what else of ours names another is deleted where names have a suffix."""
    if isinstance(part, dict):
        return {
            name: {**value, "name": names.get(value["name"], value["name"])}
            if name == "service"
            else _renamed(value, names)
            for name, value in part.items()
        }
    return [_renamed(each, names) for each in part] if isinstance(part, list) else part


def _labelled(made: list[Manifest], labels: list[Manifest], _: Path) -> list[Manifest]:
    for told in labels:
        assert set(told) <= {"pairs", "includeTemplates", "fields"}, told
        for manifest in made:
            _label(manifest["metadata"], "labels", told["pairs"])
            for template in _templates(manifest) if told.get("includeTemplates") else ():
                _label(template.setdefault("metadata", {}), "labels", told["pairs"])
            for field in told.get("fields", ()):
                _label_field(manifest, field, told["pairs"])
    return made


def _label_field(manifest: Manifest, field: Manifest, pairs: Manifest) -> None:
    if manifest["kind"] == field["kind"]:
        *path, last = field["path"].split("/")
        place = manifest
        for part in path:
            place = place.get(part, {})
        if last in place or field.get("create"):
            _label(place, last, pairs)


def _label(place: Manifest, key: str, pairs: Manifest) -> None:
    place[key] = {**(place.get(key) or {}), **pairs}


def _with_images(made: list[Manifest], images: list[Manifest], _: Path) -> list[Manifest]:
    named = {told["name"]: f"{told['newName']}:{told['newTag']}" for told in images}
    for container in (each for manifest in made for each in containers(manifest)):
        container["image"] = named.get(container["image"], container["image"])
    return made


def containers(manifest: Manifest) -> list[Manifest]:
    pod = pod_of(manifest)
    return [*pod.get("initContainers", ()), *pod.get("containers", ())]


def pod_of(manifest: Manifest) -> Manifest:
    """The parts of a pod of this manifest; nothing where it makes none."""
    *_, template = [{}, *_templates(manifest)]
    found: Manifest = template.get("spec", {})
    return found


def labels_of(manifest: Manifest) -> Manifest:
    """The labels of the pods of this manifest."""
    *_, template = _templates(manifest)
    found: Manifest = template["metadata"]["labels"]
    return found


def _templates(manifest: Manifest) -> Iterator[Manifest]:
    """The templates of a manifest, the one of its pods last: a CronJob makes Jobs, which make pods."""
    within = manifest.get("spec", {})
    for key in ("jobTemplate", "template"):
        if key in within:
            yield within[key]
            within = within[key].get("spec", {})


CHANGES: dict[str, Callable[[list[Manifest], Any, Path], list[Manifest]]] = {
    "patches": _patched,
    "namespace": _in_namespace,
    "nameSuffix": _suffixed,
    "labels": _labelled,
    "images": _with_images,
}
