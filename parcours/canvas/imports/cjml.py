"""Journeys from CJML 2.0 files, also from those that are a little broken.

What can be understood is taken, with a notice for each thing that was mended; a file that isn't CJML at all
is refused. The tools of cjml.no write touchpoints without a phase, phases that are only referred to, ids that
come twice, and text that isn't escaped: all of that is read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from parcours.canvas.enums import JourneyKind, LaneKind
from parcours.canvas.exports.cjml import level_of
from parcours.canvas.exports.drawn import Drawing, DrawnCard, DrawnLane, DrawnPersona, DrawnStage
from parcours.core.errors import BadInput
from parcours.core.ids import new_id
from parcours.core.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element, _ElementTree

MOST_BYTES = 5 * 1024 * 1024
MOST_POINTS = 3_000
_JOURNEYS = {"plannedJourney", "actualJourney"}
_ACTIONS = {"plannedAction", "actualAction"}
_COMMUNICATIONS = {"plannedCommunicationPoint", "actualCommunicationPoint"}
_LANE_ORDER = list(LaneKind)


@dataclass(frozen=True, slots=True)
class Found:
    """The journeys of a file, and what had to be mended, in sentences."""

    drawings: tuple[Drawing, ...]
    notices: tuple[str, ...]


@dataclass(slots=True)
class _Point:
    """A touchpoint of the file as a card: in which phase, on which row."""

    phase: str
    kind: str
    title: str
    text: str
    details: dict[str, object] = field(default_factory=dict)


def read_cjml(content: bytes) -> Found:
    """Raises BadInput for what isn't CJML, says no journey, or is too large."""
    if len(content) > MOST_BYTES:
        raise BadInput(_("The file is larger than {n} MB.").format(n=MOST_BYTES // 1024 // 1024))
    tree, notices = _parsed(content)
    journeys = [each for each in tree.iter() if _name(each) in _JOURNEYS]
    if not journeys:
        raise BadInput(
            _("No journey is in this file."),
            remedy=_("A CJML file holds a “plannedJourney” or an “actualJourney” within “CJML”."),
        )
    drawings = tuple(_drawing(journey, number, notices) for number, journey in enumerate(journeys, 1))
    keys = {one_line(_text(journey, "journeyID")): place for place, journey in enumerate(journeys)}
    return Found(tuple(_linked(each, keys, drawings) for each in drawings), tuple(dict.fromkeys(notices)))


def _linked(drawing: Drawing, keys: Mapping[str, int], drawings: Sequence[Drawing]) -> Drawing:
    """With the journeys that its cards open, as the comments of the cards tell."""
    return replace(drawing, cards=tuple(_opening(card, keys, drawings) for card in drawing.cards))


def _opening(card: DrawnCard, keys: Mapping[str, int], drawings: Sequence[Drawing]) -> DrawnCard:
    """A line “Opens the journey: Returns (PJ2)” becomes a link: to that journey of the file, or, without an
    id, to the one of the brand that has this title.
    """
    lines = card.text.split("\n")
    for place, line in enumerate(lines):
        said = next((found[1] for each in _opens() if (found := each.fullmatch(line.strip()))), None)
        if said is None:
            continue
        text = "\n".join(lines[:place] + lines[place + 1 :])
        title, _bracket, key = said.removesuffix(")").rpartition(" (")
        inside = keys.get(key) if title else None
        if inside is not None and drawings[inside].title == title[:160]:
            return replace(card, text=text, id=str(new_id()), opens=inside)
        return replace(card, leads_to=said)  # the words stay: perhaps no such journey is there
    return card


def _opens() -> list[re.Pattern[str]]:
    """How the line begins in each language, for a file may be read in another one than it was written in."""
    found = []
    for language, _name_of_it in settings.LANGUAGES:
        with override(language):
            said = re.escape(_("Opens the journey: {title}").format(title="TITLE"))
        found.append(re.compile(said.replace("TITLE", "(.+)")))
    return found


def _parsed(content: bytes) -> "tuple[_ElementTree, list[str]]":
    """The tree, mended where it can be, and what was mended."""
    from lxml import etree

    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content[:100_000], re.IGNORECASE):
        raise BadInput(
            _("The file declares a document type, which journeys don't need and Parcours doesn't open."),
            remedy=_("Remove the line that begins with <!DOCTYPE."),
        )
    content = content.lstrip(b"\xef\xbb\xbf \r\n\t")
    if not content.startswith(b"<"):
        raise BadInput(_("This file isn't XML."), remedy=_("CJML files begin with “<CJML”."))
    for recover in (False, True):
        parser = etree.XMLParser(
            recover=recover, resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True
        )
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            if recover:
                raise BadInput(
                    _("This file isn't XML that can be read."), where=_line(error.lineno or 0)
                ) from error
            continue
        if root is None:
            raise BadInput(_("This file isn't XML that can be read."))
        notices = [
            _("Line {line} was mended: {reason}").format(line=each.line, reason=each.message)
            for each in parser.error_log[:20]
        ]
        return root.getroottree(), notices
    raise AssertionError("unreachable")


def _drawing(journey: "_Element", number: int, notices: list[str]) -> Drawing:
    points = [point for each in journey.iter() for point in _points_of(each)]
    if len(points) > MOST_POINTS:
        raise BadInput(_("A canvas holds at most {n} cards.").format(n=MOST_POINTS))
    phases = _phases(journey)
    for point in points:
        if point.phase not in phases:
            if point.phase:
                notices.append(
                    _("The phase “{phase}” is referred to but not described; it became a stage.").format(
                        phase=point.phase
                    )
                )
            else:
                notices.append(_("Some touchpoints name no phase; they stand in a stage of their own."))
            phases[point.phase] = (point.phase or _("Without a stage"), "")
    if not phases:
        phases[""] = (_("Stage {number}").format(number=1), "")
    kinds = _kinds(points)
    places = {phase: place for place, phase in enumerate(phases)}
    title = one_line(_text(journey, "journeyTitle") or _text(journey, "journeyID"))
    summary = _text(journey, "journeyShortSummary") or _text(journey, "journeyLongSummary")
    return Drawing(
        title=(title or _("Journey {number}").format(number=number))[:160],
        summary=summary[:2_000],
        kind=JourneyKind.AS_IS,
        persona=_persona(journey),
        stages=tuple(DrawnStage(name[:80], about[:300], "", ()) for name, about in phases.values()),
        lanes=tuple(DrawnLane(kind, str(LaneKind(kind).label)) for kind in kinds),
        cards=tuple(
            DrawnCard(
                stage=places[point.phase],
                lane=kinds.index(point.kind),
                title=one_line(point.title)[:200],
                text=point.text[:10_000],
                picture="",
                picture_alt="",
                details=point.details,
            )
            for point in points
        ),
        pictures={},
    )


def _phases(journey: "_Element") -> dict[str, tuple[str, str]]:
    """Name and description by id, in the order of the file."""
    found: dict[str, tuple[str, str]] = {}
    for each in journey.iter():
        if _name(each) != "journeyPhase":
            continue
        name = one_line(_text(each, "phaseName"))
        key = one_line(each.get("phaseID") or each.get("phaseId") or name)
        if key and key not in found:
            found[key] = (name or key, one_line(_text(each, "phaseDescription")))
    return found


def _kinds(points: list[_Point]) -> list[str]:
    """The rows that are needed, in their usual order; the three core ones always."""
    needed = {point.kind for point in points} | {LaneKind.NEED, LaneKind.MOMENT, LaneKind.ACTION}
    return [kind for kind in _LANE_ORDER if kind in needed]


def _points_of(element: "_Element") -> Iterator[_Point]:
    """A card for a touchpoint, and one more for how it felt."""
    name = _name(element)
    if name not in _ACTIONS | _COMMUNICATIONS:
        return
    phase = one_line(_attribute(element, "belongsTo", "phaseIDref"))
    label = _text(element, "initiatorLabel")
    comment = _text(element, "comment")
    category = _text(element, "category").casefold()
    channel = one_line(_text(element, "channelName"))
    rating, felt = _text(element, "experienceRating"), _text(element, "experienceDescription")
    if category == LaneKind.EMOTION and (rating or felt):
        yield _Point(phase, LaneKind.EMOTION, felt or label, comment, _level(rating))
        return
    if name in _COMMUNICATIONS:
        other = _text(element, "receiverLabel")
        words = [each for each in (other if other != label else "", channel, comment) if each]
        title = label or other or channel or _text(element, "touchpointID")
        yield _Point(phase, LaneKind.TOUCHPOINT, title, "\n".join(words))
    else:
        kind = category if category in LaneKind.values else _kind_by_actor(element)
        yield _Point(phase, kind, label or _text(element, "touchpointID"), comment)
    if rating or felt:
        yield _Point(phase, LaneKind.EMOTION, felt or label, "", _level(rating))


def _kind_by_actor(element: "_Element") -> str:
    """What the customer does is a key moment; what somebody else does is an action of the team."""
    journey = next(each for each in element.iterancestors() if _name(each) in _JOURNEYS)
    customers = {
        one_line(each.get("actorID") or each.get("actorIDref") or "")
        for each in journey.iter()
        if _name(each) == "endUser"
    }
    actor = one_line(_attribute(element, "refersTo", "actorIDref"))
    return LaneKind.MOMENT if actor in customers else LaneKind.ACTION


def _level(rating: str) -> dict[str, object]:
    try:
        return {"level": level_of(float(rating.replace(",", ".")))}
    except ValueError:
        return {}


def _persona(journey: "_Element") -> DrawnPersona | None:
    for each in journey.iter():
        if _name(each) == "endUser":
            name = one_line(each.get("actorID") or each.get("actorIDref") or "")[:80]
            return DrawnPersona(name, None, "", "", "", "") if name else None
    return None


def _name(element: "_Element") -> str:
    """Without a namespace: some files have one, most have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: "_Element", name: str) -> str:
    """The words of the first descendant of that name that has any."""
    for each in element.iter():
        if _name(each) == name and each is not element:
            words = "".join(map(str, each.itertext())).strip()
            if words:
                return words
    return ""


def _attribute(element: "_Element", name: str, attribute: str) -> str:
    for each in element.iter():
        if _name(each) == name:
            return each.get(attribute) or ""
    return ""


def _line(number: int) -> str:
    return _("line {n}").format(n=number)
