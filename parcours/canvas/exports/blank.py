"""An empty canvas to print and write on: stages and rows of a template, with what belongs in each cell."""

import uuid

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parcours.canvas.enums import LaneKind
from parcours.canvas.exports.paper import Form, compiled_blank
from parcours.canvas.exports.sheet import hue_of
from parcours.canvas.templates.catalogue import FIELD
from parcours.canvas.templates.catalogue import template as template_named
from parcours.canvas.templates.hints import hint

BLANK_KINDS: dict[Form, str] = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


def as_blank(brand_id: uuid.UUID, form: Form, *, template: str = "") -> bytes:
    """A3 across. Raises NotFound for a template that isn't there."""
    return compiled_blank(_words(brand_id, template or FIELD), form)


def _words(brand_id: uuid.UUID, key: str) -> dict[str, object]:
    language = get_language() or "en"
    chosen = template_named(brand_id, key, language)
    return {
        "language": language[:2],
        "title": _("Customer journey"),
        "of": _("Journey of"),
        "date": _("Drawn on"),
        "by": _("By"),
        "name": chosen.name,
        "stages": [
            {"name": stage.name, "description": stage.description, "hue": hue_of(place)}
            for place, stage in enumerate(chosen.plan.stages)
        ],
        "rows": [
            {
                "name": lane.name or str(LaneKind(lane.kind).label),
                "kind": lane.kind,
                "hints": [hint(stage.key, lane.kind) for stage in chosen.plan.stages],
            }
            for lane in chosen.plan.lanes
        ],
        "up": _("happy"),
        "down": _("unhappy"),
    }
