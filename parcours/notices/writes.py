"""Telling people something, and what they do with it."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from parcours.accounts.models import Membership, Person
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.core.registry import notice_kinds
from parcours.live.writes import publish, wait_for_turn
from parcours.notices.enums import MailState, MailWhen
from parcours.notices.models import Mail, MailChoice, Notice
from parcours.notices.reads import who_wants_mail

LONGEST_URL = 400


@transaction.atomic
def notify(
    brand_id: uuid.UUID,
    person_ids: Collection[uuid.UUID],
    *,
    kind: str,
    facts: Mapping[str, Any],
    url: str,
    acting_user: Actor,
) -> int:
    """Tells people of a brand something, on their page, live, and by mail when they want that at once.

    `facts` are what the kind's sentence needs (JSON; the actor's name is added as `who`), `url` is the path
    of this installation that it leads to. Whoever acted is not told; neither is anybody who isn't in the
    brand. Returns how many people were told. Call it towards the end of a write: it publishes.
    Raises LookupError for a kind that nobody registered, ValueError for an address elsewhere.
    """
    if notice_kinds.get(kind) is None:
        raise LookupError(f"{kind!r} is not a registered kind of notice")
    if not url.startswith("/") or url.startswith("//") or len(url) > LONGEST_URL:
        raise ValueError(f"not a path of this installation: {url!r}")
    told = _members(brand_id, set(person_ids) - {acting_user.id})
    if not told:
        return 0
    mails = _mails(brand_id, kind, told)
    Notice.objects.bulk_create(
        Notice(
            brand_id=brand_id,
            person_id=person_id,
            kind=kind,
            facts=dict(facts),
            url=url,
            actor_id=acting_user.id,
            actor_label=acting_user.label,
            mail=mails.get(person_id),
        )
        for person_id in told
    )
    if mails:
        transaction.on_commit(_ask_to_send)
    _tell(brand_id, told)
    return len(told)


@transaction.atomic
def retell(
    brand_id: uuid.UUID, notice_ids: Collection[uuid.UUID], *, facts: Mapping[str, Any], url: str
) -> int:
    """What people haven't read yet says how it stands now, and stands among the newest; returns how many."""
    unread = Notice.objects.filter(brand_id=brand_id, pk__in=list(notice_ids), read_at=None)
    return unread.update(facts=dict(facts), url=url, at=now())


@transaction.atomic
def settle(brand_id: uuid.UUID, notice_ids: Collection[uuid.UUID]) -> int:
    """What people haven't read yet is over: nobody need look at it. Returns how many."""
    rows = Notice.objects.filter(brand_id=brand_id, pk__in=list(notice_ids), read_at=None)
    people = list(rows.values_list("person_id", flat=True))
    settled = rows.update(read_at=now())
    if people:
        _tell(brand_id, sorted(set(people)))
    return settled


@transaction.atomic
def mark_read(notice_id: uuid.UUID, *, acting_user: Actor, read: bool = True) -> None:
    """Raises NotFound unless it is the actor's own."""
    row = None
    if acting_user.kind == "person" and acting_user.id is not None:
        mine = Notice.objects.filter(person_id=acting_user.id, brand_id=acting_user.brand_id)
        row = mine.filter(pk=notice_id).first()
    if row is None:
        raise NotFound(_("There is no such notice."), remedy=_("It may be too old to be kept."))
    if (row.read_at is not None) == read:
        return
    row.read_at = now() if read else None
    row.save(update_fields=["read_at"])
    _tell(acting_user.brand_id, [row.person_id])


@transaction.atomic
def mark_all_read(*, acting_user: Actor, kind: str = "") -> int:
    """All of the actor's notices, or all of a kind; returns how many were unread."""
    if acting_user.kind != "person" or acting_user.id is None:
        return 0
    rows = Notice.objects.filter(person_id=acting_user.id, brand_id=acting_user.brand_id, read_at=None)
    marked = (rows.filter(kind=kind) if kind else rows).update(read_at=now())
    if marked:
        _tell(acting_user.brand_id, [acting_user.id])
    return marked


