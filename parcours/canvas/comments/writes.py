"""Saying something about a canvas: the only writers of threads and comments."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.comments import telling
from parcours.canvas.comments.mentions import colleagues, mentioned, with_tokens
from parcours.canvas.comments.models import Comment, Mention, Muted, Thread
from parcours.canvas.comments.reads import Where, place, thread
from parcours.canvas.comments.shapes import ThreadView
from parcours.canvas.models import Journey
from parcours.canvas.rights import COMMENT
from parcours.canvas.writes.common import clean, locked_journey
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound

MOST_THREADS = 2_000
MOST_COMMENTS = 500
LONGEST = 5_000


@transaction.atomic
def start_thread(
    journey_id: uuid.UUID,
    where: Where,
    *,
    text: str,
    acting_user: Actor,
    comment_id: uuid.UUID | None = None,
) -> ThreadView:
    """A first comment about something on the canvas, or about all of it.

    With a `comment_id` that the client chose, sending the same again adds nothing. Raises Forbidden, NotFound
    for what isn't on the canvas, BadInput without words.
    """
    journey = locked_journey(journey_id, acting_user, right=COMMENT)
    if there := _sent_before(journey, comment_id):
        return thread(acting_user, journey_id, there.thread_id)
    place(acting_user, journey_id, where)
    if Thread.objects.filter(journey=journey).count() >= MOST_THREADS:
        raise BadInput(_("A canvas holds at most {n} conversations.").format(n=MOST_THREADS))
    row = Thread.objects.create(journey=journey, **where.columns)
    comment = _say(row, text, comment_id, acting_user)
    telling.about_comment(journey, row, comment, acting_user, first=True)
    return thread(acting_user, journey_id, row.pk)


@transaction.atomic
def reply(
    journey_id: uuid.UUID,
    thread_id: uuid.UUID,
    *,
    text: str,
    acting_user: Actor,
    comment_id: uuid.UUID | None = None,
) -> ThreadView:
    """A further comment. Answering a resolved thread opens it again. Raises NotFound, BadInput."""
    journey = locked_journey(journey_id, acting_user, right=COMMENT)
    row = _thread(journey, thread_id)
    if not _sent_before(journey, comment_id):
        if row.comments.count() >= MOST_COMMENTS:
            raise BadInput(_("A conversation holds at most {n} comments.").format(n=MOST_COMMENTS))
        comment = _say(row, text, comment_id, acting_user)
        row.resolved_at, row.resolved_by = None, None
        row.updated_at = now()
        row.save(update_fields=["resolved_at", "resolved_by", "updated_at"])
        telling.about_comment(journey, row, comment, acting_user, first=False)
    return thread(acting_user, journey_id, thread_id)


@transaction.atomic
def edit_comment(
    journey_id: uuid.UUID, comment_id: uuid.UUID, *, text: str, acting_user: Actor
) -> ThreadView:
    """The actor's own comment in other words; people named anew are told. Raises Forbidden, NotFound."""
    journey = locked_journey(journey_id, acting_user, right=COMMENT)
    comment = _own(journey, comment_id, acting_user)
    if comment.deleted_at:
        raise Conflict(_("This comment was deleted."), remedy=_("Put it back first."))
    before = set(mentioned(comment.text))
    words = _words(text, acting_user)
    if words != comment.text:
        comment.text, comment.edited_at = words, now()
        comment.save(update_fields=["text", "edited_at"])
        _note_mentions(comment, acting_user)
        telling.about_change(journey, comment, "comment changed", acting_user, already_told=before)
    return thread(acting_user, journey_id, comment.thread_id)


@transaction.atomic
def delete_comment(journey_id: uuid.UUID, comment_id: uuid.UUID, *, acting_user: Actor) -> ThreadView:
    """Hides the actor's own comment; `restore_comment` brings it back. Raises Forbidden, NotFound."""
    return _set_deleted(journey_id, comment_id, acting_user, deleted=True)


@transaction.atomic
def restore_comment(journey_id: uuid.UUID, comment_id: uuid.UUID, *, acting_user: Actor) -> ThreadView:
    """Raises Forbidden for somebody else's comment, NotFound."""
    return _set_deleted(journey_id, comment_id, acting_user, deleted=False)


