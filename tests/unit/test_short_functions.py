"""The check of how long functions are: it finds what is too long, inner functions and all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import short_functions


def room(root: Path, *lengths: int) -> None:
    """A room with functions of these lengths."""
    (root / "room").mkdir()
    code = "\n\n".join(f"def f{n}():\n" + "    pass\n" * (length - 1) for n, length in enumerate(lengths))
    (root / "room" / "code.py").write_text(code)


@pytest.mark.parametrize(
    ("lengths", "wrong"),
    [
        ([40, *[2] * 20], []),
        ([41, *[2] * 20], ["room/code.py:1: f0 has 41 lines, at most 40"]),
        ([7, 7, 7], ["room: the median may be 6, nine in ten 15"]),
        ([2] * 8 + [16] * 2, ["room: the median may be 6, nine in ten 15"]),
        ([2] * 9 + [16], []),
    ],
)
def test_what_is_too_long_is_named(tmp_path: Path, lengths: list[int], wrong: list[str]) -> None:
    room(tmp_path, *lengths)
    assert short_functions.check("room", tmp_path)[1] == wrong


def test_a_function_counts_with_those_inside_it(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    inner = "".join(f"    def route{n}():\n" + "        pass\n" * 5 for n in range(7))
    (tmp_path / "room" / "routes.py").write_text(f"def add_to():\n{inner}" + "def small():\n    pass\n" * 20)
    told, wrong = short_functions.check("room", tmp_path)
    assert wrong == ["room/routes.py:1: add_to has 43 lines, at most 40"] and told.endswith("longest 43")


def test_our_functions_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    assert short_functions.main() == 0, capsys.readouterr().out
    assert capsys.readouterr().out.count("nine in ten") == len(short_functions.ROOMS)
