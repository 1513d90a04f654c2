"""Headers of a letter, decoded whatever is wrong with them: encoded words, 8-bit letters, unknown charsets."""

from __future__ import annotations

import codecs
import re
import unicodedata
from binascii import Error as BadBase64
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

LONGEST = 2_000
_CHARSETS = re.compile(
    r"ascii|utf-(7|8|8-sig|16|16-le|16-be|32)|iso-?8859-\d+|latin.?1|cp\d{3,5}|koi8.*|mac-.*|gb.*|big5.*|shift_?jis.*"
    r"|euc.*|iso2022.*|hz|tis-620|ptcp154|johab"
)
_ID = re.compile(r"<[^<>\s]{1,400}>")
_ADDRESS = re.compile(r"[^@\s<>(),;:\\\"\[\]]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*")
MOST_ADDRESSES = 1_000


def all_of(letter: Message, name: str) -> list[str]:
    """Every header of this name, undecoded, on one line each; bytes beyond ASCII are read as UTF-8, else as Latin-1."""
    wanted = name.lower()
    return [_plain(value) for known, value in letter.raw_items() if known.lower() == wanted]


def first(letter: Message, name: str) -> str:
    """The first header of this name, undecoded."""
    return next(iter(all_of(letter, name)), "")


def words(letter: Message, name: str) -> str:
    """The first header of this name as a person reads it."""
    return decoded(first(letter, name))


def decoded(value: str) -> str:
    """Encoded words as text; what cannot be decoded stays as it is."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, BadBase64, ValueError):
        return printable(value)
    return printable("".join(part if isinstance(part, str) else text(part, charset) for part, charset in parts))


def text(content: bytes, charset: str | None) -> str:
    """Bytes as text: by their charset where it is one, else as UTF-8, else as Western European."""
    for name in (charset, "utf-8"):
        try:
            return content.decode(_known(name or ""))
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def printable(value: str) -> str:
    """On one line, without what cannot be printed or kept."""
    kept = "".join(" " if c.isspace() else c for c in value if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())


def ids(value: str) -> list[str]:
    """Every message id that a header names."""
    return _ID.findall(value)


def addresses(letter: Message, *names: str) -> list[tuple[str, str]]:
    """Everybody in these headers: a name as a person reads it, and an address in small letters."""
    told = [value for name in names for value in all_of(letter, name)]
    return [
        (decoded(name), address.strip().lower()) for name, address in getaddresses(told)[:MOST_ADDRESSES] if address
    ]


def is_address(value: str) -> bool:
    return len(value) <= 254 and value.isascii() and _ADDRESS.fullmatch(value) is not None


def parameters(value: str) -> Iterator[tuple[str, str]]:
    """Methods and properties in a header, such as `dkim=pass header.d=example.com`, in order."""
    for word in value.lower().split():
        name, _, told = word.partition("=")
        if told:
            yield name, told.strip('"')


def _plain(value: object) -> str:
    raw = str(value)[:LONGEST_RAW]
    return printable(text(raw.encode("ascii", "surrogateescape"), None) if not raw.isprintable() else raw)


LONGEST_RAW = 50_000


def _known(charset: str) -> str:
    """The codec of a charset. Raises LookupError for one that no letter is written in, such as a compression."""
    name = codecs.lookup(charset).name
    if not _CHARSETS.fullmatch(name):
        raise LookupError(charset)
    return name
