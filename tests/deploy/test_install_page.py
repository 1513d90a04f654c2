"""docs/install.md says what is so: its commands are shell, and what they name is there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.deploy.ways import compose

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "install.md").read_text("utf-8")


def blocks(page: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S)


def lacking(page: str) -> Iterator[str]:
    """What the page names, and what is not there."""
    for block in blocks(page):
        parsed = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
        if parsed.returncode:
            yield f"no shell: {parsed.stderr.strip()}"
    for path in re.findall(r"\bdeploy/[\w./-]*\w", page):
        if not (ROOT / path).exists():
            yield f"{path} is not there"
    for service in re.findall(r"compose exec (\w+)", page):
        if service not in compose()["services"]:
            yield f"no service {service}"
    for target in re.findall(r"`make ([\w-]+)`", page):
        if not re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.M):
            yield f"no make {target}"


def test_everything_it_names_is_there() -> None:
    assert len(blocks(PAGE)) >= 5
    assert list(lacking(PAGE)) == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("```sh\necho 'a\n```\n", "no shell"),
        ("see deploy/helm/chart.yaml", "deploy/helm"),
        ("docker compose exec redis sh", "redis"),
        ("`make nothing`", "nothing"),
    ],
)
def test_what_is_not_so_is_seen(wrong: str, why: str) -> None:
    assert why in "".join(lacking(wrong))


def test_every_command_is_one_of_ours() -> None:
    told = set(re.findall(r"`turno (\w+)(?: (--check))?", PAGE))
    assert {name for name, _ in told} >= {"web", "window", "work", "migrate", "backup"}
    for name, option in told:
        with pytest.raises(SystemExit, match="0"):
            main([name, *([option] if option else []), "--help"])
