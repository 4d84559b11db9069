"""PrestaShop's web service, asked for what changed since the last time.

An object and the cursor behind it are kept in one transaction, so that whatever stops the asking loses and
doubles nothing. Each turn begins a little before the cursor: the shop writes seconds only,
and what it was still writing may have got an earlier one. What is kept already is recognised.
"""

import base64
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.core.outbound import Unreachable, ask
from parcours.core.secrets import unseal
from parcours.events.hooks.models import HookAccount
from parcours.events.hooks.receiving import Arrival, keep

log = logging.getLogger(__name__)

A_PAGE = 100
MOST_PAGES = 500
"""A turn takes at most so many pages of each kind; the next turn goes on."""
OVERLAP = timedelta(minutes=2)
_NEVER, _ALWAYS = "1970-01-01 00:00:00", "2099-12-31 00:00:00"


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of object: what it is called, alone and as a list, and which fields are wanted.

    Customers are asked by field: all of them would bring password hashes along.
    """

    path: str
    topic: str
    display: str = "full"


RESOURCES = (
    Resource(
        "customers",
        "customer",
        "[id,firstname,lastname,email,birthday,newsletter,newsletter_date_add,is_guest,company,date_add,date_upd]",
    ),
    Resource("carts", "cart"),
    Resource("orders", "order"),
    Resource("order_slip", "order_slip"),
)


class WebService:
    """One shop's web service. Every question may raise Unreachable or BadInput."""

    def __init__(self, account: HookAccount) -> None:
        self._base = f"{account.shop_url}/api"
        key = base64.b64encode(f"{unseal(account.api_key)}:".encode()).decode()
        self._headers = {"Authorization": f"Basic {key}", "Accept": "application/json"}

    def rows(self, path: str, **parameters: str) -> list[dict[str, Any]]:
        """The objects of a list; none when the shop has none, which it says with an empty list."""
        query = urlencode({"output_format": "JSON", **parameters})
        answer = ask(f"{self._base}/{path}?{query}", headers=self._headers)
        if answer.status in {401, 403}:
            raise Unreachable(
                _("The shop doesn't let this key read “{path}”.").format(path=path),
                remedy=_("Check the key's permissions in the back office: GET on all that is listed here."),
            )
        if answer.status != 200:
            raise Unreachable(
                _("The shop's web service answered with {status}.").format(status=answer.status),
                where=path,
                remedy=_("Check that the web service is turned on, and the address of the shop."),
            )
        try:
            found = msgspec.json.decode(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unreachable(_("The shop's web service didn't answer with JSON."), where=path) from error
        rows = found.get(path) if isinstance(found, dict) else found
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def named(self, path: str) -> dict[str, dict[str, Any]]:
        """All objects of a short list, by their ids."""
        return {str(row.get("id")): row for row in self.rows(path, display="full")}


def ask_shop(account: HookAccount) -> int:
    """Takes in what changed; returns how many objects. What goes wrong is noted for people to see."""
    taken, problem = 0, ""
    try:
        for one in _changed(account, WebService(account)):
            taken += one
    except ParcoursError as fault:
        problem = str(fault)
        log.info("shop %s could not be asked: %s", account.pk, fault)
    HookAccount.objects.filter(pk=account.pk).update(asked_at=now(), asking_failed=problem)
    return taken


def _changed(account: HookAccount, service: WebService) -> Iterator[int]:
    """Page by page; each is kept before the next one is asked for."""
    beside = {"states": service.named("order_states"), "currencies": service.named("currencies")}
    for resource in RESOURCES:
        for page in _pages(account, service, resource):
            yield _take_in(account, resource, page, beside)


def _pages(account: HookAccount, service: WebService, resource: Resource) -> Iterator[list[dict[str, Any]]]:
    """What changed since, oldest first. Each page begins with the second in which the last one ended:
    counting rows instead would miss one whenever another changes meanwhile and moves to the end.
    """
    reached: list[Any] = [_earlier(account.cursors.get(resource.path, [_NEVER])[0]), 0]
    size = A_PAGE
    for _page in range(MOST_PAGES):
        rows = service.rows(
            resource.path,
            display=resource.display,
            date="1",
            sort="[date_upd_ASC,id_ASC]",
            limit=str(size),
            **{"filter[date_upd]": f"[{reached[0]},{_ALWAYS}]"},
        )
        fresh = [row for row in rows if _place(row) > reached]
        if fresh:
            yield fresh
            reached = max(_place(row) for row in fresh)
        if len(rows) < size:
            return
        size = A_PAGE if fresh else size * 2  # more of the same second than a page holds


def _earlier(date: str) -> str:
    """A date of the shop's, a little before. What isn't one begins at the beginning."""
    try:
        return (datetime.fromisoformat(date) - OVERLAP).isoformat(" ", "seconds")
    except ValueError:
        return _NEVER


def _take_in(
    account: HookAccount, resource: Resource, rows: list[dict[str, Any]], beside: dict[str, Any]
) -> int:
    """Keeps each object and the cursor behind it together. One at a time: whoever holds several objects of a
    shop could wait for somebody who waits for them.
    """
    for row in rows:
        payload: dict[str, Any] = {"topic": resource.topic, resource.topic: row}
        currency = beside["currencies"].get(str(row.get("id_currency")))
        if currency:
            payload["currency"] = currency.get("iso_code", "")
        state = beside["states"].get(str(row.get("current_state")))
        if state:
            payload["state"] = {name: state.get(name) for name in ("id", "template", "shipped", "paid")}
        at, number = _place(row)
        body = msgspec.json.encode(payload)
        external_id = f"{resource.path} {number} {at} {sha256(body).hexdigest()[:16]}"
        cursor = max(account.cursors.get(resource.path, [_NEVER, 0]), [at, number])
        account.cursors = {**account.cursors, resource.path: cursor}
        with transaction.atomic():
            keep(account, Arrival({}, body, now()), external_id=external_id)
            HookAccount.objects.filter(pk=account.pk).update(cursors=account.cursors)
    return len(rows)


def _place(row: dict[str, Any]) -> list[Any]:
    """When it was changed, and its number: the order in which objects come."""
    number = str(row.get("id") or 0)
    return [str(row.get("date_upd") or row.get("date_add") or ""), int(number) if number.isdecimal() else 0]
