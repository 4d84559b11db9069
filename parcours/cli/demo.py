"""Prepares the simulated shop: its brand, a sign-in, and its year of events and conversations."""

import importlib.util
import os
import sys
from typing import Any

from parcours.core.installation import Installation
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
    lines = _sign_in(brand)
    built = Installation(settings.DATA).data / "demo.built"
    if not built.exists():
        _build(brand)
        built.touch()
    return lines


def _build(brand: Any) -> None:
    if importlib.util.find_spec("parcours.demo.build") is None:
        return
    from parcours.demo.build import build_demo

    build_demo(brand, say=_say)


def _say(line: str) -> None:
    """Progress goes to standard error, which is the terminal; standard output is for the supervisor."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def _sign_in(brand: Any) -> list[str]:
    from parcours.accounts.reads import people_of
    from parcours.accounts.rights import system_actor
    from parcours.accounts.writes import add_person

    chosen = os.environ.get("PARCOURS_DEMO_PASSWORD", "")
    membership = people_of(brand).filter(person__email=EMAIL).first()
    if membership and membership.person.check_password(chosen):
        chosen = ""
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
