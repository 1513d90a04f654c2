"""Software bill of materials (SBOM) in CycloneDX: what the image is made of, from the lock and, of a root, Debian's own list.

`python -m deploy.bill [ROOT] > bill.json`
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)[^\n]*\\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M)
VERSION = re.compile(r'^VERSION: Final = "(.+)"$', re.M)


def locked(lock: str) -> Iterator[dict[str, Any]]:
    """Each distribution that a lock pins, with the hashes of its files."""
    for name, version, hashes in PINNED.findall(lock):
        content = [{"alg": "SHA-256", "content": each} for each in re.findall(r"sha256:(\w+)", hashes)]
        files = [{"type": "distribution", "url": f"pypi:{name}", "hashes": content}]
        yield component(name, version, f"pkg:pypi/{name}@{version}") | {"externalReferences": files}


def installed(status: str) -> Iterator[dict[str, Any]]:
    """Each package that dpkg says is installed."""
    for paragraph in status.split("\n\n"):
        told = dict(re.findall(r"^(Package|Version|Status|Architecture): (.+)$", paragraph, re.M))
        if told.get("Status") == "install ok installed":
            where = f"pkg:deb/debian/{told['Package']}@{told['Version']}?arch={told['Architecture']}"
            yield component(told["Package"], told["Version"], where)


def component(name: str, version: str, url: str) -> dict[str, Any]:
    return {"type": "library", "name": name, "version": version, "purl": url, "bom-ref": url}


def bill(root: Path | None) -> dict[str, Any]:
    found = list(locked((HERE / "requirements.lock").read_text("utf-8")))
    if root:
        found += installed((root / "var/lib/dpkg/status").read_text("utf-8"))
    [version] = VERSION.findall((HERE / "core" / "version.py").read_text("utf-8"))
    about = {"component": {"type": "application", "name": "turno", "version": version, "bom-ref": "turno"}}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": about, "components": found}


if __name__ == "__main__":
    print(json.dumps(bill(Path(sys.argv[1]) if len(sys.argv) > 1 else None), indent=1))
