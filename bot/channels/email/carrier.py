"""E-mail carrier: writes the letter of a turn and hands it to the mail server, with a breaker for each address of ours."""

from __future__ import annotations

from bot.channels.email import letter as letters
from bot.channels.email.imap import Inbox
from bot.channels.email.message_id import of as message_id_of
from bot.channels.email.smtp import Envelope, account, deliver
from core.breaker import Breaker, Observer
from core.errors import Rejected, Suspended, Undecided, Unreachable
from core.messages import Identity, Outbound
from core.settings import Settings
from core.store.path.letters import Letter


class EmailCarrier:
    """Takes letters to the mail server that the settings name."""

    def __init__(self, settings: Settings, *, on_breaker: Observer | None = None):
        self._settings, self._on_breaker = settings, on_breaker
        self._keys = settings.mailbox_keys
        self._breakers = {address: self._new_breaker(address) for address in self._keys}

    def send(self, address: str, outbound: Outbound, to: Identity, callback_id: str) -> str:
        """Refused: on this channel everything is a letter."""
        raise Rejected("an e-mail is sent as a letter")

    def send_letter(self, letter: Letter) -> str:
        """The Message-ID under which the mail server took the letter. One whose outcome was unknown is looked up among
        those that were sent, where the settings name their folder, before it goes again."""
        key = self._keys.get(letter.address)
        if key is None:
            raise Suspended("MAILBOXES has no password for this address")
        message_id = message_id_of(letter.ids, letter.address, key)
        with self._breakers[letter.address].guard():
            if letter.attempts > 1 and self._settings.imap_sent_folder and self._was_sent(letter.address, message_id):
                return message_id
            deliver(self._settings, self._envelope(letter, key))
        return message_id

    def barred(self) -> list[str]:
        """The addresses whose breaker is open: a letter of theirs would be refused here."""
        return [address for address, breaker in self._breakers.items() if breaker.opened]

    def close(self) -> None:
        """Nothing is kept open between two letters."""

    def _was_sent(self, address: str, message_id: str) -> bool:
        box = Inbox(self._settings, address, self._keys[address])
        try:
            return box.was_sent(message_id)
        finally:
            box.close()

    def _envelope(self, letter: Letter, key: str) -> Envelope:
        message = letters.written(letter, key)
        recipient = message["To"].addresses[0].addr_spec
        user, password = account(self._settings, letter.address, key)
        return Envelope(letter.address, recipient, message.as_bytes(), user, password)

    def _new_breaker(self, address: str) -> Breaker:
        s = self._settings
        return Breaker(
            f"email:{address}",
            s.breaker_failures,
            s.breaker_window_s,
            s.breaker_open_s,
            s.breaker_successes,
            counts=(Unreachable, Undecided),
            on_change=self._on_breaker,
        )
