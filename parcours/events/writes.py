"""The only writers of sources and imports."""

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import digest_of
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict
from parcours.core.ids import new_secret
from parcours.events.enums import SourceKind
from parcours.events.imports.run import import_events, start_import
from parcours.events.models import Source
from parcours.journal.writes import record

__all__ = ["add_source", "do_remove_source", "import_events", "start_import"]


@transaction.atomic
def add_source(
    brand: Brand, name: str, *, acting_user: Actor, kind: str = SourceKind.CLIENT
) -> tuple[Source, str]:
    """A place events come from, and its write key, which is told this once and not stored.

    Raises BadInput without a name, Conflict when it is taken.
    """
    acting_user.require("events.sources")
    name = name.strip()
    if not name or len(name) > 80:
        raise BadInput(_("A source needs a name of at most 80 characters."), where="name")
    if Source.objects.filter(brand=brand, name=name, removed_at=None).exists():
        raise Conflict(_("There is a source called “{name}” already.").format(name=name))
    key = new_secret("pk")
    source = Source.objects.create(brand=brand, name=name, kind=kind, digest=digest_of(key))
    record(acting_user, "source added", "source", source.pk, {"name": name})
    return source, key


@transaction.atomic
def do_remove_source(source: Source, *, acting_user: Actor) -> None:
    """Its key is refused from now on; the events that came from it stay."""
    acting_user.require("events.sources")
    record(acting_user, "source removed", "source", source.pk, {"name": source.name})
    source.removed_at = now()
    source.digest = digest_of(new_secret("removed"))
    source.save(update_fields=["removed_at", "digest"])
