"""Keeping versions, and asking for their approval."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.reads import membership_in
from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.models import Journey
from parcours.canvas.rights import VIEW
from parcours.canvas.versions.enums import Answer, Cause
from parcours.canvas.versions.models import Approval, Version
from parcours.canvas.versions.reads import version_view
from parcours.canvas.versions.shapes import VersionView
from parcours.canvas.versions.snapshots import digest_of, from_board
from parcours.canvas.writes.common import clean, locked_journey, tell
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.notices.writes import notify

MOST_REASON = 500
MOST_WORDS = 1_000


@transaction.atomic
def keep_version(
    journey_id: uuid.UUID,
    *,
    reason: str,
    acting_user: Actor,
    cause: str = Cause.KEPT,
    approver_id: uuid.UUID | None = None,
) -> VersionView:
    """What stands on the canvas now, for good. With an approver it is put before them.

    A version that is made because something is about to happen is the last one where nothing changed since.
    Raises BadInput for a version a person keeps without a reason, NotFound for an approver who isn't in the
    brand.
    """
    journey = locked_journey(journey_id, acting_user)
    words = clean(reason, where="reason", most=MOST_REASON, required=cause == Cause.KEPT)
    content = from_board(reads.board(journey.brand_id, journey.pk)).as_json()
    digest = digest_of(content)
    last = Version.objects.filter(journey=journey).defer("content").order_by("-number").first()
    by_itself = cause not in {Cause.KEPT, Cause.SIGNED_OFF}
    if by_itself and last is not None and last.digest == digest:
        return version_view(last)
    row = Version.objects.create(
        journey=journey,
        number=(last.number if last else 0) + 1,
        cause=cause,
        reason=words,
        content=content,
        digest=digest,
        author_id=acting_user.id,
        author=acting_user.label,
    )
    if approver_id is not None:
        _ask(row, approver_id, acting_user)
    _tell(acting_user, journey, "version kept", row)
    if approver_id is not None:
        _notify_approver(journey, row, approver_id, acting_user)
    return version_view(row)


@transaction.atomic
def ask_approval(
    journey_id: uuid.UUID, version_id: uuid.UUID, *, approver_id: uuid.UUID, acting_user: Actor
) -> VersionView:
    """Puts a version before somebody, or before somebody else as long as nobody answered.

    Raises Conflict once it is approved or declined.
    """
    journey = locked_journey(journey_id, acting_user)
    row = _locked(journey, version_id)
    there = Approval.objects.filter(version=row).first()
    if there is not None and there.answer:
        raise Conflict(_("{name} answered already.").format(name=there.approver_label))
    Approval.objects.filter(version=row).delete()
    _ask(row, approver_id, acting_user)
    _tell(acting_user, journey, "approval asked", row)
    _notify_approver(journey, row, approver_id, acting_user)
    return version_view(_locked(journey, version_id))


@transaction.atomic
def answer_approval(
    journey_id: uuid.UUID, version_id: uuid.UUID, *, answer: str, acting_user: Actor, words: str = ""
) -> VersionView:
    """The approver says yes or no, with words; a no needs some. What was answered may be answered anew.

    Whoever may see the canvas can be an approver. Raises Forbidden for anybody but the approver.
    """
    acting_user.require(VIEW)
    journey = _journey(journey_id, acting_user)
    row = _locked(journey, version_id)
    approval = Approval.objects.filter(version=row).first()
    if approval is None or approval.approver_id is None or approval.approver_id != acting_user.id:
        raise Forbidden(_("Somebody else was asked to approve this version."))
    if answer not in Answer.values:
        raise BadInput(_("Say whether you approve or decline."), where="answer")
    approval.words = clean(words, where="words", most=MOST_WORDS, required=answer == Answer.DECLINED)
    approval.answer, approval.answered_at = answer, now()
    approval.save(update_fields=["answer", "words", "answered_at"])
    _tell(acting_user, journey, f"version {answer}", row)
    if row.author_id is not None:
        facts = {"journey": journey.title, "number": row.number, "words": approval.words}
        notify(
            journey.brand_id,
            [row.author_id],
            kind=f"version-{answer}",
            facts=facts,
            url=f"/map/{journey.pk}/versions/{row.pk}/",
            acting_user=acting_user,
        )
    return version_view(_locked(journey, version_id))


def _ask(row: Version, approver_id: uuid.UUID, acting_user: Actor) -> None:
    membership = membership_in(acting_user.brand_id, person_id=approver_id)
    Approval.objects.create(version=row, approver=membership.person, approver_label=membership.person.label)


def _notify_approver(journey: Journey, row: Version, approver_id: uuid.UUID, acting_user: Actor) -> None:
    notify(
        journey.brand_id,
        [approver_id],
        kind="approval-asked",
        facts={"journey": journey.title, "number": row.number, "reason": row.reason},
        url=f"/map/{journey.pk}/versions/{row.pk}/",
        acting_user=acting_user,
    )


def _journey(journey_id: uuid.UUID, acting_user: Actor) -> Journey:
    """Locked as other writes lock it, for somebody who may only look."""
    rows = Journey.objects.select_for_update(no_key=True).filter(
        pk=journey_id, brand_id=acting_user.brand_id, deleted_at=None
    )
    journey = rows.first()
    if journey is None:
        raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted."))
    return journey


def _locked(journey: Journey, version_id: uuid.UUID) -> Version:
    rows = Version.objects.select_related("approval").defer("content")
    row = rows.filter(journey=journey, pk=version_id).first()
    if row is None:
        raise NotFound(_("There is no such version."))
    return row


def _tell(acting_user: Actor, journey: Journey, verb: str, row: Version) -> None:
    data = {"number": row.number, "cause": row.cause, "reason": row.reason}
    payload = {"version": str(row.pk), "number": row.number, "what": verb}
    tell(acting_user, journey, verb, "version", row.pk, data=data, event="versions.changed", payload=payload)
