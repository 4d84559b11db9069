"""Versions of journeys, their reviews, and links for people without an account."""

import uuid
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from parcours.api import keeping_schemas as shapes
from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.canvas.reviews import reads as reviews
from parcours.canvas.reviews.shapes import ReviewView
from parcours.canvas.reviews.signing import set_rhythm
from parcours.canvas.reviews.writes import close_review, open_review
from parcours.canvas.shares.reads import shares_of
from parcours.canvas.shares.shapes import NewShare, ShareView
from parcours.canvas.shares.writes import make_share, renew_share, revoke_share
from parcours.canvas.versions import reads as versions
from parcours.canvas.versions import restoring
from parcours.canvas.versions.shapes import Change, Difference, VersionView
from parcours.canvas.versions.writes import keep_version
from parcours.core.errors import BadInput
from parcours.measures.logs import segment_key

router = Router(tags=["versions, reviews, links"])

MOST_A_PAGE = 200
_JOURNEY = "/journeys/{uuid:journey_id}"
_VERSION = f"{_JOURNEY}/versions/{{uuid:version_id}}"
_SHARE = f"{_JOURNEY}/shares/{{uuid:share_id}}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 422: Problem}


@router.get(f"{_JOURNEY}/versions", response={200: shapes.VersionPage, **_PROBLEMS})
@needs("canvas.view")
def list_versions(
    request: ApiRequest,
    journey_id: uuid.UUID,
    cursor: int | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> dict[str, Any]:
    """The kept versions, the last first."""
    found = versions.versions(request.brand.pk, journey_id)
    if cursor is not None:
        found = tuple(each for each in found if each.number < cursor)
    page = found[:limit]
    following = page[-1].number if len(found) > limit else None
    return {"items": [_version(each) for each in page], "next": following}


@router.post(f"{_JOURNEY}/versions", response={201: shapes.VersionOut, **_WRITE})
@needs("canvas.edit")
def add_version(
    request: ApiRequest, journey_id: uuid.UUID, version: shapes.VersionIn
) -> Status[dict[str, Any]]:
    """Keeps what stands on the canvas now, for good."""
    made = keep_version(
        journey_id, reason=version.reason, approver_id=version.approver, acting_user=request.actor
    )
    return Status(201, _version(made))


@router.get(_VERSION, response={200: shapes.VersionContentOut, **_PROBLEMS})
@needs("canvas.view")
def get_version(request: ApiRequest, journey_id: uuid.UUID, version_id: uuid.UUID) -> dict[str, Any]:
    found = versions.version(request.brand.pk, journey_id, version_id)
    content = versions.snapshot_of(request.brand.pk, journey_id, version_id).as_json()
    return {**_version(found), "content": content}


@router.get(f"{_VERSION}/changes", response={200: list[shapes.ChangeGroupOut], **_PROBLEMS})
@needs("canvas.view")
def get_changes(
    request: ApiRequest, journey_id: uuid.UUID, version_id: uuid.UUID, until: uuid.UUID | None = None
) -> list[dict[str, Any]]:
    """What changed from this version to another (`until`), or to what stands now, in sentences."""
    return _changes(versions.changes_between(request.brand.pk, journey_id, version_id, until))


@router.post(f"{_VERSION}/restore", response={200: shapes.RestoredOut, **_WRITE})
@needs("canvas.edit")
def restore(
    request: ApiRequest, journey_id: uuid.UUID, version_id: uuid.UUID, what: shapes.RestoreIn
) -> dict[str, Any]:
    """Brings back a version, or one stage or card of it, after keeping what stands."""
    acts = request.actor
    if what.stage and what.card:
        raise BadInput(_("Name a stage or a card, not both."), where="card")
    if what.card:
        done = restoring.restore_card_from(journey_id, version_id, what.card, acting_user=acts)
    elif what.stage:
        done = restoring.restore_stage_from(journey_id, version_id, what.stage, acting_user=acts)
    else:
        done = restoring.restore_version(journey_id, version_id, acting_user=acts)
    return {"before": _version(done.before), "changes": done.changes}


@router.get(f"{_JOURNEY}/reviews", response={200: shapes.ReviewsOut, **_PROBLEMS})
@needs("canvas.view")
def list_reviews(request: ApiRequest, journey_id: uuid.UUID) -> dict[str, Any]:
    """The rhythm of a journey, what waits to be looked at again, and what was signed."""
    brand = request.brand.pk
    standing = reviews.standing(brand, journey_id)
    return {
        "owner": standing.owner,
        "every_days": standing.every_days,
        "due": standing.due,
        "last_at": standing.last_at,
        "last_by": standing.last_by,
        "open": [_review(each) for each in reviews.open_reviews(brand, journey_id)],
        "signed": [_review(each) for each in reviews.signed_reviews(brand, journey_id)],
    }


@router.post(f"{_JOURNEY}/reviews", response={201: shapes.ReviewOut, **_WRITE})
@needs("canvas.edit")
def ask_review(request: ApiRequest, journey_id: uuid.UUID, review: shapes.ReviewIn) -> Status[dict[str, Any]]:
    """Asks for another look at a card."""
    facts = {"words": review.words[:300]}
    opened = open_review(
        journey_id, reason="asked", facts=facts, card_id=review.card, acting_user=request.actor
    )
    return Status(201, _review(opened))


@router.post(f"{_JOURNEY}/reviews/{{uuid:review_id}}/close", response={200: shapes.ReviewOut, **_WRITE})
@needs("canvas.edit")
def close(request: ApiRequest, journey_id: uuid.UUID, review_id: uuid.UUID) -> dict[str, Any]:
    """Says that somebody looked at the card."""
    return _review(close_review(journey_id, review_id, acting_user=request.actor))


@router.put(f"{_JOURNEY}/rhythm", response={200: shapes.ReviewsOut, **_WRITE})
@needs("canvas.edit")
def change_rhythm(request: ApiRequest, journey_id: uuid.UUID, rhythm: shapes.RhythmIn) -> dict[str, Any]:
    """How often the journey is reviewed, and when next."""
    set_rhythm(journey_id, every_days=rhythm.every_days, due=rhythm.due, acting_user=request.actor)
    return list_reviews(request, journey_id)


@router.get(f"{_JOURNEY}/shares", response={200: list[shapes.ShareOut], **_PROBLEMS})
@needs("canvas.edit")
def list_shares(request: ApiRequest, journey_id: uuid.UUID) -> list[dict[str, Any]]:
    """The links to a journey; never their addresses."""
    return [_share(each) for each in shares_of(request.brand.pk, journey_id)]


@router.post(f"{_JOURNEY}/shares", response={201: shapes.NewShareOut, **_WRITE})
@needs("canvas.edit")
def add_share(request: ApiRequest, journey_id: uuid.UUID, share: shapes.ShareIn) -> Status[dict[str, Any]]:
    """A link for people without an account. Its address is in this answer and nowhere else."""
    given = share.dict() | {"segment": segment_key(request.brand, share.segment)}
    return Status(201, _new_share(make_share(journey_id, acting_user=request.actor, **given)))


@router.post(f"{_SHARE}/renew", response={200: shapes.NewShareOut, **_WRITE})
@needs("canvas.edit")
def new_address(request: ApiRequest, journey_id: uuid.UUID, share_id: uuid.UUID) -> dict[str, Any]:
    """A new address for the link; the old one opens nothing any more."""
    return _new_share(renew_share(journey_id, share_id, acting_user=request.actor))


@router.delete(_SHARE, response={204: None, **_PROBLEMS})
@needs("canvas.edit")
def revoke(request: ApiRequest, journey_id: uuid.UUID, share_id: uuid.UUID) -> Status[None]:
    """Takes the link back: it opens nothing from this moment on."""
    revoke_share(journey_id, share_id, acting_user=request.actor)
    return Status(204, None)


def _version(view: VersionView) -> dict[str, Any]:
    approval = view.approval
    return {
        "id": view.id,
        "number": view.number,
        "cause": view.cause,
        "reason": view.reason,
        "author": view.author,
        "at": view.at,
        "approval": {
            "approver": approval.approver,
            "asked_at": approval.asked_at,
            "answer": approval.answer,
            "words": approval.words,
            "answered_at": approval.answered_at,
        }
        if approval
        else None,
    }


def _changes(found: Difference) -> list[dict[str, Any]]:
    return [
        {
            "title": group.title,
            "stage": group.stage or None,
            "changes": [_change(each) for each in group.changes],
        }
        for group in found.groups
    ]


def _change(each: Change) -> dict[str, Any]:
    more = [line.sentence for line in each.lines if line.sentence]
    return {"sentence": each.sentence, "names": list(each.names), "more": more}


def _review(view: ReviewView) -> dict[str, Any]:
    return {
        "id": view.id,
        "card": view.card_id,
        "reason": view.reason,
        "sentence": view.sentence,
        "opened_by": view.opened_by,
        "opened_at": view.opened_at,
        "closed_by": view.closed_by,
        "closed_at": view.closed_at,
        "words": view.words,
        "version": view.version_id,
    }


def _share(view: ShareView) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "has_password": view.has_password,
        "with_numbers": view.with_numbers,
        "period": view.period,
        "segment": view.segment,
        "journeys": list(view.journeys),
        "origins": list(view.origins),
        "made_by": view.made_by,
        "made_at": view.made_at,
        "expires_at": view.expires_at,
        "revoked_at": view.revoked_at,
        "opened": view.opened,
        "last_opened_at": view.last_opened_at,
        "is_over": view.is_over,
    }


def _new_share(made: NewShare) -> dict[str, Any]:
    return {**_share(made.share), "path": made.path}