@transaction.atomic
def resolve_thread(
    journey_id: uuid.UUID, thread_id: uuid.UUID, *, acting_user: Actor, resolved: bool = True
) -> ThreadView:
    """Closes a conversation, or with `resolved=False` opens it again. Raises NotFound."""
    journey = locked_journey(journey_id, acting_user, right=COMMENT)
    row = _thread(journey, thread_id)
    if (row.resolved_at is not None) != resolved:
        row.resolved_at = now() if resolved else None
        row.resolved_by_id = acting_user.id if resolved and acting_user.kind == "person" else None
        row.save(update_fields=["resolved_at", "resolved_by"])
        telling.about_resolution(journey, row, acting_user)
    return thread(acting_user, journey_id, thread_id)


@transaction.atomic
def mute_thread(
    journey_id: uuid.UUID, thread_id: uuid.UUID, *, acting_user: Actor, muted: bool = True
) -> ThreadView:
    """The actor hears no more of a thread unless mentioned; with `muted=False` again. Raises NotFound."""
    found = thread(acting_user, journey_id, thread_id)
    if acting_user.kind != "person" or acting_user.id is None:
        raise Forbidden(_("Only people get notices."))
    if muted:
        Muted.objects.get_or_create(thread_id=found.id, person_id=acting_user.id)
    else:
        Muted.objects.filter(thread_id=found.id, person_id=acting_user.id).delete()
    return thread(acting_user, journey_id, thread_id)


@transaction.atomic
def forget_author(brand_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Called when somebody leaves a brand: what they said stays, without their name."""
    mine = Comment.objects.filter(author_id=person_id, thread__journey__brand_id=brand_id)
    mine.update(author=None, author_label="")
    Mention.objects.filter(person_id=person_id, comment__thread__journey__brand_id=brand_id).delete()
    Muted.objects.filter(person_id=person_id, thread__journey__brand_id=brand_id).delete()
    Thread.objects.filter(resolved_by_id=person_id, journey__brand_id=brand_id).update(resolved_by=None)


def _set_deleted(
    journey_id: uuid.UUID, comment_id: uuid.UUID, acting_user: Actor, *, deleted: bool
) -> ThreadView:
    journey = locked_journey(journey_id, acting_user, right=COMMENT)
    comment = _own(journey, comment_id, acting_user)
    if (comment.deleted_at is not None) != deleted:
        comment.deleted_at = now() if deleted else None
        comment.save(update_fields=["deleted_at"])
        verb = "comment deleted" if deleted else "comment restored"
        telling.about_change(journey, comment, verb, acting_user)
    return thread(acting_user, journey_id, comment.thread_id)


def _say(row: Thread, text: str, comment_id: uuid.UUID | None, acting_user: Actor) -> Comment:
    person = acting_user.kind == "person"
    comment = Comment(
        thread=row,
        author_id=acting_user.id if person else None,
        author_label="" if person else acting_user.label,
        text=_words(text, acting_user),
    )
    if comment_id is not None:
        comment.pk = comment_id
    comment.save(force_insert=True)
    _note_mentions(comment, acting_user)
    return comment


def _words(text: str, acting_user: Actor) -> str:
    people = colleagues(acting_user.brand_id)
    return with_tokens(clean(text, where="text", most=LONGEST, required=True), people)


def _note_mentions(comment: Comment, acting_user: Actor) -> None:
    known = {each.id for each in colleagues(acting_user.brand_id)}
    comment.mentions.all().delete()
    wanted: list[Any] = [each for each in mentioned(comment.text) if each in known]
    Mention.objects.bulk_create(Mention(comment=comment, person_id=each) for each in wanted)


def _sent_before(journey: Journey, comment_id: uuid.UUID | None) -> Comment | None:
    there = Comment.objects.filter(pk=comment_id).select_related("thread").first() if comment_id else None
    if there is not None and there.thread.journey_id != journey.pk:
        raise Conflict(_("This comment's id is taken."), where="id")
    return there


def _thread(journey: Journey, thread_id: uuid.UUID) -> Thread:
    row = Thread.objects.filter(pk=thread_id, journey=journey).first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    return row


def _own(journey: Journey, comment_id: uuid.UUID, acting_user: Actor) -> Comment:
    comment = Comment.objects.filter(pk=comment_id, thread__journey=journey).select_related("thread").first()
    if comment is None:
        raise NotFound(_("There is no such comment."), remedy=_("It may have been deleted."))
    if acting_user.kind != "person" or comment.author_id != acting_user.id:
        raise Forbidden(_("Only who wrote a comment can change it."), remedy=_("Answer it instead."))
    return comment
