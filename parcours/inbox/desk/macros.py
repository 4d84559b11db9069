"""Macros: several things done to a conversation at once, and the words of a reply."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.desk.models import Macro
from parcours.inbox.desk.replies import clean_texts
from parcours.inbox.rights import MANAGE
from parcours.journal.writes import record

Deeds = Sequence[tuple[str, Mapping[str, str]]]
MAY_DO = ("tags", "priority", "assign", "snooze", "close")
"""In the order in which they are done."""


@dataclass(frozen=True, slots=True)
class MacroView:
    """`deeds` are names of actions with their fields; `texts` by language."""

    id: uuid.UUID
    name: str
    deeds: Deeds = field(hash=False)
    texts: Mapping[str, str] = field(hash=False)
    revision: int = 1

    def field_of(self, deed: str, name: str) -> str:
        """What the form shows of a deed; `yes` for one without fields."""
        found = dict(self.deeds).get(deed)
        return "" if found is None else found.get(name, "yes")

    def in_language(self, language: str) -> str:
        return self.texts.get(language) or next((text for text in self.texts.values() if text), "")


def macros(brand_id: uuid.UUID) -> tuple[MacroView, ...]:
    """By name."""
    rows = Macro.objects.filter(brand_id=brand_id, deleted_at=None).order_by("name", "id")
    return tuple(_view(row) for row in rows)


def macro(brand_id: uuid.UUID, macro_id: uuid.UUID) -> MacroView:
    """Raises NotFound."""
    row = Macro.objects.filter(brand_id=brand_id, pk=macro_id, deleted_at=None).first()
    if row is None:
        raise NotFound(_("There is no such macro."))
    return _view(row)


@transaction.atomic
def save_macro(
    brand: Brand,
    *,
    name: str,
    deeds: Deeds,
    texts: Mapping[str, str],
    macro_id: uuid.UUID | None = None,
    revision: int | None = None,
    acting_user: Actor,
) -> MacroView:
    """Raises BadInput without a name, or when it would do nothing; Conflict when somebody changed it after
    `revision`.
    """
    acting_user.require(MANAGE)
    row = Macro(brand=brand, revision=0)
    if macro_id is not None:
        found = Macro.objects.select_for_update().filter(brand=brand, pk=macro_id, deleted_at=None).first()
        if found is None:
            raise NotFound(_("There is no such macro."))
        row = found
    if revision is not None and revision != row.revision:
        raise Conflict(_("Somebody changed this macro a moment ago."), remedy=_("Look at it, then save."))
    row.revision += 1
    row.name = one_line(storable(name))[:80]
    if not row.name:
        raise BadInput(_("This can't be empty."), where="name")
    row.texts = clean_texts(texts, required=False)
    known = dict(deeds)
    row.deeds = [[deed, dict(known[deed])] for deed in MAY_DO if deed in known]
    if not row.deeds and not row.texts:
        raise BadInput(_("Choose at least one action, or write a reply."), where="name")
    row.save()
    record(acting_user, "macro saved", "macro", row.pk, {"name": row.name})
    return _view(row)


@transaction.atomic
def delete_macro(macro_id: uuid.UUID, *, acting_user: Actor, back: bool = False) -> None:
    """Kept, so that it can come back (`back`)."""
    acting_user.require(MANAGE)
    rows = Macro.objects.select_for_update().filter(brand_id=acting_user.brand_id, pk=macro_id)
    row = rows.filter(deleted_at__isnull=not back).first()
    if row is None:
        raise NotFound(_("There is no such macro."))
    row.deleted_at = None if back else now()
    row.save(update_fields=["deleted_at"])
    record(acting_user, "macro restored" if back else "macro deleted", "macro", row.pk, {"name": row.name})


def _view(row: Macro) -> MacroView:
    deeds = [(name, fields) for name, fields in row.deeds]
    return MacroView(row.pk, row.name, deeds, row.texts, row.revision)
