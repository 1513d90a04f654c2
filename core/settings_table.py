"""`python -m core.settings_table`: the table of `docs/settings.md`, from the settings themselves."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.settings import Settings


def describe() -> str:
    """One row a setting, in the order of `core/settings.py`."""
    head = "| name | kind | default | what it does |\n|---|---|---|---|"
    rows = [_row(name.upper(), field) for name, field in Settings.model_fields.items()]
    return "\n".join([head, *rows])


def _row(name: str, field: FieldInfo) -> str:
    kind, default = field.annotation, field.default
    shown = default.get_secret_value() if isinstance(default, SecretStr) else str(default)
    if kind is bool:
        shown = shown.lower()
    return f"| `{name}` | {_kind(kind)} | {f'`{shown}`' if shown else ''} | {field.description} |"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(get_args(annotation))
    return {bool: "true, false", int: "whole number", float: "number", SecretStr: "secret"}.get(annotation, "text")


if __name__ == "__main__":
    print(describe())
