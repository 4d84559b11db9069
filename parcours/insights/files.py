"""A journey as a file of any kind, as pages, programs and commands ask for one."""

import json
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.canvas.exports.cjml import as_cjml
from parcours.canvas.exports.files import KINDS
from parcours.canvas.exports.portable import as_portable
from parcours.canvas.shapes import Board
from parcours.canvas.sub_journeys import boards_beneath
from parcours.core.errors import BadInput
from parcours.core.periods import Period
from parcours.insights.sheet import sheet_of

FORMS = ("json", *KINDS, "cjml")


@dataclass(frozen=True, slots=True)
class JourneyFile:
    """`name` is what the file is called where it is kept."""

    content: bytes
    media_type: str
    name: str


def journey_file(
    brand: Brand, board: Board, form: str, *, period: Period, segment: str = "", comments: bool = False
) -> JourneyFile:
    """`period` and `segment` are those of the numbers; JSON and CJML have none. Only JSON has comments.

    Raises BadInput for a kind that there isn't, NotFound for a segment that there isn't.
    """
    stem = slugify(board.journey.title) or "journey"
    if form == "json":
        everything = as_portable(brand.pk, board, comments=comments)
        text = json.dumps(everything, ensure_ascii=False, indent=2) + "\n"
        return JourneyFile(text.encode(), "application/json", f"{stem}.json")
    if form == "cjml":
        whole = as_cjml(board, brand=brand.name, beneath=boards_beneath(board))
        return JourneyFile(whole, "application/xml", f"{stem}.cjml.xml")
    if form not in KINDS:
        raise BadInput(
            _("A journey can't be written as “{form}”.").format(form=form),
            where="to",
            remedy=_("Use one of: {known}.").format(known=", ".join(FORMS)),
        )
    kind = KINDS[form]
    content = kind.write(sheet_of(brand, board, period, segment))
    return JourneyFile(content, kind.media_type, f"{stem}.{kind.suffix}")
