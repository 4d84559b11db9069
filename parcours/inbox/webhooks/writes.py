"""Who is told what: endpoints are added, changed and tried here, by the owners of a brand."""

import uuid
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.outbound import Unreachable, check_address
from parcours.core.secrets import seal
from parcours.core.text import one_line, storable
from parcours.inbox.channels import channels
from parcours.inbox.webhooks.delivering import claim, try_once
from parcours.inbox.webhooks.kinds import TEST, known_kinds
from parcours.inbox.webhooks.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint, WebhookEvent
from parcours.inbox.webhooks.outbox import ask_when_committed
from parcours.inbox.webhooks.signing import new_signing_secret
from parcours.journal.writes import record

RIGHT = "brand.manage"
MOST = 20
MOST_REPLAYED = 5_000
OVERLAP = timedelta(hours=24)
"""For so long after a renewal both secrets sign."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an endpoint is to be told; no kinds or channels mean all of them."""

    name: str
    url: str
    kinds: Sequence[str] = ()
    channels: Sequence[str] = ()
    with_text: bool = False


@transaction.atomic
def add_endpoint(wanted: Wanted, *, acting_user: Actor) -> tuple[WebhookEndpoint, str]:
    """The endpoint, and its secret, which is shown this once. Raises BadInput with `where`."""
    acting_user.require(RIGHT)
    if WebhookEndpoint.objects.filter(brand_id=acting_user.brand_id, removed_at=None).count() >= MOST:
        raise BadInput(_("At most {n} webhooks fit here.").format(n=MOST), where="url")
    secret = new_signing_secret()
    row = WebhookEndpoint(brand_id=acting_user.brand_id, secret=seal(secret))
    _set(row, wanted)
    row.save(force_insert=True)
    record(acting_user, "webhook added", "webhook", row.pk, {"name": row.name})
    return row, secret


@transaction.atomic
def change_endpoint(
    endpoint_id: uuid.UUID, wanted: Wanted, *, acting_user: Actor, revision: int | None = None
) -> WebhookEndpoint:
    """Another state of it. Raises NotFound, BadInput, Conflict when somebody was faster."""
    row = locked_endpoint(endpoint_id, acting_user, revision)
    _set(row, wanted)
    return _saved(row, "webhook changed", acting_user)


@transaction.atomic
def switch_endpoint(
    endpoint_id: uuid.UUID, *, is_on: bool, acting_user: Actor, revision: int | None = None
) -> WebhookEndpoint:
    """Off: what happens is kept, to be told later by `replay`. On: it is told from now on."""
    row = locked_endpoint(endpoint_id, acting_user, revision)
    if is_on == (row.off_since is None):
        return row
    row.off_since, row.off_why = (None, "") if is_on else (now(), "person")
    row.failing_since = None
    if is_on:
        row.deliveries.filter(status=DeliveryStatus.WAITING).update(next_try_at=now())
        ask_when_committed([row.pk])
    return _saved(row, "webhook switched on" if is_on else "webhook switched off", acting_user)


@transaction.atomic
def renew_secret(endpoint_id: uuid.UUID, *, acting_user: Actor) -> tuple[WebhookEndpoint, str]:
    """A new secret, shown this once; until OVERLAP is over the former one signs too."""
    row = locked_endpoint(endpoint_id, acting_user)
    secret = new_signing_secret()
    row.old_secret, row.old_until, row.secret = row.secret, now() + OVERLAP, seal(secret)
    return _saved(row, "webhook secret renewed", acting_user), secret


