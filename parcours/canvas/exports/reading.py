"""Reading a journey from its JSON file, with errors that name the place in it."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from parcours.canvas.enums import JourneyKind, JourneyStatus, LaneKind
from parcours.canvas.exports.portable import FORMAT, VERSION
from parcours.canvas.kinds import clean_details
from parcours.canvas.rules import name_rule, touchpoint_rule
from parcours.canvas.templates.field import LANES, STAGES
from parcours.canvas.templates.hints import STAGE_KEYS
from parcours.core.errors import BadInput
from parcours.customers.segments.generations import GENERATION_BY_KEY


@dataclass(frozen=True, slots=True)
class DrawnTouchpoint:
    name: str
    channel: str
    rule: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DrawnStage:
    name: str
    description: str
    key: str
    touchpoints: tuple[DrawnTouchpoint, ...]


@dataclass(frozen=True, slots=True)
class DrawnLane:
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """`stage` and `lane` are places in the drawing from 0; `picture` is a key of its pictures, or empty.

    Its `touchpoint` is the name of one, `leads_to` the title of a journey; both may be empty.
    """

    stage: int
    lane: int
    title: str
    text: str
    picture: str
    picture_alt: str
    picture_caption: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    touchpoint: str = ""
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class DrawnPersona:
    name: str
    birth_year: int | None
    sketch: str
    goals: str
    quote: str
    photo: str
    habits: str = ""
    channels: tuple[str, ...] = ()
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole journey that isn't stored yet."""

    title: str
    summary: str
    kind: str
    persona: DrawnPersona | None
    stages: tuple[DrawnStage, ...]
    lanes: tuple[DrawnLane, ...]
    cards: tuple[DrawnCard, ...]
    pictures: Mapping[str, bytes]
    status: str = JourneyStatus.ACTIVE
    segment: str = ""
    """The key of a generation; empty for everybody."""
    review_every_days: int | None = None


def read_drawing(data: object) -> Drawing:
    """A journey from what a JSON file holds. Without stages or lanes it has those of the template.

    Raises BadInput that says which place in the file is wrong.
    """
    whole = _object(data, "")
    if whole.get("format", FORMAT) != FORMAT or whole.get("version", VERSION) != VERSION:
        raise BadInput(
            _("This file isn't a journey that this version of Parcours can read."),
            where="format",
            remedy=_("It should say “format”: “{format}”, “version”: {version}.").format(
                format=FORMAT, version=VERSION
            ),
        )
    pictures = _pictures(whole.get("pictures") or {})
    stages = tuple(_stage(each, at) for at, each in _items(whole, "stages", "")) or _template_stages()
    lanes = tuple(_lane(each, at) for at, each in _items(whole, "lanes", "")) or _template_lanes()
    places = _Places([stage.name for stage in stages], [lane.name for lane in lanes], lanes)
    return Drawing(
        title=_text(whole, "title", ""),
        summary=_text(whole, "summary", ""),
        kind=_text(whole, "kind", "") or JourneyKind.AS_IS,
        status=_one_of(whole, "status", "", JourneyStatus.values) or JourneyStatus.ACTIVE,
        segment=_one_of(whole, "segment", "", list(GENERATION_BY_KEY)),
        review_every_days=_days(whole),
        persona=_persona(whole["persona"], pictures) if whole.get("persona") else None,
        stages=stages,
        lanes=lanes,
        cards=tuple(_card(each, at, places, pictures) for at, each in _items(whole, "cards", "")),
        pictures=pictures,
    )


def _template_stages() -> tuple[DrawnStage, ...]:
    return tuple(DrawnStage(str(stage.name), str(stage.description), stage.key, ()) for stage in STAGES)


def _template_lanes() -> tuple[DrawnLane, ...]:
    return tuple(DrawnLane(kind, str(kind.label)) for kind in LANES)


def _stage(data: object, at: str) -> DrawnStage:
    stage = _object(data, at)
    touchpoints = tuple(_touchpoint(each, place) for place, each in _items(stage, "touchpoints", at))
    key = _text(stage, "key", at)
    return DrawnStage(
        name=_text(stage, "name", at, required=True),
        description=_text(stage, "description", at),
        key=key if key in STAGE_KEYS else "",
        touchpoints=touchpoints,
    )


def _touchpoint(data: object, at: str) -> DrawnTouchpoint:
    """Its rule, or `events`: the names of the events that it means."""
    touchpoint = _object(data, at)
    rule = touchpoint.get("rule")
    if rule is None and (events := touchpoint.get("events")):
        rule = name_rule(*(events if isinstance(events, list) else [events]))
    try:
        parsed = touchpoint_rule(rule).as_json()
    except BadInput as fault:
        raise BadInput(fault.what, where=f"{at}.rule, {fault.where}", remedy=fault.remedy) from fault
    return DrawnTouchpoint(
        name=_text(touchpoint, "name", at, required=True),
        channel=_text(touchpoint, "channel", at),
        rule=parsed,
    )


