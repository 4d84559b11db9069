from django.utils.translation import gettext as _

from parcours.canvas.errors import RevisionMissing
from parcours.core.errors import BadInput


def read_revision(text: str) -> int:
    """The revision that an If-Match header names, like `"3"`. Raises RevisionMissing, BadInput."""
    number = text.strip().removeprefix("W/").strip('"')
    if not number:
        raise RevisionMissing
    if not number.isdecimal() or len(number) > 9:
        raise BadInput(_("“{text}” is not a revision.").format(text=text), where="If-Match")
    return int(number)
