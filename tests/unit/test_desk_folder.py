"""Desks from a folder besides ours: a whole one serves, a broken one is refused alone, with its place and the mend."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import desks
from core import session
from tests.bakery import bake
from tests.unit.talk import Talk

BAKERY = session.Desk("bakery", "La Espiga", "es", "America/Mexico_City", "bakery")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The folder of the toy desk, in a folder of desks; what was loaded of it is forgotten afterwards."""
    yield bake(tmp_path)
    desks.forget_folder(tmp_path)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    later = path.stat().st_mtime_ns + 2_000_000_000
    os.utime(path, ns=(later, later))


def test_a_toy_desk_in_any_folder_answers(home: Path) -> None:
    assert desks.add_folder(home.parent) == []
    talk = Talk(desk=BAKERY)
    assert "¿Qué pan deseas?" in talk.say("hola").replies[-1].text
    assert "¿Qué pan?" in talk.say("quiero pan").replies[-1].text
    assert "¿una hogaza, verdad?" in talk.say("una hogaza").replies[-1].text
    assert "¡Marchando una hogaza!" in talk.say("sí").replies[0].text
    assert desks.check("bakery") == []


def add_state(home: Path) -> None:
    change(home / "flows/loaf.py", 'State("taken"', 'State("lost", asks="right"),\n    State("taken"')


def name_a_flow_like_anothers(home: Path) -> None:
    (home / "flows/loaf.py").rename(home / "flows/tickets.py")
    change(home / "__init__.py", "bakery, loaf", "bakery, tickets")


def write_panel(home: Path, text: str) -> None:
    (home / "panels").mkdir()
    (home / PANEL).write_text(text, encoding="utf-8")


PANEL = "panels/10-orders.sql"
BROKEN: dict[str, tuple[Callable[[Path], object], str, int, str]] = {
    "syntax": (lambda h: change(h / "flows/loaf.py", "VERSION = 1", "VERSION = ="), "flows/loaf.py", 6, "invalid syntax"),
    "raises": (lambda h: change(h / "reading.py", "read =", "read = 1 / 0 #"), "reading.py", 7, "ZeroDivisionError"),
    "exits": (lambda h: change(h / "reading.py", "read =", "raise SystemExit(3) #"), "reading.py", 7, "SystemExit"),
    "phrase": (lambda h: change(h / "phrases/es/loaf.toml", "ordered =", "order ="), "phrases/es/loaf.toml", 3, "ordered"),
    "toml": (lambda h: change(h / "phrases/es/loaf.toml", 'right = "', "right = "), "phrases/es/loaf.toml", 2, "line 2"),
    "flow": (name_a_flow_like_anothers, "flows/tickets.py", 1, "another desk has a flow of this name"),
    "state": (add_state, "flows/loaf.py", 11, "no row leads here"),
    "guard": (lambda h: change(h / "flows/loaf.py", '"full"', '"ful"'), "__init__.py", 1, "'ful', which is not there"),
    "setting": (lambda h: change(h / "demo.toml", "surveys", "survey"), "demo.toml", 8, "did you mean surveys?"),
    "example": (lambda h: change(h / "examples.toml", '"greeting"', '"order"'), "examples.toml", 3, "labelled 'order'"),
    "keys": (lambda h: change(h / "catalogue.py", ", key=True", ""), "catalogue.py", 6, "0 columns are its key; one must be"),
    "kind": (lambda h: change(h / "catalogue.py", '"loaves": (', '"menu": ('), "catalogue.py", 6, "means something else by it"),
    "fact": (lambda h: change(h / "catalogue.py", '"loaves",', '"buns",'), "catalogue.py", 1, "has no such kind"),
    "interrupts": (lambda h: change(h / "__init__.py", "facts={", "interrupts=frozenset({'pies'}), facts={"), "__init__.py", 9, "names 'pies'"),
    "header": (lambda h: write_panel(h, "-- title: A\n-- sise: small\nselect 1"), PANEL, 2, "no such key: sise"),
    "sql": (lambda h: write_panel(h, "-- title: A\n\ndelete from x"), PANEL, 2, "one SELECT is wanted"),
    "nothing": (lambda h: change(h / "__init__.py", "DESK =", "TABLE ="), "__init__.py", 1, "says no DESK"),
    "name": (lambda h: change(h / "__init__.py", 'name="bakery"', 'name="baker"'), "__init__.py", 1, "calls itself"),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_desk_is_refused_alone_with_its_place(how: str, home: Path) -> None:
    spoil, file, line, why = BROKEN[how]
    spoil(home)
    bake_another(home.parent)
    before = {*desks.DESKS}
    refused = desks.add_folder(home.parent)
    assert {refusal.desk for refusal in refused} == {"bakery"}
    assert any((r.file, r.line) == (file, line) and why in str(r) for r in refused), [*map(str, refused)]
    assert {*desks.DESKS} == {*before, "bakery2"}
    assert not desks.serves(BAKERY)
    assert any("desk bakery is refused" in problem for problem in desks.check("bakery"))
    assert Talk(desk=session.Desk("b2", "Otra", "es", "America/Mexico_City", "bakery2")).say("hola").replies


def bake_another(folder: Path) -> None:
    """The same desk, whole, under names of its own."""
    home = bake(folder, "bakery2")
    for file in ("flows/bakery.py", "phrases/es/bakery.toml", "phrases/en/bakery.toml"):
        (home / file).rename((home / file).with_stem("bakery2"))
    for file in ("flows/loaf.py", "phrases/es/loaf.toml", "phrases/en/loaf.toml"):
        (home / file).rename((home / file).with_stem("loaf2"))
    change(home / "flows/bakery2.py", "@loaf", "@loaf2")
    change(home / "__init__.py", "bakery", "bakery2")
    change(home / "__init__.py", "loaf", "loaf2")


def test_a_desk_called_like_another_is_refused(tmp_path: Path) -> None:
    bake(tmp_path, "field")
    (refused,) = desks.add_folder(tmp_path)
    assert "another desk has this name" in str(refused) and "field" in desks.DESKS
    desks.forget_folder(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (refused,) = desks.add_folder(tmp_path / "nowhere")
    assert "DESKS_FOLDER names no folder" in str(refused)
    desks.forget_folder(tmp_path / "nowhere")


def test_a_changed_desk_is_loaded_anew(home: Path) -> None:
    desks.add_folder(home.parent)
    assert desks.refresh() == []
    change(home / "phrases/es/bakery.toml", "¿Qué pan deseas?", "¿Con qué te sirvo?")
    assert desks.refresh() == ["bakery"]
    assert "¿Con qué te sirvo?" in Talk(desk=BAKERY).say("hola").replies[-1].text
    change(home / "flows/bakery.py", "VERSION = 1", "VERSION =")
    assert desks.refresh() == ["bakery"] and not desks.serves(BAKERY)
    change(home / "flows/bakery.py", "VERSION =", "VERSION = 2")
    assert desks.refresh() == ["bakery"] and desks.serves(BAKERY)
    (home / "__init__.py").unlink()
    assert desks.refresh() == ["bakery"] and not desks.serves(BAKERY)
