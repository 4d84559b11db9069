"""Telling endpoints: in the order of what happened as far as that goes, for three days, then no more."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.core.outbound import ask
from parcours.core.secrets import unseal
from parcours.core.text import storable
from parcours.inbox.webhooks.kinds import TEST
from parcours.inbox.webhooks.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint, WebhookTry
from parcours.inbox.webhooks.payloads import body_of, event_name
from parcours.inbox.webhooks.signing import headers_for
from parcours.inbox.webhooks.telling_owners import tell_that_it_is_off

log = logging.getLogger(__name__)

WAITS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 72_000)
"""Seconds between tries; after the last one an event is given up: three days in all."""
FAILS_FOR = timedelta(days=3)
"""An endpoint that answered nothing good for so long is switched off."""
A_TRY_LASTS = timedelta(minutes=2)
"""A try that began longer ago died with its process."""
MOST_SECONDS = 10.0
MOST_ANSWER = 2_000
LONGEST_RUN = 30.0
SHORTEST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
"""How long an endpoint that is down is left alone, unless it asks for longer itself."""
LONGEST_WAIT = timedelta(hours=24)
GONE, TOO_MANY = 410, 429


@dataclass(frozen=True, slots=True)
class Answered:
    """What one try came to; `status` is empty without an answer, `after` how long we were asked to wait."""

    status: int | None = None
    text: str = ""
    fault: str = ""
    after: timedelta = timedelta()

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_down(self) -> bool:
        """Another event would fare no better now."""
        return self.status is None or self.status == TOO_MANY or self.status >= 500


def endpoints_due() -> list[uuid.UUID]:
    """Those that something waits for whose time has come."""
    rows = WebhookDelivery.objects.filter(status=DeliveryStatus.WAITING, next_try_at__lte=now())
    on = rows.filter(endpoint__removed_at=None, endpoint__off_since=None)
    return list(on.order_by().values_list("endpoint_id", flat=True).distinct())


def move_back(back: timedelta) -> None:
    """The clock was set back: nothing rests longer for it, and nobody seems to fail since tomorrow."""
    waiting = WebhookDelivery.objects.filter(status=DeliveryStatus.WAITING, next_try_at__gt=now())
    waiting.update(next_try_at=F("next_try_at") - back)
    WebhookEndpoint.objects.filter(failing_since__gt=now()).update(failing_since=now())


def deliver(endpoint_id: uuid.UUID) -> int:
    """Tries what is due to one endpoint; returns how many arrived. Ends when it seems to be down: all that
    waits for it rests then, so that such an endpoint costs one try now and again.
    """
    ends = monotonic() + LONGEST_RUN
    good = 0
    while monotonic() < ends:
        row = _claimed(endpoint_id)
        if row is None:
            return good
        answered = try_once(row)
        if answered.is_down:
            return good
        good += answered.is_good
    from parcours.inbox.webhooks.outbox import ask_to_deliver

    ask_to_deliver(endpoint_id)
    return good


@transaction.atomic
def _claimed(endpoint_id: uuid.UUID) -> WebhookDelivery | None:
    due = WebhookDelivery.objects.filter(
        endpoint_id=endpoint_id,
        endpoint__off_since=None,
        endpoint__removed_at=None,
        status=DeliveryStatus.WAITING,
        next_try_at__lte=now(),
    )
    row = due.select_for_update(skip_locked=True, of=("self",)).order_by("event_id").first()
    return claim(row) if row is not None else None


def claim(row: WebhookDelivery) -> WebhookDelivery:
    """Notes a try before it begins: nobody else tries meanwhile, and a dead process's is tried again."""
    row.tries += 1
    row.next_try_at = now() + A_TRY_LASTS
    row.save(update_fields=["tries", "next_try_at"])
    return row


def try_once(row: WebhookDelivery) -> Answered:
    """Sends it and notes what was answered."""
    began = monotonic()
    answered = _asked(row)
    seconds = round(monotonic() - began, 3)
    with transaction.atomic():
        # Those that write down what happens needn't wait for this.
        rows = WebhookEndpoint.objects.select_for_update(no_key=True, of=("self",)).select_related("brand")
        endpoint = rows.get(pk=row.endpoint_id)
        if not WebhookDelivery.objects.select_for_update().filter(pk=row.pk).exists():
            return answered  # whom it was about was erased meanwhile, or the endpoint removed
        WebhookTry.objects.create(
            delivery=row,
            at=now(),
            seconds=seconds,
            answered=answered.status,
            answer=answered.text,
            fault=answered.fault[:300],
        )
        _note(row, endpoint, answered)
    return answered


