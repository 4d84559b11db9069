"""What customers allow, and their rights: a copy of everything, and erasure."""

import uuid
from datetime import datetime
from io import BytesIO
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Field, Router, Schema, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.customers import reads
from parcours.customers.consent import ledger as consent
from parcours.customers.copies.one_person import do_export_customer, file_name
from parcours.customers.erasure import carrying_out as erasure
from parcours.customers.privacy_enums import ConsentMethod

router = Router(tags=["privacy"])

_CUSTOMER = "/customers/{int:customer_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
State = Literal["unknown", "granted", "denied"]


class ConsentOut(Schema):
    purpose: str
    channel: str
    state: State
    at: datetime
    method: str
    source: str
    words: dict[str, str] = Field(description="What the customer was shown, by language.")
    language: str


class ConsentsOut(Schema):
    """`current` is the newest word to each purpose and channel, `ledger` everything, the newest first."""

    current: list[ConsentOut]
    ledger: list[ConsentOut]


class ConsentIn(Schema):
    purpose: str = Field(min_length=1, max_length=40)
    channel: str = Field(default="", max_length=16)
    state: State
    at: datetime | None = Field(default=None, description="When it was said; now without it.")
    words: str = Field(default="", max_length=2_000, description="What the customer was shown.")
    language: str = Field(default="", max_length=16)


class ErasureIn(Schema):
    reason: str = Field(default="", max_length=200, description="Stands on the certificate: name nobody.")


class CertificateOut(Schema):
    """Names nobody. `places` and `mentions` count rows by place; `hash` covers everything above it."""

    certificate: uuid.UUID
    brand: uuid.UUID
    state: Literal["running", "done"]
    begun: datetime
    done: datetime | None
    by: str
    reason: str
    people: int
    identities: dict[str, int]
    identities_digest: str
    places: dict[str, int]
    mentions: dict[str, int]
    hash: str


@router.get(f"{_CUSTOMER}/consents", response={200: ConsentsOut, **_PROBLEMS})
@needs("customers.view")
def get_consents(request: ApiRequest, customer_id: int) -> dict[str, Any]:
    """What a customer allowed and refused."""
    return _consents(request, reads.customer(request.brand, customer_id).id)


@router.post(f"{_CUSTOMER}/consents", response={201: ConsentsOut, **_PROBLEMS})
@needs("consent.edit")
def add_consent(request: ApiRequest, customer_id: int, said: ConsentIn) -> Status[dict[str, Any]]:
    """Adds a word to the ledger. The newest by (at, arrival) counts."""
    customer = reads.customer(request.brand, customer_id)
    row = consent.Said(
        customer.id,
        said.purpose,
        said.state,
        said.channel,
        at=said.at,
        shown=said.words,
        language=said.language,
        source=request.actor.label,
    )
    consent.record_consents(request.brand, [row], method=ConsentMethod.API, acting_user=request.actor)
    return Status(201, _consents(request, customer.id))


@router.get(f"{_CUSTOMER}/export", response=_PROBLEMS)
@needs("consent.edit")
def get_export(request: ApiRequest, customer_id: int) -> HttpResponse:
    """Everything about a customer as a ZIP with `data.json` and `data.html`."""
    file = BytesIO()
    do_export_customer(request.brand, customer_id, file, acting_user=request.actor)
    answer = HttpResponse(file.getvalue(), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(customer_id)}"'
    return answer


@router.post(f"{_CUSTOMER}/erasure", response={202: CertificateOut, **_PROBLEMS})
@needs("customers.erase")
def erase(
    request: ApiRequest, response: HttpResponse, customer_id: int, asked: ErasureIn
) -> Status[dict[str, Any]]:
    """Begins to erase a customer everywhere; the certificate in `Location` tells when it is done."""
    customer = reads.customer(request.brand, customer_id)
    begun = erasure.do_erase_later(
        request.brand, [customer.id], acting_user=request.actor, reason=asked.reason
    )
    response.headers["Location"] = f"/api/v1/erasures/{begun.pk}"
    return Status(202, erasure.certificate(begun))


@router.get("/erasures/{uuid:erasure_id}", response={200: CertificateOut, **_PROBLEMS})
@needs("customers.erase")
def get_certificate(request: ApiRequest, erasure_id: uuid.UUID) -> dict[str, Any]:
    """The certificate of an erasure."""
    return erasure.certificate(erasure.erasure_of(request.brand, erasure_id))


def _consents(request: ApiRequest, customer_id: int) -> dict[str, Any]:
    ledger = consent.consents_of(request.brand, customer_id)
    newest: dict[tuple[str, str], consent.ConsentView] = {}
    for row in ledger:
        newest.setdefault((row.purpose, row.channel), row)
    return {"current": [_out(row) for row in newest.values()], "ledger": [_out(row) for row in ledger]}


def _out(row: consent.ConsentView) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ConsentOut.model_fields}
