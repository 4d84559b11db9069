"""The library: what a brand uses again on several journeys."""

import uuid
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.library_schemas import EntryChange, EntryIn, EntryOut, EntryPage, Insertion, UsesOut
from parcours.api.objects import card_object
from parcours.api.schemas import CardOut, Problem
from parcours.canvas.library import reads, writes
from parcours.canvas.library.shapes import EntryView

router = Router(tags=["library"])

MOST_A_PAGE = 200
_ENTRY = "/library/{uuid:entry_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE_PROBLEMS: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 422: Problem}


@router.get("/library", response={200: EntryPage, **_PROBLEMS})
@needs("canvas.view")
def list_entries(
    request: ApiRequest,
    *,
    words: str = "",
    form: str = "",
    kind: str = "",
    cursor: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> dict[str, Any]:
    """The entries, the newest first; of one form or kind, with all of `words` in them."""
    found = reads.entries(request.brand.pk, form=form, kind=kind, words=words)
    newest = sorted(found, key=lambda each: each.id, reverse=True)
    if cursor is not None:
        newest = [each for each in newest if each.id < cursor]
    page = newest[:limit]
    following = str(page[-1].id) if len(newest) > limit else None
    return {"items": [_entry(each) for each in page], "next": following}


@router.post("/library", response={201: EntryOut, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def add_entry(request: ApiRequest, response: HttpResponse, entry: EntryIn) -> Status[dict[str, Any]]:
    added = writes.add_entry(
        entry.form,
        title=entry.title,
        kind=entry.kind,
        text=entry.text,
        details=entry.details,
        channel=entry.channel,
        rule=entry.rule,
        acting_user=request.actor,
    )
    response.headers["Location"] = f"/api/v1/library/{added.id}"
    return Status(201, _entry(added))


@router.get(_ENTRY, response={200: EntryOut, **_PROBLEMS})
@needs("canvas.view")
def get_entry(request: ApiRequest, entry_id: uuid.UUID) -> dict[str, Any]:
    return _entry(reads.entry(request.brand.pk, entry_id))


@router.get(f"{_ENTRY}/uses", response={200: UsesOut, **_PROBLEMS})
@needs("canvas.view")
def get_uses(request: ApiRequest, entry_id: uuid.UUID) -> dict[str, Any]:
    """The copies that stand on a canvas."""
    reads.entry(request.brand.pk, entry_id)
    return {
        "items": [
            {
                "journey": str(use.journey_id),
                "journey_title": use.journey_title,
                "stage": use.stage_name,
                "card": str(use.card_id) if use.card_id else None,
                "touchpoint": str(use.touchpoint_id) if use.touchpoint_id else None,
                "title": use.title,
                "outdated": use.outdated,
            }
            for use in reads.uses_of(request.brand.pk, entry_id)
        ]
    }


@router.patch(_ENTRY, response={200: EntryOut, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def change_entry(request: ApiRequest, entry_id: uuid.UUID, change: EntryChange) -> dict[str, Any]:
    """Changes an entry; its copies are offered the change."""
    changed = writes.edit_entry(
        entry_id,
        title=change.title,
        text=change.text,
        details=change.details,
        channel=change.channel,
        rule=change.rule,
        acting_user=request.actor,
    )
    return _entry(changed)


@router.delete(_ENTRY, response={204: None, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def remove_entry(request: ApiRequest, entry_id: uuid.UUID) -> Status[None]:
    """Takes an entry out of the library; its copies stay."""
    writes.remove_entry(entry_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_ENTRY}/restore", response={200: EntryOut, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def restore_entry(request: ApiRequest, entry_id: uuid.UUID) -> dict[str, Any]:
    return _entry(writes.restore_entry(entry_id, acting_user=request.actor))


@router.post("/journeys/{uuid:journey_id}/from-library", response={201: CardOut | None, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def insert(request: ApiRequest, journey_id: uuid.UUID, insertion: Insertion) -> Status[Any]:
    """A copy of an entry on a canvas: a card in a row, answered; or a touchpoint in a stage, then null."""
    if insertion.lane is None:
        writes.insert_touchpoint(
            journey_id, insertion.entry, stage_id=insertion.stage, acting_user=request.actor
        )
        return Status(201, None)
    card = writes.insert_card(
        journey_id,
        insertion.entry,
        stage_id=insertion.stage,
        lane_id=insertion.lane,
        before=insertion.before,
        after=insertion.after,
        acting_user=request.actor,
    )
    return Status(201, card_object(card))


def _entry(entry: EntryView) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "form": entry.form,
        "kind": entry.kind,
        "title": entry.title,
        "text": entry.text,
        "picture": entry.picture.url if entry.picture else None,
        "details": dict(entry.details),
        "channel": entry.channel,
        "rule": entry.rule,
        "revision": entry.revision,
        "uses": entry.uses,
        "edited_by": entry.edited_by,
        "updated_at": entry.updated_at.isoformat(),
    }
