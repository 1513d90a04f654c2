"""Dependency scan without a network: the bill of materials against advisories that a job renews.

`python -m deploy.scan`: exit 1 when something above moderate is neither mended nor accepted, or an acceptance is over.
`python -m deploy.scan --renew all.zip`: take from the OSV database's export for PyPI what is about our packages.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

from deploy.bill import bill

FOLDER = Path(__file__).parent / "advisories"
MILD = ("LOW", "MODERATE")
"""What may wait. An advisory that tells no severity may not."""
FRESH = timedelta(days=45)

Advisory = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    id: str
    package: str
    version: str
    severity: str

    @property
    def grave(self) -> bool:
        return self.severity not in MILD


def scan(components: Iterable[dict[str, Any]], advisories: Iterable[Advisory]) -> Iterator[Found]:
    """What is known about the versions that we have."""
    ours = {canonicalize_name(each["name"]): each["version"] for each in components if ":pypi/" in each["purl"]}
    for advisory in (each for each in advisories if not each.get("withdrawn")):
        for affected in advisory.get("affected", ()):
            name = canonicalize_name(affected["package"]["name"])
            if name in ours and _hit(affected, ours[name]):
                yield Found(advisory["id"], name, ours[name], _severity(advisory))


def _severity(advisory: Advisory) -> str:
    return str(advisory.get("database_specific", {}).get("severity", "UNTOLD")).upper()


def _hit(affected: Advisory, version: str) -> bool:
    return version in affected.get("versions", ()) or any(
        _within(told["events"], Version(version)) for told in affected.get("ranges", ()) if told["type"] == "ECOSYSTEM"
    )


def _within(events: list[dict[str, str]], version: Version) -> bool:
    """OSV: the last event at or before a version tells."""
    hit = False
    for event in events:
        [(kind, at)] = event.items()
        if kind == "introduced":
            hit = hit or at == "0" or version >= Version(at)
        elif (kind == "fixed" and version >= Version(at)) or (kind == "last_affected" and version > Version(at)):
            hit = False
    return hit


def problems(found: Iterable[Found], accepted: dict[str, dict[str, Any]], today: date) -> Iterator[str]:
    for each in found:
        told = accepted.get(each.id)
        if told and told["until"] < today:
            yield f"{each.id} ({each.package} {each.version}): accepted until {told['until']}, which is over"
        elif not told and each.grave:
            yield f"{each.id} ({each.package} {each.version}): {each.severity}"


def renew(export: Path, names: set[str], today: date) -> dict[str, Any]:
    with zipfile.ZipFile(export) as archive:
        all_of_them = (json.loads(archive.read(name)) for name in archive.namelist())
        ours = [
            each
            for each in all_of_them
            if names & {canonicalize_name(a["package"]["name"]) for a in each.get("affected", ())}
        ]
    return {"renewed": today.isoformat(), "advisories": sorted(ours, key=lambda each: str(each["id"]))}


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renew", type=Path, metavar="FILE", help="the export of the OSV database for PyPI (all.zip)")
    chosen = parser.parse_args(arguments)
    file, today = folder / "python.json", datetime.now(UTC).date()
    components = bill(None)["components"]
    if chosen.renew:
        names = {str(canonicalize_name(each["name"])) for each in components}
        file.write_text(json.dumps(renew(chosen.renew, names, today), indent=1) + "\n", "utf-8")
    told = json.loads(file.read_text("utf-8"))
    accepted = tomllib.loads((folder / "accepted.toml").read_text("utf-8"))
    wrong = list(problems(scan(components, told["advisories"]), accepted, today))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    renewed = told["renewed"]
    print(f"{len(components)} packages, {len(told['advisories'])} advisories, renewed {renewed or 'never'}")
    if not renewed or date.fromisoformat(renewed) < today - FRESH:
        print("these advisories are old: a scan tells little until a job has renewed them")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
