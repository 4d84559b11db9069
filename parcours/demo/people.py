"""Claire and Amina, as those who did things on the canvas."""

from dataclasses import replace

from parcours.accounts.reads import brand_by_id, people_of
from parcours.accounts.rights import Actor
from parcours.core.ids import new_id


def claire_of(actor: Actor) -> Actor:
    return _colleague(actor, "claire@parcours.example", "Claire Le Gall")


def amina_of(actor: Actor) -> Actor:
    return _colleague(actor, "amina@parcours.example", "Amina Benali")


def _colleague(actor: Actor, email: str, name: str) -> Actor:
    """They themselves where they were invited, else somebody of their name."""
    for row in people_of(brand_by_id(actor.brand_id)).filter(person__email=email):
        return Actor("person", actor.brand_id, row.role, row.person_id, row.person.label, actor.language)
    return replace(actor, id=new_id(), label=name)
