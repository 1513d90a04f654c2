"""Compile what the program loads, and nothing else: libraries bring twice as much as is ever imported.

Run in the image's build. Its root is read-only later, so nothing is compiled while it runs; and the compiled files do not
depend on the time of day (unchecked hashes), so that two builds are alike.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from compileall import compile_file
from py_compile import PycInvalidationMode

ROOMS = ("core", "bot", "webhook", "dashboard", "migrations")
LIBRARIES = (
    "gunicorn.app.wsgiapp",
    "webhook.serving",
    "alembic.config",
    "sqlalchemy.dialects.postgresql.psycopg",
    "openai",
)
NOT_IMPORTED = ("desk_template", "migrations.env")
"""Written to other folders, or run by a tool that has prepared the ground."""


def modules() -> Iterator[str]:
    for room in map(importlib.import_module, ROOMS):
        yield from (each.name for each in pkgutil.walk_packages(room.__path__, f"{room.__name__}."))
    yield from LIBRARIES


def main() -> None:
    for name in modules():
        if not any(part in name for part in NOT_IMPORTED):
            importlib.import_module(name)
    files = sorted({str(module.__file__) for module in list(sys.modules.values()) if getattr(module, "__file__", None)})
    for file in files:
        if file.startswith(sys.prefix) and file.endswith(".py"):
            compile_file(file, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)


if __name__ == "__main__":
    main()
