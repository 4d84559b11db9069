from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from parcours.core.errors import BadInput, Conflict

if TYPE_CHECKING:
    from parcours.canvas.shapes import CardView


class CardConflict(Conflict):
    """Somebody changed or deleted the card first. `card` is how it stands now; None when it was deleted."""

    def __init__(self, card: "CardView | None", *, label: str) -> None:
        self.card = card
        self.label = label
        if card is None:
            super().__init__(
                _("{label} deleted this card in the meantime.").format(label=label or "–"),
                remedy=_("Restore it first, then make your change."),
            )
        else:
            super().__init__(
                _("{label} changed this card in the meantime.").format(label=label or "–"),
                remedy=_("Compare the two and choose what to keep."),
            )


class RevisionMissing(BadInput):
    """A change that doesn't say which revision it was made from could overwrite somebody's work."""

    status = 428

    def __init__(self) -> None:
        super().__init__(
            _("The change doesn't say which revision it was made from."),
            where="If-Match",
            remedy=_('Send the revision that you saw in the If-Match header, for example If-Match: "3".'),
        )


@dataclass(frozen=True, slots=True)
class BothChanged:
    """A field that two people changed: what is stored now, and what was to be stored."""

    name: str
    theirs: str
    mine: str


class WordsConflict(Conflict):
    """Somebody else changed the same words meanwhile. Nothing was stored of `fields` or beside them."""

    def __init__(self, fields: tuple[BothChanged, ...]) -> None:
        self.fields = fields
        super().__init__(
            _("Somebody else changed this meanwhile: it reads “{theirs}” now.").format(
                theirs=fields[0].theirs
            ),
            where=fields[0].name,
            remedy=_("Your words, “{mine}”, are not stored. Choose which of the two to keep.").format(
                mine=fields[0].mine
            ),
        )
