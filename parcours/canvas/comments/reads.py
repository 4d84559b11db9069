"""Reading threads: four queries, however many there are."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.comments.mentions import as_typed, colleagues, drawn, mentioned
from parcours.canvas.comments.models import Comment, Muted, Thread
from parcours.canvas.comments.shapes import Anchor, CommentView, ThreadView
from parcours.canvas.models import Lane, Stage, Touchpoint
from parcours.canvas.reads import card, journey
from parcours.core.errors import NotFound

SHOWS = ("open", "resolved", "mine", "mentions")
MOST_SHOWN = 200
NOBODY = uuid.UUID(int=0)

_PLACES = ("card", "card__stage", "card__lane", "stage", "lane", "touchpoint", "touchpoint__stage")
_STANDING = (
    Q(journey__deleted_at=None)
    & (Q(card=None) | Q(card__deleted_at=None, card__stage__deleted_at=None, card__lane__deleted_at=None))
    & (Q(stage=None) | Q(stage__deleted_at=None))
    & (Q(lane=None) | Q(lane__deleted_at=None))
    & (Q(touchpoint=None) | Q(touchpoint__deleted_at=None, touchpoint__stage__deleted_at=None))
)
"""What a thread is about stands on the canvas."""


@dataclass(frozen=True, slots=True)
class Where:
    """What a comment is to be about: a card, a touchpoint, a stage with or without a lane, or everything."""

    card_id: uuid.UUID | None = None
    stage_id: uuid.UUID | None = None
    lane_id: uuid.UUID | None = None
    touchpoint_id: uuid.UUID | None = None

    @property
    def columns(self) -> dict[str, uuid.UUID | None]:
        names = ("card_id", "stage_id", "lane_id", "touchpoint_id")
        return {name: getattr(self, name) for name in names}


def read_where(key: str) -> Where:
    """From an anchor's key. Raises NotFound for what isn't one."""
    kind, *ids = key.split(":")
    try:
        found = [uuid.UUID(each) for each in ids]
    except ValueError:
        kind, found = "", []
    match kind, found:
        case "journey", []:
            return Where()
        case "card", [one]:
            return Where(card_id=one)
        case "stage", [one]:
            return Where(stage_id=one)
        case "touchpoint", [one]:
            return Where(touchpoint_id=one)
        case "cell", [stage, lane]:
            return Where(stage_id=stage, lane_id=lane)
    raise NotFound(_("There is no such place on this canvas."), where=key)


def place(actor: Actor, journey_id: uuid.UUID, where: Where) -> Anchor:
    """What it is called. Raises NotFound for what doesn't stand on the canvas."""
    head = journey(actor.brand_id, journey_id)
    if where.card_id is not None:
        found = card(actor.brand_id, journey_id, where.card_id)
        return _card_anchor(found.id, found.title or (found.picture.alt if found.picture else ""))
    if where.touchpoint_id is not None:
        point = Touchpoint.objects.filter(
            pk=where.touchpoint_id, journey_id=journey_id, deleted_at=None, stage__deleted_at=None
        ).first()
        if point is None:
            raise NotFound(_("There is no such touchpoint."), remedy=_("It may have been removed."))
        return Anchor(f"touchpoint:{point.pk}", "touchpoint", point.name)
    if where.stage_id is None:
        return Anchor("journey", "journey", head.title)
    stage = Stage.objects.filter(pk=where.stage_id, journey_id=journey_id, deleted_at=None).first()
    if stage is None:
        raise NotFound(_("There is no such stage on this canvas."), where="stage")
    if where.lane_id is None:
        return Anchor(f"stage:{stage.pk}", "stage", stage.name)
    lane = Lane.objects.filter(pk=where.lane_id, journey_id=journey_id, deleted_at=None).first()
    if lane is None:
        raise NotFound(_("There is no such row on this canvas."), where="lane")
    return Anchor(f"cell:{stage.pk}:{lane.pk}", "cell", f"{lane.name} · {stage.name}")


def threads_about(actor: Actor, journey_id: uuid.UUID, where: Where) -> tuple[ThreadView, ...]:
    """The threads about one thing: open ones first, in the order in which they began. Raises NotFound."""
    place(actor, journey_id, where)
    rows = Thread.objects.filter(journey_id=journey_id, **where.columns).order_by("id")
    found = _views(actor, rows)
    return tuple(sorted(found, key=lambda thread: thread.resolved))


def threads_of(actor: Actor, journey_id: uuid.UUID, show: str = "open") -> tuple[ThreadView, ...]:
    """The threads of a journey, the one with the newest comment first: `open`, `resolved`, those in which
    the actor takes part (`mine`), or in which they are mentioned (`mentions`). Raises NotFound.
    """
    journey(actor.brand_id, journey_id)
    rows = Thread.objects.filter(_STANDING, journey_id=journey_id).order_by("-updated_at", "-id")
    if show == "resolved":
        rows = rows.filter(resolved_at__isnull=False)
    elif show == "mine":
        rows = rows.filter(comments__author_id=actor.id or NOBODY, comments__deleted_at=None).distinct()
    elif show == "mentions":
        rows = rows.filter(
            comments__mentions__person_id=actor.id or NOBODY, comments__deleted_at=None
        ).distinct()
    else:
        rows = rows.filter(resolved_at=None)
    return _views(actor, rows[:MOST_SHOWN])


