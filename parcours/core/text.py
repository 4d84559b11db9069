"""Words from outside inside a sentence of ours."""

import re
from typing import Any

from django.utils.translation import gettext as _

_SPACE = re.compile(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")


def quoted(words: object) -> str:
    """In the quotation marks of the reader's language: “Cart Viewed”, « Cart Viewed »."""
    return _("“{words}”").format(words=words)


def one_line(text: str) -> str:
    """Runs of white space become one space; the no-break spaces of French punctuation stay what they are."""
    return _SPACE.sub(" ", text).strip()


def storable(value: Any) -> Any:
    """A JSON value without the characters that PostgreSQL can't hold: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return value
