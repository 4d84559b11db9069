"""Prepares the simulated shop: its brand, a sign-in, and its year of events and conversations."""

import os
import sys
from pathlib import Path
from typing import Any

from parcours.core.terminal import gettext as _

EMAIL = "demo@parcours.example"
BRAND = "Foulée"
SLUG = "foulee"


def prepare_demo() -> list[str]:
    """Makes what is missing of the demo; returns the lines about signing in.

    What is there already is kept as it is. A build that was cut short is taken up again.
    """
    from django.conf import settings

    from parcours.accounts.reads import all_brands
    from parcours.accounts.writes import create_brand

    brand = all_brands().filter(slug=SLUG).first() or create_brand(BRAND, slug=SLUG)
    built = Path(settings.DATA) / "demo.built"
    if not built.exists():
        from parcours.demo.build import build_demo

        _expect_visitor(brand)
        build_demo(brand, say=_say)
        built.touch()
    return _sign_in(brand)  # last: a password made up for a start that fails would never be shown


def _say(line: str) -> None:
    """Progress goes to standard error, which is the terminal; standard output is for the supervisor."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def _expect_visitor(brand: Any) -> None:
    """Whoever looks at the demo is there while it is built, so that colleagues can call them."""
    from parcours.accounts.reads import people_of
    from parcours.accounts.rights import system_actor
    from parcours.accounts.writes import add_person

    if people_of(brand).filter(person__email=EMAIL).exists():
        return
    add_person(EMAIL, brand=brand, role="owner", acting_user=system_actor(brand.pk))
    visitor = people_of(brand).get(person__email=EMAIL).person
    visitor.set_unusable_password()
    visitor.save(update_fields=["password"])


def _sign_in(brand: Any) -> list[str]:
    from parcours.accounts.reads import people_of
    from parcours.accounts.rights import system_actor
    from parcours.accounts.writes import add_person, new_password

    chosen = os.environ.get("PARCOURS_DEMO_PASSWORD", "")
    membership = people_of(brand).filter(person__email=EMAIL).first()
    if membership and membership.person.check_password(chosen):
        chosen = ""
    elif membership and not membership.person.has_usable_password():
        chosen = chosen or new_password()
    shown = add_person(
        EMAIL,
        brand=brand,
        role=membership.role if membership else "owner",
        acting_user=system_actor(brand.pk),
        password=chosen,
    )
    if shown:
        return [_("Sign in with {email} and the password {password}").format(email=EMAIL, password=shown)]
    return [
        _("Sign in with {email} and the password of the first start.").format(email=EMAIL),
        _("To make a new one: parcours user password {email}").format(email=EMAIL),
    ]
