"""Words from outside inside a sentence of ours."""

import re
from typing import Any

from django.utils.translation import gettext as _

_SPACE = re.compile(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def quoted(words: object) -> str:
    """In the quotation marks of the reader's language: “Cart Viewed”, « Cart Viewed »."""
    return _("“{words}”").format(words=words)


def one_line(text: str) -> str:
    """Runs of white space become one space; the no-break spaces of French punctuation stay what they are."""
    return _SPACE.sub(" ", text).strip()


def printable(text: str) -> str:
    """Without the characters that XML 1.0 can't hold, as office files are written; a line break of a slide
    (pasted from there) stays one.
    """
    return _UNPRINTABLE.sub("", text.replace("\v", "\n"))


def storable(value: Any) -> Any:
    """A JSON value without the characters that PostgreSQL can't hold: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return value
