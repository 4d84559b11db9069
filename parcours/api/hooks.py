"""The door of shops and channels: what has a good signature is stored before the answer says so."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parcours.api.doors import open_to_everybody
from parcours.api.problems import in_json, not_allowed, problem
from parcours.core.clock import now
from parcours.events.hooks.enums import DeliveryStatus
from parcours.events.hooks.receiving import MOST_BYTES, Arrival, Receipt, account_at, receive
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Request
from parcours.inbox.enums import ArrivalStatus
from parcours.inbox.models import ChannelAccount
from parcours.inbox.writes import receiving


@open_to_everybody  # the signature is the key
@csrf_exempt
@in_json
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, kind: str, account_id: uuid.UUID) -> HttpResponse:
    """200 when it is kept, once or again; 401 with a bad signature; 413 when it is too large to be one.

    A GET is a platform's way to ask whether somebody is here; shops don't.
    """
    channel_account = receiving.account_at(kind, account_id)
    if channel_account is not None:
        return _of_channel(request, channel_account)
    if request.method != "POST":
        return not_allowed("POST")
    account = account_at(kind, account_id)
    if account is None:
        return problem(404, _("Nothing is connected at this address."))
    if _is_larger(request, MOST_BYTES):
        return problem(413, _("This is larger than a shop's message may be."))
    return _answer(receive(account, Arrival(_headers(request), request.body)))


def _of_channel(request: HttpRequest, account: ChannelAccount) -> HttpResponse:
    if _is_larger(request, receiving.MOST_BYTES):
        return problem(413, _("This is larger than a message may be."))
    receipt = receiving.receive(
        account,
        Request(
            method=request.method or "POST",
            url=request.build_absolute_uri(),
            headers=_headers(request),
            body=request.body,
            received_at=now(),
            query=request.GET.dict(),
        ),
    )
    if receipt.greeting is not None:
        return HttpResponse(
            receipt.greeting.body, status=receipt.greeting.status, content_type=receipt.greeting.media_type
        )
    if receipt.status == ArrivalStatus.REFUSED:
        return problem(401, _("The signature isn't right, so nothing was taken in."), where="signature")
    words, media_type = channel_of(account.kind).thanks
    if media_type:
        return HttpResponse(words, content_type=media_type)
    return JsonResponse({"kept": True, "again": receipt.duplicate})


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _is_larger(request: HttpRequest, most: int) -> bool:
    said = request.headers.get("Content-Length", "")
    return (said.isdecimal() and int(said) > most) or len(request.body) > most


def _answer(receipt: Receipt) -> HttpResponse:
    if receipt.status == DeliveryStatus.REFUSED:
        return problem(
            401,
            _("The signature isn't right, so nothing was taken in."),
            detail=_("Enter the shop's signing secret anew on the page of this shop."),
            where="signature",
        )
    return JsonResponse({"kept": True, "again": receipt.duplicate})
