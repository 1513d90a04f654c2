"""Files of TOML, and where they are broken."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from core.errors import Broken

_AT_LINE = re.compile(r"\(at line (\d+)")


def read(path: Path) -> dict[str, Any]:
    """The content of a file. Raises Broken with the file and its line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        raise Broken(f"{path}:{found[1] if found else 1}: {error}") from None
    except UnicodeDecodeError:
        raise Broken(f"{path}:1: it is not UTF-8") from None


def line_with(path: Path, words: str) -> int:
    """The first line of a file that has these words; 1 when none has."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((number for number, line in enumerate(lines, 1) if words in line), 1)