def _asked(row: WebhookDelivery) -> Answered:
    endpoint, event = row.endpoint, row.event
    try:
        body = body_of(event, endpoint)
        headers = headers_for(event_name(event.pk), int(now().timestamp()), body, signing_secrets(endpoint))
        answer = ask(
            endpoint.url,
            method="POST",
            headers={"Content-Type": "application/json", "User-Agent": "Parcours", **headers},
            body=body,
            most_bytes=MOST_ANSWER,
            most_seconds=MOST_SECONDS,
            may_be_cut=True,
        )
    except ParcoursError as fault:
        return Answered(fault=fault.what)
    except Exception:  # the event stays in the outbox, whatever it was
        log.exception("webhook %s can't be told of %s", endpoint.pk, event.pk)
        return Answered(fault=_("Parcours stumbled over it; the log says why."))
    text = storable(answer.body.decode("utf-8", "replace"))[:MOST_ANSWER]
    trouble = _("It redirects, which is not followed.") if 300 <= answer.status < 400 else ""
    return Answered(answer.status, text, trouble, _asked_to_wait(answer.headers.get("retry-after", "")))


def signing_secrets(endpoint: WebhookEndpoint) -> list[str]:
    """The new one first; the former one too while receivers change over."""
    found = [unseal(endpoint.secret)]
    if endpoint.old_secret and endpoint.old_until and endpoint.old_until > now():
        found.append(unseal(endpoint.old_secret))
    return found


def _asked_to_wait(header: str) -> timedelta:
    """Seconds only: a date instead, or more than anybody means, is answered by our own rhythm."""
    if not header.isdecimal() or len(header) > 9:
        return timedelta()
    return min(timedelta(seconds=int(header)), LONGEST_WAIT)


def _note(row: WebhookDelivery, endpoint: WebhookEndpoint, answered: Answered) -> None:
    """A test is tried once: whoever pressed the button is there to press it again."""
    is_test = row.event.kind == TEST
    if answered.is_good:
        row.status, row.ended_at = DeliveryStatus.SENT, now()
        endpoint.failing_since, endpoint.delivered_at = None, now()
    elif is_test or answered.status == GONE or row.tries > len(WAITS):
        row.status, row.ended_at = DeliveryStatus.DEAD, now()
    else:
        row.next_try_at = now() + max(timedelta(seconds=WAITS[row.tries - 1]), answered.after)
    if not answered.is_good and not is_test:
        _note_failure(endpoint, answered)
    if answered.is_down and not is_test:
        until = _let_rest(endpoint, answered)
        row.next_try_at = max(row.next_try_at, until)
    row.save(update_fields=["status", "ended_at", "next_try_at"])
    endpoint.save(update_fields=["failing_since", "delivered_at", "off_since", "off_why", "revision"])


def _let_rest(endpoint: WebhookEndpoint, answered: Answered) -> datetime:
    """Nothing is tried for half as long as it has been failing, and no sooner than it asked for."""
    failing_for = now() - (endpoint.failing_since or now())
    until = now() + max(SHORTEST_REST, min(failing_for / 2, LONGEST_REST), answered.after)
    waiting = endpoint.deliveries.filter(status=DeliveryStatus.WAITING, next_try_at__lt=until)
    waiting.update(next_try_at=until)
    return until


def _note_failure(endpoint: WebhookEndpoint, answered: Answered) -> None:
    endpoint.failing_since = endpoint.failing_since or now()
    failing_for = now() - endpoint.failing_since
    if endpoint.off_since is not None or (answered.status != GONE and failing_for < FAILS_FOR):
        return
    endpoint.off_since = now()
    endpoint.off_why = "gone" if answered.status == GONE else "failing"
    endpoint.revision = F("revision") + 1
    tell_that_it_is_off(endpoint)
