"""The version of this program, in one place: package, command, health, metrics and admin window report it."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
