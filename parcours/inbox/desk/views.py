"""Filters of the list under a name."""

import uuid
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.desk.models import SavedView
from parcours.inbox.rights import MANAGE, VIEW

MOST = 60


@dataclass(frozen=True, slots=True)
class SavedViewView:
    """`query` is the address's, with its question mark; `shared` is everybody's."""

    id: uuid.UUID
    name: str
    query: str
    shared: bool

    @property
    def state(self) -> str:
        """Another one as soon as anything of it changes."""
        return sha256(f"{self.name}\n{self.query}\n{self.shared}".encode()).hexdigest()[:16]


def saved_views(actor: Actor) -> tuple[SavedViewView, ...]:
    """One's own and everybody's, by name."""
    rows = SavedView.objects.filter(brand_id=actor.brand_id).filter(Q(person_id=actor.id) | Q(person=None))
    return tuple(_view(row) for row in rows.order_by("name", "id"))


@transaction.atomic
def save_view(name: str, query: str, *, shared: bool, acting_user: Actor) -> SavedViewView:
    """Raises BadInput without a name or beyond MOST, Forbidden for a shared one without the right."""
    acting_user.require(MANAGE if shared else VIEW)
    wanted = _clean(name)
    if not query.startswith("?") or len(query) > 600:
        raise BadInput(
            _("There is no filter to keep: choose a view, a channel, a tag or words."), where="name"
        )
    if len(saved_views(acting_user)) >= MOST:
        raise BadInput(_("At most {n} views are kept.").format(n=MOST), where="name")
    return _view(
        SavedView.objects.create(
            brand_id=acting_user.brand_id,
            person_id=None if shared else acting_user.id,
            name=wanted,
            query=query,
        )
    )


@transaction.atomic
def change_view(
    view_id: uuid.UUID, name: str, *, shared: bool | None = None, state: str, acting_user: Actor
) -> SavedViewView:
    """Another name; `shared` gives it to everybody, or to oneself alone. Raises BadInput, NotFound,
    Forbidden, Conflict when somebody changed it after it was in `state`.
    """
    row = _mine_or_shared(view_id, acting_user)
    if state != _view(row).state:
        raise Conflict(
            _("Somebody changed this view a moment ago: it is “{name}” now.").format(name=row.name),
            remedy=_("Look at it, then save."),
        )
    is_shared = row.person_id is None
    if shared is not None and shared != is_shared:
        acting_user.require(MANAGE)
        row.person_id = None if shared else acting_user.id
    row.name = _clean(name)
    row.save(update_fields=["name", "person"])
    return _view(row)


@transaction.atomic
def delete_view(view_id: uuid.UUID, *, acting_user: Actor) -> SavedViewView:
    """One's own; everybody's with the right to manage. Returns what it was. Raises NotFound, Forbidden."""
    row = _mine_or_shared(view_id, acting_user)
    was = _view(row)
    row.delete()
    return was


def _mine_or_shared(view_id: uuid.UUID, acting_user: Actor) -> SavedView:
    """One's own, or everybody's with the right to manage, kept for this transaction."""
    acting_user.require(VIEW)
    rows = SavedView.objects.select_for_update().filter(pk=view_id, brand_id=acting_user.brand_id)
    row = rows.filter(Q(person_id=acting_user.id) | Q(person=None)).first()
    if row is None:
        raise NotFound(_("There is no such view."))
    if row.person_id is None and not acting_user.may(MANAGE):
        raise Forbidden(_("Your role in this brand doesn't include this."))
    return row


def _clean(name: str) -> str:
    wanted = one_line(storable(name))[:60]
    if not wanted:
        raise BadInput(_("Give the view a name."), where="name")
    return wanted


def _view(row: SavedView) -> SavedViewView:
    return SavedViewView(row.pk, row.name, row.query, row.person_id is None)
