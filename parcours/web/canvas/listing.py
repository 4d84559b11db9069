"""The list of journeys: filtered by its address, grouped by status, each with those that belong to it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.canvas.enums import JourneyKind, JourneyStatus
from parcours.canvas.family import children
from parcours.canvas.shapes import JourneySummary
from parcours.customers.reads import segments

ALL_BUT_ARCHIVED = ""
EVERYBODY = "everybody"
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A journey in the list with those beneath it."""

    summary: JourneySummary
    segment_name: str
    beneath: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Group:
    status: str
    name: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; everything empty shows all that isn't archived."""

    words: str = ""
    status: str = ALL_BUT_ARCHIVED
    kind: str = ""
    owner: str = ""
    segment: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.words, self.status, self.kind, self.owner, self.segment))

    def fits(self, summary: JourneySummary) -> bool:
        journey = summary.journey
        return (
            self._fits_status(journey.status)
            and self.kind in {"", journey.kind}
            and self.owner in {"", str(journey.owner_id or "")}
            and self.segment in {"", journey.segment_key or EVERYBODY}
            and self._fits_words(summary)
        )

    def _fits_status(self, status: str) -> bool:
        if self.status == "all":
            return True
        return status != JourneyStatus.ARCHIVED if not self.status else status == self.status

    def _fits_words(self, summary: JourneySummary) -> bool:
        journey = summary.journey
        persona = journey.persona.name if journey.persona else ""
        there = " ".join((journey.title, journey.summary, persona, *summary.stages)).casefold()
        return all(word in there for word in self.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Listing:
    """`archived` counts those that are left out because they are."""

    groups: tuple[Group, ...]
    asked: Asked
    statuses: Choices
    kinds: Choices
    owners: Choices
    segments: Choices
    total: int
    archived: int

    @property
    def archived_query(self) -> str:
        return urlencode({"status": JourneyStatus.ARCHIVED})


def read_asked(query: QueryDict) -> Asked:
    return Asked(
        words=query.get("words", "").strip()[:200],
        status=query.get("status", ""),
        kind=query.get("kind", ""),
        owner=query.get("owner", ""),
        segment=query.get("segment", ""),
    )


def listing(brand: Brand, summaries: Sequence[JourneySummary], asked: Asked) -> Listing:
    names = {each.key: str(each.name) for each in segments(brand)}
    fitting = [each for each in summaries if asked.fits(each)]
    roots = _trees(brand.pk, fitting, names)
    groups = [
        Group(
            status,
            str(label),
            tuple(node for node in roots if node.summary.journey.status == status),
        )
        for status, label in _in_order(JourneyStatus.choices)
    ]
    used = {each.journey.segment_key for each in summaries} - {""}
    return Listing(
        groups=tuple(group for group in groups if group.nodes),
        asked=asked,
        statuses=(
            ("", _("All but archived")),
            *((value, str(label)) for value, label in JourneyStatus.choices),
            ("all", _("All")),
        ),
        kinds=(("", _("Both")), *((value, str(label)) for value, label in JourneyKind.choices)),
        owners=_owners(summaries),
        segments=(
            ("", _("All")),
            (EVERYBODY, _("Everybody")),
            *((key, name) for key, name in names.items() if key in used),
        ),
        total=len(summaries),
        archived=sum(each.journey.status == JourneyStatus.ARCHIVED for each in summaries),
    )


def _in_order(choices: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    """What is in use first, what is archived last."""
    order = [JourneyStatus.ACTIVE, JourneyStatus.DRAFT, JourneyStatus.ARCHIVED]
    return sorted(choices, key=lambda choice: order.index(JourneyStatus(choice[0])))


def _trees(brand_id: uuid.UUID, summaries: list[JourneySummary], names: dict[str, str]) -> list[Node]:
    by_id = {each.journey.id: each for each in summaries}
    beneath = children(brand_id, [each.journey for each in summaries])
    placed = {child for some in beneath.values() for child in some}

    def node(journey_id: uuid.UUID) -> Node:
        summary = by_id[journey_id]
        return Node(
            summary,
            names.get(summary.journey.segment_key, ""),
            tuple(node(child) for child in beneath.get(journey_id, [])),
        )

    return [node(journey_id) for journey_id in by_id if journey_id not in placed]


def _owners(summaries: Sequence[JourneySummary]) -> Choices:
    known = {
        str(each.journey.owner_id): each.journey.owner_label for each in summaries if each.journey.owner_id
    }
    ordered = sorted(known.items(), key=lambda owner: owner[1].casefold())
    return (("", _("All")), *ordered)
