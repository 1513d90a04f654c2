"""E-mail as a channel: real mailboxes over IMAP, real letters over SMTP, and the real workers between them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.channels.email import CHANNEL
from bot.channels.email.carrier import EmailCarrier
from bot.channels.email.intake import EmailIntake
from bot.commands.work import Crew
from bot.workers.receiver import Receiver
from bot.workers.sender import Sender
from core.settings import Settings
from core.store.db import Database
from core.store.files.photos import Folder
from tests import businesses
from tests.integration.crew import DESK, SETTINGS, Rooms
from tests.mail_server import DOVECOT, KEY, MailServer
from tests.unit.email.letters import letter
from tests.waiting import until

pytestmark = pytest.mark.skipif(not DOVECOT and not os.environ.get("CI"), reason="Dovecot is not installed")
US = "reservas@mirador.example"
ROSA = "rosa@guest.example"


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    made = MailServer()
    made.start()
    yield made
    made.close()


class Post:
    """One mailbox, with the rooms that answer it, a round at a time."""

    def __init__(self, server: MailServer, rooms: Rooms, address: str, folder: Path, **more: object):
        self.server, self.rooms, self.address = server, rooms, address
        self.settings = server.told(SETTINGS, address, **more)
        with rooms.db.transaction() as tx:
            businesses.put(tx, {"desks": [{**DESK["desks"][0], "email": [address]}]})
        self.kept = Folder(folder / "photos")
        self.intake = EmailIntake(self.settings, self.kept)
        self.receiver = Receiver(rooms.db, rooms.bell, CHANNEL, self.intake, self.settings)
        self.sender = Sender(rooms.db, rooms.ear, CHANNEL, EmailCarrier(self.settings), self.settings)
        server.taking.taken.clear()
        server.taking.recipient = server.taking.text = "250 OK"

    def close(self) -> None:
        self.sender.drain()
        self.receiver.drain()

    def put(self, text: str, *, id: str = "<one@guest.example>", sender: str = ROSA, **headers: str) -> None:
        self.server.put(self.address, written(text, id=id, sender=sender, **headers))

    def round(self) -> list[Message]:
        """Everything that waits is read, thought about and answered. What was sent."""
        before = len(self.server.taking.taken)
        while self.receiver.run_once():
            pass
        self.rooms.work()
        self.sender.run_once()
        until(lambda: len(self.sender.results) == self.sender.under_way)
        self.sender.run_once()
        return self.server.taking.taken[before:]

    def ask(self, sql: str) -> list[Any]:
        return self.rooms.ask(sql)


def written(text: str, *, id: str, sender: str, **headers: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = f"Rosa <{sender}>", US, id
    made["Subject"] = headers.pop("subject", "Consulta")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


@pytest.fixture
def post(server: MailServer, rooms: Rooms, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Post]:
    made = Post(server, rooms, f"m{abs(hash(request.node.name)) % 10**8}@mirador.example", tmp_path)
    yield made
    made.close()


def body(message: Message) -> str:
    part = message.get_body(("plain",))  # type: ignore[attr-defined]
    return str(part.get_content()).replace("\r\n", "\n")


def answering(text: str, to: Message, **headers: str) -> dict[str, str]:
    return {"text": text, "In_Reply_To": str(to["Message-ID"]), "subject": f"Re: {to['Subject']}", **headers}


def test_a_conversation_by_letters(post: Post) -> None:
    post.put("hola")
    sent = post.round()
    [menu] = sent
    assert menu["To"] == f"Rosa <{ROSA}>" and menu["From"] == f"Servicio <{post.address}>"
    assert menu["Subject"] == "Re: Consulta" and menu["In-Reply-To"] == menu["References"] == "<one@guest.example>"
    assert menu["Auto-Submitted"] == "auto-replied"
    assert "1. ❄️ Refrigerador" in body(menu) and body(menu).endswith("\n\nSaludos,\nServicio\n")
    assert "basta con responder a este correo con 1, 2" in body(menu)

    quoted = f"1\n\nEl mar, 1 dic 2026 a las 10:00, Servicio (<{post.address}>) escribió:\n\n> {body(menu)[:40]}\n"
    post.put(**answering(quoted, menu, id="<two@guest.example>"))
    [asked] = post.round()
    assert post.ask("select flow from report.conversations")[0].flow == "refrigerator"
    assert asked["In-Reply-To"] == "<two@guest.example>"
    assert post.server.letters(post.address) == []
    assert [b"\\Seen" in each for each in post.server.letters(post.address, "Turno")] == [True, True]


def test_a_letter_that_comes_twice_is_answered_once(post: Post) -> None:
    """At least once: what was committed and not moved, because the process died, comes again."""
    post.put("hola")
    post.put("hola")
    assert len(post.round()) == 1
    post.put("hola")
    assert post.round() == []
    assert post.ask("select retries from inbox where kind = 'text'")[0].retries == 2
    assert post.server.letters(post.address) == []


def test_with_another_uidvalidity_nothing_is_moved_by_its_old_number(post: Post) -> None:
    post.put("hola")
    news = post.intake.fetch()
    post.intake.close()
    post.server.forget_numbers(post.address)
    post.intake.drop(news)
    assert len(post.server.letters(post.address)) == 1
    assert len(post.round()) == 1 and post.server.letters(post.address) == []


def test_a_letter_that_is_too_large_is_answered_by_its_head(server: MailServer, rooms: Rooms, tmp_path: Path) -> None:
    post = Post(server, rooms, "large@mirador.example", tmp_path, mail_bytes=65_536)
    post.put("x" * 70_000)
    [answer] = post.round()
    assert answer["In-Reply-To"] == "<one@guest.example>"
    assert "demasiado grande" in body(answer)
    assert post.ask("select kind, text from inbox")[0] == ("unsupported", "")
    post.server.put(post.address, letter("invitation").raw)
    [declined] = post.round()
    assert "invitaciones de calendario" in body(declined)
    post.close()


def test_a_bounce_of_our_letter_makes_it_a_dead_letter(post: Post) -> None:
    post.put("hola")
    [menu] = post.round()
    post.server.put(post.address, bounce(str(menu["Message-ID"])))
    assert post.round() == []
    [row] = post.ask("select state, error_code, error from outbox")
    assert (row.state, row.error_code) == ("failed", 550) and "5.1.1" in row.error


def test_a_bounce_that_somebody_made_up_changes_nothing(post: Post) -> None:
    post.put("hola")
    [menu] = post.round()
    id = str(menu["Message-ID"])
    forged = id.replace(id.split(".")[2][:24], "0" * 24)
    assert forged != id
    post.server.put(post.address, bounce(forged))
    assert post.round() == []
    assert post.ask("select state from outbox")[0].state == "sent"
    assert post.ask("select content from inbox where kind = 'notice'")[0].content["why"] == "automatic"


def bounce(id: str) -> bytes:
    return f"""From: MAILER-DAEMON@guest.example
