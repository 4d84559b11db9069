"""Profiles changed in bulk: only what differs is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.customers.revision import raise_revision
from parcours.customers.stitching.claims import note_claims
from parcours.customers.stitching.identities import clean_identity

EARLIEST_BIRTH = 1880


@dataclass(slots=True)
class Profile:
    """What is said about a customer; what is empty says nothing."""

    user_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    birth_year: int | None = None
    country: str = ""
    language: str = ""
    traits: dict[str, Any] = field(default_factory=dict)


_FIELDS = {
    "name": "name", "fullname": "name", "full_name": "name",
    "email": "email", "e_mail": "email", "mail": "email",
    "phone": "phone", "phone_number": "phone", "phonenumber": "phone", "telephone": "phone",
    "country": "country", "country_code": "country",
    "language": "language", "lang": "language", "locale": "language",
    "birth_year": "birth_year", "birthyear": "birth_year", "year_of_birth": "birth_year",
    "birth_date": "birth_year", "birthdate": "birth_year", "date_of_birth": "birth_year",
    "birthday": "birth_year", "dob": "birth_year",
    "nom_complet": "name", "courriel": "email", "adresse_e_mail": "email", "adresse_email": "email",
    "téléphone": "phone", "pays": "country", "langue": "language",
    "naissance": "birth_year", "date_de_naissance": "birth_year",
    "année_de_naissance": "birth_year", "annee_de_naissance": "birth_year",
}  # fmt: skip


FIELD_NAMES = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "phone": _("Phone number"),
    "birth_year": _("Year or date of birth"),
    "country": _("Country"),
    "language": _("Language"),
}
"""The fields of a profile as people call them."""


def profile_field(column: str) -> str:
    """The field of a profile that a column's or trait's name means; empty for a trait of its own."""
    return _FIELDS.get(column.strip().lower().replace(" ", "_").replace("-", "_"), "")


def profile_of(values: Mapping[str, Any], user_id: str = "") -> Profile:
    """A profile from named values, as a column of a file or a trait of an identify message names them."""
    profile = Profile(user_id=user_id)
    for name, value in values.items():
        if value is None or value == "":
            continue
        known = profile_field(name)
        if known == "birth_year":
            year = birth_year(value)
            if year is not None:
                profile.birth_year = year
                continue
        elif known and isinstance(value, str | int | float):
            limit = {"name": 200, "email": 254, "phone": 40, "country": 80, "language": 16}[known]
            setattr(profile, known, _without_nul(str(value)).strip()[:limit])
            continue
        profile.traits[name] = _without_nul(value) if isinstance(value, str) else value
    return profile


def birth_year(value: object) -> int | None:
    """The year in a year or a date that begins or ends with it (1984, 1984-05-02, 02/05/1984); None when
    there is none.
    """
    text = str(value).strip().removesuffix(".0")
    for part in (text[:4], text[-4:]):
        if len(part) == 4 and part.isdecimal() and EARLIEST_BIRTH <= int(part) <= now().year:
            return int(part)
    return None


@transaction.atomic
def update_profiles(brand: Brand, profiles: Mapping[int, Profile]) -> int:
    """Writes what is said about each customer (by id) over what was known; returns how many changed.

    E-mail addresses and phone numbers become identities too, unless they belong to another customer already:
    two people may share an address, and a profile is no reason to make them one. It is kept as a claim.
    """
    if not profiles:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE said (id bigint, name text, email text, birth_year smallint, country text,"
            " language text, traits jsonb) ON COMMIT DROP"
        )
        with cursor.copy("COPY said FROM STDIN") as copy:
            for customer_id, said in profiles.items():
                copy.write_row(
                    (
                        customer_id,
                        said.name,
                        said.email,
                        said.birth_year,
                        said.country,
                        said.language,
                        msgspec.json.encode(said.traits).decode().replace("\\u0000", ""),
                    )
                )
        cursor.execute(_UPDATE, [brand.pk])
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE said")
    _add_identities(brand, profiles)
    if changed:
        raise_revision(brand)
    return changed


_UPDATE = """
UPDATE customers_customer c SET
  name = COALESCE(NULLIF(s.name, ''), c.name),
  email = COALESCE(NULLIF(s.email, ''), c.email),
  birth_year = COALESCE(s.birth_year, c.birth_year),
  country = COALESCE(NULLIF(s.country, ''), c.country),
  language = COALESCE(NULLIF(s.language, ''), c.language),
  traits = c.traits || s.traits
FROM said s
WHERE c.id = s.id AND c.brand_id = %s AND (
  (s.name <> '' AND s.name <> c.name) OR (s.email <> '' AND s.email <> c.email)
  OR (s.birth_year IS NOT NULL AND s.birth_year IS DISTINCT FROM c.birth_year)
  OR (s.country <> '' AND s.country <> c.country) OR (s.language <> '' AND s.language <> c.language)
  OR NOT c.traits @> s.traits)
"""


def _add_identities(brand: Brand, profiles: Mapping[int, Profile]) -> None:
    rows = [
        (brand.pk, kind, clean_identity(value, kind), customer_id)
        for customer_id, said in profiles.items()
        for kind, value in (("email", said.email), ("phone", said.phone))
        if value
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE said_identity (brand_id uuid, kind text, value text, customer_id bigint)"
            " ON COMMIT DROP"
        )
        with cursor.copy("COPY said_identity FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO customers_identity (brand_id, kind, value, customer_id, since, reason)"
            " SELECT brand_id, kind, value, customer_id, %s, 'profile' FROM said_identity WHERE value <> ''"
            " ON CONFLICT (brand_id, kind, value) DO NOTHING",
            [now()],
        )
        cursor.execute("DROP TABLE said_identity")
    note_claims(brand, ((kind, value, customer_id) for _brand, kind, value, customer_id in rows if value))


def _without_nul(text: str) -> str:
    # PostgreSQL's text can't hold it.
    return text.replace("\0", "")
