"""The version stands in one place, and everything that tells it tells that one."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from bot.__main__ import main
from core import telemetry
from core.settings import Settings
from core.version import VERSION

ROOT = Path(__file__).parents[2]


def test_it_is_a_version_by_the_rules_of_semver() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9a-z.]+)?", VERSION)


def test_the_package_reads_it_from_there() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    assert setup["metadata"]["version"] == "attr: core.version.VERSION"


def test_the_command_tells_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"turno {VERSION}\n"


def test_a_metric_tells_it_once_the_process_is_set_up() -> None:
    telemetry.configure(Settings.model_validate({}))
    assert f'turno_build_info{{version="{VERSION}"}} 1.0\n' in telemetry.exposition().decode()
