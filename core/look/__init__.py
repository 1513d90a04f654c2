"""Styles of a conversation, shared by every page that shows one: colours, bubbles, and text as elements."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
FILES = ("look.css", "wall.svg", "el.js", "text.js", "viewer.js")
"""The files that a browser may fetch."""
