"""One conversation in the web chat of a deployment, as a browser has it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.commands.site import Answer, Site, Wrong, expect, expect_some

ASK_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Talk:
    """A session that was begun."""

    site: Site
    session_id: str
    patience_s: float

    @property
    def own(self) -> dict[str, str]:
        """The header by which a program shows whose session it is."""
        return {"X-Session-Id": self.session_id}

    def say(self, text: str) -> tuple[Answer, str]:
        """Say a line; the answer to the call, and the reply, which may come a little later. Raises Wrong."""
        known = str(self._lines("")["cursor"])
        answer = self.site.post("/api/chat", {"sessionId": self.session_id, "message": text})
        told = answer.fields
        expect("ok", told.get("ok"))
        return answer, str(told.get("reply") or "") or self._later(known)

    def _later(self, known: str) -> str:
        """The reply to a line whose call could not wait for it."""
        deadline = time.monotonic() + self.patience_s
        while time.monotonic() < deadline:
            lines = self._lines(known)["lines"]
            said = [line["text"] for line in lines if isinstance(line, dict) and line.get("who") != "user"]  # type: ignore[attr-defined]
            if said:
                return "\n".join(said)
            time.sleep(ASK_AGAIN_S)
        raise Wrong(f"no reply within {self.patience_s:g} s: do workers run?")

    def _lines(self, known: str) -> dict[str, object]:
        return self.site.post("/api/messages", {"sessionId": self.session_id, "after": known}).fields


def begin(site: Site, desk: str, patience_s: float) -> tuple[Talk, Answer]:
    """Open the chat of a desk (no name: of whom the site leaves strangers to). Raises Wrong."""
    answer = site.post("/api/greeting", {"desk": desk} if desk else {})
    told = answer.fields
    expect("ok", told.get("ok"))
    expect_some("csrfToken", told.get("csrfToken"))
    return Talk(site, expect_some("sessionId", told.get("sessionId")), patience_s), answer
