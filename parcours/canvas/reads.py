"""Reading the canvas: a constant number of queries, whatever stands on it."""

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from parcours.canvas.board_rows import CARDS, LANES, STAGES, TOUCHPOINTS, CardRow, picture_of
from parcours.canvas.models import Card, CardLease, Journey, Lane, Persona, Picture, Stage, Touchpoint
from parcours.canvas.pictures import path_of
from parcours.canvas.shapes import (
    Board,
    CardView,
    Cell,
    JourneySummary,
    JourneyView,
    LaneView,
    PersonaView,
    PictureView,
    Removed,
    StageView,
    TouchpointView,
)
from parcours.canvas.templates.hints import hint
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound

SHORTEST_PREFIX = 4


def journeys(brand_id: uuid.UUID) -> tuple[JourneySummary, ...]:
    """The brand's maps, the one changed last first."""
    rows = list(
        Journey.objects.filter(brand_id=brand_id, deleted_at=None)
        .select_related("persona__photo", "owner")
        .order_by("-updated_at", "-id")
    )
    stages = defaultdict(list)
    for stage in Stage.objects.filter(journey__in=rows, deleted_at=None).order_by("order_key"):
        stages[stage.journey_id].append(stage)
    standing = Card.objects.filter(journey__in=rows, deleted_at=None, lane__deleted_at=None)
    cards = Counter(dict(standing.order_by().values_list("stage_id").annotate(Count("id"))))
    touchpoints = Counter(
        dict(
            Touchpoint.objects.filter(journey__in=rows, deleted_at=None, stage__deleted_at=None)
            .order_by()
            .values_list("journey_id")
            .annotate(Count("id"))
        )
    )
    return tuple(
        JourneySummary(
            journey=journey_view(row),
            stages=tuple(stage.name for stage in stages[row.pk]),
            cards_by_stage=tuple(cards[stage.pk] for stage in stages[row.pk]),
            touchpoints=touchpoints[row.pk],
        )
        for row in rows
    )


def deleted_journeys(brand_id: uuid.UUID) -> tuple[JourneyView, ...]:
    """Maps taken off the list that can be put back, the last one first."""
    rows = Journey.objects.filter(brand_id=brand_id, deleted_at__isnull=False).order_by("-deleted_at")
    return tuple(journey_view(row) for row in rows.select_related("persona__photo", "owner"))


def journey(brand_id: uuid.UUID, journey_id: uuid.UUID) -> JourneyView:
    """Raises NotFound."""
    row = Journey.objects.filter(brand_id=brand_id, pk=journey_id, deleted_at=None)
    found = row.select_related("persona__photo", "owner").first()
    if found is None:
        raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted."))
    return journey_view(found)


def journey_named(brand_id: uuid.UUID, text: str) -> JourneyView:
    """The journey with that id, beginning of an id, or title. Raises NotFound, BadInput when several fit."""
    rows = Journey.objects.filter(brand_id=brand_id, deleted_at=None).select_related(
        "persona__photo", "owner"
    )
    fitting = [row for row in rows if str(row.pk) == text.casefold()]
    fitting = fitting or [row for row in rows if row.title.casefold() == text.strip().casefold()]
    if not fitting and len(text) >= SHORTEST_PREFIX:
        fitting = [row for row in rows if str(row.pk).startswith(text.casefold())]
    if len(fitting) == 1:
        return journey_view(fitting[0])
    if not fitting:
        raise NotFound(
            _("There is no journey “{text}”.").format(text=text),
            remedy=_("See the journeys there are: parcours canvas list"),
        )
    raise BadInput(
        _("“{text}” fits {n} journeys.").format(text=text, n=len(fitting)),
        remedy=_("Give the whole id: {ids}.").format(ids=", ".join(str(row.pk) for row in fitting)),
    )


