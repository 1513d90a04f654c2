"""Knowledge base of the IT desk: devices, symptoms, remedies, and set-up guides.

Everything is in the TOML files of this folder, reviewed as text; nothing here is code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.desks.it.knowledge import loading
from bot.desks.it.knowledge.entries import ANY, Device, Group, Problem, Step

FOLDER: Final = Path(__file__).parent
_DEVICES = loading.read(FOLDER / "devices.toml")
_FAMILIES = {path.stem: loading.read(path) for path in sorted((FOLDER / "families").glob("*.toml"))}

GROUPS: Final = loading.groups(_DEVICES)
DEVICES: Final = loading.devices(_DEVICES)
COMMON: Final[tuple[str, ...]] = tuple(_DEVICES["common"]["devices"])
"""Devices that are offered when the device is unknown."""
SYMPTOMS: Final = loading.symptoms(_FAMILIES)
PROBLEMS: Final = loading.problems(_FAMILIES)
STEPS: Final = loading.steps(_FAMILIES)
SYSTEMS: Final = {
    path.stem: loading.system(path.stem, loading.read(path), STEPS)
    for path in sorted((FOLDER / "systems").glob("*.toml"))
}
"""The systems on which steps are done otherwise than they are written."""
GUIDES: Final = loading.guides(loading.read(FOLDER / "guides.toml"))
GENERIC_GUIDE: Final = "generic"
VAGUE: Final = "not_working"

_BY_PLACE: Final = {(problem.symptom, device): problem for problem in PROBLEMS.values() for device in problem.devices}


def named(device: str) -> Device | Group:
    """A device or a group of them, by its id."""
    return DEVICES.get(device) or GROUPS[device]


def group_of(device: str) -> str:
    """The group of a device; a group's own id; "" for a device that is confused with none."""
    return device if device in GROUPS else DEVICES[device].group if device in DEVICES else ""


def step_on(step: str, system: str) -> Step | None:
    """The step as it is done on a system; None where there is no such thing."""
    known = SYSTEMS.get(system)
    if known is None:
        return STEPS[step]
    return None if step in known.without else known.steps.get(step, STEPS[step])


def members(device: str) -> tuple[str, ...]:
    """The devices an id may stand for."""
    return GROUPS[device].members if device in GROUPS else (device,)


def find(symptom: str, device: str) -> Problem | None:
    """Look up the entry for a symptom of a device: the device's own, its group's, or the general one."""
    for place in (device, group_of(device), ANY):
        found = _BY_PLACE.get((symptom, place))
        if found is not None:
            return found
    return None


def is_of(symptom: str, device: str) -> bool:
    """Whether something is known of this very device when it shows the symptom."""
    return (symptom, device) in _BY_PLACE and device in DEVICES


def undecided(symptom: str, device: str) -> tuple[str, ...]:
    """The members among which must be chosen, because they need different steps.

    None when it makes no difference, or when something is known that fits the whole group.
    """
    if (symptom, device) in _BY_PLACE:
        return ()
    ways = {find(symptom, member) for member in members(device)}
    return members(device) if len(ways) > 1 else ()


def suffering(symptom: str) -> tuple[str, ...]:
    """The devices and groups that something is known about, when they show this symptom."""
    return tuple(dict.fromkeys(d for p in PROBLEMS.values() if p.symptom == symptom for d in p.devices if d != ANY))


def guide_for(device: str) -> str:
    """The guide about a device, or about its group; "" when there is none."""
    for place in (device, group_of(device)):
        for guide in GUIDES.values():
            if place and place in guide.devices:
                return guide.id
    return ""
