"""The door of shops: whatever comes with a good signature is stored before the answer says so."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parcours.api.doors import open_to_everybody
from parcours.api.problems import problem
from parcours.events.hooks.enums import DeliveryStatus
from parcours.events.hooks.receiving import MOST_BYTES, Arrival, Receipt, account_at, receive


@open_to_everybody  # the signature is the key
@csrf_exempt
@require_POST
def hook(request: HttpRequest, kind: str, account_id: uuid.UUID) -> HttpResponse:
    """200 when it is kept, once or again; 401 with a bad signature; 413 when it is too large to be one."""
    account = account_at(kind, account_id)
    if account is None:
        return problem(404, _("No shop is connected at this address."))
    if _said_size(request) > MOST_BYTES or len(request.body) > MOST_BYTES:
        return problem(413, _("This is larger than a shop's message may be."))
    headers = {name.lower(): value for name, value in request.headers.items()}
    return _answer(receive(account, Arrival(headers, request.body)))


def _said_size(request: HttpRequest) -> int:
    said = request.headers.get("Content-Length", "")
    return int(said) if said.isdecimal() else 0


def _answer(receipt: Receipt) -> HttpResponse:
    if receipt.status == DeliveryStatus.REFUSED:
        return problem(
            401,
            _("The signature isn't right, so nothing was taken in."),
            detail=_("Enter the shop's signing secret anew on the page of this shop."),
            where="signature",
        )
    return JsonResponse({"kept": True, "again": receipt.duplicate})
