"""Everybody can use every page: axe finds nothing serious, light and dark, and the keyboard reaches everything."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from core.store.chat import links
from core.store.db import Database
from core.store.staff import accounts
from tests.acceptance import keyboard
from tests.acceptance.furnished import DESK, PHONE, admin, sign_in
from tests.acceptance.house import House
from tests.integration.staff import PASSWORD, account

BOARDS = ("now", "conversations", "delivery", "understanding", "concurrency", "reports", "desk-hotel")
INSIDE = (
    *(f"boards/{name}" for name in BOARDS),
    "panels/now/40-processes",
    "panels/conversations/10-flow-maps",
    "conversations",
    "conversations/{conversation}",
    "conversations/{talk}",
    "conversations/{talk}/events/{event}",
    "search?q=refrigerador",
    "tickets",
    "tickets/{ticket}",
    "bookings",
    "bookings/{booking}",
    "holds/{hold}",
    "queues",
    "letters",
    "letters/{letter}",
    "letters/replay",
    "console",
    "people",
    "people/{me}",
    "contacts",
    "contacts/{contact}",
    "audit",
    "account",
    "nowhere",
)
RUN = """async () => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa"] }, resultTypes: ["violations"] });
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact)).map((one) =>
    `${one.id}: ` + one.nodes.slice(0, 5).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join("; "));
}"""


def _check(page: Any) -> None:
    """Wide and light, then narrow and dark with all that folds unfolded; looked at, and walked through with the keyboard."""
    found = []
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {problem}" for problem in page.evaluate(RUN)]
        if size is PHONE:
            page.evaluate(keyboard.UNFOLD)
        found += [f"{scheme}: {problem}" for problem in keyboard.problems(page, back_too=size is PHONE)]
    page.set_viewport_size(DESK)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("path", INSIDE)
def test_everybody_can_use_every_page_inside(furnished: House, ana: Any, there: dict[str, Any], path: str) -> None:
    ana.goto(admin(furnished, path.format(**there)))
    ana.locator("main h1").first.wait_for()
    ana.get_by_text("Loading…").first.wait_for(state="detached")  # the pieces of a board
    _check(ana)


def test_everybody_can_sign_in(furnished: House, stranger: Any) -> None:
    stranger.goto(admin(furnished, "sign-in"))
    stranger.get_by_label("Password").wait_for()
    _check(stranger)


def test_everybody_can_follow_a_welcome_link(furnished: House, stranger: Any) -> None:
    db, token = Database(furnished.url), secrets.token_urlsafe(32)
    with db.transaction() as tx:
        id = accounts.create(tx, email="eva@turno.example", name="Eva Luz", role="operator", desks=None)
        assert id is not None
        accounts.invite(tx, id, token, valid_s=3600)
    db.close()
    stranger.goto(admin(furnished, f"welcome/{token}"))
    stranger.get_by_role("heading", name="Choose your password").wait_for()
    _check(stranger)


def test_everybody_can_set_up_a_second_factor_and_sign_in_with_it(furnished: House, stranger: Any) -> None:
    db = Database(furnished.url)
    account(db, "rosa@turno.example")
    db.close()
    sign_in(stranger, furnished, "rosa@turno.example")
    stranger.locator("body.inside").wait_for()
    stranger.goto(admin(furnished, "account"))
    form = stranger.locator("form[action$='second-factor/new']")
    form.get_by_label("Your password").fill(PASSWORD)
    form.get_by_role("button").click()
    stranger.get_by_role("heading", name="Second factor").wait_for()
    _check(stranger)
    furnished.run("update staff set totp_secret = 'JBSWY3DPEHPK3PXP' where email = 'rosa@turno.example'")
    stranger.context.clear_cookies()
    sign_in(stranger, furnished, "rosa@turno.example")
    stranger.get_by_label("six digits").wait_for()
    _check(stranger)


def test_everybody_can_use_the_chat(furnished: House, stranger: Any) -> None:
    stranger.goto(f"http://127.0.0.1:{furnished.port}/chat/?desk=field-service")
    stranger.get_by_role("button", name="Refrigerador").wait_for()
    stranger.get_by_role("textbox").fill("mi vehículo no arranca")
    stranger.keyboard.press("Enter")
    stranger.get_by_role("log").get_by_text("número de empleado").wait_for()
    stranger.add_style_tag(content="*::before { display: none !important }")  # over pictures axe judges no contrast
    _check(stranger)


def test_everybody_can_look_at_a_public_ticket(furnished: House, stranger: Any, there: dict[str, Any]) -> None:
    db = Database(furnished.url)
    with db.transaction() as tx:
        link = links.open_link(tx, there["ticket"], within_s=60)
    db.close()
    assert link
    stranger.goto(f"http://127.0.0.1:{furnished.port}/ticket/{there['ticket']}?key={link.key}")
    stranger.get_by_role("heading", name=there["ticket"]).wait_for()
    _check(stranger)
