"""A mail server for tests: Dovecot holds the mailboxes, and an SMTP server in this process takes letters, or does not.

Both are spoken to over real connections. Dovecot is the one of Debian (`apt install dovecot-imapd`).
"""

from __future__ import annotations

import asyncio
import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from imaplib import IMAP4
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from core.settings import Settings
from tests.acceptance.forks import free_port
from tests.waiting import until

DOVECOT = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)
KEY = "a-password-of-the-tests"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={key}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class Taking:
    """What the SMTP server does with a letter: take it, or answer something else, at the place where it is told to."""

    def __init__(self, server: MailServer):
        self._server = server
        self.taken: list[Message] = []
        self.recipient, self.text = "250 OK", "250 OK"
        """The answers; an empty one: none, and the connection breaks off after the letter was taken."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.text.startswith("250") or not self.text:
            await asyncio.to_thread(self._take, envelope)
        if not self.text:
            server.transport.abort()
        return self.text or "421 gone"

    def _take(self, envelope: Any) -> None:
        """Like a mail provider: what a mailbox sends is in its folder of sent letters, too."""
        self._server.put(envelope.mail_from, envelope.content, folder="Sent")
        self.taken.append(BytesParser(policy=default).parsebytes(envelope.content))


class MailServer:
    """Mailboxes in a folder, and where letters go."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="turno-mail-"))
        self._folder.chmod(0o755)  # as root, Dovecot opens mailboxes as nobody
        self.imap_port, self.smtp_port = free_port(), free_port()
        self.taking = Taking(self)
        self._dovecot: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert DOVECOT, "these tests need Dovecot (Debian: apt install dovecot-imapd)"
        (self._folder / "mail").mkdir(parents=True)
        root = os.getuid() == 0
        person = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
        os.chown(self._folder / "mail", person.pw_uid, person.pw_gid)
        told = CONFIGURATION.format(
            folder=self._folder, port=self.imap_port, key=KEY, uid=person.pw_uid, gid=person.pw_gid,
            internal="dovecot" if root else getpass.getuser(), login="dovenull" if root else getpass.getuser(),
            group="dovecot" if root else "staff" if os.uname().sysname == "Darwin" else getpass.getuser(),
        )  # fmt: skip
        (self._folder / "dovecot.conf").write_text(told, encoding="ascii")
        self._dovecot = subprocess.Popen([DOVECOT, "-F", "-c", str(self._folder / "dovecot.conf")])
        self._controller = Controller(
            self.taking, hostname="127.0.0.1", port=self.smtp_port, auth_require_tls=False, auth_required=True,
            authenticator=lambda server, session, envelope, mechanism, data: AuthResult(
                success=data.password == KEY.encode(), handled=False
            ),
        )  # fmt: skip
        self._controller.start()
        until(self._listens, told=self._log)

    def close(self) -> None:
        self._controller.stop()
        if self._dovecot:
            self._dovecot.terminate()
            self._dovecot.wait(30)
        shutil.rmtree(self._folder)

    def settings(self, *addresses: str) -> dict[str, str]:
        """What a process needs to know to answer these mailboxes."""
        return {
            "IMAP_HOST": "127.0.0.1", "IMAP_PORT": str(self.imap_port), "IMAP_TLS": "none", "IMAP_EVERY_S": "0.1",
            "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.smtp_port), "SMTP_TLS": "none",
            "MAILBOXES": " ".join(f"{address}={KEY}" for address in addresses),
        }  # fmt: skip

    def told(self, settings: Settings, *addresses: str, **more: object) -> Settings:
        """The same, in settings that are there already."""
        here = {name.lower(): value for name, value in self.settings(*addresses).items()}
        return Settings.model_validate({**settings.model_dump(), **here, **more})

    def put(self, address: str, letter: bytes, folder: str = "INBOX") -> None:
        with self._open(address) as box:
            if folder != "INBOX":
                box.create(folder)
            answered = box.append(folder, "", "", letter)
            assert answered[0] == "OK", (answered, self._log()[-600:])

    def letters(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """Every letter in a folder, with its flags before it."""
        with self._open(address) as box:
            status, [count] = box.select(folder, readonly=True)
            if status != "OK" or count == b"0":
                return []
            told = box.fetch("1:*", "(FLAGS BODY.PEEK[])")[1]
            return [part[0] + part[1] for part in told if isinstance(part, tuple)]

    def forget_numbers(self, address: str) -> None:
        """The inbox gets another UIDVALIDITY, as after a restore of the server."""
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (self._folder / "mail" / address / name).unlink(missing_ok=True)

    @contextmanager
    def _open(self, address: str) -> Iterator[IMAP4]:
        box = IMAP4("127.0.0.1", self.imap_port)
        box.login(address, KEY)
        try:
            yield box
        finally:
            box.logout()

    def _listens(self) -> bool:
        try:
            IMAP4("127.0.0.1", self.imap_port).shutdown()
        except OSError:
            return False
        return True

    def _log(self) -> str:
        path = self._folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else "no log"
