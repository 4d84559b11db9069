"""Everything about one customer, from every place, as a file that they can read and take elsewhere."""

import json
import zipfile
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import translation

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.registry import personal_data
from parcours.customers.copies.page import page_of
from parcours.customers.reads import customer
from parcours.customers.stitching.same_person import everybody_of
from parcours.journal.writes import record

FORMAT = 1


def collect(brand: Brand, customer_id: int) -> dict[str, Any]:
    """What every place holds about the customer and all that were merged into them. Raises NotFound."""
    person = customer(brand, customer_id)
    everybody = everybody_of(brand, [person.id])
    places: dict[str, list[dict[str, Any]]] = {}
    for keeper in personal_data.all().values():
        for place, rows in keeper.export(brand.pk, everybody).items():
            places.setdefault(place, []).extend(rows)
    return {
        "format": FORMAT,
        "brand": brand.name,
        "made": now(),
        "customer": person.id,
        "data": dict(sorted(places.items())),
    }


@transaction.atomic
def do_export_customer(
    brand: Brand, customer_id: int, file: IO[bytes], *, acting_user: Actor, language: str = ""
) -> int:
    """Writes a ZIP with `data.json` for programs and `data.html` for people; returns how many rows it has.

    Raises NotFound, Forbidden.
    """
    acting_user.require("consent.edit")
    collected = collect(brand, customer_id)
    text = json.dumps(collected, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    with translation.override(language or translation.get_language()):
        page = page_of(json.loads(text))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", text)
        packed.writestr("data.html", page)
    rows = sum(map(len, collected["data"].values()))
    record(acting_user, "customer exported", "customer", collected["customer"], {"rows": rows})
    return rows


def file_name(customer_id: int) -> str:
    return f"customer-{customer_id}-{now():%Y-%m-%d}.zip"
