"""Proof of a sender's address: what our own mail server found out, and not what the letter says of itself (RFC 8601).

Anybody may write any `From`. Only the uppermost `Authentication-Results` that names the trusted server is believed: what a
sender wrote into the letter stands below it.
"""

from __future__ import annotations

import re

from bot.channels.email import headers
from bot.channels.email.reading import Mail


def proves(mail: Mail, trusted: str) -> bool:
    """Whether the trusted server has found that the letter comes from the domain of its `From`."""
    domain = mail.sender[1].partition("@")[2]
    if not trusted or not domain:
        return False
    for told in headers.all_of(mail.message, "authentication-results"):
        server, _, results = re.sub(r"\([^()]*\)", " ", told).partition(";")
        if server.split()[:1] == [trusted]:
            return any(_passes(one, domain) for one in results.split(";"))
    return False


def _passes(result: str, domain: str) -> bool:
    """Whether one method has passed for this domain."""
    told = list(headers.parameters(result))
    if not told or told[0][1] != "pass":
        return False
    method, properties = told[0][0], dict(told[1:])
    if method == "dmarc":
        return properties.get("header.from") == domain
    if method == "dkim":
        return _aligned(properties.get("header.d", properties.get("header.i", "")).rpartition("@")[2], domain)
    return method == "spf" and _aligned(properties.get("smtp.mailfrom", "").rpartition("@")[2], domain)


def _aligned(proved: str, domain: str) -> bool:
    """Whether the proved domain is that of the sender, or one above it that somebody can own."""
    return proved == domain or (proved.count(".") >= 1 and domain.endswith(f".{proved}"))
