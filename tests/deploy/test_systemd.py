"""The units and the installer for one Debian server, judged by systemd's and the shell's own tools."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands.work import DRAIN_S
from core.strictness import DEMANDED
from tests.deploy.ways import DEPLOY, UNITS, lines, variables

SERVICES = sorted(UNITS.glob("*.service"))
DROP_IN = Path("turno-.service.d/10-turno.conf")
MOST_EXPOSED = 2.0
"""Of 10, as `systemd-analyze security` counts."""
CHOSEN = {"turno-digest.timer"}
"""Enabled by who has a mail server for it."""
SCRIPTS = (UNITS / "install.sh", DEPLOY / "make-secrets.sh")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A root with the units where the installer puts them, and a program where they look for it."""
    there = tmp_path / "etc" / "systemd" / "system"
    (there / DROP_IN).parent.mkdir(parents=True)
    for unit in [*SERVICES, *UNITS.glob("*.timer"), *UNITS.glob("*.target")]:
        shutil.copy(unit, there)
    shutil.copy(UNITS / DROP_IN, there / DROP_IN)
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr" / "lib" / "systemd" / "system", symlinks=True)
    program = tmp_path / "opt" / "turno" / "current" / "bin" / "turno"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return tmp_path


def analyze(machine: Path, verb: str, unit: str, *arguments: str) -> tuple[int, str]:
    command = ["systemd-analyze", verb, f"--root={machine}", *arguments, unit]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def verified(machine: Path, unit: str) -> tuple[int, str]:
    return analyze(machine, "verify", str(machine / "etc/systemd/system" / unit), "--man=no", "--recursive-errors=no")


@pytest.mark.parametrize("unit", [file.name for file in SERVICES])
def test_each_service_is_well_formed_and_confined(machine: Path, unit: str) -> None:
    assert verified(machine, unit) == (0, "")
    _, told = analyze(machine, "security", unit, "--offline=true")
    found = re.search(r"exposure level for \S+: ([\d.]+)", told)
    assert found and float(found[1]) <= MOST_EXPOSED, told


def test_a_word_that_systemd_does_not_know_is_seen(machine: Path) -> None:
    unit = machine / "etc/systemd/system/turno-web.service"
    unit.write_text(unit.read_text().replace("TimeoutStopSec", "TimeoutStopSecs"))
    assert "'TimeoutStopSecs'" in verified(machine, unit.name)[1]


def test_a_service_that_is_not_confined_is_seen(machine: Path) -> None:
    drop_in = machine / "etc/systemd/system" / DROP_IN
    drop_in.write_text(
        re.sub(
            r"^(SystemCallFilter|CapabilityBoundingSet|Protect\w+|Private\w+)=.*\n", "", drop_in.read_text(), flags=re.M
        )
    )
    told = analyze(machine, "security", "turno-web.service", "--offline=true")[1]
    found = re.search(r"exposure level for \S+: ([\d.]+)", told)
    assert found and float(found[1]) > MOST_EXPOSED


def test_they_have_the_time_to_drain() -> None:
    for unit in ("turno-web", "turno-worker"):
        told = dict(lines(UNITS / f"{unit}.service"))
        assert int(told["TimeoutStopSec"].removesuffix("s")) > max(DRAIN_S, 30.0) + 5, unit
        assert told["Requires"] == told["After"] == "turno-migrate.service"


def test_every_secret_is_a_credential() -> None:
    told = lines(UNITS / DROP_IN)
    loaded = dict(value.split(":") for key, value in told if key == "LoadCredential")
    given = dict(value.split("=") for key, value in told if key == "Environment")
    assert {name: f"/etc/turno/secrets/{name}" for name in loaded} == loaded
    assert {f"{name.upper()}_FILE": f"%d/{name}" for name in loaded} == given
    assert {*DEMANDED, "database_url"} - loaded.keys() == set()
    assert [name for name in variables((UNITS / "turno.env.example").read_text()) if name.lower() in loaded] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.name))
def test_each_script_is_clean(script: Path) -> None:
    linter = Path(sys.executable).parent / "shellcheck"
    done = subprocess.run([linter, "--severity=style", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    wrong = subprocess.run(
        [linter, "-"], input=f"{script.read_text()}\nrm -r $HOME/$1\n", capture_output=True, text=True
    )
    assert "SC2086" in wrong.stdout


def test_the_installer_installs_every_unit_and_enables_what_starts_at_boot() -> None:
    script = SCRIPTS[0].read_text("utf-8")
    for kind in {file.suffix for file in UNITS.iterdir() if file.name.startswith("turno-") and file.is_file()}:
        assert f"*{kind}" in script, kind
    wanted = [file.name for file in UNITS.iterdir() if file.is_file() and "\nWantedBy=" in file.read_text("utf-8")]
    enabled = next(line for line in script.splitlines() if "systemctl enable" in line).split()
    assert CHOSEN < set(wanted)
    assert [name for name in set(wanted) - CHOSEN if not {name, name.removesuffix(".service")} & set(enabled)] == []


def test_what_is_started_by_the_clock_is_a_command_of_ours() -> None:
    timers = sorted(UNITS.glob("*.timer"))
    assert [timer.stem for timer in timers] == ["turno-backup", "turno-canary", "turno-digest", "turno-smoke"]
    for timer in timers:
        told = dict(lines(timer.with_suffix(".service")))
        calendar = dict(lines(timer))["OnCalendar"]
        assert subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True).returncode == 0, calendar
        assert told["Type"] == "oneshot"
        with pytest.raises(SystemExit, match="0"):
            main([*shlex.split(told["ExecStart"])[1:], "--help"])
