"""The named SQL blocks of `core/store/sql/*.sql`, read once when the program starts.

A block begins with `-- name: verb`; the comment lines after it are its promise.
It is known as `file.verb`, for example `inbox.accept`. What several blocks of a file share, such as a list of columns,
stands once, as `-- part: name`, and is put in their place of `@name@`.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_BLOCK = re.compile(r"^-- (?P<kind>name|part): (?P<verb>\w+)\n", re.MULTILINE)
_PART = re.compile(r"@(\w+)@")


@cache
def load() -> dict[str, str]:
    """Every block by name."""
    blocks: dict[str, str] = {}
    for path in files("core.store").joinpath("sql").iterdir():
        if path.name.endswith(".sql"):
            table = path.name.removesuffix(".sql")
            for verb, statement in _split(path.read_text(encoding="utf-8")):
                blocks[f"{table}.{verb}"] = statement
    return blocks


def _split(source: str) -> list[tuple[str, str]]:
    marks = list(_BLOCK.finditer(source))
    ends = [mark.start() for mark in marks[1:]] + [len(source)]
    texts = [
        (mark["kind"], mark["verb"], _bare(source[mark.end() : end])) for mark, end in zip(marks, ends, strict=True)
    ]
    parts = {verb: text for kind, verb, text in texts if kind == "part"}
    return [(verb, _PART.sub(lambda used: parts[used[1]], text)) for kind, verb, text in texts if kind == "name"]


def _bare(block: str) -> str:
    """The statement without its comments: a comment's % or apostrophe means nothing to the driver."""
    lines = (line.split("-- ")[0].rstrip() for line in block.splitlines() if not line.lstrip().startswith("--"))
    return "\n".join(line for line in lines if line)
