"""Which conversations the list shows: a usual view, narrowed by channel, tag and words of the address."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from parcours.accounts.models import Brand
from parcours.inbox.reads import Filter
from parcours.insights.conversations.placing import home_board
from parcours.insights.conversations.topics import topic_label


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
    View("due", _("Due next"), _("Nothing is due: no target fits an open conversation."), "due"),
    View("late", _("Late"), _("Nothing is beyond its target."), "late"),
    View("snoozed", _("Snoozed"), _("Nothing is put off until later."), "snoozed"),
    View("closed", pgettext_lazy("a view: conversations", "Closed"), _("What you close is found here.")),
    View("blocked", pgettext_lazy("a view: conversations", "Blocked"), _("Nobody is blocked.")),
    View("nohome", _("No home on the map"), _("Every conversation has a place on the map.")),
)
_BY_KEY = {view.key: view for view in VIEWS}
_KEPT = ("view", "account", "tag", "q", "queue", "agent")
NOBODY = "nobody"
_WHATEVER_STATUS = frozenset({"blocked", "due", "late", "nohome"})
_PLACED = ("stage", "touchpoint", "topic")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `stage` and `touchpoint` are ids: where on the map it belongs; `agent`
    is the id of a colleague, or `nobody`.
    """

    view: View
    account: str = ""
    tag: str = ""
    q: str = ""
    queue: str = ""
    agent: str = ""
    stage: str = ""
    touchpoint: str = ""
    topic: str = ""

    @property
    def placed(self) -> Mapping[str, str]:
        """The words about its place on the map and its topic."""
        return {name: value for name in _PLACED if (value := getattr(self, name))}

    @property
    def narrowed(self) -> Mapping[str, str]:
        """Everything that it asks for beside the view and words."""
        words = {"account": self.account, "tag": self.tag, "queue": self.queue, "agent": self.agent}
        return {name: value for name, value in {**words, **self.placed}.items() if value}

    @property
    def query(self) -> str:
        """As it stands in addresses, with a question mark; empty for all open ones."""
        words = {"view": self.view.key, "q": self.q, **self.narrowed}
        if words["view"] == "open":
            words["view"] = ""
        told = {name: value for name, value in words.items() if value}
        return f"?{urlencode(told)}" if told else ""


def read_asked(query: QueryDict | Mapping[str, str]) -> Asked:
    """A view that isn't known is the one of all open conversations."""
    view, account, tag, words, queue, agent = (str(query.get(name, "")).strip() for name in _KEPT)
    placed = {name: str(query.get(name, "")).strip()[:80] for name in _PLACED}
    view_ = _BY_KEY.get(view, VIEWS[0])
    return Asked(view_, account, tag[:40].lower(), words[:200], queue[:36], agent[:36], **placed)


def filter_of(asked: Asked, person_id: uuid.UUID | None) -> Filter:
    key = asked.view.key
    # What is due is due, put off or not; what has no home on the map has none, closed or not.
    status = {"snoozed": "snoozed", "closed": "closed"}.get(key, "" if key in _WHATEVER_STATUS else "open")
    return Filter(
        # Words are looked for everywhere, and so is what belongs to a place of the map.
        status="" if (asked.q or asked.placed) and key == "open" else status,
        assignee={"mine": str(person_id or uuid.UUID(int=0)), "unassigned": NOBODY}.get(key, "")
        or (NOBODY if asked.agent == NOBODY else str(_uuid(asked.agent) or "")),
        queue_id=_uuid(asked.queue),
        account_id=_uuid(asked.account),
        tag=asked.tag,
        stage_id=_uuid(asked.stage),
        touchpoint_id=_uuid(asked.touchpoint),
        topic=asked.topic,
        without_home=key == "nohome",
        waiting=key == "waiting",
        due=key == "due",
        late=key == "late",
        blocked=key == "blocked",
        words=asked.q,
    )


def place_name(brand: Brand, asked: Asked) -> str:
    """What the place that the address names is called on the map; for one of another journey only that."""
    if asked.topic and not asked.stage and not asked.touchpoint:
        return topic_label(asked.topic)
    drawn = home_board(brand)
    names = {str(stage.id): stage.name for stage in drawn.stages} if drawn else {}
    names |= {str(each.id): each.name for each in drawn.touchpoints} if drawn else {}
    return names.get(asked.touchpoint or asked.stage, gettext("A place on the map"))


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
