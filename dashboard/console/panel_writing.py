"""Export of a console query as a panel file."""

from __future__ import annotations

import re
import unicodedata

from core.panels.parameters import SHARED
from core.panels.sql_text import typed_select

HEADER = """\
-- title: {title}
-- help: Say in one sentence what it shows.
-- roles: analyst admin
"""
_OWN = {parameter.name for parameter in SHARED}


def file_name(name: str) -> str:
    """`50-what-it-is-called.sql`, to be put into the folder of a board."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"50-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:60].strip('-') or 'query'}.sql"


def written(name: str, sql: str) -> str:
    """With its header: a title, and each parameter of its own. Views have the same names in `report`."""
    title = " ".join(name.split())
    names = sorted(typed_select(sql).names - _OWN)
    parameters = "".join(f"-- param: {parameter} text\n" for parameter in names)
    body = re.sub(r"\bconsole\.(?=[a-z_])", "report.", sql.strip())
    return HEADER.format(title=title) + parameters + body + "\n"
