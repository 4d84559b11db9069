"""Which conversations the list shows: a usual view, narrowed by channel, tag and words of the address."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parcours.inbox.reads import Filter


@dataclass(frozen=True, slots=True)
class View:
    """`empty` says what belongs there when nothing does; `count` names the figure in `reads.counts`."""

    key: str
    title: str | Promise
    empty: str | Promise
    count: str = ""


VIEWS: tuple[View, ...] = (
    View("open", _("All open"), _("Every conversation is answered or closed."), "open"),
    View("mine", _("Mine"), _("Nothing is assigned to you. Take one from “Unassigned”."), "mine"),
    View("unassigned", _("Unassigned"), _("Every open conversation has somebody."), "unassigned"),
    View("waiting", _("Waiting longest"), _("No customer is waiting for an answer."), "waiting"),
    View("late", _("Late"), _("Nothing is beyond its target."), "late"),
    View("snoozed", _("Snoozed"), _("Nothing is put off until later."), "snoozed"),
    View("closed", _("Closed"), _("What you close is found here.")),
    View("nohome", _("No home on the map"), _("Every open conversation has a place on the map.")),
)
_BY_KEY = {view.key: view for view in VIEWS}
_KEPT = ("view", "account", "tag", "q")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    view: View
    account: str = ""
    tag: str = ""
    q: str = ""

    @property
    def query(self) -> str:
        """As it stands in addresses, with a question mark; empty for all open ones."""
        words = {"view": self.view.key, "account": self.account, "tag": self.tag, "q": self.q}
        if words["view"] == "open":
            words["view"] = ""
        told = {name: value for name, value in words.items() if value}
        return f"?{urlencode(told)}" if told else ""


def read_asked(query: QueryDict | Mapping[str, str]) -> Asked:
    """A view that isn't known is the one of all open conversations."""
    view, account, tag, words = (str(query.get(name, "")).strip() for name in _KEPT)
    return Asked(_BY_KEY.get(view, VIEWS[0]), account, tag[:40].lower(), words[:200])


def filter_of(asked: Asked, person_id: uuid.UUID | None) -> Filter:
    key = asked.view.key
    status = {"snoozed": "snoozed", "closed": "closed"}.get(key, "open")
    return Filter(
        status="" if asked.q and key == "open" else status,  # words are looked for everywhere
        assignee={"mine": str(person_id or uuid.UUID(int=0)), "unassigned": "nobody"}.get(key, ""),
        account_id=_uuid(asked.account),
        tag=asked.tag,
        without_home=key == "nohome",
        waiting=key == "waiting",
        late=key == "late",
        words=asked.q,
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
