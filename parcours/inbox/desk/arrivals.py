"""What channels brought, raw, and what could not be sent: to look at, and to try again."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import NotFound
from parcours.inbox.enums import ArrivalStatus, OutboxStatus
from parcours.inbox.models import Arrival, Outgoing
from parcours.inbox.rights import MANAGE
from parcours.inbox.writes import do_replay

A_PAGE = 50
AT_ONCE = 500
MOST_SHOWN = 100_000


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """`body` is shown as text, its beginning only; empty once the payload was let go of."""

    id: uuid.UUID
    account_id: uuid.UUID
    external_id: str
    received_at: datetime
    status: str
    status_label: str
    trouble: str
    tries: int
    size: int
    forgotten: bool
    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    message_id: uuid.UUID
    conversation_id: uuid.UUID
    number: int
    contact: str
    account: str
    text: str
    fault: str
    tries: int
    ended_at: datetime | None


def arrivals(
    brand_id: uuid.UUID, account_id: uuid.UUID, *, status: str = "", before: uuid.UUID | None = None
) -> tuple[tuple[ArrivalView, ...], uuid.UUID | None]:
    """The newest ones, without their bodies, and from where the next page goes on."""
    rows = Arrival.objects.filter(brand_id=brand_id, account_id=account_id).defer("body")
    if status in ArrivalStatus.values:
        rows = rows.filter(status=status)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-received_at", "-id")[: A_PAGE + 1])
    page = tuple(_view(row) for row in found[:A_PAGE])
    return page, page[-1].id if len(found) > A_PAGE else None


def arrival(brand_id: uuid.UUID, account_id: uuid.UUID, arrival_id: uuid.UUID) -> ArrivalView:
    """One with its body. Raises NotFound."""
    row = Arrival.objects.filter(brand_id=brand_id, account_id=account_id, pk=arrival_id).first()
    if row is None:
        raise NotFound(_("There is no such arrival."))
    return _view(row, bytes(row.body)[:MOST_SHOWN].decode("utf-8", "replace").replace("\0", "�"))


def replay_failed(account_id: uuid.UUID, *, acting_user: Actor) -> tuple[int, int]:
    """Reads again what wasn't understood, the oldest first; how many are understood now, of how many."""
    acting_user.require(MANAGE)
    rows = Arrival.objects.filter(
        brand_id=acting_user.brand_id,
        account_id=account_id,
        status=ArrivalStatus.FAILED,
        forgotten_at=None,
    )
    found = list(rows.order_by("received_at", "id").values_list("pk", flat=True)[:AT_ONCE])
    became = [do_replay(pk, acting_user=acting_user).status for pk in found]
    return sum(status != ArrivalStatus.FAILED for status in became), len(found)


def dead_letters(brand_id: uuid.UUID, account_id: uuid.UUID | None = None) -> tuple[DeadLetter, ...]:
    """Messages to customers that were given up, the newest first."""
    rows = Outgoing.objects.filter(brand_id=brand_id, status=OutboxStatus.DEAD)
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    found = rows.select_related("message__conversation__contact", "account").order_by("-ended_at")[:A_PAGE]
    return tuple(
        DeadLetter(
            message_id=row.pk,
            conversation_id=row.message.conversation_id,
            number=row.message.conversation.number,
            contact=row.message.conversation.contact.name or row.message.conversation.contact.handle,
            account=row.account.name,
            text=row.message.text,
            fault=row.fault,
            tries=row.tries,
            ended_at=row.ended_at,
        )
        for row in found
    )


def _view(row: Arrival, body: str = "") -> ArrivalView:
    return ArrivalView(
        id=row.pk,
        account_id=row.account_id,
        external_id=row.external_id,
        received_at=row.received_at,
        status=row.status,
        status_label=str(ArrivalStatus(row.status).label),
        trouble=row.trouble,
        tries=row.tries,
        size=row.body_size,
        forgotten=row.forgotten_at is not None,
        headers=row.headers,
        body=body,
    )
