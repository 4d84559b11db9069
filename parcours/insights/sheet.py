"""The canvas with its living numbers as a sheet, from which files are written."""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.canvas.exports.sheet import (
    Pictures,
    Sheet,
    SheetStage,
    SheetTouchpoint,
    hue_of,
    persona_of,
    rows_of,
)
from parcours.canvas.shapes import Board, StageView
from parcours.core.clock import now
from parcours.core.formats import count, share, span
from parcours.core.periods import Period
from parcours.customers.reads import segment as named_segment
from parcours.events.channels import channel_label
from parcours.insights.reads import canvas_numbers
from parcours.insights.shapes import CanvasNumbers, StageNumbers, TouchpointNumbers


def sheet_of(brand: Brand, board: Board, period: Period, segment: str = "") -> Sheet:
    """What the page shows for this period and segment, in the language that is active.

    Raises NotFound for a segment that isn't there.
    """
    numbers = canvas_numbers(brand, board, period, segment)
    pictures = Pictures(brand.pk)
    journey = board.journey
    who = named_segment(brand, segment).name if segment else _("all customers")
    return Sheet(
        title=journey.title,
        summary=journey.summary,
        language=translation.get_language() or "en",
        about=" · ".join((brand.name, journey.kind_label, who, str(period.label))),
        stages=tuple(_stage(stage, numbers) for stage in board.stages),
        rows=rows_of(board, pictures),
        persona=persona_of(board, pictures),
        touchpoints=_("Touchpoints"),
        footer=_("Drawn with Parcours, {day}").format(day=date_format(now(), "DATE_FORMAT")),
    )


def _stage(stage: StageView, numbers: CanvasNumbers | None) -> SheetStage:
    counted = numbers.stage_by_id.get(stage.id) if numbers else None
    by_touchpoint = numbers.touchpoint_by_id if numbers else {}
    return SheetStage(
        name=stage.name,
        description=stage.description,
        hue=hue_of(stage.number - 1),
        touchpoints=tuple(
            _touchpoint(each.name, each.channel, by_touchpoint.get(each.id)) for each in stage.touchpoints
        ),
        numbers=_lines(counted) if counted else (),
        customers=counted.customers if counted else 0,
        share=counted.share if counted and not counted.too_few else None,
    )


def _touchpoint(name: str, channel: str, counted: TouchpointNumbers | None) -> SheetTouchpoint:
    label = channel_label(channel)
    if counted is None:
        return SheetTouchpoint(name, label)
    return SheetTouchpoint(name, label, count(counted.customers), counted.share)


def _lines(counted: StageNumbers) -> tuple[str, ...]:
    if not counted.customers:
        return (_("Nobody in this period"),)
    lines = [_("{n} customers").format(n=count(counted.customers))]
    if counted.too_few:
        return (*lines, _("too few for a share"))
    if counted.share is not None:
        lines.append(_("{share} go on").format(share=share(counted.share)))
    if counted.median_seconds is not None:
        lines.append(_("median {time}").format(time=span(counted.median_seconds)))
    if counted.share is None and counted.returned_share:
        lines.append(_("{share} come back").format(share=share(counted.returned_share)))
    if counted.leaves_flag:
        lines.append(_("the largest loss of this journey"))
    return tuple(lines)
