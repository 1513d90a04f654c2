"""The bill of materials names all that is installed, and the scan finds what is known about it."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.version import VERSION
from deploy import bill, scan
from deploy.scan import Advisory, main
from tests.unit.test_locks import pinned

STATUS = """Package: bash
Status: install ok installed
Architecture: amd64
Version: 5.2.37-2

Package: perl-base
Status: deinstall ok config-files
Architecture: amd64
Version: 5.40.1-6
"""


def test_the_bill_names_every_pin_with_its_hashes_and_what_debian_installed(tmp_path: Path) -> None:
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").write_text(STATUS)
    told = bill.bill(tmp_path)
    assert told["metadata"]["component"]["version"] == VERSION
    names = {each["name"]: each for each in told["components"]}
    assert names.keys() == {*pinned("requirements.lock"), "bash"}
    assert names["bash"]["purl"] == "pkg:deb/debian/bash@5.2.37-2?arch=amd64"
    lock = (Path(bill.HERE) / "requirements.lock").read_text("utf-8")
    hashes = [
        found["content"]
        for each in told["components"]
        for ref in each.get("externalReferences", ())
        for found in ref["hashes"]
    ]
    assert hashes == re.findall(r"sha256:(\w+)", lock)


def advisory(version: str, *, severity: str = "HIGH", name: str = "Flask", **more: Any) -> Advisory:
    """Everything before this version is affected."""
    events = [{"introduced": "0"}, {"fixed": version}]
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return {"id": "GHSA-1", "affected": [affected], "database_specific": {"severity": severity}, **more}


def scanned(folder: Path, *advisories: Advisory, accepted: str = "") -> int:
    (folder / "python.json").write_text(json.dumps({"renewed": date.today().isoformat(), "advisories": advisories}))
    (folder / "accepted.toml").write_text(accepted)
    return main([], folder)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (advisory("999"), 1),
        (advisory("999", severity="CRITICAL"), 1),
        ({**advisory("999"), "database_specific": {}}, 1),
        (advisory("999", severity="MODERATE"), 0),
        (advisory("0.1"), 0),
        (advisory("999", name="django"), 0),
        (advisory("999", withdrawn="2026-01-01T00:00:00Z"), 0),
    ],
)
def test_what_is_grave_and_ours_fails(tmp_path: Path, told: Advisory, code: int) -> None:
    assert scanned(tmp_path, told) == code


def test_what_is_accepted_passes_until_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tomorrow, yesterday = (date.today() + timedelta(days=days) for days in (1, -1))
    assert scanned(tmp_path, advisory("999"), accepted=f'[GHSA-1]\nwhy = "not called"\nuntil = {tomorrow}\n') == 0
    assert scanned(tmp_path, advisory("999"), accepted=f'[GHSA-1]\nwhy = "not called"\nuntil = {yesterday}\n') == 1
    assert "which is over" in capsys.readouterr().out


def test_ranges_begin_and_end() -> None:
    events = [{"introduced": "2.0"}, {"fixed": "2.5"}, {"introduced": "3.0"}, {"last_affected": "3.2"}]
    within = [
        version
        for version in ("1.9", "2.0", "2.4", "2.5", "3.0", "3.2", "3.3")
        if scan._within(events, scan.Version(version))
    ]
    assert within == ["2.0", "2.4", "3.0", "3.2"]


def test_a_renewal_takes_what_is_about_our_packages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("GHSA-1.json", json.dumps(advisory("0.1")))
        archive.writestr("GHSA-2.json", json.dumps({**advisory("999", name="django"), "id": "GHSA-2"}))
    (tmp_path / "accepted.toml").write_text("")
    assert main(["--renew", str(tmp_path / "all.zip")], tmp_path) == 0
    assert [each["id"] for each in json.loads((tmp_path / "python.json").read_text())["advisories"]] == ["GHSA-1"]
    assert "1 advisories" in capsys.readouterr().out


def test_our_own_packages_have_nothing_against_them() -> None:
    assert main([]) == 0


def test_each_acceptance_has_its_reason_and_its_end() -> None:
    told = scan.tomllib.loads((scan.FOLDER / "accepted.toml").read_text("utf-8"))
    assert [name for name, each in told.items() if not each["why"] or not isinstance(each["until"], date)] == []
