"""The versions of a journey, and what changed between them."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parcours.canvas import reads
from parcours.canvas.models import Persona
from parcours.canvas.shapes import Board, PersonaView
from parcours.canvas.versions.differences import difference
from parcours.canvas.versions.enums import Cause
from parcours.canvas.versions.models import Approval, Version
from parcours.canvas.versions.shapes import ApprovalView, Difference, VersionView
from parcours.canvas.versions.snapshots import Snapshot, as_board, from_board, from_json
from parcours.core.errors import NotFound

MOST_LISTED = 500


def versions(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[VersionView, ...]:
    """The last first, without their contents. Raises NotFound."""
    reads.journey(brand_id, journey_id)
    rows = _versions(brand_id, journey_id).defer("content").order_by("-number")
    return tuple(version_view(row) for row in rows[:MOST_LISTED])


def version(brand_id: uuid.UUID, journey_id: uuid.UUID, version_id: uuid.UUID) -> VersionView:
    """Raises NotFound."""
    row = _versions(brand_id, journey_id).defer("content").filter(pk=version_id).first()
    if row is None:
        raise NotFound(_("There is no such version."))
    return version_view(row)


def last_signed(brand_id: uuid.UUID, journey_id: uuid.UUID) -> VersionView | None:
    """The version that the last review ended with."""
    rows = _versions(brand_id, journey_id).filter(cause=Cause.SIGNED_OFF).defer("content")
    row = rows.order_by("-number").first()
    return version_view(row) if row else None


def snapshot_of(brand_id: uuid.UUID, journey_id: uuid.UUID, version_id: uuid.UUID) -> Snapshot:
    """What stood on the canvas then. Raises NotFound."""
    content = _versions(brand_id, journey_id).filter(pk=version_id).values_list("content", flat=True).first()
    if content is None:
        raise NotFound(_("There is no such version."))
    return from_json(content)


def snapshot_now(brand_id: uuid.UUID, journey_id: uuid.UUID) -> Snapshot:
    """What stands on the canvas now. Raises NotFound."""
    return from_board(reads.board(brand_id, journey_id))


def board_of(brand_id: uuid.UUID, journey_id: uuid.UUID, version_id: uuid.UUID) -> Board:
    """The canvas as it stood, to look at or to export. Raises NotFound."""
    snapshot = snapshot_of(brand_id, journey_id, version_id)
    return as_board(snapshot, reads.journey(brand_id, journey_id), _persona(brand_id, snapshot))


def _persona(brand_id: uuid.UUID, snapshot: Snapshot) -> PersonaView | None:
    """Whom it was drawn for, as they are described today."""
    if not snapshot.head.persona:
        return None
    rows = Persona.objects.filter(brand_id=brand_id, pk=snapshot.head.persona).select_related("photo")
    row = rows.first()
    return reads.persona_view(row) if row else None


def changes_between(
    brand_id: uuid.UUID,
    journey_id: uuid.UUID,
    old: uuid.UUID,
    new: uuid.UUID | None = None,
) -> Difference:
    """From one version to another, or to what stands now. Raises NotFound."""
    before = snapshot_of(brand_id, journey_id, old)
    after = snapshot_of(brand_id, journey_id, new) if new else snapshot_now(brand_id, journey_id)
    return difference(before, after)


def _versions(brand_id: uuid.UUID, journey_id: uuid.UUID) -> QuerySet[Version]:
    return Version.objects.filter(
        journey_id=journey_id, journey__brand_id=brand_id, journey__deleted_at=None
    ).select_related("approval")


def version_view(row: Version) -> VersionView:
    approval: Approval | None = getattr(row, "approval", None)
    return VersionView(
        id=row.pk,
        journey_id=row.journey_id,
        number=row.number,
        cause=row.cause,
        reason=row.reason,
        digest=row.digest,
        author_id=row.author_id,
        author=row.author,
        at=row.at,
        approval=approval_view(approval) if approval else None,
    )


def approval_view(row: Approval) -> ApprovalView:
    return ApprovalView(
        approver_id=row.approver_id,
        approver=row.approver_label,
        asked_at=row.asked_at,
        answer=row.answer,
        words=row.words,
        answered_at=row.answered_at,
    )
