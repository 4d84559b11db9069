import re
import secrets
import uuid
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parcours.accounts.enums import Role
from parcours.accounts.models import Brand, Membership, Person, Token
from parcours.accounts.reads import brand_named, digest_of
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict
from parcours.core.ids import new_secret
from parcours.core.registry import changed_roles, people_who_leave, tell


def new_password() -> str:
    """A password of about 80 bits that can be read aloud."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _i in range(4)) for _j in range(4))


def create_brand(
    name: str, *, slug: str = "", time_zone: str = "Europe/Paris", currency: str = "EUR"
) -> Brand:
    """A new brand. Raises BadInput for a name, time zone (IANA) or currency (ISO 4217) that can't be, and
    Conflict when the slug is taken.
    """
    slug = slug or slugify(name)
    if time_zone not in available_timezones():
        raise BadInput(
            _("There is no time zone “{name}”.").format(name=time_zone),
            where="time_zone",
            remedy=_("Write it like Europe/Paris."),
        )
    if not re.fullmatch("[A-Z]{3}", currency):
        raise BadInput(
            _("“{name}” is not a currency.").format(name=currency),
            where="currency",
            remedy=_("Write its three letters, like EUR."),
        )
    if not slug:
        raise BadInput(_("A brand needs a name with at least one letter or digit."), where="name")
    if Brand.objects.filter(slug=slug).exists():
        raise Conflict(_("There is a brand called “{slug}” already.").format(slug=slug))
    return Brand.objects.create(name=name, slug=slug, time_zone=time_zone, currency=currency)


def locked_brand(brand_id: uuid.UUID) -> Brand:
    """The brand, kept for this transaction: what belongs to it as a whole changes one after the other."""
    return Brand.objects.select_for_update(no_key=True).get(pk=brand_id)


def brand_or_first(slug_or_name: str | None) -> Brand:
    """The brand of that name; in an installation without any, a new one.

    So whoever has just started Parcours can bring events in, or people, without a step before.
    Raises NotFound for another name when there are brands.
    """
    if not Brand.objects.exists():
        create_brand(slug_or_name if slug_or_name is not None else _("My brand"))
    return brand_named(slug_or_name)


@transaction.atomic
def add_person(
    email: str,
    *,
    brand: Brand,
    role: str,
    acting_user: Actor,
    name: str = "",
    password: str = "",
    language: str = "",
) -> str:
    """Adds somebody to a brand, or changes the role of somebody who is in it.

    Returns the password to show once: the one given, a new one for a new person, and an empty string for
    a person who already has one. Raises BadInput for an address or role that can't be.
    """
    acting_user.require("people.manage")
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadInput(_("“{email}” is not an e-mail address.").format(email=email), where="email") from error
    if role not in Role.values:
        raise BadInput(
            _("There is no role “{role}”.").format(role=role),
            where="role",
            remedy=_("Choose one of: {roles}.").format(roles=", ".join(Role.values)),
        )
    person = Person.objects.filter(email__iexact=email).first()
    shown = password
    if person is None:
        shown = password or new_password()
        person = Person.objects.create_user(email, shown, name=name, language=language)
    elif password:
        set_password(person, password)
    if (current := Membership.objects.filter(person=person, brand=brand).first()) and role != Role.OWNER:
        _keep_an_owner(current)
    Membership.objects.update_or_create(person=person, brand=brand, defaults={"role": role})
    if current and current.role != role:
        _role_changed(brand.pk, person.pk, role)
    tell(acting_user, "person added", "person", person.pk, {"email": email, "role": role})
    return shown


def set_password(person: Person, password: str) -> None:
    """Raises BadInput with the reasons when the password is too weak."""
    try:
        validate_password(password, user=person)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), where="password") from error
    person.set_password(password)
    person.save(update_fields=["password"])


def set_language(person: Person, language: str) -> None:
    person.language = language
    person.save(update_fields=["language"])


def set_name(person: Person, name: str) -> None:
    person.name = name.strip()[:120]
    person.save(update_fields=["name"])


@transaction.atomic
def remove_person(membership: Membership, *, acting_user: Actor) -> None:
    """Takes somebody out of a brand. Raises Conflict for the last owner: nobody could manage it."""
    acting_user.require("people.manage")
    _keep_an_owner(membership)
    membership.delete()
    for let_go in people_who_leave.all().values():
        let_go(membership.brand_id, membership.person_id)
    tell(acting_user, "person removed", "person", membership.person_id, {"role": membership.role})


@transaction.atomic
def change_role(membership: Membership, role: str, *, acting_user: Actor) -> None:
    """Raises Conflict when the last owner would go."""
    acting_user.require("people.manage")
    if role not in Role.values:
        raise BadInput(_("There is no role “{role}”.").format(role=role), where="role")
    if role != Role.OWNER:
        _keep_an_owner(membership)
    data = {"from": membership.role, "to": role}
    membership.role = role
    membership.save(update_fields=["role"])
    _role_changed(membership.brand_id, membership.person_id, role)
    tell(acting_user, "role changed", "person", membership.person_id, data)


def _role_changed(brand_id: uuid.UUID, person_id: uuid.UUID, role: str) -> None:
    for hear in changed_roles.all().values():
        hear(brand_id, person_id, role)


def _keep_an_owner(membership: Membership) -> None:
    owners = Membership.objects.select_for_update().filter(brand=membership.brand, role=Role.OWNER)
    if membership.role == Role.OWNER and len(owners) == 1:
        raise Conflict(
            _("This is the last owner of the brand."), remedy=_("Make somebody else an owner first.")
        )


@transaction.atomic
def issue_token(brand: Brand, *, role: str, name: str, acting_user: Actor) -> str:
    """A new bearer token; its text is returned once and never stored."""
    acting_user.require("brand.manage")
    if role not in Role.values:
        raise BadInput(_("There is no role “{role}”.").format(role=role), where="role")
    secret = new_secret("parcours")
    token = Token.objects.create(brand=brand, role=role, name=name, digest=digest_of(secret))
    tell(acting_user, "token issued", "token", token.pk, {"name": name, "role": role})
    return secret


@transaction.atomic
def revoke_token(token: Token, *, acting_user: Actor) -> None:
    acting_user.require("brand.manage")
    token.revoked_at = now()
    token.save(update_fields=["revoked_at"])
    tell(acting_user, "token revoked", "token", token.pk, {"name": token.name})
