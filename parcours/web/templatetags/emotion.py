from typing import Any

from django import template
from django.utils.translation import gettext as _

from parcours.canvas.emotion import WIDTH, curve_of, points_of
from parcours.canvas.kinds import feeling, signed
from parcours.canvas.shapes import LaneView

register = template.Library()


@register.inclusion_tag("canvas/emotion_plot.html", takes_context=True)
def emotion_plot(context: template.Context, lane: LaneView, stage: int) -> dict[str, Any]:
    """One stage's part of a row's curve, with its points; `stage` counts from 0."""
    points = [point for point in points_of(lane) if point.stage == stage]
    return {
        "points": points,
        "curve": curve_of(lane),
        "start": stage * WIDTH,
        "width": WIDTH,
        "stage_name": lane.cells[stage].stage.name,
        "may_edit": context.get("may_edit", False),
    }


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