def _lane(data: object, at: str) -> DrawnLane:
    lane = _object(data, at)
    kind = _text(lane, "kind", at, required=True)
    if kind not in LaneKind.values:
        raise BadInput(
            _("There is no kind of row “{kind}”.").format(kind=kind),
            where=f"{at}.kind",
            remedy=_("Use one of: {known}.").format(known=", ".join(LaneKind.values)),
        )
    return DrawnLane(kind, _text(lane, "name", at) or str(LaneKind(kind).label))


def _card(data: object, at: str, places: "_Places", pictures: Mapping[str, bytes]) -> DrawnCard:
    card = _object(data, at)
    lane = places.lane(card.get("lane"), f"{at}.lane")
    details = dict(_object(card.get("details") or {}, f"{at}.details"))
    touchpoint = _text(details, "touchpoint", f"{at}.details")
    details.pop("touchpoint", None)
    return DrawnCard(
        stage=places.stage(card.get("stage"), f"{at}.stage"),
        lane=lane,
        picture_caption=_text(card, "picture_caption", at),
        details=_details(places.kinds[lane].kind, details, at),
        touchpoint=touchpoint,
        leads_to=_text(card, "leads_to", at),
        title=_text(card, "title", at),
        text=_text(card, "text", at),
        picture=_picture(card, "picture", at, pictures),
        picture_alt=_text(card, "picture_alt", at),
    )


def _details(kind: str, details: Mapping[str, Any], at: str) -> dict[str, Any]:
    try:
        return clean_details(kind, details)
    except BadInput as fault:
        raise BadInput(fault.what, where=f"{at}.{fault.where}", remedy=fault.remedy) from fault


def _persona(data: object, pictures: Mapping[str, bytes]) -> DrawnPersona:
    persona = _object(data, "persona")
    year = persona.get("birth_year")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
        raise BadInput(_("“{year}” is not a year of birth.").format(year=year), where="persona.birth_year")
    return DrawnPersona(
        name=_text(persona, "name", "persona", required=True),
        birth_year=year,
        sketch=_text(persona, "sketch", "persona"),
        goals=_text(persona, "goals", "persona"),
        quote=_text(persona, "quote", "persona"),
        habits=_text(persona, "habits", "persona"),
        channels=_channels(persona),
        segment=_one_of(persona, "segment", "persona", list(GENERATION_BY_KEY)),
        photo=_picture(persona, "photo", "persona", pictures),
    )


def _channels(persona: Mapping[str, Any]) -> tuple[str, ...]:
    names = [name for _at, name in _items(persona, "channels", "persona")]
    if not all(isinstance(name, str) for name in names):
        raise BadInput(_("A text in quotes belongs here."), where="persona.channels")
    return tuple(str(name) for name in names)


def _one_of(data: Mapping[str, Any], name: str, at: str, known: list[str]) -> str:
    """One of the words, or nothing."""
    word = _text(data, name, at)
    if word and word not in known:
        raise BadInput(
            _("“{text}” is none of the choices.").format(text=word),
            where=f"{at}.{name}" if at else name,
            remedy=_("Use one of: {known}.").format(known=", ".join(known)),
        )
    return word


def _days(data: Mapping[str, Any]) -> int | None:
    days = data.get("review_every_days")
    if days is not None and (isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= 3_660):
        raise BadInput(_("A whole number of days belongs here."), where="review_every_days")
    return days


def _pictures(data: object) -> dict[str, bytes]:
    found = {}
    for key, text in _object(data, "pictures").items():
        try:
            found[key] = base64.b64decode(text, validate=True)
        except (TypeError, ValueError, binascii.Error) as error:
            raise BadInput(_("The picture isn't written in base64."), where=f"pictures.{key}") from error
    return found


def _picture(data: Mapping[str, Any], name: str, at: str, pictures: Mapping[str, bytes]) -> str:
    key = _text(data, name, at)
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


def _object(data: object, at: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise BadInput(_("An object in curly brackets belongs here."), where=at or _("the whole file"))
    return data


def _items(data: Mapping[str, Any], name: str, at: str) -> list[tuple[str, object]]:
    """The entries of a list, each with its place in the file."""
    found = data.get(name) or []
    here = f"{at}.{name}" if at else name
    if not isinstance(found, list):
        raise BadInput(_("A list in square brackets belongs here."), where=here)
    return [(f"{here}[{place}]", each) for place, each in enumerate(found)]


def _text(data: Mapping[str, Any], name: str, at: str, *, required: bool = False) -> str:
    value = data.get(name)
    here = f"{at}.{name}" if at else name
    if value is not None and not isinstance(value, str):
        raise BadInput(_("A text in quotes belongs here."), where=here)
    if required and not (value or "").strip():
        raise BadInput(_("This can't be empty."), where=here)
    return value or ""
