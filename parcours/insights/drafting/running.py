"""Drafts of a brand's lake: asked for, made by a worker, looked at, then stored as a journey or let go."""

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor
from parcours.canvas.exports.drawn import Drawing
from parcours.canvas.exports.reading import read_drawing
from parcours.canvas.proposals.drafts import (
    DraftView,
    add_draft,
    draft,
    draft_done,
    draft_failed,
    draft_made,
    draft_step,
)
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import JourneyView
from parcours.canvas.writes import draw_journey
from parcours.core.errors import BadInput, NotFound, ParcoursError
from parcours.events.lake import Lake
from parcours.insights.drafting.plan import STEPS, Wishes, drafted, unmarked
from parcours.insights.drafting.portable import as_json

if TYPE_CHECKING:
    import numpy.typing as npt

    from parcours.events.lake import LakeIndex
    from parcours.insights.drift.marked import Marked
    from parcours.insights.needs import Need

LANGUAGES = ("en", "fr")
FEWEST_STAGES, MOST_STAGES = 3, 7

__all__ = ["DraftView", "ask_for_draft", "draft_of_lake", "make_draft", "store_draft"]


def ask_for_draft(brand: Brand, wishes: Wishes, *, acting_user: Actor) -> DraftView:
    """A draft that a worker makes when it is free. Raises BadInput before the first event."""
    from parcours.insights.tasks import draft_journey

    acting_user.require(EDIT)
    check(wishes)
    if not Lake(brand.pk).generation:
        raise BadInput(
            _("There is no event yet to draw from."),
            remedy=_("Bring in a file of events, or connect a shop."),
        )
    options = {"title": wishes.title, "language": wishes.language, "stages": wishes.stages}
    with transaction.atomic():
        made = add_draft(brand, options, steps=STEPS + 1, acting_user=acting_user)
        draft_journey.defer(brand=str(brand.pk), draft=str(made.id))
    return made


def check(wishes: Wishes) -> None:
    """Raises BadInput."""
    if wishes.language not in LANGUAGES:
        raise BadInput(
            _("A draft can't be written in “{language}”.").format(language=wishes.language),
            where="language",
            remedy=_("Use one of: {known}.").format(known=", ".join(LANGUAGES)),
        )
    if wishes.stages is not None and not FEWEST_STAGES <= wishes.stages <= MOST_STAGES:
        raise BadInput(
            _("A draft has from {fewest} to {most} stages.").format(fewest=FEWEST_STAGES, most=MOST_STAGES),
            where="stages",
        )


def make_draft(brand_id: uuid.UUID, draft_id: uuid.UUID) -> None:
    """The worker's part. What goes wrong is told on the draft."""
    brand = brand_by_id(brand_id)
    asked = draft(brand_id, draft_id)
    if not asked.is_open:
        return
    try:
        drawing = draft_of_lake(brand, _wishes(asked.options), say=partial(draft_step, draft_id))
    except ParcoursError as fault:
        draft_failed(draft_id, str(fault))
        return
    draft_made(draft_id, as_json(drawing))


def draft_of_lake(brand: Brand, wishes: Wishes, *, say: Any = lambda _step: None) -> Drawing:
    """Raises BadInput for wishes that can't be, NotFound before the first event."""
    from parcours.measures.scope import open_index

    check(wishes)
    if not Lake(brand.pk).generation:
        raise NotFound(_("There is no event yet to draw from."))
    index = open_index(brand.pk)
    return drafted(
        unmarked(index.log()),
        wishes,
        values=partial(_values, index),
        needs=partial(_needs, brand, index, wishes.language),
        say=say,
    )


def store_draft(brand: Brand, draft_id: uuid.UUID, *, title: str = "", acting_user: Actor) -> JourneyView:
    """Makes it a journey of the brand, under `title` or its own. Raises BadInput unless it is ready."""
    acting_user.require(EDIT)
    found = draft(brand.pk, draft_id)
    if not found.is_ready or found.plan is None:
        raise BadInput(_("This draft is not ready to be stored."))
    with transaction.atomic():
        journey = draw_journey(read_drawing(dict(found.plan)), acting_user=acting_user, title=title)
        draft_done(draft_id, journey.id)
    return journey


def _wishes(options: Any) -> Wishes:
    return Wishes(options.get("title", ""), options.get("language", "en"), options.get("stages"))


def _values(index: "LakeIndex", name: str) -> "tuple[npt.NDArray[Any], Any] | None":
    if name not in index.property_keys():
        return None
    column = index.column(f"properties.{name}")
    return (column.codes, column.labels) if column.labels else None


def _needs(brand: Brand, index: "LakeIndex", language: str, log: "Marked") -> "list[Need]":
    from parcours.insights.finding import quotable
    from parcours.insights.needs import needs

    return needs(index, log, [], quotable(brand), language=language)
