"""Reading a journey from its JSON file, with errors that name the place in it."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parcours.canvas.enums import JourneyKind, JourneyStatus, LaneKind
from parcours.canvas.exports import fields
from parcours.canvas.exports.drawn import (
    Drawing,
    DrawnCard,
    DrawnLane,
    DrawnPersona,
    DrawnStage,
    DrawnTouchpoint,
)
from parcours.canvas.exports.portable import FORMAT, READ_VERSIONS, VERSION
from parcours.canvas.exports.reading_parts import (
    read_capture,
    read_evidence,
    read_fit,
    read_thread,
    read_value,
)
from parcours.canvas.exports.segments import read_segment
from parcours.canvas.kinds import clean_details
from parcours.canvas.rules import name_rule, touchpoint_rule
from parcours.canvas.templates.field import LANES, STAGES
from parcours.canvas.templates.hints import STAGE_KEYS
from parcours.core.errors import BadInput


def read_drawing(data: object) -> Drawing:
    """A journey from what a JSON file holds. Without stages or lanes it has those of the template.

    Raises BadInput that says which place in the file is wrong.
    """
    whole = fields.object_at(data, "")
    if whole.get("format", FORMAT) != FORMAT or whole.get("version", VERSION) not in READ_VERSIONS:
        raise BadInput(
            _("This file isn't a journey that this version of Parcours can read."),
            where="format",
            remedy=_("It should say “format”: “{format}”, “version”: {version}.").format(
                format=FORMAT, version=VERSION
            ),
        )
    pictures = _pictures(fields.object_in(whole, "pictures", ""))
    stages = tuple(_stage(each, at) for at, each in fields.items(whole, "stages", "")) or _template_stages()
    lanes = tuple(_lane(each, at) for at, each in fields.items(whole, "lanes", "")) or _template_lanes()
    places = _Places([stage.name for stage in stages], [lane.name for lane in lanes], lanes)
    cards = tuple(_card(each, at, places, pictures) for at, each in fields.items(whole, "cards", ""))
    met = sum(len(stage.touchpoints) for stage in stages)
    drawn_from, drawn_from_id = _journey(whole, "drawn_from", "")
    return Drawing(
        id=fields.text(whole, "id", ""),
        title=fields.text(whole, "title", ""),
        summary=fields.text(whole, "summary", ""),
        kind=fields.text(whole, "kind", "") or JourneyKind.AS_IS,
        status=fields.one_of(whole, "status", "", JourneyStatus.values) or JourneyStatus.ACTIVE,
        segment=read_segment(whole, ""),
        review_every_days=fields.whole(whole, "review_every_days", "", 1, 3_660),
        review_due=fields.day(whole, "review_due", ""),
        drawn_from=drawn_from,
        drawn_from_id=drawn_from_id,
        persona=_persona(whole["persona"], pictures) if whole.get("persona") else None,
        values=tuple(read_value(each, at) for at, each in fields.items(whole, "values", "")),
        stages=stages,
        lanes=lanes,
        cards=cards,
        threads=tuple(
            read_thread(each, at, places, cards=len(cards), touchpoints=met)
            for at, each in fields.items(whole, "comments", "")
        ),
        pictures=pictures,
    )


def _template_stages() -> tuple[DrawnStage, ...]:
    return tuple(DrawnStage(str(stage.name), str(stage.description), stage.key, ()) for stage in STAGES)


def _template_lanes() -> tuple[DrawnLane, ...]:
    return tuple(DrawnLane(kind, str(kind.label)) for kind in LANES)


def _stage(data: object, at: str) -> DrawnStage:
    stage = fields.object_at(data, at)
    touchpoints = tuple(_touchpoint(each, place) for place, each in fields.items(stage, "touchpoints", at))
    key = fields.text(stage, "key", at)
    return DrawnStage(
        id=fields.text(stage, "id", at),
        name=fields.text(stage, "name", at, required=True),
        description=fields.text(stage, "description", at),
        key=key if key in STAGE_KEYS else "",
        touchpoints=touchpoints,
    )


def _touchpoint(data: object, at: str) -> DrawnTouchpoint:
    """Its rule, or `events`: the names of the events that it means."""
    touchpoint = fields.object_at(data, at)
    rule = touchpoint.get("rule")
    if rule is None and (events := touchpoint.get("events")):
        rule = name_rule(*(events if isinstance(events, list) else [events]))
    try:
        parsed = touchpoint_rule(rule).as_json()
    except BadInput as fault:
        raise BadInput(fault.what, where=f"{at}.rule, {fault.where}", remedy=fault.remedy) from fault
    return DrawnTouchpoint(
        id=fields.text(touchpoint, "id", at),
        name=fields.text(touchpoint, "name", at, required=True),
        channel=fields.text(touchpoint, "channel", at),
        rule=parsed,
        fits=tuple(read_fit(each, place) for place, each in fields.items(touchpoint, "values", at)),
    )


def _lane(data: object, at: str) -> DrawnLane:
    lane = fields.object_at(data, at)
    kind = fields.text(lane, "kind", at, required=True)
    if kind not in LaneKind.values:
        raise BadInput(
            _("There is no kind of row “{kind}”.").format(kind=kind),
            where=f"{at}.kind",
            remedy=_("Use one of: {known}.").format(known=", ".join(LaneKind.values)),
        )
    return DrawnLane(kind, fields.text(lane, "name", at) or str(LaneKind(kind).label))


def _card(data: object, at: str, places: "_Places", pictures: Mapping[str, bytes]) -> DrawnCard:
    card = fields.object_at(data, at)
    lane = places.lane(card.get("lane"), f"{at}.lane")
    details = dict(fields.object_in(card, "details", at))
    touchpoint = fields.text(details, "touchpoint", f"{at}.details")
    details.pop("touchpoint", None)
    leads_to, leads_to_id = _journey(card, "leads_to", at)
    return DrawnCard(
        id=fields.text(card, "id", at),
        stage=places.stage(card.get("stage"), f"{at}.stage"),
        lane=lane,
        title=fields.text(card, "title", at),
        text=fields.text(card, "text", at),
        picture=_picture(card, "picture", at, pictures),
        picture_alt=fields.text(card, "picture_alt", at),
        picture_caption=fields.text(card, "picture_caption", at),
        details=_details(places.kinds[lane].kind, details, at),
        touchpoint=touchpoint,
        leads_to=leads_to,
        leads_to_id=leads_to_id,
        drawn_from=fields.text(card, "drawn_from", at),
        evidence=tuple(read_evidence(each, place) for place, each in fields.items(card, "evidence", at)),
        capture=read_capture(card, at),
    )


def _details(kind: str, details: Mapping[str, Any], at: str) -> dict[str, Any]:
    try:
        return clean_details(kind, details)
    except BadInput as fault:
        raise BadInput(fault.what, where=f"{at}.{fault.where}", remedy=fault.remedy) from fault


def _journey(data: Mapping[str, Any], name: str, at: str) -> tuple[str, str]:
    """Title and id of another journey; a title alone is enough."""
    said = data.get(name)
    if said is None or isinstance(said, str):
        return fields.text(data, name, at), ""
    here = fields.place(at, name)
    named = fields.object_at(said, here)
    return fields.text(named, "title", here), fields.text(named, "id", here)


def _persona(data: object, pictures: Mapping[str, bytes]) -> DrawnPersona:
    persona = fields.object_at(data, "persona")
    year = persona.get("birth_year")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
        raise BadInput(_("“{year}” is not a year of birth.").format(year=year), where="persona.birth_year")
    return DrawnPersona(
        name=fields.text(persona, "name", "persona", required=True),
        birth_year=year,
        sketch=fields.text(persona, "sketch", "persona"),
        goals=fields.text(persona, "goals", "persona"),
        quote=fields.text(persona, "quote", "persona"),
        habits=fields.text(persona, "habits", "persona"),
        channels=fields.texts(persona, "channels", "persona"),
        segment=read_segment(persona, "persona"),
        photo=_picture(persona, "photo", "persona", pictures),
    )


def _pictures(data: Mapping[str, Any]) -> dict[str, bytes]:
    found = {}
    for key, text in data.items():
        try:
            found[key] = base64.b64decode(text, validate=True)
        except (TypeError, ValueError, binascii.Error) as error:
            raise BadInput(_("The picture isn't written in base64."), where=f"pictures.{key}") from error
    return found


def _picture(data: Mapping[str, Any], name: str, at: str, pictures: Mapping[str, bytes]) -> str:
    key = fields.text(data, name, at)
    if key and key not in pictures:
        raise BadInput(_("There is no picture “{key}” in the file.").format(key=key), where=f"{at}.{name}")
    return key


@dataclass(frozen=True, slots=True)
class _Places:
    """Finds the stage or lane that a card names: by name, by place from 1, a lane also by its kind."""

    stages: list[str]
    lanes: list[str]
    kinds: tuple[DrawnLane, ...]

    def stage(self, wanted: object, at: str) -> int:
        return _place(wanted, self.stages, at)

    def lane(self, wanted: object, at: str) -> int:
        kinds: list[str] = [lane.kind for lane in self.kinds]
        named = isinstance(wanted, str) and wanted.strip().casefold() in map(str.casefold, self.lanes)
        if isinstance(wanted, str) and not named and kinds.count(wanted) == 1:
            return kinds.index(wanted)
        return _place(wanted, self.lanes, at)


def _place(wanted: object, names: list[str], at: str) -> int:
    if isinstance(wanted, int) and not isinstance(wanted, bool) and 1 <= wanted <= len(names):
        return wanted - 1
    if isinstance(wanted, str):
        fitting = [place for place, name in enumerate(names) if name.casefold() == wanted.strip().casefold()]
        if len(fitting) == 1:
            return fitting[0]
    raise BadInput(
        _("“{wanted}” names none of them, or several.").format(wanted=wanted),
        where=at,
        remedy=_("Use one of these names, or its place from 1 on: {names}.").format(names=", ".join(names)),
    )
