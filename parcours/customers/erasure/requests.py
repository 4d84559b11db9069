"""What customers ask of a brand: a copy of their data, or to be forgotten. People answer within a month."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.customers.erasure.carrying_out import do_erase_later
from parcours.customers.privacy_enums import RequestKind, RequestState
from parcours.customers.privacy_models import Erasure, PrivacyRequest
from parcours.customers.reads import customer
from parcours.journal.writes import record

TIME_TO_ANSWER = timedelta(days=30)
OPEN = (RequestState.ASKED, RequestState.VERIFIED)


def requests(brand: Brand) -> QuerySet[PrivacyRequest]:
    """The open ones first, the one due soonest at the top; then those that are closed, the newest first."""
    newest_closed = F("closed_at").desc(nulls_first=True)
    return PrivacyRequest.objects.filter(brand=brand).order_by(newest_closed, "due_at")


def open_requests(brand: Brand) -> int:
    return PrivacyRequest.objects.filter(brand=brand, state__in=OPEN).count()


def request_of(brand: Brand, request_id: uuid.UUID) -> PrivacyRequest:
    """Raises NotFound."""
    found = PrivacyRequest.objects.filter(brand=brand, pk=request_id).first()
    if found is None:
        raise NotFound(_("There is no such request."))
    return found


def asked_already(brand: Brand, customer_id: int) -> set[str]:
    """The kinds of request of this customer that wait for an answer."""
    waiting = PrivacyRequest.objects.filter(brand=brand, customer=customer_id, state__in=OPEN)
    return set(waiting.values_list("kind", flat=True))


@transaction.atomic
def do_ask(
    brand: Brand, customer_id: int, kind: str, *, acting_user: Actor, language: str = ""
) -> PrivacyRequest:
    """Notes a request; the same one again while it waits is that one. Raises BadInput, NotFound."""
    if kind not in RequestKind.values:
        raise BadInput(_("There is no such request."), where="kind")
    person = customer(brand, customer_id)
    moment = now()
    row, made = PrivacyRequest.objects.get_or_create(
        brand=brand,
        customer_id=person.id,
        kind=kind,
        state__in=OPEN,
        defaults={
            "state": RequestState.ASKED,
            "due_at": moment + TIME_TO_ANSWER,
            "asked_at": moment,
            "language": language[:16],
        },
    )
    if made:
        record(acting_user, "request received", "request", row.pk, {"kind": kind})
    return row


@transaction.atomic
def do_verify(request: PrivacyRequest, *, acting_user: Actor) -> None:
    """Somebody made sure that it is the person who asks. Raises Conflict when it is closed."""
    acting_user.require("consent.edit")
    row = _open(request)
    row.state = RequestState.VERIFIED
    row.save(update_fields=["state"])
    record(acting_user, "request verified", "request", row.pk)


@transaction.atomic
def do_refuse(request: PrivacyRequest, reason: str, *, acting_user: Actor) -> None:
    """The law wants a reason. Raises BadInput without one, Conflict when it is closed."""
    acting_user.require("consent.edit")
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise BadInput(_("Say why: the person has a right to know."), where="reason")
    row = _open(request)
    row.reason = reason[:200]
    row.save(update_fields=["reason"])
    _close(row, RequestState.REFUSED, acting_user)
    record(acting_user, "request refused", "request", row.pk)


@transaction.atomic
def do_note_answered(request: PrivacyRequest, *, acting_user: Actor) -> None:
    """The copy was handed over. Raises Conflict when it is closed."""
    acting_user.require("consent.edit")
    row = _open(request)
    _close(row, RequestState.DONE, acting_user)
    record(acting_user, "request answered", "request", row.pk, {"kind": row.kind})


@transaction.atomic
def do_grant_erasure(request: PrivacyRequest, *, acting_user: Actor) -> Erasure:
    """Begins the erasure that was asked for; the request is done when it is. Raises Conflict."""
    acting_user.require("customers.erase")
    row = _open(request)
    if row.state != RequestState.VERIFIED:
        raise Conflict(
            _("Nobody has checked yet who is asking."),
            remedy=_("Make sure that it is the person, note it, then erase."),
        )
    if row.kind != RequestKind.ERASURE or row.customer_id is None:
        raise Conflict(_("There is nothing to erase for this request."))
    reason = _("Asked by the person on {date}").format(date=f"{row.asked_at:%Y-%m-%d}")
    erasure = do_erase_later(row.brand, [row.customer_id], acting_user=acting_user, reason=reason)
    row.erasure = erasure
    row.closed_by = acting_user.label[:160]
    row.save(update_fields=["erasure", "closed_by"])
    return erasure


def _open(request: PrivacyRequest) -> PrivacyRequest:
    row = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("brand").get(pk=request.pk)
    if row.state not in OPEN or row.erasure_id is not None:
        raise Conflict(_("This request was answered already."))
    return row


def _close(row: PrivacyRequest, state: RequestState, acting_user: Actor) -> None:
    row.state, row.closed_at, row.closed_by = state, now(), acting_user.label[:160]
    row.save(update_fields=["state", "closed_at", "closed_by"])
