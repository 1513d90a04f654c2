"""The list of page modules, in the order of the navigation. Each has `add_to(blueprint, window)`."""

from __future__ import annotations

from typing import Protocol

from flask import Blueprint

from dashboard.audit import page as audit_page
from dashboard.boards import home, pages
from dashboard.bookings import acts as booking_acts
from dashboard.bookings import listing as bookings
from dashboard.bookings import page as booking
from dashboard.console import pages as console
from dashboard.conversation import acts, listing, page, photos, reveal, search, waiting
from dashboard.dead_letters import pages as letters
from dashboard.dead_letters import replay
from dashboard.people import contacts, staff
from dashboard.queues import page as queues
from dashboard.signing_in import account, second_factor, sign_in, welcome
from dashboard.tickets import listing as tickets
from dashboard.tickets import page as ticket
from dashboard.window import Window


class Page(Protocol):
    def add_to(self, blueprint: Blueprint, window: Window, /) -> None: ...


PAGES: tuple[Page, ...] = (
    home,
    pages,
    listing,
    waiting,
    page,
    acts,
    search,
    tickets,
    ticket,
    bookings,
    booking,
    booking_acts,
    photos,
    queues,
    letters,
    replay,
    sign_in,
    second_factor,
    welcome,
    reveal,
    console,
    staff,
    contacts,
    audit_page,
    account,
)
