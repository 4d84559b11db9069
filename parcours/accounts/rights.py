"""Who may do what: the one table, asked by pages, the API and live streams alike."""

import uuid
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from parcours.accounts.enums import Role
from parcours.core.errors import Forbidden

_VIEWER = frozenset({"canvas.view", "events.view", "customers.view", "measures.view", "account.own"})
_AGENT = _VIEWER | {
    "canvas.suggest",
    "canvas.comment",
    "customers.edit",
    "consent.edit",
    "inbox.view",
    "inbox.reply",
}
_EDITOR = _AGENT | {
    "canvas.edit",
    "events.import",
    "events.sources",
    "customers.import",
    "segments.edit",
    "inbox.manage",
}
_OWNER = _EDITOR | {"people.manage", "brand.manage", "journal.view", "customers.erase"}

RIGHTS: dict[str, frozenset[str]] = {
    Role.OWNER: _OWNER,
    Role.EDITOR: _EDITOR,
    Role.AGENT: _AGENT,
    Role.VIEWER: _VIEWER,
}
ALL_RIGHTS = _OWNER


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person or a token with a role in one brand, or the system itself."""

    kind: Literal["person", "token", "system"]
    brand_id: uuid.UUID
    role: str
    id: uuid.UUID | None
    label: str
    language: str = "en"

    def may(self, right: str) -> bool:
        if right not in ALL_RIGHTS:
            raise LookupError(f"{right!r} is not in accounts.rights")
        return right in RIGHTS.get(self.role, frozenset())

    def require(self, right: str) -> None:
        """Raises Forbidden when the role doesn't include `right`."""
        if not self.may(right):
            raise Forbidden(
                _("Your role in this brand doesn't include this."),
                remedy=_("Ask an owner of the brand to change your role."),
            )


def system_actor(brand_id: uuid.UUID, label: str = "Parcours") -> Actor:
    """The actor behind commands, jobs and the demo: every right in one brand."""
    return Actor(kind="system", brand_id=brand_id, role=Role.OWNER, id=None, label=label)
