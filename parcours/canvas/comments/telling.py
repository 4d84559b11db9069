"""Who hears of a comment: the journal, notices to people, and everybody who has the canvas open."""

import uuid
from collections.abc import Collection
from typing import Any

from parcours.accounts.rights import Actor
from parcours.canvas.comments.kinds import MENTION, REPLY, RESOLVED, STARTED
from parcours.canvas.comments.mentions import colleagues, excerpt, mentioned
from parcours.canvas.comments.models import Comment, Mention, Muted, Thread
from parcours.canvas.comments.reads import anchor_of
from parcours.canvas.models import Journey
from parcours.canvas.writes.common import actor_payload
from parcours.journal.writes import record
from parcours.live.writes import publish
from parcours.notices.writes import notify


def about_comment(
    journey: Journey, thread: Thread, comment: Comment, acting_user: Actor, *, first: bool
) -> None:
    """Those named in it, those who take part in the thread, and for a first comment the journey's owner."""
    named = set(mentioned(comment.text))
    _notify(journey, thread, named, MENTION, acting_user=acting_user, comment=comment)
    if first:
        owner = {journey.owner_id} if journey.owner_id else set()
        _notify(journey, thread, owner - named, STARTED, acting_user=acting_user, comment=comment)
    else:
        _notify(journey, thread, _takes_part(thread) - named, REPLY, acting_user=acting_user, comment=comment)
    _tell(journey, thread, "comment added", acting_user, comment)


def about_change(
    journey: Journey,
    comment: Comment,
    verb: str,
    acting_user: Actor,
    *,
    already_told: Collection[uuid.UUID] | None = None,
) -> None:
    """With `already_told` also the people whom other words name anew."""
    if already_told is not None:
        anew = set(mentioned(comment.text)) - set(already_told)
        _notify(journey, comment.thread, anew, MENTION, acting_user=acting_user, comment=comment)
    _tell(journey, comment.thread, verb, acting_user, comment)


def about_resolution(journey: Journey, thread: Thread, acting_user: Actor) -> None:
    if thread.resolved_at:
        _notify(journey, thread, _takes_part(thread), RESOLVED, acting_user=acting_user)
    verb = "thread resolved" if thread.resolved_at else "thread reopened"
    _tell(journey, thread, verb, acting_user)


def _takes_part(thread: Thread) -> set[uuid.UUID]:
    """Who wrote in a thread or was named in it, and didn't ask to hear no more of it."""
    wrote = Comment.objects.filter(thread=thread, deleted_at=None).values_list("author_id", flat=True)
    named = Mention.objects.filter(comment__thread=thread, comment__deleted_at=None)
    muted = Muted.objects.filter(thread=thread).values_list("person_id", flat=True)
    return {*wrote, *named.values_list("person_id", flat=True)} - {None, *muted}


def _notify(
    journey: Journey,
    thread: Thread,
    people: Collection[uuid.UUID],
    kind: str,
    *,
    acting_user: Actor,
    comment: Comment | None = None,
) -> None:
    if not people:
        return
    facts = {"journey": journey.title, "about": anchor_of(thread).label}
    url = f"/map/{journey.pk}/comments/{thread.pk}/"
    if comment is not None:
        names = {each.id: each.label for each in colleagues(journey.brand_id)}
        facts["words"] = excerpt(comment.text, names)
        url += f"#comment-{comment.pk}"
    notify(journey.brand_id, people, kind=kind, facts=facts, url=url, acting_user=acting_user)


def _tell(
    journey: Journey, thread: Thread, verb: str, acting_user: Actor, comment: Comment | None = None
) -> None:
    """The journal says that something was said, not what: words can be taken back, the journal can't."""
    about = anchor_of(thread)
    data: dict[str, Any] = {"journey": str(journey.pk), "about": about.key}
    kind, pk = ("comment", comment.pk) if comment else ("thread", thread.pk)
    record(acting_user, verb, kind, pk, data)
    topic, actor = f"journey:{journey.pk}", actor_payload(acting_user)
    payload = {"thread": str(thread.pk), "about": about.key, "what": verb, "actor": actor}
    publish(journey.brand_id, topic, "comment.changed", payload)
    if thread.card is not None:
        marked = {"card": str(thread.card_id), "revision": thread.card.revision, "actor": actor}
        publish(journey.brand_id, topic, "card.marked", marked)
