"""The pages for operators are true: each command is one, each file and heading is there, each block can be read."""

from __future__ import annotations

import re
import subprocess
from argparse import ArgumentParser
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS
from core.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = ("go.md", "rollout.md", "backup.md", "operating.md", "runbook.md")
GO = (ROOT / "docs" / "go.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
PLACES = ("tests/", "deploy/", "docs/", ".ci/")


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def parser() -> ArgumentParser:
    made = ArgumentParser(prog="turno")
    commands = made.add_subparsers(required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return made


def spoken(page: str) -> list[str]:
    """Everything on a page that is written as code, a line each."""
    blocks = [line for block in re.findall(r"```sh\n(.*?)```", text(page), re.S) for line in block.splitlines()]
    return [*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text(page), flags=re.S))]


def anchors(page: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text(page), re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_each_command_of_a_page_is_one(page: str) -> None:
    """The command, and of `rollout` the act; options must be known to it."""
    known = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    for line in spoken(page):
        found = re.match(r"(?:[A-Z_]+=\S+ )*turno ([a-z]+)(.*)", line.partition("#")[0])
        if not found:
            continue
        command = known.get(found[1])  # type: ignore[union-attr]
        assert command is not None, line
        shown = " ".join(each.format_help() for each in parsers(command))
        assert [option for option in re.findall(r"(?<!\S)--[a-z-]+", found[2]) if option not in shown] == [], line


def parsers(command: ArgumentParser) -> list[ArgumentParser]:
    """The parser of a command, and those of its acts."""
    acts = [action for action in command._actions if isinstance(action.choices, dict)]
    return [command, *(each for action in acts for each in action.choices.values())]  # type: ignore[union-attr]


@pytest.mark.parametrize("page", PAGES)
def test_each_link_of_a_page_leads_somewhere(page: str) -> None:
    lost = []
    for target in re.findall(r"\]\(([^)]+)\)", text(page)):
        file, _, anchor = target.partition("#")
        if "://" in file:
            continue
        there = ROOT / "docs" / (file or page)
        if not there.exists() or (anchor and anchor not in anchors(file or page)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("page", PAGES)
def test_each_file_that_a_page_names_is_there(page: str) -> None:
    named = [word.split()[0].rstrip("/") for word in spoken(page) if word.startswith(PLACES)]
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_each_make_target_of_a_page_is_there(page: str) -> None:
    named = {found for line in spoken(page) for found in re.findall(r"^make ([a-z-]+)", line)}
    assert named - TARGETS == set()


@pytest.mark.parametrize("page", PAGES)
def test_each_shell_block_of_a_page_is_shell(page: str) -> None:
    for block in re.findall(r"```sh\n(.*?)```", text(page), re.S):
        done = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True, check=False)
        assert done.returncode == 0, block + done.stderr


def items() -> list[tuple[str, str]]:
    return re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", GO, re.M)


def test_there_are_thirty_four_items_each_with_a_proof() -> None:
    assert [int(number) for number, _ in items()] == list(range(1, 35))
    assert [number for number, proof in items() if "`" not in proof and "](" not in proof] == []


def test_each_secret_is_listed_with_what_it_opens() -> None:
    from pydantic import SecretStr

    secrets = {name.upper() for name, field in Settings.model_fields.items() if field.annotation is SecretStr}
    listed = set(re.findall(r"`([A-Z0-9_]+)`", GO[GO.index("## Secrets") : GO.index("## Access")]))
    assert secrets - listed == set()
