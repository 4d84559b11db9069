"""What the area of customers itself holds about people, for export and erasure."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

from parcours.customers.models import Claim, Customer, Group
from parcours.customers.privacy_models import Consent, Undeliverable
from parcours.customers.stitching.same_person import identities_of
from parcours.live.writes import forget_updates

PLACES = {
    "undeliverable": "refusing addresses",
    "customer": "profiles",
    "identity": "identities",
    "likeness": "likenesses",
    "privacyrequest": "requests",
    "groupmember": "group memberships",
}
HIDDEN = frozenset({"brand"})


class CustomerRecords:
    """Profiles, identities, merges, consents, requests, groups: every table of the area that names a
    customer.
    """

    name = "customers"

    def export(
        self,
        brand_id: uuid.UUID,
        customer_ids: Collection[int],
    ) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        refusing = _refusing(brand_id, [value for _kind, value in identities_of(brand_id, customer_ids)])
        if refusing:
            found[_place(Undeliverable)] = [_exported(row) for row in refusing]
        for model, fields in tables_with_customers():
            rows = _about(model, fields, customer_ids)
            if rows:
                found[_place(model)] = [_exported(row) for row in rows]
        return found

    @transaction.atomic
    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        known = identities_of(brand_id, customer_ids)
        counts = {"live updates": forget_updates(brand_id, customer_ids, [value for _kind, value in known])}
        groups = list(Group.objects.filter(members__customer__in=customer_ids).values_list("pk", flat=True))
        claims, _by_model = Claim.objects.filter(
            brand_id=brand_id, value__in=[value for _kind, value in known]
        ).delete()
        counts["claims"] = claims
        counts[_place(Undeliverable)] = _refusing(brand_id, [value for _kind, value in known]).delete()[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('parcours.erasing', 'on', true)")
        _rows, by_model = Customer.objects.filter(brand_id=brand_id, pk__in=customer_ids).delete()
        for label, rows in by_model.items():
            place = _place(apps.get_model(label))
            counts[place] = counts.get(place, 0) + rows
        # A group that only they belonged to would still tell of them.
        counts["empty groups"] = Group.objects.filter(pk__in=groups, members=None).delete()[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('parcours.erasing', '', true)")
        return {place: rows for place, rows in counts.items() if rows}


RECORDS = CustomerRecords()


def tables_with_customers() -> Iterator[tuple[type[models.Model], list[str]]]:
    """The area's models that name a customer, each with the fields that do."""
    yield Customer, ["pk"]
    for model in apps.get_app_config("customers").get_models():
        fields = [
            field.name
            for field in model._meta.concrete_fields  # noqa: SLF001 - Django's documented API
            if isinstance(field, models.ForeignKey) and field.related_model is Customer
        ]
        if fields and model is not Customer:
            yield model, fields


def _refusing(brand_id: uuid.UUID, values: Iterable[str]) -> QuerySet[Undeliverable]:
    addresses = [value.lower() for value in values if "@" in value]
    return Undeliverable.objects.filter(brand_id=brand_id, address__in=addresses)


def _about(model: type[models.Model], fields: list[str], customer_ids: Collection[int]) -> list[models.Model]:
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__in": list(customer_ids)})
    return list(model._default_manager.filter(wanted).order_by("pk"))  # noqa: SLF001


def _exported(row: models.Model) -> dict[str, Any]:
    values = {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields  # noqa: SLF001
        if field.name not in HIDDEN
    }
    if isinstance(row, Consent) and row.wording is not None:
        values["shown"] = row.wording.texts
    return values


def _place(model: type[models.Model]) -> str:
    name = str(model._meta.model_name)  # noqa: SLF001
    return PLACES.get(name, str(model._meta.verbose_name_plural))  # noqa: SLF001