def standing_stages(brand_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The stages of all journeys that stand: whatever belongs to another one lost its place."""
    rows = Stage.objects.filter(journey__brand_id=brand_id, journey__deleted_at=None, deleted_at=None)
    return frozenset(rows.values_list("pk", flat=True))


def outline(brand_id: uuid.UUID, journey_id: uuid.UUID) -> Board:
    """A canvas with its stages and touchpoints, without rows and cards, in three queries. Raises NotFound."""
    return Board(journey(brand_id, journey_id), _stages(journey_id), ())


def board(brand_id: uuid.UUID, journey_id: uuid.UUID) -> Board:
    """A canvas with everything on it, in five queries. Raises NotFound."""
    head = journey(brand_id, journey_id)
    stages = _stages(journey_id)
    rows = LANES.rows(journey_id)
    cells = _cards_by_cell(journey_id, {lane: kind for lane, kind, _name, _order in rows})
    lanes = tuple(
        LaneView(
            id=lane,
            kind=kind,
            name=name,
            order_key=order_key,
            cells=tuple(
                Cell(
                    stage=stage,
                    lane_id=lane,
                    lane_kind=kind,
                    lane_name=name,
                    cards=tuple(cells[lane, stage.id]),
                    hint=hint(stage.key, kind),
                )
                for stage in stages
            ),
        )
        for lane, kind, name, order_key in rows
    )
    return Board(head, stages, lanes)


def touchpoints(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[TouchpointView, ...]:
    """The touchpoints in the order in which their rules are tried. Raises NotFound."""
    journey(brand_id, journey_id)
    return tuple(touchpoint for stage in _stages(journey_id) for touchpoint in stage.touchpoints)


def touchpoint(brand_id: uuid.UUID, journey_id: uuid.UUID, touchpoint_id: uuid.UUID) -> TouchpointView:
    """One touchpoint that stands on the canvas. Raises NotFound."""
    for found in touchpoints(brand_id, journey_id):
        if found.id == touchpoint_id:
            return found
    raise NotFound(_("There is no such touchpoint."), remedy=_("It may have been removed."))


def stages(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[StageView, ...]:
    """The stages from left to right with their touchpoints, in three queries. Raises NotFound."""
    journey(brand_id, journey_id)
    return _stages(journey_id)


def _stages(journey_id: uuid.UUID) -> tuple[StageView, ...]:
    by_stage: dict[uuid.UUID, list[TouchpointView]] = defaultdict(list)
    for id_, stage_id, name, channel, rule, order_key in TOUCHPOINTS.rows(journey_id):
        view = TouchpointView(id_, stage_id, name, channel, json.loads(rule), order_key)
        by_stage[stage_id].append(view)
    return tuple(
        StageView(id_, name, description, key, order_key, number, tuple(by_stage[id_]))
        for number, (id_, name, description, key, order_key) in enumerate(STAGES.rows(journey_id), 1)
    )


def _cards_by_cell(
    journey_id: uuid.UUID, kinds: dict[uuid.UUID, str]
) -> dict[tuple[uuid.UUID, uuid.UUID], list[CardView]]:
    """The standing cards by lane and stage, each in its order; `kinds` of the lanes that stand."""
    cells: dict[tuple[uuid.UUID, uuid.UUID], list[CardView]] = defaultdict(list)
    moment = now()
    for row in map(CardRow._make, CARDS.rows(journey_id)):
        if row.lane_id in kinds:
            cells[row.lane_id, row.stage_id].append(row.view(journey_id, kinds[row.lane_id], moment))
    return cells


def card(
    brand_id: uuid.UUID, journey_id: uuid.UUID, card_id: uuid.UUID, *, deleted: bool = False
) -> CardView:
    """One card; with `deleted` also one that was. Raises NotFound."""
    rows = Card.objects.select_related("lane", "picture", "lease", "leads_to").filter(
        pk=card_id, journey_id=journey_id, journey__brand_id=brand_id, journey__deleted_at=None
    )
    standing = {"deleted_at": None, "stage__deleted_at": None, "lane__deleted_at": None}
    found = (rows if deleted else rows.filter(**standing)).first()
    if found is None:
        raise NotFound(_("There is no such card."), remedy=_("It may have been deleted."))
    return _card_view(found, found.lane.kind, now())


def journey_titles(brand_id: uuid.UUID, journey_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The titles of journeys of a brand that stand, by id."""
    rows = Journey.objects.filter(brand_id=brand_id, pk__in=journey_ids, deleted_at=None)
    return dict(rows.values_list("pk", "title"))


def removed(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[Removed, ...]:
    """Stages, lanes and touchpoints that can be put back, the one removed last first. Raises NotFound."""
    journey(brand_id, journey_id)
    cards = Count("cards", filter=Q(cards__deleted_at=None))
    gone = Q(journey_id=journey_id, deleted_at__isnull=False)
    found = [
        *_removed(
            "stage", Stage.objects.filter(gone).annotate(n=cards).values_list("id", "name", "deleted_at", "n")
        ),
        *_removed(
            "lane", Lane.objects.filter(gone).annotate(n=cards).values_list("id", "name", "deleted_at", "n")
        ),
        *_removed(
            "touchpoint",
            ((*row, 0) for row in Touchpoint.objects.filter(gone).values_list("id", "name", "deleted_at")),
        ),
    ]
    return tuple(sorted(found, key=lambda thing: thing.at, reverse=True))


def _removed(kind: str, rows: Iterable[tuple[object, ...]]) -> Iterable[Removed]:
    return (Removed(kind, *row) for row in rows)  # type: ignore[arg-type]


def personas(brand_id: uuid.UUID) -> tuple[PersonaView, ...]:
    rows = (
        Persona.objects.filter(brand_id=brand_id, deleted_at=None)
        .select_related("photo")
        .order_by("name", "id")
    )
    return tuple(persona_view(row) for row in rows)


def removed_personas(brand_id: uuid.UUID) -> tuple[PersonaView, ...]:
    """Those that can be put back, the one removed last first."""
    rows = Persona.objects.filter(brand_id=brand_id, deleted_at__isnull=False).order_by("-deleted_at")
    return tuple(persona_view(row) for row in rows.select_related("photo"))


def persona(brand_id: uuid.UUID, persona_id: uuid.UUID) -> PersonaView:
    """Raises NotFound."""
    row = (
        Persona.objects.filter(brand_id=brand_id, pk=persona_id, deleted_at=None)
        .select_related("photo")
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such persona."))
    return persona_view(row)


def picture_file(brand_id: uuid.UUID, picture_id: uuid.UUID) -> tuple[Path, str]:
    """Where a picture's WebP file is, and the digest of its content. Raises NotFound."""
    digest = Picture.objects.filter(brand_id=brand_id, pk=picture_id).values_list("digest", flat=True).first()
    if digest is None or not path_of(digest).exists():
        raise NotFound(_("There is no such picture."))
    return path_of(digest), digest


def _card_view(row: Card, kind: str, moment: datetime) -> CardView:
    lease = _lease_of(row, moment)
    leads_to = row.leads_to if row.leads_to and row.leads_to.deleted_at is None else None
    return CardView(
        id=row.pk,
        journey_id=row.journey_id,
        stage_id=row.stage_id,
        lane_id=row.lane_id,
        kind=kind,
        title=row.title,
        text=row.text,
        picture=picture_view(row.picture, row.picture_alt, row.picture_caption) if row.picture else None,
        revision=row.revision,
        order_key=row.order_key,
        edited_by=row.edited_by,
        updated_at=row.updated_at,
        leased_by=lease.label if lease else None,
        leased_by_id=lease.actor_id if lease else None,
        deleted=row.deleted_at is not None,
        details=row.details,
        leads_to=leads_to.pk if leads_to else None,
        leads_to_title=leads_to.title if leads_to else "",
        drawn_from_id=row.drawn_from_id,
        created_at=row.created_at,
    )


def _lease_of(row: Card, moment: datetime) -> CardLease | None:
    lease = getattr(row, "lease", None)
    return lease if lease is not None and lease.until > moment else None


def picture_view(row: Picture, alt: str = "", caption: str = "") -> PictureView:
    return picture_of(row.pk, row.width, row.height, alt, caption)


def persona_view(row: Persona) -> PersonaView:
    return PersonaView(
        id=row.pk,
        name=row.name,
        birth_year=row.birth_year,
        sketch=row.sketch,
        goals=row.goals,
        habits=row.habits,
        quote=row.quote,
        channels=tuple(row.channels),
        segment_id=row.segment_id,
        photo=picture_view(row.photo, row.name) if row.photo else None,
    )


def journey_view(row: Journey) -> JourneyView:
    return JourneyView(
        id=row.pk,
        brand_id=row.brand_id,
        title=row.title,
        summary=row.summary,
        kind=row.kind,
        rules_revision=row.rules_revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
        persona=persona_view(row.persona) if row.persona and row.persona.deleted_at is None else None,
        status=row.status,
        segment_id=row.segment_id,
        owner_id=row.owner_id,
        owner_label=row.owner.label if row.owner else "",
        drawn_from_id=row.drawn_from_id,
        review_every_days=row.review_every_days,
        review_due=row.review_due,
    )


def touchpoint_view(row: Touchpoint) -> TouchpointView:
    return TouchpointView(
        id=row.pk,
        stage_id=row.stage_id,
        name=row.name,
        channel=row.channel,
        rule=row.rule,
        order_key=row.order_key,
    )
