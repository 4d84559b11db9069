import uuid
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand, Membership, Person, Token
from parcours.accounts.rights import Actor
from parcours.core.errors import NotFound

_BRAND_AND_ROLE = """
SELECT brand.*, membership.role
FROM accounts_membership membership JOIN accounts_brand brand ON brand.id = membership.brand_id
WHERE membership.person_id = %s AND (%s::uuid IS NULL OR brand.id = %s::uuid)
ORDER BY membership.created_at LIMIT 1
"""
"""Plain SQL: every page asks it, and putting it together took longer than answering it."""


def digest_of(secret: str) -> str:
    """Secrets carry 192 random bits, so one plain hash is enough and is fast to look up."""
    return sha256(secret.encode()).hexdigest()


def brand_named(slug_or_name: str | None) -> Brand:
    """The brand with that slug or name; with None the only one, or the oldest. Raises NotFound."""
    brands = Brand.objects.order_by("created_at")
    if slug_or_name is None:
        brand = brands.first()
        if brand is None:
            raise NotFound(
                _("There is no brand yet."),
                remedy=_("Make one: parcours user add EMAIL --role owner --brand NAME"),
            )
        return brand
    for brand in brands:
        if slug_or_name.casefold() in {brand.slug.casefold(), brand.name.casefold()}:
            return brand
    known = ", ".join(brands.values_list("slug", flat=True)) or "–"
    raise NotFound(
        _("There is no brand called “{name}”.").format(name=slug_or_name),
        remedy=_("Known brands: {known}.").format(known=known),
    )


def brand_by_id(brand_id: uuid.UUID) -> Brand:
    return Brand.objects.get(pk=brand_id)


def all_brands() -> QuerySet[Brand]:
    return Brand.objects.order_by("created_at")


def memberships_of(person: Person) -> QuerySet[Membership]:
    return person.memberships.select_related("brand").order_by("created_at")


def person_with_email(email: str) -> Person:
    """Raises NotFound."""
    person = Person.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        raise NotFound(_("Nobody signs in with “{email}”.").format(email=email))
    return person


def people_of(brand: Brand) -> QuerySet[Membership]:
    return brand.memberships.select_related("person").order_by("person__email")


def tokens_of(brand: Brand) -> QuerySet[Token]:
    return brand.tokens.filter(revoked_at=None).order_by("created_at")


def actor_of_person(person: Person, brand_id: uuid.UUID | None = None) -> tuple[Actor, Brand] | None:
    """The person's actor in that brand, or in the first one; None for somebody without any."""
    brand: Any = next(iter(Brand.objects.raw(_BRAND_AND_ROLE, [person.pk, brand_id, brand_id])), None)
    if brand is None:
        return None
    actor = Actor(
        kind="person",
        brand_id=brand.pk,
        role=brand.role,
        id=person.pk,
        label=person.label,
        language=person.language or "en",
    )
    return actor, brand


def actor_of_token(secret: str) -> tuple[Actor, Brand] | None:
    """The actor behind a bearer token, or None when it isn't known or was revoked."""
    token = Token.objects.select_related("brand").filter(digest=digest_of(secret), revoked_at=None).first()
    if token is None:
        return None
    actor = Actor(kind="token", brand_id=token.brand_id, role=token.role, id=token.pk, label=token.name)
    return actor, token.brand


def membership_in(
    brand_id: uuid.UUID, *, membership_id: uuid.UUID | None = None, person_id: uuid.UUID | None = None
) -> Membership:
    """One membership of the brand, by its own id or by the person's. Raises NotFound."""
    memberships = Membership.objects.select_related("person", "brand").filter(brand_id=brand_id)
    if membership_id is not None:
        memberships = memberships.filter(pk=membership_id)
    if person_id is not None:
        memberships = memberships.filter(person_id=person_id)
    membership = memberships.first()
    if membership is None:
        raise NotFound(_("This person isn't in the brand."))
    return membership


def token_in(brand_id: uuid.UUID, token_id: uuid.UUID) -> Token:
    """Raises NotFound."""
    token = Token.objects.filter(brand_id=brand_id, pk=token_id).first()
    if token is None:
        raise NotFound(_("There is no such token."))
    return token