def thread(actor: Actor, journey_id: uuid.UUID, thread_id: uuid.UUID) -> ThreadView:
    """One thread, also of a card that was deleted. Raises NotFound."""
    journey(actor.brand_id, journey_id)
    found = _views(actor, Thread.objects.filter(pk=thread_id, journey_id=journey_id), also_empty=True)
    if not found:
        raise NotFound(_("There is no such comment."), remedy=_("It may have been deleted."))
    return found[0]


def counts_by_card(
    journey_id: uuid.UUID, card_ids: Collection[uuid.UUID] | None = None
) -> dict[uuid.UUID, int]:
    """How many comments stand in the open threads of each card that has any: one query."""
    rows = rows_by_card(journey_id)
    return dict(rows if card_ids is None else rows.filter(thread__card_id__in=card_ids))


def rows_by_card(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    """The same as rows (card, n) that are not asked yet."""
    rows = _open_comments(journey_id).filter(thread__card__isnull=False)
    return rows.values_list("thread__card_id").annotate(n=Count("id"))


def counts_by_place(journey_id: uuid.UUID) -> dict[str, int]:
    """The same for stages, cells and touchpoints, by the key of their anchor: one query."""
    rows = _open_comments(journey_id).filter(thread__card=None)
    columns = ("thread__stage_id", "thread__lane_id", "thread__touchpoint_id")
    counted = {}
    for stage, lane, touchpoint, n in rows.values_list(*columns).annotate(Count("id")):
        counted[_key(stage, lane, touchpoint)] = n
    return counted


def count_open(journey_id: uuid.UUID) -> int:
    """How many threads of a journey wait to be resolved."""
    return open_rows().filter(journey_id=journey_id).count()


def open_rows() -> QuerySet[Thread]:
    """The threads that wait to be resolved, in every journey."""
    said = Comment.objects.filter(thread=OuterRef("pk"), deleted_at=None)
    return Thread.objects.filter(_STANDING, Exists(said), resolved_at=None)


def _open_comments(journey_id: uuid.UUID) -> QuerySet[Comment]:
    rows = Comment.objects.filter(thread__journey_id=journey_id, thread__resolved_at=None, deleted_at=None)
    return rows.order_by()


def _views(actor: Actor, rows: QuerySet[Thread], *, also_empty: bool = False) -> tuple[ThreadView, ...]:
    found = list(rows.select_related("journey", "resolved_by", *_PLACES))
    names = {each.id: each.label for each in colleagues(actor.brand_id)}
    said: dict[uuid.UUID, list[Comment]] = defaultdict(list)
    for comment in (
        Comment.objects.filter(thread__in=found).select_related("author").order_by("created_at", "id")
    ):
        said[comment.thread_id].append(comment)
    muted = set(
        Muted.objects.filter(thread__in=found, person_id=actor.id or NOBODY).values_list(
            "thread_id", flat=True
        )
    )
    views = (_view(row, said[row.pk], names, actor, row.pk in muted) for row in found)
    return tuple(view for view in views if also_empty or view.standing or _own(view.comments))


def _own(comments: Iterable[CommentView]) -> bool:
    """Who deleted the last comment can still put it back."""
    return any(comment.mine for comment in comments)


def _view(
    row: Thread, said: list[Comment], names: Mapping[uuid.UUID, str], actor: Actor, muted: bool
) -> ThreadView:
    comments = tuple(comment_view(each, names, actor) for each in said)
    resolved_by = row.resolved_by
    return ThreadView(
        id=row.pk,
        journey_id=row.journey_id,
        about=anchor_of(row),
        comments=comments,
        resolved_at=row.resolved_at,
        resolved_by=resolved_by.label if resolved_by and resolved_by.pk in names else "",
        updated_at=row.updated_at,
        muted=muted,
        takes_part=any(each.mine or actor.id in each.mentions for each in comments),
    )


def comment_view(row: Comment, names: Mapping[uuid.UUID, str], actor: Actor) -> CommentView:
    author: Any = row.author
    gone = row.deleted_at is not None
    return CommentView(
        id=row.pk,
        author_id=row.author_id,
        author=author.label if author else row.author_label or _("Somebody who left"),
        html=drawn("" if gone else row.text, names, actor.id),
        words="" if gone else as_typed(row.text, names),
        mentions=() if gone else tuple(mentioned(row.text)),
        created_at=row.created_at,
        edited_at=row.edited_at,
        deleted=gone,
        mine=actor.kind == "person" and row.author_id == actor.id,
    )


def anchor_of(row: Thread) -> Anchor:
    """What a thread is about, from a row with its places loaded."""
    if row.card_id and row.card:
        return _card_anchor(row.card_id, row.card.title or row.card.picture_alt)
    key = _key(row.stage_id, row.lane_id, row.touchpoint_id)
    if row.touchpoint:
        return Anchor(key, "touchpoint", row.touchpoint.name)
    if row.stage and row.lane:
        return Anchor(key, "cell", f"{row.lane.name} · {row.stage.name}")
    if row.stage:
        return Anchor(key, "stage", row.stage.name)
    return Anchor(key, "journey", row.journey.title)


def _card_anchor(card_id: uuid.UUID, title: str) -> Anchor:
    return Anchor(f"card:{card_id}", "card", title or _("Untitled card"), card_id)


def _key(stage: uuid.UUID | None, lane: uuid.UUID | None, touchpoint: uuid.UUID | None) -> str:
    if touchpoint:
        return f"touchpoint:{touchpoint}"
    if stage:
        return f"cell:{stage}:{lane}" if lane else f"stage:{stage}"
    return "journey"
