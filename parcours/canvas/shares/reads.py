"""Shares as their makers see them, and what their visitors may."""

import uuid
from hashlib import sha256

from django.utils.translation import gettext as _

from parcours.accounts.reads import digest_of
from parcours.canvas import reads
from parcours.canvas.models import Card, Journey
from parcours.canvas.shapes import Board, JourneyView
from parcours.canvas.shares.models import Share
from parcours.canvas.shares.shapes import OpenShare, ShareView
from parcours.core.clock import now
from parcours.core.errors import NotFound, ParcoursError


class ShareOver(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """The link was taken back, or its time is over."""

    status = 410


def shares_of(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[ShareView, ...]:
    """The links to a journey, those that still open it first, then the last made first. Raises NotFound."""
    reads.journey(brand_id, journey_id)
    rows = Share.objects.filter(journey_id=journey_id, journey__brand_id=brand_id).order_by("-made_at", "-id")
    return tuple(sorted((share_view(row) for row in rows), key=lambda share: share.is_over))


def share(brand_id: uuid.UUID, journey_id: uuid.UUID, share_id: uuid.UUID) -> ShareView:
    """Raises NotFound."""
    row = Share.objects.filter(pk=share_id, journey_id=journey_id, journey__brand_id=brand_id).first()
    if row is None:
        raise NotFound(_("There is no such link."))
    return share_view(row)


def open_share(token: str) -> OpenShare:
    """The share behind an address. Raises NotFound for a secret nobody made, ShareOver for one that was
    revoked or expired, or whose journey was taken off the list.
    """
    row = Share.objects.select_related("journey").filter(digest=digest_of(token)).first()
    if row is None:
        raise NotFound(
            _("This link opens nothing."),
            remedy=_("Check that the address is complete, or ask for a new one."),
        )
    view = share_view(row)
    if view.is_over or row.journey.deleted_at is not None:
        raise ShareOver(
            _("This link is no longer open."), remedy=_("Ask whoever sent it to you for a new one.")
        )
    return OpenShare(view, row.journey.brand_id, stamp_of(row))


def shared_board(opened: OpenShare, journey_id: uuid.UUID) -> Board:
    """A canvas as the share shows it. Raises NotFound for a journey that isn't part of it."""
    if journey_id not in opened.share.opens:
        raise NotFound(_("This link doesn't open that journey."))
    return reads.board(opened.brand_id, journey_id)


def may_see_picture(opened: OpenShare, picture_id: uuid.UUID) -> bool:
    """Does the picture stand on a canvas of the share, or show the persona of one?"""
    standing = {"deleted_at": None, "stage__deleted_at": None, "lane__deleted_at": None}
    journeys = Journey.objects.filter(pk__in=opened.share.opens, brand_id=opened.brand_id, deleted_at=None)
    return (
        Card.objects.filter(journey__in=journeys, picture_id=picture_id, **standing).exists()
        or journeys.filter(persona__photo_id=picture_id).exists()
    )


def sub_journeys(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[JourneyView, ...]:
    """The journeys that cards of this one lead to: those that a share may open too."""
    standing = {"deleted_at": None, "stage__deleted_at": None, "lane__deleted_at": None}
    leading = Card.objects.filter(journey_id=journey_id, **standing).exclude(leads_to=None)
    rows = Journey.objects.filter(
        brand_id=brand_id, deleted_at=None, pk__in=leading.values("leads_to")
    ).exclude(pk=journey_id)
    rows = rows.select_related("persona__photo", "owner").order_by("title", "pk")
    return tuple(reads.journey_view(row) for row in rows)


def stamp_of(row: Share) -> str:
    """Changes when the password does: what was opened with the old one is closed then."""
    return sha256(f"{row.pk} {row.password}".encode()).hexdigest()[:32]


def share_view(row: Share) -> ShareView:
    expired = row.expires_at is not None and row.expires_at <= now()
    return ShareView(
        id=row.pk,
        journey_id=row.journey_id,
        name=row.name,
        has_password=bool(row.password),
        with_numbers=row.with_numbers,
        period=row.period,
        segment=row.segment,
        journeys=tuple(row.journeys),
        origins=tuple(row.origins),
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        made_by=row.made_by,
        made_at=row.made_at,
        opened=row.opened,
        last_opened_at=row.last_opened_at,
        is_over=expired or row.revoked_at is not None,
    )
