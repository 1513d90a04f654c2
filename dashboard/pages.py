"""Every page of the window, in the order of the navigation. A page module has `add_to(blueprint, window)`."""

from __future__ import annotations

from typing import Protocol

from flask import Blueprint

from dashboard import (
    account,
    audit_page,
    boards,
    console,
    contacts,
    conversations,
    home,
    letters,
    letters_replay,
    people,
    photos,
    queues,
    reveal,
    search,
    second_factor,
    sign_in,
    ticket,
    tickets,
    waiting,
    welcome,
)
from dashboard.conversation import acts, page
from dashboard.window import Window


class Page(Protocol):
    def add_to(self, blueprint: Blueprint, window: Window, /) -> None: ...


PAGES: tuple[Page, ...] = (
    home,
    boards,
    conversations,
    waiting,
    page,
    acts,
    search,
    tickets,
    ticket,
    photos,
    queues,
    letters,
    letters_replay,
    sign_in,
    second_factor,
    welcome,
    reveal,
    console,
    people,
    contacts,
    audit_page,
    account,
)
