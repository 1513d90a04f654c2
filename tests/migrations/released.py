"""The statements of the last release, kept word for word: its code goes on working on the newer schema until the last
process of it has stopped.

`python -m tests.migrations.released`, run for a release, keeps today's and forgets those of the release before. They
are a file, because a clone need not have the history or the tags.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from core.store import queries
from tests.migrations.steps import revisions

FOLDER = Path(__file__).parent / "released"
BLOCK = re.compile(r"^-- name: (\S+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


def kept() -> tuple[str, dict[str, str]]:
    """The last release's revision, and its statements by name."""
    [path] = FOLDER.glob("*.sql")
    return path.stem, {match[1]: match[2] for match in BLOCK.finditer(path.read_text("utf-8"))}


def numbered(statement: str) -> str:
    """The same with its parameters by number."""
    order: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in order:
            order.append(found[1])
        return f"${order.index(found[1]) + 1}"

    return re.sub(r"%\((\w+)\)s", number, statement).replace("%%", "%")


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.sql"):
        path.unlink()
    blocks = [f"-- name: {name}\n{statement}\n" for name, statement in sorted(queries.load().items())]
    (FOLDER / f"{revisions()[-1]}.sql").write_text("\n".join(blocks), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