@transaction.atomic
def mark_seen(url_start: str, *, acting_user: Actor) -> int:
    """Marks those notices read that lead to what the actor is looking at; returns how many."""
    if acting_user.kind != "person" or acting_user.id is None:
        return 0
    marked = Notice.objects.filter(
        person_id=acting_user.id, brand_id=acting_user.brand_id, read_at=None, url__startswith=url_start
    ).update(read_at=now())
    if marked:
        _tell(acting_user.brand_id, [acting_user.id])
    return marked


@transaction.atomic
def choose_mails(brand_id: uuid.UUID, person_id: uuid.UUID, choices: Mapping[str, str]) -> None:
    """When a person gets mails, by kind. Raises BadInput for what can't be chosen."""
    for kind, choice in choices.items():
        if notice_kinds.get(kind) is None or choice not in MailWhen.values:
            raise BadInput(_("“{choice}” can't be chosen here.").format(choice=choice), where=kind)
        MailChoice.objects.update_or_create(
            brand_id=brand_id, person_id=person_id, kind=kind, defaults={"choice": choice}
        )


@transaction.atomic
def send_again(mail_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Tries a mail that was given up once more. Raises NotFound."""
    acting_user.require("people.manage")
    again = Mail.objects.filter(pk=mail_id, brand_id=acting_user.brand_id, state=MailState.FAILED)
    if not again.update(state=MailState.WAITING, tries=0, due=now()):
        raise NotFound(_("There is no such mail."), remedy=_("It may have been sent meanwhile."))
    transaction.on_commit(_ask_to_send)


@transaction.atomic
def forget_person(brand_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Called when somebody leaves a brand: what they were told goes, and what waits for them isn't sent."""
    Notice.objects.filter(brand_id=brand_id, person_id=person_id).delete()
    Mail.objects.filter(brand_id=brand_id, person_id=person_id).delete()
    MailChoice.objects.filter(brand_id=brand_id, person_id=person_id).delete()
    Notice.objects.filter(brand_id=brand_id, actor_id=person_id).update(actor_id=None, actor_label="")
    name = Person.objects.get(pk=person_id).label
    for row in Notice.objects.filter(brand_id=brand_id, facts__words__contains=f"@{name}"):
        row.facts["words"] = row.facts["words"].replace(f"@{name}", "@…")
        row.save(update_fields=["facts"])


def _members(brand_id: uuid.UUID, person_ids: Collection[uuid.UUID | None]) -> list[uuid.UUID]:
    rows = Membership.objects.filter(
        brand_id=brand_id, person_id__in=[each for each in person_ids if each], person__is_active=True
    )
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def _mails(brand_id: uuid.UUID, kind: str, told: list[uuid.UUID]) -> dict[uuid.UUID, Mail]:
    wanted = who_wants_mail(brand_id, told, kind, MailWhen.AT_ONCE)
    mails = [
        Mail(brand_id=brand_id, person_id=person_id, message_id=new_message_id())
        for person_id in told
        if person_id in wanted
    ]
    return {mail.person_id: mail for mail in Mail.objects.bulk_create(mails)}


def new_message_id() -> str:
    """Chosen before the first try, so that a mail sent twice is known to be the same."""
    _name, _at, domain = settings.DEFAULT_FROM_EMAIL.rstrip("> ").rpartition("@")
    return f"<{uuid.uuid4()}@{domain or 'localhost'}>"


def _tell(brand_id: uuid.UUID, person_ids: Collection[uuid.UUID]) -> None:
    """Pages that are open show the new count, which includes what others stored just before."""
    wait_for_turn(brand_id)
    rows = Notice.objects.filter(brand_id=brand_id, person_id__in=person_ids).order_by()
    counts = dict(rows.values_list("person_id").annotate(n=Count("id", filter=Q(read_at=None))))
    for person_id in sorted(person_ids):
        unread = counts.get(person_id, 0)
        publish(brand_id, f"person:{person_id}", "notices.changed", {"unread": unread})


def _ask_to_send() -> None:
    """Once is enough however often it is asked: whoever sends takes all that is due."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.notices.tasks import send_mails

    try:
        send_mails.configure(queueing_lock="notices.send_mails").defer()
    except AlreadyEnqueued:
        return
