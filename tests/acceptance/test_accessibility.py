"""Everybody can use every page: axe finds nothing serious, light and dark, and the keyboard reaches everything."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import seed
from core.store import desks, links, staff
from core.store.db import Database
from tests.acceptance.house import House
from tests.acceptance.test_phone_walks import DEMO
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.staff import PASSWORD, account
from tests.waiting import until

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
ME = "ana@turno.example"
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}

BOARDS = ("now", "conversations", "delivery", "understanding", "concurrency", "reports")
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
WALK = """() => {
  const wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.type !== "hidden");
  wanted.forEach((one, at) => { one.dataset.at = at; });
  return wanted.length;
}"""
HERE = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { at: one.dataset.at ?? null, html: one.outerHTML.slice(0, 120), seen };
}"""


@pytest.fixture(scope="module")
def house(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a month behind it, and one conversation going on, which asks for a person."""
    for url in fresh_database(postgres, TEMPLATE):
        with House(url, tmp_path_factory.mktemp("house")) as made:
            _furnish(url)
            made.open()
            made.work("conversation")
            _talk(made)
            yield made


def _furnish(url: str) -> None:
    db = Database(url)
    with db.transaction() as tx:
        desks.load(tx, tomllib.loads(DEMO.read_text(encoding="utf-8")))
    account(db, ME)
    db.close()
    seed.fill(url, 4000)


def _talk(house: House) -> None:
    for said in ("hola", "refrigerador", "4045101", "no enfría", "quiero hablar con una persona"):
        _say(house, said)


def _say(house: House, said: str) -> None:
    wamid = house.say(said, customer="5215550000077")
    done = "select count(*) from inbox where external_id = %(wamid)s and state = 'done'"
    until(lambda: bool(house.one(done, wamid=wamid)), 30, told=house.told)


@pytest.fixture(scope="module")
def there(house: House) -> dict[str, Any]:
    """What there is to look at."""
    [row] = house.ask("""
        select (select conversation_id from inbox where external_id = %(last)s) as talk,
            (select id from inbox where external_id = %(last)s) as event,
            (select conversation_id from steps group by 1 order by count(*) desc, 1 limit 1) as conversation,
            (select number from tickets order by number limit 1) as ticket,
            (select id from inbox where state = 'buried' order by id limit 1) as letter,
            (select id from contacts order by id limit 1) as contact,
            (select id from staff where email = %(me)s) as me""", last=house.said[-1], me=ME)  # fmt: skip
    found: dict[str, Any] = row._asdict()
    assert None not in found.values(), found
    return found


@pytest.fixture(scope="module")
def window(browser: Any, house: House) -> Iterator[Any]:
    """Ana's browser, signed in, with axe in every page."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", bypass_csp=True)
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.goto(_admin(house, ""))
    page.get_by_label("E-mail").fill(ME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("body.inside").wait_for()
    yield page
    context.close()


@pytest.fixture
def outside(browser: Any) -> Iterator[Any]:
    """The browser of somebody nobody knows, with axe in every page."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", bypass_csp=True, locale="es-MX")
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


def _admin(house: House, path: str) -> str:
    return f"http://127.0.0.1:{house.port}/admin/{path}"


def _check(page: Any) -> None:
    """Wide and light, then narrow and dark."""
    found = []
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {problem}" for problem in page.evaluate(RUN)]
    page.set_viewport_size(DESK)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("path", INSIDE)
def test_axe_finds_nothing_serious_inside(house: House, window: Any, there: dict[str, Any], path: str) -> None:
    window.goto(_admin(house, path.format(**there)), wait_until="networkidle" if path.startswith("boards") else "load")
    window.locator("main h1").first.wait_for()
    _check(window)


def test_axe_finds_nothing_serious_at_the_door(house: House, outside: Any) -> None:
    outside.goto(_admin(house, "sign-in"))
    outside.get_by_label("Password").wait_for()
    _check(outside)


def test_axe_finds_nothing_serious_behind_a_welcome_link(house: House, outside: Any) -> None:
    db, token = Database(house.url), secrets.token_urlsafe(32)
    with db.transaction() as tx:
        id = staff.create(tx, email="eva@turno.example", name="Eva Luz", role="operator", desks=None)
        assert id is not None
        staff.invite(tx, id, token, valid_s=3600)
    db.close()
    outside.goto(_admin(house, f"welcome/{token}"))
    outside.get_by_role("heading", name="Choose your password").wait_for()
    _check(outside)


def test_axe_finds_nothing_serious_where_a_second_factor_is_set_up_and_asked_for(house: House, outside: Any) -> None:
    db = Database(house.url)
    account(db, "rosa@turno.example")
    db.close()
    _sign_in(outside, house, "rosa@turno.example")
    outside.locator("body.inside").wait_for()
    outside.goto(_admin(house, "account"))
    form = outside.locator("form[action$='second-factor/new']")
    form.get_by_label("Your password").fill(PASSWORD)
    form.get_by_role("button").click()
    outside.get_by_role("heading", name="Second factor").wait_for()
    _check(outside)
    house.run("update staff set totp_secret = 'JBSWY3DPEHPK3PXP' where email = 'rosa@turno.example'")
    outside.context.clear_cookies()
    _sign_in(outside, house, "rosa@turno.example")
    outside.get_by_label("six digits").wait_for()
    _check(outside)


def _sign_in(page: Any, house: House, email: str) -> None:
    page.goto(_admin(house, "sign-in"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_axe_finds_nothing_serious_in_the_chat(house: House, outside: Any) -> None:
    outside.goto(f"http://127.0.0.1:{house.port}/chat/?desk=field-service")
    outside.get_by_role("button", name="Refrigerador").wait_for()
    outside.get_by_role("textbox").fill("mi vehículo no arranca")
    outside.keyboard.press("Enter")
    outside.get_by_role("log").get_by_text("número de empleado").wait_for()
    outside.add_style_tag(content="*::before { display: none !important }")  # over pictures axe judges no contrast
    _check(outside)


def test_axe_finds_nothing_serious_on_a_public_ticket(house: House, outside: Any, there: dict[str, Any]) -> None:
    db = Database(house.url)
    with db.transaction() as tx:
        link = links.open_link(tx, there["ticket"], within_s=60)
    db.close()
    assert link
    outside.goto(f"http://127.0.0.1:{house.port}/ticket/{there['ticket']}?key={link.key}")
    outside.get_by_role("heading", name=there["ticket"]).wait_for()
    _check(outside)


def test_the_keyboard_reaches_everything_of_a_conversation_and_is_seen(
    house: House, window: Any, there: dict[str, Any]
) -> None:
    window.goto(_admin(house, f"conversations/{there['talk']}"))
    window.get_by_role("button", name="Take over").wait_for()
    wanted = window.evaluate(WALK)
    reached, unseen = set(), []
    for _ in range(2 * wanted + 10):
        window.keyboard.press("Tab")
        here = window.evaluate(HERE)
        reached.add(here["at"])
        if here["at"] is not None and not here["seen"]:
            unseen.append(here["html"])
        if len(reached - {None}) == wanted:
            break
    assert unseen == []
    assert wanted > 20 and reached >= {str(at) for at in range(wanted)}
