"""Development secrets: generated once, stored in files that only their owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

NAMES = ("WHATSAPP_VERIFY_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_ACCESS_TOKEN", "ERASURE_SECRET", "CODES_SECRET")


def files(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """NAME_FILE settings for every secret that the environment does not give itself."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    needed = [name for name in NAMES if name not in environ and f"{name}_FILE" not in environ]
    return {f"{name}_FILE": str(_kept(folder / name.lower())) for name in needed}


def _kept(path: Path) -> Path:
    if not path.exists():
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        unfinished.replace(path)
    return path.absolute()
