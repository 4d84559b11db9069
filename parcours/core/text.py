"""Words from outside inside a sentence of ours."""

import re

from django.utils.translation import gettext as _

_SPACE = re.compile(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")


def quoted(words: object) -> str:
    """In the quotation marks of the reader's language: “Cart Viewed”, « Cart Viewed »."""
    return _("“{words}”").format(words=words)


def one_line(text: str) -> str:
    """Runs of white space become one space; the no-break spaces of French punctuation stay what they are."""
    return _SPACE.sub(" ", text).strip()
