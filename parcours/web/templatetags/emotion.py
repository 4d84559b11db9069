from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parcours.canvas.emotion import WIDTH, curve_of, level_of
from parcours.canvas.kinds import feeling, signed
from parcours.canvas.shapes import LaneView
from parcours.web.canvas.drawing import drawn_piece

register = template.Library()


@register.simple_tag(takes_context=True)
def emotion_plot(context: template.Context, lane: LaneView, stage: int) -> SafeString:
    """One stage's part of a row's curve, with its points; `stage` counts from 0."""
    cell = lane.cells[stage]
    (drawn,) = drawn_piece(
        "canvas/emotion_plot.html",
        points=tuple((card, level) for card in cell.cards if (level := level_of(card)) is not None),
        curve=curve_of(lane),
        start=stage * WIDTH,
        width=WIDTH,
        stage_name=cell.stage.name,
        may_edit=bool(context.get("may_edit", False)),
    )
    return drawn


@register.filter
def felt(level: int) -> str:
    """−40 → “rather unhappy, −40”."""
    return _("{feeling}, {level}").format(feeling=feeling(level), level=signed(level))


@register.filter
def signed_level(level: int) -> str:
    return signed(level)


@register.filter
def feeling_of(level: int) -> str:
    return feeling(level)