To: {US}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Message-ID: <bounce@guest.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; guest.example

Final-Recipient: rfc822; rosa@guest.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {id}
--b--
""".encode()


@pytest.mark.parametrize(
    ("recipient", "text", "state", "error"),
    [
        ("550 no such user", "250 OK", "failed", "Rejected"),
        ("450 later", "250 OK", "waiting", "Throttled"),
        ("250 OK", "554 no", "failed", "Rejected"),
        ("250 OK", "451 later", "waiting", "Throttled"),
        ("250 OK", "", "unknown", "Undecided"),
    ],
)
def test_what_the_mail_server_says_decides_what_becomes_of_a_letter(
    post: Post, recipient: str, text: str, state: str, error: str
) -> None:
    post.server.taking.recipient, post.server.taking.text = recipient, text
    post.put("hola")
    post.round()
    [row] = post.ask("select state, error from outbox")
    assert row.state == state and row.error.startswith(error) and ROSA not in row.error


def test_a_letter_of_unknown_outcome_goes_again_with_the_same_id(post: Post) -> None:
    post.server.taking.text = ""
    post.put("hola")
    [lost] = post.round()
    post.server.taking.text = "250 OK"
    post.ask("update outbox set state = 'waiting'")
    [again] = post.round()
    assert again["Message-ID"] == lost["Message-ID"]


def test_a_letter_that_is_among_the_sent_ones_does_not_go_again(
    server: MailServer, rooms: Rooms, tmp_path: Path
) -> None:
    post = Post(server, rooms, "sent@mirador.example", tmp_path, imap_sent_folder="Sent")
    server.taking.text = ""
    post.put("hola")
    [lost] = post.round()
    post.ask("update outbox set state = 'waiting'")
    assert post.round() == []
    [row] = post.ask("select state, external_id from outbox")
    assert row.state == "sent" and row.external_id == lost["Message-ID"]
    post.close()


def test_all_that_a_turn_says_is_one_letter(post: Post) -> None:
    post.put("hola")
    post.receiver.run_once()
    post.rooms.work()
    post.ask(
        "insert into outbox (channel_id, conversation_id, event_id, correlation_id, kind, text, content)"
        " select channel_id, conversation_id, event_id, correlation_id, 'link', 'Su reserva',"
        ' \'{"button": "Ver", "link": "https://mirador.example/r?a=1&b=2"}\' from outbox'
    )
    [only] = post.round()
    assert "Su reserva\n\nhttps://mirador.example/r?a=1&b=2" in body(only) and "1. ❄️" in body(only)
    html = only.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert '<a href="https://mirador.example/r?a=1&amp;b=2">' in html
    rows = post.ask("select state, external_id from outbox order by id")
    assert [row.state for row in rows] == ["sent", "sent"]
    assert rows[1].external_id == f"{rows[0].external_id}#2"
    post.server.put(post.address, bounce(str(only["Message-ID"])))
    post.round()
    assert {row.state for row in post.ask("select state from outbox")} == {"failed"}, "it comes back whole"


def test_a_photo_comes_with_a_letter(post: Post) -> None:
    post.server.put(post.address, letter("receipt").raw)
    post.receiver.run_once()
    [image] = post.ask("select content from inbox where kind = 'image'")
    assert post.kept.holds(image.content["media_id"].removeprefix("upload:"))


def test_a_letter_that_breaks_the_reading_is_a_dead_letter_and_the_next_is_answered(post: Post) -> None:
    heads = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(5000))
    post.server.put(post.address, b"From: eva@enemy.example\r\nTo: x@y.example\r\n" + heads + b"\r\nx")
    post.put("hola")
    assert len(post.round()) == 1
    buried = post.ask("select error from inbox where state = 'buried'")
    [row] = buried
    assert "RecursionError" in row.error
    assert post.server.letters(post.address) == []


def test_one_mailbox_that_is_closed_to_us_does_not_stop_the_other(
    server: MailServer, rooms: Rooms, tmp_path: Path
) -> None:
    post = Post(server, rooms, "open@mirador.example", tmp_path)
    told = f"closed@mirador.example=wrong open@mirador.example={KEY}"
    settings = Settings.model_validate({**post.settings.model_dump(), "mailboxes": told})
    intake = EmailIntake(settings, post.kept)
    post.put("hola")
    assert [event.text for event in intake.fetch().events] == ["Consulta\nhola"]
    intake.close()
    post.close()


def test_a_password_that_the_mail_server_refuses_pauses_the_address(
    server: MailServer, rooms: Rooms, tmp_path: Path
) -> None:
    post = Post(server, rooms, "wrong@mirador.example", tmp_path, smtp_user="wrong@mirador.example", smtp_password="no")
    post.put("hola")
    assert post.round() == []
    assert post.ask("select state, error from outbox")[0].error.startswith("Suspended")
    assert post.ask("select paused_why from channels where kind = 'email'")[0].paused_why
    post.close()


def test_the_crew_reads_and_answers_mailboxes(server: MailServer, rooms: Rooms, db_url: str, tmp_path: Path) -> None:
    """The same in one process with every kind of worker, as in production."""
    post = Post(server, rooms, "crew@mirador.example", tmp_path)
    more = {"graph_api_url": "http://127.0.0.1:1/graph", "photos_folder": str(tmp_path / "photos")}
    settings = Settings.model_validate({**post.settings.model_dump(), **more})
    crew = Crew.hire(Database(db_url, pool=8), settings, ["conversation", "sender"], 1)
    crew.start()
    post.put("hola")
    until(lambda: rooms.ask("select 1 from outbox where state = 'sent'"))
    assert len(server.taking.taken) == 1
    assert crew.dismiss() == 0
    post.close()


def test_the_check_signs_in_to_both_servers(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: Database
) -> None:
    for name, value in server.settings("right@mirador.example").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", db.url)
    assert main(["channels", "--check"]) == 0
    assert "✓ email     right@mirador.example" in capsys.readouterr().out.splitlines()
    monkeypatch.setenv("MAILBOXES", "right@mirador.example=wrong")
    assert main(["channels", "--check"]) == 1
    told = capsys.readouterr().out
    assert "IMAP: the mail server: MailboxLoginError" in told and "SMTP: the mail server does not know us: 535" in told
