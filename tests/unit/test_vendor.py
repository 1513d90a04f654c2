"""What others wrote for the tests is here unchanged, with its licence."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "vendor"


def test_what_others_wrote_for_the_tests_is_here_unchanged() -> None:
    listed = [line.split()[:2] for line in (FOLDER / "VENDORED").read_text(encoding="utf-8").splitlines()]
    assert [name for _, name in listed] == sorted(path.name for path in FOLDER.glob("*.min.*"))
    for digest, name in listed:
        assert sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_the_licence_of_axe_lies_beside_it() -> None:
    assert "Mozilla Public License" in (FOLDER / "axe.LICENSE").read_text(encoding="utf-8")
