"""Words of people, without what would tell who they are or how to reach them."""

import re

from parcours.core.text import one_line

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_HANDLE = re.compile(r"(?<![\w@])@[\w.]{2,}")
_NUMBER = re.compile(r"(?<![\w])\+?\(?\d(?:[\s().\-/\u00a0\u202f]?\d){6,}(?!\w)")
_ADDRESS = re.compile(r"https?://\S+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,4})?\b")
MASK = "•••"
LONGEST = 240


def masked(text: str) -> str:
    """E-mail addresses, numbers of seven digits and more (telephones, cards, accounts), addresses of pages
    and handles become dots; on one line, cut where it would be too long for a quotation.
    """
    tidy = one_line(text.replace("\0", ""))
    for pattern in (_ADDRESS, _MAIL, _IBAN, _NUMBER, _HANDLE):
        tidy = pattern.sub(MASK, tidy)
    return tidy if len(tidy) <= LONGEST else tidy[: LONGEST - 1].rstrip() + "…"
