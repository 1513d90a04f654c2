"""Template variables of every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from core.bell import Bell
from core.clock import Clock
from core.settings import Settings
from core.store.db import Database
from core.store.staff.sign_ins import Limits, Tries
from dashboard.person import Staff
from dashboard.tools import Tools

Section = Literal["boards", "work", "house"]


def to_everybody(_: Staff) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the navigation, shown to those whose role suffices."""

    title: str
    endpoint: str
    role: str = "viewer"
    section: Section = "work"
    values: dict[str, Any] = field(default_factory=dict)
    shown: Callable[[Staff], bool] = to_everybody
    """Whether it is shown to this person, whose role suffices."""


@dataclass(frozen=True, slots=True)
class Window:
    db: Database
    settings: Settings
    tools: Tools
    bell: Bell
    """Rung after something was put in the inbox."""
    clock: Clock
    links: list[Link] = field(default_factory=list)
    """A page appends its own when it is added; they are shown in that order."""

    @property
    def in_production(self) -> bool:
        return self.settings.app_env == "production"

    @property
    def limits(self) -> Limits:
        return Limits(self.settings.staff_idle_s, self.settings.staff_session_s)

    @property
    def account_tries(self) -> Tries:
        return Tries("account", self.settings.sign_in_tries, self.settings.sign_in_every_s)

    @property
    def code_tries(self) -> Tries:
        return Tries("code", self.settings.sign_in_tries, self.settings.sign_in_every_s)

    @property
    def browser_tries(self) -> Tries:
        """A browser that signed in to the account before has tries of its own: others cannot use them up."""
        return Tries("browser", self.settings.sign_in_tries, self.settings.sign_in_every_s)

    @property
    def inside_tries(self) -> Tries:
        return Tries("inside", self.settings.sign_in_tries, self.settings.sign_in_every_s)

    @property
    def address_tries(self) -> Tries:
        return Tries("address", self.settings.sign_in_address_tries, self.settings.sign_in_address_every_s)
