"""The version of this program, in its one place: the package, the command, health, metrics and the window tell it."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
