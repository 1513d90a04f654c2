"""Reads fields of a request body, or refuses as the Graph API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.errors import GraphError


def part(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object called `name`."""
    found = holder.get(name)
    if not isinstance(found, Mapping):
        raise GraphError(100, f"The parameter {name} is required.")
    return found


def words(holder: Mapping[str, Any], name: str, longest: int, *, path: str = "", needed: bool = True) -> str:
    """The text called `name`, not empty when needed, and not longer than allowed."""
    found = holder.get(name)
    where = f"{path}['{name}']" if path else name
    if found is None and not needed:
        return ""
    if not isinstance(found, str) or (needed and not found.strip()):
        raise GraphError(131008, f"The parameter {where} is required.")
    if len(found) > longest:
        raise GraphError(131009, f"{where}: length invalid. Min length: 1, Max length: {longest}")
    return found


def items(holder: Mapping[str, Any], name: str, least: int, most: int) -> list[Mapping[str, Any]]:
    """The list called `name`, of objects, of an allowed length."""
    found = holder.get(name)
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        raise GraphError(131008, f"The parameter {name} is required.")
    if not least <= len(found) <= most:
        raise GraphError(131009, f"{name}: count invalid. Min allowed: {least}, Max allowed: {most}")
    return found
