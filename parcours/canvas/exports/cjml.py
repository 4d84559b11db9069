"""A journey in CJML 2.0, the Customer Journey Modelling Language of SINTEF (cjml.no), as XML.

CJML knows phases, actors, communication points and actions, but no rows. So a touchpoint is a planned
communication point between the persona and the brand, and a card is an action of whoever does it: the
persona, or the brand for actions and employees. Its `category` names the kind of the row, so that reading the
file again finds it. It knows no journeys within journeys either: those that cards open follow in the file,
and the card's comment names the one it opens. What CJML has no place for (rules, pictures, evidence) stays in
the JSON file only; what a picture shows is said in the comment.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from parcours.canvas.enums import JourneyKind, LaneKind
from parcours.canvas.kinds import shown_details
from parcours.canvas.shapes import Board, CardView, StageView, TouchpointView
from parcours.canvas.text import as_plain
from parcours.core.text import printable

if TYPE_CHECKING:
    from lxml.etree import _Element

VERSION = "2.0"
OF_THE_BRAND = frozenset({LaneKind.ACTION, LaneKind.EMPLOYEE, LaneKind.KPI, LaneKind.BRAND_FIT})
"""Kinds of cards that are about what the brand does."""
_RATINGS = 5


def as_cjml(board: Board, *, brand: str, beneath: Sequence[Board] = ()) -> bytes:
    """The whole journey as a `plannedJourney`, and after it those `beneath` that cards open; UTF-8."""
    from lxml import etree

    root = etree.Element("CJML", version=VERSION)
    boards = (board, *beneath)
    ids = {each.journey.id: f"PJ{place}" for place, each in enumerate(boards, 1)}
    for each in boards:
        _add_journey(root, each, brand, ids)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add_journey(root: "_Element", board: Board, brand: str, ids: Mapping[uuid.UUID, str]) -> None:
    journey = _add(root, "plannedJourney")
    _add(journey, "journeyID", ids[board.journey.id])
    _add(journey, "journeyTitle", board.journey.title)
    phases = _add(journey, "journeyPhases")
    for stage in board.stages:
        phase = _add(phases, "journeyPhase", phaseID=_phase(stage))
        _add(phase, "phaseName", stage.name)
        _add(phase, "phaseDescription", stage.description)
    _add(journey, "journeyShortSummary", as_plain(board.journey.summary))
    if board.journey.kind == JourneyKind.TO_BE:
        _add(journey, "comment", str(JourneyKind.TO_BE.label))
    customer = board.persona.name if board.persona else "Customer"
    provider = brand if brand != customer else f"{brand} "
    actors = _add(journey, "actors")
    _add(actors, "endUser", actorID=customer)
    _add(actors, "serviceProvider", actorID=provider)
    _Points(journey, customer, provider, ids).add_all(board)


class _Points:
    """The touchpoints element: everything that happens, stage by stage."""

    def __init__(
        self, journey: "_Element", customer: str, provider: str, ids: Mapping[uuid.UUID, str]
    ) -> None:
        self._points = _add(journey, "touchpoints")
        self._customer, self._provider = customer, provider
        self._ids = ids
        self._count = 0

    def add_all(self, board: Board) -> None:
        names = {str(each.id): each.name for each in board.touchpoints}
        for place, stage in enumerate(board.stages):
            for touchpoint in stage.touchpoints:
                self._communication(stage, touchpoint)
            for lane in board.lanes:
                for card in lane.cells[place].cards:
                    self._action(stage, card, names)

    def _communication(self, stage: StageView, touchpoint: TouchpointView) -> None:
        point = self._begin("plannedCommunicationPoint", stage)
        self._actor(point, "initiator", self._customer, touchpoint.name)
        self._actor(point, "receiver", self._provider, touchpoint.name)
        channel = _add(point, "channel")
        _add(channel, "channelName", touchpoint.channel)

    def _action(self, stage: StageView, card: CardView, touchpoints: dict[str, str]) -> None:
        action = self._begin("plannedAction", stage)
        actor = self._provider if card.kind in OF_THE_BRAND else self._customer
        words = card.title or (card.picture.alt if card.picture else "") or as_plain(card.text)
        self._actor(action, "initiator", actor, words)
        details = [
            _("{label}: {value}").format(label=label, value=value)
            for label, value in shown_details(card.kind, card.details, touchpoints=touchpoints)
            if not (card.kind == LaneKind.EMOTION and "level" in card.details)
        ]
        details += [*_shows(card, words), *self._opens(card)]
        comment = "\n".join(filter(None, (as_plain(card.text) if card.title else "", *details)))
        if comment:
            _add(action, "comment", comment)
        if card.kind == LaneKind.EMOTION and "level" in card.details:
            felt = _add(action, "touchpointExperience")
            _add(felt, "experienceDescription", words)
            _add(felt, "experienceRating", str(rating_of(card.details["level"])))
        _add(action, "category", card.kind)

    def _opens(self, card: CardView) -> Iterator[str]:
        """The journey that the card opens, with its id where it is in the file."""
        if card.leads_to is not None:
            inside = self._ids.get(card.leads_to)
            title = f"{card.leads_to_title} ({inside})" if inside else card.leads_to_title
            yield _("Opens the journey: {title}").format(title=title)

    def _begin(self, kind: str, stage: StageView) -> "_Element":
        self._count += 1
        point = _add(self._points, kind)
        _add(point, "touchpointID", f"T{self._count}")
        _add(point, "belongsTo", phaseIDref=_phase(stage))
        return point

    def _actor(self, point: "_Element", role: str, actor: str, label: str) -> None:
        element = _add(point, role)
        _add(element, "refersTo", actorIDref=actor)
        _add(element, f"{role}Label", label)


def _shows(card: CardView, said: str) -> Iterator[str]:
    """What is said about the card's picture, beyond what stands there already."""
    picture = card.picture
    words = [picture.caption, picture.alt] if picture else []
    shown = [each for each in dict.fromkeys(words) if each and each != said]
    if shown:
        yield _("Picture: {words}").format(words=". ".join(shown))


def rating_of(level: int) -> int:
    """−100 … 100 on CJML's scale of 1 to 5."""
    return max(1, min(_RATINGS, round((level + 100) / 50) + 1))


def level_of(rating: float) -> int:
    """1 to 5 as −100 … 100."""
    return max(-100, min(100, round((rating - 1) * 50) - 100))


def _phase(stage: StageView) -> str:
    return f"P{stage.number}"


def _add(parent: "_Element", name: str, text: str = "", **attributes: str) -> "_Element":
    from lxml import etree

    element = etree.SubElement(parent, name, {key: printable(value) for key, value in attributes.items()})
    if text:
        element.text = printable(text)
    return element