@transaction.atomic
def remove_endpoint(endpoint_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Nothing is sent any more; its log and its secrets go."""
    row = locked_endpoint(endpoint_id, acting_user)
    row.deliveries.all().delete()
    row.removed_at, row.secret, row.old_secret = now(), "", ""
    _saved(row, "webhook removed", acting_user)


def send_test(endpoint_id: uuid.UUID, *, acting_user: Actor) -> WebhookDelivery:
    """Sends an event of the kind `test` at once and waits for the answer; also to one that is off."""
    with transaction.atomic():
        row = locked_endpoint(endpoint_id, acting_user)
        event = WebhookEvent.objects.create(
            brand_id=row.brand_id, kind=TEST, data={"by": acting_user.kind, "words": "It works."}
        )
        delivery = claim(WebhookDelivery.objects.create(endpoint=row, event=event))
    try_once(delivery)
    return delivery


@transaction.atomic
def send_again(delivery_id: uuid.UUID, *, acting_user: Actor) -> WebhookDelivery:
    """The same event under the same id once more. Raises NotFound, Conflict while the endpoint is off."""
    acting_user.require(RIGHT)
    row = (
        WebhookDelivery.objects.select_for_update(of=("self",))
        .select_related("endpoint", "event")
        .filter(pk=delivery_id, endpoint__brand_id=acting_user.brand_id, endpoint__removed_at=None)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such delivery."))
    _check_is_on(row.endpoint)
    row.status, row.tries, row.next_try_at, row.ended_at = DeliveryStatus.WAITING, 0, now(), None
    row.save(update_fields=["status", "tries", "next_try_at", "ended_at"])
    ask_when_committed([row.endpoint_id])
    return row


@transaction.atomic
def replay(
    endpoint_id: uuid.UUID, since: datetime, *, acting_user: Actor, also_delivered: bool = False
) -> int:
    """Tells it all that happened since then and that it wants, in order; returns how many events that are.

    Those that came to it already only when `also_delivered`. Raises BadInput for more than MOST_REPLAYED.
    """
    row = locked_endpoint(endpoint_id, acting_user)
    _check_is_on(row)
    rows = WebhookEvent.objects.filter(brand_id=row.brand_id, at__gte=since).exclude(kind=TEST)
    if not also_delivered:
        rows = rows.exclude(deliveries__in=row.deliveries.filter(status=DeliveryStatus.SENT))
    if row.kinds:
        rows = rows.filter(kind__in=row.kinds)
    if row.channels:
        rows = rows.filter(channel__in=["", *row.channels])
    wanted = list(rows.order_by("id").only("id")[: MOST_REPLAYED + 1])
    if len(wanted) > MOST_REPLAYED:
        raise BadInput(
            _("These are more than {n} events.").format(n=MOST_REPLAYED),
            where="since",
            remedy=_("Choose a later moment."),
        )
    moment = now()
    WebhookDelivery.objects.bulk_create(
        [WebhookDelivery(endpoint=row, event=each, next_try_at=moment) for each in wanted],
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["endpoint", "event"],
        update_fields=["status", "tries", "next_try_at", "ended_at"],
    )
    record(acting_user, "webhook replayed", "webhook", row.pk, {"events": len(wanted)})
    ask_when_committed([row.pk])
    return len(wanted)


def locked_endpoint(
    endpoint_id: uuid.UUID, acting_user: Actor, revision: int | None = None
) -> WebhookEndpoint:
    acting_user.require(RIGHT)
    rows = WebhookEndpoint.objects.select_for_update(of=("self",)).filter(removed_at=None)
    row = rows.filter(pk=endpoint_id, brand_id=acting_user.brand_id).first()
    if row is None:
        raise NotFound(_("There is no such webhook."))
    if revision is not None and revision != row.revision:
        raise Conflict(
            _("Somebody changed this webhook a moment ago."),
            where="If-Match",
            remedy=_("Look at it, then try again."),
        )
    return row


def _set(row: WebhookEndpoint, wanted: Wanted) -> None:
    row.name = one_line(storable(wanted.name))[:80] or one_line(storable(wanted.url))[:80]
    row.url = wanted.url.strip()
    if len(row.url) > 1_000:
        raise BadInput(_("This text is too long."), where="url")
    try:
        check_address(row.url)
    except (BadInput, Unreachable) as fault:
        raise type(fault)(fault.what, where="url", remedy=fault.remedy) from fault
    row.kinds = _known(wanted.kinds, known_kinds(), "kinds")
    row.channels = _known(wanted.channels, channels(), "channels")
    row.with_text = wanted.with_text


def _known(given: Sequence[str], known: Container[str], where: str) -> list[str]:
    chosen = list(dict.fromkeys(given))
    for each in chosen:
        if each not in known:
            raise BadInput(_("“{text}” is not one of the choices.").format(text=each[:80]), where=where)
    return chosen


def _check_is_on(row: WebhookEndpoint) -> None:
    if row.off_since is not None:
        raise Conflict(_("This webhook is off."), remedy=_("Switch it on, then send."))


def _saved(row: WebhookEndpoint, verb: str, acting_user: Actor) -> WebhookEndpoint:
    row.revision += 1
    row.save()
    record(acting_user, verb, "webhook", row.pk, {"name": row.name})
    return row
