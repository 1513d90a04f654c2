"""The IT help desk is written to by e-mail: a whole case by letters, and workers that die at every place of one."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from bot.desks import it
from core.crashpoints import COMMIT, LETTERS
from core.store.db import Database
from tests import businesses
from tests.acceptance.house import House
from tests.conftest import TEMPLATE, fresh_database
from tests.mail_server import DOVECOT, MailServer
from tests.waiting import until

pytestmark = pytest.mark.skipif(not DOVECOT and not os.environ.get("CI"), reason="Dovecot is not installed")
US = "ayuda@mesaclara.example"
COMMITS = ("inbox.accept", "outbox.claim", "outbox.mark")
PLACES = [f"{name}:{moment}" for name in COMMITS for moment in COMMIT] + list(LETTERS)
LINES = ("1", "quiero un técnico", "1")
ALWAYS = 1
"""Processes of the house that no place kills: those that think."""


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    made = MailServer()
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def house(server: MailServer, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    told = tomllib.loads((Path(it.__file__).parent / "demo.toml").read_text(encoding="utf-8"))
    for url in fresh_database(postgres, TEMPLATE):
        database = Database(url)
        with database.transaction() as tx:
            businesses.put(tx, {"desks": [{**desk, "email": [US]} for desk in told["desks"]]})
        database.close()
        folder = tmp_path_factory.mktemp("letters")
        with House(url, folder, **server.settings(US), IMAP_SENT_FOLDER="Sent", LIMIT_TEXT="") as house:
            house.work("conversation,janitor")
            yield house


class Writer:
    """Somebody who writes to the desk, and reads what comes."""

    def __init__(self, server: MailServer, house: House, name: str):
        self._server, self._house = server, house
        self.address, self.number = f"{name}@guest.example", 0

    def write(self, text: str) -> Message:
        """Write, below the last letter that came; the answer."""
        got = self.letters
        made = EmailMessage()
        made["From"], made["To"] = f"Rosa Díaz <{self.address}>", US
        self.number += 1
        made["Message-ID"] = f"<{self.number}.{self.address}>"
        made["Subject"] = str(got[-1]["Subject"]) if got else "Ayuda"
        if got:
            made["In-Reply-To"] = str(got[-1]["Message-ID"])
            quoted = "\n".join(f"> {line}" for line in body(got[-1]).splitlines())
            text = f"{text}\n\nEl mar, 1 dic 2026 a las 10:00, Mesa (<{US}>) escribió:\n\n{quoted}"
        made.set_content(text)
        self._server.put(US, made.as_bytes())
        until(lambda: self._came(len(got)), told=self._house.told)
        return self.letters[-1]

    def _came(self, before: int) -> bool:
        """Whether a letter came; who died meanwhile gets a successor."""
        self._house.revive()
        return len(self.letters) > before

    @property
    def letters(self) -> list[Message]:
        return [one for one in self._server.taking.taken if self.address in str(one["To"])]


def body(letter: Message) -> str:
    part = letter.get_body(("plain",))  # type: ignore[attr-defined]
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_case_goes_by_letters_from_the_first_line_to_its_ticket(server: MailServer, house: House) -> None:
    sender = house.work("sender")
    rosa = Writer(server, house, "rosa")
    first = rosa.write("Mi compu no prende")
    assert body(first).startswith(("¡", "Hola, Rosa Díaz:")) and "Mesa Clara Soporte" in str(first["From"])
    assert body(first).rstrip().endswith("Saludos,\nMesa Clara Soporte")
    for line in LINES:
        answer = rosa.write(line)
    assert re.search(r"TCK-\d{8}-[0-9A-F]{6}", body(answer)), body(answer)
    assert answer["Subject"] == "Re: Ayuda" and str(answer["References"]).endswith(f"<{rosa.number}.{rosa.address}>")
    assert server.letters(US) == []
    sender.kill()
    house.processes.remove(sender)


@pytest.mark.parametrize("place", PLACES)
def test_a_worker_that_dies_there_loses_no_letter_and_writes_none_twice(
    place: str, server: MailServer, house: House
) -> None:
    house.doom("sender", place)
    guest = Writer(server, house, f"{place.replace(':', '-').replace('.', '-')}")
    guest.write("Mi compu no prende")
    rows = f"""
        select o.state from outbox o join conversations c on c.id = o.conversation_id
        join aliases a on a.contact_id = c.contact_id where a.value = '{guest.address}'
    """
    until(house.revive, told=house.told)
    until(lambda: {row.state for row in house.ask(rows)} == {"sent"}, told=house.told)
    until(lambda: server.letters(US) == [], told=house.told)
    assert len(guest.letters) == 1, "one question, one letter"
    heard = (
        "select i.kind from inbox i join conversations c on c.id = i.conversation_id join aliases a using (contact_id)"
    )
    assert len(house.ask(f"{heard} where a.value = '{guest.address}' and i.origin = 'customer'")) == 1
    for process in house.processes[ALWAYS:]:
        process.kill()
    del house.processes[ALWAYS:]
